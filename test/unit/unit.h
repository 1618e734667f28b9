/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test includes first: cmocka with what it needs. */
#ifndef TEST_UNIT_H
#define TEST_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* In a table: name the row that fails. */
#define ROW(what, holds) \
	do { \
		if (!(holds)) \
			fail_msg("%s: %s", (what), #holds); \
	} while (0)

/* Where the corpora lie, or NULL: then say skip(). */
static inline const char *test_data(void)
{
	return getenv("XSHEET_DATA");
}

#endif
