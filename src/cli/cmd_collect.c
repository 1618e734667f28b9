/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <signal.h>

#include "base/text.h"
#include "cli/command.h"
#include "collect/collect.h"

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

/* ------------------------------------------------------- the words ---- */

static const char *const changes[] = { "new", "changed", "vanished", "failed", "unknown" };

struct names {
	FILE *out;
	const char *change;
	uint64_t shown, max;
};

static int print_name(const struct change *change, void *data)
{
	struct names *names = data;

	if (names->shown++ < names->max)
		(void)fprintf(names->out, "  %-9s %s%s%s%s\n", names->change, change->name,
			      *change->why ? "  (" : "", change->why, *change->why ? ")" : "");
	return 0;
}

static int print_refused(const struct listing_record *listing, void *data)
{
	struct names *names = data;
	char path[200];

	if (listing->state == LISTING_COMPLETE)
		return 0;
	text_neutral(listing->path.n ? listing->path : SLICE("/"), path, sizeof path);
	if (names->shown++ < names->max)
		(void)fprintf(names->out, "  %-9s %s  (%s)\n",
			      listing->state == LISTING_REFUSED ? "refused" : "unlisted", path, listing->why);
	return 0;
}

static void print_more(const struct names *names)
{
	if (names->shown > names->max)
		(void)fprintf(names->out, "  %-9s and %" PRIu64 " more\n", "", names->shown - names->max);
}

static int print_words(struct casefile *cf, const char *locator, const struct capture *c,
		       const struct collect_tally *t, uint64_t max, FILE *out, struct err *err)
{
	struct names names = { out, NULL, 0, max };
	char bytes[16];
	int r;

	text_size(t->bytes, bytes);
	(void)fprintf(out, "%s\n  %" PRIu64 " entries: %" PRIu64 " new, %" PRIu64 " changed, %" PRIu64
		      " unchanged, %" PRIu64 " vanished, %" PRIu64 " unknown, %" PRIu64 " failed\n",
		      locator, c->seen, c->fresh, c->changed, c->unchanged, c->vanished, c->unknown,
		      c->failed);
	(void)fprintf(out, "  %" PRIu64 " folders, %" PRIu64 " refused, %" PRIu64 " not listed; %" PRIu64
		      " requests, %s%s\n", t->folders, t->refused, t->failed, t->requests, bytes,
		      t->resumed ? "; went on with an interrupted capture" : "");
	if (*c->note)
		(void)fprintf(out, "  partial: %s\n", c->note);
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		names.change = changes[i];
		names.shown = 0;
		r = changes_each(cf, c->id, changes[i], print_name, &names, err);
		if (r < 0)
			return r;
		print_more(&names);
	}
	names.shown = 0;
	r = listings_each(cf, c->id, print_refused, &names, err);
	print_more(&names);
	return r;
}

/* -------------------------------------------------------- the JSON ---- */

static int json_change(const struct change *change, void *data)
{
	struct buf *out = data;
	char hash[SHA256_HEX], when[CLOCK_TEXT];

	if (out->n && out->p[out->n - 1] == '}')
		(void)buf_text(out, ",\n");
	(void)buf_text(out, "   {\"name\": ");
	(void)text_json(out, slice_text(change->name));
	(void)buf_text(out, ", \"path_hex\": \"");
	(void)text_hex(out, change->path);
	(void)buf_printf(out, "\", \"change\": \"%s\", \"why\": ", change->change);
	(void)text_json(out, slice_text(change->why));
	if (change->object) {
		sha256_hex(&change->sha256, hash);
		(void)buf_printf(out, ", \"size\": %" PRIu64 ", \"sha256\": \"%s\"", change->size, hash);
	}
	if (change->listed_time != CLOCK_NONE) {
		clock_text(change->listed_time, when);
		(void)buf_printf(out, ", \"listed_time\": \"%s\"", when);
	}
	(void)buf_char(out, '}');
	return buf_broken(out);
}

static int json_listing(const struct listing_record *listing, void *data)
{
	static const char *const states[] = { "complete", "partial", "refused", "failed" };
	struct buf *out = data;

	if (out->n && out->p[out->n - 1] == '}')
		(void)buf_text(out, ",\n");
	(void)buf_text(out, "   {\"path_hex\": \"");
	(void)text_hex(out, listing->path);
	(void)buf_text(out, "\", \"name\": ");
	(void)text_json(out, listing->path);
	(void)buf_printf(out, ", \"state\": \"%s\", \"reader\": \"%s\", \"entries\": %" PRIu64 ", \"why\": ",
			 states[listing->state], listing->reader, listing->entries);
	(void)text_json(out, slice_text(listing->why));
	(void)buf_char(out, '}');
	return buf_broken(out);
}

static int print_json(struct casefile *cf, const char *locator, const struct capture *c,
		      const struct collect_tally *t, FILE *out, struct err *err)
{
	scoped(buf_done) struct buf json = buf_limited((size_t)1 << 30);
	int r;

	(void)buf_text(&json, "{\"source\": ");
	(void)text_json(&json, slice_text(locator));
	(void)buf_printf(&json, ", \"capture\": %" PRId64 ", \"state\": \"%s\", \"note\": ", c->id, c->state);
	(void)text_json(&json, slice_text(c->note));
	(void)buf_printf(&json, ", \"resumed\": %s,\n  \"seen\": %" PRIu64 ", \"new\": %" PRIu64
			 ", \"changed\": %" PRIu64 ", \"unchanged\": %" PRIu64 ", \"vanished\": %" PRIu64
			 ", \"unknown\": %" PRIu64 ", \"failed\": %" PRIu64 ",\n",
			 t->resumed ? "true" : "false", c->seen, c->fresh, c->changed, c->unchanged,
			 c->vanished, c->unknown, c->failed);
	(void)buf_printf(&json, "  \"folders\": %" PRIu64 ", \"folders_refused\": %" PRIu64
			 ", \"folders_failed\": %" PRIu64 ", \"requests\": %" PRIu64 ", \"bytes\": %" PRIu64
			 ",\n  \"listings\": [\n", t->folders, t->refused, t->failed, t->requests, t->bytes);
	r = listings_each(cf, c->id, json_listing, &json, err);
	(void)buf_text(&json, "],\n  \"entries\": [\n");
	if (r == 0)
		r = changes_each(cf, c->id, NULL, json_change, &json, err);
	(void)buf_text(&json, "]}");
	if (r == 0 && buf_broken(&json))
		r = err_set(err, ERR_LIMIT, "the result is too large for JSON; read the case instead");
	if (r == 0)
		(void)fwrite(json.p, 1, json.n, out);
	return r;
}

/* ----------------------------------------------------- the command ---- */

struct find {
	int64_t capture;
	struct casefile *cf;
	const char *locator;
	const struct collect_tally *tally;
	struct session *session;
	uint64_t max;
	struct err *err;
};

static int found(const struct capture *c, void *data)
{
	struct find *f = data;

	if (c->id != f->capture)
		return 0;
	if (f->session->json)
		return print_json(f->cf, f->locator, c, f->tally, f->session->out, f->err);
	return print_words(f->cf, f->locator, c, f->tally, f->max, f->session->out, f->err);
}

static int open_case(const char *path, struct casefile **cf, struct err *err)
{
	struct err why = { 0 };
	int r = casefile_open(path, CASEFILE_WRITE, cf, &why);

	if (r == -ERR_NOT_FOUND)
		return err_set(err, ERR_NOT_FOUND, "there is no case '%s'; 'xsheet init %s' makes one",
			       path, path);
	return r < 0 ? err_set(err, why.code, "%s", why.text) : 0;
}

/* All sources, one by one; one that fails does not keep the others. */
static int collect_all(struct casefile *cf, char **sources, int n, const struct collect_options *options,
		       struct session *session, uint64_t max, struct err *err)
{
	int result = 0;
	bool first = true;

	for (int i = 0; i < n && !stop; i++) {
		struct collect_tally tally;
		struct find find = { 0, cf, sources[i], &tally, session, max, err };
		struct err why = { 0 };
		int r = collect_source(cf, sources[i], options, session->progress, &tally, &why);

		if (r < 0 && result == 0)
			result = err_set(err, why.code, "%s", why.text);
		if (r < 0 && !session->json && n > 1)
			(void)fprintf(session->out, "%s\n  not collected: %s\n", sources[i], why.text);
		if (r < 0)
			continue;
		if (session->json)
			(void)fputs(first ? "" : ",\n ", session->out);
		first = false;
		find.capture = tally.capture;
		r = captures_each(cf, tally.source, found, &find, err);
		if (r < 0)
			return r;
	}
	if (stop)
		return err_set(err, ERR_STOPPED, "stopped; the same command goes on");
	return result;
}

static int run(int argc, char **argv, struct session *session, struct err *err)
{
	scoped(casefile_close) struct casefile *cf = NULL;
	const char *path = NULL;
	struct collect_options o;
	uint64_t names = 10;
	struct err why = { 0 };
	const struct option_def options[] = {
		{ OPTION_TEXT, "case", "CASE", "the case to add to", &path },
		{ OPTION_REAL, "rate", "N", "requests per second (1); 0: no limit", &o.rate },
		{ OPTION_NUMBER, "depth", "N", "folders below the source (32)", &o.depth },
		{ OPTION_NUMBER, "files-max", "N", "entries in one capture (1000000)", &o.files_max },
		{ OPTION_NUMBER, "bytes-max", "N", "bytes in one capture (64 GiB)", &o.bytes_max },
		{ OPTION_NUMBER, "time-max", "SECONDS", "time for one capture (0: no limit)", &o.time_max_s },
		{ OPTION_NUMBER, "stall", "SECONDS", "cut an answer that does not come on (30)", &o.stall_s },
		{ OPTION_TEXT, "authority", "TEXT", "under which authority you look; into the ledger", &o.authority },
		{ OPTION_TEXT, "contact", "TEXT", "how to reach you, in the User-Agent", &o.contact },
		{ OPTION_FLAG, "allow-private", NULL, "connect to private and loopback addresses", &o.allow_private },
		{ OPTION_FLAG, "ignore-robots", NULL, "do not heed robots.txt; needs --authority", &o.ignore_robots },
		{ OPTION_NUMBER, "names", "N", "names shown of each kind of change (10)", &names },
		{ 0 },
	};
	struct sigaction on = { .sa_handler = on_signal, .sa_flags = (int)(SA_RESETHAND | SA_RESTART) };
	bool helped;
	int n, r, sealed;

	collect_defaults(&o);
	o.stop = &stop;
	n = options_read(argc, argv, options, session, &helped, err);
	if (n < 0 || helped)
		return n < 0 ? n : 0;
	if (!path)
		return err_set(err, ERR_USAGE, "give the case with --case");
	if (n == 0)
		return err_set(err, ERR_USAGE, "give at least one address or folder");
	if (o.stall_s == 0 || o.stall_s > 86400)
		return err_set(err, ERR_USAGE, "--stall must be between 1 and 86400 seconds");
	r = open_case(path, &cf, err);
	if (r < 0)
		return r;
	/* A second signal ends it at once. */
	(void)sigaction(SIGINT, &on, NULL);
	(void)sigaction(SIGTERM, &on, NULL);
	if (session->json)
		(void)fputs("[", session->out);
	r = collect_all(cf, argv, n, &o, session, names, err);
	if (session->json)
		(void)fputs("]\n", session->out);
	sealed = casefile_seal(cf, "collect", &why);
	if (r == 0 && sealed < 0)
		r = err_set(err, why.code, "%s", why.text);
	return r;
}

const struct command cmd_collect = {
	.name = "collect",
	.words = "--case CASE [OPTION...] SOURCE...",
	.summary = "take down what a server or folder shows today",
	.help = "A SOURCE is the address of a folder listing (nginx, Apache) or a local folder.\n"
		"Everything below it is listed; what is new or looks different from the last time\n"
		"is fetched; every exchange is kept in the case as it crossed the wire. Run it\n"
		"every day: an unchanged tree costs one request per folder.\n"
		"\n"
		"Only GET is ever sent, no password, nothing outside SOURCE. It stops at 401, 403\n"
		"and login pages, heeds robots.txt and Retry-After, and goes on where it was\n"
		"interrupted. What could not be read is never taken for deleted.\n"
		"\n"
		"  xsheet init --authority 'ticket 4711' server.case\n"
		"  xsheet collect --case server.case --contact soc@example.org http://203.0.113.7/\n",
	.run = run,
};
