/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the broker accepts lies inside its input, is harmless, and comes back
 * the same when it is written and read again.
 */
#include <assert.h>

#include "base/text.h"
#include "sandbox/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(struct slice part, const uint8_t *data, size_t size)
{
	scoped(buf_done) struct buf safe = buf_limited(16 << 20);

	assert(part.n == 0 || ((const uint8_t *)part.p >= data &&
			       (const uint8_t *)part.p + part.n <= data + size));
	assert(text_safe(&safe, part, true) == 0 && slice_equal(part, buf_slice(&safe)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped(buf_done) struct buf wire = buf_limited(16 << 20);
	struct message m, again;
	const char *why = NULL;

	if (!message_decode(slice_of(data, size), &m, &why)) {
		assert(why && *why);
		return 0;
	}
	inside(m.text, data, size);
	inside(m.name, data, size);
	inside(m.where, data, size);
	inside(m.script, data, size);
	inside(m.lang, data, size);
	assert(message_encode(&wire, &m) == 0);
	assert(message_decode(slice_skip(buf_slice(&wire), 4), &again, &why));
	assert(slice_equal(slice_skip(buf_slice(&wire), 4), slice_of(data, size)));
	assert(again.kind == m.kind && again.line == m.line && again.certainty == m.certainty);
	return 0;
}
