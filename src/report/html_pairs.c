/* SPDX-License-Identifier: Apache-2.0 */
/* Instructions beside their picture: what was read, where, how sure. */
#include "report/html.h"

#include <string.h>

#define PLATES_MAX 60u
#define PAIRS_MAX 40u

static const struct model_finding *line_of(const struct model *m, const struct model_picture *p, int64_t id)
{
	for (size_t i = 0; i < p->lines.n; i++)
		if (p->lines.at[i]->id == id)
			return p->lines.at[i];
	return model_evidence(m, id);
}

/* A box as an outline; the two sides of a pair differ in dash, too. */
static void outline(struct buf *b, const json_t *at, const char *stroke, const char *dash, size_t number, const char *text)
{
	double v[4];

	if (json_array_size(at) != 4)
		return;
	for (size_t i = 0; i < 4; i++)
		v[i] = json_number_value(json_array_get(at, i));
	page(b, "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\" "
		"vector-effect=\"non-scaling-stroke\"><title>", v[0] - 2, v[1] - 2, v[2] + 4, v[3] + 4, stroke, dash);
	if (number)
		page(b, "pair %zu: ", number);
	page_cut(b, text, 200);
	page(b, "</title></rect>");
}

/* One side of a pair: all its lines' box, or that of its first line. */
static void side_box(struct buf *b, const struct model *m, const struct model_picture *p, const struct model_finding *pair, bool first, size_t number)
{
	const json_t *at = member_array(pair->data, first ? "a_box" : "b_box");
	const struct model_finding *line = line_of(m, p, member_number(pair->data, first ? "a" : "b", 0));

	if (!at && line)
		at = member_array(line->locator, "box");
	outline(b, at, first ? "#d55e00" : "#0072b2", first ? "" : "6 3", number, member_text(pair->data, first ? "a_text" : "b_text"));
}

static void drawing(struct buf *b, const struct model *m, const struct model_picture *p)
{
	page(b, "<div class=\"drawn\"><img alt=\"The picture, in grey, with %zu outlined pairs of notes; their text is in the table beside it\" "
		"width=\"%u\" height=\"%u\" loading=\"lazy\" src=\"data:image/png;base64,", p->pairs.n, p->shown_width, p->shown_height);
	page_base64(b, slice_of(p->png, p->png_size));
	page(b, "\"><svg viewBox=\"0 0 %u %u\" preserveAspectRatio=\"none\" aria-hidden=\"true\">", p->width, p->height);
	for (size_t i = 0; i < p->lines.n; i++)
		outline(b, member_array(p->lines.at[i]->locator, "box"), "#8a8a8a", "1 3", 0, p->lines.at[i]->value);
	for (size_t i = 0; i < p->pairs.n && i < PAIRS_MAX; i++) {
		side_box(b, m, p, p->pairs.at[i], true, i + 1);
		side_box(b, m, p, p->pairs.at[i], false, i + 1);
	}
	page(b, "</svg></div>\n");
}

static void side(struct buf *b, const char *text, const char *lang)
{
	page(b, "<td");
	page_lang(b, lang);
	page(b, ">");
	page_cut(b, text, 400);
	page(b, "</td>");
}

static void certainty(struct buf *b, double c)
{
	if (c >= 0)
		page(b, "%.2f", c);
	else
		page(b, "&ndash;");
}

static void pair_row(struct buf *b, const struct model *m, const struct model_picture *p, const struct model_finding *pair)
{
	const struct model_finding *a = line_of(m, p, member_number(pair->data, "a", 0));
	const struct model_finding *c = line_of(m, p, member_number(pair->data, "b", 0));
	const char *from = member_text(pair->data, "from"), *to = member_text(pair->data, "to");
	const char *a_text = member_text(pair->data, "a_text"), *b_text = member_text(pair->data, "b_text");

	if (a && !*a_text)
		a_text = a->value;
	if (c && !*b_text)
		b_text = c->value;
	page(b, "<tr>");
	if (*a_text && *b_text) {
		side(b, a_text, from);
		side(b, b_text, to);
	} else {
		page(b, "<td colspan=\"2\">");
		page_cut(b, pair->value, 800);
		page(b, "</td>");
	}
	page(b, "<td class=\"n\">");
	certainty(b, pair->certainty);
	page(b, "<br>");
	html_finding_link(b, m, pair->id);
	page(b, "</td></tr>\n");
}

/* Who read the lines: engines and models named by them. */
static void engines(struct buf *b, const struct model_picture *p)
{
	const char *engine = "", *model = "";

	for (size_t i = 0; i < p->lines.n && !*engine; i++) {
		engine = member_text(p->lines.at[i]->data, "engine");
		model = member_text(p->lines.at[i]->data, "model");
	}
	if (*engine)
		page(b, "Read by %s%s%s%s, a machine: compare with the picture. ", engine, *model ? " (" : "", model, *model ? ")" : "");
}

static void plate(struct buf *b, const struct model *m, const struct model_picture *p)
{
	const struct model_object *o = model_object(m, p->object);
	const struct model_finding *first = p->pairs.at[0];
	const char *how = member_text(first->data, "how");

	page(b, "<article class=\"plate%s\">\n", p->png ? "" : " text");
	if (p->png)
		drawing(b, m, p);
	page(b, "<div><h3>");
	page_cut(b, o && *o->name ? o->name : "a file without a name", 200);
	page(b, " ");
	html_object_link(b, m, p->object);
	page(b, "</h3>\n");
	if (o && o->seen != CLOCK_NONE) {
		page(b, "<p class=\"soft\">First seen ");
		html_time(b, o->seen);
		page(b, " UTC. ");
		engines(b, p);
		page(b, "</p>\n");
	}
	html_table(b, "pair", "Instruction and translation");
	page(b, "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\" class=\"n\">certainty</th></tr></thead><tbody>\n",
	     strncmp(member_text(first->data, "from"), "zh", 2) == 0 ? "Chinese" : member_text(first->data, "from"),
	     strncmp(member_text(first->data, "to"), "ko", 2) == 0 ? "Korean" : member_text(first->data, "to"));
	for (size_t i = 0; i < p->pairs.n && i < PAIRS_MAX; i++)
		pair_row(b, m, p, p->pairs.at[i]);
	page(b, "</tbody>");
	html_table_end(b);
	html_shown(b, p->pairs.n < PAIRS_MAX ? p->pairs.n : PAIRS_MAX, p->pairs.total, "pairs of this file");
	if (*how)
		page(b, "<p class=\"soft\">Paired by: %s.</p>\n", how);
	if (!p->png && p->drawn && *p->why)
		page(b, "<p class=\"soft\">The picture is not shown: %s.</p>\n", p->why);
	page(b, "</div></article>\n");
}

void html_pairs(struct buf *b, const struct model *m)
{
	uint64_t drawn = 0;

	html_section(b, "pairs", "Instructions and their translations");
	if (!m->pairs.n) {
		page(b, "<p>No note with a translation beside it was found among ");
		page_count(b, m->examined, "examined file", "examined files");
		page(b, ". What was not read: <a href=\"#coverage\">coverage</a>.</p>\n</section>\n");
		return;
	}
	for (size_t i = 0; i < m->pictures_n; i++)
		drawn += m->pictures[i].drawn;
	page(b, "<p>");
	page_count(b, m->pairs.total, "pair of lines was", "pairs of lines were");
	page(b, " found in ");
	page_count(b, m->pictures_n, "file", "files");
	page(b, ", ");
	page_count(b, drawn, "of them a picture", "of them pictures");
	page(b, ". In the pictures, the instruction has a solid orange outline, its translation a dashed blue one, other lines that were read "
		"a dotted grey one.</p>\n");
	if (*m->pictures_why)
		page(b, "<p class=\"soft\">Pictures could not be shown: %s.</p>\n", m->pictures_why);
	for (size_t i = 0; i < m->pictures_n && i < PLATES_MAX; i++)
		plate(b, m, &m->pictures[i]);
	html_shown(b, m->pictures_n < PLATES_MAX ? m->pictures_n : PLATES_MAX, m->pictures_n, "files with pairs, those with the surest pairs first");
	page(b, "</section>\n");
}
