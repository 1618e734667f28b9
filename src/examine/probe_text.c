/* SPDX-License-Identifier: Apache-2.0 */
/* Plain text in whatever encoding: its lines, with script and language. */
#include <stdio.h>

#include "examine/encoding.h"
#include "examine/lines.h"
#include "examine/probes.h"

#define TEXT_MAX (16u << 20)      /* bytes of one file that are read */

static int prepare(void **state, struct err *err)
{
	*state = NULL;
	return encoding_prepare(err);
}

static void read_text(void *state, const struct worker_input *input, struct worker *w)
{
	const struct slice bytes = slice_head(input->bytes, TEXT_MAX);
	const struct encoding_guess guess = encoding_guess(bytes);
	scoped(buf_done) struct buf text = buf_limited(4 * (size_t)TEXT_MAX);
	struct lines lines = lines_for(w);
	struct message m = message_of(MESSAGE_ENCODING);
	struct slice rest, line;
	char why[96];
	uint32_t n = 0;
	size_t bad;

	(void)state;
	m.text = slice_text(guess.name);
	m.certainty = guess.certainty;
	worker_say(w, &m);
	if (bytes.n < input->bytes.n)
		worker_partial(w, "only the first 16 MB are read");
	if (encoding_decode(&guess, bytes, &text, &bad) < 0)
		worker_partial(w, "decoded, it is too large: the end is left out");
	if (bad) {
		(void)snprintf(why, sizeof why, "%zu places do not fit the encoding %s", bad,
			       guess.name);
		worker_partial(w, why);
	}
	rest = buf_slice(&text);
	while (slice_line(&rest, &line)) {
		m = message_of(MESSAGE_LINE);
		m.text = line;
		m.line = ++n;
		if (!lines_add(&lines, &m))
			break;
	}
	lines_say(&lines);
}

const struct probe probe_text = {
	.name = "text",
	.summary = "plain text in any encoding",
	.budget = { .wall_ms = 30000, .cpu_s = 20, .memory = 384u << 20, .answer = 48u << 20 },
	.prepare = prepare,
	.read = read_text,
};
