/* SPDX-License-Identifier: Apache-2.0 */
#include "intel/internal.h"

/* Behind the field: a comma (more follows), the end, or nonsense. */
static bool behind(struct slice *rest, size_t n, bool *more, const char **why)
{
	*rest = slice_skip(*rest, n);
	*more = rest->n > 0;
	if (rest->n == 0)
		return true;
	*why = "a quoted field goes on behind its quote";
	if (rest->p[0] != ',')
		return false;
	*rest = slice_skip(*rest, 1);
	return true;
}

bool csv_field(struct slice *rest, bool *more, struct slice *value, const char **why)
{
	size_t i = 0;

	*why = "too few fields";
	if (!*more)
		return false;
	if (rest->n && rest->p[0] == '"') {
		for (i = 1; i < rest->n; i++) {
			if (rest->p[i] != '"')
				continue;
			if (i + 1 == rest->n || rest->p[i + 1] != '"')
				break;
			i++;
		}
		*why = "a quote is not closed";
		if (i >= rest->n)
			return false;
		*value = slice_of(rest->p + 1, i - 1);
		return behind(rest, i + 1, more, why);
	}
	while (i < rest->n && rest->p[i] != ',')
		i++;
	*value = slice_of(rest->p, i);
	return behind(rest, i, more, why);
}

char *csv_text(struct arena *arena, struct slice value)
{
	char *text = arena_text(arena, value);
	size_t to = 0;

	if (!text)
		return NULL;
	for (size_t i = 0; text[i]; i++) {
		text[to++] = text[i];
		if (text[i] == '"' && text[i + 1] == '"')
			i++;
	}
	text[to] = '\0';
	return text;
}

size_t tsv_fields(struct slice line, struct slice *fields, size_t max)
{
	size_t n = 0;

	while (n < max) {
		if (!slice_cut(&line, '\t', &fields[n])) {
			fields[n++] = line;
			break;
		}
		n++;
	}
	return n;
}
