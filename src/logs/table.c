/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <sys/random.h>

#include "logs/internal.h"

static uint64_t mix(uint64_t a, uint64_t b)
{
	const unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

void names_init(struct names *names, size_t max)
{
	*names = (struct names){ .arena = arena_limited((size_t)4 << 30), .max = max };
	if (getrandom(&names->key, sizeof names->key, 0) != (ssize_t)sizeof names->key)
		names->key = 0x9E3779B97F4A7C15;
}

void names_done(struct names *names)
{
	arena_done(&names->arena);
	free(names->items);
	free(names->slots);
	free(names->hashes);
}

uint64_t names_hash(const struct names *names, struct slice s)
{
	uint64_t h = names->key ^ s.n, word;
	size_t i = 0;

	for (; s.n - i >= 8; i += 8) {
		memcpy(&word, s.p + i, 8);
		h = mix(h ^ word, 0xA0761D6478BD642F);
	}
	word = 0;
	if (i < s.n)
		memcpy(&word, s.p + i, s.n - i);
	return mix(h ^ word, 0xE7037ED1A0B428DB);
}

static bool larger(struct names *names)
{
	const size_t slots_n = names->slots_n ? names->slots_n * 2 : 1024;
	struct names_slot *slots = calloc(slots_n, sizeof *slots);

	if (!slots)
		return false;
	for (size_t i = 0; i < names->n; i++) {
		size_t at = names->hashes[i] & (slots_n - 1);

		while (slots[at].index)
			at = (at + 1) & (slots_n - 1);
		slots[at] = (struct names_slot){ (uint32_t)(names->hashes[i] >> 32), (uint32_t)i + 1 };
	}
	free(names->slots);
	names->slots = slots;
	names->slots_n = slots_n;
	return true;
}

static size_t slot_of(const struct names *names, struct slice s, uint64_t hash)
{
	size_t at = hash & (names->slots_n - 1);

	while (names->slots[at].index) {
		const struct names_slot slot = names->slots[at];

		if (slot.tag == (uint32_t)(hash >> 32) && slice_equal(names->items[slot.index - 1], s))
			break;
		at = (at + 1) & (names->slots_n - 1);
	}
	return at;
}

uint32_t names_find(const struct names *names, struct slice s)
{
	size_t at;

	if (names->n == 0)
		return NO_NAME;
	at = slot_of(names, s, names_hash(names, s));
	return names->slots[at].index ? names->slots[at].index - 1 : NO_NAME;
}

bool grow(void **items, size_t n, size_t *room, size_t max, size_t size)
{
	size_t wanted;
	void *more;

	if (n < *room)
		return true;
	if (n >= max)
		return false;
	wanted = *room ? *room * 2 : 64;
	if (wanted > max)
		wanted = max;
	more = realloc(*items, wanted * size);
	if (!more)
		return false;
	*items = more;
	*room = wanted;
	return true;
}

static bool room_for_one(struct names *names)
{
	size_t room = names->room;

	if (names->n >= names->max)
		return false;
	if ((names->n + 1) * 2 > names->slots_n && !larger(names))
		return false;
	if (names->n < names->room)
		return true;
	if (!grow((void **)&names->items, names->n, &room, names->max, sizeof *names->items))
		return false;
	return grow((void **)&names->hashes, names->n, &names->room, names->max,
		    sizeof *names->hashes);
}

uint32_t names_add(struct names *names, struct slice s)
{
	const uint64_t hash = names_hash(names, s);
	size_t at;
	char *copy;

	if (names->slots_n) {
		at = slot_of(names, s, hash);
		if (names->slots[at].index)
			return names->slots[at].index - 1;
	}
	if (!room_for_one(names))
		return NO_NAME;
	copy = arena_text(&names->arena, s);
	if (!copy)
		return NO_NAME;
	at = slot_of(names, s, hash);
	names->items[names->n] = slice_of(copy, s.n);
	names->hashes[names->n] = hash;
	names->slots[at] = (struct names_slot){ (uint32_t)(hash >> 32), (uint32_t)++names->n };
	return (uint32_t)names->n - 1;
}
