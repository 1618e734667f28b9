/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as an observation's head: refused with a line, or read.  What was
 * read lies inside the input, is text, and each range is one.
 */
#include <assert.h>
#include <stdlib.h>

#include "assess/sqlhead.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(struct slice s, struct slice of)
{
	assert(s.n == 0 || (s.p >= of.p && s.p + s.n <= of.p + of.n));
	assert(utf8_valid(s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice text = slice_of(data, size);
	static struct sqlhead head;
	struct err err = { 0 };

	if (sqlhead_parse(text, "head", &head, &err) < 0) {
		assert(slice_starts(slice_text(err.text), SLICE("head:")));
		return 0;
	}
	inside(head.id, text);
	inside(head.meaning, text);
	inside(head.unit, text);
	inside(head.group, text);
	inside(head.kind, text);
	inside(head.needs, text);
	inside(head.missing, text);
	assert(head.id.n && head.at_least > 0);
	assert(head.likelihood_count <= SQLHEAD_LIKELIHOODS_MAX);
	for (size_t i = 0; i < head.likelihood_count; i++) {
		const struct sqlhead_likelihood *l = &head.likelihood[i];

		inside(l->hypothesis, text);
		inside(l->because, text);
		assert(l->because.n && l->range.low > 0 && l->range.low <= l->range.high && l->range.high < 1);
	}
	return 0;
}
