/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that gather the model share. */
#ifndef REPORT_INTERNAL_H
#define REPORT_INTERNAL_H

#include "casefile/casefile.h"
#include "report/model.h"
#include "report/report.h"

/* How much of each is held; past that only the total grows. */
#define LIST_MAX 20000u
#define NAMES_MAX 2000u              /* a kind of change on a day */
#define EVIDENCE_MAX 3000u
#define MODEL_BYTES_MAX ((size_t)1 << 30)

/* What the callbacks of one gathering pass on. */
struct gather {
	struct model *m;
	struct casefile *cf;
	struct err *err;

	/* When an object was first seen: from the new and changed entries. */
	struct first_seen {
		int64_t object, time;
	} *firsts;
	size_t firsts_n, firsts_room;

	/* Which entries and objects belong to which rows of the sheet. */
	struct belongs {
		int64_t key;             /* an entry, or an object */
		size_t title, episode;   /* rows; episode SIZE_MAX: none */
	} *entries, *objects;
	size_t entries_n, entries_room, objects_n, objects_room;
};

char *model_text(struct model *m, const char *text);      /* NULL when out of memory */
int model_no_memory(struct err *err);

/* Room for one more in an arena array that doubles; NULL when out of memory. */
void *model_grow(struct model *m, void *array, size_t n, size_t *room, size_t item);
int model_list_add(struct model *m, struct model_list *list, struct model_finding *f, struct err *err);

/* Copy a finding in; *out may be one that is there already. */
int model_keep(struct model *m, const struct finding *f, struct model_finding **out, struct err *err);

/* The parts of model_gather(), in this order. */
int gather_custody(struct gather *g);
int gather_findings(struct gather *g);
int gather_sheet_rows(struct gather *g);
int gather_days(struct gather *g);
int gather_pictures(struct gather *g);
int gather_evidence(struct gather *g);

/* Decode and shrink the pictures, at most `max`, within `bytes_max` of PNG. */
int pictures_draw(struct casefile *cf, struct model *m, const struct report_options *options,
		  size_t bytes_max, struct err *err);

#endif
