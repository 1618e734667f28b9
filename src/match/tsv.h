/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tsv - tables with a header line, one row a line, a tab between cells
 *
 * Columns are found by their names, in any order; columns that are not asked
 * for are ignored, those that are asked for must be there.  Lines that begin
 * with '#' and empty lines are stepped over.  A row with fewer cells than the
 * header has, bytes that are not UTF-8 and control characters are errors that
 * name file and line: a table is written by somebody on our side.
 */
#ifndef MATCH_TSV_H
#define MATCH_TSV_H

#include "base/err.h"
#include "base/slice.h"

#define TSV_COLUMNS_MAX 32

struct tsv {
	const char *path;
	struct slice rest;
	uint64_t line;
	size_t wanted, columns;
	size_t place[TSV_COLUMNS_MAX];      /* of each wanted column */
};

/* `columns` ends in NULL. */
int tsv_begin(struct tsv *t, const char *path, struct slice bytes, const char *const *columns,
	      struct err *err);
/* 1 and the wanted cells, in the order in which they were asked for; 0 at the
 * end; or an error. */
int tsv_row(struct tsv *t, struct slice *cells, struct err *err);
/* An error at the row that was read last. */
int tsv_fail(const struct tsv *t, struct err *err, const char *why);

#endif
