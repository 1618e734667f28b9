/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session is what one client did with one user agent under one account
 * without a pause of more than the time-out.  An actor is an account or,
 * where there are none, a group of addresses with one user agent: what can be
 * told apart, not a person.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "logs/internal.h"

bool event_writes(const struct log_event *e)
{
	if (slice_equal(e->method, SLICE("PUT")))
		return e->status == 200 || e->status == 201 || e->status == 204;
	return slice_equal(e->method, SLICE("POST")) && e->status == 201;
}

bool event_reads(const struct log_event *e)
{
	return slice_equal(e->method, SLICE("GET")) && (e->status == 200 || e->status == 206);
}

bool agent_is_robot(struct slice agent)
{
	/* What crawlers and scanners call themselves; those who lie are not seen. */
	static const char *const words[] = { "bot/", "bot;", "bot)", "bot ", "crawl", "spider", "slurp",
					     "inspect", "scanner", "facebookexternalhit", "masscan",
					     "zgrab", "nmap", "nuclei" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (slice_find_nocase(agent, slice_text(words[i])) >= 0)
			return true;
	return slice_ends(agent, SLICE("bot"));
}

static struct log_session *begin(struct engine *e, uint32_t visitor, const struct log_event *event)
{
	struct logs_result *r = e->result;
	struct visitor *v = &e->m->visitors[visitor];
	struct log_session *s;

	v->session = 0;
	if (!grow((void **)&r->sessions, r->sessions_n, &e->m->sessions_room,
		  e->m->sessions_all_max, sizeof *r->sessions)) {
		r->sessions_lost++;
		return NULL;
	}
	s = &r->sessions[r->sessions_n++];
	*s = (struct log_session){ .visitor = visitor, .group = e->m->clients[v->client].group,
			       .first = event->time, .last = event->time, .user = NO_NAME,
			       .robot = v->robot };
	v->session = (uint32_t)r->sessions_n;
	if (s->group != NO_NAME)
		r->groups[s->group].sessions++;
	return s;
}

void sessions_add(struct engine *e, uint32_t visitor, const struct log_event *event)
{
	struct logs_result *r = e->result;
	struct visitor *v = &e->m->visitors[visitor];
	struct log_session *s = v->session ? &r->sessions[v->session - 1] : NULL;
	const bool writes = event_writes(event), reads = event_reads(event);
	const int64_t hour = event->time / 3600000;
	uint32_t user = NO_NAME;

	if (event->user.n && event->status < 400)
		user = names_add(&e->m->users, event->user);
	if (!s || event->time - s->last > e->options->session_ms ||
	    (user != NO_NAME && s->user != NO_NAME && s->user != user))
		s = begin(e, visitor, event);
	if (!s)
		return;
	if (user != NO_NAME)
		s->user = user;
	if (event->time > s->last)
		s->last = event->time;
	s->requests++;
	s->read += reads;
	s->written += writes;
	s->bytes += event->size;
	if (s->group == NO_NAME)
		return;
	r->groups[s->group].requests++;
	r->groups[s->group].read += reads;
	r->groups[s->group].written += writes;
	if (hour != v->hour && !v->robot) {
		const struct clock_parts at = clock_parts(event->time, 0);

		r->groups[s->group].rhythm[at.weekday][at.hour]++;
		v->hour = hour;
	}
}

static int by_requests(const void *a, const void *b)
{
	const struct actor *x = a, *y = b;

	if (x->requests != y->requests)
		return x->requests > y->requests ? -1 : 1;
	return strcmp(x->name, y->name);
}

static const char *actor_name(struct engine *e, const struct log_session *s, struct buf *b)
{
	const struct visitor *v = &e->m->visitors[s->visitor];

	buf_clear(b);
	if (s->user != NO_NAME) {
		(void)buf_text(b, "account ");
		(void)text_safe(b, e->m->users.items[s->user], false);
	} else {
		(void)buf_text(b, s->group == NO_NAME ? "others" : e->result->groups[s->group].name);
		(void)buf_printf(b, ", agent %" PRIu32, v->agent + 1);
	}
	return buf_string(b);
}

int sessions_end(struct engine *e, struct err *err)
{
	struct logs_result *r = e->result;
	struct names names, pairs;
	size_t room = 0;
	bool whole = true;

	names_init(&names, 1 << 22);
	names_init(&pairs, 1 << 22);
	for (size_t i = 0; i < r->sessions_n && whole; i++) {
		struct log_session *s = &r->sessions[i];
		const struct visitor *v = &e->m->visitors[s->visitor];
		const char *name = actor_name(e, s, &e->m->text);
		uint32_t pair[2], known = (uint32_t)pairs.n;
		struct actor *a;

		s->address = e->m->clients[v->client].text;
		s->intel = e->m->clients[v->client].intel;
		pair[0] = name ? names_add(&names, slice_text(name)) : NO_NAME;
		pair[1] = v->client;
		whole = pair[0] != NO_NAME;
		if (!whole)
			break;
		s->actor = names.items[pair[0]].p;
		if (pair[0] == r->actors_n) {
			whole = grow((void **)&r->actors, r->actors_n, &room, 1 << 22, sizeof *r->actors);
			if (!whole)
				break;
			r->actors[r->actors_n++] = (struct actor){
				.name = s->actor,
				.group = s->group == NO_NAME ? "" : r->groups[s->group].name,
				.agent = engine_text(e, e->m->agents.items[v->agent], 200),
				.first = s->first,
			};
		}
		a = &r->actors[pair[0]];
		a->sessions++;
		a->requests += s->requests;
		a->read += s->read;
		a->written += s->written;
		a->bytes += s->bytes;
		a->last = s->last;
		a->addresses += names_add(&pairs, slice_of(pair, sizeof pair)) == known;
	}
	names_done(&pairs);
	/* The names live on in the result. */
	e->m->actors = names;
	if (!whole)
		return err_set(err, ERR_NO_MEMORY, "no memory for the actors");
	if (r->actors_n)
		qsort(r->actors, r->actors_n, sizeof *r->actors, by_requests);
	return 0;
}
