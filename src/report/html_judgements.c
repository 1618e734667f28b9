/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key judgements: each a sentence with its word of likelihood; how much one
 * may lean on it stands apart, in a sentence of its own (ICD 203).
 */
#include "report/html.h"

#include <string.h>

/* Text, or a list of texts, under a name. */
static void reason(struct buf *b, const json_t *data, const char *member, const char *name)
{
	const json_t *value = json_object_get(data, member);
	const json_t *item;
	size_t i, n = 0;

	if (json_is_string(value) && json_string_length(value)) {
		page(b, "<dt>%s</dt><dd>%s</dd>\n", name, json_string_value(value));
		return;
	}
	if (!json_is_array(value) || !json_array_size(value))
		return;
	page(b, "<dt>%s</dt><dd>", name);
	json_array_foreach(value, i, item)
		if (json_is_string(item))
			page(b, n++ ? "<br>%s" : "%s", json_string_value(item));
	page(b, "</dd>\n");
}

/* The bands of ICD 203 with the interval drawn over them. */
static void gauge(struct buf *b, double low, double high)
{
	static const double bands[] = { 1, 5, 20, 45, 55, 80, 95, 99 };
	const double x1 = low * 500, x2 = high * 500;

	page(b, "<svg class=\"gauge\" viewBox=\"-2 0 504 34\" role=\"img\" aria-label=\"likelihood between %.0f and %.0f per "
		"cent\"><rect x=\"0\" y=\"9\" width=\"500\" height=\"6\" fill=\"var(--line)\"/>", low * 100, high * 100);
	page(b, "<rect x=\"%.1f\" y=\"6\" width=\"%.1f\" height=\"12\" fill=\"var(--blue2)\"/>", x1, x2 - x1 < 3 ? 3.0 : x2 - x1);
	for (size_t i = 0; i < sizeof bands / sizeof *bands; i++) {
		page(b, "<line x1=\"%.1f\" y1=\"3\" x2=\"%.1f\" y2=\"21\" stroke=\"var(--soft)\" stroke-width=\"1\"/>",
		     bands[i] * 5, bands[i] * 5);
		if (bands[i] > 1 && bands[i] < 99)
			page(b, "<text class=\"soft\" x=\"%.1f\" y=\"33\" text-anchor=\"middle\">%.0f%%</text>", bands[i] * 5, bands[i]);
	}
	page(b, "</svg>\n");
}

static const struct model_finding *observation(const struct model *m, const json_t *item)
{
	const int64_t id = member_number(item, "finding", 0);
	const char *name = json_is_string(item) ? json_string_value(item) : member_text(item, "id");

	for (size_t i = 0; i < m->observations.n; i++) {
		const struct model_finding *o = m->observations.at[i];

		if (id ? o->id == id : *name && strcmp(member_text(o->data, "id"), name) == 0)
			return o;
	}
	return NULL;
}

/* How many, of what: ten lines from one address are one witness. */
static void witnesses(struct buf *b, const struct model_finding *o)
{
	const int64_t n = member_number(o->data, "count", 0), groups = member_number(o->data, "groups", n);
	const char *unit = member_text(o->data, "unit");

	page(b, " <span class=\"soft\">&ndash; ");
	if (*unit && groups == 1)
		page(b, "%s: 1, in ", unit);
	else if (*unit && groups > 1)
		page(b, "%" PRId64 " %s, in ", groups, unit);
	page_count(b, n > 0 ? (uint64_t)n : 0, "finding", "findings");
	page(b, ":</span> ");
}

/* What it rests on: observations that were made, each with its first findings. */
static void evidence_of(struct buf *b, const struct model *m, const json_t *data)
{
	const json_t *item;
	size_t i, n = 0, unseen = 0;

	json_array_foreach(member_array(data, "observations"), i, item) {
		const struct model_finding *o = observation(m, item);

		if (!o)
			continue;
		if (json_is_false(json_object_get(item, "seen"))) {
			unseen++;
			continue;
		}
		page(b, n++ ? "<li>" : "<p class=\"rests\">Rests on</p>\n<ul class=\"rests\">\n<li>");
		page(b, "<a href=\"#ob-%" PRId64 "\">%s</a>", o->id, o->value);
		witnesses(b, o);
		html_finding_links(b, m, member_array(o->data, "findings"), 3);
		page(b, "</li>\n");
	}
	if (n)
		page(b, "</ul>\n");
	if (unseen) {
		page(b, "<p class=\"soft\">Also counted: ");
		page_count(b, unseen, "thing that was looked for and not seen", "things that were looked for and not seen");
		page(b, ".</p>\n");
	}
}

static void judgement(struct buf *b, const struct model *m, const struct model_finding *c)
{
	const double low = member_real(c->data, "low", -1), high = member_real(c->data, "high", -1);
	const char *confidence = member_text(c->data, "confidence");
	size_t before, empty;

	page(b, "<li id=\"claim-%" PRId64 "\"><div><p class=\"say\">%s</p>\n", c->id, c->value);
	if (*confidence)
		page(b, "<p class=\"soft\">Confidence in this judgement is %s.</p>\n", confidence);
	if (low >= 0 && high >= low && high <= 1)
		gauge(b, low, high);
	before = b->n;
	page(b, "<details><summary>Why, what else, and what would change it</summary>\n<dl class=\"why\">\n");
	empty = b->n;
	reason(b, c->data, "question", "The question");
	reason(b, c->data, "hypothesis", "Hypothesis");
	reason(b, c->data, "confidence_why", "Why this confidence");
	reason(b, c->data, "alternative", "Best alternative");
	reason(b, c->data, "carries", "What carries it");
	reason(b, c->data, "would_change", "What would change it");
	reason(b, c->data, "not_found", "Looked for and not found");
	reason(b, c->data, "assumptions", "Assumed");
	if (b->n == empty)
		b->n = before;      /* nothing to say: no empty box */
	else
		page(b, "</dl></details>\n");
	page(b, "</div>\n<div>");
	evidence_of(b, m, c->data);
	page(b, "</div>\n</li>\n");
}

void html_judgements(struct buf *b, const struct model *m)
{
	html_section(b, "judgements", "Key judgements");
	if (!m->claims.n) {
		page(b, "<p>No judgement has been drawn from this case yet: <code>xsheet assess</code> does that.</p>\n</section>\n");
		return;
	}
	page(b, "<p class=\"soft\">Words of likelihood have fixed meanings: see <a href=\"#words\">the table</a>. Each "
		"judgement leads to what was observed, from there to the findings (F&hellip;), and from those to the bytes.</p>\n"
		"<ol class=\"judgements\">\n");
	for (size_t i = 0; i < m->claims.n; i++)
		judgement(b, m, m->claims.at[i]);
	page(b, "</ol>\n</section>\n");
}
