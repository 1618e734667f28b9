/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/place.h"
#include "base/text.h"
#include "sandbox/internal.h"
#include "sandbox/worker.h"

#define SLOTS_MAX 64
#define KINDS_MAX 32
#define MESSAGES_MAX 1000000u
#define READ_SIZE (64u << 10)
#define LIST_MAX (256u << 10)      /* bytes of what a worker says of itself */

struct kind {
	char name[32];
	struct budget budget;
};

struct slot {
	pid_t pid;            /* 0: free */
	int process, answer;  /* pidfd, pipe; -1 when closed */
	int64_t deadline;
	struct budget budget;
	uint64_t answered;    /* bytes */
	uint64_t pixels;      /* room for them */
	bool done;            /* it said MESSAGE_DONE */
	bool ended;           /* by us; `result.verdict` says why */
	struct buf pending;   /* bytes of a message that is not whole yet */
	size_t room;          /* of `messages` */
	struct message *messages;
	struct job_result result;
};

struct sandbox {
	char *worker;
	int program;          /* the same, open: an update meanwhile does not change the run */
	struct kind kinds[KINDS_MAX];
	size_t kind_count;
	char *tools;
	unsigned slots;
	struct slot slot[SLOTS_MAX];
};

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_OK] = "ok",
		[VERDICT_PARTIAL] = "partial",
		[VERDICT_CRASHED] = "crashed",
		[VERDICT_TIMED_OUT] = "timed out",
		[VERDICT_OVER_BUDGET] = "over budget",
		[VERDICT_DENIED] = "denied",
		[VERDICT_UNABLE] = "not read",
	};

	return names[verdict];
}

void job_result_done(struct job_result *result)
{
	arena_done(&result->arena);
	*result = (struct job_result){ 0 };
}

/* ---------------------------------------------- the worker program ---- */

static int worker_find(const char *given, char **out, struct err *err)
{
	static const char *const places[] = {
		"xsheet-worker", "../worker/xsheet-worker", "../libexec/xsheet/xsheet-worker",
		"../../src/worker/xsheet-worker",      /* from a test's folder */
	};
	scoped(memory_free) char *program = place_program();
	const char *named = given ? given : getenv("XSHEET_WORKER");

	if (named && *named) {
		if (access(named, X_OK) < 0)
			return err_errno(err, "cannot run the worker '%s'", named);
		*out = strdup(named);
		return *out ? 0 : err_set(err, ERR_NO_MEMORY, "no memory");
	}
	for (size_t i = 0; program && i < sizeof places / sizeof *places; i++) {
		scoped(memory_free) char *path = path_join(program, places[i]);

		if (path && access(path, X_OK) == 0) {
			*out = take_pointer(&path);
			return 0;
		}
	}
	return err_set(err, ERR_NOT_FOUND,
		       "xsheet-worker is not beside this program nor in libexec; set XSHEET_WORKER");
}

/* What a worker sees of the world: nothing of the user's. */
static char *const environment[] = {
	(char *)"LC_ALL=C.UTF-8", (char *)"OMP_THREAD_LIMIT=1", (char *)"PATH=/nonexistent",
	NULL, /* TESSDATA_PREFIX, if the user set it */
	NULL,
};

/* The child, between fork and exec: only what is safe there. */
_Noreturn static void become_worker(int program, char *const argv[], char *const envp[], int input,
				    int answer, int pixels, int null, pid_t parent)
{
	sigset_t none;
	/* Out of the way of the numbers they are to have. */
	const int from[4] = { fcntl(input, F_DUPFD, 16), fcntl(answer, F_DUPFD, 16),
			      pixels >= 0 ? fcntl(pixels, F_DUPFD, 16) : -1,
			      fcntl(program, F_DUPFD, 16) };

	(void)setsid();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || getppid() != parent)
		_exit(1);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)signal(SIGINT, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)dup2(null, 0);
	(void)dup2(null, 1);
	if (!SANITIZED)      /* a sanitizer's report is for the developer */
		(void)dup2(null, 2);
	(void)dup2(from[0], WORKER_FD_INPUT);
	(void)dup2(from[1], WORKER_FD_ANSWER);
	if (from[2] >= 0)
		(void)dup2(from[2], WORKER_FD_PIXELS);
	else
		(void)close(WORKER_FD_PIXELS);
	(void)dup3(from[3], WORKER_FD_PIXELS + 1, O_CLOEXEC);
	(void)syscall(SYS_close_range, WORKER_FD_PIXELS + 2, ~0u, 0);
	(void)syscall(SYS_execveat, WORKER_FD_PIXELS + 1, "", argv, envp, AT_EMPTY_PATH);
	_exit(WORKER_EXIT_UNABLE);
}

static int spawn(const struct sandbox *box, char *const argv[], int input, int pixels, pid_t *pid,
		 int *answer, struct err *err)
{
	scoped(fd_close) int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	scoped(fd_close) int reading = -1;
	scoped(fd_close) int writing = -1;
	char tessdata[4200];
	char *envp[sizeof environment / sizeof *environment];
	const char *models = getenv("TESSDATA_PREFIX");
	const pid_t parent = getpid();
	int ends[2];

	memcpy(envp, environment, sizeof envp);
	if (models && (size_t)snprintf(tessdata, sizeof tessdata, "TESSDATA_PREFIX=%s", models) <
			      sizeof tessdata)
		envp[sizeof envp / sizeof *envp - 2] = tessdata;
	if (null < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot start a worker");
	reading = ends[0];
	writing = ends[1];
	*pid = fork();
	if (*pid < 0)
		return err_errno(err, "cannot start a worker");
	if (*pid == 0)
		become_worker(box->program, argv, envp, input >= 0 ? input : null, writing, pixels,
			      null, parent);
	*answer = take_fd(&reading);
	return 0;
}

static bool kind_read(struct slice line, struct kind *kind, struct slice *json)
{
	struct slice name, number[4];
	uint64_t n[4];

	if (!slice_cut(&line, '\t', &name) || name.n == 0 || name.n >= sizeof kind->name)
		return false;
	for (int i = 0; i < 4; i++)
		if (!slice_cut(&line, '\t', &number[i]) || !slice_u64(number[i], &n[i]))
			return false;
	memcpy(kind->name, name.p, name.n);
	kind->budget = (struct budget){ .wall_ms = (unsigned)n[0], .cpu_s = (unsigned)n[1],
					.memory = n[2], .answer = n[3] };
	*json = line;
	return true;
}

/* What the worker program says of itself.  It has seen nothing foreign. */
static int worker_list(const struct sandbox *box, struct buf *out, struct err *err)
{
	char *const argv[] = { box->worker, (char *)"--list", NULL };
	scoped(fd_close) int answer = fd_memory("kinds", err);
	int status = 0;
	size_t got = 0;
	char *room;
	pid_t pid;

	if (answer < 0)
		return answer;
	pid = fork();
	if (pid == 0) {
		(void)dup2(answer, 1);
		(void)execv(box->worker, argv);
		_exit(127);
	}
	if (pid < 0)
		return err_errno(err, "cannot start a worker");
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status != 0)
		return err_set(err, ERR_FAILED, "'%s' does not work as a worker", box->worker);
	room = buf_room(out, LIST_MAX);
	if (!room)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	if (fd_read_at(answer, 0, room, LIST_MAX, &got, "the worker's list", err) < 0)
		return -ERR_IO;
	buf_grew(out, got);
	return 0;
}

/* Ask the worker program what it can do. */
static int kinds_read(struct sandbox *box, struct err *err)
{
	scoped(buf_done) struct buf text = buf_limited(2 * LIST_MAX);
	scoped(buf_done) struct buf tools = buf_limited(4 * LIST_MAX);
	struct slice rest, line, json;
	int r = worker_list(box, &text, err);

	if (r < 0)
		return r;
	rest = buf_slice(&text);
	(void)buf_char(&tools, '{');
	while (slice_line(&rest, &line) && box->kind_count < KINDS_MAX) {
		if (!kind_read(line, &box->kinds[box->kind_count], &json))
			return err_set(err, ERR_FAILED, "'%s' does not work as a worker", box->worker);
		if (!slice_is(json, "{}")) {
			if (tools.n > 1)
				(void)buf_char(&tools, ',');
			(void)text_json(&tools, slice_text(box->kinds[box->kind_count].name));
			(void)buf_char(&tools, ':');
			(void)buf_add(&tools, json);
		}
		box->kind_count++;
	}
	(void)buf_char(&tools, '}');
	box->tools = buf_take(&tools);
	return box->tools ? 0 : err_set(err, ERR_NO_MEMORY, "no memory");
}

int sandbox_new(const char *worker_path, unsigned slots, struct sandbox **out, struct err *err)
{
	struct sandbox *box = calloc(1, sizeof *box);
	int r;

	if (!box)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	box->program = -1;
	box->slots = slots < 1 ? 1 : slots > SLOTS_MAX ? SLOTS_MAX : slots;
	for (unsigned i = 0; i < SLOTS_MAX; i++)
		box->slot[i].process = box->slot[i].answer = -1;
	r = worker_find(worker_path, &box->worker, err);
	if (r == 0) {
		box->program = open(box->worker, O_PATH | O_CLOEXEC);
		r = box->program < 0 ? err_errno(err, "cannot run the worker '%s'", box->worker)
				     : kinds_read(box, err);
	}
	if (r < 0) {
		sandbox_free(box);
		return r;
	}
	*out = box;
	return 0;
}

static void slot_clear(struct slot *slot)
{
	fd_close_scoped(&slot->process);
	fd_close_scoped(&slot->answer);
	buf_done(&slot->pending);
	free(slot->messages);
	job_result_done(&slot->result);
	*slot = (struct slot){ .process = -1, .answer = -1 };
}

void sandbox_free(struct sandbox *box)
{
	if (!box)
		return;
	for (unsigned i = 0; i < box->slots; i++) {
		struct slot *slot = &box->slot[i];

		if (slot->pid > 0) {
			(void)kill(slot->pid, SIGKILL);
			(void)waitpid(slot->pid, NULL, 0);
		}
		slot_clear(slot);
	}
	fd_close_scoped(&box->program);
	free(box->worker);
	free(box->tools);
	free(box);
}

const char *sandbox_tools(const struct sandbox *box)
{
	return box->tools;
}

static const struct kind *kind_named(const struct sandbox *box, const char *name)
{
	for (size_t i = 0; i < box->kind_count; i++)
		if (strcmp(box->kinds[i].name, name) == 0)
			return &box->kinds[i];
	return NULL;
}

bool sandbox_has(const struct sandbox *box, const char *worker)
{
	return kind_named(box, worker) != NULL;
}

unsigned sandbox_running(const struct sandbox *box)
{
	unsigned n = 0;

	for (unsigned i = 0; i < box->slots; i++)
		n += box->slot[i].pid > 0;
	return n;
}

unsigned sandbox_slots(const struct sandbox *box)
{
	return box->slots;
}

/* ------------------------------------------------------- one job ------ */

static struct budget budget_of(const struct job *job, const struct kind *kind)
{
	struct budget b = job->budget;

	b.wall_ms = b.wall_ms ? b.wall_ms : kind->budget.wall_ms;
	b.cpu_s = b.cpu_s ? b.cpu_s : kind->budget.cpu_s;
	b.memory = b.memory ? b.memory : kind->budget.memory;
	b.answer = b.answer ? b.answer : kind->budget.answer;
	return b;
}

int sandbox_start(struct sandbox *box, const struct job *job, struct err *err)
{
	const struct kind *kind = kind_named(box, job->worker);
	struct slot *slot = NULL;
	struct budget budget;
	char words[7][24], *argv[10];
	struct stat status;
	int r;

	if (!kind)
		return err_set(err, ERR_NOT_FOUND, "there is no worker '%s'", job->worker);
	for (unsigned i = 0; !slot && i < box->slots; i++)
		if (box->slot[i].pid == 0)
			slot = &box->slot[i];
	if (!slot)
		return err_set(err, ERR_BUSY, "%u workers are running", box->slots);
	budget = budget_of(job, kind);
	{
		const uint64_t numbers[7] = { job->offset, job->length, job->width, job->height,
					      budget.cpu_s, budget.memory, budget.answer };

		argv[0] = box->worker;
		argv[1] = (char *)job->worker;
		for (int i = 0; i < 7; i++) {
			(void)snprintf(words[i], sizeof words[i], "%" PRIu64, numbers[i]);
			argv[2 + i] = words[i];
		}
		argv[9] = NULL;
	}
	*slot = (struct slot){ .process = -1, .answer = -1, .budget = budget };
	if (job->pixels >= 0 && fstat(job->pixels, &status) == 0)
		slot->pixels = (uint64_t)status.st_size;
	r = spawn(box, argv, job->input, job->pixels, &slot->pid, &slot->answer, err);
	if (r < 0) {
		slot_clear(slot);
		return r;
	}
	(void)fcntl(slot->answer, F_SETFL, O_NONBLOCK);
	slot->process = (int)syscall(SYS_pidfd_open, slot->pid, 0);
	slot->deadline = clock_ticks() + budget.wall_ms;
	slot->pending = buf_limited(MESSAGE_MAX + 4 + READ_SIZE);
	slot->result.tag = job->tag;
	slot->result.arena = arena_limited((size_t)budget.answer * 3 + (1 << 20));
	if (slot->process < 0) {
		r = err_errno(err, "cannot watch a worker");
		(void)kill(slot->pid, SIGKILL);
		(void)waitpid(slot->pid, NULL, 0);
		slot_clear(slot);
		return r;
	}
	return 0;
}

/* End it: what it said until now is kept, what it may still say is not. */
static void slot_end(struct slot *slot, enum verdict verdict, const char *format, const char *what)
{
	if (slot->ended)
		return;
	slot->ended = true;
	slot->result.verdict = verdict;
	(void)snprintf(slot->result.why, sizeof slot->result.why, format, what);
	(void)kill(slot->pid, SIGKILL);
	fd_close_scoped(&slot->answer);
}

/* A message fits what the job is. */
static bool fits_job(const struct slot *slot, const struct message *m, const char **why)
{
	*why = "it speaks after its last word";
	if (slot->done)
		return false;
	*why = "pixels that have no room";
	if (m->kind == MESSAGE_PIXELS && (uint64_t)m->width * m->height > slot->pixels)
		return false;
	return true;
}

static void slot_message(struct slot *slot, struct slice body)
{
	struct job_result *result = &slot->result;
	char *copy = arena_alloc(&result->arena, body.n ? body.n : 1);
	struct message m;
	const char *why = "";

	if (!copy || result->count == MESSAGES_MAX) {
		slot_end(slot, VERDICT_OVER_BUDGET, "%s", "it says too much");
		return;
	}
	memcpy(copy, body.p, body.n);
	if (!message_decode(slice_of(copy, body.n), &m, &why) || !fits_job(slot, &m, &why)) {
		slot_end(slot, VERDICT_CRASHED, "a broken message: %s", why);
		return;
	}
	if (m.kind == MESSAGE_DONE) {
		slot->done = true;
		return;
	}
	if (result->count == slot->room) {
		const size_t room = slot->room ? slot->room * 2 : 64;
		struct message *grown = realloc(slot->messages, room * sizeof *grown);

		if (!grown) {
			slot_end(slot, VERDICT_OVER_BUDGET, "%s", "no memory for what it says");
			return;
		}
		slot->messages = grown;
		slot->room = room;
	}
	slot->messages[result->count++] = m;
}

/* Take every whole message out of what is pending. */
static void slot_messages(struct slot *slot)
{
	struct slice rest = buf_slice(&slot->pending);

	while (!slot->ended && rest.n >= 4) {
		const unsigned char *p = (const unsigned char *)rest.p;
		const uint32_t n = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
				   (uint32_t)p[3] << 24;

		if (n == 0 || n > MESSAGE_MAX) {
			slot_end(slot, VERDICT_CRASHED, "a broken message: %s", "length");
			return;
		}
		if (rest.n - 4 < n)
			break;
		slot_message(slot, slice_head(slice_skip(rest, 4), n));
		rest = slice_skip(rest, 4 + (size_t)n);
	}
	if (!slot->ended) {
		memmove(slot->pending.p, rest.p, rest.n);
		slot->pending.n = rest.n;
	}
}

/* Read what is there.  True when more may come. */
static bool slot_read(struct slot *slot)
{
	char *room = buf_room(&slot->pending, READ_SIZE);
	ssize_t n;

	if (!room) {
		slot_end(slot, VERDICT_OVER_BUDGET, "%s", "no memory for what it says");
		return false;
	}
	n = read(slot->answer, room, READ_SIZE);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return errno == EINTR;
	if (n <= 0) {
		fd_close_scoped(&slot->answer);
		return false;
	}
	buf_grew(&slot->pending, (size_t)n);
	slot->answered += (uint64_t)n;
	slot_messages(slot);
	/* The worker keeps its own count; one that does not is caught here. */
	if (slot->answered > slot->budget.answer + MESSAGE_MAX)
		slot_end(slot, VERDICT_OVER_BUDGET, "%s", "it says too much");
	return !slot->ended;
}

static void say(struct job_result *result, enum verdict verdict, const char *why)
{
	result->verdict = verdict;
	text_neutral(slice_text(why), result->why, sizeof result->why);
}

/* A worker that ended by itself: what does that mean? */
static void judge_exit(struct slot *slot, int code)
{
	struct job_result *result = &slot->result;
	const struct message *partial = NULL, *unable = NULL;
	char why[64];

	for (size_t i = 0; i < result->count; i++) {
		if (slot->messages[i].kind == MESSAGE_PARTIAL && !partial)
			partial = &slot->messages[i];
		if (slot->messages[i].kind == MESSAGE_UNABLE)
			unable = &slot->messages[i];
	}
	if (code == WORKER_EXIT_MEMORY) {
		(void)snprintf(why, sizeof why, "more than %" PRIu64 " MB of memory",
			       slot->budget.memory >> 20);
		say(result, VERDICT_OVER_BUDGET, why);
	} else if (code == WORKER_EXIT_ANSWER) {
		say(result, VERDICT_OVER_BUDGET, "it says too much");
	} else if (code == WORKER_EXIT_UNABLE) {
		say(result, VERDICT_UNABLE, "the worker could not get ready");
		if (unable)
			text_neutral(unable->text, result->why, sizeof result->why);
	} else if (code != 0 || !slot->done) {
		(void)snprintf(why, sizeof why, "it ended in the middle (exit code %d)", code);
		say(result, VERDICT_CRASHED, why);
	} else if (slot->pending.n) {
		say(result, VERDICT_CRASHED, "a broken message: it ends in the middle");
	} else if (partial) {
		say(result, VERDICT_PARTIAL, "");
		text_neutral(partial->text, result->why, sizeof result->why);
	} else {
		say(result, VERDICT_OK, "");
	}
}

static void judge_signal(struct slot *slot, int number)
{
	char why[128];

	if (number == SIGSYS) {
		say(&slot->result, VERDICT_DENIED, "a system call that it may not make");
		return;
	}
	/* SIGKILL not sent by us: the CPU limit's hard end, or the system out
	 * of memory. */
	if (number == SIGXCPU || number == SIGKILL) {
		(void)snprintf(why, sizeof why, "more than %u s of processor time", slot->budget.cpu_s);
		say(&slot->result, VERDICT_OVER_BUDGET,
		    number == SIGXCPU ? why : "ended by the system: memory or processor time");
		return;
	}
	(void)snprintf(why, sizeof why, "signal %d (%s)", number, strsignal(number));
	say(&slot->result, VERDICT_CRASHED, why);
}

/* It has ended: read the rest, decide, hand over. */
static int slot_reap(struct slot *slot, struct job_result *out, struct err *err)
{
	struct job_result *result = &slot->result;
	struct message *kept;
	int status = 0;

	while (slot->answer >= 0 && slot_read(slot))
		;
	while (waitpid(slot->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!slot->ended && WIFSIGNALED(status))
		judge_signal(slot, WTERMSIG(status));
	else if (!slot->ended)
		judge_exit(slot, WIFEXITED(status) ? WEXITSTATUS(status) : 1);
	slot->pid = 0;

	/* The messages move into the result's own memory. */
	result->arena.limit += result->count * sizeof *kept + 64;
	kept = arena_array(&result->arena, result->count ? result->count : 1, sizeof *kept);
	if (!kept) {
		slot_clear(slot);
		return err_set(err, ERR_NO_MEMORY, "no memory for a worker's answer");
	}
	if (result->count)
		memcpy(kept, slot->messages, result->count * sizeof *kept);
	result->messages = kept;
	*out = *result;
	*result = (struct job_result){ 0 };
	slot_clear(slot);
	return 0;
}

int sandbox_wait(struct sandbox *box, struct job_result *out, struct err *err)
{
	while (sandbox_running(box)) {
		struct pollfd polls[2 * SLOTS_MAX];
		struct slot *of[2 * SLOTS_MAX];
		const int64_t now = clock_ticks();
		int64_t next = now + 3600 * 1000;
		nfds_t n = 0;
		int r;

		for (unsigned i = 0; i < box->slots; i++) {
			struct slot *slot = &box->slot[i];
			char why[64];

			if (slot->pid == 0)
				continue;
			if (now >= slot->deadline && !slot->ended) {
				(void)snprintf(why, sizeof why, "more than %u s",
					       (slot->budget.wall_ms + 999) / 1000);
				slot_end(slot, VERDICT_TIMED_OUT, "%s", why);
			}
			if (!slot->ended && slot->deadline < next)
				next = slot->deadline;
			of[n] = slot;
			polls[n++] = (struct pollfd){ .fd = slot->process, .events = POLLIN };
			if (slot->answer >= 0) {
				of[n] = slot;
				polls[n++] = (struct pollfd){ .fd = slot->answer, .events = POLLIN };
			}
		}
		r = poll(polls, n, (int)(next - now) + 1);
		if (r < 0 && errno == EINTR)
			return err_set(err, ERR_STOPPED, "interrupted");
		if (r < 0)
			return err_errno(err, "cannot wait for workers");
		for (nfds_t i = 0; i < n; i++) {
			if (!polls[i].revents || !of[i]->pid)
				continue;
			if (polls[i].fd == of[i]->process)
				return slot_reap(of[i], out, err);
			if (of[i]->answer >= 0)
				(void)slot_read(of[i]);
		}
	}
	return err_set(err, ERR_NOT_FOUND, "no worker runs");
}
