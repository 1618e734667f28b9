/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pictures: their size, what is written beside the pixels, and the pixels as
 * 8-bit grey for another worker to read.  Size is looked at before anything
 * is decoded.  PNG, JPEG, GIF, TIFF, WebP and BMP by leptonica; TGA by tga.c.
 */
#include <leptonica/allheaders.h>
#include <libexif/exif-data.h>
#include <stdio.h>
#include <stdlib.h>

#include "examine/probes.h"
#include "examine/tga.h"

#define PIXELS_MAX (40u << 20)
#define CHUNKS_MAX 10000

static int prepare(void **state, struct err *err)
{
	(void)err;
	*state = NULL;
	(void)setMsgSeverity(L_SEVERITY_NONE);
	return 0;
}

static void say_size(struct worker *w, enum message_kind kind, uint32_t width, uint32_t height)
{
	struct message m = message_of(kind);

	m.width = width;
	m.height = height;
	worker_say(w, &m);
}

static void say_field(struct worker *w, const char *head, struct slice name, struct slice text)
{
	struct message m = message_of(MESSAGE_FIELD);
	char full[128];

	text = slice_trim(text);
	if (!text.n || !name.n)
		return;
	(void)snprintf(full, sizeof full, "%s%.*s", head, (int)(name.n > 79 ? 79 : name.n), name.p);
	m.name = slice_text(full);
	m.text = text;
	worker_say(w, &m);
}

/* ---------------------------------------------------------- EXIF ------ */

static struct slice exif_text(ExifData *exif, ExifIfd ifd, ExifTag tag)
{
	const ExifEntry *entry = exif_content_get_entry(exif->ifd[ifd], tag);
	struct slice text;

	if (!entry || entry->format != EXIF_FORMAT_ASCII || !entry->data)
		return slice_of("", 0);
	text = slice_of(entry->data, entry->size);
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '\0')
			return slice_head(text, i);
	return text;
}

static void say_exif(struct worker *w, const unsigned char *bytes, size_t n)
{
	static const struct {
		ExifIfd ifd;
		ExifTag tag, offset;
		const char *name;
	} times[] = {
		{ EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL, EXIF_TAG_OFFSET_TIME_ORIGINAL,
		  "DateTimeOriginal" },
		{ EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_DIGITIZED, EXIF_TAG_OFFSET_TIME_DIGITIZED,
		  "DateTimeDigitized" },
		{ EXIF_IFD_0, EXIF_TAG_DATE_TIME, EXIF_TAG_OFFSET_TIME, "DateTime" },
	};
	static const struct {
		ExifIfd ifd;
		ExifTag tag;
		const char *name;
	} fields[] = {
		{ EXIF_IFD_0, EXIF_TAG_SOFTWARE, "Software" },
		{ EXIF_IFD_0, EXIF_TAG_MAKE, "Make" },
		{ EXIF_IFD_0, EXIF_TAG_MODEL, "Model" },
		{ EXIF_IFD_0, EXIF_TAG_ARTIST, "Artist" },
		{ EXIF_IFD_0, EXIF_TAG_IMAGE_DESCRIPTION, "ImageDescription" },
		{ EXIF_IFD_0, EXIF_TAG_COPYRIGHT, "Copyright" },
		{ EXIF_IFD_EXIF, EXIF_TAG_BODY_SERIAL_NUMBER, "BodySerialNumber" },
	};
	ExifData *exif = exif_data_new_from_data(bytes, (unsigned)n);

	if (!exif)
		return;
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		struct message m = message_of(MESSAGE_TIME);

		m.text = exif_text(exif, times[i].ifd, times[i].tag);
		m.where = exif_text(exif, EXIF_IFD_EXIF, times[i].offset);
		m.name = slice_text(times[i].name);
		if (slice_trim(m.text).n)
			worker_say(w, &m);
	}
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		say_field(w, "exif:", slice_text(fields[i].name),
			  exif_text(exif, fields[i].ifd, fields[i].tag));
	exif_data_unref(exif);
}

/* A bare TIFF block needs the head that libexif expects. */
static void say_exif_block(struct worker *w, struct slice block)
{
	unsigned char *copy;

	if (slice_starts(block, SLICE("Exif\0\0"))) {
		say_exif(w, (const unsigned char *)block.p, block.n);
		return;
	}
	if (block.n > 1 << 20)
		return;
	copy = malloc(block.n + 6);
	if (!copy)
		return;
	memcpy(copy, "Exif\0\0", 6);
	memcpy(copy + 6, block.p, block.n);
	say_exif(w, copy, block.n + 6);
	free(copy);
}

/* ---------------------------------------------- PNG and WebP chunks --- */

static uint32_t big(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

static bool cut_zero(struct slice *rest, struct slice *head)
{
	return slice_cut(rest, '\0', head);
}

static void png_text(struct worker *w, struct slice type, struct slice body)
{
	struct slice name, skipped;

	if (slice_is(type, "eXIf")) {
		say_exif_block(w, body);
	} else if (slice_is(type, "tEXt") && cut_zero(&body, &name)) {
		say_field(w, "png:", name, body);
	} else if (slice_is(type, "iTXt") && cut_zero(&body, &name) && body.n >= 2 &&
		   body.p[0] == 0) {
		body = slice_skip(body, 2);
		if (cut_zero(&body, &skipped) && cut_zero(&body, &skipped))
			say_field(w, "png:", name, body);
	} else if (slice_is(type, "tIME") && body.n == 7) {
		const unsigned char *u = (const unsigned char *)body.p;
		char text[40];

		(void)snprintf(text, sizeof text, "%04u:%02u:%02u %02u:%02u:%02u", u[0] * 256u + u[1],
			       u[2], u[3], u[4], u[5], u[6]);
		say_field(w, "png:", type, slice_text(text));
	}
}

static void png_chunks(struct worker *w, struct slice s)
{
	s = slice_skip(s, 8);
	for (int i = 0; i < CHUNKS_MAX && s.n >= 12; i++) {
		const uint32_t n = big(s.p);

		if (n > s.n - 12)
			return;
		png_text(w, slice_of(s.p + 4, 4), slice_of(s.p + 8, n));
		s = slice_skip(s, 12 + (size_t)n);
	}
}

static void webp_chunks(struct worker *w, struct slice s)
{
	s = slice_skip(s, 12);
	for (int i = 0; i < CHUNKS_MAX && s.n >= 8; i++) {
		const unsigned char *u = (const unsigned char *)s.p + 4;
		const uint32_t n = u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 |
				   (uint32_t)u[3] << 24;

		if (n > s.n - 8)
			return;
		if (slice_starts(s, SLICE("EXIF")))
			say_exif_block(w, slice_of(s.p + 8, n));
		s = slice_skip(s, 8 + (size_t)n + (n & 1));
	}
}

/* -------------------------------------------------------- pixels ------ */

/* The size as the head declares it; false when there is none. */
static bool declared(struct slice s, uint32_t *width, uint32_t *height)
{
	const unsigned char *u = (const unsigned char *)s.p;
	l_int32 format, w = 0, h = 0, bits, samples, mapped;

	if (slice_starts(s, SLICE("GIF8")) && s.n >= 10) {
		*width = u[6] | (uint32_t)u[7] << 8;
		*height = u[8] | (uint32_t)u[9] << 8;
		return true;
	}
	if (pixReadHeaderMem(u, s.n, &format, &w, &h, &bits, &samples, &mapped) != 0 || w <= 0 || h <= 0)
		return false;
	*width = (uint32_t)w;
	*height = (uint32_t)h;
	return true;
}

static bool too_large(struct worker *w, uint32_t width, uint32_t height, uint64_t room)
{
	char why[96];

	if (width <= MESSAGE_SIDE_MAX && height <= MESSAGE_SIDE_MAX)
		say_size(w, MESSAGE_SIZE, width, height);
	if (width <= MESSAGE_SIDE_MAX && height <= MESSAGE_SIDE_MAX &&
	    (uint64_t)width * height <= PIXELS_MAX && (!room || (uint64_t)width * height <= room))
		return false;
	(void)snprintf(why, sizeof why, "%ux%u pixels are too many: not decoded", width, height);
	worker_partial(w, why);
	return true;
}

static void read_tga(const struct worker_input *input, const struct tga_head *head, struct worker *w)
{
	uint32_t rows;

	if (too_large(w, head->width, head->height, input->pixels_size) || !input->pixels)
		return;
	if (!tga_grey(input->bytes, head, input->pixels, &rows)) {
		char why[96];

		(void)snprintf(why, sizeof why, "the pixels end after %u of %u rows", rows, head->height);
		worker_partial(w, why);
	}
	say_size(w, MESSAGE_PIXELS, head->width, head->height);
}

static void read_pixels(const struct worker_input *input, struct worker *w)
{
	PIX *pix = pixReadMem((const l_uint8 *)input->bytes.p, input->bytes.n), *plain, *grey;
	l_int32 width, height;

	if (!pix) {
		worker_partial(w, "the pixels cannot be decoded");
		return;
	}
	plain = pixGetSpp(pix) == 4 ? pixRemoveAlpha(pix) : pixClone(pix);
	grey = plain ? pixConvertTo8(plain, 0) : NULL;
	if (grey) {
		(void)pixGetDimensions(grey, &width, &height, NULL);
		/* The head may have lied. */
		if ((uint64_t)width * (uint64_t)height <= input->pixels_size) {
			for (l_int32 y = 0; y < height; y++) {
				const l_uint32 *line = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey);

				for (l_int32 x = 0; x < width; x++)
					input->pixels[(size_t)y * (size_t)width + (size_t)x] =
						(unsigned char)GET_DATA_BYTE(line, x);
			}
			say_size(w, MESSAGE_PIXELS, (uint32_t)width, (uint32_t)height);
		} else {
			worker_partial(w, "the picture is larger than its head says: not decoded");
		}
	} else {
		worker_partial(w, "the pixels cannot be made grey");
	}
	pixDestroy(&grey);
	pixDestroy(&plain);
	pixDestroy(&pix);
}

static void read_picture(void *state, const struct worker_input *input, struct worker *w)
{
	const struct slice s = input->bytes;
	uint32_t width, height;
	struct tga_head tga;

	(void)state;
	/* Text first: it stays if decoding fails. */
	if (slice_starts(s, SLICE("\x89PNG\r\n\x1a\n")))
		png_chunks(w, s);
	else if (slice_starts(s, SLICE("RIFF")))
		webp_chunks(w, s);
	else if (slice_starts(s, SLICE("\xFF\xD8")))
		say_exif(w, (const unsigned char *)s.p, s.n);
	else if (slice_starts(s, SLICE("II*\0")) || slice_starts(s, SLICE("MM\0*")))
		say_exif_block(w, s);
	if (declared(s, &width, &height)) {
		if (!too_large(w, width, height, input->pixels_size) && input->pixels)
			read_pixels(input, w);
	} else if (tga_look(s, &tga)) {
		read_tga(input, &tga, w);
	} else {
		worker_partial(w, "no picture head that is understood");
	}
}

const struct probe probe_picture = {
	.name = "picture",
	.summary = "pictures: size, EXIF, pixels",
	.budget = { .wall_ms = 30000, .cpu_s = 20, .memory = 768u << 20, .answer = 4u << 20 },
	.prepare = prepare,
	.read = read_picture,
};
