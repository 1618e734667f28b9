/* SPDX-License-Identifier: Apache-2.0 */
/* The result as JSON: for --json, and piece by piece for findings. */
#include <inttypes.h>
#include <stdio.h>

#include "logs/internal.h"

static void key(struct buf *b, const char *name)
{
	if (name)
		(void)buf_printf(b, "\"%s\":", name);
}

void out_text(struct buf *b, const char *name, const char *text)
{
	key(b, name);
	if (text)
		(void)text_json(b, slice_text(text));
	else
		(void)buf_text(b, "null");
	(void)buf_char(b, ',');
}

/* null for nothing. */
static void out_text_or_null(struct buf *b, const char *name, const char *text)
{
	out_text(b, name, text && *text ? text : NULL);
}

void out_number(struct buf *b, const char *name, int64_t n)
{
	key(b, name);
	(void)buf_printf(b, "%" PRId64 ",", n);
}

void out_real(struct buf *b, const char *name, double value)
{
	key(b, name);
	(void)buf_printf(b, "%.3f,", value);
}

void out_time(struct buf *b, const char *name, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_text(time, text);
	out_text_or_null(b, name, text);
}

static void out_day(struct buf *b, const char *name, int64_t time)
{
	char text[CLOCK_TEXT] = "";

	if (time != CLOCK_NONE)
		clock_day(time, text);
	out_text_or_null(b, name, text);
}

void out_bool(struct buf *b, const char *name, bool value)
{
	key(b, name);
	(void)buf_text(b, value ? "true," : "false,");
}

void out_open(struct buf *b, const char *name, char bracket)
{
	key(b, name);
	(void)buf_char(b, bracket);
}

void out_close(struct buf *b, char bracket)
{
	if (b->n && b->p[b->n - 1] == ',')
		b->n--;
	(void)buf_char(b, bracket);
	(void)buf_char(b, ',');
}

/* The names of tables are slices of CSV text. */
static void out_slice(struct buf *b, const char *name, struct slice s)
{
	key(b, name);
	if (s.n)
		(void)text_json(b, s);
	else
		(void)buf_text(b, "null");
	(void)buf_char(b, ',');
}

static void out_intel(struct buf *b, const struct intel_answer *i)
{
	/* Of an exit or a rented machine the country says nothing about its user. */
	out_text_or_null(b, "country", i && !i->anonymous && !i->machine ? i->country : NULL);
	out_text_or_null(b, "address_country", i ? i->country : NULL);
	if (i && i->asn)
		out_number(b, "asn", i->asn);
	else
		out_text(b, "asn", NULL);
	out_slice(b, "network", i ? i->network : (struct slice){ 0 });
	out_text(b, "class", i ? i->class : "unlisted");
	out_text_or_null(b, "label", i ? i->label : NULL);
	out_text_or_null(b, "range", i ? i->mark : NULL);
	out_open(b, "lists", '[');
	for (size_t k = 0; i && k < i->hits_n; k++) {
		const struct intel_hit *hit = &i->hits[k];

		out_open(b, NULL, '{');
		out_text(b, "list", hit->source->name);
		out_text(b, "kind", hit->kind);
		out_text(b, "label", hit->label);
		out_text(b, "range", hit->range);
		out_text_or_null(b, "source", hit->says);
		out_day(b, "date", hit->date);
		out_close(b, '}');
	}
	out_close(b, ']');
}

void out_login(struct buf *b, const struct logs_result *r, const struct login *login)
{
	out_time(b, "time", login->time);
	out_text(b, "address", login->address);
	out_text_or_null(b, "user", login->user);
	out_text_or_null(b, "agent", login->agent);
	out_bool(b, "ok", login->ok);
	out_text(b, "rule", login->rule);
	out_intel(b, login->intel);
	out_text_or_null(b, "group", login->group == NO_NAME ? NULL : r->groups[login->group].name);
	out_text(b, "file", r->files[login->file].name);
}

void out_session(struct buf *b, const struct log_session *s)
{
	out_text(b, "actor", s->actor);
	out_time(b, "first", s->first);
	out_time(b, "last", s->last);
	out_number(b, "requests", (int64_t)s->requests);
	out_number(b, "read", (int64_t)s->read);
	out_number(b, "written", (int64_t)s->written);
	out_number(b, "bytes", (int64_t)s->bytes);
	out_bool(b, "robot", s->robot);
	out_intel(b, s->intel);
}

void out_origin(struct buf *b, const struct origin *o)
{
	out_text(b, "label", o->name);
	out_text(b, "class", o->class);
	out_text_or_null(b, "country", o->country);
	out_text_or_null(b, "brand", o->label);
	out_text_or_null(b, "list", o->list);
	out_day(b, "date", o->date);
	out_bool(b, "hides_its_user", o->anonymous || o->machine);
	out_open(b, "counts", '{');
	out_number(b, "logins", (int64_t)o->logins);
	out_number(b, "addresses", (int64_t)o->addresses);
	out_number(b, "networks", (int64_t)o->networks);
	out_close(b, '}');
}

void out_exchange(struct buf *b, const struct logs_result *r, const struct exchanged *x)
{
	bool relay = false;

	for (size_t i = 0; i < r->relays_n; i++)
		relay |= (r->relays[i].a == x->written_by && r->relays[i].b == x->read_by) ||
			 (r->relays[i].b == x->written_by && r->relays[i].a == x->read_by);
	out_text(b, "written_by", x->written_by);
	out_text(b, "read_by", x->read_by);
	out_open(b, "times", '{');
	out_time(b, "written", x->written);
	out_time(b, "read", x->read);
	out_time(b, "answered", x->answered);
	out_close(b, '}');
	out_open(b, "lines", '{');
	for (int i = 0; i < 2; i++) {
		const struct log_file *f = &r->files[i ? x->read_file : x->written_file];

		out_open(b, i ? "read" : "written", '{');
		out_text(b, "file", f->name);
		if (f->object)
			out_number(b, "object", f->object);
		out_number(b, "line", (int64_t)(i ? x->read_line : x->written_line));
		out_number(b, "offset", (int64_t)(i ? x->read_offset : x->written_offset));
		out_close(b, '}');
	}
	out_close(b, '}');
	out_text_or_null(b, "answer", x->answer);
	out_bool(b, "relay", relay);
}

static void out_side(struct buf *b, const char *name, const struct logs_result *r, const char *group)
{
	out_open(b, name, '{');
	out_text(b, "name", group);
	for (size_t i = 0; i < r->groups_n; i++) {
		const struct log_group *g = &r->groups[i];

		if (strcmp(g->name, group) != 0)
			continue;
		out_text(b, "class", g->class);
		out_number(b, "addresses", (int64_t)g->addresses);
		out_number(b, "sessions", (int64_t)g->sessions);
		out_open(b, "countries", '[');
		if (*g->country)
			out_text(b, NULL, intel_country(r->intel, g->country));
		out_close(b, ']');
	}
	out_close(b, '}');
}

void out_relay(struct buf *b, const struct logs_result *r, const struct relay *x)
{
	out_side(b, "a", r, x->a);
	out_side(b, "b", r, x->b);
	out_number(b, "objects", (int64_t)x->there);
	out_number(b, "back", (int64_t)x->back);
	out_number(b, "answered", (int64_t)x->answered);
	out_number(b, "a_written", (int64_t)x->a_written);
	out_number(b, "b_written", (int64_t)x->b_written);
	out_real(b, "share_there", x->share_there);
	out_real(b, "share_back", x->share_back);
	out_real(b, "lag_hours", (double)x->lag_there_ms / 3600000.0);
	out_number(b, "median_lag_ms", x->lag_there_ms);
	out_number(b, "median_lag_back_ms", x->lag_back_ms);
	out_number(b, "median_answer_ms", x->lag_answer_ms);
	out_number(b, "days", (int64_t)x->days);
}

static void out_files(struct buf *b, const struct logs_result *r)
{
	out_open(b, "files", '[');
	for (size_t i = 0; i < r->files_n; i++) {
		const struct log_file *f = &r->files[i];

		out_open(b, NULL, '{');
		out_text(b, "name", f->name);
		out_text(b, "format", f->format);
		out_bool(b, "gzip", f->gzip);
		out_number(b, "read", (int64_t)f->read);
		out_number(b, "parsed", (int64_t)f->parsed);
		out_number(b, "rejected", (int64_t)f->rejected);
		out_number(b, "bytes", (int64_t)f->bytes);
		out_time(b, "first", f->first);
		out_time(b, "last", f->last);
		out_text_or_null(b, "fault", f->fault);
		if (f->object)
			out_number(b, "object", f->object);
		out_close(b, '}');
	}
	out_close(b, ']');
}

static void out_tables(struct buf *b, const struct logs_result *r)
{
	out_open(b, "tables", '[');
	for (size_t i = 0; intel_source(r->intel, i); i++) {
		const struct intel_source *s = intel_source(r->intel, i);
		char hex[SHA256_HEX];

		sha256_hex(&s->sha256, hex);
		out_open(b, NULL, '{');
		out_text(b, "role", s->role);
		out_text(b, "name", s->name);
		out_text_or_null(b, "version", s->version);
		out_day(b, "date", s->date);
		out_text_or_null(b, "licence", s->licence);
		out_text(b, "sha256", hex);
		out_number(b, "rows", (int64_t)s->rows);
		out_close(b, '}');
	}
	out_close(b, ']');
}

static void out_groups(struct buf *b, const struct logs_result *r)
{
	out_open(b, "groups", '[');
	for (size_t i = 0; i < r->groups_n; i++) {
		const struct log_group *g = &r->groups[i];

		out_open(b, NULL, '{');
		out_text(b, "name", g->name);
		out_text(b, "class", g->class);
		out_text_or_null(b, "country", g->country);
		out_text_or_null(b, "label", g->label);
		out_number(b, "addresses", (int64_t)g->addresses);
		out_number(b, "sessions", (int64_t)g->sessions);
		out_number(b, "requests", (int64_t)g->requests);
		out_number(b, "written", (int64_t)g->written);
		out_number(b, "read", (int64_t)g->read);
		out_open(b, "rhythm", '[');
		for (int day = 0; day < 7; day++) {
			out_open(b, NULL, '[');
			for (int hour = 0; hour < 24; hour++)
				out_number(b, NULL, g->rhythm[day][hour]);
			out_close(b, ']');
		}
		out_close(b, ']');
		out_close(b, '}');
	}
	out_close(b, ']');
	out_text(b, "rhythm_unit", "client and agent at work in an hour, UTC, Monday first");
}

static void out_actors(struct buf *b, const struct logs_result *r)
{
	size_t shown = 0;

	out_number(b, "actors_all", (int64_t)r->actors_n);
	out_open(b, "actors", '[');
	for (size_t i = 0; i < r->actors_n && shown < 50; i++) {
		const struct actor *a = &r->actors[i];

		out_open(b, NULL, '{');
		out_text(b, "name", a->name);
		out_text_or_null(b, "group", a->group);
		out_text_or_null(b, "agent", a->agent);
		out_number(b, "addresses", (int64_t)a->addresses);
		out_number(b, "sessions", (int64_t)a->sessions);
		out_number(b, "requests", (int64_t)a->requests);
		out_number(b, "written", (int64_t)a->written);
		out_number(b, "read", (int64_t)a->read);
		out_number(b, "bytes", (int64_t)a->bytes);
		out_time(b, "first", a->first);
		out_time(b, "last", a->last);
		out_close(b, '}');
		shown++;
	}
	out_close(b, ']');
}

static void out_ranges(struct buf *b, const struct logs_result *r)
{
	out_open(b, "ranges", '[');
	for (size_t i = 0; i < r->ranges_n; i++) {
		const struct range_seen *s = &r->ranges[i];

		out_open(b, NULL, '{');
		out_text(b, "range", s->range.range);
		out_text(b, "label", s->range.label);
		out_text(b, "kind", s->range.kind);
		out_text_or_null(b, "source", s->range.says);
		out_day(b, "from", s->range.from);
		out_day(b, "to", s->range.to);
		out_number(b, "addresses", (int64_t)s->addresses);
		out_number(b, "of_addresses", (int64_t)r->addresses);
		out_number(b, "requests", (int64_t)s->requests);
		out_close(b, '}');
	}
	out_close(b, ']');
}

void out_summary(struct buf *b, const struct logs_result *r)
{
	out_number(b, "read", (int64_t)r->read);
	out_number(b, "parsed", (int64_t)r->parsed);
	out_number(b, "rejected", (int64_t)r->rejected);
	out_number(b, "bytes", (int64_t)r->bytes);
	out_time(b, "first", r->first);
	out_time(b, "last", r->last);
	out_number(b, "addresses", (int64_t)r->addresses);
	out_number(b, "hosts", (int64_t)r->hosts);
	out_number(b, "robots_requests", (int64_t)r->robots_requests);
	out_number(b, "unfollowed", (int64_t)r->unfollowed);
	out_open(b, "logins", '{');
	out_number(b, "found", (int64_t)r->logins_ok);
	out_number(b, "failed", (int64_t)r->logins_failed);
	out_number(b, "undecided", (int64_t)r->logins_undecided);
	out_number(b, "addresses", (int64_t)r->login_addresses);
	out_number(b, "networks", (int64_t)r->login_networks);
	out_close(b, '}');
	out_text(b, "sentence", r->sentence);
	out_text(b, "plainly", r->plainly);
	out_number(b, "sessions_all", (int64_t)(r->sessions_n + r->sessions_lost));
	out_number(b, "exchanges_all", (int64_t)r->exchanges_all);
	out_number(b, "relays", (int64_t)r->relays_n);
	out_open(b, "reasons", '{');
	for (size_t i = 0; i < r->reasons_n; i++)
		out_number(b, r->reasons[i].why, (int64_t)r->reasons[i].count);
	out_close(b, '}');
	out_files(b, r);
	out_groups(b, r);
	out_actors(b, r);
	out_ranges(b, r);
	out_tables(b, r);
	out_open(b, "warnings", '[');
	for (size_t i = 0; i < r->warnings_n; i++)
		out_text(b, NULL, r->warnings[i]);
	out_close(b, ']');
}

void out_params(struct buf *b, const struct logs_result *r)
{
	const struct logs_options *o = &r->options;

	out_text_or_null(b, "format", o->format);
	out_number(b, "session_ms", o->session_ms);
	out_number(b, "login_ms", o->login_ms);
	out_number(b, "relay_objects", (int64_t)o->relay_objects);
	out_real(b, "relay_share", o->relay_share);
	out_open(b, "rules", '{');
	out_number(b, "logins", 1);
	out_number(b, "sessions", 1);
	out_number(b, "exchange", 1);
	out_close(b, '}');
	out_files(b, r);
	out_tables(b, r);
}

const char *summary_words(const struct logs_result *r, struct buf *b)
{
	char first[CLOCK_TEXT] = "", last[CLOCK_TEXT] = "";

	if (r->first != CLOCK_NONE) {
		clock_day(r->first, first);
		clock_day(r->last, last);
	}
	buf_clear(b);
	(void)buf_printf(b, "%" PRIu64 " lines of %zu file%s: %" PRIu64 " requests, %" PRIu64 " rejected", r->read,
			 r->files_n, r->files_n == 1 ? "" : "s", r->parsed, r->rejected);
	if (*first)
		(void)buf_printf(b, "; %s to %s (UTC)", first, last);
	(void)buf_printf(b, "; %" PRIu64 " addresses", r->addresses);
	return buf_string(b);
}

int logs_json(const struct logs_result *r, struct buf *out)
{
	struct buf *b = out;

	out_open(b, NULL, '{');
	out_summary(b, r);
	out_open(b, "origins", '[');
	for (size_t i = 0; i < r->origins_n; i++) {
		out_open(b, NULL, '{');
		out_origin(b, &r->origins[i]);
		out_close(b, '}');
	}
	out_close(b, ']');
	for (int ok = 1; ok >= 0; ok--) {
		out_open(b, ok ? "login_list" : "failed_list", '[');
		for (size_t i = 0; i < r->logins_n; i++) {
			if (r->logins[i].ok != (ok == 1))
				continue;
			out_open(b, NULL, '{');
			out_login(b, r, &r->logins[i]);
			out_number(b, "line", (int64_t)r->logins[i].line);
			out_number(b, "offset", (int64_t)r->logins[i].offset);
			out_real(b, "certainty", r->logins[i].certainty);
			out_close(b, '}');
		}
		out_close(b, ']');
	}
	out_open(b, "relay_list", '[');
	for (size_t i = 0; i < r->relays_n; i++) {
		out_open(b, NULL, '{');
		out_text(b, "sentence", r->relays[i].sentence);
		out_relay(b, r, &r->relays[i]);
		out_close(b, '}');
	}
	out_close(b, ']');
	out_open(b, "exchange_list", '[');
	for (size_t i = 0; i < r->exchanges_n; i++) {
		out_open(b, NULL, '{');
		out_text(b, "path", r->exchanges[i].path);
		out_exchange(b, r, &r->exchanges[i]);
		out_close(b, '}');
	}
	out_close(b, ']');
	out_open(b, "reject_list", '[');
	for (size_t i = 0; i < r->rejects_n; i++) {
		const struct reject *x = &r->rejects[i];

		out_open(b, NULL, '{');
		out_text(b, "file", r->files[x->file].name);
		out_number(b, "line", (int64_t)x->line);
		out_number(b, "offset", (int64_t)x->offset);
		out_text(b, "why", x->why);
		out_text(b, "text", x->text);
		out_close(b, '}');
	}
	out_close(b, ']');
	out_close(b, '}');
	if (b->n && b->p[b->n - 1] == ',')
		b->p[b->n - 1] = '\n';
	return buf_broken(b);
}
