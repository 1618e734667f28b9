/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input is a robots.txt.  A group for somebody else in front changes
 * nothing; "Disallow: /" for us forbids what nothing longer allows; without a
 * rule for us or "*" all is allowed.
 */
#include <assert.h>

#include "base/buf.h"
#include "collect/robots.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "/", "/a", "/a/b.mp4", "/%20x/", "/private/x", "/a%2Fb" };
	scoped(buf_done) struct buf more = buf_limited(4 << 20);
	const struct robots plain = { .file = slice_of(data, size) };
	struct robots other;

	if (size > 1 << 16)
		return 0;
	(void)buf_text(&more, "User-agent: somebody-else\nDisallow: /\nUser-agent: nobody\n\nAllow: /zz\n");
	assert(buf_add(&more, plain.file) == 0);
	other = (struct robots){ .file = buf_slice(&more) };
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		const bool allowed = robots_allow(&plain, slice_text(paths[i]));

		assert(allowed == robots_allow(&other, slice_text(paths[i])));
		if (slice_find_nocase(plain.file, SLICE("disallow")) < 0)
			assert(allowed);
	}
	return 0;
}
