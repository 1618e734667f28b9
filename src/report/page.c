/* SPDX-License-Identifier: Apache-2.0 */
#include "report/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"

/* One conversion behind '%': its text in `spec`, its end, how long its
 * argument is. */
struct conversion {
	char spec[16];
	char kind;              /* 's', 'd', 'u', 'x', 'c', 'f', '%' */
	int longs;              /* 0 int, 1 long, 2 long long, 3 size_t */
	const char *end;
};

static bool conversion_read(const char *at, struct conversion *out)
{
	const char *p = at + 1;
	size_t n;

	*out = (struct conversion){ 0 };
	while (*p && strchr("0-+ .123456789", *p))
		p++;
	while (*p == 'l' || *p == 'z') {
		out->longs = *p == 'z' ? 3 : out->longs + 1;
		p++;
	}
	n = (size_t)(p - at) + 1;
	if (!*p || !strchr("sduxcf%", *p) || n >= sizeof out->spec)
		return false;
	memcpy(out->spec, at, n);
	out->kind = *p;
	out->end = p + 1;
	return true;
}

static void put_signed(struct buf *b, const struct conversion *c, va_list *args)
{
	char text[64];

	/* The format was checked by the compiler where page() was called. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
	if (c->kind == 'f')
		(void)snprintf(text, sizeof text, c->spec, va_arg(*args, double));
	else if (c->longs == 0)
		(void)snprintf(text, sizeof text, c->spec, va_arg(*args, int));
	else if (c->longs == 1)
		(void)snprintf(text, sizeof text, c->spec, va_arg(*args, long));
	else if (c->longs == 2)
		(void)snprintf(text, sizeof text, c->spec, va_arg(*args, long long));
	else
		(void)snprintf(text, sizeof text, c->spec, va_arg(*args, size_t));
#pragma GCC diagnostic pop
	(void)buf_text(b, text);
}

void page(struct buf *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	while (*format) {
		const size_t plain = strcspn(format, "%");
		struct conversion c;

		(void)buf_add(b, slice_of(format, plain));
		format += plain;
		if (!*format)
			break;
		if (!conversion_read(format, &c)) {
			b->failed = -ERR_FAILED;      /* our own mistake: the page is refused */
			break;
		}
		if (c.kind == '%')
			(void)buf_char(b, '%');
		else if (c.kind == 's')
			(void)text_html(b, slice_text(va_arg(args, const char *)));
		else
			put_signed(b, &c, &args);
		format = c.end;
	}
	va_end(args);
}

void page_cut(struct buf *b, const char *text, size_t max)
{
	const struct slice whole = slice_text(text);
	struct slice head = slice_head(whole, max);

	/* Not in the middle of a code point. */
	while (head.n && head.n < whole.n && ((unsigned char)whole.p[head.n] & 0xC0) == 0x80)
		head.n--;
	(void)text_html(b, head);
	if (head.n < whole.n)
		(void)buf_text(b, "…");
}

void page_lang(struct buf *b, const char *tag)
{
	const struct slice s = slice_text(tag);

	if (s.n < 2 || s.n > 35)
		return;
	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'))
			return;
	}
	page(b, " lang=\"%s\"", tag);
}

void page_number(struct buf *b, uint64_t n)
{
	char digits[24];
	const int length = snprintf(digits, sizeof digits, "%" PRIu64, n);

	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			(void)buf_char(b, ',');
		(void)buf_char(b, digits[i]);
	}
}

void page_count(struct buf *b, uint64_t n, const char *one, const char *many)
{
	page_number(b, n);
	page(b, " %s", n == 1 ? one : many);
}

void page_base64(struct buf *b, struct slice bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)bytes.p;
	const size_t length = (bytes.n + 2) / 3 * 4;
	char *to = buf_room(b, length);

	if (!to)
		return;
	for (size_t i = 0; i < bytes.n; i += 3) {
		const unsigned word = (unsigned)p[i] << 16 |
				      (i + 1 < bytes.n ? (unsigned)p[i + 1] << 8 : 0) |
				      (i + 2 < bytes.n ? p[i + 2] : 0u);

		*to++ = digits[word >> 18];
		*to++ = digits[word >> 12 & 63];
		*to++ = i + 1 < bytes.n ? digits[word >> 6 & 63] : '=';
		*to++ = i + 2 < bytes.n ? digits[word & 63] : '=';
	}
	buf_grew(b, length);
}
