/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

size_t utf8_next(struct slice s, uint32_t *point)
{
	const unsigned char *p = (const unsigned char *)s.p;
	uint32_t value, least;
	size_t length;

	if (s.n == 0)
		return 0;
	if (p[0] < 0x80) {
		*point = p[0];
		return 1;
	}
	if (p[0] >= 0xC2 && p[0] <= 0xDF) {
		length = 2, least = 0x80, value = p[0] & 0x1Fu;
	} else if ((p[0] & 0xF0) == 0xE0) {
		length = 3, least = 0x800, value = p[0] & 0x0Fu;
	} else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
		length = 4, least = 0x10000, value = p[0] & 0x07u;
	} else {
		return 0;
	}
	if (s.n < length)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		value = value << 6 | (p[i] & 0x3Fu);
	}
	if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return 0;
	*point = value;
	return length;
}

int utf8_add(struct buf *b, uint32_t c)
{
	char out[4];

	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		c = 0xFFFD;
	if (c < 0x80) {
		out[0] = (char)c;
		return buf_add(b, slice_of(out, 1));
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return buf_add(b, slice_of(out, 2));
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return buf_add(b, slice_of(out, 3));
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return buf_add(b, slice_of(out, 4));
}

bool utf8_valid(struct slice s)
{
	uint32_t point;
	size_t n;

	for (; s.n; s = slice_skip(s, n)) {
		n = utf8_next(s, &point);
		if (!n)
			return false;
	}
	return true;
}

/* Characters that change how what follows is shown, or show nothing: C0, C1,
 * DEL, bidirectional controls, zero-width and other format characters, line
 * and paragraph separators, tags, non-characters. */
static bool is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C ||
	       c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
	       (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
	       (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF) ||
	       (c >= 0xE0000 && c <= 0xE007F);
}

/* What stands for the next character of *raw; moves on. */
static struct slice safe_next(struct slice *raw, bool lines, char place[16])
{
	uint32_t c = 0;
	const size_t n = utf8_next(*raw, &c);
	struct slice shown = slice_head(*raw, n);

	if (n == 0)
		shown = slice_of(place, (size_t)snprintf(place, 16, "\\x%02X",
							 (unsigned char)raw->p[0]));
	else if (is_unsafe(c) && !(lines && (c == '\n' || c == '\t')))
		shown = slice_of(place, (size_t)snprintf(place, 16, "\\u{%" PRIX32 "}", c));
	*raw = slice_skip(*raw, n ? n : 1);
	return shown;
}

int text_safe(struct buf *b, struct slice raw, bool lines)
{
	char place[16];

	while (raw.n) {
		const int r = buf_add(b, safe_next(&raw, lines, place));

		if (r < 0)
			return r;
	}
	return 0;
}

void text_neutral(struct slice raw, char *out, size_t size)
{
	char place[16];
	size_t n = 0;

	while (raw.n) {
		const struct slice shown = safe_next(&raw, false, place);

		if (shown.n >= size - n)
			break;
		memcpy(out + n, shown.p, shown.n);
		n += shown.n;
	}
	out[n] = '\0';
}

int text_json(struct buf *b, struct slice raw)
{
	(void)buf_char(b, '"');
	while (raw.n) {
		uint32_t c = 0;
		const size_t n = utf8_next(raw, &c);

		if (n == 0)
			(void)buf_printf(b, "\\\\x%02X", (unsigned char)raw.p[0]);
		else if (c == '"' || c == '\\')
			(void)buf_printf(b, "\\%c", (char)c);
		else if (c < 0x20 || c == 0x7F || c == 0x2028 || c == 0x2029)
			(void)buf_printf(b, "\\u%04" PRIX32, c);
		else
			(void)buf_add(b, slice_head(raw, n));
		raw = slice_skip(raw, n ? n : 1);
	}
	return buf_char(b, '"');
}

int text_html(struct buf *b, struct slice raw)
{
	char place[16];

	while (raw.n) {
		const struct slice shown = safe_next(&raw, true, place);
		const char c = shown.n == 1 ? shown.p[0] : 'x';

		if (c == '&')
			(void)buf_text(b, "&amp;");
		else if (c == '<')
			(void)buf_text(b, "&lt;");
		else if (c == '>')
			(void)buf_text(b, "&gt;");
		else if (c == '"')
			(void)buf_text(b, "&quot;");
		else if (c == '\'')
			(void)buf_text(b, "&#39;");
		else
			(void)buf_add(b, shown);
	}
	return buf_broken(b);
}

int text_hex(struct buf *b, struct slice raw)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < raw.n; i++) {
		(void)buf_char(b, digits[(unsigned char)raw.p[i] >> 4]);
		(void)buf_char(b, digits[(unsigned char)raw.p[i] & 15]);
	}
	return buf_broken(b);
}

void text_size(uint64_t bytes, char out[16])
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB" };
	double value = (double)bytes;
	size_t unit = 0;

	while (value >= 999.95 && unit < 6) {
		value /= 1000;
		unit++;
	}
	(void)snprintf(out, 16, unit ? "%.1f %s" : "%.0f %s", value, units[unit]);
}
