/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock - what time it is, and how times are written
 *
 * Times are milliseconds since 1970-01-01T00:00:00Z, in UTC, in an int64_t;
 * CLOCK_NONE is "not known".
 *
 * XSHEET_CLOCK=2024-01-08T18:00:00Z in the environment sets the clock: it
 * then runs on from that moment.  It is for tests and demonstrations; a case
 * records that its clock was set (clock_is_set()), and reports say so.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/slice.h"

#define CLOCK_NONE INT64_MIN
#define CLOCK_TEXT 32

int64_t clock_now(void);
bool clock_is_set(void);

/* Milliseconds that only go forward; for measuring and waiting. */
int64_t clock_ticks(void);
void clock_sleep(int64_t ms);

/* "2024-01-08T18:00:00Z"; with milliseconds when they are not 0.
 * CLOCK_NONE gives "". */
void clock_text(int64_t time, char out[CLOCK_TEXT]);
/* "2024-01-08", in UTC. */
void clock_day(int64_t time, char out[CLOCK_TEXT]);

/* RFC 3339 ("2024-01-08T18:00:00Z", "...+09:00", a blank for the T), or a
 * day alone.  False if it is none. */
bool clock_parse(struct slice text, int64_t *out);

/* From a civil date in UTC (month 1-12); false when there is no such date. */
bool clock_civil(int year, int month, int day, int hour, int minute, int second, int64_t *out);

/* The parts of a time in UTC plus `offset_min` minutes; weekday 0 is Monday. */
struct clock_parts {
	int year, month, day, hour, minute, second, weekday;
};
struct clock_parts clock_parts(int64_t time, int offset_min);

#endif
