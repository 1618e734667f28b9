/* SPDX-License-Identifier: Apache-2.0 */
/* The chain, its signatures, and its copy in the database. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "casefile/verify.h"

#define LEDGER_MAX ((size_t)256 << 20)

/* One more at the end of an array; NULL when out of memory. */
static void *grow(void **array, size_t *count, size_t size)
{
	char *more = realloc(*array, (*count + 1) * size);

	if (!more)
		return NULL;
	*array = more;
	return more + (*count)++ * size;
}

static int take_piece(struct verify *v, json_t *json, uint64_t line)
{
	const char *segment = "", *hex = "";
	json_int_t from = 0, to = 0;
	struct sealed_piece piece = { .line = line }, *place;
	uint64_t number;

	if (json_unpack(json, "{s:s, s:I, s:I, s:s}", "segment", &segment, "from", &from, "to", &to,
			"sha256", &hex) < 0 ||
	    strlen(segment) != 10 || !slice_u64(slice_of(segment, 5), &number) || from < 0 ||
	    to < from || !sha256_from_hex(slice_text(hex), &piece.sha256)) {
		verify_fault(v, VERIFY_FAILED, "ledger/ledger.tsv line %" PRIu64
			     ": a sealed piece that is not understood", line);
		return 0;
	}
	piece.segment = (int64_t)number;
	piece.from = (uint64_t)from;
	piece.to = (uint64_t)to;
	place = grow((void **)&v->pieces, &v->piece_count, sizeof piece);
	if (!place)
		return -ERR_NO_MEMORY;
	*place = piece;
	return 0;
}

static int take_range(struct verify *v, json_t *json, uint64_t line)
{
	const char *table = "", *hex = "";
	json_int_t first = 0, last = 0;
	struct sealed_range range = { .line = line }, *place;

	if (json_unpack(json, "{s:s, s:I, s:I, s:s}", "table", &table, "first", &first, "last", &last,
			"sha256", &hex) < 0 ||
	    !sha256_from_hex(slice_text(hex), &range.sha256))
		table = "";
	for (range.table = 0; range.table < SEALED_TABLES; range.table++)
		if (strcmp(sealed_tables[range.table], table) == 0)
			break;
	if (range.table == SEALED_TABLES || first < 1 || last < first) {
		verify_fault(v, VERIFY_FAILED, "ledger/ledger.tsv line %" PRIu64
			     ": a sealed range of rows that is not understood", line);
		return 0;
	}
	range.first = first;
	range.last = last;
	place = grow((void **)&v->ranges, &v->range_count, sizeof range);
	if (!place)
		return -ERR_NO_MEMORY;
	*place = range;
	return 0;
}

static int take_file(struct verify *v, json_t *body, uint64_t line)
{
	const char *hex = json_string_value(json_object_get(body, "sha256"));
	struct sealed_file file = { .line = line }, *place;

	if (!hex || !sha256_from_hex(slice_text(hex), &file.sha256))
		return 0;
	place = grow((void **)&v->files, &v->file_count, sizeof file);
	if (!place)
		return -ERR_NO_MEMORY;
	*place = file;
	return 0;
}

static int take_body(struct verify *v, const struct ledger_line *line, uint64_t at)
{
	json_t *body = json_loadb(line->body.p, line->body.n, JSON_REJECT_DUPLICATES, NULL), *item;
	size_t i;
	int r = 0;

	if (!json_is_object(body))
		verify_fault(v, VERIFY_FAILED, "ledger/ledger.tsv line %" PRIu64
			     ": the body is no JSON object", at);
	if (slice_is(line->kind, "seal")) {
		json_array_foreach(json_object_get(body, "warc"), i, item)
			r = r < 0 ? r : take_piece(v, item, at);
		json_array_foreach(json_object_get(body, "rows"), i, item)
			r = r < 0 ? r : take_range(v, item, at);
	} else if (slice_is(line->kind, "intel")) {
		r = take_file(v, body, at);
	}
	json_decref(body);
	return r;
}

/* Which key must have signed: the one that is expected, else the one in
 * public.pem, else the one in the ledger itself (which then proves only that
 * one and the same signed all). */
static bool choose_key(struct verify *v, const char *expected, const struct ledger_line *created,
		       unsigned char key[32])
{
	scoped(memory_free) char *file = verify_file(v, "ledger/public.pem");
	scoped(buf_done) struct buf pem = buf_limited(4096);
	unsigned char from_pem[32], from_ledger[32];
	bool has_pem = false, has_ledger = false;
	json_t *body = created ? json_loadb(created->body.p, created->body.n, 0, NULL) : NULL;
	const char *hex = json_string_value(json_object_get(body, "key"));

	if (hex)
		has_ledger = key_from_hex(slice_text(hex), from_ledger);
	json_decref(body);
	if (!file || access(file, F_OK) < 0)
		verify_fault(v, VERIFY_UNVERIFIABLE, "ledger/public.pem is missing");
	else if (file_read(file, &pem, NULL) < 0 || !key_from_pem(buf_slice(&pem), from_pem))
		verify_fault(v, VERIFY_FAILED, "ledger/public.pem holds no Ed25519 key");
	else
		has_pem = true;
	if (expected && !key_from_hex(slice_text(expected), key))
		return false;
	if (!expected && has_pem)
		memcpy(key, from_pem, 32);
	else if (!expected && has_ledger)
		memcpy(key, from_ledger, 32);
	else if (!expected)
		return false;
	if (has_pem && memcmp(key, from_pem, 32) != 0)
		verify_fault(v, VERIFY_FAILED, "ledger/public.pem is not the key that is expected");
	if (has_ledger && memcmp(key, from_ledger, 32) != 0)
		verify_fault(v, VERIFY_FAILED, "the case was begun with another key than the one %s",
			     expected ? "that is expected" : "in ledger/public.pem");
	key_hex(key, v->out->key);
	return true;
}

/* What the database remembers of line n; 0: nothing, 1: this, -1: another. */
static int copy_says(struct verify *v, uint64_t n, const char *hash)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;

	if (!v->db || sqlite3_prepare_v2(v->db, "SELECT hash FROM ledger_copy WHERE n = ?1", -1, &stmt,
					 NULL) != SQLITE_OK)
		return 1;
	bind_int(stmt, 1, (int64_t)n);
	if (sqlite3_step(stmt) != SQLITE_ROW)
		return 0;
	return strcmp(column_text(stmt, 0), hash) == 0 ? 1 : -1;
}

struct chain {
	struct ledger_state state;
	unsigned char key[32];
	bool has_key, at_fault;      /* the line before was */
};

static int check_line(struct verify *v, struct chain *c, struct slice text, uint64_t at,
		      const char *expected, struct err *err)
{
	struct ledger_line line = { 0 };
	const struct sha256 hash = sha256_of(text);
	char previous[SHA256_HEX];
	const char *why;
	const uint64_t before = v->out->faults;
	int copy, r;

	memcpy(previous, c->state.head, sizeof previous);
	sha256_hex(&hash, c->state.head);
	if (!ledger_parse(text, &line, &why)) {
		verify_fault(v, VERIFY_FAILED, "ledger/ledger.tsv line %" PRIu64 ": %s", at, why);
		if (at == 1)
			c->has_key = choose_key(v, expected, NULL, c->key);
		c->at_fault = true;
		return 0;
	}
	if (at == 1)
		c->has_key = choose_key(v, expected, &line, c->key);
	if (line.n != at)
		verify_fault(v, VERIFY_FAILED, "ledger/ledger.tsv line %" PRIu64 " is entry %" PRIu64,
			     at, line.n);
	if ((at == 1) != slice_is(line.kind, "created"))
		verify_fault(v, VERIFY_FAILED, "ledger/ledger.tsv line %" PRIu64
			     ": how the case was made is line 1, and only that", at);
	if (c->has_key && !ledger_signed_by(&line, c->key))
		verify_fault(v, VERIFY_FAILED, "ledger/ledger.tsv line %" PRIu64
			     ": the signature does not hold", at);
	if (!c->at_fault && !slice_is(line.previous, previous))
		verify_fault(v, VERIFY_FAILED, "ledger/ledger.tsv line %" PRIu64
			     " does not follow the line before it", at);
	copy = copy_says(v, at, c->state.head);
	if (copy < 0 && v->out->faults == before)
		verify_fault(v, VERIFY_FAILED, "case.db: ledger_copy %" PRIu64
			     " is not the hash of ledger/ledger.tsv line %" PRIu64, at, at);
	if (copy == 0)
		verify_fault(v, at <= v->copied ? VERIFY_FAILED : VERIFY_UNVERIFIABLE,
			     "case.db: ledger_copy %" PRIu64 " is missing%s", at,
			     at <= v->copied ? "" : " (an interrupted run: run the command again to go on)");
	c->at_fault = v->out->faults != before;
	if (!ledger_apply(&c->state, &line) && !c->at_fault)
		verify_fault(v, VERIFY_FAILED, "ledger/ledger.tsv line %" PRIu64
			     ": a seal that does not follow the one before", at);
	r = take_body(v, &line, at);
	return r < 0 ? err_set(err, ERR_NO_MEMORY, "no memory for the ledger") : 0;
}

static uint64_t copies(struct verify *v)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;

	if (!v->db || sqlite3_prepare_v2(v->db, "SELECT max(n) FROM ledger_copy", -1, &stmt, NULL) !=
			      SQLITE_OK || sqlite3_step(stmt) != SQLITE_ROW)
		return 0;
	return (uint64_t)sqlite3_column_int64(stmt, 0);
}

int verify_ledger(struct verify *v, const char *key, struct err *err)
{
	scoped(memory_free) char *file = verify_file(v, "ledger/ledger.tsv");
	scoped(buf_done) struct buf all = buf_limited(LEDGER_MAX);
	unsigned char ignored[32];
	struct chain chain = { 0 };
	struct slice rest, text;
	uint64_t lines = 0;
	int r = 0;

	if (key && !key_from_hex(slice_text(key), ignored))
		return err_set(err, ERR_USAGE, "'%.80s' is no Ed25519 public key in hexadecimal", key);
	if (!file)
		return err_set(err, ERR_NO_MEMORY, "no memory for the ledger");
	v->copied = copies(v);
	if (file_read(file, &all, NULL) < 0) {
		verify_fault(v, VERIFY_FAILED, "ledger/ledger.tsv cannot be read");
		return 0;
	}
	rest = buf_slice(&all);
	(void)snprintf(chain.state.head, sizeof chain.state.head, "%064d", 0);
	while (r == 0 && slice_cut(&rest, '\n', &text))
		r = check_line(v, &chain, text, ++lines, key, err);
	v->out->ledger_entries = lines;
	memcpy(v->out->head, chain.state.head, sizeof v->out->head);
	ledger_state_done(&chain.state);
	if (r < 0)
		return r;
	if (v->copied > lines)
		verify_fault(v, VERIFY_FAILED, "ledger/ledger.tsv is cut: %" PRIu64
			     " entries were written, %" PRIu64 " are there", v->copied, lines);
	else if (rest.n)
		verify_fault(v, VERIFY_UNVERIFIABLE, "ledger/ledger.tsv line %" PRIu64
			     " is not whole (an interrupted run: run the command again to go on)",
			     lines + 1);
	if (lines == 0)
		verify_fault(v, VERIFY_FAILED, "ledger/ledger.tsv has no entry");
	return 0;
}
