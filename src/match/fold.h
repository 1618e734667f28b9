/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fold - text as words that can be compared
 *
 * Names are written in many ways.  Folding takes away what does not tell
 * names apart: case, width (４．２６), accents, apostrophes (NAN'AN), and
 * which separator stands between words (4.26, 4·26, 4-26, "4 26").  It is
 * Unicode NFKC with case folding, by ICU.
 *
 * A word is a run of letters and digits; where letters and digits touch they
 * stay one word (26th).  A Han, Kana or Hangul character is a word by itself,
 * since these scripts set no dependable blanks: a phrase of them is found
 * with and without.
 *
 * Each word knows where it stands in the text, so that the words seen can be
 * quoted as they were written.
 *
 *	scoped(fold_done) struct fold fold = { 0 };
 *	r = fold_words(&fold, line, err);
 *
 * Any bytes may go in; what is not UTF-8 separates words.  One thread per
 * struct fold; what it holds is valid until the next fold_words().
 */
#ifndef MATCH_FOLD_H
#define MATCH_FOLD_H

#include "base/buf.h"
#include "base/err.h"

#define FOLD_TEXT_MAX (1 << 20)      /* longer text is cut here */

struct fold_word {
	uint32_t at, n;              /* in fold.text */
	uint32_t folded_at, folded_n;   /* in fold.folded */
	uint64_t hash;               /* of the folded word */
	bool single;                 /* one Han, Kana or Hangul character */
};

struct fold {
	struct buf text;             /* the input in NFC */
	struct buf folded;           /* the folded words, a blank between them */
	struct fold_word *words;
	size_t n, room;
	bool cut;                    /* the text was longer than FOLD_TEXT_MAX */
};

int fold_words(struct fold *f, struct slice text, struct err *err);
void fold_done(struct fold *f);
static inline void fold_done_scoped(struct fold *f)
{
	fold_done(f);
}

static inline struct slice fold_word(const struct fold *f, size_t i)
{
	return slice_of(f->folded.p + f->words[i].folded_at, f->words[i].folded_n);
}

/* The text from word `first` to word `last`, as it was written. */
struct slice fold_seen(const struct fold *f, size_t first, size_t last);

/* The hash that words carry. */
uint64_t fold_hash(struct slice word);

#endif
