/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "intel/intel.h"

static void addresses_are_read_and_written(void **unused)
{
	const struct {
		const char *what, *in, *out;     /* out NULL: refused */
	} rows[] = {
		{ "IPv4", "192.0.2.1", "192.0.2.1" },
		{ "IPv4, highest", "255.255.255.255", "255.255.255.255" },
		{ "a part above 255", "256.1.1.1", NULL },
		{ "three parts", "1.2.3", NULL },
		{ "five parts", "1.2.3.4.5", NULL },
		{ "a leading zero, which some read as octal", "010.1.1.1", NULL },
		{ "something behind it", "1.2.3.4 ", NULL },
		{ "nothing", "", NULL },
		{ "a host's name", "monitoring-server", NULL },
		{ "IPv6, shortened", "2001:0DB8:0:0::1", "2001:db8::1" },
		{ "only the first of two equal gaps is shortened", "2001:0:0:1:1:0:0:1", "2001::1:1:0:0:1" },
		{ "one zero group stays", "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "the loopback", "::1", "::1" },
		{ "all zero", "::", "::" },
		{ "a gap at the end", "fe80::", "fe80::" },
		{ "IPv4 written as IPv6 is IPv4", "::ffff:192.0.2.7", "192.0.2.7" },
		{ "IPv4 in the last two groups", "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
		{ "a zone is dropped", "fe80::1%eth0", "fe80::1" },
		{ "an empty zone", "fe80::1%", NULL },
		{ "two gaps", "1::2::3", NULL },
		{ "nine groups", "1:2:3:4:5:6:7:8:9", NULL },
		{ "eight groups and a gap", "1:2:3:4:5:6:7::8", NULL },
		{ "seven groups and a gap", "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
		{ "eight groups, a gap and more", "1:2:3:4:5:6:7:8::9:a:b", NULL },
		{ "eight groups and a gap at the end", "1:2:3:4:5:6:7:8::", NULL },
		{ "a colon too many", "1:2:3:4:5:6:7:8:", NULL },
		{ "a group of five digits", "12345::", NULL },
		{ "three colons", ":::", NULL },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct address a;
		char text[ADDRESS_TEXT];

		if (!rows[i].out) {
			ROW(rows[i].what, !address_parse(slice_text(rows[i].in), &a));
			continue;
		}
		ROW(rows[i].what, address_parse(slice_text(rows[i].in), &a));
		address_text(&a, text);
		if (strcmp(text, rows[i].out) != 0)
			fail_msg("%s: %s instead of %s", rows[i].what, text, rows[i].out);
	}
}

static void private_addresses_are_private(void **unused)
{
	static const char *const in[] = { "10.1.2.3", "127.0.0.1", "172.31.0.1", "192.168.1.1", "169.254.0.1",
					  "100.64.0.1", "224.0.0.1", "255.255.255.255", "0.0.0.0", "192.0.2.1",
					  "::1", "fe80::1", "fd00::1", "ff02::1", "2001:db8::1", "::" };
	static const char *const out[] = { "172.32.0.1", "11.0.0.1", "175.45.176.1", "8.8.8.8", "2001:200::1",
					   "100.128.0.1", "2001:db9::1" };
	struct address a;

	(void)unused;
	for (size_t i = 0; i < sizeof in / sizeof in[0]; i++)
		ROW(in[i], address_parse(slice_text(in[i]), &a) && address_is_private(&a));
	for (size_t i = 0; i < sizeof out / sizeof out[0]; i++)
		ROW(out[i], address_parse(slice_text(out[i]), &a) && !address_is_private(&a));
}

static void ranges_are_read(void **unused)
{
	struct address first, last;
	const char *why;
	char text[ADDRESS_TEXT];

	(void)unused;
	assert_true(address_range(SLICE("175.45.176.0/22"), &first, &last, &why));
	address_text(&last, text);
	assert_string_equal(text, "175.45.179.255");
	assert_true(address_range(SLICE("2001:db8::/32"), &first, &last, &why));
	address_text(&last, text);
	assert_string_equal(text, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff");
	assert_true(address_range(SLICE("0.0.0.0/0"), &first, &last, &why));
	assert_true(address_is_v4(&first) && address_is_v4(&last));
	assert_true(address_range(SLICE("::/0"), &first, &last, &why) && last.high == UINT64_MAX);
	assert_true(address_range(SLICE("10.0.0.1"), &first, &last, &why) && address_compare(&first, &last) == 0);
	assert_false(address_range(SLICE("175.45.177.0/22"), &first, &last, &why));
	assert_string_equal(why, "bits are set behind the prefix");
	assert_false(address_range(SLICE("1.2.3.4/33"), &first, &last, &why));
	assert_string_equal(why, "no prefix length");
	assert_false(address_range(SLICE("x/8"), &first, &last, &why));
	assert_string_equal(why, "no address");
}

static void broken_lists_name_file_and_line(void **unused)
{
	const struct {
		const char *what;
		struct slice text;
		const char *says;
	} rows[] = {
		{ "a word for a range", SLICE("cidr,label,kind,source,date\nnowhere,A,vpn-brand,s,2024-01-01\n"), "'l.csv' line 2: no address" },
		{ "too few fields", SLICE("1.0.0.0/8,A\n"), "'l.csv' line 1: too few fields" },
		{ "a kind nobody knows", SLICE("1.0.0.0/8,A,vpnish,s,2024-01-01\n"), "line 1: no kind that is known" },
		{ "no label", SLICE("1.0.0.0/8,,vpn-brand,s,2024-01-01\n"), "line 1: no label" },
		{ "a day that is none", SLICE("1.0.0.0/8,A,vpn-brand,s,2024-02-30\n"), "line 1: no date" },
		{ "an open quote", SLICE("1.0.0.0/8,\"A,vpn-brand,s,2024-01-01\n"), "line 1: a quote is not closed" },
		{ "host bits", SLICE("1.0.0.1/8,A,vpn-brand,s,2024-01-01\n"), "line 1: bits are set" },
		{ "nothing at all", SLICE("# only a comment\n"), "names no range" },
	};
	uint64_t n;

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err err = { 0 };

		ROW(rows[i].what, intel_list_check(rows[i].text, "l.csv", &n, &err) < 0);
		if (!strstr(err.text, rows[i].says))
			fail_msg("%s: %s", rows[i].what, err.text);
	}
	assert_int_equal(intel_list_check(SLICE("cidr,label,kind,source,date\r\n1.0.0.0/8,\"A, B\",tor-exit,s,2024-01-01\r\n2001:db8::1,A,x-range,,\n"),
					  "l.csv", &n, NULL), 0);
	assert_int_equal(n, 2);
}

static struct intel *small(const char *list)
{
	static char tables[4096], profiles[4096], path[4500];
	const char *root = getenv("XSHEET_SOURCE_ROOT"), *lists[1] = { path };
	struct intel *intel = NULL;
	struct err err = { 0 };

	(void)snprintf(tables, sizeof tables, "%s/test/golden/logs/tables", root);
	(void)snprintf(profiles, sizeof profiles, "%s/profiles", root);
	(void)snprintf(path, sizeof path, "%s/%s", tables, list ? list : "");
	if (intel_open(&(struct intel_options){ tables, profiles, lists, list ? 1 : 0 }, &intel, &err) < 0)
		fail_msg("%s", err.text);
	return intel;
}

static struct intel_answer look(const struct intel *intel, const char *text, int64_t time)
{
	struct intel_answer answer;
	struct address a;

	assert_true(address_parse(slice_text(text), &a));
	intel_look(intel, &a, time, &answer);
	return answer;
}

static void what_is_known_of_an_address(void **unused)
{
	const struct {
		const char *what, *address, *country, *class, *label;
		uint32_t asn;
		bool anonymous;
	} rows[] = {
		{ "a brand's exit beats the hosting it stands in", "45.32.12.9", "JP", "vpn-brand", "Sablefin VPN", 20473, true },
		{ "hosting is never a VPN", "45.32.13.9", "US", "hosting", "The Constant Company, LLC", 20473, false },
		{ "behind a range within a range the outer one counts again", "45.32.255.255", "US", "hosting", "The Constant Company, LLC", 20473, false },
		{ "nothing names it", "59.44.1.1", "CN", "unlisted", "", 4134, false },
		{ "IPv6", "2a01:4f8::1", "DE", "hosting", "Hetzner Online GmbH", 24940, false },
		{ "mapped IPv4", "::ffff:80.58.1.1", "ES", "unlisted", "", 3352, false },
		{ "private", "192.168.1.1", "", "private", "", 0, false },
		{ "outside all tables", "9.9.9.9", "", "unlisted", "", 0, false },
		{ "the last of a range", "175.45.179.255", "KP", "unlisted", "", 131279, false },
		{ "behind it", "175.45.180.0", "", "unlisted", "", 0, false },
	};
	struct intel *intel = small("exits.csv");
	struct intel_answer a;
	int64_t then = 0, now = 0;

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		a = look(intel, rows[i].address, CLOCK_NONE);
		ROW(rows[i].what, strcmp(a.country, rows[i].country) == 0);
		ROW(rows[i].what, strcmp(a.class, rows[i].class) == 0);
		ROW(rows[i].what, strcmp(a.label, rows[i].label) == 0);
		ROW(rows[i].what, a.asn == rows[i].asn && a.anonymous == rows[i].anonymous);
	}
	a = look(intel, "45.32.12.9", CLOCK_NONE);
	assert_int_equal(a.hits_n, 2);
	assert_string_equal(a.hits[0].source->name, "exits.csv");
	assert_string_equal(a.hits[1].range, "AS20473");
	a = look(intel, "175.45.176.1", CLOCK_NONE);
	assert_true(strlen(a.mark) > 0);
	/* Ranges count while they were in force. */
	assert_true(clock_parse(SLICE("2017-06-01"), &then) && clock_parse(SLICE("2024-06-01"), &now));
	assert_true(strlen(look(intel, "210.52.109.1", then).mark) > 0);
	assert_string_equal(look(intel, "210.52.109.1", now).mark, "");
	assert_string_equal(intel_country(intel, "ES"), "Spain");
	assert_string_equal(intel_country(intel, "XX"), "XX");
	assert_string_equal(intel_source(intel, 1)->version, "1.0.2024011500");
	intel_close(intel);
}

static void a_quoted_name_ends_where_it_ends(void **unused)
{
	struct intel *intel = small(NULL);
	const struct intel_answer a = look(intel, "203.0.112.1", CLOCK_NONE);

	(void)unused;
	assert_true(slice_is(a.network, "An \"odd\" name"));
	assert_true(slice_is(look(intel, "203.0.111.9", CLOCK_NONE).network, "\"Cloud\" of \"A\""));
	assert_true(slice_is(look(intel, "45.32.13.1", CLOCK_NONE).network, "The Constant Company, LLC"));
	intel_close(intel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_read_and_written),
		cmocka_unit_test(private_addresses_are_private),
		cmocka_unit_test(ranges_are_read),
		cmocka_unit_test(broken_lists_name_file_and_line),
		cmocka_unit_test(what_is_known_of_an_address),
		cmocka_unit_test(a_quoted_name_ends_where_it_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
