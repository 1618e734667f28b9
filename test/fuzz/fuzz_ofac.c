/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as SDN.CSV and as ALT.CSV: refused with a place, or read.  What
 * was read is text, has a number and a name, and is found again in a line
 * that holds it, if it is looked for in running text at all.
 */
#include <assert.h>

#include "base/text.h"
#include "match/names.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct wanted {
	uint32_t form;
	bool found;
};

static int see(uint32_t form, size_t first, size_t last, void *data)
{
	struct wanted *wanted = data;

	assert(first <= last);
	wanted->found = wanted->found || form == wanted->form;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped(namelist_done) struct namelist n = { 0 };
	scoped(fold_done) struct fold fold = { 0 };
	const struct slice bytes = slice_of(data, size);
	struct err err = { 0 };
	uint32_t file;

	if (size > 1 << 16)
		return 0;
	namelist_init(&n);
	assert(namelist_add_file(&n, "list", bytes, "list", &file, NULL) == 0);
	if (ofac_parse(&n, bytes, file, "list", &err) < 0)
		assert(slice_starts(slice_text(err.text), SLICE("list:")));
	(void)ofac_parse_aliases(&n, bytes, file, "list", NULL);
	assert(namelist_ready(&n, NULL) == 0);
	for (uint32_t i = 0; i < n.form_count && i < 64; i++) {
		struct wanted wanted = { i, false };

		assert(utf8_valid(slice_text(n.forms[i].text)) && n.forms[i].text[0]);
		assert(n.entries[n.forms[i].entry].number[0]);
		assert(fold_words(&fold, slice_text(n.forms[i].text), NULL) == 0);
		(void)namelist_find(&n, &fold, see, &wanted);
		assert(wanted.found == n.forms[i].wanted || !n.forms[i].wanted);
	}
	return 0;
}
