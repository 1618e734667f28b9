/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test includes first: cmocka with what it needs. */
#ifndef TEST_UNIT_H
#define TEST_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* In a table: name the row that fails. */
#define ROW(what, holds) \
	do { \
		if (!(holds)) \
			fail_msg("%s: %s", (what), #holds); \
	} while (0)

/* Where the corpora lie, or NULL: then say skip().  XSHEET_DATA, else
 * ../shared/data beside the project. */
static inline const char *test_data(void)
{
	static char path[4096];
	const char *set = getenv("XSHEET_DATA"), *root = getenv("XSHEET_SOURCE_ROOT");

	(void)snprintf(path, sizeof path, "%s%s", set ? set : root ? root : ".",
		       set ? "" : "/../shared/data");
	return access(path, R_OK) == 0 ? path : NULL;
}

#endif
