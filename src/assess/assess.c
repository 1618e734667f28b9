/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/assess.h"

#include <stdio.h>
#include <stdlib.h>

#include "assess/internal.h"
#include "assess/lint.h"
#include "base/text.h"

#define PERSONS_MAX 1024

struct assessment {
	struct casefile *cf;
	const struct assess_options *options;
	const struct profile *profile;
	struct looked *looked;
	struct assess_tally *tally;
	struct arena arena;
	const char *persons[PERSONS_MAX + 1];
	size_t person_count;
	uint64_t lines, objects;
	int64_t run;
	struct err *err;
};

static inline void json_decref_scoped(json_t **json)
{
	json_decref(*json);
}

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NO_MEMORY, "no memory for the assessment");
}

/* {term}, {lines} and {objects} filled in. */
static const char *fill(struct assessment *a, const char *template, const char *term)
{
	scoped(buf_done) struct buf out = buf_limited(64 << 10);
	struct slice rest = slice_text(template);

	while (rest.n) {
		if (slice_starts(rest, SLICE("{term}"))) {
			(void)buf_text(&out, term);
			rest = slice_skip(rest, 6);
		} else if (slice_starts(rest, SLICE("{lines}"))) {
			(void)buf_printf(&out, "%llu", (unsigned long long)a->lines);
			rest = slice_skip(rest, 7);
		} else if (slice_starts(rest, SLICE("{objects}"))) {
			(void)buf_printf(&out, "%llu", (unsigned long long)a->objects);
			rest = slice_skip(rest, 9);
		} else {
			(void)buf_char(&out, rest.p[0]);
			rest = slice_skip(rest, 1);
		}
	}
	return buf_broken(&out) ? NULL : arena_text(&a->arena, buf_slice(&out));
}

static json_t *finding_ids(const struct looked *l)
{
	json_t *ids = json_array();

	for (size_t i = 0; ids && i < l->finding_count; i++)
		(void)json_array_append_new(ids, json_integer(l->findings[i]));
	return ids;
}

/* Rounded, so that a case reads the same on every machine. */
static json_t *real(double x)
{
	return json_real((double)(long)(x * 10000 + (x < 0 ? -0.5 : 0.5)) / 10000);
}

static int add_finding(struct assessment *a, const char *kind, const char *value, const json_t *data,
		       int64_t *id)
{
	scoped(memory_free) char *text = json_dumps(data, JSON_COMPACT | JSON_PRESERVE_ORDER);
	struct finding finding = { .run = a->run, .kind = kind, .locator = "{}", .value = value,
				   .data = text, .certainty = -1 };

	return text ? finding_add(a->cf, &finding, id, a->err) : no_memory(a->err);
}

/* ------------------------------------------------- what was looked for */

static json_t *under_hypotheses(const struct profile *p, const struct observation *o,
				const struct looked *l)
{
	json_t *all = json_object();

	for (size_t q = 0; q < p->question_count; q++)
		for (size_t h = 0; o->speaks[q] && h < p->questions[q].hypothesis_count; h++) {
			const struct range r = l->looked && !l->seen ? o->absent[q][h] : o->seen[q][h];

			(void)json_object_set_new(all, p->questions[q].hypotheses[h].id,
						  json_pack("{s:o, s:o, s:s}", "low", real(r.low), "high",
							    real(r.high), "why", o->because[q][h]));
		}
	return all;
}

static int add_observation(struct assessment *a, size_t i)
{
	const struct observation *o = &a->profile->observations[i];
	struct looked *l = &a->looked[i];
	const char *state = !l->looked ? "not looked for" : l->seen ? "seen" : "not seen";
	scoped(json_decref) json_t *data = json_pack(
		"{s:s, s:s, s:I, s:I, s:s, s:I, s:s, s:s, s:s, s:s, s:o, s:o}", "id", o->id, "state", state,
		"count", (json_int_t)l->rows, "groups", (json_int_t)l->groups, "unit", o->unit, "at_least",
		(json_int_t)o->at_least, "group", o->group, "kind", o->kind, "needs", o->needs, "missing",
		o->missing, "findings", finding_ids(l), "hypotheses", under_hypotheses(a->profile, o, l));

	if (!data)
		return no_memory(a->err);
	a->tally->observations++;
	a->tally->seen += l->seen;
	a->tally->not_looked += !l->looked;
	return add_finding(a, "assess.observation", o->meaning, data, &l->finding);
}

/* ---------------------------------------------------------- claims ---- */

static json_t *claim_observations(const struct assessment *a, const struct weighed *w)
{
	json_t *all = json_array();

	for (size_t i = 0; i < w->input.item_count; i++) {
		const struct observation *o = &a->profile->observations[w->item_of[i]];
		const struct looked *l = &a->looked[w->item_of[i]];
		double mid, half;

		combine_llr(&w->input, i, w->best, w->alternative, &mid, &half);
		(void)json_array_append_new(
			all, json_pack("{s:s, s:I, s:b, s:I, s:s, s:s, s:o, s:[o,o]}", "id", o->id, "finding",
				       (json_int_t)l->finding, "seen", l->seen, "groups",
				       (json_int_t)l->groups, "group", o->group, "kind", o->kind, "findings",
				       finding_ids(l), "llr", real(mid - half), real(mid + half)));
	}
	return all;
}

/* What counts when it is missing and was not seen, and what nobody looked for. */
static json_t *not_found(const struct assessment *a, size_t q)
{
	json_t *all = json_array();
	char text[1024];

	for (size_t i = 0; i < a->profile->observation_count; i++) {
		const struct observation *o = &a->profile->observations[i];
		const struct looked *l = &a->looked[i];

		if (!o->speaks[q] || l->seen)
			continue;
		(void)snprintf(text, sizeof text, "%s: %s (%s)", o->meaning,
			       l->looked ? "looked for and not found" : "not looked for, since a stage has not run",
			       l->looked ? o->missing : o->needs);
		(void)json_array_append_new(all, json_string(text));
	}
	return all;
}

static json_t *ranges(const struct question *question, const struct weighed *w)
{
	json_t *all = json_object();

	for (size_t h = 0; h < question->hypothesis_count; h++) {
		char term[TERM_MAX];

		term_for(w->range[h], term);
		(void)json_object_set_new(all, question->hypotheses[h].id,
					  json_pack("{s:o, s:o, s:s, s:s}", "low", real(w->range[h].low), "high",
						    real(w->range[h].high), "term", term, "text",
						    question->hypotheses[h].text));
	}
	return all;
}

static size_t evidence_count(const struct assessment *a, const struct weighed *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->input.item_count; i++)
		n += a->looked[w->item_of[i]].seen ? a->looked[w->item_of[i]].finding_count : 0;
	return n;
}

static void carrier_text(const struct assessment *a, const struct weighed *w, char *out, size_t size)
{
	char term[TERM_MAX], percent[PERCENT_MAX];

	if (w->carrier >= w->input.item_count) {
		(void)snprintf(out, size, "No single observation carries it.");
		return;
	}
	term_for(w->without, term);
	percent_text(w->without, percent);
	(void)snprintf(out, size, "%s (%s): without it the range is %s (%s).",
		       a->profile->observations[w->item_of[w->carrier]].meaning,
		       a->profile->observations[w->item_of[w->carrier]].id, percent, term);
}

static int add_claim(struct assessment *a, size_t q, const struct weighed *w)
{
	const struct question *question = &a->profile->questions[q];
	const struct hypothesis *h = &question->hypotheses[w->best];
	const struct hypothesis *other = &question->hypotheses[w->alternative];
	const struct range range = w->range[w->best];
	char term[TERM_MAX], other_term[TERM_MAX], alternative[1024], carries[1024];
	const char *sentence;
	int64_t id;
	int r;

	term_for(range, term);
	term_for(w->range[w->alternative], other_term);
	(void)snprintf(alternative, sizeof alternative, "That %s (%s).", other->text, other_term);
	carrier_text(a, w, carries, sizeof carries);
	sentence = fill(a, h->claim, term);
	if (!sentence)
		return no_memory(a->err);
	{
		const char *texts[] = { sentence, alternative, carries, w->why, h->would_change, NULL };
		const struct lint_claim lint = {
			.id = question->id, .texts = texts, .weighed = true, .low = range.low,
			.high = range.high, .evidence = evidence_count(a, w), .actor = true,
			.alternative = alternative, .persons = a->persons,
			.persons_allowed = a->options->persons_allowed,
		};

		r = lint_claim(&lint, a->err);
	}
	if (r == 0) {
		scoped(json_decref) json_t *data = json_pack(
			"{s:s, s:s, s:b, s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:I}",
			"id", question->id, "status", "claim", "asserted", 1, "question", question->text, "hypothesis", h->text,
			"hypothesis_id", h->id, "term", term, "low", real(range.low), "high", real(range.high),
			"confidence", w->confidence, "confidence_why", w->why, "carries", carries,
			"alternative", alternative, "would_change", h->would_change, "not_found",
			not_found(a, q), "observations", claim_observations(a, w), "hypotheses",
			ranges(question, w), "groups", (json_int_t)w->groups);

		if (!data)
			return no_memory(a->err);
		a->tally->claims++;
		r = add_finding(a, "assess.claim", sentence, data, &id);
	}
	return r;
}

static int add_not_borne(struct assessment *a, size_t q, const struct weighed *w)
{
	const struct question *question = &a->profile->questions[q];
	const char *texts[] = { question->not_borne, NULL };
	const struct lint_claim lint = { .id = question->id, .texts = texts, .persons = a->persons,
					 .persons_allowed = a->options->persons_allowed };
	scoped(json_decref) json_t *data = json_pack(
		"{s:s, s:s, s:b, s:s, s:o, s:o, s:o, s:I}", "id", question->id, "status", "not borne", "asserted", 0,
		"question", question->text, "not_found", not_found(a, q), "observations", claim_observations(a, w),
		"hypotheses", ranges(question, w), "groups", (json_int_t)w->groups);
	int64_t id;
	int r = lint_claim(&lint, a->err);

	if (!data)
		return no_memory(a->err);
	a->tally->not_borne++;
	return r < 0 ? r : add_finding(a, "assess.claim", question->not_borne, data, &id);
}

static int add_statement(struct assessment *a, const struct statement *s)
{
	scoped(json_decref) json_t *data = NULL;
	const char *sentence = fill(a, s->text, "");
	const char *texts[] = { sentence, s->would_change, NULL };
	const struct lint_claim lint = { .id = s->id, .texts = texts, .persons = a->persons,
					 .persons_allowed = a->options->persons_allowed };
	json_t *rests = json_array();
	bool said = false, with = s->with_count == 0;
	int64_t id;
	int r;

	for (size_t i = 0; i < s->when_count; i++) {
		const struct looked *l = &a->looked[s->when[i]];

		said = said || l->seen;
		if (l->seen)
			(void)json_array_append_new(
				rests, json_pack("{s:s, s:I, s:b, s:I, s:o}", "id",
						 a->profile->observations[s->when[i]].id, "finding",
						 (json_int_t)l->finding, "seen", 1, "groups",
						 (json_int_t)l->groups, "findings", finding_ids(l)));
	}
	for (size_t i = 0; i < s->with_count; i++)
		with = with || a->looked[s->with[i]].seen;
	said = said && with;
	for (size_t i = 0; i < s->unless_count; i++)
		said = said && a->looked[s->unless[i]].looked && !a->looked[s->unless[i]].seen;
	data = json_pack("{s:s, s:s, s:b, s:s, s:o}", "id", s->id, "status", s->kind, "asserted", 0,
			 "would_change", s->would_change, "observations", rests);
	if (!said)
		return 0;
	if (!data || !sentence)
		return no_memory(a->err);
	r = lint_claim(&lint, a->err);
	if (r < 0)
		return r;
	a->tally->statements++;
	return add_finding(a, "assess.claim", sentence, data, &id);
}

/* ---------------------------------------------------------- the whole -- */

static int count_line(const struct finding *finding, void *data)
{
	(void)finding;
	++*(uint64_t *)data;
	return 0;
}

static int count_read(const struct finding *finding, void *data)
{
	*(uint64_t *)data += strcmp(finding->value, "ok") == 0 || strcmp(finding->value, "partial") == 0;
	return 0;
}

static int take_person(const struct finding *finding, void *data)
{
	struct assessment *a = data;
	scoped(json_decref) json_t *json = json_loads(finding->data, 0, NULL);
	const char *type = json_string_value(json_object_get(json, "type"));
	const char *as = json_string_value(json_object_get(json, "as"));

	if (!type || strcmp(type, "individual") != 0)
		return 0;
	if (a->person_count + 2 > PERSONS_MAX)
		return 0;
	a->persons[a->person_count] = arena_text(&a->arena, slice_text(finding->value));
	a->person_count += a->persons[a->person_count] != NULL;
	if (as && *as) {
		a->persons[a->person_count] = arena_text(&a->arena, slice_text(as));
		a->person_count += a->persons[a->person_count] != NULL;
	}
	return 0;
}

static int take_stock(struct assessment *a)
{
	const struct finding_filter texts = { .kind = "text.line" }, ocr = { .kind = "ocr.line" };
	const struct finding_filter verdicts = { .kind = "file.verdict" }, names = { .kind = "name.match" };
	int r = findings_each(a->cf, &texts, count_line, &a->lines, a->err);

	if (r == 0)
		r = findings_each(a->cf, &ocr, count_line, &a->lines, a->err);
	if (r == 0)
		r = findings_each(a->cf, &verdicts, count_read, &a->objects, a->err);
	if (r == 0)
		r = findings_each(a->cf, &names, take_person, a, a->err);
	return r;
}

static int begin(struct assessment *a)
{
	char hex[SHA256_HEX];
	scoped(memory_free) char *params = NULL;
	scoped(json_decref) json_t *json = NULL;
	struct run run = { .stage = "assess", .tool = a->options->tool, .replaces = true };

	sha256_hex(&a->profile->hash, hex);
	json = json_pack("{s:s, s:s, s:s}", "profile", a->profile->name, "sha256", hex, "summary",
			 a->profile->summary);
	params = json ? json_dumps(json, JSON_COMPACT) : NULL;
	if (!params)
		return no_memory(a->err);
	run.params = params;
	run.started = clock_now();
	return run_begin(a->cf, &run, &a->run, a->err);
}

static int assess(struct assessment *a, struct progress *progress)
{
	const struct profile *p = a->profile;
	scoped(memory_free) struct weighed *w = malloc(sizeof *w);
	int r = w ? take_stock(a) : no_memory(a->err);

	if (r == 0)
		r = look_all(a->cf, p, a->looked, progress, a->err);
	if (r == 0)
		r = begin(a);
	for (size_t i = 0; r == 0 && i < p->observation_count; i++)
		r = add_observation(a, i);
	for (size_t q = 0; r == 0 && q < p->question_count; q++) {
		weigh(p, q, a->looked, w);
		r = w->borne ? add_claim(a, q, w) : add_not_borne(a, q, w);
	}
	for (size_t i = 0; r == 0 && i < p->statement_count; i++)
		r = add_statement(a, &p->statements[i]);
	if (r == 0)
		r = run_end(a->cf, a->run, a->err);
	if (r == 0)
		r = casefile_seal(a->cf, "assess", a->err);
	return r;
}

int assess_case(struct casefile *cf, const struct assess_options *options, struct progress *progress,
		struct assess_tally *tally, struct err *err)
{
	scoped(profile_done) struct profile profile = { 0 };
	struct assess_tally count = { 0 };
	struct assessment a = { .cf = cf, .options = options, .profile = &profile, .tally = &count,
				.arena = arena_limited(64u << 20), .err = err };
	int r = profile_read(options->profile, &profile, err);

	if (r < 0)
		return r;
	a.looked = calloc(profile.observation_count + 1, sizeof *a.looked);
	r = a.looked ? assess(&a, progress) : no_memory(err);
	progress_end(progress, NULL);
	look_done(a.looked, profile.observation_count);
	arena_done(&a.arena);
	if (r == 0 && tally)
		*tally = count;
	return r;
}
