/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exposure sheet: productions down, days across, in each cell how many of
 * their files were new or changed that day.
 */
#include "report/html.h"

#include <string.h>

static int shade(uint64_t n, uint64_t most)
{
	if (!n || !most)
		return 0;
	return n * 4 > most * 3 ? 4 : n * 2 > most ? 3 : n * 4 > most ? 2 : 1;
}

static void cell(struct buf *b, const struct model *m, const struct model_row *row, size_t day, uint64_t most)
{
	const uint64_t fresh = row->fresh[day], changed = row->changed[day];

	if (!fresh && !changed) {
		/* A day on which a pass broke off says nothing about absence. */
		if (m->days[day].partial)
			page(b, "<td class=\"c void\"><span title=\"a pass of this day was not complete\">?</span></td>");
		else
			page(b, "<td class=\"c none\">&middot;</td>");
		return;
	}
	page(b, "<td class=\"c k%d\">", shade(fresh + changed, most));
	if (fresh)
		page_number(b, fresh);
	if (changed) {
		page(b, fresh ? " <span class=\"ch\">~" : "<span class=\"ch\">~");
		page_number(b, changed);
		page(b, "</span>");
	}
	page(b, "</td>");
}

static void row_head(struct buf *b, const struct model *m, const struct model_row *row)
{
	const bool rest = row == &m->rows[m->rows_n - 1];

	page(b, "<tr class=\"%s\"><th scope=\"row\">", rest ? "rest" : *row->episode ? "episode" : "title");
	if (rest) {
		page(b, m->rows_n > 1 ? "everything else" : "all files");
	} else if (*row->episode) {
		page(b, "episode ");
		page_cut(b, row->episode, 40);
	} else {
		page(b, "<a href=\"#titles\">");
		page_cut(b, row->title, 80);
		page(b, "</a>%s", "");
		if (!row->claim)
			page(b, "<span class=\"tag\">lead</span>");
	}
	page(b, "</th>");
}

void html_sheet(struct buf *b, const struct model *m)
{
	uint64_t most = 0, shown = 0, days = m->days_n;
	const size_t first = m->days_n > 62 ? m->days_n - 62 : 0;

	html_section(b, "sheet", "The exposure sheet");
	if (!m->days_n) {
		page(b, "<p>Nothing was collected in this case, so there is no sheet to draw.</p>\n</section>\n");
		return;
	}
	for (size_t i = 0; i + 1 < m->rows_n; i++)
		for (size_t d = 0; d < m->days_n; d++)
			if (m->rows[i].fresh[d] + m->rows[i].changed[d] > most)
				most = m->rows[i].fresh[d] + m->rows[i].changed[d];
	page(b, "<p class=\"legend\">Read it like an animator's: productions and episodes down, days across. A number is "
		"files that appeared that day; <span class=\"ch\" style=\"color:var(--orange)\">~n</span> files whose bytes "
		"changed; &middot; none. Hatched with ?: a pass of that day broke off, so absence means nothing.</p>\n");
	html_table(b, "xsheet", "Files new or changed, by production and day (UTC)");
	page(b, "<thead><tr><th scope=\"col\">Production</th>");
	for (size_t d = first; d < m->days_n; d++)
		page(b, "<th scope=\"col\"><time datetime=\"%s\">%s</time></th>", m->days[d].day,
		     strlen(m->days[d].day) == 10 ? m->days[d].day + 5 : m->days[d].day);
	page(b, "<th scope=\"col\">files</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < m->rows_n; i++) {
		const struct model_row *row = &m->rows[i];

		if (i + 1 < m->rows_n && shown++ >= 120)
			continue;
		row_head(b, m, row);
		for (size_t d = first; d < m->days_n; d++)
			cell(b, m, row, d, i + 1 < m->rows_n ? most : 0);
		page(b, "<td class=\"c\">");
		page_number(b, row->files);
		page(b, "</td></tr>\n");
	}
	page(b, "</tbody>");
	html_table_end(b);
	html_shown(b, shown > 120 ? 120 : shown, shown, "rows of productions and episodes");
	html_shown(b, days - first, days, "days (the last ones)");
	page(b, "<p class=\"soft\">A file that several productions claim is counted in the first of them. Which files "
		"belong to a production is said by path, text or picture: see <a href=\"#titles\">Productions</a>.</p>\n"
		"</section>\n");
}
