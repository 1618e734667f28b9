/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a catalogue of productions: refused with file and line, or
 * read; what was read is text with an id and a title, and each title is found
 * again by its code.
 */
#include <assert.h>

#include "base/text.h"
#include "match/titles.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct wanted {
	uint32_t code;
	bool found;
};

static int see(uint32_t code, void *data)
{
	struct wanted *wanted = data;

	wanted->found = wanted->found || wanted->code == code;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped(titles_done) struct titles t = { 0 };
	struct err err = { 0 };

	if (size > 1 << 16)
		return 0;
	assert(titles_init(&t, NULL) == 0);
	if (titles_parse(&t, "list", slice_of(data, size), &err) < 0) {
		assert(slice_starts(slice_text(err.text), SLICE("list")) ||
		       slice_starts(slice_text(err.text), SLICE("'list")));
		return 0;
	}
	for (size_t i = 0; i < t.n; i++)
		assert(t.all[i].id[0] && t.all[i].name[0] && utf8_valid(slice_text(t.all[i].name)));
	for (uint32_t i = 0; i < t.code_count; i++) {
		struct wanted wanted = { i, false };

		(void)titles_code(&t, slice_text(t.codes[i].code), see, &wanted);
		assert(wanted.found);
	}
	return 0;
}
