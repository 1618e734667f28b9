/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logs - who logged in, from where, and what passed through
 *
 *	struct logs_options options = logs_defaults();
 *	r = logs_case(cf, files, n, &options, progress, &result, err);
 *	...
 *	logs_free(result);
 *
 * reads access logs (plain or gzip; a rotated set is put into the right
 * order), parses every line or says why not, and works out
 *
 *	logins      what looks like one, by which rule, and how sure that is
 *	sessions    of a client, user agent and account, with a time-out
 *	origins     logins by class and country of the address
 *	exchanges   what one group wrote and another read
 *	relays      two groups that answer each other through the server
 *
 * With a case, the logs are kept in it as they are and all this is added as
 * findings of the stage "logs", which replace those of the earlier run: only
 * the set given now counts.  Without one it is only worked out.
 *
 * Every line is parsed or rejected: read == parsed + rejected.  Counts are
 * complete even where lists of single things are cut at a ceiling, which is
 * then said.  One thread.
 */
#ifndef LOGS_LOGS_H
#define LOGS_LOGS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/progress.h"
#include "casefile/casefile.h"
#include "intel/intel.h"

struct logs_options {
	const char *format;              /* name, or NULL: guess */
	const char *const *lists;        /* the user's lists of ranges, see intel/intel.h */
	size_t lists_n;
	const char *tables, *profiles;   /* folders; NULL: the program's own */
	const char *tool;                /* "xsheet 0.1.0", for the case */

	int64_t session_ms;              /* a longer pause begins a new session */
	int64_t login_ms;                /* the page behind a login comes within this */
	uint64_t relay_objects;          /* fewer objects each way are no relay */
	double relay_share;              /* of a side's read objects that the other side read */

	size_t clients_max, visitors_max, objects_max;   /* ceilings of what is followed */
	size_t rejects_max, exchanges_max, sessions_max; /* ceilings of what is listed */
};
struct logs_options logs_defaults(void);

struct log_file {
	const char *path, *name;         /* as given; without folders */
	const char *format;
	bool gzip;
	const char *fault;               /* what was wrong with the archive, or "" */
	uint64_t read, parsed, rejected, bytes;
	int64_t first, last;
	int64_t object;                  /* in the case, or 0 */
};

struct reject {
	uint32_t file;                   /* index into files */
	uint64_t line, offset;
	const char *why, *text;          /* harmless text, cut short */
};
struct reason {
	const char *why;
	uint64_t count;
};

struct login {
	bool ok;
	int64_t time;
	uint32_t file;
	uint64_t line, offset;
	const char *address, *user, *agent;      /* harmless text */
	const char *rule;                /* "form-302" ...: see logs/logins.c */
	double certainty;
	const struct intel_answer *intel;        /* NULL: a host's name, not an address */
	uint32_t group, visitor, order;  /* order: used while reading */
	int64_t finding;                 /* in the case, or 0 */
};

struct log_session {
	uint32_t visitor, group;
	int64_t first, last;
	uint64_t requests, read, written, bytes;
	uint32_t login;                  /* index + 1 of the last login in it, or 0 */
	uint32_t user;                   /* used while reading */
	bool robot;                      /* by what its user agent says */
	const char *address, *actor;
	const struct intel_answer *intel;
};

struct origin {
	const char *name;                /* "VPN exits (Sablefin VPN)", "Spain" */
	const char *class, *country, *label;     /* country "" where it would mislead */
	const char *list;                        /* who says so: "vpn-exits.csv", or "" */
	int64_t date;                            /* as of, or CLOCK_NONE */
	bool anonymous, machine;
	uint64_t logins, addresses, networks;
};

struct actor {
	const char *name;                /* "account anna", or "Spain, agent 2" */
	const char *group, *agent;
	uint64_t sessions, requests, read, written, bytes, addresses;
	int64_t first, last;
};

/* One object that one group wrote and another read. */
struct exchanged {
	const char *path;
	const char *written_by, *read_by;        /* groups */
	int64_t written, read;
	uint32_t written_file, read_file;
	uint64_t written_line, written_offset, read_line, read_offset;
	const char *answer;              /* what the reader wrote beside it later, or "" */
	int64_t answered;                /* CLOCK_NONE */
};

struct relay {
	const char *a, *b;               /* groups: a writes first */
	uint64_t there, back, answered;  /* objects a to b, b to a; of the former answered */
	uint64_t a_written, b_written;   /* objects each wrote */
	double share_there, share_back;  /* of what was read of them, read by the other */
	int64_t lag_there_ms, lag_back_ms, lag_answer_ms;    /* medians */
	uint64_t days;                   /* on which both wrote */
	const char *sentence;
};

struct log_group {
	const char *name, *class, *country, *label;
	uint64_t requests, sessions, written, read, addresses;
	uint32_t rhythm[7][24];          /* hours with a session at work, UTC, Monday first */
};

/* A range that was looked for. */
struct range_seen {
	struct intel_range range;
	uint64_t addresses, requests;
};

struct logs_result {
	struct log_file *files;          /* in the order in which they were read */
	size_t files_n;
	uint64_t read, parsed, rejected, bytes;
	int64_t first, last;
	uint64_t addresses, hosts, robots_requests, unfollowed;

	struct reject *rejects;
	size_t rejects_n;
	struct reason *reasons;
	size_t reasons_n;

	struct login *logins;            /* in order of time */
	size_t logins_n;
	uint64_t logins_ok, logins_failed, logins_undecided;
	uint64_t login_addresses, login_networks;

	struct log_session *sessions;
	size_t sessions_n;
	uint64_t sessions_lost;          /* past the ceiling: not followed */

	struct origin *origins;          /* most logins first */
	size_t origins_n;
	struct actor *actors;            /* those who wrote or logged in, most requests first */
	size_t actors_n;
	struct log_group *groups;
	size_t groups_n;

	struct exchanged *exchanges;
	size_t exchanges_n;
	uint64_t exchanges_all;
	struct relay *relays;
	size_t relays_n;

	struct range_seen *ranges;
	size_t ranges_n;

	/* "47 logins: 43 through VPN exits (...), 3 from China, 1 from Spain" */
	const char *sentence;
	/* "Most logins came through VPN exits, three from China, one from Spain." */
	const char *plainly;
	const char *const *warnings;
	size_t warnings_n;

	struct logs_options options;     /* as used */
	struct intel *intel;             /* what was asked: stamps, names of countries */
	struct logs_memory *memory;
};

/*
 * Read the logs.  `cf` may be NULL; "-" is standard input, which cannot be
 * kept in a case.  A file that is no log is ERR_FAILED.  The caller frees the
 * result with logs_free(); its strings are valid until then.
 */
int logs_case(struct casefile *cf, const char *const *files, size_t n,
	      const struct logs_options *options, struct progress *progress,
	      struct logs_result **out, struct err *err);
void logs_free(struct logs_result *result);
static inline void logs_free_scoped(struct logs_result **result)
{
	logs_free(*result);
}

/* All of it as one JSON document. */
int logs_json(const struct logs_result *result, struct buf *out);

/* What the guessing formats are called, for help: NULL past the end. */
const char *logs_format_name(size_t n);

#endif
