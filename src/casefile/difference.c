/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The difference of a capture to what was known: what is no longer there.
 *
 * An entry that was not seen is "vanished" only where that is known: its
 * folder's listing was complete, or the folder itself is known to be gone.
 * In a pass that was cut short, a listing counts as complete only if
 * everything in it was looked at: as many entries below it were seen as it
 * named.
 */
#include <inttypes.h>
#include <stdio.h>

#include "casefile/internal.h"

enum folder {
	FOLDER_UNKNOWN,
	FOLDER_READ,      /* listed completely, all of it looked at */
	FOLDER_GONE,
};

struct pass {
	struct casefile *cf;
	int64_t capture, source;
	bool whole;
	struct buf last_path;          /* the folder judged last: entries come in order */
	enum folder last;
};

static struct slice parent_of(struct slice path)
{
	size_t n = path.n;

	if (n && path.p[n - 1] == '/')
		n--;
	while (n && path.p[n - 1] != '/')
		n--;
	return slice_head(path, n);
}

/* How many entries and folders directly in `path` this capture looked at. */
static int looked_at(struct pass *pass, struct slice path, int64_t *out, struct err *err)
{
	static const char sql[] =
		"SELECT (SELECT count(DISTINCT e.id) FROM entry e JOIN sighting s ON s.entry = e.id"
		" WHERE e.source = ?1 AND s.capture = ?2 AND e.path > ?3 AND e.path < ?4"
		" AND instr(substr(e.path, ?5, length(e.path) - ?5), x'2f') = 0"
		" AND substr(e.path, -1) <> x'2f')"
		" + (SELECT count(DISTINCT path) FROM (SELECT l.path AS path FROM listing l"
		" WHERE l.capture = ?2 UNION SELECT e.path FROM entry e JOIN sighting s ON s.entry = e.id"
		" WHERE e.source = ?1 AND s.capture = ?2 AND substr(e.path, -1) = x'2f')"
		" WHERE path > ?3 AND path < ?4"
		" AND instr(substr(path, ?5, length(path) - ?5), x'2f') = 0)";
	scoped(buf_done) struct buf end = buf_limited((size_t)1 << 20);
	sqlite3_stmt *stmt;
	int r = db_get(pass->cf, sql, &stmt, err);

	if (r < 0)
		return r;
	/* Everything below "a/" sorts before "a0": '0' follows '/'. */
	(void)buf_add(&end, path.n ? slice_head(path, path.n - 1) : slice_of(NULL, 0));
	(void)buf_char(&end, path.n ? '0' : '\xFF');
	if (path.n == 0)
		for (int i = 0; i < 64; i++)
			(void)buf_char(&end, '\xFF');
	if (buf_broken(&end))
		return err_set(err, ERR_NO_MEMORY, "no memory for a path");
	bind_int(stmt, 1, pass->source);
	bind_int(stmt, 2, pass->capture);
	bind_blob(stmt, 3, path);
	bind_blob(stmt, 4, buf_slice(&end));
	bind_int(stmt, 5, (int64_t)path.n + 1);
	r = db_row(pass->cf, stmt, err);
	if (r > 0)
		*out = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_reset(stmt);
	return r < 0 ? r : 0;
}

/* The folder's own listing in this capture: 1 complete, 0 another, 2 none. */
static int own_listing(struct pass *pass, struct slice path, int64_t *entries, struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_get(pass->cf, "SELECT state = 'complete', entries FROM listing"
				 " WHERE capture = ?1 AND path = ?2 ORDER BY id DESC LIMIT 1", &stmt,
		       err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, pass->capture);
	bind_blob(stmt, 2, path);
	r = db_row(pass->cf, stmt, err);
	if (r > 0) {
		r = sqlite3_column_int(stmt, 0);
		*entries = sqlite3_column_int64(stmt, 1);
		(void)sqlite3_reset(stmt);
		return r;
	}
	return r < 0 ? r : 2;
}

static int was_seen(struct pass *pass, struct slice path, struct err *err)
{
	struct entry_known known;
	const int r = entry_look(pass->cf, pass->capture, path, &known, err);

	return r < 0 ? r : known.in_this_capture;
}

/* From the root down, so that no path is too deep for the stack. */
static int judge_folder(struct pass *pass, struct slice path, enum folder *out, struct err *err)
{
	enum folder above = FOLDER_READ;      /* of the root: nobody lists it */
	size_t n = 0;

	for (;;) {
		const struct slice at = slice_head(path, n);
		int64_t entries = 0, seen = 0;
		int r = own_listing(pass, at, &entries, err);

		if (r < 0)
			return r;
		if (r == 1) {
			above = FOLDER_READ;
			if (!pass->whole) {
				r = looked_at(pass, at, &seen, err);
				if (r < 0)
					return r;
				if (seen < entries)
					above = FOLDER_UNKNOWN;
			}
		} else if (r == 2 && n > 0 && above != FOLDER_UNKNOWN) {
			r = was_seen(pass, at, err);
			if (r < 0)
				return r;
			above = r ? FOLDER_UNKNOWN : FOLDER_GONE;
		} else {
			above = FOLDER_UNKNOWN;
		}
		if (n == path.n)
			break;
		while (n < path.n && path.p[n++] != '/')
			continue;
	}
	*out = above;
	return 0;
}

static int judge(struct pass *pass, struct slice path, bool *vanished, struct err *err)
{
	const struct slice folder = parent_of(path);
	int r;

	if (!pass->last_path.p || !slice_equal(buf_slice(&pass->last_path), folder)) {
		r = judge_folder(pass, folder, &pass->last, err);
		if (r < 0)
			return r;
		buf_clear(&pass->last_path);
		(void)buf_add(&pass->last_path, folder);
		if (!buf_string(&pass->last_path))
			return err_set(err, ERR_NO_MEMORY, "no memory for a path");
	}
	*vanished = pass->last != FOLDER_UNKNOWN;
	return 0;
}

/* Entries that this capture did not see and that were not gone before; those
 * that vanished as positive numbers, the others as negative ones. */
static int find_absent(struct pass *pass, struct ids *out, struct err *err)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	int r = db_prepare(pass->cf,
			   "SELECT e.id, e.path FROM entry e WHERE e.source = ?1"
			   " AND NOT EXISTS (SELECT 1 FROM sighting s WHERE s.entry = e.id"
			   " AND s.capture = ?2)"
			   " AND (SELECT s.change FROM sighting s WHERE s.entry = e.id"
			   " ORDER BY s.capture DESC, s.id DESC LIMIT 1) <> 'vanished' ORDER BY e.path",
			   &stmt, err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, pass->source);
	bind_int(stmt, 2, pass->capture);
	while ((r = db_row(pass->cf, stmt, err)) > 0) {
		const int64_t id = sqlite3_column_int64(stmt, 0);
		bool vanished = false;

		r = judge(pass, column_blob(stmt, 1), &vanished, err);
		if (r == 0)
			r = ids_add(out, vanished ? id : -id, err);
		if (r < 0)
			return r;
	}
	return r;
}

static int keep_absent(struct pass *pass, int64_t entry, bool vanished, struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_get(pass->cf,
		       "INSERT INTO sighting (capture, entry, basis, change, version, size_exact, why, time)"
		       " VALUES (?1, ?2, 'absent', ?3, (SELECT version FROM sighting WHERE entry = ?2"
		       " AND version IS NOT NULL ORDER BY capture DESC, id DESC LIMIT 1), 0, ?4, ?5)",
		       &stmt, err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, pass->capture);
	bind_int(stmt, 2, entry);
	bind_text(stmt, 3, vanished ? "vanished" : "unknown");
	bind_text(stmt, 4, vanished ? "" : "the listing of its folder is not complete");
	bind_int(stmt, 5, clock_now());
	return db_run(pass->cf, stmt, err);
}

static int end_pass(struct pass *pass, const char *note, struct err *err)
{
	scoped(ids_done) struct ids absent = { 0 };
	sqlite3_stmt *stmt;
	int r = find_absent(pass, &absent, err);

	for (size_t i = 0; r == 0 && i < absent.n; i++)
		r = keep_absent(pass, absent.id[i] < 0 ? -absent.id[i] : absent.id[i],
				absent.id[i] > 0, err);
	if (r == 0)
		r = db_get(pass->cf, "INSERT INTO capture_end (capture, ended, state, note)"
				     " VALUES (?1, ?2, ?3, ?4)", &stmt, err);
	if (r < 0)
		return r;
	bind_int(stmt, 1, pass->capture);
	bind_int(stmt, 2, clock_now());
	bind_text(stmt, 3, note ? "partial" : "complete");
	bind_text(stmt, 4, note);
	return db_run(pass->cf, stmt, err);
}

int capture_end(struct casefile *cf, int64_t capture, const char *note, struct err *err)
{
	struct pass pass = { .cf = cf, .capture = capture, .whole = !note,
			     .last_path = buf_limited((size_t)1 << 20) };
	int r = capture_source(cf, capture, &pass.source, err);

	if (r == 0)
		r = db_save(cf, err);
	if (r < 0)
		return r;
	r = db_release(cf, end_pass(&pass, note, err), err);
	buf_done(&pass.last_path);
	return r;
}

int changes_each(struct casefile *cf, int64_t capture, const char *change,
		 int (*each)(const struct change *, void *), void *data, struct err *err)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	int r = db_prepare(cf,
			   "SELECT s.capture, s.entry, s.version, s.object, s.path, s.name, s.change,"
			   " s.why, o.size, s.listed_time, o.sha256"
			   " FROM now_sighting s LEFT JOIN object o ON o.id = s.object"
			   " WHERE ?1 IN (0, s.capture) AND (?2 IS NULL OR s.change = ?2)"
			   " ORDER BY s.capture, s.path", &stmt, err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, capture);
	if (change)
		bind_text(stmt, 2, change);
	while ((r = db_row(cf, stmt, err)) > 0) {
		struct change line = {
			.capture = sqlite3_column_int64(stmt, 0),
			.entry = sqlite3_column_int64(stmt, 1),
			.version = sqlite3_column_int64(stmt, 2),
			.object = sqlite3_column_int64(stmt, 3),
			.path = column_blob(stmt, 4),
			.name = column_text(stmt, 5),
			.change = column_text(stmt, 6),
			.why = column_text(stmt, 7),
			.size = (uint64_t)sqlite3_column_int64(stmt, 8),
			.listed_time = column_time(stmt, 9),
		};

		column_sha256(stmt, 10, &line.sha256);
		r = each(&line, data);
		if (r < 0)
			return r;
	}
	return r;
}
