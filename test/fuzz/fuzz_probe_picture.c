/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

#define ROOM (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char pixels[ROOM];

	fuzz_probe(&probe_picture, (struct worker_input){ .bytes = slice_of(data, size),
							  .pixels = pixels, .pixels_size = ROOM });
	return 0;
}
