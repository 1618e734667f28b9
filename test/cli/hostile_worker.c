/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xsheet-worker-hostile - a worker that a file has taken over
 *
 * It is the real worker, but a text that begins with "HOSTILE:" and a word
 * makes it behave as an attacker's code would: what follows the word below.
 * It is built for tests and is no part of what is installed.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "examine/probes.h"
#include "worker/probes.h"

static void crash(struct worker *w)
{
	static volatile uintptr_t nowhere = 16;

	(void)w;
	*(volatile int *)nowhere = 1;
}

static void stop(struct worker *w)
{
	(void)w;
	abort();
}

static void loop(struct worker *w)
{
	(void)w;
	for (volatile unsigned i = 0;; i++)
		;
}

/* Waits without using the processor. */
static void sleeper(struct worker *w)
{
	static int never;

	(void)w;
	for (;;)
		(void)syscall(SYS_futex, &never, 0, 0, NULL, NULL, 0);
}

static void hog(struct worker *w)
{
	(void)w;
	for (;;) {
		char *p = malloc(1 << 20);

		if (p)
			memset(p, 1, 1 << 20);
		/* Or clang sees that nobody wants it, and takes nothing. */
		__asm__ volatile("" : : "r"(p) : "memory");
	}
}

static void opener(struct worker *w)
{
	(void)w;
	(void)open("/etc/passwd", O_RDONLY);
}

static void writer(struct worker *w)
{
	(void)w;
	(void)syscall(SYS_openat, AT_FDCWD, "/tmp/xsheet-hostile", O_WRONLY | O_CREAT, 0600);
}

static void dialler(struct worker *w)
{
	(void)w;
	(void)socket(AF_INET, SOCK_DGRAM, 0);
}

static void forker(struct worker *w)
{
	(void)w;
	(void)fork();
}

static void runner(struct worker *w)
{
	char *const argv[] = { (char *)"/bin/true", NULL };

	(void)w;
	(void)execve(argv[0], argv, argv + 1);
}

static void tracer(struct worker *w)
{
	(void)w;
	(void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static void killer(struct worker *w)
{
	(void)w;
	(void)kill(1, SIGTERM);
}

static void coder(struct worker *w)
{
	(void)w;
	(void)mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* Says nothing wrong, only too much of it. */
static void flood(struct worker *w)
{
	struct message m = message_of(MESSAGE_LINE);

	m.text = SLICE("again and again and again");
	for (;;)
		worker_say(w, &m);
}

/* Past worker_say(), straight into the pipe. */
static void raw(const void *bytes, size_t n)
{
	(void)!write(WORKER_FD_ANSWER, bytes, n);
}

static void flood_raw(struct worker *w)
{
	static const char one[] = { 47, 0, 0, 0, MESSAGE_FIELD, 2, 0, 0, 0, 'a', 'b' };

	(void)w;
	for (;;) {
		char all[51] = { 0 };

		memcpy(all, one, sizeof one);
		memset(all + sizeof all - 24, 0xFF, 24);
		raw(all, sizeof all);
	}
}

static void broken(struct worker *w)
{
	(void)w;
	raw("\x05\0\0\0\x77huge", 9);
}

static void huge(struct worker *w)
{
	(void)w;
	raw("\xFF\xFF\xFF\xFF", 4);
	loop(w);
}

static void torn(struct worker *w)
{
	(void)w;
	raw("\x30\0\0\0\x03", 5);
	_exit(0);
}

static void silent(struct worker *w)
{
	(void)w;
	_exit(0);
}

/* Says a line, then closes the pipe and goes on. */
static void hidden(struct worker *w)
{
	struct message m = message_of(MESSAGE_LINE);

	m.text = SLICE("kept");
	worker_say(w, &m);
	(void)close(WORKER_FD_ANSWER);
	loop(w);
}

/* A line is kept, then it crashes. */
static void half(struct worker *w)
{
	struct message m = message_of(MESSAGE_LINE);

	m.text = SLICE("kept");
	worker_say(w, &m);
	crash(w);
}

static const struct {
	const char *word;
	void (*act)(struct worker *w);
} acts[] = {
	{ "crash", crash },     { "abort", stop },      { "loop", loop },     { "sleep", sleeper },
	{ "hog", hog },         { "open", opener },     { "write", writer },  { "socket", dialler },
	{ "fork", forker },     { "exec", runner },     { "ptrace", tracer }, { "kill", killer },
	{ "code", coder },      { "flood", flood },     { "flood-raw", flood_raw },
	{ "broken", broken },   { "huge", huge },       { "torn", torn },     { "silent", silent },
	{ "hidden", hidden },   { "half", half },
};

static void read_hostile(void *state, const struct worker_input *input, struct worker *w)
{
	struct slice rest = input->bytes, word;

	if (slice_starts(rest, SLICE("HOSTILE:")) && slice_line(&rest, &word))
		for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
			if (slice_is(slice_skip(word, 8), acts[i].word))
				acts[i].act(w);
	probe_text.read(state, input, w);
}

int main(int argc, char **argv)
{
	const struct probe *list[32];
	struct probe hostile = probe_text;
	size_t n = 0;

	hostile.read = read_hostile;
	for (; probes[n] && n < 31; n++)
		list[n] = probes[n] == &probe_text ? &hostile : probes[n];
	list[n] = NULL;
	return worker_main(argc, argv, list);
}
