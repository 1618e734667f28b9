/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "base/slice.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool slice_starts(struct slice a, struct slice head)
{
	return a.n >= head.n && slice_equal(slice_head(a, head.n), head);
}

bool slice_ends(struct slice a, struct slice tail)
{
	return a.n >= tail.n && slice_equal(slice_skip(a, a.n - tail.n), tail);
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

ptrdiff_t slice_find(struct slice hay, struct slice needle)
{
	const char *at;

	if (needle.n == 0)
		return 0;
	if (needle.n > hay.n)
		return -1;
	at = memmem(hay.p, hay.n, needle.p, needle.n);
	return at ? at - hay.p : -1;
}

ptrdiff_t slice_find_nocase(struct slice hay, struct slice needle)
{
	if (needle.n > hay.n)
		return -1;
	for (size_t i = 0; i + needle.n <= hay.n; i++)
		if (slice_equal_nocase(slice_of(hay.p + i, needle.n), needle))
			return (ptrdiff_t)i;
	return -1;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice slice_trim(struct slice s)
{
	while (s.n && is_space(s.p[0]))
		s = slice_skip(s, 1);
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool slice_cut(struct slice *rest, char at, struct slice *head)
{
	const char *found = rest->n ? memchr(rest->p, at, rest->n) : NULL;

	if (!found)
		return false;
	*head = slice_of(rest->p, (size_t)(found - rest->p));
	*rest = slice_skip(*rest, head->n + 1);
	return true;
}

bool slice_line(struct slice *rest, struct slice *line)
{
	if (rest->n == 0)
		return false;
	if (!slice_cut(rest, '\n', line)) {
		*line = *rest;
		*rest = slice_skip(*rest, rest->n);
	}
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

bool slice_u64(struct slice s, uint64_t *out)
{
	uint64_t value = 0;

	if (s.n == 0 || s.n > 20)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		const unsigned digit = (unsigned)(s.p[i] - '0');

		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
	}
	*out = value;
	return true;
}
