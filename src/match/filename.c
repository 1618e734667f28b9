/* SPDX-License-Identifier: Apache-2.0 */
#include "match/filename.h"

#define ATOMS_MAX 48
#define COMPONENTS_MAX 12

/* A run of one class of characters. */
enum atom_kind {
	ATOM_LETTERS,      /* ASCII */
	ATOM_DIGITS,       /* ASCII */
	ATOM_OTHER,        /* anything that is not ASCII */
};
struct atom {
	enum atom_kind kind;
	struct slice text;
	char before;       /* the separator in front; 0: glued to the atom before */
	char after;        /* the character behind it, 0 at the end */
	bool used;
};
struct atoms {
	struct atom a[ATOMS_MAX];
	size_t n;
};

/* Words for stages of work.  The first that fits wins, so long ones first. */
static const char *const stages[] = {
	"LO", "layout", "KA", "KEY", "keys", "CEL", "GE", "genga", "nigen", "douga", "anim", "animation", "rough", "clean",
	"cleanup", "cleanups", "inbetween", "inb", "IB", "BG", "comp", "compo", "paint", "colour",
	"color", "board", "storyboard", "animatic", "sakkan", "retake", "timesheet", "xsheet", "fx",
	"修改意见", "修改", "原画", "原畫", "二原", "动画", "動画", "動畫", "背景", "作监", "作監",
	"中割", "摄影表", "设计稿", "分镜", "仕上", "着色",
	"수정지시", "수정", "원화", "동화", "레이아웃", "작감", "배경", "채색", "콘티", "타임시트",
	NULL,
};

/* Cameras, phones and programs name files so. */
static const char *const not_shows[] = {
	"IMG", "DSC", "DSCF", "DSCN", "MOV", "VID", "PXL", "MVI", "GOPR", "WIN", "SCAN", "DOC", "FILE",
	"NEW", "COPY", "TEMP", "TEST", "PAGE", "BACK", "NO", "VOL", "PART", "DAY", "WEEK", "BOOK",
	"HORSE", "REF", NULL,
};

static bool in_list(struct slice word, const char *const *list)
{
	for (; *list; list++)
		if (slice_equal_nocase(word, slice_text(*list)))
			return true;
	return false;
}

static enum atom_kind atom_kind(unsigned char c, bool *separates)
{
	*separates = false;
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return ATOM_LETTERS;
	if (c >= '0' && c <= '9')
		return ATOM_DIGITS;
	*separates = c < 0x80;
	return ATOM_OTHER;
}

/* "name (1)" and "name - 副本" are copies of "name". */
static struct slice without_copy_mark(struct slice name)
{
	static const char *const marks[] = { " - 副本", " - Copy", " - コピー", " - 복사본", NULL };

	for (size_t i = 0; marks[i]; i++)
		if (slice_ends(name, slice_text(marks[i])))
			return slice_head(name, name.n - strlen(marks[i]));
	if (name.n > 4 && name.p[name.n - 1] == ')') {
		size_t i = name.n - 2;

		while (i > 1 && name.p[i] >= '0' && name.p[i] <= '9')
			i--;
		if (name.p[i] == '(' && name.p[i - 1] == ' ' && i + 2 < name.n)
			return slice_head(name, i - 1);
	}
	return name;
}

static struct slice without_extension(struct slice name)
{
	for (size_t i = name.n; i > 1 && name.n - i <= 8; i--)
		if (name.p[i - 1] == '.')
			return slice_head(name, i - 1);
	return name;
}

static void split(struct slice name, struct atoms *out)
{
	char before = 1;      /* the beginning separates too */
	size_t i = 0;

	out->n = 0;
	while (i < name.n && out->n < ATOMS_MAX) {
		bool separates, other;
		const enum atom_kind kind = atom_kind((unsigned char)name.p[i], &separates);
		const size_t start = i;

		if (separates) {
			before = name.p[i++];
			continue;
		}
		while (i < name.n && atom_kind((unsigned char)name.p[i], &other) == kind && !other)
			i++;
		out->a[out->n++] = (struct atom){ .kind = kind, .text = slice_of(name.p + start, i - start),
						  .before = before, .after = i < name.n ? name.p[i] : 0 };
		before = 0;
	}
}

static bool word_is(const struct atom *a, const char *const *words)
{
	return !a->used && a->kind != ATOM_DIGITS && in_list(a->text, words);
}

static struct atom *at(struct atoms *all, size_t i)
{
	static struct atom none = { .kind = ATOM_OTHER, .before = 1, .used = true };

	return i < all->n ? &all->a[i] : &none;
}

static bool free_digits(const struct atom *a, size_t least, size_t most)
{
	return !a->used && a->kind == ATOM_DIGITS && a->text.n >= least && a->text.n <= most;
}

static void take(struct atom *word, struct atom *digits, struct slice *field)
{
	if (!field->n)
		*field = digits->text;
	word->used = true;
	digits->used = true;
}

/* From the beginning of one slice to the end of another, of one string. */
static struct slice span(struct slice from, struct slice to)
{
	return slice_of(from.p, (size_t)(to.p + to.n - from.p));
}

/* C123, C-123, C123-125, C123(124). */
static void take_cut(struct atoms *all, size_t word, size_t digits, struct filename *f)
{
	struct atom *first = at(all, digits), *next = at(all, digits + 1);
	const bool fresh = !f->cut.n;

	take(at(all, word), first, &f->cut);
	if (!fresh || !free_digits(next, 1, 4) ||
	    (next->before != '-' && (next->before != '(' || next->after != ')')))
		return;
	f->cut = span(first->text, next->text);
	if (next->before == '(')
		f->cut.n++;      /* its closing bracket */
	next->used = true;
}

static const char *const cut_words[] = { "C", "CUT", "컷", "镜头", "鏡頭", "镜", "カット", NULL };
static const char *const episode_words[] = { "EP", "E", "EPISODE", "EPS", "第", "제", NULL };
static const char *const episode_ends[] = { "集", "话", "話", "回", "화", "회", NULL };
static const char *const sequence_words[] = { "SQ", "SEQ", "SEQUENCE", NULL };
static const char *const scene_words[] = { "SC", "SCN", "SCENE", NULL };
static const char *const shot_words[] = { "SH", "SHOT", NULL };
static const char *const version_words[] = { "V", "VER", "VERSION", "REV", NULL };
static const char *const take_words[] = { "T", "TK", "TAKE", "R", "RT", NULL };
static const char *const season_words[] = { "S", "SEASON", NULL };
static const char *const openings[] = { "OP", "ED", "PV", "AV", NULL };

/* A mark and the number behind it. */
static void marked_number(struct atoms *all, size_t i, struct filename *f)
{
	struct atom *word = at(all, i), *digits = at(all, i + 1);
	const bool glued = digits->before == 0;

	if (word->used || word->kind == ATOM_DIGITS || !free_digits(digits, 1, 4))
		return;
	if (word_is(word, cut_words) && (glued || digits->before == '-' || word->text.n > 1)) {
		take_cut(all, i, i + 1, f);
		return;
	}
	if (!glued)
		return;
	if (word_is(word, season_words) && digits->text.n <= 2)
		take(word, digits, &f->season);
	else if (word_is(word, episode_words))
		take(word, digits, &f->episode);
	else if (word_is(word, sequence_words))
		take(word, digits, &f->sequence);
	else if (word_is(word, scene_words))
		take(word, digits, &f->scene);
	else if (word_is(word, shot_words))
		take(word, digits, &f->shot);
	else if (word_is(word, version_words))
		take(word, digits, &f->version);
	else if (word_is(word, take_words) && digits->text.n <= 2)
		take(word, digits, &f->take);
}

/* A number and the mark behind it: 5화, 05集, 123컷. */
static void number_marked(struct atoms *all, size_t i, struct filename *f)
{
	struct atom *digits = at(all, i), *word = at(all, i + 1);

	if (!free_digits(digits, 1, 4) || word->before != 0)
		return;
	if (word_is(word, episode_ends))
		take(word, digits, &f->episode);
	else if (word_is(word, cut_words) && word->kind == ATOM_OTHER)
		take(word, digits, &f->cut);
}

/* "smAnim": the last hump is a stage. */
static bool ends_in_stage(struct slice word)
{
	for (size_t i = word.n; i-- > 1;)
		if (word.p[i] >= 'A' && word.p[i] <= 'Z')
			return word.p[i - 1] >= 'a' && in_list(slice_skip(word, i), stages);
	return false;
}

static void read_stage(struct atoms *all, struct filename *f)
{
	for (size_t i = 0; i < all->n; i++) {
		struct atom *a = at(all, i);

		if (f->stage.n || a->used || a->kind == ATOM_DIGITS)
			continue;
		if (!in_list(a->text, stages) && !ends_in_stage(a->text))
			continue;
		f->stage = a->text;
		a->used = true;
	}
}

static bool structured(const struct filename *f)
{
	return f->episode.n || f->cut.n || f->scene.n || f->shot.n || f->sequence.n || f->season.n;
}

/* 301 is season 3, episode 01. */
static void split_episode(struct atom *digits, struct filename *f)
{
	f->season = slice_head(digits->text, 1);
	f->episode = slice_skip(digits->text, 1);
	digits->used = true;
}

/*
 * A series' code begins the name: 2 to 5 letters with a number that says
 * more, or with marks behind it.
 */
static void read_show(struct atoms *all, struct filename *f)
{
	struct atom *code = at(all, 0), *next = at(all, 1), *third = at(all, 2);
	const bool number = next->kind == ATOM_DIGITS && !next->used;

	if (code->used || code->kind != ATOM_LETTERS || code->text.n < 2 || code->text.n > 5 ||
	    in_list(code->text, not_shows) || in_list(code->text, stages))
		return;
	if (in_list(code->text, openings) && !f->episode.n) {
		if (structured(f)) {
			f->episode = code->text;
			code->used = true;
		}
		return;
	}
	if (number && next->before == 0 && next->text.n == 1 && free_digits(third, 3, 3) &&
	    free_digits(at(all, 3), 3, 4) && !structured(f)) {
		f->episode = next->text;      /* ex1_001_0001: episode, scene, cut */
		f->scene = third->text;
		f->cut = at(all, 3)->text;
		next->used = third->used = at(all, 3)->used = true;
	} else if (number && next->text.n == 3 && !f->episode.n && !f->season.n &&
		   (structured(f) || (third->kind == ATOM_LETTERS && third->text.n == 1 &&
				      free_digits(at(all, 3), 3, 4)))) {
		split_episode(next, f);
	} else if (number && next->text.n == 2 && !f->episode.n && structured(f)) {
		f->episode = next->text;
		next->used = true;
	}
	if (!structured(f))
		return;
	f->show = code->text;
	code->used = true;
}

/* A0001, and A_0001 behind a cut; A_0370 behind an episode is a sequence
 * and its shot. */
static void read_layer(struct atoms *all, struct filename *f)
{
	for (size_t i = 0; i + 1 < all->n; i++) {
		struct atom *letter = at(all, i), *digits = at(all, i + 1);

		if (letter->used || letter->kind != ATOM_LETTERS || letter->text.n != 1 ||
		    letter->before == 0 || !free_digits(digits, 3, 5))
			continue;
		if (digits->before == 0 || f->cut.n) {
			f->layer = letter->text;
			f->frame = digits->text;
		} else if (f->episode.n && !f->shot.n && !f->scene.n) {
			f->sequence = letter->text;
			f->shot = digits->text;
		} else {
			continue;
		}
		letter->used = digits->used = true;
		return;
	}
}

/* In the names of documents four digits are a day, as in 摄影表_0112.xlsx. */
static bool is_document(struct slice name)
{
	static const char *const ends[] = { ".xls", ".xlsx", ".doc", ".docx", ".txt", ".pdf", ".csv", ".ods",
					    ".odt", ".rtf", ".hwp", ".md", NULL };

	for (size_t i = 0; ends[i]; i++) {
		const size_t n = strlen(ends[i]);

		if (name.n > n && slice_equal_nocase(slice_skip(name, name.n - n), slice_text(ends[i])))
			return true;
	}
	return false;
}

/* "0005_0123_lo", "修改意见_05_123": where a stage or a marked episode says
 * that this is a production's name, bare numbers are episode and cut. */
static void read_bare(struct atoms *all, bool document, struct filename *f)
{
	struct atom *bare[3];
	size_t n = 0;

	if (f->cut.n || f->scene.n || f->shot.n || (!f->stage.n && !f->episode.n))
		return;
	for (size_t i = 0; i < all->n; i++) {
		struct atom *a = at(all, i);
		const bool glued = a->before == 0 || (i + 1 < all->n && at(all, i + 1)->before == 0);

		if (free_digits(a, 2, document ? 3 : 4) && !glued && (a->before == '_' || a->before == 1) && n < 3)
			bare[n++] = a;
	}
	if (n == 2 && !f->episode.n) {
		f->episode = bare[0]->text;
		f->cut = bare[1]->text;
	} else if (n == 1 && f->episode.n) {
		f->cut = bare[0]->text;
	}
}

static void read_component(struct slice name, bool document, struct filename *f)
{
	struct atoms all;

	split(name, &all);
	for (size_t i = 0; i + 1 < all.n; i++)
		marked_number(&all, i, f);
	for (size_t i = 0; i + 1 < all.n; i++)
		number_marked(&all, i, f);
	if (at(&all, 0)->before == '#' && free_digits(at(&all, 0), 1, 4) && !f->episode.n) {
		f->episode = all.a[0].text;
		all.a[0].used = true;
	}
	read_show(&all, f);
	read_stage(&all, f);
	read_layer(&all, f);
	read_bare(&all, document, f);
}

static void fill(struct slice *field, struct slice from)
{
	if (!field->n)
		*field = from;
}

/* Folders say what the name left out; a stage or take they do not. */
static void fill_from_folder(struct filename *f, const struct filename *folder)
{
	fill(&f->show, folder->show);
	fill(&f->season, folder->season);
	fill(&f->episode, folder->episode);
	if (!f->scene.n && !f->shot.n)
		fill(&f->cut, folder->cut);
	if (!f->cut.n) {
		fill(&f->scene, folder->scene);
		fill(&f->sequence, folder->sequence);
		fill(&f->shot, folder->shot);
	}
	if (!f->stage.n)
		fill(&f->stage, folder->stage);
}

/* EP305 in season 3 is its episode 05. */
static void drop_season(struct filename *f)
{
	uint64_t season, episode;

	if (f->episode.n == 3 && slice_u64(f->season, &season) && slice_u64(f->episode, &episode) &&
	    season > 0 && episode / 100 == season)
		f->episode = slice_skip(f->episode, 1);
}

bool filename_read(struct slice path, struct filename *out)
{
	struct slice parts[COMPONENTS_MAX];
	struct filename f = { 0 };
	size_t n = 0, end = path.n;
	bool document;

	*out = f;
	while (end > 0 && n < COMPONENTS_MAX) {
		size_t i = end;

		while (i > 0 && path.p[i - 1] != '/')
			i--;
		if (end > i)
			parts[n++] = slice_of(path.p + i, end - i);
		end = i ? i - 1 : 0;
	}
	if (!n)
		return false;
	document = is_document(parts[0]);
	if (path.p[path.n - 1] != '/')
		parts[0] = without_copy_mark(without_extension(parts[0]));
	read_component(parts[0], document, &f);
	for (size_t i = 1; i < n; i++) {
		struct filename folder = { 0 };

		read_component(parts[i], false, &folder);
		if (structured(&folder))
			fill_from_folder(&f, &folder);
	}
	drop_season(&f);
	if (!structured(&f) && !f.layer.n)
		return false;
	*out = f;
	return true;
}
