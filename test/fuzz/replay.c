/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over the files of its corpus, as an ordinary test. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int one(const char *folder, const char *name, struct err *err)
{
	scoped(memory_free) char *path = path_join(folder, name);
	scoped(buf_done) struct buf bytes = buf_limited(64 << 20);
	scoped(memory_free) uint8_t *exact = NULL;
	int r;

	if (!path)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	r = file_read(path, &bytes, err);
	if (r < 0)
		return r;
	/* Exactly as large as the input, so that a sanitizer sees a step past it. */
	exact = malloc(bytes.n ? bytes.n : 1);
	if (!exact)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	if (bytes.n)
		memcpy(exact, bytes.p, bytes.n);
	(void)LLVMFuzzerTestOneInput(exact, bytes.n);
	return 0;
}

int main(int argc, char **argv)
{
	struct err err = { 0 };
	size_t count = 0;
	DIR *folder;

	if (argc != 2)
		return 2;
	folder = opendir(argv[1]);
	if (!folder) {
		(void)fprintf(stderr, "no corpus '%s'\n", argv[1]);
		return 1;
	}
	for (struct dirent *entry; (entry = readdir(folder));) {
		if (entry->d_name[0] == '.')
			continue;
		if (one(argv[1], entry->d_name, &err) < 0) {
			(void)fprintf(stderr, "%s\n", err.text);
			return 1;
		}
		count++;
	}
	(void)closedir(folder);
	(void)printf("%zu inputs\n", count);
	return count ? 0 : 1;
}
