/* SPDX-License-Identifier: Apache-2.0 */
/* intel/internal.h - for the folder itself */
#ifndef INTEL_INTERNAL_H
#define INTEL_INTERNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "intel/intel.h"

#define TABLE_BYTES_MAX ((size_t)512 << 20)
#define LIST_BYTES_MAX ((size_t)256 << 20)

/* A field of a CSV line (RFC 4180, no line breaks in fields): *value is what
 * is inside the quotes, doubled quotes still doubled.  False at the end, or
 * with *why set when the line is broken. */
bool csv_field(struct slice *rest, bool *more, struct slice *value, const char **why);
/* The value with its quotes no longer doubled; NULL when out of memory. */
char *csv_text(struct arena *arena, struct slice value);

/* Rows of one table: address ranges in order, none overlapping. */
struct range4 {
	uint32_t first, last;
	uint32_t value;              /* AS number, or country as two letters */
	uint32_t name;               /* offset of the name in the text, or 0 */
};
struct range6 {
	struct address first, last;
	uint32_t value, name;
};
struct table {
	struct intel_source source;
	struct buf text4, text6;     /* names point here */
	struct range4 *v4;
	struct range6 *v6;
	size_t v4_n, v6_n;
};
/* `file` is "asn/asn-" or the like; "ipv4.csv" and "ipv6.csv" follow. */
int table_load(struct table *table, const char *role, const char *folder, const char *file,
	       struct arena *arena, struct err *err);
void table_done(struct table *table);
/* False when no row holds it. */
bool table_look(const struct table *table, const struct address *a, uint32_t *value,
		struct slice *name);

/* Rows of lists and ranges: nested or disjoint; `up` leads to the row around. */
struct list_row {
	struct address first, last;
	const char *range, *label, *kind, *says;
	const struct intel_kind *class;      /* NULL: a mark */
	int64_t date, from, to;
	uint32_t up;                         /* index + 1, 0: none */
};
struct list {
	struct intel_source source;
	struct list_row *rows;
	size_t n, room;
};
int list_read(struct list *list, struct slice text, const char *name, struct arena *arena,
	      struct err *err);
int ranges_read(struct list *list, struct slice text, const char *name, struct arena *arena,
		struct err *err);
void list_done(struct list *list);
/* The innermost row that holds it, or NULL. */
const struct list_row *list_look(const struct list *list, const struct address *a);

/* What kind of network an AS is. */
struct as_class {
	uint32_t asn;
	const struct intel_kind *class;
	const char *kind, *label, *says, *range;
	int64_t date;
};
struct as_classes {
	struct intel_source source;
	struct as_class *rows;
	size_t n, room;
};
int classes_read(struct as_classes *classes, struct slice text, const char *name,
		 struct arena *arena, struct err *err);
void classes_done(struct as_classes *classes);
const struct as_class *classes_look(const struct as_classes *classes, uint32_t asn);

struct country {
	char code[3];
	const char *name;
};
struct countries {
	struct country *rows;
	size_t n;
};
int countries_read(struct countries *countries, struct slice text, const char *name,
		   struct arena *arena, struct err *err);
const char *countries_look(const struct countries *countries, const char *code);

/* Fields of a TSV line between tabs; comments begin with "#".  Counts how
 * many there are, up to max. */
size_t tsv_fields(struct slice line, struct slice *fields, size_t max);

#endif
