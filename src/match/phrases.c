/* SPDX-License-Identifier: Apache-2.0 */
#include "match/phrases.h"

#include <stdlib.h>

#include "base/arena.h"

#define PHRASES_MAX (4u << 20)

struct phrase {
	struct slice text;      /* folded words, a blank between them */
	uint64_t key;
	uint32_t words, id;
	uint32_t next;          /* in the bucket; index + 1, 0 at its end */
};

struct phrases {
	struct arena texts;
	struct phrase *all;
	uint32_t *buckets;
	size_t n, room, bucket_count;
};

struct phrases *phrases_new(void)
{
	struct phrases *p = calloc(1, sizeof *p);

	if (p)
		p->texts = arena_limited(512u << 20);
	return p;
}

void phrases_free(struct phrases *p)
{
	if (!p)
		return;
	arena_done(&p->texts);
	free(p->all);
	free(p->buckets);
	free(p);
}

/* One word alone, or the first two together. */
static uint64_t key_of(const struct fold *f, size_t at, bool two)
{
	uint64_t key = f->words[at].hash;

	if (two)
		key = (key ^ (f->words[at + 1].hash >> 7)) * 0x9E3779B97F4A7C15u;
	return key ^ (key >> 29);
}

static int grow(struct phrases *p)
{
	const size_t room = p->room ? p->room * 2 : 256;
	struct phrase *all;
	uint32_t *buckets;

	if (room > PHRASES_MAX)
		return -ERR_LIMIT;
	all = realloc(p->all, room * sizeof *all);
	if (!all)
		return -ERR_NO_MEMORY;
	p->all = all;
	buckets = calloc(room * 2, sizeof *buckets);
	if (!buckets)
		return -ERR_NO_MEMORY;
	free(p->buckets);
	p->buckets = buckets;
	p->room = room;
	p->bucket_count = room * 2;
	for (size_t i = 0; i < p->n; i++) {
		uint32_t *bucket = &buckets[all[i].key & (p->bucket_count - 1)];

		all[i].next = *bucket;
		*bucket = (uint32_t)i + 1;
	}
	return 0;
}

static struct slice folded_span(const struct fold *f, size_t first, size_t last)
{
	const struct fold_word *a = &f->words[first], *b = &f->words[last];

	return slice_of(f->folded.p + a->folded_at, b->folded_at + b->folded_n - a->folded_at);
}

int phrases_add(struct phrases *p, const struct fold *f, size_t first, size_t last, uint32_t id,
		struct err *err)
{
	struct slice text = folded_span(f, first, last);
	struct phrase *phrase;
	uint32_t *bucket;
	char *copy;

	if (p->n == p->room && grow(p) < 0)
		return err_set(err, ERR_LIMIT, "no room for more than %zu names", p->n);
	copy = arena_text(&p->texts, text);
	if (!copy)
		return err_set(err, ERR_NO_MEMORY, "no memory for names");
	phrase = &p->all[p->n];
	*phrase = (struct phrase){ .text = slice_of(copy, text.n), .words = (uint32_t)(last - first + 1),
				   .id = id, .key = key_of(f, first, last > first) };
	bucket = &p->buckets[phrase->key & (p->bucket_count - 1)];
	phrase->next = *bucket;
	*bucket = (uint32_t)++p->n;
	return 0;
}

static int find_key(const struct phrases *p, const struct fold *text, size_t at, bool two,
		    int (*found)(uint32_t id, size_t first, size_t last, void *data), void *data)
{
	const uint64_t key = key_of(text, at, two);

	for (uint32_t i = p->buckets[key & (p->bucket_count - 1)]; i; i = p->all[i - 1].next) {
		const struct phrase *phrase = &p->all[i - 1];
		int r;

		if (phrase->key != key || (phrase->words > 1) != two || phrase->words > text->n - at ||
		    !slice_equal(folded_span(text, at, at + phrase->words - 1), phrase->text))
			continue;
		r = found(phrase->id, at, at + phrase->words - 1, data);
		if (r)
			return r;
	}
	return 0;
}

int phrases_find(const struct phrases *p, const struct fold *text,
		 int (*found)(uint32_t id, size_t first, size_t last, void *data), void *data)
{
	int r = 0;

	for (size_t at = 0; p->n && at < text->n && !r; at++) {
		r = find_key(p, text, at, false, found, data);
		if (!r && at + 1 < text->n)
			r = find_key(p, text, at, true, found, data);
	}
	return r;
}
