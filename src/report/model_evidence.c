/* SPDX-License-Identifier: Apache-2.0 */
/* What sentences, rows and pictures point to: findings, and the objects they
 * lie in. */
#include "report/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define LEGS_MAX 3000u               /* looked through for those that are shown */
#define PICTURES_LINES_MAX 300u     /* objects whose pairs are shown */

static int finding_order(const void *a, const void *b)
{
	const struct model_finding *x = *(struct model_finding *const *)a;
	const struct model_finding *y = *(struct model_finding *const *)b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* Among the first n, which are in order. */
static struct model_finding *held(const struct model *m, size_t n, int64_t id)
{
	struct model_finding key = { .id = id }, *at = &key, **found;

	if (!n)
		return NULL;
	found = bsearch(&at, m->all, n, sizeof(struct model_finding *), finding_order);
	return found ? *found : NULL;
}

/* --------------------------------------------------------- pictures --- */

/* Pictures before texts, later versions before earlier ones; in the case's
 * own order where nothing else decides. */
static int rank_order(const struct model_picture *x, const struct model_picture *y)
{
	if (!x->later != !y->later)
		return x->later ? 1 : -1;
	if (x->drawn != y->drawn)
		return x->drawn ? -1 : 1;
	return 0;
}

static int weight_order(const void *a, const void *b)
{
	const struct model_picture *x = a, *y = b;
	const int rank = rank_order(x, y);

	if (rank)
		return rank;
	if (x->weight < y->weight || x->weight > y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->object < y->object ? -1 : x->object > y->object;
}

/* By path: so production by production, cut by cut. */
static int name_order(const void *a, const void *b)
{
	const struct model_picture *x = a, *y = b;
	int r = rank_order(x, y);

	if (!r)
		r = strcmp(x->name, y->name);
	if (r)
		return r;
	return x->object < y->object ? -1 : x->object > y->object;
}

/* As the lines were read: from top to bottom. */
static int pair_order(const void *a, const void *b)
{
	const struct model_finding *x = *(struct model_finding *const *)a;
	const struct model_finding *y = *(struct model_finding *const *)b;
	const int64_t i = member_number(x->data, "a", 0), j = member_number(y->data, "a", 0);

	if (i != j)
		return i < j ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

struct take_lines {
	struct gather *g;
	struct model_picture *picture;
};

static int take_line(const struct finding *f, void *data)
{
	const struct take_lines *t = data;
	struct model_finding *kept;
	int r;

	t->picture->drawn = true;
	if (t->picture->lines.total++ >= 400)
		return 0;
	r = model_keep(t->g->m, f, &kept, t->g->err);
	return r < 0 ? r : model_list_add(t->g->m, &t->picture->lines, kept, t->g->err);
}

static int group_pairs(struct gather *g)
{
	struct model *m = g->m;
	size_t room = 0;

	for (size_t i = 0; i < m->pairs.n; i++) {
		struct model_finding *pair = m->pairs.at[i];
		struct model_picture *grown, *p = NULL;
		int r;

		/* Pairs of one object come together, or nearly so. */
		for (size_t k = m->pictures_n; k-- > 0 && !p;)
			if (m->pictures[k].object == pair->object)
				p = &m->pictures[k];
		if (!p) {
			grown = model_grow(m, m->pictures, m->pictures_n, &room, sizeof *grown);
			if (!grown)
				return model_no_memory(g->err);
			m->pictures = grown;
			p = &grown[m->pictures_n++];
			*p = (struct model_picture){ .object = pair->object, .name = "", .why = "" };
		}
		/* Boxes are in pictures only. */
		p->drawn = p->drawn || member_array(pair->data, "a_box");
		p->weight += pair->certainty > 0 ? pair->certainty : 0;
		p->pairs.total++;
		r = model_list_add(m, &p->pairs, pair, g->err);
		if (r < 0)
			return r;
	}
	return 0;
}

struct take_name {
	struct model *m;
	const char *name;
};

static int take_name(const struct object *o, void *data)
{
	struct take_name *t = data;

	t->name = model_text(t->m, o->name ? o->name : "");
	return 0;
}

static int name_pictures(struct gather *g)
{
	struct model *m = g->m;

	for (size_t i = 0; i < m->pictures_n; i++) {
		struct take_name take = { m, "" };
		const int r = object_get(g->cf, m->pictures[i].object, take_name, &take, g->err);

		if (r < 0 && r != -ERR_NOT_FOUND)
			return r;
		if (!take.name)
			return model_no_memory(g->err);
		m->pictures[i].name = take.name;
		if (m->pictures[i].pairs.n)
			qsort(m->pictures[i].pairs.at, m->pictures[i].pairs.n, sizeof(struct model_finding *), pair_order);
	}
	return 0;
}

/* Versions of one path: the last one kept stands for the others. */
static void fold_versions(struct model *m)
{
	if (m->pictures_n)
		qsort(m->pictures, m->pictures_n, sizeof *m->pictures, name_order);
	for (size_t i = 0, last; i < m->pictures_n; i = last + 1) {
		last = i;
		while (*m->pictures[i].name && last + 1 < m->pictures_n && m->pictures[last + 1].drawn == m->pictures[i].drawn &&
		       strcmp(m->pictures[last + 1].name, m->pictures[i].name) == 0)
			last++;
		m->pictures[last].earlier = last - i;
		for (size_t k = i; k < last; k++)
			m->pictures[k].later = m->pictures[last].object;
	}
}

int gather_pictures(struct gather *g)
{
	struct model *m = g->m;
	size_t shown = 0, texts;
	int r = group_pairs(g);

	if (r >= 0)
		r = name_pictures(g);
	if (r < 0)
		return r;
	fold_versions(m);
	if (m->pictures_n)
		qsort(m->pictures, m->pictures_n, sizeof *m->pictures, weight_order);
	for (size_t i = 0; i < m->pictures_n && i < PICTURES_LINES_MAX; i++) {
		const struct finding_filter filter = { .kind = "ocr.line", .object = m->pictures[i].object };
		struct take_lines take = { g, &m->pictures[i] };

		r = findings_each(g->cf, &filter, take_line, &take, g->err);
		if (r < 0)
			return r;
	}
	/* Again: now it is known which ones are pictures. */
	if (m->pictures_n)
		qsort(m->pictures, m->pictures_n, sizeof *m->pictures, weight_order);
	while (shown < m->pictures_n && shown < PICTURES_SHOWN && m->pictures[shown].drawn && !m->pictures[shown].later)
		shown++;
	if (shown)
		qsort(m->pictures, shown, sizeof *m->pictures, name_order);
	/* Texts take little room: all in order of name. */
	for (texts = shown; texts < m->pictures_n && m->pictures[texts].drawn && !m->pictures[texts].later;)
		texts++;
	if (texts < m->pictures_n)
		qsort(&m->pictures[texts], m->pictures_n - texts, sizeof *m->pictures, name_order);
	return 0;
}

/* --------------------------------------------------------- evidence --- */

struct refs {
	struct ref {
		int64_t id;
		size_t order;
	} *at;
	size_t n, room;
};

static int ref_id(const void *a, const void *b)
{
	const struct ref *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static int ref_order(const void *a, const void *b)
{
	const struct ref *x = a, *y = b;

	return x->order < y->order ? -1 : x->order > y->order;
}

static int refer(struct gather *g, struct refs *refs, int64_t id)
{
	struct ref *grown;

	if (id <= 0)
		return 0;
	grown = model_grow(g->m, refs->at, refs->n, &refs->room, sizeof *grown);
	if (!grown)
		return model_no_memory(g->err);
	refs->at = grown;
	grown[refs->n] = (struct ref){ id, refs->n };
	refs->n++;
	return 0;
}

/* The finding itself, and whatever ids its data names. */
static int refer_finding(struct gather *g, struct refs *refs, const struct model_finding *f, size_t max)
{
	static const char *const singles[] = { "finding", "a", "b" };
	static const char *const arrays[] = { "findings", "legs" };
	int r = refer(g, refs, f->id);

	for (size_t i = 0; i < sizeof singles / sizeof *singles && r >= 0; i++)
		r = refer(g, refs, member_number(f->data, singles[i], 0));
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays && r >= 0; i++) {
		const json_t *array = member_array(f->data, arrays[i]), *item;
		size_t k;

		json_array_foreach(array, k, item) {
			if (k == max || r < 0)
				break;
			if (json_is_integer(item))
				r = refer(g, refs, (int64_t)json_integer_value(item));
		}
	}
	return r;
}

static int refer_list(struct gather *g, struct refs *refs, const struct model_list *list, size_t max, size_t each)
{
	int r = 0;

	for (size_t i = 0; i < list->n && i < max && r >= 0; i++)
		r = refer_finding(g, refs, list->at[i], each);
	return r;
}

/* The first few legs of each title that say the same thing. */
static int refer_legs(struct gather *g, struct refs *refs)
{
	const struct model_list *legs = &g->m->legs;
	int r = 0;

	for (size_t i = 0; i < legs->n && i < LEGS_MAX && r >= 0; i++) {
		const struct model_finding *leg = legs->at[i];
		unsigned same = 0;

		for (size_t k = 0; k < i && same < 3; k++)
			same += strcmp(legs->at[k]->value, leg->value) == 0 &&
				strcmp(member_text(legs->at[k]->data, "leg"), member_text(leg->data, "leg")) == 0 &&
				strcmp(member_text(legs->at[k]->data, "as"), member_text(leg->data, "as")) == 0;
		if (same < 3)
			r = refer_finding(g, refs, leg, 0);
	}
	return r;
}

static int refer_all(struct gather *g, struct refs *refs)
{
	struct model *m = g->m;
	const struct {
		const struct model_list *list;
		size_t max, each;
	} lists[] = {
		{ &m->observations, 200, 200 }, { &m->relays, 20, 50 },   { &m->names, 300, 20 },
		{ &m->titles, 200, 50 },        { &m->summaries, 20, 0 }, { &m->origins, 100, 50 },
		{ &m->logins, 500, 0 },         { &m->exchanges, 100, 20 },
	};
	int r = 0;

	for (size_t i = 0; i < sizeof lists / sizeof *lists && r >= 0; i++)
		r = refer_list(g, refs, lists[i].list, lists[i].max, lists[i].each);
	for (size_t i = 0; i < m->pictures_n && i < PICTURES_LINES_MAX && r >= 0; i++)
		r = refer_list(g, refs, &m->pictures[i].pairs, 50, 0);
	return r < 0 ? r : refer_legs(g, refs);
}

static int take_evidence(const struct finding *f, void *data)
{
	struct gather *g = data;
	struct model_finding *kept;
	int r = model_keep(g->m, f, &kept, g->err);

	if (r < 0)
		return r;
	g->m->evidence[g->m->evidence_n++] = kept;
	return 0;
}

static int take_evidence_list(struct gather *g, struct refs *refs)
{
	struct model *m = g->m;
	const size_t held_n = m->all_n;
	size_t n = 0;

	if (refs->n)
		qsort(refs->at, refs->n, sizeof *refs->at, ref_id);
	for (size_t i = 0; i < refs->n; i++)
		if (!i || refs->at[i].id != refs->at[i - 1].id)
			refs->at[n++] = refs->at[i];
	m->evidence_total = n;
	if (n)
		qsort(refs->at, n, sizeof *refs->at, ref_order);
	if (n > EVIDENCE_MAX)
		n = EVIDENCE_MAX;
	if (m->all_n)
		qsort(m->all, m->all_n, sizeof(struct model_finding *), finding_order);
	m->evidence = arena_array(&m->arena, n + 1, sizeof(struct model_finding *));
	if (!m->evidence)
		return model_no_memory(g->err);
	for (size_t i = 0; i < n; i++) {
		struct model_finding *f = held(m, held_n, refs->at[i].id);
		int r = 0;

		if (f)
			m->evidence[m->evidence_n++] = f;
		else
			r = finding_get(g->cf, refs->at[i].id, take_evidence, g, g->err);
		if (r < 0 && r != -ERR_NOT_FOUND)
			return r;
	}
	if (m->evidence_n)
		qsort(m->evidence, m->evidence_n, sizeof(struct model_finding *), finding_order);
	return 0;
}

/* ---------------------------------------------------------- objects --- */

static int id_order(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static int64_t first_seen(const struct gather *g, int64_t object)
{
	size_t low = 0, high = g->firsts_n;

	while (low < high) {
		const size_t middle = (low + high) / 2;

		if (g->firsts[middle].object < object)
			low = middle + 1;
		else
			high = middle;
	}
	return low < g->firsts_n && g->firsts[low].object == object ? g->firsts[low].time : CLOCK_NONE;
}

static int take_object(const struct object *o, void *data)
{
	struct gather *g = data;
	struct model *m = g->m;
	char hex[SHA256_HEX];

	sha256_hex(&o->sha256, hex);
	m->objects[m->objects_n] = (struct model_object){
		.id = o->id,
		.sha256 = model_text(m, hex),
		.segment = model_text(m, o->segment),
		.name = model_text(m, o->name ? o->name : ""),
		.truncated = model_text(m, o->truncated ? o->truncated : ""),
		.size = o->size,
		.record = o->record,
		.offset = o->offset,
		.seen = first_seen(g, o->id),
		.chunked = o->chunked,
	};
	m->objects_n++;
	return 0;
}

static int count_object(const struct object *o, void *data)
{
	(void)o;
	++*(uint64_t *)data;
	return 0;
}

static int take_objects(struct gather *g)
{
	struct model *m = g->m;
	const size_t most = m->evidence_n + m->pictures_n + m->unread.n;
	int64_t *ids = arena_array(&m->arena, most + 1, sizeof *ids);
	size_t n = 0;

	m->objects = arena_array(&m->arena, most + 1, sizeof *m->objects);
	if (!ids || !m->objects)
		return model_no_memory(g->err);
	for (size_t i = 0; i < m->evidence_n; i++)
		ids[n++] = m->evidence[i]->object;
	for (size_t i = 0; i < m->pictures_n && i < PICTURES_LINES_MAX; i++)
		ids[n++] = m->pictures[i].object;
	for (size_t i = 0; i < m->unread.n && i < 500; i++)
		ids[n++] = m->unread.at[i]->object;
	if (n)
		qsort(ids, n, sizeof *ids, id_order);
	for (size_t i = 0; i < n; i++) {
		int r;

		if (ids[i] <= 0 || (i && ids[i] == ids[i - 1]))
			continue;
		r = object_get(g->cf, ids[i], take_object, g, g->err);
		if (r < 0 && r != -ERR_NOT_FOUND)
			return r;
	}
	for (size_t i = 0; i < m->evidence_n; i++) {
		const struct model_object *o = model_object(m, m->evidence[i]->object);

		if (o)
			m->objects[o - m->objects].findings++;
	}
	return objects_each(g->cf, count_object, &m->objects_total, g->err);
}

int gather_evidence(struct gather *g)
{
	struct refs refs = { 0 };
	int r = refer_all(g, &refs);

	if (r >= 0)
		r = take_evidence_list(g, &refs);
	return r < 0 ? r : take_objects(g);
}

const struct model_finding *model_evidence(const struct model *m, int64_t id)
{
	struct model_finding key = { .id = id }, *at = &key, **found;

	if (!m->evidence_n)
		return NULL;
	found = bsearch(&at, m->evidence, m->evidence_n, sizeof(struct model_finding *), finding_order);
	return found ? *found : NULL;
}

const struct model_object *model_object(const struct model *m, int64_t id)
{
	size_t low = 0, high = m->objects_n;

	while (low < high) {
		const size_t middle = (low + high) / 2;

		if (m->objects[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < m->objects_n && m->objects[low].id == id ? &m->objects[low] : NULL;
}
