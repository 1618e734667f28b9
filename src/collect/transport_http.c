/* SPDX-License-Identifier: Apache-2.0 */
/* Folder listings and files of a web server. */
#include <stdarg.h>

#include "base/fd.h"
#include "base/text.h"
#include "collect/http.h"

#define REDIRECTS 5
#define ROBOTS_BYTES (512U << 10)      /* RFC 9309 asks for at least 500 KiB */
#define LISTING_BYTES (64U << 20)

static const struct http_limits robots_limits = { ROBOTS_BYTES, 60 };
static const struct http_limits listing_limits = { LISTING_BYTES, 900 };
static const struct http_limits file_limits = { UINT64_MAX, 86400 };

struct web {
	struct collector *c;
	struct http *http;
	struct url base;
	struct robots robots;
	char *robots_file;
};

static int claims(const char *locator, struct buf *source, struct buf *scope, struct err *err)
{
	struct url url;
	const char *why;

	if (!strstr(locator, "://"))
		return 0;
	if (!url_parse(slice_text(locator), &url, &why))
		return err_set(err, ERR_USAGE, "'%s' cannot be a source: %s", locator, why);
	if (url.query[0] || strchr(locator, '#'))
		return err_set(err, ERR_USAGE, "'%s' cannot be a source: it has a query or fragment", locator);
	/* A source is a folder. */
	if (url.path[strlen(url.path) - 1] != '/') {
		if (strlen(url.path) + 2 > sizeof url.path)
			return err_set(err, ERR_USAGE, "the address is too long");
		strcat(url.path, "/");
	}
	(void)url_text(&url, source);
	(void)buf_text(scope, "{\"scheme\":");
	(void)text_json(scope, slice_text(url.https ? "https" : "http"));
	(void)buf_text(scope, ",\"host\":");
	(void)text_json(scope, slice_text(url.host));
	(void)buf_printf(scope, ",\"port\":%u,\"path\":", url.port);
	(void)text_json(scope, slice_text(url.path));
	(void)buf_text(scope, "}");
	return 1;
}

/* ------------------------------------------------------ asking -------- */

/* GET with redirects inside the scope.  out->location stays set when the last
 * answer is a redirect that was not followed; *why says why. */
static int get(struct web *w, struct url *url, bool same_folder, struct answer *out, const char **why,
	       struct err *err)
{
	const size_t folder = strlen(url->path);

	*why = "";
	for (int hops = 0;; hops++) {
		struct url next;
		int r = http_get(w->http, url, same_folder ? &listing_limits : &file_limits, out, err);

		if (r < 0 || !out->answered || !out->location[0])
			return r;
		*why = "too many redirects";
		if (hops == REDIRECTS || !url_join(url, slice_text(out->location), &next, why) ||
		    !url_inside(&w->base, &next, why))
			return 0;
		/* What another folder lists is not this folder's listing. */
		*why = "another folder";
		if (same_folder && (strncmp(next.path, url->path, folder) != 0 ||
				    strchr(next.path + folder, '/')))
			return 0;
		*why = "robots.txt";
		if (!w->c->options->ignore_robots && !robots_allow(&w->robots, slice_text(next.path)))
			return 0;
		*url = next;
	}
}

/* The payload of an object, `max` bytes at most, into memory. */
static int payload(struct web *w, int64_t object, size_t max, char **out, size_t *n, struct err *err)
{
	struct object_bytes bytes;
	scoped(fd_close) int fd = -1;
	scoped(memory_free) char *p = NULL;
	int r = object_open(w->c->cf, object, &bytes, err);

	if (r < 0)
		return r;
	fd = bytes.fd;
	*n = bytes.length < max ? (size_t)bytes.length : max;
	p = malloc(*n + 1);
	if (!p)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	r = fd_read_at(fd, (off_t)bytes.offset, p, *n, n, "robots.txt", err);
	*out = r < 0 ? NULL : take_pointer(&p);
	return r;
}

/* robots.txt; also how we learn whether there is a server at all. */
static int ask_robots(struct web *w, struct err *err)
{
	struct url url = w->base;
	struct answer answer;
	int r;

	(void)strcpy(url.path, "/robots.txt");
	r = http_get(w->http, &url, &robots_limits, &answer, err);
	if (r < 0)
		return r;
	if (answer.private_refused)
		return err_set(err, ERR_DENIED, "'%s' is a private, loopback or link-local address; "
			       "--allow-private allows it", url.host);
	if (!answer.answered)
		return err_set(err, ERR_IO, "'%s' port %u does not answer: %s", url.host, url.port,
			       answer.why);
	/* RFC 9309 §2.3.1: a server error means "nothing", an absent file "all". */
	if (answer.status >= 500 || answer.status == 429) {
		if (w->c->options->ignore_robots)
			return 0;
		return err_set(err, ERR_IO, "'%s' answers %d to /robots.txt: nothing may be fetched now; "
			       "try later", url.host, answer.status);
	}
	if (answer.status == 200 && answer.object) {
		r = payload(w, answer.object, ROBOTS_BYTES, &w->robots_file, &w->robots.file.n, err);
		w->robots.file.p = w->robots_file;
		if (slice_starts(w->robots.file, SLICE("\xEF\xBB\xBF")))
			w->robots.file = slice_skip(w->robots.file, 3);
	}
	return r;
}

static void web_close(void *state)
{
	struct web *w = state;

	http_close(w->http);
	free(w->robots_file);
	free(w);
}

static int web_open(struct collector *c, const char *source, void **state, struct err *err)
{
	struct web *w = calloc(1, sizeof *w);
	const char *why;
	int r;

	if (!w)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	w->c = c;
	if (!url_parse(slice_text(source), &w->base, &why)) {
		web_close(w);
		return err_set(err, ERR_USAGE, "'%s': %s", source, why);
	}
	r = http_open(c, &w->http, err);
	if (r == 0)
		r = ask_robots(w, err);
	if (r < 0) {
		web_close(w);
		return r;
	}
	*state = w;
	return 0;
}

/* The address of a path below the source.  False: it is too long. */
static bool address(const struct web *w, struct slice path, struct url *out)
{
	scoped(buf_done) struct buf text = buf_limited(URL_MAX - 1);

	*out = w->base;
	(void)buf_text(&text, w->base.path);
	if (url_encode(&text, path) < 0)
		return false;
	memcpy(out->path, text.p, text.n);
	out->path[text.n] = '\0';
	return true;
}

__attribute__((format(printf, 2, 3)))
static void say(char why[256], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(why, 256, format, args);
	va_end(args);
}

/* ------------------------------------------------------ folders ------- */

/* What an answer without a listing says. */
static void no_listing(const struct answer *a, const char *redirect, struct listing *out)
{
	char to[160];

	out->state = LISTING_FAILED;
	if (!a->answered) {
		say(out->why, "no answer: %s", a->why);
	} else if (a->status == 401 || a->status == 403) {
		out->state = LISTING_REFUSED;
		say(out->why, "refused: %d", a->status);
	} else if (a->location[0]) {
		out->state = LISTING_REFUSED;
		text_neutral(slice_text(a->location), to, sizeof to);
		say(out->why, "redirects to %s, not followed: %s", to, redirect);
	} else {
		say(out->why, "answered %d", a->status);
	}
}

static int read_listing(struct web *w, const struct url *url, const struct answer *a,
			int (*each)(const struct listed *, void *), void *data, struct listing *out,
			struct err *err)
{
	scoped(fd_close) int fd = -1;
	scoped(memory_free) char *sample = malloc(PAGE_PIECE);
	struct object_bytes bytes;
	struct listing_sum sum;
	struct page page = { .path = slice_text(url->path), .type = slice_text(a->type) };
	int r;

	if (!sample)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	r = object_open(w->c->cf, a->object, &bytes, err);
	if (r < 0)
		return r;
	page.fd = fd = bytes.fd;
	page.offset = bytes.offset;
	page.length = bytes.length < LISTING_BYTES ? bytes.length : LISTING_BYTES;
	r = fd_read_at(fd, (off_t)page.offset, sample,
		       page.length < PAGE_PIECE ? (size_t)page.length : PAGE_PIECE, &page.sample.n,
		       "listing", err);
	page.sample.p = sample;
	if (r == 0)
		r = listing_read(&page, each, data, &sum, err);
	if (r < 0)
		return r;
	out->reader = sum.reader;
	if (sum.answer == LISTING_READ || sum.answer == LISTING_EMPTY) {
		out->state = sum.cut || a->truncated || bytes.length > LISTING_BYTES ? LISTING_PARTIAL :
										       LISTING_COMPLETE;
		if (out->state == LISTING_PARTIAL)
			say(out->why, "the listing is cut short%s%s", a->truncated ? ": " : "",
			    a->truncated ? a->truncated : "");
		return 0;
	}
	out->state = sum.answer == LISTING_LOGIN ? LISTING_REFUSED : LISTING_FAILED;
	say(out->why, "%s", sum.answer == LISTING_LOGIN ? "a page that asks for a password" :
	    sum.answer == LISTING_NONE ? "the page is no listing" : "a listing of an unknown kind");
	return 0;
}

static int web_list(void *state, struct slice folder, int (*each)(const struct listed *, void *),
		    void *data, struct listing *out, struct err *err)
{
	struct web *w = state;
	struct answer answer;
	const char *redirect;
	struct url url;
	int r;

	*out = (struct listing){ .state = LISTING_FAILED, .reader = "" };
	if (!address(w, folder, &url)) {
		say(out->why, "its address would be too long");
		return 0;
	}
	if (!w->c->options->ignore_robots && !robots_allow(&w->robots, slice_text(url.path))) {
		out->state = LISTING_REFUSED;
		say(out->why, "robots.txt asks not to fetch it");
		return 0;
	}
	r = get(w, &url, true, &answer, &redirect, err);
	if (r < 0)
		return r;
	out->object = answer.object;
	out->gone = answer.unreachable;
	if (!answer.answered || answer.status != 200 || !answer.object) {
		no_listing(&answer, redirect, out);
		return 0;
	}
	return read_listing(w, &url, &answer, each, data, out, err);
}

/* ------------------------------------------------------ files --------- */

static int web_fetch(void *state, struct slice path, struct fetched *out, struct err *err)
{
	struct web *w = state;
	struct answer a;
	const char *redirect;
	struct url url;
	char to[160];
	int r;

	*out = (struct fetched){ .modified = CLOCK_NONE };
	if (!address(w, path, &url)) {
		say(out->why, "its address would be too long");
		return 0;
	}
	if (!w->c->options->ignore_robots && !robots_allow(&w->robots, slice_text(url.path))) {
		say(out->why, "robots.txt asks not to fetch it");
		return 0;
	}
	r = get(w, &url, false, &a, &redirect, err);
	if (r < 0)
		return r;
	out->gone = a.unreachable;
	if (!a.answered) {
		say(out->why, "no answer: %s", a.why);
	} else if (a.location[0]) {
		text_neutral(slice_text(a.location), to, sizeof to);
		say(out->why, "redirects to %s, not followed: %s", to, redirect);
	} else if (a.status == 401 || a.status == 403) {
		say(out->why, "refused: %d", a.status);
	} else if (a.status != 200) {
		say(out->why, "answered %d", a.status);
	} else if (a.truncated) {
		out->object = a.object;
		say(out->why, "cut short (%s) after %llu bytes", a.truncated, (unsigned long long)a.body);
	} else {
		out->ok = true;
		out->object = a.object;
		out->modified = a.modified;
	}
	return 0;
}

const struct transport transport_http = {
	.kind = "http",
	.grain_ms = 60000,
	.claims = claims,
	.open = web_open,
	.list = web_list,
	.fetch = web_fetch,
	.close = web_close,
};
