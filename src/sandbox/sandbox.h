/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sandbox - hostile bytes are read by another program
 *
 * The broker (this side, in xsheet) starts xsheet-worker with fork and exec
 * for each job: one open descriptor to read from, one pipe to answer on,
 * nothing else.  The worker loads its models and tables, confines itself
 * (Landlock: no path; seccomp: an allow-list per kind; rlimits) and only then
 * touches the bytes.  What it may say is a small table of messages, each with
 * a maximum; one that breaks the rules is ended.
 *
 * Whatever happens, a job ends with a verdict, which is itself a finding.
 * Several jobs may run at once, one per slot.  One thread.
 */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include "base/arena.h"
#include "base/err.h"
#include "sandbox/message.h"

/* In the order of how bad it is for what was read, best first. */
enum verdict {
	VERDICT_OK,
	VERDICT_PARTIAL,        /* the worker said what it left out */
	VERDICT_CRASHED,        /* a signal, or a broken message */
	VERDICT_TIMED_OUT,      /* wall clock */
	VERDICT_OVER_BUDGET,    /* memory, CPU time, answer bytes */
	VERDICT_DENIED,         /* it tried what it may not: seccomp */
	VERDICT_UNABLE,         /* the worker could not get ready (a model is missing): nothing was read */
};
/* "ok", "partial", "crashed", "timed out", "over budget", "denied"; unable is
 * "not read". */
const char *verdict_name(enum verdict verdict);

/* What one job may use. */
struct budget {
	unsigned wall_ms, cpu_s;
	uint64_t memory, answer;      /* bytes */
};

struct job {
	const char *worker;           /* which kind: "type", "text", "office", "picture", "ocr" */
	int input;                    /* read from here ...; may be closed once the job has started */
	uint64_t offset, length;      /* ... this range */
	int pixels;                   /* "picture" writes, "ocr" reads raw pixels here; -1: none */
	uint32_t width, height;       /* of the pixels, for "ocr" */
	struct budget budget;         /* zero fields: the kind's own default */
	void *tag;                    /* the caller's, comes back in the result */
};

struct job_result {
	void *tag;
	enum verdict verdict;
	char why[256];                /* what happened, for all but ok */
	size_t count;
	const struct message *messages;      /* checked; valid until job_result_done() */
	struct arena arena;
};
void job_result_done(struct job_result *result);

struct sandbox;

/* `worker_path` NULL: $XSHEET_WORKER, else beside this program, else in
 * libexec.  `slots` jobs at once. */
int sandbox_new(const char *worker_path, unsigned slots, struct sandbox **out, struct err *err);
/* Ends whatever still runs. */
void sandbox_free(struct sandbox *box);
static inline void sandbox_free_scoped(struct sandbox **box)
{
	sandbox_free(*box);
}

/* The kinds the worker program offers, and what they read with (engines,
 * models with their SHA-256): a JSON object by kind, for run.params. */
const char *sandbox_tools(const struct sandbox *box);
bool sandbox_has(const struct sandbox *box, const char *worker);

unsigned sandbox_running(const struct sandbox *box);
unsigned sandbox_slots(const struct sandbox *box);
/* Start a job; ERR_BUSY when every slot is taken. */
int sandbox_start(struct sandbox *box, const struct job *job, struct err *err);
/* Wait until one job ends.  ERR_NOT_FOUND when none runs; ERR_STOPPED when a
 * signal handler of the caller ran meanwhile: look, and wait again. */
int sandbox_wait(struct sandbox *box, struct job_result *out, struct err *err);

/* How well this machine can confine: Landlock's ABI (0: none), seccomp.  In
 * words for the user; "" when nothing is missing. */
void sandbox_missing(char out[256]);

#endif
