/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker - the confined side
 *
 * A probe is what one kind of worker does.  It is a constant; xsheet-worker
 * walks the list in worker/probes.c.
 *
 *	1. prepare() loads models and tables: files may be opened, no foreign
 *	   byte has been seen;
 *	2. the process is confined;
 *	3. read() reads the input and says what it finds.
 *
 * To add a kind: examine/probe_NAME.c with one `const struct probe
 * probe_NAME`, its line in worker/probes.c, its budget there, a fuzz target.
 */
#ifndef SANDBOX_WORKER_H
#define SANDBOX_WORKER_H

#include "base/err.h"
#include "sandbox/message.h"
#include "sandbox/sandbox.h"

struct worker_input {
	struct slice bytes;           /* the range, mapped read-only */
	unsigned char *pixels;        /* "picture": write here; "ocr": read here; or NULL */
	uint64_t pixels_size;
	uint32_t width, height;       /* "ocr" */
};

struct worker;      /* where messages go */

/* Say it.  Text is made harmless and cut to MESSAGE_MAX; once the answer
 * budget is spent the process ends itself (verdict: over budget). */
void worker_say(struct worker *w, const struct message *message);
/* In short: something was left out. */
void worker_partial(struct worker *w, const char *why);

struct probe {
	const char *name, *summary;
	struct budget budget;                  /* the default */
	const int *calls;                      /* system calls beyond the common ones; ends with -1 */
	int (*prepare)(void **state, struct err *err);      /* may be NULL */
	void (*read)(void *state, const struct worker_input *input, struct worker *w);
};

/* All of xsheet-worker's main(). */
int worker_main(int argc, char **argv, const struct probe *const *probes);

/* For tests and fuzzing: run a probe in this process, unconfined, and hand
 * each message to `each`. */
void probe_run(const struct probe *probe, const struct worker_input *input,
	       void (*each)(const struct message *, void *), void *data);

#endif
