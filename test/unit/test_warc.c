/* SPDX-License-Identifier: Apache-2.0 */
/* The segments: what is written can be read, what cannot be written is taken
 * away again, and a program that is killed loses only what was in flight. */
#include "casefile_maker.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "casefile/internal.h"

/* ---- chunks */

static int collect(struct slice bytes, void *data)
{
	return buf_add(data, bytes);
}

static void test_chunked(void **state)
{
	static const struct {
		const char *what;
		struct slice in;
		const char *out;
		bool ended;
		const char *why;
	} table[] = {
		{ "two chunks", SLICE("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), "abcde", true, NULL },
		{ "an extension, upper case, a trailer", SLICE("A;x=\"y\"\r\n0123456789\r\n0\r\nX: y\r\n\r\n"), "0123456789", true, NULL },
		{ "line feeds alone", SLICE("3\nabc\n0\n\n"), "abc", true, NULL },
		{ "bytes behind the end are not ours", SLICE("1\r\na\r\n0\r\n\r\nmore"), "a", true, NULL },
		{ "cut in a chunk", SLICE("5\r\nab"), "ab", false, NULL },
		{ "cut before the last chunk", SLICE("2\r\nab\r\n"), "ab", false, NULL },
		{ "no chunks at all", SLICE("<html>"), "", false, "no chunk size" },
		{ "a size that is none", SLICE("1\r\na\r\n-5\r\n"), "a", false, "no chunk size" },
		{ "a size beyond all sizes", SLICE("FFFFFFFFFFFFFFFF\r\n"), "", false, "chunk size of more than 15 digits" },
		{ "a chunk that is longer than its size", SLICE("2\r\nabc\r\n"), "ab", false, "chunk not followed by a line end" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		scoped(buf_done) struct buf out = buf_limited(1000);
		struct chunked c = { 0 };

		ROW(table[i].what, chunked_feed(&c, table[i].in, collect, &out) == 0);
		ROW(table[i].what, slice_is(buf_slice(&out), table[i].out));
		ROW(table[i].what, chunked_ended(&c) == table[i].ended);
		ROW(table[i].what, (c.why == NULL) == (table[i].why == NULL));
		ROW(table[i].what, !c.why || strcmp(c.why, table[i].why) == 0);
	}
}

/* ---- heads */

static void test_heads(void **state)
{
	static const struct {
		const char *what, *head, *why;      /* why NULL: read; "": cut */
	} table[] = {
		{ "the least there can be", "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:x>\r\nWARC-Date: 2024-01-08T18:00:00Z\r\nContent-Length: 5\r\n\r\nabcde\r\n\r\n", NULL },
		{ "1.0, other cases, unknown fields", "WARC/1.0\r\nwarc-type:resource\r\nX: y\r\nWARC-RECORD-ID: <urn:x>\r\nWARC-Date: 2024-01-08T18:00:00Z\r\ncontent-length:  5 \r\n\r\n", NULL },
		{ "cut in the head", "WARC/1.1\r\nWARC-Type: resource\r\n", "" },
		{ "nothing", "", "" },
		{ "another version", "WARC/2.0\r\n\r\n", "no WARC version" },
		{ "no length", "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:x>\r\nWARC-Date: x\r\n\r\n", "a field that must be there is missing" },
		{ "a length that is none", "WARC/1.1\r\nContent-Length: -1\r\n\r\n", "Content-Length" },
		{ "a length past all files", "WARC/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", "Content-Length" },
		{ "a length twice", "WARC/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", "Content-Length" },
		{ "a type twice", "WARC/1.1\r\nWARC-Type: a\r\nWARC-Type: b\r\n\r\n", "a field twice" },
		{ "no field", "WARC/1.1\r\nnonsense\r\n\r\n", "a line that is no field" },
		{ "a control character", "WARC/1.1\r\nWARC-Type: a\x01\r\n\r\n", "a control character in a field" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct warc_head head;
		const char *why;
		const bool read = warc_head_read(slice_text(table[i].head), &head, &why);

		ROW(table[i].what, read == !table[i].why);
		if (read)
			ROW(table[i].what, head.length == 5 && slice_is(head.type, "resource") &&
						   slice_is(head.id, "<urn:x>"));
		else
			ROW(table[i].what, *table[i].why ? why && strcmp(why, table[i].why) == 0 : !why);
	}
}

/* ---- a segment, record by record, as any reader would read it */

struct seen {
	char all[8192];
	unsigned records;
};

static void read_segment(const char *path, struct seen *out)
{
	scoped(buf_done) struct buf bytes = buf_limited(64 << 20);
	struct err err = { 0 };
	struct slice rest;

	memset(out, 0, sizeof *out);
	MUST(file_read(path, &bytes, &err));
	rest = buf_slice(&bytes);
	while (rest.n) {
		struct warc_head head;
		struct sha256 hash;
		char digest[80] = "sha256:";
		const char *why;
		size_t n = strlen(out->all);

		if (!warc_head_read(rest, &head, &why))
			fail_msg("%s: record %u: %s", path, out->records, why ? why : "cut");
		assert_true(head.length + 4 <= rest.n - head.size);
		hash = sha256_of(slice_of(rest.p + head.size, (size_t)head.length));
		sha256_hex(&hash, digest + 7);
		assert_true(slice_is(head.block_digest, digest));
		assert_memory_equal(rest.p + head.size + head.length, "\r\n\r\n", 4);
		(void)snprintf(out->all + n, sizeof out->all - n, "%.*s %.*s %.*s %.*s|", SLICE_F(head.type),
			       SLICE_F(head.uri), SLICE_F(head.truncated), SLICE_F(head.refers_uri));
		out->records++;
		rest = slice_skip(rest, head.size + (size_t)head.length + 4);
	}
}

static void test_records(void **state)
{
	scoped(casefile_close) struct casefile *cf = NULL;
	scoped(fd_close) int fd = maker_fd(SLICE("file bytes"));
	struct err err = { 0 };
	struct exchange head_only = { .url = "http://example.test/h", .request = SLICE("HEAD / HTTP/1.1\r\n\r\n"),
				      .response_head = SLICE("HTTP/1.1 304 Not Modified\r\n\r\n"), .body = -1,
				      .body_length = 77, .address = "", .time = 1704736800123 };
	struct seen seen;
	int64_t a, b, c, d;

	(void)state;
	MUST(casefile_create(maker_path("records"), NULL, &err));
	MUST(casefile_open(maker_path("records"), CASEFILE_WRITE, &cf, &err));
	a = maker_fetch(cf, "http://example.test/a b", "body", false, NULL);
	b = maker_fetch(cf, "http://example.test/\xC3\xA9\r\nX: y", "body", false, NULL);
	c = maker_fetch(cf, "http://example.test/cut", "body", false, "disconnect");
	d = maker_fetch(cf, "http://example.test/chunked", "4\r\nbody\r\n0\r\n\r\n", true, NULL);
	assert_int_equal(a, b);
	assert_int_equal(a, d);            /* the same payload, whatever its coding */
	assert_int_not_equal(a, c);        /* a cut one is another object */
	c = maker_fetch(cf, "http://example.test/broken", "4\r\nbo", true, NULL);
	assert_int_not_equal(a, c);
	a = -1;
	MUST(warc_add_exchange(cf, &head_only, &a, &err));
	assert_int_equal(a, 0);
	MUST(warc_add_resource(cf, "file:///x/y", fd, 10, 1704736800000, &a, &err));
	MUST(warc_add_resource(cf, "file:///x/z", fd, 10, 1704736800000, &b, &err));
	assert_int_equal(a, b);
	assert_int_equal(warc_add_resource(cf, "file:///x/short", fd, 11, 0, &b, &err), -ERR_IO);
	MUST(casefile_commit(cf, &err));
	read_segment(maker_path("records/warc/00001.warc"), &seen);
	assert_string_equal(seen.all,
		"warcinfo   |"
		"request http://example.test/a%20b  |response http://example.test/a%20b  |"
		"request http://example.test/%C3%A9%0D%0AX:%20y  |"
		"revisit http://example.test/%C3%A9%0D%0AX:%20y  http://example.test/a%20b|"
		"request http://example.test/cut  |response http://example.test/cut disconnect |"
		"request http://example.test/chunked  |revisit http://example.test/chunked  http://example.test/a%20b|"
		"request http://example.test/broken  |response http://example.test/broken unspecified |"
		"request http://example.test/h  |response http://example.test/h  |"
		"resource file:///x/y  |");
}

static void test_large(void **state)
{
	static const uint64_t sizes[] = { 262143, 262144, 262145, 3000000 };
	scoped(casefile_close) struct casefile *cf = NULL;
	scoped(memory_free) char *bytes = malloc(3000000);
	struct verify_result result;
	struct err err = { 0 };
	struct seen seen;

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < 3000000; i++)
		bytes[i] = (char)(i * 2654435761U >> 13);
	/* Segments of 1 MB: full ones are left, a record is never split. */
	MUST(casefile_create_sized(maker_path("large"), NULL, 1000000, &err));
	MUST(casefile_open(maker_path("large"), CASEFILE_WRITE, &cf, &err));
	for (int kind = 0; kind < 2; kind++) {
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			scoped(fd_close) int fd = maker_fd(slice_of(bytes, (size_t)sizes[i]));
			const struct exchange e = { .url = "http://example.test/large",
						    .request = SLICE("GET / HTTP/1.1\r\n\r\n"),
						    .response_head = SLICE("HTTP/1.1 200 OK\r\n\r\n"),
						    .body = fd, .body_length = sizes[i] - 1,
						    .address = "2001:db8::1", .time = clock_now() };
			struct object_bytes out;
			struct sha256 is, should = sha256_of(slice_of(bytes, (size_t)(sizes[i] - (kind == 0))));
			int64_t object;

			if (kind == 0)
				MUST(warc_add_exchange(cf, &e, &object, &err));
			else
				MUST(warc_add_resource(cf, "file:///large", fd, sizes[i], 0, &object, &err));
			MUST(object_open(cf, object, &out, &err));
			{
				scoped(memory_free) char *back = malloc((size_t)out.length);
				size_t got;

				MUST(fd_read_at(out.fd, (off_t)out.offset, back, (size_t)out.length, &got, "o", &err));
				(void)close(out.fd);
				is = sha256_of(slice_of(back, got));
			}
			assert_true(sha256_equal(&is, &should));
		}
	}
	MUST(casefile_seal(cf, "collect", &err));
	read_segment(maker_path("large/warc/00001.warc"), &seen);
	read_segment(maker_path("large/warc/00002.warc"), &seen);
	MUST(casefile_verify(maker_path("large"), NULL, NULL, NULL, NULL, &result, &err));
	assert_int_equal(result.kind, VERIFY_VERIFIED);
	assert_true(result.segments == 2);
}

/* ---- a disk that is full */

static void full_child(void)
{
	const struct rlimit limit = { 300000, 300000 };
	struct casefile *cf = NULL;
	struct err err = { 0 };
	char body[8192];
	unsigned kept = 0;

	(void)signal(SIGXFSZ, SIG_IGN);
	memset(body, 'x', sizeof body);
	if (casefile_open(maker_path("full"), CASEFILE_WRITE, &cf, &err) < 0 ||
	    setrlimit(RLIMIT_FSIZE, &limit) < 0)
		_exit(9);
	for (int i = 0; i < 100; i++) {
		scoped(fd_close) int fd = fd_memory("body", NULL);
		int64_t object;
		int r;

		(void)memcpy(body, &i, sizeof i);
		if (fd_write_at(fd, 0, slice_of(body, sizeof body), "body", NULL) < 0)
			_exit(8);
		r = warc_add_resource(cf, "file:///x", fd, sizeof body, 0, &object, &err);
		if (r == 0)
			r = casefile_commit(cf, &err);
		if (r < 0) {
			if (r != -ERR_IO)
				_exit(7);
			casefile_rollback(cf);
			casefile_close(cf);
			_exit(kept > 5 ? 0 : 6);
		}
		kept++;
	}
	_exit(5);      /* it was never full */
}

static void test_full(void **state)
{
	struct verify_result result;
	struct casefile *cf = NULL;
	struct err err = { 0 };
	struct seen seen;
	pid_t child;
	int status;

	(void)state;
	MUST(casefile_create(maker_path("full"), NULL, &err));
	child = fork();
	if (child == 0)
		full_child();
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	MUST(casefile_open(maker_path("full"), CASEFILE_WRITE, &cf, &err));
	(void)maker_fetch(cf, "http://example.test/", "there is room again", false, NULL);
	MUST(casefile_seal(cf, "collect", &err));
	casefile_close(cf);
	read_segment(maker_path("full/warc/00001.warc"), &seen);
	MUST(casefile_verify(maker_path("full"), NULL, NULL, NULL, NULL, &result, &err));
	assert_int_equal(result.kind, VERIFY_VERIFIED);
}

/* ---- kill -9 */

#define PIECES 400

/* Everything a capture does, going on where the last one was killed. */
static int writer(const char *path, uint64_t *done, struct err *err)
{
	const struct source source = { 0, "folder", "somewhere", NULL };
	struct casefile *cf = NULL;
	int64_t id, capture;
	bool resumed;
	int r = casefile_open(path, CASEFILE_WRITE, &cf, err);

	if (r == 0)
		r = casefile_source(cf, &source, &id, err);
	if (r == 0)
		r = capture_begin(cf, id, &capture, &resumed, err);
	for (int i = 0; r == 0 && i < PIECES; i++) {
		struct sighting s = { .basis = BASIS_FETCHED, .listed_size = UINT64_MAX,
				      .listed_time = CLOCK_NONE, .modified = CLOCK_NONE };
		struct entry_known known;
		char name[32], body[600];
		int fd;

		(void)snprintf(name, sizeof name, "file%04d", i);
		s.path = slice_text(name);
		r = entry_look(cf, capture, s.path, &known, err);
		if (r < 0 || known.in_this_capture)
			continue;
		memset(body, 'a' + i % 26, sizeof body);
		(void)memcpy(body, name, 8);
		fd = fd_memory("body", err);
		r = fd_write_at(fd, 0, slice_of(body, sizeof body), "body", err);
		if (r == 0)
			r = warc_add_resource(cf, name, fd, sizeof body, 0, &s.object, err);
		(void)close(fd);
		if (r == 0)
			r = sighting_add(cf, capture, &s, err);
		if (r == 0)
			r = casefile_step(cf, err);
		if (r == 0 && i % 40 == 39)
			r = casefile_seal(cf, "collect", err);
		if (done)
			*done = (uint64_t)i;
	}
	if (r == 0)
		r = capture_end(cf, capture, NULL, err);
	if (r == 0)
		r = casefile_seal(cf, "collect", err);
	casefile_close(cf);
	return r;
}

struct digest {
	struct hasher *hasher;
	unsigned entries;
};

static int add_change(const struct change *c, void *data)
{
	struct digest *d = data;

	hasher_add(d->hasher, slice_text(c->name));
	hasher_add(d->hasher, slice_text(c->change));
	hasher_add(d->hasher, slice_of(c->sha256.bytes, SHA256_SIZE));
	d->entries++;
	return 0;
}

static struct sha256 result_of(const char *path)
{
	struct digest d = { hasher_new(), 0 };
	struct casefile *cf = NULL;
	struct err err = { 0 };
	struct sha256 hash;

	MUST(casefile_open(path, CASEFILE_READ, &cf, &err));
	MUST(changes_each(cf, 1, NULL, add_change, &d, &err));
	casefile_close(cf);
	assert_int_equal(d.entries, PIECES);
	hash = hasher_end(d.hasher);
	hasher_free(d.hasher);
	return hash;
}

static void say(enum verdict_kind kind, const char *sentence, void *data)
{
	(void)data;
	(void)kind;
	print_message("%s\n", sentence);
}

static void killed(const char *path, unsigned times, unsigned within_us)
{
	struct verify_result result;
	struct err err = { 0 };

	for (unsigned i = 0; i < times; i++) {
		const unsigned after = 500 + (i * 7919U) % within_us;
		const struct timespec pause = { .tv_nsec = (long)after * 1000 };
		const pid_t child = fork();
		int status;

		if (child == 0)
			_exit(writer(path, NULL, NULL) < 0);
		(void)nanosleep(&pause, NULL);
		(void)kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
			fail_msg("the writer failed after %u kills: %d", i, WEXITSTATUS(status));
		MUST(casefile_verify(path, NULL, NULL, NULL, NULL, &result, &err));
		if (result.kind == VERIFY_FAILED) {
			MUST(casefile_verify(path, NULL, NULL, say, NULL, &result, &err));
			fail_msg("failed after kill %u at %u us", i, after);
		}
		if (WIFEXITED(status))
			return;
	}
}

static void test_killed(void **state)
{
	const unsigned rounds = getenv("XSHEET_TEST_LONG") ? 40 : 6;
	struct verify_result result;
	struct err err = { 0 };
	struct sha256 undisturbed, is;
	struct timespec a, b;
	unsigned whole_us;

	(void)state;
	MUST(casefile_create(maker_path("calm"), NULL, &err));
	(void)clock_gettime(CLOCK_MONOTONIC, &a);
	MUST(writer(maker_path("calm"), NULL, &err));
	(void)clock_gettime(CLOCK_MONOTONIC, &b);
	whole_us = (unsigned)((b.tv_sec - a.tv_sec) * 1000000 + (b.tv_nsec - a.tv_nsec) / 1000);
	undisturbed = result_of(maker_path("calm"));
	for (unsigned round = 0; round < rounds; round++) {
		char name[32];

		(void)snprintf(name, sizeof name, "killed%u", round);
		MUST(casefile_create_sized(maker_path(name), NULL, 60000, &err));
		killed(maker_path(name), 10, whole_us / 4 + 1000);
		MUST(writer(maker_path(name), NULL, &err));
		is = result_of(maker_path(name));
		assert_true(sha256_equal(&is, &undisturbed));
		MUST(casefile_verify(maker_path(name), NULL, NULL, say, NULL, &result, &err));
		assert_int_equal(result.kind, VERIFY_VERIFIED);
	}
}

/* Each point between a seal's ledger line and its copy. */
static void test_half_sealed(void **state)
{
	scoped(buf_done) struct buf ledger = buf_limited(1 << 20);
	char file[600], db_file[600];
	struct casefile *cf = NULL;
	struct verify_result result;
	struct err err = { 0 };
	size_t before;

	(void)state;
	maker_case(maker_path("half"));
	(void)snprintf(file, sizeof file, "%s", maker_path("half/ledger/ledger.tsv"));
	(void)snprintf(db_file, sizeof db_file, "%s", maker_path("half/case.db"));
	MUST(casefile_open(maker_path("half"), CASEFILE_WRITE, &cf, &err));
	(void)maker_fetch(cf, "http://example.test/more", "more", false, NULL);
	MUST(casefile_commit(cf, &err));
	casefile_close(cf);
	{
		/* The database as it was before the seal, the ledger as after. */
		scoped(buf_done) struct buf db = buf_limited(64 << 20);

		MUST(file_read(file, &ledger, &err));
		before = ledger.n;
		MUST(file_read(db_file, &db, &err));
		MUST(casefile_open(maker_path("half"), CASEFILE_WRITE, &cf, &err));
		MUST(casefile_seal(cf, "collect", &err));
		casefile_close(cf);
		buf_clear(&ledger);
		MUST(file_read(file, &ledger, &err));
		for (unsigned i = 0; i <= 6; i++) {
			/* none of the line, pieces of it, all but its line end, all */
			const size_t keep = i == 6   ? ledger.n
					    : i == 5 ? ledger.n - 1
						     : before + (ledger.n - before) * i / 5;

			MUST(file_write(db_file, buf_slice(&db), 0644, &err));
			MUST(file_write(file, slice_head(buf_slice(&ledger), keep), 0644, &err));
			MUST(casefile_verify(maker_path("half"), NULL, NULL, NULL, NULL, &result, &err));
			assert_int_equal(result.kind, VERIFY_UNVERIFIABLE);
			MUST(casefile_open(maker_path("half"), CASEFILE_WRITE, &cf, &err));
			MUST(casefile_seal(cf, "collect", &err));
			casefile_close(cf);
			MUST(casefile_verify(maker_path("half"), NULL, NULL, say, NULL, &result, &err));
			assert_int_equal(result.kind, VERIFY_VERIFIED);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chunked), cmocka_unit_test(test_heads),
		cmocka_unit_test(test_records), cmocka_unit_test(test_large),
		cmocka_unit_test(test_full),    cmocka_unit_test(test_half_sealed),
		cmocka_unit_test(test_killed),
	};

	return cmocka_run_group_tests(tests, maker_begin, maker_end);
}
