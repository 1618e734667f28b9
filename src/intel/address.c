/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "intel/intel.h"

static bool parse_v4(struct slice s, uint32_t *out)
{
	uint32_t value = 0;

	for (int part = 0; part < 4; part++) {
		uint32_t n = 0;
		size_t i = 0;

		while (i < s.n && i < 3 && s.p[i] >= '0' && s.p[i] <= '9')
			n = n * 10 + (uint32_t)(s.p[i++] - '0');
		/* "010" is 8 to some and 10 to others: no. */
		if (i == 0 || n > 255 || (i > 1 && s.p[0] == '0'))
			return false;
		s = slice_skip(s, i);
		if (part < 3) {
			if (s.n == 0 || s.p[0] != '.')
				return false;
			s = slice_skip(s, 1);
		}
		value = value << 8 | n;
	}
	*out = value;
	return s.n == 0;
}

/* Groups up to the end or a "::"; how many, or -1. */
static int groups(struct slice *s, uint16_t *to, int max, bool *gap)
{
	int n = 0;

	*gap = false;
	while (s->n) {
		uint32_t value = 0, v4;
		size_t i = 0;

		if (n >= max)
			return -1;
		while (i < s->n && i < 4 && hex_digit(s->p[i]) >= 0)
			value = value << 4 | (uint32_t)hex_digit(s->p[i++]);
		if (i == 0)
			return -1;
		if (i < s->n && (s->p[i] == '.' || s->p[i] != ':')) {
			/* Dotted IPv4 stands for the last two groups. */
			if (n + 2 > max || !parse_v4(*s, &v4))
				return -1;
			to[n++] = (uint16_t)(v4 >> 16);
			to[n++] = (uint16_t)v4;
			*s = slice_skip(*s, s->n);
			return n;
		}
		to[n++] = (uint16_t)value;
		*s = slice_skip(*s, i);
		if (s->n == 0)
			return n;
		*s = slice_skip(*s, 1);
		if (s->n == 0)
			return -1;
		if (s->p[0] == ':') {
			*s = slice_skip(*s, 1);
			*gap = true;
			return n;
		}
	}
	return n;
}

static bool parse_v6(struct slice s, struct address *out)
{
	uint16_t head[8] = { 0 }, tail[8] = { 0 }, all[8] = { 0 };
	bool gap = false, again = false;
	int a = 0, b = 0;

	if (slice_starts(s, SLICE("::"))) {
		s = slice_skip(s, 2);
		gap = true;
	} else {
		a = groups(&s, head, 8, &gap);
	}
	if (a < 0)
		return false;
	if (gap) {
		if (a == 8)
			return false;
		b = groups(&s, tail, 7 - a, &again);
		if (b < 0 || again)
			return false;
	} else if (a != 8) {
		return false;
	}
	for (int i = 0; i < a; i++)
		all[i] = head[i];
	for (int i = 0; i < b; i++)
		all[8 - b + i] = tail[i];
	*out = (struct address){ 0 };
	for (int i = 0; i < 4; i++) {
		out->high = out->high << 16 | all[i];
		out->low = out->low << 16 | all[4 + i];
	}
	return true;
}

bool address_parse(struct slice text, struct address *out)
{
	uint32_t v4;

	if (text.n < 2 || text.n > 128)
		return false;
	if (parse_v4(text, &v4)) {
		*out = (struct address){ 0, (uint64_t)0xFFFF << 32 | v4 };
		return true;
	}
	if (!memchr(text.p, ':', text.n))
		return false;
	for (size_t i = 1; i < text.n; i++)
		if (text.p[i] == '%') {
			if (i + 1 == text.n)
				return false;
			text.n = i;
			break;
		}
	return parse_v6(text, out);
}

void address_text(const struct address *a, char out[ADDRESS_TEXT])
{
	unsigned group[8];
	int from = -2, length = 1, n = 0;

	if (address_is_v4(a)) {
		const uint32_t v4 = (uint32_t)a->low;

		(void)snprintf(out, ADDRESS_TEXT, "%u.%u.%u.%u", v4 >> 24, v4 >> 16 & 255,
			       v4 >> 8 & 255, v4 & 255);
		return;
	}
	for (int i = 0; i < 4; i++) {
		group[i] = (unsigned)(a->high >> (48 - 16 * i) & 0xFFFF);
		group[4 + i] = (unsigned)(a->low >> (48 - 16 * i) & 0xFFFF);
	}
	/* The longest run of zero groups, the first of equals, two at least. */
	for (int i = 0; i < 8; i++) {
		int run = 0;

		while (i + run < 8 && group[i + run] == 0)
			run++;
		if (run > length) {
			from = i;
			length = run;
		}
	}
	for (int i = 0; i < 8; i++) {
		if (i == from) {
			n += snprintf(out + n, (size_t)(ADDRESS_TEXT - n), "::");
			i += length - 1;
			continue;
		}
		n += snprintf(out + n, (size_t)(ADDRESS_TEXT - n), "%s%x",
			      i > 0 && i != from + length ? ":" : "", group[i]);
	}
}

static struct address host_bits(unsigned prefix)
{
	struct address mask = { UINT64_MAX, UINT64_MAX };

	if (prefix >= 64) {
		mask.high = 0;
		mask.low = prefix == 128 ? 0 : UINT64_MAX >> (prefix - 64);
	} else if (prefix > 0) {
		mask.high = UINT64_MAX >> prefix;
	}
	return mask;
}

bool address_range(struct slice text, struct address *first, struct address *last,
		   const char **why)
{
	struct slice rest = text, head = text;
	struct address mask;
	uint64_t prefix;
	bool v4;

	*why = "no address";
	if (!slice_cut(&rest, '/', &head)) {
		if (!address_parse(text, first))
			return false;
		*last = *first;
		return true;
	}
	if (!address_parse(head, first))
		return false;
	v4 = memchr(head.p, ':', head.n) == NULL;
	*why = "no prefix length";
	if (!slice_u64(rest, &prefix) || prefix > (v4 ? 32 : 128))
		return false;
	mask = host_bits((unsigned)prefix + (v4 ? 96 : 0));
	*why = "bits are set behind the prefix";
	if ((first->high & mask.high) || (first->low & mask.low))
		return false;
	*last = (struct address){ first->high | mask.high, first->low | mask.low };
	return true;
}

bool address_is_private(const struct address *a)
{
	static const struct {
		uint32_t network;
		unsigned prefix;
	} v4[] = {
		{ 0x00000000, 8 },  { 0x0A000000, 8 },  { 0x64400000, 10 }, { 0x7F000000, 8 },
		{ 0xA9FE0000, 16 }, { 0xAC100000, 12 }, { 0xC0000000, 24 }, { 0xC0000200, 24 },
		{ 0xC0A80000, 16 }, { 0xC6120000, 15 }, { 0xC6336400, 24 }, { 0xCB007100, 24 },
		{ 0xE0000000, 3 },
	};

	if (address_is_v4(a)) {
		const uint32_t ip = (uint32_t)a->low;

		for (size_t i = 0; i < sizeof v4 / sizeof v4[0]; i++)
			if ((ip ^ v4[i].network) >> (32 - v4[i].prefix) == 0)
				return true;
		return false;
	}
	/* ::, ::1, fc00::/7, fe80::/10, fec0::/10, ff00::/8, 2001:db8::/32, 100::/64 */
	return (a->high == 0 && a->low <= 1) || a->high >> 57 == 0xFC >> 1 ||
	       a->high >> 54 == 0xFE80 >> 6 || a->high >> 54 == 0xFEC0 >> 6 ||
	       a->high >> 56 == 0xFF || a->high >> 32 == 0x20010DB8 ||
	       a->high == 0x0100000000000000;
}
