/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case-of-folder FOLDER CASE - a case with the files of a folder, for tests
 *
 * One capture, no listing; what tests of later stages need when collecting
 * is not what they test.
 */
#define _XOPEN_SOURCE 700 /* nftw */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "casefile/casefile.h"

static struct casefile *cf;
static int64_t capture;
static size_t root;
static struct err err;

static int one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	scoped(fd_close) int fd = -1;
	struct sighting sighting = { .basis = BASIS_FETCHED, .size_exact = true,
				     .modified = CLOCK_NONE, .listed_time = CLOCK_NONE, .why = "" };
	char uri[4200];

	(void)walk;
	if (kind != FTW_F)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	(void)snprintf(uri, sizeof uri, "file://%s", path);
	sighting.path = slice_text(path + root);
	sighting.listed_size = (uint64_t)status->st_size;
	if (warc_add_resource(cf, uri, fd, (uint64_t)status->st_size, clock_now(), &sighting.object, &err) < 0)
		return -1;
	return sighting_add(cf, capture, &sighting, &err) < 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
	struct source source = { .kind = "folder", .scope = "{}" };
	int64_t id;
	bool resumed;

	if (argc != 3)
		return 2;
	source.locator = argv[1];
	root = strlen(argv[1]) + 1;
	if (casefile_create(argv[2], "a test", &err) < 0 ||
	    casefile_open(argv[2], CASEFILE_WRITE, &cf, &err) < 0 ||
	    casefile_source(cf, &source, &id, &err) < 0 ||
	    capture_begin(cf, id, &capture, &resumed, &err) < 0 ||
	    nftw(argv[1], one, 32, FTW_PHYS) != 0 ||
	    capture_end(cf, capture, NULL, &err) < 0 || casefile_seal(cf, "collect", &err) < 0) {
		(void)fprintf(stderr, "case-of-folder: %s\n", err.text);
		return 1;
	}
	casefile_close(cf);
	return 0;
}
