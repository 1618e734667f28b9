/* SPDX-License-Identifier: Apache-2.0 */
#include "report/writers.h"

#include <string.h>

/* Every writer; the first is the default. */
const struct report_writer *const report_writers[] = {
	&report_writer_html,
	&report_writer_json,
	NULL,
};

const struct report_writer *report_writer_named(const char *name)
{
	for (const struct report_writer *const *w = report_writers; *w; w++)
		if (strcmp((*w)->name, name) == 0)
			return *w;
	return NULL;
}
