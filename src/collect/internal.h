/* SPDX-License-Identifier: Apache-2.0 */
/* For collect/ itself. */
#ifndef COLLECT_INTERNAL_H
#define COLLECT_INTERNAL_H

#include <stdio.h>
#include <stdlib.h>

#include "collect/collect.h"
#include "collect/listing.h"
#include "collect/robots.h"
#include "collect/url.h"

/* Read a listing whose links stand in the element `container`. */
int links_read(const struct page *page, struct listing_sink *sink, enum listing_style style,
	       const char *container, struct err *err);

#endif
