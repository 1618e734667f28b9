/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http - one GET as it crosses the wire
 *
 * HTTP/1.1, one connection, no compression asked, no cookies, no proxies, no
 * .netrc, no redirects followed; request head, response head and body (chunk
 * framing included) are kept byte by byte and go into the case.  All sizes
 * and times are limited here.
 */
#ifndef COLLECT_HTTP_H
#define COLLECT_HTTP_H

#include "collect/transport.h"

struct http;

/* What came of one GET. */
struct answer {
	bool answered;               /* a response head came */
	bool unreachable;            /* no connection, or it broke before an answer */
	bool private_refused;        /* the address is private: not connected */
	int status;
	int64_t object;              /* the payload, 0 if none */
	uint64_t body;               /* bytes of the body on the wire */
	const char *truncated;       /* "length", "time", "disconnect", or NULL */
	int64_t modified;            /* Last-Modified, or CLOCK_NONE */
	int64_t retry_after_s;       /* -1: not stated */
	char type[128];              /* Content-Type */
	char location[4096];         /* of a redirect, or "" */
	char why[200];               /* when there is no answer: why */
};

int http_open(struct collector *c, struct http **out, struct err *err);
void http_close(struct http *h);

/* Waits for its turn (rate), asks, tries again a few times when there is no
 * connection or the server asks for patience, and stores each exchange. */
struct http_limits {
	uint64_t body;               /* bytes on the wire; the rest is cut off */
	long time_s;                 /* from the first byte to the last */
};
int http_get(struct http *h, const struct url *url, const struct http_limits *limits,
	     struct answer *out, struct err *err);

#endif
