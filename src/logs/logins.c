/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A web log has no line that says "logged in": it is worked out, and each
 * finding names its rule and how sure that is.
 *
 *	form-302    a login form was sent, the answer was a redirect, and the same
 *	            client and agent then got a page that is no login page     0.9
 *	form-204    the same with 204                                           0.8
 *	form-200    the same with 200, and not with the form shown again        0.5
 *	user-appears  the server names an account where it named none before    0.8
 *	basic-auth  requests under an account (basic authentication, WebDAV): a run
 *	            of them, until a pause of a session's length, is one login  0.8
 *
 * and for failures
 *
 *	form-401, form-403, form-refused  the form was refused                  0.9
 *	form-again  the login page came back                                    0.6
 *	basic-401   an account was refused                                      0.8
 *
 * A form that was sent without anything to tell the two apart is undecided
 * and counted as such.
 */
#include <stdio.h>
#include <stdlib.h>

#include "logs/internal.h"

#define LOGINS_MAX ((size_t)1 << 20)

struct slice target_path(struct slice target)
{
	size_t n = 0;
	ptrdiff_t host;

	if (slice_starts(target, SLICE("http://")) || slice_starts(target, SLICE("https://"))) {
		target = slice_skip(target, (size_t)slice_find(target, SLICE("//")) + 2);
		host = slice_find(target, SLICE("/"));
		if (host < 0)
			return SLICE("/");
		target = slice_skip(target, (size_t)host);
	}
	while (n < target.n && target.p[n] != '?' && target.p[n] != '#')
		n++;
	return slice_head(target, n);
}

bool path_is_login(struct slice target)
{
	static const char *const names[] = {
		"login", "login.php", "login.html", "login.htm", "login.aspx", "login.jsp", "login.cgi",
		"login.do", "logon", "logon.aspx", "signin", "sign-in", "sign_in", "session", "sessions",
		"auth", "authenticate", "wp-login.php", "user_login", "log-in",
	};
	struct slice path = target_path(target), last;

	while (path.n && path.p[path.n - 1] == '/')
		path.n--;
	last = path;
	for (size_t i = path.n; i > 0; i--)
		if (path.p[i - 1] == '/') {
			last = slice_skip(path, i);
			break;
		}
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (slice_equal_nocase(last, slice_text(names[i])))
			return true;
	return false;
}

/* What a login page itself loads: no sign that one is in. */
static bool is_asset(struct slice target)
{
	static const char *const ends[] = { ".css", ".js", ".png", ".ico", ".svg", ".woff", ".woff2",
					    ".gif", ".map", "/robots.txt" };
	const struct slice path = target_path(target);

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (slice_ends(path, slice_text(ends[i])))
			return true;
	return false;
}

static struct login *add(struct engine *e, uint32_t visitor, bool ok, const char *rule,
			 double certainty, int64_t time, struct place_in_log at)
{
	struct logs_result *r = e->result;
	struct visitor *v = &e->m->visitors[visitor];
	const struct client *c = &e->m->clients[v->client];
	struct login *login;

	*(ok ? &r->logins_ok : &r->logins_failed) += 1;
	if (!grow((void **)&r->logins, r->logins_n, &e->m->logins_room, LOGINS_MAX, sizeof *r->logins))
		return NULL;
	login = &r->logins[r->logins_n++];
	*login = (struct login){
		.ok = ok, .time = time, .file = at.file, .line = at.number, .offset = at.offset,
		.address = c->text, .user = "", .agent = "", .rule = rule, .certainty = certainty,
		.intel = c->intel, .group = c->group, .visitor = visitor,
	};
	login->agent = engine_text(e, e->m->agents.items[v->agent], 300);
	if (ok) {
		v->login = (uint32_t)r->logins_n;
		if (v->session)
			r->sessions[v->session - 1].login = v->login;
	}
	return login;
}

static void waited_enough(struct engine *e, struct visitor *v)
{
	e->result->logins_undecided++;
	v->asked = CLOCK_NONE;
}

/* The page behind the form tells how it went. */
static void decide(struct engine *e, uint32_t visitor, const struct log_event *event)
{
	struct visitor *v = &e->m->visitors[visitor];
	const int64_t asked = v->asked;

	if (event->time - asked > e->options->login_ms) {
		waited_enough(e, v);
		return;
	}
	if (!slice_equal(event->method, SLICE("GET")) || event->status < 200 || event->status > 299)
		return;
	if (path_is_login(event->target)) {
		v->asked = CLOCK_NONE;
		(void)add(e, visitor, false, "form-again", 0.6, asked, v->at);
		return;
	}
	if (is_asset(event->target))
		return;
	v->asked = CLOCK_NONE;
	if (v->status == 200)
		(void)add(e, visitor, true, "form-200", 0.5, asked, v->at);
	else if (v->status == 204)
		(void)add(e, visitor, true, "form-204", 0.8, asked, v->at);
	else
		(void)add(e, visitor, true, "form-302", 0.9, asked, v->at);
}

/* Nearly as large as the form was: it is the form. */
static bool is_form_again(const struct visitor *v, uint64_t size)
{
	const uint64_t room = v->form_size / 8;

	return v->form_size && size + room >= v->form_size && size <= v->form_size + room;
}

static void form_sent(struct engine *e, uint32_t visitor, const struct log_event *event,
		      struct place_in_log at)
{
	struct visitor *v = &e->m->visitors[visitor];

	if (v->asked != CLOCK_NONE)
		waited_enough(e, v);
	switch (event->status) {
	case 401:
		(void)add(e, visitor, false, "form-401", 0.9, event->time, at);
		return;
	case 403:
		(void)add(e, visitor, false, "form-403", 0.9, event->time, at);
		return;
	case 400:
	case 422:
	case 429:
		(void)add(e, visitor, false, "form-refused", 0.9, event->time, at);
		return;
	case 200:
		if (is_form_again(v, event->size)) {
			(void)add(e, visitor, false, "form-again", 0.6, event->time, at);
			return;
		}
		break;
	case 204:
	case 302:
	case 303:
		break;
	default:
		return;
	}
	v->asked = event->time;
	v->status = event->status;
	v->at = at;
}

static void under_account(struct engine *e, uint32_t visitor, const struct log_event *event,
			  struct place_in_log at)
{
	struct visitor *v = &e->m->visitors[visitor];
	const uint32_t user = names_add(&e->m->users, event->user);
	const bool known = v->user == user && v->user_seen != CLOCK_NONE &&
			   event->time - v->user_seen <= e->options->session_ms;
	struct login *login;

	v->user = user;
	v->user_seen = event->time;
	if (known || user == NO_NAME)
		return;
	/* The form that was just sent, and the account are one login. */
	login = v->login ? &e->result->logins[v->login - 1] : NULL;
	if (login && !*login->user && event->time - login->time <= e->options->login_ms) {
		login->user = engine_text(e, event->user, 200);
		return;
	}
	if (v->anonymous_seen != CLOCK_NONE &&
	    event->time - v->anonymous_seen <= e->options->session_ms)
		login = add(e, visitor, true, "user-appears", 0.8, event->time, at);
	else
		login = add(e, visitor, true, "basic-auth", 0.8, event->time, at);
	if (login)
		login->user = engine_text(e, event->user, 200);
}

void logins_add(struct engine *e, uint32_t visitor, const struct log_event *event,
		struct place_in_log at)
{
	struct visitor *v = &e->m->visitors[visitor];
	struct login *login;

	if (v->asked != CLOCK_NONE)
		decide(e, visitor, event);
	if (event->user.n && event->status && event->status < 400) {
		under_account(e, visitor, event, at);
	} else if (event->user.n && event->status == 401) {
		login = add(e, visitor, false, "basic-401", 0.8, event->time, at);
		if (login)
			login->user = engine_text(e, event->user, 200);
	} else if (!event->user.n) {
		v->anonymous_seen = event->time;
	}
	if (slice_equal(event->method, SLICE("POST")) && path_is_login(event->target))
		form_sent(e, visitor, event, at);
	else if (slice_equal(event->method, SLICE("GET")) && event->status == 200 &&
		 path_is_login(event->target))
		v->form_size = event->size;
}

static int by_time(const void *a, const void *b)
{
	const struct login *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

int logins_end(struct engine *e, struct err *err)
{
	struct logs_result *r = e->result;
	scoped(memory_free) uint32_t *where = NULL;

	for (size_t i = 0; i < e->m->visitors_by.n; i++)
		if (e->m->visitors[i].asked != CLOCK_NONE)
			r->logins_undecided++;
	if (r->logins_n == 0)
		return 0;
	where = calloc(r->logins_n, sizeof *where);
	if (!where)
		return err_set(err, ERR_NO_MEMORY, "no memory for the logins");
	for (size_t i = 0; i < r->logins_n; i++)
		r->logins[i].order = (uint32_t)i;
	qsort(r->logins, r->logins_n, sizeof *r->logins, by_time);
	for (size_t i = 0; i < r->logins_n; i++)
		where[r->logins[i].order] = (uint32_t)i;
	for (size_t i = 0; i < r->sessions_n; i++)
		if (r->sessions[i].login)
			r->sessions[i].login = where[r->sessions[i].login - 1] + 1;
	return 0;
}
