/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The WARC segments, written.
 *
 * A record's head names the digest of its block, so a body is read twice:
 * once to hash it, once to copy it.  The second reading is hashed again,
 * since a file that is still being written may change in between; small
 * bodies are read once.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>

#include "casefile/internal.h"

#define PIECE ((size_t)1 << 18)      /* bodies up to this size are held in memory */
#define HEAD_MAX ((size_t)1 << 20)   /* request, or response head */
#define REVISIT "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
#define UUID_TEXT 48
#define DIGEST_TEXT 80

void segment_name(int64_t segment, char out[24])
{
	(void)snprintf(out, 24, "%05d.warc", (int)(segment % 100000));
}

int segment_open(const struct casefile *cf, int64_t segment, int flags, struct err *err)
{
	char name[40] = "warc/";
	scoped(memory_free) char *path = NULL;
	struct stat status;
	int fd;

	segment_name(segment, name + 5);
	path = casefile_file(cf, name, err);
	if (!path)
		return -ERR_NO_MEMORY;
	fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) {
		(void)close(fd);
		return err_set(err, ERR_DAMAGED, "'%s' is no file", path);
	}
	return fd;
}

static int unlink_segment(const struct casefile *cf, int64_t segment, uint64_t *cut)
{
	char name[40] = "warc/";
	scoped(memory_free) char *path = NULL;
	struct stat status;

	segment_name(segment, name + 5);
	path = casefile_file(cf, name, NULL);
	if (!path || lstat(path, &status) < 0 || unlink(path) < 0)
		return -ERR_NOT_FOUND;
	*cut += (uint64_t)status.st_size;
	return 0;
}

int warc_reset(struct casefile *cf, uint64_t *cut, struct err *err)
{
	int64_t last, committed;
	struct stat status;
	char name[24];
	int r = db_number(cf, "SELECT max(id) FROM segment", 0, &last, err);

	*cut = 0;
	if (r == 0)
		r = db_number(cf, "SELECT committed FROM segment ORDER BY id DESC LIMIT 1", 0,
			      &committed, err);
	if (r < 0)
		return r;
	if (cf->segment_fd >= 0)
		(void)close(take_fd(&cf->segment_fd));
	cf->segment_dirty = cf->folder_dirty = false;
	cf->segment = last;
	cf->segment_end = (uint64_t)committed;
	/* Segments that were begun but never became durable. */
	for (int64_t next = last + 1; unlink_segment(cf, next, cut) == 0; next++)
		continue;
	if (last == 0)
		return 0;
	segment_name(last, name);
	cf->segment_fd = segment_open(cf, last, O_RDWR, err);
	if (cf->segment_fd < 0)
		return cf->segment_fd;
	if (fstat(cf->segment_fd, &status) < 0)
		return err_errno(err, "cannot read 'warc/%s'", name);
	if (status.st_size < committed)
		return err_set(err, ERR_DAMAGED, "warc/%s has %jd bytes, the case knows of %" PRId64
			       "; see 'xsheet verify'", name, (intmax_t)status.st_size, committed);
	if (status.st_size == committed)
		return 0;
	*cut += (uint64_t)(status.st_size - committed);
	if (ftruncate(cf->segment_fd, committed) < 0)
		return err_errno(err, "cannot cut 'warc/%s'", name);
	return 0;
}

/* Make the segment's bytes durable and note how many they are. */
int warc_sync(struct casefile *cf, struct err *err)
{
	sqlite3_stmt *stmt;
	int r;

	if (!cf->segment_dirty)
		return 0;
	if (fdatasync(cf->segment_fd) < 0)
		return err_errno(err, "cannot sync a WARC segment of '%s'", cf->path);
	if (cf->folder_dirty) {
		scoped(memory_free) char *folder = casefile_file(cf, "warc", err);

		r = folder ? folder_sync(folder, err) : -ERR_NO_MEMORY;
		if (r < 0)
			return r;
		cf->folder_dirty = false;
	}
	r = db_get(cf, "UPDATE segment SET committed = ?2 WHERE id = ?1", &stmt, err);
	if (r < 0)
		return r;
	bind_int(stmt, 1, cf->segment);
	bind_int(stmt, 2, (int64_t)cf->segment_end);
	r = db_run(cf, stmt, err);
	if (r < 0)
		return r;
	cf->segment_dirty = false;
	return 0;
}

/* ---- records */

static void uuid_text(char out[UUID_TEXT])
{
	unsigned char b[16];

	randombytes_buf(b, sizeof b);
	b[6] = (unsigned char)((b[6] & 0x0F) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3F) | 0x80);
	(void)snprintf(out, UUID_TEXT,
		       "<urn:uuid:%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x>",
		       b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
		       b[12], b[13], b[14], b[15]);
}

static void digest_text(const struct sha256 *hash, char out[DIGEST_TEXT])
{
	memcpy(out, "sha256:", 7);
	sha256_hex(hash, out + 7);
}

/* A URI that fits a field: what must not stand there, percent-encoded. */
static int uri_text(const char *raw, struct buf *out)
{
	for (const char *c = raw; *c; c++) {
		const unsigned char byte = (unsigned char)*c;

		if (byte <= 0x20 || byte >= 0x7F || byte == '<' || byte == '>' || byte == '"')
			(void)buf_printf(out, "%%%02X", byte);
		else
			(void)buf_char(out, (char)byte);
	}
	return buf_string(out) ? buf_broken(out) : -ERR_NO_MEMORY;
}

static int append(struct casefile *cf, struct slice bytes, struct err *err)
{
	char name[24];
	int r;

	segment_name(cf->segment, name);
	cf->segment_dirty = true;
	r = fd_write_at(cf->segment_fd, (off_t)cf->segment_end, bytes, name, err);
	if (r < 0)
		return r;
	cf->segment_end += bytes.n;
	return 0;
}

static int keep_record(struct casefile *cf, struct slice head, uint64_t block, int64_t *id,
		       struct err *err)
{
	const struct sha256 digest = sha256_of(head);
	sqlite3_stmt *stmt;
	int r = db_get(cf, "INSERT INTO record (segment, offset, head, block, sha256)"
			   " VALUES (?1, ?2, ?3, ?4, ?5)", &stmt, err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, cf->segment);
	bind_int(stmt, 2, (int64_t)cf->segment_end);
	bind_int(stmt, 3, (int64_t)head.n);
	bind_int(stmt, 4, (int64_t)block);
	bind_blob(stmt, 5, slice_of(digest.bytes, SHA256_SIZE));
	r = db_run(cf, stmt, err);
	*id = sqlite3_last_insert_rowid(cf->db);
	return r;
}

/* The bytes of a block behind its fixed front. */
struct body {
	int fd;                  /* -1: none */
	uint64_t length;
	const char *small;       /* the bytes, if they are held in memory */
	struct sha256 check;     /* of the bytes, if they are not */
	const char *what;
};

static int copy_body(struct casefile *cf, const struct body *body, struct err *err)
{
	scoped(hasher_free) struct hasher *hasher = NULL;
	scoped(memory_free) char *place = NULL;
	struct sha256 again;
	uint64_t at = 0;

	if (body->fd < 0 || body->length == 0)
		return 0;
	if (body->small)
		return append(cf, slice_of(body->small, (size_t)body->length), err);
	hasher = hasher_new();
	place = malloc(PIECE);
	if (!hasher || !place)
		return err_set(err, ERR_NO_MEMORY, "no memory to store '%s'", body->what);
	while (at < body->length) {
		const size_t want = body->length - at < PIECE ? (size_t)(body->length - at) : PIECE;
		size_t got;
		int r = fd_read_at(body->fd, (off_t)at, place, want, &got, body->what, err);

		if (r < 0)
			return r;
		if (got < want)
			break;
		hasher_add(hasher, slice_of(place, got));
		r = append(cf, slice_of(place, got), err);
		if (r < 0)
			return r;
		at += got;
	}
	again = hasher_end(hasher);
	if (at < body->length || !sha256_equal(&again, &body->check))
		return err_set(err, ERR_IO, "'%s' changed while it was read", body->what);
	return 0;
}

/* Head, front of the block, body, and the two line ends. */
static int add_record(struct casefile *cf, struct warc_head *head, struct slice front,
		      const struct body *body, int64_t *id, uint64_t *block_at, struct err *err)
{
	scoped(buf_done) struct buf bytes = buf_limited(HEAD_MAX + 2 * PIECE + 65536);
	size_t head_size;
	bool whole;
	int r;

	head->length = front.n + (body ? body->length : 0);
	r = warc_head_write(head, &bytes);
	head_size = bytes.n;
	whole = !body || body->length == 0 || body->small;
	(void)buf_add(&bytes, front);
	if (whole && body && body->length)
		(void)buf_add(&bytes, slice_of(body->small, (size_t)body->length));
	if (whole)
		(void)buf_text(&bytes, "\r\n\r\n");
	if (buf_broken(&bytes))
		return err_set(err, ERR_LIMIT, "the head of '%.200s' is too large",
			       head->uri.p ? head->uri.p : "a record");
	r = keep_record(cf, slice_head(buf_slice(&bytes), head_size), head->length, id, err);
	if (r < 0)
		return r;
	*block_at = cf->segment_end + head_size;
	r = append(cf, buf_slice(&bytes), err);
	if (r == 0 && !whole)
		r = copy_body(cf, body, err);
	if (r == 0 && !whole)
		r = append(cf, SLICE("\r\n\r\n"), err);
	return r;
}

static int add_warcinfo(struct casefile *cf, struct err *err)
{
	static const struct slice info = { "software: xsheet/" XSHEET_VERSION "\r\n"
		"format: WARC File Format 1.1\r\n"
		"conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
		sizeof "software: xsheet/" XSHEET_VERSION "\r\n"
		"format: WARC File Format 1.1\r\n"
		"conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n" - 1 };
	char id[UUID_TEXT], date[CLOCK_TEXT], digest[DIGEST_TEXT], name[24];
	const struct sha256 hash = sha256_of(info);
	struct warc_head head = { .type = SLICE("warcinfo"),
				  .content_type = SLICE("application/warc-fields") };
	uint64_t at;
	int64_t record;

	uuid_text(id);
	clock_text(clock_now(), date);
	digest_text(&hash, digest);
	segment_name(cf->segment, name);
	head.id = slice_text(id);
	head.date = slice_text(date);
	head.filename = slice_text(name);
	head.block_digest = slice_text(digest);
	return add_record(cf, &head, info, NULL, &record, &at, err);
}

/* A segment with room; the one before is made durable when it is full. */
static int have_segment(struct casefile *cf, struct err *err)
{
	sqlite3_stmt *stmt;
	int r;

	if (cf->segment_fd >= 0 && cf->segment_end < cf->segment_max)
		return 0;
	if (cf->segment >= 99999)
		return err_set(err, ERR_LIMIT, "'%s' has as many WARC segments as a case can have",
			       cf->path);
	r = warc_sync(cf, err);
	if (r < 0)
		return r;
	if (cf->segment_fd >= 0)
		(void)close(take_fd(&cf->segment_fd));
	cf->segment_fd = segment_open(cf, cf->segment + 1, O_RDWR | O_CREAT | O_EXCL, err);
	if (cf->segment_fd < 0)
		return cf->segment_fd;
	cf->segment++;
	cf->segment_end = 0;
	cf->segment_dirty = cf->folder_dirty = true;
	r = db_get(cf, "INSERT INTO segment (id, committed) VALUES (?1, 0)", &stmt, err);
	if (r < 0)
		return r;
	bind_int(stmt, 1, cf->segment);
	r = db_run(cf, stmt, err);
	return r < 0 ? r : add_warcinfo(cf, err);
}

/* ---- payloads */

struct payload {
	struct sha256 sha256, block, raw;      /* decoded; front and body; body */
	uint64_t size;
	const char *truncated;
	bool chunked;
};

struct two_hashers {
	struct hasher *payload;
	uint64_t size;
};

static int sink_hash(struct slice bytes, void *data)
{
	struct two_hashers *to = data;

	hasher_add(to->payload, bytes);
	to->size += bytes.n;
	return 0;
}

/* Hash the body, read once; `small` keeps the bytes if they fit.  A block
 * without a front is a resource's, whose payload it is. */
static int read_body(const struct body *body, struct slice front, struct payload *out, char *small,
		     struct err *err)
{
	scoped(hasher_free) struct hasher *payload = hasher_new();
	scoped(hasher_free) struct hasher *block = hasher_new();
	scoped(hasher_free) struct hasher *raw = hasher_new();
	scoped(memory_free) char *place = small ? NULL : malloc(PIECE);
	struct two_hashers to = { payload, 0 };
	struct chunked decoder = { 0 };
	uint64_t at = 0;

	if (!payload || !block || !raw || (!small && !place))
		return err_set(err, ERR_NO_MEMORY, "no memory to store '%s'", body->what);
	hasher_add(block, front);
	while (body->fd >= 0 && at < body->length) {
		const size_t want = body->length - at < PIECE ? (size_t)(body->length - at) : PIECE;
		char *p = small ? small : place;
		struct slice piece;
		size_t got;
		int r = fd_read_at(body->fd, (off_t)at, p, want, &got, body->what, err);

		if (r < 0)
			return r;
		if (got < want)
			return err_set(err, ERR_IO, "'%s' is shorter than it was said to be",
				       body->what);
		piece = slice_of(p, got);
		if (front.n)
			hasher_add(block, piece);
		if (!small && out->chunked)
			hasher_add(raw, piece);
		if (out->chunked)
			(void)chunked_feed(&decoder, piece, sink_hash, &to);
		else
			(void)sink_hash(piece, &to);
		at += got;
	}
	out->sha256 = hasher_end(payload);
	out->block = front.n ? hasher_end(block) : out->sha256;
	out->raw = out->chunked ? hasher_end(raw) : out->sha256;
	out->size = to.size;
	/* Chunks that do not end, or do not fit: the payload is what came out. */
	if (out->chunked && !chunked_ended(&decoder) && !*out->truncated)
		out->truncated = "unspecified";
	return 0;
}

struct stored {
	int64_t id;
	char record_id[UUID_TEXT], date[CLOCK_TEXT];
	char uri[4096];
	bool uri_whole;
};

/* Is this payload stored already?  A whole one is not answered by a cut one. */
static int find_payload(struct casefile *cf, const struct payload *payload, struct stored *out,
			struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_get(cf, "SELECT id, record_id, uri, time FROM object"
			   " WHERE sha256 = ?1 AND truncated = ?2", &stmt, err);

	out->id = 0;
	if (r < 0)
		return r;
	bind_blob(stmt, 1, slice_of(payload->sha256.bytes, SHA256_SIZE));
	bind_text(stmt, 2, payload->truncated);
	r = db_row(cf, stmt, err);
	if (r <= 0)
		return r;
	out->id = sqlite3_column_int64(stmt, 0);
	(void)snprintf(out->record_id, sizeof out->record_id, "%s", column_text(stmt, 1));
	out->uri_whole = (size_t)snprintf(out->uri, sizeof out->uri, "%s", column_text(stmt, 2)) <
			 sizeof out->uri;
	clock_text(sqlite3_column_int64(stmt, 3), out->date);
	(void)sqlite3_reset(stmt);
	return 0;
}

struct where {
	int64_t record;
	uint64_t offset, stored;
	const char *record_id, *uri;
	int64_t time;
};

static int keep_object(struct casefile *cf, const struct payload *payload,
		       const struct where *where, int64_t *id, struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_get(cf, "INSERT INTO object (sha256, size, record, offset, stored, chunked,"
			   " truncated, record_id, uri, time)"
			   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", &stmt, err);

	if (r < 0)
		return r;
	bind_blob(stmt, 1, slice_of(payload->sha256.bytes, SHA256_SIZE));
	bind_int(stmt, 2, (int64_t)payload->size);
	bind_int(stmt, 3, where->record);
	bind_int(stmt, 4, (int64_t)where->offset);
	bind_int(stmt, 5, (int64_t)where->stored);
	bind_int(stmt, 6, payload->chunked);
	bind_text(stmt, 7, payload->truncated);
	bind_text(stmt, 8, where->record_id);
	bind_text(stmt, 9, where->uri);
	bind_int(stmt, 10, where->time);
	r = db_run(cf, stmt, err);
	*id = sqlite3_last_insert_rowid(cf->db);
	return r;
}

/* ---- an exchange */

static int add_request(struct casefile *cf, const struct exchange *e, const char *uri,
		       const char *date, const char *id, const char *other, struct err *err)
{
	const struct sha256 hash = sha256_of(e->request);
	char digest[DIGEST_TEXT];
	struct warc_head head = { .type = SLICE("request"),
				  .content_type = SLICE("application/http; msgtype=request") };
	uint64_t at;
	int64_t record;

	digest_text(&hash, digest);
	head.id = slice_text(id);
	head.date = slice_text(date);
	head.uri = slice_text(uri);
	head.concurrent = slice_text(other);
	head.block_digest = slice_text(digest);
	if (e->address && *e->address)
		head.address = slice_text(e->address);
	return add_record(cf, &head, e->request, NULL, &record, &at, err);
}

static int add_response(struct casefile *cf, const struct exchange *e, const char *uri,
			struct body *body, struct payload *payload, int64_t *object,
			struct err *err)
{
	char request_id[UUID_TEXT], response_id[UUID_TEXT], date[CLOCK_TEXT];
	char block[DIGEST_TEXT], digest[DIGEST_TEXT];
	struct warc_head head = { .type = SLICE("response"),
				  .content_type = SLICE("application/http; msgtype=response") };
	struct stored stored = { 0 };
	struct where where = { 0 };
	const bool has_payload = e->body >= 0;
	int r = has_payload ? find_payload(cf, payload, &stored, err) : 0;

	if (r == 0)
		r = have_segment(cf, err);
	if (r < 0)
		return r;
	uuid_text(request_id);
	uuid_text(response_id);
	clock_text(e->time, date);
	head.id = slice_text(response_id);
	head.date = slice_text(date);
	head.uri = slice_text(uri);
	head.concurrent = slice_text(request_id);
	if (e->address && *e->address)
		head.address = slice_text(e->address);
	if (*payload->truncated)
		head.truncated = slice_text(payload->truncated);
	if (has_payload) {
		digest_text(&payload->sha256, digest);
		head.payload_digest = slice_text(digest);
	}
	if (stored.id) {
		payload->block = sha256_of(e->response_head);
		head.type = SLICE("revisit");
		head.profile = SLICE(REVISIT);
		head.refers_to = slice_text(stored.record_id);
		head.refers_date = slice_text(stored.date);
		if (stored.uri_whole)
			head.refers_uri = slice_text(stored.uri);
	}
	digest_text(&payload->block, block);
	head.block_digest = slice_text(block);

	r = add_request(cf, e, uri, date, request_id, response_id, err);
	if (r == 0)
		r = add_record(cf, &head, e->response_head, stored.id ? NULL : body, &where.record,
			       &where.offset, err);
	if (r < 0)
		return r;
	*object = stored.id;
	if (stored.id || !has_payload)
		return 0;
	where.offset += e->response_head.n;
	where.stored = body->length;
	where.record_id = response_id;
	where.uri = uri;
	where.time = e->time;
	return keep_object(cf, payload, &where, object, err);
}

/* What did not become a whole record is taken away again. */
static int undo(struct casefile *cf, int64_t segment, uint64_t end, int r)
{
	if (r >= 0 || cf->segment != segment || cf->segment_fd < 0)
		return r;
	cf->segment_end = end;
	if (ftruncate(cf->segment_fd, (off_t)end) < 0)
		cf->broken = true;
	return r;
}

/* A segment that was begun for a record which then failed: SQL forgets it,
 * so the file must go, too. */
static int settle(struct casefile *cf, int64_t segment, uint64_t end, int r, struct err *err)
{
	(void)undo(cf, segment, end, r);
	if (r < 0 && cf->segment != segment)
		cf->broken = true;
	return db_release(cf, r, err);
}

int warc_add_exchange(struct casefile *cf, const struct exchange *exchange, int64_t *object,
		      struct err *err)
{
	scoped(buf_done) struct buf uri = buf_limited(32768);
	scoped(memory_free) char *small = NULL;
	struct body body = { .fd = exchange->body, .what = exchange->url };
	struct payload payload = { .truncated = exchange->truncated ? exchange->truncated : "",
				   .chunked = exchange->chunked };
	const int64_t segment = cf->segment;
	const uint64_t end = cf->segment_end;
	int64_t id = 0;
	int r;

	body.length = exchange->body >= 0 ? exchange->body_length : 0;
	if (exchange->request.n > HEAD_MAX || exchange->response_head.n > HEAD_MAX)
		return err_set(err, ERR_LIMIT, "the head of '%s' is larger than %zu bytes",
			       exchange->url, HEAD_MAX);
	if (uri_text(exchange->url, &uri) < 0)
		return err_set(err, ERR_LIMIT, "an address longer than 32768 bytes");
	if (body.length <= PIECE) {
		small = malloc(PIECE);
		if (!small)
			return err_set(err, ERR_NO_MEMORY, "no memory to store '%s'", exchange->url);
		body.small = small;
	}
	r = read_body(&body, exchange->response_head, &payload, small, err);
	if (r < 0)
		return r;
	body.check = payload.raw;
	r = db_save(cf, err);
	if (r < 0)
		return r;
	r = add_response(cf, exchange, uri.p, &body, &payload, &id, err);
	r = settle(cf, segment, end, r, err);
	if (r == 0 && object)
		*object = id;
	return r;
}

/* ---- a resource */

static int add_resource(struct casefile *cf, const char *uri, int64_t time, struct body *body,
			struct payload *payload, int64_t *object, struct err *err)
{
	char id[UUID_TEXT], date[CLOCK_TEXT], digest[DIGEST_TEXT];
	struct warc_head head = { .type = SLICE("resource"),
				  .content_type = SLICE("application/octet-stream") };
	struct where where = { .record_id = id, .uri = uri, .time = time, .stored = body->length };
	int r = have_segment(cf, err);

	if (r < 0)
		return r;
	uuid_text(id);
	clock_text(time, date);
	digest_text(&payload->sha256, digest);
	head.id = slice_text(id);
	head.date = slice_text(date);
	head.uri = slice_text(uri);
	head.block_digest = head.payload_digest = slice_text(digest);
	r = add_record(cf, &head, slice_of(NULL, 0), body, &where.record, &where.offset, err);
	return r < 0 ? r : keep_object(cf, payload, &where, object, err);
}

int warc_add_resource(struct casefile *cf, const char *uri, int fd, uint64_t length, int64_t time,
		      int64_t *object, struct err *err)
{
	scoped(buf_done) struct buf safe = buf_limited(32768);
	scoped(memory_free) char *small = NULL;
	struct body body = { .fd = fd, .length = length, .what = uri };
	struct payload payload = { .truncated = "" };
	struct stored stored;
	const int64_t segment = cf->segment;
	const uint64_t end = cf->segment_end;
	int r;

	if (uri_text(uri, &safe) < 0)
		return err_set(err, ERR_LIMIT, "an address longer than 32768 bytes");
	if (length <= PIECE) {
		small = malloc(PIECE);
		if (!small)
			return err_set(err, ERR_NO_MEMORY, "no memory to store '%s'", uri);
		body.small = small;
	}
	r = read_body(&body, slice_of(NULL, 0), &payload, small, err);
	if (r < 0)
		return r;
	body.check = payload.raw;
	r = db_save(cf, err);
	if (r < 0)
		return r;
	r = find_payload(cf, &payload, &stored, err);
	if (r == 0 && !stored.id)
		r = add_resource(cf, safe.p, time, &body, &payload, &stored.id, err);
	r = settle(cf, segment, end, r, err);
	if (r == 0 && object)
		*object = stored.id;
	return r;
}
