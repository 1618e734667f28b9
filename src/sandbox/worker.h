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
	/* What it reads with, as a JSON object: engine, models with their hash.
	 * Asked in a process of its own that reads nothing.  May be NULL. */
	int (*identify)(struct buf *json, struct err *err);
	void (*read)(void *state, const struct worker_input *input, struct worker *w);
};

/*
 * All of xsheet-worker's main().  Started by the broker with the descriptors
 * WORKER_FD_... and the words KIND OFFSET LENGTH WIDTH HEIGHT CPU_S MEMORY
 * ANSWER; with --list it says what it can do, a line a kind:
 * NAME \t WALL_MS \t CPU_S \t MEMORY \t ANSWER \t {json}.
 */
#define WORKER_FD_INPUT 3
#define WORKER_FD_ANSWER 4
#define WORKER_FD_PIXELS 5
/* How it ends when it ends itself. */
#define WORKER_EXIT_MEMORY 81
#define WORKER_EXIT_ANSWER 82
#define WORKER_EXIT_UNABLE 83
int worker_main(int argc, char **argv, const struct probe *const *probes);

/* For tests and fuzzing: run a probe in this process, unconfined, and hand
 * each message, decoded from what would have crossed the wire, to `each`.
 * `state` is what prepare() gave. */
void probe_run(const struct probe *probe, void *state, const struct worker_input *input,
	       void (*each)(const struct message *, void *), void *data);

#endif
