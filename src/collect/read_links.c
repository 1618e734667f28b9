/* SPDX-License-Identifier: Apache-2.0 */
/* What listings of links have in common: links in one element, each followed
 * by text that states date and size. */
#include "collect/html.h"
#include "collect/internal.h"

#define BEHIND_MAX 1024

struct links {
	struct html html;
	struct listing_sink *sink;
	enum listing_style style;
	const char *container;
	bool inside, over;
	bool in_link, pending;
	char href[HTML_TAG], behind[BEHIND_MAX];
	size_t href_n, behind_n;
	char scratch[PAGE_PIECE];
};

static void hand_on(struct links *l)
{
	if (l->pending)
		listing_link(l->sink, l->style, slice_of(l->href, l->href_n),
			     slice_of(l->behind, l->behind_n));
	l->pending = false;
	l->behind_n = 0;
}

static void behind(struct links *l, struct slice text)
{
	size_t n = sizeof l->behind - l->behind_n;

	if (n > text.n)
		n = text.n;
	if (n)
		memcpy(l->behind + l->behind_n, text.p, n);
	l->behind_n += n;
}

static void link_open(struct links *l, const struct html_token *token)
{
	struct slice href;

	if (!html_attr(token, "href", &href))
		return;
	l->in_link = true;
	/* The icon in front may be the same link. */
	if (l->pending && slice_equal(href, slice_of(l->href, l->href_n)) &&
	    !slice_trim(slice_of(l->behind, l->behind_n)).n)
		return;
	hand_on(l);
	memcpy(l->href, href.p ? href.p : "", href.n);
	l->href_n = href.n;
	l->pending = true;
}

static void each(const struct html_token *token, void *data)
{
	struct links *l = data;

	if (l->over)
		return;
	if (token->kind == HTML_TEXT) {
		if (l->inside && l->pending && !l->in_link)
			behind(l, token->text);
		return;
	}
	if (slice_is(token->name, l->container)) {
		if (l->inside && token->kind == HTML_CLOSE) {
			hand_on(l);
			l->over = true;
		}
		l->inside = true;
		return;
	}
	if (!l->inside)
		return;
	if (slice_is(token->name, "a")) {
		l->in_link = false;
		if (token->kind == HTML_OPEN)
			link_open(l, token);
		return;
	}
	/* Cells are words of their own. */
	if (l->pending && !l->in_link)
		behind(l, SLICE(" "));
}

int links_read(const struct page *page, struct listing_sink *sink, enum listing_style style,
	       const char *container, struct err *err)
{
	struct links *l = calloc(1, sizeof *l);
	struct slice piece;
	uint64_t at = 0;
	int r;

	if (!l)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	l->sink = sink;
	l->style = style;
	l->container = container;
	html_init(&l->html, each, l);
	while ((r = page_next(page, &at, l->scratch, &piece, err)) > 0 && !sink->stopped)
		html_add(&l->html, piece);
	html_end(&l->html);
	/* A link that was cut in its middle states nothing reliable. */
	sink->sum.cut = !l->over || l->html.cut > 0;
	if (!l->over && !l->in_link && slice_trim(slice_of(l->behind, l->behind_n)).n)
		hand_on(l);
	free(l);
	return r < 0 ? r : 0;
}
