/* SPDX-License-Identifier: Apache-2.0 */
/* The first two bytes are the size, the rest are pixels, over and over:
 * every line that is found has a size and lies near the picture. */
#include <assert.h>
#include <stdlib.h>

#include "base/scoped.h"
#include "examine/textline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped(memory_free) unsigned char *grey = NULL;
	struct textline lines[TEXTLINES_MAX];
	int width, height, n;
	unsigned more;

	if (size < 3)
		return 0;
	width = data[0] * 4 + 1;
	height = data[1] * 4 + 1;
	grey = malloc((size_t)width * (size_t)height);
	assert(grey);
	for (size_t i = 0; i < (size_t)width * (size_t)height; i++)
		grey[i] = data[2 + i % (size - 2)];
	n = textlines_find(grey, width, height, lines, &more);
	assert(n >= 0 && n <= TEXTLINES_MAX);
	for (int i = 0; i < n; i++) {
		assert(lines[i].width > 0 && lines[i].height > 0 && lines[i].height <= height);
		assert(lines[i].x < width && lines[i].x + lines[i].width > 0);
		assert(lines[i].y >= 0 && lines[i].y + lines[i].height <= height);
		assert(lines[i].likeness > 0 && lines[i].likeness <= 1);
	}
	return 0;
}
