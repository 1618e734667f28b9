/* SPDX-License-Identifier: Apache-2.0 */
#include "logs/logfmt.h"

extern const struct logfmt logfmt_combined;

/* Every access-log format we read.  Alphabetical; guessing goes by score. */
const struct logfmt *const logfmts[] = {
	&logfmt_combined,
	NULL,
};

const struct logfmt *logfmt_named(const char *name)
{
	for (const struct logfmt *const *f = logfmts; *f; f++)
		if (strcmp((*f)->name, name) == 0)
			return *f;
	return NULL;
}

const struct logfmt *logfmt_guess(struct slice sample, int least)
{
	const struct logfmt *best = NULL;
	int high = least - 1;

	for (const struct logfmt *const *f = logfmts; *f; f++) {
		const int score = (*f)->score(sample);

		if (score > high) {
			high = score;
			best = *f;
		}
	}
	return best;
}

int logfmt_share(const struct logfmt *format, struct slice sample)
{
	size_t lines = 0, fit = 0;
	struct slice line;

	while (slice_line(&sample, &line)) {
		struct log_event event;
		const char *why;

		if (line.n == 0)
			continue;
		lines++;
		fit += format->parse(line, &event, &why);
	}
	return lines ? (int)(fit * 100 / lines) : 0;
}
