/* SPDX-License-Identifier: Apache-2.0 */
/* verify: is the case still what was sealed? */
#include <inttypes.h>
#include <jansson.h>

#include "casefile/casefile.h"
#include "cli/command.h"

static const char *const verdicts[] = {
	[VERIFY_VERIFIED] = "verified",
	[VERIFY_FAILED] = "failed",
	[VERIFY_UNVERIFIABLE] = "unverifiable",
};

struct faults {
	struct session *session;
	json_t *list;
};

static void take_fault(enum verdict_kind kind, const char *sentence, void *data)
{
	struct faults *faults = data;

	if (faults->list)
		(void)json_array_append_new(faults->list, json_pack("{s:s, s:s}", "verdict",
								    verdicts[kind], "what", sentence));
	else
		(void)fprintf(faults->session->out, "%s: %s\n", verdicts[kind], sentence);
}

static int print_json(const struct verify_result *result, struct faults *faults, struct err *err)
{
	json_t *json = json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:O}", "verdict",
				 verdicts[result->kind], "key", result->key, "head", result->head,
				 "segments", (json_int_t)result->segments, "records",
				 (json_int_t)result->records, "bytes", (json_int_t)result->bytes, "rows",
				 (json_int_t)result->rows, "ledger_entries",
				 (json_int_t)result->ledger_entries, "faults",
				 (json_int_t)result->faults, "found", faults->list);
	int r = json ? json_dumpf(json, faults->session->out, JSON_INDENT(2)) : -1;

	json_decref(json);
	if (r < 0)
		return err_set(err, ERR_IO, "cannot write the result");
	(void)fputc('\n', faults->session->out);
	return 0;
}

static void print_text(const struct verify_result *result, FILE *out)
{
	(void)fprintf(out, "%s: %" PRIu64 " ledger entries, %" PRIu64 " rows, %" PRIu64
		      " WARC records in %" PRIu64 " segments, %" PRIu64 " bytes; %" PRIu64 " faults\n",
		      verdicts[result->kind], result->ledger_entries, result->rows, result->records,
		      result->segments, result->bytes, result->faults);
	(void)fprintf(out, "key\t%s\nhead\t%s\n", result->key, result->head);
}

static int run(int argc, char **argv, struct session *session, struct err *err)
{
	struct verify_result result = { 0 };
	struct faults faults = { .session = session };
	const char *given = NULL;
	const struct option_def options[] = {
		{ OPTION_TEXT, "key", "HEX|FILE", "the public key that must have signed", &given },
		{ 0 },
	};
	char key[65];
	bool helped;
	int r;

	r = options_read(argc, argv, options, session, &helped, err);
	if (r < 0 || helped)
		return r;
	if (r != 1)
		return err_set(err, ERR_USAGE, "give one case");
	if (given) {
		r = casefile_key(given, key, err);
		if (r < 0)
			return r;
	}
	if (session->json)
		faults.list = json_array();
	r = casefile_verify(argv[0], given ? key : NULL, session->progress, take_fault, &faults, &result,
			    err);
	if (r == 0 && session->json)
		r = print_json(&result, &faults, err);
	else if (r == 0)
		print_text(&result, session->out);
	json_decref(faults.list);
	if (r < 0)
		return r;
	return result.kind == VERIFY_VERIFIED ? 0 : 1;
}

const struct command cmd_verify = {
	.name = "verify",
	.words = "[--key=HEX|FILE] CASE",
	.summary = "check that a case is what was sealed",
	.help = "Checks the ledger's chain and signatures, each byte of the WARC segments, each\n"
		"sealed row, and that nothing is missing.  Answers one of three:\n\n"
		"  verified      all of it is as it was signed\n"
		"  failed        something was changed; each place is named\n"
		"  unverifiable  something was written after the last seal, or is missing to judge\n\n"
		"Exit code 0 only for verified.  A case names its own key, so give --key with one\n"
		"that reached you another way to know who signed.\n\n"
		"  xsheet verify --key=public.pem CASE\n",
	.run = run,
};
