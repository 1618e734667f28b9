/* SPDX-License-Identifier: Apache-2.0 */
#include "match/fold.h"

#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

#include "base/text.h"

#define WORDS_MAX (FOLD_TEXT_MAX)

enum class {
	CLASS_NONE,        /* separates */
	CLASS_WORD,        /* letters and digits */
	CLASS_SINGLE,      /* Han, Kana, Hangul: a word by itself */
	CLASS_WITHIN,      /* apostrophes and marks: part of a word, but dropped */
};

uint64_t fold_hash(struct slice word)
{
	uint64_t h = 0xcbf29ce484222325u;      /* FNV-1a */

	for (size_t i = 0; i < word.n; i++)
		h = (h ^ (unsigned char)word.p[i]) * 0x100000001b3u;
	return h;
}

void fold_done(struct fold *f)
{
	buf_done(&f->text);
	buf_done(&f->folded);
	free(f->words);
	*f = (struct fold){ 0 };
}

static enum class classify(UChar32 c)
{
	UErrorCode status = U_ZERO_ERROR;

	if (c < 0x80) {
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
			return CLASS_WORD;
		return c == '\'' || c == '`' ? CLASS_WITHIN : CLASS_NONE;
	}
	if (c == 0x2019 || c == 0x2018 || c == 0x02BC || c == 0x00B4 || c == 0x2032 ||
	    u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
		return CLASS_WITHIN;
	if (u_getIntPropertyValue(c, UCHAR_GENERAL_CATEGORY_MASK) & U_GC_M_MASK)
		return CLASS_WITHIN;
	if (c == 0x30FC || c == 0x3005)      /* sound and repetition marks */
		return CLASS_SINGLE;
	if (!u_isalnum(c))
		return CLASS_NONE;
	switch (uscript_getScript(c, &status)) {
	case USCRIPT_HAN:
	case USCRIPT_HANGUL:
	case USCRIPT_HIRAGANA:
	case USCRIPT_KATAKANA:
	case USCRIPT_BOPOMOFO:
		return CLASS_SINGLE;
	default:
		return CLASS_WORD;
	}
}

/* One code point folded: compatibility form, no case, no accents. */
static int fold_point(UChar32 c, UChar *out, int room)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *casefold = unorm2_getNFKCCasefoldInstance(&status);
	const UNormalizer2 *decompose = unorm2_getNFDInstance(&status);
	const UNormalizer2 *compose = unorm2_getNFCInstance(&status);
	UChar from[2], first[64], apart[64], kept[64];
	int32_t n = 0, k = 0;

	U16_APPEND_UNSAFE(from, n, c);
	n = unorm2_normalize(casefold, from, n, first, 64, &status);
	n = unorm2_normalize(decompose, first, n, apart, 64, &status);
	if (U_FAILURE(status))
		return 0;
	for (int32_t i = 0; i < n; i++)
		if (apart[i] < 0x300 || apart[i] > 0x36F)
			kept[k++] = apart[i];
	n = unorm2_normalize(compose, kept, k, out, room, &status);
	return U_FAILURE(status) ? 0 : n;
}

static bool is_ascii(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* f->text becomes the input in NFC; what is not UTF-8 becomes U+FFFD. */
static int compose(struct fold *f, struct slice text)
{
	UErrorCode status = U_ZERO_ERROR;
	scoped(memory_free) UChar *wide = NULL;
	scoped(memory_free) UChar *composed = NULL;
	int32_t n, bytes;
	char *to;

	if (is_ascii(text))
		return buf_add(&f->text, text);
	wide = malloc((text.n + 1) * sizeof *wide);
	composed = malloc((text.n + 1) * 3 * sizeof *composed);
	if (!wide || !composed)
		return -ERR_NO_MEMORY;
	(void)u_strFromUTF8WithSub(wide, (int32_t)text.n + 1, &n, text.p, (int32_t)text.n, 0xFFFD,
				   NULL, &status);
	n = unorm2_normalize(unorm2_getNFCInstance(&status), wide, n, composed,
			     (int32_t)(text.n + 1) * 3, &status);
	to = buf_room(&f->text, (size_t)(n > 0 ? n : 0) * 3 + 1);
	if (!to)
		return -ERR_NO_MEMORY;
	(void)u_strToUTF8WithSub(to, n * 3 + 1, &bytes, composed, n, 0xFFFD, NULL, &status);
	if (U_FAILURE(status))
		return -ERR_FAILED;
	buf_grew(&f->text, (size_t)bytes);
	return 0;
}

static struct fold_word *next_word(struct fold *f)
{
	if (f->n == f->room) {
		const size_t room = f->room ? f->room * 2 : 64;
		struct fold_word *words;

		if (room > WORDS_MAX * 2u)
			return NULL;
		words = realloc(f->words, room * sizeof *words);
		if (!words)
			return NULL;
		f->words = words;
		f->room = room;
	}
	f->words[f->n] = (struct fold_word){ 0 };
	return &f->words[f->n++];
}

static void add_folded(struct buf *out, UChar32 c)
{
	UChar folded[64];
	int32_t n, i = 0;

	if (c < 0x80) {
		(void)buf_char(out, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
		return;
	}
	n = fold_point(c, folded, 64);
	while (i < n) {
		UChar32 point;

		U16_NEXT(folded, i, n, point);
		if (point < 0x80 ? classify(point) == CLASS_WORD : !U_IS_SURROGATE(point))
			(void)utf8_add(out, (uint32_t)point);
	}
}

static void end_word(struct fold *f, struct fold_word *word)
{
	word->folded_n = (uint32_t)(f->folded.n - word->folded_at);
	word->hash = fold_hash(slice_of(f->folded.p + word->folded_at, word->folded_n));
	if (word->folded_n)
		return;
	f->folded.n = word->folded_at ? word->folded_at - 1 : 0;
	f->n--;
}

int fold_words(struct fold *f, struct slice text, struct err *err)
{
	struct fold_word *word = NULL;
	struct slice rest;
	int r;

	f->text.limit = 4 * FOLD_TEXT_MAX + 16;
	f->folded.limit = 24u * FOLD_TEXT_MAX;
	buf_clear(&f->text);
	buf_clear(&f->folded);
	f->n = 0;
	f->cut = text.n > FOLD_TEXT_MAX;
	r = compose(f, slice_head(text, FOLD_TEXT_MAX));
	if (r < 0)
		return err_set(err, (enum err_code)-r, "text cannot be folded");
	rest = buf_slice(&f->text);
	while (rest.n) {
		const uint32_t at = (uint32_t)(f->text.n - rest.n);
		uint32_t point = 0;
		size_t n = utf8_next(rest, &point);
		enum class class = n ? classify((UChar32)point) : CLASS_NONE;

		n = n ? n : 1;
		rest = slice_skip(rest, n);
		if (class == CLASS_WITHIN)
			continue;
		if (word && (class != CLASS_WORD || word->single)) {
			end_word(f, word);
			word = NULL;
		}
		if (class == CLASS_NONE)
			continue;
		if (!word) {
			if (f->folded.n)
				(void)buf_char(&f->folded, ' ');
			word = next_word(f);
			if (!word)
				return err_set(err, ERR_NO_MEMORY, "no memory to fold text");
			word->at = at;
			word->folded_at = (uint32_t)f->folded.n;
			word->single = class == CLASS_SINGLE;
		}
		add_folded(&f->folded, (UChar32)point);
		word->n = at + (uint32_t)n - word->at;
	}
	if (word)
		end_word(f, word);
	if (buf_broken(&f->folded))
		return err_set(err, ERR_NO_MEMORY, "no memory to fold text");
	return 0;
}

struct slice fold_seen(const struct fold *f, size_t first, size_t last)
{
	const struct fold_word *a = &f->words[first], *b = &f->words[last];

	return slice_of(f->text.p + a->at, b->at + b->n - a->at);
}
