/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place - where the program's own files are
 *
 * Profiles and address tables come with the program or are fetched by
 * scripts/install-deps.  Looked for, in this order: the environment
 * (XSHEET_PROFILES, XSHEET_INTEL), beside the installed program
 * (../share/xsheet/NAME), in the source tree the program was built in
 * (profiles/, data/intel/: found by walking up from the program).
 */
#ifndef BASE_PLACE_H
#define BASE_PLACE_H

#include "base/err.h"

enum place {
	PLACE_PROFILES,
	PLACE_INTEL,
};

/* The folder; the caller frees it with free().  ERR_NOT_FOUND says where it
 * was looked for and what would help. */
int place_find(enum place place, char **out, struct err *err);

/* The folder this program lies in; the caller frees it.  NULL on failure. */
char *place_program(void);

/* Where the user's signing key and settings live: $XSHEET_HOME, else
 * $XDG_CONFIG_HOME/xsheet, else ~/.config/xsheet.  Made if missing.  The
 * caller frees it. */
int place_home(char **out, struct err *err);

#endif
