/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "logs/internal.h"

/* Fewer lines of the beginning than this (in percent) fit: no log of that format. */
#define SCORE_LEAST 50
#define REASONS_MAX 64
#define RANGES_MAX 256
#define WARNINGS_MAX 32
#define YEAR_MS ((int64_t)365 * 86400000)

struct logs_options logs_defaults(void)
{
	return (struct logs_options){
		.tool = "xsheet",
		.session_ms = 30 * 60000,
		.login_ms = 10 * 60000,
		.relay_objects = 3,
		.relay_share = 0.5,
		.clients_max = 1 << 20, .visitors_max = 1 << 21, .objects_max = 1 << 21,
		.rejects_max = 1000, .exchanges_max = 2000, .sessions_max = 10000,
	};
}

const char *logs_format_name(size_t n)
{
	for (size_t i = 0; i <= n; i++)
		if (!logfmts[i])
			return NULL;
	return logfmts[n]->name;
}

/* ---------------------------------------------------------- engine ---- */

const char *engine_text(struct engine *e, struct slice raw, size_t max)
{
	scoped(buf_done) struct buf plain = buf_limited(1 << 16);
	scoped(buf_done) struct buf safe = buf_limited(1 << 18);
	const char *text;

	if (raw.n == 0)
		return "";
	(void)field_plain(&plain, slice_head(raw, max));
	(void)text_safe(&safe, buf_slice(&plain), false);
	text = buf_broken(&safe) ? NULL : arena_text(&e->m->arena, buf_slice(&safe));
	return text ? text : "";
}

static void new_client(struct engine *e, struct client *c, struct slice name, int64_t time)
{
	struct logs_memory *m = e->m;
	struct intel_answer answer = { 0 };
	uint32_t at;

	*c = (struct client){ .first = time, .group = NO_NAME };
	if (address_parse(name, &c->address)) {
		char text[ADDRESS_TEXT];

		intel_look(e->intel, &c->address, time, &answer);
		at = names_add(&m->answers, slice_of(&answer, sizeof answer));
		/* The arena of names is aligned for any type. */
		c->intel = at == NO_NAME ? NULL : (const struct intel_answer *)(const void *)m->answers.items[at].p;
		address_text(&c->address, text);
		c->text = engine_text(e, slice_text(text), sizeof text);
		e->result->addresses++;
	} else {
		c->text = engine_text(e, name, 255);
		e->result->hosts++;
	}
	c->group = origins_group(e, c);
	if (c->group != NO_NAME)
		e->result->groups[c->group].addresses++;
}

static uint32_t client_of(struct engine *e, const struct log_event *event)
{
	struct logs_memory *m = e->m;
	const size_t before = m->clients_by.n;
	uint32_t at;

	if (!grow((void **)&m->clients, before, &m->clients_room, e->options->clients_max + 1,
		  sizeof *m->clients))
		return NO_NAME;
	at = names_add(&m->clients_by, event->client);
	if (at != NO_NAME && m->clients_by.n > before)
		new_client(e, &m->clients[at], event->client, event->time);
	return at;
}

static uint32_t visitor_of(struct engine *e, const struct log_event *event)
{
	struct logs_memory *m = e->m;
	const size_t before = m->visitors_by.n;
	size_t agents;
	uint32_t at, agent;

	buf_clear(&m->key);
	(void)buf_add(&m->key, event->client);
	(void)buf_char(&m->key, '\n');
	if (buf_add(&m->key, slice_head(event->agent, 4096)) < 0)
		return NO_NAME;
	if (!grow((void **)&m->visitors, before, &m->visitors_room, e->options->visitors_max + 1,
		  sizeof *m->visitors))
		return NO_NAME;
	at = names_add(&m->visitors_by, buf_slice(&m->key));
	if (at == NO_NAME || m->visitors_by.n == before)
		return at;
	agents = m->agents.n;
	agent = names_add(&m->agents, slice_head(event->agent, 4096));
	if (agent != NO_NAME && m->agents.n > agents) {
		if (!grow((void **)&m->robots, agents, &m->robots_room, m->agents.max + 1, sizeof *m->robots))
			agent = NO_NAME;
		else
			m->robots[agent] = agent_is_robot(event->agent);
	}
	m->visitors[at] = (struct visitor){
		.client = client_of(e, event), .agent = agent,
		.user = NO_NAME, .asked = CLOCK_NONE, .user_seen = CLOCK_NONE,
		.anonymous_seen = CLOCK_NONE, .hour = INT64_MIN, .robot = agent != NO_NAME && agent < m->robots_room && m->robots[agent],
	};
	return at;
}

void engine_add(struct engine *e, const struct log_event *event, struct place_in_log at)
{
	struct logs_result *r = e->result;
	const uint32_t visitor = visitor_of(e, event);
	struct visitor *v;

	if (r->first == CLOCK_NONE || event->time < r->first)
		r->first = event->time;
	if (r->last == CLOCK_NONE || event->time > r->last)
		r->last = event->time;
	v = visitor == NO_NAME ? NULL : &e->m->visitors[visitor];
	if (!v || v->client == NO_NAME || v->agent == NO_NAME) {
		r->unfollowed++;
		return;
	}
	e->m->clients[v->client].requests++;
	r->robots_requests += v->robot;
	sessions_add(e, visitor, event);
	logins_add(e, visitor, event, at);
	exchange_add(e, visitor, event, at);
}

/* Which of the ranges that profiles and lists name were seen, and which not. */
static int look_for_ranges(struct engine *e, struct err *err)
{
	struct logs_result *r = e->result;
	const struct logs_memory *m = e->m;

	r->ranges = calloc(RANGES_MAX, sizeof *r->ranges);
	if (!r->ranges)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	while (r->ranges_n < RANGES_MAX && intel_range(e->intel, r->ranges_n, &r->ranges[r->ranges_n].range))
		r->ranges_n++;
	for (size_t i = 0; i < m->clients_by.n; i++) {
		const struct client *c = &m->clients[i];

		for (size_t k = 0; k < r->ranges_n && c->intel; k++) {
			struct range_seen *seen = &r->ranges[k];

			if (address_compare(&c->address, &seen->range.first) < 0 ||
			    address_compare(&c->address, &seen->range.last) > 0 ||
			    (seen->range.from != CLOCK_NONE && c->first < seen->range.from) ||
			    (seen->range.to != CLOCK_NONE && c->first >= seen->range.to))
				continue;
			seen->addresses++;
			seen->requests += c->requests;
		}
	}
	return 0;
}

__attribute__((format(printf, 2, 3)))
static void warn(struct engine *e, const char *format, ...)
{
	struct logs_result *r = e->result;
	const char **warnings = (const char **)(uintptr_t)r->warnings;
	char text[512];
	va_list args;

	if (r->warnings_n == WARNINGS_MAX)
		return;
	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	warnings[r->warnings_n] = arena_text(&e->m->arena, slice_text(text));
	if (warnings[r->warnings_n])
		r->warnings_n++;
}

static void warn_of_all(struct engine *e)
{
	struct logs_result *r = e->result;

	for (size_t i = 0; i < r->files_n; i++)
		if (*r->files[i].fault)
			warn(e, "'%s': %s; what could be read is counted", r->files[i].name, r->files[i].fault);
	for (size_t i = 0; r->last != CLOCK_NONE && intel_source(e->intel, i); i++) {
		const struct intel_source *s = intel_source(e->intel, i);
		char log_day[CLOCK_TEXT], day[CLOCK_TEXT];

		if (s->date == CLOCK_NONE || s->rows == 0 || strcmp(s->role, "range") == 0 ||
		    (s->date - r->last < YEAR_MS && r->last - s->date < YEAR_MS))
			continue;
		clock_day(r->last, log_day);
		clock_day(s->date, day);
		warn(e, "%s is of %s, the log's last line of %s: who held an address may have changed in between",
		     s->name, day, log_day);
	}
	if (r->unfollowed)
		warn(e, "%" PRIu64 " requests came from more clients or files than are followed at once; they are counted, not followed",
		     r->unfollowed);
	if (r->hosts)
		warn(e, "%" PRIu64 " clients stand in the log by host name: nothing is known of their addresses",
		     r->hosts);
}

static int engine_end(struct engine *e, struct err *err)
{
	int r = logins_end(e, err);

	if (r == 0)
		r = sessions_end(e, err);
	if (r == 0)
		r = origins_end(e, err);
	if (r == 0)
		r = exchange_end(e, err);
	if (r == 0)
		r = look_for_ranges(e, err);
	if (r == 0)
		warn_of_all(e);
	return r;
}

/* ----------------------------------------------------------- files ---- */

struct input {
	struct log_file file;
	struct log_reader *reader;           /* of standard input, kept open */
	const struct logfmt *format;
	dev_t device;
	ino_t inode;
	size_t given;                        /* its place among the words */
};

/* Opened from the case where it is kept: what is read is what is kept. */
static int open_input(struct casefile *cf, const struct input *in, struct log_reader **out,
		      struct err *err)
{
	struct object_bytes bytes;
	int r;

	if (!cf || !in->file.object)
		return log_reader_open(in->file.path, out, err);
	r = object_open(cf, in->file.object, &bytes, err);
	if (r < 0)
		return r;
	return log_reader_open_at(bytes.fd, bytes.offset, bytes.length, in->file.path, out, err);
}

static int64_t first_time(const struct logfmt *format, struct slice sample)
{
	struct slice line;

	while (slice_line(&sample, &line)) {
		struct log_event event;
		const char *why;

		if (format->parse(line, &event, &why))
			return event.time;
	}
	return CLOCK_NONE;
}

/* Which format, and when it begins. */
static int guess(struct casefile *cf, struct input *in, const struct logs_options *options,
		 struct err *err)
{
	scoped(log_reader_close) struct log_reader *reader = NULL;
	struct slice sample;
	int r = open_input(cf, in, &reader, err);

	if (r == 0)
		r = log_reader_sample(reader, &sample, err);
	if (r < 0)
		return r;
	in->file.first = in->file.last = CLOCK_NONE;
	in->file.gzip = log_reader_gzip(reader);
	in->file.fault = "";
	in->file.format = "empty";
	if (sample.n == 0 && *log_reader_fault(reader))
		return err_set(err, ERR_FAILED, "'%s': %s, before its first line", in->file.path,
			       log_reader_fault(reader));
	if (sample.n) {
		in->format = options->format ? logfmt_named(options->format)
					     : logfmt_guess(sample, SCORE_LEAST);
		if (options->format && !in->format)
			return err_set(err, ERR_USAGE, "there is no log format '%s'", options->format);
		if (!in->format || in->format->score(sample) < (options->format ? 1 : SCORE_LEAST))
			return err_set(err, ERR_FAILED, "'%s' is no access log in a format that is known (%s): %d %% of its first lines fit",
				       in->file.path, logfmts[0]->name, logfmts[0]->score(sample));
		in->file.format = in->format->name;
		in->file.first = first_time(in->format, sample);
	}
	if (strcmp(in->file.path, "-") == 0)
		in->reader = take_pointer(&reader);
	return 0;
}

/* By the first request; a file without one goes last, as it was given. */
static int by_first(const void *a, const void *b)
{
	const struct input *x = a, *y = b;

	if (x->file.first != y->file.first) {
		if (x->file.first == CLOCK_NONE || y->file.first == CLOCK_NONE)
			return x->file.first == CLOCK_NONE ? 1 : -1;
		return x->file.first < y->file.first ? -1 : 1;
	}
	return x->given < y->given ? -1 : x->given > y->given;
}

static void reject(struct engine *e, struct log_file *file, uint32_t at, const struct log_line *line,
		   const char *why)
{
	struct logs_result *r = e->result;
	size_t i = 0;

	file->rejected++;
	while (i < r->reasons_n && strcmp(r->reasons[i].why, why) != 0)
		i++;
	if (i == r->reasons_n && i < REASONS_MAX)
		r->reasons[r->reasons_n++].why = why;
	if (i < REASONS_MAX)
		r->reasons[i].count++;
	if (r->rejects_n >= e->options->rejects_max ||
	    !grow((void **)&r->rejects, r->rejects_n, &e->m->rejects_room, e->options->rejects_max,
		  sizeof *r->rejects))
		return;
	r->rejects[r->rejects_n++] = (struct reject){
		.file = at, .line = line->number, .offset = line->offset, .why = why,
		.text = engine_text(e, line->text, 200),
	};
}

static const char *unfit(const struct logfmt *format, const struct log_line *line,
			 struct log_event *event)
{
	const char *why = "not understood";

	if (line->too_long)
		return "longer than 4 MiB";
	if (line->cut)
		return "cut off: the archive ends within it";
	if (line->text.n == 0)
		return "empty";
	return format && format->parse(line->text, event, &why) ? NULL : why;
}

static int read_file(struct engine *e, struct casefile *cf, struct input *in, uint32_t at,
		     struct progress *progress, struct err *err)
{
	scoped(log_reader_close) struct log_reader *reader = take_pointer(&in->reader);
	struct log_file *file = &e->result->files[at];
	uint64_t told = 0;
	int r = 0;

	*file = in->file;
	file->first = CLOCK_NONE;
	if (!reader)
		r = open_input(cf, in, &reader, err);
	while (r == 0) {
		struct log_line line;
		struct log_event event;
		const char *why;

		r = log_reader_next(reader, &line, err);
		if (r <= 0)
			break;
		r = 0;
		file->read++;
		if (file->read - told >= 100000) {
			progress_step(progress, file->read - told, slice_text(file->name));
			told = file->read;
		}
		why = unfit(in->format, &line, &event);
		if (why) {
			reject(e, file, at, &line, why);
			continue;
		}
		file->parsed++;
		if (file->first == CLOCK_NONE || event.time < file->first)
			file->first = event.time;
		if (file->last == CLOCK_NONE || event.time > file->last)
			file->last = event.time;
		engine_add(e, &event, (struct place_in_log){ at, line.number, line.offset });
	}
	if (r < 0)
		return r;
	progress_step(progress, file->read - told, slice_text(file->name));
	file->bytes = log_reader_bytes(reader);
	file->fault = engine_text(e, slice_text(log_reader_fault(reader)), 160);
	e->result->read += file->read;
	e->result->parsed += file->parsed;
	e->result->rejected += file->rejected;
	e->result->bytes += file->bytes;
	return 0;
}

static int name_inputs(struct logs_result *result, struct input *inputs, const char *const *files,
		       size_t n, bool in_case, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		const char *slash = strrchr(files[i], '/');
		struct input *in = &inputs[i];
		const bool standard = strcmp(files[i], "-") == 0;
		struct stat st;

		in->given = i;
		in->file.path = arena_text(&result->memory->arena, slice_text(files[i]));
		in->file.name = arena_text(&result->memory->arena, slice_text(slash ? slash + 1 : files[i]));
		if (!in->file.path || !in->file.name)
			return err_set(err, ERR_NO_MEMORY, "no memory");
		if (standard && in_case)
			return err_set(err, ERR_USAGE, "standard input cannot be kept in a case; save it to a file first");
		if (!standard && stat(files[i], &st) < 0)
			return err_errno(err, "cannot open log '%s'", files[i]);
		if (!standard && S_ISDIR(st.st_mode))
			return err_set(err, ERR_FAILED, "'%s' is a folder; give the logs in it", files[i]);
		in->device = standard ? 0 : st.st_dev;
		in->inode = standard ? 0 : st.st_ino;
		for (size_t k = 0; k < i; k++)
			if (inputs[k].device == in->device && inputs[k].inode == in->inode)
				return err_set(err, ERR_USAGE, "'%s' and '%s' are the same file; its lines would count twice",
					       inputs[k].file.path, files[i]);
	}
	return 0;
}

static int read_all(struct engine *e, struct casefile *cf, struct input *inputs, size_t n,
		    struct progress *progress, struct err *err)
{
	struct logs_result *result = e->result;
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		result->files[i] = inputs[i].file;
	result->files_n = n;
	if (cf)
		r = case_keep(cf, result, err);
	for (size_t i = 0; i < n && r == 0; i++) {
		inputs[i].file.object = result->files[i].object;
		r = guess(cf, &inputs[i], e->options, err);
	}
	if (r < 0)
		return r;
	qsort(inputs, n, sizeof *inputs, by_first);
	progress_begin(progress, "reading logs", 0);
	for (size_t i = 0; i < n && r == 0; i++)
		r = read_file(e, cf, &inputs[i], (uint32_t)i, progress, err);
	progress_end(progress, NULL);
	if (r < 0)
		return r;
	return engine_end(e, err);
}

static struct logs_memory *memory_new(const struct logs_options *o)
{
	struct logs_memory *m = calloc(1, sizeof *m);

	if (!m)
		return NULL;
	m->arena = arena_limited((size_t)4 << 30);
	m->key = buf_limited(LINE_MAX_BYTES * 2);
	m->text = buf_limited(LINE_MAX_BYTES * 8);
	m->sessions_all_max = o->visitors_max * 2;
	names_init(&m->clients_by, o->clients_max);
	names_init(&m->agents, o->visitors_max);
	names_init(&m->users, o->clients_max);
	names_init(&m->visitors_by, o->visitors_max);
	names_init(&m->paths, o->objects_max);
	names_init(&m->groups_by, 1 << 16);
	names_init(&m->answers, o->clients_max);
	return m;
}

static void release(struct logs_memory *m)
{
	if (!m)
		return;
	names_done(&m->clients_by);
	names_done(&m->agents);
	names_done(&m->users);
	names_done(&m->visitors_by);
	names_done(&m->paths);
	names_done(&m->groups_by);
	names_done(&m->answers);
	names_done(&m->actors);
	free(m->clients);
	free(m->visitors);
	free(m->objects);
	free(m->readings);
	free(m->latest);
	free(m->robots);
	buf_done(&m->key);
	buf_done(&m->text);
	arena_done(&m->arena);
	free(m);
}

void logs_free(struct logs_result *r)
{
	if (!r)
		return;
	release(r->memory);
	free(r->files);
	free(r->rejects);
	free(r->reasons);
	free(r->logins);
	free(r->sessions);
	free(r->origins);
	free(r->actors);
	free(r->groups);
	free(r->exchanges);
	free(r->relays);
	free(r->ranges);
	free((void *)(uintptr_t)r->warnings);
	intel_close(r->intel);
	free(r);
}

static int result_new(const struct logs_options *options, size_t n, struct logs_result **out,
		      struct err *err)
{
	struct logs_result *r = calloc(1, sizeof *r);

	*out = r;
	if (r) {
		r->options = *options;
		r->first = r->last = CLOCK_NONE;
		r->sentence = r->plainly = "";
		r->memory = memory_new(options);
		r->files = calloc(n, sizeof *r->files);
		r->reasons = calloc(REASONS_MAX, sizeof *r->reasons);
		r->warnings = calloc(WARNINGS_MAX, sizeof *r->warnings);
	}
	return r && r->memory && r->files && r->reasons && r->warnings
		       ? 0
		       : err_set(err, ERR_NO_MEMORY, "no memory");
}

static int work(struct casefile *cf, const char *const *files, size_t n, struct logs_result *result,
		struct input *inputs, struct progress *progress, struct err *err)
{
	struct engine e = { .options = &result->options, .result = result, .m = result->memory };
	int r = name_inputs(result, inputs, files, n, cf != NULL, err);

	if (r == 0)
		r = intel_open(&(struct intel_options){ result->options.tables, result->options.profiles,
							result->options.lists, result->options.lists_n },
			       &result->intel, err);
	if (r < 0)
		return r;
	e.intel = result->intel;
	r = read_all(&e, cf, inputs, n, progress, err);
	if (r == 0 && cf)
		r = case_store(cf, result, err);
	return r;
}

int logs_case(struct casefile *cf, const char *const *files, size_t n,
	      const struct logs_options *options, struct progress *progress,
	      struct logs_result **out, struct err *err)
{
	scoped(logs_free) struct logs_result *result = NULL;
	scoped(memory_free) struct input *inputs = NULL;
	int r;

	if (n == 0)
		return err_set(err, ERR_USAGE, "give at least one log");
	r = result_new(options, n, &result, err);
	if (r < 0)
		return r;
	inputs = calloc(n, sizeof *inputs);
	if (!inputs)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	r = work(cf, files, n, result, inputs, progress, err);
	for (size_t i = 0; i < n; i++)
		log_reader_close(inputs[i].reader);
	if (r < 0) {
		if (cf)
			casefile_rollback(cf);
		return r;
	}
	*out = take_pointer(&result);
	return 0;
}
