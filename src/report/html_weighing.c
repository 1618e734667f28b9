/* SPDX-License-Identifier: Apache-2.0 */
/* Observations, and what each is worth under each hypothesis. */
#include "report/html.h"

#include <math.h>
#include <string.h>

#define HYPOTHESES_MAX 8u
#define LINKS_SHOWN 6u

struct hypotheses {
	const char *id[HYPOTHESES_MAX];
	size_t n;
};

/* Under each hypothesis: an object {ID: {low, high, why}} or an array of
 * objects with an id. */
static const json_t *under(const struct model_finding *o)
{
	const json_t *value = json_object_get(o->data, "hypotheses");

	return value ? value : json_object_get(o->data, "under");
}

static const json_t *weight_of(const json_t *all, const char *id)
{
	const json_t *item;
	size_t i;

	if (json_is_object(all))
		return json_object_get(all, id);
	json_array_foreach(all, i, item)
		if (strcmp(member_text(item, "id"), id) == 0)
			return item;
	return NULL;
}

static void note(struct hypotheses *h, const char *id)
{
	for (size_t i = 0; i < h->n; i++)
		if (strcmp(h->id[i], id) == 0)
			return;
	if (h->n < HYPOTHESES_MAX && *id)
		h->id[h->n++] = id;
}

static void hypotheses_read(const struct model *m, struct hypotheses *h)
{
	*h = (struct hypotheses){ 0 };
	for (size_t i = 0; i < m->observations.n; i++) {
		const json_t *all = under(m->observations.at[i]), *item;
		const char *key;
		size_t k;

		if (json_is_object(all))
			json_object_foreach((json_t *)(uintptr_t)all, key, item)
				note(h, key);
		json_array_foreach(all, k, item)
			note(h, member_text(item, "id"));
	}
}

static void range_of(const json_t *w, double *low, double *high)
{
	if (json_is_array(w)) {
		*low = json_number_value(json_array_get(w, 0));
		*high = json_number_value(json_array_get(w, 1));
		return;
	}
	*low = member_real(w, "low", -1);
	*high = member_real(w, "high", -1);
}

static void observation_row(struct buf *b, const struct model *m, const struct model_finding *o, const struct hypotheses *h)
{
	const json_t *all = under(o);
	double best = 0;

	for (size_t i = 0; i < h->n; i++) {
		double low, high;

		range_of(weight_of(all, h->id[i]), &low, &high);
		if (high > best)
			best = high;
	}
	page(b, "<tr id=\"ob-%" PRId64 "\"><th scope=\"row\">%s", o->id, o->value);
	if (*member_text(o->data, "id"))
		page(b, " <span class=\"soft mono\">%s</span>", member_text(o->data, "id"));
	page(b, "<br><span class=\"soft\">");
	html_finding_links(b, m, member_array(o->data, "findings"), LINKS_SHOWN);
	page(b, "</span></th><td class=\"n\">%" PRId64 "</td>", member_number(o->data, "count", 0));
	for (size_t i = 0; i < h->n; i++) {
		const json_t *w = weight_of(all, h->id[i]);
		double low, high;

		range_of(w, &low, &high);
		if (low < 0 || high < 0) {
			page(b, "<td>&ndash;</td>");
			continue;
		}
		/* Marked: what is far more to be expected here than elsewhere, and the reverse. */
		page(b, "<td class=\"%s\" title=\"%s\">%.2f&ndash;%.2f%s</td>", high >= best * 0.99 ? "pos" : high < best * 0.34 ? "neg" : "",
		     member_text(w, "why"), low, high, high >= best * 0.99 ? " ▲" : high < best * 0.34 ? " ▼" : "");
	}
	page(b, "</tr>\n");
}

void html_weighing(struct buf *b, const struct model *m)
{
	struct hypotheses h;
	uint64_t none = 0;

	html_section(b, "weighing", "Weighing: observations under each hypothesis");
	if (!m->observations.n) {
		page(b, "<p>Nothing has been weighed in this case.</p>\n</section>\n");
		return;
	}
	hypotheses_read(m, &h);
	page(b, "<p>Each row is something that was looked for. The numbers say how much it was to be expected if the hypothesis at the "
		"head of the column were true: a range, set before looking. ▲ most to be expected here, ▼ hardly to be expected here. Ten "
		"lines from one address count as one witness.</p>\n");
	html_table(b, "matrix", "Observations that were made, and their likelihood under each hypothesis");
	page(b, "<thead><tr><th scope=\"col\">Observation</th><th scope=\"col\" class=\"n\">Count</th>");
	for (size_t i = 0; i < h.n; i++)
		page(b, "<th scope=\"col\">%s</th>", h.id[i]);
	page(b, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < m->observations.n; i++) {
		if (member_number(m->observations.at[i]->data, "count", 0) > 0)
			observation_row(b, m, m->observations.at[i], &h);
		else
			none++;
	}
	page(b, "</tbody>");
	html_table_end(b);
	if (none) {
		page(b, "<h3>Looked for and not found</h3>\n<p>These count, too: what a hypothesis leads one to expect and is missing.</p>\n");
		html_table(b, "matrix", "Observations that were not made");
		page(b, "<thead><tr><th scope=\"col\">Looked for</th><th scope=\"col\" class=\"n\">Count</th>");
		for (size_t i = 0; i < h.n; i++)
			page(b, "<th scope=\"col\">%s</th>", h.id[i]);
		page(b, "</tr></thead><tbody>\n");
		for (size_t i = 0; i < m->observations.n; i++)
			if (member_number(m->observations.at[i]->data, "count", 0) <= 0)
				observation_row(b, m, m->observations.at[i], &h);
		page(b, "</tbody>");
		html_table_end(b);
	}
	page(b, "</section>\n");
}
