/* SPDX-License-Identifier: Apache-2.0 */
#include "examine/pairs.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/text.h"

#define ACCEPT 0.40
#define BELOW_MAX 1.6        /* gap to the block below, in text heights */
#define RIGHT_MAX 14.0       /* two columns may stand far apart, if they are level */
#define BLOCKS_MAX 2000      /* every two are compared */

/* Some lines of one language: a block in a picture, a cell, a line. */
struct block {
	size_t *line;
	size_t n, letters;
	struct slice lang;
	int x, y, right, bottom, text_height;
	size_t order;
	bool taken;
};

struct candidate {
	struct block *a, *b;
	const char *how;
	double certainty;
	/* Of a table: where the two cells are. */
	struct slice part, table;
	uint64_t row, column_a, column_b;
};

struct pairing {
	const struct pair_line *lines;
	struct arena *memory;
	struct block *block;
	size_t blocks;
	struct candidate *candidate;
	size_t candidates, room;
};

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

/* A language that is told by its script: names in Latin letters are none. */
static bool takes_part(const struct pair_line *line)
{
	return line->lang.n && !slice_is(line->lang, "und") && !slice_is(line->lang, "en");
}

/* "zh-Hans" and "zh" are one language here. */
static bool same_language(struct slice a, struct slice b)
{
	struct slice rest = a, head;

	if (slice_cut(&rest, '-', &head))
		a = head;
	rest = b;
	if (slice_cut(&rest, '-', &head))
		b = head;
	return slice_equal(a, b);
}

static size_t letters_of(struct slice text)
{
	size_t n = 0, length;
	uint32_t c;

	for (; text.n; text = slice_skip(text, length ? length : 1)) {
		length = utf8_next(text, &c);
		n += length && (c >= 0x3040 || (c >= 0x400 && c < 0x530));
	}
	return n;
}

/* ---------------------------------------------- what belongs together - */

static bool block_begin(struct pairing *p, size_t line)
{
	const struct pair_line *l = &p->lines[line];
	struct block *b = &p->block[p->blocks];

	*b = (struct block){ .lang = l->lang, .x = l->x, .y = l->y, .right = l->x + l->width,
			     .bottom = l->y + l->height, .text_height = l->height,
			     .order = line, .letters = letters_of(l->text) };
	b->line = arena_array(p->memory, 1, sizeof *b->line);
	if (!b->line)
		return false;
	b->line[b->n++] = line;
	p->blocks++;
	return true;
}

static bool block_add(struct pairing *p, struct block *b, const struct block *other)
{
	size_t *grown = arena_array(p->memory, b->n + other->n, sizeof *grown);

	if (!grown)
		return false;
	memcpy(grown, b->line, b->n * sizeof *grown);
	memcpy(grown + b->n, other->line, other->n * sizeof *grown);
	b->line = grown;
	b->n += other->n;
	b->letters += other->letters;
	b->x = least(b->x, other->x);
	b->y = least(b->y, other->y);
	b->right = most(b->right, other->right);
	b->bottom = most(b->bottom, other->bottom);
	return true;
}

/* Does b go on where a ends?  The next line of a paragraph, or the rest of a
 * line that art has cut in two. */
static bool continues(const struct pairing *p, const struct block *a, const struct block *b)
{
	const struct slice last = slice_trim(p->lines[a->line[a->n - 1]].text);
	/* Behind a full stop, a gap of more than half a line ends the note. */
	const bool ended = slice_ends(last, SLICE(".")) || slice_ends(last, SLICE("。"));
	const int low = least(a->text_height, b->text_height);
	const int high = most(a->text_height, b->text_height);
	const int across = least(a->right, b->right) - most(a->x, b->x);
	const int along = least(a->bottom, b->bottom) - most(a->y, b->y);

	if (!same_language(a->lang, b->lang) || high * 10 > low * 18)
		return false;
	if (along * 10 >= low * 6)      /* in one row */
		return b->x > a->x && b->x - a->right <= 2 * high;
	return b->y > a->y && b->y - a->bottom <= high * (ended ? 55 : 85) / 100 && across > 0 &&
	       abs(a->x - b->x) <= high;
}

static int reading_order(const void *left, const void *right)
{
	const struct block *a = left, *b = right;

	if (a->y != b->y)
		return a->y < b->y ? -1 : 1;
	return a->x != b->x ? (a->x < b->x ? -1 : 1) : (a->order > b->order) - (a->order < b->order);
}

static bool blocks_join(struct pairing *p)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < p->blocks; i++)
			for (size_t j = 0; j < p->blocks; j++) {
				if (i == j || !continues(p, &p->block[i], &p->block[j]))
					continue;
				if (!block_add(p, &p->block[i], &p->block[j]))
					return false;
				memmove(&p->block[j], &p->block[j + 1],
					(p->blocks - j - 1) * sizeof *p->block);
				p->blocks--;
				again = true;
				break;
			}
	}
	return true;
}

/* "Cuts!B3" is in row "Cuts!" 3, "tbl1!R2C1" in row "tbl1!R2": what is the
 * row, and which column? */
static bool cell_row(struct slice cell, struct slice *table, uint64_t *row, uint64_t *column)
{
	size_t mark = cell.n, letters, digits;
	struct slice place, rest;

	while (mark > 0 && cell.p[mark - 1] != '!')
		mark--;
	if (mark == 0)
		return false;
	*table = slice_head(cell, mark);
	place = slice_skip(cell, mark);
	if (slice_starts(place, SLICE("R"))) {
		struct slice head;

		rest = slice_skip(place, 1);
		if (slice_cut(&rest, 'C', &head))
			return slice_u64(head, row) && slice_u64(rest, column);
	}
	for (letters = 0, *column = 0; letters < place.n && letters < 3; letters++) {
		const char c = place.p[letters];

		if (c < 'A' || c > 'Z')
			break;
		*column = *column * 26 + (uint64_t)(c - 'A') + 1;
	}
	digits = place.n - letters;
	return letters && digits && slice_u64(slice_skip(place, letters), row);
}

/* ---------------------------------------------------- plausibility ---- */

/* Runs of digits: they stay as they are in a translation. */
static size_t numbers_of(struct slice text, struct slice out[16])
{
	size_t n = 0;

	while (text.n && n < 16) {
		size_t digits = 0;

		while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
			digits++;
		if (digits)
			out[n++] = slice_head(text, digits);
		text = slice_skip(text, digits ? digits : 1);
	}
	return n;
}

static void count_numbers(const struct pairing *p, const struct block *a, const struct block *b,
			  size_t *agree, size_t *all)
{
	for (size_t i = 0; i < a->n; i++) {
		struct slice mine[16];
		const size_t n = numbers_of(p->lines[a->line[i]].text, mine);

		for (size_t k = 0; k < n; k++) {
			bool found = false;

			for (size_t j = 0; j < b->n && !found; j++) {
				struct slice theirs[16];
				const size_t m = numbers_of(p->lines[b->line[j]].text, theirs);

				for (size_t l = 0; l < m && !found; l++)
					found = slice_equal(mine[k], theirs[l]);
			}
			*agree += found;
			++*all;
		}
	}
}

/* Can one be the translation of the other, by length and digits? */
static double plausible(const struct pairing *p, const struct block *a, const struct block *b)
{
	const double low = (double)(a->letters < b->letters ? a->letters : b->letters);
	const double high = (double)(a->letters < b->letters ? b->letters : a->letters);
	size_t agree = 0, all = 0;
	double score;

	if (low < 1)
		return 0;
	/* Measured on interface texts: Korean has 1.0 to 2.5 syllables for a
	 * Chinese character; short texts scatter more. */
	score = high <= 2.2 * low + 2 ? 1 : high <= 4 * low + 2 ? 0.5 : 0;
	count_numbers(p, a, b, &agree, &all);
	count_numbers(p, b, a, &agree, &all);
	if (all)
		score *= 0.5 + 0.5 * (double)agree / (double)all;
	return score;
}

static bool propose(struct pairing *p, struct block *a, struct block *b, const char *how, double near)
{
	const double likely = plausible(p, a, b);
	const double certainty = near * (0.4 + 0.6 * likely);

	if (likely == 0 || certainty < ACCEPT)
		return true;
	if (p->candidates == p->room) {
		const size_t room = p->room ? p->room * 2 : 64;
		struct candidate *grown = arena_array(p->memory, room, sizeof *grown);

		if (!grown)
			return false;
		if (p->candidates)
			memcpy(grown, p->candidate, p->candidates * sizeof *grown);
		p->candidate = grown;
		p->room = room;
	}
	p->candidate[p->candidates++] =
		(struct candidate){ .a = a, .b = b, .how = how, .certainty = certainty };
	return true;
}

static bool propose_boxes(struct pairing *p, struct block *a, struct block *b)
{
	const int size = (a->text_height + b->text_height) / 2;
	const int low = least(a->text_height, b->text_height), high = most(a->text_height, b->text_height);
	const int across = least(a->right, b->right) - most(a->x, b->x);
	const int along = least(a->bottom, b->bottom) - most(a->y, b->y);
	const double alike = (double)low / high;
	const double down = (double)(b->y - a->bottom) / size, aside = (double)(b->x - a->right) / size;

	if (size == 0 || same_language(a->lang, b->lang) || alike < 0.4)
		return true;
	if (b->y > a->y && down > -0.4 && down <= BELOW_MAX && across > 0) {
		const int left = abs(a->x - b->x), narrow = least(a->right - a->x, b->right - b->x);
		const double aligned = left <= size ? 1 : across * 2 >= narrow ? 0.8 : 0.4;
		const double near = 1 - 0.5 * (down > 0 ? down : 0) / BELOW_MAX;

		return propose(p, a, b, "below", near * aligned * (0.7 + 0.3 * alike));
	}
	if (b->x > a->x && aside > -0.4 && aside <= RIGHT_MAX && along * 2 >= low) {
		const double near = 1 - 0.5 * (aside > 0 ? aside : 0) / RIGHT_MAX;
		const double level = abs(a->y - b->y) * 2 <= high ? 1 : 0.6;

		return propose(p, a, b, "right", near * level * (0.7 + 0.3 * alike));
	}
	return true;
}

/* ------------------------------------------------------- choosing ----- */

static int best_first(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	if (a->certainty != b->certainty)
		return a->certainty > b->certainty ? -1 : 1;
	if (a->a->order != b->a->order)
		return a->a->order < b->a->order ? -1 : 1;
	return (a->b->order > b->b->order) - (a->b->order < b->b->order);
}

/* Whoever writes translations beside instructions does it one way round. */
static void weigh_direction(struct pairing *p)
{
	double forth = 0, back = 0;

	for (size_t i = 0; i < p->candidates; i++) {
		const struct candidate *c = &p->candidate[i], *first = &p->candidate[0];

		if (same_language(c->a->lang, first->a->lang) && same_language(c->b->lang, first->b->lang))
			forth += c->certainty * c->certainty;
		else if (same_language(c->a->lang, first->b->lang) && same_language(c->b->lang, first->a->lang))
			back += c->certainty * c->certainty;
	}
	for (size_t i = 1; i < p->candidates; i++) {
		struct candidate *c = &p->candidate[i];
		const bool same = same_language(c->a->lang, p->candidate[0].a->lang);

		if ((forth > back) != same)
			c->certainty *= 0.8;
	}
	if (back > forth && p->candidates)
		p->candidate[0].certainty *= 0.8;
}

static int choose(struct pairing *p, struct pair **out, size_t *count)
{
	struct pair *pair = arena_array(p->memory, p->candidates ? p->candidates : 1, sizeof *pair);

	*count = 0;
	if (!pair)
		return -ERR_NO_MEMORY;
	if (p->candidates) {
		weigh_direction(p);
		qsort(p->candidate, p->candidates, sizeof *p->candidate, best_first);
	}
	for (size_t i = 0; i < p->candidates; i++) {
		const struct candidate *c = &p->candidate[i];

		if (c->a->taken || c->b->taken || c->certainty < ACCEPT)
			continue;
		c->a->taken = c->b->taken = true;
		pair[(*count)++] = (struct pair){ c->a->line, c->b->line, c->a->n, c->b->n, c->how,
						  c->certainty };
	}
	*out = pair;
	return 0;
}

static int in_picture(struct pairing *p)
{
	qsort(p->block, p->blocks, sizeof *p->block, reading_order);
	if (!blocks_join(p))
		return -ERR_NO_MEMORY;
	for (size_t i = 0; i < p->blocks; i++)
		for (size_t j = 0; j < p->blocks; j++)
			if (i != j && !propose_boxes(p, &p->block[i], &p->block[j]))
				return -ERR_NO_MEMORY;
	return 0;
}

/* Lines of one cell are one block. */
static int cells_join(struct pairing *p)
{
	for (size_t i = 0; i + 1 < p->blocks;) {
		const struct pair_line *a = &p->lines[p->block[i].line[0]];
		const struct pair_line *b = &p->lines[p->block[i + 1].line[0]];

		if (!a->cell.n || !slice_equal(a->cell, b->cell) || !slice_equal(a->part, b->part) ||
		    !same_language(a->lang, b->lang)) {
			i++;
			continue;
		}
		if (!block_add(p, &p->block[i], &p->block[i + 1]))
			return -ERR_NO_MEMORY;
		memmove(&p->block[i + 1], &p->block[i + 2], (p->blocks - i - 2) * sizeof *p->block);
		p->blocks--;
	}
	return 0;
}

static bool propose_row(struct pairing *p, struct block *a, struct block *b)
{
	const size_t before = p->candidates;
	struct candidate place = { .part = p->lines[a->line[0]].part };
	struct slice other;
	uint64_t row;

	if (!cell_row(p->lines[a->line[0]].cell, &place.table, &place.row, &place.column_a) ||
	    !cell_row(p->lines[b->line[0]].cell, &other, &row, &place.column_b))
		return true;
	if (!propose(p, a, b, "same row", 1))
		return false;
	if (p->candidates > before) {
		struct candidate *c = &p->candidate[before];

		c->part = place.part;
		c->table = place.table;
		c->row = place.row;
		c->column_a = place.column_a;
		c->column_b = place.column_b;
	}
	return true;
}

static bool same_row(const struct pair_line *a, const struct pair_line *b)
{
	struct slice table_a, table_b;
	uint64_t row_a, row_b, column;

	return slice_equal(a->part, b->part) && cell_row(a->cell, &table_a, &row_a, &column) &&
	       cell_row(b->cell, &table_b, &row_b, &column) && row_a == row_b &&
	       slice_equal(table_a, table_b);
}

static bool same_table(const struct candidate *a, const struct candidate *b)
{
	return slice_equal(a->part, b->part) && slice_equal(a->table, b->table);
}

/* A word or two. */
static bool is_heading(const struct candidate *c)
{
	return c->a->letters <= 5 && c->b->letters <= 5;
}

/* A table has one column with notes and one with translations, and a
 * short first row is their heading; text that goes on in another language
 * once has no translation in it. */
static void keep_the_usual(struct pairing *p)
{
	size_t kept = 0;
	bool *keep = arena_array(p->memory, p->candidates ? p->candidates : 1, sizeof *keep);

	for (size_t i = 0; keep && i < p->candidates; i++) {
		const struct candidate *c = &p->candidate[i];
		size_t alike = 0, most_alike = 0, above = 0;

		for (size_t j = 0; j < p->candidates; j++) {
			const struct candidate *d = &p->candidate[j];
			size_t n = 0;

			if (!c->table.n) {
				alike += !d->table.n && slice_equal(c->part, d->part) &&
					 same_language(c->a->lang, d->a->lang) &&
					 same_language(c->b->lang, d->b->lang);
				continue;
			}
			if (!d->table.n || !same_table(c, d))
				continue;
			for (size_t k = 0; k < p->candidates; k++)
				n += p->candidate[k].table.n && same_table(d, &p->candidate[k]) &&
				     p->candidate[k].column_a == d->column_a &&
				     p->candidate[k].column_b == d->column_b;
			if (d->column_a == c->column_a && d->column_b == c->column_b) {
				alike = n;
				above += d->row < c->row;
			}
			most_alike = n > most_alike ? n : most_alike;
		}
		if (!c->table.n)
			keep[i] = alike >= 2;
		else
			keep[i] = alike == most_alike &&
				  !(alike > 1 && above == 0 && is_heading(c));
	}
	for (size_t i = 0; keep && i < p->candidates; i++)
		if (keep[i])
			p->candidate[kept++] = p->candidate[i];
	if (keep)
		p->candidates = kept;
}

/* Cells of one row, and lines that follow each other. */
static int in_text(struct pairing *p)
{
	if (cells_join(p) < 0)
		return -ERR_NO_MEMORY;
	for (size_t i = 0; i < p->blocks; i++) {
		struct block *a = &p->block[i];
		const struct pair_line *first = &p->lines[a->line[0]];

		for (size_t j = i + 1; first->cell.n && j < p->blocks && j < i + 40; j++) {
			struct block *b = &p->block[j];

			if (!same_row(first, &p->lines[b->line[0]]))
				break;
			if (!same_language(a->lang, b->lang) && !propose_row(p, a, b))
				return -ERR_NO_MEMORY;
		}
		if (!first->cell.n && i + 1 < p->blocks) {
			struct block *b = &p->block[i + 1];
			const struct pair_line *next = &p->lines[b->line[0]];

			if (!next->cell.n && slice_equal(first->part, next->part) &&
			    b->order == a->order + 1 && !same_language(a->lang, b->lang) &&
			    !propose(p, a, b, "next line", 0.8))
				return -ERR_NO_MEMORY;
		}
	}
	/* Compares every two: a sheet of thousands of rows needs no such help. */
	if (p->candidates <= 400)
		keep_the_usual(p);
	return 0;
}

int pairs_find(const struct pair_line *lines, size_t n, struct arena *memory, struct pair **out,
	       size_t *count)
{
	struct pairing p = { .lines = lines, .memory = memory };
	bool boxed = false;
	int r;

	*out = NULL;
	*count = 0;
	p.block = arena_array(memory, n ? n : 1, sizeof *p.block);
	if (!p.block)
		return -ERR_NO_MEMORY;
	for (size_t i = 0; i < n; i++) {
		boxed |= lines[i].boxed;
		if (takes_part(&lines[i]) && (!boxed || p.blocks < BLOCKS_MAX) && !block_begin(&p, i))
			return -ERR_NO_MEMORY;
	}
	r = boxed ? in_picture(&p) : in_text(&p);
	return r < 0 ? r : choose(&p, out, count);
}
