/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DAY_MS 86400000

static int64_t read_clock(clockid_t which)
{
	struct timespec now;

	(void)clock_gettime(which, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* How far the set clock is from the real one; 0 when it is not set. */
static int64_t shift(bool *set)
{
	static int64_t by;
	static int state;      /* 0 not asked, 1 not set, 2 set */
	int64_t wanted;

	if (state == 0) {
		const char *text = getenv("XSHEET_CLOCK");

		state = 1;
		if (text && clock_parse(slice_text(text), &wanted)) {
			by = wanted - read_clock(CLOCK_REALTIME);
			state = 2;
		}
	}
	*set = state == 2;
	return by;
}

int64_t clock_now(void)
{
	bool set;
	const int64_t by = shift(&set);

	return read_clock(CLOCK_REALTIME) + by;
}

bool clock_is_set(void)
{
	bool set;

	(void)shift(&set);
	return set;
}

int64_t clock_ticks(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

void clock_sleep(int64_t ms)
{
	struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	while (ms > 0 && nanosleep(&left, &left) < 0 && errno == EINTR)
		continue;
}

/* Days since 1970-01-01 of a civil date, and back: the well-known
 * era-of-400-years arithmetic (H. Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms"). */
static int64_t days_from_civil(int64_t year, int month, int day)
{
	int64_t era, of_era, of_year;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	of_era = year - era * 400;
	of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void civil_from_days(int64_t days, struct clock_parts *out)
{
	int64_t era, of_era, year, of_year, m;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	of_era = days - era * 146097;
	year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * year + year / 4 - year / 100);
	m = (5 * of_year + 2) / 153;
	out->day = (int)(of_year - (153 * m + 2) / 5 + 1);
	out->month = (int)(m < 10 ? m + 3 : m - 9);
	out->year = (int)(year + era * 400 + (out->month <= 2));
}

bool clock_civil(int year, int month, int day, int hour, int minute, int second, int64_t *out)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int length;

	if (year < 1 || year > 9999 || month < 1 || month > 12)
		return false;
	length = lengths[month - 1];
	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		length = 29;
	if (day < 1 || day > length || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
	    second < 0 || second > 60)
		return false;
	*out = (days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second) *
	       1000;
	return true;
}

struct clock_parts clock_parts(int64_t time, int offset_min)
{
	struct clock_parts parts = { 0 };
	int64_t days, rest;

	time += (int64_t)offset_min * 60000;
	days = time / DAY_MS - (time % DAY_MS < 0);
	rest = (time - days * DAY_MS) / 1000;
	civil_from_days(days, &parts);
	parts.hour = (int)(rest / 3600);
	parts.minute = (int)(rest / 60 % 60);
	parts.second = (int)(rest % 60);
	parts.weekday = (int)(((days + 3) % 7 + 7) % 7);
	return parts;
}

void clock_text(int64_t time, char out[CLOCK_TEXT])
{
	struct clock_parts p;
	const int ms = (int)((time % 1000 + 1000) % 1000);

	out[0] = '\0';
	if (time == CLOCK_NONE)
		return;
	p = clock_parts(time, 0);
	if (ms)
		(void)snprintf(out, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", p.year,
			       p.month, p.day, p.hour, p.minute, p.second, ms);
	else
		(void)snprintf(out, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ", p.year, p.month,
			       p.day, p.hour, p.minute, p.second);
}

void clock_day(int64_t time, char out[CLOCK_TEXT])
{
	const struct clock_parts p = clock_parts(time == CLOCK_NONE ? 0 : time, 0);

	(void)snprintf(out, CLOCK_TEXT, "%04d-%02d-%02d", p.year, p.month, p.day);
	if (time == CLOCK_NONE)
		out[0] = '\0';
}

static bool digits(struct slice *s, size_t n, int *out)
{
	uint64_t value;

	if (s->n < n || !slice_u64(slice_head(*s, n), &value))
		return false;
	*out = (int)value;
	*s = slice_skip(*s, n);
	return true;
}

static bool skip(struct slice *s, const char *any)
{
	if (s->n == 0 || !s->p[0] || !strchr(any, s->p[0]))
		return false;
	*s = slice_skip(*s, 1);
	return true;
}

bool clock_parse(struct slice s, int64_t *out)
{
	int year, month, day, hour = 0, minute = 0, second = 0, ms = 0, zone_h, zone_m;
	int64_t time, offset = 0;

	if (!digits(&s, 4, &year) || !skip(&s, "-") || !digits(&s, 2, &month) || !skip(&s, "-") ||
	    !digits(&s, 2, &day))
		return false;
	if (s.n) {
		if (!skip(&s, "Tt ") || !digits(&s, 2, &hour) || !skip(&s, ":") ||
		    !digits(&s, 2, &minute) || !skip(&s, ":") || !digits(&s, 2, &second))
			return false;
		if (skip(&s, ".")) {
			int scale = 100, digit;

			for (; digits(&s, 1, &digit); scale /= 10)
				ms += digit * scale;
		}
		if (s.n && (s.p[0] == '+' || s.p[0] == '-')) {
			const int sign = s.p[0] == '-' ? -1 : 1;

			s = slice_skip(s, 1);
			if (!digits(&s, 2, &zone_h) || !skip(&s, ":") || !digits(&s, 2, &zone_m))
				return false;
			offset = sign * (zone_h * 60 + zone_m);
		} else if (!skip(&s, "Zz")) {
			return false;
		}
	}
	if (s.n || !clock_civil(year, month, day, hour, minute, second, &time))
		return false;
	*out = time + ms - offset * 60000;
	return true;
}
