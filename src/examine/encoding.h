/* SPDX-License-Identifier: Apache-2.0 */
/*
 * encoding - in which encoding are these bytes written?
 *
 * Byte order marks first, then UTF-8, UTF-16 by its zeros, escape sequences
 * (ISO-2022); for the rest every candidate decodes strictly and the result is
 * weighed: how likely are these characters, in the language that the encoding
 * is for?  The model is small and its own: the commonest characters of each
 * language, the levels of the national standards, what never occurs.
 * (Measured elsewhere: libraries that guess from byte statistics are right on
 * 24 bytes of CJK text in half to three quarters of cases.)
 */
#ifndef EXAMINE_ENCODING_H
#define EXAMINE_ENCODING_H

#include "base/buf.h"
#include "base/err.h"

struct encoding_guess {
	const char *name;         /* "GB18030"; constant */
	const char *lang;         /* "zh-Hans": what it is written for; "" for Unicode */
	unsigned certainty;       /* 0 to 1000 */
	size_t mark;              /* bytes of byte order mark */
	int converter;            /* for encoding_decode(); -1: UTF-8 or ASCII */
};

/* Opens the converters and fills the tables: once, before confinement. */
int encoding_prepare(struct err *err);

/* Always answers; text that fits nothing is "unknown" with certainty 0 and is
 * decoded as UTF-8, the odd bytes shown as \xNN. */
struct encoding_guess encoding_guess(struct slice bytes);

/* Append as UTF-8.  What cannot be decoded becomes U+FFFD and is counted in
 * *bad.  Returns as buf_add(). */
int encoding_decode(const struct encoding_guess *guess, struct slice bytes, struct buf *out,
		    size_t *bad);

#endif
