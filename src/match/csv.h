/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv - rows of comma-separated values (RFC 4180)
 *
 * Cells come as NUL-terminated text in an arena, quotes taken off and ""
 * made ", blanks around them trimmed; a byte that is not UTF-8 is read as
 * Latin-1, which the older lists are written in.  A NUL in a cell is refused.
 */
#ifndef MATCH_CSV_H
#define MATCH_CSV_H

#include "base/arena.h"
#include "base/slice.h"

#define CSV_CELL_MAX (64 << 10)

/*
 * The next row; *line (begin with 0) becomes the line it begins on, *lines
 * how many were read so far (begin with 0).  Returns 1, 0 at the end, or -1
 * with *why.  Empty lines, and the ^Z that ends files of old systems, are
 * stepped over.  Cells past `most` are an error.
 */
int csv_row(struct slice *rest, struct arena *arena, const char **cells, size_t most, size_t *n,
	    uint64_t *line, uint64_t *lines, const char **why);

#endif
