/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/scoped.h"
#include "examine/pairs.h"
#include "unit.h"

#define BOX(text, lang, x, y, width, height) \
	{ SLICE(text), SLICE(lang), SLICE(""), SLICE(""), true, x, y, width, height }
#define CELL(text, lang, cell) \
	{ SLICE(text), SLICE(lang), SLICE("part"), SLICE(cell), false, 0, 0, 0, 0 }
#define LINE(text, lang) CELL(text, lang, "")
#define ZH "请删除多余的线"
#define ZH2 "头部形状需要改善"
#define KO "불필요한 선을 지우시오"
#define KO2 "머리 형태를 개선해야 함"

/* Pairs in the order of a's first line, as "0-1 below". */
static const struct {
	const char *what;
	struct pair_line line[8];
	size_t n;
	const char *pairs;
} rows[] = {
	{ "the translation stands below",
	  { BOX(ZH, "zh-Hans", 100, 100, 210, 30), BOX(KO, "ko", 100, 140, 260, 30) }, 2, "0-1 below" },
	{ "the translation stands at the right",
	  { BOX(ZH, "zh-Hans", 100, 100, 210, 30), BOX(KO, "ko", 340, 98, 260, 32) }, 2, "0-1 right" },
	{ "two notes, each with its own",
	  { BOX(ZH, "zh-Hans", 100, 100, 210, 30), BOX(KO, "ko", 100, 140, 260, 30),
	    BOX(ZH2, "zh-Hans", 100, 200, 240, 30), BOX(KO2, "ko", 100, 240, 280, 30) },
	  4, "0-1 below, 2-3 below" },
	{ "two columns",
	  { BOX(ZH, "zh-Hans", 60, 500, 210, 30), BOX(KO, "ko", 600, 498, 260, 30),
	    BOX(ZH2, "zh-Hans", 60, 570, 240, 30), BOX(KO2, "ko", 600, 568, 280, 30) },
	  4, "0-1 right, 2-3 right" },
	{ "a full stop and a gap end a note",
	  { BOX(ZH "。", "zh-Hans", 60, 500, 210, 30), BOX(KO ".", "ko", 500, 500, 260, 30),
	    BOX(ZH2 "。", "zh-Hans", 60, 554, 240, 30), BOX(KO2 ".", "ko", 500, 550, 280, 30) },
	  4, "0-1 right, 2-3 right" },
	{ "a note of two lines is one",
	  { BOX("慢动作部分每格都要画，", "zh-Hans", 100, 100, 330, 30), BOX("不能停。", "zh-Hans", 100, 144, 110, 30),
	    BOX("느린동작부분은 프레임마다 그리고", "ko", 100, 190, 480, 30),
	    BOX("멈추지 말것.", "ko", 100, 234, 160, 30) },
	  4, "0+1-2+3 below" },
	{ "a line that the drawing has cut in two",
	  { BOX("慢动作部分", "zh-Hans", 100, 100, 150, 30), BOX("都要画", "zh-Hans", 290, 100, 90, 30),
	    BOX(KO, "ko", 100, 140, 300, 30) },
	  3, "0+1-2 below" },
	{ "too far below",
	  { BOX(ZH, "zh-Hans", 100, 100, 210, 30), BOX(KO, "ko", 100, 240, 260, 30) }, 2, "" },
	{ "one language", { BOX(KO, "ko", 100, 100, 210, 30), BOX(KO2, "ko", 100, 140, 260, 30) }, 2, "" },
	{ "Latin letters are no note",
	  { BOX("CUT 045", "und", 100, 100, 210, 30), BOX(KO, "ko", 100, 140, 260, 30) }, 2, "" },
	{ "too short to be the translation",
	  { BOX("这个动作请参考昨天发的视频重心先移到左脚再迈右脚", "zh-Hans", 100, 100, 700, 30),
	    BOX("선을", "ko", 100, 140, 60, 30) }, 2, "" },
	{ "the heading of a drawing is much larger",
	  { BOX("第十二集", "zh-Hans", 100, 20, 320, 90), BOX(KO, "ko", 100, 140, 260, 30) }, 2, "" },
	{ "cells of a row",
	  { CELL("45", "", "Cuts!A2"), CELL(ZH, "zh-Hans", "Cuts!B2"), CELL(KO, "ko", "Cuts!C2"),
	    CELL(ZH2, "zh-Hans", "Cuts!B3"), CELL(KO2, "ko", "Cuts!C3") },
	  5, "1-2 same row, 3-4 same row" },
	{ "headings of columns are no pair",
	  { CELL("修改内容", "zh-Hans", "Cuts!B1"), CELL("번역", "ko", "Cuts!C1"),
	    CELL(ZH, "zh-Hans", "Cuts!B2"), CELL(KO, "ko", "Cuts!C2") },
	  4, "2-3 same row" },
	{ "cells of different rows", { CELL(ZH, "zh-Hans", "Cuts!B2"), CELL(KO, "ko", "Cuts!C3") }, 2, "" },
	{ "cells of different tables",
	  { CELL(ZH, "zh-Hans", "tbl1!R2C1"), CELL(KO, "ko", "tbl2!R2C2") }, 2, "" },
	{ "paragraphs of one cell belong together",
	  { CELL(ZH, "zh-Hans", "tbl1!R2C1"), CELL(ZH2, "zh-Hans", "tbl1!R2C1"),
	    CELL(KO, "ko", "tbl1!R2C2"), CELL(KO2, "ko", "tbl1!R2C2") },
	  4, "0+1-2+3 same row" },
	{ "lines in turn",
	  { LINE(ZH, "zh-Hans"), LINE(KO, "ko"), LINE(ZH2, "zh-Hans"), LINE(KO2, "ko") },
	  4, "0-1 next line, 2-3 next line" },
	{ "text that changes its language once",
	  { LINE(ZH, "zh-Hans"), LINE(KO, "ko"), LINE(KO2, "ko") }, 3, "" },
	{ "nothing", { LINE("", "") }, 0, "" },
};

static void sides(char *out, size_t size, const size_t *line, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const size_t at = strlen(out);

		(void)snprintf(out + at, size - at, "%s%zu", i ? "+" : "", line[i]);
	}
}

static void finds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		scoped(arena_done) struct arena memory = arena_limited(16 << 20);
		struct pair *pairs;
		char got[256] = "";
		size_t n;

		ROW(rows[i].what, pairs_find(rows[i].line, rows[i].n, &memory, &pairs, &n) == 0);
		for (size_t first = 0; first < 8; first++)
			for (size_t k = 0; k < n; k++) {
				if (pairs[k].a[0] != first)
					continue;
				if (got[0])
					strncat(got, ", ", sizeof got - strlen(got) - 1);
				sides(got, sizeof got, pairs[k].a, pairs[k].a_count);
				strncat(got, "-", sizeof got - strlen(got) - 1);
				sides(got, sizeof got, pairs[k].b, pairs[k].b_count);
				strncat(got, " ", sizeof got - strlen(got) - 1);
				strncat(got, pairs[k].how, sizeof got - strlen(got) - 1);
				ROW(rows[i].what, pairs[k].certainty > 0 && pairs[k].certainty <= 1);
			}
		if (strcmp(got, rows[i].pairs) != 0)
			fail_msg("%s: '%s'", rows[i].what, got);
	}
}

static void digits_weigh(void **state)
{
	const struct pair_line agree[] = { BOX("修正第3张和第7张", "zh-Hans", 0, 0, 200, 30),
					   BOX("3번과 7번 그림을 수정", "ko", 0, 40, 200, 30) };
	const struct pair_line differ[] = { BOX("修正第3张和第7张", "zh-Hans", 0, 0, 200, 30),
					    BOX("4번과 8번 그림을 수정", "ko", 0, 40, 200, 30) };
	scoped(arena_done) struct arena memory = arena_limited(16 << 20);
	struct pair *a, *b;
	size_t n, m;

	(void)state;
	assert_int_equal(pairs_find(agree, 2, &memory, &a, &n), 0);
	assert_int_equal(pairs_find(differ, 2, &memory, &b, &m), 0);
	assert_int_equal(n, 1);
	assert_true(m == 0 || a[0].certainty > b[0].certainty);
}

static void no_memory(void **state)
{
	scoped(arena_done) struct arena memory = arena_limited(100);
	struct pair *pairs;
	size_t n;

	(void)state;
	assert_int_equal(pairs_find(rows[2].line, rows[2].n, &memory, &pairs, &n), -ERR_NO_MEMORY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds),
		cmocka_unit_test(digits_weigh),
		cmocka_unit_test(no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
