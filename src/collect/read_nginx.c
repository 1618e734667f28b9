/* SPDX-License-Identifier: Apache-2.0 */
/* nginx's own folder listing (ngx_http_autoindex_module, format html). */
#include "collect/internal.h"

static int score(const struct page *page)
{
	const ptrdiff_t at = slice_find(page->sample, SLICE("<h1>Index of "));

	if (at < 0)
		return 0;
	if (slice_find(slice_skip(page->sample, (size_t)at),
		       SLICE("</h1><hr><pre><a href=\"../\">../</a>")) >= 0)
		return 90;
	return slice_find(slice_skip(page->sample, (size_t)at), SLICE("</h1><hr><pre>")) >= 0 ? 60 : 0;
}

static int read_page(const struct page *page, struct listing_sink *sink, struct err *err)
{
	return links_read(page, sink, STYLE_NGINX, "pre", err);
}

const struct listing_reader listing_nginx = {
	.name = "nginx",
	.summary = "nginx's autoindex, exact or rounded sizes",
	.score = score,
	.read = read_page,
};
