/* SPDX-License-Identifier: Apache-2.0 */
/* The walk: breadth first over folders, and what is decided for each file. */
#include <stdarg.h>

#include "base/arena.h"
#include "base/text.h"
#include "collect/transport.h"

/* Every way to list and fetch, in the order in which they are asked whether
 * a locator is theirs. */
static const struct transport *const transports[] = {
	&transport_http,
	&transport_folder,
	NULL,
};

#define BUCKETS 65536
#define FOLDERS_MEMORY ((size_t)1 << 30)
#define LISTING_MEMORY ((size_t)512 << 20)
#define GONE_MAX 3      /* so often without an answer in a row, and the server is gone */

struct folder_item {
	struct folder_item *next, *same_bucket;
	struct slice path;
	uint64_t depth;
};

struct file_item {
	struct file_item *next;
	struct listed listed;
};

struct walk {
	struct collector c;
	const struct transport *transport;
	void *state;
	struct progress *progress;
	int64_t capture;

	struct arena folders;                 /* every folder met */
	struct folder_item *first, **last;    /* the queue */
	struct folder_item **buckets;

	struct folder_item *folder;           /* the one being listed */
	struct arena listing;
	struct file_item *files, **files_last;
	uint64_t entries;                     /* met in this capture */
	bool full;                            /* the listing at hand did not fit the limits */
	bool no_memory;

	int gone;                             /* in a row */
	char over[128];                       /* why nothing more is fetched, or "" */
	uint64_t deep, cut;                   /* folders not descended to; listings cut short */
	char root_why[256];
};

/* ---------------------------------------------------- for transports -- */

bool collector_stopped(const struct collector *c)
{
	return c->options->stop && *c->options->stop;
}

int collector_wait(const struct collector *c, int64_t ms, struct err *err)
{
	const int64_t until = clock_ticks() + ms;

	for (int64_t now = clock_ticks(); now < until; now = clock_ticks()) {
		if (collector_stopped(c))
			return err_set(err, ERR_STOPPED, "stopped");
		clock_sleep(until - now < 100 ? until - now : 100);
	}
	return 0;
}

/* ------------------------------------------------------ the queue ----- */

static size_t bucket(struct slice path)
{
	uint64_t h = 14695981039346656037U;

	for (size_t i = 0; i < path.n; i++)
		h = (h ^ (unsigned char)path.p[i]) * 1099511628211U;
	return (h ^ h >> 32) % BUCKETS;
}

/* Queue a folder, unless it was met before. */
static int folder_add(struct walk *w, struct slice parent, struct slice name, uint64_t depth)
{
	const size_t n = parent.n + name.n + (name.n > 0);
	char *path = arena_alloc(&w->folders, n + 1);
	struct folder_item *item = arena_alloc(&w->folders, sizeof *item);
	size_t at;

	if (!path || !item)
		return -ERR_NO_MEMORY;
	if (parent.n)
		memcpy(path, parent.p, parent.n);
	if (name.n) {
		memcpy(path + parent.n, name.p, name.n);
		path[n - 1] = '/';
	}
	item->path = slice_of(path, n);
	item->depth = depth;
	at = bucket(item->path);
	for (struct folder_item *other = w->buckets[at]; other; other = other->same_bucket)
		if (slice_equal(other->path, item->path))
			return 0;
	item->same_bucket = w->buckets[at];
	w->buckets[at] = item;
	*w->last = item;
	w->last = &item->next;
	return 0;
}

/* One line of the listing at hand. */
static int each_listed(const struct listed *listed, void *data)
{
	struct walk *w = data;
	struct file_item *item;
	char *name;

	if (w->entries >= w->c.options->files_max) {
		w->full = true;
		return 1;
	}
	w->entries++;
	if (listed->folder && !listed->unfetchable) {
		if (folder_add(w, w->folder->path, listed->name, w->folder->depth + 1) < 0)
			w->full = w->no_memory = true;
		return w->full;
	}
	item = arena_alloc(&w->listing, sizeof *item);
	name = arena_alloc(&w->listing, listed->name.n + 1);
	if (!item || !name) {
		w->full = w->no_memory = true;
		return 1;
	}
	item->listed = *listed;
	if (listed->name.n)
		memcpy(name, listed->name.p, listed->name.n);
	item->listed.name = slice_of(name, listed->name.n);
	*w->files_last = item;
	w->files_last = &item->next;
	return 0;
}

/* ------------------------------------------------------- limits ------- */

__attribute__((format(printf, 2, 3)))
static void over(struct walk *w, const char *format, ...)
{
	va_list args;

	if (w->over[0])
		return;
	va_start(args, format);
	(void)vsnprintf(w->over, sizeof w->over, format, args);
	va_end(args);
}

/* Is it time to fetch nothing more?  Then w->over says why. */
static bool is_over(struct walk *w)
{
	const struct collect_options *o = w->c.options;

	if (w->gone >= GONE_MAX)
		over(w, "the server does not answer any more");
	if (w->c.tally->bytes >= o->bytes_max)
		over(w, "the limit of %llu bytes is reached", (unsigned long long)o->bytes_max);
	if (clock_ticks() > w->c.deadline)
		over(w, "the limit of %llu seconds is reached", (unsigned long long)o->time_max_s);
	return w->over[0] != '\0';
}

/* ------------------------------------------------------- one file ----- */

static bool must_fetch(const struct walk *w, const struct listed *listed,
		       const struct entry_known *known)
{
	if (!known->entry || !known->object || known->vanished)
		return true;
	/* The listing leaves it open. */
	if (listed->size == SIZE_NOT_STATED || listed->time == CLOCK_NONE)
		return true;
	if (known->listed_size != listed->size || known->listed_time != listed->time ||
	    known->size_exact != (listed->size_min == listed->size_max))
		return true;
	/* It may have changed again after it was fetched, within the same
	 * minute: the listing would look the same. */
	return listed->time + w->transport->grain_ms > known->fetched;
}

static int visit(struct walk *w, const struct listed *listed, struct err *err)
{
	scoped(buf_done) struct buf path = buf_limited(1 << 20);
	struct sighting sighting = {
		.basis = BASIS_FAILED,
		.listed_size = listed->size,
		.size_exact = listed->size_min == listed->size_max,
		.listed_time = listed->time,
		.modified = CLOCK_NONE,
		.why = "",
	};
	struct fetched fetched = { 0 };
	struct entry_known known;
	int r;

	(void)buf_add(&path, w->folder->path);
	(void)buf_add(&path, listed->name);
	if (buf_broken(&path))
		return err_set(err, ERR_NO_MEMORY, "no memory");
	sighting.path = buf_slice(&path);
	r = entry_look(w->c.cf, w->capture, sighting.path, &known, err);
	if (r < 0 || known.in_this_capture)
		return r;
	if (listed->unfetchable) {
		w->c.tally->unfetchable++;
		sighting.why = listed->unfetchable;
	} else if (!must_fetch(w, listed, &known)) {
		sighting.basis = BASIS_LISTING;
	} else if (is_over(w)) {
		sighting.why = w->over;
	} else {
		r = w->transport->fetch(w->state, sighting.path, &fetched, err);
		if (r < 0)
			return r;
		w->gone = fetched.gone ? w->gone + 1 : 0;
		sighting.basis = fetched.ok ? BASIS_FETCHED : BASIS_FAILED;
		sighting.object = fetched.object;
		sighting.modified = fetched.modified;
		sighting.why = fetched.why;
	}
	return sighting_add(w->c.cf, w->capture, &sighting, err);
}

/* ------------------------------------------------------ one folder ---- */

static int folder_list(struct walk *w, struct listing *out, struct err *err)
{
	int r;

	*out = (struct listing){ .state = LISTING_PARTIAL, .reader = "" };
	if (w->folder->depth > w->c.options->depth) {
		w->deep++;
		(void)snprintf(out->why, sizeof out->why, "deeper than the limit of %llu folders",
			       (unsigned long long)w->c.options->depth);
		return 0;
	}
	if (is_over(w)) {
		(void)snprintf(out->why, sizeof out->why, "%s", w->over);
		return 0;
	}
	w->c.tally->folders++;
	r = w->transport->list(w->state, w->folder->path, each_listed, w, out, err);
	if (r < 0)
		return r;
	w->gone = out->gone ? w->gone + 1 : 0;
	if (w->full) {
		if (w->no_memory)
			over(w, "the listings do not fit into memory");
		else
			over(w, "the limit of %llu entries is reached",
			     (unsigned long long)w->c.options->files_max);
		out->state = LISTING_PARTIAL;
		(void)snprintf(out->why, sizeof out->why, "%s", w->over);
		/* What it holds of this listing may still be fetched. */
		w->over[0] = '\0';
	}
	w->c.tally->refused += out->state == LISTING_REFUSED;
	w->c.tally->failed += out->state == LISTING_FAILED;
	w->cut += out->state == LISTING_PARTIAL;
	if (!w->folder->path.n && out->state != LISTING_COMPLETE)
		memcpy(w->root_why, out->why, sizeof w->root_why);
	return 0;
}

static int folder_visit(struct walk *w, struct err *err)
{
	struct listing_record record = { .path = w->folder->path };
	struct listing listing;
	uint64_t count = 0;
	int r;

	w->listing = arena_limited(LISTING_MEMORY);
	w->files = NULL;
	w->files_last = &w->files;
	record.entries = w->entries;
	r = folder_list(w, &listing, err);
	if (r < 0)
		return r;
	record.entries = w->entries - record.entries;
	record.state = listing.state;
	record.reader = listing.reader;
	record.object = listing.object;
	record.why = listing.state == LISTING_COMPLETE ? "" : listing.why;
	r = listing_add(w->c.cf, w->capture, &record, err);
	if (r == 0)
		r = casefile_step(w->c.cf, err);
	for (struct file_item *f = w->files; f; f = f->next)
		count++;
	progress_more(w->progress, count);
	for (struct file_item *f = w->files; r == 0 && f; f = f->next) {
		if (collector_stopped(&w->c))
			return err_set(err, ERR_STOPPED, "stopped");
		r = visit(w, &f->listed, err);
		if (r == 0)
			r = casefile_step(w->c.cf, err);
		progress_step(w->progress, 1, f->listed.name);
	}
	return r;
}

static int walk(struct walk *w, struct err *err)
{
	int r = folder_add(w, SLICE(""), SLICE(""), 0);

	if (r < 0)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	for (w->folder = w->first; w->folder; w->folder = w->folder->next) {
		if (collector_stopped(&w->c))
			return err_set(err, ERR_STOPPED, "stopped");
		r = folder_visit(w, err);
		arena_done(&w->listing);
		if (r < 0)
			return r;
	}
	return 0;
}

/* ------------------------------------------------------ the pass ------ */

/* Why the pass is partial, or NULL. */
static const char *note(struct walk *w)
{
	struct collect_tally *t = w->c.tally;

	if (is_over(w))
		(void)snprintf(t->note, sizeof t->note, "%s", w->over);
	else if (w->full)
		(void)snprintf(t->note, sizeof t->note, "the limit of %llu entries is reached",
			       (unsigned long long)w->c.options->files_max);
	else if (w->root_why[0])
		(void)snprintf(t->note, sizeof t->note, "the source itself: %.200s", w->root_why);
	else if (w->deep)
		(void)snprintf(t->note, sizeof t->note, "%llu folders deeper than the limit of %llu",
			       (unsigned long long)w->deep, (unsigned long long)w->c.options->depth);
	else if (t->failed || w->cut)
		(void)snprintf(t->note, sizeof t->note, "%llu folders could not be listed, %llu only in part",
			       (unsigned long long)t->failed, (unsigned long long)w->cut);
	return t->note[0] ? t->note : NULL;
}

static int pass(struct walk *w, const struct source *source, struct err *err)
{
	struct collect_tally *t = w->c.tally;
	int r = casefile_source(w->c.cf, source, &t->source, err);

	if (r == 0)
		r = capture_begin(w->c.cf, t->source, &t->capture, &t->resumed, err);
	if (r < 0)
		return r;
	w->capture = t->capture;
	r = walk(w, err);
	if (r == -ERR_STOPPED) {
		struct err kept = { 0 };

		r = casefile_commit(w->c.cf, &kept);
		return r < 0 ? err_set(err, kept.code, "%s", kept.text) : -ERR_STOPPED;
	}
	if (r == 0)
		r = capture_end(w->c.cf, w->capture, note(w), err);
	if (r == 0)
		r = casefile_commit(w->c.cf, err);
	return r;
}

static int authority_note(struct casefile *cf, const char *authority, const char *source,
			  struct err *err)
{
	scoped(buf_done) struct buf body = buf_limited(1 << 16);

	if (!authority)
		return 0;
	(void)buf_text(&body, "{\"authority\":");
	(void)text_json(&body, slice_text(authority));
	(void)buf_text(&body, ",\"source\":");
	(void)text_json(&body, slice_text(source));
	(void)buf_text(&body, "}");
	if (!buf_string(&body))
		return err_set(err, ERR_LIMIT, "the authority is too long");
	return ledger_note(cf, "authority", buf_string(&body), err);
}

static void walk_done_scoped(struct walk *w)
{
	if (w->state)
		w->transport->close(w->state);
	arena_done(&w->folders);
	arena_done(&w->listing);
	free(w->buckets);
}

void collect_defaults(struct collect_options *options)
{
	*options = (struct collect_options){
		.rate = 1,
		.depth = 32,
		.files_max = 1000000,
		.bytes_max = (uint64_t)64 << 30,
		.stall_s = 30,
		.wait_max_s = 300,
	};
}

int collect_source(struct casefile *cf, const char *locator, const struct collect_options *options,
		   struct progress *progress, struct collect_tally *tally, struct err *err)
{
	scoped(buf_done) struct buf name = buf_limited(1 << 16);
	scoped(buf_done) struct buf scope = buf_limited(1 << 16);
	scoped(walk_done) struct walk w = {
		.c = { cf, options, tally, INT64_MAX }, .progress = progress,
		.folders = arena_limited(FOLDERS_MEMORY),
	};
	struct source source;
	int r = 0;

	*tally = (struct collect_tally){ 0 };
	if (options->ignore_robots && !options->authority)
		return err_set(err, ERR_USAGE, "robots.txt can be ignored only under a stated authority");
	for (const struct transport *const *t = transports; *t && r == 0; t++) {
		w.transport = *t;
		r = (*t)->claims(locator, &name, &scope, err);
	}
	if (r < 0)
		return r;
	if (r == 0)
		return err_set(err, ERR_USAGE, "'%s' is neither an address nor a folder", locator);
	source = (struct source){
		.kind = w.transport->kind, .locator = buf_string(&name), .scope = buf_string(&scope),
	};
	w.last = &w.first;
	w.buckets = calloc(BUCKETS, sizeof *w.buckets);
	if (!source.locator || !source.scope || !w.buckets)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	if (options->time_max_s && options->time_max_s < INT64_MAX / 2000)
		w.c.deadline = clock_ticks() + (int64_t)options->time_max_s * 1000;
	progress_begin(progress, "collecting", 0);
	r = w.transport->open(&w.c, source.locator, &w.state, err);
	if (r == 0)
		r = authority_note(cf, options->authority, source.locator, err);
	if (r == 0)
		r = pass(&w, &source, err);
	progress_end(progress, NULL);
	return r;
}
