/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress - how far long work has come
 *
 * Work that may take longer than a moment takes a struct progress and tells
 * it what it does.  How that is shown is decided once, by the program: a bar
 * that is redrawn on a terminal, a plain line now and then elsewhere, nothing
 * with --quiet.  NO_COLOR in the environment switches colour off
 * (no-color.org).  NULL is a progress that shows nothing.
 *
 *	progress_begin(p, "examining", files);
 *	for (...)
 *		progress_step(p, 1, name);
 *	progress_end(p, NULL);
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdint.h>
#include <stdio.h>

#include "base/slice.h"

struct progress;

enum progress_style {
	PROGRESS_NONE,
	PROGRESS_LINES,
	PROGRESS_BAR,
};

/* Shown on `out` (stderr).  NULL when out of memory, which is fine. */
struct progress *progress_new(FILE *out, enum progress_style style);
void progress_free(struct progress *p);

/* What fits `out`: a bar on a terminal, lines elsewhere. */
enum progress_style progress_style_for(FILE *out, bool quiet);
/* Colour for `out`?  A terminal, NO_COLOR unset or empty, TERM not dumb. */
bool progress_colour(FILE *out);

/* A stage begins; total 0 is "not known". */
void progress_begin(struct progress *p, const char *stage, uint64_t total);
/* n more are done; `what` (any bytes, may be empty) is being worked on. */
void progress_step(struct progress *p, uint64_t n, struct slice what);
/* More work has turned up. */
void progress_more(struct progress *p, uint64_t n);
/* The stage is over; `sum` says in a few words what came of it, or NULL. */
void progress_end(struct progress *p, const char *sum);

#endif
