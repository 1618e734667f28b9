/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/lint.h"

#include "assess/combine.h"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* As a whole word, of either case. */
static bool has_word(struct slice text, struct slice word)
{
	ptrdiff_t at;

	for (size_t from = 0; (at = slice_find_nocase(slice_skip(text, from), word)) >= 0;
	     from += (size_t)at + 1) {
		const size_t start = from + (size_t)at, end = start + word.n;

		if ((start == 0 || !is_letter(text.p[start - 1])) &&
		    (end == text.n || !is_letter(text.p[end])))
			return true;
	}
	return false;
}

/* "0 %", "100%", "100 percent", "0.0 %". */
static bool has_certainty(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		const size_t start = i;
		struct slice digits, rest;
		bool whole;

		if (!is_digit(text.p[i]) || (i && (is_digit(text.p[i - 1]) || text.p[i - 1] == '.' ||
						   text.p[i - 1] == ',')))
			continue;
		while (i < text.n && is_digit(text.p[i]))
			i++;
		digits = slice_of(text.p + start, i - start);
		while (i + 1 < text.n && text.p[i] == '.' && text.p[i + 1] == '0')
			i += 2;
		rest = slice_skip(text, i);
		while (slice_starts(rest, SLICE(" ")) || slice_starts(rest, SLICE("\u00A0")))
			rest = slice_skip(rest, rest.p[0] == ' ' ? 1 : 2);
		whole = slice_is(digits, "0") || slice_is(digits, "100");
		if (whole && (slice_starts(rest, SLICE("%")) || slice_starts(rest, SLICE("percent")) ||
			      slice_starts(rest, SLICE("per cent"))))
			return true;
	}
	return false;
}

/* The next sentence: it ends with ". ", "! ", "? ", ";" does not end it. */
static bool next_sentence(struct slice *rest, struct slice *sentence)
{
	size_t i = 0;

	if (!rest->n)
		return false;
	while (i < rest->n && !((rest->p[i] == '.' || rest->p[i] == '!' || rest->p[i] == '?') &&
				(i + 1 == rest->n || rest->p[i + 1] == ' ' || rest->p[i + 1] == '\n')))
		i++;
	i += i < rest->n;
	*sentence = slice_head(*rest, i);
	*rest = slice_skip(*rest, i);
	return true;
}

static bool mixes(struct slice text)
{
	static const char *const likelihood[] = { "likely", "unlikely", "no chance", "even chance",
						  "almost certain", "probable", "probably", "improbable",
						  "likelihood", NULL };
	struct slice sentence;

	while (next_sentence(&text, &sentence)) {
		if (!has_word(sentence, SLICE("confidence")) && !has_word(sentence, SLICE("confident")))
			continue;
		for (size_t i = 0; likelihood[i]; i++)
			if (has_word(sentence, slice_text(likelihood[i])))
				return true;
	}
	return false;
}

static int lint_text(const struct lint_claim *claim, struct slice text, struct err *err)
{
	static const char *const words[] = { "prove", "proves", "proved", "proven", "proof", NULL };

	if (has_certainty(text))
		return err_set(err, ERR_DENIED, "claim '%s' says 0 or 100 %%", claim->id);
	if (mixes(text))
		return err_set(err, ERR_DENIED, "claim '%s' has likelihood and confidence in one sentence",
			       claim->id);
	for (size_t i = 0; words[i]; i++)
		if (has_word(text, slice_text(words[i])))
			return err_set(err, ERR_DENIED, "claim '%s' says \"%s\"", claim->id, words[i]);
	for (size_t i = 0; claim->persons && claim->persons[i]; i++)
		if (!claim->persons_allowed && has_word(text, slice_text(claim->persons[i])))
			return err_set(err, ERR_DENIED, "claim '%s' names a natural person", claim->id);
	return 0;
}

int lint_claim(const struct lint_claim *claim, struct err *err)
{
	if (claim->weighed && !(claim->low > 0 && claim->high < 1 && claim->low <= claim->high))
		return err_set(err, ERR_DENIED, "claim '%s' says 0 or 100 %%", claim->id);
	if (claim->weighed && !claim->evidence)
		return err_set(err, ERR_DENIED, "claim '%s' has no evidence", claim->id);
	if (claim->actor && (!claim->alternative || !*claim->alternative))
		return err_set(err, ERR_DENIED, "claim '%s' is about an actor and has no alternative",
			       claim->id);
	for (size_t i = 0; claim->texts[i]; i++) {
		const int r = lint_text(claim, slice_text(claim->texts[i]), err);

		if (r < 0)
			return r;
	}
	return 0;
}
