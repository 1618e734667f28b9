/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"

void buf_done(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ .limit = b->limit };
}

/* One byte more than asked is always kept for buf_string()'s NUL. */
char *buf_room(struct buf *b, size_t n)
{
	size_t need, room;
	char *p;

	if (n > b->limit - b->n || b->limit == SIZE_MAX) {
		b->failed = b->failed ? b->failed : -ERR_LIMIT;
		return NULL;
	}
	need = b->n + n + 1;
	if (need <= b->room)
		return b->p + b->n;
	room = b->room ? b->room : 256;
	while (room < need)
		room += room / 2 + 1;
	if (room > b->limit + 1)
		room = b->limit + 1;
	p = realloc(b->p, room);
	if (!p) {
		b->failed = b->failed ? b->failed : -ERR_NO_MEMORY;
		return NULL;
	}
	b->p = p;
	b->room = room;
	return b->p + b->n;
}

void buf_grew(struct buf *b, size_t n)
{
	b->n += n;
}

int buf_add(struct buf *b, struct slice bytes)
{
	char *to;

	if (bytes.n == 0)
		return 0;
	to = buf_room(b, bytes.n);
	if (!to)
		return b->failed;
	memcpy(to, bytes.p, bytes.n);
	buf_grew(b, bytes.n);
	return 0;
}

int buf_text(struct buf *b, const char *text)
{
	return buf_add(b, slice_text(text));
}

int buf_char(struct buf *b, char c)
{
	return buf_add(b, slice_of(&c, 1));
}

int buf_printf(struct buf *b, const char *format, ...)
{
	va_list words, again;
	char *to;
	int n;

	va_start(words, format);
	va_copy(again, words);
	n = vsnprintf(NULL, 0, format, words);
	va_end(words);
	to = n < 0 ? NULL : buf_room(b, (size_t)n);
	if (to) {
		(void)vsnprintf(to, (size_t)n + 1, format, again);
		buf_grew(b, (size_t)n);
	}
	va_end(again);
	return to ? 0 : (b->failed ? b->failed : -ERR_FAILED);
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->failed = 0;
}

const char *buf_string(struct buf *b)
{
	char *end = buf_room(b, 0);

	if (!end)
		return NULL;
	*end = '\0';
	return b->p;
}

char *buf_take(struct buf *b)
{
	char *text;

	if (b->failed || !buf_string(b))
		return NULL;
	text = b->p;
	*b = (struct buf){ .limit = b->limit };
	return text;
}
