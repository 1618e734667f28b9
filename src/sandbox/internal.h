/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of sandbox/ share. */
#ifndef SANDBOX_INTERNAL_H
#define SANDBOX_INTERNAL_H

#include "base/err.h"
#include "sandbox/sandbox.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* The highest Landlock ABI this kernel speaks; 0: none. */
int landlock_abi(void);
/* Can the kernel end a process for a forbidden system call? */
bool seccomp_can_kill(void);

/* Give up everything but reading what is mapped and writing answers.
 * `calls` beyond the common ones, ends with -1; may be NULL. */
int confine(const int *calls, unsigned cpu_s, uint64_t memory, struct err *err);

/* From now on, running out of memory ends the process with
 * WORKER_EXIT_MEMORY.  `more` bytes may be added to what is there. */
int memory_limit(uint64_t more, struct err *err);

#endif
