/* SPDX-License-Identifier: Apache-2.0 */
/* make-case CASE: a small case for whole-program tests. */
#include "casefile_maker.h"

static void make(void **state)
{
	maker_case(*state);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test_prestate(make, argc > 1 ? argv[1] : NULL) };

	if (argc != 2)
		return 2;
	(void)maker_begin;
	(void)maker_end;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
