/* SPDX-License-Identifier: Apache-2.0 */
/*
 * examine - what is in the files?
 *
 * Each object that has not been looked at goes to a confined worker that says
 * what it is, then to those that read that type; whatever they say becomes
 * findings with their place.  This side never parses.  The last finding of an
 * object is its verdict (file.verdict): all of one object's findings come or
 * go together, in the order of the objects, so that an interrupted run that
 * is taken up again ends as an undisturbed one.
 *
 * To add a reader: a probe (sandbox/worker.h) and its types in examine.c.
 */
#ifndef EXAMINE_EXAMINE_H
#define EXAMINE_EXAMINE_H

#include <signal.h>

#include "base/err.h"
#include "base/progress.h"
#include "casefile/casefile.h"

struct examine_options {
	unsigned jobs;                      /* at once; 0: one a processor */
	bool again;                         /* look at every object anew */
	const char *worker_path;            /* NULL: found, see sandbox.h */
	const char *tool;                   /* for the run: "xsheet 0.1.0" */
	const volatile sig_atomic_t *stop;  /* not 0: end cleanly; may be NULL */
};

#define EXAMINE_NAMES 64
struct examine_count {
	char name[96];
	uint64_t n;
};

/* The state of the whole case after the run; counts of current findings. */
struct examine_tally {
	uint64_t examined;            /* objects, in this run */
	uint64_t objects, ok, partial, failed, unread;
	uint64_t texts, picture_lines, pictures_with_text, pairs;
	/* By name, most first: why objects were not read or failed, languages. */
	struct examine_count why[EXAMINE_NAMES], language[EXAMINE_NAMES];
	size_t whys, languages;
	char missing[256];            /* what this machine's confinement lacks, or "" */
};

/* ERR_STOPPED when *stop was set: what is done is kept. */
int examine_case(struct casefile *cf, const struct examine_options *options,
		 struct progress *progress, struct examine_tally *tally, struct err *err);

#endif
