/* SPDX-License-Identifier: Apache-2.0 */
/* The chunked transfer coding (RFC 9112, 7.1), piece by piece. */
#include "casefile/internal.h"

#define LINE_MAX_BYTES 65536      /* a chunk's extensions; all trailers */

enum {
	SIZE,          /* hexadecimal digits */
	EXTENSION,     /* up to the line end */
	SIZE_LF,
	DATA,
	DATA_CR,
	DATA_LF,
	TRAILER,       /* at the start of a trailer line */
	TRAILER_LINE,  /* inside one */
	LAST_LF,       /* after the CR of the empty line */
	ENDED,
	BROKEN,
};

static void broken(struct chunked *c, const char *why)
{
	c->state = BROKEN;
	c->why = why;
}

static void size_known(struct chunked *c)
{
	c->left = c->size;
	c->state = c->size ? DATA : TRAILER;
	c->size = 0;
	c->digits = c->line = 0;
}

static void size_byte(struct chunked *c, char byte)
{
	const int value = hex_digit(byte);

	if (value >= 0) {
		if (++c->digits > 15)
			broken(c, "chunk size of more than 15 digits");
		c->size = c->size << 4 | (unsigned)value;
		return;
	}
	if (c->digits == 0)
		broken(c, "no chunk size");
	else if (byte == '\r')
		c->state = SIZE_LF;
	else if (byte == '\n')
		size_known(c);
	else if (byte == ';' || byte == ' ' || byte == '\t')
		c->state = EXTENSION;
	else
		broken(c, "chunk size");
}

static void framing_byte(struct chunked *c, char byte)
{
	switch (c->state) {
	case SIZE:
		size_byte(c, byte);
		break;
	case EXTENSION:
		if (byte == '\n')
			size_known(c);
		else if (++c->line > LINE_MAX_BYTES)
			broken(c, "chunk extension too long");
		break;
	case SIZE_LF:
		if (byte == '\n')
			size_known(c);
		else
			broken(c, "chunk size not followed by a line end");
		break;
	case DATA_CR:
		if (byte == '\r')
			c->state = DATA_LF;
		else if (byte == '\n')
			c->state = SIZE;
		else
			broken(c, "chunk not followed by a line end");
		break;
	case DATA_LF:
		if (byte == '\n')
			c->state = SIZE;
		else
			broken(c, "chunk not followed by a line end");
		break;
	case TRAILER:
		if (byte == '\r')
			c->state = LAST_LF;
		else if (byte == '\n')
			c->state = ENDED;
		else
			c->state = TRAILER_LINE;
		break;
	case TRAILER_LINE:
		if (byte == '\n')
			c->state = TRAILER;
		else if (++c->line > LINE_MAX_BYTES)
			broken(c, "trailers too long");
		break;
	case LAST_LF:
		if (byte == '\n')
			c->state = ENDED;
		else
			broken(c, "no line end after the last chunk");
		break;
	default:
		break;
	}
}

int chunked_feed(struct chunked *c, struct slice in, int (*sink)(struct slice, void *), void *data)
{
	while (in.n && c->state < ENDED) {
		if (c->state == DATA) {
			const size_t n = c->left < in.n ? (size_t)c->left : in.n;
			const int r = sink ? sink(slice_head(in, n), data) : 0;

			if (r < 0)
				return r;
			in = slice_skip(in, n);
			c->left -= n;
			if (c->left == 0)
				c->state = DATA_CR;
			continue;
		}
		framing_byte(c, in.p[0]);
		in = slice_skip(in, 1);
	}
	return 0;
}

bool chunked_ended(const struct chunked *c)
{
	return c->state == ENDED;
}
