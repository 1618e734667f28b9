/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker that runs out of memory says so by how it ends.
 *
 * The libraries it stands on do different things when an allocation fails:
 * give up politely, abort, or fall over.  So that the verdict is the same for
 * all, the program's own malloc() stands before the C library's and ends the
 * process when the ceiling (RLIMIT_AS, set by confine()) is reached.
 *
 * AddressSanitizer reserves terabytes of address space and brings its own
 * malloc(): there the ceiling is kept by its allocation hook instead.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sandbox/internal.h"
#include "sandbox/worker.h"

#if SANITIZED

/* From <sanitizer/allocator_interface.h>, which gcc does not ship. */
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
					      void (*on_free)(const volatile void *));
size_t __sanitizer_get_current_allocated_bytes(void);
const char *__asan_default_options(void);

/* Crashes must look like crashes; no child, no thread, no leak check (a
 * worker does one job and ends). */
const char *__asan_default_options(void)
{
	return "detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:"
	       "handle_abort=0:abort_on_error=1:symbolize=0:allocator_may_return_null=1:"
	       "use_sigaltstack=0";
}

static size_t ceiling;

static void on_malloc(const volatile void *p, size_t size)
{
	(void)p;
	if (ceiling && (size > ceiling || __sanitizer_get_current_allocated_bytes() > ceiling))
		_exit(WORKER_EXIT_MEMORY);
}

static void on_free(const volatile void *p)
{
	(void)p;
}

int memory_limit(uint64_t more, struct err *err)
{
	(void)err;
	ceiling = __sanitizer_get_current_allocated_bytes() + (size_t)more;
	(void)__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
	return 0;
}

#else

static bool limited;

static void *or_end(void *p, size_t size)
{
	if (!p && size && limited)
		_exit(WORKER_EXIT_MEMORY);
	return p;
}

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
	return or_end(__libc_malloc(size), size);
}

void *calloc(size_t count, size_t size)
{
	return or_end(__libc_calloc(count, size), count && size ? 1 : 0);
}

void *realloc(void *p, size_t size)
{
	return or_end(__libc_realloc(p, size), size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return or_end(__libc_memalign(alignment, size), size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	void *p = or_end(__libc_memalign(alignment, size), size);

	if (!p && size)
		return ENOMEM;
	*out = p;
	return 0;
}

int memory_limit(uint64_t more, struct err *err)
{
	unsigned long pages = 0;
	struct rlimit limit;
	FILE *f = fopen("/proc/self/statm", "re");

	if (!f || fscanf(f, "%lu", &pages) != 1)
		pages = (512ul << 20) / (unsigned long)sysconf(_SC_PAGESIZE);
	if (f)
		(void)fclose(f);
	limit.rlim_cur = limit.rlim_max = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + more;
	if (setrlimit(RLIMIT_AS, &limit) < 0)
		return err_errno(err, "cannot limit memory");
	limited = true;
	return 0;
}

#endif
