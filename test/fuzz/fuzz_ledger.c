/* SPDX-License-Identifier: Apache-2.0 */
/* A line of the ledger: every field lies inside the input; the parts put
 * together again are the line; no line that one did not sign is signed; a
 * seal from a stranger cannot make more memory than it has segments. */
#include <assert.h>
#include <sodium.h>

#include "casefile/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool inside(struct slice part, struct slice all)
{
	return part.p >= all.p && part.p + part.n <= all.p + all.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned char nobody[32] = { 1 };
	scoped(buf_done) struct buf again = buf_limited(1 << 20);
	const struct slice all = slice_of(data, size);
	struct ledger_state state = { 0 };
	struct ledger_line line;
	struct slice rest = all, part;
	const char *why = "unset";

	assert(sodium_init() >= 0);
	if (size > 65536)
		return 0;
	if (!ledger_parse(all, &line, &why)) {
		assert(strlen(why) > 0);
		return 0;
	}
	assert(inside(line.kind, all) && inside(line.previous, all) && inside(line.body, all));
	assert(inside(line.signed_part, all) && line.signed_part.p == all.p);
	assert(slice_cut(&rest, '\t', &part) && slice_cut(&rest, '\t', &part));
	(void)buf_printf(&again, "%llu\t", (unsigned long long)line.n);
	(void)buf_add(&again, part);
	(void)buf_char(&again, '\t');
	(void)buf_add(&again, line.kind);
	(void)buf_char(&again, '\t');
	(void)buf_add(&again, line.previous);
	(void)buf_char(&again, '\t');
	(void)buf_add(&again, line.body);
	assert(slice_equal(buf_slice(&again), line.signed_part));
	assert(!ledger_signed_by(&line, nobody));
	if (ledger_apply(&state, &line))
		assert(state.segment_count <= 99999);
	ledger_state_done(&state);
	return 0;
}
