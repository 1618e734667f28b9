/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names - listed names, and where they stand in text
 *
 * A name list is read from the lists' own files (list_ofac.c: SDN.CSV and
 * ALT.CSV; a lexicon of spellings in other scripts: see namelist_read_lexicon).
 * A list that is broken is refused with file and line: half a list would
 * answer "not there" for what it lost.
 *
 * In running text a name is found exactly or folded (fold.h), as whole words.
 * Company forms (CO., LTD, LLC) need not stand there unless a single word
 * would be left; a person's names may stand in either order.  Not looked for in running text, because chance
 * would find them: names of fewer than 6 letters (4 in Han, Kana or Hangul),
 * a single word that is common or stands in several entries, single names of
 * persons, ships and aircraft, and aliases the list itself calls weak.
 * namelist_skipped() counts them.
 */
#ifndef MATCH_NAMES_H
#define MATCH_NAMES_H

#include "base/arena.h"
#include "base/hash.h"
#include "match/phrases.h"

enum name_quality {
	NAME_PRIMARY,
	NAME_ALIAS,
	NAME_WEAK,         /* the list says so: for confirming only */
	NAME_SPELLING,     /* from a lexicon, not from the list */
};
const char *name_quality_text(enum name_quality quality);

struct listed {
	const char *list;            /* "OFAC SDN" */
	const char *number;          /* the entry's, as the list writes it */
	const char *name, *type, *programme;
	uint32_t file;               /* index into names.files */
	bool individual, craft;
};

struct name_form {
	uint32_t entry;              /* index into names.entries */
	enum name_quality quality;
	const char *text;
	const char *source;          /* of a spelling, or "" */
	bool wanted;                 /* looked for in running text */
	uint32_t same;               /* other entries with the same words */
};

struct name_file {
	const char *path, *list, *date;
	struct sha256 hash;
	uint64_t entries, names;
};

#define NAME_FILES_MAX 64

struct namelist {
	struct arena arena;
	struct listed *entries;
	size_t entry_count, entry_room;
	struct name_form *forms;
	size_t form_count, form_room;
	struct name_file files[NAME_FILES_MAX];
	size_t file_count;
	struct phrases *phrases;
};

void namelist_init(struct namelist *n);
void namelist_done(struct namelist *n);
static inline void namelist_done_scoped(struct namelist *n)
{
	namelist_done(n);
}

/*
 * Read a list, its aliases, or a lexicon.  What list a file is and of which
 * date stands in FILE.source ("list<TAB>date<TAB>..."), else the date is
 * looked for in the file's name.
 */
int namelist_read_ofac(struct namelist *n, const char *path, struct err *err);
int namelist_read_ofac_aliases(struct namelist *n, const char *path, struct err *err);
/* TSV with a header: name, list, entry, lang, source.  The entry must be one
 * that was read, or nothing is added for it (the list in use may lack it). */
int namelist_read_lexicon(struct namelist *n, const char *path, struct err *err);

/* The same from memory; `path` names it in messages. */
int ofac_parse(struct namelist *n, struct slice bytes, uint32_t file, const char *path, struct err *err);
int ofac_parse_aliases(struct namelist *n, struct slice bytes, uint32_t file, const char *path,
		       struct err *err);

/* For readers of lists: an entry, a form of its name. */
int namelist_add_entry(struct namelist *n, const struct listed *entry, uint32_t *out, struct err *err);
int namelist_add_form(struct namelist *n, uint32_t entry, enum name_quality quality, const char *text,
		   const char *source, struct err *err);
int namelist_add_file(struct namelist *n, const char *path, struct slice bytes, const char *list,
		   uint32_t *out, struct err *err);

/* After the last file, before the first look. */
int namelist_ready(struct namelist *n, struct err *err);
uint64_t namelist_skipped(const struct namelist *n);

/* Call `found` for each listed name in the text. */
int namelist_find(const struct namelist *n, const struct fold *text,
	       int (*found)(uint32_t form, size_t first, size_t last, void *data), void *data);

/* As the list writes it, byte for byte? */
bool name_exact(const struct name_form *form, struct slice seen);

#endif
