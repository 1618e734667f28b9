/* SPDX-License-Identifier: Apache-2.0 */
/* mkdtemp() */
#define _XOPEN_SOURCE 700
#include "unit.h"

#include <jansson.h>
#include <zlib.h>

#include "base/fd.h"
#include "logs/internal.h"

extern const struct logfmt logfmt_combined;

/* ----------------------------------------------------------- lines ---- */

static void combined_reads_lines(void **unused)
{
	const struct {
		const char *what;
		struct slice line;
		const char *refused;         /* the reason, NULL if it fits */
		struct log_event event;
	} rows[] = {
		{ "nginx as it comes",
		  SLICE("192.0.2.7 - - [08/Jan/2024:10:20:12 +0900] \"GET /a/b?c=d HTTP/1.1\" 200 1184 \"-\" \"Mozilla/5.0 (X11)\""),
		  NULL, { SLICE("192.0.2.7"), { 0 }, 1704676812000, SLICE("GET /a/b?c=d HTTP/1.1"), SLICE("GET"), SLICE("/a/b?c=d"), SLICE("HTTP/1.1"), 200, 1184, { 0 }, SLICE("Mozilla/5.0 (X11)") } },
		{ "a zone east of Greenwich is earlier in UTC",
		  SLICE("::1 - bob [12/Mar/2024:08:25:24 +0200] \"GET / HTTP/1.0\" 304 - \"-\" \"\""),
		  NULL, { SLICE("::1"), SLICE("bob"), 1710224724000, SLICE("GET / HTTP/1.0"), SLICE("GET"), SLICE("/"), SLICE("HTTP/1.0"), 304, 0, { 0 }, { 0 } } },
		{ "a zone west of it, with minutes",
		  SLICE("h - - [12/Mar/2024:02:55:24 -0330] \"GET / HTTP/1.0\" 200 1"),
		  NULL, { SLICE("h"), { 0 }, 1710224724000, SLICE("GET / HTTP/1.0"), SLICE("GET"), SLICE("/"), SLICE("HTTP/1.0"), 200, 1, { 0 }, { 0 } } },
		{ "a user's name may hold blanks and a bracket",
		  SLICE("h - j [smith [12/Mar/2024:08:25:24 +0200] \"GET / HTTP/1.0\" 200 1"),
		  NULL, { SLICE("h"), SLICE("j [smith"), 1710224724000, SLICE("GET / HTTP/1.0"), SLICE("GET"), SLICE("/"), SLICE("HTTP/1.0"), 200, 1, { 0 }, { 0 } } },
		{ "quotes within quotes are escaped",
		  SLICE("h - - [12/Mar/2024:08:25:24 +0200] \"GET /\\\"a\\\\ HTTP/1.1\" 200 1 \"\\x22\" \"a\\\"b\""),
		  NULL, { SLICE("h"), { 0 }, 1710224724000, SLICE("GET /\\\"a\\\\ HTTP/1.1"), SLICE("GET"), SLICE("/\\\"a\\\\"), SLICE("HTTP/1.1"), 200, 1, SLICE("\\x22"), SLICE("a\\\"b") } },
		{ "what is no request is kept as it is",
		  SLICE("h - - [12/Mar/2024:08:25:24 +0200] \"\\x16\\x03\\x01 a\" 400 157 \"-\" \"-\""),
		  NULL, { SLICE("h"), { 0 }, 1710224724000, SLICE("\\x16\\x03\\x01 a"), { 0 }, { 0 }, { 0 }, 400, 157, { 0 }, { 0 } } },
		{ "no request at all",
		  SLICE("h - - [12/Mar/2024:08:25:24 +0200] \"\" 400 0 \"-\" \"-\""),
		  NULL, { SLICE("h"), { 0 }, 1710224724000, { 0 }, { 0 }, { 0 }, { 0 }, 400, 0, { 0 }, { 0 } } },
		{ "more behind the agent",
		  SLICE("h - - [12/Mar/2024:08:25:24 +0200] \"GET / HTTP/1.1\" 200 1 \"r\" \"a\" \"10.0.0.1\" 0.5"),
		  NULL, { SLICE("h"), { 0 }, 1710224724000, SLICE("GET / HTTP/1.1"), SLICE("GET"), SLICE("/"), SLICE("HTTP/1.1"), 200, 1, SLICE("r"), SLICE("a") } },
		{ "a proxy's list: the first public address is the client",
		  SLICE("10.0.0.2, 80.58.1.1, 59.44.1.1 10.0.0.9 - - [12/Mar/2024:08:25:24 +0200] \"GET / HTTP/1.1\" 200 1"),
		  NULL, { SLICE("80.58.1.1"), { 0 }, 1710224724000, SLICE("GET / HTTP/1.1"), SLICE("GET"), SLICE("/"), SLICE("HTTP/1.1"), 200, 1, { 0 }, { 0 } } },
		{ "a target with a blank in it",
		  SLICE("h - - [12/Mar/2024:08:25:24 +0200] \"GET /a b HTTP/1.1\" 400 1"),
		  NULL, { SLICE("h"), { 0 }, 1710224724000, SLICE("GET /a b HTTP/1.1"), SLICE("GET"), SLICE("/a b"), SLICE("HTTP/1.1"), 400, 1, { 0 }, { 0 } } },
		{ "a leap second",
		  SLICE("h - - [31/Dec/2016:23:59:60 +0000] \"GET / HTTP/1.1\" 200 1"),
		  NULL, { SLICE("h"), { 0 }, 1483228800000, SLICE("GET / HTTP/1.1"), SLICE("GET"), SLICE("/"), SLICE("HTTP/1.1"), 200, 1, { 0 }, { 0 } } },
		{ "nothing", SLICE(""), "time" },
		{ "cut off in the time", SLICE("71.6.199.223 - - [10/Jan/2024:17"), "time" },
		{ "the 32nd of March", SLICE("h - - [32/Mar/2024:06:25:24 +0000] \"GET / HTTP/1.0\" 200 1"), "time" },
		{ "the 30th of February", SLICE("h - - [30/Feb/2024:06:25:24 +0000] \"GET / HTTP/1.0\" 200 1"), "time" },
		{ "a month that is none", SLICE("h - - [12/Mai/2024:06:25:24 +0000] \"GET / HTTP/1.0\" 200 1"), "time" },
		{ "the 25th hour", SLICE("h - - [12/Mar/2024:25:25:24 +0000] \"GET / HTTP/1.0\" 200 1"), "time" },
		{ "no user", SLICE("h - [12/Mar/2024:08:25:24 +0200] \"GET / HTTP/1.0\" 200 1"), "client, ident, user" },
		{ "no client", SLICE(" - - [12/Mar/2024:08:25:24 +0200] \"GET / HTTP/1.0\" 200 1"), "client, ident, user" },
		{ "a request that is not closed", SLICE("h - - [12/Mar/2024:08:25:24 +0200] \"GET / HTTP/1.0 200 1"), "request" },
		{ "a request that ends in a backslash", SLICE("h - - [12/Mar/2024:08:25:24 +0200] \"GET /\\"), "request" },
		{ "a status of two digits", SLICE("h - - [12/Mar/2024:08:25:24 +0200] \"GET / HTTP/1.0\" 20 1"), "status" },
		{ "no size", SLICE("h - - [12/Mar/2024:08:25:24 +0200] \"GET / HTTP/1.0\" 200 "), "size" },
		{ "a size past 64 bits", SLICE("h - - [12/Mar/2024:08:25:24 +0200] \"GET / HTTP/1.0\" 200 99999999999999999999"), "size" },
		{ "a referer without quotes", SLICE("h - - [12/Mar/2024:08:25:24 +0200] \"GET / HTTP/1.0\" 200 1 r \"a\""), "referer" },
		{ "an agent that is not closed", SLICE("h - - [12/Mar/2024:08:25:24 +0200] \"GET / HTTP/1.0\" 200 1 \"r\" \"a"), "user agent" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct log_event e = { .status = 999 };
		const char *why = NULL;
		const bool fits = logfmt_combined.parse(rows[i].line, &e, &why);

		if (rows[i].refused) {
			ROW(rows[i].what, !fits && e.status == 999);
			if (strcmp(why, rows[i].refused) != 0)
				fail_msg("%s: '%s' instead of '%s'", rows[i].what, why, rows[i].refused);
			continue;
		}
		ROW(rows[i].what, fits);
		ROW(rows[i].what, slice_equal(e.client, rows[i].event.client) && slice_equal(e.user, rows[i].event.user));
		ROW(rows[i].what, e.time == rows[i].event.time);
		ROW(rows[i].what, slice_equal(e.request, rows[i].event.request));
		ROW(rows[i].what, slice_equal(e.method, rows[i].event.method) && slice_equal(e.target, rows[i].event.target));
		ROW(rows[i].what, slice_equal(e.protocol, rows[i].event.protocol));
		ROW(rows[i].what, e.status == rows[i].event.status && e.size == rows[i].event.size);
		ROW(rows[i].what, slice_equal(e.referer, rows[i].event.referer) && slice_equal(e.agent, rows[i].event.agent));
	}
}

static void login_pages_are_known_by_their_last_part(void **unused)
{
	(void)unused;
	assert_true(path_is_login(SLICE("/login")));
	assert_true(path_is_login(SLICE("/a/Login/?next=/files/")));
	assert_true(path_is_login(SLICE("http://example.org/wp-login.php")));
	assert_false(path_is_login(SLICE("/login/style.css")));
	assert_false(path_is_login(SLICE("/files/?login")));
	assert_false(path_is_login(SLICE("/")));
	assert_false(path_is_login((struct slice){ 0 }));
}

/* ----------------------------------------------------------- files ---- */

static char folder[64];

static const char *put(const char *name, struct slice text, bool gzip)
{
	static char paths[8][160];
	static int at;
	char *path = paths[at++ % 8];

	(void)snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	if (gzip) {
		gzFile z = gzopen(path, "wb");

		assert_non_null(z);
		assert_int_equal(gzwrite(z, text.p, (unsigned)text.n), (int)text.n);
		assert_int_equal(gzclose(z), Z_OK);
	} else {
		FILE *f = fopen(path, "wb");

		assert_non_null(f);
		assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
		assert_int_equal(fclose(f), 0);
	}
	return path;
}

static struct logs_result *read_logs(const char *const *files, size_t n, struct err *err)
{
	static char tables[4096], profiles[4096], list[4200];
	const char *lists[1] = { list };
	struct logs_options options = logs_defaults();
	struct logs_result *result = NULL;

	(void)snprintf(tables, sizeof tables, "%s/test/golden/logs/tables", getenv("XSHEET_SOURCE_ROOT"));
	(void)snprintf(profiles, sizeof profiles, "%s/profiles", getenv("XSHEET_SOURCE_ROOT"));
	(void)snprintf(list, sizeof list, "%s/exits.csv", tables);
	options.tables = tables;
	options.profiles = profiles;
	options.lists = lists;
	options.lists_n = 1;
	(void)logs_case(NULL, files, n, &options, NULL, &result, err);
	return result;
}

static struct logs_result *read_text(struct slice text)
{
	const char *file = put("a.log", text, false);
	struct err err = { 0 };
	struct logs_result *r = read_logs(&file, 1, &err);

	if (!r)
		fail_msg("%s", err.text);
	return r;
}

#define AT(time) "[08/Jan/2024:" time " +0000] "
#define POST_LOGIN(who, time, status, size) who AT(time) "\"POST /login HTTP/1.1\" " status " " size " \"-\" \"A\"\n"
#define GET(who, time, path, status) who AT(time) "\"GET " path " HTTP/1.1\" " status " 100 \"-\" \"A\"\n"
#define PUT(who, time, path) who AT(time) "\"PUT " path " HTTP/1.1\" 201 0 \"-\" \"A\"\n"
#define CN "59.44.1.1 - - "
#define ES "80.58.1.1 - - "
#define VPN "45.32.12.9 - - "
#define KR "112.160.1.1 - - "
#define KR2 "112.160.1.2 - - "
#define KP "175.45.176.1 - - "

static void logins_are_found_and_none_invented(void **unused)
{
	const struct {
		const char *what;
		struct slice text;
		uint64_t found, failed, undecided;
		const char *rule;            /* of the last one */
	} rows[] = {
		{ "a redirect, then a page",
		  SLICE(POST_LOGIN(CN, "10:00:00", "302", "0") GET(CN, "10:00:01", "/files/", "200")), 1, 0, 0, "form-302" },
		{ "a redirect, then the login page again",
		  SLICE(POST_LOGIN(CN, "10:00:00", "302", "0") GET(CN, "10:00:01", "/login?error=1", "200")), 0, 1, 0, "form-again" },
		{ "a redirect and nothing behind it",
		  SLICE(POST_LOGIN(CN, "10:00:00", "302", "0")), 0, 0, 1, NULL },
		{ "the page comes too late",
		  SLICE(POST_LOGIN(CN, "10:00:00", "302", "0") GET(CN, "10:11:00", "/files/", "200")), 0, 0, 1, NULL },
		{ "somebody else's page",
		  SLICE(POST_LOGIN(CN, "10:00:00", "302", "0") GET(ES, "10:00:01", "/files/", "200")), 0, 0, 1, NULL },
		{ "the page is refused",
		  SLICE(POST_LOGIN(CN, "10:00:00", "302", "0") GET(CN, "10:00:01", "/files/", "403")), 0, 0, 1, NULL },
		{ "only a picture of the login page",
		  SLICE(POST_LOGIN(CN, "10:00:00", "302", "0") GET(CN, "10:00:01", "/logo.png", "200")), 0, 0, 1, NULL },
		{ "refused, then let in",
		  SLICE(POST_LOGIN(CN, "10:00:00", "401", "9") POST_LOGIN(CN, "10:00:09", "303", "0") GET(CN, "10:00:10", "/", "200")), 1, 1, 0, "form-302" },
		{ "guessing, then a look at what is open anyway",
		  SLICE(POST_LOGIN(CN, "10:00:00", "401", "9") POST_LOGIN(CN, "10:00:02", "401", "9") GET(CN, "10:00:03", "/files/", "200")), 0, 2, 0, "form-401" },
		{ "200 and as large as the form: the form again",
		  SLICE(GET(CN, "09:59:00", "/login", "200") POST_LOGIN(CN, "10:00:00", "200", "104") GET(CN, "10:00:03", "/", "200")), 0, 1, 0, "form-again" },
		{ "200 and something else, then a page",
		  SLICE(GET(CN, "09:59:00", "/login", "200") POST_LOGIN(CN, "10:00:00", "200", "5000") GET(CN, "10:00:03", "/", "200")), 1, 0, 0, "form-200" },
		{ "an account appears",
		  SLICE(GET(CN, "10:00:00", "/", "401") "59.44.1.1 - anna " AT("10:00:02") "\"GET / HTTP/1.1\" 200 5 \"-\" \"A\"\n"), 1, 0, 0, "user-appears" },
		{ "a run of requests under an account is one login, a long pause makes another",
		  SLICE("59.44.1.1 - anna " AT("10:00:02") "\"PROPFIND / HTTP/1.1\" 207 5 \"-\" \"A\"\n"
			"59.44.1.1 - anna " AT("10:20:02") "\"PUT /a HTTP/1.1\" 201 5 \"-\" \"A\"\n"
			"59.44.1.1 - anna " AT("10:49:02") "\"GET /a HTTP/1.1\" 200 5 \"-\" \"A\"\n"
			"59.44.1.1 - anna " AT("11:20:02") "\"GET /a HTTP/1.1\" 200 5 \"-\" \"A\"\n"), 2, 0, 0, "basic-auth" },
		{ "an account that is refused",
		  SLICE("59.44.1.1 - anna " AT("10:00:02") "\"GET / HTTP/1.1\" 401 5 \"-\" \"A\"\n"), 0, 1, 0, "basic-401" },
		{ "the form and the account are one login",
		  SLICE(POST_LOGIN(CN, "10:00:00", "302", "0") GET(CN, "10:00:01", "/files/", "200")
			"59.44.1.1 - anna " AT("10:00:02") "\"GET /files/ HTTP/1.1\" 200 5 \"-\" \"A\"\n"), 1, 0, 0, "form-302" },
		{ "a GET of a login page is none",
		  SLICE(GET(CN, "10:00:00", "/login", "302") GET(CN, "10:00:01", "/files/", "200")), 0, 0, 0, NULL },
		{ "a login page that is not there",
		  SLICE(POST_LOGIN(CN, "10:00:00", "404", "9") GET(CN, "10:00:01", "/", "200")), 0, 0, 0, NULL },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct logs_result *r = read_text(rows[i].text);

		ROW(rows[i].what, r->logins_ok == rows[i].found);
		ROW(rows[i].what, r->logins_failed == rows[i].failed);
		ROW(rows[i].what, r->logins_undecided == rows[i].undecided);
		ROW(rows[i].what, r->logins_n == rows[i].found + rows[i].failed);
		if (rows[i].rule)
			ROW(rows[i].what, strcmp(r->logins[r->logins_n - 1].rule, rows[i].rule) == 0);
		logs_free(r);
	}
}

static void origins_are_said_in_a_sentence(void **unused)
{
	struct logs_result *r = read_text(SLICE(
		POST_LOGIN(VPN, "10:00:00", "302", "0") GET(VPN, "10:00:01", "/f/", "200")
		POST_LOGIN(VPN, "11:00:00", "302", "0") GET(VPN, "11:00:01", "/f/", "200")
		POST_LOGIN(VPN, "12:00:00", "302", "0") GET(VPN, "12:00:01", "/f/", "200")
		POST_LOGIN(CN, "13:00:00", "302", "0") GET(CN, "13:00:01", "/f/", "200")
		POST_LOGIN("10.0.0.1 - - ", "13:10:00", "302", "0") GET("10.0.0.1 - - ", "13:10:01", "/f/", "200")));

	(void)unused;
	assert_string_equal(r->sentence, "5 logins: 3 through VPN exits (Sablefin VPN, exits.csv of 2024-01-08), 1 from private addresses, 1 from China");
	assert_string_equal(r->plainly, "Most logins came through VPN exits, one from private addresses, one from China.");
	assert_int_equal(r->origins_n, 3);
	assert_int_equal(r->origins[0].logins, 3);
	assert_int_equal(r->origins[0].addresses, 1);
	assert_string_equal(r->origins[0].country, "");      /* not the exit's Japan */
	assert_int_equal(r->login_addresses, 3);
	assert_int_equal(r->login_networks, 2);
	logs_free(r);
}

static void sessions_end_with_a_pause(void **unused)
{
	struct logs_result *r = read_text(SLICE(GET(CN, "10:00:00", "/a", "200") GET(CN, "10:30:00", "/b", "404")
						PUT(CN, "10:59:59", "/c") GET(CN, "11:30:00", "/d", "200")
						GET(ES, "10:00:00", "/a", "200")));

	(void)unused;
	assert_int_equal(r->sessions_n, 3);
	assert_int_equal(r->sessions[0].requests, 3);
	assert_int_equal(r->sessions[0].read, 1);
	assert_int_equal(r->sessions[0].written, 1);
	assert_int_equal(r->sessions[0].bytes, 200);
	assert_string_equal(r->sessions[0].address, "59.44.1.1");
	assert_string_equal(r->sessions[0].actor, "China, agent 1");
	assert_int_equal(r->actors_n, 2);
	assert_int_equal(r->actors[0].sessions, 2);
	logs_free(r);
}

/* A writes into a folder, B reads and answers beside it, A reads that. */
#define ROUND(a, b, hour, n) \
	PUT(a, hour ":00:00", "/w/" n "/sheet" n ".png") GET(b, hour ":20:00", "/w/" n "/sheet" n ".png", "200") \
	PUT(b, hour ":40:00", "/w/" n "/sheet" n "_R1.png") GET(a, hour ":50:00", "/w/" n "/sheet" n "_R1.png", "200")

static void a_relay_is_two_groups_that_answer_each_other(void **unused)
{
	struct logs_result *r = read_text(SLICE(ROUND(VPN, KP, "08", "1") ROUND(VPN, KP, "09", "2")
						ROUND(VPN, KP, "10", "3") ROUND(VPN, KP, "11", "4")));

	(void)unused;
	assert_int_equal(r->exchanges_all, 8);
	assert_int_equal(r->relays_n, 1);
	assert_string_equal(r->relays[0].a, "VPN exits (Sablefin VPN)");
	assert_non_null(strstr(r->relays[0].b, "North Korean range"));
	assert_int_equal(r->relays[0].there, 4);
	assert_int_equal(r->relays[0].back, 4);
	assert_int_equal(r->relays[0].answered, 4);
	assert_int_equal(r->relays[0].lag_there_ms, 20 * 60000);
	assert_int_equal(r->relays[0].lag_answer_ms, 40 * 60000);
	assert_string_equal(r->exchanges[0].path, "/w/1/sheet1.png");
	assert_string_equal(r->exchanges[0].answer, "/w/1/sheet1_R1.png");
	assert_int_equal(r->exchanges[0].written_line, 1);
	assert_int_equal(r->exchanges[0].read_line, 2);
	logs_free(r);
}

static void an_innocent_server_has_no_relay(void **unused)
{
	const struct {
		const char *what;
		struct slice text;
	} rows[] = {
		{ "both of one origin",
		  SLICE(ROUND(KR, KR2, "08", "1") ROUND(KR, KR2, "09", "2") ROUND(KR, KR2, "10", "3") ROUND(KR, KR2, "11", "4")) },
		{ "too few to tell", SLICE(ROUND(VPN, KP, "08", "1") ROUND(VPN, KP, "09", "2")) },
		{ "one side only fetches",
		  SLICE(PUT(KR, "08:00:00", "/a") PUT(KR, "08:00:01", "/b") PUT(KR, "08:00:02", "/c") PUT(KR, "08:00:03", "/d")
			GET(ES, "09:00:00", "/a", "200") GET(ES, "09:00:00", "/b", "200") GET(ES, "09:00:00", "/c", "200") GET(ES, "09:00:00", "/d", "200")) },
		{ "a crawler reads all",
		  SLICE(PUT(KR, "08:00:00", "/a") "5.9.1.1 - - " AT("09:00:00") "\"GET /a HTTP/1.1\" 200 5 \"-\" \"Googlebot/2.1\"\n") },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct logs_result *r = read_text(rows[i].text);

		ROW(rows[i].what, r->relays_n == 0);
		if (i == 3)
			ROW(rows[i].what, r->exchanges_all == 0);
		logs_free(r);
	}
}

#define LINE(day) "59.44.1.1 - - [" day "/Jan/2024:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"A\"\n"

static void a_rotated_set_is_put_in_order(void **unused)
{
	const char *files[3];
	struct err err = { 0 };
	struct logs_result *r;

	(void)unused;
	files[0] = put("access.log", SLICE(LINE("03")), false);
	files[1] = put("access.log.1", SLICE(LINE("02") "nonsense\n"), false);
	files[2] = put("access.log.2.gz", SLICE(LINE("01") LINE("01")), true);
	r = read_logs(files, 3, &err);
	assert_non_null(r);
	assert_string_equal(r->files[0].name, "access.log.2.gz");
	assert_true(r->files[0].gzip);
	assert_string_equal(r->files[2].name, "access.log");
	assert_int_equal(r->read, 5);
	assert_int_equal(r->parsed, 4);
	assert_int_equal(r->rejected, 1);
	assert_int_equal(r->rejects[0].line, 2);
	assert_int_equal(r->rejects[0].offset, sizeof(LINE("02")) - 1);
	logs_free(r);
	files[1] = files[0];
	assert_null(read_logs(files, 2, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_non_null(strstr(err.text, "same file"));
}

static void odd_files(void **unused)
{
	static char lots[(5 << 20) + 400];
	struct err err = { 0 };
	const char *file;
	struct logs_result *r;
	size_t n;

	(void)unused;
	file = put("empty.log", (struct slice){ "", 0 }, false);
	r = read_logs(&file, 1, &err);
	assert_non_null(r);
	assert_int_equal(r->read, 0);
	logs_free(r);

	file = put("poem.txt", SLICE("Roses are red\nviolets are blue\n"), false);
	assert_null(read_logs(&file, 1, &err));
	assert_non_null(strstr(err.text, "is no access log"));
	file = "/nowhere/access.log";
	assert_null(read_logs(&file, 1, &err));
	assert_non_null(strstr(err.text, "cannot open log"));

	r = read_text(SLICE(LINE("01") "a\0b\0\0c\n\n" LINE("02") "59.44.1.1 - - [02/Jan/2024:10:00:00 +0000] \"GET /\0 HTTP/1.1\" 200 5"));
	assert_int_equal(r->read, 5);
	assert_int_equal(r->parsed, 3);
	assert_int_equal(r->rejected, 2);
	assert_int_equal(r->reasons_n, 2);
	logs_free(r);

	/* A line of 1 MB is read, one of 5 MB is not, and what follows is. */
	for (int big = 0; big < 2; big++) {
		const size_t long_n = (size_t)(big ? 5 : 1) << 20;

		n = (size_t)sprintf(lots, LINE("01") LINE("01") "59.44.1.1 - - [02/Jan/2024:10:00:00 +0000] \"GET /");
		memset(lots + n, 'x', long_n);
		n += long_n;
		n += (size_t)sprintf(lots + n, " HTTP/1.1\" 200 5\n" LINE("03"));
		r = read_text(slice_of(lots, n));
		assert_int_equal(r->read, 4);
		assert_int_equal(r->rejected, big);
		assert_int_equal(r->bytes, n);
		if (big)
			assert_string_equal(r->rejects[0].why, "longer than 4 MiB");
		logs_free(r);
	}
}

static void a_gzip_that_ends_early_says_so(void **unused)
{
	scoped(buf_done) struct buf text = buf_limited(1 << 20), packed = buf_limited(1 << 20), twice = buf_limited(1 << 20);
	struct err err = { 0 };
	const char *file;
	struct logs_result *r;

	(void)unused;
	for (int i = 0; i < 2000; i++)
		(void)buf_printf(&text, "59.44.%d.%d - - [01/Jan/2024:10:%02d:%02d +0000] \"GET /%d HTTP/1.1\" 200 %d\n",
				 i % 200, i * 7 % 251, i / 60 % 60, i % 60, i * i, i * 31);
	file = put("whole.gz", buf_slice(&text), true);
	assert_int_equal(file_read(file, &packed, NULL), 0);
	r = read_logs(&file, 1, &err);
	assert_non_null(r);
	assert_int_equal(r->parsed, 2000);
	assert_string_equal(r->files[0].fault, "");
	logs_free(r);

	file = put("cut.gz", slice_head(buf_slice(&packed), packed.n / 2), false);
	r = read_logs(&file, 1, &err);
	assert_non_null(r);
	assert_true(r->parsed > 100 && r->parsed < 2000);
	assert_int_equal(r->read, r->parsed + r->rejected);
	assert_string_equal(r->files[0].fault, "the gzip archive ends early");
	assert_true(r->warnings_n > 0);
	logs_free(r);

	/* Several members one behind the other are one log. */
	assert_int_equal(buf_add(&twice, buf_slice(&packed)), 0);
	assert_int_equal(buf_add(&twice, buf_slice(&packed)), 0);
	file = put("twice.gz", buf_slice(&twice), false);
	r = read_logs(&file, 1, &err);
	assert_non_null(r);
	assert_int_equal(r->parsed, 4000);
	logs_free(r);

	packed.p[packed.n / 4] ^= 0x55;
	file = put("damaged.gz", buf_slice(&packed), false);
	r = read_logs(&file, 1, &err);
	assert_non_null(r);
	assert_true(r->files[0].fault[0] != '\0');
	assert_int_equal(r->read, r->parsed + r->rejected);
	logs_free(r);
}

/* ---------------------------------------- the same from real servers ---- */

static void elastic_events(void **unused)
{
	static const char *const names[] = { "apache/access/test/darwin-2.4.23.log", "apache/access/test/test.log",
					     "nginx/access/test/access.log", "nginx/access/test/test.log" };
	size_t events = 0;

	(void)unused;
	if (!test_data()) {
		print_message("skipped: no XSHEET_DATA\n");
		skip();
	}
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char path[4600];
		json_t *want, *event;
		size_t k;
		scoped(buf_done) struct buf text = buf_limited(1 << 20);

		(void)snprintf(path, sizeof path, "%s/logs/real/beats-2019/filebeat/module/%s", test_data(), names[i]);
		if (file_read(path, &text, NULL) < 0) {
			print_message("skipped: no %s\n", path);
			skip();
		}
		(void)strcat(path, "-expected.json");
		want = json_load_file(path, 0, NULL);
		assert_non_null(want);
		json_array_foreach(want, k, event) {
			struct slice rest = slice_skip(buf_slice(&text), (size_t)json_integer_value(json_object_get(event, "log.offset"))), line;
			const char *when = json_string_value(json_object_get(event, "@timestamp"));
			const char *address = json_string_value(json_object_get(event, "source.address"));
			const char *user = json_string_value(json_object_get(event, "user.name"));
			struct log_event e;
			const char *why;
			int64_t time;

			assert_true(slice_line(&rest, &line));
			if (!logfmt_combined.parse(line, &e, &why))
				fail_msg("%s, event %zu: %s", names[i], k, why);
			assert_true(clock_parse(slice_text(when), &time));
			if (e.time != time || e.status != json_integer_value(json_object_get(event, "http.response.status_code")))
				fail_msg("%s, event %zu: time or status", names[i], k);
			/* Of "localhost, localhost" there they keep the list, we the first. */
			if (address && !slice_equal(e.client, slice_head(slice_text(address), strcspn(address, ","))))
				fail_msg("%s, event %zu: %.*s instead of %s", names[i], k, SLICE_F(e.client), address);
			if (user && strcmp(user, "-") != 0 && !slice_is(e.user, user))
				fail_msg("%s, event %zu: user", names[i], k);
			events++;
		}
		json_decref(want);
	}
	print_message("%zu events as expected\n", events);
	assert_true(events >= 34);
}

static int make_folder(void **unused)
{
	(void)unused;
	(void)snprintf(folder, sizeof folder, "/tmp/xsheet-logs-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **unused)
{
	char command[128];

	(void)unused;
	(void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(combined_reads_lines),
		cmocka_unit_test(login_pages_are_known_by_their_last_part),
		cmocka_unit_test(logins_are_found_and_none_invented),
		cmocka_unit_test(origins_are_said_in_a_sentence),
		cmocka_unit_test(sessions_end_with_a_pause),
		cmocka_unit_test(a_relay_is_two_groups_that_answer_each_other),
		cmocka_unit_test(an_innocent_server_has_no_relay),
		cmocka_unit_test(a_rotated_set_is_put_in_order),
		cmocka_unit_test(odd_files),
		cmocka_unit_test(a_gzip_that_ends_early_says_so),
		cmocka_unit_test(elastic_events),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
