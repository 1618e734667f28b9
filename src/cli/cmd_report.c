/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/scoped.h"
#include "base/text.h"
#include "casefile/casefile.h"
#include "cli/command.h"
#include "cli/judgements.h"
#include "report/report.h"

static void print_json(FILE *out, const char *path, const struct report_tally *t)
{
	scoped(buf_done) struct buf b = buf_limited(1 << 16);
	char hex[SHA256_HEX];

	sha256_hex(&t->sha256, hex);
	(void)buf_text(&b, "{\"report\":");
	(void)text_json(&b, slice_text(path));
	(void)buf_printf(&b,
			 ",\"bytes\":%llu,\"sha256\":\"%s\",\"head\":\"%s\",\"kept\":\"%s\",\"claims\":%llu,\"pairs\":%llu,"
			 "\"pictures\":%llu,\"pictures_shown\":%llu}\n",
			 (unsigned long long)t->bytes, hex, t->head, t->kept, (unsigned long long)t->claims,
			 (unsigned long long)t->pairs, (unsigned long long)t->pictures, (unsigned long long)t->pictures_shown);
	(void)fputs(buf_string(&b), out);
}

static int print_text(struct casefile *cf, FILE *out, const char *path, const struct report_tally *t, struct err *err)
{
	char size[16];
	unsigned claims;
	int r = judgements_print(cf, out, &claims, err);

	if (r < 0)
		return r;
	if (!claims)
		(void)fputs("No judgement has been drawn from this case yet: see 'xsheet assess'.\n", out);
	text_size(t->bytes, size);
	(void)fprintf(out, "\nreport  %s (%s)\n", path, size);
	(void)fprintf(out, *t->kept ? "kept    %s in the case\n" : "kept    no copy in the case: it cannot be written%s\n", t->kept);
	if (t->pictures_shown && t->pictures > t->pictures_shown)
		(void)fprintf(out, "shown   %llu of %llu pictures with notes\n", (unsigned long long)t->pictures_shown,
			      (unsigned long long)t->pictures);
	return 0;
}

/* For writing, to keep a copy; a case that is somebody else's or in use is
 * read only, and keeps none. */
static int open_case(const char *path, struct report_options *options, struct casefile **cf, struct err *err)
{
	int r = casefile_open(path, CASEFILE_WRITE, cf, err);

	if (r != -ERR_DENIED && r != -ERR_BUSY && r != -ERR_IO)
		return r;
	options->keep = false;
	return casefile_open(path, CASEFILE_READ, cf, err);
}

static int run(int argc, char **argv, struct session *session, struct err *err)
{
	scoped(casefile_close) struct casefile *cf = NULL;
	const char *format = "html", *output = NULL;
	uint64_t pictures = 60;
	struct report_options options = { .keep = true };
	struct report_tally tally = { 0 };
	const struct option_def defs[] = {
		{ OPTION_TEXT, "format", "html|json", "how to write it; html if not given", &format },
		{ OPTION_TEXT, "output", "FILE", "where to; also -o; report.html if not given", &output },
		{ OPTION_NUMBER, "pictures", "N", "show at most N pictures; 60 if not given", &pictures },
		{ 0 },
	};
	const struct report_writer *writer;
	char fallback[64];
	bool helped;
	int r = options_read(argc, argv, defs, session, &helped, err);

	if (r < 0 || helped)
		return r;
	if (r != 1)
		return err_set(err, ERR_USAGE, "give one case: xsheet report [-o FILE] CASE");
	writer = report_writer_named(format);
	if (!writer)
		return err_set(err, ERR_USAGE, "'%s' is no format of a report; html and json are", format);
	(void)snprintf(fallback, sizeof fallback, "report%s", writer->suffix);
	if (!output)
		output = fallback;
	options.format = format;
	options.pictures_max = pictures > 10000 ? 10000 : (unsigned)pictures;
	options.progress = session->progress;

	r = open_case(argv[0], &options, &cf, err);
	if (r >= 0)
		r = report_write(cf, &options, output, &tally, err);
	if (r < 0)
		return r;
	if (session->json) {
		print_json(session->out, output, &tally);
		return 0;
	}
	return print_text(cf, session->out, output, &tally, err);
}

const struct command cmd_report = {
	.name = "report",
	.words = "[--format html|json] [-o FILE] CASE",
	.summary = "publish: one HTML file, or JSON, made from a case",
	.help = "Writes what was found in CASE as one self-contained HTML file: no script, no\n"
		"request to anywhere, each sentence linked to its evidence. A copy is kept in\n"
		"CASE/report/, and the ledger says of what state of the case it was made.\n"
		"The same case gives the same bytes.\n\n"
		"  xsheet report -o report.html CASE\n\n",
	.run = run,
};
