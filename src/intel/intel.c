/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>

#include "base/fd.h"
#include "base/place.h"
#include "base/text.h"
#include "intel/internal.h"

#define LISTS_MAX 320

struct intel {
	struct arena arena;
	struct table networks, places;
	struct as_classes classes;
	struct countries countries;
	struct list *lists;          /* the profiles' ranges, then the user's */
	size_t lists_n;
};

/* A list goes by its file's name, what is ours by "dprk/ranges.tsv". */
static const char *short_name(const char *path, int parts)
{
	const char *p = path + strlen(path);

	while (p > path && (p[-1] != '/' || --parts > 0))
		p--;
	return p;
}

static int stamp(struct intel_source *source, const char *role, const char *path,
		 struct slice text, struct arena *arena, struct err *err)
{
	source->role = role;
	source->path = arena_text(arena, slice_text(path));
	source->name = arena_text(arena, slice_text(short_name(path, strcmp(role, "list") == 0 ? 1 : 2)));
	source->version = source->licence = "";
	source->sha256 = sha256_of(text);
	if (!source->path || !source->name)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	return 0;
}

static int load_list(struct intel *intel, const char *role, const char *path, struct err *err)
{
	scoped(buf_done) struct buf text = buf_limited(LIST_BYTES_MAX);
	struct list *list;
	int r;

	if (intel->lists_n == LISTS_MAX)
		return err_set(err, ERR_LIMIT, "more than %d lists", LISTS_MAX);
	list = &intel->lists[intel->lists_n];
	r = file_read(path, &text, err);
	if (r < 0)
		return r;
	r = stamp(&list->source, role, path, buf_slice(&text), &intel->arena, err);
	if (r < 0)
		return r;
	intel->lists_n++;
	return strcmp(role, "list") == 0
		       ? list_read(list, buf_slice(&text), path, &intel->arena, err)
		       : ranges_read(list, buf_slice(&text), path, &intel->arena, err);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* profiles/NAME/ranges.tsv of every profile, in the order of their names. */
static int load_ranges(struct intel *intel, const char *profiles, struct err *err)
{
	char path[4096], *names[64];
	DIR *folder = opendir(profiles);
	size_t n = 0;
	int r = 0;

	if (!folder)
		return err_errno(err, "cannot open '%s'", profiles);
	for (struct dirent *d; n < 64 && (d = readdir(folder));)
		if (d->d_name[0] != '.' && (names[n] = strdup(d->d_name)))
			n++;
	(void)closedir(folder);
	qsort(names, n, sizeof names[0], by_name);
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(path, sizeof path, "%s/%s/ranges.tsv", profiles, names[i]);
		if (r == 0 && access(path, F_OK) == 0)
			r = load_list(intel, "range", path, err);
		free(names[i]);
	}
	return r;
}

static int load_common(struct intel *intel, const char *profiles, struct err *err)
{
	scoped(buf_done) struct buf text = buf_limited(LIST_BYTES_MAX);
	char path[4096];
	int r;

	(void)snprintf(path, sizeof path, "%s/common/asn-classes.tsv", profiles);
	r = file_read(path, &text, err);
	if (r == 0)
		r = stamp(&intel->classes.source, "class", path, buf_slice(&text), &intel->arena, err);
	if (r == 0)
		r = classes_read(&intel->classes, buf_slice(&text), path, &intel->arena, err);
	if (r < 0)
		return r;
	buf_clear(&text);
	(void)snprintf(path, sizeof path, "%s/common/countries.tsv", profiles);
	r = file_read(path, &text, err);
	if (r < 0)
		return r;
	return countries_read(&intel->countries, buf_slice(&text), path, &intel->arena, err);
}

static int load(struct intel *intel, const struct intel_options *options, struct err *err)
{
	scoped(memory_free) char *own_tables = NULL;
	scoped(memory_free) char *own_profiles = NULL;
	const char *tables = options->tables, *profiles = options->profiles;
	int r = 0;

	if (!tables) {
		r = place_find(PLACE_INTEL, &own_tables, err);
		tables = own_tables;
	}
	if (r == 0 && !profiles) {
		r = place_find(PLACE_PROFILES, &own_profiles, err);
		profiles = own_profiles;
	}
	if (r == 0)
		r = load_common(intel, profiles, err);
	if (r == 0)
		r = load_ranges(intel, profiles, err);
	/* The user's lists first of the large ones: they are what may be broken. */
	for (size_t i = 0; i < options->lists_n && r == 0; i++)
		r = load_list(intel, "list", options->lists[i], err);
	if (r == 0)
		r = table_load(&intel->networks, "network", tables, "asn/asn-", &intel->arena, err);
	if (r == 0)
		r = table_load(&intel->places, "country", tables,
			       "geo-whois-asn-country/geo-whois-asn-country-", &intel->arena, err);
	return r;
}

int intel_open(const struct intel_options *options, struct intel **out, struct err *err)
{
	scoped(intel_close) struct intel *intel = calloc(1, sizeof *intel);
	int r;

	if (!intel)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	intel->arena = arena_limited((size_t)1 << 30);
	intel->lists = calloc(LISTS_MAX, sizeof *intel->lists);
	if (!intel->lists)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	r = load(intel, options, err);
	if (r < 0)
		return r;
	*out = take_pointer(&intel);
	return 0;
}

void intel_close(struct intel *intel)
{
	if (!intel)
		return;
	table_done(&intel->networks);
	table_done(&intel->places);
	classes_done(&intel->classes);
	for (size_t i = 0; intel->lists && i < intel->lists_n; i++)
		list_done(&intel->lists[i]);
	free(intel->lists);
	arena_done(&intel->arena);
	free(intel);
}

static bool in_force(const struct list_row *row, int64_t time)
{
	if (time == CLOCK_NONE)
		return true;
	return (row->from == CLOCK_NONE || time >= row->from) &&
	       (row->to == CLOCK_NONE || time < row->to);
}

/* Kinds before marks, the stronger before the weaker, else as they came. */
static void add_hit(struct intel_answer *out, const struct intel_kind **ranks,
		    const struct intel_hit *hit, const struct intel_kind *class)
{
	size_t at = out->hits_n;

	while (at && class && (!ranks[at - 1] || class < ranks[at - 1]))
		at--;
	if (at == INTEL_HITS)
		return;
	if (out->hits_n == INTEL_HITS)
		out->hits_n--;
	memmove(&out->hits[at + 1], &out->hits[at], (out->hits_n - at) * sizeof out->hits[0]);
	memmove(&ranks[at + 1], &ranks[at], (out->hits_n - at) * sizeof ranks[0]);
	out->hits[at] = *hit;
	ranks[at] = class;
	out->hits_n++;
}

static void look_lists(const struct intel *intel, const struct address *a, int64_t time,
		       struct intel_answer *out, const struct intel_kind **ranks)
{
	for (size_t i = 0; i < intel->lists_n; i++) {
		const struct list *list = &intel->lists[i];

		for (const struct list_row *row = list_look(list, a); row;
		     row = row->up ? &list->rows[row->up - 1] : NULL) {
			const struct intel_hit hit = { &list->source, row->kind, row->label, row->says,
						       row->range, row->date };

			if (address_compare(&row->last, a) < 0 || !in_force(row, time))
				continue;
			add_hit(out, ranks, &hit, row->class);
			if (!row->class && !*out->mark)
				out->mark = row->label;
		}
	}
}

void intel_look(const struct intel *intel, const struct address *address, int64_t time,
		struct intel_answer *out)
{
	const struct intel_kind *ranks[INTEL_HITS] = { 0 };
	const struct as_class *class;
	struct slice unused;
	uint32_t value;

	*out = (struct intel_answer){ .class = "unlisted", .label = "", .mark = "" };
	if (table_look(&intel->places, address, &value, &unused)) {
		out->country[0] = (char)(value >> 8);
		out->country[1] = (char)value;
	}
	if (table_look(&intel->networks, address, &value, &out->network))
		out->asn = value;
	look_lists(intel, address, time, out, ranks);
	class = out->asn ? classes_look(&intel->classes, out->asn) : NULL;
	if (class) {
		const struct intel_hit hit = { &intel->classes.source, class->kind, class->label,
					       class->says, class->range, class->date };

		add_hit(out, ranks, &hit, class->class);
	}
	if (out->hits_n && ranks[0]) {
		out->class = ranks[0]->name;
		out->anonymous = ranks[0]->anonymous;
		out->machine = ranks[0]->machine;
		out->label = out->hits[0].label;
		return;
	}
	if (address_is_private(address))
		out->class = "private";
}

const struct intel_source *intel_source(const struct intel *intel, size_t n)
{
	switch (n) {
	case 0:
		return &intel->places.source;
	case 1:
		return &intel->networks.source;
	case 2:
		return &intel->classes.source;
	default:
		return n - 3 < intel->lists_n ? &intel->lists[n - 3].source : NULL;
	}
}

bool intel_range(const struct intel *intel, size_t n, struct intel_range *out)
{
	for (size_t i = 0; i < intel->lists_n; i++)
		for (size_t k = 0; k < intel->lists[i].n; k++) {
			const struct list_row *row = &intel->lists[i].rows[k];

			if (row->class || n-- > 0)
				continue;
			*out = (struct intel_range){ row->range, row->label, row->kind, row->says,
						     row->first, row->last, row->from, row->to };
			return true;
		}
	return false;
}

const char *intel_country(const struct intel *intel, const char *code)
{
	return countries_look(&intel->countries, code);
}

int intel_list_check(struct slice text, const char *name, uint64_t *rows, struct err *err)
{
	scoped(arena_done) struct arena arena = arena_limited((size_t)256 << 20);
	struct list list = { 0 };
	const int r = list_read(&list, text, name, &arena, err);

	*rows = list.n;
	list_done(&list);
	return r;
}
