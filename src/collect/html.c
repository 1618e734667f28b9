/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/html.h"

enum {
	DATA,
	ENTITY,         /* behind & */
	LT,             /* behind < */
	LT_SLASH,       /* behind </ */
	TAG,
	BANG,           /* behind <! */
	BANG_DASH,      /* behind <!- */
	COMMENT,
	BOGUS,          /* skipped until > */
	RAW_CLOSE,      /* in a raw text element, behind < */
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* ------------------------------------------------------- entities ----- */

/* "&name" is never shorter than what it stands for, numbers included ("&#0"
 * is U+FFFD, three bytes), so decoding never makes text longer. */
static const struct {
	const char *name, *bytes;
} entities[] = {
	{ "amp", "&" }, { "lt", "<" }, { "gt", ">" }, { "quot", "\"" }, { "apos", "'" },
	{ "nbsp", "\xC2\xA0" }, { "shy", "\xC2\xAD" }, { "copy", "\xC2\xA9" }, { "reg", "\xC2\xAE" },
	{ "middot", "\xC2\xB7" }, { "laquo", "\xC2\xAB" }, { "raquo", "\xC2\xBB" },
	{ "ensp", "\xE2\x80\x82" }, { "emsp", "\xE2\x80\x83" }, { "ndash", "\xE2\x80\x93" },
	{ "mdash", "\xE2\x80\x94" }, { "bull", "\xE2\x80\xA2" }, { "hellip", "\xE2\x80\xA6" },
	{ "larr", "\xE2\x86\x90" }, { "uarr", "\xE2\x86\x91" }, { "rarr", "\xE2\x86\x92" },
};

static size_t put_utf8(uint32_t point, char *out)
{
	if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000))
		point = 0xFFFD;
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xC0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3F));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xE0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3F));
		out[2] = (char)(0x80 | (point & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3F));
	out[2] = (char)(0x80 | (point >> 6 & 0x3F));
	out[3] = (char)(0x80 | (point & 0x3F));
	return 4;
}

/* "#60", "#x3c": 0 if it is none. */
static size_t entity_number(struct slice name, char *out)
{
	const bool hex = name.n > 1 && lower(name.p[1]) == 'x';
	const unsigned base = hex ? 16 : 10;
	struct slice digits = slice_skip(name, hex ? 2 : 1);
	uint32_t point = 0;

	if (!digits.n)
		return 0;
	for (size_t i = 0; i < digits.n; i++) {
		const int d = hex_digit(digits.p[i]);

		if (d < 0 || (unsigned)d >= base)
			return 0;
		point = point > 0x10FFFF ? point : point * base + (unsigned)d;
	}
	return put_utf8(point, out);
}

/* What "&name" stands for; 0: nothing.  Writes at most 4 bytes. */
static size_t entity(struct slice name, char *out)
{
	if (name.n && name.p[0] == '#')
		return entity_number(name, out);
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (slice_is(name, entities[i].name)) {
			const size_t n = strlen(entities[i].bytes);

			memcpy(out, entities[i].bytes, n);
			return n;
		}
	return 0;
}

static bool in_entity(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '#';
}

#define ENTITY_MAX (sizeof ((struct html *)0)->entity)

size_t html_decode(struct slice raw, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < raw.n;) {
		size_t len = 0, wrote;
		char bytes[4];

		if (raw.p[i] != '&') {
			out[n++] = raw.p[i++];
			continue;
		}
		while (i + 1 + len < raw.n && len < ENTITY_MAX && in_entity(raw.p[i + 1 + len]))
			len++;
		/* In attributes "&lt=" and a name without ";" in front of a letter
		 * are themselves, so that ?a=1&copy=2 stays what it is. */
		wrote = entity(slice_of(raw.p + i + 1, len), bytes);
		if (wrote && i + 1 + len < raw.n && raw.p[i + 1 + len] == '=')
			wrote = 0;
		if (!wrote) {
			out[n++] = raw.p[i++];
			continue;
		}
		memcpy(out + n, bytes, wrote);
		n += wrote;
		i += 1 + len;
		if (i < raw.n && raw.p[i] == ';')
			i++;
	}
	return n;
}

/* ----------------------------------------------------------- text ----- */

static void text_flush(struct html *h)
{
	struct html_token token = { .kind = HTML_TEXT, .text = slice_of(h->text, h->text_n) };

	if (!h->text_n)
		return;
	h->each(&token, h->data);
	h->text_n = 0;
}

static void text_byte(struct html *h, char c)
{
	if (h->text_n == sizeof h->text)
		text_flush(h);
	h->text[h->text_n++] = c;
}

static void text_bytes(struct html *h, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_byte(h, p[i]);
}

/* The entity is over; `ended` by its semicolon? */
static void entity_end(struct html *h, bool ended)
{
	char bytes[4];
	const size_t n = entity(slice_of(h->entity, h->entity_n), bytes);

	h->state = DATA;
	if (n) {
		text_bytes(h, bytes, n);
		return;
	}
	text_byte(h, '&');
	text_bytes(h, h->entity, h->entity_n);
	if (ended)
		text_byte(h, ';');
}

/* ----------------------------------------------------------- tags ----- */

static const struct {
	const char *name;
	bool entities;
} raw_elements[] = {
	{ "script", false }, { "style", false }, { "xmp", false }, { "iframe", false },
	{ "noembed", false }, { "noframes", false }, { "title", true }, { "textarea", true },
};

static size_t word_end(struct slice s, size_t i, const char *stops)
{
	while (i < s.n && !is_blank(s.p[i]) && (s.p[i] == '\0' || !strchr(stops, s.p[i])))
		i++;
	return i;
}

/* One attribute at `i` of the tag; returns where it ends.  Names and values
 * are changed in place: decoding makes nothing longer. */
static size_t attr_read(char *p, size_t n, size_t i, struct html_attr *out)
{
	const size_t name = i;
	size_t value;
	char quote;

	/* A "=" in front belongs to the name. */
	i = word_end(slice_of(p, n), i + 1, "=/>");
	for (size_t k = name; k < i; k++)
		p[k] = lower(p[k]);
	*out = (struct html_attr){ .name = slice_of(p + name, i - name) };
	while (i < n && is_blank(p[i]))
		i++;
	if (i == n || p[i] != '=')
		return i;
	for (i++; i < n && is_blank(p[i]);)
		i++;
	if (i == n)
		return i;
	quote = p[i] == '"' || p[i] == '\'' ? p[i] : '\0';
	value = quote ? ++i : i;
	while (i < n && (quote ? p[i] != quote : !is_blank(p[i])))
		i++;
	out->value = slice_of(p + value, html_decode(slice_of(p + value, i - value), p + value));
	return quote && i < n ? i + 1 : i;
}

static void tag_end(struct html *h)
{
	struct html_attr attrs[HTML_ATTRS];
	struct html_token token = { .kind = HTML_OPEN, .attrs = attrs };
	char *p = h->tag;
	size_t n = h->tag_n, i, name = 0;

	h->state = DATA;
	if (p[0] == '/') {
		token.kind = HTML_CLOSE;
		name = 1;
	}
	i = word_end(slice_of(p, n), name, "/>");
	for (size_t k = name; k < i; k++)
		p[k] = lower(p[k]);
	token.name = slice_of(p + name, i - name);
	while (i < n) {
		if (is_blank(p[i]) || p[i] == '/') {
			i++;
			continue;
		}
		if (token.n == HTML_ATTRS) {
			h->tag_cut = true;
			break;
		}
		i = attr_read(p, n, i, &attrs[token.n++]);
	}
	h->cut += h->tag_cut;
	text_flush(h);
	h->each(&token, h->data);
	if (token.kind == HTML_CLOSE)
		return;
	for (size_t k = 0; k < sizeof raw_elements / sizeof *raw_elements; k++)
		if (slice_is(token.name, raw_elements[k].name)) {
			memcpy(h->raw, raw_elements[k].name, token.name.n + 1);
			h->raw_entities = raw_elements[k].entities;
		}
}

static void tag_begin(struct html *h, bool closing)
{
	h->state = TAG;
	h->quote = '\0';
	h->value_next = h->tag_cut = false;
	h->tag_n = 0;
	if (closing)
		h->tag[h->tag_n++] = '/';
}

static void tag_byte(struct html *h, char c)
{
	if (!h->quote && c == '>') {
		tag_end(h);
		return;
	}
	if (h->tag_n < sizeof h->tag)
		h->tag[h->tag_n++] = c;
	else
		h->tag_cut = true;
	if (h->quote) {
		if (c == h->quote)
			h->quote = '\0';
		return;
	}
	if (h->value_next && (c == '"' || c == '\''))
		h->quote = c;
	/* A quote only opens a value right behind "=", blanks allowed. */
	if (c == '=')
		h->value_next = true;
	else if (!is_blank(c))
		h->value_next = false;
}

/* In a raw text element only its own end tag ends it. */
static void raw_close_byte(struct html *h, char c)
{
	const size_t name = strlen(h->raw), k = h->close_n;
	const bool fits = k == 1 ? c == '/' : k < name + 2 ? lower(c) == h->raw[k - 2] :
			  is_blank(c) || c == '/' || c == '>';

	if (!fits) {
		text_bytes(h, h->close, h->close_n);
		h->state = DATA;
		html_add(h, slice_of(&c, 1));
		return;
	}
	if (k < name + 2) {
		h->close[h->close_n++] = c;
		return;
	}
	tag_begin(h, true);
	memcpy(h->tag + 1, h->raw, name);
	h->tag_n = name + 1;
	h->raw[0] = '\0';
	tag_byte(h, c);
}

static void data_byte(struct html *h, char c)
{
	if (c == '<' && h->raw[0]) {
		h->state = RAW_CLOSE;
		h->close[0] = c;
		h->close_n = 1;
	} else if (c == '<') {
		h->state = LT;
	} else if (c == '&' && (!h->raw[0] || h->raw_entities)) {
		h->state = ENTITY;
		h->entity_n = 0;
	} else {
		text_byte(h, c);
	}
}

static void comment_byte(struct html *h, char c)
{
	if (c == '>' && h->dashes >= 2)
		h->state = DATA;
	h->dashes = c == '-' ? h->dashes + (h->dashes < 2) : 0;
}

static void entity_byte(struct html *h, char c)
{
	if (in_entity(c) && h->entity_n < sizeof h->entity) {
		h->entity[h->entity_n++] = c;
		return;
	}
	entity_end(h, c == ';');
	if (c != ';')
		data_byte(h, c);
}

static void lt_byte(struct html *h, char c)
{
	if (is_letter(c)) {
		tag_begin(h, false);
		tag_byte(h, c);
	} else if (c == '/') {
		h->state = LT_SLASH;
	} else if (c == '!') {
		h->state = BANG;
	} else if (c == '?') {
		h->state = BOGUS;
	} else {
		h->state = DATA;
		text_byte(h, '<');
		data_byte(h, c);
	}
}

static void byte(struct html *h, char c)
{
	switch (h->state) {
	case DATA:
		data_byte(h, c);
		break;
	case ENTITY:
		entity_byte(h, c);
		break;
	case LT:
		lt_byte(h, c);
		break;
	case LT_SLASH:
		if (is_letter(c)) {
			tag_begin(h, true);
			tag_byte(h, c);
		} else {
			h->state = c == '>' ? DATA : BOGUS;
		}
		break;
	case TAG:
		tag_byte(h, c);
		break;
	case BANG:
		h->state = c == '-' ? BANG_DASH : c == '>' ? DATA : BOGUS;
		break;
	case BANG_DASH:
		/* "<!-->" is a whole comment. */
		h->state = c == '-' ? COMMENT : c == '>' ? DATA : BOGUS;
		h->dashes = 2;
		break;
	case COMMENT:
		comment_byte(h, c);
		break;
	case BOGUS:
		if (c == '>')
			h->state = DATA;
		break;
	case RAW_CLOSE:
		raw_close_byte(h, c);
		break;
	}
}

void html_init(struct html *h, void (*each)(const struct html_token *, void *), void *data)
{
	h->each = each;
	h->data = data;
	h->cut = 0;
	h->unfinished = false;
	h->state = DATA;
	h->raw[0] = '\0';
	h->close_n = h->entity_n = h->tag_n = h->text_n = 0;
}

void html_add(struct html *h, struct slice piece)
{
	for (size_t i = 0; i < piece.n; i++)
		byte(h, piece.p[i]);
}

void html_end(struct html *h)
{
	if (h->state == ENTITY)
		entity_end(h, false);
	else if (h->state == RAW_CLOSE)
		text_bytes(h, h->close, h->close_n);
	else if (h->state == LT)
		text_byte(h, '<');
	else if (h->state != DATA)
		h->unfinished = true;
	text_flush(h);
}

bool html_attr(const struct html_token *token, const char *name, struct slice *value)
{
	for (size_t i = 0; i < token->n; i++)
		if (slice_is(token->attrs[i].name, name)) {
			*value = token->attrs[i].value;
			return true;
		}
	return false;
}
