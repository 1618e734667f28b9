/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever goes in, text_safe() gives well-formed UTF-8 without control
 * characters, and is at rest: applied twice it changes nothing more.
 */
#include <assert.h>

#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped(buf_done) struct buf once = buf_limited(64 << 20);
	scoped(buf_done) struct buf twice = buf_limited(64 << 20);
	char place[64];

	if (size > 1 << 20)
		return 0;
	assert(text_safe(&once, slice_of(data, size), false) == 0);
	assert(utf8_valid(buf_slice(&once)));
	for (size_t i = 0; i < once.n; i++)
		assert((unsigned char)once.p[i] >= 0x20 && once.p[i] != 0x7F);
	assert(text_safe(&twice, buf_slice(&once), false) == 0);
	assert(slice_equal(buf_slice(&once), buf_slice(&twice)));

	text_neutral(slice_of(data, size), place, sizeof place);
	assert(utf8_valid(slice_text(place)));
	buf_clear(&twice);
	assert(text_json(&twice, slice_of(data, size)) == 0 && utf8_valid(buf_slice(&twice)));
	buf_clear(&twice);
	assert(text_html(&twice, slice_of(data, size)) == 0 && utf8_valid(buf_slice(&twice)));
	assert(slice_find(buf_slice(&twice), SLICE("<")) < 0);
	return 0;
}
