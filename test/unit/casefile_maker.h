/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of a case share: a folder that goes away, bytes as descriptors,
 * a small case with some of everything. */
#ifndef TEST_CASEFILE_MAKER_H
#define TEST_CASEFILE_MAKER_H

#define _XOPEN_SOURCE 700 /* nftw */
#include "unit.h"

#include <ftw.h>

#include "base/fd.h"
#include "casefile/casefile.h"

#define MUST(r) \
	do { \
		if ((r) < 0) \
			fail_msg("%s: %s", #r, err.text); \
	} while (0)

static char maker_root[256];

static inline int maker_remove(const char *path, const struct stat *status, int kind,
			       struct FTW *ftw)
{
	(void)status;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static inline int maker_begin(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	(void)snprintf(maker_root, sizeof maker_root, "%s/xsheet-test-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(maker_root))
		return -1;
	return setenv("XSHEET_HOME", maker_root, 1);
}

static inline int maker_end(void **state)
{
	(void)state;
	return nftw(maker_root, maker_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* Valid until the call after next. */
static inline const char *maker_path(const char *name)
{
	static char path[4][512];
	static unsigned turn;
	char *p = path[turn++ % 4];

	(void)snprintf(p, sizeof path[0], "%s/%s", maker_root, name);
	return p;
}

static inline int maker_fd(struct slice bytes)
{
	const int fd = fd_memory("test", NULL);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_at(fd, 0, bytes, "test", NULL), 0);
	return fd;
}

static inline int64_t maker_fetch(struct casefile *cf, const char *url, const char *body,
				  bool chunked, const char *truncated)
{
	scoped(fd_close) int fd = maker_fd(slice_text(body));
	const struct exchange e = {
		.url = url,
		.request = SLICE("GET /x HTTP/1.1\r\nHost: example.test\r\n\r\n"),
		.response_head = chunked
			? SLICE("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
			: SLICE("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"),
		.body = fd,
		.body_length = strlen(body),
		.chunked = chunked,
		.address = "192.0.2.1",
		.time = clock_now(),
		.truncated = truncated,
	};
	struct err err = { 0 };
	int64_t object = 0;

	MUST(warc_add_exchange(cf, &e, &object, &err));
	assert_true(object > 0);
	return object;
}

static inline void maker_list(struct casefile *cf, int64_t capture, const char *path,
			      enum listing_state state, uint64_t entries)
{
	const struct listing_record listing = { slice_text(path), state, "test", entries, 0, "" };
	struct err err = { 0 };

	MUST(listing_add(cf, capture, &listing, &err));
}

static inline void maker_see(struct casefile *cf, int64_t capture, const char *path,
			     enum sighting_basis basis, int64_t object)
{
	const struct sighting sighting = { .path = slice_text(path), .basis = basis,
					   .object = object, .listed_size = 5, .size_exact = true,
					   .listed_time = 1704736800000, .modified = CLOCK_NONE,
					   .why = basis == BASIS_FAILED ? "no answer" : "" };
	struct err err = { 0 };

	MUST(sighting_add(cf, capture, &sighting, &err));
}

static inline int64_t maker_find(struct casefile *cf, int64_t run, const char *kind, int64_t object,
				 const char *value)
{
	const struct finding finding = { .run = run, .kind = kind, .object = object,
					 .locator = "{\"line\":1}", .value = value,
					 .data = "{\"script\":\"Hani\"}", .certainty = 0.87 };
	struct err err = { 0 };
	int64_t id = 0;

	MUST(finding_add(cf, &finding, &id, &err));
	return id;
}

/* A case with two captures and a row or more in each table. */
static inline void maker_case(const char *path)
{
	const struct source source = { 0, "http", "http://example.test/", "{}" };
	struct run run = { 0, "examine", "test 1", "{\"a\":1}", 0, false };
	scoped(casefile_close) struct casefile *cf = NULL;
	struct err err = { 0 };
	int64_t id, capture, object, r;
	bool resumed;

	MUST(casefile_create(path, "test", &err));
	MUST(casefile_open(path, CASEFILE_WRITE, &cf, &err));
	MUST(casefile_source(cf, &source, &id, &err));
	for (int day = 0; day < 2; day++) {
		char body[64];

		MUST(capture_begin(cf, id, &capture, &resumed, &err));
		for (int i = 0; i < 10; i++) {
			char name[32];

			(void)snprintf(name, sizeof name, "a/file%d", i);
			(void)snprintf(body, sizeof body, "body %d of day %d\n", i, i < 3 ? day : 0);
			object = maker_fetch(cf, "http://example.test/a/file", body, false, NULL);
			maker_see(cf, capture, name, BASIS_FETCHED, object);
		}
		object = maker_fetch(cf, "http://example.test/c", "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n",
				     true, NULL);
		maker_see(cf, capture, "chunked", BASIS_FETCHED, object);
		maker_see(cf, capture, "failed", BASIS_FAILED, 0);
		maker_list(cf, capture, "", LISTING_COMPLETE, 3);
		maker_list(cf, capture, "a/", LISTING_COMPLETE, 10);
		MUST(capture_end(cf, capture, NULL, &err));
		MUST(casefile_seal(cf, "collect", &err));
	}
	MUST(run_begin(cf, &run, &r, &err));
	for (int64_t o = 1; o < 5; o++) {
		(void)maker_find(cf, r, "text.line", o, "\xE6\x8A\xA4\xE7\x85\xA7");
		(void)maker_find(cf, r, "file.verdict", o, "ok");
	}
	MUST(run_end(cf, r, &err));
	MUST(casefile_seal(cf, "examine", &err));
}

#endif
