/* SPDX-License-Identifier: Apache-2.0 */
#include "report/internal.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------ JSON members --- */

const char *member_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

int64_t member_number(const json_t *object, const char *name, int64_t otherwise)
{
	const json_t *value = json_object_get(object, name);

	return json_is_integer(value) ? (int64_t)json_integer_value(value) : otherwise;
}

double member_real(const json_t *object, const char *name, double otherwise)
{
	const json_t *value = json_object_get(object, name);

	return json_is_number(value) ? json_number_value(value) : otherwise;
}

const json_t *member_array(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_array(value) ? value : NULL;
}

const json_t *member_object(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_object(value) ? value : NULL;
}

/* ------------------------------------------------------------ memory --- */

int model_no_memory(struct err *err)
{
	return err_set(err, ERR_NO_MEMORY, "the case holds more than a report can (out of memory)");
}

char *model_text(struct model *m, const char *text)
{
	return arena_text(&m->arena, slice_text(text));
}

void *model_grow(struct model *m, void *array, size_t n, size_t *room, size_t item)
{
	const size_t more = *room ? *room * 2 : 16;
	void *grown;

	if (n < *room)
		return array;
	grown = arena_array(&m->arena, more, item);
	if (!grown)
		return NULL;
	if (n)
		memcpy(grown, array, n * item);
	*room = more;
	return grown;
}

int model_list_add(struct model *m, struct model_list *list, struct model_finding *f, struct err *err)
{
	struct model_finding **at = model_grow(m, list->at, list->n, &list->room, sizeof *at);

	if (!at)
		return model_no_memory(err);
	list->at = at;
	list->at[list->n++] = f;
	return 0;
}

/* A JSON object, or an empty one where the text is none. */
static json_t *object_read(const char *text)
{
	json_t *value = text ? json_loads(text, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL) : NULL;

	if (json_is_object(value))
		return value;
	json_decref(value);
	return json_object();
}

int model_keep(struct model *m, const struct finding *f, struct model_finding **out, struct err *err)
{
	struct model_finding **all = model_grow(m, m->all, m->all_n, &m->all_room, sizeof *all);
	struct model_finding *kept = arena_alloc(&m->arena, sizeof *kept);

	if (!all || !kept)
		return model_no_memory(err);
	m->all = all;
	*kept = (struct model_finding){
		.id = f->id,
		.run = f->run,
		.object = f->object,
		.kind = model_text(m, f->kind),
		.value = model_text(m, f->value ? f->value : ""),
		.certainty = f->certainty,
	};
	if (!kept->kind || !kept->value)
		return model_no_memory(err);
	kept->data = object_read(f->data);
	kept->locator = object_read(f->locator);
	m->all[m->all_n++] = kept;
	if (!kept->data || !kept->locator)
		return model_no_memory(err);
	*out = kept;
	return 0;
}

void model_free(struct model *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->all_n; i++) {
		json_decref(m->all[i]->data);
		json_decref(m->all[i]->locator);
	}
	for (size_t i = 0; i < m->runs_n; i++)
		json_decref(m->runs[i].params);
	arena_done(&m->arena);
	free(m);
}

/* ---------------------------------------------------------- custody --- */

static int take_source(const struct source *s, void *data)
{
	struct gather *g = data;
	struct model *m = g->m;
	size_t room = m->sources_n;      /* a handful: grown one by one */
	struct model_source *at = arena_array(&m->arena, room + 1, sizeof *at);

	if (!at)
		return model_no_memory(g->err);
	if (room)
		memcpy(at, m->sources, room * sizeof *at);
	at[m->sources_n++] = (struct model_source){
		.id = s->id,
		.kind = model_text(m, s->kind),
		.locator = model_text(m, s->locator),
		.scope = model_text(m, s->scope),
	};
	m->sources = at;
	return 0;
}

static bool says(const char *text, const char *word)
{
	return slice_find_nocase(slice_text(text), slice_text(word)) >= 0;
}

/* Does a body say that the clock was set, in whatever member? */
static bool body_clock_set(const json_t *body)
{
	const json_t *set = json_object_get(body, "clock_set");
	const char *clock = member_text(body, "clock");

	return json_is_true(set) || says(clock, "set");
}

static int take_ledger(const struct ledger_entry *e, void *data)
{
	struct gather *g = data;
	struct model *m = g->m;
	json_t *body = object_read(e->body);

	if (body_clock_set(body))
		m->clock_set = true;
	if (m->created == CLOCK_NONE)
		m->created = e->time;
	if (!*m->authority && *member_text(body, "authority"))
		m->authority = model_text(m, member_text(body, "authority"));
	if (!*m->public_key) {
		const char *key = member_text(body, "key");

		m->public_key = model_text(m, *key ? key : member_text(body, "public_key"));
	}
	json_decref(body);
	if (!m->authority || !m->public_key)
		return model_no_memory(g->err);

	/* A note about an earlier report does not change what is reported. */
	if (strcmp(e->kind, "report") == 0)
		return 0;
	m->entries = e->n;
	m->as_of = e->time;
	m->head = model_text(m, e->hash);
	return m->head ? 0 : model_no_memory(g->err);
}

static int take_run(const struct run *r, void *data)
{
	struct gather *g = data;
	struct model *m = g->m;
	struct model_run *at = arena_array(&m->arena, m->runs_n + 1, sizeof *at);

	if (!at)
		return model_no_memory(g->err);
	if (m->runs_n)
		memcpy(at, m->runs, m->runs_n * sizeof *at);
	m->runs = at;
	at[m->runs_n++] = (struct model_run){
		.id = r->id,
		.started = r->started,
		.stage = model_text(m, r->stage),
		.tool = model_text(m, r->tool),
		.params = object_read(r->params),
	};
	return 0;
}

int gather_custody(struct gather *g)
{
	struct model *m = g->m;
	int r;

	m->authority = m->public_key = m->head = m->synthetic_why = m->pictures_why = "";
	m->created = m->as_of = CLOCK_NONE;
	r = casefile_sources(g->cf, take_source, g, g->err);
	if (r >= 0)
		r = ledger_each(g->cf, take_ledger, g, g->err);
	if (r >= 0)
		r = runs_each(g->cf, take_run, g, g->err);
	if (r < 0)
		return r;
	/* Made-up material is to be said so by whoever authorised the case. */
	if (says(m->authority, "synthetic")) {
		m->synthetic = true;
		m->synthetic_why = "the authority stated for this case calls the material synthetic";
	}
	return 0;
}

/* --------------------------------------------------------- findings --- */

struct take_list {
	struct gather *g;
	struct model_list *list;
};

static int take_finding(const struct finding *f, void *data)
{
	const struct take_list *t = data;
	struct model_finding *kept;
	int r;

	if (t->list->total++ >= LIST_MAX)
		return 0;
	r = model_keep(t->g->m, f, &kept, t->g->err);
	if (r < 0)
		return r;
	return model_list_add(t->g->m, t->list, kept, t->g->err);
}

static int count_finding(const struct finding *f, void *data)
{
	(void)f;
	++*(uint64_t *)data;
	return 0;
}

static int take_verdict(const struct finding *f, void *data)
{
	const struct take_list *t = data;
	struct model *m = t->g->m;
	size_t i = 0;

	m->examined++;
	while (i < m->verdicts_n && strcmp(m->verdicts[i].verdict, f->value) != 0)
		i++;
	if (i == m->verdicts_n && i < sizeof m->verdicts / sizeof *m->verdicts) {
		m->verdicts[i].verdict = model_text(m, f->value);
		if (!m->verdicts[i].verdict)
			return model_no_memory(t->g->err);
		m->verdicts_n++;
	}
	if (i < m->verdicts_n)
		m->verdicts[i].objects++;
	return strcmp(f->value, "ok") == 0 ? 0 : take_finding(f, data);
}

int gather_findings(struct gather *g)
{
	struct model *m = g->m;
	const struct {
		const char *kind;
		struct model_list *list;
		int (*each)(const struct finding *, void *);
	} kinds[] = {
		{ "assess.claim", &m->claims, take_finding },
		{ "assess.observation", &m->observations, take_finding },
		{ "log.summary", &m->summaries, take_finding },
		{ "log.login", &m->logins, take_finding },
		{ "log.session", &m->sessions, take_finding },
		{ "log.origins", &m->origins, take_finding },
		{ "log.exchange", &m->exchanges, take_finding },
		{ "log.relay", &m->relays, take_finding },
		{ "pair.lines", &m->pairs, take_finding },
		{ "title.match", &m->titles, take_finding },
		{ "title.leg", &m->legs, take_finding },
		{ "name.match", &m->names, take_finding },
		{ "file.verdict", &m->unread, take_verdict },
	};
	struct finding_filter rejects = { .kind = "log.reject" };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const struct finding_filter filter = { .kind = kinds[i].kind };
		struct take_list take = { g, kinds[i].list };
		const int r = findings_each(g->cf, &filter, kinds[i].each, &take, g->err);

		if (r < 0)
			return r;
	}
	return findings_each(g->cf, &rejects, count_finding, &m->rejects, g->err);
}

int model_gather(struct casefile *cf, struct model **out, struct err *err)
{
	scoped(model_free) struct model *m = calloc(1, sizeof *m);
	struct gather g = { .m = m, .cf = cf, .err = err };
	int (*const parts[])(struct gather *) = {
		gather_custody, gather_findings, gather_sheet_rows, gather_days, gather_pictures, gather_evidence,
	};

	if (!m)
		return model_no_memory(err);
	m->arena = arena_limited(MODEL_BYTES_MAX);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const int r = parts[i](&g);

		if (r < 0)
			return err_prefix(err, r, "gathering the report");
	}
	*out = take_pointer(&m);
	return 0;
}
