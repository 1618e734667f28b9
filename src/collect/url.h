/* SPDX-License-Identifier: Apache-2.0 */
/*
 * url - http and https addresses, and the scope they span
 *
 * The path stays percent-encoded as it came; only dot segments are resolved.
 * No user, password, query or fragment is accepted in a source's address.
 */
#ifndef COLLECT_URL_H
#define COLLECT_URL_H

#include "base/buf.h"
#include "base/err.h"

#define URL_MAX 16384

struct url {
	bool https;
	char host[256];            /* lower case; IPv6 in brackets */
	unsigned port;
	char path[URL_MAX];        /* begins with "/"; no dot segments */
	char query[2048];          /* with its "?", or "" */
};

/* False and *why when it is none that we would ask. */
bool url_parse(struct slice text, struct url *out, const char **why);
/* Resolve `ref` (of a redirect) against `base`. */
bool url_join(const struct url *base, struct slice ref, struct url *out, const char **why);
/* "http://host:port/path?query"; the port is left out where it is usual. */
int url_text(const struct url *url, struct buf *out);
/* Same scheme and port? host? a path below `scope`'s? */
bool url_inside(const struct url *scope, const struct url *url, const char **why);

/* Percent-decode into `out` (room for s.n bytes); what is no escape stays. */
size_t url_decode(struct slice s, char *out);
/* Percent-encode all but unreserved bytes and "/". */
int url_encode(struct buf *out, struct slice raw);

#endif
