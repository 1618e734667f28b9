/* SPDX-License-Identifier: Apache-2.0 */
/*
 * match - productions and listed names in a case
 *
 *	struct match_options options = { .profile = "dprk", .tool = XSHEET_TOOL };
 *	r = match_case(cf, &options, progress, &tally, err);
 *
 * Titles.  A production is claimed only on two independent legs: its code or
 * title in a path, and its title, an alias or its owner's name in the text of
 * some file (text, OCR, office, metadata).  One leg is a lead.  A code must
 * stand where production names have theirs (filename.h).  What is weak
 * (titles.h) makes no leg, but for one: a weak title in the text of a file
 * whose own path has the strong code.
 *
 * Names.  Each listed name that stands in a line of text (names.h).
 *
 * Findings of the stage "match": title.leg, title.match, name.match
 * (docs/formats/findings.md), which replace those of the earlier run.  The
 * catalogues and lists are kept in the case, and their hashes stand in the
 * run's parameters.
 */
#ifndef MATCH_MATCH_H
#define MATCH_MATCH_H

#include "casefile/casefile.h"

struct match_options {
	const char *tool;                /* "xsheet 0.1.0" */
	const char *profile;             /* a name, or a folder with a "/"; NULL: none */
	const char *const *titles;       /* catalogues, beside the profile's */
	size_t titles_n;
	const char *list, *aliases;      /* SDN.CSV and ALT.CSV instead of the profile's; or NULL */
};

struct match_tally {
	uint64_t entries, named;         /* entries; those whose path says something */
	uint64_t lines;                  /* of text looked through */
	uint64_t titles, claims, leads;  /* in the catalogues; found */
	uint64_t names, names_skipped, name_matches, listed_parties;
	uint64_t lost;                   /* findings past the ceiling */
};

int match_case(struct casefile *cf, const struct match_options *options, struct progress *progress,
	       struct match_tally *tally, struct err *err);

#endif
