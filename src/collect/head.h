/* SPDX-License-Identifier: Apache-2.0 */
/*
 * head - what a response head says
 *
 * Heads come from strangers: any bytes, status line first.  Of a header that
 * stands there twice the first counts.
 */
#ifndef COLLECT_HEAD_H
#define COLLECT_HEAD_H

#include "collect/http.h"

/* Last-Modified, Retry-After, Content-Type (made harmless) and, of a redirect
 * (out->status is known), Location, byte by byte; a value that does not fit
 * is left out. */
void head_read(struct slice head, struct answer *out);

/* The body's transfer coding: exactly "chunked"? */
bool head_chunked(struct slice head);

#endif
