/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/profile.h"

#include <dirent.h>
#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>

#include "assess/sqlhead.h"
#include "base/fd.h"
#include "base/place.h"

#define FILE_MAX ((size_t)1 << 20)
#define HYPOTHESES_LEAST 3

void profile_done(struct profile *p)
{
	arena_done(&p->arena);
	free(p->observations);
	*p = (struct profile){ 0 };
}

/* ------------------------------------------------------------- YAML -- */

struct yaml {
	struct profile *profile;
	const char *path;
	struct fy_document *document;
	struct err *err;
};

/* Any scalar in a node, to say where it is. */
static struct fy_node *some_scalar(struct fy_node *node)
{
	void *at = NULL;

	for (int depth = 0; node && depth < 16 && !fy_node_is_scalar(node); depth++) {
		at = NULL;
		if (fy_node_is_mapping(node)) {
			struct fy_node_pair *pair = fy_node_mapping_iterate(node, &at);

			node = pair ? fy_node_pair_key(pair) : NULL;
		} else {
			node = fy_node_sequence_iterate(node, &at);
		}
	}
	return node;
}

static int yaml_line(struct fy_node *node)
{
	struct fy_node *scalar = some_scalar(node);
	struct fy_token *token = scalar ? fy_node_get_scalar_token(scalar) : NULL;
	const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;

	return mark ? mark->line + 1 : 1;
}

static int yaml_fail(const struct yaml *y, struct fy_node *node, const char *what, const char *why)
{
	return err_set(y->err, ERR_FAILED, "%s:%d: %s%s%s", y->path, yaml_line(node), what,
		       *what ? ": " : "", why);
}

static void yaml_close_scoped(struct yaml *y)
{
	fy_document_destroy(y->document);
}

/* Collected messages do not reach the terminal; the first becomes ours. */
static int yaml_open(struct yaml *y, struct slice bytes, struct err *err)
{
	struct fy_diag_cfg diag_config;
	struct fy_parse_cfg config = { .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG };
	struct fy_diag_error *first;
	void *at = NULL;
	int r = 0;

	fy_diag_cfg_default(&diag_config);
	config.diag = fy_diag_create(&diag_config);
	if (!config.diag)
		return err_set(err, ERR_NO_MEMORY, "no memory for '%s'", y->path);
	fy_diag_set_collect_errors(config.diag, true);
	y->err = err;
	y->document = fy_document_build_from_string(&config, bytes.p ? bytes.p : "", bytes.n);
	first = fy_diag_errors_iterate(config.diag, &at);
	if (first)
		r = err_set(err, ERR_FAILED, "%s:%d: %s", y->path, first->line + (first->line >= 0),
			    first->msg ? first->msg : "not YAML");
	else if (!y->document || !fy_document_root(y->document) ||
		 !fy_node_is_mapping(fy_document_root(y->document)))
		r = err_set(err, ERR_FAILED, "%s:1: not a YAML mapping", y->path);
	fy_diag_destroy(config.diag);
	return r;
}

static struct fy_node *yaml_key(struct fy_node *mapping, const char *key)
{
	return fy_node_mapping_lookup_by_string(mapping, key, (size_t)-1);
}

static struct slice yaml_scalar(struct fy_node *node)
{
	size_t n = 0;
	const char *p = node && fy_node_is_scalar(node) ? fy_node_get_scalar(node, &n) : NULL;

	return slice_trim(slice_of(p, p ? n : 0));
}

/* A text that must be there, or with `fallback` may be left out. */
static int yaml_text(const struct yaml *y, struct fy_node *mapping, const char *key,
		     const char *fallback, const char **out)
{
	struct fy_node *node = yaml_key(mapping, key);
	struct slice text = yaml_scalar(node);

	if (!text.n && (node || !fallback))
		return yaml_fail(y, node ? node : mapping, key, "a text is needed");
	*out = arena_text(&y->profile->arena, text.n ? text : slice_text(fallback));
	return *out ? 0 : err_set(y->err, ERR_NO_MEMORY, "no memory for '%s'", y->path);
}

/* Only these keys. */
static int yaml_known(const struct yaml *y, struct fy_node *mapping, const char *const *keys)
{
	struct fy_node_pair *pair;
	void *at = NULL;

	if (!fy_node_is_mapping(mapping))
		return yaml_fail(y, mapping, "", "a mapping is needed");
	while ((pair = fy_node_mapping_iterate(mapping, &at))) {
		struct slice key = yaml_scalar(fy_node_pair_key(pair));
		size_t i = 0;

		while (keys[i] && !slice_is(key, keys[i]))
			i++;
		if (!keys[i])
			return err_set(y->err, ERR_FAILED, "%s:%d: unknown key '%.*s'", y->path,
				       yaml_line(fy_node_pair_key(pair)), SLICE_F(key));
	}
	return 0;
}

/* ---------------------------------------------------- profile.yaml ---- */

static int read_caps(const struct yaml *y, struct fy_node *caps)
{
	struct profile *p = y->profile;
	struct fy_node_pair *pair;
	void *at = NULL;

	if (!caps || !fy_node_is_mapping(caps))
		return yaml_fail(y, fy_document_root(y->document), "caps", "a mapping is needed");
	while ((pair = fy_node_mapping_iterate(caps, &at))) {
		uint64_t cap;

		if (p->kind_count == COMBINE_KINDS_MAX)
			return yaml_fail(y, caps, "caps", "too many kinds");
		if (!slice_u64(yaml_scalar(fy_node_pair_value(pair)), &cap) || cap < 2 || cap > 1000)
			return yaml_fail(y, fy_node_pair_key(pair), "caps", "a whole number from 2 to 1000 is needed");
		p->kinds[p->kind_count] = arena_text(&p->arena, yaml_scalar(fy_node_pair_key(pair)));
		if (!p->kinds[p->kind_count])
			return err_set(y->err, ERR_NO_MEMORY, "no memory for '%s'", y->path);
		p->caps[p->kind_count++] = (double)cap;
	}
	return 0;
}

static int read_profile(const struct yaml *y)
{
	static const char *const keys[] = { "name", "summary", "caps", "damping", "doubt", NULL };
	struct fy_node *root = fy_document_root(y->document);
	struct range damping = { 0.3, 0.3 }, doubt = { 0.05, 0.05 };
	struct fy_node *node = yaml_key(root, "damping"), *doubted = yaml_key(root, "doubt");
	int r = yaml_known(y, root, keys);

	if (r == 0)
		r = yaml_text(y, root, "name", NULL, &y->profile->name);
	if (r == 0)
		r = yaml_text(y, root, "summary", NULL, &y->profile->summary);
	if (r == 0)
		r = read_caps(y, yaml_key(root, "caps"));
	if (r == 0 && node && !range_parse(yaml_scalar(node), &damping))
		return yaml_fail(y, node, "damping", "a number above 0 and below 1 is needed");
	if (r == 0 && doubted && !range_parse(yaml_scalar(doubted), &doubt))
		return yaml_fail(y, doubted, "doubt", "a number above 0 and below 1 is needed");
	y->profile->damping = damping.low;
	y->profile->doubt = doubt.low;
	return r;
}

/* -------------------------------------------------- hypotheses.yaml --- */

static int read_kind(const struct yaml *y, struct fy_node *mapping, enum hypothesis_kind *out)
{
	static const char *const names[] = {
		[HYPOTHESIS_ACTOR] = "actor", [HYPOTHESIS_ALTERNATIVE] = "alternative",
		[HYPOTHESIS_INNOCENT] = "innocent", [HYPOTHESIS_PLANTED] = "planted",
	};
	struct slice kind = yaml_scalar(yaml_key(mapping, "kind"));

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_is(kind, names[i])) {
			*out = (enum hypothesis_kind)i;
			return 0;
		}
	return yaml_fail(y, mapping, "kind", "one of actor, alternative, innocent, planted is needed");
}

static int read_hypothesis(const struct yaml *y, struct fy_node *node, struct hypothesis *h)
{
	static const char *const keys[] = { "id", "kind", "text", "claim", "prior", "because",
					    "would_change", NULL };
	int r = yaml_known(y, node, keys);
	const char *fallback;

	if (r == 0)
		r = yaml_text(y, node, "id", NULL, &h->id);
	if (r == 0)
		r = yaml_text(y, node, "text", NULL, &h->text);
	if (r == 0)
		r = yaml_text(y, node, "because", NULL, &h->because);
	if (r == 0)
		r = read_kind(y, node, &h->kind);
	if (r < 0)
		return r;
	fallback = h->kind == HYPOTHESIS_ACTOR ? NULL : "";
	r = yaml_text(y, node, "claim", fallback, &h->claim);
	if (r == 0)
		r = yaml_text(y, node, "would_change", fallback, &h->would_change);
	if (r < 0)
		return r;
	if (h->kind == HYPOTHESIS_ACTOR && slice_find(slice_text(h->claim), SLICE("{term}")) < 0)
		return yaml_fail(y, node, "claim", "\"{term}\" must stand in it");
	if (!range_parse(yaml_scalar(yaml_key(node, "prior")), &h->prior))
		return yaml_fail(y, node, "prior", "a range above 0 and below 1 is needed: 0.1..0.4");
	return 0;
}

static bool hypothesis_known(const struct profile *p, const char *id)
{
	for (size_t q = 0; q < p->question_count; q++)
		for (size_t h = 0; h < p->questions[q].hypothesis_count; h++)
			if (strcmp(p->questions[q].hypotheses[h].id, id) == 0)
				return true;
	return false;
}

static int check_question(const struct yaml *y, struct fy_node *node, const struct question *q)
{
	bool innocent = false, planted = false;

	for (size_t h = 0; h < q->hypothesis_count; h++) {
		innocent = innocent || q->hypotheses[h].kind == HYPOTHESIS_INNOCENT;
		planted = planted || q->hypotheses[h].kind == HYPOTHESIS_PLANTED;
		for (size_t k = 0; k < h; k++)
			if (strcmp(q->hypotheses[h].id, q->hypotheses[k].id) == 0)
				return yaml_fail(y, node, q->id, "two hypotheses with one id");
		if (hypothesis_known(y->profile, q->hypotheses[h].id))
			return yaml_fail(y, node, q->id, "a hypothesis's id is used in another question");
	}
	if (q->hypothesis_count < HYPOTHESES_LEAST)
		return yaml_fail(y, node, q->id, "at least three hypotheses are needed");
	if (!innocent || !planted)
		return yaml_fail(y, node, q->id, "an innocent and a planted hypothesis are needed");
	return 0;
}

static int read_question(const struct yaml *y, struct fy_node *node)
{
	static const char *const keys[] = { "id", "question", "not_borne", "hypotheses", NULL };
	struct profile *p = y->profile;
	struct question *q = &p->questions[p->question_count];
	struct fy_node *list, *item;
	void *at = NULL;
	int r = yaml_known(y, node, keys);

	if (p->question_count == QUESTIONS_MAX)
		return yaml_fail(y, node, "", "too many questions");
	*q = (struct question){ 0 };
	if (r == 0)
		r = yaml_text(y, node, "id", NULL, &q->id);
	if (r == 0)
		r = yaml_text(y, node, "question", NULL, &q->text);
	if (r == 0)
		r = yaml_text(y, node, "not_borne", NULL, &q->not_borne);
	if (r < 0)
		return r;
	list = yaml_key(node, "hypotheses");
	if (!list || !fy_node_is_sequence(list))
		return yaml_fail(y, node, "hypotheses", "a list is needed");
	while (r == 0 && (item = fy_node_sequence_iterate(list, &at))) {
		if (q->hypothesis_count == COMBINE_HYPOTHESES_MAX)
			return yaml_fail(y, item, q->id, "too many hypotheses");
		r = read_hypothesis(y, item, &q->hypotheses[q->hypothesis_count++]);
	}
	if (r == 0)
		r = check_question(y, node, q);
	p->question_count += r == 0;
	return r;
}

static int observation_named(const struct yaml *y, struct fy_node *node, size_t *out)
{
	const struct profile *p = y->profile;

	for (size_t i = 0; i < p->observation_count; i++)
		if (slice_is(yaml_scalar(node), p->observations[i].id)) {
			*out = i;
			return 0;
		}
	return yaml_fail(y, node, "", "no observation has this id");
}

static int observation_list(const struct yaml *y, struct fy_node *list, size_t *out, size_t *n)
{
	struct fy_node *item;
	void *at = NULL;

	if (!list)
		return 0;
	if (!fy_node_is_sequence(list))
		return yaml_fail(y, list, "", "a list of observations is needed");
	while ((item = fy_node_sequence_iterate(list, &at))) {
		int r;

		if (*n == STATEMENT_LIST_MAX)
			return yaml_fail(y, item, "", "too many observations");
		r = observation_named(y, item, &out[(*n)++]);
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_statement(const struct yaml *y, struct fy_node *node)
{
	static const char *const keys[] = { "id", "kind", "text", "when", "with", "unless", "would_change",
					    NULL };
	struct statement *s = &y->profile->statements[y->profile->statement_count];
	int r = yaml_known(y, node, keys);

	if (y->profile->statement_count == STATEMENTS_MAX)
		return yaml_fail(y, node, "", "too many statements");
	*s = (struct statement){ 0 };
	if (r == 0)
		r = yaml_text(y, node, "id", NULL, &s->id);
	if (r == 0)
		r = yaml_text(y, node, "kind", NULL, &s->kind);
	if (r == 0)
		r = yaml_text(y, node, "text", NULL, &s->text);
	if (r == 0)
		r = yaml_text(y, node, "would_change", NULL, &s->would_change);
	if (r == 0 && strcmp(s->kind, "absence") != 0 && strcmp(s->kind, "undetermined") != 0)
		return yaml_fail(y, node, "kind", "absence or undetermined is needed");
	if (r == 0)
		r = observation_list(y, yaml_key(node, "when"), s->when, &s->when_count);
	if (r == 0)
		r = observation_list(y, yaml_key(node, "with"), s->with, &s->with_count);
	if (r == 0)
		r = observation_list(y, yaml_key(node, "unless"), s->unless, &s->unless_count);
	if (r == 0 && !s->when_count)
		return yaml_fail(y, node, "when", "a list of observations is needed");
	y->profile->statement_count += r == 0;
	return r;
}

static int read_list(const struct yaml *y, const char *key,
		     int (*read)(const struct yaml *, struct fy_node *))
{
	struct fy_node *root = fy_document_root(y->document), *list = yaml_key(root, key), *item;
	void *at = NULL;
	int r = 0;

	if (!list || !fy_node_is_sequence(list))
		return yaml_fail(y, list ? list : root, key, "a list is needed");
	while (r == 0 && (item = fy_node_sequence_iterate(list, &at)))
		r = read(y, item);
	return r;
}

/* ------------------------------------------------ observations/ *.sql -- */

/* One line: remarks' dashes within a value become blanks. */
static const char *clean(struct arena *arena, struct slice value)
{
	char *text = arena_text(arena, value), *to = text;

	for (const char *from = text; from && *from;) {
		if (*from == '\n' || *from == '\r') {
			while (*from == '\n' || *from == '\r' || *from == '-' || *from == ' ')
				from++;
			*to++ = ' ';
		} else {
			*to++ = *from++;
		}
	}
	if (to)
		*to = '\0';
	return text;
}

static bool hypothesis_place(const struct profile *p, struct slice id, size_t *q, size_t *h)
{
	for (*q = 0; *q < p->question_count; ++*q)
		for (*h = 0; *h < p->questions[*q].hypothesis_count; ++*h)
			if (slice_is(id, p->questions[*q].hypotheses[*h].id))
				return true;
	return false;
}

static int take_likelihoods(struct profile *p, const struct sqlhead *head, const char *path,
			    struct observation *o, struct err *err)
{
	for (size_t i = 0; i < head->likelihood_count; i++) {
		const struct sqlhead_likelihood *l = &head->likelihood[i];
		size_t q, h;

		if (!hypothesis_place(p, l->hypothesis, &q, &h))
			return err_set(err, ERR_FAILED, "%s:%llu: no hypothesis is called '%.*s'", path,
				       (unsigned long long)l->line, SLICE_F(l->hypothesis));
		o->speaks[q] = true;
		if (l->of_absence) {
			o->absent[q][h] = l->range;
			continue;
		}
		o->seen[q][h] = l->range;
		if (!o->absent[q][h].low)
			o->absent[q][h] = (struct range){ 1 - l->range.high, 1 - l->range.low };
		o->because[q][h] = clean(&p->arena, l->because);
		if (!o->because[q][h])
			return err_set(err, ERR_NO_MEMORY, "no memory for '%s'", path);
	}
	for (size_t q = 0; q < p->question_count; q++)
		for (size_t h = 0; o->speaks[q] && h < p->questions[q].hypothesis_count; h++)
			if (!o->seen[q][h].low)
				return err_set(err, ERR_FAILED,
					       "%s:1: question '%s' needs a likelihood for '%s', too", path,
					       p->questions[q].id, p->questions[q].hypotheses[h].id);
	return 0;
}

static int place_kind_and_group(struct profile *p, const char *path, struct observation *o,
				struct err *err)
{
	while (o->cap < p->kind_count && strcmp(p->kinds[o->cap], o->kind) != 0)
		o->cap++;
	if (o->cap == p->kind_count)
		return err_set(err, ERR_FAILED, "%s:1: profile.yaml has no cap for the kind '%s'", path,
			       o->kind);
	o->group_number = p->observation_count;
	for (size_t i = p->observation_count; i-- > 0;) {
		if (strcmp(p->observations[i].group, o->group) == 0)
			o->group_number = p->observations[i].group_number;
		if (strcmp(p->observations[i].id, o->id) == 0)
			return err_set(err, ERR_FAILED, "%s:1: another file has the id '%s'", path, o->id);
	}
	return 0;
}

static int read_observation(struct profile *p, const char *path, struct slice bytes, struct err *err)
{
	struct observation *o = &p->observations[p->observation_count];
	scoped(memory_free) struct sqlhead *head = malloc(sizeof *head);
	int r;

	if (!head)
		return err_set(err, ERR_NO_MEMORY, "no memory for '%s'", path);
	if (p->observation_count == OBSERVATIONS_MAX)
		return err_set(err, ERR_LIMIT, "%s: more than %d observations", path, OBSERVATIONS_MAX);
	r = sqlhead_parse(bytes, path, head, err);
	if (r < 0)
		return r;
	*o = (struct observation){
		.id = clean(&p->arena, head->id), .meaning = clean(&p->arena, head->meaning),
		.unit = clean(&p->arena, head->unit), .group = clean(&p->arena, head->group),
		.kind = clean(&p->arena, head->kind), .needs = clean(&p->arena, head->needs),
		.missing = clean(&p->arena, head->missing), .sql = arena_text(&p->arena, head->sql),
		.missing_counts = head->missing_counts, .at_least = head->at_least,
	};
	if (!o->id || !o->meaning || !o->unit || !o->group || !o->kind || !o->needs || !o->missing || !o->sql)
		return err_set(err, ERR_NO_MEMORY, "no memory for '%s'", path);
	r = take_likelihoods(p, head, path, o, err);
	if (r == 0)
		r = place_kind_and_group(p, path, o, err);
	p->observation_count += r == 0;
	return r;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of the .sql files, in order; NULL at the end. */
static int sql_files(struct arena *arena, const char *folder, const char **names, size_t most,
		     struct err *err)
{
	DIR *d = opendir(folder);
	size_t n = 0;

	if (!d)
		return err_errno(err, "cannot read '%s'", folder);
	for (struct dirent *entry; (entry = readdir(d)) && n + 1 < most;) {
		struct slice name = slice_text(entry->d_name);

		if (name.p[0] != '.' && slice_ends(name, SLICE(".sql")))
			names[n++] = arena_text(arena, name);
	}
	(void)closedir(d);
	names[n] = NULL;
	for (size_t i = 0; i < n; i++)
		if (!names[i])
			return err_set(err, ERR_NO_MEMORY, "no memory for '%s'", folder);
	qsort(names, n, sizeof *names, by_name);
	return 0;
}

/* ---------------------------------------------------------- the whole -- */

/* Read one file of the profile; its bytes go into the profile's hash. */
static int file_of(struct profile *p, struct hasher *hasher, const char *name, struct buf *bytes,
		   const char **path, struct err *err)
{
	scoped(memory_free) char *joined = path_join(p->folder, name);
	int r;

	*path = joined ? arena_text(&p->arena, slice_text(joined)) : NULL;
	if (!*path)
		return err_set(err, ERR_NO_MEMORY, "no memory for '%s'", name);
	buf_clear(bytes);
	r = file_read(*path, bytes, err);
	if (r < 0)
		return r;
	hasher_add(hasher, slice_text(name));
	hasher_add(hasher, slice_of("", 1));
	hasher_add(hasher, buf_slice(bytes));
	return 0;
}

static int read_yaml_file(struct profile *p, struct hasher *hasher, const char *name,
			  int (*read)(const struct yaml *), struct err *err)
{
	scoped(buf_done) struct buf bytes = buf_limited(FILE_MAX);
	scoped(yaml_close) struct yaml y = { .profile = p };
	int r = file_of(p, hasher, name, &bytes, &y.path, err);

	if (r == 0)
		r = yaml_open(&y, buf_slice(&bytes), err);
	return r < 0 ? r : read(&y);
}

static int read_questions(const struct yaml *y)
{
	static const char *const keys[] = { "questions", "statements", NULL };
	const int r = yaml_known(y, fy_document_root(y->document), keys);

	return r < 0 ? r : read_list(y, "questions", read_question);
}

static int read_statements(const struct yaml *y)
{
	return read_list(y, "statements", read_statement);
}

static int read_observations(struct profile *p, struct hasher *hasher, struct err *err)
{
	scoped(memory_free) char *folder = path_join(p->folder, "observations");
	scoped(buf_done) struct buf bytes = buf_limited(FILE_MAX);
	const char *names[OBSERVATIONS_MAX + 2], *path;
	char name[512];
	int r;

	if (!folder)
		return err_set(err, ERR_NO_MEMORY, "no memory for '%s'", p->folder);
	r = sql_files(&p->arena, folder, names, OBSERVATIONS_MAX + 2, err);
	for (size_t i = 0; r == 0 && names[i]; i++) {
		(void)snprintf(name, sizeof name, "observations/%s", names[i]);
		r = file_of(p, hasher, name, &bytes, &path, err);
		if (r == 0)
			r = read_observation(p, path, buf_slice(&bytes), err);
	}
	return r;
}

static int profile_folder(struct profile *p, const char *name, struct err *err)
{
	scoped(memory_free) char *profiles = NULL;
	scoped(memory_free) char *folder = NULL;
	int r;

	if (strchr(name, '/')) {
		folder = strdup(name);
	} else {
		r = place_find(PLACE_PROFILES, &profiles, err);
		if (r < 0)
			return r;
		folder = path_join(profiles, name);
	}
	if (!folder)
		return err_set(err, ERR_NO_MEMORY, "no memory for '%s'", name);
	p->folder = arena_text(&p->arena, slice_text(folder));
	return p->folder ? 0 : err_set(err, ERR_NO_MEMORY, "no memory for '%s'", name);
}

int profile_read(const char *name, struct profile *out, struct err *err)
{
	scoped(hasher_free) struct hasher *hasher = hasher_new();
	struct profile p = { .arena = arena_limited(64u << 20) };
	int r;

	p.observations = calloc(OBSERVATIONS_MAX, sizeof *p.observations);
	if (!hasher || !p.observations) {
		profile_done(&p);
		return err_set(err, ERR_NO_MEMORY, "no memory for profile '%s'", name);
	}
	r = profile_folder(&p, name, err);
	if (r == 0)
		r = read_yaml_file(&p, hasher, "profile.yaml", read_profile, err);
	if (r == 0)
		r = read_yaml_file(&p, hasher, "hypotheses.yaml", read_questions, err);
	if (r == 0)
		r = read_observations(&p, hasher, err);
	if (r == 0)
		r = read_yaml_file(&p, hasher, "hypotheses.yaml", read_statements, err);
	if (r < 0) {
		profile_done(&p);
		return r;
	}
	p.hash = hasher_end(hasher);
	*out = p;
	return 0;
}
