/* SPDX-License-Identifier: Apache-2.0 */
/*
 * png - a small grey picture for a page
 *
 * Pixels come from the confined "picture" worker, one byte each.  The result
 * has 16 shades of grey (4 bits a pixel): enough for a line drawing and its
 * notes, and half the size.  Same pixels, same bytes.
 */
#ifndef REPORT_PNG_H
#define REPORT_PNG_H

#include "base/buf.h"
#include "base/err.h"

/*
 * Make it at most `width_max` wide (area average; never enlarged) and write
 * a PNG to `out`.  `pixels` has width * height bytes.  *out_width and
 * *out_height say what it became.
 */
int png_grey(const unsigned char *pixels, uint32_t width, uint32_t height, uint32_t width_max,
	     struct buf *out, uint32_t *out_width, uint32_t *out_height, struct err *err);

#endif
