/* SPDX-License-Identifier: Apache-2.0 */
/* xsheet - the exposure sheet of an exposed server.  See cli/command.h. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <string.h>

#include "cli/command.h"

static void usage(FILE *out)
{
	(void)fputs("usage: xsheet COMMAND [OPTION...] [OPERAND...]\n\n"
		    "Draws up the sheet of an exposed server: what it shows, what appeared each day,\n"
		    "who worked on it for whom, who logged in from where, and how sure one can be.\n\n"
		    "Commands:\n",
		    out);
	for (const struct command *const *c = commands; *c; c++)
		(void)fprintf(out, "  %-12s %s\n", (*c)->name, (*c)->summary);
	(void)fputs("\n'xsheet COMMAND --help' tells more.  A first look:\n"
		    "  xsheet investigate URL --logs access.log --case CASE -o report.html\n",
		    out);
}

static int run(const struct command *command, int argc, char **argv, struct err *err)
{
	struct session session = {
		.out = stdout,
		.progress = progress_new(stderr, progress_style_for(stderr, false)),
		.command = command->name,
	};
	int r = command->run(argc, argv, &session, err);

	progress_free(session.progress);
	if (fflush(stdout) != 0 && errno != EPIPE && r == 0)
		r = err_errno(err, "cannot write the result");
	return r;
}

int main(int argc, char **argv)
{
	struct err err = { 0 };

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	(void)signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		usage(stderr);
		return 2;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		usage(stdout);
		return 0;
	}
	if (strcmp(argv[1], "--version") == 0) {
		(void)puts(XSHEET_TOOL);
		return 0;
	}
	for (const struct command *const *c = commands; *c; c++) {
		int r;

		if (strcmp(argv[1], (*c)->name) != 0)
			continue;
		r = run(*c, argc - 2, argv + 2, &err);
		if (r >= 0)
			return r;
		(void)fprintf(stderr, "xsheet %s: %s\n", (*c)->name, err.text);
		return r == -ERR_USAGE ? 2 : 1;
	}
	err_set(&err, ERR_USAGE, "'%.100s' is no command; see 'xsheet --help'", argv[1]);
	(void)fprintf(stderr, "xsheet: %s\n", err.text);
	return 2;
}
