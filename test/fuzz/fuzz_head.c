/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a response head: every text ends inside its room and is
 * harmless where it is shown, times and waits are in range, and what stands
 * behind the head's own lines (another header of the same name) changes
 * nothing.
 */
#include <assert.h>

#include "base/text.h"
#include "collect/head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped(buf_done) struct buf more = buf_limited(1 << 20);
	struct answer once = { .status = 302 }, twice = { .status = 302 }, fine = { .status = 200 };

	if (size > 1 << 16)
		return 0;
	head_read(slice_of(data, size), &once);
	assert(memchr(once.type, 0, sizeof once.type) && memchr(once.location, 0, sizeof once.location));
	assert(utf8_valid(slice_text(once.type)));
	assert(once.retry_after_s >= -1);
	head_read(slice_of(data, size), &fine);
	assert(!fine.location[0]);

	/* The first of several counts. */
	if (!once.location[0] || !once.type[0])
		return 0;
	(void)buf_add(&more, slice_of(data, size));
	(void)buf_text(&more, "\r\nLocation: /elsewhere\r\nContent-Type: other/thing\r\n");
	head_read(buf_slice(&more), &twice);
	assert(slice_starts(slice_text(twice.location), slice_text(once.location)));
	assert(head_chunked(slice_of(data, size)) == head_chunked(slice_of(data, size)));
	return 0;
}
