/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "logs/logs.h"

#define LOGINS_SHOWN 200
#define ACTORS_SHOWN 10
#define REJECTS_SHOWN 10

static void time_words(int64_t time, char out[CLOCK_TEXT])
{
	clock_text(time, out);
	if (*out && strlen(out) >= 20) {
		out[10] = ' ';
		out[19] = '\0';
	}
}

static void print_totals(FILE *out, const struct logs_result *r)
{
	char first[CLOCK_TEXT], last[CLOCK_TEXT];

	time_words(r->first, first);
	time_words(r->last, last);
	(void)fprintf(out, "Read      %" PRIu64 " lines of %zu file%s: %" PRIu64 " requests, %" PRIu64 " rejected\n",
		      r->read, r->files_n, r->files_n == 1 ? "" : "s", r->parsed, r->rejected);
	if (*first)
		(void)fprintf(out, "From      %s to %s (UTC)\n", first, last);
	(void)fprintf(out, "Clients   %" PRIu64 " addresses, %zu sessions; %" PRIu64 " requests by robots that say so\n",
		      r->addresses, r->sessions_n, r->robots_requests);
	(void)fprintf(out, "Logins    %" PRIu64 " found, %" PRIu64 " failed, %" PRIu64 " undecided\n", r->logins_ok,
		      r->logins_failed, r->logins_undecided);
}

static void country_of(const struct logs_result *r, const char *country, bool hides, char out[64])
{
	if (hides)
		(void)snprintf(out, 64, "-");
	else
		(void)snprintf(out, 64, "%s", *country ? intel_country(r->intel, country) : "unknown");
}

static void print_origins(FILE *out, const struct logs_result *r)
{
	if (r->origins_n == 0)
		return;
	(void)fprintf(out, "\nOrigins of logins\n  %8s %9s %8s  %-18s %-16s %s\n", "logins", "addresses", "networks",
		      "class", "country", "named by");
	for (size_t i = 0; i < r->origins_n; i++) {
		const struct origin *o = &r->origins[i];
		char country[64], day[CLOCK_TEXT] = "";

		country_of(r, o->country, o->anonymous || o->machine, country);
		if (o->date != CLOCK_NONE)
			clock_day(o->date, day);
		(void)fprintf(out, "  %8" PRIu64 " %9" PRIu64 " %8" PRIu64 "  %-18s %-16s %s%s%s%s%s\n", o->logins,
			      o->addresses, o->networks, o->class, country, o->label, *o->list ? ", " : "",
			      o->list, *day ? " of " : "", day);
	}
}

static void print_logins(FILE *out, const struct logs_result *r)
{
	uint64_t shown = 0;

	if (r->logins_ok == 0)
		return;
	(void)fputs("\nLogins (UTC)\n", out);
	for (size_t i = 0; i < r->logins_n && shown < LOGINS_SHOWN; i++) {
		const struct login *l = &r->logins[i];
		const bool hides = l->intel && (l->intel->anonymous || l->intel->machine);
		char when[CLOCK_TEXT], country[64], network[40] = "";

		if (!l->ok)
			continue;
		time_words(l->time, when);
		country_of(r, l->intel ? l->intel->country : "", hides, country);
		if (l->intel)
			text_neutral(l->intel->network, network, sizeof network);
		(void)fprintf(out, "  %s  %-15s %-11s %-12s %-24.24s %s%s%s:%" PRIu64 "  %s %.1f\n", when, l->address,
			      l->intel ? l->intel->class : "unlisted", country, network,
			      *l->user ? l->user : "", *l->user ? "  " : "", r->files[l->file].name,
			      l->line, l->rule, l->certainty);
		shown++;
	}
	if (shown < r->logins_ok)
		(void)fprintf(out, "  ... and %" PRIu64 " more (--json has all)\n", r->logins_ok - shown);
}

static void print_actors(FILE *out, const struct logs_result *r)
{
	size_t shown = 0;

	(void)fprintf(out, "\nMost active\n  %8s %8s %8s %8s %9s  %s\n", "requests", "sessions", "written", "read", "addresses",
		      "who");
	for (size_t i = 0; i < r->actors_n && shown < ACTORS_SHOWN; i++, shown++) {
		const struct actor *a = &r->actors[i];

		(void)fprintf(out, "  %8" PRIu64 " %8" PRIu64 " %8" PRIu64 " %8" PRIu64 " %9" PRIu64 "  %s: %.60s\n",
			      a->requests, a->sessions, a->written, a->read, a->addresses, a->name,
			      *a->agent ? a->agent : "(no agent)");
	}
}

static void print_relays(FILE *out, const struct logs_result *r)
{
	(void)fprintf(out, "\nExchange  %" PRIu64 " objects were written by one group and read by another\n",
		      r->exchanges_all);
	if (r->relays_n == 0)
		(void)fputs("Relay     none: no two groups answer each other\n", out);
	for (size_t i = 0; i < r->relays_n; i++)
		(void)fprintf(out, "Relay     %s\n", r->relays[i].sentence);
}

static void print_ranges(FILE *out, const struct logs_result *r)
{
	bool head = false;

	for (size_t i = 0; i < r->ranges_n; i++) {
		const struct range_seen *s = &r->ranges[i];
		char day[CLOCK_TEXT] = "";

		/* A range that was over before the log began says nothing about it. */
		if (s->range.to != CLOCK_NONE && r->first != CLOCK_NONE && s->range.to <= r->first)
			continue;
		if (!head)
			(void)fputs("\nLooked for\n", out);
		head = true;
		if (s->addresses == 0)
			(void)fprintf(out, "  no address in %s (%s) among %" PRIu64 "\n", s->range.range, s->range.label,
				      r->addresses);
		else
			(void)fprintf(out, "  %" PRIu64 " of %" PRIu64 " addresses in %s (%s), %" PRIu64 " requests\n",
				      s->addresses, r->addresses, s->range.range, s->range.label, s->requests);
		(void)day;
	}
}

static void print_rejects(FILE *out, const struct logs_result *r)
{
	if (r->rejected == 0)
		return;
	(void)fputs("\nRejected\n", out);
	for (size_t i = 0; i < r->reasons_n; i++)
		(void)fprintf(out, "  %8" PRIu64 "  %s\n", r->reasons[i].count, r->reasons[i].why);
	for (size_t i = 0; i < r->rejects_n && i < REJECTS_SHOWN; i++) {
		const struct reject *x = &r->rejects[i];

		(void)fprintf(out, "  %s:%" PRIu64 " (byte %" PRIu64 "): %s: %.60s\n", r->files[x->file].name, x->line,
			      x->offset, x->why, x->text);
	}
}

static void print_stamps(FILE *out, const struct logs_result *r)
{
	(void)fputs("\nAs of\n", out);
	for (size_t i = 0; intel_source(r->intel, i); i++) {
		const struct intel_source *s = intel_source(r->intel, i);
		char day[CLOCK_TEXT] = "", hex[SHA256_HEX];

		if (s->date != CLOCK_NONE)
			clock_day(s->date, day);
		sha256_hex(&s->sha256, hex);
		(void)fprintf(out, "  %-8s %-40s %-10s sha256 %.16s\n", s->role, s->name, *day ? day : "undated", hex);
	}
	for (size_t i = 0; i < r->warnings_n; i++)
		(void)fprintf(out, "warning: %s\n", r->warnings[i]);
}

static int print_json(FILE *out, const struct logs_result *r, struct err *err)
{
	scoped(buf_done) struct buf json = buf_limited((size_t)1 << 30);

	if (logs_json(r, &json) != 0)
		return err_set(err, ERR_LIMIT, "the result is too large for one JSON document");
	if (fwrite(json.p, 1, json.n, out) != json.n)
		return err_errno(err, "cannot write the result");
	return 0;
}

static void print_all(FILE *out, const struct logs_result *r)
{
	print_totals(out, r);
	if (r->logins_ok)
		(void)fprintf(out, "\n%s\n%s\n", r->plainly, r->sentence);
	print_origins(out, r);
	print_logins(out, r);
	print_actors(out, r);
	print_relays(out, r);
	print_ranges(out, r);
	print_rejects(out, r);
	print_stamps(out, r);
}

static int run(int argc, char **argv, struct session *session, struct err *err)
{
	scoped(casefile_close) struct casefile *cf = NULL;
	scoped(logs_free) struct logs_result *result = NULL;
	struct logs_options logs = logs_defaults();
	struct option_list lists = { 0 };
	const char *path = NULL;
	const struct option_def options[] = {
		{ OPTION_TEXT, "format", "NAME", "read the logs as NAME instead of guessing", &logs.format },
		{ OPTION_LIST, "ranges", "FILE", "ranges of your own: cidr,label,kind,source,date", &lists },
		{ OPTION_TEXT, "case", "CASE", "keep the logs and what is found in this case", &path },
		{ OPTION_TEXT, "intel", "DIR", "address tables from here", &logs.tables },
		{ OPTION_TEXT, "profiles", "DIR", "profiles (ranges, AS classes) from here", &logs.profiles },
		{ 0 },
	};
	bool helped;
	int r, n;

	n = options_read(argc, argv, options, session, &helped, err);
	if (n < 0 || helped)
		return n;
	if (n == 0)
		return err_set(err, ERR_USAGE, "give at least one log, or '-' for standard input");
	logs.lists = lists.value;
	logs.lists_n = lists.n;
	logs.tool = XSHEET_TOOL;
	if (path) {
		r = casefile_open(path, CASEFILE_WRITE, &cf, err);
		if (r < 0)
			return r;
	}
	r = logs_case(cf, (const char *const *)argv, (size_t)n, &logs, session->progress, &result, err);
	if (r < 0)
		return r;
	if (session->json)
		return print_json(session->out, result, err);
	print_all(session->out, result);
	return 0;
}

const struct command cmd_logs = {
	.name = "logs",
	.words = "[--format=NAME] [--ranges=FILE]... [--case=CASE] [--intel=DIR] [--profiles=DIR] FILE...",
	.summary = "read access logs: who logged in, from where, what passed through",
	.help = "Reads web servers' access logs (NCSA combined and common; plain or gzip; a rotated\n"
		"set in any order) and tells the logins with the class, country and network of their\n"
		"address, sessions, who is most active, what one group wrote and another read, and\n"
		"every line that was not understood.\n\n"
		"The country of a VPN's exit or of a rented machine is never given as its user's.  A\n"
		"list of exits is the user's to bring: --ranges vpn-exits.csv, lines of\n"
		"cidr,label,kind,source,date.\n\n"
		"  xsheet logs /var/log/nginx/access.log*\n"
		"  zcat old.gz | xsheet logs --json - | jq .sentence\n",
	.run = run,
};
