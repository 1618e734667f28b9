/* SPDX-License-Identifier: Apache-2.0 */
/*
 * robots - what a server asks robots not to fetch (RFC 9309)
 *
 * The group for our own name counts, else the one for "*".  The longest rule
 * that fits decides; Allow wins a tie.  "*" and "$" in rules are understood.
 * The file comes from a stranger: what is no rule is skipped.
 */
#ifndef COLLECT_ROBOTS_H
#define COLLECT_ROBOTS_H

#include "base/slice.h"

/* Points into the file's bytes: no state of its own. */
struct robots {
	struct slice file;       /* empty: everything is allowed */
	bool nothing;            /* the server did not say: nothing is allowed */
};

/* `path` is percent-encoded, with its "/" in front. */
bool robots_allow(const struct robots *robots, struct slice path);

#endif
