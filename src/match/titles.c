/* SPDX-License-Identifier: Apache-2.0 */
#include "match/titles.h"

#include <stdlib.h>

#include "base/fd.h"
#include "match/internal.h"
#include "match/tsv.h"

#define CATALOGUE_MAX ((size_t)512 << 20)
#define LETTERS_LEAST 4
#define CHARACTERS_LEAST 3
#define CODE_LEAST 3

int titles_init(struct titles *t, struct err *err)
{
	*t = (struct titles){ .arena = arena_limited((size_t)1 << 30), .phrases = phrases_new() };
	return t->phrases ? 0 : err_set(err, ERR_NO_MEMORY, "no memory for titles");
}

void titles_done(struct titles *t)
{
	arena_done(&t->arena);
	free(t->all);
	free(t->forms);
	free(t->codes);
	phrases_free(t->phrases);
	free(t->by_id.slots);
	free(t->by_code.slots);
	*t = (struct titles){ 0 };
}

static void *room_for(void *all, size_t n, size_t *room, size_t size)
{
	const size_t wanted = *room ? *room * 2 : 64;
	void *grown;

	if (n < *room)
		return all;
	grown = realloc(all, wanted * size);
	if (grown)
		*room = wanted;
	return grown;
}

static uint64_t key_hash(struct slice key)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < key.n; i++) {
		const char c = key.p[i];

		h = (h ^ (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c)) * 0x100000001b3u;
	}
	return h;
}

/* Put index `value` under a key.  The keys that are in it already are asked
 * for again by `key_of` when it grows. */
static int lookup_add(struct title_lookup *l, const struct titles *t,
		      struct slice (*key_of)(const struct titles *, uint32_t), uint32_t value)
{
	if ((l->n + 1) * 2 > l->room) {
		const size_t room = l->room ? l->room * 2 : 256;
		uint32_t *slots = calloc(room, sizeof *slots);

		if (!slots)
			return -1;
		for (size_t i = 0; i < l->room; i++) {
			size_t at;

			if (!l->slots[i])
				continue;
			at = key_hash(key_of(t, l->slots[i] - 1)) & (room - 1);
			while (slots[at])
				at = (at + 1) & (room - 1);
			slots[at] = l->slots[i];
		}
		free(l->slots);
		l->slots = slots;
		l->room = room;
	}
	for (size_t at = key_hash(key_of(t, value)) & (l->room - 1);; at = (at + 1) & (l->room - 1))
		if (!l->slots[at]) {
			l->slots[at] = value + 1;
			l->n++;
			return 0;
		}
}

static struct slice id_of(const struct titles *t, uint32_t title)
{
	return slice_text(t->all[title].id);
}

static struct slice code_of(const struct titles *t, uint32_t code)
{
	return slice_text(t->codes[code].code);
}

static bool is_weak(const struct fold *f)
{
	size_t letters = 0, singles = 0;

	for (size_t i = 0; i < f->n; i++) {
		letters += f->words[i].folded_n;
		singles += f->words[i].single;
	}
	if (singles)
		return singles < CHARACTERS_LEAST;
	if (letters < LETTERS_LEAST)
		return true;
	return f->n == 1 && word_is_common(fold_word(f, 0));
}

static int add_form(struct titles *t, uint32_t title, struct slice text, struct err *err)
{
	scoped(fold_done) struct fold fold = { 0 };
	struct title_form *forms;
	int r = fold_words(&fold, text, err);

	if (r < 0 || !fold.n)
		return r;
	forms = room_for(t->forms, t->form_count, &t->form_room, sizeof *forms);
	if (!forms)
		return err_set(err, ERR_NO_MEMORY, "no memory for titles");
	t->forms = forms;
	forms[t->form_count] = (struct title_form){ title, arena_text(&t->arena, text), is_weak(&fold) };
	if (!forms[t->form_count].text)
		return err_set(err, ERR_NO_MEMORY, "no memory for titles");
	return phrases_add(t->phrases, &fold, 0, fold.n - 1, (uint32_t)t->form_count++, err);
}

static int add_code(struct titles *t, uint32_t title, struct slice code, struct err *err)
{
	struct title_code *codes = room_for(t->codes, t->code_count, &t->code_room, sizeof *codes);
	char lower[16] = "";

	if (!codes)
		return err_set(err, ERR_NO_MEMORY, "no memory for titles");
	t->codes = codes;
	for (size_t i = 0; i < code.n && i < sizeof lower - 1; i++)
		lower[i] = (char)(code.p[i] >= 'A' && code.p[i] <= 'Z' ? code.p[i] + 32 : code.p[i]);
	codes[t->code_count] = (struct title_code){ title, arena_text(&t->arena, code),
						    code.n < CODE_LEAST || word_is_common(slice_text(lower)) };
	if (!codes[t->code_count].code)
		return err_set(err, ERR_NO_MEMORY, "no memory for titles");
	t->code_count++;
	return lookup_add(&t->by_code, t, code_of, (uint32_t)t->code_count - 1) < 0
		       ? err_set(err, ERR_NO_MEMORY, "no memory for titles") : 0;
}

static int add_title(struct titles *t, struct slice id, struct slice name, struct slice kind,
		     struct slice source, uint32_t *out, struct err *err)
{
	struct title *all;

	for (size_t at = key_hash(id) & (t->by_id.room - 1); t->by_id.room && t->by_id.slots[at];
	     at = (at + 1) & (t->by_id.room - 1))
		if (slice_is(id, t->all[t->by_id.slots[at] - 1].id)) {
			*out = t->by_id.slots[at] - 1;
			return 0;
		}
	all = room_for(t->all, t->n, &t->room, sizeof *all);
	if (!all)
		return err_set(err, ERR_NO_MEMORY, "no memory for titles");
	t->all = all;
	all[t->n] = (struct title){ arena_text(&t->arena, id), arena_text(&t->arena, name),
				    arena_text(&t->arena, kind), arena_text(&t->arena, source) };
	if (!all[t->n].id || !all[t->n].name || !all[t->n].kind || !all[t->n].source)
		return err_set(err, ERR_NO_MEMORY, "no memory for titles");
	*out = (uint32_t)t->n++;
	return lookup_add(&t->by_id, t, id_of, *out) < 0 ? err_set(err, ERR_NO_MEMORY, "no memory for titles") : 0;
}

static int add_aliases(struct titles *t, uint32_t title, struct slice aliases, struct err *err)
{
	int r = 0;

	while (r == 0 && aliases.n) {
		const ptrdiff_t at = slice_find(aliases, SLICE(" | "));
		struct slice alias = at < 0 ? aliases : slice_head(aliases, (size_t)at);

		aliases = at < 0 ? (struct slice){ 0 } : slice_skip(aliases, (size_t)at + 3);
		r = add_form(t, title, slice_trim(alias), err);
	}
	return r;
}

int titles_parse(struct titles *t, const char *path, struct slice bytes, struct err *err)
{
	enum { ID, TITLE, LANG, ALIASES, CODE, KIND, SOURCE, COLUMNS };
	static const char *const columns[] = { "id", "title", "lang", "aliases", "code", "kind",
					       "source", NULL };
	struct title_file *file = &t->files[t->file_count];
	struct slice cells[COLUMNS];
	struct tsv tsv;
	int r;

	if (t->file_count == TITLE_FILES_MAX)
		return err_set(err, ERR_LIMIT, "more than %d catalogues", TITLE_FILES_MAX);
	*file = (struct title_file){ arena_text(&t->arena, slice_text(path)), sha256_of(bytes), 0 };
	if (!file->path)
		return err_set(err, ERR_NO_MEMORY, "no memory for titles");
	t->file_count++;
	r = tsv_begin(&tsv, path, bytes, columns, err);
	while (r >= 0 && (r = tsv_row(&tsv, cells, err)) > 0) {
		uint32_t title = 0;

		if (!cells[ID].n || !cells[TITLE].n)
			return tsv_fail(&tsv, err, "id and title must not be empty");
		r = add_title(t, cells[ID], cells[TITLE], cells[KIND], cells[SOURCE], &title, err);
		if (r == 0)
			r = add_form(t, title, cells[TITLE], err);
		if (r == 0)
			r = add_aliases(t, title, cells[ALIASES], err);
		if (r == 0 && cells[CODE].n)
			r = add_code(t, title, cells[CODE], err);
		file->rows++;
	}
	return r;
}

int titles_read(struct titles *t, const char *path, struct err *err)
{
	scoped(buf_done) struct buf bytes = buf_limited(CATALOGUE_MAX);
	const int r = file_read(path, &bytes, err);

	return r < 0 ? r : titles_parse(t, path, buf_slice(&bytes), err);
}

int titles_find(const struct titles *t, const struct fold *text,
		int (*found)(uint32_t form, size_t first, size_t last, void *data), void *data)
{
	return phrases_find(t->phrases, text, found, data);
}

int titles_code(const struct titles *t, struct slice code, int (*found)(uint32_t code, void *data),
		void *data)
{
	for (size_t at = key_hash(code) & (t->by_code.room - 1);
	     code.n && t->by_code.room && t->by_code.slots[at]; at = (at + 1) & (t->by_code.room - 1))
		if (slice_equal_nocase(code, slice_text(t->codes[t->by_code.slots[at] - 1].code))) {
			const int r = found(t->by_code.slots[at] - 1, data);

			if (r)
				return r;
		}
	return 0;
}
