/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lint - what a claim may not say
 *
 * Refused, each with its own sentence: 0 or 100 %; likelihood and confidence
 * in one sentence; a claim without evidence; a claim about an actor without
 * its alternative; the words prove, proves, proved, proven and proof; a
 * natural person's name, unless allowed.
 */
#ifndef ASSESS_LINT_H
#define ASSESS_LINT_H

#include "base/err.h"
#include "base/slice.h"

struct lint_claim {
	const char *id;
	const char *const *texts;        /* everything that will be printed; NULL at the end */
	bool weighed;                    /* has low and high, and so needs evidence */
	double low, high;
	size_t evidence;                 /* findings it rests on */
	bool actor;                      /* says who, or who for */
	const char *alternative;         /* or "" */
	const char *const *persons;      /* names of natural persons in the case; NULL at the end */
	bool persons_allowed;
};

/* ERR_DENIED with the reason. */
int lint_claim(const struct lint_claim *claim, struct err *err);

#endif
