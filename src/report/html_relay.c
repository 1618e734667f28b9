/* SPDX-License-Identifier: Apache-2.0 */
/* The relay: one side writes, a far one reads and answers. */
#include "report/html.h"

#include <string.h>

#include "base/text.h"

#define EXCHANGES_SHOWN 60u

static void group_box(struct buf *b, double x, const char *title, const json_t *side)
{
	static const char *const units[] = { "actors", "addresses", "networks", "sessions" };
	const json_t *item;
	const char *more = strstr(title, " (");
	double y = 62;
	size_t i;

	/* "North Korean range (Star JV, AS131279)" takes two lines. */
	page(b, "<rect x=\"%.0f\" y=\"20\" width=\"260\" height=\"150\" fill=\"var(--card)\" stroke=\"var(--gridbold)\" stroke-width=\"2\"/>"
		"<text x=\"%.0f\" y=\"42\" font-weight=\"700\">", x, x + 12);
	if (more && more - title <= 34)
		(void)text_html(b, slice_of(title, (size_t)(more - title)));
	else
		page_cut(b, title, 34);
	if (more) {
		page(b, "</text><text x=\"%.0f\" y=\"%.0f\">", x + 12, y);
		page_cut(b, more + 1, 40);
		y += 19;
	}
	page(b, "</text>\n");
	for (i = 0; i < sizeof units / sizeof *units; i++) {
		const json_t *value = json_object_get(side, units[i]);
		const int64_t n = json_is_array(value) ? (int64_t)json_array_size(value) : json_is_integer(value) ? (int64_t)json_integer_value(value) : -1;

		if (n < 0)
			continue;
		page(b, "<text x=\"%.0f\" y=\"%.0f\">%" PRId64 " %s</text>\n", x + 12, y, n, units[i]);
		y += 19;
	}
	json_array_foreach(member_array(side, "countries"), i, item) {
		if (i == 3 || !json_is_string(item))
			break;
		page(b, "<text class=\"soft\" x=\"%.0f\" y=\"%.0f\">", x + 12, y);
		page_cut(b, json_string_value(item), 24);
		page(b, "</text>\n");
		y += 19;
	}
}

static void arrow(struct buf *b, double x1, double x2, double y, const char *words)
{
	const double tip = x2 > x1 ? -9 : 9;

	page(b, "<line x1=\"%.0f\" y1=\"%.0f\" x2=\"%.0f\" y2=\"%.0f\" stroke=\"currentColor\" stroke-width=\"2\"/>"
		"<path d=\"M%.0f %.0fl%.0f -5v10z\" fill=\"currentColor\"/>", x1, y, x2 + tip, y, x2, y, tip);
	page(b, "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"middle\">%s</text>\n", (x1 + x2) / 2, y - 7, words);
}

static const char *side_name(const json_t *data, const char *side, const char *otherwise)
{
	const char *name = member_text(member_object(data, side), "name");

	if (!*name)
		name = member_text(data, side);
	return *name ? name : otherwise;
}

static void relay(struct buf *b, const struct model *m, const struct model_finding *f)
{
	const int64_t objects = member_number(f->data, "objects", -1), answered = member_number(f->data, "answered", -1);
	const double lag = member_real(f->data, "lag_hours", -1);

	page(b, "<p class=\"lede\">%s ", f->value);
	html_finding_link(b, m, f->id);
	page(b, "</p>\n<figure><svg viewBox=\"0 0 940 190\" width=\"940\" role=\"img\" aria-label=\"Two groups with the server between them; the sentence above says it in words\">\n");
	group_box(b, 4, side_name(f->data, "a", "Group A"), member_object(f->data, "a"));
	group_box(b, 676, side_name(f->data, "b", "Group B"), member_object(f->data, "b"));
	page(b, "<rect x=\"410\" y=\"60\" width=\"120\" height=\"70\" fill=\"var(--card)\" stroke=\"currentColor\"/>"
		"<text x=\"470\" y=\"100\" text-anchor=\"middle\">the server</text>\n");
	arrow(b, 264, 410, 80, "puts there");
	arrow(b, 530, 676, 80, "is fetched");
	arrow(b, 676, 530, 118, "answers");
	arrow(b, 410, 264, 118, "is fetched");
	page(b, "<text x=\"470\" y=\"160\" text-anchor=\"middle\">");
	if (objects >= 0)
		page(b, "%" PRId64 " files there", objects);
	if (member_number(f->data, "back", -1) >= 0)
		page(b, ", %" PRId64 " back", member_number(f->data, "back", 0));
	if (answered >= 0)
		page(b, ", %" PRId64 " answered", answered);
	page(b, "</text>");
	if (lag >= 0)
		page(b, "<text class=\"soft\" x=\"470\" y=\"180\" text-anchor=\"middle\">median time until it is fetched: %.1f h</text>", lag);
	page(b, "</svg><figcaption>Groups are of addresses in the log that are of one kind, not of persons.</figcaption></figure>\n");
}

static void side_text(struct buf *b, const json_t *data, const char *name)
{
	const json_t *value = json_object_get(data, name), *item;
	size_t i;

	if (json_is_string(value))
		page_cut(b, json_string_value(value), 80);
	json_array_foreach(value, i, item) {
		if (i == 3)
			break;
		page(b, i ? ", " : "");
		page_cut(b, json_string_value(item), 60);
	}
}

static void exchanges(struct buf *b, const struct model *m)
{
	if (!m->exchanges.n)
		return;
	html_table(b, "", "Files that one side wrote and another read");
	HTML_COLUMNS(b, "Path", "Written by", "Read by", "Finding");
	for (size_t i = 0; i < m->exchanges.n && i < EXCHANGES_SHOWN; i++) {
		const struct model_finding *f = m->exchanges.at[i];

		page(b, "<tr><th scope=\"row\" class=\"any\">");
		page_cut(b, f->value, 200);
		page(b, "</th><td class=\"mono\">");
		side_text(b, f->data, "written_by");
		page(b, "</td><td class=\"mono\">");
		side_text(b, f->data, "read_by");
		page(b, "</td><td>");
		html_finding_link(b, m, f->id);
		page(b, "</td></tr>\n");
	}
	page(b, "</tbody>");
	html_table_end(b);
	html_shown(b, m->exchanges.n < EXCHANGES_SHOWN ? m->exchanges.n : EXCHANGES_SHOWN, m->exchanges.total, "files that changed hands");
}

void html_relay(struct buf *b, const struct model *m)
{
	html_section(b, "relay", "Does the server pass things on?");
	for (size_t i = 0; i < m->relays.n && i < 6; i++)
		relay(b, m, m->relays.at[i]);
	if (!m->relays.n)
		page(b, m->summaries.n ? "<p>No two groups that hand files to each other through this server were found in the logs that were read.</p>\n"
				       : "<p>No log was read; whether the server passes things on cannot be said.</p>\n");
	if (m->exchanges.n) {
		page(b, "<details><summary>Files that changed hands: ");
		page_number(b, m->exchanges.total);
		page(b, "</summary>\n");
		exchanges(b, m);
		page(b, "</details>\n");
	}
	page(b, "</section>\n");
}
