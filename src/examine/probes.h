/* SPDX-License-Identifier: Apache-2.0 */
/* The probes, one a file: see sandbox/worker.h. */
#ifndef EXAMINE_PROBES_H
#define EXAMINE_PROBES_H

#include "sandbox/worker.h"

extern const struct probe probe_type, probe_text, probe_office, probe_picture, probe_ocr;

#endif
