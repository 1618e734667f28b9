/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listing - the pages in which servers list their folders
 *
 * A reader knows one family of pages.  It is a constant without state; the
 * readers bid for a page (score()), the highest bid reads it.
 *
 * Pages come from strangers.  An entry's name is the bytes behind the link,
 * never the text that is shown (servers cut that).  What is listed but cannot
 * be fetched safely - a name with "/", NUL or "..", a link that leads
 * elsewhere - is an entry too, with the reason: it is recorded, not followed.
 * Links that sort, and the link to the parent, are no entries.
 *
 * To add a reader
 *	1. write collect/read_NAME.c with one `const struct listing_reader`;
 *	2. name it in collect/listings.c;
 *	3. put pages of it into test/fuzz/corpus/listing/.
 */
#ifndef COLLECT_LISTING_H
#define COLLECT_LISTING_H

#include "base/clock.h"
#include "base/err.h"
#include "base/slice.h"

#define LISTING_NAME_MAX 4096

#define SIZE_NOT_STATED UINT64_MAX

/* One line of a listing.  Valid until the callback returns. */
struct listed {
	struct slice name;           /* raw bytes; no "/" at the end of a folder */
	bool folder;
	const char *unfetchable;     /* why it cannot be fetched; NULL: it can */
	/* The size is at least and at most this.  Equal: exact. */
	uint64_t size_min, size_max;
	uint64_t size;               /* as stated: "1.5K" is 1536 */
	int64_t time;                /* to the minute, as if written in UTC: the
	                              * page does not state its zone; or CLOCK_NONE */
};

/* A page: its bytes are in memory, or `length` bytes at `offset` of `fd`. */
struct page {
	struct slice path;           /* of the folder on the server, percent-encoded, with "/" */
	struct slice type;           /* Content-Type, or empty */
	struct slice sample;         /* the first bytes, for bidding */
	struct slice bytes;          /* in memory, if fd is -1 */
	int fd;
	uint64_t offset, length;
};

/* The next piece of at most 64 KiB, from *at on, which it moves.  1: there
 * is one, 0: the end, negative: an error.  Valid until the next call. */
#define PAGE_PIECE 65536
int page_next(const struct page *page, uint64_t *at, char scratch[PAGE_PIECE], struct slice *piece,
	      struct err *err);

/* A page that lies in memory. */
struct page page_of(struct slice path, struct slice bytes);

enum listing_answer {
	LISTING_READ,             /* a listing, with entries */
	LISTING_EMPTY,            /* a listing of an empty folder */
	LISTING_NONE,             /* some other page */
	LISTING_NOT_UNDERSTOOD,   /* it looks like a listing no reader knows */
	LISTING_LOGIN,            /* a page that asks for a password */
};

struct listing_sum {
	enum listing_answer answer;
	const char *reader;          /* its name, or "" */
	uint64_t entries, folders, unfetchable;
	uint64_t ignored;            /* links that sort, parents */
	bool cut;                    /* it ends in its middle */
};

/* Where a reader hands its entries.  each() returns 0 to go on. */
struct listing_sink {
	int (*each)(const struct listed *, void *);
	void *data;
	const struct page *page;
	struct listing_sum sum;
	int stopped;                 /* what each() returned, if it was not 0 */
};

struct listing_reader {
	const char *name;            /* lower case, no spaces */
	const char *summary;         /* one line */

	/* How sure are we that it is ours?  0 to 100. */
	int (*score)(const struct page *page);

	/* Read it.  Fills sink->sum (cut, and the counts by listing_link()). */
	int (*read)(const struct page *page, struct listing_sink *sink, struct err *err);
};

/* Every reader; ends with NULL. */
extern const struct listing_reader *const listing_readers[];

/* Let the readers bid, and read.  0, an error, or what each() returned. */
int listing_read(const struct page *page, int (*each)(const struct listed *, void *), void *data,
		 struct listing_sum *sum, struct err *err);

/* ------------------------------------------------- for readers -------- */

/* A link of a listing, with the text behind it that states date and size:
 * judge the link, and hand the entry to the sink. */
enum listing_style {
	STYLE_NGINX,      /* 28-Mar-2023 10:46       977K */
	STYLE_APACHE,     /* 2023-03-28 10:46  1.0M  words */
};
void listing_link(struct listing_sink *sink, enum listing_style style, struct slice href,
		  struct slice behind);

#endif
