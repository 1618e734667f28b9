/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/text.h"
#include "match/names.h"
#include "match/titles.h"

static void text_folds(void **state)
{
	static const struct {
		const char *what, *text, *words;
	} rows[] = {
		{ "case and separators go", "SEK-Studio_Pyongyang", "sek studio pyongyang" },
		{ "apostrophes go without a gap", "FUJIAN NAN'AN, Myo’ng-Ch’o’l", "fujian nanan myong chol" },
		{ "width goes", "４．２６ＡＢ", "4 26ab" },
		{ "accents go", "Madōgushi É", "madogushi e" },
		{ "each Hangul and Han character is a word", "4.26만화 动画", "4 26 만 화 动 画" },
		{ "decomposed Hangul is composed", "\xE1\x84\x86\xE1\x85\xA1\xE1\x86\xAB", "만" },
		{ "digits stay with letters", "26th S03E05", "26th s03e05" },
		{ "Cyrillic loses its case", "Киноатис", "киноатис" },
		{ "zero-width characters are not there", "S\u200BEK", "sek" },
		{ "what is not UTF-8 separates", "SEK\xFFStudio", "sek studio" },
		{ "nothing is nothing", " .-'", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		scoped(fold_done) struct fold fold = { 0 };

		assert_int_equal(fold_words(&fold, slice_text(rows[i].text), NULL), 0);
		if (!slice_is(buf_slice(&fold.folded), rows[i].words))
			fail_msg("%s: \"%.*s\"", rows[i].what, SLICE_F(buf_slice(&fold.folded)));
	}
}

static void the_words_seen_are_quoted(void **state)
{
	scoped(fold_done) struct fold fold = { 0 };

	(void)state;
	assert_int_equal(fold_words(&fold, SLICE("von S.E.K.-Studio, Ｐ"), NULL), 0);
	assert_true(slice_is(fold_seen(&fold, 1, 4), "S.E.K.-Studio"));
	assert_true(slice_is(fold_seen(&fold, 5, 5), "Ｐ"));
}

/* ------------------------------------------------- lists that are read */

static const char sdn[] =
	"1,\"SEK STUDIO\",-0- ,\"DPRK3\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"a.k.a. 'SEK'; x.\"\r\n"
	"2,\"LU, Hezheng\",\"individual\",\"DPRK3\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n"
	"3,\"FUNSAGA PTE LTD.\",-0- ,\"DPRK3\"\r\n"
	"4,\"LUCKY STAR\",\"vessel\",\"DPRK\",-0- \r\n"
	"5,\"TRADING COMPANY\",-0- ,\"DPRK\",-0- \r\n"
	"6,\"LI, Wei\",\"individual\",\"DPRK\",-0- \r\n"
	"7,\"KINOATIS LLC\",-0- ,\"DPRK3\",-0- \r\n"
	"8,\"TIAN FANG HONG KONG HOLDINGS LIMITED\",-0- ,\"DPRK3\"\r\n"
	"\x1a";
static const char alt[] =
	"1,9,\"aka\",\"APRIL 26 CHILDREN'S ANIMATION FILM STUDIO\",-0- \r\n99,1,\"aka\",\"NOBODY\",-0- \r\n";

static void read_small(struct namelist *n)
{
	uint32_t file;

	namelist_init(n);
	assert_int_equal(namelist_add_file(n, "sdn.csv", slice_text(sdn), "OFAC SDN", &file, NULL), 0);
	assert_int_equal(ofac_parse(n, slice_text(sdn), file, "sdn.csv", NULL), 0);
	assert_int_equal(namelist_add_file(n, "alt.csv", slice_text(alt), "aliases", &file, NULL), 0);
	assert_int_equal(ofac_parse_aliases(n, slice_text(alt), file, "alt.csv", NULL), 0);
	assert_int_equal(namelist_ready(n, NULL), 0);
	assert_int_equal(n->entry_count, 8);
}

struct seen {
	const struct namelist *names;
	const struct fold *fold;
	char text[256];
	int count;
};

static int see(uint32_t form, size_t first, size_t last, void *data)
{
	struct seen *seen = data;

	(void)snprintf(seen->text, sizeof seen->text, "%s:%.*s",
		       seen->names->entries[seen->names->forms[form].entry].number,
		       SLICE_F(fold_seen(seen->fold, first, last)));
	seen->count++;
	return 0;
}

static void names_stand_in_running_text(void **state)
{
	static const struct {
		const char *what, *text, *found;
	} rows[] = {
		{ "as listed", "paid to SEK STUDIO in May", "1:SEK STUDIO" },
		{ "with other separators and case", "for Sek-Studio.", "1:Sek-Studio" },
		{ "an alias with another apostrophe", "April 26 Children’s Animation Film Studio",
		  "1:April 26 Children’s Animation Film Studio" },
		{ "a person, given name first", "sent by Hezheng Lu", "2:Hezheng Lu" },
		{ "a person, family name first", "LU Hezheng", "2:LU Hezheng" },
		{ "without the company's form", "tian fang hong kong holdings", "8:tian fang hong kong holdings" },
		{ "a single word with the company's form", "Funsaga Pte. Ltd. invoice", "3:Funsaga Pte. Ltd" },
		{ "not a single word without it", "Funsaga Comics Club", "" },
		{ "with another form", "Tian Fang (Hong Kong) Holdings Ltd.", "8:Tian Fang (Hong Kong) Holdings" },
		{ "not within a longer word", "Kinoatisov LLC", "" },
		{ "not a near spelling", "SEC Studio, SK Studio, Seek Studio", "" },
		{ "not a weak alias", "SEK AG", "" },
		{ "not generic words", "the trading company", "" },
		{ "not a short person's name", "Li Wei", "" },
		{ "not a ship's common name", "my lucky star", "" },
	};
	struct namelist n;

	(void)state;
	read_small(&n);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		scoped(fold_done) struct fold fold = { 0 };
		struct seen seen = { &n, &fold, "", 0 };

		assert_int_equal(fold_words(&fold, slice_text(rows[i].text), NULL), 0);
		(void)namelist_find(&n, &fold, see, &seen);
		if (strcmp(seen.text, rows[i].found) != 0)
			fail_msg("%s: \"%s\"", rows[i].what, seen.text);
	}
	namelist_done(&n);
}

static void broken_lists_are_refused(void **state)
{
	static const struct {
		const char *what;
		struct slice bytes;
		const char *message;
	} rows[] = {
		{ "a quote without its end", SLICE("1,\"A B\",-0- ,\"X\"\n2,\"C D,-0- ,\"X\"\n"),
		  "l.csv:2: text behind a closing quote" },
		{ "a quote to the end of the file", SLICE("1,\"A B\",-0- ,\"X\"\n2,\"C D\n"),
		  "l.csv:2: a quote that is never closed" },
		{ "a number that is none", SLICE("one,\"A\",-0- ,\"X\"\n"),
		  "l.csv:1: not a row of SDN.CSV (number, name, type, programme, ...)" },
		{ "too few columns", SLICE("1,\"A\"\n"),
		  "l.csv:1: not a row of SDN.CSV (number, name, type, programme, ...)" },
		{ "too many columns", SLICE("1,a,b,c,d,e,f,g,h,i,j,k,l\n"),
		  "l.csv:1: more columns than the format has" },
		{ "a name that is missing", SLICE("1,-0- ,-0- ,\"X\"\n"), "l.csv:1: an entry without a name" },
		{ "a NUL", SLICE("1,\"A\0B\",-0- ,\"X\"\n"), "l.csv:1: a NUL byte" },
		{ "nothing", SLICE("\r\n\x1a"), "l.csv: no entries in it" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		scoped(namelist_done) struct namelist n = { 0 };
		struct err err = { 0 };
		uint32_t file;

		namelist_init(&n);
		assert_int_equal(namelist_add_file(&n, "l.csv", rows[i].bytes, "L", &file, NULL), 0);
		ROW(rows[i].what, ofac_parse(&n, rows[i].bytes, file, "l.csv", &err) < 0);
		if (strcmp(err.text, rows[i].message) != 0)
			fail_msg("%s: \"%s\"", rows[i].what, err.text);
	}
}

/* The whole list of 2024, and a hundred thousand lines. */
static void a_full_list_is_searched_in_seconds(void **state)
{
	scoped(fold_done) struct fold fold = { 0 };
	scoped(namelist_done) struct namelist n = { 0 };
	struct seen seen = { &n, &fold, "", 0 };
	struct err err = { 0 };
	char path[8192];
	int64_t before, ready;

	(void)state;
	if (!test_data())
		skip();
	(void)snprintf(path, sizeof path, "%s/screen/ofac/sdn_2024-05-03.csv", test_data());
	if (access(path, R_OK) != 0)
		skip();
	namelist_init(&n);
	before = clock_ticks();
	if (namelist_read_ofac(&n, path, &err) < 0 || namelist_ready(&n, &err) < 0)
		fail_msg("%s", err.text);
	ready = clock_ticks();
	assert_int_equal(n.entry_count, 14965);
	assert_string_equal(n.files[0].date, "2024-05-03");
	for (int i = 0; i < 100000; i++) {
		const char *line = i % 1000 ? "옆얼굴의 머리모양을 고칠것. C045 look at the shape of the head, panel 3"
					    : "invoice of SEK Studio, payee Tian Fang Hong Kong Holdings Ltd";

		assert_int_equal(fold_words(&fold, slice_text(line), NULL), 0);
		(void)namelist_find(&n, &fold, see, &seen);
	}
	print_message("  %zu entries, %zu names (%llu not for running text) read in %lld ms; 100,000 lines in %lld ms\n",
		      n.entry_count, n.form_count, (unsigned long long)namelist_skipped(&n),
		      (long long)(ready - before), (long long)(clock_ticks() - ready));
	assert_int_equal(seen.count, 200);
}

/* ------------------------------------------------------- catalogues -- */

static int count_forms(uint32_t form, size_t first, size_t last, void *data)
{
	(void)form, (void)first, (void)last;
	++*(int *)data;
	return 0;
}

static void a_catalogue_is_read(void **state)
{
	static const char text[] =
		"id\ttitle\tlang\taliases\tcode\tkind\tsource\n"
		"# a remark\n"
		"inv\tInvincible\ten\tInvincible S3 | Viltrumite Pants LLC\tINV\tseries\ttest\n"
		"cat\tCat\ten\t\tCAT\tshort\ttest\n";
	scoped(titles_done) struct titles t = { 0 };
	scoped(fold_done) struct fold fold = { 0 };
	int count = 0;

	(void)state;
	assert_int_equal(titles_init(&t, NULL), 0);
	assert_int_equal(titles_parse(&t, "t.tsv", slice_text(text), NULL), 0);
	assert_int_equal(t.n, 2);
	assert_int_equal(t.form_count, 4);
	assert_true(t.forms[0].weak);
	assert_false(t.forms[1].weak);
	assert_true(t.forms[3].weak);
	assert_false(t.codes[0].weak);
	assert_true(t.codes[1].weak);
	assert_int_equal(fold_words(&fold, SLICE("INVINCIBLE-S3 sheet"), NULL), 0);
	(void)titles_find(&t, &fold, count_forms, &count);
	assert_int_equal(count, 2);
	count = 0;
	assert_int_equal(fold_words(&fold, SLICE("the invincibles, a catalogue"), NULL), 0);
	(void)titles_find(&t, &fold, count_forms, &count);
	assert_int_equal(count, 0);
}

static void a_broken_catalogue_is_refused(void **state)
{
	static const struct {
		const char *what;
		struct slice bytes;
		const char *message;
	} rows[] = {
		{ "no header", SLICE(""), "t.tsv: no header line" },
		{ "a column missing", SLICE("id\ttitle\tlang\taliases\tcode\tkind\n"),
		  "t.tsv:1: the header has no column \"source\"" },
		{ "a short row", SLICE("id\ttitle\tlang\taliases\tcode\tkind\tsource\na\tb\n"),
		  "t.tsv:2: fewer cells than the header has" },
		{ "no id", SLICE("id\ttitle\tlang\taliases\tcode\tkind\tsource\n\tb\tc\td\te\tf\tg\n"),
		  "t.tsv:2: id and title must not be empty" },
		{ "no text", SLICE("id\ttitle\tlang\taliases\tcode\tkind\tsource\na\tb\xff\tc\td\te\tf\tg\n"),
		  "t.tsv:2: bytes that are no text" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		scoped(titles_done) struct titles t = { 0 };
		struct err err = { 0 };

		assert_int_equal(titles_init(&t, NULL), 0);
		ROW(rows[i].what, titles_parse(&t, "t.tsv", rows[i].bytes, &err) < 0);
		if (strcmp(err.text, rows[i].message) != 0)
			fail_msg("%s: \"%s\"", rows[i].what, err.text);
	}
}

static void read_shipped(struct namelist *n)
{
	const char *root = getenv("XSHEET_SOURCE_ROOT");
	struct err err = { 0 };
	char path[8192];

	assert_non_null(root);
	namelist_init(n);
	(void)snprintf(path, sizeof path, "%s/profiles/dprk/sanctions.csv", root);
	if (namelist_read_ofac(n, path, &err) < 0)
		fail_msg("%s", err.text);
	(void)snprintf(path, sizeof path, "%s/profiles/dprk/sanctions_alt.csv", root);
	if (namelist_read_ofac_aliases(n, path, &err) < 0)
		fail_msg("%s", err.text);
	(void)snprintf(path, sizeof path, "%s/profiles/dprk/lexicon.tsv", root);
	if (namelist_read_lexicon(n, path, &err) < 0 || namelist_ready(n, &err) < 0)
		fail_msg("%s", err.text);
}

/* Exact and folded matching alone: no near spelling is found, and none of the
 * negatives may be. */
static void queries_with_known_answers(void **state)
{
	scoped(namelist_done) struct namelist n = { 0 };
	scoped(fold_done) struct fold fold = { 0 };
	scoped(buf_done) struct buf table = buf_limited(1 << 20);
	size_t positives = 0, found = 0, negatives = 0, wrong = 0;
	struct slice rest, line, query, entry;
	char path[8192];

	(void)state;
	if (!test_data())
		skip();
	(void)snprintf(path, sizeof path, "%s/screen/expected_sek_queries.tsv", test_data());
	if (file_read(path, &table, NULL) < 0)
		skip();
	read_shipped(&n);
	rest = buf_slice(&table);
	(void)slice_line(&rest, &line);
	while (slice_line(&rest, &line)) {
		struct seen seen = { &n, &fold, "", 0 };
		const bool right = slice_cut(&line, '\t', &query) && slice_cut(&line, '\t', &entry);

		assert_true(right);
		assert_int_equal(fold_words(&fold, query, NULL), 0);
		(void)namelist_find(&n, &fold, see, &seen);
		if (slice_is(entry, "NONE")) {
			negatives++;
			wrong += seen.count > 0;
			if (seen.count)
				print_message("  wrongly found: %.*s\n", SLICE_F(query));
			continue;
		}
		positives++;
		found += seen.count > 0 && slice_starts(slice_text(seen.text), entry);
		if (!seen.count)
			print_message("  not found: %.*s\n", SLICE_F(query));
	}
	print_message("  %zu of %zu found, %zu of %zu negatives\n", found, positives, wrong, negatives);
	assert_int_equal(wrong, 0);
	assert_true(found * 100 >= positives * 70);
}

static void the_shipped_lists_are_read(void **state)
{
	const char *root = getenv("XSHEET_SOURCE_ROOT");
	scoped(namelist_done) struct namelist n = { 0 };
	scoped(titles_done) struct titles t = { 0 };
	scoped(fold_done) struct fold fold = { 0 };
	struct seen seen = { &n, &fold, "", 0 };
	struct err err = { 0 };
	char path[8192];

	(void)state;
	read_shipped(&n);
	assert_int_equal(n.entry_count, 14);
	assert_string_equal(n.files[0].list, "OFAC SDN");
	assert_int_equal(fold_words(&fold, SLICE("４．２６ 만화영화촬영소에서"), NULL), 0);
	(void)namelist_find(&n, &fold, see, &seen);
	assert_string_equal(seen.text, "34022:４．２６ 만화영화촬영소");
	assert_int_equal(titles_init(&t, NULL), 0);
	(void)snprintf(path, sizeof path, "%s/profiles/dprk/titles.tsv", root);
	if (titles_read(&t, path, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(t.n, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_folds),
		cmocka_unit_test(the_words_seen_are_quoted),
		cmocka_unit_test(names_stand_in_running_text),
		cmocka_unit_test(broken_lists_are_refused),
		cmocka_unit_test(a_full_list_is_searched_in_seconds),
		cmocka_unit_test(a_catalogue_is_read),
		cmocka_unit_test(a_broken_catalogue_is_refused),
		cmocka_unit_test(the_shipped_lists_are_read),
		cmocka_unit_test(queries_with_known_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
