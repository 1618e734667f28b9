/* SPDX-License-Identifier: Apache-2.0 */
#include "examine/lines.h"

#include <stdlib.h>

#include "base/scoped.h"
#include "examine/script.h"

static struct slice keep(struct lines *lines, struct slice text)
{
	const char *copy = text.n ? arena_text(&lines->memory, text) : "";

	return copy ? slice_of(copy, text.n) : slice_of("", 0);
}

static bool grow(struct lines *lines)
{
	const size_t room = lines->room ? lines->room * 2 : 256;
	struct message *line = realloc(lines->line, room * sizeof *line);
	struct language *language;

	if (!line)
		return false;
	lines->line = line;
	language = realloc(lines->language, room * sizeof *language);
	if (!language)
		return false;
	lines->language = language;
	lines->room = room;
	return true;
}

static struct slice fitting(struct lines *lines, struct slice text)
{
	if (text.n <= LINE_MAX_BYTES)
		return text;
	if (!lines->cut)
		worker_partial(lines->worker, "long lines are cut at 16 KB");
	lines->cut = true;
	text.n = LINE_MAX_BYTES;
	while (text.n && ((unsigned char)text.p[text.n] & 0xC0) == 0x80)
		text.n--;
	return text;
}

bool lines_add(struct lines *lines, const struct message *line)
{
	struct message m = *line;

	m.text = slice_trim(m.text);
	if (m.text.n == 0)
		return true;
	if (lines->full)
		return false;
	m.text = fitting(lines, m.text);
	if (lines->n == LINES_MAX || lines->memory.used + m.text.n + 4096 > lines->memory.limit ||
	    (lines->n == lines->room && !grow(lines))) {
		lines->full = true;
		worker_partial(lines->worker, "too many lines: the rest is left out");
		return false;
	}
	m.text = keep(lines, m.text);
	m.name = keep(lines, m.name);
	m.where = keep(lines, m.where);
	lines->language[lines->n] = language_of(m.text);
	lines->line[lines->n++] = m;
	return true;
}

void lines_say(struct lines *lines)
{
	language_settle(lines->language, lines->n);
	for (size_t i = 0; i < lines->n; i++) {
		struct message m = lines->line[i];

		m.script = slice_text(lines->language[i].script);
		m.lang = slice_text(lines->language[i].lang);
		worker_say(lines->worker, &m);
	}
	free(lines->line);
	free(lines->language);
	arena_done(&lines->memory);
	*lines = lines_for(lines->worker);
}
