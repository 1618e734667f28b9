/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan.h"

#include <stdlib.h>

static size_t find(struct slice s, char c)
{
	size_t i = 0;

	while (i < s.n && s.p[i] != c)
		i++;
	return i;
}

static size_t find2(struct slice s, char a, char b)
{
	size_t i = 0;

	while (i < s.n && s.p[i] != a && s.p[i] != b)
		i++;
	return i;
}

static size_t find_all(struct slice s, char c, uint32_t *at, size_t max)
{
	size_t found = 0;

	for (size_t i = 0; i < s.n && found < max; i++)
		if (s.p[i] == c)
			at[found++] = (uint32_t)i;
	return found;
}

const struct scan_flavour scan_scalar = {
	.name = "scalar",
	.find = find,
	.find2 = find2,
	.find_all = find_all,
};

#ifdef SCAN_AVX2
extern const struct scan_flavour scan_avx2;

static const struct scan_flavour *newer(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") ? &scan_avx2 : NULL;
}
#else
static const struct scan_flavour *newer(void)
{
	return NULL;
}
#endif

/* Threads may both be first: they write the same. */
static const struct scan_flavour *best, *all[3];

const struct scan_flavour *const *scan_flavours(void)
{
	all[0] = &scan_scalar;
	all[1] = newer();
	return all;
}

const struct scan_flavour *scan_best(void)
{
	const struct scan_flavour *chosen = __atomic_load_n(&best, __ATOMIC_RELAXED);
	const char *cpu;

	if (chosen)
		return chosen;
	cpu = getenv("XSHEET_CPU");
	chosen = cpu && strcmp(cpu, "scalar") == 0 ? NULL : newer();
	if (!chosen)
		chosen = &scan_scalar;
	__atomic_store_n(&best, chosen, __ATOMIC_RELAXED);
	return chosen;
}
