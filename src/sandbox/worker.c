/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sandbox/worker.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "sandbox/internal.h"

struct worker {
	uint64_t left;      /* bytes it may still say */
	/* In this process, for tests. */
	void (*each)(const struct message *, void *);
	void *data;
};

static void deliver(struct worker *w, struct slice bytes)
{
	struct message decoded;
	const char *why = "";
	bool fits;

	if (!w->each) {
		if (fd_write(WORKER_FD_ANSWER, bytes, "answer", NULL) < 0)
			_exit(1);
		return;
	}
	fits = message_decode(slice_skip(bytes, 4), &decoded, &why);
	assert(fits && "a probe says what the broker accepts");
	(void)fits;
	w->each(&decoded, w->data);
}

void worker_say(struct worker *w, const struct message *message)
{
	scoped(buf_done) struct buf out = buf_limited(8 * MESSAGE_MAX);

	if (message_encode(&out, message) < 0)
		_exit(WORKER_EXIT_MEMORY);
	if (out.n > w->left) {
		if (w->each)
			return;
		_exit(WORKER_EXIT_ANSWER);
	}
	w->left -= out.n;
	deliver(w, buf_slice(&out));
}

void worker_partial(struct worker *w, const char *why)
{
	struct message m = message_of(MESSAGE_PARTIAL);

	m.text = slice_text(why);
	worker_say(w, &m);
}

static void say_end(struct worker *w, enum message_kind kind, const char *text)
{
	struct message m = message_of(kind);

	m.text = slice_text(text);
	worker_say(w, &m);
}

void probe_run(const struct probe *probe, void *state, const struct worker_input *input,
	       void (*each)(const struct message *, void *), void *data)
{
	struct worker w = { .left = probe->budget.answer, .each = each, .data = data };

	probe->read(state, input, &w);
	say_end(&w, MESSAGE_DONE, "");
}

static int list(const struct probe *const *probes)
{
	for (; *probes; probes++) {
		const struct probe *p = *probes;
		scoped(buf_done) struct buf json = buf_limited(64 << 10);
		struct err err = { 0 };

		/* A model that is missing is said by the job that needs it. */
		if (!p->identify || p->identify(&json, &err) < 0 || !buf_string(&json) || !json.n) {
			buf_clear(&json);
			(void)buf_text(&json, "{}");
		}
		(void)printf("%s\t%u\t%u\t%" PRIu64 "\t%" PRIu64 "\t%s\n", p->name,
			     p->budget.wall_ms, p->budget.cpu_s, p->budget.memory,
			     p->budget.answer, buf_string(&json));
	}
	return fflush(stdout) == 0 ? 0 : 1;
}

/* Map `length` bytes at `offset`, which need not be on a page. */
static int map(int fd, uint64_t offset, uint64_t length, int protection, int flags,
	       unsigned char **out, struct err *err)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), lead = offset % page;
	struct stat status;
	void *at;

	*out = NULL;
	if (length == 0)
		return 0;
	/* What is mapped must be there: past the end of a file is SIGBUS. */
	if (fstat(fd, &status) < 0)
		return err_errno(err, "cannot look at the input");
	if ((uint64_t)status.st_size < offset || (uint64_t)status.st_size - offset < length)
		return err_set(err, ERR_DAMAGED, "the input ends before its range does");
	at = mmap(NULL, (size_t)(length + lead), protection, flags, fd, (off_t)(offset - lead));
	if (at == MAP_FAILED)
		return err_errno(err, "cannot map the input");
	*out = (unsigned char *)at + lead;
	return 0;
}

struct words {
	uint64_t offset, length, width, height, cpu_s, memory, answer;
};

static bool words_read(int argc, char **argv, struct words *out)
{
	uint64_t *const into[] = { &out->offset, &out->length, &out->width, &out->height,
				   &out->cpu_s, &out->memory, &out->answer };

	if (argc != 2 + (int)(sizeof into / sizeof *into))
		return false;
	for (size_t i = 0; i < sizeof into / sizeof *into; i++)
		if (!slice_u64(slice_text(argv[2 + i]), into[i]))
			return false;
	return true;
}

static int inputs_map(const struct words *words, struct worker_input *input, struct err *err)
{
	unsigned char *bytes;
	struct stat status;
	int r = map(WORKER_FD_INPUT, words->offset, words->length, PROT_READ, MAP_PRIVATE, &bytes, err);

	if (r < 0)
		return r;
	input->bytes = slice_of(bytes, (size_t)words->length);
	if (fstat(WORKER_FD_PIXELS, &status) == 0) {
		r = map(WORKER_FD_PIXELS, 0, (uint64_t)status.st_size, PROT_READ | PROT_WRITE,
			MAP_SHARED, &input->pixels, err);
		if (r < 0)
			return r;
		input->pixels_size = (uint64_t)status.st_size;
	}
	input->width = (uint32_t)words->width;
	input->height = (uint32_t)words->height;
	/* Nothing stays open but the way to answer. */
	(void)close(WORKER_FD_INPUT);
	(void)close(WORKER_FD_PIXELS);
	return 0;
}

static int get_ready(const struct probe *probe, const struct words *words,
		     struct worker_input *input, void **state, struct err *err)
{
	int r = inputs_map(words, input, err);

	if (r < 0)
		return r;
	if (probe->prepare) {
		r = probe->prepare(state, err);
		if (r < 0)
			return r;
	}
	return confine(probe->calls, (unsigned)words->cpu_s, words->memory, err);
}

int worker_main(int argc, char **argv, const struct probe *const *probes)
{
	struct worker_input input = { 0 };
	struct words words = { 0 };
	struct worker w = { 0 };
	struct err err = { 0 };
	void *state = NULL;

	if (argc == 2 && slice_is(SLICE("--list"), argv[1]))
		return list(probes);
	if (!words_read(argc, argv, &words)) {
		(void)fputs("xsheet-worker: started by xsheet, not by hand\n", stderr);
		return 2;
	}
	w.left = words.answer;
	/* Libraries ask for the locale and the time zone when they first need
	 * them; then no file can be read any more. */
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	(void)setenv("TZ", "UTC0", 1);
	tzset();
	for (; *probes; probes++)
		if (slice_is(slice_text((*probes)->name), argv[1]))
			break;
	if (!*probes) {
		say_end(&w, MESSAGE_UNABLE, "no such kind of worker");
		_exit(WORKER_EXIT_UNABLE);
	}
	if (get_ready(*probes, &words, &input, &state, &err) < 0) {
		say_end(&w, MESSAGE_UNABLE, err.text);
		_exit(WORKER_EXIT_UNABLE);
	}
	(*probes)->read(state, &input, &w);
	say_end(&w, MESSAGE_DONE, "");
	_exit(0);
}
