/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "cli/command.h"

static const struct command *command_named(const char *name)
{
	for (const struct command *const *c = commands; *c; c++)
		if (strcmp((*c)->name, name) == 0)
			return *c;
	return NULL;
}

static void print_option(FILE *out, const char *name, const char *value, const char *help)
{
	char left[40];

	(void)snprintf(left, sizeof left, "--%s%s%s", name, value ? "=" : "", value ? value : "");
	(void)fprintf(out, "  %-22s %s\n", left, help);
}

static void print_help(const struct session *session, const struct option_def *options)
{
	const struct command *command = command_named(session->command);

	(void)fprintf(session->out, "usage: xsheet %s %s\n\n%s\n", command->name, command->words,
		      command->help);
	(void)fputs("Options:\n", session->out);
	for (; options->kind != OPTION_END; options++)
		print_option(session->out, options->name, options->value, options->help);
	print_option(session->out, "json", NULL, "the result as JSON, for programs");
	print_option(session->out, "quiet", NULL, "no progress");
	print_option(session->out, "help", NULL, "this text");
}

static int store(const struct option_def *option, const char *value, struct err *err)
{
	char *end;

	switch (option->kind) {
	case OPTION_TEXT:
		*(const char **)option->into = value;
		return 0;
	case OPTION_NUMBER:
		if (!slice_u64(slice_text(value), option->into))
			return err_set(err, ERR_USAGE, "--%s needs a whole number, not '%s'",
				       option->name, value);
		return 0;
	case OPTION_REAL:
		errno = 0;
		*(double *)option->into = strtod(value, &end);
		if (errno || *end || end == value || !isfinite(*(double *)option->into) ||
		    *(double *)option->into < 0)
			return err_set(err, ERR_USAGE, "--%s needs a number, not '%s'",
				       option->name, value);
		return 0;
	case OPTION_LIST: {
		struct option_list *list = option->into;

		if (list->n == OPTION_LIST_MAX)
			return err_set(err, ERR_USAGE, "--%s is given more than %d times",
				       option->name, OPTION_LIST_MAX);
		list->value[list->n++] = value;
		return 0;
	}
	default:
		*(bool *)option->into = true;
		return 0;
	}
}

static const struct option_def *option_named(const struct option_def *options, struct slice name)
{
	for (; options->kind != OPTION_END; options++)
		if (slice_is(name, options->name))
			return options;
	return NULL;
}

/* Options every command has. */
static bool common_option(const char *word, struct session *session)
{
	if (strcmp(word, "--json") == 0)
		session->json = true;
	else if (strcmp(word, "--quiet") == 0)
		session->quiet = true;
	else
		return false;
	return true;
}

int options_read(int argc, char **argv, const struct option_def *options, struct session *session,
		 bool *helped, struct err *err)
{
	int operands = 0;
	bool ended = false;

	*helped = false;
	for (int i = 0; i < argc; i++) {
		struct slice word = slice_text(argv[i]), name;
		const struct option_def *option;
		const char *value = NULL;
		int r;

		if (!ended && slice_is(word, "--")) {
			ended = true;
			continue;
		}
		if (!ended && slice_is(word, "-o"))
			word = SLICE("--output");
		if (ended || !slice_starts(word, SLICE("-")) || word.n == 1) {
			argv[operands++] = argv[i];
			continue;
		}
		if (slice_is(word, "--help") || slice_is(word, "-h")) {
			print_help(session, options);
			*helped = true;
			return 0;
		}
		if (common_option(argv[i], session))
			continue;
		name = slice_skip(word, slice_starts(word, SLICE("--")) ? 2 : 1);
		if (slice_cut(&word, '=', &name)) {
			name = slice_skip(name, 2);
			value = word.p;
		}
		option = option_named(options, name);
		if (!option)
			return err_set(err, ERR_USAGE, "'%s' is no option of xsheet %s; see 'xsheet %s --help'",
				       argv[i], session->command, session->command);
		if (option->kind == OPTION_FLAG && value)
			return err_set(err, ERR_USAGE, "--%s takes no value", option->name);
		if (option->kind != OPTION_FLAG && !value) {
			if (++i == argc)
				return err_set(err, ERR_USAGE, "--%s needs a value (%s)",
					       option->name, option->value);
			value = argv[i];
		}
		r = store(option, value, err);
		if (r < 0)
			return r;
	}
	if (session->quiet) {
		progress_free(session->progress);
		session->progress = NULL;
	}
	return operands;
}
