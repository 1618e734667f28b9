/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/probes.h"

/* Every kind of worker. */
const struct probe *const probes[] = {
	&probe_type,
	&probe_text,
	&probe_office,
	&probe_picture,
	&probe_ocr,
	NULL,
};
