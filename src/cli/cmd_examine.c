/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>

#include "base/scoped.h"
#include "casefile/casefile.h"
#include "cli/command.h"
#include "examine/examine.h"

#define SHOWN 12      /* reasons and languages on a terminal */

static volatile sig_atomic_t stop;

static void on_interrupt(int number)
{
	(void)number;
	stop = 1;
}

static void print_counts(FILE *out, const char *title, const struct examine_count *list, size_t n)
{
	if (n)
		(void)fprintf(out, "\n%s\n", title);
	for (size_t i = 0; i < n && i < SHOWN; i++)
		(void)fprintf(out, "  %8" PRIu64 "  %s\n", list[i].n, list[i].name);
	if (n > SHOWN)
		(void)fprintf(out, "            and %zu more\n", n - SHOWN);
}

static void print_tally(FILE *out, const struct examine_tally *t)
{
	(void)fprintf(out, "objects examined now       %8" PRIu64 "\n", t->examined);
	(void)fprintf(out, "objects examined in all    %8" PRIu64 "\n", t->objects);
	(void)fprintf(out, "  read                     %8" PRIu64 "\n", t->ok);
	(void)fprintf(out, "  read in part             %8" PRIu64 "\n", t->partial);
	(void)fprintf(out, "  not read                 %8" PRIu64 "\n", t->unread);
	(void)fprintf(out, "  ended by the sandbox     %8" PRIu64 "\n", t->failed);
	(void)fprintf(out, "lines of text              %8" PRIu64 "\n", t->texts);
	(void)fprintf(out, "lines read in pictures     %8" PRIu64 "\n", t->picture_lines);
	(void)fprintf(out, "pictures with text         %8" PRIu64 "\n", t->pictures_with_text);
	(void)fprintf(out, "pairs in two languages     %8" PRIu64 "\n", t->pairs);
	print_counts(out, "lines by language", t->language, t->languages);
	print_counts(out, "objects not read or only in part", t->why, t->whys);
	if (t->missing[0])
		(void)fprintf(out, "\nnote: %s\n", t->missing);
}

static json_t *counts_json(const struct examine_count *list, size_t n)
{
	json_t *object = json_object();

	for (size_t i = 0; i < n; i++)
		(void)json_object_set_new(object, list[i].name, json_integer((json_int_t)list[i].n));
	return object;
}

static int print_json(FILE *out, const struct examine_tally *t, struct err *err)
{
	json_t *all = json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:s}",
				"examined", (json_int_t)t->examined, "objects", (json_int_t)t->objects,
				"ok", (json_int_t)t->ok, "partial", (json_int_t)t->partial,
				"not_read", (json_int_t)t->unread, "ended", (json_int_t)t->failed,
				"text_lines", (json_int_t)t->texts,
				"picture_lines", (json_int_t)t->picture_lines,
				"pictures_with_text", (json_int_t)t->pictures_with_text,
				"pairs", (json_int_t)t->pairs,
				"languages", counts_json(t->language, t->languages),
				"why", counts_json(t->why, t->whys), "missing", t->missing);

	if (!all || json_dumpf(all, out, JSON_INDENT(2)) != 0) {
		json_decref(all);
		return err_set(err, ERR_FAILED, "cannot write the result");
	}
	json_decref(all);
	(void)fputc('\n', out);
	return 0;
}

static int run(int argc, char **argv, struct session *session, struct err *err)
{
	scoped(casefile_close) struct casefile *cf = NULL;
	struct examine_options examine = { .tool = XSHEET_TOOL, .stop = &stop };
	struct examine_tally tally;
	struct sigaction interrupt = { .sa_handler = on_interrupt };
	uint64_t jobs = 0;
	bool helped;
	const struct option_def options[] = {
		{ OPTION_NUMBER, "jobs", "N", "examine N files at once (as many as there are processors)", &jobs },
		{ OPTION_FLAG, "again", NULL, "examine every object anew; earlier findings are kept, but replaced", &examine.again },
		{ 0 },
	};
	int r = options_read(argc, argv, options, session, &helped, err);

	if (r < 0 || helped)
		return r;
	if (r != 1)
		return err_set(err, ERR_USAGE, "give one case");
	if (jobs > 64)
		return err_set(err, ERR_USAGE, "--jobs is at most 64");
	examine.jobs = (unsigned)jobs;
	r = casefile_open(argv[0], CASEFILE_WRITE, &cf, err);
	if (r < 0)
		return r;
	/* Once: the second time it ends at once, and loses only what is in flight. */
	interrupt.sa_flags = (int)SA_RESETHAND;
	(void)sigaction(SIGINT, &interrupt, NULL);
	(void)sigaction(SIGTERM, &interrupt, NULL);
	r = examine_case(cf, &examine, session->progress, &tally, err);
	if (r < 0 && r != -ERR_STOPPED)
		return err_prefix(err, r, "examining '%s'", argv[0]);
	if (r == 0) {
		r = casefile_seal(cf, "examine", err);
		if (r < 0)
			return r;
		if (!session->json)
			print_tally(session->out, &tally);
		else
			r = print_json(session->out, &tally, err);
	}
	return r;
}

const struct command cmd_examine = {
	.name = "examine",
	.words = "[--jobs=N] [--again] CASE",
	.summary = "read the files of a case, confined: types, texts, pictures, pairs",
	.help = "Says of each object what it is, and reads text in any encoding, office documents\n"
		"and what is written in pictures; finds notes that stand beside their translation.\n"
		"Each file is read by a worker of its own that can open nothing and reach nobody.\n"
		"What was not read, and why, is part of the result.  An interrupted run goes on\n"
		"where it stopped.\n\n"
		"  xsheet examine CASE\n",
	.run = run,
};
