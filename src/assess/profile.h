/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile - what is asked, which answers there are, what speaks for them
 *
 * A profile is a folder; profiles/README.md says how to write one.
 *
 *	profile.yaml          name, summary, caps per kind of evidence
 *	hypotheses.yaml       questions with their hypotheses, and statements
 *	observations/ *.sql   one observation each (sqlhead.h)
 *
 * Everything that is specific to one country or case stands there.  What does
 * not fit is an error that names file and line.
 *
 * Strings live as long as the profile.
 */
#ifndef ASSESS_PROFILE_H
#define ASSESS_PROFILE_H

#include "assess/combine.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"

#define QUESTIONS_MAX 16
#define OBSERVATIONS_MAX COMBINE_GROUPS_MAX
#define STATEMENTS_MAX 16
#define STATEMENT_LIST_MAX 16

enum hypothesis_kind {
	HYPOTHESIS_ACTOR,         /* says who did something, or for whom */
	HYPOTHESIS_ALTERNATIVE,   /* another who */
	HYPOTHESIS_INNOCENT,
	HYPOTHESIS_PLANTED,       /* staged, or a deception */
};

struct hypothesis {
	const char *id, *text;         /* "a go-between passes work between two parties" */
	enum hypothesis_kind kind;
	const char *claim;             /* of an actor: the sentence, with {term} in it; else "" */
	const char *because;           /* why this prior */
	const char *would_change;      /* of an actor: what would change the claim; else "" */
	struct range prior;
};

struct question {
	const char *id, *text;
	const char *not_borne;         /* the sentence when the evidence does not bear a claim */
	struct hypothesis hypotheses[COMBINE_HYPOTHESES_MAX];
	size_t hypothesis_count;
};

struct observation {
	const char *id, *meaning, *unit, *group, *kind, *needs, *missing, *sql;
	bool missing_counts;
	uint64_t at_least;
	size_t cap, group_number;      /* indexes for combine() */
	/* Per question: does it say something about it, and what. */
	bool speaks[QUESTIONS_MAX];
	struct range seen[QUESTIONS_MAX][COMBINE_HYPOTHESES_MAX];
	struct range absent[QUESTIONS_MAX][COMBINE_HYPOTHESES_MAX];
	const char *because[QUESTIONS_MAX][COMBINE_HYPOTHESES_MAX];
};

/* A sentence that is not weighed: something was not found, or could not be
 * determined. */
struct statement {
	const char *id;
	const char *kind;              /* "absence" or "undetermined" */
	const char *text;
	const char *would_change;
	/* Observations: it is said when one of `when` was seen, one of `with`
	 * if there are any, and none of `unless`, which must have been looked
	 * for. */
	size_t when[STATEMENT_LIST_MAX], with[STATEMENT_LIST_MAX], unless[STATEMENT_LIST_MAX];
	size_t when_count, with_count, unless_count;
};

struct profile {
	struct arena arena;
	const char *folder, *name, *summary;
	struct question questions[QUESTIONS_MAX];
	struct observation *observations;      /* OBSERVATIONS_MAX; ordered by file name */
	struct statement statements[STATEMENTS_MAX];
	size_t question_count, observation_count, statement_count;
	const char *kinds[COMBINE_KINDS_MAX];
	double caps[COMBINE_KINDS_MAX];
	size_t kind_count;
	double damping, doubt;
	struct sha256 hash;                    /* of all its files */
};

/* `name` is a profile's name, or a folder if it has a "/". */
int profile_read(const char *name, struct profile *out, struct err *err);
void profile_done(struct profile *p);
static inline void profile_done_scoped(struct profile *p)
{
	profile_done(p);
}

#endif
