/* SPDX-License-Identifier: Apache-2.0 */
#include "intel/internal.h"

static int by_code(const void *a, const void *b)
{
	return strcmp(((const struct country *)a)->code, ((const struct country *)b)->code);
}

int countries_read(struct countries *countries, struct slice text, const char *name,
		   struct arena *arena, struct err *err)
{
	struct slice rest = text, line, s[2];
	unsigned long long number = 0;

	countries->rows = arena_array(arena, 26 * 26, sizeof *countries->rows);
	if (!countries->rows)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	while (slice_line(&rest, &line)) {
		struct country row = { 0 };

		number++;
		if (line.n == 0 || line.p[0] == '#' || slice_starts(line, SLICE("code\t")))
			continue;
		if (tsv_fields(line, s, 2) != 2 || s[0].n != 2 || s[1].n == 0 ||
		    countries->n == 26 * 26)
			return err_set(err, ERR_FAILED, "'%s' line %llu: needs a code of two letters and a name",
				       name, number);
		memcpy(row.code, s[0].p, 2);
		row.name = arena_text(arena, s[1]);
		if (!row.name)
			return err_set(err, ERR_NO_MEMORY, "no memory");
		countries->rows[countries->n++] = row;
	}
	qsort(countries->rows, countries->n, sizeof *countries->rows, by_code);
	return 0;
}

const char *countries_look(const struct countries *countries, const char *code)
{
	struct country key = { 0 };
	const struct country *found;

	if (strlen(code) != 2 || countries->n == 0)
		return code;
	memcpy(key.code, code, 2);
	found = bsearch(&key, countries->rows, countries->n, sizeof key, by_code);
	return found ? found->name : code;
}
