/* SPDX-License-Identifier: Apache-2.0 */
/* A worker that a file has taken over is ended, the verdict says how, and
 * the next job runs as if nothing had been. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "sandbox/internal.h"
#include "sandbox/sandbox.h"
#include "unit.h"

static struct sandbox *box;

static int setup(void **state)
{
	struct err err = { 0 };
	char path[4096];

	(void)state;
	(void)snprintf(path, sizeof path, "%s/test/cli/xsheet-worker-hostile",
		       getenv("XSHEET_BUILD_ROOT"));
	if (sandbox_new(path, 3, &box, &err) < 0) {
		print_error("%s\n", err.text);
		return -1;
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sandbox_free(box);
	return 0;
}

static int memory_with(const char *text)
{
	const int fd = fd_memory("input", NULL);

	assert_true(fd >= 0);
	assert_int_equal(fd_write(fd, slice_text(text), "input", NULL), 0);
	return fd;
}

static void start(const char *worker, const char *text, struct budget budget, void *tag)
{
	const int fd = memory_with(text);
	const struct job job = { .worker = worker, .input = fd, .length = strlen(text),
				 .pixels = -1, .budget = budget, .tag = tag };
	struct err err = { 0 };

	if (sandbox_start(box, &job, &err) < 0)
		fail_msg("%s", err.text);
	(void)close(fd);
}

static void hostile_files(void **state)
{
	static const struct {
		const char *what, *text;
		enum verdict verdict;
		struct budget budget;
	} rows[] = {
		{ "a wild pointer", "HOSTILE:crash", VERDICT_CRASHED, { 0 } },
		{ "abort()", "HOSTILE:abort", VERDICT_CRASHED, { 0 } },
		{ "an endless loop, by processor time", "HOSTILE:loop", VERDICT_OVER_BUDGET,
		  { .cpu_s = 1 } },
		{ "an endless loop, by the clock", "HOSTILE:loop", VERDICT_TIMED_OUT,
		  { .wall_ms = 700 } },
		{ "endless sleep", "HOSTILE:sleep", VERDICT_TIMED_OUT, { .wall_ms = 700 } },
		{ "all memory", "HOSTILE:hog", VERDICT_OVER_BUDGET, { .memory = 64u << 20 } },
		{ "opening a file", "HOSTILE:open", VERDICT_DENIED, { 0 } },
		{ "writing a file", "HOSTILE:write", VERDICT_DENIED, { 0 } },
		{ "a UDP socket", "HOSTILE:socket", VERDICT_DENIED, { 0 } },
		{ "fork", "HOSTILE:fork", VERDICT_DENIED, { 0 } },
		{ "exec", "HOSTILE:exec", VERDICT_DENIED, { 0 } },
		{ "ptrace", "HOSTILE:ptrace", VERDICT_DENIED, { 0 } },
		{ "a signal to another process", "HOSTILE:kill", VERDICT_DENIED, { 0 } },
		{ "memory that can be run", "HOSTILE:code", VERDICT_DENIED, { 0 } },
		{ "a flood of answers", "HOSTILE:flood", VERDICT_OVER_BUDGET, { .answer = 1 << 20 } },
		{ "a flood past the worker's own count", "HOSTILE:flood-raw", VERDICT_OVER_BUDGET,
		  { .answer = 1 << 20 } },
		{ "a message of no kind", "HOSTILE:broken", VERDICT_CRASHED, { 0 } },
		{ "a message of four gigabytes", "HOSTILE:huge", VERDICT_CRASHED, { 0 } },
		{ "half a message", "HOSTILE:torn", VERDICT_CRASHED, { 0 } },
		{ "an end without a word", "HOSTILE:silent", VERDICT_CRASHED, { 0 } },
		{ "going on behind a closed pipe", "HOSTILE:hidden", VERDICT_TIMED_OUT,
		  { .wall_ms = 700 } },
		{ "an ordinary file", "a line\n", VERDICT_OK, { 0 } },
	};
	const size_t n = sizeof rows / sizeof *rows;
	struct err err = { 0 };
	size_t started = 0, ended = 0;

	(void)state;
	while (ended < n) {
		struct job_result result = { 0 };
		size_t row;

		while (started < n && sandbox_running(box) < sandbox_slots(box)) {
			start("text", rows[started].text, rows[started].budget,
			      (void *)(uintptr_t)started);
			started++;
		}
		if (sandbox_wait(box, &result, &err) < 0)
			fail_msg("%s", err.text);
		row = (size_t)(uintptr_t)result.tag;
		if (result.verdict != rows[row].verdict)
			fail_msg("%s: %s (%s)", rows[row].what, verdict_name(result.verdict),
				 result.why);
		ROW(rows[row].what, result.verdict == VERDICT_OK || result.why[0]);
		job_result_done(&result);
		ended++;
	}
	assert_int_equal(sandbox_wait(box, &(struct job_result){ 0 }, NULL), -ERR_NOT_FOUND);
}

static void what_was_said_before_is_kept(void **state)
{
	struct job_result result = { 0 };

	(void)state;
	start("text", "HOSTILE:half\n", (struct budget){ 0 }, NULL);
	assert_int_equal(sandbox_wait(box, &result, NULL), 0);
	assert_int_equal(result.verdict, VERDICT_CRASHED);
	assert_int_equal(result.count, 1);
	assert_true(slice_is(result.messages[0].text, "kept"));
	job_result_done(&result);
}

static void a_range_of_a_file(void **state)
{
	const char *text = "before|\xC4\xE3\xBA\xC3\xA3\xAC\xBB\xAD\xD0\xDE\xB8\xC4\n|behind";
	const int fd = memory_with(text);
	const struct job job = { .worker = "text", .input = fd, .offset = 7, .length = 13, .pixels = -1 };
	struct job_result result = { 0 };

	(void)state;
	assert_int_equal(sandbox_start(box, &job, NULL), 0);
	(void)close(fd);
	assert_int_equal(sandbox_wait(box, &result, NULL), 0);
	assert_int_equal(result.verdict, VERDICT_OK);
	assert_int_equal(result.count, 2);
	assert_true(slice_is(result.messages[0].text, "GB18030"));
	assert_true(slice_is(result.messages[1].text, "你好，画修改"));
	assert_true(slice_is(result.messages[1].lang, "zh-Hans"));
	assert_int_equal(result.messages[1].line, 1);
	job_result_done(&result);
}

static void refusals(void **state)
{
	const int fd = memory_with("short");
	struct job job = { .worker = "no such", .input = fd, .length = 5, .pixels = -1 };
	struct job_result result = { 0 };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(sandbox_start(box, &job, &err), -ERR_NOT_FOUND);
	/* A range that the file does not have. */
	job.worker = "text";
	job.length = 5000000;
	assert_int_equal(sandbox_start(box, &job, &err), 0);
	assert_int_equal(sandbox_wait(box, &result, &err), 0);
	assert_int_equal(result.verdict, VERDICT_UNABLE);
	assert_non_null(strstr(result.why, "ends before"));
	job_result_done(&result);
	for (unsigned i = 0; i < sandbox_slots(box); i++)
		start("text", "HOSTILE:sleep", (struct budget){ 0 }, NULL);
	job.length = 5;
	assert_int_equal(sandbox_start(box, &job, &err), -ERR_BUSY);
	(void)close(fd);
	/* Freeing it ends them. */
	sandbox_free(box);
	assert_int_equal(setup(NULL), 0);
	assert_int_equal(sandbox_new("/nonexistent/worker", 1, &(struct sandbox *){ NULL }, &err),
			 -ERR_NOT_FOUND);
}

static void a_message_comes_back_as_it_was(void **state)
{
	scoped(buf_done) struct buf wire = buf_limited(1 << 20);
	struct message m = message_of(MESSAGE_LINE), back;
	const char *why = "";

	(void)state;
	m.text = SLICE("한 줄\x1B[31m\xFF");
	m.where = SLICE("sheet1!B3");
	m.lang = SLICE("ko");
	m.line = 3;
	m.certainty = 1000;
	assert_int_equal(message_encode(&wire, &m), 0);
	assert_true(message_decode(slice_skip(buf_slice(&wire), 4), &back, &why));
	assert_true(slice_is(back.text, "한 줄\\u{1B}[31m\\xFF"));
	assert_true(slice_is(back.where, "sheet1!B3"));
	assert_int_equal(back.line, 3);
	assert_int_equal(back.x, MESSAGE_NONE);
	for (size_t cut = 4; cut < wire.n; cut++)
		assert_false(message_decode(slice_of(wire.p + 4, cut - 4), &back, &why));
}

static void messages_that_break_a_rule(void **state)
{
	static const struct {
		const char *what, *why;
		size_t at;      /* which byte of the body is changed */
		char to;
	} rows[] = {
		{ "a kind that is none", "kind", 0, 99 },
		{ "text longer than the message", "text", 2, 1 },
		{ "a control character in text", "text", 5, 0x1B },
		{ "bytes that are not UTF-8", "text", 5, (char)0xFF },
		{ "line 0", "line number", 23, 0 },
		{ "a box with x alone", "box", 30, 0 },
		{ "certain beyond certainty", "certainty", 46, 0x7F },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		scoped(buf_done) struct buf wire = buf_limited(1 << 20);
		struct message m = message_of(MESSAGE_LINE), out;
		const char *why = "";

		m.text = SLICE("ab");
		m.line = 1;
		m.certainty = 5;
		assert_int_equal(message_encode(&wire, &m), 0);
		assert_true(message_decode(slice_skip(buf_slice(&wire), 4), &out, &why));
		wire.p[4 + rows[i].at] = rows[i].to;
		ROW(rows[i].what, !message_decode(slice_skip(buf_slice(&wire), 4), &out, &why));
		if (strcmp(why, rows[i].why) != 0)
			fail_msg("%s: refused for '%s'", rows[i].what, why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_files),
		cmocka_unit_test(what_was_said_before_is_kept),
		cmocka_unit_test(a_range_of_a_file),
		cmocka_unit_test(refusals),
		cmocka_unit_test(a_message_comes_back_as_it_was),
		cmocka_unit_test(messages_that_break_a_rule),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
