/* SPDX-License-Identifier: Apache-2.0 */
/* The logs and what was found in them, into the case. */
/* realpath() */
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "logs/internal.h"

/* file:///var/log/access.log, percent-encoded. */
static int file_uri(const char *path, struct buf *out, struct err *err)
{
	scoped(memory_free) char *whole = realpath(path, NULL);

	if (!whole)
		return err_errno(err, "cannot open log '%s'", path);
	(void)buf_text(out, "file://");
	for (const char *p = whole; *p; p++) {
		const bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
				   (*p >= '0' && *p <= '9') || strchr("/-._~", *p);

		if (plain)
			(void)buf_char(out, *p);
		else
			(void)buf_printf(out, "%%%02X", (unsigned)(unsigned char)*p);
	}
	return buf_string(out) ? 0 : err_set(err, ERR_NO_MEMORY, "no memory");
}

/* As it is now: a log that grows meanwhile is kept up to here. */
static int keep_object(struct casefile *cf, struct log_file *file, struct stat *st, struct err *err)
{
	scoped(buf_done) struct buf uri = buf_limited(1 << 16);
	scoped(fd_close) int fd = open(file->path, O_RDONLY | O_CLOEXEC);
	int r;

	if (fd < 0)
		return err_errno(err, "cannot open log '%s'", file->path);
	if (fstat(fd, st) < 0)
		return err_errno(err, "cannot look at log '%s'", file->path);
	if (!S_ISREG(st->st_mode))
		return err_set(err, ERR_USAGE, "'%s' is no regular file and cannot be kept in a case", file->path);
	r = file_uri(file->path, &uri, err);
	if (r < 0)
		return r;
	return warc_add_resource(cf, buf_string(&uri), fd, (uint64_t)st->st_size, clock_now(),
				 &file->object, err);
}

static int keep(struct casefile *cf, struct log_file *file, struct err *err)
{
	struct sighting sighting = { .basis = BASIS_FETCHED, .path = slice_text(file->name),
				     .size_exact = true, .listed_time = CLOCK_NONE, .why = "" };
	int64_t source, capture;
	struct stat st;
	bool resumed;
	int r;

	r = casefile_source(cf, &(struct source){ .kind = "log", .locator = file->path, .scope = "{}" },
			    &source, err);
	if (r == 0)
		r = capture_begin(cf, source, &capture, &resumed, err);
	if (r == 0)
		r = keep_object(cf, file, &st, err);
	if (r < 0)
		return r;
	sighting.object = file->object;
	sighting.listed_size = (uint64_t)st.st_size;
	sighting.modified = (int64_t)st.st_mtim.tv_sec * 1000;
	sighting.listed_time = sighting.modified;
	r = sighting_add(cf, capture, &sighting, err);
	if (r < 0)
		return r;
	return capture_end(cf, capture, NULL, err);
}

int case_keep(struct casefile *cf, struct logs_result *result, struct err *err)
{
	for (size_t i = 0; i < result->files_n; i++) {
		const int r = keep(cf, &result->files[i], err);

		if (r < 0)
			return err_prefix(err, r, "keeping '%s'", result->files[i].path);
	}
	return 0;
}

/* One finding; `data` is what stands between the braces. */
struct pen {
	struct casefile *cf;
	int64_t run;
	struct buf data, locator;
};

static int add(struct pen *pen, const char *kind, int64_t object, const char *value,
	       double certainty, int64_t *id, struct err *err)
{
	struct finding f = { .run = pen->run, .kind = kind, .object = object, .value = value,
			     .certainty = certainty };

	if (pen->data.n && pen->data.p[pen->data.n - 1] == ',')
		pen->data.n--;
	(void)buf_char(&pen->data, '}');
	if (pen->locator.n == 0)
		(void)buf_text(&pen->locator, "{}");
	f.data = buf_string(&pen->data);
	f.locator = buf_string(&pen->locator);
	if (!f.data || !f.locator)
		return err_set(err, ERR_LIMIT, "a finding of kind '%s' is too large", kind);
	return finding_add(pen->cf, &f, id, err);
}

static void begin(struct pen *pen)
{
	buf_clear(&pen->data);
	buf_clear(&pen->locator);
	(void)buf_char(&pen->data, '{');
}

static void at_line(struct pen *pen, uint64_t line, uint64_t offset)
{
	(void)buf_printf(&pen->locator, "{\"line\":%" PRIu64 ",\"offset\":%" PRIu64 "}", line, offset);
}

/* "China" beside "CN", where a country says something about the user. */
static void out_country_name(struct pen *pen, const struct logs_result *r, const struct intel_answer *i)
{
	const bool known = i && *i->country && !i->anonymous && !i->machine;

	out_text(&pen->data, "country_name", known ? intel_country(r->intel, i->country) : NULL);
}

static int add_logins(struct pen *pen, struct logs_result *r, struct err *err)
{
	for (size_t i = 0; i < r->logins_n; i++) {
		struct login *l = &r->logins[i];
		int s;

		begin(pen);
		at_line(pen, l->line, l->offset);
		out_login(&pen->data, r, l);
		out_country_name(pen, r, l->intel);
		s = add(pen, "log.login", r->files[l->file].object, l->address, l->certainty, &l->finding, err);
		if (s < 0)
			return s;
	}
	return 0;
}

/* Those with a login or a file written first; then as they came. */
static int add_sessions(struct pen *pen, const struct logs_result *r, struct err *err)
{
	uint64_t added = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < r->sessions_n && added < r->options.sessions_max; i++) {
			const struct log_session *x = &r->sessions[i];
			int64_t id;
			int s;

			if ((x->login || x->written) != (pass == 0))
				continue;
			begin(pen);
			out_session(&pen->data, x);
			out_country_name(pen, r, x->intel);
			if (x->login)
				out_number(&pen->data, "login", r->logins[x->login - 1].finding);
			else
				out_text(&pen->data, "login", NULL);
			s = add(pen, "log.session", 0, x->address, -1, &id, err);
			if (s < 0)
				return s;
			added++;
		}
	return 0;
}

static bool is_of(const struct login *l, const struct origin *o)
{
	const struct intel_answer *i = l->intel;
	const bool hides = o->anonymous || o->machine;

	return l->ok && strcmp(i ? i->class : "unlisted", o->class) == 0 &&
	       strcmp(i && !hides ? i->country : "", o->country) == 0 &&
	       strcmp(i ? *i->label ? i->label : i->mark : "", o->label) == 0;
}

static int add_origin(struct pen *pen, const struct logs_result *r, const struct origin *o,
		      const char *unit, uint64_t count, struct err *err)
{
	char value[24];
	int64_t id;

	begin(pen);
	out_text(&pen->data, "unit", unit);
	out_origin(&pen->data, o);
	out_text(&pen->data, "country_name", *o->country ? intel_country(r->intel, o->country) : NULL);
	out_open(&pen->data, "findings", '[');
	for (size_t i = 0; i < r->logins_n; i++)
		if (is_of(&r->logins[i], o))
			out_number(&pen->data, NULL, r->logins[i].finding);
	out_close(&pen->data, ']');
	(void)snprintf(value, sizeof value, "%" PRIu64, count);
	return add(pen, "log.origins", 0, value, -1, &id, err);
}

/* One finding a unit: logins, addresses and networks are different counts. */
static int add_origins(struct pen *pen, const struct logs_result *r, struct err *err)
{
	int s = 0;

	for (size_t i = 0; i < r->origins_n && s == 0; i++) {
		const struct origin *o = &r->origins[i];

		s = add_origin(pen, r, o, "logins", o->logins, err);
		if (s == 0)
			s = add_origin(pen, r, o, "addresses", o->addresses, err);
		if (s == 0)
			s = add_origin(pen, r, o, "networks", o->networks, err);
	}
	return s;
}

static int add_exchanges(struct pen *pen, const struct logs_result *r, struct err *err)
{
	int64_t id;
	int s = 0;

	for (size_t i = 0; i < r->exchanges_n && s == 0; i++) {
		const struct exchanged *x = &r->exchanges[i];

		begin(pen);
		at_line(pen, x->written_line, x->written_offset);
		out_exchange(&pen->data, r, x);
		s = add(pen, "log.exchange", r->files[x->written_file].object, x->path, -1, &id, err);
	}
	for (size_t i = 0; i < r->relays_n && s == 0; i++) {
		begin(pen);
		out_relay(&pen->data, r, &r->relays[i]);
		s = add(pen, "log.relay", 0, r->relays[i].sentence, -1, &id, err);
	}
	return s;
}

static int add_rejects(struct pen *pen, const struct logs_result *r, struct err *err)
{
	int64_t id;
	int s = 0;

	for (size_t i = 0; i < r->rejects_n && s == 0; i++) {
		const struct reject *x = &r->rejects[i];

		begin(pen);
		at_line(pen, x->line, x->offset);
		out_text(&pen->data, "why", x->why);
		out_text(&pen->data, "file", r->files[x->file].name);
		s = add(pen, "log.reject", r->files[x->file].object, x->text, -1, &id, err);
	}
	return s;
}

static int add_summary(struct pen *pen, const struct logs_result *r, struct err *err)
{
	scoped(buf_done) struct buf words = buf_limited(1 << 12);
	const char *value = summary_words(r, &words);
	int64_t id;

	begin(pen);
	out_summary(&pen->data, r);
	return add(pen, "log.summary", 0, value ? value : "", -1, &id, err);
}

static int add_all(struct pen *pen, struct logs_result *result, struct err *err)
{
	int r = add_summary(pen, result, err);

	if (r == 0)
		r = add_logins(pen, result, err);
	if (r == 0)
		r = add_sessions(pen, result, err);
	if (r == 0)
		r = add_origins(pen, result, err);
	if (r == 0)
		r = add_exchanges(pen, result, err);
	if (r == 0)
		r = add_rejects(pen, result, err);
	return r;
}

int case_store(struct casefile *cf, struct logs_result *result, struct err *err)
{
	struct pen pen = { .cf = cf, .data = buf_limited((size_t)64 << 20), .locator = buf_limited(4096) };
	struct run run = { .stage = "logs", .tool = result->options.tool, .started = clock_now(),
			   .replaces = true };
	scoped(buf_done) struct buf params = buf_limited((size_t)16 << 20);
	struct sha256 hash;
	int r = 0;

	for (size_t i = 0; i < result->options.lists_n && r == 0; i++)
		r = intel_keep(cf, result->options.lists[i], &hash, err);
	out_open(&params, NULL, '{');
	out_params(&params, result);
	out_close(&params, '}');
	if (params.n)
		params.n--;
	run.params = buf_string(&params);
	if (r == 0 && !run.params)
		r = err_set(err, ERR_NO_MEMORY, "no memory for the run's parameters");
	if (r == 0)
		r = run_begin(cf, &run, &pen.run, err);
	if (r == 0)
		r = add_all(&pen, result, err);
	if (r == 0)
		r = run_end(cf, pen.run, err);
	buf_done(&pen.data);
	buf_done(&pen.locator);
	if (r < 0)
		return r;
	return casefile_seal(cf, "logs", err);
}
