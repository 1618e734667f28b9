/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench-ocr - how well notes in drawings are read, and how fast
 *
 *	bench_ocr WORKER FOLDER      a folder with pictures and truth.tsv
 *
 * truth.tsv: file, style, size, over art, language, x0, y0, x1, y1, text.
 * A line is found when what is read lies on half of its box or more; the
 * character error rate is the edit distance of what is read there, without
 * blanks and punctuation, to the truth.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/text.h"
#include "sandbox/sandbox.h"

#define POINTS 512
#define LINES 20000

struct line {
	char file[128], lang[8];
	int x0, y0, x1, y1;
	bool art;
	char text[512];
	int read;                 /* a read line that lies on it, or -1 */
};
struct seen {
	char file[128], lang[16];
	int x0, y0, x1, y1;
	char text[1024];
	bool used;
};

static struct line truth[LINES];
static struct seen seen[LINES];
static size_t truths, seens;

/* Letters and digits only. */
static size_t points_of(const char *text, uint32_t out[POINTS])
{
	struct slice s = slice_text(text);
	size_t n = 0, length;
	uint32_t c;

	for (; s.n && n < POINTS; s = slice_skip(s, length)) {
		length = utf8_next(s, &c);
		if (!length)
			break;
		if ((c < 0x80 && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9')) ||
		    (c >= 0x2000 && c < 0x3040) || (c >= 0xFF00 && c < 0xFF10))
			continue;
		out[n++] = c;
	}
	return n;
}

static size_t distance(const char *a, const char *b, size_t *length)
{
	static uint32_t p[POINTS], q[POINTS];
	static size_t row[POINTS + 1];
	const size_t n = points_of(a, p), m = points_of(b, q);

	*length = n;
	for (size_t j = 0; j <= m; j++)
		row[j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			const size_t swap = corner + (p[i - 1] != q[j - 1]);
			size_t best = swap;

			corner = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[m];
}

static bool truth_read(const char *folder)
{
	scoped(memory_free) char *path = path_join(folder, "truth.tsv");
	scoped(buf_done) struct buf text = buf_limited(16 << 20);
	struct slice rest, row;

	if (!path || file_read(path, &text, NULL) < 0)
		return false;
	rest = buf_slice(&text);
	(void)slice_line(&rest, &row);
	while (slice_line(&rest, &row) && truths < LINES) {
		struct line *t = &truth[truths];
		struct slice cell[9];
		int number[4];
		char digits[16];
		bool whole = true;

		for (int i = 0; i < 9 && whole; i++)
			whole = slice_cut(&row, '\t', &cell[i]);
		if (!whole)
			continue;
		for (int i = 0; i < 4; i++) {
			(void)snprintf(digits, sizeof digits, "%.*s", SLICE_F(cell[5 + i]));
			number[i] = atoi(digits);
		}
		(void)snprintf(t->file, sizeof t->file, "%.*s", SLICE_F(cell[0]));
		(void)snprintf(t->lang, sizeof t->lang, "%.*s", SLICE_F(cell[4]));
		(void)snprintf(t->text, sizeof t->text, "%.*s", SLICE_F(row));
		t->art = slice_is(cell[3], "1");
		t->x0 = number[0], t->y0 = number[1], t->x1 = number[2], t->y1 = number[3];
		truths++;
	}
	return true;
}

static int one(struct sandbox *box, const char *folder, const char *file, int pixels)
{
	scoped(memory_free) char *path = path_join(folder, file);
	scoped(fd_close) int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	struct job job = { .worker = "picture", .input = fd, .pixels = pixels };
	struct job_result result = { 0 };
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -1;
	job.length = (uint64_t)status.st_size;
	if (sandbox_start(box, &job, NULL) < 0 || sandbox_wait(box, &result, NULL) < 0)
		return -1;
	for (size_t i = 0; i < result.count; i++)
		if (result.messages[i].kind == MESSAGE_PIXELS) {
			job.width = result.messages[i].width;
			job.height = result.messages[i].height;
		}
	job_result_done(&result);
	job.worker = "ocr";
	job.length = 0;
	if (sandbox_start(box, &job, NULL) < 0 || sandbox_wait(box, &result, NULL) < 0)
		return -1;
	if (result.verdict != VERDICT_OK)
		(void)fprintf(stderr, "%s: %s: %s\n", file, verdict_name(result.verdict), result.why);
	for (size_t i = 0; i < result.count && seens < LINES; i++) {
		const struct message *m = &result.messages[i];
		struct seen *s = &seen[seens];

		if (m->kind != MESSAGE_LINE)
			continue;
		(void)snprintf(s->file, sizeof s->file, "%s", file);
		(void)snprintf(s->lang, sizeof s->lang, "%.*s", SLICE_F(m->lang));
		(void)snprintf(s->text, sizeof s->text, "%.*s", (int)(m->text.n > 1000 ? 1000 : m->text.n),
			       m->text.p);
		s->x0 = (int)m->x, s->y0 = (int)m->y;
		s->x1 = (int)(m->x + m->width), s->y1 = (int)(m->y + m->height);
		seens++;
		if (getenv("XSHEET_BENCH_LINES"))
			(void)fprintf(stderr, "%s\t%s\t%u\t%u,%u %ux%u\t%s\n", file, s->lang, m->certainty,
				      m->x, m->y, m->width, m->height, s->text);
	}
	job_result_done(&result);
	return 0;
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

static double covered(const struct line *t, const struct seen *s)
{
	const int w = least(t->x1, s->x1) - most(t->x0, s->x0);
	const int h = least(t->y1, s->y1) - most(t->y0, s->y0);

	if (w <= 0 || h <= 0)
		return 0;
	return (double)w * h / ((double)(t->x1 - t->x0) * (t->y1 - t->y0));
}

static void figure(const char *name, double value, const char *unit, double goal, bool at_most)
{
	(void)printf("%s\t%.3f\t%s\t%.3f\t%s\n", name, value, unit, goal,
		     (at_most ? value <= goal : value >= goal) ? "ok" : "short");
}

int main(int argc, char **argv)
{
	size_t errors[2] = { 0 }, letters[2] = { 0 }, found[2] = { 0 }, of[2] = { 0 }, right = 0;
	size_t pictures = 0, wrong = 0, pairs = 0, pairs_found = 0;
	struct sandbox *box = NULL;
	struct err err = { 0 };
	const char *last = "";
	int64_t began;
	double seconds;
	int pixels;

	if (argc != 3)
		return 2;
	if (!truth_read(argv[2])) {
		(void)fprintf(stderr, "skipped: no pictures in '%s'\n", argv[2]);
		(void)printf("ocr-pictures\t0\tpictures\t0\tok\n");
		return 0;
	}
	if (sandbox_new(argv[1], 1, &box, &err) < 0) {
		(void)fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	pixels = fd_memory("pixels", &err);
	if (pixels < 0 || ftruncate(pixels, 40 << 20) < 0)
		return 1;
	began = clock_ticks();
	for (size_t i = 0; i < truths; i++) {
		if (strcmp(truth[i].file, last) != 0) {
			last = truth[i].file;
			pictures += one(box, argv[2], last, pixels) == 0;
		}
	}
	seconds = (double)(clock_ticks() - began) / 1000;
	for (size_t i = 0; i < truths; i++) {
		struct line *t = &truth[i];
		const int ko = strcmp(t->lang, "ko") == 0;
		double best = 0.5;
		size_t length, wrongs;
		bool there = false;

		t->read = -1;
		for (size_t j = 0; j < seens; j++)
			if (strcmp(seen[j].file, t->file) == 0 && covered(t, &seen[j]) >= best) {
				best = covered(t, &seen[j]);
				t->read = (int)j;
			}
		{
			scoped(memory_free) char *path = path_join(argv[2], t->file);

			there = path && access(path, R_OK) == 0;
		}
		if (!there)
			continue;
		of[ko]++;
		wrongs = distance(t->text, t->read >= 0 ? seen[t->read].text : "", &length);
		errors[ko] += wrongs < length ? wrongs : length;
		letters[ko] += length;
		if (t->read >= 0) {
			found[ko]++;
			seen[t->read].used = true;
			right += strncmp(seen[t->read].lang, t->lang, 2) == 0;
		}
		/* Rows come in pairs: Chinese, then its Korean. */
		if (ko && i > 0 && strcmp(truth[i - 1].lang, "zh") == 0) {
			size_t a, b, da, db;

			pairs++;
			da = truth[i - 1].read >= 0 ? distance(truth[i - 1].text, seen[truth[i - 1].read].text, &a)
						    : 1000;
			db = t->read >= 0 ? distance(t->text, seen[t->read].text, &b) : 1000;
			pairs_found += truth[i - 1].read >= 0 && t->read >= 0 && da * 2 <= a && db * 2 <= b;
		}
	}
	for (size_t j = 0; j < seens; j++)
		wrong += !seen[j].used;
	figure("ocr-lines-found-zh", (double)found[0] / (double)most(1, (int)of[0]), "share", 0.9, false);
	figure("ocr-lines-found-ko", (double)found[1] / (double)most(1, (int)of[1]), "share", 0.9, false);
	figure("ocr-errors-zh", (double)errors[0] / (double)most(1, (int)letters[0]), "CER", 0.30, true);
	figure("ocr-errors-ko", (double)errors[1] / (double)most(1, (int)letters[1]), "CER", 0.40, true);
	figure("ocr-language-right", (double)right / (double)most(1, (int)(found[0] + found[1])), "share", 0.9, false);
	figure("ocr-pairs-readable", (double)pairs_found / (double)most(1, (int)pairs), "share", 0.75, false);
	figure("ocr-lines-invented", (double)wrong / (double)most(1, (int)pictures), "per picture", 1, true);
	figure("ocr-time", seconds / (double)most(1, (int)pictures), "s/picture", 0.7, true);
	(void)close(pixels);
	sandbox_free(box);
	return 0;
}
