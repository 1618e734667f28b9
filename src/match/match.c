/* SPDX-License-Identifier: Apache-2.0 */
#include "match/match.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/place.h"
#include "match/filename.h"
#include "match/names.h"
#include "match/titles.h"

#define HITS_MAX (1u << 20)
#define LIST_MAX 500           /* episodes and cuts named one by one */
#define AS_MAX 200

enum leg {
	LEG_PATH,
	LEG_TEXT,
};
static const char *const leg_names[] = { "path", "text" };

/* A title where it was found. */
struct title_hit {
	uint32_t title;
	enum leg leg;
	bool weak;
	int64_t entry, finding, object;
	const char *as;
	const char *name;              /* the path, for a path leg */
	const char *episode, *cut;     /* or "" */
	int64_t first, last;           /* when captured */
};

struct name_hit {
	uint32_t form;
	int64_t finding, object;
	const char *as;
	bool exact;
};

/* An object's paths say which codes stand over it. */
struct object_title {
	int64_t object;
	uint32_t title;
};

struct capture_day {
	int64_t id, started;
};

struct matching {
	struct casefile *cf;
	const struct match_options *options;
	struct progress *progress;
	struct match_tally tally;
	struct err *err;
	struct arena arena;
	struct titles titles;
	struct namelist names;
	struct fold fold;

	struct title_hit *titles_hit;
	struct name_hit *names_hit;
	struct object_title *coded;
	struct capture_day *captures;
	int64_t *placed;               /* objects that lie at a path, sorted */
	size_t title_hits, title_room, name_hits, name_room, coded_n, coded_room, captures_n, captures_room,
		placed_n, placed_room;

	/* What is being looked at. */
	const struct change *change;
	const struct finding *finding;
	struct filename parsed;
	int64_t run;
};

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NO_MEMORY, "no memory for the matches");
}

/* Room for one more in an array: NULL when there is none. */
static void *grown(void *all, size_t n, size_t *room, size_t size)
{
	const size_t wanted = *room ? *room * 2 : 256;
	void *more;

	if (n < *room)
		return all;
	more = realloc(all, wanted * size);
	if (more)
		*room = wanted;
	return more;
}

static const char *kept(struct matching *m, struct slice text)
{
	const char *copy = arena_text(&m->arena, slice_head(text, AS_MAX));

	return copy ? copy : "";
}

/* ------------------------------------------------------------ lists -- */

static int read_beside(struct matching *m, const char *folder, const char *name,
		       int (*read)(struct matching *, const char *))
{
	scoped(memory_free) char *path = path_join(folder, name);

	if (!path)
		return no_memory(m->err);
	if (access(path, F_OK) != 0)
		return 0;      /* a profile may do without */
	return read(m, path);
}

static int read_titles(struct matching *m, const char *path)
{
	return titles_read(&m->titles, path, m->err);
}

static int read_list(struct matching *m, const char *path)
{
	return namelist_read_ofac(&m->names, path, m->err);
}

static int read_aliases(struct matching *m, const char *path)
{
	return namelist_read_ofac_aliases(&m->names, path, m->err);
}

static int read_lexicon(struct matching *m, const char *path)
{
	return namelist_read_lexicon(&m->names, path, m->err);
}

static int profile_folder(struct matching *m, char **out)
{
	scoped(memory_free) char *profiles = NULL;
	const char *name = m->options->profile;
	int r;

	if (strchr(name, '/')) {
		*out = strdup(name);
	} else {
		r = place_find(PLACE_PROFILES, &profiles, m->err);
		if (r < 0)
			return r;
		*out = path_join(profiles, name);
	}
	if (!*out)
		return no_memory(m->err);
	return access(*out, R_OK | X_OK) == 0 ? 0 : err_set(m->err, ERR_NOT_FOUND, "no profile '%s'", name);
}

static int read_lists(struct matching *m)
{
	const struct match_options *o = m->options;
	scoped(memory_free) char *folder = NULL;
	int r = o->profile ? profile_folder(m, &folder) : 0;

	if (r == 0 && folder)
		r = read_beside(m, folder, "titles.tsv", read_titles);
	for (size_t i = 0; r == 0 && i < o->titles_n; i++)
		r = read_titles(m, o->titles[i]);
	if (r == 0 && o->list)
		r = read_list(m, o->list);
	else if (r == 0 && folder)
		r = read_beside(m, folder, "sanctions.csv", read_list);
	if (r == 0 && o->aliases)
		r = read_aliases(m, o->aliases);
	else if (r == 0 && folder && !o->list)
		r = read_beside(m, folder, "sanctions_alt.csv", read_aliases);
	if (r == 0 && folder)
		r = read_beside(m, folder, "lexicon.tsv", read_lexicon);
	if (r == 0)
		r = namelist_ready(&m->names, m->err);
	m->tally.titles = m->titles.n;
	m->tally.names = m->names.form_count;
	m->tally.names_skipped = namelist_skipped(&m->names);
	return r;
}

/* The lists go into the case, and into the run's parameters by hash. */
static int keep_lists(struct matching *m, json_t *params)
{
	json_t *titles = json_array(), *lists = json_array();
	char hex[SHA256_HEX];
	int r = 0;

	(void)json_object_set_new(params, "titles", titles);
	(void)json_object_set_new(params, "lists", lists);
	for (size_t i = 0; r == 0 && i < m->titles.file_count; i++) {
		const struct title_file *f = &m->titles.files[i];
		struct sha256 hash;

		r = intel_keep(m->cf, f->path, &hash, m->err);
		sha256_hex(&f->hash, hex);
		(void)json_array_append_new(titles, json_pack("{s:s, s:s, s:I}", "file", f->path, "sha256", hex,
							      "rows", (json_int_t)f->rows));
	}
	for (size_t i = 0; r == 0 && i < m->names.file_count; i++) {
		const struct name_file *f = &m->names.files[i];
		struct sha256 hash;

		r = intel_keep(m->cf, f->path, &hash, m->err);
		sha256_hex(&f->hash, hex);
		(void)json_array_append_new(
			lists, json_pack("{s:s, s:s, s:s, s:s, s:I, s:I}", "file", f->path, "list", f->list,
					 "date", f->date, "sha256", hex, "entries", (json_int_t)f->entries,
					 "names", (json_int_t)f->names));
	}
	return r;
}

/* ------------------------------------------------------------ paths --- */

static int take_capture(const struct capture *capture, void *data)
{
	struct matching *m = data;
	struct capture_day *all = grown(m->captures, m->captures_n, &m->captures_room, sizeof *all);

	if (!all)
		return no_memory(m->err);
	m->captures = all;
	all[m->captures_n++] = (struct capture_day){ capture->id, capture->started };
	return 0;
}

static int64_t capture_started(const struct matching *m, int64_t id)
{
	for (size_t i = 0; i < m->captures_n; i++)
		if (m->captures[i].id == id)
			return m->captures[i].started;
	return CLOCK_NONE;
}

static bool same_place(const struct title_hit *hit, const struct matching *m, uint32_t title)
{
	return hit->title == title && hit->leg == LEG_PATH && hit->entry == m->change->entry;
}

/* The title in this path.  Seen again on another day, the same leg. */
static int add_path_leg(struct matching *m, uint32_t title, bool weak, struct slice as)
{
	const int64_t when = capture_started(m, m->change->capture);
	struct title_hit *all;

	/* Other days' legs of the same entry are merged at the end. */
	if (m->title_hits && same_place(&m->titles_hit[m->title_hits - 1], m, title)) {
		m->titles_hit[m->title_hits - 1].weak = m->titles_hit[m->title_hits - 1].weak && weak;
		return 0;
	}
	if (m->title_hits >= HITS_MAX) {
		m->tally.lost++;
		return 0;
	}
	all = grown(m->titles_hit, m->title_hits, &m->title_room, sizeof *all);
	if (!all)
		return no_memory(m->err);
	m->titles_hit = all;
	all[m->title_hits++] = (struct title_hit){
		.title = title, .leg = LEG_PATH, .weak = weak, .entry = m->change->entry,
		.object = m->change->object, .as = kept(m, as), .name = kept(m, slice_text(m->change->name)),
		.episode = kept(m, m->parsed.episode), .cut = kept(m, m->parsed.cut), .first = when, .last = when,
	};
	return 0;
}

static int add_coded(struct matching *m, uint32_t title)
{
	struct object_title *all;

	if (!m->change->object)
		return 0;
	all = grown(m->coded, m->coded_n, &m->coded_room, sizeof *all);
	if (!all)
		return no_memory(m->err);
	m->coded = all;
	all[m->coded_n++] = (struct object_title){ m->change->object, title };
	return 0;
}

static int code_found(uint32_t code, void *data)
{
	struct matching *m = data;
	const struct title_code *c = &m->titles.codes[code];
	int r = add_path_leg(m, c->title, c->weak, m->parsed.show);

	return r == 0 && !c->weak ? add_coded(m, c->title) : r;
}

/* A folder's name must be the code letter for letter. */
static int folder_code_found(uint32_t code, void *data)
{
	struct matching *m = data;

	return slice_is(m->parsed.show, m->titles.codes[code].code) ? code_found(code, m) : 0;
}

/* "DHL/#05/C059/A0001.tga": where the path is a production's, a folder that
 * is a code says whose. */
static int folder_codes(struct matching *m, struct slice path)
{
	int r = 0;

	while (r == 0 && slice_cut(&path, '/', &m->parsed.show))
		r = titles_code(&m->titles, m->parsed.show, folder_code_found, m);
	return r;
}

static int path_title_found(uint32_t form, size_t first, size_t last, void *data)
{
	struct matching *m = data;
	const struct title_form *f = &m->titles.forms[form];

	return add_path_leg(m, f->title, f->weak, fold_seen(&m->fold, first, last));
}

static int take_change(const struct change *change, void *data)
{
	struct matching *m = data;
	bool named;
	const bool there = strcmp(change->change, "vanished") != 0 && strcmp(change->change, "unknown") != 0;
	int r;

	if (!there)
		return 0;
	if (change->object) {
		int64_t *all = grown(m->placed, m->placed_n, &m->placed_room, sizeof *all);

		if (!all)
			return no_memory(m->err);
		m->placed = all;
		all[m->placed_n++] = change->object;
	}
	m->change = change;
	named = filename_read(change->path, &m->parsed);
	m->tally.entries += strcmp(change->change, "new") == 0;
	m->tally.named += named && strcmp(change->change, "new") == 0;
	progress_step(m->progress, 1, slice_text(change->name));
	r = m->parsed.show.n ? titles_code(&m->titles, m->parsed.show, code_found, m) : 0;
	if (r == 0 && named && !m->parsed.show.n)
		r = folder_codes(m, change->path);
	if (r == 0)
		r = fold_words(&m->fold, change->path, m->err);
	return r < 0 ? r : titles_find(&m->titles, &m->fold, path_title_found, m);
}

static int by_entry(const void *a, const void *b)
{
	const struct title_hit *x = a, *y = b;

	if (x->title != y->title)
		return x->title < y->title ? -1 : 1;
	if (x->leg != y->leg)
		return x->leg < y->leg ? -1 : 1;
	if (x->entry != y->entry)
		return x->entry < y->entry ? -1 : 1;
	if (x->finding != y->finding)
		return x->finding < y->finding ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

/* One leg for each title and place, with the days it spans; ordered by title. */
static void legs_merge(struct matching *m)
{
	size_t n = 0;

	if (m->title_hits)
		qsort(m->titles_hit, m->title_hits, sizeof *m->titles_hit, by_entry);
	for (size_t i = 0; i < m->title_hits; i++) {
		struct title_hit *hit = &m->titles_hit[i], *into = n ? &m->titles_hit[n - 1] : NULL;

		if (into && into->leg == hit->leg && into->title == hit->title &&
		    into->entry == hit->entry && into->finding == hit->finding) {
			into->weak = into->weak && hit->weak;
			into->last = hit->last > into->last ? hit->last : into->last;
			continue;
		}
		m->titles_hit[n++] = *hit;
	}
	m->title_hits = n;
}

static int by_coded(const void *a, const void *b)
{
	const struct object_title *x = a, *y = b;

	if (x->object != y->object)
		return x->object < y->object ? -1 : 1;
	return x->title < y->title ? -1 : x->title > y->title;
}

static int by_id(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static int look_at_paths(struct matching *m)
{
	int r = captures_each(m->cf, 0, take_capture, m, m->err);

	progress_begin(m->progress, "matching paths", 0);
	if (r == 0)
		r = changes_each(m->cf, 0, NULL, take_change, m, m->err);
	if (m->coded_n)
		qsort(m->coded, m->coded_n, sizeof *m->coded, by_coded);
	if (m->placed_n)
		qsort(m->placed, m->placed_n, sizeof *m->placed, by_id);
	progress_end(m->progress, NULL);
	return r;
}

/* ------------------------------------------------------------- text --- */

static bool is_coded(const struct matching *m, int64_t object, uint32_t title)
{
	const struct object_title key = { object, title };

	return m->coded_n && bsearch(&key, m->coded, m->coded_n, sizeof key, by_coded);
}

static int text_title_found(uint32_t form, size_t first, size_t last, void *data)
{
	struct matching *m = data;
	const struct title_form *f = &m->titles.forms[form];
	const bool weak = f->weak && !is_coded(m, m->finding->object, f->title);
	struct title_hit *all;

	if (m->title_hits && m->titles_hit[m->title_hits - 1].leg == LEG_TEXT &&
	    m->titles_hit[m->title_hits - 1].title == f->title &&
	    m->titles_hit[m->title_hits - 1].finding == m->finding->id) {
		m->titles_hit[m->title_hits - 1].weak = m->titles_hit[m->title_hits - 1].weak && weak;
		return 0;
	}
	if (m->title_hits >= HITS_MAX) {
		m->tally.lost++;
		return 0;
	}
	all = grown(m->titles_hit, m->title_hits, &m->title_room, sizeof *all);
	if (!all)
		return no_memory(m->err);
	m->titles_hit = all;
	all[m->title_hits++] = (struct title_hit){
		.title = f->title, .leg = LEG_TEXT, .weak = weak, .finding = m->finding->id,
		.object = m->finding->object, .as = kept(m, fold_seen(&m->fold, first, last)), .name = "",
		.episode = "", .cut = "", .first = CLOCK_NONE, .last = CLOCK_NONE,
	};
	return 0;
}

static int name_found(uint32_t form, size_t first, size_t last, void *data)
{
	struct matching *m = data;
	const struct name_form *f = &m->names.forms[form];
	const struct slice seen = fold_seen(&m->fold, first, last);
	const bool exact = name_exact(f, seen);
	struct name_hit *all;

	/* Of one entry in one line, the best form counts. */
	for (size_t i = m->name_hits; i-- > 0 && m->names_hit[i].finding == m->finding->id;) {
		struct name_hit *hit = &m->names_hit[i];
		const struct name_form *other = &m->names.forms[hit->form];

		if (other->entry != f->entry)
			continue;
		if (exact > hit->exact || (exact == hit->exact && strlen(f->text) > strlen(other->text)))
			*hit = (struct name_hit){ form, hit->finding, hit->object, kept(m, seen), exact };
		return 0;
	}
	if (m->name_hits >= HITS_MAX) {
		m->tally.lost++;
		return 0;
	}
	all = grown(m->names_hit, m->name_hits, &m->name_room, sizeof *all);
	if (!all)
		return no_memory(m->err);
	m->names_hit = all;
	all[m->name_hits++] = (struct name_hit){ form, m->finding->id, m->finding->object, kept(m, seen), exact };
	return 0;
}

static int take_text(const struct finding *finding, void *data)
{
	struct matching *m = data;
	/* Listing pages hold the paths themselves: no independent leg. */
	const bool placed = m->placed_n &&
			    bsearch(&finding->object, m->placed, m->placed_n, sizeof *m->placed, by_id);
	int r = fold_words(&m->fold, slice_text(finding->value), m->err);

	m->finding = finding;
	m->tally.lines++;
	if (m->tally.lines % 256 == 0)
		progress_step(m->progress, 256, (struct slice){ 0 });
	if (r == 0 && placed)
		r = titles_find(&m->titles, &m->fold, text_title_found, m);
	return r < 0 ? r : namelist_find(&m->names, &m->fold, name_found, m);
}

static int look_at_texts(struct matching *m)
{
	static const char *const kinds[] = { "text.line", "ocr.line", "meta.field" };
	int r = 0;

	progress_begin(m->progress, "matching text", 0);
	for (size_t i = 0; r == 0 && i < sizeof kinds / sizeof *kinds; i++) {
		const struct finding_filter filter = { .kind = kinds[i] };

		r = findings_each(m->cf, &filter, take_text, m, m->err);
	}
	progress_end(m->progress, NULL);
	return r;
}

/* ---------------------------------------------------------- findings -- */

static inline void json_decref_scoped(json_t **json)
{
	json_decref(*json);
}

static int add_finding(struct matching *m, const char *kind, int64_t object, const char *value,
		       const json_t *data, double certainty)
{
	scoped(memory_free) char *text = json_dumps(data, JSON_COMPACT | JSON_PRESERVE_ORDER);
	struct finding finding = { .run = m->run, .kind = kind, .object = object, .locator = "{}",
				   .value = value, .data = text, .certainty = certainty };
	int64_t id;

	return text ? finding_add(m->cf, &finding, &id, m->err) : no_memory(m->err);
}

static int add_leg(struct matching *m, const struct title_hit *hit)
{
	const struct title *title = &m->titles.all[hit->title];
	scoped(json_decref) json_t *data = json_pack(
		"{s:s, s:s, s:b, s:s}", "leg", leg_names[hit->leg], "as", hit->as, "weak", hit->weak, "path",
		hit->name);

	if (!data)
		return no_memory(m->err);
	if (hit->finding)
		(void)json_object_set_new(data, "finding", json_integer(hit->finding));
	if (hit->entry)
		(void)json_object_set_new(data, "entry", json_integer(hit->entry));
	if (hit->episode && *hit->episode)
		(void)json_object_set_new(data, "episode", json_string(hit->episode));
	if (hit->cut && *hit->cut)
		(void)json_object_set_new(data, "cut", json_string(hit->cut));
	return add_finding(m, "title.leg", hit->object, title->id, data, -1);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The different ones, sorted; empty ones left out. */
static json_t *distinct(const char **all, size_t n)
{
	json_t *list = json_array();

	if (n)
		qsort(all, n, sizeof *all, by_text);
	for (size_t i = 0; i < n; i++)
		if (*all[i] && (!i || strcmp(all[i], all[i - 1]) != 0) && json_array_size(list) < LIST_MAX)
			(void)json_array_append_new(list, json_string(all[i]));
	return list;
}

/* What was found of one title: these hits. */
struct found {
	const struct title_hit *hits;
	size_t n;
	uint64_t legs[2], strong[2];
	int64_t first, last;
};

static void count_legs(struct found *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct title_hit *hit = &f->hits[i];

		f->legs[hit->leg]++;
		f->strong[hit->leg] += !hit->weak;
		if (hit->first != CLOCK_NONE && (f->first == CLOCK_NONE || hit->first < f->first))
			f->first = hit->first;
		if (hit->last != CLOCK_NONE && (f->last == CLOCK_NONE || hit->last > f->last))
			f->last = hit->last;
	}
}

static int add_title(struct matching *m, const struct found *f)
{
	const struct title *title = &m->titles.all[f->hits->title];
	const bool claim = f->strong[LEG_PATH] && f->strong[LEG_TEXT];
	scoped(memory_free) const char **episodes = calloc(f->n, sizeof *episodes);
	scoped(memory_free) const char **cuts = calloc(f->n, sizeof *cuts);
	scoped(json_decref) json_t *data = NULL;
	char first[CLOCK_TEXT] = "", last[CLOCK_TEXT] = "";
	json_t *legs = json_array();

	if (!episodes || !cuts || !legs)
		return no_memory(m->err);
	for (size_t i = 0; i < f->n; i++) {
		episodes[i] = f->hits[i].episode;
		cuts[i] = f->hits[i].cut;
	}
	for (int leg = 0; leg < 2; leg++)
		if (f->strong[leg])
			(void)json_array_append_new(legs, json_string(leg_names[leg]));
	if (f->first != CLOCK_NONE) {
		clock_day(f->first, first);
		clock_day(f->last, last);
	}
	data = json_pack("{s:s, s:s, s:o, s:I, s:I, s:o, s:o, s:s, s:s, s:s, s:s}", "id", title->id, "status",
			 claim ? "claim" : "lead", "legs", legs, "in_paths", (json_int_t)f->legs[LEG_PATH],
			 "in_texts", (json_int_t)f->legs[LEG_TEXT], "episodes", distinct(episodes, f->n),
			 "cuts", distinct(cuts, f->n), "first", first, "last", last, "kind", title->kind,
			 "source", title->source);
	if (!data)
		return no_memory(m->err);
	m->tally.claims += claim;
	m->tally.leads += !claim;
	return add_finding(m, "title.match", 0, title->name, data, -1);
}

static int add_titles(struct matching *m)
{
	int r = 0;

	legs_merge(m);
	for (size_t i = 0; r == 0 && i < m->title_hits;) {
		struct found f = { .hits = &m->titles_hit[i], .first = CLOCK_NONE, .last = CLOCK_NONE };

		while (i < m->title_hits && m->titles_hit[i].title == f.hits->title) {
			i++;
			f.n++;
		}
		count_legs(&f);
		/* Weak words alone are not even a lead. */
		if (!f.strong[LEG_PATH] && !f.strong[LEG_TEXT])
			continue;
		for (size_t k = 0; r == 0 && k < f.n; k++)
			r = add_leg(m, &f.hits[k]);
		if (r == 0)
			r = add_title(m, &f);
	}
	return r;
}

static int add_name(struct matching *m, const struct name_hit *hit)
{
	const struct name_form *form = &m->names.forms[hit->form];
	const struct listed *entry = &m->names.entries[form->entry];
	const struct name_file *file = &m->names.files[entry->file];
	char hex[SHA256_HEX];
	json_t *data;
	int r;

	sha256_hex(&file->hash, hex);
	data = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I}", "list", entry->list, "entry",
			 entry->number, "date", file->date, "sha256", hex, "as", hit->as, "how",
			 hit->exact ? "exact" : "folded", "name", form->text, "quality",
			 name_quality_text(form->quality), "type", entry->type, "programme", entry->programme,
			 "finding", (json_int_t)hit->finding);
	if (!data)
		return no_memory(m->err);
	if (*form->source)
		(void)json_object_set_new(data, "spelling_source", json_string(form->source));
	m->tally.name_matches++;
	/* That the words stand there is sure; that a person's namesake is meant is not. */
	r = add_finding(m, "name.match", hit->object, entry->name, data,
			entry->individual ? 0.5 : hit->exact ? 0.95 : 0.9);
	json_decref(data);
	return r;
}

static int add_names(struct matching *m)
{
	scoped(memory_free) bool *entries = calloc(m->names.entry_count + 1, sizeof *entries);
	int r = entries ? 0 : no_memory(m->err);

	for (size_t i = 0; r == 0 && i < m->name_hits; i++) {
		entries[m->names.forms[m->names_hit[i].form].entry] = true;
		r = add_name(m, &m->names_hit[i]);
	}
	for (size_t i = 0; r == 0 && i < m->names.entry_count; i++)
		m->tally.listed_parties += entries[i];
	return r;
}

/* ---------------------------------------------------------- the whole -- */

static int begin(struct matching *m)
{
	scoped(json_decref) json_t *params = json_object();
	scoped(memory_free) char *text = NULL;
	struct run run = { .stage = "match", .tool = m->options->tool, .started = clock_now(), .replaces = true };
	int r;

	if (!params)
		return no_memory(m->err);
	if (m->options->profile)
		(void)json_object_set_new(params, "profile", json_string(m->options->profile));
	r = keep_lists(m, params);
	if (r < 0)
		return r;
	text = json_dumps(params, JSON_COMPACT | JSON_PRESERVE_ORDER);
	if (!text)
		return no_memory(m->err);
	run.params = text;
	return run_begin(m->cf, &run, &m->run, m->err);
}

static int match(struct matching *m)
{
	int r = titles_init(&m->titles, m->err);

	if (r == 0)
		r = read_lists(m);
	if (r == 0)
		r = look_at_paths(m);
	if (r == 0)
		r = look_at_texts(m);
	if (r == 0)
		r = begin(m);
	if (r == 0)
		r = add_titles(m);
	if (r == 0)
		r = add_names(m);
	if (r == 0)
		r = run_end(m->cf, m->run, m->err);
	return r < 0 ? r : casefile_seal(m->cf, "match", m->err);
}

int match_case(struct casefile *cf, const struct match_options *options, struct progress *progress,
	       struct match_tally *tally, struct err *err)
{
	struct matching m = { .cf = cf, .options = options, .progress = progress, .err = err,
			      .arena = arena_limited((size_t)1 << 30) };
	int r;

	namelist_init(&m.names);
	r = match(&m);
	if (r == 0 && tally)
		*tally = m.tally;
	titles_done(&m.titles);
	namelist_done(&m.names);
	fold_done(&m.fold);
	arena_done(&m.arena);
	free(m.titles_hit);
	free(m.names_hit);
	free(m.coded);
	free(m.captures);
	free(m.placed);
	return r;
}
