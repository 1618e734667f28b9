/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An address that is taken is written and read again to the same address,
 * holds no byte that could break a request line, and no dot segment; what
 * joins to inside the scope begins with the scope.
 */
#include <assert.h>

#include "collect/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void at_rest(const struct url *url)
{
	scoped(buf_done) struct buf once = buf_limited(1 << 16);
	scoped(buf_done) struct buf twice = buf_limited(1 << 16);
	struct url again;
	const char *why;

	assert(url_text(url, &once) == 0);
	for (size_t i = 0; i < once.n; i++)
		assert(once.p[i] > ' ' && once.p[i] < 0x7F);
	assert(url->path[0] == '/');
	assert(slice_find(slice_text(url->path), SLICE("/../")) < 0);
	assert(!slice_ends(slice_text(url->path), SLICE("/..")));
	assert(url_parse(buf_slice(&once), &again, &why));
	assert(url_text(&again, &twice) == 0);
	assert(slice_equal(buf_slice(&once), buf_slice(&twice)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice text = slice_of(data, size);
	struct url scope, url;
	const char *why = NULL;

	if (url_parse(text, &url, &why))
		at_rest(&url);
	else
		assert(why);
	assert(url_parse(SLICE("http://h:81/pub/"), &scope, &why));
	if (!url_join(&scope, text, &url, &why))
		return 0;
	at_rest(&url);
	if (url_inside(&scope, &url, &why)) {
		scoped(buf_done) struct buf out = buf_limited(1 << 16);

		assert(url_text(&url, &out) == 0);
		assert(slice_starts(buf_slice(&out), SLICE("http://h:81/pub/")));
	}
	return 0;
}
