/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "assess/assess.h"
#include "base/scoped.h"
#include "base/text.h"
#include "casefile/casefile.h"
#include "cli/command.h"

#define FINDINGS_SHOWN 10

static const char *text_of(const json_t *data, const char *name)
{
	const char *text = json_string_value(json_object_get(data, name));

	return text ? text : "";
}

static bool is_claim(const json_t *data)
{
	return strcmp(text_of(data, "status"), "claim") == 0;
}

struct showing {
	FILE *out;
	struct casefile *cf;
	const char *wanted;      /* a claim to explain, or NULL */
	bool found;
	int64_t rests_on[3];     /* findings behind the one shown last */
	struct err *err;
};

static int show_claim(const struct finding *finding, void *data)
{
	struct showing *s = data;
	json_t *json = json_loads(finding->data, 0, NULL);

	(void)fprintf(s->out, "%s\n  %s\n", text_of(json, "id"), finding->value);
	if (is_claim(json))
		(void)fprintf(s->out,
			      "  Confidence in this is %s.\n  Range: %.0f to %.0f %%.  Best alternative: %s\n"
			      "  Carried by: %s\n",
			      text_of(json, "confidence"),
			      json_number_value(json_object_get(json, "low")) * 100,
			      json_number_value(json_object_get(json, "high")) * 100,
			      text_of(json, "alternative"), text_of(json, "carries"));
	(void)fputc('\n', s->out);
	json_decref(json);
	return 0;
}

static int show_object(const struct object *object, void *data)
{
	struct showing *s = data;
	char hex[SHA256_HEX];

	sha256_hex(&object->sha256, hex);
	(void)fprintf(s->out, "        sha256 %s  %s\n", hex, object->name);
	return 0;
}

static int show_reference(const struct finding *finding, void *data)
{
	struct showing *s = data;

	(void)fprintf(s->out, "        from %" PRId64 " %s %s\n", finding->id, finding->kind, finding->locator);
	return 0;
}

static int show_evidence(const struct finding *finding, void *data)
{
	static const char *const members[] = { "a", "b", "finding" };
	struct showing *s = data;
	json_t *json = json_loads(finding->data, 0, NULL);
	char value[400];

	for (size_t i = 0; i < 3; i++)
		s->rests_on[i] = json_integer_value(json_object_get(json, members[i]));
	json_decref(json);

	text_neutral(slice_text(finding->value), value, sizeof value);
	(void)fprintf(s->out, "      %" PRId64 " %s %s: %s\n", finding->id, finding->kind, finding->locator, value);
	return finding->object ? object_get(s->cf, finding->object, show_object, s, s->err) : 0;
}

static int show_observation(struct showing *s, const json_t *o)
{
	const json_t *ids = json_object_get(o, "findings"), *llr = json_object_get(o, "llr");
	int r = 0;

	(void)fprintf(s->out, "  %s: %s, %" PRId64 " independent, group %s", text_of(o, "id"),
		      json_is_true(json_object_get(o, "seen")) ? "seen" : "not seen",
		      (int64_t)json_integer_value(json_object_get(o, "groups")), text_of(o, "group"));
	if (llr)
		(void)fprintf(s->out, "; log-likelihood ratio against the best alternative %.2f to %.2f",
			      json_number_value(json_array_get(llr, 0)), json_number_value(json_array_get(llr, 1)));
	(void)fputc('\n', s->out);
	for (size_t i = 0; r == 0 && i < json_array_size(ids) && i < FINDINGS_SHOWN; i++) {
		r = finding_get(s->cf, json_integer_value(json_array_get(ids, i)), show_evidence, s, s->err);
		for (size_t k = 0; r == 0 && k < 3; k++)
			if (s->rests_on[k])
				r = finding_get(s->cf, s->rests_on[k], show_reference, s, s->err);
	}
	if (json_array_size(ids) > FINDINGS_SHOWN)
		(void)fprintf(s->out, "      and %zu more\n", json_array_size(ids) - FINDINGS_SHOWN);
	return r;
}

static void show_reasons(struct showing *s, const json_t *json)
{
	const json_t *hypotheses = json_object_get(json, "hypotheses"), *one;
	const json_t *not_found = json_object_get(json, "not_found");
	const char *id;

	if (hypotheses)
		(void)fputs("\n  Hypotheses\n", s->out);
	json_object_foreach((json_t *)(uintptr_t)hypotheses, id, one)
		(void)fprintf(s->out, "    %2.0f to %2.0f %%  %s (%s)\n",
			      json_number_value(json_object_get(one, "low")) * 100,
			      json_number_value(json_object_get(one, "high")) * 100, text_of(one, "text"),
			      text_of(one, "term"));
	if (is_claim(json))
		(void)fprintf(s->out, "\n  Why confidence is %s: %s.\n  Carried by: %s\n", text_of(json, "confidence"),
			      text_of(json, "confidence_why"), text_of(json, "carries"));
	if (*text_of(json, "would_change"))
		(void)fprintf(s->out, "  Would change it: %s\n", text_of(json, "would_change"));
	for (size_t i = 0; i < json_array_size(not_found); i++)
		(void)fprintf(s->out, "  %s%s\n", i ? "           " : "Not found: ",
			      json_string_value(json_array_get(not_found, i)));
}

static int explain(const struct finding *finding, void *data)
{
	struct showing *s = data;
	json_t *json = json_loads(finding->data, 0, NULL);
	const json_t *observations = json_object_get(json, "observations");
	int r = 0;

	if (strcmp(text_of(json, "id"), s->wanted) == 0) {
		s->found = true;
		(void)fprintf(s->out, "%s\n  %s\n\n", s->wanted, finding->value);
		for (size_t i = 0; r == 0 && i < json_array_size(observations); i++)
			r = show_observation(s, json_array_get(observations, i));
		show_reasons(s, json);
	}
	json_decref(json);
	return r;
}

static int take_json(const struct finding *finding, void *data)
{
	json_t *json = json_loads(finding->data, 0, NULL);

	(void)json_object_set_new(json, "finding", json_integer(finding->id));
	(void)json_object_set_new(json, "sentence", json_string(finding->value));
	return json_array_append_new(data, json) < 0 ? -ERR_NO_MEMORY : 0;
}

static int print_json(struct casefile *cf, FILE *out, struct err *err)
{
	const struct finding_filter claim_filter = { .kind = "assess.claim" };
	const struct finding_filter observation_filter = { .kind = "assess.observation" };
	json_t *claims = json_array(), *observations = json_array();
	json_t *root = json_pack("{s:o, s:o}", "claims", claims, "observations", observations);
	int r = root ? findings_each(cf, &claim_filter, take_json, claims, err)
		     : err_set(err, ERR_NO_MEMORY, "no memory for the result");

	if (r == 0)
		r = findings_each(cf, &observation_filter, take_json, observations, err);
	if (r == 0 && json_dumpf(root, out, JSON_INDENT(1) | JSON_PRESERVE_ORDER) < 0)
		r = err_set(err, ERR_IO, "cannot write the result");
	(void)fputc('\n', out);
	json_decref(root);
	return r;
}

/* Explaining asks the assessment that is there; without one, assess first. */
static int count_claims(const struct finding *finding, void *data)
{
	(void)finding;
	++*(uint64_t *)data;
	return 0;
}

static int print_explained(const char *path, const char *claim, FILE *out, struct err *err)
{
	const struct finding_filter claims = { .kind = "assess.claim" };
	scoped(casefile_close) struct casefile *cf = NULL;
	struct showing s = { .out = out, .wanted = claim, .err = err };
	uint64_t n = 0;
	int r = casefile_open(path, CASEFILE_READ, &cf, err);

	s.cf = cf;
	if (r == 0)
		r = findings_each(cf, &claims, count_claims, &n, err);
	if (r == 0 && !n)
		return err_set(err, ERR_NOT_FOUND, "'%s' has not been assessed; run 'xsheet assess %s' first", path,
			       path);
	if (r == 0)
		r = findings_each(cf, &claims, explain, &s, err);
	if (r == 0 && !s.found)
		return err_set(err, ERR_NOT_FOUND, "no claim is called '%s'; 'xsheet assess' lists them", claim);
	return r;
}

static int run(int argc, char **argv, struct session *session, struct err *err)
{
	const struct finding_filter claims = { .kind = "assess.claim" };
	scoped(casefile_close) struct casefile *cf = NULL;
	struct assess_options options = { .profile = "dprk", .tool = XSHEET_TOOL };
	struct assess_tally tally = { 0 };
	struct showing showing = { .out = session->out, .err = err };
	const char *claim = NULL;
	bool helped;
	const struct option_def defs[] = {
		{ OPTION_TEXT, "profile", "NAME", "a profile, or a folder with a \"/\" (dprk)", &options.profile },
		{ OPTION_TEXT, "explain", "CLAIM", "what a claim of the last assessment rests on, to the bytes", &claim },
		{ OPTION_FLAG, "allow-persons", NULL, "let claims name natural persons", &options.persons_allowed },
		{ OPTION_END },
	};
	int r = options_read(argc, argv, defs, session, &helped, err);

	if (r < 0 || helped)
		return r < 0 ? r : 0;
	if (r != 1)
		return err_set(err, ERR_USAGE, "give one case");
	if (claim)
		return print_explained(argv[0], claim, session->out, err);
	r = casefile_open(argv[0], CASEFILE_WRITE, &cf, err);
	if (r == 0)
		r = assess_case(cf, &options, session->progress, &tally, err);
	if (r < 0)
		return r;
	if (session->json)
		return print_json(cf, session->out, err);
	showing.cf = cf;
	r = findings_each(cf, &claims, show_claim, &showing, err);
	(void)fprintf(session->out,
		      "%" PRIu64 " observations looked for: %" PRIu64 " seen, %" PRIu64
		      " not looked for, since a stage has not run.\n'xsheet assess --explain CLAIM %s' shows what a "
		      "claim rests on.\n",
		      tally.observations, tally.seen, tally.not_looked, argv[0]);
	return r;
}

const struct command cmd_assess = {
	.name = "assess",
	.words = "[--profile=NAME] [--explain=CLAIM] [--allow-persons] CASE",
	.summary = "weigh what was found; say how likely, and how sure",
	.help = "Weighs the findings of a case under the hypotheses of a profile.  Words of likelihood\n"
		"are those of ICD 203; how far one may lean on them stands in a sentence of its own.\n"
		"Nothing is said about an actor below \"likely\" or on one line of evidence alone.\n\n"
		"  xsheet assess CASE\n"
		"  xsheet assess --explain relay CASE\n",
	.run = run,
};
