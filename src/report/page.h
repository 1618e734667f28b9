/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page - HTML in which foreign text cannot become markup
 *
 *	page(b, "<td>%s</td><td>%" PRIu64 "</td>", name, count);
 *
 * The format is ours and goes out as it is; every %s is escaped with
 * text_html(), so a name cannot open a tag, end an attribute or turn the
 * direction of writing.  Conversions: %s (NULL is ""), %c, %d, %u, %f and %x
 * with their lengths and flags, %%.  Failures stick to the buffer
 * (buf_broken()).
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include <inttypes.h>

#include "base/buf.h"

__attribute__((format(printf, 2, 3)))
void page(struct buf *b, const char *format, ...);

/* Foreign text cut to about `max` bytes at a code point, with "…" if cut. */
void page_cut(struct buf *b, const char *text, size_t max);

/* " lang=\"zh-Hans\"" for a well-formed tag, nothing for any other text. */
void page_lang(struct buf *b, const char *tag);

/* "1 file", "12,345 files": the unit is always named. */
void page_count(struct buf *b, uint64_t n, const char *one, const char *many);

/* "12,345" */
void page_number(struct buf *b, uint64_t n);

/* base64, for data: URIs. */
void page_base64(struct buf *b, struct slice bytes);

#endif
