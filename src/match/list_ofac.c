/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OFAC's SDN.CSV and ALT.CSV, as the Treasury publishes them: no header,
 * "-0-" for nothing, twelve and five columns, ^Z at the end.
 *
 *	SDN  number, name, type, programme, title, call sign, vessel type,
 *	     tonnage, gross tonnage, flag, owner, remarks
 *	ALT  number, alias number, kind (aka, fka, nka), name, remarks
 *
 * Weak aliases stand in the remarks of SDN.CSV, in quotes: a.k.a. 'BNC'.
 */
#include <stdlib.h>

#include "match/csv.h"
#include "match/names.h"

#define SDN_COLUMNS 12
#define ALT_COLUMNS 5
#define ALIAS_MAX 512

static const char *not_null(const char *cell)
{
	return strcmp(cell, "-0-") == 0 ? "" : cell;
}

static bool is_number(const char *cell)
{
	uint64_t number;

	return slice_u64(slice_text(cell), &number);
}

/* "a.k.a. 'BNC'." in a remark; `rest` moves behind it. */
static bool remark_alias(struct slice *rest, struct slice *alias)
{
	ptrdiff_t at = slice_find(*rest, SLICE(".k.a. '"));
	ptrdiff_t end;

	if (at < 0)
		return false;
	*rest = slice_skip(*rest, (size_t)at + strlen(".k.a. '"));
	for (end = 0; (size_t)end < rest->n; end++) {
		const size_t next = (size_t)end + 1;

		/* An apostrophe within the alias has a letter behind it. */
		if (rest->p[end] == '\'' && (next == rest->n || rest->p[next] == ';' ||
					     rest->p[next] == '.' || rest->p[next] == ')' ||
					     rest->p[next] == ','))
			break;
	}
	*alias = slice_head(*rest, (size_t)end);
	*rest = slice_skip(*rest, (size_t)end);
	return alias->n > 0 && alias->n <= ALIAS_MAX;
}

static int add_remark_aliases(struct namelist *n, uint32_t entry, const char *remarks, struct err *err)
{
	struct slice rest = slice_text(remarks), alias;

	while (remark_alias(&rest, &alias)) {
		const char *text = arena_text(&n->arena, alias);
		int r;

		if (!text)
			return err_set(err, ERR_NO_MEMORY, "no memory for the list");
		r = namelist_add_form(n, entry, NAME_WEAK, text, "", err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int add_row(struct namelist *n, uint32_t file, const char *const *cells, size_t count,
		   struct err *err)
{
	const char *type = not_null(cells[2]);
	struct listed entry = {
		.list = n->files[file].list,
		.number = cells[0],
		.name = cells[1],
		.type = *type ? type : "entity",
		.programme = not_null(cells[3]),
		.file = file,
		.individual = strcmp(type, "individual") == 0,
		.craft = strcmp(type, "vessel") == 0 || strcmp(type, "aircraft") == 0,
	};
	uint32_t id;
	int r = namelist_add_entry(n, &entry, &id, err);

	if (r == 0)
		r = namelist_add_form(n, id, NAME_PRIMARY, cells[1], "", err);
	if (r == 0 && count == SDN_COLUMNS)
		r = add_remark_aliases(n, id, not_null(cells[11]), err);
	if (r == 0)
		n->files[file].entries++;
	return r;
}

int ofac_parse(struct namelist *n, struct slice bytes, uint32_t file, const char *path, struct err *err)
{
	scoped(arena_done) struct arena cells_arena = arena_limited((size_t)1 << 30);
	const char *cells[SDN_COLUMNS], *why;
	uint64_t line = 0, lines = 0;
	size_t count;
	int r;

	while ((r = csv_row(&bytes, &cells_arena, cells, SDN_COLUMNS, &count, &line, &lines, &why)) > 0) {
		if (count < 4 || !is_number(cells[0]))
			return err_set(err, ERR_FAILED,
				       "%s:%llu: not a row of SDN.CSV (number, name, type, programme, ...)",
				       path, (unsigned long long)line);
		if (!*not_null(cells[1]))
			return err_set(err, ERR_FAILED, "%s:%llu: an entry without a name", path,
				       (unsigned long long)line);
		r = add_row(n, file, cells, count, err);
		if (r < 0)
			return r;
	}
	if (r < 0)
		return err_set(err, ERR_FAILED, "%s:%llu: %s", path, (unsigned long long)line, why);
	if (!n->files[file].entries)
		return err_set(err, ERR_FAILED, "%s: no entries in it", path);
	return 0;
}

static int by_number(const void *a, const void *b)
{
	return strcmp((*(const struct listed *const *)a)->number,
		      (*(const struct listed *const *)b)->number);
}

int ofac_parse_aliases(struct namelist *n, struct slice bytes, uint32_t file, const char *path,
		       struct err *err)
{
	scoped(arena_done) struct arena cells_arena = arena_limited((size_t)1 << 30);
	scoped(memory_free) const struct listed **sorted = calloc(n->entry_count + 1, sizeof *sorted);
	const char *cells[ALT_COLUMNS], *why;
	uint64_t line = 0, lines = 0;
	size_t count;
	int r;

	if (!sorted)
		return err_set(err, ERR_NO_MEMORY, "no memory for the list");
	for (size_t i = 0; i < n->entry_count; i++)
		sorted[i] = &n->entries[i];
	qsort(sorted, n->entry_count, sizeof *sorted, by_number);
	while ((r = csv_row(&bytes, &cells_arena, cells, ALT_COLUMNS, &count, &line, &lines, &why)) > 0) {
		const struct listed key = { .number = cells[0] }, *wanted = &key, **found;

		if (count < 4 || !is_number(cells[0]) || !*not_null(cells[3]))
			return err_set(err, ERR_FAILED,
				       "%s:%llu: not a row of ALT.CSV (number, alias number, kind, name, ...)",
				       path, (unsigned long long)line);
		found = bsearch(&wanted, sorted, n->entry_count, sizeof *sorted, by_number);
		if (!found)
			continue;      /* of an entry that this edition of the list has not */
		r = namelist_add_form(n, (uint32_t)(*found - n->entries), NAME_ALIAS, cells[3], "", err);
		if (r < 0)
			return r;
		n->files[file].entries++;
	}
	return r < 0 ? err_set(err, ERR_FAILED, "%s:%llu: %s", path, (unsigned long long)line, why) : 0;
}
