/* SPDX-License-Identifier: Apache-2.0 */
#include "examine/tga.h"

#define HEAD 18
#define FOOTER 26

static unsigned at8(struct slice s, size_t i)
{
	return (unsigned char)s.p[i];
}

static unsigned at16(struct slice s, size_t i)
{
	return at8(s, i) | at8(s, i + 1) << 8;
}

bool tga_signed(struct slice bytes)
{
	return bytes.n >= HEAD + FOOTER && slice_ends(bytes, SLICE("TRUEVISION-XFILE.\0"));
}

static size_t bytes_of(size_t bits)
{
	return (bits + 7) / 8;
}

bool tga_look(struct slice s, struct tga_head *out)
{
	struct tga_head h = { 0 };
	unsigned map_type, kind, descriptor;

	if (s.n < HEAD + 1)
		return false;
	map_type = at8(s, 1);
	h.type = at8(s, 2);
	h.map_first = at16(s, 3);
	h.map_count = at16(s, 5);
	h.map_bits = at8(s, 7);
	h.width = at16(s, 12);
	h.height = at16(s, 14);
	h.bits = at8(s, 16);
	descriptor = at8(s, 17);
	kind = h.type & 7u;
	if ((h.type & ~8u) != kind || kind < 1 || kind > 3 || map_type > 1)
		return false;
	if (h.width == 0 || h.height == 0 || h.width > TGA_SIDE_MAX || h.height > TGA_SIDE_MAX)
		return false;
	if ((descriptor & 0xC0) || (descriptor & 15u) > 8)
		return false;
	if (kind == 1 && (map_type != 1 || h.bits != 8 || h.map_count == 0 ||
			  h.map_first + h.map_count > 256))
		return false;
	if (kind == 2 && h.bits != 15 && h.bits != 16 && h.bits != 24 && h.bits != 32)
		return false;
	if (kind == 3 && h.bits != 8 && h.bits != 16)
		return false;
	if (map_type == 1 && h.map_bits != 15 && h.map_bits != 16 && h.map_bits != 24 &&
	    h.map_bits != 32)
		return false;
	if (map_type == 0 && h.map_count)
		return false;
	h.right_to_left = descriptor & 0x10;
	h.top_down = descriptor & 0x20;
	h.map = HEAD + at8(s, 0);
	h.pixels = h.map + (map_type ? h.map_count * bytes_of(h.map_bits) : 0);
	if (h.pixels >= s.n)
		return false;
	/* Not run-length coded: all pixels must be there.  Coded: one byte in
	 * 128 pixels at least. */
	if (!(h.type & 8u) &&
	    (s.n - h.pixels) / bytes_of(h.bits) < (uint64_t)h.width * h.height)
		return false;
	if ((h.type & 8u) && (s.n - h.pixels) * 128 < (uint64_t)h.width * h.height)
		return false;
	*out = h;
	return true;
}

static unsigned char grey_of(unsigned r, unsigned g, unsigned b, unsigned a)
{
	const unsigned y = (r * 299 + g * 587 + b * 114) / 1000;

	return (unsigned char)((y * a + 255 * (255 - a)) / 255);
}

/* One pixel or map entry of `bits`, at p. */
static unsigned char colour(const unsigned char *p, size_t bits, bool alpha)
{
	const unsigned two = p[0] | (bits > 8 ? (unsigned)p[1] << 8 : 0);

	switch (bits) {
	case 8:
		return p[0];
	case 15:
	case 16:
		return grey_of((two >> 10 & 31) * 255 / 31, (two >> 5 & 31) * 255 / 31,
			       (two & 31) * 255 / 31, 255);
	case 24:
		return grey_of(p[2], p[1], p[0], 255);
	default:
		return grey_of(p[2], p[1], p[0], alpha ? p[3] : 255);
	}
}

struct reader {
	struct slice bytes;
	const struct tga_head *head;
	unsigned char map[256];
	bool alpha;
};

static unsigned char pixel(const struct reader *r, size_t at)
{
	const unsigned char *p = (const unsigned char *)r->bytes.p + at;

	switch (r->head->type & 7u) {
	case 1:
		return r->map[p[0]];
	case 3:
		return p[0];
	default:
		return colour(p, r->head->bits, r->alpha);
	}
}

static void map_read(struct reader *r)
{
	const struct tga_head *h = r->head;

	memset(r->map, 255, sizeof r->map);
	for (size_t i = 0; (h->type & 7u) == 1 && i < h->map_count; i++)
		r->map[h->map_first + i] = colour((const unsigned char *)r->bytes.p + h->map +
						  i * bytes_of(h->map_bits), h->map_bits, false);
}

/* An alpha channel that is zero everywhere means "none": many programs write it so. */
static bool alpha_used(struct slice s, const struct tga_head *h)
{
	if (h->bits != 32 || (h->type & 7u) != 2 || !(at8(s, 17) & 15u))
		return false;
	if (h->type & 8u)
		return true;
	for (uint64_t i = 0; i < (uint64_t)h->width * h->height; i++)
		if (at8(s, h->pixels + i * 4 + 3))
			return true;
	return false;
}

bool tga_grey(struct slice s, const struct tga_head *h, unsigned char *to, uint32_t *rows)
{
	const uint64_t all = (uint64_t)h->width * h->height;
	const size_t size = bytes_of(h->bits);
	struct reader r = { .bytes = s, .head = h, .alpha = alpha_used(s, h) };
	uint64_t done = 0;
	size_t at = h->pixels;

	map_read(&r);
	memset(to, 255, all);
	while (done < all) {
		uint64_t run = all - done;
		bool same = false;

		if (h->type & 8u) {
			if (at >= s.n)
				break;
			same = at8(s, at) & 0x80;
			run = (at8(s, at) & 0x7Fu) + 1;
			at++;
			if (run > all - done)
				run = all - done;
		}
		if (s.n - at < (same ? size : run * size))
			run = same ? 0 : (s.n - at) / size;
		if (run == 0)
			break;
		for (uint64_t i = 0; i < run; i++, done++) {
			const uint64_t column = done % h->width, row = done / h->width;
			const uint64_t x = h->right_to_left ? h->width - 1 - column : column;
			const uint64_t y = h->top_down ? row : h->height - 1 - row;

			to[y * h->width + x] = pixel(&r, at);
			if (!same)
				at += size;
		}
		if (same)
			at += size;
	}
	*rows = (uint32_t)(done / h->width);
	return done == all;
}
