/* SPDX-License-Identifier: Apache-2.0 */
#include "examine/examine.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "examine/pairs.h"
#include "sandbox/sandbox.h"

#define PIXELS_MAX (40u << 20)      /* bytes of grey pixels of one picture */
#define AHEAD 32                    /* objects that may be begun before the oldest is written */
#define JOBS_PER_OBJECT 3           /* type, and what reads it */

/* Which workers read what, one after the other.  A name that ends in "/" is
 * all of that kind. */
static const struct {
	const char *type, *worker[JOBS_PER_OBJECT];
} readers[] = {
	{ "application/vnd.openxmlformats-officedocument.wordprocessingml.document", { "office" } },
	{ "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", { "office" } },
	{ "application/vnd.openxmlformats-officedocument.presentationml.presentation", { "office" } },
	{ "image/png", { "picture", "ocr" } },
	{ "image/jpeg", { "picture", "ocr" } },
	{ "image/gif", { "picture", "ocr" } },
	{ "image/tiff", { "picture", "ocr" } },
	{ "image/webp", { "picture", "ocr" } },
	{ "image/bmp", { "picture", "ocr" } },
	{ "image/x-ms-bmp", { "picture", "ocr" } },
	{ "image/x-tga", { "picture", "ocr" } },
	{ "text/", { "text" } },
	{ "application/json", { "text" } },
	{ "application/x-ndjson", { "text" } },
	{ "application/csv", { "text" } },
	{ "application/javascript", { "text" } },
	{ "application/x-subrip", { "text" } },
	{ "application/x-wine-extension-ini", { "text" } },
	{ "message/rfc822", { "text" } },
	{ "inode/x-empty", { NULL } },
};

enum state {
	EMPTY,
	WAITING,      /* a job is to be started */
	RUNNING,
	FINISHED,
};

/* One object on its way through the workers. */
struct work {
	enum state state;
	int64_t object;
	char name[128];
	struct object_bytes bytes;
	int pixels;
	uint32_t width, height;
	char type[160];
	const char *todo[JOBS_PER_OBJECT];
	size_t todos, next;                     /* todo[next] is the current one */
	struct job_result result[JOBS_PER_OBJECT];
	const char *by[JOBS_PER_OBJECT];        /* which worker gave result[i] */
	size_t results;
	const char *unread;                     /* why no worker reads it, or NULL */
};

struct examination {
	struct casefile *cf;
	const struct examine_options *options;
	struct progress *progress;
	struct sandbox *box;
	json_t *tools;
	int64_t run;
	int64_t *object;                        /* in the order in which they came */
	size_t count, room;
	size_t begun, written;
	struct work work[AHEAD];                /* of object i: work[i % AHEAD] */
};

/* ------------------------------------------------ what is to be done -- */

static int object_list(struct examination *e, int64_t object)
{
	if (e->count == e->room) {
		const size_t room = e->room ? e->room * 2 : 1024;
		int64_t *grown = realloc(e->object, room * sizeof *grown);

		if (!grown)
			return -ERR_NO_MEMORY;
		e->object = grown;
		e->room = room;
	}
	e->object[e->count++] = object;
	return 0;
}

static int list_object(const struct object *object, void *data)
{
	return object_list(data, object->id);
}

static int list_verdict(const struct finding *finding, void *data)
{
	return object_list(data, finding->object);
}

static int by_id(const void *a, const void *b)
{
	const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static int objects_to_do(struct examination *e, struct err *err)
{
	const struct finding_filter verdicts = { .kind = "file.verdict" };
	int r = objects_unexamined(e->cf, list_object, e, err);

	if (r < 0 || !e->options->again)
		return r == -ERR_NO_MEMORY ? err_set(err, ERR_NO_MEMORY, "no memory") : r;
	r = findings_each(e->cf, &verdicts, list_verdict, e, err);
	if (r < 0)
		return r;
	if (e->count)
		qsort(e->object, e->count, sizeof *e->object, by_id);
	return 0;
}

/* ------------------------------------------------------- one object --- */

static const char *const *workers_for(const char *type)
{
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		const struct slice name = slice_text(readers[i].type);

		if (slice_is(name, type) ||
		    (slice_ends(name, SLICE("/")) && slice_starts(slice_text(type), name)))
			return readers[i].worker;
	}
	return NULL;
}

static void work_done(struct work *w)
{
	for (size_t i = 0; i < w->results; i++)
		job_result_done(&w->result[i]);
	fd_close_scoped(&w->bytes.fd);
	fd_close_scoped(&w->pixels);
	*w = (struct work){ .bytes = { .fd = -1 }, .pixels = -1 };
}

static int take_name(const struct object *object, void *data)
{
	struct work *w = data;

	text_neutral(slice_text(object->name ? object->name : ""), w->name, sizeof w->name);
	return 0;
}

static int work_begin(struct examination *e, size_t i, struct err *err)
{
	struct work *w = &e->work[i % AHEAD];
	int r;

	*w = (struct work){ .object = e->object[i], .bytes = { .fd = -1 }, .pixels = -1 };
	r = object_get(e->cf, w->object, take_name, w, err);
	if (r >= 0)
		r = object_open(e->cf, w->object, &w->bytes, err);
	if (r < 0)
		return r;
	w->todo[w->todos++] = "type";
	w->state = WAITING;
	return 0;
}

static int work_start(struct examination *e, size_t i, struct err *err)
{
	struct work *w = &e->work[i % AHEAD];
	const char *worker = w->todo[w->next];
	struct job job = { .worker = worker, .input = w->bytes.fd, .offset = w->bytes.offset,
			   .length = w->bytes.length, .pixels = -1, .tag = w };
	int r;

	if (strcmp(worker, "picture") == 0) {
		w->pixels = fd_memory("pixels", err);
		if (w->pixels < 0)
			return w->pixels;
		if (ftruncate(w->pixels, PIXELS_MAX) < 0)
			return err_errno(err, "no memory for pixels");
		job.pixels = w->pixels;
	} else if (strcmp(worker, "ocr") == 0) {
		/* It sees pixels, nothing of the file. */
		job.input = -1;
		job.offset = job.length = 0;
		job.pixels = w->pixels;
		job.width = w->width;
		job.height = w->height;
	}
	r = sandbox_start(e->box, &job, err);
	if (r < 0)
		return r;
	w->state = RUNNING;
	return 0;
}

/* What it is is known: who reads it? */
static void plan(struct work *w, const struct job_result *result)
{
	const char *const *workers;

	for (size_t i = 0; i < result->count; i++)
		if (result->messages[i].kind == MESSAGE_TYPE)
			text_neutral(result->messages[i].text, w->type, sizeof w->type);
	if (!w->type[0])
		return;
	workers = workers_for(w->type);
	if (!workers) {
		w->unread = "no reader";
		return;
	}
	for (size_t i = 0; i + 1 < JOBS_PER_OBJECT && workers[i]; i++)
		w->todo[w->todos++] = workers[i];
}

/* "ocr" needs what "picture" wrote. */
static bool is_possible(struct work *w)
{
	const struct job_result *last = &w->result[w->results - 1];

	if (strcmp(w->todo[w->next], "ocr") != 0)
		return true;
	for (size_t i = 0; i < last->count; i++)
		if (last->messages[i].kind == MESSAGE_PIXELS) {
			w->width = last->messages[i].width;
			w->height = last->messages[i].height;
		}
	return w->width && w->height &&
	       (last->verdict == VERDICT_OK || last->verdict == VERDICT_PARTIAL);
}

static void work_result(struct work *w, struct job_result *result)
{
	w->by[w->results] = w->todo[w->next];
	w->result[w->results++] = *result;
	if (w->next == 0)
		plan(w, result);
	w->next++;
	w->state = w->next < w->todos && is_possible(w) ? WAITING : FINISHED;
	/* The last job has its own copies. */
	if (w->state == FINISHED) {
		fd_close_scoped(&w->bytes.fd);
		fd_close_scoped(&w->pixels);
	}
}

/* ------------------------------------------------- what was found ----- */

/* Lines of one object, for pairs. */
struct line_list {
	struct pair_line *line;
	int64_t *id;
	size_t n, room;
};

/* Takes the references of locator and data. */
static int add(struct examination *e, const struct work *w, const char *kind, const char *value,
	       double certainty, json_t *locator, json_t *data, int64_t *id, struct err *err)
{
	char *where = locator ? json_dumps(locator, JSON_COMPACT) : strdup("{}");
	char *rest = data ? json_dumps(data, JSON_COMPACT) : strdup("{}");
	const struct finding finding = { .run = e->run, .kind = kind, .object = w->object,
					 .locator = where, .value = value, .data = rest,
					 .certainty = certainty };
	int64_t unused;
	int r = where && rest ? finding_add(e->cf, &finding, id ? id : &unused, err)
			      : err_set(err, ERR_NO_MEMORY, "no memory");

	free(where);
	free(rest);
	json_decref(locator);
	json_decref(data);
	return r;
}

static json_t *text_json_of(struct slice s)
{
	return json_stringn(s.p ? s.p : "", s.n);
}

static json_t *box_of(int x, int y, int width, int height)
{
	return json_pack("[i,i,i,i]", x, y, width, height);
}

static bool list_line(struct line_list *list, const struct message *m, int64_t id)
{
	struct slice part = m->where, cell = slice_of("", 0), head;

	if (list->n == list->room) {
		const size_t room = list->room ? list->room * 2 : 64;
		struct pair_line *line = realloc(list->line, room * sizeof *line);
		int64_t *ids;

		if (!line)
			return false;
		list->line = line;
		ids = realloc(list->id, room * sizeof *ids);
		if (!ids)
			return false;
		list->id = ids;
		list->room = room;
	}
	if (slice_cut(&part, '#', &head)) {
		cell = part;
		part = head;
	}
	list->line[list->n] = (struct pair_line){
		.text = m->text, .lang = m->lang, .part = part, .cell = cell,
		.boxed = m->width != MESSAGE_NONE,
		.x = (int)m->x, .y = (int)m->y, .width = (int)m->width, .height = (int)m->height,
	};
	list->id[list->n++] = id;
	return true;
}

static double share(uint32_t certainty)
{
	return certainty == MESSAGE_NONE ? -1 : certainty / 1000.0;
}

static int add_line(struct examination *e, const struct work *w, const struct message *m,
		    struct line_list *list, struct err *err)
{
	const bool boxed = m->width != MESSAGE_NONE;
	json_t *locator = json_object(), *data = json_object();
	struct slice part = m->where, head;
	scoped(buf_done) struct buf value = buf_limited(MESSAGE_MAX);
	int64_t id;
	int r;

	if (boxed)
		(void)json_object_set_new(locator, "box", box_of((int)m->x, (int)m->y, (int)m->width,
								 (int)m->height));
	if (slice_cut(&part, '#', &head)) {
		(void)json_object_set_new(locator, "part", text_json_of(head));
		(void)json_object_set_new(locator, "cell", text_json_of(part));
	} else if (part.n) {
		(void)json_object_set_new(locator, "part", text_json_of(part));
	}
	if (m->line != MESSAGE_NONE)
		(void)json_object_set_new(locator, "line", json_integer(m->line));
	(void)json_object_set_new(data, "script", text_json_of(m->script));
	(void)json_object_set_new(data, "lang", text_json_of(m->lang));
	if (boxed) {
		/* The models' hashes are the run's parameters. */
		json_t *tool = json_object_get(e->tools, "ocr");

		(void)json_object_set(data, "engine", json_object_get(tool, "engine"));
		(void)json_object_set_new(data, "model", text_json_of(m->name));
	}
	(void)buf_add(&value, m->text);
	if (!locator || !data || !buf_string(&value)) {
		json_decref(locator);
		json_decref(data);
		return err_set(err, ERR_NO_MEMORY, "no memory");
	}
	r = add(e, w, boxed ? "ocr.line" : "text.line", buf_string(&value), share(m->certainty),
		locator, data, &id, err);
	if (r >= 0 && !list_line(list, m, id))
		return err_set(err, ERR_NO_MEMORY, "no memory");
	return r;
}

static int add_message(struct examination *e, const struct work *w, const struct message *m,
		       struct line_list *list, struct err *err)
{
	scoped(buf_done) struct buf text = buf_limited(MESSAGE_MAX);
	const char *value;
	char size[32];

	(void)buf_add(&text, m->text);
	value = buf_string(&text);
	if (!value)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	switch (m->kind) {
	case MESSAGE_TYPE:
		return add(e, w, "file.type", value, -1, NULL,
			   json_pack("{s:o}", "description", text_json_of(m->name)), NULL, err);
	case MESSAGE_ENCODING:
		return add(e, w, "text.encoding", value, share(m->certainty), NULL, NULL, NULL, err);
	case MESSAGE_LINE:
		return add_line(e, w, m, list, err);
	case MESSAGE_FIELD:
		return add(e, w, "meta.field", value, -1, NULL,
			   json_pack("{s:o}", "name", text_json_of(m->name)), NULL, err);
	case MESSAGE_TIME:
		return add(e, w, "exif.time", value, -1, NULL,
			   json_pack("{s:o,s:o}", "name", text_json_of(m->name), "offset",
				     m->where.n ? text_json_of(m->where) : json_null()),
			   NULL, err);
	case MESSAGE_SIZE:
		(void)snprintf(size, sizeof size, "%ux%u", m->width, m->height);
		return add(e, w, "picture.size", size, -1, NULL, NULL, NULL, err);
	default:
		return 0;      /* pixels, and what the verdict says */
	}
}

/* ------------------------------------------------------- pairs -------- */

/* The text, the ids and the box of one side. */
static int side_of(const struct line_list *list, const size_t *line, size_t n, struct buf *text,
		   json_t **ids, json_t **box)
{
	int x = 0, y = 0, right = 0, bottom = 0;

	*ids = json_array();
	for (size_t i = 0; i < n; i++) {
		const struct pair_line *l = &list->line[line[i]];

		if (i)
			(void)buf_char(text, ' ');
		(void)buf_add(text, l->text);
		(void)json_array_append_new(*ids, json_integer(list->id[line[i]]));
		x = !i || l->x < x ? l->x : x;
		y = !i || l->y < y ? l->y : y;
		right = !i || l->x + l->width > right ? l->x + l->width : right;
		bottom = !i || l->y + l->height > bottom ? l->y + l->height : bottom;
	}
	*box = n && list->line[line[0]].boxed ? box_of(x, y, right - x, bottom - y) : NULL;
	return buf_string(text) && *ids ? 0 : -ERR_NO_MEMORY;
}

/* data: a, b are the first lines, a_lines, b_lines all of them. */
static int add_pair(struct examination *e, const struct work *w, const struct line_list *list,
		    const struct pair *pair, struct err *err)
{
	scoped(buf_done) struct buf a = buf_limited(MESSAGE_MAX), b = buf_limited(MESSAGE_MAX);
	scoped(buf_done) struct buf value = buf_limited(3 * MESSAGE_MAX);
	json_t *data, *a_ids, *b_ids, *a_box, *b_box;

	if (side_of(list, pair->a, pair->a_count, &a, &a_ids, &a_box) < 0 ||
	    side_of(list, pair->b, pair->b_count, &b, &b_ids, &b_box) < 0)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	(void)buf_add(&value, buf_slice(&a));
	(void)buf_text(&value, " -> ");
	(void)buf_add(&value, buf_slice(&b));
	data = json_pack("{s:I,s:I,s:o,s:o,s:o,s:o,s:s,s:s,s:s}", "a", (json_int_t)list->id[pair->a[0]],
			 "b", (json_int_t)list->id[pair->b[0]], "a_lines", a_ids, "b_lines", b_ids,
			 "from", text_json_of(list->line[pair->a[0]].lang), "to",
			 text_json_of(list->line[pair->b[0]].lang), "how", pair->how, "a_text",
			 buf_string(&a), "b_text", buf_string(&b));
	if (data && a_box && b_box) {
		(void)json_object_set_new(data, "a_box", a_box);
		(void)json_object_set_new(data, "b_box", b_box);
	} else {
		json_decref(a_box);
		json_decref(b_box);
	}
	if (!data || !buf_string(&value))
		return err_set(err, ERR_NO_MEMORY, "no memory");
	return add(e, w, "pair.lines", buf_string(&value), pair->certainty, NULL, data, NULL, err);
}

static int add_pairs(struct examination *e, const struct work *w, const struct line_list *list,
		     struct err *err)
{
	scoped(arena_done) struct arena memory = arena_limited(256u << 20);
	struct pair *pairs;
	size_t n;

	if (pairs_find(list->line, list->n, &memory, &pairs, &n) < 0)
		return err_set(err, ERR_NO_MEMORY, "no memory for pairs");
	for (size_t i = 0; i < n; i++) {
		const int r = add_pair(e, w, list, &pairs[i], err);

		if (r < 0)
			return r;
	}
	return 0;
}

/* ------------------------------------------------------- verdict ------ */

/* The worst of its workers' verdicts, and what each of them left out. */
static int add_verdict(struct examination *e, const struct work *w, struct err *err)
{
	scoped(buf_done) struct buf why = buf_limited(1 << 16);
	enum verdict worst = VERDICT_OK;
	const char *worker = w->results ? w->by[w->results - 1] : "type", *value;

	for (size_t i = 0; i < w->results; i++) {
		const struct job_result *r = &w->result[i];

		if (r->verdict == VERDICT_OK)
			continue;
		(void)buf_printf(&why, "%s%s: %s", why.n ? "; " : "", w->by[i], r->why);
		if (r->verdict > worst) {
			worst = r->verdict;
			worker = w->by[i];
		}
	}
	value = verdict_name(worst);
	if (worst == VERDICT_OK && w->unread) {
		value = "not read";
		(void)buf_printf(&why, "no reader for %s yet", w->type);
	}
	if (!buf_string(&why))
		return err_set(err, ERR_NO_MEMORY, "no memory");
	return add(e, w, "file.verdict", value, -1, NULL,
		   json_pack("{s:s,s:s}", "worker", worker, "why", buf_string(&why)), NULL, err);
}

static int work_write(struct examination *e, struct work *w, struct err *err)
{
	struct line_list list = { 0 };
	int r = 0;

	for (size_t i = 0; i < w->results && r >= 0; i++)
		for (size_t k = 0; k < w->result[i].count && r >= 0; k++)
			r = add_message(e, w, &w->result[i].messages[k], &list, err);
	if (r >= 0)
		r = add_pairs(e, w, &list, err);
	if (r >= 0)
		r = add_verdict(e, w, err);
	if (r >= 0)
		r = casefile_step(e->cf, err);
	free(list.line);
	free(list.id);
	return r;
}

/* ------------------------------------------------------- the run ------ */

static bool stopped(const struct examination *e)
{
	return e->options->stop && *e->options->stop;
}

static int start_what_can(struct examination *e, struct err *err)
{
	int r = 0;

	/* The oldest first: what waits for it is held in memory. */
	for (size_t i = e->written; i < e->begun && r >= 0; i++)
		if (e->work[i % AHEAD].state == WAITING &&
		    sandbox_running(e->box) < sandbox_slots(e->box))
			r = work_start(e, i, err);
	while (r >= 0 && e->begun < e->count && e->begun - e->written < AHEAD &&
	       sandbox_running(e->box) < sandbox_slots(e->box)) {
		r = work_begin(e, e->begun, err);
		if (r >= 0)
			r = work_start(e, e->begun++, err);
	}
	return r;
}

static int write_what_can(struct examination *e, struct err *err)
{
	while (e->written < e->begun) {
		struct work *w = &e->work[e->written % AHEAD];
		int r;

		if (w->state != FINISHED)
			return 0;
		r = work_write(e, w, err);
		if (r < 0)
			return r;
		progress_step(e->progress, 1, slice_text(w->name));
		work_done(w);
		e->written++;
	}
	return 0;
}

static int examine_all(struct examination *e, struct err *err)
{
	while (e->written < e->count) {
		struct job_result result = { 0 };
		int r;

		if (stopped(e))
			return err_set(err, ERR_STOPPED, "stopped; what was examined is kept");
		r = start_what_can(e, err);
		if (r < 0)
			return r;
		r = sandbox_wait(e->box, &result, err);
		if (r == -ERR_STOPPED)
			continue;
		if (r < 0)
			return r;
		work_result(result.tag, &result);
		r = write_what_can(e, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int run_start(struct examination *e, struct err *err)
{
	json_t *params = json_pack("{s:O,s:b}", "tools", e->tools, "again", e->options->again);
	char *text = params ? json_dumps(params, JSON_COMPACT) : NULL;
	const struct run run = { .stage = "examine", .tool = e->options->tool, .params = text,
				 .started = clock_now(), .replaces = e->options->again };
	int r = text ? run_begin(e->cf, &run, &e->run, err) : err_set(err, ERR_NO_MEMORY, "no memory");

	json_decref(params);
	free(text);
	return r;
}

static unsigned processors(void)
{
	const long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : (unsigned)n;
}

static int examine_run(struct examination *e, struct err *err)
{
	int r = sandbox_new(e->options->worker_path,
			    e->options->jobs ? e->options->jobs : processors(), &e->box, err);

	if (r < 0)
		return r;
	e->tools = json_loads(sandbox_tools(e->box), 0, NULL);
	if (!e->tools)
		return err_set(err, ERR_FAILED, "the worker program does not say what it reads with");
	for (size_t i = 0; i < AHEAD; i++)
		e->work[i] = (struct work){ .bytes = { .fd = -1 }, .pixels = -1 };
	r = run_start(e, err);
	if (r < 0)
		return r;
	progress_begin(e->progress, "examining", e->count);
	r = examine_all(e, err);
	if (r >= 0)
		r = run_end(e->cf, e->run, err);
	/* What is done is kept, whatever came after. */
	if (r >= 0 || r == -ERR_STOPPED) {
		const int kept = casefile_commit(e->cf, r < 0 ? NULL : err);

		r = r < 0 ? r : kept;
	}
	progress_end(e->progress, NULL);
	for (size_t i = 0; i < AHEAD; i++)
		work_done(&e->work[i]);
	return r;
}

/* ------------------------------------------------------- tally -------- */

static void count(struct examine_count *list, size_t *n, const char *name)
{
	size_t i;

	for (i = 0; i < *n; i++)
		if (strcmp(list[i].name, name) == 0)
			break;
	if (i == EXAMINE_NAMES)
		return;
	if (i == *n) {
		text_neutral(slice_text(name), list[i].name, sizeof list[i].name);
		++*n;
	}
	list[i].n++;
}

static int most_first(const void *a, const void *b)
{
	const struct examine_count *left = a, *right = b;

	if (left->n != right->n)
		return left->n > right->n ? -1 : 1;
	return strcmp(left->name, right->name);
}

struct counting {
	struct examine_tally *tally;
	int64_t picture;
};

static int count_verdict(const struct finding *f, void *data)
{
	struct examine_tally *t = data;
	json_t *more = json_loads(f->data, 0, NULL);
	const char *why = json_string_value(json_object_get(more, "why"));
	char name[96];

	t->objects++;
	if (strcmp(f->value, "ok") == 0)
		t->ok++;
	else if (strcmp(f->value, "partial") == 0)
		t->partial++;
	else if (strcmp(f->value, "not read") == 0)
		t->unread++;
	else
		t->failed++;
	if (strcmp(f->value, "ok") != 0) {
		(void)snprintf(name, sizeof name, "%s: %.70s", f->value, why ? why : "");
		count(t->why, &t->whys, name);
	}
	json_decref(more);
	return 0;
}

static void count_language(struct examine_tally *t, const struct finding *f)
{
	json_t *more = json_loads(f->data, 0, NULL);
	const char *lang = json_string_value(json_object_get(more, "lang"));

	if (lang && *lang)
		count(t->language, &t->languages, lang);
	json_decref(more);
}

static int count_text(const struct finding *f, void *data)
{
	struct examine_tally *t = data;

	t->texts++;
	count_language(t, f);
	return 0;
}

static int count_ocr(const struct finding *f, void *data)
{
	struct counting *c = data;

	c->tally->picture_lines++;
	c->tally->pictures_with_text += f->object != c->picture;
	c->picture = f->object;
	count_language(c->tally, f);
	return 0;
}

static int count_pair(const struct finding *f, void *data)
{
	struct examine_tally *t = data;

	(void)f;
	t->pairs++;
	return 0;
}

static int tally_read(struct casefile *cf, struct examine_tally *t, struct err *err)
{
	struct counting counting = { .tally = t };
	const struct finding_filter verdicts = { .kind = "file.verdict" };
	const struct finding_filter texts = { .kind = "text.line" };
	const struct finding_filter read = { .kind = "ocr.line" };
	const struct finding_filter pairs = { .kind = "pair.lines" };
	int r;

	if ((r = findings_each(cf, &verdicts, count_verdict, t, err)) < 0 ||
	    (r = findings_each(cf, &texts, count_text, t, err)) < 0 ||
	    (r = findings_each(cf, &read, count_ocr, &counting, err)) < 0 ||
	    (r = findings_each(cf, &pairs, count_pair, t, err)) < 0)
		return r;
	qsort(t->why, t->whys, sizeof *t->why, most_first);
	qsort(t->language, t->languages, sizeof *t->language, most_first);
	return 0;
}

int examine_case(struct casefile *cf, const struct examine_options *options,
		 struct progress *progress, struct examine_tally *tally, struct err *err)
{
	struct examination *e = calloc(1, sizeof *e);
	int r;

	*tally = (struct examine_tally){ 0 };
	if (!e)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	e->cf = cf;
	e->options = options;
	e->progress = progress;
	sandbox_missing(tally->missing);
	r = objects_to_do(e, err);
	if (r >= 0 && e->count)
		r = examine_run(e, err);
	tally->examined = e->written;
	sandbox_free(e->box);
	json_decref(e->tools);
	free(e->object);
	free(e);
	return r < 0 ? r : tally_read(cf, tally, err);
}
