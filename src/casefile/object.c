/* SPDX-License-Identifier: Apache-2.0 */
/* Objects: payloads that are stored, and their bytes. */
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "casefile/internal.h"

#define OBJECT_COLUMNS \
	"SELECT o.id, o.sha256, o.size, r.segment, r.offset, o.offset, o.stored, o.chunked, o.truncated," \
	" coalesce((SELECT e.name FROM version v JOIN entry e ON e.id = v.entry" \
	" WHERE v.object = o.id ORDER BY v.id DESC LIMIT 1), '')" \
	" FROM object o JOIN record r ON r.id = o.record "

static void read_object(sqlite3_stmt *stmt, struct object *out, char segment[24])
{
	*out = (struct object){
		.id = sqlite3_column_int64(stmt, 0),
		.size = (uint64_t)sqlite3_column_int64(stmt, 2),
		.segment = segment,
		.record = (uint64_t)sqlite3_column_int64(stmt, 4),
		.offset = (uint64_t)sqlite3_column_int64(stmt, 5),
		.stored = (uint64_t)sqlite3_column_int64(stmt, 6),
		.chunked = sqlite3_column_int(stmt, 7) != 0,
		.truncated = column_text(stmt, 8),
		.name = column_text(stmt, 9),
	};
	column_sha256(stmt, 1, &out->sha256);
	segment_name(sqlite3_column_int64(stmt, 3), segment);
}

int object_get(struct casefile *cf, int64_t id, int (*with)(const struct object *, void *),
	       void *data, struct err *err)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	struct object object;
	char segment[24];
	int r = db_prepare(cf, OBJECT_COLUMNS "WHERE o.id = ?1", &stmt, err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, id);
	r = db_row(cf, stmt, err);
	if (r < 0)
		return r;
	if (r == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no object %" PRId64, id);
	read_object(stmt, &object, segment);
	return with(&object, data);
}

/* The numbers first: the callback may write. */
static int each_numbered(struct casefile *cf, const char *sql,
			 int (*each)(const struct object *, void *), void *data, struct err *err)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	scoped(ids_done) struct ids ids = { 0 };
	int r = db_prepare(cf, sql, &stmt, err);

	if (r < 0)
		return r;
	while ((r = db_row(cf, stmt, err)) > 0) {
		r = ids_add(&ids, sqlite3_column_int64(stmt, 0), err);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; r == 0 && i < ids.n; i++) {
		r = object_get(cf, ids.id[i], each, data, err);
		r = r > 0 ? 0 : r;
	}
	return r;
}

int objects_each(struct casefile *cf, int (*each)(const struct object *, void *), void *data,
		 struct err *err)
{
	return each_numbered(cf, "SELECT id FROM object ORDER BY id", each, data, err);
}

int objects_unexamined(struct casefile *cf, int (*each)(const struct object *, void *), void *data,
		       struct err *err)
{
	return each_numbered(cf,
			     "SELECT o.id FROM object o WHERE EXISTS (SELECT 1 FROM version v"
			     " JOIN entry e ON e.id = v.entry JOIN source s ON s.id = e.source"
			     " WHERE v.object = o.id AND s.kind <> 'log')"
			     " AND NOT EXISTS (SELECT 1 FROM finding f WHERE f.object = o.id"
			     " AND f.kind = 'file.verdict') ORDER BY o.id",
			     each, data, err);
}

struct decode {
	int fd;
	uint64_t size, size_max;
	struct err *err;
};

static int sink_write(struct slice bytes, void *data)
{
	struct decode *to = data;

	if (bytes.n > to->size_max - to->size)
		return err_set(to->err, ERR_DAMAGED, "a chunked object is larger than recorded");
	to->size += bytes.n;
	return fd_write(to->fd, bytes, "decoded object", to->err);
}

static int decode_chunks(int from, uint64_t at, uint64_t stored, struct decode *to, struct err *err)
{
	scoped(memory_free) char *place = malloc(1 << 16);
	struct chunked decoder = { 0 };

	if (!place)
		return err_set(err, ERR_NO_MEMORY, "no memory to decode an object");
	while (stored) {
		const size_t want = stored < 1 << 16 ? (size_t)stored : (size_t)1 << 16;
		size_t got;
		int r = fd_read_at(from, (off_t)at, place, want, &got, "WARC segment", err);

		if (r == 0)
			r = chunked_feed(&decoder, slice_of(place, got), sink_write, to);
		if (r < 0)
			return r;
		at += got;
		stored -= got;
	}
	return 0;
}

struct found {
	uint64_t offset, stored, size;
	bool chunked;
};

static int note_place(const struct object *object, void *data)
{
	struct found *out = data;

	*out = (struct found){ object->offset, object->stored, object->size, object->chunked };
	return 0;
}

static int segment_of(struct casefile *cf, int64_t id, int64_t *segment, struct err *err)
{
	sqlite3_stmt *stmt;
	int r = db_get(cf, "SELECT r.segment FROM object o JOIN record r ON r.id = o.record"
			   " WHERE o.id = ?1", &stmt, err);

	if (r < 0)
		return r;
	bind_int(stmt, 1, id);
	r = db_row(cf, stmt, err);
	if (r > 0)
		*segment = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_reset(stmt);
	return r > 0 ? 0 : err_set(err, ERR_NOT_FOUND, "there is no object %" PRId64, id);
}

int object_open(struct casefile *cf, int64_t id, struct object_bytes *out, struct err *err)
{
	scoped(fd_close) int fd = -1;
	scoped(fd_close) int memory = -1;
	struct decode to;
	struct found found = { 0 };
	struct stat status;
	int64_t segment = 0;
	int r = segment_of(cf, id, &segment, err);

	if (r == 0)
		r = object_get(cf, id, note_place, &found, err);
	if (r < 0)
		return r;
	fd = segment_open(cf, segment, O_RDONLY, err);
	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return err_errno(err, "cannot read object %" PRId64, id);
	if (found.offset > (uint64_t)status.st_size ||
	    found.stored > (uint64_t)status.st_size - found.offset)
		return err_set(err, ERR_DAMAGED, "object %" PRId64 " lies outside its segment; see "
			       "'xsheet verify'", id);
	if (!found.chunked) {
		*out = (struct object_bytes){ take_fd(&fd), found.offset, found.stored };
		return 0;
	}
	memory = fd_memory("object", err);
	if (memory < 0)
		return memory;
	to = (struct decode){ memory, 0, found.size, err };
	r = decode_chunks(fd, found.offset, found.stored, &to, err);
	if (r < 0)
		return r;
	*out = (struct object_bytes){ take_fd(&memory), 0, to.size };
	return 0;
}
