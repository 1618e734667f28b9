/* SPDX-License-Identifier: Apache-2.0 */
/* Making, opening and closing a case; the moments at which it is durable. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/file.h>

#include "casefile/internal.h"

#define STEPS_MAX 64
#define STEP_TIME_MS 1000

char *casefile_file(const struct casefile *cf, const char *name, struct err *err)
{
	char *path = path_join(cf->path, name);

	if (!path)
		(void)err_set(err, ERR_NO_MEMORY, "no memory for the path of '%s'", name);
	return path;
}

bool is_object_text(const char *json)
{
	json_t *parsed = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
	const bool is = json_is_object(parsed);

	json_decref(parsed);
	return is;
}

const char *casefile_path(const struct casefile *cf)
{
	return cf->path;
}

/* One writer.  The descriptor holds the lock; the number in the file is for
 * the message. */
static int lock_case(const char *path, int *out, struct err *err)
{
	scoped(memory_free) char *file = path_join(path, "lock");
	scoped(fd_close) int fd = -1;
	char text[32];
	size_t n;

	if (!file)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return err_errno(err, "cannot lock '%s'", path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			return err_errno(err, "cannot lock '%s'", path);
		if (fd_read_at(fd, 0, text, sizeof text - 1, &n, file, err) < 0)
			n = 0;
		text[n] = '\0';
		text[strcspn(text, "\n")] = '\0';
		return err_set(err, ERR_BUSY, "another program (process %s) writes to '%s'",
			       *text ? text : "unknown", path);
	}
	n = (size_t)snprintf(text, sizeof text, "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) < 0 || fd_write_at(fd, 0, slice_of(text, n), file, err) < 0)
		return err_errno(err, "cannot lock '%s'", path);
	*out = take_fd(&fd);
	return 0;
}

/* ---- making one */

static int make_database(const char *path, struct err *err)
{
	scoped(memory_free) char *file = path_join(path, "case.db");
	scoped(memory_free) char *wal = path_join(path, "case.db-wal");
	char numbers[128];
	sqlite3 *db = NULL;
	int r;

	if (!file || !wal)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	/* What an earlier, interrupted making left: there is no ledger yet. */
	(void)unlink(wal);
	(void)unlink(file);
	(void)snprintf(numbers, sizeof numbers, "PRAGMA application_id=%d; PRAGMA user_version=%d;",
		       APPLICATION, FORMAT);
	r = sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	if (r == SQLITE_OK)
		r = sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; BEGIN", NULL,
				 NULL, NULL);
	if (r == SQLITE_OK)
		r = sqlite3_exec(db, numbers, NULL, NULL, NULL);
	if (r == SQLITE_OK)
		r = sqlite3_exec(db, casefile_schema, NULL, NULL, NULL);
	if (r == SQLITE_OK)
		r = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (r != SQLITE_OK)
		r = err_set(err, ERR_IO, "cannot make '%s': %s", file,
			    db ? sqlite3_errmsg(db) : "no memory");
	(void)sqlite3_close(db);
	return r;
}

static int make_ledger(const char *path, const char *authority, uint64_t segment_max,
		       struct err *err)
{
	scoped(memory_free) char *pem_file = path_join(path, "ledger/public.pem");
	scoped(memory_free) char *file = path_join(path, "ledger/ledger.tsv");
	scoped(buf_done) struct buf pem = buf_limited(4096);
	scoped(buf_done) struct buf line = buf_limited(1 << 20);
	struct signing_key key;
	unsigned char id[16];
	char hex[KEY_HEX], id_hex[33];
	json_t *body;
	char *text;
	int r;

	if (!pem_file || !file)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	r = key_own(&key, err);
	if (r < 0)
		return r;
	if (key_public_pem(key.public, &pem) < 0)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	key_hex(key.public, hex);
	randombytes_buf(id, sizeof id);
	(void)sodium_bin2hex(id_hex, sizeof id_hex, id, sizeof id);
	body = json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:I}", "tool", "xsheet " XSHEET_VERSION,
			 "format", FORMAT, "id", id_hex, "key", hex, "authority",
			 authority && *authority ? authority : "not stated", "clock",
			 clock_is_set() ? "set" : "real", "segment_size", (json_int_t)segment_max);
	text = body ? json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	json_decref(body);
	if (!text)
		r = err_set(err, ERR_FAILED, "the authority is not UTF-8 text");
	if (r == 0)
		r = ledger_first(text, &key, &line, err);
	free(text);
	sodium_memzero(&key, sizeof key);
	if (r == 0)
		r = file_write(pem_file, buf_slice(&pem), 0644, err);
	if (r == 0)
		r = file_write(file, buf_slice(&line), 0644, err);
	return r;
}

int casefile_create_sized(const char *path, const char *authority, uint64_t segment_max,
			  struct err *err)
{
	static const char *const folders[] = { "warc", "ledger", "intel", "report" };
	scoped(memory_free) char *ledger = path_join(path, "ledger/ledger.tsv");
	scoped(memory_free) char *ledgers = path_join(path, "ledger");
	scoped(fd_close) int lock = -1;
	struct casefile *cf = NULL;
	int r;

	if (!ledger || !ledgers)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	if (!*path)
		return err_set(err, ERR_USAGE, "a case needs a name");
	if (access(ledger, F_OK) == 0)
		return err_set(err, ERR_EXISTS, "there is a case in '%s' already", path);
	r = folder_make(path, 0755, err);
	if (r == 0)
		r = lock_case(path, &lock, err);
	if (r < 0)
		return r;
	if (access(ledger, F_OK) == 0)
		return err_set(err, ERR_EXISTS, "there is a case in '%s' already", path);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		scoped(memory_free) char *folder = path_join(path, folders[i]);

		r = folder ? folder_make(folder, 0755, err) : err_set(err, ERR_NO_MEMORY, "no memory");
		if (r < 0)
			return r;
	}
	r = make_database(path, err);
	if (r == 0)
		r = folder_sync(path, err);
	if (r == 0)
		r = make_ledger(path, authority, segment_max, err);
	if (r == 0)
		r = folder_sync(ledgers, err);
	if (r < 0)
		return r;
	/* Opening copies the first entry's hash into the database. */
	(void)close(take_fd(&lock));
	r = casefile_open(path, CASEFILE_WRITE, &cf, err);
	casefile_close(cf);
	return r;
}

int casefile_create(const char *path, const char *authority, struct err *err)
{
	return casefile_create_sized(path, authority, SEGMENT_MAX, err);
}

/* ---- opening */

static int check_version(struct casefile *cf, struct err *err)
{
	int64_t application, version;
	int r = db_number(cf, "PRAGMA application_id", 0, &application, err);

	if (r == 0)
		r = db_number(cf, "PRAGMA user_version", 0, &version, err);
	if (r < 0)
		return r;
	if (application != APPLICATION)
		return err_set(err, ERR_DAMAGED, "'%s/case.db' is no case's database", cf->path);
	if (version > FORMAT)
		return err_set(err, ERR_FAILED, "the case '%s' has format %" PRId64
			       ", this program knows format %d: use a newer xsheet", cf->path,
			       version, FORMAT);
	if (version < 1)
		return err_set(err, ERR_DAMAGED, "'%s/case.db' names no format", cf->path);
	return db_check_schema(cf->db, NULL, NULL, err);
}

/* Mend what a crash left, and say so in the ledger. */
static int recover(struct casefile *cf, struct err *err)
{
	uint64_t ledger_cut = 0, warc_cut = 0;
	char body[128];
	int r = ledger_open(cf, &ledger_cut, err);

	if (r < 0 || cf->mode == CASEFILE_READ)
		return r;
	r = warc_reset(cf, &warc_cut, err);
	if (r == 0)
		r = casefile_commit(cf, err);
	if (r < 0 || (ledger_cut == 0 && warc_cut == 0))
		return r;
	(void)snprintf(body, sizeof body, "{\"ledger_cut\":%" PRIu64 ",\"warc_cut\":%" PRIu64 "}",
		       ledger_cut, warc_cut);
	return ledger_note(cf, "recovered", body, err);
}

static int open_case(struct casefile *cf, struct err *err)
{
	scoped(memory_free) char *ledger = casefile_file(cf, "ledger/ledger.tsv", err);
	scoped(memory_free) char *file = casefile_file(cf, "case.db", err);
	int r;

	if (!ledger || !file)
		return -ERR_NO_MEMORY;
	if (sodium_init() < 0)
		return err_set(err, ERR_FAILED, "libsodium does not start");
	if (access(file, F_OK) < 0 || access(ledger, F_OK) < 0)
		return err_set(err, ERR_NOT_FOUND, "there is no case in '%s'; 'xsheet init %s' makes one",
			       cf->path, cf->path);
	if (cf->mode == CASEFILE_WRITE) {
		r = lock_case(cf->path, &cf->lock, err);
		if (r == 0)
			r = key_own(&cf->key, err);
		if (r < 0)
			return r;
	}
	r = db_open_file(file, cf->mode, &cf->db, err);
	if (r == 0)
		r = check_version(cf, err);
	if (r == 0)
		r = recover(cf, err);
	cf->committed_at = clock_ticks();
	return r;
}

int casefile_open(const char *path, enum casefile_mode mode, struct casefile **out,
		  struct err *err)
{
	struct casefile *cf = calloc(1, sizeof *cf);
	int r;

	if (!cf || !(cf->path = strdup(path))) {
		free(cf);
		return err_set(err, ERR_NO_MEMORY, "no memory to open '%s'", path);
	}
	cf->mode = mode;
	cf->lock = cf->segment_fd = -1;
	cf->segment_max = SEGMENT_MAX;
	r = open_case(cf, err);
	if (r < 0) {
		casefile_close(cf);
		return r;
	}
	*out = cf;
	return 0;
}

void casefile_close(struct casefile *cf)
{
	if (!cf)
		return;
	if (cf->begun)
		casefile_rollback(cf);
	for (size_t i = 0; i < STATEMENTS; i++)
		(void)sqlite3_finalize(cf->cached[i].stmt);
	(void)sqlite3_close(cf->db);
	if (cf->segment_fd >= 0)
		(void)close(cf->segment_fd);
	if (cf->lock >= 0)
		(void)close(cf->lock);
	ledger_state_done(&cf->ledger);
	sodium_memzero(&cf->key, sizeof cf->key);
	free(cf->path);
	free(cf);
}

/* ---- moments */

int casefile_commit(struct casefile *cf, struct err *err)
{
	int r;

	cf->steps = 0;
	cf->committed_at = clock_ticks();
	if (cf->broken)
		return db_write(cf, err);
	if (!cf->begun)
		return 0;
	r = warc_sync(cf, err);
	if (r == 0)
		r = db_exec(cf, "COMMIT", err);
	if (r < 0) {
		cf->broken = true;
		return r;
	}
	cf->begun = false;
	return 0;
}

int casefile_step(struct casefile *cf, struct err *err)
{
	if (++cf->steps < STEPS_MAX && clock_ticks() - cf->committed_at < STEP_TIME_MS)
		return cf->broken ? db_write(cf, err) : 0;
	return casefile_commit(cf, err);
}

void casefile_rollback(struct casefile *cf)
{
	uint64_t cut;

	if (cf->mode != CASEFILE_WRITE || (!cf->begun && !cf->broken))
		return;
	if (!sqlite3_get_autocommit(cf->db))
		(void)sqlite3_exec(cf->db, "ROLLBACK", NULL, NULL, NULL);
	cf->begun = false;
	cf->capture = 0;
	cf->steps = 0;
	/* A segment that cannot be cut now is cut when the case is next opened. */
	cf->broken = warc_reset(cf, &cut, NULL) < 0;
}
