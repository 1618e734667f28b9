/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text - UTF-8 from strangers, checked and made harmless
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/buf.h"

/* Decode one code point at the front of s; returns its length in bytes (1 to
 * 4), 0 if the bytes are not well-formed UTF-8 (Unicode 15, table 3-7) or s
 * is empty. */
size_t utf8_next(struct slice s, uint32_t *point);

/* Put one code point behind b; a surrogate or a number past U+10FFFF becomes
 * U+FFFD. */
int utf8_add(struct buf *b, uint32_t point);

bool utf8_valid(struct slice s);

/*
 * Append text as it may be shown or stored as text: well-formed UTF-8 where
 * what is not, byte by byte, becomes \xNN, and control, bidirectional and
 * other invisible format characters become \u{NNNN}.  A tab or line end
 * stays when `lines` is true.  Returns as buf_add().
 */
int text_safe(struct buf *b, struct slice raw, bool lines);

/* The same into a fixed place, cut at a code point; always NUL-terminated. */
void text_neutral(struct slice raw, char *out, size_t size);

/* A JSON string with its quotes; bytes that are not UTF-8 as in text_safe(). */
int text_json(struct buf *b, struct slice raw);

/* Text for HTML: & < > " ' escaped, the rest as text_safe(). */
int text_html(struct buf *b, struct slice raw);

/* Lower-case hexadecimal digits. */
int text_hex(struct buf *b, struct slice raw);

/* 12345678 as "12.3 MB" (powers of 1000). */
void text_size(uint64_t bytes, char out[16]);

#endif
