/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Observations: SQL that comes as data.  One SELECT, over the format's tables
 * and views, with functions from a list, so many steps, so many rows.
 */
#include <stdio.h>

#include "casefile/internal.h"

#define STEPS_EACH 10000              /* virtual machine steps between two looks */
#define STEPS_MAX 100000              /* looks: 10^9 steps */
#define ROWS_MAX 1000000

/* Functions whose answer depends on their arguments alone and is not larger
 * than these. */
static const char *const functions[] = {
	"abs", "avg", "char", "coalesce", "count", "date", "datetime", "dense_rank", "first_value",
	"format", "glob", "group_concat", "hex", "ifnull", "iif", "instr", "json", "json_array",
	"json_array_length", "json_extract", "json_group_array", "json_group_object", "json_object",
	"json_quote", "json_type", "json_valid", "julianday", "lag", "last_value", "lead", "length",
	"like", "likelihood", "likely", "lower", "ltrim", "max", "min", "nth_value", "ntile", "nullif",
	"percent_rank", "printf", "quote", "rank", "replace", "round", "row_number", "rtrim", "sign",
	"strftime", "substr", "substring", "sum", "time", "total", "trim", "typeof", "unicode",
	"unixepoch", "unlikely", "upper", "->", "->>", NULL,
};

static bool in_list(const char *const *list, const char *name)
{
	for (; *list; list++)
		if (name && sqlite3_stricmp(*list, name) == 0)
			return true;
	return false;
}

static int allow(void *data, int action, const char *a, const char *b, const char *schema,
		 const char *inner)
{
	bool *denied = data;

	(void)schema;
	(void)inner;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_READ:
		if (!a || sqlite3_strnicmp(a, "sqlite_", 7) != 0)
			return SQLITE_OK;
		break;
	case SQLITE_FUNCTION:
		if (in_list(functions, b))
			return SQLITE_OK;
		break;
	default:
		break;
	}
	*denied = true;
	return SQLITE_DENY;
}

static int tick(void *data)
{
	unsigned *looks = data;

	return ++*looks > STEPS_MAX;
}

/* Nothing but blanks, ";" and comments behind the statement. */
static bool only_one(const char *tail)
{
	while (*tail) {
		if (strchr(" \t\r\n;", *tail)) {
			tail++;
		} else if (tail[0] == '-' && tail[1] == '-') {
			tail += strcspn(tail, "\n");
		} else if (tail[0] == '/' && tail[1] == '*') {
			const char *end = strstr(tail + 2, "*/");

			if (!end)
				return true;
			tail = end + 2;
		} else {
			return false;
		}
	}
	return true;
}

static int observe(struct casefile *cf, const char *sql,
		   int (*each)(const struct observed *, void *), void *data, const bool *denied,
		   struct err *err)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	const char *tail = "";
	uint64_t rows = 0;
	int r;

	if (sqlite3_prepare_v2(cf->db, sql, -1, &stmt, &tail) != SQLITE_OK)
		return err_set(err, *denied ? ERR_DENIED : ERR_FAILED,
			       "the observation: %s", sqlite3_errmsg(cf->db));
	if (!stmt || !only_one(tail))
		return err_set(err, ERR_FAILED, "an observation is one SELECT");
	if (!sqlite3_stmt_readonly(stmt) || sqlite3_column_count(stmt) != 3)
		return err_set(err, ERR_FAILED,
			       "an observation gives three columns: finding, grp, label");
	while ((r = sqlite3_step(stmt)) == SQLITE_ROW) {
		const struct observed row = { sqlite3_column_int64(stmt, 0), column_text(stmt, 1),
					      column_text(stmt, 2) };

		if (++rows > ROWS_MAX)
			return err_set(err, ERR_LIMIT, "the observation gives more than %d rows",
				       ROWS_MAX);
		r = each(&row, data);
		if (r < 0)
			return r;
	}
	if (r == SQLITE_INTERRUPT)
		return err_set(err, ERR_LIMIT, "the observation takes too many steps");
	if (r != SQLITE_DONE)
		return err_set(err, ERR_FAILED, "the observation: %s", sqlite3_errmsg(cf->db));
	return 0;
}

int observation_run(struct casefile *cf, const char *sql,
		    int (*each)(const struct observed *, void *), void *data, struct err *err)
{
	unsigned looks = 0;
	bool denied = false;
	int r;

	/* These two declare their columns when first used, which the rules
	 * would refuse. */
	r = db_exec(cf, "SELECT 1 FROM json_each('[]'), json_tree('[]')", err);
	if (r < 0)
		return r;
	(void)sqlite3_set_authorizer(cf->db, allow, &denied);
	sqlite3_progress_handler(cf->db, STEPS_EACH, tick, &looks);
	r = observe(cf, sql, each, data, &denied, err);
	sqlite3_progress_handler(cf->db, 0, NULL, NULL);
	(void)sqlite3_set_authorizer(cf->db, NULL, NULL);
	return r;
}
