/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines - lines of text that a probe has found, said at the end
 *
 * They are held back until all are there, because a line's language may be
 * settled by its neighbours.  Up to a ceiling: then lines_add() says so to
 * the worker, once, and takes no more.
 */
#ifndef EXAMINE_LINES_H
#define EXAMINE_LINES_H

#include "base/arena.h"
#include "sandbox/worker.h"

#define LINES_MAX 100000u
#define LINE_MAX_BYTES 16384u      /* a longer one is cut */

struct lines {
	struct worker *worker;
	struct arena memory;
	struct message *line;
	struct language *language;
	size_t n, room;
	bool full, cut;
};

static inline struct lines lines_for(struct worker *w)
{
	return (struct lines){ .worker = w, .memory = { .limit = 64u << 20 } };
}

/* White space around it is dropped; a blank line is not kept.  False when
 * no more can be taken. */
bool lines_add(struct lines *lines, const struct message *line);
/* Say them all, and forget them. */
void lines_say(struct lines *lines);

#endif
