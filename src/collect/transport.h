/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transport - a way to list folders and fetch files
 *
 * Paths are raw bytes relative to the source: "" is the root, folders end in
 * "/".  list() and fetch() return 0 whenever there is an answer to record,
 * also a bad one; errors are for what ends the capture.
 *
 * To add one: collect/transport_NAME.c with one `const struct transport`, its
 * line in walk.c.
 */
#ifndef COLLECT_TRANSPORT_H
#define COLLECT_TRANSPORT_H

#include "collect/internal.h"

/* What every transport gets. */
struct collector {
	struct casefile *cf;
	const struct collect_options *options;
	struct collect_tally *tally;
	int64_t deadline;            /* ticks, or INT64_MAX */
};

bool collector_stopped(const struct collector *c);
/* Wait, but end early when stopped: ERR_STOPPED. */
int collector_wait(const struct collector *c, int64_t ms, struct err *err);

struct listing {
	enum listing_state state;
	const char *reader;
	bool gone;                   /* the server does not answer any more */
	int64_t object;
	char why[256];
};

struct fetched {
	bool ok;
	bool gone;                   /* the server does not answer any more */
	int64_t object;
	int64_t modified;
	char why[256];
};

struct transport {
	const char *kind;            /* of the source: "http", "folder" */
	int64_t grain_ms;            /* how exact listed times are */

	/* Is `locator` ours?  Normalise it into `source` and say the scope as a
	 * JSON object.  0: not ours, 1: ours, negative: ours, but off. */
	int (*claims)(const char *locator, struct buf *source, struct buf *scope, struct err *err);
	/* Opens, and makes sure that there is an answer at all. */
	int (*open)(struct collector *c, const char *source, void **state, struct err *err);
	int (*list)(void *state, struct slice folder, int (*each)(const struct listed *, void *),
		    void *data, struct listing *out, struct err *err);
	int (*fetch)(void *state, struct slice path, struct fetched *out, struct err *err);
	void (*close)(void *state);
};

extern const struct transport transport_http, transport_folder;

#endif
