/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect - what a source shows today, into the case
 *
 * A source is an http or https address of a folder listing, or a local
 * folder.  One pass (a capture) walks it breadth first: each folder's listing
 * is read, each file that is new, or whose listed size or date differ, or
 * for which the listing leaves it open, is fetched; the others are recorded
 * as listed.  Every exchange goes into the case as it crossed the wire.
 *
 * Promises
 *	- Only GET; no password, no cookie, nothing is sent but the request.
 *	- Nothing outside the source's scheme, host, port and path is asked,
 *	  except /robots.txt of the same server.  Redirects that lead out are
 *	  recorded, not followed.  Symbolic links are recorded, not followed.
 *	- Addresses that are private, loopback or link-local are not connected
 *	  to unless that is allowed.
 *	- 401, 403 and login pages are where it stops: "refused".
 *	- Failure is not absence: a folder that could not be listed, a limit, a
 *	  server that goes away never make an entry vanish.
 *	- It ends: depth, files, bytes and time are limited.
 *	- Interrupted (kill -9, SIGINT), the next call goes on with the capture.
 *
 *	struct collect_options options;
 *	collect_defaults(&options);
 *	r = collect_source(cf, "http://203.0.113.7/", &options, progress, &tally, err);
 *
 * One thread.  casefile_seal() is the caller's.
 */
#ifndef COLLECT_COLLECT_H
#define COLLECT_COLLECT_H

#include <signal.h>

#include "casefile/casefile.h"

struct collect_options {
	double rate;                  /* requests per second; 0: no limit */
	uint64_t depth;               /* folders below the source */
	uint64_t files_max;           /* entries of one capture */
	uint64_t bytes_max;           /* bytes fetched in one capture */
	uint64_t time_max_s;          /* 0: no limit */
	uint64_t stall_s;             /* an answer that does not come on is cut */
	uint64_t wait_max_s;          /* the longest Retry-After that is obeyed */
	bool allow_private;           /* connect to private, loopback, link-local addresses */
	bool ignore_robots;           /* needs an authority */
	const char *authority;        /* under which one looks; into the ledger; or NULL */
	const char *contact;          /* in the User-Agent: address or URL; or NULL */
	const volatile sig_atomic_t *stop;      /* not 0: finish the step and stop; or NULL */
};
void collect_defaults(struct collect_options *options);

struct collect_tally {
	int64_t source, capture;
	bool resumed;
	uint64_t requests, bytes;     /* bytes: of bodies, on the wire */
	uint64_t folders, refused, failed;      /* listings asked for; those refused, failed */
	uint64_t unfetchable;         /* entries that are listed but cannot be fetched */
	char note[256];               /* why the capture is partial, or "" */
};

/*
 * 0: the pass has ended, complete or partial.  ERR_IO: the server does not
 * answer at all, nothing was recorded.  ERR_DENIED: out of scope, a private
 * address.  ERR_STOPPED: stopped by *stop; the next call goes on.
 */
int collect_source(struct casefile *cf, const char *locator, const struct collect_options *options,
		   struct progress *progress, struct collect_tally *tally, struct err *err);

#endif
