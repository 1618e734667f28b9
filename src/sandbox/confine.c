/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a worker gives up, in this order: core dumps and being looked into;
 * limits; Landlock (every right handled, no rule: no path at all); seccomp
 * (an allow-list; anything else ends the process with SIGSYS, which the
 * broker reports as "denied").  Network, UDP included, is shut by seccomp;
 * Landlock shuts TCP a second time where it can.
 */
#define _GNU_SOURCE
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/internal.h"

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_restrict_self 446
#endif

/* The kernel's struct landlock_ruleset_attr; older ABIs know its beginning. */
struct ruleset {
	uint64_t fs, net, scoped;
};
static const struct {
	int abi;
	unsigned fs_bits, net_bits, scoped_bits;
	size_t size;
} rulesets[] = {
	{ 6, 16, 2, 2, 24 }, { 5, 16, 2, 0, 16 }, { 4, 15, 2, 0, 16 },
	{ 3, 15, 0, 0, 8 },  { 2, 14, 0, 0, 8 },  { 1, 13, 0, 0, 8 },
};

static int no_paths(struct err *err)
{
	const int abi = landlock_abi();

	for (size_t i = 0; i < sizeof rulesets / sizeof *rulesets; i++) {
		const struct ruleset rules = {
			.fs = (1ull << rulesets[i].fs_bits) - 1,
			.net = (1ull << rulesets[i].net_bits) - 1,
			.scoped = (1ull << rulesets[i].scoped_bits) - 1,
		};
		long fd;

		if (abi < rulesets[i].abi)
			continue;
		fd = syscall(SYS_landlock_create_ruleset, &rules, rulesets[i].size, 0);
		if (fd < 0 || syscall(SYS_landlock_restrict_self, (int)fd, 0) < 0)
			return err_errno(err, "cannot confine by Landlock");
		(void)close((int)fd);
		return 0;
	}
	return 0;      /* sandbox_missing() tells the user */
}

static int limit(int what, rlim_t soft, rlim_t hard, struct err *err)
{
	const struct rlimit to = { soft, hard };

	if (setrlimit((__rlimit_resource_t)what, &to) < 0)
		return err_errno(err, "cannot set a limit");
	return 0;
}

/* Memory, time, threads' locks, ending, and the two ends of the descriptors
 * that are there.  No way to make a descriptor. */
static const int common[] = {
	SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close),
	SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
	SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(exit), SCMP_SYS(exit_group),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
	SCMP_SYS(sigaltstack), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(tgkill),
	SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getrandom),
	SCMP_SYS(getrusage), SCMP_SYS(times), SCMP_SYS(sysinfo), SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(restart_syscall), SCMP_SYS(membarrier),
};

static int no_calls(const int *calls, struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int r = filter ? 0 : -1;

	for (size_t i = 0; r == 0 && i < sizeof common / sizeof *common; i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, common[i], 0);
	for (; r == 0 && calls && *calls >= 0; calls++)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, *calls, 0);
	/* Memory, but never memory that can be run. */
	if (r == 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (r == 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	/* glibc asks for a descriptor's status in the form that also takes a
	 * path; it gets "not permitted" and goes on. */
	if (r == 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(1), SCMP_SYS(newfstatat), 0);
	if (r == 0 && SANITIZED)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(1), SCMP_SYS(readlink), 0);
	if (r == 0)
		r = seccomp_load(filter);
	if (filter)
		seccomp_release(filter);
	if (r != 0)
		return err_set(err, ERR_DENIED, "cannot confine by seccomp (%d)", r);
	return 0;
}

int confine(const int *calls, unsigned cpu_s, uint64_t memory, struct err *err)
{
	int r;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_errno(err, "cannot give up privileges");
	r = no_paths(err);
	if (r < 0)
		return r;
	r = memory_limit(memory, err);
	if (r < 0)
		return r;
	/* SIGXCPU at the soft limit; no file grows (pixels go into a mapping
	 * that has its size); no descriptor, process or core is made. */
	if ((r = limit(RLIMIT_CPU, cpu_s, cpu_s + 1, err)) < 0 ||
	    (r = limit(RLIMIT_FSIZE, 0, 0, err)) < 0 ||
	    (r = limit(RLIMIT_CORE, 0, 0, err)) < 0 ||
	    (r = limit(RLIMIT_NPROC, 0, 0, err)) < 0)
		return r;
	r = no_calls(calls, err);
	if (r < 0)
		return r;
	return 0;
}
