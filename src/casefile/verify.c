/* SPDX-License-Identifier: Apache-2.0 */
/* Is the case still what was sealed? */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/text.h"
#include "casefile/verify.h"

#define SENTENCES_MAX 1000

void verify_fault(struct verify *v, enum verdict_kind kind, const char *format, ...)
{
	char raw[1024], safe[1024];
	va_list words;

	v->out->faults++;
	if (kind == VERIFY_FAILED || v->out->kind == VERIFY_VERIFIED)
		v->out->kind = kind;
	if (!v->fault || v->out->faults > SENTENCES_MAX)
		return;
	va_start(words, format);
	(void)vsnprintf(raw, sizeof raw, format, words);
	va_end(words);
	text_neutral(slice_text(raw), safe, sizeof safe);
	v->fault(kind, v->out->faults == SENTENCES_MAX ? "more faults are counted, but not named" : safe,
		 v->data);
}

char *verify_file(struct verify *v, const char *name)
{
	return path_join(v->path, name);
}

bool verify_hash(int fd, uint64_t from, uint64_t to, struct sha256 *out)
{
	scoped(hasher_free) struct hasher *hasher = hasher_new();
	scoped(memory_free) char *place = malloc(1 << 18);

	if (!hasher || !place)
		return false;
	while (from < to) {
		const size_t want = to - from < 1 << 18 ? (size_t)(to - from) : (size_t)1 << 18;
		size_t got;

		if (fd_read_at(fd, (off_t)from, place, want, &got, "case", NULL) < 0 || got < want)
			return false;
		hasher_add(hasher, slice_of(place, got));
		from += got;
	}
	*out = hasher_end(hasher);
	return true;
}

/* ---- the database as a file */

static void open_database(struct verify *v)
{
	scoped(memory_free) char *file = verify_file(v, "case.db");
	struct err err = { 0 };

	if (!file)
		return;
	if (access(file, F_OK) < 0) {
		verify_fault(v, VERIFY_FAILED, "case.db is missing");
		return;
	}
	if (db_open_file(file, CASEFILE_READ, &v->db, &err) < 0)
		verify_fault(v, VERIFY_FAILED, "case.db cannot be read: %s", err.text);
}

static int64_t number(struct verify *v, const char *sql, int64_t none)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(v->db, sql, -1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_step(stmt) != SQLITE_ROW)
		return none;
	return sqlite3_column_int64(stmt, 0);
}

static void schema_differs(const char *what, void *data)
{
	verify_fault(data, VERIFY_FAILED, "case.db: %s is not as the format has it", what);
}

/* False when the rest cannot be understood. */
static bool check_format(struct verify *v)
{
	const int64_t version = number(v, "PRAGMA user_version", -1);

	if (number(v, "PRAGMA application_id", -1) != APPLICATION) {
		verify_fault(v, VERIFY_FAILED, "case.db is not marked as a case's database");
	} else if (version > FORMAT) {
		verify_fault(v, VERIFY_UNVERIFIABLE, "the case has format %" PRId64
			     ", this program knows format %d: use a newer xsheet", version, FORMAT);
		return false;
	}
	if (version != FORMAT)
		verify_fault(v, VERIFY_FAILED, "case.db is marked as format %" PRId64, version);
	if (db_check_schema(v->db, schema_differs, v, NULL) < 0 && v->out->kind == VERIFY_VERIFIED)
		verify_fault(v, VERIFY_FAILED, "case.db has not the format's tables");
	return true;
}

void verify_database(struct verify *v)
{
	static const char *const checks[] = { "PRAGMA integrity_check(20)",
					      "SELECT 'row ' || rowid || ' of ' || \"table\" || ' names a row of '"
					      " || parent || ' that is not there'"
					      " FROM pragma_foreign_key_check LIMIT 20" };

	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
		scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
		int r = sqlite3_prepare_v2(v->db, checks[i], -1, &stmt, NULL);

		while (r == SQLITE_OK && (r = sqlite3_step(stmt)) == SQLITE_ROW) {
			if (strcmp(column_text(stmt, 0), "ok") != 0)
				verify_fault(v, VERIFY_FAILED, "case.db: %s", column_text(stmt, 0));
			r = SQLITE_OK;
		}
		if (r != SQLITE_DONE)
			verify_fault(v, VERIFY_FAILED, "case.db: %s", sqlite3_errmsg(v->db));
	}
}

/* ---- kept lists */

void verify_intel(struct verify *v)
{
	scoped(memory_free) char *folder = verify_file(v, "intel");
	DIR *dir = folder ? opendir(folder) : NULL;

	for (size_t i = 0; i < v->file_count; i++) {
		char name[80] = "intel/";
		scoped(memory_free) char *path = NULL;
		scoped(fd_close) int fd = -1;
		struct stat status;
		struct sha256 is;

		sha256_hex(&v->files[i].sha256, name + 6);
		path = verify_file(v, name);
		fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
		if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
			verify_fault(v, VERIFY_FAILED, "%s is missing (ledger line %" PRIu64 ")", name,
				     v->files[i].line);
		else if (!verify_hash(fd, 0, (uint64_t)status.st_size, &is) ||
			 !sha256_equal(&is, &v->files[i].sha256))
			verify_fault(v, VERIFY_FAILED, "%s is not what its name says", name);
	}
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		struct sha256 hash;
		bool known = entry->d_name[0] == '.';

		if (sha256_from_hex(slice_text(entry->d_name), &hash))
			for (size_t i = 0; i < v->file_count; i++)
				known = known || sha256_equal(&hash, &v->files[i].sha256);
		if (!known)
			verify_fault(v, VERIFY_UNVERIFIABLE, "intel/%s is not in the ledger",
				     entry->d_name);
	}
	if (dir)
		(void)closedir(dir);
}

/* ---- all of it */

static int check_all(struct verify *v, const char *key, struct err *err)
{
	int r;

	open_database(v);
	if (v->db && !check_format(v))
		return 0;
	r = verify_ledger(v, key, err);
	if (r == 0)
		r = verify_segments(v, err);
	if (r == 0 && v->db)
		r = verify_rows(v, err);
	if (r < 0)
		return r;
	if (v->db)
		verify_database(v);
	verify_intel(v);
	return 0;
}

int casefile_verify(const char *path, const char *key, struct progress *progress,
		    void (*fault)(enum verdict_kind, const char *sentence, void *), void *data,
		    struct verify_result *out, struct err *err)
{
	struct verify_result result = { .kind = VERIFY_VERIFIED };
	struct verify v = { .path = path, .progress = progress, .fault = fault, .data = data,
			    .out = &result };
	scoped(memory_free) char *db = verify_file(&v, "case.db");
	scoped(memory_free) char *ledger = verify_file(&v, "ledger/ledger.tsv");
	int r;

	if (!db || !ledger)
		return err_set(err, ERR_NO_MEMORY, "no memory to verify '%s'", path);
	if (sodium_init() < 0)
		return err_set(err, ERR_FAILED, "libsodium does not start");
	if (access(db, F_OK) < 0 && access(ledger, F_OK) < 0)
		return err_set(err, ERR_NOT_FOUND, "there is no case in '%s'", path);
	progress_begin(progress, "verifying", 0);
	r = check_all(&v, key, err);
	progress_end(progress, NULL);
	(void)sqlite3_close(v.db);
	free(v.pieces);
	free(v.ranges);
	free(v.files);
	if (r == 0)
		*out = result;
	return r;
}
