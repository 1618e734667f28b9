/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever the path, each field lies inside it, and an answer of "no" leaves
 * nothing behind.
 */
#include <assert.h>

#include "match/filename.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice path = slice_of(data, size);
	struct filename f;
	const bool read = filename_read(path, &f);
	const struct slice fields[] = { f.show, f.season, f.episode, f.sequence, f.scene, f.shot,
					f.cut, f.stage, f.take, f.version, f.layer, f.frame };
	bool any = false;

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (!fields[i].n)
			continue;
		any = true;
		assert(fields[i].p >= path.p && fields[i].p + fields[i].n <= path.p + path.n);
	}
	assert(read == any);
	return 0;
}
