/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assess - what the findings of a case bear out, and how surely
 *
 *	struct assess_options options = { .profile = "dprk", .tool = XSHEET_TOOL };
 *	r = assess_case(cf, &options, progress, &tally, err);
 *
 * A profile (profile.h) asks questions and gives for each at least three
 * hypotheses, an innocent one and "planted" among them, and observations:
 * queries over the case with the probability of seeing them under each
 * hypothesis.  combine.h weighs them.
 *
 * A claim about an actor is made only where its whole range is "likely" or
 * above and at least two independent groups of observations speak for it
 * against every alternative but "planted"; else the sentence is that the
 * evidence does not bear it.  Each claim says what it rests on, which single
 * observation carries it, the best alternative, what would change it and what
 * was looked for and not found; lint.h refuses what may not be said.
 *
 * Findings of the stage "assess": assess.observation and assess.claim
 * (docs/formats/findings.md), which replace those of the earlier run.  The
 * same case and profile give the same findings.
 */
#ifndef ASSESS_ASSESS_H
#define ASSESS_ASSESS_H

#include "casefile/casefile.h"

struct assess_options {
	const char *profile;         /* a name, or a folder with a "/" in it */
	const char *tool;            /* "xsheet 0.1.0" */
	bool persons_allowed;        /* natural persons may be named in claims */
};

struct assess_tally {
	uint64_t observations, seen, not_looked;
	uint64_t claims, not_borne, statements;
};

int assess_case(struct casefile *cf, const struct assess_options *options, struct progress *progress,
		struct assess_tally *tally, struct err *err);

#endif
