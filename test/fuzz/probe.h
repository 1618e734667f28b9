/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A probe under fuzzing, in this process.  The property: whatever the bytes
 * are, it comes back, every message it says is one the broker accepts
 * (probe_run() asserts that), and the last one, and only that, is "done".
 */
#ifndef TEST_FUZZ_PROBE_H
#define TEST_FUZZ_PROBE_H

#include <assert.h>
#include <stdio.h>

#include "examine/probes.h"

struct fuzz_seen {
	size_t count, done;
};

static void fuzz_each(const struct message *m, void *data)
{
	struct fuzz_seen *seen = data;

	assert(!seen->done);
	seen->count++;
	seen->done += m->kind == MESSAGE_DONE;
}

static inline void fuzz_probe(const struct probe *probe, struct worker_input input)
{
	static void *state;
	static int ready;
	struct fuzz_seen seen = { 0 };

	if (!ready) {
		struct err err = { 0 };

		if (probe->prepare && probe->prepare(&state, &err) < 0) {
			(void)fprintf(stderr, "%s\n", err.text);
			abort();
		}
		ready = 1;
	}
	probe_run(probe, state, &input, fuzz_each, &seen);
	assert(seen.done == 1);
}

#endif
