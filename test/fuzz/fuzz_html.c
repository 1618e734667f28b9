/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tokenizer gives the same tokens for a page in one piece and in many,
 * whatever the bytes; a name is never longer than its tag; decoding entities
 * never makes text longer.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"
#include "collect/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct html html;

static void each(const struct html_token *token, void *data)
{
	struct buf *out = data;

	if (token->kind == HTML_TEXT) {
		assert(token->text.n > 0 && token->text.n <= HTML_TEXT_PIECE);
		buf_add(out, token->text);
		return;
	}
	assert(token->name.n > 0 && token->name.n <= HTML_TAG && token->n <= HTML_ATTRS);
	buf_add(out, token->name);
	for (size_t i = 0; i < token->n; i++) {
		assert(token->attrs[i].name.n > 0);
		assert(token->attrs[i].name.n + token->attrs[i].value.n <= HTML_TAG);
		buf_add(out, token->attrs[i].name);
		buf_add(out, token->attrs[i].value);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped(buf_done) struct buf whole = buf_limited(64 << 20);
	scoped(buf_done) struct buf pieces = buf_limited(64 << 20);
	struct slice rest = slice_of(data, size);
	uint64_t cut;
	bool unfinished;
	char *decoded = malloc(size + 1);

	html_init(&html, each, &whole);
	html_add(&html, rest);
	html_end(&html);
	cut = html.cut;
	unfinished = html.unfinished;
	html_init(&html, each, &pieces);
	for (size_t n = 1; rest.n; rest = slice_skip(rest, n), n = n % 7 + 1)
		html_add(&html, slice_head(rest, n));
	html_end(&html);
	assert(slice_equal(buf_slice(&whole), buf_slice(&pieces)));
	assert(cut == html.cut && unfinished == html.unfinished);
	assert(decoded && html_decode(slice_of(data, size), decoded) <= size);
	free(decoded);
	return 0;
}
