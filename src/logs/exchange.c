/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one group wrote and another read, and whether two groups answer each
 * other through the server.
 *
 * Groups are origins (origins.c): the same rule for every country.  A relay is
 * two groups of which each reads most of what is read of the other's, and of
 * which one answers: having read X it writes something beside it (in the same
 * folder, or under X's own name with more behind it), and that is read by the
 * other side.  People of one place who share files do not look so: they read
 * their own.  The thresholds stand in logs_options and in the run's
 * parameters.
 *
 * Room for more: a test against shuffled times, MOVE and COPY, lineages
 * across folders.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "logs/internal.h"

static void wrote(struct engine *e, uint32_t visitor, uint32_t group, const struct log_event *event,
		  struct place_in_log at)
{
	struct logs_memory *m = e->m;
	const uint32_t path = names_add(&m->paths, target_path(event->target));
	struct written *o;

	if (path == NO_NAME) {
		e->result->unfollowed++;
		return;
	}
	while (path >= m->latest_room) {
		const size_t before = m->latest_room;

		if (!grow((void **)&m->latest, before, &m->latest_room, m->paths.max, sizeof *m->latest)) {
			e->result->unfollowed++;
			return;
		}
		memset(m->latest + before, 0, (m->latest_room - before) * sizeof *m->latest);
	}
	o = m->latest[path] ? &m->objects[m->latest[path] - 1] : NULL;
	if (o && o->group == group) {
		/* Written anew before anybody came: that is when it was there. */
		if (!o->readings && !o->read_by_own) {
			o->written = event->time;
			o->at = at;
			o->visitor = visitor;
		}
		return;
	}
	if (!grow((void **)&m->objects, m->objects_n, &m->objects_room, e->options->objects_max,
		  sizeof *m->objects)) {
		e->result->unfollowed++;
		return;
	}
	m->objects[m->objects_n++] = (struct written){ .path = path, .group = group, .visitor = visitor,
						      .at = at, .written = event->time };
	m->latest[path] = (uint32_t)m->objects_n;
}

static void got(struct engine *e, uint32_t visitor, uint32_t group, const struct log_event *event,
		struct place_in_log at)
{
	struct logs_memory *m = e->m;
	const uint32_t path = names_find(&m->paths, target_path(event->target));
	struct written *o;

	if (path == NO_NAME || path >= m->latest_room || !m->latest[path])
		return;
	o = &m->objects[m->latest[path] - 1];
	if (event->time < o->written)
		return;
	if (o->group == group) {
		o->read_by_own |= visitor != o->visitor;
		return;
	}
	for (uint32_t i = o->readings; i; i = m->readings[i - 1].next)
		if (m->readings[i - 1].group == group)
			return;
	if (!grow((void **)&m->readings, m->readings_n, &m->readings_room, e->options->objects_max * 2,
		  sizeof *m->readings)) {
		e->result->unfollowed++;
		return;
	}
	m->readings[m->readings_n++] =
		(struct reading){ .group = group, .next = o->readings, .at = at, .time = event->time };
	o->readings = (uint32_t)m->readings_n;
}

void exchange_add(struct engine *e, uint32_t visitor, const struct log_event *event,
		  struct place_in_log at)
{
	const struct visitor *v = &e->m->visitors[visitor];
	const struct client *c = &e->m->clients[v->client];

	/* Crawlers read everything; that is no exchange. */
	if (v->robot || c->group == NO_NAME || (c->intel && strcmp(c->intel->class, "scanner") == 0))
		return;
	if (event_writes(event) && !path_is_login(event->target))
		wrote(e, visitor, c->group, event, at);
	else if (e->m->objects_n && event_reads(event))
		got(e, visitor, c->group, event, at);
}

/* ------------------------------------------------------ at the end ---- */

/* Objects by folder and writer, then time: for finding what came beside. */
struct beside {
	uint32_t folder, group, object;
	int64_t written;
};

static int by_place(const void *a, const void *b)
{
	const struct beside *x = a, *y = b;

	if (x->folder != y->folder)
		return x->folder < y->folder ? -1 : 1;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->written != y->written)
		return x->written < y->written ? -1 : 1;
	return x->object < y->object ? -1 : x->object > y->object;
}

static struct slice folder_of(struct slice path)
{
	for (size_t i = path.n; i > 0; i--)
		if (path.p[i - 1] == '/')
			return slice_head(path, i);
	return (struct slice){ 0 };
}

/* Without the last ".ext". */
static struct slice stem_of(struct slice path)
{
	for (size_t i = path.n; i > 0 && path.p[i - 1] != '/'; i--)
		if (path.p[i - 1] == '.')
			return slice_head(path, i - 1);
	return path;
}

struct pair {
	uint32_t from, to;
	uint64_t objects, answered;
	int64_t *lags, *answer_lags;
	size_t lags_n, lags_room, answers_n, answers_room;
};

struct work {
	struct engine *e;
	struct beside *beside;
	struct names pairs_by;
	struct pair *pairs;
	size_t pairs_n, pairs_room, exchanges_room, relays_room;
	uint64_t *written, *was_read;        /* by group */
};

/* What `group` wrote beside `object` after it had read it; NULL: nothing. */
static const struct written *answer_to(const struct work *w, const struct beside *x, uint32_t group,
				      int64_t after)
{
	const struct logs_memory *m = w->e->m;
	const struct slice stem = stem_of(m->paths.items[m->objects[x->object].path]);
	const struct beside key = { x->folder, group, 0, after };
	const struct written *first = NULL;
	size_t low = 0, high = m->objects_n;

	while (low < high) {
		const size_t mid = low + (high - low) / 2;

		if (by_place(&w->beside[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (size_t i = low; i < m->objects_n && i < low + 256; i++) {
		const struct beside *y = &w->beside[i];
		const struct written *o = &m->objects[y->object];

		if (y->folder != x->folder || y->group != group)
			break;
		if (!first)
			first = o;
		if (slice_starts(m->paths.items[o->path], stem))
			return o;
	}
	return first;
}

static struct pair *pair_of(struct work *w, uint32_t from, uint32_t to)
{
	const uint32_t key[2] = { from, to };
	const uint32_t at = names_add(&w->pairs_by, slice_of(key, sizeof key));

	if (at == NO_NAME)
		return NULL;
	if (at == w->pairs_n) {
		if (!grow((void **)&w->pairs, w->pairs_n, &w->pairs_room, 1 << 20, sizeof *w->pairs))
			return NULL;
		w->pairs[w->pairs_n++] = (struct pair){ .from = from, .to = to };
	}
	return &w->pairs[at];
}

static bool add_lag(int64_t **lags, size_t *n, size_t *room, int64_t lag)
{
	if (!grow((void **)lags, *n, room, (size_t)1 << 26, sizeof **lags))
		return false;
	(*lags)[(*n)++] = lag;
	return true;
}

static bool read_back(const struct logs_memory *m, const struct written *o, uint32_t group)
{
	for (uint32_t i = o->readings; i; i = m->readings[i - 1].next)
		if (m->readings[i - 1].group == group)
			return true;
	return false;
}

static const char *path_text(struct engine *e, struct slice path)
{
	struct buf *b = &e->m->text;

	buf_clear(b);
	for (size_t i = 0; i < path.n; i++) {
		unsigned byte;
		char digits[3] = { 0 };

		if (path.p[i] == '%' && i + 2 < path.n) {
			char *end;

			digits[0] = path.p[i + 1];
			digits[1] = path.p[i + 2];
			byte = (unsigned)strtoul(digits, &end, 16);
			if (*end == '\0' && digits[0] != '+' && digits[0] != '-' && digits[0] != ' ') {
				(void)buf_char(b, (char)byte);
				i += 2;
				continue;
			}
		}
		(void)buf_char(b, path.p[i]);
	}
	return engine_text(e, buf_slice(b), 1024);
}

static bool list_exchange(struct work *w, const struct written *o, const struct reading *reading,
			  const struct written *answer)
{
	struct logs_result *r = w->e->result;
	const struct logs_memory *m = w->e->m;

	r->exchanges_all++;
	if (r->exchanges_n >= w->e->options->exchanges_max)
		return true;
	if (!grow((void **)&r->exchanges, r->exchanges_n, &w->exchanges_room,
		  w->e->options->exchanges_max, sizeof *r->exchanges))
		return false;
	r->exchanges[r->exchanges_n++] = (struct exchanged){
		.path = path_text(w->e, m->paths.items[o->path]),
		.written_by = r->groups[o->group].name, .read_by = r->groups[reading->group].name,
		.written = o->written, .read = reading->time,
		.written_file = o->at.file, .read_file = reading->at.file,
		.written_line = o->at.number, .written_offset = o->at.offset,
		.read_line = reading->at.number, .read_offset = reading->at.offset,
		.answer = answer ? path_text(w->e, m->paths.items[answer->path]) : "",
		.answered = answer ? answer->written : CLOCK_NONE,
	};
	return true;
}

static bool one_object(struct work *w, const struct beside *x)
{
	const struct logs_memory *m = w->e->m;
	const struct written *o = &m->objects[x->object];

	w->written[o->group]++;
	w->was_read[o->group] += o->readings || o->read_by_own;
	for (uint32_t i = o->readings; i; i = m->readings[i - 1].next) {
		const struct reading *reading = &m->readings[i - 1];
		struct pair *pair = pair_of(w, o->group, reading->group);
		const struct written *answer = answer_to(w, x, reading->group, reading->time);

		if (answer && !read_back(m, answer, o->group))
			answer = NULL;
		if (!pair || !add_lag(&pair->lags, &pair->lags_n, &pair->lags_room, reading->time - o->written))
			return false;
		pair->objects++;
		if (answer) {
			pair->answered++;
			if (!add_lag(&pair->answer_lags, &pair->answers_n, &pair->answers_room,
				     answer->written - o->written))
				return false;
		}
		if (!list_exchange(w, o, reading, answer))
			return false;
	}
	return true;
}

static int by_number(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static int64_t median(int64_t *values, size_t n)
{
	if (n == 0)
		return 0;
	qsort(values, n, sizeof *values, by_number);
	return values[n / 2];
}

static uint64_t days_of_both(const struct work *w, uint32_t a, uint32_t b)
{
	const struct logs_memory *m = w->e->m;
	struct names days;
	uint64_t both = 0;

	names_init(&days, 1 << 20);
	for (size_t i = 0; i < m->objects_n; i++) {
		const struct written *o = &m->objects[i];
		int64_t key[2] = { o->written / 86400000, 1 };

		if (o->group == a)
			(void)names_add(&days, slice_of(key, sizeof key));
	}
	for (size_t i = 0; i < m->objects_n; i++) {
		const struct written *o = &m->objects[i];
		int64_t key[2] = { o->written / 86400000, 1 };

		if (o->group != b || names_find(&days, slice_of(key, sizeof key)) == NO_NAME)
			continue;
		key[1] = 2;
		if (names_find(&days, slice_of(key, sizeof key)) == NO_NAME) {
			(void)names_add(&days, slice_of(key, sizeof key));
			both++;
		}
	}
	names_done(&days);
	return both;
}

static void span(int64_t ms, char out[32])
{
	const int64_t minutes = (ms + 30000) / 60000;

	if (minutes < 120)
		(void)snprintf(out, 32, "%" PRId64 " min", minutes);
	else
		(void)snprintf(out, 32, "%" PRId64 " h %02" PRId64 " min", minutes / 60, minutes % 60);
}

static const char *relay_words(struct engine *e, const struct relay *x)
{
	struct buf *b = &e->m->text;
	const char *text;
	char there[32], back[32];

	span(x->lag_there_ms, there);
	span(x->lag_answer_ms, back);
	buf_clear(b);
	(void)buf_printf(b, "\"%s\" wrote %" PRIu64 " objects that \"%s\" read (median %s later), and read %" PRIu64
			 " of the other's; %" PRIu64 " objects were answered beside them (median %s after they were written)",
			 x->a, x->there, x->b, there, x->back, x->answered, back);
	text = arena_text(&e->m->arena, buf_slice(b));
	return text ? text : "";
}

static double share(uint64_t part, uint64_t of)
{
	return of ? (double)part / (double)of : 0;
}

static bool list_relay(struct work *w, struct pair *there, struct pair *back)
{
	struct logs_result *r = w->e->result;
	struct relay *x;

	if (!grow((void **)&r->relays, r->relays_n, &w->relays_room, 1024, sizeof *r->relays))
		return false;
	x = &r->relays[r->relays_n++];
	*x = (struct relay){
		.a = r->groups[there->from].name, .b = r->groups[there->to].name,
		.there = there->objects, .back = back->objects, .answered = there->answered,
		.a_written = w->written[there->from], .b_written = w->written[there->to],
		.share_there = share(there->objects, w->was_read[there->from]),
		.share_back = share(back->objects, w->was_read[there->to]),
		.lag_there_ms = median(there->lags, there->lags_n),
		.lag_back_ms = median(back->lags, back->lags_n),
		.lag_answer_ms = median(there->answer_lags, there->answers_n),
		.days = days_of_both(w, there->from, there->to),
	};
	x->sentence = relay_words(w->e, x);
	return true;
}

static bool find_relays(struct work *w)
{
	const struct logs_options *o = w->e->options;

	for (size_t i = 0; i < w->pairs_n; i++) {
		struct pair *there = &w->pairs[i], *back;
		const uint32_t key[2] = { there->to, there->from };
		const uint32_t at = names_find(&w->pairs_by, slice_of(key, sizeof key));

		if (at == NO_NAME)
			continue;
		back = &w->pairs[at];
		/* The side that is answered more is a; of equals the first. */
		if (there->answered < back->answered ||
		    (there->answered == back->answered && at < i))
			continue;
		if (there->objects >= o->relay_objects && back->objects >= o->relay_objects &&
		    there->answered >= o->relay_objects &&
		    share(there->objects, w->was_read[there->from]) >= o->relay_share &&
		    share(back->objects, w->was_read[there->to]) >= o->relay_share &&
		    !list_relay(w, there, back))
			return false;
	}
	return true;
}

static bool work_out(struct work *w)
{
	struct engine *e = w->e;
	struct logs_memory *m = e->m;
	struct names folders;
	bool whole = true;

	names_init(&folders, (size_t)1 << 24);
	for (size_t i = 0; i < m->objects_n && whole; i++) {
		const struct written *o = &m->objects[i];
		const uint32_t folder = names_add(&folders, folder_of(m->paths.items[o->path]));

		whole = folder != NO_NAME;
		w->beside[i] = (struct beside){ folder, o->group, (uint32_t)i, o->written };
	}
	names_done(&folders);
	if (whole && m->objects_n)
		qsort(w->beside, m->objects_n, sizeof *w->beside, by_place);
	for (size_t i = 0; i < m->objects_n && whole; i++)
		whole = one_object(w, &w->beside[i]);
	return whole && find_relays(w);
}

int exchange_end(struct engine *e, struct err *err)
{
	struct work w = { .e = e };
	bool whole = false;

	names_init(&w.pairs_by, 1 << 20);
	w.beside = calloc(e->m->objects_n + 1, sizeof *w.beside);
	w.written = calloc(e->result->groups_n + 1, sizeof *w.written);
	w.was_read = calloc(e->result->groups_n + 1, sizeof *w.was_read);
	if (w.beside && w.written && w.was_read)
		whole = work_out(&w);
	for (size_t i = 0; i < w.pairs_n; i++) {
		free(w.pairs[i].lags);
		free(w.pairs[i].answer_lags);
	}
	free(w.pairs);
	free(w.beside);
	free(w.written);
	free(w.was_read);
	names_done(&w.pairs_by);
	return whole ? 0 : err_set(err, ERR_NO_MEMORY, "no memory for the exchanges");
}
