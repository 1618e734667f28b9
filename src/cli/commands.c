/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

extern const struct command cmd_assess;
extern const struct command cmd_logs;
extern const struct command cmd_match;

/* Every command, in the order of the work. */
const struct command *const commands[] = {
	&cmd_logs,
	&cmd_match,
	&cmd_assess,
	NULL,
};
