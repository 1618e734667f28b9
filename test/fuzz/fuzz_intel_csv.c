/* SPDX-License-Identifier: Apache-2.0 */
/* A list is read or refused with the line that is broken; what is read has no
 * more rows than lines. */
#include <assert.h>

#include "intel/intel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_of(data, size), line;
	struct err err = { 0 };
	uint64_t rows = 0, lines = 0;
	int r;

	if (size > 1 << 20)
		return 0;
	while (slice_line(&rest, &line))
		lines++;
	r = intel_list_check(slice_of(data, size), "list", &rows, &err);
	assert(rows <= lines);
	if (r == 0)
		assert(rows > 0);
	else
		assert(strstr(err.text, "'list'") != NULL);
	return 0;
}
