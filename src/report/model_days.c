/* SPDX-License-Identifier: Apache-2.0 */
/* Captures, what appeared each day, and the exposure sheet made of it. */
#include "report/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

const char *const model_change_names[CHANGE_KINDS] = {
	"new", "changed", "vanished", "failed", "unknown",
};

/* ------------------------------------------------- rows of the sheet --- */

#define EPISODES_MAX 1000u      /* rows below titles */

static size_t title_row(const struct model *m, const char *id)
{
	for (size_t i = 0; i < m->rows_n; i++)
		if (!*m->rows[i].episode && strcmp(m->rows[i].id, id) == 0)
			return i;
	return SIZE_MAX;
}

/* An episode as text, whether it was written as text or as a number. */
static const char *episode_of(struct model *m, const json_t *data)
{
	const int64_t number = member_number(data, "episode", -1);
	char text[24];

	if (number < 0)
		return member_text(data, "episode");
	(void)snprintf(text, sizeof text, "%lld", (long long)number);
	return model_text(m, text);
}

static int row_order(const void *a, const void *b)
{
	const struct model_row *x = a, *y = b;
	int r;

	if (x->claim != y->claim)
		return x->claim ? -1 : 1;
	r = strcmp(x->title, y->title);
	if (!r)
		r = strcmp(x->id, y->id);
	if (!r && strlen(x->episode) != strlen(y->episode))
		return strlen(x->episode) < strlen(y->episode) ? -1 : 1;
	return r ? r : strcmp(x->episode, y->episode);
}

static size_t episode_row(const struct model *m, const char *id, const char *episode)
{
	for (size_t i = 0; i < m->rows_n; i++)
		if (strcmp(m->rows[i].id, id) == 0 && strcmp(m->rows[i].episode, episode) == 0)
			return i;
	return SIZE_MAX;
}

static int add_row(struct gather *g, size_t *room, const struct model_row *row)
{
	struct model_row *rows = model_grow(g->m, g->m->rows, g->m->rows_n, room, sizeof *rows);

	if (!rows)
		return model_no_memory(g->err);
	g->m->rows = rows;
	rows[g->m->rows_n++] = *row;
	return 0;
}

static int add_belongs(struct gather *g, const struct model_finding *leg, size_t title, size_t episode)
{
	const int64_t entry = member_number(leg->data, "entry", 0);
	struct belongs **array = entry ? &g->entries : &g->objects;
	size_t *n = entry ? &g->entries_n : &g->objects_n;
	size_t *room = entry ? &g->entries_room : &g->objects_room;
	struct belongs *grown;

	if (!entry && !leg->object)
		return 0;
	grown = model_grow(g->m, *array, *n, room, sizeof *grown);
	if (!grown)
		return model_no_memory(g->err);
	*array = grown;
	grown[(*n)++] = (struct belongs){ entry ? entry : leg->object, title, episode };
	return 0;
}

static int belongs_order(const void *a, const void *b)
{
	const struct belongs *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->title != y->title)
		return x->title < y->title ? -1 : 1;
	/* The one that names an episode first. */
	return x->episode < y->episode ? -1 : x->episode > y->episode;
}

int gather_sheet_rows(struct gather *g)
{
	struct model *m = g->m;
	size_t room = 0, episodes = 0;
	int r = 0;

	for (size_t i = 0; i < m->titles.n && r >= 0; i++) {
		const struct model_finding *t = m->titles.at[i];
		const struct model_row row = {
			.id = member_text(t->data, "id"),
			.title = t->value,
			.episode = "",
			.claim = strcmp(member_text(t->data, "status"), "claim") == 0,
		};

		r = add_row(g, &room, &row);
	}
	for (size_t i = 0; i < m->legs.n && r >= 0; i++) {
		const char *episode = episode_of(m, m->legs.at[i]->data);
		const size_t title = title_row(m, m->legs.at[i]->value);
		struct model_row row;

		if (!episode)
			return model_no_memory(g->err);
		if (title == SIZE_MAX || !*episode || episodes == EPISODES_MAX ||
		    episode_row(m, m->legs.at[i]->value, episode) != SIZE_MAX)
			continue;
		row = m->rows[title];
		row.episode = episode;
		r = add_row(g, &room, &row);
		episodes++;
	}
	if (r < 0)
		return r;
	if (m->rows_n)
		qsort(m->rows, m->rows_n, sizeof *m->rows, row_order);
	/* What belongs to no title has the last row. */
	r = add_row(g, &room, &(struct model_row){ .id = "", .title = "", .episode = "" });

	for (size_t i = 0; i < m->legs.n && r >= 0; i++) {
		const struct model_finding *leg = m->legs.at[i];
		const size_t title = title_row(m, leg->value);
		const char *episode = episode_of(m, leg->data);

		if (!episode)
			return model_no_memory(g->err);
		if (title != SIZE_MAX)
			r = add_belongs(g, leg, title, *episode ? episode_row(m, leg->value, episode) : SIZE_MAX);
	}
	if (r >= 0 && g->entries_n)
		qsort(g->entries, g->entries_n, sizeof *g->entries, belongs_order);
	if (r >= 0 && g->objects_n)
		qsort(g->objects, g->objects_n, sizeof *g->objects, belongs_order);
	return r;
}

static const struct belongs *belongs_find(const struct belongs *at, size_t n, int64_t key)
{
	size_t low = 0, high = n;

	while (low < high) {
		const size_t middle = (low + high) / 2;

		if (at[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return key && low < n && at[low].key == key ? &at[low] : NULL;
}

/* ----------------------------------------------------- days, changes --- */

struct take_change {
	struct gather *g;
	enum model_change_kind kind;
	struct model_capture *capture;      /* of the last change */
};

static int take_capture(const struct capture *c, void *data)
{
	struct gather *g = data;
	struct model *m = g->m;
	char day[CLOCK_TEXT];
	struct model_capture *captures = arena_array(&m->arena, m->captures_n + 1, sizeof *captures);
	bool is_place = true;
	size_t d = 0;

	/* A log is kept like a file, but it did not appear on the server. */
	for (size_t i = 0; i < m->sources_n; i++)
		if (m->sources[i].id == c->source)
			is_place = strcmp(m->sources[i].kind, "log") != 0;
	if (!captures)
		return model_no_memory(g->err);
	if (m->captures_n)
		memcpy(captures, m->captures, m->captures_n * sizeof *captures);
	m->captures = captures;
	clock_day(c->started, day);
	while (is_place && d < m->days_n && strcmp(m->days[d].day, day) != 0)
		d++;
	if (is_place && d == m->days_n) {
		struct model_day *days = arena_array(&m->arena, d + 1, sizeof *days);

		if (!days)
			return model_no_memory(g->err);
		if (d)
			memcpy(days, m->days, d * sizeof *days);
		m->days = days;
		days[d].day = model_text(m, day);
		m->days_n++;
	}
	captures[m->captures_n++] = (struct model_capture){
		.id = c->id,
		.source = c->source,
		.started = c->started,
		.ended = c->ended,
		.state = model_text(m, c->state),
		.note = model_text(m, c->note ? c->note : ""),
		.day = is_place ? d : SIZE_MAX,
		.seen = c->seen,
		.fresh = c->fresh,
		.changed = c->changed,
		.unchanged = c->unchanged,
		.vanished = c->vanished,
		.unknown = c->unknown,
		.failed = c->failed,
	};
	if (!is_place)
		return 0;
	m->days[d].captures++;
	m->days[d].seen += c->seen;
	m->days[d].unchanged += c->unchanged;
	if (strcmp(c->state, "complete") != 0)
		m->days[d].partial++;
	return 0;
}

static void count_cell(struct gather *g, enum model_change_kind kind, const struct change *c, size_t day)
{
	struct model *m = g->m;
	const struct belongs *b = belongs_find(g->entries, g->entries_n, c->entry);
	size_t rows[2] = { m->rows_n - 1, SIZE_MAX };

	if (!b)
		b = belongs_find(g->objects, g->objects_n, c->object);
	if (b) {
		rows[0] = b->title;
		rows[1] = b->episode;
	}
	for (size_t i = 0; i < 2; i++) {
		if (rows[i] == SIZE_MAX)
			continue;
		++*(kind == CHANGE_NEW ? &m->rows[rows[i]].fresh[day] : &m->rows[rows[i]].changed[day]);
		m->rows[rows[i]].files++;
	}
}

static int note_first(struct gather *g, int64_t object, int64_t time)
{
	struct first_seen *grown = model_grow(g->m, g->firsts, g->firsts_n, &g->firsts_room, sizeof *grown);

	if (!grown)
		return model_no_memory(g->err);
	g->firsts = grown;
	g->firsts[g->firsts_n++] = (struct first_seen){ object, time };
	return 0;
}

static int keep_name(struct gather *g, struct model_names *names, const struct change *c)
{
	struct model_change *grown = model_grow(g->m, names->at, names->n, &names->room, sizeof *grown);

	if (!grown)
		return model_no_memory(g->err);
	names->at = grown;
	grown[names->n] = (struct model_change){
		.entry = c->entry,
		.object = c->object,
		.name = model_text(g->m, c->name),
		.why = model_text(g->m, c->why ? c->why : ""),
		.size = c->size,
	};
	if (!grown[names->n].name || !grown[names->n].why)
		return model_no_memory(g->err);
	names->n++;
	return 0;
}

static int take_change(const struct change *c, void *data)
{
	struct take_change *t = data;
	struct model *m = t->g->m;
	struct model_names *names;
	struct model_day *day;
	int r;

	for (size_t i = 0; (!t->capture || t->capture->id != c->capture) && i < m->captures_n; i++)
		if (m->captures[i].id == c->capture)
			t->capture = &m->captures[i];
	if (!t->capture || t->capture->id != c->capture)
		return 0;
	if (c->object && (t->kind == CHANGE_NEW || t->kind == CHANGE_CHANGED)) {
		r = note_first(t->g, c->object, t->capture->started);
		if (r < 0)
			return r;
	}
	if (t->capture->day == SIZE_MAX)
		return 0;
	day = &m->days[t->capture->day];
	names = &day->changes[t->kind];
	names->total++;
	if (t->kind == CHANGE_NEW || t->kind == CHANGE_CHANGED) {
		count_cell(t->g, t->kind, c, t->capture->day);
		day->bytes_new += c->size;
	}
	return names->n < NAMES_MAX ? keep_name(t->g, names, c) : 0;
}

static int first_order(const void *a, const void *b)
{
	const struct first_seen *x = a, *y = b;

	if (x->object != y->object)
		return x->object < y->object ? -1 : 1;
	return x->time < y->time ? -1 : x->time > y->time;
}

int gather_days(struct gather *g)
{
	struct model *m = g->m;
	int r = captures_each(g->cf, 0, take_capture, g, g->err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < m->rows_n; i++) {
		m->rows[i].fresh = arena_array(&m->arena, m->days_n + 1, sizeof(uint64_t));
		m->rows[i].changed = arena_array(&m->arena, m->days_n + 1, sizeof(uint64_t));
		if (!m->rows[i].fresh || !m->rows[i].changed)
			return model_no_memory(g->err);
	}
	for (int kind = 0; kind < CHANGE_KINDS; kind++) {
		struct take_change take = { .g = g, .kind = (enum model_change_kind)kind };

		r = changes_each(g->cf, 0, model_change_names[kind], take_change, &take, g->err);
		if (r < 0)
			return r;
	}
	if (g->firsts_n)
		qsort(g->firsts, g->firsts_n, sizeof *g->firsts, first_order);
	return 0;
}
