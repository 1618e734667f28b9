/* SPDX-License-Identifier: Apache-2.0 */
/* Who logged in, from where, through what. */
#include "report/html.h"

#include <stdlib.h>
#include <string.h>

#define LOGINS_SHOWN 500u
#define GROUPS_MAX 64u

/* Successful logins of one origin: the class where it hides its user, else
 * the country.  Counted in three units, since ten logins from one address are
 * one witness. */
struct origin {
	const char *class, *country, *label;
	uint64_t logins, addresses, networks;
};

struct origins {
	struct origin at[GROUPS_MAX];
	size_t n;
	uint64_t logins, failed;
};

static bool is_ok(const struct model_finding *f)
{
	const json_t *ok = json_object_get(f->data, "ok");

	return !ok || json_is_true(ok);
}

/* log.origins findings: one a unit; gathered into one row an origin. */
static void origins_read(const struct model *m, struct origins *out)
{
	*out = (struct origins){ 0 };
	for (size_t i = 0; i < m->origins.n; i++) {
		const struct model_finding *f = m->origins.at[i];
		const char *unit = member_text(f->data, "unit"), *class = member_text(f->data, "class");
		const char *country = member_text(f->data, "country"), *label = member_text(f->data, "label");
		const uint64_t n = strtoull(f->value, NULL, 10);
		struct origin *o = NULL;

		for (size_t k = 0; k < out->n && !o; k++)
			if (strcmp(out->at[k].class, class) == 0 && strcmp(out->at[k].country, country) == 0 &&
			    strcmp(out->at[k].label, label) == 0)
				o = &out->at[k];
		if (!o) {
			if (out->n == GROUPS_MAX)
				continue;
			o = &out->at[out->n++];
			*o = (struct origin){ .class = class, .country = country, .label = label };
		}
		if (strcmp(unit, "logins") == 0) {
			o->logins += n;
			out->logins += n;
		} else if (strcmp(unit, "addresses") == 0) {
			o->addresses += n;
		} else if (strcmp(unit, "networks") == 0) {
			o->networks += n;
		}
	}
	for (size_t i = 0; i < m->logins.n; i++)
		out->failed += !is_ok(m->logins.at[i]);
}

static int origin_order(const void *a, const void *b)
{
	const struct origin *x = a, *y = b;
	int r;

	if (x->logins != y->logins)
		return x->logins > y->logins ? -1 : 1;
	r = strcmp(x->class, y->class);
	return r ? r : strcmp(x->country, y->country);
}

static const char *origin_name(const struct origin *o)
{
	return *o->label ? o->label : *o->country ? o->country : *o->class ? o->class : "networks nothing is known of";
}

/* "Most logins (17 of 21) came from VPN exits, three from China, one from Spain." */
static void headline(struct buf *b, const struct origins *o)
{
	char word[24];

	if (!o->n || !o->logins)
		return;
	page(b, "<p class=\"lede\">");
	if (o->at[0].logins * 2 > o->logins)
		page(b, "Most logins (%" PRIu64 " of %" PRIu64 ") came from %s", o->at[0].logins, o->logins, origin_name(&o->at[0]));
	else
		page(b, "Of %" PRIu64 " logins, %s came from %s", o->logins, html_number_word(o->at[0].logins, word), origin_name(&o->at[0]));
	for (size_t i = 1; i < o->n && i < 6; i++)
		page(b, "%s%s from %s", i + 1 == o->n ? " and " : ", ", html_number_word(o->at[i].logins, word), origin_name(&o->at[i]));
	if (o->n > 6)
		page(b, ", the rest from elsewhere");
	page(b, ".</p>\n");
}

static void origins_table(struct buf *b, const struct origins *o)
{
	html_table(b, "", "Where successful logins came from; each column counts another unit");
	HTML_COLUMNS(b, "Origin", "Class of network", "Country of the address", "#Logins", "#Addresses", "#Networks");
	for (size_t i = 0; i < o->n; i++) {
		const struct origin *at = &o->at[i];

		page(b, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td class=\"n\">%" PRIu64 "</td>", origin_name(at),
		     at->class, at->country, at->logins);
		page(b, at->addresses ? "<td class=\"n\">%" PRIu64 "</td>" : "<td class=\"n\">&ndash;%.0" PRIu64 "</td>", at->addresses);
		page(b, at->networks ? "<td class=\"n\">%" PRIu64 "</td></tr>\n" : "<td class=\"n\">&ndash;%.0" PRIu64 "</td></tr>\n", at->networks);
	}
	page(b, "</tbody>");
	html_table_end(b);
	page(b, "<p class=\"soft\">A VPN exit says nothing about the country of its user. A country is where the address "
		"tables place the address on the date they state; it is not the nationality of a person.</p>\n");
}

/* Logins by hour and weekday, at an offset from UTC. */
static void heat_map(struct buf *b, const struct model *m, int offset_min, const char *zone)
{
	static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	uint64_t cells[7][24] = { 0 }, most = 0, sum = 0;

	for (size_t i = 0; i < m->logins.n; i++) {
		const int64_t time = html_member_time(m->logins.at[i]->data, "time");
		struct clock_parts p;

		if (time == CLOCK_NONE || !is_ok(m->logins.at[i]))
			continue;
		p = clock_parts(time, offset_min);
		if (++cells[p.weekday][p.hour] > most)
			most = cells[p.weekday][p.hour];
		sum++;
	}
	if (!sum)
		return;
	page(b, "<figure><svg viewBox=\"0 0 560 190\" width=\"560\" role=\"img\" aria-label=\"Logins by hour and weekday, %s\">\n", zone);
	for (int h = 0; h < 24; h += 3)
		page(b, "<text class=\"soft\" x=\"%d\" y=\"12\">%02d</text>", 44 + h * 21, h);
	for (int d = 0; d < 7; d++) {
		page(b, "<text class=\"soft\" x=\"2\" y=\"%d\">%s</text>", 33 + d * 23, weekdays[d]);
		for (int h = 0; h < 24; h++) {
			page(b, "<rect x=\"%d\" y=\"%d\" width=\"19\" height=\"20\" fill=\"rgba(var(--tint),%.2f)\" stroke=\"var(--grid)\" "
				"stroke-width=\"0.6\"/>", 42 + h * 21, 18 + d * 23,
			     cells[d][h] ? 0.15 + 0.7 * (double)cells[d][h] / (double)most : 0.0);
			if (cells[d][h])
				page(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%" PRIu64 "</text>", 51 + h * 21, 33 + d * 23, cells[d][h]);
		}
		page(b, "\n");
	}
	page(b, "</svg><figcaption>Logins by weekday and hour, %s; ", zone);
	page_count(b, sum, "login", "logins");
	page(b, ".</figcaption></figure>\n");
}

static void logins_table(struct buf *b, const struct model *m)
{
	html_table(b, "", "Each login, in the order of the log");
	HTML_COLUMNS(b, "Time (UTC)", "Address", "Class", "Country", "Network", "User", "Rule", "Where in the log");
	for (size_t i = 0; i < m->logins.n && i < LOGINS_SHOWN; i++) {
		const struct model_finding *f = m->logins.at[i];
		const int64_t asn = member_number(f->data, "asn", 0);

		page(b, "<tr><td>");
		html_time(b, html_member_time(f->data, "time"));
		page(b, "</td><th scope=\"row\" class=\"mono\">%s</th><td>%s%s</td><td>%s</td><td>", f->value,
		     member_text(f->data, "class"), is_ok(f) ? "" : " (failed)", member_text(f->data, "country"));
		page_cut(b, member_text(f->data, "network"), 60);
		if (asn > 0)
			page(b, " <span class=\"soft\">AS%" PRId64 "</span>", asn);
		page(b, "</td><td class=\"any\">");
		page_cut(b, member_text(f->data, "user"), 60);
		page(b, "</td><td>%s</td><td>", member_text(f->data, "rule"));
		html_finding_link(b, m, f->id);
		page(b, " ");
		html_locator(b, f->locator);
		page(b, "</td></tr>\n");
	}
	page(b, "</tbody>");
	html_table_end(b);
	html_shown(b, m->logins.n < LOGINS_SHOWN ? m->logins.n : LOGINS_SHOWN, m->logins.total, "logins");
}

static void sessions_table(struct buf *b, const struct model *m)
{
	if (!m->sessions.n)
		return;
	page(b, "<details><summary>Sessions: ");
	page_number(b, m->sessions.total);
	page(b, "</summary>\n");
	html_table(b, "", "Sessions: requests of one actor without a long pause");
	HTML_COLUMNS(b, "First (UTC)", "Last (UTC)", "Address", "Class", "Country", "#Requests", "#Read", "#Written");
	for (size_t i = 0; i < m->sessions.n && i < 300; i++) {
		const struct model_finding *f = m->sessions.at[i];

		page(b, "<tr><td>");
		html_time(b, html_member_time(f->data, "first"));
		page(b, "</td><td>");
		html_time(b, html_member_time(f->data, "last"));
		page(b, "</td><th scope=\"row\" class=\"mono\">%s</th><td>%s</td><td>%s</td>", f->value,
		     member_text(f->data, "class"), member_text(f->data, "country"));
		page(b, "<td class=\"n\">%" PRId64 "</td><td class=\"n\">%" PRId64 "</td><td class=\"n\">%" PRId64 "</td></tr>\n",
		     member_number(f->data, "requests", 0), member_number(f->data, "read", 0), member_number(f->data, "written", 0));
	}
	page(b, "</tbody>");
	html_table_end(b);
	html_shown(b, m->sessions.n < 300 ? m->sessions.n : 300, m->sessions.total, "sessions");
	page(b, "</details>\n");
}

void html_logins(struct buf *b, const struct model *m)
{
	struct origins origins;

	html_section(b, "logins", "Who logged in, and from where");
	if (!m->summaries.n && !m->logins.n) {
		page(b, "<p>No log was read in this case; nothing is said about who used the server.</p>\n</section>\n");
		return;
	}
	origins_read(m, &origins);
	if (origins.n)
		qsort(origins.at, origins.n, sizeof *origins.at, origin_order);
	headline(b, &origins);
	for (size_t i = 0; i < m->summaries.n; i++)
		page(b, "<p>%s</p>\n", m->summaries.at[i]->value);
	if (m->rejects) {
		page(b, "<p class=\"soft\">Lines that fit no format, and are kept as findings: ");
		page_number(b, m->rejects);
		page(b, ".</p>\n");
	}
	if (origins.n)
		origins_table(b, &origins);
	page(b, "<div class=\"beside\">\n");
	heat_map(b, m, 0, "UTC");
	heat_map(b, m, 540, "UTC+09:00");
	page(b, "</div>\n");
	if (m->logins.n)
		logins_table(b, m);
	else
		page(b, "<p>No login was found in the logs that were read.</p>\n");
	sessions_table(b, m);
	page(b, "</section>\n");
}
