/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Apache's folder listing (mod_autoindex): plain (a list of names), fancy
 * (preformatted, with date and rounded size) and fancy as an HTML table.
 */
#include "collect/internal.h"

/* In which element the entries stand, or NULL: whichever comes first behind
 * the heading. */
static const char *container(struct slice sample)
{
	static const char *const names[] = { "pre", "table", "ul" };
	const ptrdiff_t heading = slice_find_nocase(sample, SLICE("<h1>Index of /"));
	const char *best = NULL;
	ptrdiff_t first = PTRDIFF_MAX;

	if (heading < 0)
		return NULL;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char tag[8];
		ptrdiff_t at;

		(void)snprintf(tag, sizeof tag, "<%s", names[i]);
		at = slice_find_nocase(slice_skip(sample, (size_t)heading), slice_text(tag));
		if (at >= 0 && at < first) {
			first = at;
			best = names[i];
		}
	}
	return best;
}

static int score(const struct page *page)
{
	const struct slice s = page->sample;
	int sure = 40;

	if (!container(s))
		return 0;
	if (slice_find(s, SLICE("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD")) >= 0 ||
	    slice_find(s, SLICE("<!DOCTYPE html PUBLIC \"-//W3C//DTD")) >= 0)
		sure += 20;
	if (slice_find(s, SLICE("Parent Directory</a>")) >= 0 ||
	    slice_find(s, SLICE("?C=N;O=D\">Name</a>")) >= 0)
		sure += 20;
	return sure;
}

static int read_page(const struct page *page, struct listing_sink *sink, struct err *err)
{
	return links_read(page, sink, STYLE_APACHE, container(page->sample), err);
}

const struct listing_reader listing_apache = {
	.name = "apache",
	.summary = "Apache's mod_autoindex: plain, fancy, HTML table",
	.score = score,
	.read = read_page,
};
