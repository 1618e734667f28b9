/* SPDX-License-Identifier: Apache-2.0 */
/* Runs and what they found. */
#include <inttypes.h>
#include <math.h>

#include "base/text.h"
#include "casefile/internal.h"
#include "casefile/kinds.h"

#define NAME(name, what) name,
static const char *const kinds[] = { FINDING_KINDS(NAME) NULL };

static bool kind_listed(const char *kind)
{
	for (const char *const *k = kinds; *k; k++)
		if (strcmp(*k, kind) == 0)
			return true;
	return false;
}

int run_begin(struct casefile *cf, const struct run *run, int64_t *id, struct err *err)
{
	const char *params = run->params && *run->params ? run->params : "{}";
	sqlite3_stmt *stmt;
	int r = db_write(cf, err);

	if (r < 0)
		return r;
	if (!is_object_text(params))
		return err_set(err, ERR_FAILED, "the parameters of stage '%s' are no JSON object",
			       run->stage);
	r = db_get(cf, "INSERT INTO run (stage, tool, params, started, replaces)"
		       " VALUES (?1, ?2, ?3, ?4, ?5)", &stmt, err);
	if (r < 0)
		return r;
	bind_text(stmt, 1, run->stage);
	bind_text(stmt, 2, run->tool);
	bind_text(stmt, 3, params);
	bind_int(stmt, 4, run->started > 0 ? run->started : clock_now());
	bind_int(stmt, 5, run->replaces);
	r = db_run(cf, stmt, err);
	if (r == 0)
		*id = sqlite3_last_insert_rowid(cf->db);
	return r;
}

int run_end(struct casefile *cf, int64_t run, struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_write(cf, err);

	if (r == 0)
		r = db_get(cf, "INSERT INTO run_end (run, ended) VALUES (?1, ?2)", &stmt, err);
	if (r < 0)
		return r;
	bind_int(stmt, 1, run);
	bind_int(stmt, 2, clock_now());
	return db_run(cf, stmt, err);
}

int runs_each(struct casefile *cf, int (*each)(const struct run *, void *), void *data,
	      struct err *err)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	int r = db_prepare(cf, "SELECT id, stage, tool, params, started, replaces FROM now_run"
			       " ORDER BY id", &stmt, err);

	if (r < 0)
		return r;
	while ((r = db_row(cf, stmt, err)) > 0) {
		const struct run run = { sqlite3_column_int64(stmt, 0), column_text(stmt, 1),
					 column_text(stmt, 2), column_text(stmt, 3),
					 sqlite3_column_int64(stmt, 4),
					 sqlite3_column_int(stmt, 5) != 0 };

		r = each(&run, data);
		if (r < 0)
			return r;
	}
	return r;
}

int finding_add(struct casefile *cf, const struct finding *finding, int64_t *id, struct err *err)
{
	scoped(buf_done) struct buf value = buf_limited((size_t)16 << 20);
	const char *locator = finding->locator && *finding->locator ? finding->locator : "{}";
	const char *data = finding->data && *finding->data ? finding->data : "{}";
	sqlite3_stmt *stmt;
	int r = db_write(cf, err);

	if (r < 0)
		return r;
	if (!kind_listed(finding->kind))
		return err_set(err, ERR_FAILED, "'%s' is no kind of finding (casefile/kinds.h)",
			       finding->kind);
	if (!is_object_text(locator))
		return err_set(err, ERR_FAILED, "%s: the locator is no JSON object: %.200s",
			       finding->kind, locator);
	if (!is_object_text(data))
		return err_set(err, ERR_FAILED, "%s: the data are no JSON object: %.200s",
			       finding->kind, data);
	if (text_safe(&value, slice_text(finding->value), true) < 0 || !buf_string(&value))
		return err_set(err, ERR_LIMIT, "%s: the value is too large", finding->kind);
	r = db_get(cf, "INSERT INTO finding (run, kind, object, locator, value, data, certainty)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", &stmt, err);
	if (r < 0)
		return r;
	bind_int(stmt, 1, finding->run);
	bind_text(stmt, 2, finding->kind);
	bind_id(stmt, 3, finding->object);
	bind_text(stmt, 4, locator);
	bind_text(stmt, 5, value.p);
	bind_text(stmt, 6, data);
	if (finding->certainty >= 0)
		bind_int(stmt, 7, finding->certainty >= 1 ? 1000000
							  : (int64_t)(finding->certainty * 1e6 + 0.5));
	r = db_run(cf, stmt, err);
	if (r == 0 && id)
		*id = sqlite3_last_insert_rowid(cf->db);
	return r;
}

static void read_finding(sqlite3_stmt *stmt, struct finding *out)
{
	*out = (struct finding){
		.id = sqlite3_column_int64(stmt, 0),
		.run = sqlite3_column_int64(stmt, 1),
		.kind = column_text(stmt, 2),
		.object = sqlite3_column_int64(stmt, 3),
		.locator = column_text(stmt, 4),
		.value = column_text(stmt, 5),
		.data = column_text(stmt, 6),
		.certainty = sqlite3_column_type(stmt, 7) == SQLITE_NULL
				     ? -1
				     : (double)sqlite3_column_int64(stmt, 7) / 1e6,
	};
}

#define FINDING_COLUMNS "SELECT id, run, kind, object, locator, value, data, certainty FROM finding "

/* The conditions that are asked for, so that the right index is used; up to
 * the row that is the last one now: the callback may add some. */
static int prepare_filtered(struct casefile *cf, const struct finding_filter *f,
			    sqlite3_stmt **out, struct err *err)
{
	scoped(buf_done) struct buf sql = buf_limited(4096);
	const struct slice kind = slice_text(f->kind);
	const bool prefix = kind.n && kind.p[kind.n - 1] == '.';
	char end[64];

	(void)buf_text(&sql, FINDING_COLUMNS "WHERE id <= (SELECT max(id) FROM finding)");
	if (prefix)
		(void)buf_text(&sql, " AND kind > ?1 AND kind < ?4");
	else if (kind.n)
		(void)buf_text(&sql, " AND kind = ?1");
	if (f->object)
		(void)buf_text(&sql, " AND object = ?2");
	if (f->run)
		(void)buf_text(&sql, " AND run = ?3");
	else
		(void)buf_text(&sql, " AND run IN (SELECT id FROM now_run)");
	(void)buf_text(&sql, " ORDER BY id");
	if (!buf_string(&sql))
		return err_set(err, ERR_NO_MEMORY, "no memory");
	if (kind.n >= sizeof end)
		return err_set(err, ERR_FAILED, "'%.100s' is no kind of finding", kind.p);
	if (db_prepare(cf, sql.p, out, err) < 0)
		return -ERR_FAILED;
	if (prefix) {
		/* '/' follows '.'. */
		memcpy(end, kind.p, kind.n + 1);
		end[kind.n - 1] = '/';
		(void)sqlite3_bind_text(*out, 4, end, -1, SQLITE_TRANSIENT);
	}
	if (kind.n)
		(void)sqlite3_bind_text(*out, 1, kind.p, -1, SQLITE_TRANSIENT);
	if (f->object)
		bind_int(*out, 2, f->object);
	if (f->run)
		bind_int(*out, 3, f->run);
	return 0;
}

int findings_each(struct casefile *cf, const struct finding_filter *filter,
		  int (*each)(const struct finding *, void *), void *data, struct err *err)
{
	static const struct finding_filter all;
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	int r = prepare_filtered(cf, filter ? filter : &all, &stmt, err);

	if (r < 0)
		return r;
	while ((r = db_row(cf, stmt, err)) > 0) {
		struct finding finding;

		read_finding(stmt, &finding);
		r = each(&finding, data);
		if (r < 0)
			return r;
	}
	return r;
}

int finding_get(struct casefile *cf, int64_t id, int (*with)(const struct finding *, void *),
		void *data, struct err *err)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	struct finding finding;
	int r = db_prepare(cf, FINDING_COLUMNS "WHERE id = ?1", &stmt, err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, id);
	r = db_row(cf, stmt, err);
	if (r < 0)
		return r;
	if (r == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no finding %" PRId64, id);
	read_finding(stmt, &finding);
	return with(&finding, data);
}
