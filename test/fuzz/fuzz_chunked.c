/* SPDX-License-Identifier: Apache-2.0 */
/* The chunked coding: whole and in pieces give the same bytes and the same
 * end; no more comes out than went in; what is framed anew is decoded to the
 * same. */
#include <assert.h>

#include "casefile/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int take(struct slice bytes, void *to)
{
	return buf_add(to, bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped(buf_done) struct buf whole = buf_limited(1 << 20);
	scoped(buf_done) struct buf pieces = buf_limited(1 << 20);
	scoped(buf_done) struct buf framed = buf_limited(1 << 20);
	struct chunked a = { 0 }, b = { 0 }, c = { 0 };
	struct slice rest;
	size_t step;

	if (size < 1 || size > 65536)
		return 0;
	step = data[0] % 7 + 1;
	rest = slice_of(data + 1, size - 1);
	assert(chunked_feed(&a, rest, take, &whole) == 0);
	while (rest.n) {
		assert(chunked_feed(&b, slice_head(rest, step), take, &pieces) == 0);
		rest = slice_skip(rest, step);
	}
	assert(slice_equal(buf_slice(&whole), buf_slice(&pieces)));
	assert(chunked_ended(&a) == chunked_ended(&b) && a.state == b.state);
	assert((a.why == NULL) == (b.why == NULL));
	assert(whole.n <= size);

	for (rest = buf_slice(&whole); rest.n; rest = slice_skip(rest, step)) {
		(void)buf_printf(&framed, "%zx\r\n", slice_head(rest, step).n);
		(void)buf_add(&framed, slice_head(rest, step));
		(void)buf_text(&framed, "\r\n");
	}
	(void)buf_text(&framed, "0\r\n\r\n");
	assert(buf_broken(&framed) == 0);
	buf_clear(&pieces);
	assert(chunked_feed(&c, buf_slice(&framed), take, &pieces) == 0 && chunked_ended(&c));
	assert(slice_equal(buf_slice(&whole), buf_slice(&pieces)));
	return 0;
}
