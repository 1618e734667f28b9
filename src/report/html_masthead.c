/* SPDX-License-Identifier: Apache-2.0 */
/* The head of the page: what is looked at, when, and what to know first. */
#include "report/html.h"

#include <string.h>

#include "base/text.h"

static void banner(struct buf *b, const struct model *m)
{
	if (!m->clock_set && !m->synthetic)
		return;
	page(b, "<div class=\"banner\" role=\"note\">\n");
	if (m->synthetic)
		page(b, "<p><strong>Synthetic material.</strong> This report shows what the program finds in made-up "
			"files; nothing in it is about a real server, studio or person (%s).</p>\n", m->synthetic_why);
	if (m->clock_set)
		page(b, "<p><strong>The clock was set by hand</strong> while this case was made, as its ledger records. "
			"Times of collection in this report are not evidence of when anything happened.</p>\n");
	page(b, "</div>\n");
}

static void form_field(struct buf *b, const char *name)
{
	page(b, "<div><dt>%s</dt><dd>", name);
}

/* What is a place that is looked at, not a log. */
static bool is_place(const struct model_source *s)
{
	return strcmp(s->kind, "log") != 0;
}

static void title(struct buf *b, const struct model *m)
{
	size_t places = 0;

	for (size_t i = 0; i < m->sources_n; i++)
		places += is_place(&m->sources[i]);
	page(b, "<p class=\"kicker\">xsheet &middot; exposure sheet</p>\n<h1>");
	if (!places)
		page(b, "An exposure sheet");
	for (size_t i = 0, n = 0; i < m->sources_n && n < 2; i++) {
		if (!is_place(&m->sources[i]))
			continue;
		page(b, n++ ? " and " : "What stood open at ");
		page_cut(b, m->sources[i].locator, 120);
	}
	if (places > 2)
		page(b, " and %zu more", places - 2);
	page(b, "</h1>\n");
}

/* Day and hour, which may stand on two lines. */
static void as_of(struct buf *b, int64_t time)
{
	char day[CLOCK_TEXT];
	struct clock_parts p;

	if (time == CLOCK_NONE)
		return;
	clock_day(time, day);
	p = clock_parts(time, 0);
	page(b, "<time>%s</time> <time>%02d:%02d&nbsp;UTC</time>", day, p.hour, p.minute);
}

static void form(struct buf *b, const struct model *m)
{
	uint64_t fresh = 0, changed = 0, vanished = 0, bytes = 0, sources = 0, logs = 0, passes = 0;
	char text[32];

	for (size_t i = 0; i < m->days_n; i++) {
		fresh += m->days[i].changes[CHANGE_NEW].total;
		changed += m->days[i].changes[CHANGE_CHANGED].total;
		vanished += m->days[i].changes[CHANGE_VANISHED].total;
		bytes += m->days[i].bytes_new;
		passes += m->days[i].captures;
	}
	for (size_t i = 0; i < m->sources_n; i++)
		*(is_place(&m->sources[i]) ? &sources : &logs) += 1;
	page(b, "<dl class=\"form\">\n");
	form_field(b, "Window (UTC)");
	if (m->days_n)
		page(b, "%s to %s", m->days[0].day, m->days[m->days_n - 1].day);
	else
		page(b, "nothing collected");
	page(b, "</dd></div>\n");
	form_field(b, "Looked at");
	page_count(b, sources, "place", "places");
	if (logs) {
		page(b, ", ");
		page_count(b, logs, "log", "logs");
	}
	page(b, "</dd></div>\n");
	form_field(b, "Passes");
	page_number(b, passes);
	page(b, " on ");
	page_count(b, m->days_n, "day", "days");
	page(b, "</dd></div>\n");
	form_field(b, "Files");
	page_number(b, fresh);
	page(b, " new, ");
	page_number(b, changed);
	page(b, " changed, ");
	page_number(b, vanished);
	page(b, " gone</dd></div>\n");
	form_field(b, "Bytes in them");
	text_size(bytes, text);
	page(b, "%s</dd></div>\n", text);
	form_field(b, "Case as of");
	as_of(b, m->as_of);
	page(b, "</dd></div>\n");
	form_field(b, "Ledger head");
	page(b, "<a class=\"hash\" href=\"#custody\">");
	page_cut(b, m->head, 12);
	page(b, "</a></dd></div>\n</dl>\n");
}

void html_masthead(struct buf *b, const struct model *m)
{
	static const char *const parts[][2] = {
		{ "judgements", "Key judgements" }, { "sheet", "Exposure sheet" }, { "scope", "Scope" },
		{ "days", "Each day" },             { "logins", "Logins" },        { "relay", "Relay" },
		{ "pairs", "Instructions" },        { "titles", "Productions" },   { "names", "Listed names" },
		{ "weighing", "Weighing" },         { "coverage", "Not read" },    { "evidence", "Evidence" },
		{ "custody", "Custody" },           { "method", "Method and limits" },
	};

	page(b, "<header class=\"top\">\n");
	title(b, m);
	banner(b, m);
	form(b, m);
	page(b, "<nav aria-label=\"Parts of this report\"><ul>\n");
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		page(b, "<li><a href=\"#%s\">%s</a></li>\n", parts[i][0], parts[i][1]);
	page(b, "</ul></nav>\n</header>\n");
}
