/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seals: what has been added since the last one, signed.
 *
 * A row's canonical bytes are its table's name and its columns in the
 * table's order, each as a letter for the type (T text, I integer, B blob,
 * N NULL), the length in bytes as a decimal number, ":", and the bytes
 * (integers as decimal numbers).  Its digest is their SHA-256; the digest of
 * a range of rows is the SHA-256 of their digests in hexadecimal, a line each.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "casefile/internal.h"

static int column_bytes(sqlite3_stmt *stmt, int at, struct buf *out)
{
	char number[32];

	switch (sqlite3_column_type(stmt, at)) {
	case SQLITE_NULL:
		return buf_text(out, "N0:");
	case SQLITE_INTEGER:
		(void)snprintf(number, sizeof number, "%" PRId64,
			       (int64_t)sqlite3_column_int64(stmt, at));
		return buf_printf(out, "I%zu:%s", strlen(number), number);
	case SQLITE_TEXT: {
		const void *p = sqlite3_column_text(stmt, at);
		const size_t n = (size_t)sqlite3_column_bytes(stmt, at);

		(void)buf_printf(out, "T%zu:", n);
		return buf_add(out, slice_of(p, p ? n : 0));
	}
	case SQLITE_BLOB: {
		const struct slice bytes = column_blob(stmt, at);

		(void)buf_printf(out, "B%zu:", bytes.n);
		return buf_add(out, bytes);
	}
	default:
		/* No table has a REAL column; one that is there anyway makes a
		 * digest that was never sealed. */
		return buf_text(out, "R");
	}
}

int row_bytes(const char *table, sqlite3_stmt *stmt, struct buf *out)
{
	(void)buf_printf(out, "T%zu:%s", strlen(table), table);
	for (int i = 0; i < sqlite3_column_count(stmt); i++)
		(void)column_bytes(stmt, i, out);
	return buf_broken(out);
}

int row_digest(const char *table, sqlite3_stmt *stmt, struct buf *scratch, struct sha256 *out)
{
	int r;

	buf_clear(scratch);
	r = row_bytes(table, stmt, scratch);
	if (r < 0)
		return r;
	*out = sha256_of(buf_slice(scratch));
	return 0;
}

static int keep_digest(struct casefile *cf, const char *table, int64_t row,
		       const struct sha256 *digest, struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_get(cf, "INSERT INTO row_seal (tbl, row, digest) VALUES (?1, ?2, ?3)", &stmt,
		       err);

	if (r < 0)
		return r;
	bind_text(stmt, 1, table);
	bind_int(stmt, 2, row);
	bind_blob(stmt, 3, slice_of(digest->bytes, SHA256_SIZE));
	return db_run(cf, stmt, err);
}

int seal_rows(struct casefile *cf, const char *table, int64_t first, int64_t last,
	      struct sha256 *out, struct err *err)
{
	scoped(stmt_finalize) sqlite3_stmt *rows = NULL;
	scoped(hasher_free) struct hasher *all = hasher_new();
	scoped(buf_done) struct buf scratch = buf_limited((size_t)128 << 20);
	int64_t next = first;
	char sql[128];
	int r;

	(void)snprintf(sql, sizeof sql, "SELECT * FROM \"%.40s\" WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
		       table);
	r = db_prepare(cf, sql, &rows, err);
	if (r < 0)
		return r;
	if (!all)
		return err_set(err, ERR_NO_MEMORY, "no memory to seal");
	bind_int(rows, 1, first);
	bind_int(rows, 2, last);
	while ((r = db_row(cf, rows, err)) > 0) {
		const int64_t row = sqlite3_column_int64(rows, 0);
		struct sha256 digest;
		char hex[SHA256_HEX];

		if (row != next++)
			break;
		r = row_digest(table, rows, &scratch, &digest);
		if (r < 0)
			return err_set(err, ERR_NO_MEMORY, "no memory for row %" PRId64 " of %s", row,
				       table);
		sha256_hex(&digest, hex);
		hasher_add(all, slice_of(hex, 64));
		hasher_add(all, SLICE("\n"));
		r = keep_digest(cf, table, row, &digest, err);
		if (r < 0)
			return r;
	}
	if (r < 0)
		return r;
	if (next != last + 1)
		return err_set(err, ERR_DAMAGED, "table %s: row %" PRId64 " is missing", table, next);
	*out = hasher_end(all);
	return 0;
}

static int seal_tables(struct casefile *cf, json_t *out, struct err *err)
{
	for (int i = 0; i < SEALED_TABLES; i++) {
		const int64_t first = cf->ledger.rows[i] + 1;
		struct sha256 hash;
		char sql[64], hex[SHA256_HEX];
		int64_t last;
		int r;

		(void)snprintf(sql, sizeof sql, "SELECT max(id) FROM \"%.20s\"", sealed_tables[i]);
		r = db_number(cf, sql, 0, &last, err);
		if (r < 0)
			return r;
		if (last < first)
			continue;
		r = seal_rows(cf, sealed_tables[i], first, last, &hash, err);
		if (r < 0)
			return r;
		sha256_hex(&hash, hex);
		if (json_array_append_new(out, json_pack("{s:s, s:I, s:I, s:I, s:s}", "table",
							 sealed_tables[i], "first", (json_int_t)first,
							 "last", (json_int_t)last, "count",
							 (json_int_t)(last - first + 1), "sha256",
							 hex)) < 0)
			return err_set(err, ERR_NO_MEMORY, "no memory to seal");
	}
	return 0;
}

static int hash_piece(const struct casefile *cf, int64_t segment, uint64_t from, uint64_t to,
		      struct sha256 *out, struct err *err)
{
	scoped(hasher_free) struct hasher *hasher = hasher_new();
	scoped(memory_free) char *place = malloc(1 << 18);
	scoped(fd_close) int fd = -1;
	char name[24];

	segment_name(segment, name);
	if (!hasher || !place)
		return err_set(err, ERR_NO_MEMORY, "no memory to seal");
	fd = segment_open(cf, segment, 0, err);
	if (fd < 0)
		return fd;
	while (from < to) {
		const size_t want = to - from < 1 << 18 ? (size_t)(to - from) : (size_t)1 << 18;
		size_t got;
		int r = fd_read_at(fd, (off_t)from, place, want, &got, name, err);

		if (r < 0)
			return r;
		if (got < want)
			return err_set(err, ERR_DAMAGED, "warc/%s is shorter than the case says", name);
		hasher_add(hasher, slice_of(place, got));
		from += got;
	}
	*out = hasher_end(hasher);
	return 0;
}

static int seal_segments(struct casefile *cf, json_t *out, struct err *err)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	int r = db_prepare(cf, "SELECT id, committed FROM segment ORDER BY id", &stmt, err);

	if (r < 0)
		return r;
	while ((r = db_row(cf, stmt, err)) > 0) {
		const int64_t id = sqlite3_column_int64(stmt, 0);
		const uint64_t to = (uint64_t)sqlite3_column_int64(stmt, 1);
		const uint64_t from = (size_t)id <= cf->ledger.segment_count
					      ? cf->ledger.segments[id - 1]
					      : 0;
		char name[24], hex[SHA256_HEX];
		struct sha256 hash;

		if (to <= from)
			continue;
		r = hash_piece(cf, id, from, to, &hash, err);
		if (r < 0)
			return r;
		segment_name(id, name);
		sha256_hex(&hash, hex);
		if (json_array_append_new(out, json_pack("{s:s, s:I, s:I, s:s}", "segment", name,
							 "from", (json_int_t)from, "to",
							 (json_int_t)to, "sha256", hex)) < 0)
			return err_set(err, ERR_NO_MEMORY, "no memory to seal");
	}
	return r;
}

static int seal_body(struct casefile *cf, const char *stage, char **out, struct err *err)
{
	json_t *warc = json_array(), *rows = json_array(), *body;
	int r = seal_segments(cf, warc, err);

	if (r == 0)
		r = seal_tables(cf, rows, err);
	body = json_pack("{s:s, s:s, s:o, s:o}", "stage", stage, "clock",
			 clock_is_set() ? "set" : "real", "warc", warc, "rows", rows);
	*out = r == 0 && body ? json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	json_decref(body);
	if (r == 0 && !*out)
		return err_set(err, ERR_NO_MEMORY, "no memory to seal");
	return r;
}

int casefile_seal(struct casefile *cf, const char *stage, struct err *err)
{
	scoped(memory_free) char *body = NULL;
	int r = casefile_commit(cf, err);

	if (r < 0)
		return r;
	r = db_write(cf, err);
	if (r < 0)
		return r;
	r = seal_body(cf, stage, &body, err);
	if (r == 0)
		r = ledger_append(cf, "seal", body, err);
	if (r < 0) {
		casefile_rollback(cf);
		return err_prefix(err, r, "sealing '%s'", cf->path);
	}
	return casefile_commit(cf, err);
}
