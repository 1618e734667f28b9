/* SPDX-License-Identifier: Apache-2.0 */
/* The model as JSON: docs/formats/report.md specifies it. */
#include "base/clock.h"
#include "base/text.h"
#include "report/page.h"
#include "report/writers.h"

#include "report/model.h"

/* Keys are ours; values may be anybody's. */
static void key(struct buf *b, const char *name)
{
	if (b->n && b->p[b->n - 1] != '{' && b->p[b->n - 1] != '[')
		(void)buf_char(b, ',');
	(void)buf_printf(b, "\"%s\":", name);
}

static void text(struct buf *b, const char *name, const char *value)
{
	key(b, name);
	(void)text_json(b, slice_text(value));
}

static void number(struct buf *b, const char *name, uint64_t value)
{
	key(b, name);
	(void)buf_printf(b, "%" PRIu64, value);
}

static void truth(struct buf *b, const char *name, bool value)
{
	key(b, name);
	(void)buf_text(b, value ? "true" : "false");
}

static void when(struct buf *b, const char *name, int64_t time)
{
	char stamp[CLOCK_TEXT];

	key(b, name);
	clock_text(time, stamp);
	if (time == CLOCK_NONE)
		(void)buf_text(b, "null");
	else
		(void)text_json(b, slice_text(stamp));
}

/* Begin a value in an array or object. */
static void open(struct buf *b, char bracket)
{
	if (b->n && (b->p[b->n - 1] == '}' || b->p[b->n - 1] == ']'))
		(void)buf_char(b, ',');
	(void)buf_char(b, bracket);
}

static void json(struct buf *b, const char *name, const json_t *value)
{
	char *dumped = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

	key(b, name);
	(void)buf_text(b, dumped ? dumped : "null");
	free(dumped);
}

static void finding(struct buf *b, const struct model_finding *f)
{
	open(b, '{');
	number(b, "id", (uint64_t)f->id);
	number(b, "run", (uint64_t)f->run);
	text(b, "kind", f->kind);
	text(b, "value", f->value);
	if (f->object)
		number(b, "object", (uint64_t)f->object);
	json(b, "locator", f->locator);
	json(b, "data", f->data);
	if (f->certainty >= 0) {
		key(b, "certainty");
		(void)buf_printf(b, "%.6f", f->certainty);
	}
	(void)buf_char(b, '}');
}

static void findings(struct buf *b, const char *name, const struct model_list *list)
{
	key(b, name);
	(void)buf_text(b, "{\"total\":");
	(void)buf_printf(b, "%" PRIu64 ",\"shown\":[", list->total);
	for (size_t i = 0; i < list->n; i++)
		finding(b, list->at[i]);
	(void)buf_text(b, "]}");
}

static void custody(struct buf *b, const struct model *m)
{
	key(b, "custody");
	open(b, '{');
	text(b, "head", m->head);
	number(b, "entries", m->entries);
	text(b, "key", m->public_key);
	text(b, "authority", m->authority);
	when(b, "created", m->created);
	when(b, "as_of", m->as_of);
	truth(b, "clock_set", m->clock_set);
	truth(b, "synthetic", m->synthetic);
	(void)buf_char(b, '}');
}

static void sources(struct buf *b, const struct model *m)
{
	key(b, "sources");
	open(b, '[');
	for (size_t i = 0; i < m->sources_n; i++) {
		open(b, '{');
		number(b, "id", (uint64_t)m->sources[i].id);
		text(b, "kind", m->sources[i].kind);
		text(b, "locator", m->sources[i].locator);
		text(b, "scope", m->sources[i].scope);
		(void)buf_char(b, '}');
	}
	(void)buf_char(b, ']');
}

static void captures(struct buf *b, const struct model *m)
{
	key(b, "captures");
	open(b, '[');
	for (size_t i = 0; i < m->captures_n; i++) {
		const struct model_capture *c = &m->captures[i];

		open(b, '{');
		number(b, "id", (uint64_t)c->id);
		number(b, "source", (uint64_t)c->source);
		when(b, "started", c->started);
		when(b, "ended", c->ended);
		text(b, "state", c->state);
		text(b, "note", c->note);
		number(b, "seen", c->seen);
		number(b, "new", c->fresh);
		number(b, "changed", c->changed);
		number(b, "unchanged", c->unchanged);
		number(b, "vanished", c->vanished);
		number(b, "unknown", c->unknown);
		number(b, "failed", c->failed);
		(void)buf_char(b, '}');
	}
	(void)buf_char(b, ']');
}

static void names(struct buf *b, const char *name, const struct model_names *list)
{
	key(b, name);
	(void)buf_printf(b, "{\"total\":%" PRIu64 ",\"shown\":[", list->total);
	for (size_t i = 0; i < list->n; i++) {
		open(b, '{');
		text(b, "name", list->at[i].name);
		number(b, "entry", (uint64_t)list->at[i].entry);
		number(b, "object", (uint64_t)list->at[i].object);
		number(b, "size", list->at[i].size);
		if (*list->at[i].why)
			text(b, "why", list->at[i].why);
		(void)buf_char(b, '}');
	}
	(void)buf_text(b, "]}");
}

static void days(struct buf *b, const struct model *m)
{
	key(b, "days");
	open(b, '[');
	for (size_t i = 0; i < m->days_n; i++) {
		open(b, '{');
		text(b, "day", m->days[i].day);
		number(b, "captures", m->days[i].captures);
		number(b, "partial", m->days[i].partial);
		number(b, "seen", m->days[i].seen);
		number(b, "unchanged", m->days[i].unchanged);
		for (size_t k = 0; k < CHANGE_KINDS; k++)
			names(b, model_change_names[k], &m->days[i].changes[k]);
		(void)buf_char(b, '}');
	}
	(void)buf_char(b, ']');
}

static void numbers(struct buf *b, const char *name, const uint64_t *at, size_t n)
{
	key(b, name);
	(void)buf_char(b, '[');
	for (size_t i = 0; i < n; i++)
		(void)buf_printf(b, "%s%" PRIu64, i ? "," : "", at[i]);
	(void)buf_char(b, ']');
}

static void sheet(struct buf *b, const struct model *m)
{
	key(b, "sheet");
	open(b, '[');
	for (size_t i = 0; i < m->rows_n; i++) {
		open(b, '{');
		text(b, "title", m->rows[i].id);
		text(b, "name", m->rows[i].title);
		text(b, "episode", m->rows[i].episode);
		number(b, "files", m->rows[i].files);
		numbers(b, "new", m->rows[i].fresh, m->days_n);
		numbers(b, "changed", m->rows[i].changed, m->days_n);
		(void)buf_char(b, '}');
	}
	(void)buf_char(b, ']');
}

static void coverage(struct buf *b, const struct model *m)
{
	key(b, "coverage");
	open(b, '{');
	number(b, "objects", m->objects_total);
	number(b, "examined", m->examined);
	key(b, "verdicts");
	open(b, '{');
	for (size_t i = 0; i < m->verdicts_n; i++) {
		if (i)
			(void)buf_char(b, ',');
		(void)text_json(b, slice_text(m->verdicts[i].verdict));
		(void)buf_printf(b, ":%" PRIu64, m->verdicts[i].objects);
	}
	(void)buf_char(b, '}');
	findings(b, "unread", &m->unread);
	(void)buf_char(b, '}');
}

static void objects(struct buf *b, const struct model *m)
{
	key(b, "objects");
	(void)buf_printf(b, "{\"total\":%" PRIu64 ",\"shown\":[", m->objects_total);
	for (size_t i = 0; i < m->objects_n; i++) {
		const struct model_object *o = &m->objects[i];

		open(b, '{');
		number(b, "id", (uint64_t)o->id);
		text(b, "sha256", o->sha256);
		text(b, "name", o->name);
		text(b, "segment", o->segment);
		number(b, "offset", o->offset);
		number(b, "size", o->size);
		truth(b, "chunked", o->chunked);
		text(b, "truncated", o->truncated);
		when(b, "first_seen", o->seen);
		(void)buf_char(b, '}');
	}
	(void)buf_text(b, "]}");
}

static void runs(struct buf *b, const struct model *m)
{
	key(b, "runs");
	open(b, '[');
	for (size_t i = 0; i < m->runs_n; i++) {
		open(b, '{');
		number(b, "id", (uint64_t)m->runs[i].id);
		text(b, "stage", m->runs[i].stage);
		text(b, "tool", m->runs[i].tool);
		when(b, "started", m->runs[i].started);
		json(b, "params", m->runs[i].params);
		(void)buf_char(b, '}');
	}
	(void)buf_char(b, ']');
}

static int write(const struct model *m, struct buf *out, struct err *err)
{
	const struct {
		const char *name;
		const struct model_list *list;
	} lists[] = {
		{ "claims", &m->claims },     { "observations", &m->observations }, { "log_summaries", &m->summaries },
		{ "origins", &m->origins },   { "logins", &m->logins },             { "sessions", &m->sessions },
		{ "relays", &m->relays },     { "exchanges", &m->exchanges },       { "pairs", &m->pairs },
		{ "titles", &m->titles },     { "title_legs", &m->legs },           { "names", &m->names },
	};
	const struct model_list evidence = { m->evidence, m->evidence_n, 0, m->evidence_total };

	open(out, '{');
	text(out, "format", "xsheet-report-1");
	text(out, "tool", "xsheet " XSHEET_VERSION);
	custody(out, m);
	sources(out, m);
	captures(out, m);
	days(out, m);
	sheet(out, m);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		findings(out, lists[i].name, lists[i].list);
	number(out, "log_lines_rejected", m->rejects);
	coverage(out, m);
	findings(out, "evidence", &evidence);
	objects(out, m);
	runs(out, m);
	(void)buf_text(out, "}\n");
	return buf_broken(out) < 0 ? err_set(err, ERR_LIMIT, "the report would be larger than %u MB", REPORT_SIZE_MAX >> 20) : 0;
}

const struct report_writer report_writer_json = {
	.name = "json",
	.summary = "the same, for programs (docs/formats/report.md)",
	.suffix = ".json",
	.write = write,
};
