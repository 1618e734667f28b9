/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of @ip-location-db: "first,last,AS number,name" and
 * "first,last,country", in order of the first address.  Rows do overlap in
 * them (a few thousand of the country table): the row that begins later is
 * the more particular one and counts within its range; behind its end the
 * one around it counts again.  A table that is not in order is refused.
 */
#include <jansson.h>
#include <stdio.h>

#include "base/fd.h"
#include "intel/internal.h"

struct row {
	struct address first, last;
	uint32_t value;
	struct slice name;
};

static bool read_row(struct slice line, bool country, struct row *row, const char **why)
{
	struct slice first, last, value;
	bool more = true;
	uint64_t asn;

	row->name = (struct slice){ 0 };
	if (!csv_field(&line, &more, &first, why) || !csv_field(&line, &more, &last, why) ||
	    !csv_field(&line, &more, &value, why))
		return false;
	*why = "no address";
	if (!address_parse(first, &row->first) || !address_parse(last, &row->last))
		return false;
	*why = "the range ends before it begins";
	if (address_compare(&row->first, &row->last) > 0)
		return false;
	if (country) {
		*why = "no country code";
		if (value.n != 2)
			return false;
		row->value = (uint32_t)(unsigned char)value.p[0] << 8 | (unsigned char)value.p[1];
		return true;
	}
	*why = "no AS number";
	if (!slice_u64(value, &asn) || asn > UINT32_MAX)
		return false;
	row->value = (uint32_t)asn;
	return !more || csv_field(&line, &more, &row->name, why);
}

/* Rows without overlaps, made from rows in order. */
struct flat {
	struct range6 *rows;
	size_t n, room;
	struct range6 open[64];      /* those that hold `at`, innermost last */
	size_t depth;
	struct address at;           /* up to here it is written */
};

static struct address next_to(struct address a, int step)
{
	if (step > 0)
		return (struct address){ a.high + (a.low == UINT64_MAX), a.low + 1 };
	return (struct address){ a.high - (a.low == 0), a.low - 1 };
}

static bool emit(struct flat *f, const struct range6 *row, struct address last)
{
	if (address_compare(&f->at, &last) > 0)
		return true;
	if (f->n == f->room) {
		const size_t room = f->room ? f->room * 2 : 1024;
		struct range6 *rows = realloc(f->rows, room * sizeof *rows);

		if (!rows)
			return false;
		f->rows = rows;
		f->room = room;
	}
	f->rows[f->n++] = (struct range6){ f->at, last, row->value, row->name };
	return true;
}

/* Write those that end before `limit`; NULL: all. */
static bool close_before(struct flat *f, const struct address *limit)
{
	while (f->depth) {
		const struct range6 top = f->open[f->depth - 1];

		if (limit && address_compare(&top.last, limit) >= 0)
			return true;
		if (!emit(f, &top, top.last))
			return false;
		if (address_compare(&f->at, &top.last) <= 0)
			f->at = next_to(top.last, 1);
		f->depth--;
	}
	return true;
}

static bool add_row(struct flat *f, const struct range6 *row)
{
	if (!close_before(f, &row->first))
		return false;
	if (f->depth && address_compare(&f->at, &row->first) < 0 &&
	    !emit(f, &f->open[f->depth - 1], next_to(row->first, -1)))
		return false;
	if (f->depth == sizeof f->open / sizeof f->open[0])
		return false;
	f->open[f->depth++] = *row;
	f->at = row->first;
	return true;
}

static int hand_over(struct table *t, struct flat *f, bool v6)
{
	if (v6) {
		t->v6 = f->rows;
		t->v6_n = f->n;
		f->rows = NULL;
		return 0;
	}
	t->v4 = malloc((f->n + 1) * sizeof *t->v4);
	if (!t->v4)
		return -1;
	for (size_t i = 0; i < f->n; i++)
		t->v4[i] = (struct range4){ (uint32_t)f->rows[i].first.low, (uint32_t)f->rows[i].last.low,
					    f->rows[i].value, f->rows[i].name };
	t->v4_n = f->n;
	return 0;
}

/* A quoted name at the end of a line loses the doubling of its quotes: what
 * it means is moved to the line's end, behind commas, so that it reads as a
 * name without quotes. */
static void undouble(struct buf *text, struct slice *name)
{
	const char *const end = text->p + text->n;
	size_t n = name->n, to = name->n + 1;
	char *p;

	if (slice_find(*name, SLICE("\"\"")) < 0 || name->p == text->p || name->p[-1] != '"')
		return;
	p = text->p + (name->p - text->p);
	if (p + n + 1 < end && p[n + 1] != '\n' && p[n + 1] != '\r')
		return;      /* another field follows: stays as it is */
	while (n) {
		p[--to] = p[--n];
		if (p[to] == '"' && n)
			n--;
	}
	memset(p - 1, ',', to + 1);
	*name = slice_of(p + to, name->n + 1 - to);
}

static const char *add_line(struct table *t, struct flat *f, struct buf *text, struct slice line,
			    bool v6, struct address *before)
{
	struct row row;
	const char *why;

	if (!read_row(line, strcmp(t->source.role, "country") == 0, &row, &why))
		return why;
	if (address_is_v4(&row.first) == v6 || address_is_v4(&row.last) == v6)
		return "an address of the other family";
	if (address_compare(&row.first, before) < 0)
		return "not in order";
	*before = row.first;
	undouble(text, &row.name);
	if (!add_row(f, &(struct range6){ row.first, row.last, row.value,
					  row.name.p ? (uint32_t)(row.name.p - text->p) : 0 }))
		return "too many ranges within each other, or no memory";
	t->source.rows++;
	return NULL;
}

static int read_rows(struct table *t, struct buf *text, bool v6, const char *path,
		     struct err *err)
{
	struct flat flat = { 0 };
	struct address before = { 0 };
	struct slice rest = buf_slice(text), line;
	unsigned long long number = 0;
	const char *why = NULL;
	int r = 0;

	while (!why && slice_line(&rest, &line)) {
		number++;
		if (line.n)
			why = add_line(t, &flat, text, line, v6, &before);
	}
	if (why)
		r = err_set(err, ERR_FAILED, "'%s' line %llu: %s", path, number, why);
	else if (!close_before(&flat, NULL) || hand_over(t, &flat, v6) < 0)
		r = err_set(err, ERR_NO_MEMORY, "no memory for '%s'", path);
	free(flat.rows);
	return r;
}

/* "2.3.2026061719": the last number is when it was made. */
static int64_t date_of_version(const char *version)
{
	const char *dot = strrchr(version, '.');
	uint64_t n;
	int64_t time;

	if (!dot || strlen(dot + 1) < 8 || !slice_u64(slice_of(dot + 1, 8), &n) ||
	    !clock_civil((int)(n / 10000), (int)(n / 100 % 100), (int)(n % 100), 0, 0, 0, &time))
		return CLOCK_NONE;
	return time;
}

/* Version and licence stand in the package's own package.json. */
static void read_package(struct table *t, const char *folder, const char *file,
			 struct arena *arena)
{
	char path[4096];
	const char *slash = strrchr(file, '/');
	json_t *package;
	const char *name, *version, *licence;

	(void)snprintf(path, sizeof path, "%s/%.*s/package.json", folder,
		       (int)(slash ? slash - file : 0), file);
	package = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	name = json_string_value(json_object_get(package, "name"));
	version = json_string_value(json_object_get(package, "version"));
	licence = json_string_value(json_object_get(package, "license"));
	t->source.name = name ? arena_text(arena, slice_text(name)) : file;
	t->source.version = version ? arena_text(arena, slice_text(version)) : "";
	t->source.licence = licence ? arena_text(arena, slice_text(licence)) : "";
	t->source.date = version ? date_of_version(version) : CLOCK_NONE;
	if (!t->source.name || !t->source.version || !t->source.licence)
		t->source.name = t->source.version = t->source.licence = "";
	json_decref(package);
}

int table_load(struct table *table, const char *role, const char *folder, const char *file,
	       struct arena *arena, struct err *err)
{
	char path[4096];
	struct hasher *hash = hasher_new();
	int r = 0;

	if (!hash)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	table->source.role = role;
	for (int v6 = 0; v6 < 2 && r == 0; v6++) {
		struct buf *text = v6 ? &table->text6 : &table->text4;

		(void)snprintf(path, sizeof path, "%s/%sipv%d.csv", folder, file, v6 ? 6 : 4);
		*text = buf_limited(TABLE_BYTES_MAX);
		r = file_read(path, text, err);
		if (r < 0) {
			r = err_prefix(err, r, "address table; 'scripts/install-deps' fetches them");
			break;
		}
		hasher_add(hash, buf_slice(text));
		r = read_rows(table, text, v6, path, err);
	}
	table->source.sha256 = hasher_end(hash);
	hasher_free(hash);
	if (r < 0)
		return r;
	(void)snprintf(path, sizeof path, "%s/%s", folder, file);
	table->source.path = arena_text(arena, slice_text(path));
	if (!table->source.path)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	read_package(table, folder, file, arena);
	return 0;
}

void table_done(struct table *table)
{
	buf_done(&table->text4);
	buf_done(&table->text6);
	free(table->v4);
	free(table->v6);
}

/* The name begins behind a quote or not, and ends as it began; undouble() has
 * been there. */
static struct slice name_at(const struct buf *text, uint32_t at)
{
	struct slice rest;
	const char *end;

	if (at == 0 || at >= text->n)
		return (struct slice){ 0 };
	rest = slice_skip(buf_slice(text), at);
	if (text->p[at - 1] == '"') {
		size_t i = 0;

		while (i < rest.n && (rest.p[i] != '"' || (i + 1 < rest.n && rest.p[i + 1] == '"')))
			i += rest.p[i] == '"' ? 2 : 1;
		return slice_head(rest, i);
	}
	end = memchr(rest.p, '\n', rest.n);
	if (end)
		rest.n = (size_t)(end - rest.p);
	if (rest.n && rest.p[rest.n - 1] == '\r')
		rest.n--;
	return rest;
}

bool table_look(const struct table *table, const struct address *a, uint32_t *value,
		struct slice *name)
{
	size_t low = 0, high;

	if (address_is_v4(a)) {
		const uint32_t ip = (uint32_t)a->low;

		for (high = table->v4_n; low < high;) {
			const size_t mid = low + (high - low) / 2;

			if (table->v4[mid].last < ip)
				low = mid + 1;
			else
				high = mid;
		}
		if (low == table->v4_n || table->v4[low].first > ip)
			return false;
		*value = table->v4[low].value;
		*name = name_at(&table->text4, table->v4[low].name);
		return true;
	}
	for (high = table->v6_n; low < high;) {
		const size_t mid = low + (high - low) / 2;

		if (address_compare(&table->v6[mid].last, a) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == table->v6_n || address_compare(&table->v6[low].first, a) > 0)
		return false;
	*value = table->v6[low].value;
	*name = name_at(&table->text6, table->v6[low].name);
	return true;
}
