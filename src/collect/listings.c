/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/html.h"
#include "collect/internal.h"
#include "base/fd.h"

extern const struct listing_reader listing_apache, listing_nginx;

/* Every reader of folder listings.  Alphabetical; choosing goes by score. */
const struct listing_reader *const listing_readers[] = {
	&listing_apache,
	&listing_nginx,
	NULL,
};

int page_next(const struct page *page, uint64_t *at, char scratch[PAGE_PIECE], struct slice *piece,
	      struct err *err)
{
	const uint64_t length = page->fd < 0 ? page->bytes.n : page->length;
	size_t want, got;
	int r;

	if (*at >= length)
		return 0;
	want = length - *at < PAGE_PIECE ? (size_t)(length - *at) : PAGE_PIECE;
	if (page->fd < 0) {
		*piece = slice_of(page->bytes.p + *at, want);
		*at += want;
		return 1;
	}
	r = fd_read_at(page->fd, (off_t)(page->offset + *at), scratch, want, &got, "listing", err);
	if (r < 0)
		return r;
	*piece = slice_of(scratch, got);
	*at += got;
	return got > 0;
}

struct page page_of(struct slice path, struct slice bytes)
{
	return (struct page){
		.path = path, .bytes = bytes, .fd = -1, .sample = slice_head(bytes, PAGE_PIECE),
	};
}

/* ---------------------------------------------------------- links ----- */

/* Bytes that cannot be a name, as text that can: the link as it was written,
 * with "/" and NUL percent-encoded. */
static struct slice odd_name(struct slice href, char out[LISTING_NAME_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < href.n && n + 3 <= LISTING_NAME_MAX; i++) {
		if (href.p[i] == '/' || href.p[i] == '\0') {
			memcpy(out + n, href.p[i] ? "%2F" : "%00", 3);
			n += 3;
		} else {
			out[n++] = href.p[i];
		}
	}
	return slice_of(out, n);
}

static bool has_scheme(struct slice href)
{
	for (size_t i = 0; i < href.n; i++) {
		const char c = href.p[i];
		const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (c == ':')
			return i > 0;
		if (!letter && !(i && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')))
			return false;
	}
	return false;
}

/* The link to the parent, or to the folder itself. */
static bool is_parent(const struct listing_sink *sink, struct slice href)
{
	if (slice_is(href, "..") || slice_is(href, "../") || slice_is(href, ".") || slice_is(href, "./"))
		return true;
	return href.n && href.p[0] == '/' && slice_starts(sink->page->path, href) &&
	       slice_ends(href, SLICE("/"));
}

/* The name behind a link, or why there is none that could be fetched. */
static const char *link_name(struct slice href, struct listed *entry, char out[LISTING_NAME_MAX])
{
	size_t n;

	if (href.p[0] == '/' || has_scheme(href))
		return "the link leads elsewhere";
	while (slice_starts(href, SLICE("./")))
		href = slice_skip(href, 2);
	if (memchr(href.p, '?', href.n) || memchr(href.p, '#', href.n))
		return "the link has a query";
	if (slice_ends(href, SLICE("/"))) {
		entry->folder = true;
		href.n--;
	}
	if (href.n > LISTING_NAME_MAX)
		return "the name is too long";
	n = url_decode(href, out);
	if (!n)
		return "the name is empty";
	if (memchr(out, '/', n))
		return href.n && memchr(href.p, '/', href.n) ? "the link leads past this folder" :
							       "the name holds a slash";
	if (memchr(out, '\0', n))
		return "the name holds a NUL byte";
	if ((n == 1 && out[0] == '.') || (n == 2 && memcmp(out, "..", 2) == 0))
		return "the name is a dot folder";
	entry->name = slice_of(out, n);
	return NULL;
}

/* ---------------------------------------------------- date and size --- */

/* Blank, or a no-break space. */
static size_t blank(struct slice s)
{
	if (slice_starts(s, SLICE("\xC2\xA0")))
		return 2;
	return s.n && strchr(" \t\r\n\f", s.p[0]) && s.p[0];
}

static struct slice word(struct slice *rest)
{
	size_t n = 0;
	struct slice w;

	for (size_t b; (b = blank(*rest));)
		*rest = slice_skip(*rest, b);
	while (n < rest->n && !blank(slice_skip(*rest, n)))
		n++;
	w = slice_head(*rest, n);
	*rest = slice_skip(*rest, n);
	return w;
}

static bool number(struct slice s, size_t at, size_t n, int *out)
{
	uint64_t v;

	if (at + n > s.n || !slice_u64(slice_of(s.p + at, n), &v))
		return false;
	*out = (int)v;
	return true;
}

static bool month_named(struct slice s, int *out)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int m = 0; m < 12; m++)
		if (slice_equal(s, slice_of(names + m * 3, 3))) {
			*out = m + 1;
			return true;
		}
	return false;
}

static bool when(enum listing_style style, struct slice day, struct slice minute, int64_t *out)
{
	int y, mo, d, h, mi;

	if (minute.n != 5 || minute.p[2] != ':' || !number(minute, 0, 2, &h) ||
	    !number(minute, 3, 2, &mi))
		return false;
	if (style == STYLE_NGINX) {
		if (day.n != 11 || day.p[2] != '-' || day.p[6] != '-' || !number(day, 0, 2, &d) ||
		    !month_named(slice_of(day.p + 3, 3), &mo) || !number(day, 7, 4, &y))
			return false;
	} else if (day.n != 10 || day.p[4] != '-' || day.p[7] != '-' || !number(day, 0, 4, &y) ||
		   !number(day, 5, 2, &mo) || !number(day, 8, 2, &d)) {
		return false;
	}
	return clock_civil(y, mo, d, h, mi, 0, out);
}

/* "1535", "977K", "1.5M".  Digits alone are exact; a unit is a power of 1024
 * and means rounding by up to half of the last digit shown. */
static bool size(struct slice s, struct listed *entry)
{
	static const char units[] = "KMGTP";
	uint64_t whole, tenths = 0, unit = 1024, slack;
	struct slice head, rest = s;
	const char *u;

	if (slice_u64(s, &whole) && whole < SIZE_NOT_STATED) {
		entry->size = entry->size_min = entry->size_max = whole;
		return true;
	}
	if (s.n < 2 || !(u = strchr(units, s.p[s.n - 1])) || !*u)
		return false;
	for (; u > units; u--)
		unit *= 1024;
	rest.n--;
	slack = unit / 2;
	if (slice_cut(&rest, '.', &head)) {
		if (rest.n != 1 || !slice_u64(rest, &tenths))
			return false;
		slack = unit / 20;
	} else {
		head = rest;
	}
	if (!slice_u64(head, &whole) || whole > 9999)
		return false;
	entry->size = whole * unit + tenths * unit / 10;
	slack += 1;
	entry->size_min = entry->size > slack ? entry->size - slack : 0;
	entry->size_max = entry->size + slack;
	return true;
}

void listing_link(struct listing_sink *sink, enum listing_style style, struct slice href,
		  struct slice behind)
{
	char name[LISTING_NAME_MAX];
	struct listed entry = {
		.size = SIZE_NOT_STATED, .size_min = 0, .size_max = SIZE_NOT_STATED,
		.time = CLOCK_NONE,
	};
	struct slice day, minute;

	href = slice_trim(href);
	if (!href.n || href.p[0] == '?' || href.p[0] == '#' || is_parent(sink, href)) {
		sink->sum.ignored++;
		return;
	}
	if (sink->stopped)
		return;
	entry.unfetchable = link_name(href, &entry, name);
	if (entry.unfetchable)
		entry.name = odd_name(href, name);
	day = word(&behind);
	minute = word(&behind);
	if (when(style, day, minute, &entry.time))
		day = word(&behind);
	if (!entry.folder)
		(void)size(day, &entry);
	sink->sum.entries++;
	sink->sum.folders += entry.folder;
	sink->sum.unfetchable += entry.unfetchable != NULL;
	sink->stopped = sink->each(&entry, sink->data);
}

/* ------------------------------------------------------ which page ---- */

struct look {
	bool password, index;
	uint64_t links;
	bool in_title;
};

static void look(const struct html_token *token, void *data)
{
	struct look *l = data;
	struct slice value;

	if (token->kind == HTML_TEXT) {
		if (l->in_title && (slice_find_nocase(token->text, SLICE("index of")) >= 0 ||
				    slice_find_nocase(token->text, SLICE("directory listing")) >= 0))
			l->index = true;
		return;
	}
	if (slice_is(token->name, "title") || slice_is(token->name, "h1"))
		l->in_title = token->kind == HTML_OPEN;
	if (token->kind != HTML_OPEN)
		return;
	if (slice_is(token->name, "input") && html_attr(token, "type", &value) &&
	    slice_equal_nocase(slice_trim(value), SLICE("password")))
		l->password = true;
	l->links += slice_is(token->name, "a");
}

/* No reader wants it: what is it? */
static int judge(const struct page *page, struct listing_sum *sum, struct err *err)
{
	struct html *html = malloc(sizeof *html);
	char *scratch = malloc(PAGE_PIECE);
	struct look l = { 0 };
	uint64_t at = 0;
	struct slice piece;
	int r = 0;

	if (!html || !scratch) {
		free(html);
		free(scratch);
		return err_set(err, ERR_NO_MEMORY, "no memory");
	}
	html_init(html, look, &l);
	while ((r = page_next(page, &at, scratch, &piece, err)) > 0)
		html_add(html, piece);
	html_end(html);
	free(html);
	free(scratch);
	if (r < 0)
		return r;
	sum->answer = l.password ? LISTING_LOGIN : l.index ? LISTING_NOT_UNDERSTOOD : LISTING_NONE;
	return 0;
}

int listing_read(const struct page *page, int (*each)(const struct listed *, void *), void *data,
		 struct listing_sum *sum, struct err *err)
{
	struct listing_sink sink = { .each = each, .data = data, .page = page };
	const struct listing_reader *best = NULL;
	int best_score = 0, r;

	*sum = (struct listing_sum){ .reader = "" };
	for (const struct listing_reader *const *reader = listing_readers; *reader; reader++) {
		const int score = (*reader)->score(page);

		if (score > best_score) {
			best_score = score;
			best = *reader;
		}
	}
	if (!best)
		return judge(page, sum, err);
	r = best->read(page, &sink, err);
	*sum = sink.sum;
	sum->reader = best->name;
	sum->answer = sum->entries ? LISTING_READ : LISTING_EMPTY;
	return r < 0 ? r : sink.stopped;
}
