/* SPDX-License-Identifier: Apache-2.0 */
/*
 * phrases - many phrases looked for at once in folded text
 *
 * A phrase is a row of folded words; it is found where the text has the same
 * words in the same row.  Each look costs about as much as there are words
 * in the text, however many phrases there are (a hash of the first two words
 * finds the candidates).
 *
 * Adding and looking are not for two threads at once; looking alone is.
 */
#ifndef MATCH_PHRASES_H
#define MATCH_PHRASES_H

#include "match/fold.h"

struct phrases;

/* NULL when out of memory; freed with phrases_free(). */
struct phrases *phrases_new(void);
void phrases_free(struct phrases *p);
static inline void phrases_free_scoped(struct phrases **p)
{
	phrases_free(*p);
}

/* The words first..last of `f` stand for `id` (any number). */
int phrases_add(struct phrases *p, const struct fold *f, size_t first, size_t last, uint32_t id,
		struct err *err);

/* Call `found` for each place where a phrase stands; stops when it returns
 * other than 0, and returns that. */
int phrases_find(const struct phrases *p, const struct fold *text,
		 int (*found)(uint32_t id, size_t first, size_t last, void *data), void *data);

#endif
