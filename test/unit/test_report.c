/* SPDX-License-Identifier: Apache-2.0 */
#include "casefile_maker.h"

#include <ctype.h>
#include <jansson.h>
#include <zlib.h>

#include "base/text.h"
#include "report/model.h"
#include "report/page.h"
#include "report/png.h"
#include "report/report.h"

/* -------------------------------------------------------- the parts --- */

static void foreign_text_cannot_become_markup(void **state)
{
	static const struct {
		const char *what, *raw, *page;
	} rows[] = {
		{ "a tag is text", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;" },
		{ "an attribute cannot be ended", "\" onload='x'", "&quot; onload=&#39;x&#39;" },
		{ "the direction of writing cannot be turned", "a\xE2\x80\xAE" "b", "a\\u{202E}b" },
		{ "a control character shows", "a\x01\x7F", "a\\u{1}\\u{7F}" },
		{ "bytes that are not UTF-8 show", "\xB5\xD8", "\\xB5\\xD8" },
		{ "an entity stays what was written", "&lt;", "&amp;lt;" },
		{ "Chinese stays", "\xE5\x8E\x9F\xE7\x94\xBB", "\xE5\x8E\x9F\xE7\x94\xBB" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		scoped(buf_done) struct buf b = buf_limited(1000);

		page(&b, "%s", rows[i].raw);
		ROW(rows[i].what, strcmp(buf_string(&b), rows[i].page) == 0);
	}
}

static void a_page_is_formatted(void **state)
{
	const char *volatile nothing = NULL;
	scoped(buf_done) struct buf b = buf_limited(1000);

	(void)state;
	page(&b, "<b>%s</b> %d %5.2f %zu%% %" PRIu64 " %" PRId64, nothing, -3, 1.5, (size_t)7, UINT64_MAX, INT64_MIN);
	assert_string_equal(buf_string(&b), "<b></b> -3  1.50 7% 18446744073709551615 -9223372036854775808");
	buf_clear(&b);
	page_number(&b, 1234567);
	page(&b, " ");
	page_count(&b, 1, "file", "files");
	page(&b, " ");
	page_cut(&b, "\xE5\x8E\x9F\xE7\x94\xBB", 4);
	page(&b, " ");
	page_base64(&b, SLICE("any carnal pleas"));
	page_lang(&b, "zh-Hans");
	page_lang(&b, "x\" onload=\"y");
	assert_string_equal(buf_string(&b), "1,234,567 1 file \xE5\x8E\x9F\xE2\x80\xA6 YW55IGNhcm5hbCBwbGVhcw== lang=\"zh-Hans\"");
}

static uint32_t u32_at(const struct buf *b, size_t at)
{
	const unsigned char *p = (const unsigned char *)b->p + at;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void a_picture_is_shrunk_by_area(void **state)
{
	scoped(buf_done) struct buf png = buf_limited(1 << 20);
	unsigned char pixels[8 * 4], raw[64];
	uint32_t width, height;
	uLongf size = sizeof raw;
	size_t data;

	(void)state;
	/* Columns black, white, black, ...: each pair becomes the middle grey.
	 * The last row of blocks is white. */
	for (int y = 0; y < 4; y++)
		for (int x = 0; x < 8; x++)
			pixels[y * 8 + x] = y >= 2 || x % 2 ? 255 : 0;
	assert_int_equal(png_grey(pixels, 8, 4, 4, &png, &width, &height, NULL), 0);
	assert_int_equal(width, 4);
	assert_int_equal(height, 2);
	assert_memory_equal(png.p, "\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16);
	assert_int_equal(u32_at(&png, 16), 4);
	assert_int_equal(u32_at(&png, 20), 2);
	assert_int_equal(png.p[24], 4);      /* bits */
	assert_int_equal(u32_at(&png, 29), crc32(0, (const Bytef *)png.p + 12, 17));
	data = 33;
	assert_memory_equal(png.p + data + 4, "IDAT", 4);
	assert_int_equal(uncompress(raw, &size, (const Bytef *)png.p + data + 8, u32_at(&png, data)), Z_OK);
	assert_int_equal(size, 6);
	assert_memory_equal(raw, "\0\x77\x77\0\xff\xff", 6);
	assert_memory_equal(png.p + png.n - 8, "IEND\xAE\x42\x60\x82", 8);
}

static void a_picture_keeps_its_bounds(void **state)
{
	static const struct {
		const char *what;
		uint32_t width, height, max, to_width, to_height;
	} rows[] = {
		{ "a small one is not enlarged", 5, 3, 720, 5, 3 },
		{ "one pixel", 1, 1, 720, 1, 1 },
		{ "a line stays a line", 3000, 1, 720, 720, 1 },
		{ "a column is cut in height", 2, 9000, 720, 1, 4000 },
		{ "no width", 0, 5, 720, 0, 0 },
		{ "too wide", 20001, 1, 720, 0, 0 },
	};
	static unsigned char pixels[20001];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		scoped(buf_done) struct buf png = buf_limited(1 << 20);
		uint32_t width = 0, height = 0;
		const int r = png_grey(pixels, rows[i].width, rows[i].height, rows[i].max, &png, &width, &height, NULL);

		ROW(rows[i].what, (r == 0) == (rows[i].to_width != 0));
		ROW(rows[i].what, width == rows[i].to_width && height == rows[i].to_height);
	}
}

/* ------------------------------------------------------ a case of all --- */

#define EVIL "<script>alert(1)</script>\"'><img src=x onerror=y>&amp;\xE2\x80\xAE" "gpj\x1B[31m\xFF"

static int64_t find(struct casefile *cf, int64_t run, const char *kind, int64_t object, const char *locator, const char *value,
		    const char *data, double certainty)
{
	const struct finding f = { .run = run, .kind = kind, .object = object, .locator = locator, .value = value, .data = data,
				   .certainty = certainty };
	struct err err = { 0 };
	int64_t id = 0;

	MUST(finding_add(cf, &f, &id, &err));
	return id;
}

/* {"name": EVIL, ...}: hostile text as a JSON string. */
static const char *evil_json(char *to, size_t size, const char *format, int64_t a, int64_t b)
{
	scoped(buf_done) struct buf evil = buf_limited(1000);

	(void)text_json(&evil, SLICE(EVIL));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	(void)snprintf(to, size, format, buf_string(&evil), (long long)a, (long long)b);
#pragma GCC diagnostic pop
	return to;
}

static int64_t begin_run(struct casefile *cf, const char *stage)
{
	const struct run run = { 0, stage, "test " EVIL, "{\"list\":{\"name\":\"<b>sdn\",\"date\":\"2024-05-03\",\"n\":[1,2.5,null,true]}}", 0, true };
	struct err err = { 0 };
	int64_t id;

	MUST(run_begin(cf, &run, &id, &err));
	return id;
}

static void end_run(struct casefile *cf, int64_t run)
{
	struct err err = { 0 };

	MUST(run_end(cf, run, &err));
}

static void add_findings(struct casefile *cf, int64_t object)
{
	int64_t run = begin_run(cf, "examine"), a, b, pair, login, title;
	char data[2000], huge[5000];

	memset(huge, 'A', sizeof huge - 1);
	huge[sizeof huge - 1] = '\0';
	(void)find(cf, run, "file.verdict", object, "{}", "ok", "{}", -1);
	(void)find(cf, run, "file.verdict", object + 1, "{}", "crashed", evil_json(data, sizeof data, "{\"why\":%s}", 0, 0), -1);
	a = find(cf, run, "ocr.line", object, "{\"box\":[1,2,30,10]}", EVIL, "{\"lang\":\"zh-Hans\",\"engine\":\"<i>e\"}", 0.9);
	b = find(cf, run, "ocr.line", object, "{\"box\":[\"x\",null,1e9,-5]}", huge, "{\"lang\":\"ko\\\" onload=\\\"x\"}", 0.8);
	(void)snprintf(data, sizeof data, "{\"a\":%lld,\"b\":%lld,\"from\":\"zh-Hans\",\"to\":\"ko\",\"how\":\"<u>\"}", (long long)a, (long long)b);
	pair = find(cf, run, "pair.lines", object, "{}", EVIL " -> " EVIL, data, 0.85);
	end_run(cf, run);

	run = begin_run(cf, "logs");
	(void)find(cf, run, "log.summary", object, "{}", "10 lines read " EVIL, "{}", -1);
	login = find(cf, run, "log.login", object, "{\"line\":7,\"offset\":512}", "192.0.2.7",
		     evil_json(data, sizeof data, "{\"time\":\"2024-01-08T12:00:00Z\",\"user\":%s,\"ok\":true,\"class\":\"vpn-brand\",\"asn\":64500}", 0, 0), 0.9);
	(void)find(cf, run, "log.login", object, "{\"line\":-1}", EVIL, "{\"time\":\"never\",\"ok\":false}", -1);
	(void)find(cf, run, "log.session", object, "{}", EVIL, "{\"first\":\"2024-01-08T12:00:00Z\",\"requests\":5}", -1);
	(void)find(cf, run, "log.origins", 0, "{}", "17", "{\"unit\":\"logins\",\"class\":\"vpn-brand\",\"country\":\"\",\"label\":\"VPN exits\"}", -1);
	(void)find(cf, run, "log.origins", 0, "{}", "3", evil_json(data, sizeof data, "{\"unit\":\"logins\",\"class\":\"isp\",\"country\":\"CN\",\"label\":%s}", 0, 0), -1);
	(void)find(cf, run, "log.exchange", object, "{}", "a/" EVIL, evil_json(data, sizeof data, "{\"written_by\":%s,\"read_by\":[1,2]}", 0, 0), -1);
	(void)find(cf, run, "log.relay", object, "{}", "two groups " EVIL, "{\"a\":\"x\",\"b\":{\"actors\":3},\"objects\":4}", -1);
	(void)find(cf, run, "log.reject", object, "{\"line\":3,\"offset\":99}", EVIL, "{\"why\":\"time\"}", -1);
	end_run(cf, run);

	run = begin_run(cf, "match");
	(void)snprintf(data, sizeof data, "{\"leg\":\"text\",\"as\":\"<b>\",\"finding\":%lld,\"episode\":\"<5>\"}", (long long)a);
	(void)find(cf, run, "title.leg", object, "{}", "t<1>", data, 0.9);
	title = find(cf, run, "title.match", 0, "{}", "The " EVIL,
		     "{\"id\":\"t<1>\",\"status\":\"claim\",\"legs\":[\"path\",\"<x>\"],\"episodes\":[\"<5>\",6],\"cuts\":[null],\"first\":\"<\"}", -1);
	(void)find(cf, run, "name.match", object, "{}", "SEK STUDIO",
		   evil_json(data, sizeof data, "{\"as\":%s,\"list\":\"<L>\",\"entry\":34022,\"date\":\"2024-05-03\",\"finding\":%lld}", a, 0), 1);
	end_run(cf, run);

	run = begin_run(cf, "assess");
	(void)snprintf(data, sizeof data,
		       "{\"id\":\"pairs\",\"count\":1,\"findings\":[%lld,%lld,%lld,999999,\"x\"],\"hypotheses\":{\"h<1>\":{\"low\":0.6,\"high\":0.9,\"why\":\"<\"}}}",
		       (long long)pair, (long long)login, (long long)title);
	(void)find(cf, run, "assess.observation", 0, "{}", "notes carry a translation " EVIL, data, -1);
	(void)find(cf, run, "assess.observation", 0, "{}", "not seen", "{\"id\":\"none\",\"count\":0,\"findings\":[]}", -1);
	(void)find(cf, run, "assess.claim", 0, "{}", "It is likely that " EVIL,
		   evil_json(data, sizeof data,
			     "{\"id\":\"c\",\"hypothesis\":\"h<1>\",\"term\":\"likely\",\"low\":0.6,\"high\":0.8,\"confidence\":%s,\"observations\":[\"pairs\"],"
			     "\"alternative\":\"<alt>\",\"would_change\":[\"<a>\",\"b\"]}",
			     0, 0),
		   -1);
	end_run(cf, run);
}

static void hostile_case(const char *path)
{
	const struct source source = { 0, "http", "http://example.test/" EVIL, "{\"depth\":\"<8>\"}" };
	scoped(casefile_close) struct casefile *cf = NULL;
	struct err err = { 0 };
	int64_t id, capture, object = 0, first = 0;
	bool resumed;

	MUST(casefile_create(path, "authority <script>alert(2)</script> \xE2\x80\xAE", &err));
	MUST(casefile_open(path, CASEFILE_WRITE, &cf, &err));
	MUST(casefile_source(cf, &source, &id, &err));
	for (int day = 0; day < 2; day++) {
		MUST(capture_begin(cf, id, &capture, &resumed, &err));
		for (int i = 0; i < 5; i++) {
			char name[600], body[40];

			(void)snprintf(name, sizeof name, "d/%d-%s", i, i == 4 ? "\xE5\x8E\x9F\xE7\x94\xBB" : EVIL);
			(void)snprintf(body, sizeof body, "bytes %d %d\n", i, i == 0 ? day : 0);
			object = maker_fetch(cf, "http://example.test/d/x", body, false, NULL);
			first = first ? first : object;
			maker_see(cf, capture, name, BASIS_FETCHED, object);
		}
		maker_see(cf, capture, "d/failed" EVIL, BASIS_FAILED, 0);
		maker_list(cf, capture, "", LISTING_COMPLETE, 1);
		maker_list(cf, capture, "d/", LISTING_COMPLETE, 6);
		MUST(capture_end(cf, capture, day ? "time was up " EVIL : NULL, &err));
		MUST(casefile_seal(cf, "collect", &err));
	}
	add_findings(cf, first);
	MUST(casefile_seal(cf, "assess", &err));
}

static void written(const char *path, const char *format, struct buf *out, struct report_tally *tally)
{
	const struct report_options options = { .format = format, .pictures_max = 3, .worker_path = "/nonexistent/worker" };
	scoped(casefile_close) struct casefile *cf = NULL;
	struct err err = { 0 };

	MUST(casefile_open(path, CASEFILE_READ, &cf, &err));
	MUST(report_to_buf(cf, &options, out, tally, &err));
}

/* --------------------------------------------- reading the page again --- */

#define IDS_MAX 4000

struct walk {
	struct slice ids[IDS_MAX], links[IDS_MAX];
	size_t ids_n, links_n;
};

static bool known_tag(struct slice name)
{
	static const char *const known[] = {
		"!DOCTYPE", "a", "article", "body", "br", "caption", "code", "dd", "details", "div", "dl", "dt", "em", "figcaption", "figure",
		"footer", "h1", "h2", "h3", "h4", "head", "header", "html", "img", "li", "line", "main", "meta", "nav", "ol", "p", "path", "pre",
		"rect", "section", "span", "strong", "style", "summary", "svg", "table", "tbody", "td", "text", "th", "thead", "time",
		"title", "tr", "ul",
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (slice_is(name, known[i]))
			return true;
	return false;
}

static void take_attribute(struct walk *w, struct slice name, struct slice value)
{
	const bool ours = slice_is(name, "href") || slice_is(name, "src");

	assert_false(slice_starts(name, SLICE("on")));
	if (slice_is(name, "id")) {
		assert_true(w->ids_n < IDS_MAX);
		for (size_t i = 0; i < w->ids_n; i++)
			if (slice_equal(w->ids[i], value))
				fail_msg("two things have the id %.*s", SLICE_F(value));
		w->ids[w->ids_n++] = value;
	}
	if (!ours)
		return;
	if (slice_starts(value, SLICE("#"))) {
		assert_true(w->links_n < IDS_MAX);
		w->links[w->links_n++] = slice_skip(value, 1);
	} else if (!slice_starts(value, SLICE("data:image/png;base64,"))) {
		fail_msg("leads out of the page: %.*s", SLICE_F(value));
	}
}

/* One tag's inside, without < and >; every value stands in double quotes. */
static void take_tag(struct walk *w, struct slice tag)
{
	struct slice name = tag;
	size_t n = 0;

	if (slice_starts(tag, SLICE("/")))
		tag = name = slice_skip(tag, 1);
	while (n < tag.n && !isspace((unsigned char)tag.p[n]) && tag.p[n] != '/')
		n++;
	name = slice_head(tag, n);
	if (!known_tag(name))
		fail_msg("a tag that is not ours: <%.*s>", SLICE_F(tag));
	tag = slice_skip(tag, n);
	while (tag.n) {
		struct slice attribute, value;

		tag = slice_trim(tag);
		if (!slice_cut(&tag, '=', &attribute))
			break;
		assert_true(slice_starts(tag, SLICE("\"")));
		tag = slice_skip(tag, 1);
		assert_true(slice_cut(&tag, '"', &value));
		take_attribute(w, slice_trim(attribute), value);
	}
}

static void walk_page(struct walk *w, struct slice page_text)
{
	struct slice rest = page_text;

	while (rest.n) {
		struct slice text, tag;

		if (!slice_cut(&rest, '<', &text))
			break;
		assert_true(slice_cut(&rest, '>', &tag));
		take_tag(w, tag);
		if (slice_is(tag, "style")) {
			const ptrdiff_t end = slice_find(rest, SLICE("</style>"));

			assert_true(end >= 0);
			/* Nothing is loaded by the style either. */
			assert_true(slice_find_nocase(slice_head(rest, (size_t)end), SLICE("url(")) < 0);
			assert_true(slice_find_nocase(slice_head(rest, (size_t)end), SLICE("@import")) < 0);
			rest = slice_skip(rest, (size_t)end);
		}
	}
}

static void no_raw_byte(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 32 && s.p[i] != '\n' && s.p[i] != '\t')
			fail_msg("control byte %d at %zu", s.p[i], i);
	assert_true(utf8_valid(s));
	assert_true(slice_find(s, SLICE("\xE2\x80\xAE")) < 0);
}

static void a_hostile_case_makes_a_harmless_page(void **state)
{
	static struct walk w;
	scoped(buf_done) struct buf html = buf_limited(REPORT_SIZE_MAX);
	struct report_tally tally;

	(void)state;
	hostile_case(maker_path("hostile"));
	written(maker_path("hostile"), "html", &html, &tally);
	no_raw_byte(buf_slice(&html));
	assert_true(slice_find_nocase(buf_slice(&html), SLICE("<script")) < 0);
	assert_true(slice_find(buf_slice(&html), SLICE("default-src 'none'; style-src 'unsafe-inline'; img-src data:")) > 0);
	assert_int_equal(tally.claims, 1);
	assert_int_equal(tally.pairs, 1);
	assert_int_equal(tally.pictures, 1);
	assert_int_equal(tally.pictures_shown, 0);

	walk_page(&w, buf_slice(&html));
	assert_true(w.links_n > 40);
	for (size_t i = 0; i < w.links_n; i++) {
		bool found = false;

		for (size_t k = 0; k < w.ids_n && !found; k++)
			found = slice_equal(w.links[i], w.ids[k]);
		if (!found)
			fail_msg("#%.*s leads nowhere", SLICE_F(w.links[i]));
	}
	/* What was found is there, escaped; and what could not be shown is said. */
	assert_true(slice_find(buf_slice(&html), SLICE("It is likely that &lt;script&gt;")) > 0);
	assert_true(slice_find(buf_slice(&html), SLICE("17 of 20 logins")) > 0);
	assert_true(slice_find(buf_slice(&html), SLICE("xsheet-worker) could not be started")) > 0);
	assert_true(slice_find(buf_slice(&html), SLICE("episode &lt;5&gt;")) > 0);
	assert_true(slice_find(buf_slice(&html), SLICE(">crashed<")) > 0);
}

/* What stands between two texts of the page. */
static struct slice between(struct slice page_text, const char *from, const char *to)
{
	const ptrdiff_t at = slice_find(page_text, slice_text(from));
	ptrdiff_t end;

	if (at < 0)
		fail_msg("'%s' is not on the page", from);
	page_text = slice_skip(page_text, (size_t)at);
	end = slice_find(page_text, slice_text(to));
	return end < 0 ? page_text : slice_head(page_text, (size_t)end);
}

static void login(struct casefile *cf, int64_t run, int64_t object, const char *address, int hour, bool ok, const char *more)
{
	char data[600];

	(void)snprintf(data, sizeof data, "{\"time\":\"2024-01-08T%02d:00:00Z\",\"ok\":%s,\"rule\":\"form\",%s}", hour, ok ? "true" : "false", more);
	(void)find(cf, run, "log.login", object, "{\"line\":7,\"offset\":512}", address, data, 0.9);
}

/* Successful ones, failed ones and countries each in their place. */
static void logins_and_attempts_stand_apart(void **state)
{
	scoped(buf_done) struct buf html = buf_limited(REPORT_SIZE_MAX);
	struct report_tally tally;
	struct slice good, bad, first;

	(void)state;
	hostile_case(maker_path("logins"));
	{
		scoped(casefile_close) struct casefile *cf = NULL;
		struct err err = { 0 };
		int64_t run;

		MUST(casefile_open(maker_path("logins"), CASEFILE_WRITE, &cf, &err));
		run = begin_run(cf, "logs");
		for (int i = 0; i < 20; i++)
			login(cf, run, 1, i == 19 ? "198.51.100.19" : "198.51.100.1", i, true,
			      "\"class\":\"unlisted\",\"country\":\"CN\",\"country_name\":\"China\"");
		for (int i = 0; i < 3; i++)
			login(cf, run, 1, "203.0.113.5", 20 - i, false, "\"class\":\"hosting\",\"address_country\":\"NL\"");
		login(cf, run, 1, "203.0.113.6", 1, false, "\"class\":\"tor-exit\",\"address_country\":\"NL\"");
		end_run(cf, run);
		MUST(casefile_seal(cf, "logs", &err));
	}
	written(maker_path("logins"), "html", &html, &tally);
	good = between(buf_slice(&html), "<h3>Each successful login</h3>", "Attempts that failed");
	bad = between(buf_slice(&html), "Attempts that failed, by address", "</table>");
	first = between(good, "<h3>", "</table>");
	assert_true(slice_find(good, SLICE("203.0.113.")) < 0);
	assert_true(slice_find(good, SLICE(">China<")) > 0);
	assert_true(slice_find(good, SLICE("198.51.100.19")) > 0);
	assert_true(slice_find(first, SLICE("198.51.100.19")) < 0);
	assert_true(slice_find(good, SLICE("12 of 20 successful logins")) > 0);
	assert_true(slice_find(bad, SLICE("198.51.100.")) < 0);
	/* By address, most first, with the first and last time. */
	bad = between(bad, "203.0.113.5", "</tr>");
	assert_true(slice_find(bad, SLICE("not given: rented machine")) > 0);
	assert_true(slice_find(bad, SLICE("<td class=\"n\">3</td>")) > 0);
	assert_true(slice_find(bad, SLICE("18:00:00</time>")) > 0 && slice_find(bad, SLICE("18:00:00</time>")) < slice_find(bad, SLICE("20:00:00</time>")));
	bad = between(buf_slice(&html), "203.0.113.6", "</tr>");
	assert_true(slice_find(bad, SLICE("not known: an exit")) > 0);
	assert_true(slice_find(bad, SLICE("NL")) < 0);
}

/* Two versions of one path: the later one is shown, the earlier one counted. */
static void versions_of_a_file_stand_together(void **state)
{
	const struct source source = { 0, "http", "http://example.test/", "{}" };
	scoped(buf_done) struct buf html = buf_limited(REPORT_SIZE_MAX);
	scoped(casefile_close) struct casefile *cf = NULL;
	const char *path = maker_path("versions");
	struct report_tally tally;
	struct err err = { 0 };
	struct slice pairs;
	int64_t id, capture, run, objects[2];
	bool resumed;

	(void)state;
	MUST(casefile_create(path, "test", &err));
	MUST(casefile_open(maker_path("versions"), CASEFILE_WRITE, &cf, &err));
	MUST(casefile_source(cf, &source, &id, &err));
	for (int day = 0; day < 2; day++) {
		objects[day] = maker_fetch(cf, "http://example.test/cut.xlsx", day ? "two" : "one", false, NULL);
		MUST(capture_begin(cf, id, &capture, &resumed, &err));
		maker_see(cf, capture, "cut.xlsx", BASIS_FETCHED, objects[day]);
		maker_list(cf, capture, "", LISTING_COMPLETE, 1);
		MUST(capture_end(cf, capture, NULL, &err));
		MUST(casefile_seal(cf, "collect", &err));
	}
	run = begin_run(cf, "examine");
	for (int day = 0; day < 2; day++) {
		const int64_t a = find(cf, run, "text.line", objects[day], "{\"part\":\"x\",\"cell\":\"Sheet1!C4\"}", "A", "{}", -1);
		char data[300];

		(void)snprintf(data, sizeof data, "{\"a\":%lld,\"b\":%lld,\"from\":\"zh-Hans\",\"to\":\"ko\",\"a_text\":\"%s\",\"b_text\":\"B\"}",
			       (long long)a, (long long)a, day ? "NEWTEXT" : "OLDTEXT");
		(void)find(cf, run, "pair.lines", objects[day], "{}", "pair", data, 1);
	}
	end_run(cf, run);
	MUST(casefile_seal(cf, "examine", &err));
	casefile_close(take_pointer(&cf));
	written(maker_path("versions"), "html", &html, &tally);
	pairs = between(buf_slice(&html), "<section id=\"pairs\"", "</section>");
	assert_true(slice_find(pairs, SLICE("NEWTEXT")) > 0);
	assert_true(slice_find(pairs, SLICE("OLDTEXT")) < 0);
	assert_true(slice_find(pairs, SLICE("Sheet1!C4")) > 0);
	assert_true(slice_find(pairs, SLICE("Also in 1 earlier version ")) > 0);
	assert_int_equal(tally.pairs, 2);
}

static void a_sentence_leads_to_bytes_in_two_steps(void **state)
{
	scoped(buf_done) struct buf html = buf_limited(REPORT_SIZE_MAX);
	struct slice rest, claim, row;
	struct report_tally tally;
	ptrdiff_t at;

	(void)state;
	hostile_case(maker_path("steps"));
	written(maker_path("steps"), "html", &html, &tally);
	at = slice_find(buf_slice(&html), SLICE("<li id=\"claim-"));
	assert_true(at > 0);
	rest = slice_skip(buf_slice(&html), (size_t)at);
	at = slice_find(rest, SLICE("</li>"));
	claim = slice_head(rest, (size_t)at);
	at = slice_find(claim, SLICE("href=\"#f"));
	assert_true(at > 0);
	claim = slice_skip(claim, (size_t)at + 7);
	assert_true(slice_cut(&claim, '"', &row));
	{
		char anchor[64];

		(void)snprintf(anchor, sizeof anchor, "<tr id=\"%.*s\">", (int)row.n, row.p);
		at = slice_find(buf_slice(&html), slice_text(anchor));
	}
	assert_true(at > 0);
	rest = slice_skip(buf_slice(&html), (size_t)at);
	at = slice_find(rest, SLICE("</tr>"));
	assert_true(slice_find(slice_head(rest, (size_t)at), SLICE("href=\"#o")) > 0);
	assert_true(slice_find(buf_slice(&html), SLICE("00001.warc:")) > 0);
}

static void the_same_case_gives_the_same_bytes(void **state)
{
	static const char *const formats[] = { "html", "json" };

	(void)state;
	hostile_case(maker_path("same"));
	for (size_t i = 0; i < 2; i++) {
		scoped(buf_done) struct buf one = buf_limited(REPORT_SIZE_MAX), two = buf_limited(REPORT_SIZE_MAX);
		struct report_options options = { .format = formats[i], .keep = true };
		scoped(casefile_close) struct casefile *cf = NULL;
		struct report_tally first, second;
		struct err err = { 0 };

		written(maker_path("same"), formats[i], &one, &first);
		/* A report that is kept writes a line in the ledger; the next is the same all the same. */
		MUST(casefile_open(maker_path("same"), CASEFILE_WRITE, &cf, &err));
		MUST(report_write(cf, &options, maker_path("out"), &second, &err));
		assert_true(second.kept[0]);
		assert_int_equal(access(maker_path(second.kept), R_OK), -1);
		casefile_close(take_pointer(&cf));
		written(maker_path("same"), formats[i], &two, &second);
		assert_true(slice_equal(buf_slice(&one), buf_slice(&two)));
		assert_true(sha256_equal(&first.sha256, &second.sha256));
	}
}

static void the_json_holds_the_same(void **state)
{
	scoped(buf_done) struct buf out = buf_limited(REPORT_SIZE_MAX);
	struct report_tally tally;
	const json_t *claims;
	json_error_t why;
	json_t *root;

	(void)state;
	hostile_case(maker_path("json"));
	written(maker_path("json"), "json", &out, &tally);
	root = json_loadb(out.p, out.n, JSON_REJECT_DUPLICATES, &why);
	if (!root)
		fail_msg("line %d: %s", why.line, why.text);
	assert_string_equal(member_text(root, "format"), "xsheet-report-1");
	claims = member_array(member_object(root, "claims"), "shown");
	assert_int_equal(json_array_size(claims), 1);
	assert_string_equal(member_text(member_object(json_array_get(claims, 0), "data"), "alternative"), "<alt>");
	assert_int_equal(json_array_size(member_array(root, "captures")), 2);
	assert_int_equal(json_array_size(member_array(root, "sheet")), 3);
	assert_int_equal(member_number(member_object(member_object(root, "coverage"), "verdicts"), "crashed", 0), 1);
	assert_int_equal(strlen(member_text(member_object(root, "custody"), "head")), 64);
	json_decref(root);
}

static void an_empty_case_is_said_to_be_empty(void **state)
{
	scoped(buf_done) struct buf html = buf_limited(REPORT_SIZE_MAX);
	struct report_tally tally;
	struct err err = { 0 };

	(void)state;
	MUST(casefile_create(maker_path("empty"), NULL, &err));
	written(maker_path("empty"), "html", &html, &tally);
	assert_true(slice_find(buf_slice(&html), SLICE("Nothing was collected in this case")) > 0);
	assert_true(slice_find(buf_slice(&html), SLICE("No judgement has been drawn")) > 0);
	assert_true(slice_find(buf_slice(&html), SLICE("No log was read")) > 0);
	assert_int_equal(tally.claims, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(foreign_text_cannot_become_markup),
		cmocka_unit_test(a_page_is_formatted),
		cmocka_unit_test(a_picture_is_shrunk_by_area),
		cmocka_unit_test(a_picture_keeps_its_bounds),
		cmocka_unit_test(a_hostile_case_makes_a_harmless_page),
		cmocka_unit_test(logins_and_attempts_stand_apart),
		cmocka_unit_test(versions_of_a_file_stand_together),
		cmocka_unit_test(a_sentence_leads_to_bytes_in_two_steps),
		cmocka_unit_test(the_same_case_gives_the_same_bytes),
		cmocka_unit_test(the_json_holds_the_same),
		cmocka_unit_test(an_empty_case_is_said_to_be_empty),
	};

	return cmocka_run_group_tests(tests, maker_begin, maker_end);
}
