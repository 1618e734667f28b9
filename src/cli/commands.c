/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

extern const struct command cmd_assess;
extern const struct command cmd_collect;
extern const struct command cmd_examine;
extern const struct command cmd_init;
extern const struct command cmd_investigate;
extern const struct command cmd_logs;
extern const struct command cmd_match;
extern const struct command cmd_report;
extern const struct command cmd_verify;

/* Every command, in the order of the work. */
const struct command *const commands[] = {
	&cmd_investigate,
	&cmd_init,
	&cmd_collect,
	&cmd_examine,
	&cmd_logs,
	&cmd_match,
	&cmd_assess,
	&cmd_report,
	&cmd_verify,
	NULL,
};
