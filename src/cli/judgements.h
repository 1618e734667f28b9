/* SPDX-License-Identifier: Apache-2.0 */
/* judgements - the key judgements of a case, as text on a terminal */
#ifndef CLI_JUDGEMENTS_H
#define CLI_JUDGEMENTS_H

#include <stdio.h>

#include "base/err.h"

struct casefile;

/* Numbered, one a paragraph, wrapped; *n says how many there were. */
int judgements_print(struct casefile *cf, FILE *out, unsigned *n, struct err *err);

#endif
