/* SPDX-License-Identifier: Apache-2.0 */
/* The rows: each range against the ledger, which decides; each row against
 * its own digest, to name the one at fault. */
#include <inttypes.h>
#include <stdio.h>

#include "casefile/verify.h"

/* One range while it is read. */
struct range {
	struct verify *v;
	const struct sealed_range *sealed;
	const char *table;
	struct hasher *all;
	struct ids differ, bare;      /* rows whose digest differs; rows without one */
	int64_t next;
	bool missing;
};

static void missing_rows(struct range *r, int64_t up_to)
{
	if (r->next == up_to)
		verify_fault(r->v, VERIFY_FAILED, "%s %" PRId64 " is missing (ledger line %" PRIu64 ")",
			     r->table, up_to, r->sealed->line);
	else if (r->next < up_to)
		verify_fault(r->v, VERIFY_FAILED, "%s %" PRId64 " to %" PRId64
			     " are missing (ledger line %" PRIu64 ")", r->table, r->next, up_to,
			     r->sealed->line);
	if (r->next <= up_to)
		r->missing = true;
}

static int check_row(struct range *r, sqlite3_stmt *row, sqlite3_stmt *digest, struct buf *scratch,
		     struct err *err)
{
	const int64_t id = sqlite3_column_int64(row, 0);
	struct sha256 is, kept;
	char hex[SHA256_HEX];
	int result = 0;

	missing_rows(r, id - 1);
	r->next = id + 1;
	if (row_digest(r->table, row, scratch, &is) < 0) {
		verify_fault(r->v, VERIFY_FAILED, "%s %" PRId64 " is too large to be what was sealed",
			     r->table, id);
		return 0;
	}
	sha256_hex(&is, hex);
	hasher_add(r->all, slice_of(hex, 64));
	hasher_add(r->all, SLICE("\n"));
	r->v->out->rows++;
	(void)sqlite3_reset(digest);
	bind_text(digest, 1, r->table);
	bind_int(digest, 2, id);
	if (sqlite3_step(digest) != SQLITE_ROW)
		return ids_add(&r->bare, id, err);
	column_sha256(digest, 0, &kept);
	if (!sha256_equal(&is, &kept))
		result = ids_add(&r->differ, id, err);
	return result;
}

static void judge_range(struct range *r)
{
	const struct sha256 is = hasher_end(r->all);
	const bool as_sealed = sha256_equal(&is, &r->sealed->sha256);
	const bool interrupted = r->sealed->line > r->v->copied;

	for (size_t i = 0; i < r->differ.n; i++) {
		if (as_sealed)
			verify_fault(r->v, VERIFY_FAILED, "row_seal of %s %" PRId64 " was changed", r->table,
				     r->differ.id[i]);
		else
			verify_fault(r->v, VERIFY_FAILED, "%s %" PRId64
				     " is not as it was sealed (ledger line %" PRIu64 ")", r->table,
				     r->differ.id[i], r->sealed->line);
	}
	for (size_t i = 0; i < r->bare.n && !interrupted; i++)
		verify_fault(r->v, VERIFY_FAILED, "row_seal of %s %" PRId64 " is missing", r->table,
			     r->bare.id[i]);
	if (!as_sealed && !r->differ.n && !r->missing)
		verify_fault(r->v, VERIFY_FAILED, "%s %" PRId64 " to %" PRId64
			     " are not as they were sealed (ledger line %" PRIu64
			     "), and the digests beside them were changed, too", r->table,
			     r->sealed->first, r->sealed->last, r->sealed->line);
}

static int read_range(struct range *r, struct err *err)
{
	scoped(stmt_finalize) sqlite3_stmt *rows = NULL;
	scoped(stmt_finalize) sqlite3_stmt *digest = NULL;
	scoped(buf_done) struct buf scratch = buf_limited((size_t)128 << 20);
	char sql[128];
	int step = SQLITE_ERROR, result;

	(void)snprintf(sql, sizeof sql, "SELECT * FROM \"%s\" WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
		       r->table);
	if (sqlite3_prepare_v2(r->v->db, sql, -1, &rows, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(r->v->db, "SELECT digest FROM row_seal WHERE tbl = ?1 AND row = ?2", -1,
			       &digest, NULL) == SQLITE_OK) {
		bind_int(rows, 1, r->sealed->first);
		bind_int(rows, 2, r->sealed->last);
		while ((step = sqlite3_step(rows)) == SQLITE_ROW) {
			result = check_row(r, rows, digest, &scratch, err);
			if (result < 0)
				return result;
		}
	}
	if (step != SQLITE_DONE) {
		verify_fault(r->v, VERIFY_FAILED, "case.db: table %s cannot be read from row %" PRId64
			     " on: %s", r->table, r->next, sqlite3_errmsg(r->v->db));
		return 0;
	}
	missing_rows(r, r->sealed->last);
	judge_range(r);
	return 0;
}

static int check_range(struct verify *v, const struct sealed_range *sealed, struct err *err)
{
	struct range r = { .v = v, .sealed = sealed, .table = sealed_tables[sealed->table],
			   .all = hasher_new(), .next = sealed->first };
	int result = r.all ? read_range(&r, err) : err_set(err, ERR_NO_MEMORY, "no memory");

	hasher_free(r.all);
	ids_done(&r.differ);
	ids_done(&r.bare);
	return result;
}

static int64_t count(struct verify *v, const char *sql, int64_t from)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(v->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return 0;
	bind_int(stmt, 1, from);
	return sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
}

/* Rows that no seal covers. */
static int64_t check_outside(struct verify *v, int table)
{
	int64_t last = 0, n;
	char sql[96];

	for (size_t i = 0; i < v->range_count; i++)
		if (v->ranges[i].table == table && v->ranges[i].last > last)
			last = v->ranges[i].last;
	(void)snprintf(sql, sizeof sql, "SELECT count(*) FROM \"%s\" WHERE id < ?1", sealed_tables[table]);
	n = count(v, sql, 1);
	if (n)
		verify_fault(v, VERIFY_FAILED, "%s has %" PRId64 " rows with numbers below 1",
			     sealed_tables[table], n);
	(void)snprintf(sql, sizeof sql, "SELECT count(*) FROM \"%s\" WHERE id > ?1", sealed_tables[table]);
	n = count(v, sql, last);
	if (n)
		verify_fault(v, VERIFY_UNVERIFIABLE, "%s: %" PRId64 " rows behind %" PRId64
			     " came after the last seal (an interrupted run: run the command again to go on)",
			     sealed_tables[table], n, last);
	return last;
}

int verify_rows(struct verify *v, struct err *err)
{
	int64_t sealed = 0, digests;

	for (size_t i = 0; i < v->range_count; i++) {
		int r = check_range(v, &v->ranges[i], err);

		if (r < 0)
			return r;
	}
	for (int table = 0; table < SEALED_TABLES; table++)
		sealed += check_outside(v, table);
	digests = count(v, "SELECT count(*) FROM row_seal WHERE ?1 = 0", 0);
	if (digests > sealed)
		verify_fault(v, VERIFY_FAILED, "row_seal has %" PRId64 " digests, %" PRId64
			     " rows are sealed", digests, sealed);
	return 0;
}
