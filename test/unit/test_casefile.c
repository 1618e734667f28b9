/* SPDX-License-Identifier: Apache-2.0 */
/* The case: what is written is found again, differences are told apart, and
 * nothing that cannot be trusted is opened. */
#include "casefile_maker.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <sys/wait.h>

struct said {
	char text[4096];
	size_t n;
};

static int say_change(const struct change *c, void *data)
{
	struct said *said = data;

	said->n += (size_t)snprintf(said->text + said->n, sizeof said->text - said->n, "%s:%s ",
				    c->name, c->change);
	return 0;
}

static const char *changes(struct casefile *cf, int64_t capture, struct said *said)
{
	struct err err = { 0 };

	said->n = 0;
	said->text[0] = '\0';
	MUST(changes_each(cf, capture, NULL, say_change, said, &err));
	return said->text;
}

/* One day is a list of steps, "path=body" fetched, "path~" as listed, "path!"
 * failed, "[folder" complete, "(folder" refused. */
struct day {
	const char *steps[8];
	const char *note;
	const char *changes;
};
struct days {
	const char *what;
	struct day day[4];
};

static const struct days all_days[] = {
	{ "new, unchanged, changed, vanished",
	  { { { "a=1", "b=2", "c=3", "[" }, NULL, "a:new b:new c:new " },
	    { { "a=1", "b=x", "[" }, NULL, "a:unchanged b:changed c:vanished " },
	    { { "a~", "b=x", "c=3", "[" }, NULL, "a:unchanged b:unchanged c:new " } } },
	{ "failure never reads as deletion",
	  { { { "d/a=1", "b=2", "[", "[d/" }, NULL, "b:new d/a:new " },
	    { { "b=2", "[", "(d/" }, NULL, "b:unchanged d/a:unknown " },
	    { { "b=2", "d/a=1", "[", "[d/" }, NULL, "b:unchanged d/a:unchanged " } } },
	{ "no listing of the root: nothing is known",
	  { { { "d/a=1", "b=2", "[", "[d/" }, NULL, "b:new d/a:new " },
	    { { "(" }, "refused", "b:unknown d/a:unknown " } } },
	{ "a folder that is gone takes what is in it along",
	  { { { "d/e/a=1", "b=2", "[", "[d/", "[d/e/" }, NULL, "b:new d/e/a:new " },
	    { { "b=2", "[" }, NULL, "b:unchanged d/e/a:vanished " },
	    { { "b=2", "[" }, NULL, "b:unchanged " } } },
	{ "a pass that was stopped: what was not looked at is unknown",
	  { { { "a=1", "b=2", "d/c=3", "[", "[d/" }, NULL, "a:new b:new d/c:new " },
	    { { "[", "a=1" }, "stopped", "a:unchanged b:unknown d/c:unknown " } } },
	{ "a pass that was stopped elsewhere: a listing that was gone through counts",
	  { { { "d/a=1", "d/b=2", "e/c=3", "[", "[d/", "[e/" }, NULL, "d/a:new d/b:new e/c:new " },
	    { { "[d/1", "d/a=1", "(e/", "[" }, "refused", "d/a:unchanged d/b:vanished e/c:unknown " } } },
	{ "failed is told apart from changed",
	  { { { "a=1", "b!", "[" }, NULL, "a:new b:failed " },
	    { { "a!", "b=2", "[" }, NULL, "a:failed b:new " },
	    { { "a=1", "b=2", "[" }, NULL, "a:unchanged b:unchanged " } } },
	{ "a reading that broke off is no change",
	  { { { "a=whole", "[" }, NULL, "a:new " },
	    { { "a%who", "[" }, NULL, "a:failed " },
	    { { "a=whole", "[" }, NULL, "a:unchanged " } } },
	{ "listed twice in one capture: the last fetch counts",
	  { { { "a=1", "[" }, NULL, "a:new " }, { { "a~", "a=2", "a~", "[" }, NULL, "a:changed " } } },
};

static void do_step(struct casefile *cf, int64_t capture, const char *step)
{
	const size_t n = strcspn(step, "=~!%");
	char path[64], url[128];
	struct listing_record listing = { .reader = "test", .why = "" };
	struct err err = { 0 };
	int64_t object = 0;

	if (*step == '[' || *step == '(') {
		listing.path = slice_of(step + 1, strcspn(step + 1, "0123456789"));
		listing.state = *step == '[' ? LISTING_COMPLETE : LISTING_REFUSED;
		listing.entries = strpbrk(step, "0123456789") ? (uint64_t)(strpbrk(step, "0123456789")[0] - '0') : 2;
		MUST(listing_add(cf, capture, &listing, &err));
		return;
	}
	(void)snprintf(path, sizeof path, "%.*s", (int)n, step);
	(void)snprintf(url, sizeof url, "http://example.test/%s", path);
	if (step[n] == '=' || step[n] == '%')
		object = maker_fetch(cf, url, step + n + 1, false,
				     step[n] == '%' ? "disconnect" : NULL);
	maker_see(cf, capture, path,
		  step[n] == '~' ? BASIS_LISTING : step[n] == '!' ? BASIS_FAILED : BASIS_FETCHED,
		  object);
}

static void test_differences(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof all_days / sizeof *all_days; i++) {
		const struct days *row = &all_days[i];
		const struct source source = { 0, "http", "http://example.test/", NULL };
		scoped(casefile_close) struct casefile *cf = NULL;
		struct err err = { 0 };
		char name[32];
		int64_t id;

		(void)snprintf(name, sizeof name, "days%zu", i);
		MUST(casefile_create(maker_path(name), NULL, &err));
		MUST(casefile_open(maker_path(name), CASEFILE_WRITE, &cf, &err));
		MUST(casefile_source(cf, &source, &id, &err));
		for (size_t d = 0; d < 4 && row->day[d].changes; d++) {
			struct said said;
			int64_t capture;
			bool resumed;

			MUST(capture_begin(cf, id, &capture, &resumed, &err));
			ROW(row->what, !resumed);
			for (size_t s = 0; s < 8 && row->day[d].steps[s]; s++)
				do_step(cf, capture, row->day[d].steps[s]);
			MUST(capture_end(cf, capture, row->day[d].note, &err));
			if (strcmp(changes(cf, capture, &said), row->day[d].changes) != 0)
				fail_msg("%s, day %zu: %s", row->what, d + 1, said.text);
		}
		MUST(casefile_commit(cf, &err));
	}
}

static int count_capture(const struct capture *c, void *data)
{
	*(struct capture *)data = *c;
	return 0;
}

static int keep_object(const struct object *o, void *data)
{
	*(struct object *)data = *o;
	return 0;
}

static int count_object(const struct object *o, void *data)
{
	(void)o;
	return ++*(int *)data, 0;
}

static int count_finding(const struct finding *f, void *data)
{
	assert_true(f->certainty == 0.87);
	return ++*(int *)data, 0;
}

static int count_entry(const struct ledger_entry *e, void *data)
{
	(void)e;
	return ++*(int *)data, 0;
}

static int count_observed(const struct observed *o, void *data)
{
	(void)o;
	return ++*(int *)data, 0;
}

static void test_kept(void **state)
{
	scoped(casefile_close) struct casefile *cf = NULL;
	struct finding_filter filter = { .kind = "text." };
	struct capture capture;
	struct object object;
	struct object_bytes bytes;
	struct err err = { 0 };
	char text[16] = "";
	size_t got;
	int n = 0;

	(void)state;
	maker_case(maker_path("kept"));
	MUST(casefile_open(maker_path("kept"), CASEFILE_READ, &cf, &err));
	MUST(captures_each(cf, 0, count_capture, &capture, &err));
	assert_int_equal(capture.id, 2);
	assert_int_equal(capture.seen, 12);
	assert_int_equal(capture.changed, 3);
	assert_int_equal(capture.unchanged, 8);
	assert_int_equal(capture.failed, 1);
	MUST(objects_each(cf, count_object, &n, &err));
	assert_int_equal(n, 14);
	n = 0;
	MUST(objects_unexamined(cf, count_object, &n, &err));
	assert_int_equal(n, 10);

	/* Chunked: decoded, whatever the wire had. */
	MUST(object_get(cf, 11, keep_object, &object, &err));
	assert_true(object.chunked);
	assert_int_equal(object.size, 7);
	MUST(object_open(cf, 11, &bytes, &err));
	assert_int_equal(bytes.length, 7);
	MUST(fd_read_at(bytes.fd, (off_t)bytes.offset, text, 7, &got, "object", &err));
	assert_string_equal(text, "abcdefg");
	(void)close(bytes.fd);

	n = 0;
	MUST(findings_each(cf, &filter, count_finding, &n, &err));
	assert_int_equal(n, 4);
	filter = (struct finding_filter){ .object = 2 };
	n = 0;
	MUST(findings_each(cf, &filter, count_finding, &n, &err));
	assert_int_equal(n, 2);
	n = 0;
	MUST(ledger_each(cf, count_entry, &n, &err));
	assert_int_equal(n, 4);
	assert_int_equal(casefile_commit(cf, &err), 0);
	assert_int_equal(run_end(cf, 1, &err), -ERR_DENIED);
}

static void test_replaced(void **state)
{
	struct run run = { 0, "logs", "test 1", NULL, 0, true };
	struct finding_filter filter = { .kind = "log.login" };
	scoped(casefile_close) struct casefile *cf = NULL;
	struct err err = { 0 };
	int64_t first, second;
	int n = 0;

	(void)state;
	MUST(casefile_create(maker_path("replaced"), NULL, &err));
	MUST(casefile_open(maker_path("replaced"), CASEFILE_WRITE, &cf, &err));
	MUST(run_begin(cf, &run, &first, &err));
	(void)maker_find(cf, first, "log.login", 0, "192.0.2.1");
	MUST(run_end(cf, first, &err));
	MUST(run_begin(cf, &run, &second, &err));
	(void)maker_find(cf, second, "log.login", 0, "192.0.2.1");
	(void)maker_find(cf, second, "log.login", 0, "192.0.2.2");
	MUST(findings_each(cf, &filter, count_finding, &n, &err));
	assert_int_equal(n, 1);      /* the second is not done yet */
	MUST(run_end(cf, second, &err));
	n = 0;
	MUST(findings_each(cf, &filter, count_finding, &n, &err));
	assert_int_equal(n, 2);
	filter.run = first;
	n = 0;
	MUST(findings_each(cf, &filter, count_finding, &n, &err));
	assert_int_equal(n, 1);      /* kept, but not current */
}

static void test_observations(void **state)
{
	static const struct {
		const char *what, *sql;
		int result;      /* rows, or -ERR */
		const char *says;
	} table[] = {
		{ "a count of findings", "SELECT id, NULL, value FROM now_finding WHERE kind = 'text.line'", 4, NULL },
		{ "paths of objects", "SELECT NULL, sha256, name FROM object_path -- all\n;", 14, NULL },
		{ "days", "SELECT NULL, day, locator FROM day", 2, NULL },
		{ "what JSON holds", "SELECT id, json_extract(data, '$.script'), (SELECT max(value) FROM json_each(locator))"
		  " FROM now_finding WHERE kind = 'text.line'", 4, NULL },
		{ "two columns", "SELECT 1, 2", -ERR_FAILED, "three columns" },
		{ "two statements", "SELECT 1, 2, 3; SELECT 1, 2, 3", -ERR_FAILED, "one SELECT" },
		{ "writing", "DELETE FROM finding", -ERR_DENIED, "not authorized" },
		{ "a PRAGMA", "PRAGMA user_version = 9", -ERR_DENIED, "not authorized" },
		{ "another file", "ATTACH 'x.db' AS x", -ERR_DENIED, "not authorized" },
		{ "loading code", "SELECT load_extension('x'), 1, 2", -ERR_DENIED, "not authorized" },
		{ "chance", "SELECT random(), 1, 2", -ERR_DENIED, "not authorized" },
		{ "the schema", "SELECT 1, name, sql FROM sqlite_schema", -ERR_DENIED, "prohibited" },
		{ "no end", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, 1, 2 FROM n", -ERR_LIMIT, "more than" },
		{ "nonsense", "SELEKT", -ERR_FAILED, "syntax error" },
		{ "nothing", "", -ERR_FAILED, "one SELECT" },
	};
	scoped(casefile_close) struct casefile *cf = NULL;
	struct err err = { 0 };

	(void)state;
	maker_case(maker_path("observed"));
	MUST(casefile_open(maker_path("observed"), CASEFILE_WRITE, &cf, &err));
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		int n = 0, r = observation_run(cf, table[i].sql, count_observed, &n, &err);

		if ((r < 0 ? r : n) != table[i].result)
			fail_msg("%s: %d rows, %d %s", table[i].what, n, r, err.text);
		if (table[i].says && !strstr(err.text, table[i].says))
			fail_msg("%s: %s", table[i].what, err.text);
	}
}

static void test_refused(void **state)
{
	struct err err = { 0 };
	scoped(casefile_close) struct casefile *cf = NULL;
	struct casefile *other = NULL;
	const struct finding unknown = { .run = 1, .kind = "no.kind", .value = "" };
	const struct finding broken = { .run = 1, .kind = "text.line", .value = "", .data = "[1]" };
	const struct finding no_run = { .run = 7, .kind = "text.line", .value = "" };
	char pid[32];

	(void)state;
	assert_int_equal(casefile_open(maker_path("none"), CASEFILE_READ, &other, &err), -ERR_NOT_FOUND);
	maker_case(maker_path("refused"));
	assert_int_equal(casefile_create(maker_path("refused"), NULL, &err), -ERR_EXISTS);
	MUST(casefile_open(maker_path("refused"), CASEFILE_WRITE, &cf, &err));
	assert_int_equal(casefile_open(maker_path("refused"), CASEFILE_WRITE, &other, &err), -ERR_BUSY);
	(void)snprintf(pid, sizeof pid, "%ld", (long)getpid());
	assert_non_null(strstr(err.text, pid));
	assert_int_equal(finding_add(cf, &unknown, NULL, &err), -ERR_FAILED);
	assert_int_equal(finding_add(cf, &broken, NULL, &err), -ERR_FAILED);
	assert_int_equal(finding_add(cf, &no_run, NULL, &err), -ERR_FAILED);
	assert_int_equal(ledger_note(cf, "seal", "{}", &err), -ERR_FAILED);
	assert_int_equal(ledger_note(cf, "report", "7", &err), -ERR_FAILED);
	MUST(ledger_note(cf, "report", "{\"a\":\"\\t\"}", &err));
	casefile_close(cf);
	cf = NULL;

	/* Another person's key, another schema, a newer format. */
	(void)setenv("XSHEET_HOME", maker_path("elsewhere"), 1);
	assert_int_equal(casefile_open(maker_path("refused"), CASEFILE_WRITE, &other, &err), -ERR_DENIED);
	(void)setenv("XSHEET_HOME", maker_root, 1);
	MUST(casefile_open(maker_path("refused"), CASEFILE_WRITE, &cf, &err));
	casefile_close(cf);
	cf = NULL;
	{
		sqlite3 *db;

		assert_int_equal(sqlite3_open(maker_path("refused/case.db"), &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, "UPDATE finding SET value = ''", NULL, NULL, NULL), SQLITE_CONSTRAINT);
		assert_int_equal(sqlite3_exec(db, "DELETE FROM sighting", NULL, NULL, NULL), SQLITE_CONSTRAINT);
		assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 2", NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(casefile_open(maker_path("refused"), CASEFILE_READ, &other, &err), -ERR_FAILED);
		assert_non_null(strstr(err.text, "use a newer xsheet"));
		assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 1; DROP VIEW now_run;"
					      "CREATE VIEW now_run AS SELECT 1 AS id", NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(casefile_open(maker_path("refused"), CASEFILE_READ, &other, &err), -ERR_DAMAGED);
		(void)sqlite3_close(db);
	}
}

static void test_rollback(void **state)
{
	scoped(casefile_close) struct casefile *cf = NULL;
	struct err err = { 0 };
	struct object object;
	int n = 0;

	(void)state;
	MUST(casefile_create(maker_path("rollback"), NULL, &err));
	MUST(casefile_open(maker_path("rollback"), CASEFILE_WRITE, &cf, &err));
	(void)maker_fetch(cf, "http://example.test/1", "one", false, NULL);
	casefile_rollback(cf);
	assert_int_equal(access(maker_path("rollback/warc/00001.warc"), F_OK), -1);
	(void)maker_fetch(cf, "http://example.test/1", "one", false, NULL);
	MUST(casefile_commit(cf, &err));
	(void)maker_fetch(cf, "http://example.test/2", "two", false, NULL);
	casefile_rollback(cf);
	(void)maker_fetch(cf, "http://example.test/3", "three", false, NULL);
	MUST(casefile_commit(cf, &err));
	MUST(objects_each(cf, count_object, &n, &err));
	assert_int_equal(n, 2);
	MUST(object_get(cf, 2, keep_object, &object, &err));
	assert_int_equal(object.size, 5);
}

static void test_intel(void **state)
{
	scoped(casefile_close) struct casefile *cf = NULL;
	struct sha256 a, b;
	struct err err = { 0 };
	char hex[SHA256_HEX];

	(void)state;
	MUST(casefile_create(maker_path("intel"), NULL, &err));
	MUST(casefile_open(maker_path("intel"), CASEFILE_WRITE, &cf, &err));
	MUST(file_write(maker_path("list.csv"), SLICE("a,b\n"), 0644, &err));
	MUST(intel_keep(cf, maker_path("list.csv"), &a, &err));
	MUST(intel_keep(cf, maker_path("list.csv"), &b, &err));
	assert_true(sha256_equal(&a, &b));
	sha256_hex(&a, hex);
	{
		char kept[128];

		(void)snprintf(kept, sizeof kept, "intel/intel/%s", hex);
		assert_int_equal(access(maker_path(kept), R_OK), 0);
	}
	assert_int_equal(intel_keep(cf, maker_path("no.csv"), &a, &err), -ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_differences), cmocka_unit_test(test_kept),
		cmocka_unit_test(test_replaced),    cmocka_unit_test(test_observations),
		cmocka_unit_test(test_refused),     cmocka_unit_test(test_rollback),
		cmocka_unit_test(test_intel),
	};

	return cmocka_run_group_tests(tests, maker_begin, maker_end);
}
