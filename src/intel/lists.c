/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists that name ranges: the user's CSV, the profiles' TSV.  Ranges of one
 * list are nested or disjoint, since they are prefixes; the innermost counts.
 */
#include <stdio.h>

#include "intel/internal.h"

static int full(struct err *err)
{
	return err_set(err, ERR_NO_MEMORY, "no memory");
}

static int add_row(struct list *list, const struct list_row *row, struct err *err)
{
	if (list->n == list->room) {
		const size_t room = list->room ? list->room * 2 : 256;
		struct list_row *rows = realloc(list->rows, room * sizeof *rows);

		if (!rows)
			return full(err);
		list->rows = rows;
		list->room = room;
	}
	list->rows[list->n++] = *row;
	if (row->date != CLOCK_NONE && row->date > list->source.date)
		list->source.date = row->date;
	return 0;
}

static bool is_mark(struct slice kind)
{
	return slice_ends(kind, SLICE("-range")) && kind.n > 6;
}

/* The fields all lists have. */
struct list_fields {
	struct slice range, label, kind, from, to, says, date;
};

static const char *read_fields(const struct list_fields *f, struct arena *arena,
			       struct list_row *row)
{
	const char *why;

	*row = (struct list_row){ .date = CLOCK_NONE, .from = CLOCK_NONE, .to = CLOCK_NONE };
	if (!address_range(f->range, &row->first, &row->last, &why))
		return why;
	if (f->label.n == 0 || !utf8_valid(f->label))
		return "no label";
	row->class = intel_kind_named(f->kind);
	if (!row->class && !is_mark(f->kind))
		return "no kind that is known (docs/man/xsheet-logs.1 lists them)";
	if (f->from.n && !clock_parse(f->from, &row->from))
		return "no date in 'from'";
	if (f->to.n && !clock_parse(f->to, &row->to))
		return "no date in 'to'";
	if (f->date.n && !clock_parse(f->date, &row->date))
		return "no date";
	row->range = arena_text(arena, f->range);
	row->label = csv_text(arena, f->label);
	row->kind = row->class ? row->class->name : arena_text(arena, f->kind);
	row->says = csv_text(arena, f->says);
	return row->range && row->label && row->kind && row->says ? NULL : "too long: no memory";
}

static int by_range(const void *a, const void *b)
{
	const struct list_row *x = a, *y = b;
	const int first = address_compare(&x->first, &y->first);

	return first ? first : -address_compare(&x->last, &y->last);
}

/* In order, each with the row around it. */
static void nest(struct list *list)
{
	if (list->n)
		qsort(list->rows, list->n, sizeof *list->rows, by_range);
	for (size_t i = 1; i < list->n; i++) {
		uint32_t up = (uint32_t)i;

		while (up && address_compare(&list->rows[up - 1].last, &list->rows[i].last) < 0)
			up = list->rows[up - 1].up;
		list->rows[i].up = up;
	}
}

static bool list_line(struct slice line, struct list_fields *f, const char **why)
{
	bool more = true;

	return csv_field(&line, &more, &f->range, why) && csv_field(&line, &more, &f->label, why) &&
	       csv_field(&line, &more, &f->kind, why) && csv_field(&line, &more, &f->says, why) &&
	       csv_field(&line, &more, &f->date, why);
}

int list_read(struct list *list, struct slice text, const char *name, struct arena *arena,
	      struct err *err)
{
	struct slice rest = text, line;
	unsigned long long number = 0;

	list->source.date = CLOCK_NONE;
	while (slice_line(&rest, &line)) {
		struct list_fields f = { 0 };
		const char *why = NULL;
		struct list_row row;
		int r;

		number++;
		if (line.n == 0 || line.p[0] == '#' ||
		    (number == 1 && slice_is(line, "cidr,label,kind,source,date")))
			continue;
		if (list_line(line, &f, &why))
			why = read_fields(&f, arena, &row);
		if (why)
			return err_set(err, ERR_FAILED, "'%s' line %llu: %s; a line is cidr,label,kind,source,date",
				       name, number, why);
		r = add_row(list, &row, err);
		if (r < 0)
			return r;
	}
	if (list->n == 0)
		return err_set(err, ERR_FAILED, "'%s' names no range; a line is cidr,label,kind,source,date",
			       name);
	list->source.rows = list->n;
	nest(list);
	return 0;
}

/* cidr, label, kind, from, to, source, date */
int ranges_read(struct list *list, struct slice text, const char *name, struct arena *arena,
		struct err *err)
{
	struct slice rest = text, line, s[7];
	unsigned long long number = 0;

	list->source.date = CLOCK_NONE;
	while (slice_line(&rest, &line)) {
		const char *why = "needs seven fields: cidr, label, kind, from, to, source, date";
		struct list_row row;
		int r;

		number++;
		if (line.n == 0 || line.p[0] == '#' || slice_starts(line, SLICE("cidr\t")))
			continue;
		if (tsv_fields(line, s, 7) == 7)
			why = read_fields(&(struct list_fields){ s[0], s[1], s[2], s[3], s[4], s[5], s[6] },
					  arena, &row);
		if (why)
			return err_set(err, ERR_FAILED, "'%s' line %llu: %s", name, number, why);
		r = add_row(list, &row, err);
		if (r < 0)
			return r;
	}
	list->source.rows = list->n;
	nest(list);
	return 0;
}

void list_done(struct list *list)
{
	free(list->rows);
}

const struct list_row *list_look(const struct list *list, const struct address *a)
{
	size_t low = 0, high = list->n;

	/* The last row that begins at or before it, then outwards. */
	while (low < high) {
		const size_t mid = low + (high - low) / 2;

		if (address_compare(&list->rows[mid].first, a) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	while (low && address_compare(&list->rows[low - 1].last, a) < 0)
		low = list->rows[low - 1].up;
	return low ? &list->rows[low - 1] : NULL;
}

/* ------------------------------------------------------ AS classes ---- */

static int by_asn(const void *a, const void *b)
{
	const struct as_class *x = a, *y = b;

	return x->asn < y->asn ? -1 : x->asn > y->asn;
}

static const char *class_row(struct slice line, struct arena *arena, struct as_class *row)
{
	struct slice s[5];
	char range[16];
	uint64_t asn;

	if (tsv_fields(line, s, 5) != 5)
		return "needs five fields: asn, kind, name, source, date";
	if (!slice_u64(s[0], &asn) || asn == 0 || asn > UINT32_MAX)
		return "no AS number";
	row->asn = (uint32_t)asn;
	row->class = intel_kind_named(s[1]);
	if (!row->class)
		return "no kind that is known";
	if (s[2].n == 0 || !utf8_valid(s[2]))
		return "no name";
	if (!clock_parse(s[4], &row->date))
		return "no date";
	(void)snprintf(range, sizeof range, "AS%u", row->asn);
	row->range = arena_text(arena, slice_text(range));
	row->kind = row->class->name;
	row->label = arena_text(arena, s[2]);
	row->says = arena_text(arena, s[3]);
	return row->range && row->label && row->says ? NULL : "too long: no memory";
}

int classes_read(struct as_classes *classes, struct slice text, const char *name,
		 struct arena *arena, struct err *err)
{
	struct slice rest = text, line;
	unsigned long long number = 0;

	classes->source.date = CLOCK_NONE;
	while (slice_line(&rest, &line)) {
		struct as_class row;
		const char *why;

		number++;
		if (line.n == 0 || line.p[0] == '#' || slice_starts(line, SLICE("asn\t")))
			continue;
		why = class_row(line, arena, &row);
		if (why)
			return err_set(err, ERR_FAILED, "'%s' line %llu: %s", name, number, why);
		if (classes->n == classes->room) {
			const size_t room = classes->room ? classes->room * 2 : 256;
			struct as_class *rows = realloc(classes->rows, room * sizeof *rows);

			if (!rows)
				return full(err);
			classes->rows = rows;
			classes->room = room;
		}
		classes->rows[classes->n++] = row;
		if (row.date > classes->source.date)
			classes->source.date = row.date;
	}
	if (classes->n)
		qsort(classes->rows, classes->n, sizeof *classes->rows, by_asn);
	for (size_t i = 1; i < classes->n; i++)
		if (classes->rows[i].asn == classes->rows[i - 1].asn)
			return err_set(err, ERR_FAILED, "'%s': AS%u stands there twice", name,
				       classes->rows[i].asn);
	classes->source.rows = classes->n;
	return 0;
}

void classes_done(struct as_classes *classes)
{
	free(classes->rows);
}

const struct as_class *classes_look(const struct as_classes *classes, uint32_t asn)
{
	const struct as_class key = { .asn = asn };

	return classes->n ? bsearch(&key, classes->rows, classes->n, sizeof key, by_asn) : NULL;
}
