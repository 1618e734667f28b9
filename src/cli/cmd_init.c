/* SPDX-License-Identifier: Apache-2.0 */
/* init: make an empty case. */
#include "casefile/casefile.h"
#include "base/text.h"
#include "cli/command.h"

static int print(struct casefile *cf, struct session *session)
{
	scoped(buf_done) struct buf path = buf_limited(1 << 20);

	if (session->json) {
		(void)text_json(&path, slice_text(casefile_path(cf)));
		(void)fprintf(session->out, "{\"case\":%s}\n", buf_string(&path) ? path.p : "null");
		return 0;
	}
	(void)text_safe(&path, slice_text(casefile_path(cf)), false);
	(void)fprintf(session->out, "made an empty case in '%s'\n", buf_string(&path) ? path.p : "");
	return 0;
}

static int run(int argc, char **argv, struct session *session, struct err *err)
{
	scoped(casefile_close) struct casefile *cf = NULL;
	const char *authority = NULL;
	const struct option_def options[] = {
		{ OPTION_TEXT, "authority", "TEXT", "under which authority one looks; kept in the ledger",
		  &authority },
		{ 0 },
	};
	bool helped;
	int r;

	r = options_read(argc, argv, options, session, &helped, err);
	if (r < 0 || helped)
		return r;
	if (r != 1)
		return err_set(err, ERR_USAGE, "give the folder for one case");
	r = casefile_create(argv[0], authority, err);
	if (r == 0)
		r = casefile_open(argv[0], CASEFILE_READ, &cf, err);
	return r < 0 ? r : print(cf, session);
}

const struct command cmd_init = {
	.name = "init",
	.words = "[--authority=TEXT] CASE",
	.summary = "make an empty case",
	.help = "Makes the folder CASE with an empty database, no WARC segment and a ledger whose\n"
		"first entry says with which tool, key and authority it was begun.  The signing\n"
		"key is the user's own (XSHEET_HOME); it is made at first use.\n\n"
		"  xsheet init --authority 'order 12/2024' CASE\n",
	.run = run,
};
