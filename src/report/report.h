/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report - what was found, for others to read and to check
 *
 *	struct report_options options = { .format = "html", .pictures_max = 60 };
 *	r = report_write(cf, &options, "report.html", &tally, &err);
 *
 * One model is gathered from the case (report/model.h); each writer shows the
 * same model.  The result depends on the case alone: same case, same bytes.
 * No time but the case's own is in it, and no path of this machine.
 *
 * Pictures are hostile files: they are decoded by the confined worker, and
 * only grey pixels come back.  Without a worker the report says that pictures
 * could not be shown and why.
 *
 * To add a writer
 *	1. write report/write_NAME.c with one `const struct report_writer`;
 *	2. name it in report/writers.c;
 *	3. specify what it writes in docs/formats/report.md.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/progress.h"

struct casefile;
struct model;

/* A page stays below this; what does not fit is said as "n of m". */
#define REPORT_SIZE_MAX (15u << 20)

struct report_options {
	const char *format;              /* a writer's name; NULL: "html" */
	unsigned pictures_max;           /* 0: none */
	const char *worker_path;         /* as for sandbox_new() */
	bool keep;                       /* keep a copy in CASE/report/: needs CASEFILE_WRITE */
	struct progress *progress;       /* may be NULL */
};

struct report_tally {
	uint64_t bytes;
	uint64_t claims, pairs, pictures, pictures_shown;
	struct sha256 sha256;            /* of what was written */
	char head[SHA256_HEX];           /* the ledger head it was made from */
	char kept[160];                  /* "report/NAME" in the case, or "" */
};

struct report_writer {
	const char *name;                /* for --format */
	const char *summary;
	const char *suffix;              /* ".html" */
	bool pictures;                   /* does it show them? */
	int (*write)(const struct model *m, struct buf *out, struct err *err);
};

/* Every writer; ends with NULL. */
extern const struct report_writer *const report_writers[];
/* NULL when there is none of this name. */
const struct report_writer *report_writer_named(const char *name);

/* Write the report to the file `path`. */
int report_write(struct casefile *cf, const struct report_options *options, const char *path,
		 struct report_tally *tally, struct err *err);
int report_to_buf(struct casefile *cf, const struct report_options *options, struct buf *out,
		  struct report_tally *tally, struct err *err);

#endif
