/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever the page, each reader that bids gives entries that can be fetched
 * safely - one name, no "/", no NUL, no dot folder, and encoded again inside
 * the folder - or says why not; the sum counts what was handed on.
 */
#include <assert.h>
#include <stdio.h>

#include "collect/listing.h"
#include "collect/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int each(const struct listed *e, void *data)
{
	uint64_t *count = data;

	assert(e->name.n <= LISTING_NAME_MAX);
	assert(e->size_min <= e->size_max);
	assert(e->size == SIZE_NOT_STATED || (e->size_min <= e->size && e->size <= e->size_max));
	assert(!memchr(e->name.p, '/', e->name.n) && !memchr(e->name.p, '\0', e->name.n));
	assert(e->name.n > 0);
	if (!e->unfetchable) {
		scoped(buf_done) struct buf text = buf_limited(1 << 16);
		struct url scope, url;
		const char *why;

		assert(!slice_is(e->name, ".") && !slice_is(e->name, ".."));
		(void)buf_text(&text, "http://h/d/");
		assert(url_parse(buf_slice(&text), &scope, &why));
		assert(url_encode(&text, e->name) == 0);
		assert(url_parse(buf_slice(&text), &url, &why) && url_inside(&scope, &url, &why));
		assert(slice_equal(slice_skip(buf_slice(&text), 8), slice_text(url.path)));
	}
	(*count)++;
	return 0;
}

static int quit(const struct listed *e, void *data)
{
	(void)e, (void)data;
	return 7;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct page page = page_of(SLICE("/d/"), slice_of(data, size));
	struct listing_sum sum;
	uint64_t count = 0;

	assert(listing_read(&page, each, &count, &sum, NULL) == 0);
	assert(sum.entries == count);
	assert((sum.answer == LISTING_READ) == (count > 0));
	assert(listing_read(&page, quit, NULL, &sum, NULL) == (count ? 7 : 0));
	for (const struct listing_reader *const *r = listing_readers; *r; r++) {
		struct listing_sink sink = { .each = each, .data = &count, .page = &page };

		assert((*r)->score(&page) >= 0 && (*r)->score(&page) <= 100);
		if ((*r)->score(&page) > 0)
			assert((*r)->read(&page, &sink, NULL) == 0);
	}
	return 0;
}
