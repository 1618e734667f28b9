/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WORKER_PROBES_H
#define WORKER_PROBES_H

#include "examine/probes.h"

extern const struct probe *const probes[];

#endif
