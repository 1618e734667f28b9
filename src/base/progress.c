/* SPDX-License-Identifier: Apache-2.0 */
#include "base/progress.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

#define BAR_MS 100          /* redrawn at most this often */
#define LINE_MS 5000        /* without a terminal, a line at most this often */
#define BAR_WIDTH 24

struct progress {
	FILE *out;
	enum progress_style style;
	char stage[64];
	uint64_t done, total;
	int64_t began, shown;
	bool colour, open;
};

struct progress *progress_new(FILE *out, enum progress_style style)
{
	struct progress *p = calloc(1, sizeof *p);

	if (!p)
		return NULL;
	p->out = out;
	p->style = style;
	p->colour = progress_colour(out);
	return p;
}

void progress_free(struct progress *p)
{
	free(p);
}

static bool set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

enum progress_style progress_style_for(FILE *out, bool quiet)
{
	const char *term = getenv("TERM");

	if (quiet)
		return PROGRESS_NONE;
	if (isatty(fileno(out)) && term && strcmp(term, "dumb") != 0)
		return PROGRESS_BAR;
	return PROGRESS_LINES;
}

bool progress_colour(FILE *out)
{
	return !set("NO_COLOR") && progress_style_for(out, false) == PROGRESS_BAR;
}

static void duration(int64_t ms, char out[32])
{
	const int64_t s = ms / 1000;

	if (s >= 3600)
		(void)snprintf(out, 32, "%" PRId64 "h%02" PRId64 "m", s / 3600, s / 60 % 60);
	else if (s >= 60)
		(void)snprintf(out, 32, "%" PRId64 "m%02" PRId64 "s", s / 60, s % 60);
	else
		(void)snprintf(out, 32, "%" PRId64 "s", s);
}

/* "120/400, 14s left" in whatever words are known. */
static void counts(const struct progress *p, int64_t now, char out[128])
{
	const int64_t spent = now - p->began;
	char left[32];
	int n;

	if (!p->total) {
		(void)snprintf(out, 128, "%" PRIu64, p->done);
		return;
	}
	n = snprintf(out, 128, "%" PRIu64 "/%" PRIu64, p->done, p->total);
	if (spent > 2000 && p->done && p->done < p->total) {
		duration((int64_t)((double)spent / (double)p->done * (double)(p->total - p->done)),
			 left);
		(void)snprintf(out + n, 128 - (size_t)n, ", %s left", left);
	}
}

static void draw_bar(const struct progress *p, int64_t now, struct slice what)
{
	char bar[BAR_WIDTH + 1], tally[128], name[48];
	const uint64_t full =
		p->total ? (p->done >= p->total ? BAR_WIDTH : p->done * BAR_WIDTH / p->total) : 0;

	for (size_t i = 0; i < BAR_WIDTH; i++)
		bar[i] = i < full ? '#' : '.';
	bar[BAR_WIDTH] = '\0';
	counts(p, now, tally);
	text_neutral(what, name, sizeof name);
	(void)fprintf(p->out, "\r\033[K%s%-10s%s [%s] %s  %s", p->colour ? "\033[1m" : "", p->stage,
		      p->colour ? "\033[0m" : "", bar, tally, name);
	(void)fflush(p->out);
}

static void show(struct progress *p, struct slice what)
{
	const int64_t now = clock_ticks();
	char tally[128];

	if (p->style == PROGRESS_BAR && now - p->shown >= BAR_MS) {
		draw_bar(p, now, what);
		p->shown = now;
	}
	if (p->style == PROGRESS_LINES && now - p->shown >= LINE_MS) {
		counts(p, now, tally);
		(void)fprintf(p->out, "%s: %s\n", p->stage, tally);
		(void)fflush(p->out);
		p->shown = now;
	}
}

void progress_begin(struct progress *p, const char *stage, uint64_t total)
{
	if (!p)
		return;
	(void)snprintf(p->stage, sizeof p->stage, "%s", stage);
	p->done = 0;
	p->total = total;
	p->began = clock_ticks();
	p->shown = p->style == PROGRESS_LINES ? p->began : 0;
	p->open = true;
	show(p, (struct slice){ 0 });
}

void progress_step(struct progress *p, uint64_t n, struct slice what)
{
	if (!p || !p->open)
		return;
	p->done += n;
	show(p, what);
}

void progress_more(struct progress *p, uint64_t n)
{
	if (p)
		p->total += n;
}

void progress_end(struct progress *p, const char *sum)
{
	char spent[32];

	if (!p || !p->open)
		return;
	p->open = false;
	if (p->style == PROGRESS_NONE)
		return;
	duration(clock_ticks() - p->began, spent);
	if (p->style == PROGRESS_BAR)
		(void)fputs("\r\033[K", p->out);
	if (sum)
		(void)fprintf(p->out, "%s: %s (%s)\n", p->stage, sum, spent);
	else
		(void)fprintf(p->out, "%s: %" PRIu64 " (%s)\n", p->stage, p->done, spent);
	(void)fflush(p->out);
}
