/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

extern const struct command cmd_logs;

/* Every command, in the order of the work. */
const struct command *const commands[] = {
	&cmd_logs,
	NULL,
};
