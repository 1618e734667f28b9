/* SPDX-License-Identifier: Apache-2.0 */
/*
 * titles - the catalogue of productions that may be recognised
 *
 * A TSV table with a header (tsv.h): id, title, lang, aliases (" | " between
 * them; legal entities are aliases too), code, kind, source.  Rows with the
 * same id are one production.  A broken line is an error with file and line.
 *
 * A word or code is weak when chance would find it: a single common word
 * ("Cat", "Invincible"), fewer than 4 letters (2 characters in Han, Kana or
 * Hangul); a code of fewer than 3 letters, or a common word.  Weak ones never
 * count alone (match.h).
 */
#ifndef MATCH_TITLES_H
#define MATCH_TITLES_H

#include "base/arena.h"
#include "base/hash.h"
#include "match/phrases.h"

struct title {
	const char *id, *name, *kind, *source;
};

struct title_form {
	uint32_t title;
	const char *text;
	bool weak;
};

struct title_code {
	uint32_t title;
	const char *code;
	bool weak;
};

struct title_file {
	const char *path;
	struct sha256 hash;
	uint64_t rows;
};

#define TITLE_FILES_MAX 64

/* Where the things with a key are: open addressing, index + 1. */
struct title_lookup {
	uint32_t *slots;
	size_t room, n;
};

struct titles {
	struct arena arena;
	struct title *all;
	struct title_form *forms;
	struct title_code *codes;
	size_t n, room, form_count, form_room, code_count, code_room;
	struct title_file files[TITLE_FILES_MAX];
	size_t file_count;
	struct phrases *phrases;      /* ids are forms */
	struct title_lookup by_id, by_code;
};

int titles_init(struct titles *t, struct err *err);
void titles_done(struct titles *t);
static inline void titles_done_scoped(struct titles *t)
{
	titles_done(t);
}

int titles_read(struct titles *t, const char *path, struct err *err);
/* The same from memory. */
int titles_parse(struct titles *t, const char *path, struct slice bytes, struct err *err);

/* Each title or alias in the text. */
int titles_find(const struct titles *t, const struct fold *text,
		int (*found)(uint32_t form, size_t first, size_t last, void *data), void *data);

/* The titles with this code (no matter the case): call for each. */
int titles_code(const struct titles *t, struct slice code,
		int (*found)(uint32_t code, void *data), void *data);

#endif
