/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/message.h"

#include "base/err.h"
#include "base/text.h"

#define NUMBERS 6

static void put_u32(char *p, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		p[i] = (char)(n >> (8 * i));
}

static uint32_t get_u32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	return u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

static int add_u32(struct buf *out, uint32_t n)
{
	char bytes[4];

	put_u32(bytes, n);
	return buf_add(out, slice_of(bytes, 4));
}

/* Harmless text of at most `max` bytes, cut at a code point. */
static int add_text(struct buf *out, struct slice raw, size_t max)
{
	const size_t at = out->n;
	size_t n = 0;

	/* Escapes make text longer, never shorter: what is past max is cut anyway. */
	if (raw.n > max) {
		raw.n = max;
		while (raw.n > 0 && ((unsigned char)raw.p[raw.n] & 0xC0) == 0x80)
			raw.n--;
	}
	if (add_u32(out, 0) < 0 || text_safe(out, raw, true) < 0)
		return -ERR_NO_MEMORY;
	n = out->n - at - 4;
	if (n > max) {
		n = max;
		while (n > 0 && ((unsigned char)out->p[at + 4 + n] & 0xC0) == 0x80)
			n--;
		out->n = at + 4 + n;
	}
	put_u32(out->p + at, (uint32_t)n);
	return 0;
}

int message_encode(struct buf *out, const struct message *m)
{
	const uint32_t numbers[NUMBERS] = { m->line, m->x, m->y, m->width, m->height, m->certainty };
	const size_t at = out->n;

	(void)add_u32(out, 0);
	(void)buf_char(out, (char)m->kind);
	(void)add_text(out, m->text, MESSAGE_TEXT_MAX);
	(void)add_text(out, m->name, MESSAGE_NAME_MAX);
	(void)add_text(out, m->where, MESSAGE_NAME_MAX);
	(void)add_text(out, m->script, 4);
	(void)add_text(out, m->lang, 35);
	for (int i = 0; i < NUMBERS; i++)
		(void)add_u32(out, numbers[i]);
	if (buf_broken(out))
		return buf_broken(out);
	put_u32(out->p + at, (uint32_t)(out->n - at - 4));
	return 0;
}

static bool take_u32(struct slice *rest, uint32_t *out)
{
	if (rest->n < 4)
		return false;
	*out = get_u32(rest->p);
	*rest = slice_skip(*rest, 4);
	return true;
}

/* Is it what text_safe() makes of it: nothing that it would change? */
static bool harmless(struct slice text)
{
	while (text.n) {
		/* The common case without a buffer: printable ASCII, tab, line end. */
		const unsigned char c = (unsigned char)*text.p;

		if ((c >= 0x20 && c < 0x7F) || c == '\t' || c == '\n') {
			text = slice_skip(text, 1);
			continue;
		}
		break;
	}
	if (!text.n)
		return true;
	{
		scoped(buf_done) struct buf safe = buf_limited(8 * MESSAGE_MAX);

		return text_safe(&safe, text, true) == 0 && slice_equal(buf_slice(&safe), text);
	}
}

static bool take_text(struct slice *rest, size_t max, struct slice *out)
{
	uint32_t n;

	if (!take_u32(rest, &n) || n > max || n > rest->n)
		return false;
	*out = slice_head(*rest, n);
	*rest = slice_skip(*rest, n);
	return harmless(*out);
}

static bool is_script(struct slice s)
{
	if (s.n != 0 && s.n != 4)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'z'))
			return false;
	return true;
}

static bool is_lang(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];

		if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return true;
}

/* A box is there as a whole or not at all; a size has width and height. */
static bool box_fits(const struct message *m)
{
	const bool sized = m->kind == MESSAGE_SIZE || m->kind == MESSAGE_PIXELS;

	if (m->width == MESSAGE_NONE && m->height == MESSAGE_NONE)
		return !sized && m->x == MESSAGE_NONE && m->y == MESSAGE_NONE;
	if (m->width > MESSAGE_SIDE_MAX || m->height > MESSAGE_SIDE_MAX)
		return false;
	if (sized)
		return m->x == MESSAGE_NONE && m->y == MESSAGE_NONE;
	return m->x <= MESSAGE_SIDE_MAX && m->y <= MESSAGE_SIDE_MAX;
}

bool message_decode(struct slice body, struct message *out, const char **why)
{
	struct slice rest = body;
	struct message m = { 0 };

	*why = "length";
	if (body.n < 1 || body.n > MESSAGE_MAX)
		return false;
	*why = "kind";
	m.kind = (enum message_kind)(unsigned char)*rest.p;
	if (m.kind < MESSAGE_TYPE || m.kind > MESSAGE_DONE)
		return false;
	rest = slice_skip(rest, 1);
	*why = "text";
	if (!take_text(&rest, MESSAGE_TEXT_MAX, &m.text))
		return false;
	*why = "name";
	if (!take_text(&rest, MESSAGE_NAME_MAX, &m.name))
		return false;
	*why = "where";
	if (!take_text(&rest, MESSAGE_NAME_MAX, &m.where))
		return false;
	*why = "script";
	if (!take_text(&rest, 4, &m.script) || !is_script(m.script))
		return false;
	*why = "lang";
	if (!take_text(&rest, 35, &m.lang) || !is_lang(m.lang))
		return false;
	*why = "numbers";
	if (!take_u32(&rest, &m.line) || !take_u32(&rest, &m.x) || !take_u32(&rest, &m.y) ||
	    !take_u32(&rest, &m.width) || !take_u32(&rest, &m.height) ||
	    !take_u32(&rest, &m.certainty) || rest.n)
		return false;
	*why = "line number";
	if (m.line == 0)
		return false;
	*why = "box";
	if (!box_fits(&m))
		return false;
	*why = "certainty";
	if (m.certainty != MESSAGE_NONE && m.certainty > 1000)
		return false;
	*out = m;
	return true;
}
