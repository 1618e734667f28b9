/* SPDX-License-Identifier: Apache-2.0 */
/* Who logged in, from where, through what. */
#include "report/html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intel/intel.h"

#define LOGINS_SHOWN 500u
#define LOGINS_FIRST 12u      /* stand in the open; the rest is folded */
#define FAILED_SHOWN 200u     /* addresses */
#define GROUPS_MAX 64u

/* Successful logins of one origin.  Counted in three units, since ten logins
 * from one address are one witness. */
struct origin {
	const char *class, *country, *label, *brand, *list, *date;
	const json_t *data;
	bool hides;             /* its country says nothing about its user */
	uint64_t logins, addresses, networks;
};

struct origins {
	struct origin at[GROUPS_MAX];
	size_t n;
	uint64_t logins;
};

static bool is_ok(const struct model_finding *f)
{
	const json_t *ok = json_object_get(f->data, "ok");

	return !ok || json_is_true(ok);
}

static struct origin *origin_of(struct origins *all, const json_t *data)
{
	const struct origin o = {
		.class = member_text(data, "class"),
		.country = member_text(data, "country"),
		.label = member_text(data, "label"),
		.brand = member_text(data, "brand"),
		.list = member_text(data, "list"),
		.date = member_text(data, "date"),
		.data = data,
		.hides = json_is_true(json_object_get(data, "hides_its_user")),
	};

	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->at[i].class, o.class) == 0 && strcmp(all->at[i].country, o.country) == 0 &&
		    strcmp(all->at[i].label, o.label) == 0 && strcmp(all->at[i].brand, o.brand) == 0)
			return &all->at[i];
	if (all->n == GROUPS_MAX)
		return NULL;
	all->at[all->n] = o;
	return &all->at[all->n++];
}

/* log.origins: a finding for each unit; gathered into one row an origin. */
static void origins_read(const struct model *m, struct origins *out)
{
	*out = (struct origins){ 0 };
	for (size_t i = 0; i < m->origins.n; i++) {
		const struct model_finding *f = m->origins.at[i];
		const char *unit = member_text(f->data, "unit");
		const uint64_t n = strtoull(f->value, NULL, 10);
		struct origin *o = origin_of(out, f->data);

		if (!o)
			continue;
		if (strcmp(unit, "logins") == 0) {
			o->logins += n;
			out->logins += n;
		} else if (strcmp(unit, "addresses") == 0) {
			o->addresses += n;
		} else if (strcmp(unit, "networks") == 0) {
			o->networks += n;
		}
	}
}

static int origin_order(const void *a, const void *b)
{
	const struct origin *x = a, *y = b;
	int r;

	if (x->logins != y->logins)
		return x->logins > y->logins ? -1 : 1;
	r = strcmp(x->label, y->label);
	if (!r)
		r = strcmp(x->brand, y->brand);
	return r ? r : strcmp(x->country, y->country);
}

static const char *origin_name(const struct origin *o)
{
	return *o->label ? o->label : *member_text(o->data, "country_name") ? member_text(o->data, "country_name") : *o->country ? o->country : *o->class ? o->class : "networks nothing is known of";
}

/* The logs' own sentence ("Most logins came through VPN exits, three from
 * China, one from Spain."), with the counts behind it. */
static void headline(struct buf *b, const struct model *m, const struct origins *o)
{
	const char *plainly = m->summaries.n ? member_text(m->summaries.at[0]->data, "plainly") : "";
	const char *sentence = m->summaries.n ? member_text(m->summaries.at[0]->data, "sentence") : "";
	char word[24];

	if (*plainly) {
		page(b, "<p class=\"lede\">%s</p>\n<p>%s</p>\n", plainly, sentence);
		return;
	}
	if (!o->n || !o->logins)
		return;
	page(b, "<p class=\"lede\">%" PRIu64 " of %" PRIu64 " logins came from %s", o->at[0].logins, o->logins, origin_name(&o->at[0]));
	for (size_t i = 1; i < o->n && i < 6; i++)
		page(b, "%s%s from %s", i + 1 == o->n ? " and " : ", ", html_number_word(o->at[i].logins, word), origin_name(&o->at[i]));
	if (o->n > 6)
		page(b, ", the rest from elsewhere");
	page(b, ".</p>\n");
}

static void count_cell(struct buf *b, uint64_t n)
{
	page(b, "<td class=\"n\">");
	page_number(b, n);
	page(b, "</td>");
}

/* "VPN exits" for "vpn-brand"; a class that has no name of its own stays. */
static const char *class_name(const char *class)
{
	const struct intel_kind *kind = intel_kind_named(slice_text(class));

	if (strcmp(class, "unlisted") == 0)
		return "on no list";
	return kind ? kind->plural : class;
}

/* Of an exit or a rented machine the country says nothing about its user. */
static const char *country_of(const json_t *data)
{
	const struct intel_kind *kind = intel_kind_named(slice_text(member_text(data, "class")));
	const char *name = member_text(data, "country_name");

	if (kind && kind->anonymous)
		return "not known: an exit";
	if (kind && kind->machine)
		return "not given: rented machine";
	return *name ? name : member_text(data, "country");
}

static void origins_table(struct buf *b, const struct origins *o)
{
	html_table(b, "", "Where successful logins came from; each column counts another unit");
	HTML_COLUMNS(b, "Origin", "Class of network", "Country", "Known from", "#Logins", "#Addresses", "#Networks");
	for (size_t i = 0; i < o->n; i++) {
		const struct origin *at = &o->at[i];
		const bool branded = *at->brand && slice_find(slice_text(at->label), slice_text(at->brand)) < 0;

		const char *country = country_of(at->data);

		page(b, "<tr><th scope=\"row\">%s%s%s</th><td>%s</td><td>%s</td><td>%s%s%s</td>", origin_name(at), branded ? ": " : "",
		     branded ? at->brand : "", class_name(at->class), at->hides && !*country ? "not known" : country, at->list,
		     *at->date ? ", " : "", at->date);
		count_cell(b, at->logins);
		count_cell(b, at->addresses);
		count_cell(b, at->networks);
		page(b, "</tr>\n");
	}
	page(b, "</tbody>");
	html_table_end(b);
	page(b, "<p class=\"soft\">A VPN exit says nothing about the country of its user. A country is where the address "
		"tables place the address on the date they state; it is not the nationality of a person.</p>\n");
}

/* Hours across, weekdays down; the number stands in the cell. */
static void grid(struct buf *b, uint64_t cells[7][24], const char *what, const char *zone)
{
	static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	uint64_t most = 1;

	for (int i = 0; i < 7 * 24; i++)
		most = cells[i / 24][i % 24] > most ? cells[i / 24][i % 24] : most;
	page(b, "<figure><svg viewBox=\"0 0 560 184\" width=\"560\" role=\"img\" aria-label=\"%s by hour and weekday, %s\">\n", what, zone);
	for (int h = 0; h < 24; h += 3)
		page(b, "<text class=\"soft\" x=\"%d\" y=\"12\">%02d</text>", 44 + h * 21, h);
	for (int d = 0; d < 7; d++) {
		page(b, "<text class=\"soft\" x=\"2\" y=\"%d\">%s</text>", 33 + d * 23, weekdays[d]);
		for (int h = 0; h < 24; h++) {
			page(b, "<rect x=\"%d\" y=\"%d\" width=\"19\" height=\"20\" fill=\"rgba(var(--tint),%.2f)\" stroke=\"var(--grid)\" "
				"stroke-width=\"0.6\"/>", 42 + h * 21, 18 + d * 23,
			     cells[d][h] ? 0.12 + 0.5 * (double)cells[d][h] / (double)most : 0.0);
			if (cells[d][h])
				page(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%" PRIu64 "</text>", 51 + h * 21, 33 + d * 23, cells[d][h]);
		}
		page(b, "\n");
	}
	page(b, "</svg><figcaption>%s, by weekday and hour, %s.</figcaption></figure>\n", what, zone);
}

/* The same hours, nine later: UTC+09:00. */
static void shift(uint64_t from[7][24], uint64_t to[7][24])
{
	for (int i = 0; i < 7 * 24; i++)
		to[(i + 9) / 24 % 7][(i + 9) % 24] = from[i / 24][i % 24];
}

static void grids(struct buf *b, uint64_t cells[7][24], const char *what)
{
	uint64_t shifted[7][24] = { 0 };

	shift(cells, shifted);
	page(b, "<div class=\"beside\">\n");
	grid(b, cells, what, "UTC");
	grid(b, shifted, what, "UTC+09:00");
	page(b, "</div>\n");
}

/* When each group that wrote something was at work. */
static size_t rhythms(struct buf *b, const struct model_finding *summary)
{
	const json_t *group;
	size_t i, n = 0;

	json_array_foreach(member_array(summary->data, "groups"), i, group) {
		const json_t *rows = member_array(group, "rhythm");
		uint64_t cells[7][24] = { 0 };
		char what[160];

		if (n == 3 || member_number(group, "written", 0) <= 0 || json_array_size(rows) != 7)
			continue;
		for (size_t k = 0; k < 7 * 24; k++)
			cells[k / 24][k % 24] = (uint64_t)json_integer_value(json_array_get(json_array_get(rows, k / 24), k % 24));
		(void)snprintf(what, sizeof what, "%.100s: clients at work", member_text(group, "name"));
		grids(b, cells, what);
		n++;
	}
	return n;
}

static void login_hours(struct buf *b, const struct model *m)
{
	uint64_t cells[7][24] = { 0 }, sum = 0;

	for (size_t i = 0; i < m->logins.n; i++) {
		const int64_t time = html_member_time(m->logins.at[i]->data, "time");
		struct clock_parts p;

		if (time == CLOCK_NONE || !is_ok(m->logins.at[i]))
			continue;
		p = clock_parts(time, 0);
		cells[p.weekday][p.hour]++;
		sum++;
	}
	if (sum)
		grids(b, cells, "Logins");
}

static void hours(struct buf *b, const struct model *m)
{
	size_t n = 0;

	page(b, "<h3>Hours</h3>\n");
	for (size_t i = 0; i < m->summaries.n; i++)
		n += rhythms(b, m->summaries.at[i]);
	if (!n)
		login_hours(b, m);
}

static void network_cell(struct buf *b, const json_t *data)
{
	const int64_t asn = member_number(data, "asn", 0);

	page(b, "<td>");
	page_cut(b, member_text(data, "network"), 60);
	if (asn > 0)
		page(b, " <span class=\"soft nb\">AS%" PRId64 "</span>", asn);
	page(b, "</td>");
}

static void login_row(struct buf *b, const struct model *m, const struct model_finding *f, bool users)
{
	page(b, "<tr><td>");
	html_time(b, html_member_time(f->data, "time"));
	page(b, "</td><th scope=\"row\" class=\"mono\">%s</th><td>%s</td><td class=\"nb\">%s</td>", f->value, class_name(member_text(f->data, "class")),
	     country_of(f->data));
	network_cell(b, f->data);
	if (users) {
		page(b, "<td class=\"any\">");
		page_cut(b, member_text(f->data, "user"), 60);
		page(b, "</td>");
	}
	page(b, "<td>");
	html_finding_link(b, m, f->id);
	/* The byte stands with the finding. */
	page(b, " <span class=\"soft\">%s", member_text(f->data, "file"));
	if (member_number(f->locator, "line", -1) >= 0)
		page(b, " line %" PRId64, member_number(f->locator, "line", 0));
	page(b, "; <span class=\"nb\">%s</span></span></td></tr>\n", member_text(f->data, "rule"));
}

/* Logins number `from` up to `to` of those that worked. */
static void logins_part(struct buf *b, const struct model *m, uint64_t from, uint64_t to, bool users)
{
	uint64_t n = 0;

	html_table(b, "logins", from ? "The logins after these, in order of time" : "Successful logins, in order of time");
	if (users)
		HTML_COLUMNS(b, "Time (UTC)", "Address", "Class of network", "Country", "Network", "User", "Where in the log, and how known");
	else
		HTML_COLUMNS(b, "Time (UTC)", "Address", "Class of network", "Country", "Network", "Where in the log, and how known");
	for (size_t i = 0; i < m->logins.n && n < to; i++)
		if (is_ok(m->logins.at[i]) && n++ >= from)
			login_row(b, m, m->logins.at[i], users);
	page(b, "</tbody>");
	html_table_end(b);
}

static void logins_table(struct buf *b, const struct model *m)
{
	uint64_t total = 0, shown;
	bool users = false;

	for (size_t i = 0; i < m->logins.n; i++)
		if (is_ok(m->logins.at[i])) {
			total++;
			users = users || *member_text(m->logins.at[i]->data, "user");
		}
	if (!total)
		return;
	shown = total < LOGINS_SHOWN ? total : LOGINS_SHOWN;
	page(b, "<h3>Each successful login</h3>\n");
	logins_part(b, m, 0, shown < LOGINS_FIRST + 3 ? shown : LOGINS_FIRST, users);
	if (shown >= LOGINS_FIRST + 3) {
		page(b, "<p class=\"shown\">%u of ", LOGINS_FIRST);
		page_number(b, total);
		page(b, " successful logins; the others are folded.</p>\n<details><summary>Successful logins %u to ", LOGINS_FIRST + 1);
		page_number(b, shown);
		page(b, "</summary>\n");
		logins_part(b, m, LOGINS_FIRST, shown, users);
		page(b, "</details>\n");
	}
	html_shown(b, shown, total, "successful logins");
}

/* Attempts that failed, from one address. */
struct failed {
	const struct model_finding *first, *last;
	uint64_t n;
};

static int failed_order(const void *a, const void *b)
{
	const struct failed *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return strcmp(x->first->value, y->first->value);
}

static int address_order(const void *a, const void *b)
{
	const struct model_finding *x = *(const struct model_finding *const *)a, *y = *(const struct model_finding *const *)b;
	const int64_t t = html_member_time(x->data, "time"), u = html_member_time(y->data, "time");
	const int r = strcmp(x->value, y->value);

	if (r)
		return r;
	if (t != u)
		return t < u ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static size_t failed_gather(const struct model *m, const struct model_finding **all, struct failed *out, uint64_t *total)
{
	size_t n = 0, groups = 0;

	for (size_t i = 0; i < m->logins.n; i++)
		if (!is_ok(m->logins.at[i]))
			all[n++] = m->logins.at[i];
	if (n)
		qsort(all, n, sizeof *all, address_order);
	for (size_t i = 0; i < n; i++) {
		if (!groups || strcmp(out[groups - 1].first->value, all[i]->value) != 0)
			out[groups++] = (struct failed){ .first = all[i] };
		out[groups - 1].last = all[i];
		out[groups - 1].n++;
	}
	if (groups)
		qsort(out, groups, sizeof *out, failed_order);
	*total = n;
	return groups;
}

static void failed_row(struct buf *b, const struct model *m, const struct failed *f)
{
	page(b, "<tr><th scope=\"row\" class=\"mono\">%s</th><td>%s</td><td class=\"nb\">%s</td>", f->first->value, class_name(member_text(f->first->data, "class")),
	     country_of(f->first->data));
	network_cell(b, f->first->data);
	count_cell(b, f->n);
	page(b, "<td>");
	html_time(b, html_member_time(f->first->data, "time"));
	page(b, " ");
	html_finding_link(b, m, f->first->id);
	page(b, "</td><td>");
	html_time(b, html_member_time(f->last->data, "time"));
	page(b, " ");
	html_finding_link(b, m, f->last->id);
	page(b, "</td></tr>\n");
}

/* Those that failed are no logins: a table of their own, by address. */
static void failed_table(struct buf *b, const struct model *m)
{
	scoped(memory_free) const struct model_finding **all = calloc(m->logins.n + 1, sizeof *all);
	scoped(memory_free) struct failed *failed = calloc(m->logins.n + 1, sizeof *failed);
	uint64_t total = 0;
	size_t groups;

	if (!all || !failed) {
		page(b, "<p>Attempts that failed could not be listed: no memory.</p>\n");
		return;
	}
	groups = failed_gather(m, all, failed, &total);
	if (!total)
		return;
	page(b, "<details><summary>Attempts that failed: ");
	page_number(b, total);
	page(b, ", from ");
	page_count(b, groups, "address", "addresses");
	page(b, "</summary>\n");
	html_table(b, "logins", "Attempts that failed, by address; most first");
	HTML_COLUMNS(b, "Address", "Class of network", "Country", "Network", "#Attempts", "First (UTC)", "Last (UTC)");
	for (size_t i = 0; i < groups && i < FAILED_SHOWN; i++)
		failed_row(b, m, &failed[i]);
	page(b, "</tbody>");
	html_table_end(b);
	html_shown(b, groups < FAILED_SHOWN ? groups : FAILED_SHOWN, groups, "addresses");
	page(b, "</details>\n");
}

static void sessions_table(struct buf *b, const struct model *m)
{
	if (!m->sessions.n)
		return;
	page(b, "<details><summary>Sessions: ");
	page_number(b, m->sessions.total);
	page(b, "</summary>\n");
	html_table(b, "", "Sessions: requests of one actor without a long pause");
	HTML_COLUMNS(b, "First (UTC)", "Last (UTC)", "Address", "Class of network", "Country", "#Requests", "#Read", "#Written");
	for (size_t i = 0; i < m->sessions.n && i < 300; i++) {
		const struct model_finding *f = m->sessions.at[i];

		page(b, "<tr><td>");
		html_time(b, html_member_time(f->data, "first"));
		page(b, "</td><td>");
		html_time(b, html_member_time(f->data, "last"));
		page(b, "</td><th scope=\"row\" class=\"mono\">%s</th><td>%s</td><td>%s</td>", f->value,
		     class_name(member_text(f->data, "class")), country_of(f->data));
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
	headline(b, m, &origins);
	for (size_t i = 0; i < m->summaries.n; i++)
		page(b, "<p>%s</p>\n", m->summaries.at[i]->value);
	if (m->rejects) {
		page(b, "<p class=\"soft\">Lines that fit no format, and are kept as findings: ");
		page_number(b, m->rejects);
		page(b, ".</p>\n");
	}
	if (origins.n)
		origins_table(b, &origins);
	if (m->logins.n)
		hours(b, m);
	if (!m->logins.n)
		page(b, "<p>No login was found in the logs that were read.</p>\n");
	logins_table(b, m);
	failed_table(b, m);
	html_shown(b, m->logins.n, m->logins.total, "logins and attempts");
	sessions_table(b, m);
	page(b, "</section>\n");
}
