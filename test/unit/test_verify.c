/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing can be altered in a case without being named: bytes of the ledger,
 * bytes of the WARC segments, columns and rows of the database. */
#include "casefile_maker.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "casefile/internal.h"

struct heard {
	struct verify_result result;
	char first[1024];
	char all[16384];
};

static void hear(enum verdict_kind kind, const char *sentence, void *data)
{
	struct heard *heard = data;
	const size_t n = strlen(heard->all);

	(void)kind;
	if (!*heard->first)
		(void)snprintf(heard->first, sizeof heard->first, "%s", sentence);
	(void)snprintf(heard->all + n, sizeof heard->all - n, "%s\n", sentence);
}

static enum verdict_kind verify(const char *path, struct heard *heard)
{
	struct err err = { 0 };

	memset(heard, 0, sizeof *heard);
	MUST(casefile_verify(path, NULL, NULL, hear, heard, &heard->result, &err));
	return heard->result.kind;
}

/* How many: in a build with sanitizers, by default, when asked for long tests. */
static unsigned many(unsigned least, unsigned few, unsigned most)
{
	const char *sanitized = getenv("XSHEET_SANITIZED");

	if (getenv("XSHEET_TEST_LONG"))
		return most;
	return sanitized && *sanitized ? least : few;
}

static uint32_t chance(void)
{
	static uint32_t state = 12345;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static off_t size_of(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_size;
}

static void flip(const char *path, off_t at, unsigned char by)
{
	scoped(fd_close) int fd = open(path, O_RDWR);
	unsigned char byte;

	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= by;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
}

static void test_whole(void **state)
{
	struct heard heard;
	struct err err = { 0 };
	char key[65];

	(void)state;
	maker_case(maker_path("whole"));
	if (verify(maker_path("whole"), &heard) != VERIFY_VERIFIED)
		fail_msg("%s", heard.all);
	assert_int_equal(heard.result.faults, 0);
	assert_int_equal(heard.result.segments, 1);
	assert_int_equal(heard.result.ledger_entries, 4);
	assert_int_equal(heard.result.bytes, size_of(maker_path("whole/warc/00001.warc")));
	assert_true(heard.result.records > 40 && heard.result.rows > 100);

	/* The key, given. */
	MUST(casefile_key(maker_path("whole/ledger/public.pem"), key, &err));
	MUST(casefile_verify(maker_path("whole"), key, NULL, NULL, NULL, &heard.result, &err));
	assert_int_equal(heard.result.kind, VERIFY_VERIFIED);
	assert_string_equal(heard.result.key, key);
	key[0] = key[0] == '0' ? '1' : '0';
	MUST(casefile_verify(maker_path("whole"), key, NULL, NULL, NULL, &heard.result, &err));
	assert_int_equal(heard.result.kind, VERIFY_FAILED);
	assert_int_equal(casefile_verify(maker_path("whole"), "xyz", NULL, NULL, NULL, &heard.result, &err),
			 -ERR_USAGE);
	assert_int_equal(casefile_verify(maker_path("nowhere"), NULL, NULL, NULL, NULL, &heard.result, &err),
			 -ERR_NOT_FOUND);
}

/* Every byte of the ledger and of the public key. */
static void test_ledger_bytes(void **state)
{
	static const char *const files[] = { "ledger.tsv", "public.pem" };
	const unsigned step = many(11, 3, 1);

	(void)state;
	maker_case(maker_path("ledger"));
	for (size_t f = 0; f < 2; f++) {
		char file[600];
		off_t size;

		(void)snprintf(file, sizeof file, "%s/ledger/%s", maker_path("ledger"), files[f]);
		size = size_of(file);
		for (off_t at = (off_t)(chance() % step); at < size; at += step) {
			/* The high bit too: libsodium's base64 reader overlooks it. */
			const unsigned char by = at % 2 ? 0x80 : (unsigned char)(1U << (chance() % 8));
			struct heard heard;

			flip(file, at, by);
			if (verify(maker_path("ledger"), &heard) != VERIFY_FAILED)
				fail_msg("%s: byte %jd xor %u goes unnoticed", files[f], (intmax_t)at, by);
			if (!strstr(heard.all, f ? "public.pem" : "ledger.tsv"))
				fail_msg("%s: byte %jd: no place: %s", files[f], (intmax_t)at, heard.all);
			flip(file, at, by);
		}
	}
}

/* Bytes of the segments, heads and blocks alike: the record is named. */
static void test_warc_bytes(void **state)
{
	const unsigned n = many(80, 300, 5000);
	char file[600];
	struct heard heard;
	off_t size;

	(void)state;
	maker_case(maker_path("bytes"));
	(void)snprintf(file, sizeof file, "%s", maker_path("bytes/warc/00001.warc"));
	size = size_of(file);
	for (unsigned i = 0; i < n; i++) {
		const off_t at = (off_t)(chance() % (uint32_t)size);
		const unsigned char by = (unsigned char)(1U << (chance() % 8));
		const char *named;
		uint64_t offset;

		flip(file, at, by);
		if (verify(maker_path("bytes"), &heard) != VERIFY_FAILED)
			fail_msg("byte %jd xor %u goes unnoticed", (intmax_t)at, by);
		named = strstr(heard.all, "warc/00001.warc: record at ");
		if (!named)
			fail_msg("byte %jd: no record is named: %s", (intmax_t)at, heard.all);
		offset = strtoull(named + 27, NULL, 10);
		if ((off_t)offset > at || at - (off_t)offset > 1200)
			fail_msg("byte %jd: another record is named: %s", (intmax_t)at, heard.all);
		flip(file, at, by);
	}
	assert_int_equal(verify(maker_path("bytes"), &heard), VERIFY_VERIFIED);

	/* Cut, and grown. */
	assert_int_equal(truncate(file, size - 1), 0);
	assert_int_equal(verify(maker_path("bytes"), &heard), VERIFY_FAILED);
	assert_non_null(strstr(heard.all, "is cut"));
	assert_int_equal(truncate(file, size + 1), 0);
	flip(file, size - 1, '\n');
	assert_int_equal(verify(maker_path("bytes"), &heard), VERIFY_UNVERIFIABLE);
	assert_int_equal(truncate(file, size), 0);
	assert_int_equal(rename(file, maker_path("bytes/elsewhere")), 0);
	assert_int_equal(verify(maker_path("bytes"), &heard), VERIFY_FAILED);
	assert_non_null(strstr(heard.all, "warc/00001.warc is missing"));
	assert_int_equal(rename(maker_path("bytes/elsewhere"), file), 0);
	{
		struct err err = { 0 };

		MUST(file_write(maker_path("bytes/warc/x.warc"), SLICE("x"), 0644, &err));
	}
	assert_int_equal(verify(maker_path("bytes"), &heard), VERIFY_FAILED);
	assert_non_null(strstr(heard.all, "warc/x.warc"));
}

/* What one who means harm does: take the triggers away, change, put them back. */
static void tamper(sqlite3 *db, const char *table, const char *sql)
{
	char drop[512], *message = NULL;
	scoped(buf_done) struct buf back = buf_limited(1 << 20);
	sqlite3_stmt *stmt = NULL;

	(void)snprintf(drop, sizeof drop, "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '%s'", table);
	assert_int_equal(sqlite3_prepare_v2(db, drop, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		(void)buf_printf(&back, "%s;", (const char *)sqlite3_column_text(stmt, 0));
	(void)sqlite3_finalize(stmt);
	(void)snprintf(drop, sizeof drop, "PRAGMA ignore_check_constraints=ON; PRAGMA foreign_keys=OFF;"
		       "DROP TRIGGER %s_no_update; DROP TRIGGER %s_no_delete;", table, table);
	if (sqlite3_exec(db, drop, NULL, NULL, &message) != SQLITE_OK ||
	    sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK ||
	    sqlite3_exec(db, buf_string(&back), NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
	sqlite3_free(message);
}

static void copy_file(const char *from, const char *to)
{
	scoped(buf_done) struct buf bytes = buf_limited(64 << 20);
	struct err err = { 0 };

	MUST(file_read(from, &bytes, &err));
	MUST(file_write(to, buf_slice(&bytes), 0644, &err));
}

/* Run one statement on a fresh copy of the database; it must be noticed. */
static void noticed(const char *table, const char *sql, enum verdict_kind want, const char *names)
{
	char db_file[600], kept[600];
	struct heard heard;
	sqlite3 *db;

	(void)snprintf(db_file, sizeof db_file, "%s", maker_path("rows/case.db"));
	(void)snprintf(kept, sizeof kept, "%s", maker_path("kept.db"));
	copy_file(kept, db_file);
	assert_int_equal(sqlite3_open(db_file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL), SQLITE_OK);
	tamper(db, table, sql);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	if (verify(maker_path("rows"), &heard) != want)
		fail_msg("%s goes unnoticed: %d %s", sql, (int)heard.result.kind, heard.all);
	if (!strstr(heard.all, names))
		fail_msg("%s: '%s' is not named: %s", sql, names, heard.all);
}

static void test_rows(void **state)
{
	struct err err = { 0 };
	struct casefile *cf = NULL;
	char sql[512], name[64];
	unsigned columns = 0;

	(void)state;
	maker_case(maker_path("rows"));
	/* Opening and closing for writing folds the WAL in. */
	MUST(casefile_open(maker_path("rows"), CASEFILE_WRITE, &cf, &err));
	casefile_close(cf);
	copy_file(maker_path("rows/case.db"), maker_path("kept.db"));
	for (int t = 0; t < SEALED_TABLES; t++) {
		const char *table = sealed_tables[t];
		sqlite3_stmt *stmt;
		sqlite3 *db;

		assert_int_equal(sqlite3_open(maker_path("kept.db"), &db), SQLITE_OK);
		(void)snprintf(sql, sizeof sql, "SELECT name, type FROM pragma_table_info('%s')", table);
		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
		while (sqlite3_step(stmt) == SQLITE_ROW) {
			const char *column = (const char *)sqlite3_column_text(stmt, 0);
			const char *type = (const char *)sqlite3_column_text(stmt, 1);

			columns++;
			if (strcmp(column, "id") == 0)
				continue;
			(void)snprintf(sql, sizeof sql, "UPDATE %s SET %s = %s WHERE id = 1", table, column,
				       strcmp(type, "INTEGER") == 0 ? "424242" :
				       strcmp(type, "BLOB") == 0    ? "zeroblob(32)" : "'changed'");
			(void)snprintf(name, sizeof name, "%s 1 is not as it was sealed", table);
			noticed(table, sql, VERIFY_FAILED, name);
		}
		(void)sqlite3_finalize(stmt);
		(void)sqlite3_close(db);
		(void)snprintf(sql, sizeof sql, "DELETE FROM %s WHERE id = 1", table);
		(void)snprintf(name, sizeof name, "%s 1 is missing", table);
		noticed(table, sql, VERIFY_FAILED, name);
		(void)snprintf(sql, sizeof sql, "UPDATE %s SET id = -1 WHERE id = 1", table);
		(void)snprintf(name, sizeof name, "%s has 1 rows with numbers below 1", table);
		noticed(table, sql, VERIFY_FAILED, name);
	}
	assert_true(columns > 60);
	noticed("finding", "INSERT INTO finding SELECT id + 100, run, kind, object, locator, value, data,"
		" certainty FROM finding WHERE id = 1", VERIFY_UNVERIFIABLE, "finding: 1 rows behind 8");
	noticed("row_seal", "UPDATE row_seal SET digest = zeroblob(32) WHERE tbl = 'finding' AND row = 2",
		VERIFY_FAILED, "row_seal of finding 2 was changed");
	noticed("row_seal", "DELETE FROM row_seal WHERE tbl = 'finding' AND row = 2", VERIFY_FAILED,
		"row_seal of finding 2 is missing");
	noticed("row_seal", "INSERT INTO row_seal VALUES ('finding', 99, zeroblob(32))", VERIFY_FAILED,
		"row_seal has");
	noticed("ledger_copy", "DELETE FROM ledger_copy WHERE n = 2", VERIFY_FAILED, "ledger_copy 2 is missing");
	noticed("ledger_copy", "UPDATE ledger_copy SET hash = replace(hash, 'a', 'b') WHERE n = 2", VERIFY_FAILED,
		"ledger_copy 2 is not");
	noticed("finding", "UPDATE segment SET committed = 7", VERIFY_FAILED, "segment 1 says 7 bytes");
	noticed("finding", "DROP VIEW now_finding; CREATE VIEW now_finding AS SELECT * FROM finding",
		VERIFY_FAILED, "view now_finding is not as the format has it");
	noticed("finding", "PRAGMA application_id = 5", VERIFY_FAILED, "not marked");
	noticed("finding", "PRAGMA user_version = 9", VERIFY_UNVERIFIABLE, "use a newer xsheet");
	copy_file(maker_path("kept.db"), maker_path("rows/case.db"));
}

/* Bytes of the database file: never a crash; a changed row is never verified. */
static void test_database_bytes(void **state)
{
	const unsigned n = many(20, 100, 3000);
	struct heard heard;
	unsigned failed = 0;
	off_t size;

	(void)state;
	size = size_of(maker_path("kept.db"));
	for (unsigned i = 0; i < n; i++) {
		copy_file(maker_path("kept.db"), maker_path("rows/case.db"));
		for (int k = 0; k < 8; k++)
			flip(maker_path("rows/case.db"), (off_t)(chance() % (uint32_t)size),
			     (unsigned char)(1U << (chance() % 8)));
		failed += verify(maker_path("rows"), &heard) != VERIFY_VERIFIED;
	}
	assert_true(failed > n / 3);
	assert_int_equal(truncate(maker_path("rows/case.db"), 5000), 0);
	assert_int_equal(verify(maker_path("rows"), &heard), VERIFY_FAILED);
	assert_int_equal(unlink(maker_path("rows/case.db")), 0);
	assert_int_equal(verify(maker_path("rows"), &heard), VERIFY_FAILED);
	assert_non_null(strstr(heard.all, "case.db is missing"));
}

static void test_ledger_cut(void **state)
{
	char file[600];
	struct heard heard;
	struct casefile *cf = NULL;
	struct err err = { 0 };
	scoped(buf_done) struct buf all = buf_limited(1 << 20);
	off_t size;

	(void)state;
	maker_case(maker_path("cut"));
	(void)snprintf(file, sizeof file, "%s", maker_path("cut/ledger/ledger.tsv"));
	size = size_of(file);
	MUST(file_read(file, &all, &err));
	/* The last line taken away as a whole: its copy tells. */
	for (all.n--; all.n && all.p[all.n - 1] != '\n'; all.n--)
		continue;
	assert_int_equal(truncate(file, (off_t)all.n), 0);
	assert_int_equal(verify(maker_path("cut"), &heard), VERIFY_FAILED);
	assert_non_null(strstr(heard.all, "is cut"));
	assert_int_equal(casefile_open(maker_path("cut"), CASEFILE_WRITE, &cf, &err), -ERR_DAMAGED);
	assert_true(size > (off_t)all.n);

	/* The public key taken away. */
	maker_case(maker_path("nokey"));
	assert_int_equal(unlink(maker_path("nokey/ledger/public.pem")), 0);
	assert_int_equal(verify(maker_path("nokey"), &heard), VERIFY_UNVERIFIABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),          cmocka_unit_test(test_ledger_bytes),
		cmocka_unit_test(test_warc_bytes),     cmocka_unit_test(test_rows),
		cmocka_unit_test(test_database_bytes), cmocka_unit_test(test_ledger_cut),
	};

	return cmocka_run_group_tests(tests, maker_begin, maker_end);
}
