/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html - a streaming HTML tokenizer that keeps bytes
 *
 * Pages come from strangers and are fed in pieces of any size; what comes
 * out does not depend on where the pieces were cut.  Bytes stay bytes: no
 * character set is guessed, NUL is a byte like another, only entities are
 * decoded (to UTF-8).  There is no tree and so no nesting: 200,000 open tags
 * cost nothing.  Memory is fixed; what is longer than a limit is cut and
 * counted in `cut`, never dropped silently.
 *
 * Comments and declarations are skipped.  The content of script, style,
 * xmp, iframe, noembed, noframes, title and textarea is text, not tags.
 *
 *	static struct html html;
 *	html_init(&html, each, data);
 *	html_add(&html, piece); ...
 *	html_end(&html);
 */
#ifndef COLLECT_HTML_H
#define COLLECT_HTML_H

#include "base/slice.h"

enum html_kind {
	HTML_OPEN,
	HTML_CLOSE,
	HTML_TEXT,
};

#define HTML_ATTRS 24
#define HTML_TAG 32768        /* bytes of one tag that are kept */
#define HTML_TEXT_PIECE 2048  /* text comes in pieces of at most this size */

struct html_attr {
	struct slice name;         /* lower case */
	struct slice value;        /* entities decoded */
};

/* Valid until the callback returns. */
struct html_token {
	enum html_kind kind;
	struct slice name;         /* of a tag, lower case */
	struct slice text;         /* of HTML_TEXT */
	const struct html_attr *attrs;
	size_t n;
};

struct html {
	void (*each)(const struct html_token *, void *);
	void *data;
	uint64_t cut;              /* tags longer than HTML_TAG or with more attributes */
	bool unfinished;           /* after html_end(): it ended inside a tag or comment */

	int state;
	char quote;
	bool value_next, tag_cut;
	char raw[12];              /* the raw text element we are in, or "" */
	bool raw_entities;
	char close[16];            /* a possible end of it */
	char entity[12];
	size_t close_n, entity_n, tag_n, text_n;
	int dashes;
	char tag[HTML_TAG], text[HTML_TEXT_PIECE];
};

void html_init(struct html *h, void (*each)(const struct html_token *, void *), void *data);
void html_add(struct html *h, struct slice piece);
void html_end(struct html *h);

/* The value of an attribute; false when it is not there. */
bool html_attr(const struct html_token *token, const char *name, struct slice *value);

/* Decode the entities of `raw` in place of its own length: `out` has room
 * for raw.n bytes.  Returns how many were written. */
size_t html_decode(struct slice raw, char *out);

#endif
