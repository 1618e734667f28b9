/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/hash.h"
#include "base/text.h"

static void slices_are_cut(void **state)
{
	struct slice rest = SLICE("a b\r\nc"), word, line;
	uint64_t number;

	(void)state;
	assert_true(slice_cut(&rest, ' ', &word));
	assert_true(slice_is(word, "a"));
	assert_false(slice_cut(&rest, '!', &word));
	assert_true(slice_line(&rest, &line) && slice_is(line, "b"));
	assert_true(slice_line(&rest, &line) && slice_is(line, "c"));
	assert_false(slice_line(&rest, &line));
	assert_true(slice_u64(SLICE("18446744073709551615"), &number) && number == UINT64_MAX);
	assert_false(slice_u64(SLICE("18446744073709551616"), &number));
	assert_false(slice_u64(SLICE(""), &number));
	assert_false(slice_u64(SLICE("1 "), &number));
	assert_int_equal(slice_find(SLICE("abcabd"), SLICE("abd")), 3);
	assert_int_equal(slice_find_nocase(SLICE("xxHrEf"), SLICE("href")), 2);
}

static void a_buffer_stops_at_its_ceiling(void **state)
{
	scoped(buf_done) struct buf b = buf_limited(5);

	(void)state;
	assert_int_equal(buf_text(&b, "hello"), 0);
	assert_int_equal(buf_text(&b, "!"), -ERR_LIMIT);
	assert_int_equal(buf_broken(&b), -ERR_LIMIT);
	assert_string_equal(buf_string(&b), "hello");
}

static void an_arena_stops_at_its_ceiling(void **state)
{
	scoped(arena_done) struct arena a = arena_limited(100000);

	(void)state;
	assert_non_null(arena_alloc(&a, 70000));
	assert_null(arena_alloc(&a, 70000));
	assert_string_equal(arena_text(&a, SLICE("name")), "name");
	assert_null(arena_array(&a, SIZE_MAX / 2, 4));
}

static void text_from_strangers_is_neutralised(void **state)
{
	static const struct {
		const char *what;
		struct slice raw;
		const char *safe;
	} rows[] = {
		{ "plain text stays", SLICE("原画 레이아웃"), "原画 레이아웃" },
		{ "an escape sequence shows", SLICE("\033[31m"), "\\u{1B}[31m" },
		{ "a bidirectional override shows", SLICE("a\xE2\x80\xAEgpj.exe"), "a\\u{202E}gpj.exe" },
		{ "bytes that are not UTF-8 show", SLICE("\xB5\xD8\xff"), "\\xB5\\xD8\\xFF" },
		{ "a surrogate is not UTF-8", SLICE("\xED\xA0\x80"), "\\xED\\xA0\\x80" },
		{ "an overlong slash is not UTF-8", SLICE("\xC0\xAF"), "\\xC0\\xAF" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		scoped(buf_done) struct buf b = buf_limited(1000);

		assert_int_equal(text_safe(&b, rows[i].raw, false), 0);
		ROW(rows[i].what, strcmp(buf_string(&b), rows[i].safe) == 0);
	}
}

static void an_error_is_one_harmless_sentence(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(err_set(&err, ERR_LIMIT, "'%s' is too large", "a\033b"), -ERR_LIMIT);
	assert_string_equal(err.text, "'a\\u{1B}b' is too large");
	assert_int_equal(err_prefix(&err, -ERR_LIMIT, "reading '%s'", "x"), -ERR_LIMIT);
	assert_string_equal(err.text, "reading 'x': 'a\\u{1B}b' is too large");
	assert_int_equal(err_set(NULL, ERR_IO, "nobody listens"), -ERR_IO);
}

static void times_are_read_and_written(void **state)
{
	static const struct {
		const char *what, *text, *again;
	} rows[] = {
		{ "UTC", "2024-01-08T18:00:00Z", "2024-01-08T18:00:00Z" },
		{ "a zone east of Greenwich is earlier in UTC", "2024-01-08T18:00:00+08:30",
		  "2024-01-08T09:30:00Z" },
		{ "a day alone", "2024-02-29", "2024-02-29T00:00:00Z" },
		{ "milliseconds", "1999-12-31T23:59:59.250Z", "1999-12-31T23:59:59.250Z" },
		{ "before 1970", "1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z" },
		{ "the 30th of February", "2024-02-30", NULL },
		{ "no zone", "2024-01-08T18:00:00", NULL },
		{ "more behind it", "2024-01-08T18:00:00Zx", NULL },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[CLOCK_TEXT];
		int64_t time;
		const bool read = clock_parse(slice_text(rows[i].text), &time);

		ROW(rows[i].what, read == (rows[i].again != NULL));
		if (!read)
			continue;
		clock_text(time, text);
		ROW(rows[i].what, strcmp(text, rows[i].again) == 0);
	}
	assert_int_equal(clock_parts(0, 0).weekday, 3);       /* a Thursday */
	assert_int_equal(clock_parts(0, 540).hour, 9);
	assert_int_equal(clock_parts(-1000, 0).year, 1969);
}

static void sha256_is_sha256(void **state)
{
	/* FIPS 180-4, the example "abc". */
	const struct sha256 hash = sha256_of(SLICE("abc"));
	struct sha256 again;
	char hex[SHA256_HEX];

	(void)state;
	sha256_hex(&hash, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_true(sha256_from_hex(slice_text(hex), &again) && sha256_equal(&hash, &again));
	assert_false(sha256_from_hex(SLICE("ba78"), &again));
}

static void a_file_is_written_whole_or_not(void **state)
{
	scoped(buf_done) struct buf b = buf_limited(10);
	char folder[] = "/tmp/xsheet-test-XXXXXX";
	scoped(memory_free) char *path = NULL;
	struct err err = { 0 };

	(void)state;
	assert_non_null(mkdtemp(folder));
	path = path_join(folder, "file");
	assert_int_equal(file_write(path, SLICE("0123456789"), 0600, &err), 0);
	assert_int_equal(file_read(path, &b, &err), 0);
	assert_string_equal(buf_string(&b), "0123456789");
	buf_clear(&b);
	assert_int_equal(file_write(path, SLICE("0123456789a"), 0600, &err), 0);
	assert_int_equal(file_read(path, &b, &err), -ERR_LIMIT);
	assert_int_equal(file_read("/nonexistent/x", &b, &err), -ERR_NOT_FOUND);
	(void)unlink(path);
	(void)rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_are_cut),
		cmocka_unit_test(a_buffer_stops_at_its_ceiling),
		cmocka_unit_test(an_arena_stops_at_its_ceiling),
		cmocka_unit_test(text_from_strangers_is_neutralised),
		cmocka_unit_test(an_error_is_one_harmless_sentence),
		cmocka_unit_test(times_are_read_and_written),
		cmocka_unit_test(sha256_is_sha256),
		cmocka_unit_test(a_file_is_written_whole_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
