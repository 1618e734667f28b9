/* SPDX-License-Identifier: Apache-2.0 */
/* What was read, partly read, and not read, and why. */
#include "report/html.h"

#include <string.h>

#define UNREAD_SHOWN 300u

void html_coverage(struct buf *b, const struct model *m)
{
	html_section(b, "coverage", "What was not read, and why");
	if (!m->examined) {
		page(b, "<p>No collected file has been examined in this case. Nothing about contents can be concluded from it.</p>\n</section>\n");
		return;
	}
	page(b, "<p>&ldquo;Not found&rdquo; in this report holds for what was read. Of ");
	page_count(b, m->objects_total, "stored object", "stored objects");
	page(b, " (files, listing pages, logs) the examination gave a verdict on ");
	page_count(b, m->examined, "file", "files");
	page(b, ".</p>\n");
	html_table(b, "small", "Verdicts of the examination, in objects");
	HTML_COLUMNS(b, "Verdict", "#Objects");
	for (size_t i = 0; i < m->verdicts_n; i++) {
		page(b, "<tr><th scope=\"row\">%s</th><td class=\"n\">", m->verdicts[i].verdict);
		page_number(b, m->verdicts[i].objects);
		page(b, "</td></tr>\n");
	}
	page(b, "</tbody>");
	html_table_end(b);
	if (!m->unread.n) {
		page(b, "<p>Everything that was examined was read whole.</p>\n</section>\n");
		return;
	}
	page(b, "<details open><summary>Not read, or not whole: ");
	page_count(b, m->unread.total, "object", "objects");
	page(b, "</summary>\n");
	html_table(b, "", "Objects that were not read whole");
	HTML_COLUMNS(b, "File", "Verdict", "Why", "Object");
	for (size_t i = 0; i < m->unread.n && i < UNREAD_SHOWN; i++) {
		const struct model_finding *f = m->unread.at[i];
		const struct model_object *o = model_object(m, f->object);

		page(b, "<tr><th scope=\"row\" class=\"any\">");
		page_cut(b, o ? o->name : "", 200);
		page(b, "</th><td>%s</td><td>", f->value);
		page_cut(b, member_text(f->data, "why"), 200);
		page(b, "</td><td>");
		html_object_link(b, m, f->object);
		page(b, "</td></tr>\n");
	}
	page(b, "</tbody>");
	html_table_end(b);
	html_shown(b, m->unread.n < UNREAD_SHOWN ? m->unread.n : UNREAD_SHOWN, m->unread.total, "objects");
	page(b, "</details>\n</section>\n");
}
