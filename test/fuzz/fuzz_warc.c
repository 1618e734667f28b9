/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The head of a WARC record: every field lies inside the input; what was read
 * and is written again reads the same; a head that was read from all of the
 * bytes reads the same from its own bytes, and not at all from fewer.
 */
#include <assert.h>

#include "casefile/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct slice field(const struct warc_head *head, const struct warc_field *f)
{
	return *(const struct slice *)(const void *)((const char *)head + f->offset);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped(buf_done) struct buf written = buf_limited(1 << 20);
	const struct slice all = slice_of(data, size);
	struct warc_head head, again;
	const char *why = "unset";

	if (!warc_head_read(all, &head, &why)) {
		assert(!why || strlen(why) > 0);
		return 0;
	}
	assert(head.size <= size);
	assert(warc_head_write(&head, &written) == 0);
	assert(warc_head_read(buf_slice(&written), &again, &why));
	assert(again.size == written.n && again.length == head.length);
	for (const struct warc_field *f = warc_fields; f->name; f++) {
		const struct slice a = field(&head, f), b = field(&again, f);

		assert(!a.p || (a.p >= all.p && a.p + a.n <= all.p + all.n));
		assert((a.p == NULL) == (b.p == NULL) && slice_equal(a, b));
	}
	assert(warc_head_read(slice_head(all, head.size), &again, &why) && again.size == head.size);
	assert(!warc_head_read(slice_head(all, head.size - 1), &again, &why));
	return 0;
}
