/* SPDX-License-Identifier: Apache-2.0 */
/* The parsers of collect/: HTML, listings, addresses, scope, robots.txt. */
#include "unit.h"

#include <dirent.h>

#include "base/buf.h"
#include "base/fd.h"
#include "collect/html.h"
#include "collect/listing.h"
#include "collect/robots.h"
#include "collect/url.h"

/* ----------------------------------------------------------- html ----- */

static struct html html;

/* Tokens as text: <a href=x> becomes "[a href=x]", text stays. */
static void write_token(const struct html_token *token, void *data)
{
	struct buf *out = data;

	if (token->kind == HTML_TEXT) {
		buf_add(out, token->text);
		return;
	}
	buf_text(out, token->kind == HTML_OPEN ? "[" : "[/");
	buf_add(out, token->name);
	for (size_t i = 0; i < token->n; i++) {
		buf_char(out, ' ');
		buf_add(out, token->attrs[i].name);
		buf_char(out, '=');
		buf_add(out, token->attrs[i].value);
	}
	buf_char(out, ']');
}

static void test_html(void **state)
{
	static const struct {
		const char *what;
		struct slice in, out;
		bool unfinished;
	} rows[] = {
		{ "tags, attributes and text", SLICE("<A HREF='x y' b=c d>t</a >"),
		  SLICE("[a href=x y b=c d=]t[/a]") },
		{ "a > in a quoted value does not end the tag", SLICE("<a href=\"x>y\">t"),
		  SLICE("[a href=x>y]t") },
		{ "a quote that opens no value is a byte", SLICE("<a title=it's href=x>t"),
		  SLICE("[a title=it's href=x]t") },
		{ "entities become bytes", SLICE("a&amp;b&#60;&#x3c;&lt&nbsp;&#233;&nosuch;&"),
		  SLICE("a&b<<<\xC2\xA0\xC3\xA9&nosuch;&") },
		{ "entities in values; a query's are left alone",
		  SLICE("<a href='?a=1&amp;b&lt=2&amp;amp;'>"), SLICE("[a href=?a=1&b&lt=2&amp;]") },
		{ "NUL and bytes that are no UTF-8 stay", SLICE("a\0<b>\xFF\xFE</b>\0z"),
		  SLICE("a\0[b]\xFF\xFE[/b]\0z") },
		{ "comments and declarations are skipped", SLICE("<!DOCTYPE x>a<!-- <b> > -->c<!-->d<?x?>e<//x>f"),
		  SLICE("acdef") },
		{ "a script's content is text", SLICE("<script>if(a<b)'</scr' </script><i>"),
		  SLICE("[script]if(a<b)'</scr' [/script][i]") },
		{ "a title's content has entities but no tags", SLICE("<title>a&lt;<b></title>"),
		  SLICE("[title]a<<b>[/title]") },
		{ "a lone < is text", SLICE("1 < 2 <3 <"), SLICE("1 < 2 <3 <") },
		{ "a tag that does not end", SLICE("a<b c='"), SLICE("a"), true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t step = 1; step < 4; step++) {
			scoped(buf_done) struct buf out = buf_limited(1 << 16);
			struct slice rest = rows[i].in;

			html_init(&html, write_token, &out);
			for (; rest.n; rest = slice_skip(rest, step))
				html_add(&html, slice_head(rest, step));
			html_end(&html);
			ROW(rows[i].what, slice_equal(buf_slice(&out), rows[i].out));
			ROW(rows[i].what, html.unfinished == rows[i].unfinished);
		}
}

static void count_tags(const struct html_token *token, void *data)
{
	*(size_t *)data += token->kind == HTML_OPEN;
}

static void test_html_limits(void **state)
{
	size_t tags = 0;

	(void)state;
	html_init(&html, count_tags, &tags);
	for (int i = 0; i < 200000; i++)
		html_add(&html, SLICE("<div>"));
	html_end(&html);
	assert_int_equal(tags, 200000);

	tags = 0;
	html_init(&html, count_tags, &tags);
	html_add(&html, SLICE("<a href='"));
	for (int i = 0; i < 100000; i++)
		html_add(&html, SLICE("x"));
	html_add(&html, SLICE("'><b>"));
	html_end(&html);
	assert_int_equal(tags, 2);
	assert_int_equal(html.cut, 1);
}

/* ------------------------------------------------------- listings ----- */

/* Entries as text: name, "/" for folders, size range, time; "!" and why. */
static int write_entry(const struct listed *e, void *data)
{
	struct buf *out = data;
	char when[CLOCK_TEXT];

	buf_add(out, e->name);
	if (e->folder)
		buf_char(out, '/');
	if (e->unfetchable) {
		buf_printf(out, " !%s\n", e->unfetchable);
		return 0;
	}
	clock_text(e->time, when);
	if (e->size == SIZE_NOT_STATED)
		buf_printf(out, " - %s\n", when);
	else if (e->size_min == e->size_max)
		buf_printf(out, " %ju %s\n", (uintmax_t)e->size, when);
	else
		buf_printf(out, " ~%ju %s\n", (uintmax_t)e->size, when);
	return 0;
}

#define NGINX "<html><head><title>Index of /d/</title></head><body><h1>Index of /d/</h1><hr><pre><a href=\"../\">../</a>\n"
#define NGINX_END "</pre><hr></body></html>"
#define APACHE "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"><html><head><title>Index of /d</title></head><body><h1>Index of /d</h1>\n"

static void test_listings(void **state)
{
	static const struct {
		const char *what;
		struct slice page;
		enum listing_answer answer;
		const char *reader, *entries;
		bool cut;
	} rows[] = {
		{ "nginx: a file and a folder",
		  SLICE(NGINX "<a href=\"a%20b\">a b</a>   28-Mar-2023 10:46    132\n<a href=\"c/\">c/</a>  01-Jan-1970 00:00  -\n" NGINX_END),
		  LISTING_READ, "nginx", "a b 132 2023-03-28T10:46:00Z\nc/ - 1970-01-01T00:00:00Z\n", false },
		{ "nginx: rounded sizes are not exact",
		  SLICE(NGINX "<a href=\"a\">a</a> 28-Mar-2023 10:46 977K\n" NGINX_END),
		  LISTING_READ, "nginx", "a ~1000448 2023-03-28T10:46:00Z\n", false },
		{ "nginx: an empty folder", SLICE(NGINX NGINX_END), LISTING_EMPTY, "nginx", "", false },
		{ "nginx: cut in its middle",
		  SLICE(NGINX "<a href=\"a\">a</a> 28-Mar-2023 10:46 9\n<a href=\"b"),
		  LISTING_READ, "nginx", "a 9 2023-03-28T10:46:00Z\n", true },
		{ "names that cannot be fetched are listed with the reason",
		  SLICE(NGINX "<a href=\"..%2f..%2fetc\">x</a> 28-Mar-2023 10:46 1\n"
			"<a href=\"a/../../b\">x</a>\n<a href=\"n%00l\">x</a>\n<a href=\"%2e%2e/\">x</a>\n"
			"<a href=\"http://evil.test/x\">x</a>\n<a href=\"//evil.test/\">x</a>\n"
			"<a href=\"/etc/passwd\">x</a>\n<a href=\"javascript:x()\">x</a>\n<a href=\"a?b=c\">x</a>\n" NGINX_END),
		  LISTING_READ, "nginx",
		  "..%2f..%2fetc !the name holds a slash\n"
		  "a%2F..%2F..%2Fb !the link leads past this folder\n"
		  "n%00l !the name holds a NUL byte\n"
		  "%2e%2e%2F/ !the name is a dot folder\n"
		  "http:%2F%2Fevil.test%2Fx !the link leads elsewhere\n"
		  "%2F%2Fevil.test%2F !the link leads elsewhere\n"
		  "%2Fetc%2Fpasswd !the link leads elsewhere\n"
		  "javascript:x() !the link leads elsewhere\n"
		  "a?b=c !the link has a query\n", false },
		{ "apache plain: no sizes, no dates",
		  SLICE(APACHE "<ul><li><a href=\"/\"> Parent Directory</a></li>\n<li><a href=\"./c:d\"> c:d</a></li>\n<li><a href=\"e/\"> e/</a></li></ul></body></html>"),
		  LISTING_READ, "apache", "c:d - \ne/ - \n", false },
		{ "apache fancy: links that sort are no entries",
		  SLICE(APACHE "<pre><img src=\"x\"> <a href=\"?C=N;O=D\">Name</a> <a href=\"?C=M;O=A\">Last modified</a><hr>"
			"<a href=\"/\">Parent Directory</a>   -   \n<img src=x> <a href=\"f.txt\">f.txt</a>  2023-03-28 10:46  1.5K  words\n<hr></pre></body></html>"),
		  LISTING_READ, "apache", "f.txt ~1536 2023-03-28T10:46:00Z\n", false },
		{ "apache table: icons that are links do not count twice",
		  SLICE(APACHE "<table><tr><th><a href=\"?C=N;O=D\">Name</a></th></tr>"
			"<tr><td><a href=\"f\"><img src=x></a></td><td><a href=\"f\">f</a></td><td>2023-03-28 10:46  </td><td> 77</td><td>&nbsp;</td></tr></table>"),
		  LISTING_READ, "apache", "f 77 2023-03-28T10:46:00Z\n", false },
		{ "an empty apache folder",
		  SLICE(APACHE "<ul><li><a href=\"/\"> Parent Directory</a></li></ul>"), LISTING_EMPTY, "apache", "", false },
		{ "another page", SLICE("<html><title>Welcome</title><a href=x>x</a>"), LISTING_NONE, "", "", false },
		{ "a listing nobody knows", SLICE("<html><title>Index of /x</title><a href=x>x</a>"),
		  LISTING_NOT_UNDERSTOOD, "", "", false },
		{ "a login page", SLICE("<form><input name=u><INPUT TYPE=Password></form>"), LISTING_LOGIN, "", "", false },
		{ "no bytes", SLICE(""), LISTING_NONE, "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		scoped(buf_done) struct buf out = buf_limited(1 << 16);
		struct page page = page_of(SLICE("/d/"), rows[i].page);
		struct listing_sum sum;

		ROW(rows[i].what, listing_read(&page, write_entry, &out, &sum, NULL) == 0);
		ROW(rows[i].what, sum.answer == rows[i].answer);
		ROW(rows[i].what, strcmp(sum.reader, rows[i].reader) == 0);
		if (!slice_is(buf_slice(&out), rows[i].entries))
			fail_msg("%s: got\n%s", rows[i].what, buf_string(&out));
		ROW(rows[i].what, sum.cut == rows[i].cut);
	}
}

/* ---------------------------------------------- pages of real servers - */

#define TRUTH_MAX 2000

struct truth {
	char name[1024];
	size_t n;
	char kind;       /* f, d, l */
	uint64_t size;
	int64_t time;
	bool found;
};

static struct {
	struct truth v[TRUTH_MAX];
	size_t n;
	bool zone_known;      /* the listing's times are UTC */
	const char *page;
} truth;

/* "enc\tname_pct\tfile\t77\t1680000100\t" for the folder of this page. */
static void truth_load(struct slice all, const char *folder)
{
	struct slice line, f[5];

	truth.n = 0;
	while (slice_line(&all, &line)) {
		struct truth *t = &truth.v[truth.n];
		bool whole = true;
		uint64_t v = 0;

		for (int i = 0; i < 5; i++)
			whole = whole && slice_cut(&line, '\t', &f[i]);
		if (!whole || !slice_is(f[0], folder) || f[1].n > sizeof t->name)
			continue;
		assert_true(truth.n < TRUTH_MAX);
		*t = (struct truth){ .kind = f[2].p[0] };
		t->n = url_decode(f[1], t->name);
		assert_true(slice_u64(f[3], &t->size) || t->kind != 'f');
		(void)slice_u64(f[4], &v);
		t->time = (int64_t)v * 1000;
		truth.n++;
	}
	assert_true(truth.n > 0 || strcmp(folder, "empty") == 0);
}

static int compare_entry(const struct listed *e, void *data)
{
	(void)data;
	if (e->unfetchable)
		fail_msg("%s: '%.*s' %s", truth.page, SLICE_F(e->name), e->unfetchable);
	for (size_t i = 0; i < truth.n; i++) {
		struct truth *t = &truth.v[i];

		if (!slice_equal(e->name, slice_of(t->name, t->n)))
			continue;
		t->found = true;
		if (t->kind == 'l')
			return 0;
		if (e->folder != (t->kind == 'd'))
			fail_msg("%s: '%s' is of another kind", truth.page, t->name);
		if (!e->folder && (t->size < e->size_min || t->size > e->size_max))
			fail_msg("%s: '%s': size %ju", truth.page, t->name, (uintmax_t)e->size);
		if (e->time != CLOCK_NONE && truth.zone_known &&
		    e->time != t->time - t->time % 60000)
			fail_msg("%s: '%s': time %jd", truth.page, t->name, (intmax_t)e->time);
		return 0;
	}
	fail_msg("%s: '%.*s' is not on the server", truth.page, SLICE_F(e->name));
	return 0;
}

/* "generated/apache_fancy/enc.html": server and folder. */
static bool page_of_row(struct slice file, char *server, char *folder)
{
	static const char *const servers[] = {
		"nginx_default", "nginx_utf8", "nginx_humansize_localtime", "apache_plain", "apache_fancy",
		"apache_fancy_htmltable", "apache_fancy_xhtml_nosort",
	};
	struct slice part;
	char *p = folder;

	if (!slice_cut(&file, '/', &part) || !slice_is(part, "generated") || !slice_cut(&file, '/', &part) ||
	    !slice_ends(file, SLICE(".html")))
		return false;
	for (size_t i = 0; i < sizeof servers / sizeof *servers; i++)
		if (slice_is(part, servers[i])) {
			strcpy(server, servers[i]);
			file.n -= 5;
			for (size_t k = 0; k < file.n && k < 60; k++) {
				if (file.p[k] == '_' && k + 1 < file.n && file.p[k + 1] == '_') {
					*p++ = '/';
					k++;
				} else {
					*p++ = file.p[k];
				}
			}
			*p = '\0';
			if (strcmp(folder, "root") == 0)
				*folder = '\0';
			return true;
		}
	return false;
}

static void read_into(struct buf *out, const char *folder, const char *name)
{
	scoped(memory_free) char *path = path_join(folder, name);
	struct err err = { 0 };

	if (file_read(path, out, &err) < 0)
		fail_msg("%s", err.text);
}

static void test_real_pages(void **state)
{
	const char *data = test_data();
	scoped(memory_free) char *corpus = data ? path_join(data, "collect") : NULL;
	scoped(buf_done) struct buf rows = buf_limited(16 << 20);
	scoped(buf_done) struct buf all = buf_limited(16 << 20);
	struct slice rest, line;
	size_t pages = 0, entries = 0;

	(void)state;
	if (!corpus || access(corpus, R_OK) != 0) {
		print_message("skipped: no corpora (XSHEET_DATA)\n");
		skip();
	}
	read_into(&rows, corpus, "expected.tsv");
	read_into(&all, corpus, "generated/truth.tsv");
	for (rest = buf_slice(&rows); slice_line(&rest, &line);) {
		struct slice file, kind, base, dirs, files, checks, links;
		char server[64], folder[64], path[256], where[70];
		scoped(buf_done) struct buf bytes = buf_limited(16 << 20);
		uint64_t d = 0, f = 0, l = 0;
		struct listing_sum sum;
		struct page page;

		if (!slice_cut(&line, '\t', &file) || !slice_cut(&line, '\t', &kind) ||
		    !slice_cut(&line, '\t', &base) || !slice_cut(&line, '\t', &dirs) ||
		    !slice_cut(&line, '\t', &files) || !slice_cut(&line, '\t', &checks) ||
		    !page_of_row(file, server, folder))
			continue;
		assert_true(slice_u64(dirs, &d) && slice_u64(files, &f));
		links = slice_skip(checks, strlen("{\"links\": "));
		assert_true(slice_cut(&links, ',', &checks) && slice_u64(checks, &l));
		(void)snprintf(path, sizeof path, "%.*s", SLICE_F(file));
		read_into(&bytes, corpus, path);
		truth_load(buf_slice(&all), folder);
		truth.page = path;
		truth.zone_known = strstr(server, "localtime") == NULL;
		(void)snprintf(where, sizeof where, *folder ? "/%s/" : "/%s", folder);
		page = page_of(slice_text(where), buf_slice(&bytes));
		assert_int_equal(listing_read(&page, compare_entry, NULL, &sum, NULL), 0);
		if (sum.entries != d + f + l || sum.cut || (l == 0 && sum.folders != d))
			fail_msg("%s: %ju entries of %ju", path, (uintmax_t)sum.entries, (uintmax_t)(d + f + l));
		assert_int_equal(sum.answer, d + f + l ? LISTING_READ : LISTING_EMPTY);
		assert_true(strncmp(sum.reader, server, strlen(sum.reader)) == 0);
		pages++;
		entries += sum.entries;
	}
	print_message("%zu pages, %zu entries\n", pages, entries);
	assert_true(pages > 40);
}

/* ------------------------------------------------------ addresses ----- */

static void test_url(void **state)
{
	static const struct {
		const char *what, *in, *out;
	} rows[] = {
		{ "plain", "http://Example.TEST/a/b", "http://example.test/a/b" },
		{ "no path", "http://h", "http://h/" },
		{ "the usual port goes", "https://h:443/x", "https://h/x" },
		{ "another port stays", "http://h:8080/", "http://h:8080/" },
		{ "IPv6", "http://[::1]:81/a", "http://[::1]:81/a" },
		{ "dot segments are resolved", "http://h/a/./b/../c/..", "http://h/a/" },
		{ "also when they are encoded", "http://h/a/%2e%2E/%2e/b", "http://h/b" },
		{ "nothing above the root", "http://h/../../a", "http://h/a" },
		{ "escapes stay as they are", "http://h/%c3%A9%2F", "http://h/%c3%A9%2F" },
		{ "a query stays", "http://h/a?b=../c", "http://h/a?b=../c" },
		{ "a password is refused", "http://u:p@h/", NULL },
		{ "another scheme is refused", "ftp://h/", NULL },
		{ "a file is refused", "file:///etc/passwd", NULL },
		{ "a port too large", "http://h:65536/", NULL },
		{ "blanks and line ends are refused", "http://h/a b", NULL },
		{ "header injection is refused", "http://h/a\r\nX: y", NULL },
		{ "a host with a slash is none", "http:///x", NULL },
		{ "a host with odd bytes", "http://h\\@evil/", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		scoped(buf_done) struct buf out = buf_limited(1 << 16);
		const char *why = NULL;
		struct url url;
		const bool fine = url_parse(slice_text(rows[i].in), &url, &why);

		ROW(rows[i].what, fine == (rows[i].out != NULL));
		ROW(rows[i].what, fine || why);
		if (!fine)
			continue;
		ROW(rows[i].what, url_text(&url, &out) == 0);
		if (!slice_is(buf_slice(&out), rows[i].out))
			fail_msg("%s: %s", rows[i].what, buf_string(&out));
	}
}

static void test_scope(void **state)
{
	static const struct {
		const char *what, *ref, *why;      /* why NULL: inside */
	} rows[] = {
		{ "a file beside", "x.txt", NULL },
		{ "an absolute path below", "/pub/a/b", NULL },
		{ "the same host in full", "http://h:81/pub/", NULL },
		{ "a query", "?a=b", NULL },
		{ "nothing", "", NULL },
		{ "a path beside the source", "/private/", "a path outside the source's" },
		{ "above it", "../../x", "a path outside the source's" },
		{ "above it, encoded", "%2e%2e/%2e%2e/x", "a path outside the source's" },
		{ "a name that begins alike", "/public/", "a path outside the source's" },
		{ "another host", "http://127.0.0.2:81/pub/", "another host" },
		{ "another host without scheme", "//evil/pub/", "another host" },
		{ "another port", "http://h/pub/", "another port or scheme" },
		{ "another scheme", "https://h:81/pub/", "another port or scheme" },
		{ "a file scheme", "file:///etc/passwd", "it must begin with http:// or https://" },
		{ "script", "javascript:alert(1)", "it must begin with http:// or https://" },
	};
	struct url scope, base;
	const char *why;

	(void)state;
	assert_true(url_parse(SLICE("http://h:81/pub/"), &scope, &why));
	assert_true(url_parse(SLICE("http://h:81/pub/d/f"), &base, &why));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct url url;
		const bool inside = url_join(&base, slice_text(rows[i].ref), &url, &why) &&
				    url_inside(&scope, &url, &why);

		ROW(rows[i].what, inside == (rows[i].why == NULL));
		ROW(rows[i].what, inside || strcmp(why, rows[i].why) == 0);
	}
}

static void test_robots(void **state)
{
	static const struct {
		const char *what, *file, *path;
		bool allowed;
	} rows[] = {
		{ "an empty file", "", "/a", true },
		{ "everything", "User-agent: *\nDisallow: /\n", "/a", false },
		{ "an empty rule allows", "User-agent: *\nDisallow:\n", "/a", true },
		{ "a prefix", "User-agent: *\nDisallow: /priv", "/private/x", false },
		{ "beside the prefix", "User-agent: *\nDisallow: /priv", "/pub", true },
		{ "our group counts, not *", "User-agent: *\nDisallow: /\nUser-agent: XSheet\nDisallow: /b", "/a", true },
		{ "our group", "User-agent: *\nDisallow:\nUser-agent: xsheet\nDisallow: /b", "/b/c", false },
		{ "names in a row share rules", "User-agent: other\nUser-agent: xsheet\nDisallow: /b", "/b", false },
		{ "a group of others", "User-agent: other\nDisallow: /", "/b", true },
		{ "the longest rule decides", "User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true },
		{ "allow wins a tie", "User-agent: *\nAllow: /a\nDisallow: /a", "/a", true },
		{ "stars", "User-agent: *\nDisallow: /*.mp4$", "/x/y.mp4", false },
		{ "stars that do not reach the end", "User-agent: *\nDisallow: /*.mp4$", "/x/y.mp4.txt", true },
		{ "escapes compare decoded", "User-agent: *\nDisallow: /a b", "/a%20b", false },
		{ "comments and odd lines", "# hi\nUser-agent: * # all\nnonsense\nDisallow: /a # x\r\n", "/a", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct robots robots = { .file = slice_text(rows[i].file) };

		ROW(rows[i].what, robots_allow(&robots, slice_text(rows[i].path)) == rows[i].allowed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_html_limits),
		cmocka_unit_test(test_listings),
		cmocka_unit_test(test_real_pages),
		cmocka_unit_test(test_url),
		cmocka_unit_test(test_scope),
		cmocka_unit_test(test_robots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
