/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan - looking for a few bytes in many
 *
 * Lines and fields are found by these three questions.  The scalar functions
 * are the definition; a flavour for newer processors lies in its own file,
 * must give the same answers (test/unit/test_scan.c, fuzz_scan.c), and is
 * chosen when the program first scans.  XSHEET_CPU=scalar in the environment
 * switches flavours off.
 *
 * Nothing outside the slice is looked at.  Any thread.
 */
#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include "base/slice.h"

struct scan_flavour {
	const char *name;

	/* Where the first `c` is; s.n if there is none. */
	size_t (*find)(struct slice s, char c);

	/* Where the first `a` or `b` is; s.n if there is neither. */
	size_t (*find2)(struct slice s, char a, char b);

	/* The places of the first `max` bytes `c`, in order, into `at`; how
	 * many were found.  s.n is at most UINT32_MAX. */
	size_t (*find_all)(struct slice s, char c, uint32_t *at, size_t max);
};

extern const struct scan_flavour scan_scalar;

/* The flavour for this processor (and environment). */
const struct scan_flavour *scan_best(void);

/* Every flavour this processor can run, scalar first; NULL at the end. */
const struct scan_flavour *const *scan_flavours(void);

#endif
