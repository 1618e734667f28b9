/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger: CASE/ledger/ledger.tsv, one line an entry,
 *
 *	n TAB time TAB kind TAB previous TAB body TAB signature
 *
 * previous: SHA-256 of the previous whole line without its line end;
 * signature: Ed25519 over all before the last TAB, in base64.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>

#include "casefile/internal.h"

#define LEDGER_MAX ((size_t)256 << 20)
#define LEDGER "ledger/ledger.tsv"

static const char no_head[] = "0000000000000000000000000000000000000000000000000000000000000000";

static bool is_word(struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!((text.p[i] >= 'a' && text.p[i] <= 'z') || text.p[i] == '-'))
			return false;
	return text.n > 0 && text.n <= 32;
}

bool ledger_parse(struct slice line, struct ledger_line *out, const char **why)
{
	struct ledger_line l = { .hash = sha256_of(line), .signed_part = line };
	struct slice n, time, hash;
	struct sha256 ignored;
	char canonical[32];
	size_t got;

	*why = "entry number";
	if (!slice_cut(&line, '\t', &n) || !slice_u64(n, &l.n))
		return false;
	(void)snprintf(canonical, sizeof canonical, "%" PRIu64, l.n);
	if (!slice_is(n, canonical))
		return false;

	*why = "time";
	if (!slice_cut(&line, '\t', &time) || !clock_parse(time, &l.time))
		return false;

	*why = "kind";
	if (!slice_cut(&line, '\t', &l.kind) || !is_word(l.kind))
		return false;

	*why = "previous hash";
	if (!slice_cut(&line, '\t', &l.previous) || !sha256_from_hex(l.previous, &ignored))
		return false;

	*why = "body";
	if (!slice_cut(&line, '\t', &l.body))
		return false;

	*why = "signature";
	hash = line;
	if (!base64_exact(hash, l.signature, sizeof l.signature, &got) || got != sizeof l.signature)
		return false;
	l.signed_part.n -= hash.n + 1;
	*why = "";
	*out = l;
	return true;
}

bool ledger_signed_by(const struct ledger_line *line, const unsigned char public[32])
{
	return crypto_sign_verify_detached(line->signature,
					   (const unsigned char *)line->signed_part.p,
					   line->signed_part.n, public) == 0;
}

void ledger_state_done(struct ledger_state *state)
{
	free(state->segments);
	*state = (struct ledger_state){ 0 };
}

static bool apply_piece(struct ledger_state *state, json_t *piece)
{
	const char *segment;
	json_int_t from, to;
	uint64_t number;

	if (json_unpack(piece, "{s:s, s:I, s:I}", "segment", &segment, "from", &from, "to", &to) < 0)
		return false;
	if (strlen(segment) < 6 || strcmp(segment + strlen(segment) - 5, ".warc") != 0 ||
	    !slice_u64(slice_of(segment, strlen(segment) - 5), &number) || number == 0 ||
	    number > 99999)
		return false;
	while (state->segment_count < number) {
		uint64_t *more = realloc(state->segments, (size_t)number * sizeof *more);

		if (!more)
			return false;
		state->segments = more;
		state->segments[state->segment_count++] = 0;
	}
	if (from < 0 || to < from || (uint64_t)from != state->segments[number - 1])
		return false;
	state->segments[number - 1] = (uint64_t)to;
	return true;
}

static bool apply_rows(struct ledger_state *state, json_t *range)
{
	const char *table;
	json_int_t first, last, count;

	if (json_unpack(range, "{s:s, s:I, s:I, s:I}", "table", &table, "first", &first, "last",
			&last, "count", &count) < 0)
		return false;
	for (int i = 0; i < SEALED_TABLES; i++) {
		if (strcmp(sealed_tables[i], table) != 0)
			continue;
		if (first != state->rows[i] + 1 || last < first || count != last - first + 1)
			return false;
		state->rows[i] = last;
		return true;
	}
	return false;
}

bool ledger_apply(struct ledger_state *state, const struct ledger_line *line)
{
	json_t *body, *item;
	size_t i;
	bool good = true;

	state->entries = line->n;
	sha256_hex(&line->hash, state->head);
	if (!slice_is(line->kind, "seal"))
		return true;
	body = json_loadb(line->body.p, line->body.n, JSON_REJECT_DUPLICATES, NULL);
	if (!body)
		return false;
	json_array_foreach(json_object_get(body, "warc"), i, item)
		good = good && apply_piece(state, item);
	json_array_foreach(json_object_get(body, "rows"), i, item)
		good = good && apply_rows(state, item);
	json_decref(body);
	return good;
}

static int write_line(uint64_t n, const char *kind, const char *previous, const char *body,
		      const struct signing_key *key, struct buf *out, struct err *err)
{
	unsigned char signature[64];
	char time[CLOCK_TEXT], text[128];

	clock_text(clock_now(), time);
	(void)buf_printf(out, "%" PRIu64 "\t%s\t%s\t%s\t%s", n, time, kind, previous, body);
	if (buf_broken(out))
		return err_set(err, ERR_NO_MEMORY, "no memory for a ledger entry");
	(void)crypto_sign_detached(signature, NULL, (const unsigned char *)out->p, out->n,
				   key->secret);
	(void)sodium_bin2base64(text, sizeof text, signature, sizeof signature,
				sodium_base64_VARIANT_ORIGINAL);
	(void)buf_char(out, '\t');
	(void)buf_text(out, text);
	(void)buf_char(out, '\n');
	if (buf_broken(out))
		return err_set(err, ERR_NO_MEMORY, "no memory for a ledger entry");
	return 0;
}

int ledger_first(const char *body, const struct signing_key *key, struct buf *out,
		 struct err *err)
{
	return write_line(1, "created", no_head, body, key, out, err);
}

static int copy_line(struct casefile *cf, uint64_t n, const char *hash, struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_get(cf, "INSERT INTO ledger_copy (n, hash) VALUES (?1, ?2)", &stmt, err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, (int64_t)n);
	bind_text(stmt, 2, hash);
	return db_run(cf, stmt, err);
}

/* A line, or nothing: a half-written one is cut off again. */
static int append_line(int fd, struct slice line, struct err *err)
{
	const off_t end = lseek(fd, 0, SEEK_END);
	int r;

	if (end < 0)
		return err_errno(err, "cannot write the ledger");
	r = fd_write_at(fd, end, line, LEDGER, err);
	if (r == 0 && fdatasync(fd) < 0)
		r = err_errno(err, "cannot sync the ledger");
	if (r < 0)
		(void)!ftruncate(fd, end);
	return r;
}

int ledger_append(struct casefile *cf, const char *kind, const char *body, struct err *err)
{
	scoped(buf_done) struct buf line = buf_limited(64 << 20);
	scoped(memory_free) char *path = casefile_file(cf, LEDGER, err);
	scoped(fd_close) int fd = -1;
	struct ledger_line parsed;
	const char *why;
	int r;

	if (!path)
		return -ERR_NO_MEMORY;
	fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return err_errno(err, "cannot write '%s'", path);
	r = write_line(cf->ledger.entries + 1, kind, cf->ledger.head, body, &cf->key, &line, err);
	if (r < 0)
		return r;
	if (!ledger_parse(slice_head(buf_slice(&line), line.n - 1), &parsed, &why))
		return err_set(err, ERR_FAILED, "the ledger takes no such entry: %s", why);
	r = append_line(fd, buf_slice(&line), err);
	if (r < 0)
		return r;
	if (!ledger_apply(&cf->ledger, &parsed))
		return err_set(err, ERR_FAILED, "the ledger entry is not understood");
	return copy_line(cf, cf->ledger.entries, cf->ledger.head, err);
}

/* ---- opening */

/* Row digests that a crash lost: written again, if the rows are as sealed. */
static int catch_up_rows(struct casefile *cf, const struct ledger_line *line, struct err *err)
{
	json_t *body = json_loadb(line->body.p, line->body.n, 0, NULL), *range;
	size_t i;
	int r = 0;

	json_array_foreach(json_object_get(body, "rows"), i, range) {
		const char *table = json_string_value(json_object_get(range, "table"));
		const char *hex = json_string_value(json_object_get(range, "sha256"));
		struct sha256 is, should;

		if (r < 0 || !table || !hex)
			break;
		r = seal_rows(cf, table, json_integer_value(json_object_get(range, "first")),
			      json_integer_value(json_object_get(range, "last")), &is, err);
		if (r == 0 && (!sha256_from_hex(slice_text(hex), &should) ||
			       !sha256_equal(&is, &should)))
			r = err_set(err, ERR_DAMAGED,
				    "table %s is not as the ledger sealed it; see 'xsheet verify'",
				    table);
	}
	json_decref(body);
	return r;
}

static int check_copy(struct casefile *cf, const struct ledger_line *line, struct err *err)
{
	char hash[SHA256_HEX];
	sqlite3_stmt *stmt;
	int r = db_get(cf, "SELECT hash FROM ledger_copy WHERE n = ?1", &stmt, err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, (int64_t)line->n);
	sha256_hex(&line->hash, hash);
	r = db_row(cf, stmt, err);
	if (r < 0)
		return r;
	if (r > 0) {
		const bool same = strcmp(column_text(stmt, 0), hash) == 0;

		(void)sqlite3_reset(stmt);
		return same ? 0
			    : err_set(err, ERR_DAMAGED, "the ledger's line %" PRIu64
				      " is not the one the case knows; see 'xsheet verify'", line->n);
	}
	if (cf->mode == CASEFILE_READ)
		return 0;
	/* Signed and synced, but the crash came before its copy. */
	r = db_write(cf, err);
	if (r < 0)
		return r;
	if (slice_is(line->kind, "seal")) {
		r = catch_up_rows(cf, line, err);
		if (r < 0)
			return r;
	}
	return copy_line(cf, line->n, hash, err);
}

static int read_created(struct casefile *cf, const struct ledger_line *line, unsigned char key[32],
			struct err *err)
{
	json_t *body = json_loadb(line->body.p, line->body.n, 0, NULL);
	const char *hex = json_string_value(json_object_get(body, "key"));
	const json_int_t format = json_integer_value(json_object_get(body, "format"));
	const json_int_t segment = json_integer_value(json_object_get(body, "segment_size"));
	int r = 0;

	if (!slice_is(line->kind, "created") || !hex || !key_from_hex(slice_text(hex), key))
		r = err_set(err, ERR_DAMAGED, "the ledger does not begin with how the case was made");
	else if (format != FORMAT)
		r = err_set(err, ERR_FAILED, "the case has format %lld, this program knows format %d: "
			    "use a newer xsheet", (long long)format, FORMAT);
	if (segment > 0)
		cf->segment_max = (uint64_t)segment;
	json_decref(body);
	return r;
}

/* Half a line at the end: a crash while it was written. */
static int cut_tail(const char *path, size_t keep, struct err *err)
{
	scoped(fd_close) int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 || ftruncate(fd, (off_t)keep) < 0 || fdatasync(fd) < 0)
		return err_errno(err, "cannot mend '%s'", path);
	return 0;
}

int ledger_open(struct casefile *cf, uint64_t *cut, struct err *err)
{
	scoped(memory_free) char *path = casefile_file(cf, LEDGER, err);
	scoped(buf_done) struct buf all = buf_limited(LEDGER_MAX);
	unsigned char key[32] = { 0 };
	struct slice rest, text;
	int64_t copies;
	int r;

	*cut = 0;
	if (!path)
		return -ERR_NO_MEMORY;
	/* Before the ledger is read: a writer may be at work. */
	r = db_number(cf, "SELECT max(n) FROM ledger_copy", 0, &copies, err);
	if (r < 0)
		return r;
	r = file_read(path, &all, err);
	if (r < 0)
		return r;
	rest = buf_slice(&all);
	(void)snprintf(cf->ledger.head, sizeof cf->ledger.head, "%s", no_head);
	while (slice_cut(&rest, '\n', &text)) {
		struct ledger_line line;
		const char *why;

		if (!ledger_parse(text, &line, &why))
			return err_set(err, ERR_DAMAGED, "%s line %" PRIu64 ": %s; see 'xsheet verify'",
				       LEDGER, cf->ledger.entries + 1, why);
		if (line.n != cf->ledger.entries + 1 || !slice_is(line.previous, cf->ledger.head))
			return err_set(err, ERR_DAMAGED, "%s line %" PRIu64
				       " does not follow the one before; see 'xsheet verify'",
				       LEDGER, cf->ledger.entries + 1);
		if (line.n == 1) {
			r = read_created(cf, &line, key, err);
			if (r < 0)
				return r;
		}
		if (!ledger_signed_by(&line, key))
			return err_set(err, ERR_DAMAGED,
				       "%s line %" PRIu64 ": the signature does not hold; see 'xsheet verify'",
				       LEDGER, line.n);
		r = check_copy(cf, &line, err);
		if (r < 0)
			return r;
		if (!ledger_apply(&cf->ledger, &line))
			return err_set(err, ERR_DAMAGED, "%s line %" PRIu64 ": a seal that does not fit; "
				       "see 'xsheet verify'", LEDGER, line.n);
	}
	if (cf->ledger.entries == 0)
		return err_set(err, ERR_DAMAGED, "'%s' has no whole entry", path);
	if (copies > (int64_t)cf->ledger.entries)
		return err_set(err, ERR_DAMAGED, "the ledger is cut: %" PRId64 " entries were written, "
			       "%" PRIu64 " are there", copies, cf->ledger.entries);
	if (cf->mode == CASEFILE_READ)
		return 0;
	if (memcmp(key, cf->key.public, sizeof key) != 0) {
		char hex[KEY_HEX];

		key_hex(key, hex);
		return err_set(err, ERR_DENIED, "the case was begun with another key (%.16s...); only "
			       "that one can go on with it: set XSHEET_HOME to the folder that has it",
			       hex);
	}
	*cut = rest.n;
	return rest.n ? cut_tail(path, all.n - rest.n, err) : 0;
}

/* ---- for everybody */

int ledger_each(struct casefile *cf, int (*each)(const struct ledger_entry *, void *), void *data,
		struct err *err)
{
	scoped(memory_free) char *path = casefile_file(cf, LEDGER, err);
	scoped(buf_done) struct buf all = buf_limited(LEDGER_MAX);
	struct slice rest, text;
	int r;

	if (!path)
		return -ERR_NO_MEMORY;
	r = file_read(path, &all, err);
	if (r < 0)
		return r;
	rest = buf_slice(&all);
	while (slice_cut(&rest, '\n', &text)) {
		struct ledger_entry entry = { 0 };
		struct ledger_line line;
		scoped(memory_free) char *kind = NULL;
		scoped(memory_free) char *body = NULL;
		const char *why;

		if (!ledger_parse(text, &line, &why))
			return err_set(err, ERR_DAMAGED, "%s: %s", LEDGER, why);
		kind = strndup(line.kind.p, line.kind.n);
		body = strndup(line.body.p, line.body.n);
		if (!kind || !body)
			return err_set(err, ERR_NO_MEMORY, "no memory for the ledger");
		entry.n = line.n;
		entry.time = line.time;
		entry.kind = kind;
		entry.body = body;
		sha256_hex(&line.hash, entry.hash);
		r = each(&entry, data);
		if (r < 0)
			return r;
	}
	return 0;
}

int ledger_note(struct casefile *cf, const char *kind, const char *body, struct err *err)
{
	json_t *parsed;
	char *text;
	int r;

	if (!is_word(slice_text(kind)) || strcmp(kind, "seal") == 0 || strcmp(kind, "created") == 0)
		return err_set(err, ERR_FAILED, "'%s' cannot be the kind of a ledger entry", kind);
	parsed = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
	text = json_is_object(parsed) ? json_dumps(parsed, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	json_decref(parsed);
	if (!text)
		return err_set(err, ERR_FAILED, "the body of a ledger entry is no JSON object");
	r = casefile_commit(cf, err);
	if (r == 0)
		r = db_write(cf, err);
	if (r == 0)
		r = ledger_append(cf, kind, text, err);
	free(text);
	return r < 0 ? r : casefile_commit(cf, err);
}
