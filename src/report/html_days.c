/* SPDX-License-Identifier: Apache-2.0 */
/* Scope, and what appeared each day. */
#include "report/html.h"

#include <string.h>

#include "base/text.h"

#define NAMES_SHOWN 200u

/* {"host":"example.org","depth":8} as "host example.org, depth 8". */
static void limits(struct buf *b, const char *scope)
{
	json_t *object = json_loads(scope, 0, NULL);
	const char *name;
	json_t *value;
	size_t n = 0;

	json_object_foreach(object, name, value) {
		char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY);

		page(b, n++ ? ", " : "<br><span class=\"soft\">limits: ");
		page(b, "%s %s", name, text ? text : json_string_value(value));
		free(text);
	}
	if (n)
		page(b, "</span>");
	json_decref(object);
}

void html_scope(struct buf *b, const struct model *m)
{
	size_t logs = 0;

	html_section(b, "scope", "Scope, authority, and what was not done");
	page(b, "<dl class=\"why\">\n<dt>Authority</dt><dd>%s</dd>\n", *m->authority ? m->authority : "not stated when the case was made");
	for (size_t i = 0; i < m->sources_n; i++) {
		const struct model_source *s = &m->sources[i];

		if (strcmp(s->kind, "log") == 0) {
			logs++;
			continue;
		}
		page(b, "<dt>Looked at (%s)</dt><dd class=\"mono\">%s", s->kind, s->locator);
		limits(b, s->scope);
		page(b, "</dd>\n");
	}
	if (logs)
		page(b, "<dt>Logs read</dt><dd class=\"mono\">");
	for (size_t i = 0, n = 0; i < m->sources_n; i++)
		if (strcmp(m->sources[i].kind, "log") == 0) {
			page(b, n++ ? ", " : "");
			page_cut(b, m->sources[i].locator, 200);
		}
	if (logs)
		page(b, "</dd>\n");
	page(b, "<dt>Not done</dt><dd>No login, no password, no form was sent; nothing was written to or deleted from a "
		"server; no address outside the limits was asked. Only what was served to anyone who asked was collected.</dd>\n"
		"</dl>\n</section>\n");
}

static void bar(struct buf *b, double x, double y, double width, double height, const char *fill)
{
	page(b, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", x, y, width, height, fill);
}

static void chart(struct buf *b, const struct model *m)
{
	const size_t first = m->days_n > 62 ? m->days_n - 62 : 0, n = m->days_n - first;
	const double wide = 720, high = 150, step = wide / (double)n, width = step * 0.62 > 60 ? 60 : step * 0.62;
	uint64_t most = 1;

	for (size_t d = first; d < m->days_n; d++) {
		const uint64_t sum = m->days[d].changes[CHANGE_NEW].total + m->days[d].changes[CHANGE_CHANGED].total;

		if (sum > most)
			most = sum;
	}
	page(b, "<figure><svg viewBox=\"0 0 720 196\" width=\"720\" role=\"img\" aria-label=\"Bars: files new and changed each "
		"day; the table below has the numbers\">\n<line x1=\"0\" y1=\"170.5\" x2=\"720\" y2=\"170.5\" stroke=\"currentColor\"/>\n");
	for (size_t d = first; d < m->days_n; d++) {
		const uint64_t fresh = m->days[d].changes[CHANGE_NEW].total, changed = m->days[d].changes[CHANGE_CHANGED].total;
		const double x = step * (double)(d - first) + (step - width) / 2;
		const double h1 = high * (double)fresh / (double)most, h2 = high * (double)changed / (double)most;

		bar(b, x, 170 - h1, width, h1, "var(--blue2)");
		bar(b, x, 170 - h1 - h2, width, h2, "var(--orange)");
		if (n <= 31) {
			page(b, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">", x + width / 2, 165 - h1 - h2);
			page_number(b, fresh + changed);
			page(b, "</text><text class=\"soft\" x=\"%.1f\" y=\"188\" text-anchor=\"middle\">%s</text>\n",
			     x + width / 2, strlen(m->days[d].day) == 10 ? m->days[d].day + 5 : "");
		}
	}
	page(b, "</svg><figcaption>Blue: new. Orange, on top: changed. One bar a day, UTC.</figcaption></figure>\n");
}

static void names_list(struct buf *b, const struct model *m, const struct model_names *names, const char *what)
{
	char size[16];

	if (!names->total)
		return;
	page(b, "<h3>%s: ", what);
	page_count(b, names->total, "file", "files");
	page(b, "</h3>\n<ul>\n");
	for (size_t i = 0; i < names->n && i < NAMES_SHOWN; i++) {
		const struct model_change *c = &names->at[i];

		page(b, "<li>");
		page_cut(b, c->name, 300);
		if (c->size) {
			text_size(c->size, size);
			page(b, " <span class=\"soft\">%s</span> ", size);
		}
		html_object_link(b, m, c->object);
		if (*c->why)
			page(b, " <span class=\"soft\">%s</span>", c->why);
		page(b, "</li>\n");
	}
	page(b, "</ul>\n");
	html_shown(b, names->n < NAMES_SHOWN ? names->n : NAMES_SHOWN, names->total, "names");
}

/* One day's names, folded away behind the day's sum. */
static void day_list(struct buf *b, const struct model *m, const struct model_day *day)
{
	static const char *const words[CHANGE_KINDS] = {
		"New", "Changed", "Gone from a complete listing", "Listed, but could not be read", "Not known: listing incomplete",
	};
	static const char *const sums[CHANGE_KINDS] = { "new", "changed", "gone", "unread", "not known" };
	size_t n = 0;

	for (size_t k = 0; k < CHANGE_KINDS; k++) {
		if (!day->changes[k].total)
			continue;
		if (n++)
			page(b, ", ");
		else
			page(b, "<details><summary>Names of %s: ", day->day);
		page_number(b, day->changes[k].total);
		page(b, " %s", sums[k]);
	}
	if (!n)
		return;
	page(b, "</summary>\n");
	for (size_t k = 0; k < CHANGE_KINDS; k++)
		names_list(b, m, &day->changes[k], words[k]);
	page(b, "</details>\n");
}

void html_days(struct buf *b, const struct model *m)
{
	html_section(b, "days", "What appeared each day");
	if (!m->days_n) {
		page(b, "<p>No pass over a source is in this case.</p>\n</section>\n");
		return;
	}
	chart(b, m);
	html_table(b, "days", "Each day's difference to the pass before, in files");
	HTML_COLUMNS(b, "Day (UTC)", "#Passes", "#Seen", "#New", "#Changed", "#Unchanged", "#Gone", "#Unread", "#Not known");
	for (size_t d = 0; d < m->days_n; d++) {
		const struct model_day *day = &m->days[d];
		const uint64_t numbers[] = {
			day->seen, day->changes[CHANGE_NEW].total, day->changes[CHANGE_CHANGED].total, day->unchanged,
			day->changes[CHANGE_VANISHED].total, day->changes[CHANGE_FAILED].total, day->changes[CHANGE_UNKNOWN].total,
		};

		page(b, "<tr><th scope=\"row\">%s</th><td class=\"n\">%" PRIu64, day->day, day->captures);
		if (day->partial)
			page(b, " (%" PRIu64 " partial)", day->partial);
		page(b, "</td>");
		for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
			page(b, "<td class=\"n\">");
			page_number(b, numbers[i]);
			page(b, "</td>");
		}
		page(b, "</tr>\n");
	}
	page(b, "</tbody>");
	html_table_end(b);
	page(b, "<p class=\"soft\">&ldquo;Gone&rdquo; needs a listing that was complete; where a listing failed, files are "
		"&ldquo;not known&rdquo;, never gone.</p>\n");
	for (size_t i = 0; i < m->captures_n; i++)
		if (*m->captures[i].note) {
			page(b, "<p class=\"soft\">Pass of ");
			html_time(b, m->captures[i].started);
			page(b, " UTC was %s: %s.</p>\n", m->captures[i].state, m->captures[i].note);
		}
	for (size_t d = m->days_n > 62 ? m->days_n - 62 : 0; d < m->days_n; d++)
		day_list(b, m, &m->days[d]);
	page(b, "</section>\n");
}
