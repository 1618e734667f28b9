/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pairs - an instruction and its translation, written beside each other
 *
 * In a picture, lines of one language that follow each other are a block, and
 * a block of another language near it, below or to the right, is likely its
 * translation.  In a table it is the cell of another language in the same
 * row; in running text the next line.  How likely is weighed by the distance
 * in text heights, how they are aligned, whether the lengths can be right,
 * and whether digits agree.  No machine translation, no language is special;
 * text in Latin letters (names of files and shows) takes no part.
 */
#ifndef EXAMINE_PAIRS_H
#define EXAMINE_PAIRS_H

#include "base/arena.h"
#include "base/slice.h"

struct pair_line {
	struct slice text, lang;
	struct slice part, cell;     /* "word/document.xml", "tbl1!R2C1"; "" if none */
	bool boxed;                  /* it lies in a picture, at: */
	int x, y, width, height;
};

struct pair {
	const size_t *a, *b;         /* which lines; a is read first */
	size_t a_count, b_count;
	const char *how;             /* "below", "right", "same row", "next line" */
	double certainty;            /* 0 to 1 */
};

/* Fills *out, which lies in `memory` like all it points to.  -ERR_NO_MEMORY
 * past the arena's ceiling. */
int pairs_find(const struct pair_line *lines, size_t n, struct arena *memory, struct pair **out,
	       size_t *count);

#endif
