/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "scan/scan.h"

static uint64_t state = 38;

static uint32_t dice(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33);
}

static void compare(const struct scan_flavour *f, struct slice s, char a, char b)
{
	static uint32_t want[8192], got[8192];
	const size_t max = dice() % 3 ? 8192 : dice() % 9;
	const size_t n = scan_scalar.find_all(s, a, want, max);

	if (f->find(s, a) != scan_scalar.find(s, a) || f->find2(s, a, b) != scan_scalar.find2(s, a, b))
		fail_msg("%s differs on %zu bytes", f->name, s.n);
	if (f->find_all(s, a, got, max) != n || memcmp(got, want, n * sizeof *got) != 0)
		fail_msg("%s finds other places in %zu bytes", f->name, s.n);
}

static void each_flavour_equals_the_scalar_one(void **unused)
{
	(void)unused;
	for (int round = 0; round < 20000; round++) {
		const size_t n = dice() % (round % 100 ? 200 : 8000);
		char *exact = malloc(n ? n : 1);

		assert_non_null(exact);
		for (size_t i = 0; i < n; i++)
			exact[i] = dice() % 4 ? 'a' : (char)dice();
		for (const struct scan_flavour *const *f = scan_flavours(); *f; f++)
			compare(*f, slice_of(exact, n), (char)(dice() % 2 ? 'b' : dice()), (char)dice());
		free(exact);
	}
}

static void the_definition(void **unused)
{
	uint32_t at[4];

	(void)unused;
	assert_int_equal(scan_scalar.find(SLICE("abc"), 'c'), 2);
	assert_int_equal(scan_scalar.find(SLICE("abc"), 'x'), 3);
	assert_int_equal(scan_scalar.find((struct slice){ 0 }, 'x'), 0);
	assert_int_equal(scan_scalar.find2(SLICE("a\\\""), '"', '\\'), 1);
	assert_int_equal(scan_scalar.find_all(SLICE("\n\n.\n"), '\n', at, 4), 3);
	assert_int_equal(at[2], 3);
	assert_int_equal(scan_scalar.find_all(SLICE("\n\n.\n"), '\n', at, 2), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_definition),
		cmocka_unit_test(each_flavour_equals_the_scalar_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
