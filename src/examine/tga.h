/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tga - Truevision TGA, which drawing programs still write
 *
 * Own reader: no library here reads it.  Types 1, 2, 3 (indexed, colour,
 * grey) and 9, 10, 11 (the same, run-length coded); 8, 15, 16, 24, 32 bits;
 * any origin.  Looks only inside its input.
 */
#ifndef EXAMINE_TGA_H
#define EXAMINE_TGA_H

#include "base/slice.h"

#define TGA_SIDE_MAX 32767u

struct tga_head {
	uint32_t width, height;
	unsigned type, bits;            /* as in the file: 2 is colour, 24 bits */
	bool right_to_left, top_down;
	size_t map_first, map_count, map_bits;
	size_t map, pixels;             /* where the colour map and the pixels begin */
};

/* Does it read like a TGA: a head that makes sense and room for its pixels? */
bool tga_look(struct slice bytes, struct tga_head *out);
/* Has it the footer of version 2 ("TRUEVISION-XFILE.")? */
bool tga_signed(struct slice bytes);
/*
 * 8-bit grey into `to` (width * height bytes, from the top left), on white
 * where there is alpha.  False when the pixels end too early; *rows says how
 * many rows are whole then; the rest is white.
 */
bool tga_grey(struct slice bytes, const struct tga_head *head, unsigned char *to, uint32_t *rows);

#endif
