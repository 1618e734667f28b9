/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the page share. */
#include "report/html.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

void html_section(struct buf *b, const char *id, const char *title)
{
	page(b, "<section id=\"%s\" aria-labelledby=\"h-%s\">\n<h2 id=\"h-%s\">%s</h2>\n", id, id, id, title);
}

void html_table(struct buf *b, const char *class, const char *caption)
{
	page(b, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
		"<table class=\"%s\"><caption>%s</caption>\n", caption, class, caption);
}

void html_table_end(struct buf *b)
{
	page(b, "</table></div>\n");
}

void html_columns(struct buf *b, const char *const *names, size_t n)
{
	page(b, "<thead><tr>");
	for (size_t i = 0; i < n; i++) {
		const bool number = names[i][0] == '#';

		page(b, number ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
		page(b, "%s</th>", names[i] + number);
	}
	page(b, "</tr></thead>\n<tbody>\n");
}

void html_shown(struct buf *b, uint64_t shown, uint64_t total, const char *what)
{
	if (shown >= total)
		return;
	page(b, "<p class=\"shown\">Shown: ");
	page_number(b, shown);
	page(b, " of ");
	page_number(b, total);
	page(b, " %s. The case holds them all.</p>\n", what);
}

void html_finding_link(struct buf *b, const struct model *m, int64_t id)
{
	if (model_evidence(m, id))
		page(b, "<a class=\"ref\" href=\"#f%" PRId64 "\">F%" PRId64 "</a>", id, id);
	else if (id > 0)
		page(b, "<span class=\"ref\">F%" PRId64 "</span>", id);
}

void html_finding_links(struct buf *b, const struct model *m, const json_t *ids, size_t most)
{
	const size_t n = json_array_size(ids);

	for (size_t i = 0; i < n && i < most; i++) {
		page(b, i ? " " : "");
		html_finding_link(b, m, (int64_t)json_integer_value(json_array_get(ids, i)));
	}
	if (n > most)
		page(b, " and %zu more", n - most);
}

void html_object_link(struct buf *b, const struct model *m, int64_t id)
{
	const struct model_object *o = model_object(m, id);

	if (!o)
		return;
	page(b, "<a class=\"ref hash\" href=\"#o%" PRId64 "\" title=\"SHA-256 %s\">", id, o->sha256);
	page_cut(b, o->sha256, 8);
	page(b, "</a>");
}

void html_time(struct buf *b, int64_t time)
{
	char text[CLOCK_TEXT];
	struct clock_parts p;

	if (time == CLOCK_NONE)
		return;
	clock_text(time, text);
	p = clock_parts(time, 0);
	page(b, "<time datetime=\"%s\">%04d-%02d-%02d&nbsp;%02d:%02d:%02d</time>", text, p.year, p.month, p.day,
	     p.hour, p.minute, p.second);
}

void html_locator(struct buf *b, const json_t *locator)
{
	const json_t *box = member_array(locator, "box");
	const int64_t line = member_number(locator, "line", -1), offset = member_number(locator, "offset", -1);
	const char *part = member_text(locator, "part"), *cell = member_text(locator, "cell");
	const char *gap = "";

	if (*part) {
		page(b, "%s", part);
		gap = ", ";
	}
	if (*cell) {
		page(b, "%scell %s", gap, cell);
		gap = ", ";
	}
	if (line >= 0) {
		page(b, "%sline %" PRId64, gap, line);
		gap = ", ";
	}
	if (offset >= 0) {
		page(b, "%sbyte %" PRId64, gap, offset);
		gap = ", ";
	}
	if (json_array_size(box) == 4) {
		page(b, "%sbox ", gap);
		for (size_t i = 0; i < 4; i++)
			page(b, "%s%lld", i ? "," : "", (long long)json_integer_value(json_array_get(box, i)));
	}
}

int64_t html_member_time(const json_t *data, const char *name)
{
	const json_t *value = json_object_get(data, name);
	int64_t time;

	if (json_is_integer(value))
		return (int64_t)json_integer_value(value);
	return clock_parse(slice_text(json_string_value(value)), &time) ? time : CLOCK_NONE;
}

const char *html_number_word(uint64_t n, char out[24])
{
	static const char *const words[] = {
		"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
	};

	if (n < sizeof words / sizeof *words)
		return words[n];
	(void)snprintf(out, 24, "%" PRIu64, n);
	return out;
}
