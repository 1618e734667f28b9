/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of assess/ share. */
#ifndef ASSESS_INTERNAL_H
#define ASSESS_INTERNAL_H

#include <jansson.h>

#include "assess/profile.h"
#include "casefile/casefile.h"

#define FINDINGS_KEPT 200      /* named one by one; counts are complete */

/* What came of one observation. */
struct looked {
	bool looked;             /* the stages it needs have run */
	bool seen;
	uint64_t rows, groups;
	int64_t findings[FINDINGS_KEPT];
	size_t finding_count;
	int64_t finding;         /* its own assess.observation */
	uint64_t *hashes;        /* of its groups, while looking */
	size_t hash_room;
};

int look_all(struct casefile *cf, const struct profile *p, struct looked *all,
	     struct progress *progress, struct err *err);
void look_done(struct looked *all, size_t n);

/* One question, weighed. */
struct weighed {
	struct combine_item items[OBSERVATIONS_MAX];
	size_t item_of[OBSERVATIONS_MAX];      /* item to observation */
	struct combine_input input;
	struct range range[COMBINE_HYPOTHESES_MAX];
	size_t best, alternative;              /* hypotheses; of the actor's claim, if one is made */
	bool borne;
	size_t groups;                         /* that speak for it */
	size_t kinds;
	size_t carrier;                        /* item whose loss costs most, or item_count */
	struct range without;                  /* the range without it */
	const char *confidence;
	char why[512];
};
void weigh(const struct profile *p, size_t q, const struct looked *all, struct weighed *out);

/* "40 to 80 %" */
#define PERCENT_MAX 32
void percent_text(struct range range, char out[PERCENT_MAX]);

#endif
