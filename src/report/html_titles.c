/* SPDX-License-Identifier: Apache-2.0 */
/* Productions: which, on how many legs, which episodes and cuts. */
#include "report/html.h"

#include <string.h>

#include "base/text.h"

#define TITLES_SHOWN 200u
#define LEGS_SHOWN 8u

/* A list of texts or numbers as "1, 2, 3 and 9 more". */
static void list(struct buf *b, const json_t *array, size_t most)
{
	const json_t *item;
	size_t i;

	json_array_foreach(array, i, item) {
		if (i == most) {
			page(b, " and %zu more", json_array_size(array) - most);
			break;
		}
		page(b, i ? ", " : "");
		if (json_is_integer(item))
			page(b, "%lld", (long long)json_integer_value(item));
		else
			page_cut(b, json_string_value(item), 40);
	}
}

/* A day alone is shown as a day. */
static void when(struct buf *b, const json_t *data, const char *name)
{
	const char *text = member_text(data, name);
	const int64_t time = html_member_time(data, name);

	if (time != CLOCK_NONE && strlen(text) != 10)
		html_time(b, time);
	else
		page(b, "<span class=\"nb\">%s</span>", text);
}

static bool same_leg(const struct model_finding *a, const struct model_finding *b)
{
	return strcmp(a->value, b->value) == 0 && strcmp(member_text(a->data, "leg"), member_text(b->data, "leg")) == 0 &&
	       strcmp(member_text(a->data, "as"), member_text(b->data, "as")) == 0;
}

/* "path: INV in 43 places F12 F15 F19": legs that say the same thing together. */
static void leg_group(struct buf *b, const struct model *m, size_t first)
{
	const struct model_finding *leg = m->legs.at[first];
	uint64_t n = 0, links = 0;

	page(b, "%s: ", member_text(leg->data, "leg"));
	page_cut(b, member_text(leg->data, "as"), 80);
	for (size_t i = first; i < m->legs.n; i++)
		n += same_leg(m->legs.at[i], leg);
	if (n > 1)
		page(b, ", %" PRIu64 " times", n);
	for (size_t i = first; i < m->legs.n && links < 3; i++) {
		if (!same_leg(m->legs.at[i], leg) || !model_evidence(m, m->legs.at[i]->id))
			continue;
		page(b, " ");
		html_finding_link(b, m, m->legs.at[i]->id);
		links++;
	}
}

static void legs(struct buf *b, const struct model *m, const char *id)
{
	uint64_t shown = 0, total = 0;

	for (size_t i = 0; i < m->legs.n; i++) {
		bool seen = false;

		if (strcmp(m->legs.at[i]->value, id) != 0)
			continue;
		for (size_t k = 0; k < i && !seen; k++)
			seen = same_leg(m->legs.at[k], m->legs.at[i]);
		if (seen || total++ >= LEGS_SHOWN)
			continue;
		page(b, shown++ ? "<br>" : "");
		leg_group(b, m, i);
	}
	if (total > shown)
		page(b, "<br><span class=\"soft\">and %" PRIu64 " other forms</span>", total - shown);
}

static void title_row(struct buf *b, const struct model *m, const struct model_finding *t)
{
	const bool claim = strcmp(member_text(t->data, "status"), "claim") == 0;
	const json_t *names = member_array(t->data, "legs");

	page(b, "<tr id=\"title-%" PRId64 "\"><th scope=\"row\">", t->id);
	page_cut(b, t->value, 200);
	page(b, "<br>");
	html_finding_link(b, m, t->id);
	page(b, "</th><td>%s</td><td>", claim ? "claim" : "lead only");
	if (json_is_string(json_array_get(names, 0)))
		list(b, names, 6);
	page(b, "<div class=\"soft\">");
	legs(b, m, member_text(t->data, "id"));
	page(b, "</div></td><td>");
	list(b, member_array(t->data, "episodes"), 12);
	page(b, "</td><td>");
	list(b, member_array(t->data, "cuts"), 12);
	page(b, "</td><td>");
	when(b, t->data, "first");
	page(b, "</td><td>");
	when(b, t->data, "last");
	page(b, "</td></tr>\n");
}

void html_titles(struct buf *b, const struct model *m)
{
	html_section(b, "titles", "Productions that were recognised");
	if (!m->titles.n) {
		page(b, "<p>No production of the catalogue in use was recognised in paths, texts or pictures of this case. Which catalogue "
			"that was: <a href=\"#method\">method</a>.</p>\n</section>\n");
		return;
	}
	page(b, "<p>A <strong>claim</strong> stands on at least two independent legs (path, text, picture); a <strong>lead</strong> on one, "
		"and may be chance. That a production's files lay here does not say that its producers knew.</p>\n");
	html_table(b, "", "Productions, the legs they stand on, and the episodes and cuts that were seen");
	HTML_COLUMNS(b, "Production", "Status", "Legs", "Episodes", "Cuts", "First seen (UTC)", "Last seen (UTC)");
	for (int claims = 1; claims >= 0; claims--)
		for (size_t i = 0; i < m->titles.n && i < TITLES_SHOWN; i++)
			if ((strcmp(member_text(m->titles.at[i]->data, "status"), "claim") == 0) == (claims == 1))
				title_row(b, m, m->titles.at[i]);
	page(b, "</tbody>");
	html_table_end(b);
	html_shown(b, m->titles.n < TITLES_SHOWN ? m->titles.n : TITLES_SHOWN, m->titles.total, "productions");
	page(b, "</section>\n");
}
