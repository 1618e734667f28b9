/* SPDX-License-Identifier: Apache-2.0 */
#include "examine/script.h"

#include <stdio.h>
#include <unicode/ucnv.h>
#include <unicode/uscript.h>

#include "base/text.h"

#define HAN_FIRST 0x4E00u
#define HAN_LAST 0x9FFFu
#define HANGUL_FIRST 0xAC00u
#define HANGUL_LAST 0xD7A3u
#define NEAR 10      /* lines that settle an undecided one */

static unsigned char han[HAN_LAST - HAN_FIRST + 1];
static unsigned char hangul[HANGUL_LAST - HANGUL_FIRST + 1];
static bool prepared;

unsigned han_sets(uint32_t c)
{
	return c >= HAN_FIRST && c <= HAN_LAST ? han[c - HAN_FIRST] : 0;
}

bool hangul_common(uint32_t c)
{
	return c >= HANGUL_FIRST && c <= HANGUL_LAST && hangul[c - HANGUL_FIRST];
}

/* One two-byte code; 0 if it stands for nothing. */
static uint32_t decode(UConverter *from, unsigned lead, unsigned trail)
{
	const char bytes[2] = { (char)lead, (char)trail };
	const char *at = bytes;
	UErrorCode status = U_ZERO_ERROR;
	const UChar32 c = ucnv_getNextUChar(from, &at, bytes + 2, &status);
	const bool whole = U_SUCCESS(status) && at == bytes + 2;

	ucnv_reset(from);
	return whole ? (uint32_t)c : 0;
}

/* Mark what a charset has; codes whose lead byte is below `level2` are common. */
static int mark(const char *charset, unsigned first, unsigned last, unsigned level2, unsigned all,
		unsigned common, struct err *err)
{
	UErrorCode status = U_ZERO_ERROR;
	UConverter *from = ucnv_open(charset, &status);

	if (U_FAILURE(status))
		return err_set(err, ERR_NOT_FOUND, "ICU has no converter '%s'", charset);
	ucnv_setToUCallBack(from, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
	for (unsigned lead = first; lead <= last; lead++) {
		for (unsigned trail = 0x40; trail <= 0xFE; trail++) {
			uint32_t c;

			if (trail < 0xA1 && all != HAN_BIG5)
				continue;
			c = decode(from, lead, trail);
			if (c >= HAN_FIRST && c <= HAN_LAST)
				han[c - HAN_FIRST] |= (unsigned char)(all | (lead < level2 ? common : 0));
			else if (all == HAN_KS && c >= HANGUL_FIRST && c <= HANGUL_LAST)
				hangul[c - HANGUL_FIRST] = 1;
		}
	}
	ucnv_close(from);
	return 0;
}

int script_prepare(struct err *err)
{
	int r;

	if (prepared)
		return 0;
	if ((r = mark("GB2312", 0xB0, 0xF7, 0xD8, HAN_GB, HAN_GB_COMMON, err)) < 0 ||
	    (r = mark("Big5", 0xA4, 0xF9, 0xC7, HAN_BIG5, HAN_BIG5_COMMON, err)) < 0 ||
	    (r = mark("EUC-JP", 0xB0, 0xF4, 0xD0, HAN_JIS, HAN_JIS_COMMON, err)) < 0 ||
	    (r = mark("EUC-KR", 0xB0, 0xFD, 0, HAN_KS, 0, err)) < 0)
		return r;
	prepared = true;
	return 0;
}

/* What a line consists of. */
struct letters {
	unsigned hangul, han, kana, cyrillic, latin, other, all;
	unsigned only_gb, only_big5, only_jis;
	UScriptCode other_script;
};

static void count(struct letters *n, uint32_t c)
{
	UErrorCode status = U_ZERO_ERROR;
	const UScriptCode script = uscript_getScript((UChar32)c, &status);
	const unsigned sets = han_sets(c);

	if (U_FAILURE(status) || script == USCRIPT_COMMON || script == USCRIPT_INHERITED ||
	    script == USCRIPT_UNKNOWN)
		return;
	n->all++;
	switch (script) {
	case USCRIPT_HANGUL:
		n->hangul++;
		return;
	case USCRIPT_HAN:
		n->han++;
		n->only_gb += (sets & HAN_GB) && !(sets & HAN_BIG5);
		n->only_big5 += (sets & HAN_BIG5) && !(sets & HAN_GB);
		n->only_jis += (sets & HAN_JIS) && !(sets & (HAN_GB | HAN_BIG5));
		return;
	case USCRIPT_HIRAGANA:
	case USCRIPT_KATAKANA:
		n->kana++;
		return;
	case USCRIPT_CYRILLIC:
		n->cyrillic++;
		return;
	case USCRIPT_LATIN:
		n->latin++;
		return;
	default:
		n->other++;
		n->other_script = script;
	}
}

static struct language answer(const char *script, const char *lang)
{
	struct language l = { 0 };

	(void)snprintf(l.script, sizeof l.script, "%s", script);
	(void)snprintf(l.lang, sizeof l.lang, "%s", lang);
	return l;
}

static struct language han_language(const struct letters *n)
{
	if (n->only_jis && !n->only_gb)
		return answer("Hani", "ja");
	if (n->only_gb > n->only_big5)
		return answer("Hani", "zh-Hans");
	if (n->only_big5 > n->only_gb)
		return answer("Hani", "zh-Hant");
	return answer("Hani", "zh");
}

/* Latin letters say little about the language; a few words say English. */
static bool is_english(struct slice line)
{
	static const char *const words[] = {
		"the", "and", "of", "to", "is", "in", "for", "with", "on", "this", "that", "not",
		"are", "be", "by", "from", "it", "as", "or", "an", "your", "you", "please",
	};
	unsigned known = 0, all = 0;

	while (line.n) {
		size_t n = 0;

		while (n < line.n && ((line.p[n] | 0x20) >= 'a' && (line.p[n] | 0x20) <= 'z'))
			n++;
		if (n) {
			all++;
			for (size_t i = 0; i < sizeof words / sizeof *words; i++)
				known += slice_equal_nocase(slice_head(line, n), slice_text(words[i]));
		}
		line = slice_skip(line, n ? n : 1);
	}
	return known && known * 12 >= all;
}

struct language language_of(struct slice line)
{
	struct letters n = { 0 };
	uint32_t c;

	for (struct slice rest = line; rest.n;) {
		const size_t length = utf8_next(rest, &c);

		if (length)
			count(&n, c);
		rest = slice_skip(rest, length ? length : 1);
	}
	if (!n.all)
		return answer("Zyyy", "");
	/* Names of files and models in Latin letters stand in CJK lines. */
	if ((n.hangul + n.han + n.kana) * 4 >= n.latin && n.hangul + n.han + n.kana > 0) {
		if (n.kana && n.hangul < n.kana)
			return answer(n.kana >= n.han ? "Hira" : "Hani", "ja");
		if (n.hangul && n.hangul * 10 >= n.han * 3)
			return answer("Hang", "ko");
		return han_language(&n);
	}
	if (n.cyrillic > n.latin)
		return answer("Cyrl", "ru");
	if (n.latin >= n.other)
		return answer("Latn", is_english(line) ? "en" : "und");
	return answer(uscript_getShortName(n.other_script), "und");
}

/* By its own characters: what neighbours have settled settles nothing else. */
static bool decided(const struct language *l)
{
	return !l->settled && strcmp(l->script, "Hani") == 0 && strcmp(l->lang, "zh") != 0;
}

void language_settle(struct language *lines, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct language *near = NULL;

		if (strcmp(lines[i].lang, "zh") != 0)
			continue;
		for (size_t d = 1; d <= NEAR && !near; d++) {
			if (i >= d && decided(&lines[i - d]))
				near = &lines[i - d];
			else if (i + d < n && decided(&lines[i + d]))
				near = &lines[i + d];
		}
		if (!near)
			continue;
		memcpy(lines[i].lang, near->lang, sizeof lines[i].lang);
		lines[i].settled = true;
	}
}
