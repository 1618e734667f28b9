/* SPDX-License-Identifier: Apache-2.0 */
/*
 * casefile, for the folder itself
 *
 * Moments.  Everything written since the last durable moment is one SQL
 * transaction and one tail of the WARC segments.  A commit syncs the segment
 * first, then commits the transaction, which holds segment.committed: so a
 * crash leaves a segment that is as long as the database says, or longer, and
 * what is longer is cut.  A seal is written in the order: commit; ledger line,
 * synced; ledger_copy and row_seal committed.  A crash in between leaves a
 * ledger that is ahead of its copy by one line; opening catches up.
 */
#ifndef CASEFILE_INTERNAL_H
#define CASEFILE_INTERNAL_H

#include <sqlite3.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/fd.h"
#include "casefile/casefile.h"

#define FORMAT 1
#define APPLICATION 0x78736874      /* "xsht" */
#define SEGMENT_MAX (UINT64_C(1) << 30)
#define STATEMENTS 64
#define KEY_HEX 65

/* The tables that are sealed, in the order of the format. */
extern const char *const sealed_tables[];
#define SEALED_TABLES 12

extern const char casefile_schema[];

struct signing_key {
	unsigned char secret[64], public[32];
};

/* How far the ledger has come. */
struct ledger_state {
	uint64_t entries;
	char head[SHA256_HEX];
	int64_t rows[SEALED_TABLES];          /* last sealed row of each table */
	uint64_t *segments;                   /* sealed bytes of segment i + 1 */
	size_t segment_count;
};

struct casefile {
	char *path;
	sqlite3 *db;
	enum casefile_mode mode;
	int lock;
	struct {
		const char *sql;
		sqlite3_stmt *stmt;
	} cached[STATEMENTS];

	bool begun;                /* a transaction is open */
	bool broken;               /* a write was lost: only a rollback helps */
	unsigned steps;
	int64_t committed_at;      /* clock_ticks() */

	int segment_fd;            /* the segment that is written, or -1 */
	int64_t segment;           /* its number; 0: none yet */
	uint64_t segment_end, segment_max;
	bool segment_dirty, folder_dirty;

	int64_t capture, capture_source;      /* the last one asked for */

	struct signing_key key;
	struct ledger_state ledger;
};

/* ---- db.c: statements and transactions */
int db_fail(struct casefile *cf, struct err *err);
int db_open_file(const char *path, enum casefile_mode mode, sqlite3 **out, struct err *err);
/* ERR_DAMAGED when the schema is not that of the format. */
int db_check_schema(sqlite3 *db, void (*differs)(const char *what, void *), void *data,
		    struct err *err);
/* A statement that is kept; `sql` is a constant.  Not to be stepped across a
 * callback: prepare one's own for that. */
int db_get(struct casefile *cf, const char *sql, sqlite3_stmt **out, struct err *err);
int db_prepare(struct casefile *cf, const char *sql, sqlite3_stmt **out, struct err *err);
/* Step to the end. */
int db_run(struct casefile *cf, sqlite3_stmt *stmt, struct err *err);
/* 1: a row; 0: none (and the statement is reset). */
int db_row(struct casefile *cf, sqlite3_stmt *stmt, struct err *err);
int db_exec(struct casefile *cf, const char *sql, struct err *err);
/* First column of the first row, `none` if there is none. */
int db_number(struct casefile *cf, const char *sql, int64_t none, int64_t *out, struct err *err);
/* Before each write: mode, transaction. */
int db_write(struct casefile *cf, struct err *err);
/* Several writes that come or go together within the transaction. */
int db_save(struct casefile *cf, struct err *err);
int db_release(struct casefile *cf, int r, struct err *err);

static inline void stmt_reset_scoped(sqlite3_stmt **stmt)
{
	if (*stmt)
		(void)sqlite3_reset(*stmt);
}
static inline void stmt_finalize_scoped(sqlite3_stmt **stmt)
{
	(void)sqlite3_finalize(*stmt);
}

static inline void bind_int(sqlite3_stmt *stmt, int at, int64_t value)
{
	(void)sqlite3_bind_int64(stmt, at, value);
}
/* 0 is NULL. */
static inline void bind_id(sqlite3_stmt *stmt, int at, int64_t id)
{
	if (id)
		(void)sqlite3_bind_int64(stmt, at, id);
}
/* CLOCK_NONE is NULL. */
static inline void bind_time(sqlite3_stmt *stmt, int at, int64_t time)
{
	if (time != CLOCK_NONE)
		(void)sqlite3_bind_int64(stmt, at, time);
}
/* The bytes must live until the statement is reset. */
static inline void bind_text(sqlite3_stmt *stmt, int at, const char *text)
{
	(void)sqlite3_bind_text(stmt, at, text ? text : "", -1, SQLITE_STATIC);
}
static inline void bind_blob(sqlite3_stmt *stmt, int at, struct slice bytes)
{
	(void)sqlite3_bind_blob64(stmt, at, bytes.n ? bytes.p : "", bytes.n, SQLITE_STATIC);
}
static inline const char *column_text(sqlite3_stmt *stmt, int at)
{
	const char *text = (const char *)sqlite3_column_text(stmt, at);

	return text ? text : "";
}
static inline struct slice column_blob(sqlite3_stmt *stmt, int at)
{
	const void *p = sqlite3_column_blob(stmt, at);

	return slice_of(p, p ? (size_t)sqlite3_column_bytes(stmt, at) : 0);
}
static inline int64_t column_time(sqlite3_stmt *stmt, int at)
{
	return sqlite3_column_type(stmt, at) == SQLITE_NULL ? CLOCK_NONE
							    : sqlite3_column_int64(stmt, at);
}
static inline void column_sha256(sqlite3_stmt *stmt, int at, struct sha256 *out)
{
	const struct slice bytes = column_blob(stmt, at);

	*out = (struct sha256){ 0 };
	if (bytes.n == SHA256_SIZE)
		memcpy(out->bytes, bytes.p, SHA256_SIZE);
}

/* Row numbers collected before a callback may write. */
struct ids {
	int64_t *id;
	size_t n, room;
};
void ids_done(struct ids *ids);
static inline void ids_done_scoped(struct ids *ids)
{
	ids_done(ids);
}
int ids_add(struct ids *ids, int64_t id, struct err *err);

/* ---- open.c */
int casefile_create_sized(const char *path, const char *authority, uint64_t segment_max,
			  struct err *err);
char *casefile_file(const struct casefile *cf, const char *name, struct err *err);
/* Is `json` one JSON object? */
bool is_object_text(const char *json);

/* ---- key.c: Ed25519 */
/* The user's key; made at first use. */
int key_own(struct signing_key *out, struct err *err);
/* SubjectPublicKeyInfo in PEM, as openssl reads it. */
int key_public_pem(const unsigned char public[32], struct buf *out);
/* Base64 in the one way we write it: libsodium's reader takes a byte with its
 * high bit set for the one without, so what was read is written and compared. */
bool base64_exact(struct slice text, unsigned char *out, size_t size, size_t *n);
bool key_from_pem(struct slice pem, unsigned char public[32]);
void key_hex(const unsigned char public[32], char out[KEY_HEX]);
bool key_from_hex(struct slice hex, unsigned char public[32]);

/* ---- ledger.c */
struct ledger_line {
	uint64_t n;
	int64_t time;
	struct slice kind, previous, body, signed_part;
	unsigned char signature[64];
	struct sha256 hash;           /* of the whole line */
};
/* One line without its line end; bytes from strangers.  On false, *why. */
bool ledger_parse(struct slice line, struct ledger_line *out, const char **why);
bool ledger_signed_by(const struct ledger_line *line, const unsigned char public[32]);
/* What a seal says, into the state; false when it is not understood. */
bool ledger_apply(struct ledger_state *state, const struct ledger_line *line);
void ledger_state_done(struct ledger_state *state);
/* The first line of a new case. */
int ledger_first(const char *body, const struct signing_key *key, struct buf *out,
		 struct err *err);
/* Sign, append, sync, copy; inside the transaction, which the caller commits. */
int ledger_append(struct casefile *cf, const char *kind, const char *body, struct err *err);
/* Read it on opening; in write mode also mend what a crash left.  *cut is the
 * number of bytes cut off. */
int ledger_open(struct casefile *cf, uint64_t *cut, struct err *err);

/* ---- seal.c */
/* The canonical bytes of a row; the first column of `stmt` is its id. */
int row_bytes(const char *table, sqlite3_stmt *stmt, struct buf *out);
int row_digest(const char *table, sqlite3_stmt *stmt, struct buf *scratch, struct sha256 *out);
/* Write the digests of rows first..last into row_seal; their common hash. */
int seal_rows(struct casefile *cf, const char *table, int64_t first, int64_t last,
	      struct sha256 *out, struct err *err);

/* ---- chunked.c: the transfer coding, bytes from strangers */
struct chunked {
	int state;
	uint64_t left, size;
	unsigned digits, line;
	const char *why;       /* set when the coding is broken */
};
/* Decode a piece; what it holds goes to `sink`, whose negative answer is
 * returned.  0 else: the state tells. */
int chunked_feed(struct chunked *c, struct slice in, int (*sink)(struct slice, void *), void *data);
bool chunked_ended(const struct chunked *c);

/* ---- warc_read.c: the head of a record, bytes from strangers */
#define WARC_HEAD_MAX 65536
struct warc_head {
	struct slice type, id, date, uri, content_type, block_digest, payload_digest, concurrent,
		refers_to, refers_uri, refers_date, profile, truncated, address, filename;
	uint64_t length;      /* of the block */
	size_t size;          /* of the head, with its empty line */
};
struct warc_field {
	const char *name;
	size_t offset;
};
extern const struct warc_field warc_fields[];
/* False and *why, or *why NULL when the bytes end before the head does. */
bool warc_head_read(struct slice bytes, struct warc_head *out, const char **why);
int warc_head_write(const struct warc_head *head, struct buf *out);

/* ---- warc.c: the writer */
void segment_name(int64_t segment, char out[24]);
/* Open the last segment and cut what came after the last durable moment;
 * *cut counts the bytes. */
int warc_reset(struct casefile *cf, uint64_t *cut, struct err *err);
int warc_sync(struct casefile *cf, struct err *err);
int segment_open(const struct casefile *cf, int64_t segment, int flags, struct err *err);

/* ---- observe.c */
int capture_source(struct casefile *cf, int64_t capture, int64_t *source, struct err *err);

#endif
