/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads what is written in a picture.  Sees grey pixels, never a file.
 *
 * Our own finder says where lines are; each is then read by one model for
 * Chinese and one for Korean, and the answer that is sure of itself and
 * writes in its own script is kept.  One model over the whole page, or both
 * models as one engine, reads notes on drawings half as well (measured:
 * bench/ocr).  Lines without conviction are dropped: art is no text.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <tesseract/capi.h>
#include <unicode/uscript.h>

#include "base/fd.h"
#include "base/hash.h"
#include "base/text.h"
#include "examine/lines.h"
#include "examine/probes.h"
#include "examine/script.h"
#include "examine/textline.h"

#define MODELS 2
#define HEIGHT 40            /* pixels a line is scaled to; the models were trained near that */
#define BORDER 10
#define SURE_MIN 0.50        /* below that a reading is dropped */

struct model {
	const char *name;
	UScriptCode script;
};
static const struct model models[MODELS] = {
	{ "chi_sim", USCRIPT_HAN },
	{ "kor", USCRIPT_HANGUL },
};

struct ocr {
	TessBaseAPI *engine[MODELS];
};

static TessBaseAPI *engine_open(const char *name)
{
	TessBaseAPI *engine = TessBaseAPICreate();

	if (!engine)
		return NULL;
	if (TessBaseAPIInit2(engine, NULL, name, OEM_LSTM_ONLY) != 0) {
		TessBaseAPIDelete(engine);
		return NULL;
	}
	TessBaseAPISetPageSegMode(engine, PSM_SINGLE_LINE);
	return engine;
}

static int prepare(void **state, struct err *err)
{
	struct ocr *ocr = calloc(1, sizeof *ocr);
	int r = script_prepare(err);

	if (r < 0 || !ocr) {
		free(ocr);
		return r < 0 ? r : err_set(err, ERR_NO_MEMORY, "no memory");
	}
	for (int i = 0; i < MODELS; i++) {
		ocr->engine[i] = engine_open(models[i].name);
		if (!ocr->engine[i])
			return err_set(err, ERR_NOT_FOUND,
				       "Tesseract has no model '%s'; install its data or set TESSDATA_PREFIX",
				       models[i].name);
	}
	*state = ocr;
	return 0;
}

static int identify(struct buf *json, struct err *err)
{
	(void)buf_printf(json, "{\"engine\":\"tesseract %s\",\"models\":{", TessVersion());
	for (int i = 0; i < MODELS; i++) {
		scoped(buf_done) struct buf bytes = buf_limited(256u << 20);
		TessBaseAPI *engine = engine_open(models[i].name);
		char path[4096], hex[SHA256_HEX];
		struct sha256 hash;
		int r;

		if (!engine)
			return err_set(err, ERR_NOT_FOUND, "no model '%s'", models[i].name);
		(void)snprintf(path, sizeof path, "%s/%s.traineddata",
			       TessBaseAPIGetDatapath(engine), models[i].name);
		TessBaseAPIDelete(engine);
		r = file_read(path, &bytes, err);
		if (r < 0)
			return r;
		hash = sha256_of(buf_slice(&bytes));
		sha256_hex(&hash, hex);
		(void)buf_printf(json, "%s\"%s\":\"%s\"", i ? "," : "", models[i].name, hex);
	}
	return buf_text(json, "}}");
}

/* ---------------------------------------------------- one line -------- */

struct crop {
	unsigned char *grey;
	int width, height;
};

/* The line with a margin, dark on light, scaled to HEIGHT, on white. */
static bool crop_line(const struct worker_input *input, const struct textline *line, struct crop *out)
{
	const int pad = line->height / 8 + 1;
	const int x0 = line->x - pad, y0 = line->y - pad;
	const int from_w = line->width + 2 * pad, from_h = line->height + 2 * pad;
	const double scale = (double)HEIGHT / from_h;
	const int w = (int)ceil(from_w * scale), h = HEIGHT;
	const int W = (int)input->width, H = (int)input->height;

	out->width = w + 2 * BORDER;
	out->height = h + 2 * BORDER;
	out->grey = malloc((size_t)out->width * (size_t)out->height);
	if (!out->grey)
		return false;
	memset(out->grey, 255, (size_t)out->width * (size_t)out->height);
	for (int y = 0; y < h; y++) {
		for (int x = 0; x < w; x++) {
			/* The mean of what falls on this pixel; at least 2x2 samples. */
			const int n = (scale < 1 ? (int)ceil(1 / scale) : 1) + 1;
			unsigned sum = 0;

			for (int j = 0; j < n; j++)
				for (int i = 0; i < n; i++) {
					int sx = x0 + (int)((x + (i + 0.5) / n) / scale);
					int sy = y0 + (int)((y + (j + 0.5) / n) / scale);

					sx = sx < 0 ? 0 : sx >= W ? W - 1 : sx;
					sy = sy < 0 ? 0 : sy >= H ? H - 1 : sy;
					sum += input->pixels[(size_t)sy * (size_t)W + (size_t)sx];
				}
			sum /= (unsigned)(n * n);
			out->grey[(size_t)(y + BORDER) * (size_t)out->width + (size_t)(x + BORDER)] =
				(unsigned char)(line->light ? 255 - sum : sum);
		}
	}
	return true;
}

struct reading {
	struct buf text;
	double sure;           /* 0 to 1: the engine's, weighed by the script */
	unsigned letters, own; /* letters; of the model's own script */
};

/* Blanks between Han characters are the engine's, not the writer's. */
static void tidy(struct buf *out, struct slice raw)
{
	bool blank = false, was_han = false;
	uint32_t c;
	size_t n;

	for (raw = slice_trim(raw); raw.n; raw = slice_skip(raw, n)) {
		bool han;

		n = utf8_next(raw, &c);
		if (!n) {
			n = 1;
			continue;
		}
		if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
			blank = true;
			continue;
		}
		han = (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x3000 && c <= 0x303F) ||
		      (c >= 0xFF00 && c <= 0xFFEF);
		if (blank && out->n && !(han && was_han))
			(void)buf_char(out, ' ');
		blank = false;
		was_han = han;
		(void)buf_add(out, slice_head(raw, n));
	}
}

static void count_letters(struct reading *reading, UScriptCode own)
{
	struct slice rest = buf_slice(&reading->text);
	uint32_t c;
	size_t n;

	for (; rest.n; rest = slice_skip(rest, n)) {
		UErrorCode status = U_ZERO_ERROR;
		UScriptCode script;

		n = utf8_next(rest, &c);
		if (!n)
			return;
		script = uscript_getScript((UChar32)c, &status);
		if (script == USCRIPT_COMMON || script == USCRIPT_INHERITED)
			continue;
		reading->letters++;
		reading->own += script == own;
	}
}

static void read_line(const struct ocr *ocr, int model, const struct crop *crop, struct reading *out)
{
	TessBaseAPI *engine = ocr->engine[model];
	char *text;

	*out = (struct reading){ .text = buf_limited(1 << 20) };
	TessBaseAPISetImage(engine, crop->grey, crop->width, crop->height, 1, crop->width);
	TessBaseAPISetSourceResolution(engine, 150);
	text = TessBaseAPIGetUTF8Text(engine);
	if (!text)
		return;
	tidy(&out->text, slice_text(text));
	TessDeleteText(text);
	count_letters(out, models[model].script);
	out->sure = TessBaseAPIMeanTextConf(engine) / 100.0;
	/* A Korean model that writes no Hangul is guessing. */
	if (out->letters)
		out->sure *= 0.75 + 0.25 * out->own / out->letters;
	else
		out->sure *= 0.5;
}

/* Enough to be said? */
static bool is_convincing(const struct reading *r, const struct textline *line)
{
	if (r->letters == 0 || r->sure < SURE_MIN)
		return false;
	/* One letter is an accident of art; so is short and unsure. */
	if (r->letters < 2)
		return false;
	if (r->letters < 4 && r->sure < 0.72)
		return false;
	/* Far fewer characters than have room. */
	return r->letters * 3.5 >= (double)line->width / line->height || r->sure > 0.8;
}

/* What was read of a line that was found. */
struct found_line {
	const struct textline *at;
	struct reading best;
	const char *model;
	bool convincing;
};

/* The end of a paragraph may be a single character: below the beginning of a
 * line that convinces, or right behind it. */
static bool goes_on(const struct found_line *before, const struct found_line *f)
{
	const struct textline *a = before->at, *b = f->at;
	const int high = a->height > b->height ? a->height : b->height;
	const int low = a->height > b->height ? b->height : a->height;
	const int down = b->y - (a->y + a->height), aside = b->x - (a->x + a->width);

	if (!before->convincing || f->best.letters == 0 || f->best.sure < 0.45 ||
	    high * 10 > low * 18)
		return false;
	if (abs(a->x - b->x) * 2 <= high && down * 10 >= -2 * high && down * 10 <= 9 * high)
		return true;
	return abs(a->y - b->y) * 2 <= high && aside >= 0 && aside <= 2 * high;
}

static void read_best(const struct ocr *ocr, const struct crop *crop, struct found_line *f)
{
	for (int m = 0; m < MODELS; m++) {
		struct reading reading;

		read_line(ocr, m, crop, &reading);
		if (m > 0 && reading.sure <= f->best.sure) {
			buf_done(&reading.text);
			continue;
		}
		buf_done(&f->best.text);
		f->best = reading;
		f->model = models[m].name;
	}
}

static int across_then_down(const void *left, const void *right)
{
	const struct textline *a = left, *b = right;

	return a->y != b->y ? a->y - b->y : a->x - b->x;
}

static void say_found(struct lines *lines, const struct found_line *f)
{
	struct message m = message_of(MESSAGE_LINE);

	m.text = buf_slice(&f->best.text);
	m.name = slice_text(f->model);
	m.x = (uint32_t)f->at->x;
	m.y = (uint32_t)f->at->y;
	m.width = (uint32_t)f->at->width;
	m.height = (uint32_t)f->at->height;
	m.certainty = (uint32_t)(f->best.sure * 1000);
	(void)lines_add(lines, &m);
}

static void read_ocr(void *state, const struct worker_input *input, struct worker *w)
{
	const struct ocr *ocr = state;
	struct textline found[TEXTLINES_MAX];
	struct found_line line[TEXTLINES_MAX] = { 0 };
	struct lines lines = lines_for(w);
	unsigned more = 0;
	int n;

	if (!input->pixels || input->width == 0 || input->height == 0 ||
	    input->width > MESSAGE_SIDE_MAX || input->height > MESSAGE_SIDE_MAX ||
	    (uint64_t)input->width * input->height > input->pixels_size) {
		worker_partial(w, "no pixels");
		return;
	}
	n = textlines_find(input->pixels, (int)input->width, (int)input->height, found, &more);
	if (n < 0)
		worker_partial(w, "no memory for looking for lines");
	if (n > 0)
		qsort(found, (size_t)n, sizeof *found, across_then_down);
	for (int i = 0; i < n; i++) {
		struct crop crop;

		line[i].at = &found[i];
		if (!crop_line(input, &found[i], &crop))
			break;
		read_best(ocr, &crop, &line[i]);
		line[i].convincing = is_convincing(&line[i].best, &found[i]);
		free(crop.grey);
	}
	for (int i = 0; i < n; i++) {
		bool keep = line[i].convincing;

		for (int j = 0; j < n && !keep; j++)
			keep = goes_on(&line[j], &line[i]);
		if (keep)
			say_found(&lines, &line[i]);
	}
	for (int i = 0; i < n; i++)
		buf_done(&line[i].best.text);
	lines_say(&lines);
}

const struct probe probe_ocr = {
	.name = "ocr",
	.summary = "what is written in a picture",
	.budget = { .wall_ms = 120000, .cpu_s = 60, .memory = 1024u << 20, .answer = 8u << 20 },
	.prepare = prepare,
	.identify = identify,
	.read = read_ocr,
};
