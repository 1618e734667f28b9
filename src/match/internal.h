/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of match/ share. */
#ifndef MATCH_INTERNAL_H
#define MATCH_INTERNAL_H

#include "base/slice.h"

/* Folded words. */
bool word_is_common(struct slice word);
bool word_is_company_form(struct slice word);

#endif
