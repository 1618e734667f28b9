/* SPDX-License-Identifier: Apache-2.0 */
#include "match/tsv.h"

#include "base/text.h"

int tsv_fail(const struct tsv *t, struct err *err, const char *why)
{
	return err_set(err, ERR_FAILED, "%s:%llu: %s", t->path, (unsigned long long)t->line, why);
}

static size_t cells_of(struct slice line, struct slice *cells, size_t most)
{
	size_t n = 0;
	struct slice cell;

	while (n < most && slice_cut(&line, '\t', &cell))
		cells[n++] = slice_trim(cell);
	if (n < most)
		cells[n++] = slice_trim(line);
	return n;
}

/* The next line that is neither empty nor a remark. */
static bool next_line(struct tsv *t, struct slice *line)
{
	while (slice_line(&t->rest, line)) {
		t->line++;
		if (line->n && line->p[0] != '#')
			return true;
	}
	return false;
}

int tsv_begin(struct tsv *t, const char *path, struct slice bytes, const char *const *columns,
	      struct err *err)
{
	struct slice line, cells[TSV_COLUMNS_MAX];

	*t = (struct tsv){ .path = path, .rest = bytes };
	if (slice_starts(t->rest, SLICE("\xEF\xBB\xBF")))
		t->rest = slice_skip(t->rest, 3);
	if (!next_line(t, &line))
		return err_set(err, ERR_FAILED, "%s: no header line", path);
	t->columns = cells_of(line, cells, TSV_COLUMNS_MAX);
	for (; columns[t->wanted]; t->wanted++) {
		size_t i = 0;

		while (i < t->columns && !slice_is(cells[i], columns[t->wanted]))
			i++;
		if (i == t->columns)
			return err_set(err, ERR_FAILED, "%s:%llu: the header has no column \"%s\"", path,
				       (unsigned long long)t->line, columns[t->wanted]);
		t->place[t->wanted] = i;
	}
	return 0;
}

static bool is_clean(struct slice line)
{
	for (size_t i = 0; i < line.n; i++)
		if ((unsigned char)line.p[i] < 0x20 && line.p[i] != '\t')
			return false;
	return utf8_valid(line);
}

int tsv_row(struct tsv *t, struct slice *cells, struct err *err)
{
	struct slice line, all[TSV_COLUMNS_MAX];
	size_t n;

	if (!next_line(t, &line))
		return 0;
	if (!is_clean(line))
		return tsv_fail(t, err, "bytes that are no text");
	n = cells_of(line, all, TSV_COLUMNS_MAX);
	if (n < t->columns)
		return tsv_fail(t, err, "fewer cells than the header has");
	for (size_t i = 0; i < t->wanted; i++)
		cells[i] = all[t->place[i]];
	return 1;
}
