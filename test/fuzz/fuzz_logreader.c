/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines, plain or unpacked, join to what was read: numbers go up by one,
 * offsets fit the line before.  For plain text they are exactly the lines
 * that slice_line() sees.
 */
#include <assert.h>
#include <unistd.h>

#include "base/fd.h"
#include "logs/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct log_reader *reader = NULL;
	struct slice rest = slice_of(data, size), sample;
	const bool gzip = size >= 2 && data[0] == 0x1F && data[1] == 0x8B;
	struct log_line line;
	uint64_t number = 0, end = 0;
	const int fd = fd_memory("log", NULL);
	int r;

	if (size > 1 << 20 || fd < 0) {
		if (fd >= 0)
			(void)close(fd);
		return 0;
	}
	assert(fd_write(fd, rest, "log", NULL) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	assert(log_reader_open_at(fd, 0, size, "log", &reader, NULL) == 0);
	/* Looking first must not change what is read. */
	if (size % 2)
		assert(log_reader_sample(reader, &sample, NULL) == 0 && sample.n <= 64 << 10);
	while ((r = log_reader_next(reader, &line, NULL)) == 1) {
		struct slice want;

		assert(line.number == ++number && line.offset >= end);
		assert(!memchr(line.text.n ? line.text.p : "", '\n', line.text.n));
		end = line.offset + line.text.n;
		if (gzip)
			continue;
		assert(line.offset == (uint64_t)(rest.p - (const char *)data));
		assert(slice_line(&rest, &want) && slice_equal(want, line.text));
		/* A bomb is read in pieces; that is enough of it. */
	}
	assert(r == 0);
	assert(gzip || (rest.n == 0 && !*log_reader_fault(reader)));
	assert(log_reader_gzip(reader) == gzip);
	log_reader_close(reader);
	return 0;
}
