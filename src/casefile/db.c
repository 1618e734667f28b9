/* SPDX-License-Identifier: Apache-2.0 */
/* The database under a case: statements, transactions, and caution with a
 * file that may come from a stranger. */
#include <limits.h>
#include <stdio.h>

#include "casefile/internal.h"

const char casefile_schema[] =
#include <schema.inc> /* made by the build */
	;

const char *const sealed_tables[] = {
	"source", "capture", "capture_end", "record", "object", "listing", "entry", "version",
	"sighting", "run", "run_end", "finding", NULL,
};
_Static_assert(sizeof sealed_tables / sizeof *sealed_tables == SEALED_TABLES + 1, "tables");

static enum err_code code_of(int sql)
{
	switch (sql & 0xFF) {
	case SQLITE_NOMEM:
		return ERR_NO_MEMORY;
	case SQLITE_FULL:
	case SQLITE_IOERR:
		return ERR_IO;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_DAMAGED;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return ERR_DENIED;
	case SQLITE_CANTOPEN:
		return ERR_NOT_FOUND;
	case SQLITE_TOOBIG:
		return ERR_LIMIT;
	default:
		return ERR_FAILED;
	}
}

/* Some failures roll the whole transaction back behind our back. */
static void notice_rollback(struct casefile *cf)
{
	if (cf->begun && sqlite3_get_autocommit(cf->db))
		cf->broken = true;
}

int db_fail(struct casefile *cf, struct err *err)
{
	const enum err_code code = code_of(sqlite3_errcode(cf->db));

	notice_rollback(cf);
	if (code == ERR_DAMAGED)
		return err_set(err, code, "'%s/case.db': %s; see 'xsheet verify'", cf->path,
			       sqlite3_errmsg(cf->db));
	return err_set(err, code, "'%s/case.db': %s", cf->path, sqlite3_errmsg(cf->db));
}

/* A database from a stranger: no extension, no function from a view that the
 * application did not vouch for, no writing to internals. */
static int harden(sqlite3 *db)
{
	static const int on[] = { SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_ENABLE_FKEY };
	static const int off[] = { SQLITE_DBCONFIG_TRUSTED_SCHEMA,
				   SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
				   SQLITE_DBCONFIG_WRITABLE_SCHEMA };

	for (size_t i = 0; i < sizeof on / sizeof *on; i++)
		if (sqlite3_db_config(db, on[i], 1, NULL) != SQLITE_OK)
			return SQLITE_ERROR;
	for (size_t i = 0; i < sizeof off / sizeof *off; i++)
		if (sqlite3_db_config(db, off[i], 0, NULL) != SQLITE_OK)
			return SQLITE_ERROR;
	(void)sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	(void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 64 << 20);
	(void)sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
	return sqlite3_exec(db, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
				" PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384",
			    NULL, NULL, NULL);
}

static int try_open(const char *name, int flags, enum casefile_mode mode, sqlite3 **out)
{
	int r = sqlite3_open_v2(name, out, flags | SQLITE_OPEN_NOMUTEX, NULL);

	if (r == SQLITE_OK) {
		(void)sqlite3_busy_timeout(*out, 5000);
		r = harden(*out);
	}
	/* FULL: a seal must not reach the disk before the rows it signs. */
	if (r == SQLITE_OK && mode == CASEFILE_WRITE)
		r = sqlite3_exec(*out, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL", NULL, NULL,
				 NULL);
	if (r == SQLITE_OK)
		r = sqlite3_exec(*out, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
	return r;
}

/* On a medium that cannot be written to, SQLite wants to be told that nobody
 * else writes, since it cannot make its shared memory there. */
static int try_unchanging(const char *path, sqlite3 **out)
{
	scoped(buf_done) struct buf uri = buf_limited(65536);
	scoped(buf_done) struct buf wal = buf_limited(65536);

	(void)buf_printf(&wal, "%s-wal", path);
	(void)buf_text(&uri, "file:");
	for (const char *c = path; *c; c++)
		(void)(strchr("%?#", *c) ? buf_printf(&uri, "%%%02X", (unsigned char)*c)
					 : buf_char(&uri, *c));
	(void)buf_text(&uri, "?immutable=1");
	if (!buf_string(&uri) || !buf_string(&wal) || buf_broken(&uri) || buf_broken(&wal))
		return SQLITE_NOMEM;
	if (access(wal.p, F_OK) == 0)
		return SQLITE_CANTOPEN;
	return try_open(uri.p, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, CASEFILE_READ, out);
}

int db_open_file(const char *path, enum casefile_mode mode, sqlite3 **out, struct err *err)
{
	sqlite3 *db = NULL;
	int r = try_open(path, mode == CASEFILE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY,
			 mode, &db);

	if (r == SQLITE_CANTOPEN && mode == CASEFILE_READ) {
		(void)sqlite3_close(db);
		db = NULL;
		r = try_unchanging(path, &db);
	}
	if (r != SQLITE_OK) {
		r = err_set(err, code_of(r), "cannot open '%s': %s", path,
			    db ? sqlite3_errmsg(db) : "no memory, or it cannot be written to");
		(void)sqlite3_close(db);
		return r;
	}
	*out = db;
	return 0;
}

static int read_schema(sqlite3 *db, sqlite3_stmt **out)
{
	return sqlite3_prepare_v2(db,
				  "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"
				  " ORDER BY type, name",
				  -1, out, NULL);
}

int db_check_schema(sqlite3 *db, void (*differs)(const char *what, void *), void *data,
		    struct err *err)
{
	sqlite3 *model = NULL;
	sqlite3_stmt *is = NULL, *should = NULL;
	int a = SQLITE_ROW, b = SQLITE_ROW, faults = 0;

	if (sqlite3_open(":memory:", &model) != SQLITE_OK ||
	    sqlite3_exec(model, casefile_schema, NULL, NULL, NULL) != SQLITE_OK ||
	    read_schema(model, &should) != SQLITE_OK) {
		(void)sqlite3_finalize(should);
		(void)sqlite3_close(model);
		return err_set(err, ERR_NO_MEMORY, "no memory to check the schema");
	}
	if (read_schema(db, &is) != SQLITE_OK) {
		faults = -1;
		a = b = SQLITE_DONE;
	} else {
		a = sqlite3_step(is);
		b = sqlite3_step(should);
	}
	while (a == SQLITE_ROW || b == SQLITE_ROW) {
		char key_a[512] = "\xFF", key_b[512] = "\xFF";
		int order;

		if (a == SQLITE_ROW)
			(void)snprintf(key_a, sizeof key_a, "%s %s", column_text(is, 0),
				       column_text(is, 1));
		if (b == SQLITE_ROW)
			(void)snprintf(key_b, sizeof key_b, "%s %s", column_text(should, 0),
				       column_text(should, 1));
		order = strcmp(key_a, key_b);
		if (order || strcmp(column_text(is, 2), column_text(should, 2)) != 0) {
			faults++;
			if (differs)
				differs(order <= 0 ? key_a : key_b, data);
		}
		if (order <= 0)
			a = sqlite3_step(is);
		if (order >= 0)
			b = sqlite3_step(should);
	}
	(void)sqlite3_finalize(is);
	(void)sqlite3_finalize(should);
	(void)sqlite3_close(model);
	if (faults || (a != SQLITE_DONE || b != SQLITE_DONE))
		return err_set(err, ERR_DAMAGED, "case.db has not the tables and views of format %d",
			       FORMAT);
	return 0;
}

int db_prepare(struct casefile *cf, const char *sql, sqlite3_stmt **out, struct err *err)
{
	if (sqlite3_prepare_v2(cf->db, sql, -1, out, NULL) != SQLITE_OK)
		return db_fail(cf, err);
	return 0;
}

int db_get(struct casefile *cf, const char *sql, sqlite3_stmt **out, struct err *err)
{
	size_t i = 0;

	while (i < STATEMENTS && cf->cached[i].sql && cf->cached[i].sql != sql)
		i++;
	if (i == STATEMENTS)
		return err_set(err, ERR_LIMIT, "more than %d kinds of statement", STATEMENTS);
	if (!cf->cached[i].sql) {
		if (sqlite3_prepare_v3(cf->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
				       &cf->cached[i].stmt, NULL) != SQLITE_OK)
			return db_fail(cf, err);
		cf->cached[i].sql = sql;
	}
	*out = cf->cached[i].stmt;
	(void)sqlite3_reset(*out);
	(void)sqlite3_clear_bindings(*out);
	return 0;
}

int db_row(struct casefile *cf, sqlite3_stmt *stmt, struct err *err)
{
	const int r = sqlite3_step(stmt);

	if (r == SQLITE_ROW)
		return 1;
	if (r == SQLITE_DONE) {
		(void)sqlite3_reset(stmt);
		return 0;
	}
	(void)db_fail(cf, err);
	(void)sqlite3_reset(stmt);
	return -(int)code_of(r);
}

int db_run(struct casefile *cf, sqlite3_stmt *stmt, struct err *err)
{
	int r;

	do
		r = db_row(cf, stmt, err);
	while (r > 0);
	return r;
}

int db_exec(struct casefile *cf, const char *sql, struct err *err)
{
	if (sqlite3_exec(cf->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return db_fail(cf, err);
	return 0;
}

int db_number(struct casefile *cf, const char *sql, int64_t none, int64_t *out, struct err *err)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	int r = db_prepare(cf, sql, &stmt, err);

	if (r < 0)
		return r;
	r = db_row(cf, stmt, err);
	if (r < 0)
		return r;
	*out = r && sqlite3_column_type(stmt, 0) != SQLITE_NULL ? sqlite3_column_int64(stmt, 0)
								: none;
	return 0;
}

int db_write(struct casefile *cf, struct err *err)
{
	int r;

	if (cf->mode != CASEFILE_WRITE)
		return err_set(err, ERR_DENIED, "'%s' is open for reading only", cf->path);
	if (cf->broken)
		return err_set(err, ERR_IO, "'%s': an earlier write failed; what came since the last "
					    "commit is undone", cf->path);
	if (cf->begun)
		return 0;
	r = db_exec(cf, "BEGIN IMMEDIATE", err);
	if (r < 0)
		return r;
	cf->begun = true;
	return 0;
}

int db_save(struct casefile *cf, struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_write(cf, err);

	if (r < 0)
		return r;
	r = db_get(cf, "SAVEPOINT piece", &stmt, err);
	return r < 0 ? r : db_run(cf, stmt, err);
}

int db_release(struct casefile *cf, int r, struct err *err)
{
	sqlite3_stmt *stmt;
	int back;

	if (r < 0) {
		notice_rollback(cf);
		if (!cf->broken &&
		    sqlite3_exec(cf->db, "ROLLBACK TO piece; RELEASE piece", NULL, NULL, NULL) !=
			    SQLITE_OK)
			cf->broken = true;
		return r;
	}
	back = db_get(cf, "RELEASE piece", &stmt, err);
	return back < 0 ? back : db_run(cf, stmt, err);
}

void ids_done(struct ids *ids)
{
	free(ids->id);
}

int ids_add(struct ids *ids, int64_t id, struct err *err)
{
	if (ids->n == ids->room) {
		const size_t room = ids->room ? 2 * ids->room : 256;
		int64_t *more = realloc(ids->id, room * sizeof *more);

		if (!more)
			return err_set(err, ERR_NO_MEMORY, "no memory for %zu rows", room);
		ids->id = more;
		ids->room = room;
	}
	ids->id[ids->n++] = id;
	return 0;
}
