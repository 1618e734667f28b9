/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "examine/tga.h"
#include "unit.h"

/* id, map type, kind, map (first, count, bits), origin, width, height, bits, descriptor */
#define HEAD(map, kind, count, map_bits, width, height, bits, descriptor) \
	"\0" map kind "\0\0" count "\0" map_bits "\0\0\0\0" width "\0" height "\0" bits descriptor

static void pictures(void **state)
{
	static const struct {
		const char *what;
		struct slice bytes;
		uint32_t width, height;
		const char *grey;      /* width * height bytes */
		bool whole;
	} rows[] = {
		{ "grey, from the top", SLICE(HEAD("\0", "\3", "\0", "\0", "\2", "\2", "\x08", "\x20") "\1\2\3\4"),
		  2, 2, "\1\2\3\4", true },
		{ "grey, from the bottom", SLICE(HEAD("\0", "\3", "\0", "\0", "\2", "\2", "\x08", "\0") "\1\2\3\4"),
		  2, 2, "\3\4\1\2", true },
		{ "grey, from the right", SLICE(HEAD("\0", "\3", "\0", "\0", "\2", "\2", "\x08", "\x30") "\1\2\3\4"),
		  2, 2, "\2\1\4\3", true },
		{ "colour: blue is first", SLICE(HEAD("\0", "\2", "\0", "\0", "\3", "\1", "\x18", "\x20")
						 "\xFF\0\0" "\0\xFF\0" "\0\0\xFF"), 3, 1, "\x1D\x95\x4C", true },
		{ "alpha on white", SLICE(HEAD("\0", "\2", "\0", "\0", "\2", "\1", "\x20", "\x28")
					  "\0\0\0\0" "\0\0\0\xFF"), 2, 1, "\xFF\0", true },
		{ "alpha that is zero everywhere is none", SLICE(HEAD("\0", "\2", "\0", "\0", "\2", "\1", "\x20", "\x28")
								 "\0\0\0\0" "\xFF\xFF\xFF\0"), 2, 1, "\0\xFF", true },
		{ "a colour map", SLICE(HEAD("\1", "\1", "\2", "\x18", "\3", "\1", "\x08", "\x20")
					"\0\0\0" "\xFF\xFF\xFF" "\1\0\1"), 3, 1, "\xFF\0\xFF", true },
		{ "runs", SLICE(HEAD("\0", "\x0B", "\0", "\0", "\4", "\1", "\x08", "\x20") "\x82\7\0\x09"),
		  4, 1, "\7\7\7\x09", true },
		{ "a run past the last pixel", SLICE(HEAD("\0", "\x0B", "\0", "\0", "\2", "\1", "\x08", "\x20") "\xFF\7"),
		  2, 1, "\7\7", true },
		{ "runs that end early", SLICE(HEAD("\0", "\x0B", "\0", "\0", "\2", "\2", "\x08", "\x20") "\x81\7"),
		  2, 2, "\7\7\xFF\xFF", false },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned char grey[16];
		struct tga_head head;
		uint32_t whole_rows;

		ROW(rows[i].what, tga_look(rows[i].bytes, &head));
		ROW(rows[i].what, head.width == rows[i].width && head.height == rows[i].height);
		ROW(rows[i].what, tga_grey(rows[i].bytes, &head, grey, &whole_rows) == rows[i].whole);
		ROW(rows[i].what, memcmp(grey, rows[i].grey, (size_t)head.width * head.height) == 0);
	}
}

static void what_is_none(void **state)
{
	static const struct {
		const char *what;
		struct slice bytes;
	} rows[] = {
		{ "too short", SLICE("\0\0\2") },
		{ "a kind that is none", SLICE(HEAD("\0", "\4", "\0", "\0", "\1", "\1", "\x08", "\x20") "\1") },
		{ "no width", SLICE(HEAD("\0", "\3", "\0", "\0", "\0", "\1", "\x08", "\x20") "\1") },
		{ "pixels that are not there", SLICE(HEAD("\0", "\3", "\0", "\0", "\x7F", "\x7F", "\x08", "\x20") "\1") },
		{ "indexed without a map", SLICE(HEAD("\0", "\1", "\0", "\0", "\1", "\1", "\x08", "\x20") "\1") },
		{ "bits that are none", SLICE(HEAD("\0", "\2", "\0", "\0", "\1", "\1", "\x0C", "\x20") "\1\1\1\1") },
	};
	struct tga_head head;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		ROW(rows[i].what, !tga_look(rows[i].bytes, &head));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(pictures), cmocka_unit_test(what_is_none) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
