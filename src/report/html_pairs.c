/* SPDX-License-Identifier: Apache-2.0 */
/* Instructions beside their picture: what was read, where, how sure. */
#include "report/html.h"

#include <string.h>

#define ROWS_MAX 300u         /* pairs of texts */
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

/* Who read the lines: an engine, and each of its models that read one. */
static void engines(struct buf *b, const struct model_picture *p)
{
	const char *engine = "", *models[4];
	size_t n = 0;

	for (size_t i = 0; i < p->lines.n; i++) {
		const char *model = member_text(p->lines.at[i]->data, "model");
		bool known = !*model;

		if (!*engine)
			engine = member_text(p->lines.at[i]->data, "engine");
		for (size_t k = 0; k < n && !known; k++)
			known = strcmp(models[k], model) == 0;
		if (!known && n < sizeof models / sizeof *models)
			models[n++] = model;
	}
	if (!*engine)
		return;
	page(b, "Read by a machine, %s", engine);
	for (size_t i = 0; i < n; i++)
		page(b, "%s%s", i == 0 ? " with its models " : i + 1 == n ? " and " : ", ", models[i]);
	page(b, ": compare with the picture. ");
}

/* Versions of the same path that came before, by object. */
static void versions(struct buf *b, const struct model *m, const struct model_picture *p)
{
	size_t pairs = 0;

	if (!p->earlier)
		return;
	page(b, "Also in ");
	page_count(b, p->earlier, "earlier version", "earlier versions");
	for (size_t i = 0, n = 0; i < m->pictures_n; i++) {
		if (m->pictures[i].later != p->object)
			continue;
		pairs += m->pictures[i].pairs.n;
		if (n++ < 6) {
			page(b, " ");
			html_object_link(b, m, m->pictures[i].object);
		}
	}
	page(b, ", with ");
	page_count(b, pairs, "pair", "pairs");
	page(b, " in all. ");
}

static const char *language(const char *tag)
{
	return strncmp(tag, "zh", 2) == 0 ? "Chinese" : strncmp(tag, "ko", 2) == 0 ? "Korean" : tag;
}

static void plate(struct buf *b, const struct model *m, const struct model_picture *p)
{
	const struct model_object *o = model_object(m, p->object);
	const struct model_finding *first = p->pairs.at[0];
	const char *how = member_text(first->data, "how");

	page(b, "<article class=\"plate%s\">\n", p->png ? "" : " text");
	if (p->png)
		drawing(b, m, p);
	page(b, "<div><h4>");
	page_cut(b, *p->name ? p->name : "a file without a name", 200);
	page(b, " ");
	html_object_link(b, m, p->object);
	page(b, "</h4>\n");
	html_table(b, "pair", "Instruction and translation");
	page(b, "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\" class=\"n\">certainty</th></tr></thead><tbody>\n",
	     language(member_text(first->data, "from")), language(member_text(first->data, "to")));
	for (size_t i = 0; i < p->pairs.n && i < PAIRS_MAX; i++)
		pair_row(b, m, p, p->pairs.at[i]);
	page(b, "</tbody>");
	html_table_end(b);
	html_shown(b, p->pairs.n < PAIRS_MAX ? p->pairs.n : PAIRS_MAX, p->pairs.total, "pairs of this file");
	page(b, "<p class=\"soft note\">");
	if (o && o->seen != CLOCK_NONE) {
		page(b, "First seen ");
		html_time(b, o->seen);
		page(b, " UTC. ");
	}
	versions(b, m, p);
	engines(b, p);
	if (*how)
		page(b, "Paired by: %s. ", how);
	if (!p->png && *p->why)
		page(b, "The picture is not shown: %s.", p->why);
	page(b, "</p>\n</div></article>\n");
}

/* The cell says it best; without one, whatever there is. */
static void cell(struct buf *b, const struct model_finding *line)
{
	const char *at = line ? member_text(line->locator, "cell") : "";

	if (*at)
		page(b, "%s", at);
	else if (line)
		html_locator(b, line->locator);
}

static void text_row(struct buf *b, const struct model *m, const struct model_picture *p, const struct model_finding *pair)
{
	const struct model_finding *a = line_of(m, p, member_number(pair->data, "a", 0));
	const struct model_finding *c = line_of(m, p, member_number(pair->data, "b", 0));
	const char *a_text = member_text(pair->data, "a_text"), *b_text = member_text(pair->data, "b_text");

	page(b, "<tr>");
	if (*a_text && *b_text) {
		side(b, a_text, member_text(pair->data, "from"));
		side(b, b_text, member_text(pair->data, "to"));
	} else {
		page(b, "<td colspan=\"2\">");
		page_cut(b, pair->value, 800);
		page(b, "</td>");
	}
	page(b, "<td class=\"mono\">");
	cell(b, a);
	page(b, a && c ? ", " : "");
	cell(b, c);
	page(b, "</td><td class=\"n nb\">");
	certainty(b, pair->certainty);
	page(b, " ");
	html_finding_link(b, m, pair->id);
	page(b, "</td></tr>\n");
}

/* A line across the table for each file. */
static void text_file(struct buf *b, const struct model *m, const struct model_picture *p)
{
	const struct model_object *o = model_object(m, p->object);

	page(b, "<tr class=\"file\"><th scope=\"colgroup\" colspan=\"4\">");
	page_cut(b, *p->name ? p->name : "a file without a name", 200);
	page(b, " ");
	html_object_link(b, m, p->object);
	page(b, " <span class=\"soft\">");
	if (o && o->seen != CLOCK_NONE) {
		page(b, "first seen ");
		html_time(b, o->seen);
		page(b, " UTC. ");
	}
	versions(b, m, p);
	page(b, "</span></th></tr>\n");
}

/* Pairs of tables and documents: there is nothing to draw. */
static void texts(struct buf *b, const struct model *m, uint64_t pairs)
{
	uint64_t shown = 0;

	if (!pairs)
		return;
	page(b, "<h3>In tables and documents</h3>\n");
	html_table(b, "pair texts", "Instructions and translations in tables and documents, with file and cell");
	HTML_COLUMNS(b, "Instruction", "Translation", "Where: cells, or lines", "#certainty");
	for (size_t i = 0; i < m->pictures_n; i++) {
		const struct model_picture *p = &m->pictures[i];

		if (p->drawn || p->later || shown >= ROWS_MAX)
			continue;
		text_file(b, m, p);
		for (size_t k = 0; k < p->pairs.n && shown < ROWS_MAX; k++, shown++)
			text_row(b, m, p, p->pairs.at[k]);
	}
	page(b, "</tbody>");
	html_table_end(b);
	html_shown(b, shown, pairs, "pairs in tables and documents");
}

/* How many of what; earlier versions are counted, and said to be. */
static void tally(struct buf *b, const struct model *m, uint64_t drawn, uint64_t written, uint64_t earlier)
{
	page(b, "<p>");
	page_count(b, m->pairs.total, "pair of notes was", "pairs of notes were");
	page(b, " found in ");
	if (drawn)
		page_count(b, drawn, "picture", "pictures");
	if (written) {
		page(b, drawn ? " and " : "");
		page_count(b, written, "table or document", "tables and documents");
	}
	if (earlier) {
		page(b, ", and in ");
		page_count(b, earlier, "earlier version of one of them", "earlier versions of them");
	}
	page(b, drawn ? ". In the pictures, the instruction has a solid orange outline, its translation a dashed blue one, other lines that "
			"were read a dotted grey one.</p>\n" : ".</p>\n");
}

void html_pairs(struct buf *b, const struct model *m)
{
	uint64_t drawn = 0, written = 0, earlier = 0, pairs = 0, plates = 0;

	html_section(b, "pairs", "Instructions and their translations");
	if (!m->pairs.n) {
		page(b, "<p>No note with a translation beside it was found among ");
		page_count(b, m->examined, "examined file", "examined files");
		page(b, ". What was not read: <a href=\"#coverage\">coverage</a>.</p>\n</section>\n");
		return;
	}
	for (size_t i = 0; i < m->pictures_n; i++) {
		const struct model_picture *p = &m->pictures[i];

		earlier += p->later != 0;
		drawn += p->drawn && !p->later;
		written += !p->drawn && !p->later;
		pairs += !p->drawn && !p->later ? p->pairs.n : 0;
	}
	tally(b, m, drawn, written, earlier);
	if (*m->pictures_why)
		page(b, "<p class=\"soft\">Pictures could not be shown: %s.</p>\n", m->pictures_why);
	if (drawn)
		page(b, "<h3>In pictures</h3>\n");
	for (size_t i = 0; i < m->pictures_n && plates < PICTURES_SHOWN; i++)
		if (m->pictures[i].drawn && !m->pictures[i].later) {
			plate(b, m, &m->pictures[i]);
			plates++;
		}
	html_shown(b, plates, drawn, "pictures with pairs, those with the surest pairs");
	texts(b, m, pairs);
	html_shown(b, m->pairs.n, m->pairs.total, "pairs");
	page(b, "</section>\n");
}
