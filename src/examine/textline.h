/* SPDX-License-Identifier: Apache-2.0 */
/*
 * textline - where in a picture are lines of writing?
 *
 * A general OCR engine looks for columns and paragraphs and is lost on a
 * drawing with a note in it.  This finder looks for what notes are: small
 * marks of like size in a row.  Ink is told from paper in both directions
 * (dark on light, light on dark); strokes that are too large are art.
 */
#ifndef EXAMINE_TEXTLINE_H
#define EXAMINE_TEXTLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct textline {
	int x, y, width, height;
	unsigned marks;          /* how many */
	bool light;              /* light on dark */
	double likeness;         /* 0 to 1: does it look like writing? */
};

#define TEXTLINES_MAX 48

/* Fills `out` with up to TEXTLINES_MAX lines, the likeliest; *more says how
 * many others looked like writing.  Returns how many; -1 when out of memory. */
int textlines_find(const unsigned char *grey, int width, int height,
		   struct textline out[TEXTLINES_MAX], unsigned *more);

#endif
