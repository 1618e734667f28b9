/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The WARC segments: each record against the database's list of records, to
 * name the one at fault; each sealed piece against the ledger, which decides.
 */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/text.h"
#include "casefile/verify.h"

struct segment {
	struct verify *v;
	int64_t number;
	char name[24];
	int fd;
	uint64_t size, sealed;
	sqlite3_stmt *objects;        /* those in a record; NULL without a database */
};

/* A record as the database or, without one, the bytes themselves have it. */
struct place {
	int64_t id;
	uint64_t offset, head, block;
	struct sha256 sha256;
};

__attribute__((format(printf, 4, 5)))
static void record_fault(struct segment *s, const struct place *at, const struct warc_head *head,
			 const char *format, ...)
{
	char what[512] = "", uri[256];
	char why[256];
	va_list words;

	va_start(words, format);
	(void)vsnprintf(why, sizeof why, format, words);
	va_end(words);
	if (head && head->type.p) {
		text_neutral(slice_head(head->uri.p ? head->uri : head->filename, 200), uri, sizeof uri);
		(void)snprintf(what, sizeof what, " (%.*s %s)", SLICE_F(slice_head(head->type, 40)), uri);
	}
	for (size_t i = 0; i < s->v->piece_count; i++) {
		struct sealed_piece *piece = &s->v->pieces[i];

		if (piece->segment == s->number && at->offset >= piece->from && at->offset < piece->to)
			piece->named = true;
	}
	verify_fault(s->v, VERIFY_FAILED, "warc/%s: record at %" PRIu64 "%s: %s", s->name, at->offset,
		     what, why);
}

struct payload_check {
	struct hasher *hasher;
};

static int sink_payload(struct slice bytes, void *data)
{
	hasher_add(((struct payload_check *)data)->hasher, bytes);
	return 0;
}

/* Does the object's range hold the payload its hash names? */
static bool payload_holds(struct segment *s, uint64_t offset, uint64_t stored, bool chunked,
			  const struct sha256 *sha256)
{
	scoped(hasher_free) struct hasher *hasher = hasher_new();
	scoped(memory_free) char *place = malloc(1 << 16);
	struct payload_check to = { hasher };
	struct chunked decoder = { 0 };
	struct sha256 is;

	if (!hasher || !place)
		return false;
	while (stored) {
		const size_t want = stored < 1 << 16 ? (size_t)stored : (size_t)1 << 16;
		size_t got;

		if (fd_read_at(s->fd, (off_t)offset, place, want, &got, s->name, NULL) < 0 || got < want)
			return false;
		if (chunked)
			(void)chunked_feed(&decoder, slice_of(place, got), sink_payload, &to);
		else
			hasher_add(hasher, slice_of(place, got));
		offset += got;
		stored -= got;
	}
	is = hasher_end(hasher);
	return sha256_equal(&is, sha256);
}

static void check_object(struct segment *s, const struct place *at, const struct warc_head *head)
{
	sqlite3_stmt *stmt = s->objects;
	uint64_t offset, stored;
	char digest[80] = "sha256:";
	struct sha256 sha256;

	if (!stmt)
		return;
	(void)sqlite3_reset(stmt);
	bind_int(stmt, 1, at->id);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		column_sha256(stmt, 0, &sha256);
		offset = (uint64_t)sqlite3_column_int64(stmt, 1);
		stored = (uint64_t)sqlite3_column_int64(stmt, 2);
		sha256_hex(&sha256, digest + 7);
		if (offset < at->offset + at->head || stored > at->block ||
		    offset + stored != at->offset + at->head + at->block)
			verify_fault(s->v, VERIFY_FAILED, "object %" PRId64 " does not lie in its record, "
				     "warc/%s at %" PRIu64, (int64_t)sqlite3_column_int64(stmt, 4), s->name, at->offset);
		else if (!slice_is(head->payload_digest, digest) ||
			 !payload_holds(s, offset, stored, sqlite3_column_int(stmt, 3) != 0, &sha256))
			record_fault(s, at, head, "the payload is not object %" PRId64,
				     (int64_t)sqlite3_column_int64(stmt, 4));
	}
}

/* Read and check the record at at->offset; without a database its extent is
 * taken from its head.  False: the place of the next record is not known. */
static bool check_record(struct segment *s, struct place *at, bool listed)
{
	scoped(memory_free) char *bytes = malloc(WARC_HEAD_MAX);
	struct warc_head head = { 0 };
	struct sha256 is;
	char digest[80] = "sha256:", end[4];
	const char *why;
	size_t got = 0;
	bool parsed, same;

	if (!bytes)
		return false;
	(void)fd_read_at(s->fd, (off_t)at->offset, bytes, WARC_HEAD_MAX, &got, s->name, NULL);
	parsed = warc_head_read(slice_of(bytes, got), &head, &why);
	s->v->out->records++;
	if (!listed && !parsed) {
		record_fault(s, at, NULL, "no WARC record: %s", why ? why : "it is cut");
		return false;
	}
	if (!listed) {
		at->head = head.size;
		at->block = head.length;
	} else {
		same = at->head <= got;
		if (same) {
			is = sha256_of(slice_of(bytes, (size_t)at->head));
			same = sha256_equal(&is, &at->sha256);
		}
		if (!same || !parsed || head.size != at->head || head.length != at->block) {
			record_fault(s, at, parsed ? &head : NULL, "its head is not as it was written");
			return true;
		}
	}
	if (at->block > s->size || at->offset + at->head > s->size - at->block ||
	    !verify_hash(s->fd, at->offset + at->head, at->offset + at->head + at->block, &is)) {
		record_fault(s, at, &head, "its block is cut");
		return false;
	}
	sha256_hex(&is, digest + 7);
	if (!slice_is(head.block_digest, digest)) {
		record_fault(s, at, &head, "its block, bytes %" PRIu64 " to %" PRIu64
			     ", is not what its digest says", at->offset + at->head,
			     at->offset + at->head + at->block);
		return true;
	}
	if (fd_read_at(s->fd, (off_t)(at->offset + at->head + at->block), end, 4, &got, s->name, NULL) < 0 ||
	    got < 4 || memcmp(end, "\r\n\r\n", 4) != 0)
		record_fault(s, at, &head, "no two line ends behind it");
	if (listed)
		check_object(s, at, &head);
	return true;
}

static void check_records(struct segment *s)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	scoped(stmt_finalize) sqlite3_stmt *objects = NULL;
	struct place at = { 0 };
	uint64_t next = 0;

	if (s->v->db && sqlite3_prepare_v2(s->v->db, "SELECT sha256, offset, stored, chunked, id"
					   " FROM object WHERE record = ?1", -1, &objects, NULL) == SQLITE_OK)
		s->objects = objects;
	if (s->v->db && sqlite3_prepare_v2(s->v->db, "SELECT id, offset, head, block, sha256 FROM record"
					   " WHERE segment = ?1 AND offset < ?2 ORDER BY offset", -1, &stmt,
					   NULL) == SQLITE_OK) {
		bind_int(stmt, 1, s->number);
		bind_int(stmt, 2, (int64_t)s->sealed);
		while (sqlite3_step(stmt) == SQLITE_ROW) {
			at.id = sqlite3_column_int64(stmt, 0);
			at.offset = (uint64_t)sqlite3_column_int64(stmt, 1);
			at.head = (uint64_t)sqlite3_column_int64(stmt, 2);
			at.block = (uint64_t)sqlite3_column_int64(stmt, 3);
			column_sha256(stmt, 4, &at.sha256);
			if (at.offset != next)
				verify_fault(s->v, VERIFY_FAILED, "case.db: record %" PRId64 " is at %" PRIu64
					     " of warc/%s, the one before ends at %" PRIu64, at.id,
					     at.offset, s->name, next);
			if (at.block > s->size || at.head > WARC_HEAD_MAX) {
				record_fault(s, &at, NULL, "it is larger than its segment");
				return;
			}
			(void)check_record(s, &at, true);
			next = at.offset + at.head + at.block + 4;
		}
		if (next != s->sealed)
			verify_fault(s->v, VERIFY_FAILED, "case.db: the records of warc/%s end at %" PRIu64
				     ", sealed are %" PRIu64 " bytes", s->name, next, s->sealed);
		return;
	}
	while (at.offset < s->sealed && check_record(s, &at, false)) {
		at.offset += at.head + at.block + 4;
		at.head = at.block = 0;
	}
}

static void check_pieces(struct segment *s)
{
	for (size_t i = 0; i < s->v->piece_count; i++) {
		const struct sealed_piece *piece = &s->v->pieces[i];
		struct sha256 is;

		if (piece->segment != s->number)
			continue;
		if (piece->to > s->size)
			continue;      /* said already: the segment is cut */
		s->v->out->bytes += piece->to - piece->from;
		if ((!verify_hash(s->fd, piece->from, piece->to, &is) ||
		     !sha256_equal(&is, &piece->sha256)) && !piece->named)
			verify_fault(s->v, VERIFY_FAILED, "warc/%s: bytes %" PRIu64 " to %" PRIu64
				     " are not what ledger line %" PRIu64 " sealed", s->name, piece->from,
				     piece->to, piece->line);
	}
}

static void check_committed(struct segment *s)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	uint64_t committed;

	if (!s->v->db || sqlite3_prepare_v2(s->v->db, "SELECT committed FROM segment WHERE id = ?1", -1,
					    &stmt, NULL) != SQLITE_OK)
		return;
	bind_int(stmt, 1, s->number);
	if (sqlite3_step(stmt) != SQLITE_ROW) {
		if (s->sealed)
			verify_fault(s->v, VERIFY_FAILED, "case.db: segment %" PRId64 " is missing", s->number);
		return;
	}
	committed = (uint64_t)sqlite3_column_int64(stmt, 0);
	if (committed < s->sealed || committed > s->size)
		verify_fault(s->v, VERIFY_FAILED, "case.db: segment %" PRId64 " says %" PRIu64
			     " bytes; sealed are %" PRIu64 ", there are %" PRIu64, s->number, committed,
			     s->sealed, s->size);
}

static uint64_t sealed_bytes(const struct verify *v, int64_t segment)
{
	uint64_t to = 0;

	for (size_t i = 0; i < v->piece_count; i++)
		if (v->pieces[i].segment == segment && v->pieces[i].to > to)
			to = v->pieces[i].to;
	return to;
}

static void check_segment(struct verify *v, int64_t number)
{
	char path_name[40] = "warc/";
	struct segment s = { .v = v, .number = number, .fd = -1, .sealed = sealed_bytes(v, number) };
	scoped(memory_free) char *path = NULL;
	scoped(fd_close) int fd = -1;
	struct stat status;

	segment_name(number, s.name);
	segment_name(number, path_name + 5);
	path = verify_file(v, path_name);
	fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
	if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) {
		verify_fault(v, VERIFY_FAILED, "%s is missing", path_name);
		return;
	}
	s.fd = fd;
	s.size = (uint64_t)status.st_size;
	v->out->segments++;
	progress_step(v->progress, 1, slice_text(path_name));
	check_committed(&s);
	if (s.size < s.sealed)
		verify_fault(v, VERIFY_FAILED, "%s is cut: %" PRIu64 " bytes are sealed, %" PRIu64
			     " are there", path_name, s.sealed, s.size);
	if (s.size > s.sealed)
		verify_fault(v, VERIFY_UNVERIFIABLE, "%s: bytes from %" PRIu64
			     " on came after the last seal (an interrupted run: run the command again to "
			     "go on)", path_name, s.sealed);
	check_records(&s);
	check_pieces(&s);
}

/* Files beside the segments. */
static void check_strangers(struct verify *v, int64_t last)
{
	scoped(memory_free) char *folder = verify_file(v, "warc");
	DIR *dir = folder ? opendir(folder) : NULL;

	if (!dir) {
		verify_fault(v, VERIFY_FAILED, "the folder warc is missing");
		return;
	}
	for (struct dirent *entry; (entry = readdir(dir));) {
		const struct slice name = slice_text(entry->d_name);
		uint64_t number;

		if (slice_is(name, ".") || slice_is(name, ".."))
			continue;
		if (name.n != 10 || !slice_ends(name, SLICE(".warc")) ||
		    !slice_u64(slice_head(name, 5), &number) || number == 0)
			verify_fault(v, VERIFY_FAILED, "warc/%s is not part of the case", entry->d_name);
		else if ((int64_t)number == last + 1)
			verify_fault(v, VERIFY_UNVERIFIABLE, "warc/%s is not known to the case (an "
				     "interrupted run: run the command again to go on)", entry->d_name);
		else if ((int64_t)number > last)
			verify_fault(v, VERIFY_FAILED, "warc/%s is not part of the case", entry->d_name);
	}
	(void)closedir(dir);
}

int verify_segments(struct verify *v, struct err *err)
{
	scoped(stmt_finalize) sqlite3_stmt *stmt = NULL;
	int64_t last = 0;

	(void)err;
	for (size_t i = 0; i < v->piece_count; i++)
		if (v->pieces[i].segment > last)
			last = v->pieces[i].segment;
	if (v->db && sqlite3_prepare_v2(v->db, "SELECT max(id) FROM segment WHERE id < 100000", -1, &stmt,
					NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_int64(stmt, 0) > last)
		last = sqlite3_column_int64(stmt, 0);
	for (int64_t number = 1; number <= last; number++)
		check_segment(v, number);
	check_strangers(v, last);
	return 0;
}
