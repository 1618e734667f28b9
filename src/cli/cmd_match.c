/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/scoped.h"
#include "casefile/casefile.h"
#include "cli/command.h"
#include "match/match.h"

struct shown {
	FILE *out;
	uint64_t titles, names;
};

static void print_list(FILE *out, const char *name, const json_t *list)
{
	const size_t n = json_array_size(list);

	if (!n)
		return;
	(void)fprintf(out, "    %s", name);
	for (size_t i = 0; i < n && i < 12; i++)
		(void)fprintf(out, "%s%s", i ? ", " : " ", json_string_value(json_array_get(list, i)));
	if (n > 12)
		(void)fprintf(out, " and %zu more", n - 12);
	(void)fputc('\n', out);
}

static const char *text_of(const json_t *data, const char *name)
{
	const char *text = json_string_value(json_object_get(data, name));

	return text ? text : "";
}

static int show_title(const struct finding *finding, void *data)
{
	struct shown *s = data;
	json_t *json = json_loads(finding->data, 0, NULL);
	const json_t *legs = json_object_get(json, "legs");

	if (!s->titles++)
		(void)fputs("\nProductions\n", s->out);
	(void)fprintf(s->out, "  %s: %s, on %zu leg%s", finding->value, text_of(json, "status"),
		      json_array_size(legs), json_array_size(legs) == 1 ? "" : "s");
	if (*text_of(json, "first"))
		(void)fprintf(s->out, ", %s to %s", text_of(json, "first"), text_of(json, "last"));
	(void)fputc('\n', s->out);
	print_list(s->out, "episodes", json_object_get(json, "episodes"));
	print_list(s->out, "cuts", json_object_get(json, "cuts"));
	json_decref(json);
	return 0;
}

static int show_name(const struct finding *finding, void *data)
{
	struct shown *s = data;
	json_t *json = json_loads(finding->data, 0, NULL);

	if (!s->names++)
		(void)fputs("\nListed names\n", s->out);
	if (s->names <= 50)
		(void)fprintf(s->out, "  %s (%s %s, %s): \"%s\", %s, object %" PRId64 "\n", finding->value,
			      text_of(json, "list"), text_of(json, "entry"), text_of(json, "date"),
			      text_of(json, "as"), text_of(json, "how"), finding->object);
	json_decref(json);
	return 0;
}

static int print_text(struct casefile *cf, const struct match_tally *t, FILE *out, struct err *err)
{
	const struct finding_filter titles = { .kind = "title.match" }, names = { .kind = "name.match" };
	struct shown shown = { .out = out };
	int r;

	(void)fprintf(out,
		      "%" PRIu64 " entries, %" PRIu64 " of them named like a production's; %" PRIu64
		      " lines of text\n%" PRIu64 " productions looked for: %" PRIu64 " claimed, %" PRIu64
		      " leads\n%" PRIu64 " listed names looked for (%" PRIu64
		      " too short or common for running text): %" PRIu64 " matches of %" PRIu64 " parties\n",
		      t->entries, t->named, t->lines, t->titles, t->claims, t->leads,
		      t->names - t->names_skipped, t->names_skipped, t->name_matches, t->listed_parties);
	if (t->lost)
		(void)fprintf(out, "%" PRIu64 " matches past the ceiling were not kept\n", t->lost);
	r = findings_each(cf, &titles, show_title, &shown, err);
	if (r == 0)
		r = findings_each(cf, &names, show_name, &shown, err);
	if (shown.names > 50)
		(void)fprintf(out, "  and %" PRIu64 " more\n", shown.names - 50);
	return r;
}

static int take_json(const struct finding *finding, void *data)
{
	json_t *json = json_loads(finding->data, 0, NULL);

	(void)json_object_set_new(json, "finding", json_integer(finding->id));
	(void)json_object_set_new(json, "value", json_string(finding->value));
	if (finding->object)
		(void)json_object_set_new(json, "object", json_integer(finding->object));
	return json_array_append_new(data, json) < 0 ? -ERR_NO_MEMORY : 0;
}

static int print_json(struct casefile *cf, const struct match_tally *t, FILE *out, struct err *err)
{
	const struct finding_filter title_filter = { .kind = "title.match" };
	const struct finding_filter name_filter = { .kind = "name.match" };
	json_t *titles = json_array(), *names = json_array();
	json_t *root = json_pack(
		"{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "entries", (json_int_t)t->entries,
		"named", (json_int_t)t->named, "lines", (json_int_t)t->lines, "titles_looked_for",
		(json_int_t)t->titles, "claims", (json_int_t)t->claims, "leads", (json_int_t)t->leads,
		"names_looked_for", (json_int_t)(t->names - t->names_skipped), "names_skipped",
		(json_int_t)t->names_skipped, "name_matches", (json_int_t)t->name_matches, "lost",
		(json_int_t)t->lost, "titles", titles, "names", names);
	int r = root ? findings_each(cf, &title_filter, take_json, titles, err)
		     : err_set(err, ERR_NO_MEMORY, "no memory for the result");

	if (r == 0)
		r = findings_each(cf, &name_filter, take_json, names, err);
	if (r == 0 && json_dumpf(root, out, JSON_INDENT(1) | JSON_PRESERVE_ORDER) < 0)
		r = err_set(err, ERR_IO, "cannot write the result");
	(void)fputc('\n', out);
	json_decref(root);
	return r;
}

static int run(int argc, char **argv, struct session *session, struct err *err)
{
	scoped(casefile_close) struct casefile *cf = NULL;
	struct option_list titles = { .n = 0 };
	struct match_options options = { .tool = XSHEET_TOOL, .profile = "dprk" };
	struct match_tally tally = { 0 };
	bool helped;
	const struct option_def defs[] = {
		{ OPTION_LIST, "titles", "FILE", "a catalogue of productions (TSV), beside the profile's", &titles },
		{ OPTION_TEXT, "list", "FILE", "OFAC's SDN.CSV, instead of the profile's extract", &options.list },
		{ OPTION_TEXT, "alt", "FILE", "OFAC's ALT.CSV, to go with --list", &options.aliases },
		{ OPTION_TEXT, "profile", "NAME", "a profile, or a folder with a \"/\" (dprk)", &options.profile },
		{ OPTION_END },
	};
	int r = options_read(argc, argv, defs, session, &helped, err);

	if (r < 0 || helped)
		return r < 0 ? r : 0;
	if (r != 1)
		return err_set(err, ERR_USAGE, "give one case");
	options.titles = titles.value;
	options.titles_n = titles.n;
	r = casefile_open(argv[0], CASEFILE_WRITE, &cf, err);
	if (r == 0)
		r = match_case(cf, &options, session->progress, &tally, err);
	if (r < 0)
		return r;
	return session->json ? print_json(cf, &tally, session->out, err) : print_text(cf, &tally, session->out, err);
}

const struct command cmd_match = {
	.name = "match",
	.words = "[--titles=FILE]... [--list=FILE] [--alt=FILE] [--profile=NAME] CASE",
	.summary = "recognise productions and listed names in a case",
	.help = "Looks for productions in paths and texts, and for sanctioned parties in texts.\n"
		"A production is claimed only on two independent legs: a path, and the text of some\n"
		"file; one leg is a lead.  Names are found exactly or folded (case, width, accents,\n"
		"separators), as whole words.\n\n"
		"  xsheet match --titles ours.tsv CASE\n"
		"  xsheet match --list SDN.CSV --alt ALT.CSV CASE\n",
	.run = run,
};
