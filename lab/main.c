/* SPDX-License-Identifier: Apache-2.0 */
/* xsheet-lab: makes a synthetic exposed server, and serves it. */
#include "lab.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char usage_text[] =
	"usage: xsheet-lab make --days N --seed S [--control] [--start YYYY-MM-DD] DIR\n"
	"       xsheet-lab serve --day NN --port P [--server nginx|apache] DIR\n"
	"       xsheet-lab stop DIR\n"
	"\n"
	"make   writes a synthetic exposed server, its logs and the truth about it:\n"
	"         DIR/days/NN/    the web root on the evening of day NN\n"
	"         DIR/logs/NN/    access.log and its rotated elders on that evening\n"
	"         DIR/intel/      vpn-exits.csv, the list the VPN exits come from\n"
	"         DIR/titles.tsv  a catalogue of productions\n"
	"         DIR/truth.json  all that is true about it\n"
	"       --control makes an innocent studio's server instead.\n"
	"       --start is the first day (2024-01-08, a Monday).\n"
	"serve  puts day NN behind a real web server at http://127.0.0.1:P/files/ and\n"
	"       returns once it answers; for another day of a running server it\n"
	"       switches the tree.\n"
	"stop   ends that server.\n";

/* ---- the calendar ---- */

struct holiday {
	int year, month, day;           /* year 0: every year */
};

static const struct holiday worker_holidays[] = {
	{ 0, 1, 1 }, { 2024, 2, 10 }, { 0, 2, 16 }, { 2024, 2, 24 }, { 0, 3, 8 }, { 0, 4, 15 }, { 0, 4, 25 }, { 0, 5, 1 },
	{ 0, 6, 6 }, { 0, 7, 27 }, { 0, 8, 15 }, { 0, 8, 25 }, { 0, 9, 9 }, { 2024, 9, 17 }, { 0, 10, 10 }, { 0, 12, 27 }, { 0, 0, 0 },
};
static const struct holiday office_holidays[] = {
	{ 0, 1, 1 }, { 2024, 2, 10 }, { 2024, 2, 11 }, { 2024, 2, 12 }, { 2024, 2, 13 }, { 2024, 2, 14 }, { 2024, 2, 15 },
	{ 2024, 2, 16 }, { 2024, 2, 17 }, { 2024, 4, 4 }, { 0, 5, 1 }, { 0, 5, 2 }, { 0, 5, 3 }, { 0, 10, 1 }, { 0, 10, 2 },
	{ 0, 10, 3 }, { 0, 0, 0 },
};
static const struct holiday control_holidays[] = {
	{ 0, 1, 1 }, { 2024, 2, 9 }, { 2024, 2, 12 }, { 0, 3, 1 }, { 0, 5, 5 }, { 0, 6, 6 }, { 0, 8, 15 }, { 0, 10, 3 },
	{ 0, 10, 9 }, { 0, 12, 25 }, { 0, 0, 0 },
};

static bool is_holiday(const struct holiday *list, const struct tm *tm)
{
	for (; list->month != 0; list++)
		if ((list->year == 0 || list->year == tm->tm_year + 1900) && list->month == tm->tm_mon + 1 &&
		    list->day == tm->tm_mday)
			return true;
	return false;
}

static void calendar(struct lab *lab)
{
	struct tm first = { 0 };
	const char *end = strptime(lab->start, "%Y-%m-%d", &first);
	time_t midnight_utc;

	if (end == NULL || *end != '\0')
		fatal("'%s' is not a date like 2024-01-08", lab->start);
	midnight_utc = timegm(&first);
	lab->days = keep(((size_t)lab->days_count + 1) * sizeof *lab->days);
	for (int i = 1; i <= lab->days_count; i++) {
		struct day *d = &lab->days[i];
		time_t noon = midnight_utc + (i - 1) * 86400 + 43200;
		struct tm tm;

		gmtime_r(&noon, &tm);
		d->number = i;
		d->weekday = tm.tm_wday;
		d->midnight = noon - 43200 - 32400;
		strftime(d->date, sizeof d->date, "%Y-%m-%d", &tm);
		d->workers_rest = tm.tm_wday == 0 || is_holiday(worker_holidays, &tm);
		d->office_rest = lab->control ? tm.tm_wday == 0 || tm.tm_wday == 6 || is_holiday(control_holidays, &tm)
					      : is_holiday(office_holidays, &tm);
	}
}

/* ---- commands ---- */

static void must_be_empty(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *d;

	if (dir == NULL && errno == ENOENT)
		return;
	if (dir == NULL)
		fatal("cannot use '%s': %s", path, strerror(errno));
	while ((d = readdir(dir)) != NULL)
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			fatal("'%s' is not empty: give a new folder, or remove it first", path);
	closedir(dir);
}

static long number(const char *what, const char *text, long low, long high)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0 || n < low || n > high)
		fatal("%s must be a number from %ld to %ld, not '%s'", what, low, high, text);
	return n;
}

static int misused(void)
{
	fputs(usage_text, stderr);
	return 2;
}

static int cmd_make(int argc, char **argv)
{
	static const struct option options[] = {
		{ "days", required_argument, NULL, 'd' }, { "seed", required_argument, NULL, 's' },
		{ "control", no_argument, NULL, 'c' }, { "start", required_argument, NULL, 't' }, { 0 },
	};
	struct lab lab = { .start = "2024-01-08", .days_count = 7, .seed = 1 };
	int o;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (o) {
		case 'd': lab.days_count = (int)number("--days", optarg, 1, 99); break;
		case 's': lab.seed = (uint64_t)number("--seed", optarg, 0, 1000000000); break;
		case 'c': lab.control = true; break;
		case 't': lab.start = optarg; break;
		default: return misused();
		}
	}
	if (argc - optind != 1)
		return misused();
	lab.dir = argv[optind];
	must_be_empty(lab.dir);
	calendar(&lab);
	picture_check_fonts();
	make_dirs(keepf("%s/intel", lab.dir));
	tree_make(&lab);
	accesslog_write(&lab);
	titles_write(&lab);
	intel_write(&lab);
	truth_write(&lab);
	printf("%s: %d days, %zu files, %zu instruction pairs, %zu logins (synthetic)\n", lab.dir, lab.days_count,
	       lab.entries_count, lab.pairs_count, lab.logins_count);
	picture_done();
	return 0;
}

static int cmd_serve(int argc, char **argv)
{
	static const struct option options[] = {
		{ "day", required_argument, NULL, 'd' }, { "port", required_argument, NULL, 'p' },
		{ "server", required_argument, NULL, 's' }, { 0 },
	};
	const char *server = "nginx";
	int day = 0, port = 0, o;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (o) {
		case 'd': day = (int)number("--day", optarg, 1, 99); break;
		case 'p': port = (int)number("--port", optarg, 1024, 65535); break;
		case 's': server = optarg; break;
		default: return misused();
		}
	}
	if (argc - optind != 1 || day == 0 || port == 0)
		return misused();
	return serve_start(argv[optind], day, port, server);
}

int main(int argc, char **argv)
{
	int r;

	setenv("TZ", "UTC", 1);         /* ZIP keeps local time; ours is nobody's */
	umask(022);
	if (argc < 2)
		return misused();
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			fputs(usage_text, stdout);
			return 0;
		}
	}
	if (strcmp(argv[1], "make") == 0)
		r = cmd_make(argc - 1, argv + 1);
	else if (strcmp(argv[1], "serve") == 0)
		r = cmd_serve(argc - 1, argv + 1);
	else if (strcmp(argv[1], "stop") == 0 && argc == 3)
		r = serve_stop(argv[2]);
	else
		r = misused();
	keep_done();
	return r;
}
