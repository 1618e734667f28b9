/* SPDX-License-Identifier: Apache-2.0 */
#include "examine/textline.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

#define MARK_MAX 110          /* pixels: a larger component is art */
#define MARK_MIN 3
#define MARKS_MAX 60000       /* more is no page with notes on it, but grain */
#define LINE_HEIGHT_MIN 9
#define GAP 0.78              /* between marks of one line, in heights of the larger */
#define REACH 6               /* characters that art may run through, at either end */
#define STROKES_MIN 1.45
#define CONTRAST 55           /* grey levels between ink and paper */

struct mark {
	int x, y, width, height, parent;
};

static int larger(int a, int b)
{
	return a > b ? a : b;
}

static int smaller(int a, int b)
{
	return a < b ? a : b;
}

/* ------------------------------------------------- ink and paper ------ */

/* Paper, if most of the picture is of one shade; -1 if not. */
static int paper_of(const unsigned char *grey, size_t n)
{
	size_t histogram[256] = { 0 }, best = 0;
	int paper = -1;

	for (size_t i = 0; i < n; i++)
		histogram[grey[i]]++;
	for (int shade = 0; shade < 256; shade++) {
		size_t near = 0;

		for (int s = larger(0, shade - 10); s <= smaller(255, shade + 10); s++)
			near += histogram[s];
		if (near > best) {
			best = near;
			paper = shade;
		}
	}
	return best * 2 >= n ? paper : -1;
}

static PIX *pix_of(const unsigned char *grey, int width, int height)
{
	PIX *pix = pixCreate(width, height, 8);

	for (int y = 0; pix && y < height; y++) {
		l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);

		for (int x = 0; x < width; x++)
			SET_DATA_BYTE(line, x, grey[(size_t)y * (size_t)width + (size_t)x]);
	}
	return pix;
}

/* Ink as a 1-bit picture: darker than `threshold`, or lighter than it. */
static PIX *ink_of(PIX *grey, int threshold, bool light)
{
	PIX *ink = pixThresholdToBinary(grey, threshold);

	if (ink && light)
		(void)pixInvert(ink, ink);
	return ink;
}

/* ----------------------------------------------------- marks ---------- */

static int marks_of(PIX *ink, struct mark **out)
{
	BOXA *boxes = pixConnCompBB(ink, 8);
	struct mark *marks;
	int n = 0;

	*out = NULL;
	if (!boxes)
		return 0;
	marks = malloc((size_t)boxaGetCount(boxes) * sizeof *marks + 1);
	for (int i = 0; marks && i < boxaGetCount(boxes); i++) {
		struct mark m = { .parent = n };

		(void)boxaGetBoxGeometry(boxes, i, &m.x, &m.y, &m.width, &m.height);
		if (larger(m.width, m.height) > MARK_MAX || larger(m.width, m.height) < MARK_MIN)
			continue;
		marks[n++] = m;
	}
	boxaDestroy(&boxes);
	*out = marks;
	return marks ? n : -1;
}

static int root(struct mark *marks, int i)
{
	while (marks[i].parent != i)
		i = marks[i].parent = marks[marks[i].parent].parent;
	return i;
}

static bool same_line(const struct mark *a, const struct mark *b)
{
	const int overlap = smaller(a->y + a->height, b->y + b->height) - larger(a->y, b->y);
	const int gap = larger(a->x, b->x) - smaller(a->x + a->width, b->x + b->width);
	const int size = larger(larger(a->width, a->height), larger(b->width, b->height));

	return overlap * 2 >= smaller(a->height, b->height) && gap <= GAP * size;
}

static int by_left(const void *a, const void *b)
{
	const struct mark *left = a, *right = b;

	return left->x != right->x ? left->x - right->x : left->y - right->y;
}

static void join(struct mark *marks, int n)
{
	qsort(marks, (size_t)n, sizeof *marks, by_left);
	for (int i = 0; i < n; i++)
		marks[i].parent = i;
	for (int i = 0; i < n; i++)
		for (int j = i + 1; j < n; j++) {
			/* Sorted by the left edge: nothing further on is nearer. */
			if (marks[j].x - (marks[i].x + marks[i].width) > GAP * MARK_MAX)
				break;
			if (same_line(&marks[i], &marks[j]))
				marks[root(marks, j)].parent = root(marks, i);
		}
}

/* ----------------------------------------------------- lines ---------- */

static void widen(struct textline *line, const struct mark *m)
{
	const int right = larger(line->x + line->width, m->x + m->width);
	const int bottom = larger(line->y + line->height, m->y + m->height);

	if (line->marks++ == 0) {
		line->x = m->x;
		line->y = m->y;
		line->width = m->width;
		line->height = m->height;
		return;
	}
	line->x = smaller(line->x, m->x);
	line->y = smaller(line->y, m->y);
	line->width = right - line->x;
	line->height = bottom - line->y;
}

/* Writing has about one to five marks in a square of its height, covers a
 * fair part of its box, and is longer than high. */
static double likeness_of(const struct textline *line, double ink)
{
	const double squares = (double)line->width / line->height;
	const double dense = line->marks / squares;
	double l = 1;

	if (line->height < LINE_HEIGHT_MIN || line->height > MARK_MAX * 1.3 || squares < 1.1 ||
	    line->marks < 2)
		return 0;
	if (dense < 0.7)
		l *= dense / 0.7;
	if (dense > 9)
		l *= 9 / dense;
	if (ink < 0.10)
		l *= ink / 0.10;
	if (ink > 0.6)
		l *= 0.3;
	/* A long row of marks is hardly an accident. */
	if (line->marks < 6)
		l *= line->marks / 6.0;
	return l;
}

static int by_likeness(const void *a, const void *b)
{
	const struct textline *left = a, *right = b;

	return (left->likeness < right->likeness) - (left->likeness > right->likeness);
}

/* Two halves of a line, or a mark inside another line's box. */
static bool belongs(const struct textline *a, const struct textline *b)
{
	const int overlap = smaller(a->y + a->height, b->y + b->height) - larger(a->y, b->y);
	const int gap = larger(a->x, b->x) - smaller(a->x + a->width, b->x + b->width);
	const int low = smaller(a->height, b->height), high = larger(a->height, b->height);

	return a->light == b->light && overlap * 10 >= low * 7 && gap <= GAP * high;
}

static double ink_in(PIX *ink, int x, int y, int width, int height)
{
	BOX *box = boxCreate(x, y, width, height);
	PIX *part = box ? pixClipRectangle(ink, box, NULL) : NULL;
	l_int32 count = 0;

	if (part)
		(void)pixCountPixels(part, &count, NULL);
	pixDestroy(&part);
	boxDestroy(&box);
	return (double)count / ((double)width * height);
}

/* How often ink begins, along the rows and columns of a square: a character
 * has two strokes or more in each, a stroke of the drawing one. */
static double strokes_in(PIX *ink, int x, int y, int side)
{
	const int wpl = pixGetWpl(ink);
	const l_uint32 *data = pixGetData(ink);
	int starts = 0;

	if (x < 1 || y < 1 || x + side > pixGetWidth(ink) || y + side > pixGetHeight(ink))
		return 0;
	for (int j = y; j < y + side; j++) {
		const l_uint32 *row = data + (size_t)j * (size_t)wpl, *above = row - wpl;

		for (int i = x; i < x + side; i++) {
			if (!GET_DATA_BIT(row, i))
				continue;
			starts += !GET_DATA_BIT(row, i - 1);
			starts += !GET_DATA_BIT(above, i);
		}
	}
	return (double)starts / (2.0 * side);
}

/* A character that a stroke of the drawing runs through is part of a large
 * component and no mark: it is found again from its neighbours. */
static void reach_out(struct textline *line, PIX *ink)
{
	const int side = line->height;

	if (line->marks < 3 || side < LINE_HEIGHT_MIN)
		return;
	for (int i = 0; i < REACH; i++) {
		if (strokes_in(ink, line->x + line->width + 1, line->y, side) < STROKES_MIN)
			break;
		line->width += side + 1;
	}
	for (int i = 0; i < REACH; i++) {
		if (strokes_in(ink, line->x - side - 1, line->y, side) < STROKES_MIN)
			break;
		line->x -= side + 1;
		line->width += side + 1;
	}
}

static size_t merge(struct textline *lines, size_t n)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < n; i++)
			for (size_t j = i + 1; j < n; j++) {
				const struct mark m = { .x = lines[j].x, .y = lines[j].y,
							.width = lines[j].width,
							.height = lines[j].height };

				if (!belongs(&lines[i], &lines[j]))
					continue;
				lines[i].marks += lines[j].marks - 1;
				widen(&lines[i], &m);
				lines[j--] = lines[--n];
				again = true;
			}
	}
	return n;
}

struct found {
	struct textline *line;
	size_t n, room;
};

static bool keep(struct found *found, const struct textline *line)
{
	if (found->n == found->room) {
		const size_t room = found->room ? found->room * 2 : 256;
		struct textline *grown = realloc(found->line, room * sizeof *grown);

		if (!grown)
			return false;
		found->line = grown;
		found->room = room;
	}
	found->line[found->n++] = *line;
	return true;
}

static bool lines_of(PIX *ink, bool light, struct found *found)
{
	struct found mine = { 0 };
	struct textline *all;
	struct mark *marks;
	int n = marks_of(ink, &marks);
	bool well = true;

	if (n <= 0 || n > MARKS_MAX) {
		free(marks);
		return n >= 0;
	}
	join(marks, n);
	all = calloc((size_t)n, sizeof *all);
	for (int i = 0; all && i < n; i++)
		widen(&all[root(marks, i)], &marks[i]);
	for (int i = 0; all && well && i < n; i++) {
		all[i].light = light;
		if (all[i].marks && likeness_of(&all[i], 0.2) > 0.05)
			well = keep(&mine, &all[i]);
	}
	/* Merging looks at every pair: only where there are few. */
	if (well && mine.n < 2000) {
		mine.n = merge(mine.line, mine.n);
		for (size_t i = 0; i < mine.n; i++)
			reach_out(&mine.line[i], ink);
		mine.n = merge(mine.line, mine.n);
	}
	for (size_t i = 0; well && i < mine.n; i++) {
		mine.line[i].likeness = likeness_of(&mine.line[i], ink_in(ink, mine.line[i].x, mine.line[i].y, mine.line[i].width, mine.line[i].height));
		if (mine.line[i].likeness >= 0.25)
			well = keep(found, &mine.line[i]);
	}
	well = well && all;
	free(mine.line);
	free(marks);
	free(all);
	return well;
}

int textlines_find(const unsigned char *grey, int width, int height,
		   struct textline out[TEXTLINES_MAX], unsigned *more)
{
	const int paper = paper_of(grey, (size_t)width * (size_t)height);
	struct found found = { 0 };
	PIX *pix = pix_of(grey, width, height);
	bool well = pix;
	size_t n;

	for (int light = 0; well && light < 2; light++) {
		PIX *ink = NULL;

		if (paper >= 0) {
			const int threshold = light ? paper + CONTRAST : paper - CONTRAST;

			if (threshold <= 0 || threshold >= 255)
				continue;
			ink = ink_of(pix, threshold, light);
		} else {
			/* No paper: what is darker or lighter than around it. */
			if (pixSauvolaBinarizeTiled(pix, 12, 0.30f, width / 2000 + 1,
						    height / 2000 + 1, NULL, &ink) != 0)
				ink = NULL;
			if (light) {
				PIX *negative = pixInvert(NULL, pix);

				pixDestroy(&ink);
				if (negative && pixSauvolaBinarizeTiled(negative, 12, 0.30f,
									width / 2000 + 1,
									height / 2000 + 1, NULL,
									&ink) != 0)
					ink = NULL;
				pixDestroy(&negative);
			}
		}
		if (ink)
			well = lines_of(ink, light, &found);
		pixDestroy(&ink);
	}
	pixDestroy(&pix);
	if (!well) {
		free(found.line);
		return -1;
	}
	if (found.n)
		qsort(found.line, found.n, sizeof *found.line, by_likeness);
	n = found.n < TEXTLINES_MAX ? found.n : TEXTLINES_MAX;
	*more = (unsigned)(found.n - n);
	if (n)
		memcpy(out, found.line, n * sizeof *out);
	free(found.line);
	return (int)n;
}
