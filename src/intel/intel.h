/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intel - what is known about an address, since when, and who says so
 *
 *	scoped(intel_close) struct intel *intel = NULL;
 *	r = intel_open(&(struct intel_options){ .lists = lists, .lists_n = n }, &intel, err);
 *	...
 *	intel_look(intel, &address, time, &answer);
 *
 * Four kinds of sources, each stamped with its SHA-256, version, date and
 * licence (intel_source()):
 *
 *	tables     address to country and to network (AS): CSV of @ip-location-db
 *	classes    profiles/common/asn-classes.tsv: what kind of network an AS is
 *	ranges     profiles/NAME/ranges.tsv: ranges with the time they were in use
 *	lists      the user's own: cidr,label,kind,source,date
 *
 * What an address *is* follows from all that name it: the strongest kind
 * gives the class (intel/kinds.c has the order).  A hosting network is never
 * called a VPN, and where the class is an anonymiser's (`anonymous`) or a
 * machine room's (`machine`) the country is the exit's, not the user's.
 * Kinds that end in "-range" mark an address; they never make its class.
 *
 * Reading many threads may do at once; one thread opens and closes.
 */
#ifndef INTEL_INTEL_H
#define INTEL_INTEL_H

#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/scoped.h"
#include "base/slice.h"

/* ------------------------------------------------------- addresses ---- */

/* 128 bits, most significant first.  IPv4 lies at ::ffff:0:0/96, as a server
 * that listens on both writes it. */
struct address {
	uint64_t high, low;
};
#define ADDRESS_TEXT 48

/* Dotted IPv4 or any form of IPv6 (RFC 4291), a zone ("%eth0") is dropped.
 * The whole slice must be the address. */
bool address_parse(struct slice text, struct address *out);
/* RFC 5952; IPv4 dotted.  address_parse() reads it back. */
void address_text(const struct address *a, char out[ADDRESS_TEXT]);

static inline bool address_is_v4(const struct address *a)
{
	return a->high == 0 && a->low >> 32 == 0xFFFF;
}

static inline int address_compare(const struct address *a, const struct address *b)
{
	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	return a->low < b->low ? -1 : a->low > b->low;
}

/* "175.45.176.0/22", "2001:db8::/32" or one address; bits behind the prefix
 * must be zero.  On false *why says in constant words what is wrong. */
bool address_range(struct slice text, struct address *first, struct address *last,
		   const char **why);

/* Private, loopback, link-local, documentation, multicast, reserved. */
bool address_is_private(const struct address *a);

/* ----------------------------------------------------------- kinds ---- */

struct intel_kind {
	const char *name, *plural;   /* "vpn-brand"; "VPN exits" */
	bool anonymous;              /* hides its user: the country says nothing about them */
	bool machine;                /* a machine's place, not a person's */
};
/* Strongest first; name NULL at the end. */
extern const struct intel_kind intel_kinds[];
/* NULL when there is none of that name. */
const struct intel_kind *intel_kind_named(struct slice name);

/* --------------------------------------------------------- sources ---- */

struct intel_source {
	const char *role;            /* "network", "country", "class", "range", "list" */
	const char *name;            /* "@ip-location-db/asn", "vpn-exits.csv" */
	const char *path, *version, *licence;   /* "" where not stated */
	int64_t date;                /* as of; CLOCK_NONE when not stated */
	struct sha256 sha256;
	uint64_t rows;
};

/* One row of a list, a range or a class that names the address. */
struct intel_hit {
	const struct intel_source *source;
	const char *kind, *label, *says;  /* says: the source the row itself names */
	const char *range;                /* "175.45.176.0/22", or "AS14061" */
	int64_t date;                     /* the row's; CLOCK_NONE */
};

#define INTEL_HITS 8
struct intel_answer {
	char country[3];             /* ISO 3166-1, "" unknown: where the table puts the address */
	uint32_t asn;                /* 0 unknown */
	struct slice network;        /* the AS's name */
	const char *class;           /* a kind's name; "private"; "unlisted": nothing names it */
	const char *label;           /* of the hit that made the class, or "" */
	bool anonymous, machine;     /* of the class */
	const char *mark;            /* label of a "-range" that holds it at that time, or "" */
	struct intel_hit hits[INTEL_HITS];   /* strongest first; then the marks */
	size_t hits_n;
};

struct intel_options {
	const char *tables;          /* folder; NULL: where the program's own are */
	const char *profiles;        /* folder; NULL: the program's own */
	const char *const *lists;    /* the user's files */
	size_t lists_n;
};

struct intel;

/* A missing table is ERR_NOT_FOUND; a broken line of any file is ERR_FAILED
 * and names file and line. */
int intel_open(const struct intel_options *options, struct intel **out, struct err *err);
void intel_close(struct intel *intel);
static inline void intel_close_scoped(struct intel **intel)
{
	intel_close(*intel);
}

/* What is known of it.  `time` is when it was seen: ranges that were not in
 * force then do not count; CLOCK_NONE counts all.  Slices and strings are
 * valid until intel_close(). */
void intel_look(const struct intel *intel, const struct address *address, int64_t time,
		struct intel_answer *out);

/* Its parts, for stamping results: NULL past the end. */
const struct intel_source *intel_source(const struct intel *intel, size_t n);

/* Each "-range" of profiles and lists, for saying what was looked for and not
 * found: false past the end. */
struct intel_range {
	const char *range, *label, *kind, *says;
	struct address first, last;
	int64_t from, to;            /* in force; CLOCK_NONE: open */
};
bool intel_range(const struct intel *intel, size_t n, struct intel_range *out);

/* "Spain" for "ES" from profiles/common/countries.tsv; the code itself where
 * it is not listed. */
const char *intel_country(const struct intel *intel, const char *code);

/* Reading one list from memory, as intel_open() does with a file; for tests
 * and fuzzing.  *rows is how many it has. */
int intel_list_check(struct slice text, const char *name, uint64_t *rows, struct err *err);

#endif
