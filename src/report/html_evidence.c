/* SPDX-License-Identifier: Apache-2.0 */
/* The last step down: findings, and the objects they lie in. */
#include "report/html.h"

#include "base/text.h"

static void finding_row(struct buf *b, const struct model *m, const struct model_finding *f)
{
	page(b, "<tr id=\"f%" PRId64 "\"><th scope=\"row\">F%" PRId64 "</th><td class=\"mono\">%s</td><td class=\"any\"", f->id, f->id, f->kind);
	page_lang(b, member_text(f->data, "lang"));
	page(b, ">");
	page_cut(b, f->value, 240);
	page(b, "</td><td>");
	html_locator(b, f->locator);
	page(b, "</td><td>");
	if (f->object)
		html_object_link(b, m, f->object);
	else
		html_finding_link(b, m, member_number(f->data, "finding", 0));
	page(b, "</td><td class=\"n\">");
	if (f->certainty >= 0)
		page(b, "%.2f", f->certainty);
	page(b, "</td></tr>\n");
}

static void object_row(struct buf *b, const struct model_object *o)
{
	page(b, "<tr id=\"o%" PRId64 "\"><th scope=\"row\" class=\"any\">", o->id);
	page_cut(b, *o->name ? o->name : "(no name)", 240);
	page(b, "</th><td class=\"mono sha\">%s</td><td class=\"mono\">%s:%" PRIu64, o->sha256, o->segment, o->offset);
	if (o->chunked)
		page(b, " (chunked)");
	page(b, "</td><td class=\"n\">");
	page_number(b, o->size);
	if (*o->truncated)
		page(b, " (cut: %s)", o->truncated);
	page(b, "</td><td>");
	html_time(b, o->seen);
	page(b, "</td><td class=\"n\">%" PRIu64 "</td></tr>\n", o->findings);
}

void html_evidence(struct buf *b, const struct model *m)
{
	html_section(b, "evidence", "Evidence");
	page(b, "<p>Findings, then the objects they lie in. An object is named by the SHA-256 of its bytes; "
		"<em>segment:offset</em> says where in the case's WARC files those bytes begin.</p>\n");
	page(b, "<details open><summary>Findings: ");
	page_number(b, m->evidence_n);
	page(b, "</summary>\n");
	html_table(b, "", "Findings that sentences, rows and pictures of this report point to");
	HTML_COLUMNS(b, "Id", "Kind", "Value", "Where", "Object", "#Certainty");
	for (size_t i = 0; i < m->evidence_n; i++)
		finding_row(b, m, m->evidence[i]);
	page(b, "</tbody>");
	html_table_end(b);
	html_shown(b, m->evidence_n, m->evidence_total, "findings that are pointed to");
	page(b, "</details>\n<details open><summary>Objects: ");
	page_number(b, m->objects_n);
	page(b, " of ");
	page_number(b, m->objects_total);
	page(b, " in the case</summary>\n");
	html_table(b, "", "Objects: the bytes themselves");
	HTML_COLUMNS(b, "Path when last seen", "SHA-256 of the bytes", "Segment:offset", "#Bytes", "First seen (UTC)", "#Findings here");
	for (size_t i = 0; i < m->objects_n; i++)
		object_row(b, &m->objects[i]);
	page(b, "</tbody>");
	html_table_end(b);
	page(b, "</details>\n</section>\n");
}
