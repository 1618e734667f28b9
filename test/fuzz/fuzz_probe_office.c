/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_probe(&probe_office, (struct worker_input){ .bytes = slice_of(data, size) });
	return 0;
}
