/* SPDX-License-Identifier: Apache-2.0 */
#include "examine/encoding.h"

#include <math.h>
#include <unicode/ucnv.h>

#include "base/text.h"
#include "examine/script.h"

#define SAMPLE (64u << 10)       /* bytes that decide */
#define IMPOSSIBLE (-1e9)

/* The commonest characters: half of ordinary text.  The notes this program
 * meets are about drawing, so their words are among them. */
static const char top_hans[] =
	"的一是不了在人有我他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对"
	"着事其里所去行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面"
	"又定见只主没公从知使用全部工问间理数电机量长回画线稿色镜头请修改动图层删除注意参考表情背景眼"
	"文件保存新设置选择打开关闭显示添加错误帧左右向移像名本";
static const char top_hant[] =
	"的一是不了在人有我他這為之大來以個中上們到說國和地也子時道出而要於就下得可你年生自會那後能對"
	"著事其裡所去行過家十用發天如然作方成者多日都三小軍二無同麼經法當起與好看學進種將還分此心前面"
	"又定見只主沒公從知使用全部工問間理數電機量長回畫線稿色鏡頭請修改動圖層刪除注意參考表情背景眼"
	"文件檔案儲存新設定選擇開啟關閉顯示加入錯誤左右向移像名本";
static const char top_ko[] =
	"이다는을의에고가하지로한은어사도기를서인자시아나리해대들그라스일수부있것과만전정보여성주제선"
	"안요오게상으없우때면동등국조구유적원세말회생모개문신당력비화실경관계위내장중파열새합니설표택"
	"색왼쪽오른위치눈필불않되음니마";
static const char top_ja[] =
	"日一人年大十二本中長出三時行見分後前生間上高子外来気話名先方新動画面作線色部変更集表示設定"
	"選択開保存用図層入力像";

enum family {
	HANS, HANT, KOREAN, JAPANESE, RUSSIAN,
};

static struct candidate {
	const char *name, *icu, *lang;
	enum family family;
	UConverter *from;
} candidates[] = {
	{ "GB18030", "gb18030", "zh-Hans", HANS, NULL },
	{ "Big5", "Big5-HKSCS", "zh-Hant", HANT, NULL },
	{ "CP949", "windows-949", "ko", KOREAN, NULL },
	{ "Shift_JIS", "windows-31j", "ja", JAPANESE, NULL },
	{ "EUC-JP", "EUC-JP", "ja", JAPANESE, NULL },
	{ "KOI8-R", "KOI8-R", "ru", RUSSIAN, NULL },
	{ "windows-1251", "windows-1251", "ru", RUSSIAN, NULL },
	/* Not weighed: told by their marks. */
	{ "UTF-16LE", "UTF-16LE", "", HANS, NULL },
	{ "UTF-16BE", "UTF-16BE", "", HANS, NULL },
	{ "ISO-2022-JP", "ISO-2022-JP", "ja", JAPANESE, NULL },
	{ "ISO-2022-KR", "ISO-2022-KR", "ko", KOREAN, NULL },
	{ "ISO-2022-CN", "ISO-2022-CN", "zh", HANS, NULL },
};
enum {
	WEIGHED = 7, UTF16_LE = 7, UTF16_BE, ISO_JP, ISO_KR, ISO_CN, CANDIDATES,
};

/* Is it among the commonest?  A bit per family, for the BMP. */
static unsigned char common[0x10000];

static void mark_common(const char *utf8, enum family family)
{
	uint32_t c;
	size_t n;

	for (struct slice s = slice_text(utf8); s.n; s = slice_skip(s, n)) {
		n = utf8_next(s, &c);
		if (!n)
			return;
		common[c & 0xFFFF] |= (unsigned char)(1u << family);
	}
}

int encoding_prepare(struct err *err)
{
	int r = script_prepare(err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < CANDIDATES; i++) {
		UErrorCode status = U_ZERO_ERROR;
		UChar room[8], *to = room;
		const char *from = "a", *end = from + 1;

		if (candidates[i].from)
			continue;
		candidates[i].from = ucnv_open(candidates[i].icu, &status);
		if (U_FAILURE(status))
			return err_set(err, ERR_NOT_FOUND, "ICU has no converter '%s'",
				       candidates[i].icu);
		/* ISO-2022 opens its parts when they are first used. */
		ucnv_toUnicode(candidates[i].from, &to, room + 8, &from, end, NULL, true, &status);
		ucnv_reset(candidates[i].from);
	}
	mark_common(top_hans, HANS);
	mark_common(top_hant, HANT);
	mark_common(top_ko, KOREAN);
	mark_common(top_ja, JAPANESE);
	return 0;
}

/* ---------------------------------------------- how likely is it? ----- */

enum class {
	ASCII, HAN, HANGUL, KANA, HALF_KANA, CYRILLIC, CJK_MARK, SYMBOL, LATIN, NEVER,
};

static enum class class_of(uint32_t c)
{
	if (c < 0x80)
		return c >= 0x20 || c == '\n' || c == '\r' || c == '\t' || c == '\f' ? ASCII : NEVER;
	if (c < 0xA0)
		return NEVER;
	if (c < 0x250)
		return LATIN;
	if (c >= 0x400 && c < 0x460)
		return CYRILLIC;
	if ((c >= 0x3001 && c <= 0x3011) || (c >= 0xFF01 && c <= 0xFF5E) || c == 0x3000 ||
	    c == 0x2018 || c == 0x2019 || c == 0x201C || c == 0x201D || c == 0x2026 || c == 0xB7 ||
	    c == 0x2014)
		return CJK_MARK;
	if ((c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FC))
		return KANA;
	if (c >= 0x4E00 && c <= 0x9FFF)
		return HAN;
	if (c >= 0xAC00 && c <= 0xD7A3)
		return HANGUL;
	if (c >= 0xFF61 && c <= 0xFF9F)
		return HALF_KANA;
	if ((c >= 0x2000 && c < 0x2600) || (c >= 0x3000 && c < 0x3400))
		return SYMBOL;
	return NEVER;
}

/* A share of the family's text, spread evenly over `of` characters. */
static double spread(double share, double of)
{
	return log(share / of);
}

static double chance_han(uint32_t c, enum family f)
{
	const unsigned sets = han_sets(c);
	/* How much of the family's text is Han at all. */
	const double han = f == HANS || f == HANT ? 0.88 : f == JAPANESE ? 0.40 : 0.02;
	const bool first = f == HANS	   ? sets & HAN_GB_COMMON
			   : f == HANT	   ? sets & HAN_BIG5_COMMON
			   : f == JAPANESE ? sets & HAN_JIS_COMMON
					   : sets & HAN_KS;
	const bool second = f == HANS ? sets & HAN_GB : f == HANT ? sets & HAN_BIG5 : sets & HAN_JIS;

	if (f == RUSSIAN)
		return spread(0.00001, 20000);
	if (common[c & 0xFFFF] & 1u << f)
		return spread(han * 0.5, f == JAPANESE ? 60 : 200);
	if (first)
		return spread(han * 0.48, f == HANT ? 5400 : f == KOREAN ? 4888 : 3500);
	if (second)
		return spread(han * 0.015, 3000);
	return spread(han * 0.005, 14000);
}

static double chance(uint32_t c, enum family f)
{
	switch (class_of(c)) {
	case HAN:
		return chance_han(c, f);
	case HANGUL:
		if (f != KOREAN)
			return spread(0.0001, 11172);
		if (common[c & 0xFFFF] & 1u << KOREAN)
			return spread(0.55, 125);
		return hangul_common(c) ? spread(0.38, 2225) : spread(0.0005, 8822);
	case KANA:
		return spread(f == JAPANESE ? 0.52 : 0.003, 170);
	case HALF_KANA:
		return spread(f == JAPANESE ? 0.001 : 0.00001, 63);
	case CYRILLIC:
		if (f != RUSSIAN)
			return spread(0.001, 66);
		return c >= 0x430 && c <= 0x44F ? spread(0.93, 32) : c >= 0x410 && c <= 0x42F
			? spread(0.06, 32) : spread(0.001, 30);
	case CJK_MARK:
		return spread(f == RUSSIAN ? 0.01 : 0.08, 30);
	case SYMBOL:
		return spread(0.003, 1500);
	case LATIN:
		return spread(0.002, 400);
	case ASCII:
		return log(1 / 60.0);
	default:
		return spread(1e-9, 10000);
	}
}

/* Scripts that do not stand side by side in one word. */
static double transition(enum class before, enum class now, uint32_t was, uint32_t is)
{
	if ((before == HAN && now == HANGUL) || (before == HANGUL && now == HAN))
		return -1.5;
	if ((before == CYRILLIC) != (now == CYRILLIC) && before != ASCII && now != ASCII &&
	    before != SYMBOL && now != SYMBOL && before != CJK_MARK && now != CJK_MARK)
		return -4;
	/* A capital behind a small letter. */
	if (before == CYRILLIC && now == CYRILLIC && was >= 0x430 && is < 0x430)
		return -3;
	/* Half-width kana come in runs. */
	if ((before == HALF_KANA) != (now == HALF_KANA))
		return -2;
	return 0;
}

/* The log-likelihood of the sample under a candidate, IMPOSSIBLE if it does
 * not decode.  A character that is cut off at the sample's end is forgiven. */
static double weigh(struct candidate *candidate, struct slice sample, bool whole)
{
	const char *at = sample.p, *const end = sample.p + sample.n;
	enum class before = ASCII;
	uint32_t was = ' ';
	double sum = 0;

	ucnv_reset(candidate->from);
	{
		UErrorCode status = U_ZERO_ERROR;

		ucnv_setToUCallBack(candidate->from, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
	}
	while (at < end) {
		UErrorCode status = U_ZERO_ERROR;
		uint32_t c;
		enum class now;

		/* The same byte in every candidate. */
		if ((unsigned char)*at < 0x80) {
			const uint32_t byte = (unsigned char)*at++;

			if (before != ASCII)
				before = ASCII;
			was = byte;
			sum += chance(byte, candidate->family);
			continue;
		}
		c = (uint32_t)ucnv_getNextUChar(candidate->from, &at, end, &status);
		if (U_FAILURE(status)) {
			if (!whole && (status == U_TRUNCATED_CHAR_FOUND ||
				       status == U_INDEX_OUTOFBOUNDS_ERROR))
				break;
			return IMPOSSIBLE;
		}
		now = class_of(c);
		sum += chance(c, candidate->family) + transition(before, now, was, c);
		before = now;
		was = c;
	}
	return sum;
}

/* ------------------------------------------------------ the guess ----- */

static struct encoding_guess told(int converter, size_t mark, unsigned certainty)
{
	return (struct encoding_guess){ .name = candidates[converter].name,
					.lang = candidates[converter].lang,
					.certainty = certainty, .mark = mark,
					.converter = converter };
}

static struct encoding_guess unicode(const char *name, size_t mark, unsigned certainty)
{
	return (struct encoding_guess){ .name = name, .lang = "", .certainty = certainty,
					.mark = mark, .converter = -1 };
}

/* Where zeros stand tells UTF-16 without a mark: text has blanks, line ends
 * and digits. */
static int utf16_by_zeros(struct slice s)
{
	size_t even = 0, odd = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == 0)
			*(i % 2 ? &odd : &even) += 1;
	if (s.n < 4 || s.n % 2)
		return -1;
	if (odd * 50 >= s.n && even * 20 < odd)
		return UTF16_LE;
	if (even * 50 >= s.n && odd * 20 < even)
		return UTF16_BE;
	return -1;
}

static struct encoding_guess weigh_all(struct slice sample, bool whole)
{
	double best = IMPOSSIBLE, second = IMPOSSIBLE, margin;
	int winner = -1;
	size_t high = 0;

	for (int i = 0; i < WEIGHED; i++) {
		const double score = weigh(&candidates[i], sample, whole);

		if (score > best) {
			second = best;
			best = score;
			winner = i;
		} else if (score > second) {
			second = score;
		}
	}
	for (size_t i = 0; i < sample.n; i++)
		high += (unsigned char)sample.p[i] >= 0x80;
	if (winner < 0)
		return unicode("unknown", 0, 0);
	/* Even the likeliest reading is noise: real text is above -5 a byte. */
	if (best / (double)sample.n < -7.5)
		return unicode("unknown", 0, 0);
	margin = second <= IMPOSSIBLE ? 20 : best - second;
	return told(winner, 0, (unsigned)(1000 * (1 - exp(-margin / 4)) * (high < 4 ? 0.6 : 1)));
}

struct encoding_guess encoding_guess(struct slice s)
{
	const struct slice sample = slice_head(s, SAMPLE);
	const bool whole = sample.n == s.n;
	struct slice unmarked = sample;
	bool high = false, zero = false, escape = false;
	int wide;

	if (slice_starts(s, SLICE("\xEF\xBB\xBF")) && utf8_valid(s))
		return unicode("UTF-8", 3, 1000);
	if (slice_starts(s, SLICE("\xFF\xFE")))
		return told(UTF16_LE, 2, 1000);
	if (slice_starts(s, SLICE("\xFE\xFF")))
		return told(UTF16_BE, 2, 1000);
	for (size_t i = 0; i < sample.n; i++) {
		high |= (unsigned char)sample.p[i] >= 0x80;
		zero |= sample.p[i] == 0;
		escape |= sample.p[i] == 0x1B || sample.p[i] == 0x0E;
	}
	if (zero) {
		wide = utf16_by_zeros(sample);
		return wide >= 0 ? told(wide, 0, 900) : unicode("unknown", 0, 0);
	}
	if (!high && escape) {
		if (slice_find(sample, SLICE("\x1B$)C")) >= 0)
			return told(ISO_KR, 0, 990);
		if (slice_find(sample, SLICE("\x1B$)A")) >= 0)
			return told(ISO_CN, 0, 990);
		if (slice_find(sample, SLICE("\x1B$B")) >= 0 || slice_find(sample, SLICE("\x1B$@")) >= 0)
			return told(ISO_JP, 0, 990);
	}
	if (!high)
		return unicode("US-ASCII", 0, 1000);
	/* A sample may end inside a character. */
	for (int cut = 0; !whole && cut < 4 && !utf8_valid(unmarked); cut++)
		unmarked.n--;
	if (utf8_valid(unmarked))
		return unicode("UTF-8", 0, 990);
	return weigh_all(sample, whole);
}

/* ------------------------------------------------------ decoding ------ */

static int decode_utf8(struct slice s, struct buf *out, size_t *bad)
{
	while (s.n) {
		uint32_t c;
		const size_t n = utf8_next(s, &c);

		if (n) {
			(void)buf_add(out, slice_head(s, n));
		} else {
			(void)buf_printf(out, "\\x%02X", (unsigned char)*s.p);
			++*bad;
		}
		s = slice_skip(s, n ? n : 1);
	}
	return buf_broken(out);
}

int encoding_decode(const struct encoding_guess *guess, struct slice bytes, struct buf *out,
		    size_t *bad)
{
	const struct slice s = slice_skip(bytes, guess->mark);
	const char *at = s.p, *const end = s.n ? s.p + s.n : s.p;
	UErrorCode status = U_ZERO_ERROR;
	UConverter *from;
	UChar room[2048];

	*bad = 0;
	if (guess->converter < 0)
		return decode_utf8(s, out, bad);
	from = candidates[guess->converter].from;
	ucnv_reset(from);
	ucnv_setToUCallBack(from, UCNV_TO_U_CALLBACK_SUBSTITUTE, NULL, NULL, NULL, &status);
	do {
		UChar *to = room;
		uint32_t high = 0;

		status = U_ZERO_ERROR;
		ucnv_toUnicode(from, &to, room + sizeof room / sizeof *room, &at, end, NULL, true,
			       &status);
		for (const UChar *c = room; c < to; c++) {
			if (high) {
				(void)utf8_add(out, U16_IS_TRAIL(*c)
							    ? (uint32_t)U16_GET_SUPPLEMENTARY(high, *c)
							    : 0xFFFD);
				*bad += !U16_IS_TRAIL(*c);
				high = 0;
				continue;
			}
			if (U16_IS_LEAD(*c)) {
				high = *c;
				continue;
			}
			*bad += *c == 0xFFFD;
			(void)utf8_add(out, *c);
		}
		if (high) {
			/* The other half is the first of the next round. */
			UChar trail = 0, *one = &trail;
			UErrorCode more = U_ZERO_ERROR;

			ucnv_toUnicode(from, &one, &trail + 1, &at, end, NULL, true, &more);
			(void)utf8_add(out, U16_IS_TRAIL(trail)
						    ? (uint32_t)U16_GET_SUPPLEMENTARY(high, trail)
						    : 0xFFFD);
			if (status == U_ZERO_ERROR && more == U_BUFFER_OVERFLOW_ERROR)
				status = more;
		}
	} while (status == U_BUFFER_OVERFLOW_ERROR && !buf_broken(out));
	return buf_broken(out);
}
