/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model - what a report is about, gathered once from the case
 *
 * Writers read it and nothing else.  It holds what is shown and the totals of
 * what is not, so that every list can say "n of m".  Everything is in the
 * case's own order, so the same case gives the same model.
 *
 * References.  A finding that a sentence, row or picture points to is in
 * `evidence`, and the object it lies in is in `objects`: a writer links only
 * to what model_evidence() and model_object() return.
 *
 * All memory is the model's; free it with model_free().
 */
#ifndef REPORT_MODEL_H
#define REPORT_MODEL_H

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"

struct casefile;

#define PICTURES_SHOWN 60u

/* A finding with its JSON read.  data and locator are objects, never NULL. */
struct model_finding {
	int64_t id, run, object;
	const char *kind, *value;
	json_t *data, *locator;
	double certainty;
};

/* Findings of one kind: those kept, and how many there are. */
struct model_list {
	struct model_finding **at;
	size_t n, room;
	uint64_t total;
};

struct model_source {
	int64_t id;
	const char *kind, *locator, *scope;
};

struct model_change {
	int64_t entry, object;
	const char *name, *why;
	uint64_t size;
};

enum model_change_kind {
	CHANGE_NEW,
	CHANGE_CHANGED,
	CHANGE_VANISHED,
	CHANGE_FAILED,
	CHANGE_UNKNOWN,
	CHANGE_KINDS,
};
extern const char *const model_change_names[CHANGE_KINDS];

/* Names of one kind of change on one day. */
struct model_names {
	struct model_change *at;
	size_t n, room;
	uint64_t total;
};

/* All captures of places (not logs) that began on one day (UTC). */
struct model_day {
	const char *day;                 /* "2024-01-08" */
	uint64_t captures, partial, seen, unchanged;
	struct model_names changes[CHANGE_KINDS];
	uint64_t bytes_new;              /* size of what was new or changed */
};

struct model_capture {
	int64_t id, source, started, ended;
	const char *state, *note;
	size_t day;                      /* in days; SIZE_MAX: of a log, which is of no day */
	uint64_t seen, fresh, changed, unchanged, vanished, unknown, failed;
};

/* One row of the exposure sheet: a title, one of its episodes, or the rest. */
struct model_row {
	const char *id, *title, *episode;      /* episode "" for the title's own row */
	bool claim;                            /* else a lead */
	uint64_t files;                        /* new or changed in all days */
	uint64_t *fresh, *changed;             /* per day */
};

struct model_object {
	int64_t id;
	const char *sha256, *segment, *name, *truncated;
	uint64_t size, record, offset;
	int64_t seen;                    /* when a capture first saw it; CLOCK_NONE */
	bool chunked;
	uint64_t findings;               /* how many pieces of evidence lie in it */
};

/* An object with pairs in it: a picture, or a text (then there is nothing to
 * draw). */
struct model_picture {
	int64_t object;
	const char *name;                      /* a path at which it was last seen, or "" */
	int64_t later;                         /* a later version of that path has pairs, too: its object; else 0 */
	size_t earlier;                        /* how many versions have this one as their `later` */
	bool drawn;                            /* its lines were read in a picture */
	double weight;                         /* sum of the pairs' certainties */
	struct model_list pairs, lines;        /* pair.lines and ocr.line in it */
	uint32_t width, height;                /* of the pixels that boxes refer to */
	uint32_t shown_width, shown_height;
	const char *png;                       /* NULL: not shown */
	size_t png_size;
	const char *why;                       /* not shown, why; else "" */
};

struct model_run {
	int64_t id, started;
	const char *stage, *tool;
	json_t *params;
};

struct model_verdict {
	const char *verdict;
	uint64_t objects;
};

struct model {
	struct arena arena;

	/* Custody. */
	const char *authority;           /* as stated, or "" */
	const char *public_key;          /* hex, or "" if the ledger does not name it */
	const char *head;                /* hash of the last entry this was made from */
	uint64_t entries;                /* of the ledger, up to the head */
	int64_t created, as_of;          /* first and last entry's time */
	bool clock_set;                  /* at some moment the clock was set by hand */
	bool synthetic;                  /* the material says it was made up */
	const char *synthetic_why;

	struct model_source *sources;
	size_t sources_n;
	struct model_capture *captures;
	size_t captures_n;
	struct model_day *days;
	size_t days_n;
	struct model_row *rows;
	size_t rows_n;

	struct model_list claims, observations;
	struct model_list summaries, logins, sessions, origins, exchanges, relays;
	uint64_t rejects;                      /* log lines that did not fit */
	struct model_list pairs, titles, legs, names;
	struct model_list unread;              /* file.verdict other than ok */
	struct model_verdict verdicts[16];
	size_t verdicts_n;
	uint64_t examined;

	/* Latest versions of pictures in order of name (where there are more than
	 * PICTURES_SHOWN: the surest of them first), latest versions of texts,
	 * then earlier versions of both, by name too. */
	struct model_picture *pictures;
	size_t pictures_n, pictures_shown;
	const char *pictures_why;              /* none could be shown, why; else "" */

	struct model_finding **evidence;       /* by id */
	size_t evidence_n;
	uint64_t evidence_total;               /* referred to; more than evidence_n if cut */
	struct model_object *objects;          /* by id */
	size_t objects_n;
	uint64_t objects_total;                /* in the case */

	struct model_run *runs;
	size_t runs_n;

	struct model_finding **all;            /* every finding held */
	size_t all_n, all_room;
};

/* ERR_LIMIT when the case holds more than a report can. */
int model_gather(struct casefile *cf, struct model **out, struct err *err);
void model_free(struct model *m);
static inline void model_free_scoped(struct model **m)
{
	model_free(*m);
}

/* Shown as evidence?  NULL otherwise. */
const struct model_finding *model_evidence(const struct model *m, int64_t id);
const struct model_object *model_object(const struct model *m, int64_t id);

/* Members of a JSON object; "" , `otherwise`, or NULL when they are not there
 * or of another type.  Valid as long as the model. */
const char *member_text(const json_t *object, const char *name);
int64_t member_number(const json_t *object, const char *name, int64_t otherwise);
double member_real(const json_t *object, const char *name, double otherwise);
const json_t *member_array(const json_t *object, const char *name);
const json_t *member_object(const json_t *object, const char *name);

#endif
