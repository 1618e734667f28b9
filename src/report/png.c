/* SPDX-License-Identifier: Apache-2.0 */
#include "report/png.h"

#include <string.h>
#include <zlib.h>

#define SIDE_MAX 20000u
#define HEIGHT_MAX 4000u      /* of what is written */

static void put_u32(unsigned char *to, uint32_t n)
{
	to[0] = (unsigned char)(n >> 24);
	to[1] = (unsigned char)(n >> 16);
	to[2] = (unsigned char)(n >> 8);
	to[3] = (unsigned char)n;
}

static void put_chunk(struct buf *out, const char type[4], struct slice body)
{
	unsigned char word[4];
	uLong sum = crc32(0, (const Bytef *)type, 4);

	put_u32(word, (uint32_t)body.n);
	(void)buf_add(out, slice_of(word, 4));
	(void)buf_add(out, slice_of(type, 4));
	(void)buf_add(out, body);
	if (body.n)
		sum = crc32(sum, (const Bytef *)body.p, (uInt)body.n);
	put_u32(word, (uint32_t)sum);
	(void)buf_add(out, slice_of(word, 4));
}

/* One row of the smaller picture: each pixel is the mean of the source pixels
 * it covers, with whole-pixel borders. */
static void shrink_row(const unsigned char *pixels, uint32_t width, uint32_t height, uint32_t to_width,
		       uint32_t to_height, uint32_t y, unsigned char *row)
{
	const uint32_t top = (uint32_t)((uint64_t)y * height / to_height);
	uint32_t bottom = (uint32_t)((uint64_t)(y + 1) * height / to_height);

	if (bottom == top)
		bottom++;
	for (uint32_t x = 0; x < to_width; x++) {
		const uint32_t left = (uint32_t)((uint64_t)x * width / to_width);
		uint32_t right = (uint32_t)((uint64_t)(x + 1) * width / to_width);
		uint64_t sum = 0;

		if (right == left)
			right++;
		for (uint32_t v = top; v < bottom; v++)
			for (uint32_t u = left; u < right; u++)
				sum += pixels[(size_t)v * width + u];
		row[x] = (unsigned char)(sum / ((uint64_t)(bottom - top) * (right - left)));
	}
}

/* 8 bits to 4, two pixels a byte, the left one high. */
static void pack_row(const unsigned char *row, uint32_t width, unsigned char *packed)
{
	for (uint32_t x = 0; x < width; x += 2) {
		const unsigned left = (row[x] + 8u) / 17u;
		const unsigned right = x + 1 < width ? (row[x + 1] + 8u) / 17u : 0;

		packed[x / 2] = (unsigned char)(left << 4 | right);
	}
}

int png_grey(const unsigned char *pixels, uint32_t width, uint32_t height, uint32_t width_max,
	     struct buf *out, uint32_t *out_width, uint32_t *out_height, struct err *err)
{
	static const unsigned char signature[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' };
	scoped(memory_free) unsigned char *row = NULL;
	scoped(memory_free) unsigned char *raw = NULL;
	scoped(memory_free) unsigned char *packed = NULL;
	unsigned char head[13];
	uint32_t w = width, h = height;
	size_t stride;
	uLongf packed_size;

	if (!width || !height || width > SIDE_MAX || height > SIDE_MAX || !width_max)
		return err_set(err, ERR_LIMIT, "a picture of %u x %u pixels is not drawn", width, height);
	if (w > width_max) {
		h = (uint32_t)((uint64_t)height * width_max / width);
		w = width_max;
	}
	if (h > HEIGHT_MAX) {
		w = (uint32_t)((uint64_t)w * HEIGHT_MAX / h);
		h = HEIGHT_MAX;
	}
	if (!w)
		w = 1;
	if (!h)
		h = 1;
	stride = 1 + (w + 1) / 2;
	row = malloc(w);
	raw = malloc(stride * h);
	packed_size = compressBound((uLong)(stride * h));
	packed = malloc(packed_size);
	if (!row || !raw || !packed)
		return err_set(err, ERR_NO_MEMORY, "out of memory for a picture");
	for (uint32_t y = 0; y < h; y++) {
		raw[stride * y] = 0;      /* no filter: what suits line drawings */
		shrink_row(pixels, width, height, w, h, y, row);
		pack_row(row, w, raw + stride * y + 1);
	}
	if (compress2(packed, &packed_size, raw, (uLong)(stride * h), 9) != Z_OK)
		return err_set(err, ERR_FAILED, "a picture cannot be compressed");

	put_u32(head, w);
	put_u32(head + 4, h);
	memcpy(head + 8, "\4\0\0\0\0", 5);      /* 4 bits, grey, deflate, no filter set, not interlaced */
	(void)buf_add(out, slice_of(signature, sizeof signature));
	put_chunk(out, "IHDR", slice_of(head, sizeof head));
	put_chunk(out, "IDAT", slice_of(packed, packed_size));
	put_chunk(out, "IEND", slice_of(NULL, 0));
	if (buf_broken(out))
		return err_set(err, ERR_LIMIT, "a picture is too large for the page");
	*out_width = w;
	*out_height = h;
	return 0;
}
