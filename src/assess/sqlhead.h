/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlhead - what an observation's SQL file says of itself
 *
 * An observation is one SELECT with a head of remarks in front:
 *
 *	-- SPDX-License-Identifier: Apache-2.0
 *	-- id: pairs
 *	-- meaning: Chinese notes carry a Korean translation of them
 *	-- unit: objects
 *	-- group: notes
 *	-- kind: language
 *	-- needs: examine
 *	-- at_least: 3
 *	-- missing: counts, because notes that were read would carry them
 *	-- likelihood.go-between: 0.6..0.9 because it is how it hands work on
 *	SELECT ...
 *
 * Without any likelihood it weighs nothing, but statements can ask for it.
 * A line that begins with "--" and blanks, and has no key, goes on with the
 * value above it.  The head ends at the first line that is no remark.
 *
 * Slices are into the input.  Any bytes may go in; an error names the line.
 */
#ifndef ASSESS_SQLHEAD_H
#define ASSESS_SQLHEAD_H

#include "assess/combine.h"
#include "base/err.h"
#include "base/slice.h"

#define SQLHEAD_LIKELIHOODS_MAX 64
#define SQLHEAD_VALUE_MAX 1000

struct sqlhead_likelihood {
	struct slice hypothesis;
	struct range range;          /* of seeing it, if the hypothesis holds */
	struct slice because;
	bool of_absence;             /* absence.H: of not seeing it, where that is not 1 - seeing */
	uint64_t line;
};

struct sqlhead {
	struct slice id, meaning, unit, group, kind, needs, missing;
	bool missing_counts;         /* "counts", else "neutral": not seeing it says nothing */
	uint64_t at_least;           /* this many groups, else it is not seen; 1 if not given */
	struct sqlhead_likelihood likelihood[SQLHEAD_LIKELIHOODS_MAX];
	size_t likelihood_count;
	struct slice sql;            /* all of the input: remarks are SQL, too */
};

/* `path` names the file in messages. */
int sqlhead_parse(struct slice text, const char *path, struct sqlhead *out, struct err *err);

/* "0.6..0.9" or "0.3": both within (0, 1), low first.  For YAML, too. */
bool range_parse(struct slice text, struct range *out);

#endif
