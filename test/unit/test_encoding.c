/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "examine/encoding.h"
#include "examine/script.h"
#include "unit.h"

static int setup(void **state)
{
	(void)state;
	return encoding_prepare(NULL);
}

/* The bytes are what Python's codecs write. */
static void encodings(void **state)
{
	static const struct {
		const char *what, *name;
		struct slice bytes;
		const char *text;
	} rows[] = {
		{ "ASCII", "US-ASCII", SLICE("plain\n"), "plain\n" },
		{ "UTF-8", "UTF-8", SLICE("线\n"), "线\n" },
		{ "UTF-8 with a mark", "UTF-8", SLICE("\xEF\xBB\xBF" "a"), "a" },
		{ "UTF-16 with a mark", "UTF-16LE", SLICE("\xFF\xFE\x3F\x4E\x0A\x00"), "丿\n" },
		{ "UTF-16 the other way round", "UTF-16BE", SLICE("\xFE\xFF\x7E\xBF"), "线" },
		{ "a short note in GB18030", "GB18030",
		  SLICE("\xC7\xEB\xC9\xBE\xB3\xFD\xB6\xE0\xD3\xE0\xB5\xC4\xCF\xDF"), "请删除多余的线" },
		{ "a short note in CP949", "CP949",
		  SLICE("\xBC\xB1\xC0\xBB \xC1\xF6\xBF\xEC\xBD\xC3\xBF\xC0"), "선을 지우시오" },
		{ "traditional characters in Big5", "Big5",
		  SLICE("\xBD\xD0\xA7\x52\xB0\xA3\xA6\x68\xBE\x6C\xAA\xBA\xBD\x75"), "請刪除多餘的線" },
		{ "Japanese in Shift_JIS", "Shift_JIS",
		  SLICE("\x94\x77\x8C\x69\x82\xCD\x82\xBB\x82\xCC\x82\xDC\x82\xDC"), "背景はそのまま" },
		{ "Japanese in EUC-JP", "EUC-JP",
		  SLICE("\xC7\xD8\xB7\xCA\xA4\xCF\xA4\xBD\xA4\xCE\xA4\xDE\xA4\xDE"), "背景はそのまま" },
		{ "Russian in KOI8-R", "KOI8-R",
		  SLICE("\xF5\xC4\xC1\xCC\xC9\xD4\xC5 \xCC\xC9\xCE\xC9\xC9"), "Удалите линии" },
		{ "Russian in windows-1251", "windows-1251",
		  SLICE("\xD3\xE4\xE0\xEB\xE8\xF2\xE5 \xEB\xE8\xED\xE8\xE8"), "Удалите линии" },
		{ "escape sequences", "ISO-2022-JP", SLICE("\x1B$BF|K\\\x1B(B"), "日本" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct encoding_guess guess = encoding_guess(rows[i].bytes);
		scoped(buf_done) struct buf text = buf_limited(1 << 20);
		size_t bad;

		if (strcmp(guess.name, rows[i].name) != 0)
			fail_msg("%s: taken for %s", rows[i].what, guess.name);
		ROW(rows[i].what, encoding_decode(&guess, rows[i].bytes, &text, &bad) == 0);
		ROW(rows[i].what, bad == 0);
		if (strcmp(buf_string(&text), rows[i].text) != 0)
			fail_msg("%s: '%s'", rows[i].what, buf_string(&text));
	}
}

static void what_is_no_text(void **state)
{
	const struct slice broken = SLICE("ok \xFF\xFF\xFF\x81");
	const struct encoding_guess guess = encoding_guess(SLICE("\0\0\0\0\0\0\0"));
	scoped(buf_done) struct buf text = buf_limited(1 << 20);
	struct encoding_guess utf8 = encoding_guess(SLICE("ok"));
	size_t bad;

	(void)state;
	assert_string_equal(guess.name, "unknown");
	assert_int_equal(guess.certainty, 0);
	assert_int_equal(encoding_decode(&utf8, broken, &text, &bad), 0);
	assert_int_equal(bad, 4);
	assert_string_equal(buf_string(&text), "ok \\xFF\\xFF\\xFF\\x81");
}

static void a_pair_of_surrogates_across_rounds(void **state)
{
	scoped(buf_done) struct buf wide = buf_limited(1 << 20), text = buf_limited(1 << 20);
	struct encoding_guess guess;
	size_t bad;

	(void)state;
	for (size_t pad = 2040; pad < 2052; pad++) {
		buf_clear(&wide);
		buf_clear(&text);
		(void)buf_add(&wide, SLICE("\xFF\xFE"));
		for (size_t i = 0; i < pad; i++)
			(void)buf_add(&wide, SLICE("a\0"));
		(void)buf_add(&wide, SLICE("\x3D\xD8\x00\xDE\x62\x00"));
		guess = encoding_guess(buf_slice(&wide));
		assert_int_equal(encoding_decode(&guess, buf_slice(&wide), &text, &bad), 0);
		assert_int_equal(bad, 0);
		assert_int_equal(text.n, pad + 5);
		assert_memory_equal(text.p + pad, "\xF0\x9F\x98\x80" "b", 5);
	}
}

static void languages(void **state)
{
	static const struct {
		const char *what, *line, *script, *lang;
	} rows[] = {
		{ "Hangul", "불필요한 선을 지우시오", "Hang", "ko" },
		{ "Hangul with a file's name", "cut_045 배경", "Hang", "ko" },
		{ "simplified characters", "请删除多余的线", "Hani", "zh-Hans" },
		{ "traditional characters", "請刪除多餘的線", "Hani", "zh-Hant" },
		{ "characters that both have", "人大中", "Hani", "zh" },
		{ "a Japanese character form", "駅前", "Hani", "ja" },
		{ "kana", "背景はそのまま", "Hira", "ja" },
		{ "English", "please fix the line", "Latn", "en" },
		{ "Latin letters without a known word", "layout cut", "Latn", "und" },
		{ "Cyrillic", "Удалите линии", "Cyrl", "ru" },
		{ "digits", "2024-01-08 #45", "Zyyy", "" },
		{ "Thai", "สวัสดี", "Thai", "und" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct language l = language_of(slice_text(rows[i].line));

		if (strcmp(l.script, rows[i].script) != 0 || strcmp(l.lang, rows[i].lang) != 0)
			fail_msg("%s: %s %s", rows[i].what, l.script, l.lang);
	}
}

static void neighbours_decide(void **state)
{
	struct language lines[] = {
		language_of(SLICE("人大中")), language_of(SLICE("请删除")), language_of(SLICE("한글")),
		language_of(SLICE("人大中")),
	};

	(void)state;
	language_settle(lines, 4);
	assert_string_equal(lines[0].lang, "zh-Hans");
	assert_string_equal(lines[2].lang, "ko");
	assert_string_equal(lines[3].lang, "zh-Hans");
}

/* The corpus of public interface texts, written in legacy encodings. */
static void corpus(void **state)
{
	scoped(memory_free) char *path = NULL;
	scoped(buf_done) struct buf expected = buf_limited(16 << 20);
	struct slice rest, line;
	unsigned right = 0, all = 0;

	(void)state;
	if (!test_data())
		skip();
	path = path_join(test_data(), "examine/legacy_text/langid_2400_lines.tsv");
	if (!path || file_read(path, &expected, NULL) < 0)
		skip();
	rest = buf_slice(&expected);
	while (slice_line(&rest, &line)) {
		struct slice lang = line, text = line;
		struct language l;

		if (!slice_cut(&text, '\t', &lang))
			continue;
		l = language_of(text);
		all++;
		right += (slice_is(lang, "zh_CN") && (!strcmp(l.lang, "zh-Hans") || !strcmp(l.lang, "zh"))) ||
			 (slice_is(lang, "zh_TW") && (!strcmp(l.lang, "zh-Hant") || !strcmp(l.lang, "zh"))) ||
			 (slice_is(lang, "en") && (!strcmp(l.lang, "en") || !strcmp(l.lang, "und"))) ||
			 slice_is(lang, l.lang);
	}
	print_message("language of %u lines: %u right\n", all, right);
	assert_true(all > 2000 && right * 100 >= all * 97);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodings),
		cmocka_unit_test(what_is_no_text),
		cmocka_unit_test(a_pair_of_surrogates_across_rounds),
		cmocka_unit_test(languages),
		cmocka_unit_test(neighbours_decide),
		cmocka_unit_test(corpus),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
