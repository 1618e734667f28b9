/* SPDX-License-Identifier: Apache-2.0 */
#include "match/names.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/fd.h"
#include "match/internal.h"
#include "match/tsv.h"

#define ENTRIES_MAX (1u << 20)
#define FORMS_MAX (4u << 20)
#define LIST_MAX ((size_t)256 << 20)
#define LETTERS_LEAST 6        /* in running text */
#define CHARACTERS_LEAST 4     /* of scripts without blanks */
#define WORDS_TELLING 4        /* common words in this row are a name */
#define ENTRIES_MOST 2         /* a single word in more entries tells nothing */

const char *name_quality_text(enum name_quality quality)
{
	static const char *const texts[] = { "primary", "alias", "weak alias", "spelling" };

	return texts[quality];
}

void namelist_init(struct namelist *n)
{
	*n = (struct namelist){ .arena = arena_limited((size_t)1 << 30) };
}

void namelist_done(struct namelist *n)
{
	arena_done(&n->arena);
	free(n->entries);
	free(n->forms);
	phrases_free(n->phrases);
	*n = (struct namelist){ 0 };
}

/* Room for one more: 0, or -1. */
static int room_for(void **all, size_t n, size_t *room, size_t size, size_t most)
{
	void *grown;
	size_t wanted = *room ? *room * 2 : 64;

	if (n < *room)
		return 0;
	if (n >= most)
		return -1;
	grown = realloc(*all, wanted * size);
	if (!grown)
		return -1;
	*all = grown;
	*room = wanted;
	return 0;
}

int namelist_add_entry(struct namelist *n, const struct listed *entry, uint32_t *out, struct err *err)
{
	void *all = n->entries;
	struct listed *e;

	if (room_for(&all, n->entry_count, &n->entry_room, sizeof *e, ENTRIES_MAX) < 0)
		return err_set(err, ERR_LIMIT, "no room for more than %zu entries", n->entry_count);
	n->entries = all;
	e = &n->entries[n->entry_count];
	*e = *entry;
	e->number = arena_text(&n->arena, slice_text(entry->number));
	e->name = arena_text(&n->arena, slice_text(entry->name));
	e->type = arena_text(&n->arena, slice_text(entry->type));
	e->programme = arena_text(&n->arena, slice_text(entry->programme));
	if (!e->number || !e->name || !e->type || !e->programme)
		return err_set(err, ERR_NO_MEMORY, "no memory for the list");
	*out = (uint32_t)n->entry_count++;
	return 0;
}

int namelist_add_form(struct namelist *n, uint32_t entry, enum name_quality quality, const char *text,
		   const char *source, struct err *err)
{
	void *all = n->forms;
	struct name_form *form;

	if (room_for(&all, n->form_count, &n->form_room, sizeof *form, FORMS_MAX) < 0)
		return err_set(err, ERR_LIMIT, "no room for more than %zu names", n->form_count);
	n->forms = all;
	form = &n->forms[n->form_count];
	*form = (struct name_form){ .entry = entry, .quality = quality };
	form->text = arena_text(&n->arena, slice_text(text));
	form->source = arena_text(&n->arena, slice_text(source));
	if (!form->text || !form->source)
		return err_set(err, ERR_NO_MEMORY, "no memory for the list");
	n->form_count++;
	n->files[n->entries[entry].file].names++;
	return 0;
}

/* "…_2024-05-03.csv": the day, or "". */
static struct slice day_in_name(const char *path)
{
	struct slice name = slice_text(path);

	for (size_t i = name.n >= 10 ? name.n - 10 + 1 : 0; i-- > 0;) {
		struct slice day = slice_of(name.p + i, 10);
		int64_t time;

		if (day.p[4] == '-' && day.p[7] == '-' && clock_parse(day, &time))
			return day;
	}
	return (struct slice){ 0 };
}

int namelist_add_file(struct namelist *n, const char *path, struct slice bytes, const char *list,
		   uint32_t *out, struct err *err)
{
	scoped(buf_done) struct buf about = buf_limited(64 << 10);
	struct name_file *file = &n->files[n->file_count];
	struct slice line, rest, name = slice_text(list), day = day_in_name(path);
	char beside[4096];

	if (n->file_count == NAME_FILES_MAX)
		return err_set(err, ERR_LIMIT, "more than %d lists", NAME_FILES_MAX);
	(void)snprintf(beside, sizeof beside, "%s.source", path);
	if (access(beside, R_OK) == 0) {
		const int r = file_read(beside, &about, err);

		if (r < 0)
			return r;
		rest = buf_slice(&about);
		if (!slice_line(&rest, &line) || !slice_cut(&line, '\t', &name))
			return err_set(err, ERR_FAILED, "%s:1: not \"list<TAB>date<TAB>...\"", beside);
		if (!slice_cut(&line, '\t', &day))
			day = line;
	}
	*file = (struct name_file){ .hash = sha256_of(bytes) };
	file->path = arena_text(&n->arena, slice_text(path));
	file->list = arena_text(&n->arena, name);
	file->date = arena_text(&n->arena, day);
	if (!file->path || !file->list || !file->date)
		return err_set(err, ERR_NO_MEMORY, "no memory for the list");
	*out = (uint32_t)n->file_count++;
	return 0;
}

static int entry_compare(const void *a, const void *b)
{
	return strcmp((*(const struct listed *const *)a)->number,
		      (*(const struct listed *const *)b)->number);
}

/* Aliases and spellings name entries by number: all of them, in order. */
static const struct listed **entries_sorted(const struct namelist *n)
{
	const struct listed **sorted = calloc(n->entry_count + 1, sizeof *sorted);

	for (size_t i = 0; sorted && i < n->entry_count; i++)
		sorted[i] = &n->entries[i];
	if (sorted)
		qsort(sorted, n->entry_count, sizeof *sorted, entry_compare);
	return sorted;
}

static bool entry_numbered(const struct namelist *n, const struct listed **sorted, const char *number,
			   uint32_t *out)
{
	const struct listed key = { .number = number }, *wanted = &key;
	const struct listed **found;

	found = bsearch(&wanted, sorted, n->entry_count, sizeof *sorted, entry_compare);
	if (found)
		*out = (uint32_t)(*found - n->entries);
	return found != NULL;
}

int namelist_read_ofac(struct namelist *n, const char *path, struct err *err)
{
	scoped(buf_done) struct buf bytes = buf_limited(LIST_MAX);
	uint32_t file;
	int r = file_read(path, &bytes, err);

	if (r == 0)
		r = namelist_add_file(n, path, buf_slice(&bytes), "OFAC SDN", &file, err);
	return r < 0 ? r : ofac_parse(n, buf_slice(&bytes), file, path, err);
}

int namelist_read_ofac_aliases(struct namelist *n, const char *path, struct err *err)
{
	scoped(buf_done) struct buf bytes = buf_limited(LIST_MAX);
	uint32_t file;
	int r = file_read(path, &bytes, err);

	if (r == 0)
		r = namelist_add_file(n, path, buf_slice(&bytes), "OFAC SDN aliases", &file, err);
	return r < 0 ? r : ofac_parse_aliases(n, buf_slice(&bytes), file, path, err);
}

int namelist_read_lexicon(struct namelist *n, const char *path, struct err *err)
{
	enum { NAME, LIST, ENTRY, LANG, SOURCE, COLUMNS };
	static const char *const columns[] = { "name", "list", "entry", "lang", "source", NULL };
	scoped(buf_done) struct buf bytes = buf_limited(LIST_MAX);
	scoped(memory_free) const struct listed **sorted = entries_sorted(n);
	struct slice cells[COLUMNS];
	struct tsv tsv;
	uint32_t file;
	int r = file_read(path, &bytes, err);

	if (!sorted)
		return err_set(err, ERR_NO_MEMORY, "no memory for the list");
	if (r == 0)
		r = namelist_add_file(n, path, buf_slice(&bytes), "lexicon", &file, err);
	if (r == 0)
		r = tsv_begin(&tsv, path, buf_slice(&bytes), columns, err);
	while (r >= 0 && (r = tsv_row(&tsv, cells, err)) > 0) {
		const char *number = arena_text(&n->arena, cells[ENTRY]);
		const char *name = arena_text(&n->arena, cells[NAME]);
		const char *source = arena_text(&n->arena, cells[SOURCE]);
		uint32_t entry;

		if (!number || !name || !source)
			return err_set(err, ERR_NO_MEMORY, "no memory for the list");
		if (!*name || !*number || !*source)
			return tsv_fail(&tsv, err, "name, entry and source must not be empty");
		if (entry_numbered(n, sorted, number, &entry))
			r = namelist_add_form(n, entry, NAME_SPELLING, name, source, err);
	}
	return r;
}

/* ------------------------------------------- what is looked for ------ */

struct shape {
	size_t first, last;      /* the words without company forms */
	size_t letters, singles;
	bool telling;            /* one word at least is not common, or there are many */
};

static struct shape shape_of(const struct fold *f)
{
	struct shape s = { .first = 0, .last = f->n - 1 };

	while (s.last > s.first && word_is_company_form(fold_word(f, s.last)))
		s.last--;
	while (s.first < s.last && word_is_company_form(fold_word(f, s.first)))
		s.first++;
	for (size_t i = s.first; i <= s.last; i++) {
		const struct slice word = fold_word(f, i);

		s.letters += word.n;
		s.singles += f->words[i].single;
		s.telling = s.telling || !word_is_common(word);
	}
	s.telling = s.telling || s.last - s.first + 1 >= WORDS_TELLING;
	/* One word that is left of a company's name is not its name. */
	if (s.first == s.last && !s.singles) {
		s.first = 0;
		s.last = f->n - 1;
	}
	return s;
}

static bool fits_running_text(const struct listed *entry, const struct name_form *form,
			      const struct shape *s)
{
	const bool alone = s->first == s->last;

	if (form->quality == NAME_WEAK || !s->telling)
		return false;
	if (s->singles)
		return s->singles >= CHARACTERS_LEAST;
	if (s->letters < LETTERS_LEAST)
		return false;
	return !alone || !(entry->individual || entry->craft);
}

/* "LU, Hezheng" also stands as "Hezheng LU". */
static int add_turned(struct namelist *n, uint32_t id, struct fold *fold, struct err *err)
{
	const struct name_form *form = &n->forms[id];
	struct slice given = slice_text(form->text), family;
	scoped(buf_done) struct buf turned = buf_limited(1 << 20);
	int r;

	if (!slice_cut(&given, ',', &family))
		return 0;
	(void)buf_add(&turned, slice_trim(given));
	(void)buf_char(&turned, ' ');
	(void)buf_add(&turned, family);
	r = fold_words(fold, buf_slice(&turned), err);
	return r < 0 || !fold->n ? r : phrases_add(n->phrases, fold, 0, fold->n - 1, id, err);
}

/* Single words: how many entries have each?  By hash, since chance
 * collisions only make the answer more careful. */
#define SINGLES (1u << 20)

static int note_single(uint8_t *counts, uint32_t *last_entry, const struct fold *f, size_t word,
		       uint32_t entry)
{
	const uint64_t slot = f->words[word].hash & (SINGLES - 1);

	if (last_entry[slot] == entry + 1)
		return counts[slot];
	last_entry[slot] = entry + 1;
	if (counts[slot] < 255)
		counts[slot]++;
	return counts[slot];
}

int namelist_ready(struct namelist *n, struct err *err)
{
	scoped(fold_done) struct fold fold = { 0 };
	scoped(memory_free) uint8_t *counts = calloc(SINGLES, 1);
	scoped(memory_free) uint32_t *last = calloc(SINGLES, sizeof *last);
	int r;

	n->phrases = phrases_new();
	if (!counts || !last || !n->phrases)
		return err_set(err, ERR_NO_MEMORY, "no memory for names");
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; i < n->form_count; i++) {
			struct name_form *form = &n->forms[i];
			const struct listed *entry = &n->entries[form->entry];
			struct shape s;

			r = fold_words(&fold, slice_text(form->text), err);
			if (r < 0)
				return r;
			if (!fold.n)
				continue;
			s = shape_of(&fold);
			if (pass == 0) {
				for (size_t w = 0; w < fold.n; w++)
					(void)note_single(counts, last, &fold, w, form->entry);
				continue;
			}
			form->wanted = fits_running_text(entry, form, &s);
			if (s.first == s.last && !s.singles &&
			    counts[fold.words[s.first].hash & (SINGLES - 1)] > ENTRIES_MOST)
				form->wanted = false;
			if (!form->wanted)
				continue;
			r = phrases_add(n->phrases, &fold, s.first, s.last, i, err);
			if (r == 0 && entry->individual)
				r = add_turned(n, i, &fold, err);
			if (r < 0)
				return r;
		}
	return 0;
}

uint64_t namelist_skipped(const struct namelist *n)
{
	uint64_t skipped = 0;

	for (size_t i = 0; i < n->form_count; i++)
		skipped += !n->forms[i].wanted;
	return skipped;
}

int namelist_find(const struct namelist *n, const struct fold *text,
	       int (*found)(uint32_t form, size_t first, size_t last, void *data), void *data)
{
	return phrases_find(n->phrases, text, found, data);
}

bool name_exact(const struct name_form *form, struct slice seen)
{
	return slice_starts(slice_text(form->text), seen);
}
