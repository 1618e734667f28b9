/* SPDX-License-Identifier: Apache-2.0 */
/* Observations, and what each is worth under each hypothesis. */
#include "report/html.h"

#include <stdlib.h>
#include <string.h>

#define HYPOTHESES_MAX 8u
#define LINKS_SHOWN 6u

/* The hypotheses of one question, in the profile's order. */
struct hypotheses {
	const char *id[HYPOTHESES_MAX];
	size_t n;
};

/* What an observation, or a claim, gives for each hypothesis: {ID: {low, high, ...}}. */
static const json_t *weight_of(const struct model_finding *f, const char *id)
{
	return json_object_get(member_object(f->data, "hypotheses"), id);
}

static void hypotheses_read(const struct model_finding *f, struct hypotheses *h)
{
	const json_t *all = member_object(f->data, "hypotheses");
	const char *key;
	const json_t *value;

	*h = (struct hypotheses){ 0 };
	json_object_foreach((json_t *)(uintptr_t)all, key, value)
		if (value && h->n < HYPOTHESES_MAX)
			h->id[h->n++] = key;
}

static void range_of(const json_t *w, double *low, double *high)
{
	*low = member_real(w, "low", -1);
	*high = member_real(w, "high", -1);
}

/* Does it say anything about this question? */
static bool speaks(const struct model_finding *o, const struct hypotheses *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (weight_of(o, h->id[i]))
			return true;
	return false;
}

/* "seen", "not seen", "not looked for" */
static const char *state_of(const struct model_finding *o)
{
	const char *state = member_text(o->data, "state");

	return *state ? state : member_number(o->data, "count", 0) > 0 ? "seen" : "not seen";
}

/* Witnesses in the observation's unit; behind them how many findings. */
static void count(struct buf *b, const struct model_finding *o)
{
	const int64_t n = member_number(o->data, "count", 0), groups = member_number(o->data, "groups", n);

	page(b, "%" PRId64 " %s", groups, member_text(o->data, "unit"));
	if (n > groups)
		page(b, "<br><span class=\"soft\">in %" PRId64 " findings</span>", n);
}

static void observation_row(struct buf *b, const struct model *m, const struct model_finding *o, const struct hypotheses *h,
			    bool anchor)
{
	const bool looked = strcmp(state_of(o), "not looked for") != 0;
	double best = 0;

	for (size_t i = 0; i < h->n; i++) {
		double low, high;

		range_of(weight_of(o, h->id[i]), &low, &high);
		best = high > best ? high : best;
	}
	if (anchor)
		page(b, "<tr id=\"ob-%" PRId64 "\">", o->id);
	else
		page(b, "<tr>");
	page(b, "<th scope=\"row\">%s%s", strcmp(state_of(o), "not seen") == 0 ? "Not seen: " : looked ? "" : "Not looked for: ", o->value);
	if (*member_text(o->data, "id"))
		page(b, " <span class=\"soft mono\">%s</span>", member_text(o->data, "id"));
	page(b, "<br>");
	html_finding_links(b, m, member_array(o->data, "findings"), LINKS_SHOWN);
	page(b, "</th><td class=\"n\">");
	count(b, o);
	page(b, "</td>");
	for (size_t i = 0; i < h->n; i++) {
		const json_t *w = weight_of(o, h->id[i]);
		double low, high;

		range_of(w, &low, &high);
		if (low < 0 || high < 0 || !looked) {
			page(b, "<td>&ndash;</td>");
			continue;
		}
		/* Marked: what is far more to be expected here than elsewhere, and the reverse. */
		page(b, "<td class=\"%s\" title=\"%s\">%.2f&ndash;%.2f%s</td>", high >= best * 0.99 ? "pos" : high < best * 0.34 ? "neg" : "",
		     member_text(w, "why"), low, high, high >= best * 0.99 ? " ▲" : high < best * 0.34 ? " ▼" : "");
	}
	page(b, "</tr>\n");
}

/* What came of it: a range for each hypothesis, in words. */
static void result_row(struct buf *b, const struct model_finding *claim, const struct hypotheses *h)
{
	page(b, "<tr class=\"sum\"><th scope=\"row\">Weighed together</th><td></td>");
	for (size_t i = 0; i < h->n; i++) {
		const json_t *w = weight_of(claim, h->id[i]);

		page(b, "<td>%s<br><span class=\"soft\">%.0f&ndash;%.0f %%</span></td>", member_text(w, "term"), member_real(w, "low", 0) * 100,
		     member_real(w, "high", 0) * 100);
	}
	page(b, "</tr>\n");
}

static void matrix_head(struct buf *b, const struct model_finding *claim, const struct hypotheses *h)
{
	page(b, "<thead><tr><th scope=\"col\">Observation</th><th scope=\"col\" class=\"n\">Count</th>");
	for (size_t i = 0; i < h->n; i++)
		page(b, "<th scope=\"col\" title=\"%s\">%s</th>", claim ? member_text(weight_of(claim, h->id[i]), "text") : "", h->id[i]);
	page(b, "</tr></thead><tbody>\n");
}

/* One question: rows are observations that say something about it. */
static void question(struct buf *b, const struct model *m, const struct model_finding *claim, bool *anchored)
{
	struct hypotheses h;

	hypotheses_read(claim, &h);
	if (!h.n)
		return;
	page(b, "<h3>%s</h3>\n<dl class=\"why\">\n", *member_text(claim->data, "question") ? member_text(claim->data, "question") : claim->value);
	for (size_t i = 0; i < h.n; i++)
		page(b, "<dt class=\"mono\">%s</dt><dd>%s</dd>\n", h.id[i], member_text(weight_of(claim, h.id[i]), "text"));
	page(b, "</dl>\n");
	html_table(b, "matrix", "Observations, and how much each was to be expected under each hypothesis");
	matrix_head(b, claim, &h);
	for (size_t i = 0; i < m->observations.n; i++) {
		if (!speaks(m->observations.at[i], &h))
			continue;
		observation_row(b, m, m->observations.at[i], &h, !anchored[i]);
		anchored[i] = true;
	}
	result_row(b, claim, &h);
	page(b, "</tbody>");
	html_table_end(b);
}

/* Observations that speak about no question that was weighed. */
static void others(struct buf *b, const struct model *m, const bool *anchored)
{
	const struct hypotheses none = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < m->observations.n; i++) {
		if (anchored[i])
			continue;
		if (!n++) {
			page(b, "<h3>Also looked for</h3>\n");
			html_table(b, "matrix", "Observations that are not weighed");
			matrix_head(b, NULL, &none);
		}
		observation_row(b, m, m->observations.at[i], &none, true);
	}
	if (n) {
		page(b, "</tbody>");
		html_table_end(b);
	}
}

void html_weighing(struct buf *b, const struct model *m)
{
	scoped(memory_free) bool *anchored = calloc(m->observations.n + 1, sizeof *anchored);

	html_section(b, "weighing", "Weighing: observations under each hypothesis");
	if (!m->observations.n || !anchored) {
		page(b, "<p>Nothing has been weighed in this case.</p>\n</section>\n");
		return;
	}
	page(b, "<p>Each row is something that was looked for. The numbers say how much it was to be expected if the hypothesis at the "
		"head of the column were true: a range, set before looking. ▲ most to be expected here, ▼ hardly to be expected here. What "
		"is missing counts, too. Ten lines from one address are one witness.</p>\n");
	for (size_t i = 0; i < m->claims.n; i++)
		question(b, m, m->claims.at[i], anchored);
	others(b, m, anchored);
	page(b, "</section>\n");
}
