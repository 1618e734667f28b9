/* SPDX-License-Identifier: Apache-2.0 */
/* What a capture sees: sources, listings, entries, sightings. */
#include <inttypes.h>

#include "base/text.h"
#include "casefile/internal.h"

#define PATH_BYTES_MAX 65536

/* ---- sources and captures */

int casefile_source(struct casefile *cf, const struct source *source, int64_t *id, struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_get(cf, "SELECT id FROM source WHERE kind = ?1 AND locator = ?2", &stmt, err);

	if (r < 0)
		return r;
	bind_text(stmt, 1, source->kind);
	bind_text(stmt, 2, source->locator);
	r = db_row(cf, stmt, err);
	if (r > 0)
		*id = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_reset(stmt);
	if (r != 0)
		return r < 0 ? r : 0;
	if (source->scope && *source->scope && !is_object_text(source->scope))
		return err_set(err, ERR_FAILED, "the scope of '%s' is no JSON object", source->locator);
	r = db_write(cf, err);
	if (r == 0)
		r = db_get(cf, "INSERT INTO source (kind, locator, scope, added) VALUES (?1, ?2, ?3, ?4)",
			   &stmt, err);
	if (r < 0)
		return r;
	bind_text(stmt, 1, source->kind);
	bind_text(stmt, 2, source->locator);
	bind_text(stmt, 3, source->scope && *source->scope ? source->scope : "{}");
	bind_int(stmt, 4, clock_now());
	r = db_run(cf, stmt, err);
	if (r == 0)
		*id = sqlite3_last_insert_rowid(cf->db);
	return r;
}

int casefile_sources(struct casefile *cf, int (*each)(const struct source *, void *), void *data,
		     struct err *err)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	int r = db_prepare(cf, "SELECT id, kind, locator, scope FROM source ORDER BY id", &stmt, err);

	if (r < 0)
		return r;
	while ((r = db_row(cf, stmt, err)) > 0) {
		const struct source source = { sqlite3_column_int64(stmt, 0), column_text(stmt, 1),
					       column_text(stmt, 2), column_text(stmt, 3) };

		r = each(&source, data);
		if (r < 0)
			return r;
	}
	return r;
}

int capture_begin(struct casefile *cf, int64_t source, int64_t *capture, bool *resumed,
		  struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_get(cf, "SELECT c.id FROM capture c WHERE c.source = ?1 AND NOT EXISTS"
			   " (SELECT 1 FROM capture_end e WHERE e.capture = c.id) ORDER BY c.id DESC"
			   " LIMIT 1", &stmt, err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, source);
	r = db_row(cf, stmt, err);
	if (r > 0)
		*capture = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_reset(stmt);
	if (r < 0)
		return r;
	*resumed = r > 0;
	if (*resumed)
		return 0;
	r = db_write(cf, err);
	if (r == 0)
		r = db_get(cf, "INSERT INTO capture (source, started) VALUES (?1, ?2)", &stmt, err);
	if (r < 0)
		return r;
	bind_int(stmt, 1, source);
	bind_int(stmt, 2, clock_now());
	r = db_run(cf, stmt, err);
	if (r == 0)
		*capture = sqlite3_last_insert_rowid(cf->db);
	return r;
}

int capture_source(struct casefile *cf, int64_t capture, int64_t *source, struct err *err)
{
	sqlite3_stmt *stmt;
	int r;

	if (cf->capture != capture || capture == 0) {
		r = db_get(cf, "SELECT source FROM capture WHERE id = ?1", &stmt, err);
		if (r < 0)
			return r;
		bind_int(stmt, 1, capture);
		r = db_row(cf, stmt, err);
		if (r < 0)
			return r;
		if (r == 0)
			return err_set(err, ERR_NOT_FOUND, "there is no capture %" PRId64, capture);
		cf->capture = capture;
		cf->capture_source = sqlite3_column_int64(stmt, 0);
		(void)sqlite3_reset(stmt);
	}
	*source = cf->capture_source;
	return 0;
}

int captures_each(struct casefile *cf, int64_t source, int (*each)(const struct capture *, void *),
		  void *data, struct err *err)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	int r = db_prepare(cf,
			   "SELECT d.capture, d.source, d.started, d.ended, d.state, d.note,"
			   " total(s.change IN ('new', 'changed', 'unchanged', 'failed')),"
			   " total(s.change = 'new'), total(s.change = 'changed'),"
			   " total(s.change = 'unchanged'), total(s.change = 'vanished'),"
			   " total(s.change = 'unknown'), total(s.change = 'failed')"
			   " FROM day d LEFT JOIN now_sighting s ON s.capture = d.capture"
			   " WHERE ?1 IN (0, d.source) GROUP BY d.capture ORDER BY d.capture", &stmt,
			   err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, source);
	while ((r = db_row(cf, stmt, err)) > 0) {
		const struct capture capture = {
			.id = sqlite3_column_int64(stmt, 0),
			.source = sqlite3_column_int64(stmt, 1),
			.started = sqlite3_column_int64(stmt, 2),
			.ended = column_time(stmt, 3),
			.state = column_text(stmt, 4),
			.note = column_text(stmt, 5),
			.seen = (uint64_t)sqlite3_column_int64(stmt, 6),
			.fresh = (uint64_t)sqlite3_column_int64(stmt, 7),
			.changed = (uint64_t)sqlite3_column_int64(stmt, 8),
			.unchanged = (uint64_t)sqlite3_column_int64(stmt, 9),
			.vanished = (uint64_t)sqlite3_column_int64(stmt, 10),
			.unknown = (uint64_t)sqlite3_column_int64(stmt, 11),
			.failed = (uint64_t)sqlite3_column_int64(stmt, 12),
		};

		r = each(&capture, data);
		if (r < 0)
			return r;
	}
	return r;
}

/* ---- listings */

static const char *const listing_states[] = {
	[LISTING_COMPLETE] = "complete",
	[LISTING_PARTIAL] = "partial",
	[LISTING_REFUSED] = "refused",
	[LISTING_FAILED] = "failed",
};

int listing_add(struct casefile *cf, int64_t capture, const struct listing_record *listing,
		struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_write(cf, err);

	if (r < 0)
		return r;
	if (listing->path.n > PATH_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "a path longer than %d bytes", PATH_BYTES_MAX);
	r = db_get(cf, "INSERT INTO listing (capture, path, state, reader, entries, object, why, time)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", &stmt, err);
	if (r < 0)
		return r;
	bind_int(stmt, 1, capture);
	bind_blob(stmt, 2, listing->path);
	bind_text(stmt, 3, listing_states[listing->state]);
	bind_text(stmt, 4, listing->reader);
	bind_int(stmt, 5, (int64_t)listing->entries);
	bind_id(stmt, 6, listing->object);
	bind_text(stmt, 7, listing->why);
	bind_int(stmt, 8, clock_now());
	return db_run(cf, stmt, err);
}

int listings_each(struct casefile *cf, int64_t capture,
		  int (*each)(const struct listing_record *, void *), void *data, struct err *err)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	int r = db_prepare(cf,
			   "SELECT path, state, reader, entries, object, why FROM listing l"
			   " WHERE capture = ?1 AND NOT EXISTS (SELECT 1 FROM listing n"
			   " WHERE n.capture = l.capture AND n.path = l.path AND n.id > l.id)"
			   " ORDER BY path", &stmt, err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, capture);
	while ((r = db_row(cf, stmt, err)) > 0) {
		struct listing_record listing = {
			.path = column_blob(stmt, 0),
			.state = LISTING_FAILED,
			.reader = column_text(stmt, 2),
			.entries = (uint64_t)sqlite3_column_int64(stmt, 3),
			.object = sqlite3_column_int64(stmt, 4),
			.why = column_text(stmt, 5),
		};

		for (int i = LISTING_COMPLETE; i <= LISTING_FAILED; i++)
			if (strcmp(column_text(stmt, 1), listing_states[i]) == 0)
				listing.state = (enum listing_state)i;
		r = each(&listing, data);
		if (r < 0)
			return r;
	}
	return r;
}

/* ---- entries */

static int find_entry(struct casefile *cf, int64_t source, struct slice path, int64_t *id,
		      struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_get(cf, "SELECT id FROM entry WHERE source = ?1 AND path = ?2", &stmt, err);

	*id = 0;
	if (r < 0)
		return r;
	bind_int(stmt, 1, source);
	bind_blob(stmt, 2, path);
	r = db_row(cf, stmt, err);
	if (r > 0)
		*id = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_reset(stmt);
	return r < 0 ? r : 0;
}

static int add_entry(struct casefile *cf, int64_t source, struct slice path, int64_t *id,
		     struct err *err)
{
	scoped(buf_done) struct buf name = buf_limited(16 * PATH_BYTES_MAX);
	sqlite3_stmt *stmt;
	int r;

	if (path.n > PATH_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "a path longer than %d bytes", PATH_BYTES_MAX);
	if (text_safe(&name, path, false) < 0 || !buf_string(&name))
		return err_set(err, ERR_NO_MEMORY, "no memory for a name");
	r = db_get(cf, "INSERT INTO entry (source, path, name) VALUES (?1, ?2, ?3)", &stmt, err);
	if (r < 0)
		return r;
	bind_int(stmt, 1, source);
	bind_blob(stmt, 2, path);
	bind_text(stmt, 3, name.p);
	r = db_run(cf, stmt, err);
	*id = sqlite3_last_insert_rowid(cf->db);
	return r;
}

/* What earlier captures say, and whether this one has spoken. */
static int look(struct casefile *cf, int64_t capture, int64_t entry, struct entry_known *out,
		struct err *err)
{
	sqlite3_stmt *stmt;
	int r;

	*out = (struct entry_known){ .entry = entry, .listed_size = UINT64_MAX,
				     .listed_time = CLOCK_NONE, .fetched = CLOCK_NONE };
	if (!entry)
		return 0;
	r = db_get(cf, "SELECT s.version, v.object, s.listed_size, s.size_exact, s.listed_time"
		       " FROM sighting s LEFT JOIN version v ON v.id = s.version"
		       " WHERE s.entry = ?1 AND s.capture < ?2 AND s.basis IN ('fetched', 'listing')"
		       " ORDER BY s.capture DESC, s.id DESC LIMIT 1", &stmt, err);
	if (r < 0)
		return r;
	bind_int(stmt, 1, entry);
	bind_int(stmt, 2, capture);
	r = db_row(cf, stmt, err);
	if (r > 0) {
		out->version = sqlite3_column_int64(stmt, 0);
		out->object = sqlite3_column_int64(stmt, 1);
		if (sqlite3_column_type(stmt, 2) != SQLITE_NULL)
			out->listed_size = (uint64_t)sqlite3_column_int64(stmt, 2);
		out->size_exact = sqlite3_column_int(stmt, 3) != 0;
		out->listed_time = column_time(stmt, 4);
		(void)sqlite3_reset(stmt);
	}
	if (r < 0)
		return r;
	r = db_get(cf, "SELECT (SELECT time FROM sighting WHERE entry = ?1 AND capture < ?2"
		       " AND basis = 'fetched' ORDER BY capture DESC, id DESC LIMIT 1),"
		       " (SELECT change FROM sighting WHERE entry = ?1 AND capture < ?2"
		       " AND change NOT IN ('failed', 'unknown') ORDER BY capture DESC, id DESC LIMIT 1),"
		       " EXISTS (SELECT 1 FROM sighting WHERE entry = ?1 AND capture = ?2)", &stmt, err);
	if (r < 0)
		return r;
	bind_int(stmt, 1, entry);
	bind_int(stmt, 2, capture);
	r = db_row(cf, stmt, err);
	if (r > 0) {
		out->fetched = column_time(stmt, 0);
		out->vanished = strcmp(column_text(stmt, 1), "vanished") == 0;
		out->known = *column_text(stmt, 1) != '\0';
		out->in_this_capture = sqlite3_column_int(stmt, 2) != 0;
		(void)sqlite3_reset(stmt);
	}
	return r < 0 ? r : 0;
}

int entry_look(struct casefile *cf, int64_t capture, struct slice path, struct entry_known *out,
	       struct err *err)
{
	int64_t source, entry;
	int r = capture_source(cf, capture, &source, err);

	if (r == 0)
		r = find_entry(cf, source, path, &entry, err);
	return r < 0 ? r : look(cf, capture, entry, out, err);
}

/* ---- sightings */

static const char *const bases[] = {
	[BASIS_FETCHED] = "fetched",
	[BASIS_LISTING] = "listing",
	[BASIS_FAILED] = "failed",
};

static int object_truncated(struct casefile *cf, int64_t object, bool *out, struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_get(cf, "SELECT truncated <> '' FROM object WHERE id = ?1", &stmt, err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, object);
	r = db_row(cf, stmt, err);
	if (r > 0)
		*out = sqlite3_column_int(stmt, 0) != 0;
	(void)sqlite3_reset(stmt);
	if (r == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no object %" PRId64, object);
	return r < 0 ? r : 0;
}

static int add_version(struct casefile *cf, int64_t capture, int64_t entry,
		       const struct sighting *s, int64_t *id, struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_get(cf, "INSERT INTO version (entry, object, capture, modified)"
			   " VALUES (?1, ?2, ?3, ?4)", &stmt, err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, entry);
	bind_int(stmt, 2, s->object);
	bind_int(stmt, 3, capture);
	bind_time(stmt, 4, s->modified);
	r = db_run(cf, stmt, err);
	*id = sqlite3_last_insert_rowid(cf->db);
	return r;
}

struct judged {
	const char *basis, *change, *why;
	int64_t version;
};

static int judge_fetched(struct casefile *cf, int64_t capture, const struct entry_known *known,
			 const struct sighting *s, struct judged *out, struct err *err)
{
	bool cut, was_cut = true;
	int r = object_truncated(cf, s->object, &cut, err);

	if (r == 0 && known->object)
		r = object_truncated(cf, known->object, &was_cut, err);
	if (r < 0)
		return r;
	if (cut && !was_cut) {
		/* A reading that broke off says nothing about the file. */
		*out = (struct judged){ "failed", "failed", s->why && *s->why ? s->why : "cut short", 0 };
		return 0;
	}
	if (!known->known || known->vanished)
		out->change = "new";
	else
		out->change = known->object == s->object ? "unchanged" : "changed";
	if (known->version && known->object == s->object) {
		out->version = known->version;
		return 0;
	}
	return add_version(cf, capture, known->entry, s, &out->version, err);
}

static void judge_listed(const struct entry_known *known, const struct sighting *s,
			 struct judged *out)
{
	const bool as_before = known->listed_size == s->listed_size &&
			       known->listed_time == s->listed_time;

	out->version = known->version;
	if (!known->known || known->vanished)
		out->change = "new";
	else
		out->change = known->version || as_before ? "unchanged" : "changed";
}

static int keep_sighting(struct casefile *cf, int64_t capture, int64_t entry,
			 const struct sighting *s, const struct judged *judged, struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_get(cf, "INSERT INTO sighting (capture, entry, basis, change, version, object,"
			   " listed_size, size_exact, listed_time, modified, why, time)"
			   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)", &stmt, err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, capture);
	bind_int(stmt, 2, entry);
	bind_text(stmt, 3, judged->basis);
	bind_text(stmt, 4, judged->change);
	bind_id(stmt, 5, judged->version);
	bind_id(stmt, 6, s->object);
	if (s->listed_size <= INT64_MAX)
		bind_int(stmt, 7, (int64_t)s->listed_size);
	bind_int(stmt, 8, s->size_exact && s->listed_size <= INT64_MAX);
	bind_time(stmt, 9, s->listed_time);
	bind_time(stmt, 10, s->modified);
	bind_text(stmt, 11, judged->why);
	bind_int(stmt, 12, clock_now());
	return db_run(cf, stmt, err);
}

static int add_sighting(struct casefile *cf, int64_t capture, const struct sighting *s,
			struct err *err)
{
	struct judged judged = { bases[s->basis], "failed", s->why ? s->why : "", 0 };
	struct entry_known known;
	int64_t source, entry;
	int r = capture_source(cf, capture, &source, err);

	if (r == 0)
		r = find_entry(cf, source, s->path, &entry, err);
	if (r == 0 && !entry)
		r = add_entry(cf, source, s->path, &entry, err);
	if (r == 0)
		r = look(cf, capture, entry, &known, err);
	if (r < 0)
		return r;
	/* A second listing of the same thing adds nothing to the first. */
	if (known.in_this_capture && s->basis != BASIS_FETCHED)
		return 0;
	if (s->basis == BASIS_FETCHED)
		r = judge_fetched(cf, capture, &known, s, &judged, err);
	else if (s->basis == BASIS_LISTING)
		judge_listed(&known, s, &judged);
	return r < 0 ? r : keep_sighting(cf, capture, entry, s, &judged, err);
}

int sighting_add(struct casefile *cf, int64_t capture, const struct sighting *sighting,
		 struct err *err)
{
	int r = db_save(cf, err);

	if (r < 0)
		return r;
	return db_release(cf, add_sighting(cf, capture, sighting, err), err);
}
