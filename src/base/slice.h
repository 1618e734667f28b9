/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slice - some bytes that belong to somebody else
 *
 * A slice owns nothing and lives as long as what it points into.  It may
 * hold any bytes, NUL included; `p` may be NULL when `n` is 0.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const char *p;
	size_t n;
};

#define SLICE(literal) ((struct slice){ "" literal "", sizeof(literal) - 1 })
/* printf("%.*s", SLICE_F(s)) for slices known to be harmless text. */
#define SLICE_F(s) ((int)((s).n > 4096 ? 4096 : (s).n)), ((s).p ? (s).p : "")

static inline struct slice slice_of(const void *p, size_t n)
{
	return (struct slice){ p, n };
}

/* The slice of a string; NULL gives the empty slice. */
static inline struct slice slice_text(const char *text)
{
	return (struct slice){ text, text ? strlen(text) : 0 };
}

static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool slice_is(struct slice a, const char *text)
{
	return slice_equal(a, slice_text(text));
}

bool slice_starts(struct slice a, struct slice head);
bool slice_ends(struct slice a, struct slice tail);
/* ASCII letters only; other bytes must be equal. */
bool slice_equal_nocase(struct slice a, struct slice b);

/* Where `needle` begins in `hay`, or -1.  An empty needle is found at 0. */
ptrdiff_t slice_find(struct slice hay, struct slice needle);
ptrdiff_t slice_find_nocase(struct slice hay, struct slice needle);

/* Drop n bytes from the front (no more than there are). */
static inline struct slice slice_skip(struct slice s, size_t n)
{
	if (n > s.n)
		n = s.n;
	return (struct slice){ s.p ? s.p + n : s.p, s.n - n };
}

static inline struct slice slice_head(struct slice s, size_t n)
{
	return (struct slice){ s.p, n < s.n ? n : s.n };
}

/* Without ASCII white space at both ends. */
struct slice slice_trim(struct slice s);

/*
 * Cut `rest` at the first `at`: what stands before goes to *head, what stands
 * behind stays in *rest.  False, and nothing written, if `at` is not there.
 */
bool slice_cut(struct slice *rest, char at, struct slice *head);

/* The next line without its "\n" or "\r\n"; the last needs no line end.
 * False at the end. */
bool slice_line(struct slice *rest, struct slice *line);

/* The value of a hexadecimal digit of either case, or -1. */
static inline int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Decimal digits only, the whole slice, no overflow.  False otherwise. */
bool slice_u64(struct slice s, uint64_t *out);

#endif
