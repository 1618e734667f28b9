/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command - one thing the program can do
 *
 * A command reads its words, calls a library, prints to `out`, returns its
 * errors.  Anything worth testing below that belongs in the library.
 *
 * To add one: cli/cmd_NAME.c with one `const struct command cmd_NAME`, its
 * line in cli/commands.c, a page docs/man/xsheet-NAME.1.
 *
 * Exit codes (a promise): 0 done; 1 it failed, or what was checked is not as
 * it should be; 2 the words were off.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdio.h>

#include "base/err.h"
#include "base/progress.h"

#define XSHEET_TOOL "xsheet " XSHEET_VERSION

enum option_kind {
	OPTION_END,
	OPTION_FLAG,      /* --name; into bool * */
	OPTION_TEXT,      /* --name=VALUE or --name VALUE; into const char ** */
	OPTION_NUMBER,    /* a whole number; into uint64_t * */
	OPTION_REAL,      /* a decimal number, 0 or more; into double * */
	OPTION_LIST,      /* may be given again; into struct option_list * */
};

#define OPTION_LIST_MAX 256
struct option_list {
	const char *value[OPTION_LIST_MAX];
	size_t n;
};

struct option_def {
	enum option_kind kind;
	const char *name, *value, *help;      /* value: "FILE"; NULL for a flag */
	void *into;
};

/* What every command gets. */
struct session {
	FILE *out;                      /* results */
	struct progress *progress;      /* on stderr; may be NULL */
	bool json, quiet;               /* --json, --quiet: every command has them */
	const char *command;
};

struct command {
	const char *name;
	const char *words;         /* the synopsis behind the name */
	const char *summary;       /* one line */
	const char *help;          /* some paragraphs, with an example; each line ends with \n */
	int (*run)(int argc, char **argv, struct session *session, struct err *err);
};

extern const struct command *const commands[];

/*
 * Read the options; argv is reordered so that what remains (the operands)
 * stands first.  "--" ends options; "-" is an operand.  --help prints the
 * command's help from `options` and ends well: then *helped is true and the
 * command returns 0 at once.  Returns the number of operands.
 */
int options_read(int argc, char **argv, const struct option_def *options, struct session *session,
		 bool *helped, struct err *err);

#endif
