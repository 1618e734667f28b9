/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where logins came from, counted and said in a sentence.  The country of an
 * anonymiser's exit or of a rented machine is never given as its user's.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "logs/internal.h"

/* The class in the plural, for sentences. */
static const char *plural(const char *class)
{
	const struct intel_kind *kind = intel_kind_named(slice_text(class));

	return kind ? kind->plural : class;
}

static void group_name(struct engine *e, const struct client *c, struct buf *b)
{
	const struct intel_answer *i = c->intel;

	buf_clear(b);
	if (!i)
		(void)buf_text(b, "hosts given by name");
	else if (i->anonymous || i->machine)
		(void)buf_printf(b, "%s (%s)", plural(i->class), i->label);
	else if (*i->mark)
		(void)buf_text(b, i->mark);
	else if (strcmp(i->class, "private") == 0)
		(void)buf_text(b, "private addresses");
	else if (*i->country)
		(void)buf_text(b, intel_country(e->intel, i->country));
	else
		(void)buf_text(b, "addresses of unknown country");
}

uint32_t origins_group(struct engine *e, const struct client *c)
{
	struct logs_result *r = e->result;
	struct logs_memory *m = e->m;
	const struct intel_answer *i = c->intel;
	const size_t before = m->groups_by.n;
	uint32_t at;

	group_name(e, c, &m->text);
	at = names_add(&m->groups_by, buf_slice(&m->text));
	if (at == NO_NAME || m->groups_by.n == before)
		return at;
	if (!grow((void **)&r->groups, r->groups_n, &m->groups_room, m->groups_by.max, sizeof *r->groups))
		return NO_NAME;
	r->groups[r->groups_n++] = (struct log_group){
		.name = m->groups_by.items[at].p,
		.class = i ? i->class : "unlisted",
		.country = i && !i->anonymous && !i->machine ? engine_text(e, slice_text(i->country), 2) : "",
		.label = i ? *i->label ? i->label : i->mark : "",
	};
	return at;
}

/* One row an origin: class, country where it tells, label. */
static int count(struct engine *e, struct names *keys, struct names *seen, const struct login *l,
		 size_t *room)
{
	struct logs_result *r = e->result;
	const struct intel_answer *i = l->intel;
	const bool hides = i && (i->anonymous || i->machine);
	const char *label = i ? *i->label ? i->label : i->mark : "";
	struct buf *b = &e->m->text;
	struct origin *o;
	uint32_t at, pair[3];
	size_t before;

	buf_clear(b);
	(void)buf_printf(b, "%s\n%s\n%s", i ? i->class : "unlisted", i && !hides ? i->country : "", label);
	at = names_add(keys, buf_slice(b));
	if (at == NO_NAME)
		return -1;
	if (at == r->origins_n) {
		if (!grow((void **)&r->origins, r->origins_n, room, 1 << 16, sizeof *r->origins))
			return -1;
		r->origins[r->origins_n++] = (struct origin){
			.name = l->group == NO_NAME ? "others" : r->groups[l->group].name,
			.class = i ? i->class : "unlisted",
			.country = i && !hides ? engine_text(e, slice_text(i->country), 2) : "",
			.label = label,
			.list = i && i->hits_n ? i->hits[0].source->name : "",
			.date = i && i->hits_n ? i->hits[0].date : CLOCK_NONE,
			.anonymous = i && i->anonymous, .machine = i && i->machine,
		};
	}
	o = &r->origins[at];
	o->logins++;
	pair[0] = at;
	pair[1] = e->m->visitors[l->visitor].client;
	pair[2] = 0;
	before = seen->n;
	o->addresses += names_add(seen, slice_of(pair, sizeof pair)) == before;
	if (i && i->asn) {
		pair[1] = i->asn;
		pair[2] = 1;
		before = seen->n;
		o->networks += names_add(seen, slice_of(pair, sizeof pair)) == before;
	}
	return 0;
}

static int by_logins(const void *a, const void *b)
{
	const struct origin *x = a, *y = b;
	int c;

	if (x->logins != y->logins)
		return x->logins > y->logins ? -1 : 1;
	c = strcmp(x->class, y->class);
	if (c == 0)
		c = strcmp(x->country, y->country);
	return c ? c : strcmp(x->label, y->label);
}

/* Origins that are one in a sentence: a class that hides, or a country. */
struct part {
	const struct origin *origin;
	uint64_t logins;
};

static bool same_part(const struct origin *a, const struct origin *b)
{
	if (a->anonymous || a->machine || b->anonymous || b->machine)
		return strcmp(a->class, b->class) == 0;
	return strcmp(a->country, b->country) == 0;
}

static int by_part(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	if (x->logins != y->logins)
		return x->logins > y->logins ? -1 : 1;
	return by_logins(x->origin, y->origin);
}

#define PARTS 64

static size_t parts_of(const struct logs_result *r, struct part parts[PARTS])
{
	size_t n = 0;

	for (size_t i = 0; i < r->origins_n; i++) {
		size_t k = 0;

		while (k < n && !same_part(parts[k].origin, &r->origins[i]))
			k++;
		if (k == n && n == PARTS)
			continue;
		if (k == n)
			parts[n++] = (struct part){ &r->origins[i], 0 };
		parts[k].logins += r->origins[i].logins;
	}
	if (n)
		qsort(parts, n, sizeof parts[0], by_part);
	return n;
}

static void whence(struct engine *e, struct buf *b, const struct origin *o)
{
	if (o->anonymous || o->machine)
		(void)buf_printf(b, "through %s", plural(o->class));
	else if (strcmp(o->class, "private") == 0 && !*o->country)
		(void)buf_text(b, "from private addresses");
	else if (*o->country)
		(void)buf_printf(b, "from %s", intel_country(e->intel, o->country));
	else
		(void)buf_text(b, "from addresses of unknown country");
}

/* Which lists say so, behind "through VPN exits". */
static void by_whom(const struct logs_result *r, struct buf *b, const struct origin *part)
{
	const char *between = " (";
	size_t shown = 0;

	if (!part->anonymous && !part->machine)
		return;
	for (size_t i = 0; i < r->origins_n; i++) {
		const struct origin *o = &r->origins[i];
		char day[CLOCK_TEXT];

		if (strcmp(o->class, part->class) != 0 || shown == 4)
			continue;
		clock_day(o->date, day);
		(void)buf_printf(b, "%s%s", between, o->label);
		if (*o->list)
			(void)buf_printf(b, ", %s%s%s", o->list, *day ? " of " : "", day);
		between = "; ";
		shown++;
	}
	if (shown)
		(void)buf_text(b, ")");
}

static const char *in_words(uint64_t n, char out[24])
{
	static const char *const words[] = { "none", "one", "two", "three", "four", "five", "six", "seven",
					     "eight", "nine", "ten", "eleven", "twelve" };

	if (n < sizeof words / sizeof words[0])
		return words[n];
	(void)snprintf(out, 24, "%" PRIu64, n);
	return out;
}

static const char *keep(struct engine *e, struct buf *b)
{
	const char *text = buf_broken(b) ? NULL : arena_text(&e->m->arena, buf_slice(b));

	return text ? text : "";
}

static void sentences(struct engine *e, const struct part *parts, size_t n)
{
	struct logs_result *r = e->result;
	struct buf *b = &e->m->text;
	char number[24];

	buf_clear(b);
	(void)buf_printf(b, "%" PRIu64 " login%s", r->logins_ok, r->logins_ok == 1 ? "" : "s");
	for (size_t i = 0; i < n; i++) {
		(void)buf_printf(b, "%s%" PRIu64 " ", i ? ", " : ": ", parts[i].logins);
		whence(e, b, parts[i].origin);
		by_whom(r, b, parts[i].origin);
	}
	r->sentence = keep(e, b);

	buf_clear(b);
	if (n == 0)
		(void)buf_text(b, "No login was found.");
	for (size_t i = 0; i < n; i++) {
		if (i == 0 && n == 1)
			(void)buf_text(b, r->logins_ok == 1 ? "The only login came " : "All logins came ");
		else if (i == 0 && parts[0].logins * 2 > r->logins_ok)
			(void)buf_text(b, "Most logins came ");
		else if (i == 0)
			(void)buf_printf(b, "Of %" PRIu64 " logins, %s came ", r->logins_ok,
					 in_words(parts[0].logins, number));
		else
			(void)buf_printf(b, ", %s ", in_words(parts[i].logins, number));
		whence(e, b, parts[i].origin);
	}
	if (n)
		(void)buf_text(b, ".");
	r->plainly = keep(e, b);
}

int origins_end(struct engine *e, struct err *err)
{
	struct logs_result *r = e->result;
	struct names keys, seen, all;
	struct part parts[PARTS];
	size_t room = 0;
	int bad = 0;

	names_init(&keys, 1 << 16);
	names_init(&seen, (size_t)1 << 22);
	names_init(&all, (size_t)1 << 22);
	for (size_t i = 0; i < r->logins_n && !bad; i++) {
		const struct login *l = &r->logins[i];
		uint32_t pair[2] = { 0, e->m->visitors[l->visitor].client };
		size_t before = all.n;

		if (!l->ok)
			continue;
		bad = count(e, &keys, &seen, l, &room);
		r->login_addresses += names_add(&all, slice_of(pair, sizeof pair)) == before;
		if (!l->intel || !l->intel->asn)
			continue;
		pair[0] = 1;
		pair[1] = l->intel->asn;
		before = all.n;
		r->login_networks += names_add(&all, slice_of(pair, sizeof pair)) == before;
	}
	names_done(&keys);
	names_done(&seen);
	names_done(&all);
	if (bad)
		return err_set(err, ERR_NO_MEMORY, "no memory for the origins of logins");
	if (r->origins_n)
		qsort(r->origins, r->origins_n, sizeof *r->origins, by_logins);
	sentences(e, parts, parts_of(r, parts));
	return 0;
}
