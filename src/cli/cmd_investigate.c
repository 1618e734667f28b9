/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole chain in one go.  A stage that fails is said, and the later ones
 * work on what is there: a server that is down does not keep the logs from
 * being read.
 */
#include <signal.h>
#include <string.h>

#include "assess/assess.h"
#include "base/scoped.h"
#include "base/text.h"
#include "casefile/casefile.h"
#include "cli/command.h"
#include "cli/judgements.h"
#include "collect/collect.h"
#include "examine/examine.h"
#include "logs/logs.h"
#include "match/match.h"
#include "report/report.h"

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

struct investigation {
	struct casefile *cf;
	struct session *session;
	struct collect_options collect;
	struct logs_options logs;
	struct match_options match;
	struct assess_options assess;
	struct examine_options examine;
	struct report_options report;
	const char *const *sources, *const *log_files;
	size_t sources_n, log_files_n;
	const char *output;
	struct report_tally tally;
	struct err first;               /* what failed first */
	const char *first_stage;
};

/* A stage failed: say so at once, remember the first. */
static void failed(struct investigation *in, const char *stage, const struct err *why)
{
	if (!in->session->json)
		(void)fprintf(in->session->out, "%-9s failed: %s\n", stage, why->text);
	if (in->first_stage)
		return;
	in->first_stage = stage;
	in->first = *why;
}

static void done(const struct investigation *in, const char *stage, const char *words)
{
	if (!in->session->json)
		(void)fprintf(in->session->out, "%-9s %s\n", stage, words);
	(void)fflush(in->session->out);
}

struct seen {
	int64_t id;
	char *words;
	size_t size;
};

static int describe_capture(const struct capture *c, void *data)
{
	struct seen *s = data;

	if (c->id == s->id)
		(void)snprintf(s->words, s->size, "%llu entries: %llu new, %llu changed, %llu vanished, %llu failed%s%s",
			       (unsigned long long)c->seen, (unsigned long long)c->fresh, (unsigned long long)c->changed,
			       (unsigned long long)c->vanished, (unsigned long long)c->failed, *c->note ? "; partial: " : "", c->note);
	return 0;
}

static void collect(struct investigation *in)
{
	for (size_t i = 0; i < in->sources_n && !stop; i++) {
		struct collect_tally tally = { 0 };
		struct err err = { 0 };
		char words[600] = "";
		struct seen seen = { 0, words, sizeof words };
		int r = collect_source(in->cf, in->sources[i], &in->collect, in->session->progress, &tally, &err);

		seen.id = tally.capture;
		if (r >= 0)
			r = captures_each(in->cf, tally.source, describe_capture, &seen, &err);
		if (r < 0)
			failed(in, "collect", &err);
		else
			done(in, "collect", words);
	}
}

static void seal(struct investigation *in, const char *stage)
{
	struct err err = { 0 };

	if (casefile_seal(in->cf, stage, &err) < 0)
		failed(in, stage, &err);
}

static void examine(struct investigation *in)
{
	struct examine_tally tally = { 0 };
	struct err err = { 0 };
	char words[300];

	if (examine_case(in->cf, &in->examine, in->session->progress, &tally, &err) < 0) {
		failed(in, "examine", &err);
		return;
	}
	(void)snprintf(words, sizeof words, "%llu files read now; in the case %llu objects, %llu lines of text, %llu lines in pictures, %llu pairs",
		       (unsigned long long)tally.examined, (unsigned long long)tally.objects, (unsigned long long)tally.texts,
		       (unsigned long long)tally.picture_lines, (unsigned long long)tally.pairs);
	done(in, "examine", words);
	if (*tally.missing)
		done(in, "", tally.missing);
}

static void logs(struct investigation *in)
{
	scoped(logs_free) struct logs_result *result = NULL;
	struct err err = { 0 };

	if (!in->log_files_n)
		return;
	if (logs_case(in->cf, in->log_files, in->log_files_n, &in->logs, in->session->progress, &result, &err) < 0)
		failed(in, "logs", &err);
	else
		done(in, "logs", result->sentence);
}

static void match(struct investigation *in)
{
	struct match_tally tally = { 0 };
	struct err err = { 0 };
	char words[200];

	if (match_case(in->cf, &in->match, in->session->progress, &tally, &err) < 0) {
		failed(in, "match", &err);
		return;
	}
	(void)snprintf(words, sizeof words, "%llu productions claimed, %llu leads; %llu listed parties named",
		       (unsigned long long)tally.claims, (unsigned long long)tally.leads, (unsigned long long)tally.listed_parties);
	done(in, "match", words);
}

static void assess(struct investigation *in)
{
	struct assess_tally tally = { 0 };
	struct err err = { 0 };
	char words[200];

	if (assess_case(in->cf, &in->assess, in->session->progress, &tally, &err) < 0) {
		failed(in, "assess", &err);
		return;
	}
	(void)snprintf(words, sizeof words, "%llu observations looked for, %llu seen", (unsigned long long)tally.observations,
		       (unsigned long long)tally.seen);
	done(in, "assess", words);
}

static int print_result(struct investigation *in, struct err *err)
{
	scoped(buf_done) struct buf b = buf_limited(1 << 16);
	FILE *out = in->session->out;
	unsigned n;
	int r = 0;

	if (in->session->json) {
		(void)buf_text(&b, "{\"report\":");
		(void)text_json(&b, slice_text(in->output));
		(void)buf_printf(&b, ",\"head\":\"%s\",\"claims\":%llu,\"pairs\":%llu,\"failed\":", in->tally.head,
				 (unsigned long long)in->tally.claims, (unsigned long long)in->tally.pairs);
		(void)text_json(&b, slice_text(in->first_stage ? in->first_stage : ""));
		(void)buf_text(&b, "}\n");
		(void)fputs(buf_string(&b), out);
	} else {
		(void)fputs("\nKey judgements\n\n", out);
		r = judgements_print(in->cf, out, &n, err);
		if (r >= 0)
			(void)fprintf(out, "\nreport    %s\ncase      %s\n", in->output, casefile_path(in->cf));
	}
	return r;
}

static int investigate(struct investigation *in, struct err *err)
{
	struct err why = { 0 };
	int r;

	collect(in);
	seal(in, "collect");
	if (!stop) {
		examine(in);
		seal(in, "examine");
	}
	if (!stop)
		logs(in);
	if (!stop)
		match(in);
	if (!stop)
		assess(in);
	if (stop)
		return err_set(err, ERR_STOPPED, "stopped; the same command goes on");
	seal(in, "investigate");
	r = report_write(in->cf, &in->report, in->output, &in->tally, &why);
	if (r < 0) {
		failed(in, "report", &why);
	} else {
		r = print_result(in, err);
		if (r < 0)
			return r;
	}
	if (in->first_stage)
		return err_set(err, in->first.code == ERR_USAGE ? ERR_FAILED : in->first.code, "%s: %s", in->first_stage, in->first.text);
	return 0;
}

/* The case, made if it is not there. */
static int open_case(const char *path, const char *authority, struct casefile **cf, struct err *err)
{
	struct err why = { 0 };
	int r = casefile_open(path, CASEFILE_WRITE, cf, &why);

	if (r == -ERR_NOT_FOUND) {
		r = casefile_create(path, authority, err);
		return r < 0 ? r : casefile_open(path, CASEFILE_WRITE, cf, err);
	}
	return r < 0 ? err_set(err, why.code, "%s", why.text) : 0;
}

static int run(int argc, char **argv, struct session *session, struct err *err)
{
	struct investigation in = {
		.session = session,
		.logs = logs_defaults(),
		.match = { .tool = XSHEET_TOOL, .profile = "dprk" },
		.assess = { .tool = XSHEET_TOOL },
		.examine = { .tool = XSHEET_TOOL, .stop = &stop },
		.report = { .format = "html", .pictures_max = 60, .keep = true },
		.output = "report.html",
	};
	scoped(casefile_close) struct casefile *cf = NULL;
	struct option_list log_files = { 0 }, ranges = { 0 }, titles = { 0 };
	struct sigaction on = { .sa_handler = on_signal, .sa_flags = (int)(SA_RESETHAND | SA_RESTART) };
	const char *path = NULL;
	uint64_t jobs = 0;
	bool helped;
	const struct option_def options[] = {
		{ OPTION_TEXT, "case", "CASE", "the case; made if it is not there", &path },
		{ OPTION_TEXT, "output", "FILE", "the report; also -o; report.html if not given", &in.output },
		{ OPTION_LIST, "logs", "FILE", "an access log; may be given again", &log_files },
		{ OPTION_LIST, "ranges", "FILE", "address ranges of your own: cidr,label,kind,source,date", &ranges },
		{ OPTION_LIST, "titles", "FILE", "a catalogue of productions (TSV), beside the profile's", &titles },
		{ OPTION_TEXT, "list", "FILE", "OFAC's SDN.CSV, instead of the profile's extract", &in.match.list },
		{ OPTION_TEXT, "alt", "FILE", "OFAC's ALT.CSV, to go with --list", &in.match.aliases },
		{ OPTION_TEXT, "profile", "NAME", "a profile, or a folder with a \"/\" (dprk)", &in.match.profile },
		{ OPTION_TEXT, "authority", "TEXT", "under which authority you look; into the ledger", &in.collect.authority },
		{ OPTION_TEXT, "contact", "TEXT", "how to reach you, in the User-Agent", &in.collect.contact },
		{ OPTION_REAL, "rate", "N", "requests per second (1); 0: no limit", &in.collect.rate },
		{ OPTION_NUMBER, "depth", "N", "folders below a source (32)", &in.collect.depth },
		{ OPTION_NUMBER, "files-max", "N", "entries in one capture (1000000)", &in.collect.files_max },
		{ OPTION_NUMBER, "bytes-max", "N", "bytes in one capture (64 GiB)", &in.collect.bytes_max },
		{ OPTION_NUMBER, "time-max", "SECONDS", "time for one capture (0: no limit)", &in.collect.time_max_s },
		{ OPTION_FLAG, "allow-private", NULL, "connect to private and loopback addresses", &in.collect.allow_private },
		{ OPTION_NUMBER, "jobs", "N", "examine N files at once (as many as there are processors)", &jobs },
		{ 0 },
	};
	int n, r;

	collect_defaults(&in.collect);
	in.collect.stop = &stop;
	n = options_read(argc, argv, options, session, &helped, err);
	if (n < 0 || helped)
		return n < 0 ? n : 0;
	if (!path)
		return err_set(err, ERR_USAGE, "give the case with --case");
	if (n == 0 && log_files.n == 0)
		return err_set(err, ERR_USAGE, "give at least one address or folder, or a log with --logs");
	if (jobs > 64)
		return err_set(err, ERR_USAGE, "--jobs is at most 64");
	r = open_case(path, in.collect.authority, &cf, err);
	if (r < 0)
		return r;
	(void)sigaction(SIGINT, &on, NULL);
	(void)sigaction(SIGTERM, &on, NULL);
	in.cf = cf;
	in.sources = (const char *const *)argv;
	in.sources_n = (size_t)n;
	in.log_files = log_files.value;
	in.log_files_n = log_files.n;
	in.logs.lists = ranges.value;
	in.logs.lists_n = ranges.n;
	in.logs.tool = XSHEET_TOOL;
	in.match.titles = titles.value;
	in.match.titles_n = titles.n;
	in.assess.profile = in.match.profile;
	in.examine.jobs = (unsigned)jobs;
	in.report.progress = session->progress;
	return investigate(&in, err);
}

const struct command cmd_investigate = {
	.name = "investigate",
	.words = "[--logs FILE]... [OPTION...] --case CASE [-o FILE] SOURCE...",
	.summary = "all of it in one go, and again the next day",
	.help = "Collects what each SOURCE (an address of a folder listing, a local folder) shows\n"
		"today into CASE, examines the files, reads the logs, looks for productions and\n"
		"listed names, weighs what was found and writes the report. Run it again the next\n"
		"day: the case gains a day. A stage that fails is said; the others go on with what\n"
		"is there, and the exit code is 1.\n\n"
		"  xsheet investigate http://203.0.113.7/ --logs access.log --case server.case -o report.html\n\n",
	.run = run,
};
