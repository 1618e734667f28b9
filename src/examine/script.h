/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script - in which script and language is a line written?
 *
 * For short lines (a note on a drawing has five characters) tables beat
 * statistics: kana is Japanese, Hangul Korean; Han is simplified or
 * traditional Chinese by the characters that only GB 2312 or only Big5 has,
 * and undecided ("zh") where there are none: language_settle() then asks the
 * neighbours.  Script by ICU's character data.
 */
#ifndef EXAMINE_SCRIPT_H
#define EXAMINE_SCRIPT_H

#include "base/err.h"
#include "base/slice.h"

struct language {
	char script[5];      /* ISO 15924: "Hang", "Hani", "Latn"; "Zyyy" without letters */
	char lang[12];       /* BCP 47; "zh": Han, undecided; "und"; "" without letters */
	bool settled;        /* by its neighbours */
};

/* Which standards have a Han character. */
enum han_set {
	HAN_GB = 1,          /* GB 2312 */
	HAN_GB_COMMON = 2,   /* its first level */
	HAN_BIG5 = 4,
	HAN_BIG5_COMMON = 8,
	HAN_JIS = 16,        /* JIS X 0208 */
	HAN_JIS_COMMON = 32,
	HAN_KS = 64,         /* KS X 1001 */
};

/* Fill the tables from ICU's converters: once, before confinement. */
int script_prepare(struct err *err);
/* The sets that have this character, 0 outside U+4E00 to U+9FFF. */
unsigned han_sets(uint32_t point);
/* A Hangul syllable that KS X 1001 has: one of the 2,350 in use. */
bool hangul_common(uint32_t point);

/* `line` is UTF-8; other bytes are skipped. */
struct language language_of(struct slice line);
/* Undecided Han takes the language of the nearest decided line. */
void language_settle(struct language *lines, size_t n);

#endif
