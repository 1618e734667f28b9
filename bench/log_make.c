/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log-make BYTES SEED: a combined log of about that size on standard output,
 * and what is in it, as JSON, on standard error.  Same words, same bytes.
 * Addresses follow a Zipf-like law, about eight thousand of them a hundred
 * megabytes; one line in about two hundred belongs to a login.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static uint64_t state;

static uint32_t dice(uint32_t n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % n;
}

/* Few are many, many are few. */
static uint32_t who(uint32_t people)
{
	uint32_t n = dice(people) + 1;

	for (int i = 0; i < 2; i++)
		n = dice(n) + 1;
	return n;
}

static void line(uint32_t client, uint32_t agent, int64_t time, const char *method, const char *path, int status,
		 uint32_t size)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	const struct clock_parts p = clock_parts(time, 540);

	(void)printf("%u.%u.%u.%u - - [%02d/%s/%d:%02d:%02d:%02d +0900] \"%s %s HTTP/1.1\" %d %u \"https://files.example.org/w/%u\" "
		     "\"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%u.0.0.0 Safari/537.36\"\n",
		     23 + client % 150, client / 7 % 251, client / 3 % 241, client % 253 + 1, p.day, months[p.month - 1], p.year,
		     p.hour, p.minute, p.second, method, path, status, size, client % 97, 90 + agent % 40);
}

int main(int argc, char **argv)
{
	static const int statuses[] = { 200, 200, 200, 200, 200, 304, 404, 301, 206, 403 };
	static char out[1 << 20];
	int64_t time = 1704672000000;        /* 2024-01-08 */
	uint64_t bytes, lines = 0, logins = 0, failed = 0;
	char path[96];
	uint32_t people;

	if (argc != 3) {
		(void)fputs("usage: log-make BYTES SEED\n", stderr);
		return 2;
	}
	bytes = strtoull(argv[1], NULL, 10);
	state = strtoull(argv[2], NULL, 10);
	people = (uint32_t)(bytes / 8000) + 10;
	(void)setvbuf(stdout, out, _IOFBF, sizeof out);
	/* About 255 bytes a line. */
	while (lines * 255 < bytes) {
		const uint32_t client = who(people), agent = client / 2;

		time += dice(60);
		if (dice(600) == 0) {
			/* The pages of others never come between: one client, one second. */
			line(client, agent, time, "POST", "/login", 401, 179);
			line(client, agent, time, "POST", "/login", 302, 138);
			line(client, agent, time, "GET", "/files/", 200, 1900);
			lines += 3;
			logins++;
			failed++;
			continue;
		}
		(void)snprintf(path, sizeof path, "/files/series/ep%02u/cut%03u/A%04u.tga?v=%u", dice(30), dice(400), dice(2000), dice(9));
		line(client, agent, time, "GET", path, statuses[dice(10)], dice(2000000));
		lines++;
	}
	(void)fflush(stdout);
	(void)fprintf(stderr, "{\"lines\": %" PRIu64 ", \"logins\": %" PRIu64 ", \"failed\": %" PRIu64 "}\n", lines, logins, failed);
	return ferror(stdout) ? 1 : 0;
}
