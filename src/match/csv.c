/* SPDX-License-Identifier: Apache-2.0 */
#include "match/csv.h"

#include "base/text.h"

/* The cell's text, trimmed, as UTF-8. */
static const char *keep(struct arena *arena, struct slice raw, bool quoted)
{
	scoped(buf_done) struct buf cell = buf_limited(4 * CSV_CELL_MAX);

	raw = slice_trim(raw);
	for (size_t i = 0; i < raw.n;) {
		uint32_t point;
		const size_t n = utf8_next(slice_skip(raw, i), &point);

		if (quoted && raw.p[i] == '"')
			i++;      /* the first of two */
		if (n > 1)
			(void)buf_add(&cell, slice_of(raw.p + i, n));
		else if (n == 1)
			(void)buf_char(&cell, raw.p[i]);
		else
			(void)utf8_add(&cell, (unsigned char)raw.p[i]);
		i += n ? n : 1;
	}
	if (buf_broken(&cell))
		return NULL;
	return arena_text(arena, buf_slice(&cell));
}

/* A cell in quotes: *raw is what stands between them. */
static bool quoted_cell(struct slice *rest, struct slice *raw, uint64_t *lines, const char **why)
{
	size_t i = 1;

	*why = "a quote that is never closed";
	for (;; i++) {
		if (i >= rest->n || i > CSV_CELL_MAX)
			return false;
		if (rest->p[i] == '\n')
			++*lines;
		if (rest->p[i] != '"')
			continue;
		if (i + 1 < rest->n && rest->p[i + 1] == '"')
			i++;
		else
			break;
	}
	*raw = slice_of(rest->p + 1, i - 1);
	*rest = slice_skip(*rest, i + 1);
	while (rest->n && rest->p[0] == ' ')
		*rest = slice_skip(*rest, 1);
	*why = "text behind a closing quote";
	return !rest->n || rest->p[0] == ',' || rest->p[0] == '\r' || rest->p[0] == '\n';
}

static bool cell_next(struct slice *rest, struct slice *raw, bool *quoted, uint64_t *lines,
		      const char **why)
{
	size_t i = 0;

	while (rest->n && (rest->p[0] == ' ' || rest->p[0] == '\t'))
		*rest = slice_skip(*rest, 1);
	*quoted = rest->n && rest->p[0] == '"';
	if (*quoted)
		return quoted_cell(rest, raw, lines, why);
	while (i < rest->n && rest->p[i] != ',' && rest->p[i] != '\n')
		i++;
	*raw = slice_head(*rest, i);
	*rest = slice_skip(*rest, i);
	*why = "a cell longer than 64 KiB";
	return i <= CSV_CELL_MAX;
}

int csv_row(struct slice *rest, struct arena *arena, const char **cells, size_t most, size_t *n,
	    uint64_t *line, uint64_t *lines, const char **why)
{
	while (rest->n && (rest->p[0] == '\n' || rest->p[0] == '\r' || rest->p[0] == '\x1a')) {
		*lines += rest->p[0] == '\n';
		*rest = slice_skip(*rest, 1);
	}
	if (!rest->n)
		return 0;
	*line = *lines + 1;
	for (*n = 0;;) {
		struct slice raw;
		bool quoted;

		*why = "more columns than the format has";
		if (*n == most || !cell_next(rest, &raw, &quoted, lines, why))
			return -1;
		*why = "a NUL byte";
		if (raw.n && memchr(raw.p, '\0', raw.n))
			return -1;
		*why = "no memory for the list";
		cells[*n] = keep(arena, raw, quoted);
		if (!cells[*n])
			return -1;
		++*n;
		if (rest->n && rest->p[0] == ',') {
			*rest = slice_skip(*rest, 1);
			continue;
		}
		if (rest->n && rest->p[0] == '\r')
			*rest = slice_skip(*rest, 1);
		*lines += rest->n && rest->p[0] == '\n';
		*rest = slice_skip(*rest, rest->n && rest->p[0] == '\n');
		return 1;
	}
}
