/* SPDX-License-Identifier: Apache-2.0 */
#include "logs/internal.h"
#include "scan/scan.h"

bool field_quoted(struct slice *rest, struct slice *value)
{
	const struct scan_flavour *scan = scan_best();
	size_t i = 1;

	if (rest->n < 2 || rest->p[0] != '"')
		return false;
	while (i < rest->n) {
		i += scan->find2(slice_skip(*rest, i), '"', '\\');
		if (i >= rest->n)
			return false;
		if (rest->p[i] == '"') {
			*value = slice_of(rest->p + 1, i - 1);
			*rest = slice_skip(*rest, i + 1);
			return true;
		}
		i += 2;
	}
	return false;
}

static int digits(const char *p, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		value = value * 10 + (p[i] - '0');
	}
	return value;
}

static int month_of(const char *p)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (memcmp(p, names + 3 * i, 3) == 0)
			return i + 1;
	return 0;
}

bool field_clf_time(struct slice text, int64_t *out)
{
	const char *p = text.p;
	int day, year, hour, minute, second, zone_h, zone_m, month;
	int64_t time;

	if (text.n != 26 || p[2] != '/' || p[6] != '/' || p[11] != ':' || p[14] != ':' ||
	    p[17] != ':' || p[20] != ' ' || (p[21] != '+' && p[21] != '-'))
		return false;
	day = digits(p, 2);
	month = month_of(p + 3);
	year = digits(p + 7, 4);
	hour = digits(p + 12, 2);
	minute = digits(p + 15, 2);
	second = digits(p + 18, 2);
	zone_h = digits(p + 22, 2);
	zone_m = digits(p + 24, 2);
	if (day < 0 || !month || year < 0 || hour < 0 || minute < 0 || second < 0 || zone_h < 0 ||
	    zone_h > 15 || zone_m < 0 || zone_m > 59)
		return false;
	/* A leap second is the next one. */
	if (!clock_civil(year, month, day, hour, minute, second == 60 ? 59 : second, &time))
		return false;
	if (second == 60)
		time += 1000;
	*out = time - (p[21] == '-' ? -1 : 1) * (int64_t)(zone_h * 60 + zone_m) * 60000;
	return true;
}

int field_plain(struct buf *b, struct slice raw)
{
	for (size_t i = 0; i < raw.n; i++) {
		const char c = raw.p[i];
		const char next = i + 1 < raw.n ? raw.p[i + 1] : '\0';

		if (c != '\\' || i + 1 == raw.n) {
			(void)buf_char(b, c);
		} else if (next == 'x' && i + 3 < raw.n && hex_digit(raw.p[i + 2]) >= 0 &&
			   hex_digit(raw.p[i + 3]) >= 0) {
			(void)buf_char(b, (char)(hex_digit(raw.p[i + 2]) << 4 | hex_digit(raw.p[i + 3])));
			i += 3;
		} else {
			(void)buf_char(b, next == 'n' ? '\n' : next == 't' ? '\t' :
					  next == 'r' ? '\r' : next);
			i++;
		}
	}
	return buf_broken(b);
}
