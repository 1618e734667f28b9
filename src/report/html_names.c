/* SPDX-License-Identifier: Apache-2.0 */
/* Names found in the material that stand on a list. */
#include "report/html.h"

#define NAMES_SHOWN 300u

void html_names(struct buf *b, const struct model *m)
{
	html_section(b, "names", "Names that stand on a list");
	if (!m->names.n) {
		page(b, "<p>No name of the lists in use was found in the texts of ");
		page_count(b, m->examined, "examined file", "examined files");
		page(b, ". Which lists, and of which date: <a href=\"#method\">method</a>. A name can be there in a spelling or script "
			"that was not looked for.</p>\n</section>\n");
		return;
	}
	page(b, "<p>A name that is written like a listed one is not yet the listed party: others bear the same name.</p>\n");
	html_table(b, "", "Names in the material beside the list's own entry");
	HTML_COLUMNS(b, "As written", "Listed as", "List", "Entry", "List's date", "How", "Finding");
	for (size_t i = 0; i < m->names.n && i < NAMES_SHOWN; i++) {
		const struct model_finding *f = m->names.at[i];
		const int64_t entry = member_number(f->data, "entry", -1);

		page(b, "<tr><th scope=\"row\" class=\"any\">");
		page_cut(b, member_text(f->data, "as"), 160);
		page(b, "</th><td class=\"any\">");
		page_cut(b, f->value, 160);
		page(b, "</td><td>%s</td><td>", member_text(f->data, "list"));
		if (entry >= 0)
			page(b, "%" PRId64, entry);
		else
			page(b, "%s", member_text(f->data, "entry"));
		page(b, "</td><td>%s</td><td>%s</td><td>", member_text(f->data, "date"), member_text(f->data, "how"));
		html_finding_link(b, m, f->id);
		page(b, " ");
		html_finding_link(b, m, member_number(f->data, "finding", 0));
		page(b, "</td></tr>\n");
	}
	page(b, "</tbody>");
	html_table_end(b);
	html_shown(b, m->names.n < NAMES_SHOWN ? m->names.n : NAMES_SHOWN, m->names.total, "matches");
	page(b, "</section>\n");
}
