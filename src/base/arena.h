/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena - memory that is given back all at once
 *
 *	scoped(arena_done) struct arena names = arena_limited(16 << 20);
 *
 * Everything that grows is born with a ceiling: past `limit` bytes (or out of
 * memory) arena_alloc() returns NULL.  Memory is zeroed and aligned for any
 * type.  One thread.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/slice.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;
	size_t used, limit;      /* bytes handed out; the ceiling */
};

static inline struct arena arena_limited(size_t limit)
{
	return (struct arena){ .limit = limit };
}

void arena_done(struct arena *a);
static inline void arena_done_scoped(struct arena *a)
{
	arena_done(a);
}

void *arena_alloc(struct arena *a, size_t size);
/* count * size without overflow. */
void *arena_array(struct arena *a, size_t count, size_t size);
/* A NUL-terminated copy. */
char *arena_text(struct arena *a, struct slice text);

#endif
