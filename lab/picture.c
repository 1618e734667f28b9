/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pictures: layout sheets with notes, drawings without, photographs.
 *
 * Written as PNG (cairo, with a tEXt chunk added), JPEG (libjpeg, with a COM
 * marker and where wanted EXIF) or TGA (run-length coded, own writer, mark in
 * the image ID), by the ending of the path.
 */
#include "lab.h"

#include <assert.h>
#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <jpeglib.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct canvas {
	cairo_surface_t *surface;
	cairo_t *cr;
	int w, h;
};

static struct canvas canvas_new(int w, int h)
{
	struct canvas c = { .w = w, .h = h };

	c.surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
	c.cr = cairo_create(c.surface);
	if (cairo_status(c.cr) != CAIRO_STATUS_SUCCESS)
		fatal("cannot draw: %s", cairo_status_to_string(cairo_status(c.cr)));
	cairo_set_source_rgb(c.cr, 1, 1, 1);
	cairo_paint(c.cr);
	cairo_set_line_cap(c.cr, CAIRO_LINE_CAP_ROUND);
	return c;
}

static void canvas_free(struct canvas *c)
{
	cairo_destroy(c->cr);
	cairo_surface_destroy(c->surface);
}

static const uint32_t *row_of(struct canvas *c, int y)
{
	return (const uint32_t *)(const void *)(cairo_image_surface_get_data(c->surface) +
						y * cairo_image_surface_get_stride(c->surface));
}

/* ---- file formats ---- */

static cairo_status_t png_sink(void *to, const unsigned char *data, unsigned len)
{
	bytes_add(to, data, len);
	return CAIRO_STATUS_SUCCESS;
}

static void save_png(struct canvas *c, struct bytes *out)
{
	static const char text[] = "tEXtComment\0" LAB_MARK;
	const size_t head = 8 + 25;             /* signature and IHDR */
	struct bytes plain = { 0 };

	if (cairo_surface_write_to_png_stream(c->surface, png_sink, &plain) != CAIRO_STATUS_SUCCESS)
		fatal("cannot write a PNG");
	bytes_add(out, plain.data, head);
	bytes_be(out, sizeof text - 1 - 4, 4);
	bytes_add(out, text, sizeof text - 1);
	bytes_be(out, (uint32_t)crc32(0, (const unsigned char *)text, sizeof text - 1), 4);
	bytes_add(out, plain.data + head, plain.len - head);
	bytes_done(&plain);
}

struct exif_text {
	unsigned tag;
	const char *value;
};

static void exif_ifd(struct bytes *tiff, const struct exif_text *texts, int count, uint32_t sub_ifd)
{
	int entries = count + (sub_ifd != 0);
	uint32_t at = (uint32_t)tiff->len + 2 + 12 * (uint32_t)entries + 4;

	bytes_le(tiff, (uint32_t)entries, 2);
	for (int i = 0; i < count; i++) {
		uint32_t len = (uint32_t)strlen(texts[i].value) + 1;

		bytes_le(tiff, texts[i].tag, 2);
		bytes_le(tiff, 2, 2);
		bytes_le(tiff, len, 4);
		bytes_le(tiff, at, 4);
		at += len;
	}
	if (sub_ifd != 0) {
		bytes_le(tiff, 0x8769, 2);
		bytes_le(tiff, 4, 2);
		bytes_le(tiff, 1, 4);
		bytes_le(tiff, at, 4);
	}
	bytes_le(tiff, 0, 4);
	for (int i = 0; i < count; i++)
		bytes_add(tiff, texts[i].value, strlen(texts[i].value) + 1);
}

/* All values are longer than four bytes, so each sits behind its directory. */
static void exif_block(const char *when, const char *zone, const char *software, struct bytes *out)
{
	const struct exif_text outer[] = {
		{ 0x010e, LAB_MARK }, { 0x0131, software }, { 0x0132, when },
	};
	const struct exif_text inner[] = { { 0x9003, when }, { 0x9010, zone }, { 0x9011, zone } };

	bytes_add(out, "II*\0\10\0\0\0", 8);
	exif_ifd(out, outer, 3, 1);
	exif_ifd(out, inner, 3, 0);
}

static void save_jpeg(struct canvas *c, int quality, const struct bytes *exif, struct bytes *out)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	unsigned char *data = NULL, *line = malloc((size_t)c->w * 3);
	unsigned long len = 0;

	if (line == NULL)
		fatal("out of memory");
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, &data, &len);
	jpeg.image_width = (unsigned)c->w;
	jpeg.image_height = (unsigned)c->h;
	jpeg.input_components = 3;
	jpeg.in_color_space = JCS_RGB;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, quality, TRUE);
	jpeg_start_compress(&jpeg, TRUE);
	if (exif != NULL) {
		struct bytes app = { 0 };

		bytes_add(&app, "Exif\0", 6);
		bytes_add(&app, exif->data, exif->len);
		jpeg_write_marker(&jpeg, JPEG_APP0 + 1, app.data, (unsigned)app.len);
		bytes_done(&app);
	}
	jpeg_write_marker(&jpeg, JPEG_COM, (const unsigned char *)LAB_MARK, sizeof LAB_MARK - 1);
	for (int y = 0; y < c->h; y++) {
		const uint32_t *p = row_of(c, y);

		for (int x = 0; x < c->w; x++) {
			line[3 * x] = p[x] >> 16 & 255;
			line[3 * x + 1] = p[x] >> 8 & 255;
			line[3 * x + 2] = p[x] & 255;
		}
		jpeg_write_scanlines(&jpeg, &line, 1);
	}
	jpeg_finish_compress(&jpeg);
	bytes_add(out, data, len);
	jpeg_destroy_compress(&jpeg);
	free(data);
	free(line);
}

static void save_tga(struct canvas *c, struct bytes *out)
{
	bytes_byte(out, sizeof LAB_MARK - 1);
	bytes_byte(out, 0);
	bytes_byte(out, 10);                    /* run-length coded true colour */
	bytes_le(out, 0, 4);                    /* no colour map */
	bytes_le(out, 0, 1);
	bytes_le(out, 0, 4);
	bytes_le(out, (uint32_t)c->w, 2);
	bytes_le(out, (uint32_t)c->h, 2);
	bytes_byte(out, 24);
	bytes_byte(out, 0x20);                  /* from the top */
	bytes_add(out, LAB_MARK, sizeof LAB_MARK - 1);
	for (int y = 0; y < c->h; y++) {
		const uint32_t *p = row_of(c, y);

		for (int x = 0; x < c->w; ) {
			int run = 1;

			while (run < 128 && x + run < c->w && (p[x + run] & 0xffffff) == (p[x] & 0xffffff))
				run++;
			bytes_byte(out, 0x80u | (unsigned)(run - 1));
			bytes_le(out, p[x] & 0xffffff, 3);
			x += run;
		}
	}
}

static bool ends_with(const char *path, const char *end)
{
	size_t n = strlen(path), m = strlen(end);

	return n >= m && strcmp(path + n - m, end) == 0;
}

static void save(struct canvas *c, const char *path, struct bytes *out)
{
	cairo_surface_flush(c->surface);
	if (ends_with(path, ".png"))
		save_png(c, out);
	if (ends_with(path, ".jpg"))
		save_jpeg(c, 88, NULL, out);
	if (ends_with(path, ".tga"))
		save_tga(c, out);
	if (out->len == 0)
		fatal("no way to write the picture '%s'", path);
}

/* ---- text ---- */

static PangoLayout *layout_new(cairo_t *cr, const char *font, int px, int width, const char *text)
{
	PangoLayout *layout = pango_cairo_create_layout(cr);
	PangoFontDescription *desc = pango_font_description_from_string(font);

	pango_font_description_set_absolute_size(desc, px * PANGO_SCALE);
	pango_layout_set_font_description(layout, desc);
	pango_font_description_free(desc);
	if (width > 0) {
		pango_layout_set_width(layout, width * PANGO_SCALE);
		pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	}
	pango_layout_set_line_spacing(layout, 1.1F);
	pango_layout_set_text(layout, text, -1);
	return layout;
}

/* Writes at (x, y), wrapped to `width`; says which pixels the ink covers. */
static struct box write_text(cairo_t *cr, const char *font, int px, int x, int y, int width, const char *text)
{
	PangoLayout *layout = layout_new(cr, font, px, width, text);
	PangoRectangle ink;
	struct box box;

	cairo_move_to(cr, x, y);
	pango_cairo_show_layout(cr, layout);
	cairo_new_path(cr);             /* it leaves a current point behind */
	pango_layout_get_pixel_extents(layout, &ink, NULL);
	g_object_unref(layout);
	box = (struct box){ x + ink.x, y + ink.y, ink.width, ink.height };
	return box;
}

static int lines_of(cairo_t *cr, const char *font, int px, int width, const char *text)
{
	PangoLayout *layout = layout_new(cr, font, px, width, text);
	int n = pango_layout_get_line_count(layout);

	g_object_unref(layout);
	return n;
}

/*
 * A hand breaks Korean between words, Pango anywhere between syllables: where
 * the text is too wide for one line, its first line ends at the last space
 * that fits.
 */
static const char *break_korean(cairo_t *cr, const char *font, int px, int width, const char *text)
{
	char *broken = keepf("%s", text);
	size_t last = 0;

	if (lines_of(cr, font, px, width, text) == 1)
		return text;
	for (size_t i = 0; text[i] != '\0'; i++) {
		if (text[i] == ' ' && lines_of(cr, font, px, width, keepf("%.*s", (int)i, text)) == 1)
			last = i;
	}
	if (last > 0)
		broken[last] = '\n';
	return broken;
}

/*
 * A font that is missing would be replaced without a word: other pixels, and a
 * truth that names the wrong face.
 */
void picture_check_fonts(void)
{
	static const char *const needed[] = {
		"DejaVu Sans", "Noto Sans CJK SC", "LXGW WenKai", "AR PL UKai CN",
		"NanumGothic", "NanumMyeongjo", "NanumBarunGothic", "UnPilgi",
	};
	PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());

	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
		PangoFontDescription *want = pango_font_description_from_string(needed[i]), *got = NULL;
		PangoFont *font;

		pango_font_description_set_absolute_size(want, 30 * PANGO_SCALE);
		font = pango_context_load_font(context, want);
		got = font ? pango_font_describe(font) : NULL;
		if (got == NULL || strcmp(pango_font_description_get_family(got), needed[i]) != 0)
			fatal("the font '%s' is not installed (scripts/install-deps installs it)", needed[i]);
		pango_font_description_free(got);
		pango_font_description_free(want);
		g_object_unref(font);
	}
	g_object_unref(context);
}

/* ---- layout sheets ---- */

static const char *const fonts_zh[] = { "Noto Sans CJK SC", "LXGW WenKai", "Noto Sans CJK SC", "LXGW WenKai" };
static const char *const fonts_ko[] = { "NanumGothic", "NanumMyeongjo", "NanumBarunGothic", "NanumGothic" };

static void header(struct canvas *c, const struct entry *e)
{
	cairo_t *cr = c->cr;
	const struct title *t = e->title;
	const char *cells[6];
	int count = 0, x = 30;

	if (t->header != NULL)
		cells[count++] = t->header;
	cells[count++] = keepf("%s %d", t->code, e->episode);
	cells[count++] = keepf("CUT C%03d", e->cut);
	cells[count++] = e->stage;
	cells[count++] = keepf("TIME %d+%02d", 2 + e->cut % 4, e->cut * 7 % 24);

	cairo_set_source_rgb(cr, 0.15, 0.15, 0.15);
	for (int i = 0; i < count; i++) {
		struct box b = write_text(cr, "DejaVu Sans Bold", 24, x + 14, 28, 0, cells[i]);

		cairo_set_line_width(cr, 1.5);
		cairo_rectangle(cr, x + 0.5, 18.5, b.w + 30, 48);
		cairo_stroke(cr);
		x += b.w + 30;
	}
	if (t->owner != NULL)
		(void)write_text(cr, "DejaVu Sans", 20, 32, 72, 0, keepf("(C) %s", t->owner));
}

static void peg_holes(struct canvas *c)
{
	double x = c->w / 2.0, y = c->h - 20;

	cairo_set_source_rgb(c->cr, 0.55, 0.55, 0.55);
	cairo_set_line_width(c->cr, 1.5);
	cairo_arc(c->cr, x, y, 8, 0, 2 * M_PI);
	cairo_stroke(c->cr);
	for (int side = -1; side <= 1; side += 2) {
		cairo_rectangle(c->cr, x + side * 220 - 22, y - 6, 44, 12);
		cairo_stroke(c->cr);
	}
}

static void frame_marks(cairo_t *cr, struct box f)
{
	cairo_set_source_rgb(cr, 0.25, 0.25, 0.3);
	cairo_set_line_width(cr, 2);
	cairo_rectangle(cr, f.x, f.y, f.w, f.h);
	cairo_stroke(cr);
	cairo_set_source_rgb(cr, 0.6, 0.75, 0.9);
	cairo_set_line_width(cr, 1);
	cairo_rectangle(cr, f.x + f.w * 0.05, f.y + f.h * 0.05, f.w * 0.9, f.h * 0.9);
	cairo_stroke(cr);
	cairo_set_source_rgb(cr, 0.25, 0.25, 0.3);
	for (int i = 0; i < 4; i++) {           /* registration crosses */
		double x = f.x + (i % 2 ? f.w + 12 : -12), y = f.y + (i / 2 ? f.h + 12 : -12);

		cairo_move_to(cr, x - 7, y);
		cairo_line_to(cr, x + 7, y);
		cairo_move_to(cr, x, y - 7);
		cairo_line_to(cr, x, y + 7);
		cairo_stroke(cr);
	}
}

struct note_style {
	const char *font_zh, *font_ko;
	int px;
	bool hard, over_art;
};

static struct note_style note_style(struct rng *rng, bool over_art)
{
	struct note_style s = {
		.font_zh = fonts_zh[rng_int(rng, 0, 3)],
		.font_ko = fonts_ko[rng_int(rng, 0, 3)],
		.px = rng_int(rng, 31, 42),
	};

	s.over_art = over_art;
	s.hard = rng_chance(rng, 6) && !over_art;
	if (s.hard) {                           /* a hand, not a printing face */
		s.font_zh = "AR PL UKai CN";
		s.font_ko = "UnPilgi";
		s.px = rng_int(rng, 34, 44);
	}
	return s;
}

static void ink_colour(cairo_t *cr, int which)
{
	static const double inks[3][3] = { { 0.75, 0.05, 0.08 }, { 0.06, 0.14, 0.6 }, { 0.08, 0.08, 0.08 } };

	cairo_set_source_rgb(cr, inks[which][0], inks[which][1], inks[which][2]);
}

/* From the note to a ring round what it is about. */
static void leader(cairo_t *cr, struct rng *rng, struct box frame, int x, int y, int colour)
{
	double rx = frame.x + frame.w * rng_real(rng, 0.35, 0.8), ry = frame.y + frame.h * rng_real(rng, 0.2, 0.7);
	double r = rng_real(rng, 26, 48), a = atan2(y - ry, x - rx);

	ink_colour(cr, colour);
	cairo_set_line_width(cr, 1.6);
	cairo_arc(cr, rx, ry, r, 0, 2 * M_PI);
	cairo_stroke(cr);
	cairo_move_to(cr, rx + cos(a) * r, ry + sin(a) * r);
	cairo_line_to(cr, x, y);
	cairo_stroke(cr);
}

/* On the paper, and clear of the peg holes at its foot. */
static bool inside(struct box b, const struct canvas *c)
{
	return b.x >= 0 && b.y >= 0 && b.x + b.w <= c->w && b.y + b.h <= c->h - 30;
}

/* Chinese at (x, y), the translation under it or to its right; returns where the next may begin. */
static int write_pair(struct entry_content *c, struct canvas *canvas, struct note_style s, int phrase,
		      struct box room, bool beside, int colour)
{
	const char *zh = phrases[phrase].zh, *ko = phrases[phrase].ko;
	int width = beside ? room.w / 2 - 24 : room.w;
	struct pair pair = { .path = c->entry->path, .where = "picture", .zh = zh, .ko = ko,
			     .font_zh = s.font_zh, .font_ko = s.font_ko, .over_art = s.over_art };

	while (s.px > 26 && (lines_of(canvas->cr, s.font_zh, s.px, width, zh) > 2 ||
			     lines_of(canvas->cr, s.font_ko, s.px, width, break_korean(canvas->cr, s.font_ko, s.px, width, ko)) > 2))
		s.px--;
	ko = break_korean(canvas->cr, s.font_ko, s.px, width, ko);
	pair.px = s.px;
	ink_colour(canvas->cr, colour);
	pair.zh_box = write_text(canvas->cr, s.font_zh, s.px, room.x, room.y, width, zh);
	pair.ko_box = beside
		? write_text(canvas->cr, s.font_ko, s.px, room.x + room.w / 2, room.y, width, ko)
		: write_text(canvas->cr, s.font_ko, s.px, room.x, pair.zh_box.y + pair.zh_box.h + s.px * 6 / 10, width, ko);
	assert(inside(pair.zh_box, canvas) && inside(pair.ko_box, canvas));
	if (c->version == 0)
		lab_pair(c->lab, pair);
	if (pair.ko_box.y + pair.ko_box.h > pair.zh_box.y + pair.zh_box.h)
		return pair.ko_box.y + pair.ko_box.h;
	return pair.zh_box.y + pair.zh_box.h;
}

/* The innocent studio writes to itself, in one language. */
static int write_southern(struct canvas *canvas, struct note_style s, int phrase, struct box room, int colour)
{
	struct box b;

	ink_colour(canvas->cr, colour);
	b = write_text(canvas->cr, s.hard ? "NanumGothic" : s.font_ko, s.px, room.x, room.y, room.w,
		       southern_phrases[phrase % southern_phrases_count]);
	return b.y + b.h;
}

void picture_sheet(struct entry_content *c, struct bytes *out)
{
	static const int sizes[4][2] = { { 1280, 720 }, { 1440, 810 }, { 1600, 900 }, { 1500, 860 } };
	struct entry *e = c->entry;
	struct rng rng = rng_from(c->lab->seed, e->path);
	struct rng art = rng_from(c->lab->seed, keepf("%s version %d", e->path, c->version));
	const int *size = sizes[rng_int(&rng, 0, 3)];
	bool over = rng_chance(&rng, 4) && !c->lab->control;    /* the first note is written over faint art */
	bool below = rng_chance(&rng, 3) && !over;              /* notes under the drawing, side by side */
	struct canvas canvas = canvas_new(size[0], size[1]);
	struct note_style styles[2] = { note_style(&rng, over), note_style(&rng, false) };
	struct box frame, room;
	int next;

	cairo_set_source_rgb(canvas.cr, 0.985, 0.98, 0.965);
	cairo_paint(canvas.cr);
	header(&canvas, e);
	peg_holes(&canvas);
	frame = below ? (struct box){ 50, 120, canvas.w - 100, canvas.h * (e->phrases_count > 1 ? 44 : 54) / 100 - 70 }
		      : (struct box){ 50, 120, canvas.w * 54 / 100, canvas.h - 190 };
	room = below ? (struct box){ 60, frame.y + frame.h + 30, canvas.w - 120, 0 }
		     : (struct box){ frame.x + frame.w + 60, 140, canvas.w - frame.x - frame.w - 90, 0 };
	draw_scene(canvas.cr, &art, frame, over ? 0.28 : 1);
	frame_marks(canvas.cr, frame);

	next = room.y;
	for (int i = 0; i < e->phrases_count; i++) {
		int colour = rng_int(&rng, 0, 2);

		room.y = next;
		if (c->lab->control) {
			next = write_southern(&canvas, styles[i], e->phrases[i], room, colour) + 40;
			continue;
		}
		if (styles[i].over_art) {
			struct box inside = { frame.x + 40, frame.y + frame.h * 2 / 5, frame.w - 80, 0 };

			(void)write_pair(c, &canvas, styles[i], e->phrases[i], inside, false, 2);
			continue;
		}
		if (!below)
			leader(canvas.cr, &rng, frame, room.x - 14, room.y + 20, colour);
		next = write_pair(c, &canvas, styles[i], e->phrases[i], room, below, colour) + (below ? 26 : 60);
	}
	save(&canvas, e->path, out);
	canvas_free(&canvas);
}

/* Answers, cels and studies: a drawing and no word. */
void picture_drawing(struct entry_content *c, struct bytes *out)
{
	struct rng art = rng_from(c->lab->seed, keepf("%s version %d", c->entry->path, c->version));
	struct canvas canvas = canvas_new(640, 360);
	struct box frame = { 20, 16, 600, 328 };

	switch (c->entry->maker) {
	case MAKE_CEL:
		draw_figure(canvas.cr, &art, rng_real(&art, 240, 400), 330, rng_real(&art, 250, 310), 1,
			    rng_real(&art, -1, 1));
		break;
	case MAKE_HORSE:
		draw_horse(canvas.cr, &art, frame, 0.9);
		break;
	default:
		draw_scene(canvas.cr, &art, frame, 1);
		cairo_set_source_rgb(canvas.cr, 0.3, 0.3, 0.3);
		cairo_set_line_width(canvas.cr, 1.5);
		cairo_rectangle(canvas.cr, frame.x, frame.y, frame.w, frame.h);
		cairo_stroke(canvas.cr);
	}
	save(&canvas, c->entry->path, out);
	canvas_free(&canvas);
}

/* Sky, hills, something in front, and grain: what a camera makes of a street or a field. */
void picture_photo(struct entry_content *c, struct bytes *out)
{
	struct rng rng = rng_from(c->lab->seed, c->entry->path);
	struct canvas canvas = canvas_new(960, 640);
	const char *zone = c->entry->zone;
	struct bytes exif = { 0 };
	cairo_pattern_t *sky = cairo_pattern_create_linear(0, 0, 0, canvas.h);
	time_t taken = c->time - rng_int(&rng, 15, 90) * 60 + (zone[2] == '9' ? 9 : 8) * 3600;
	char when[32];
	struct tm tm;

	cairo_pattern_add_color_stop_rgb(sky, 0, rng_real(&rng, 0.4, 0.6), rng_real(&rng, 0.6, 0.75), 0.9);
	cairo_pattern_add_color_stop_rgb(sky, 0.6, 0.9, 0.88, rng_real(&rng, 0.75, 0.9));
	cairo_pattern_add_color_stop_rgb(sky, 1, 0.35, 0.32, 0.25);
	cairo_set_source(canvas.cr, sky);
	cairo_paint(canvas.cr);
	cairo_pattern_destroy(sky);
	for (int i = 0; i < 9; i++) {
		double x = rng_real(&rng, -60, 900), w = rng_real(&rng, 90, 260), h = rng_real(&rng, 100, 330);
		double shade = rng_real(&rng, 0.25, 0.7);

		cairo_set_source_rgb(canvas.cr, shade, shade * rng_real(&rng, 0.85, 1), shade * rng_real(&rng, 0.7, 1));
		cairo_rectangle(canvas.cr, x, canvas.h * 0.72 - h, w, h);
		cairo_fill(canvas.cr);
	}
	cairo_set_source_rgb(canvas.cr, 0.38, 0.4, 0.33);
	cairo_rectangle(canvas.cr, 0, canvas.h * 0.72, canvas.w, canvas.h * 0.28);
	cairo_fill(canvas.cr);
	cairo_surface_flush(canvas.surface);
	for (int y = 0; y < canvas.h; y++) {
		uint32_t *p = (uint32_t *)(uintptr_t)row_of(&canvas, y);

		for (int x = 0; x < canvas.w; x++) {
			int grain = (int)(rng_next(&rng) % 13) - 6;
			uint32_t pixel = 0;

			for (int k = 16; k >= 0; k -= 8) {
				int v = (int)(p[x] >> k & 255) + grain;

				pixel = pixel << 8 | (uint32_t)(v < 0 ? 0 : v > 255 ? 255 : v);
			}
			p[x] = pixel;
		}
	}
	cairo_surface_mark_dirty(canvas.surface);
	gmtime_r(&taken, &tm);
	strftime(when, sizeof when, "%Y:%m:%d %H:%M:%S", &tm);
	exif_block(when, zone, "xsheet-lab camera 1.0", &exif);
	save_jpeg(&canvas, 72, &exif, out);
	bytes_done(&exif);
	canvas_free(&canvas);
}

void picture_done(void)
{
	pango_cairo_font_map_set_default(NULL);
	cairo_debug_reset_static_data();
	FcFini();
}
