/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* syscall */
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/internal.h"

/* Debian 12's headers may lack what its kernel, or a newer one, has. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif
#define CREATE_RULESET_VERSION 1u
#define ABI_TRUNCATE 3      /* truncating files is ruled from here on */
#define ABI_TCP 4
#define ABI_SCOPE 6

int landlock_abi(void)
{
	const long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);

	return abi > 0 ? (int)abi : 0;
}

bool seccomp_can_kill(void)
{
	const uint32_t action = SECCOMP_RET_KILL_PROCESS;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

void sandbox_missing(char out[256])
{
	const int abi = landlock_abi();

	out[0] = '\0';
	if (!seccomp_can_kill())
		(void)snprintf(out, 256, "this kernel has no seccomp filters: nothing can be examined on it");
	else if (abi == 0)
		(void)snprintf(out, 256, "this kernel has no Landlock: workers are kept from files and the network by seccomp alone");
	else if (abi < ABI_TRUNCATE)
		(void)snprintf(out, 256, "Landlock ABI %d: truncating files and TCP are ruled out by seccomp alone", abi);
	else if (abi < ABI_TCP)
		(void)snprintf(out, 256, "Landlock ABI %d: TCP is ruled out by seccomp alone", abi);
	else if (abi < ABI_SCOPE)
		(void)snprintf(out, 256, "Landlock ABI %d: signals to other processes are ruled out by seccomp alone", abi);
}
