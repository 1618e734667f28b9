/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logfmt - one way of writing a web server's access log
 *
 * A format turns one line into one log_event.  It is a constant: no state,
 * no allocation, no locking, so any number of threads may parse with it.
 *
 * Lines come from strangers.  parse() must accept any bytes, must look only
 * inside `line`, and every slice it puts into the event must lie inside it.
 * A line that does not fit is not an error: parse() says why in a few
 * constant words, and the reader counts it and keeps the offset.
 *
 * To add a format
 *	1. write logs/fmt_NAME.c with one `const struct logfmt logfmt_NAME`;
 *	2. name it in logs/formats.c;
 *	3. put lines that fit, and lines that do not with the reason, into the
 *	   table of test/unit/test_logs.c, and some into test/fuzz/corpus/.
 */
#ifndef LOGS_LOGFMT_H
#define LOGS_LOGFMT_H

#include "base/clock.h"
#include "base/slice.h"

/* One request.  Slices are as the server wrote them: escapes are not undone
 * (fields_plain() does that).  Empty where the log says "-" or nothing. */
struct log_event {
	struct slice client;         /* address, or a host's name */
	struct slice user;           /* who the server says is signed in */
	int64_t time;
	struct slice request;        /* the whole request line; */
	struct slice method, target, protocol;   /* its parts, empty if it has none */
	uint16_t status;             /* 0: not stated */
	uint64_t size;               /* bytes of the answer */
	struct slice referer, agent;
};

struct logfmt {
	const char *name;            /* for --format: lower case, no spaces */
	const char *summary;         /* one line, for help and the man page */

	/* How sure are we that `sample`, some whole lines, is ours?  0 to 100. */
	int (*score)(struct slice sample);

	/* Read one line, without its line end.  On false, *why is set. */
	bool (*parse)(struct slice line, struct log_event *event, const char **why);
};

/* Every format, NULL at the end. */
extern const struct logfmt *const logfmts[];

const struct logfmt *logfmt_named(const char *name);
/* The format with the highest score, at least `least`; NULL if there is none. */
const struct logfmt *logfmt_guess(struct slice sample, int least);
/* For score(): the share of lines that parse, in percent; empty lines do not count. */
int logfmt_share(const struct logfmt *format, struct slice sample);

#endif
