/* SPDX-License-Identifier: Apache-2.0 */
/* A picture that tga_look() accepts is read without a step outside it, and
 * every whole row is counted. */
#include <assert.h>
#include <stdlib.h>

#include "base/scoped.h"
#include "examine/tga.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice bytes = slice_of(data, size);
	scoped(memory_free) unsigned char *grey = NULL;
	struct tga_head head;
	uint32_t rows = 0;
	bool whole;

	(void)tga_signed(bytes);
	if (!tga_look(bytes, &head))
		return 0;
	assert(head.width && head.height && head.pixels < size);
	if ((uint64_t)head.width * head.height > 4u << 20)
		return 0;
	grey = malloc((size_t)head.width * head.height);
	assert(grey);
	whole = tga_grey(bytes, &head, grey, &rows);
	assert(rows <= head.height && whole == (rows == head.height));
	return 0;
}
