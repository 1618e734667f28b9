/* SPDX-License-Identifier: Apache-2.0 */
/* 32 bytes at a time.  The tail is done byte by byte: nothing outside the
 * slice is read. */
#include <immintrin.h>

#include "scan/scan.h"

extern const struct scan_flavour scan_avx2;

static uint32_t equal(const char *p, __m256i c)
{
	const __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);

	return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, c));
}

static size_t find(struct slice s, char c)
{
	const __m256i want = _mm256_set1_epi8(c);
	size_t i = 0;

	for (; s.n - i >= 32; i += 32) {
		const uint32_t bits = equal(s.p + i, want);

		if (bits)
			return i + (size_t)__builtin_ctz(bits);
	}
	while (i < s.n && s.p[i] != c)
		i++;
	return i;
}

static size_t find2(struct slice s, char a, char b)
{
	const __m256i want_a = _mm256_set1_epi8(a), want_b = _mm256_set1_epi8(b);
	size_t i = 0;

	for (; s.n - i >= 32; i += 32) {
		const uint32_t bits = equal(s.p + i, want_a) | equal(s.p + i, want_b);

		if (bits)
			return i + (size_t)__builtin_ctz(bits);
	}
	while (i < s.n && s.p[i] != a && s.p[i] != b)
		i++;
	return i;
}

static size_t find_all(struct slice s, char c, uint32_t *at, size_t max)
{
	const __m256i want = _mm256_set1_epi8(c);
	size_t i = 0, found = 0;

	for (; s.n - i >= 32 && found < max; i += 32)
		for (uint32_t bits = equal(s.p + i, want); bits && found < max; bits &= bits - 1)
			at[found++] = (uint32_t)(i + (size_t)__builtin_ctz(bits));
	for (; i < s.n && found < max; i++)
		if (s.p[i] == c)
			at[found++] = (uint32_t)i;
	return found;
}

const struct scan_flavour scan_avx2 = {
	.name = "avx2",
	.find = find,
	.find2 = find2,
	.find_all = find_all,
};
