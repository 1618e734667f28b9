/* SPDX-License-Identifier: Apache-2.0 */
/*
 * buf - bytes that grow, up to a ceiling
 *
 *	scoped(buf_done) struct buf page = buf_limited(64 << 20);
 *
 * Nothing is allocated until the first byte.  buf_add() and its kin return
 * 0, or -ERR_LIMIT past the ceiling, or -ERR_NO_MEMORY; after a failure the
 * buffer is as it was, and buf_broken() stays true, so that a writer may add
 * freely and ask once at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/scoped.h"
#include "base/slice.h"

struct buf {
	char *p;
	size_t n, room, limit;
	int failed;      /* 0, or the first failure */
};

static inline struct buf buf_limited(size_t limit)
{
	return (struct buf){ .limit = limit };
}

void buf_done(struct buf *b);
static inline void buf_done_scoped(struct buf *b)
{
	buf_done(b);
}

int buf_add(struct buf *b, struct slice bytes);
int buf_text(struct buf *b, const char *text);
int buf_char(struct buf *b, char c);
__attribute__((format(printf, 2, 3)))
int buf_printf(struct buf *b, const char *format, ...);

/* Empty it; the memory is kept. */
void buf_clear(struct buf *b);

/* Room for n more bytes at the returned place, NULL on failure; tell with
 * buf_grew() how many were written there. */
char *buf_room(struct buf *b, size_t n);
void buf_grew(struct buf *b, size_t n);

static inline int buf_broken(const struct buf *b)
{
	return b->failed;
}

static inline struct slice buf_slice(const struct buf *b)
{
	return slice_of(b->p, b->n);
}

/* The bytes as a string (a NUL is put behind them; it does not count), or
 * NULL when out of memory.  Valid until the next change. */
const char *buf_string(struct buf *b);

/* Hand the string on; the caller frees it with free().  The buffer is empty
 * afterwards.  NULL when it is broken or out of memory. */
char *buf_take(struct buf *b);

#endif
