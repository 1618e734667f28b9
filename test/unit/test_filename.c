/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdio.h>

#include "base/fd.h"
#include "match/filename.h"

#define FIELDS 12

static void fields_of(const struct filename *f, struct slice out[FIELDS])
{
	const struct slice fields[FIELDS] = { f->show, f->season, f->episode, f->sequence, f->scene,
					      f->shot, f->cut, f->stage, f->version, f->take, f->layer,
					      f->frame };

	memcpy(out, fields, sizeof fields);
}

static void production_paths_are_read(void **state)
{
	static const struct {
		const char *what, *path;
		struct filename expected;
	} rows[] = {
		{ "a cut's folder and its name agree", "INV_S03/EP305/C045/INV_305_C045_LO_v02.png",
		  { .show = SLICE("INV"), .season = SLICE("3"), .episode = SLICE("05"), .cut = SLICE("045"),
		    .stage = SLICE("LO"), .version = SLICE("02") } },
		{ "a drawing says its layer, the folders the rest", "INV_S03/EP305/C045/A0001.tga",
		  { .show = SLICE("INV"), .season = SLICE("03"), .episode = SLICE("05"), .cut = SLICE("045"),
		    .layer = SLICE("A"), .frame = SLICE("0001") } },
		{ "a take", "C001_LO_T1",
		  { .cut = SLICE("001"), .stage = SLICE("LO"), .take = SLICE("1") } },
		{ "episode and cut", "EP05_C123_LO.psd",
		  { .episode = SLICE("05"), .cut = SLICE("123"), .stage = SLICE("LO") } },
		{ "sequence and shot", "INV_S03E01_SQ010_SH0450_anim_v012.mb",
		  { .show = SLICE("INV"), .season = SLICE("03"), .episode = SLICE("01"),
		    .sequence = SLICE("010"), .shot = SLICE("0450"), .stage = SLICE("anim"),
		    .version = SLICE("012") } },
		{ "a cut shared by two", "MDD05_C123(124)_GE.zip",
		  { .show = SLICE("MDD"), .episode = SLICE("05"), .cut = SLICE("123(124)"),
		    .stage = SLICE("GE") } },
		{ "a bracket that never closes ends the cut", "MDD05_C123(124",
		  { .show = SLICE("MDD"), .episode = SLICE("05"), .cut = SLICE("123") } },
		{ "a folder alone", "INV_S03/", { .show = SLICE("INV"), .season = SLICE("03") } },
		{ "a day in a document's name is no cut", "DHL/#05/DHL_05_摄影表_0109.xlsx",
		  { .show = { 0 }, .episode = SLICE("05"), .stage = SLICE("摄影表") } },
		{ "a photograph says nothing", "horses/IMG_20240117_101010.jpg", { .show = { 0 } } },
		{ "nor does a version alone", "report_v02.docx", { .show = { 0 } } },
		{ "nor a resolution", "video/1080p.mp4", { .show = { 0 } } },
		{ "nor an empty path", "", { .show = { 0 } } },
		{ "nor slashes", "///", { .show = { 0 } } },
		{ "a word in front is no code", "invoice_301.pdf", { .show = { 0 } } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct slice got[FIELDS], wanted[FIELDS];
		struct filename f;

		(void)filename_read(slice_text(rows[i].path), &f);
		fields_of(&f, got);
		fields_of(&rows[i].expected, wanted);
		for (size_t k = 0; k < FIELDS; k++)
			if (!slice_equal(got[k], wanted[k]))
				fail_msg("%s (%s): field %zu is '%.*s', not '%.*s'", rows[i].what,
					 rows[i].path, k, SLICE_F(got[k]), SLICE_F(wanted[k]));
	}
}

/* Season 03 is season 3. */
static bool same(size_t field, struct slice a, struct slice b)
{
	uint64_t x, y;

	if (field == 1 && slice_u64(a, &x) && slice_u64(b, &y))
		return x == y;
	return slice_equal(a, b);
}

static void most_of_the_table_is_read(void **state)
{
	scoped(buf_done) struct buf table = buf_limited(1 << 20);
	size_t rows = 0, right = 0, cells = 0, cells_right = 0, invented = 0;
	struct slice rest, line;
	char path[8192];

	(void)state;
	if (!test_data())
		skip();
	(void)snprintf(path, sizeof path, "%s/titles/expected_production_names.tsv", test_data());
	if (file_read(path, &table, NULL) < 0)
		skip();
	rest = buf_slice(&table);
	(void)slice_line(&rest, &line);
	while (slice_line(&rest, &line)) {
		struct slice name, cell, got[FIELDS];
		struct filename f;
		bool whole = true, none = true, any = false;

		if (!slice_cut(&line, '\t', &name))
			continue;
		(void)filename_read(name, &f);
		fields_of(&f, got);
		for (size_t k = 0; k < FIELDS; k++) {
			if (!slice_cut(&line, '\t', &cell))
				cell = line;
			cells++;
			cells_right += same(k, cell, got[k]);
			whole = whole && same(k, cell, got[k]);
			none = none && cell.n == 0;
			any = any || got[k].n > 0;
			if (!same(k, cell, got[k]))
				print_message("  %.*s: field %zu is '%.*s', not '%.*s'\n", SLICE_F(name), k,
					      SLICE_F(got[k]), SLICE_F(cell));
		}
		rows++;
		right += whole;
		invented += none && any;
	}
	print_message("  %zu of %zu names right in every field, %zu of %zu fields, %zu invented\n", right,
		      rows, cells_right, cells, invented);
	assert_true(rows > 30);
	assert_true(right * 100 >= rows * 95);
	assert_int_equal(invented, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(production_paths_are_read),
		cmocka_unit_test(most_of_the_table_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
