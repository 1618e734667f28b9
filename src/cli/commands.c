/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

/* Every command, in the order of the work. */
const struct command *const commands[] = {
	NULL,
};
