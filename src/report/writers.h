/* SPDX-License-Identifier: Apache-2.0 */
/* The writers by name, for writers.c and tests. */
#ifndef REPORT_WRITERS_H
#define REPORT_WRITERS_H

#include "report/report.h"

extern const struct report_writer report_writer_html;
extern const struct report_writer report_writer_json;

#endif
