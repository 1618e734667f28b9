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

void json_text(struct buf *b, const char *name, const char *text)
{
	key(b, name);
	if (text)
		(void)text_json(b, slice_text(text));
	else
		(void)buf_text(b, "null");
	(void)buf_char(b, ',');
}

/* null for nothing. */
static void json_text_or_null(struct buf *b, const char *name, const char *text)
{
	json_text(b, name, text && *text ? text : NULL);
}

void json_number(struct buf *b, const char *name, int64_t n)
{
	key(b, name);
	(void)buf_printf(b, "%" PRId64 ",", n);
}

void json_real(struct buf *b, const char *name, double value)
{
	key(b, name);
	(void)buf_printf(b, "%.3f,", value);
}

void json_time(struct buf *b, const char *name, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_text(time, text);
	json_text_or_null(b, name, text);
}

static void json_day(struct buf *b, const char *name, int64_t time)
{
	char text[CLOCK_TEXT] = "";

	if (time != CLOCK_NONE)
		clock_day(time, text);
	json_text_or_null(b, name, text);
}

void json_bool(struct buf *b, const char *name, bool value)
{
	key(b, name);
	(void)buf_text(b, value ? "true," : "false,");
}

void json_open(struct buf *b, const char *name, char bracket)
{
	key(b, name);
	(void)buf_char(b, bracket);
}

void json_close(struct buf *b, char bracket)
{
	if (b->n && b->p[b->n - 1] == ',')
		b->n--;
	(void)buf_char(b, bracket);
	(void)buf_char(b, ',');
}

/* The names of tables are slices of CSV text. */
static void json_slice(struct buf *b, const char *name, struct slice s)
{
	key(b, name);
	if (s.n)
		(void)text_json(b, s);
	else
		(void)buf_text(b, "null");
	(void)buf_char(b, ',');
}

static void json_intel(struct buf *b, const struct intel_answer *i)
{
	/* Of an exit or a rented machine the country says nothing about its user. */
	json_text_or_null(b, "country", i && !i->anonymous && !i->machine ? i->country : NULL);
	json_text_or_null(b, "address_country", i ? i->country : NULL);
	if (i && i->asn)
		json_number(b, "asn", i->asn);
	else
		json_text(b, "asn", NULL);
	json_slice(b, "network", i ? i->network : (struct slice){ 0 });
	json_text(b, "class", i ? i->class : "unlisted");
	json_text_or_null(b, "label", i ? i->label : NULL);
	json_text_or_null(b, "range", i ? i->mark : NULL);
	json_open(b, "lists", '[');
	for (size_t k = 0; i && k < i->hits_n; k++) {
		const struct intel_hit *hit = &i->hits[k];

		json_open(b, NULL, '{');
		json_text(b, "list", hit->source->name);
		json_text(b, "kind", hit->kind);
		json_text(b, "label", hit->label);
		json_text(b, "range", hit->range);
		json_text_or_null(b, "source", hit->says);
		json_day(b, "date", hit->date);
		json_close(b, '}');
	}
	json_close(b, ']');
}

void json_login(struct buf *b, const struct logs_result *r, const struct login *login)
{
	json_time(b, "time", login->time);
	json_text(b, "address", login->address);
	json_text_or_null(b, "user", login->user);
	json_text_or_null(b, "agent", login->agent);
	json_bool(b, "ok", login->ok);
	json_text(b, "rule", login->rule);
	json_intel(b, login->intel);
	json_text_or_null(b, "group", login->group == NO_NAME ? NULL : r->groups[login->group].name);
	json_text(b, "file", r->files[login->file].name);
}

void json_session(struct buf *b, const struct log_session *s)
{
	json_text(b, "actor", s->actor);
	json_time(b, "first", s->first);
	json_time(b, "last", s->last);
	json_number(b, "requests", (int64_t)s->requests);
	json_number(b, "read", (int64_t)s->read);
	json_number(b, "written", (int64_t)s->written);
	json_number(b, "bytes", (int64_t)s->bytes);
	json_bool(b, "robot", s->robot);
	json_intel(b, s->intel);
}

void json_origin(struct buf *b, const struct origin *o)
{
	json_text(b, "label", o->name);
	json_text(b, "class", o->class);
	json_text_or_null(b, "country", o->country);
	json_text_or_null(b, "brand", o->label);
	json_text_or_null(b, "list", o->list);
	json_day(b, "date", o->date);
	json_bool(b, "hides_its_user", o->anonymous || o->machine);
	json_open(b, "counts", '{');
	json_number(b, "logins", (int64_t)o->logins);
	json_number(b, "addresses", (int64_t)o->addresses);
	json_number(b, "networks", (int64_t)o->networks);
	json_close(b, '}');
}

void json_exchange(struct buf *b, const struct logs_result *r, const struct exchanged *x)
{
	bool relay = false;

	for (size_t i = 0; i < r->relays_n; i++)
		relay |= (r->relays[i].a == x->written_by && r->relays[i].b == x->read_by) ||
			 (r->relays[i].b == x->written_by && r->relays[i].a == x->read_by);
	json_text(b, "written_by", x->written_by);
	json_text(b, "read_by", x->read_by);
	json_open(b, "times", '{');
	json_time(b, "written", x->written);
	json_time(b, "read", x->read);
	json_time(b, "answered", x->answered);
	json_close(b, '}');
	json_open(b, "lines", '{');
	for (int i = 0; i < 2; i++) {
		const struct log_file *f = &r->files[i ? x->read_file : x->written_file];

		json_open(b, i ? "read" : "written", '{');
		json_text(b, "file", f->name);
		if (f->object)
			json_number(b, "object", f->object);
		json_number(b, "line", (int64_t)(i ? x->read_line : x->written_line));
		json_number(b, "offset", (int64_t)(i ? x->read_offset : x->written_offset));
		json_close(b, '}');
	}
	json_close(b, '}');
	json_text_or_null(b, "answer", x->answer);
	json_bool(b, "relay", relay);
}

static void json_side(struct buf *b, const char *name, const struct logs_result *r, const char *group)
{
	json_open(b, name, '{');
	json_text(b, "name", group);
	for (size_t i = 0; i < r->groups_n; i++) {
		const struct log_group *g = &r->groups[i];

		if (strcmp(g->name, group) != 0)
			continue;
		json_text(b, "class", g->class);
		json_number(b, "addresses", (int64_t)g->addresses);
		json_number(b, "sessions", (int64_t)g->sessions);
		json_open(b, "countries", '[');
		if (*g->country)
			json_text(b, NULL, intel_country(r->intel, g->country));
		json_close(b, ']');
	}
	json_close(b, '}');
}

void json_relay(struct buf *b, const struct logs_result *r, const struct relay *x)
{
	json_side(b, "a", r, x->a);
	json_side(b, "b", r, x->b);
	json_number(b, "objects", (int64_t)x->there);
	json_number(b, "back", (int64_t)x->back);
	json_number(b, "answered", (int64_t)x->answered);
	json_number(b, "a_written", (int64_t)x->a_written);
	json_number(b, "b_written", (int64_t)x->b_written);
	json_real(b, "share_there", x->share_there);
	json_real(b, "share_back", x->share_back);
	json_real(b, "lag_hours", (double)x->lag_there_ms / 3600000.0);
	json_number(b, "median_lag_ms", x->lag_there_ms);
	json_number(b, "median_lag_back_ms", x->lag_back_ms);
	json_number(b, "median_answer_ms", x->lag_answer_ms);
	json_number(b, "days", (int64_t)x->days);
}

static void json_files(struct buf *b, const struct logs_result *r)
{
	json_open(b, "files", '[');
	for (size_t i = 0; i < r->files_n; i++) {
		const struct log_file *f = &r->files[i];

		json_open(b, NULL, '{');
		json_text(b, "name", f->name);
		json_text(b, "format", f->format);
		json_bool(b, "gzip", f->gzip);
		json_number(b, "read", (int64_t)f->read);
		json_number(b, "parsed", (int64_t)f->parsed);
		json_number(b, "rejected", (int64_t)f->rejected);
		json_number(b, "bytes", (int64_t)f->bytes);
		json_time(b, "first", f->first);
		json_time(b, "last", f->last);
		json_text_or_null(b, "fault", f->fault);
		if (f->object)
			json_number(b, "object", f->object);
		json_close(b, '}');
	}
	json_close(b, ']');
}

static void json_tables(struct buf *b, const struct logs_result *r)
{
	json_open(b, "tables", '[');
	for (size_t i = 0; intel_source(r->intel, i); i++) {
		const struct intel_source *s = intel_source(r->intel, i);
		char hex[SHA256_HEX];

		sha256_hex(&s->sha256, hex);
		json_open(b, NULL, '{');
		json_text(b, "role", s->role);
		json_text(b, "name", s->name);
		json_text_or_null(b, "version", s->version);
		json_day(b, "date", s->date);
		json_text_or_null(b, "licence", s->licence);
		json_text(b, "sha256", hex);
		json_number(b, "rows", (int64_t)s->rows);
		json_close(b, '}');
	}
	json_close(b, ']');
}

static void json_groups(struct buf *b, const struct logs_result *r)
{
	json_open(b, "groups", '[');
	for (size_t i = 0; i < r->groups_n; i++) {
		const struct log_group *g = &r->groups[i];

		json_open(b, NULL, '{');
		json_text(b, "name", g->name);
		json_text(b, "class", g->class);
		json_text_or_null(b, "country", g->country);
		json_text_or_null(b, "label", g->label);
		json_number(b, "addresses", (int64_t)g->addresses);
		json_number(b, "sessions", (int64_t)g->sessions);
		json_number(b, "requests", (int64_t)g->requests);
		json_number(b, "written", (int64_t)g->written);
		json_number(b, "read", (int64_t)g->read);
		json_open(b, "rhythm", '[');
		for (int day = 0; day < 7; day++) {
			json_open(b, NULL, '[');
			for (int hour = 0; hour < 24; hour++)
				json_number(b, NULL, g->rhythm[day][hour]);
			json_close(b, ']');
		}
		json_close(b, ']');
		json_close(b, '}');
	}
	json_close(b, ']');
	json_text(b, "rhythm_unit", "client and agent at work in an hour, UTC, Monday first");
}

static void json_actors(struct buf *b, const struct logs_result *r)
{
	size_t shown = 0;

	json_number(b, "actors_all", (int64_t)r->actors_n);
	json_open(b, "actors", '[');
	for (size_t i = 0; i < r->actors_n && shown < 50; i++) {
		const struct actor *a = &r->actors[i];

		json_open(b, NULL, '{');
		json_text(b, "name", a->name);
		json_text_or_null(b, "group", a->group);
		json_text_or_null(b, "agent", a->agent);
		json_number(b, "addresses", (int64_t)a->addresses);
		json_number(b, "sessions", (int64_t)a->sessions);
		json_number(b, "requests", (int64_t)a->requests);
		json_number(b, "written", (int64_t)a->written);
		json_number(b, "read", (int64_t)a->read);
		json_number(b, "bytes", (int64_t)a->bytes);
		json_time(b, "first", a->first);
		json_time(b, "last", a->last);
		json_close(b, '}');
		shown++;
	}
	json_close(b, ']');
}

static void json_ranges(struct buf *b, const struct logs_result *r)
{
	json_open(b, "ranges", '[');
	for (size_t i = 0; i < r->ranges_n; i++) {
		const struct range_seen *s = &r->ranges[i];

		json_open(b, NULL, '{');
		json_text(b, "range", s->range.range);
		json_text(b, "label", s->range.label);
		json_text(b, "kind", s->range.kind);
		json_text_or_null(b, "source", s->range.says);
		json_day(b, "from", s->range.from);
		json_day(b, "to", s->range.to);
		json_number(b, "addresses", (int64_t)s->addresses);
		json_number(b, "of_addresses", (int64_t)r->addresses);
		json_number(b, "requests", (int64_t)s->requests);
		json_close(b, '}');
	}
	json_close(b, ']');
}

void json_summary(struct buf *b, const struct logs_result *r)
{
	json_number(b, "read", (int64_t)r->read);
	json_number(b, "parsed", (int64_t)r->parsed);
	json_number(b, "rejected", (int64_t)r->rejected);
	json_number(b, "bytes", (int64_t)r->bytes);
	json_time(b, "first", r->first);
	json_time(b, "last", r->last);
	json_number(b, "addresses", (int64_t)r->addresses);
	json_number(b, "hosts", (int64_t)r->hosts);
	json_number(b, "robots_requests", (int64_t)r->robots_requests);
	json_number(b, "unfollowed", (int64_t)r->unfollowed);
	json_open(b, "logins", '{');
	json_number(b, "found", (int64_t)r->logins_ok);
	json_number(b, "failed", (int64_t)r->logins_failed);
	json_number(b, "undecided", (int64_t)r->logins_undecided);
	json_number(b, "addresses", (int64_t)r->login_addresses);
	json_number(b, "networks", (int64_t)r->login_networks);
	json_close(b, '}');
	json_text(b, "sentence", r->sentence);
	json_text(b, "plainly", r->plainly);
	json_number(b, "sessions_all", (int64_t)(r->sessions_n + r->sessions_lost));
	json_number(b, "exchanges_all", (int64_t)r->exchanges_all);
	json_number(b, "relays", (int64_t)r->relays_n);
	json_open(b, "reasons", '{');
	for (size_t i = 0; i < r->reasons_n; i++)
		json_number(b, r->reasons[i].why, (int64_t)r->reasons[i].count);
	json_close(b, '}');
	json_files(b, r);
	json_groups(b, r);
	json_actors(b, r);
	json_ranges(b, r);
	json_tables(b, r);
	json_open(b, "warnings", '[');
	for (size_t i = 0; i < r->warnings_n; i++)
		json_text(b, NULL, r->warnings[i]);
	json_close(b, ']');
}

void json_params(struct buf *b, const struct logs_result *r)
{
	const struct logs_options *o = &r->options;

	json_text_or_null(b, "format", o->format);
	json_number(b, "session_ms", o->session_ms);
	json_number(b, "login_ms", o->login_ms);
	json_number(b, "relay_objects", (int64_t)o->relay_objects);
	json_real(b, "relay_share", o->relay_share);
	json_open(b, "rules", '{');
	json_number(b, "logins", 1);
	json_number(b, "sessions", 1);
	json_number(b, "exchange", 1);
	json_close(b, '}');
	json_files(b, r);
	json_tables(b, r);
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

	json_open(b, NULL, '{');
	json_summary(b, r);
	json_open(b, "origins", '[');
	for (size_t i = 0; i < r->origins_n; i++) {
		json_open(b, NULL, '{');
		json_origin(b, &r->origins[i]);
		json_close(b, '}');
	}
	json_close(b, ']');
	for (int ok = 1; ok >= 0; ok--) {
		json_open(b, ok ? "login_list" : "failed_list", '[');
		for (size_t i = 0; i < r->logins_n; i++) {
			if (r->logins[i].ok != (ok == 1))
				continue;
			json_open(b, NULL, '{');
			json_login(b, r, &r->logins[i]);
			json_number(b, "line", (int64_t)r->logins[i].line);
			json_number(b, "offset", (int64_t)r->logins[i].offset);
			json_real(b, "certainty", r->logins[i].certainty);
			json_close(b, '}');
		}
		json_close(b, ']');
	}
	json_open(b, "relay_list", '[');
	for (size_t i = 0; i < r->relays_n; i++) {
		json_open(b, NULL, '{');
		json_text(b, "sentence", r->relays[i].sentence);
		json_relay(b, r, &r->relays[i]);
		json_close(b, '}');
	}
	json_close(b, ']');
	json_open(b, "exchange_list", '[');
	for (size_t i = 0; i < r->exchanges_n; i++) {
		json_open(b, NULL, '{');
		json_text(b, "path", r->exchanges[i].path);
		json_exchange(b, r, &r->exchanges[i]);
		json_close(b, '}');
	}
	json_close(b, ']');
	json_open(b, "reject_list", '[');
	for (size_t i = 0; i < r->rejects_n; i++) {
		const struct reject *x = &r->rejects[i];

		json_open(b, NULL, '{');
		json_text(b, "file", r->files[x->file].name);
		json_number(b, "line", (int64_t)x->line);
		json_number(b, "offset", (int64_t)x->offset);
		json_text(b, "why", x->why);
		json_text(b, "text", x->text);
		json_close(b, '}');
	}
	json_close(b, ']');
	json_close(b, '}');
	if (b->n && b->p[b->n - 1] == ',')
		b->p[b->n - 1] = '\n';
	return buf_broken(b);
}
