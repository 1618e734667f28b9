/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdio.h>
#include <zlib.h>

#include "base/fd.h"
#include "logs/internal.h"
#include "scan/scan.h"

#define WINDOW ((size_t)512 << 10)
#define ENDS 4096
#define SAMPLE_MAX ((size_t)64 << 10)

struct log_reader {
	int fd;
	uint64_t left;               /* bytes that may still be read */
	char *name;
	bool gzip, at_end;

	char *text;                  /* [at, have) is what is not handed out yet */
	size_t room, at, have;
	uint64_t base;               /* offset in the text of text[0] */
	uint64_t number;

	uint32_t ends[ENDS];         /* places of line ends from ends_from on */
	size_t ends_n, ends_at, ends_from, looked;
	bool skipping;               /* within a line that is too long */

	z_stream z;
	bool z_open, in_member;
	unsigned char *raw;
	uint64_t raw_bytes;
	char fault[160];
};

/* Up to `size` bytes of what is ours. */
static int read_some(struct log_reader *r, void *to, size_t size, size_t *got, struct err *err)
{
	int s;

	if (size > r->left)
		size = (size_t)r->left;
	s = fd_read(r->fd, to, size, got, r->name, err);
	if (s == 0)
		r->left -= *got;
	return s;
}

static int begin(struct log_reader *r, struct err *err)
{
	unsigned char magic[2] = { 0 };
	size_t got;
	int s = read_some(r, magic, 2, &got, err);

	if (s < 0)
		return s;
	if (got < 2 || magic[0] != 0x1F || magic[1] != 0x8B) {
		memcpy(r->text, magic, got);
		r->have = got;
		return 0;
	}
	r->gzip = true;
	if (inflateInit2(&r->z, 15 + 16) != Z_OK)
		return err_set(err, ERR_NO_MEMORY, "no memory to unpack '%s'", r->name);
	r->z_open = r->in_member = true;
	memcpy(r->raw, magic, 2);
	r->z.next_in = r->raw;
	r->z.avail_in = 2;
	return 0;
}

int log_reader_open_at(int fd, uint64_t offset, uint64_t length, const char *name,
		       struct log_reader **out, struct err *err)
{
	scoped(log_reader_close) struct log_reader *r = calloc(1, sizeof *r);
	int s;

	if (!r) {
		(void)close(fd);
		return err_set(err, ERR_NO_MEMORY, "no memory");
	}
	r->fd = fd;
	r->left = length;
	r->room = WINDOW;
	r->name = strdup(name);
	r->text = malloc(r->room);
	r->raw = malloc(WINDOW / 2);
	if (!r->name || !r->text || !r->raw)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	if (offset && lseek(fd, (off_t)offset, SEEK_SET) < 0)
		return err_errno(err, "cannot read '%s'", name);
	s = begin(r, err);
	if (s < 0)
		return s;
	*out = take_pointer(&r);
	return 0;
}

int log_reader_open(const char *path, struct log_reader **out, struct err *err)
{
	const int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(err, "cannot open log '%s'", path);
	return log_reader_open_at(fd, 0, UINT64_MAX, path, out, err);
}

void log_reader_close(struct log_reader *r)
{
	if (!r)
		return;
	if (r->z_open)
		(void)inflateEnd(&r->z);
	if (r->fd >= 0)
		(void)close(r->fd);
	free(r->name);
	free(r->text);
	free(r->raw);
	free(r);
}

/* Some more compressed bytes; false at the end of the file. */
static int more_raw(struct log_reader *r, bool *some, struct err *err)
{
	size_t got;
	int s;

	*some = true;
	if (r->z.avail_in)
		return 0;
	s = read_some(r, r->raw, WINDOW / 2, &got, err);
	if (s < 0)
		return s;
	r->raw_bytes += got;
	r->z.next_in = r->raw;
	r->z.avail_in = (unsigned)got;
	*some = got > 0;
	return 0;
}

static int unpack(struct log_reader *r, char *to, size_t size, size_t *got, struct err *err)
{
	*got = 0;
	while (*got < size && !r->at_end) {
		bool some;
		int s = more_raw(r, &some, err);

		if (s < 0)
			return s;
		if (!some) {
			if (r->in_member)
				(void)snprintf(r->fault, sizeof r->fault,
					       "the gzip archive ends early");
			r->at_end = true;
			return 0;
		}
		if (!r->in_member) {
			/* Another member, or padding. */
			if (r->z.next_in[0] != 0x1F) {
				(void)snprintf(r->fault, sizeof r->fault,
					       "something that is no gzip follows the archive");
				r->at_end = true;
				return 0;
			}
			if (inflateReset(&r->z) != Z_OK)
				return err_set(err, ERR_NO_MEMORY, "no memory to unpack '%s'", r->name);
			r->in_member = true;
		}
		r->z.next_out = (unsigned char *)to + *got;
		r->z.avail_out = (unsigned)(size - *got);
		s = inflate(&r->z, Z_NO_FLUSH);
		*got = size - r->z.avail_out;
		if (s == Z_STREAM_END) {
			r->in_member = false;
		} else if (s != Z_OK && s != Z_BUF_ERROR) {
			(void)snprintf(r->fault, sizeof r->fault, "the gzip archive is damaged near byte %llu: %s",
				       (unsigned long long)(r->raw_bytes + 2 - r->z.avail_in),
				       r->z.msg ? r->z.msg : "not gzip");
			r->at_end = true;
		}
	}
	return 0;
}

/* More text behind what is there.  Makes room first: what is handed out goes. */
static int fill(struct log_reader *r, struct err *err)
{
	size_t got = 0;
	int s;

	if (r->at) {
		memmove(r->text, r->text + r->at, r->have - r->at);
		r->base += r->at;
		r->have -= r->at;
		r->looked -= r->at;
		r->at = 0;
		r->ends_n = r->ends_at = 0;
	}
	if (r->room - r->have < WINDOW / 4 && r->room < LINE_MAX_BYTES + WINDOW) {
		const size_t room = r->room * 2;
		char *text = realloc(r->text, room);

		if (!text)
			return err_set(err, ERR_NO_MEMORY, "no memory for a long line of '%s'", r->name);
		r->text = text;
		r->room = room;
	}
	s = r->gzip ? unpack(r, r->text + r->have, r->room - r->have, &got, err)
		    : read_some(r, r->text + r->have, r->room - r->have, &got, err);
	if (s < 0)
		return s;
	if (got == 0)
		r->at_end = true;
	r->have += got;
	return 0;
}

/* The next line end at or behind `at`, among what was read: its place, or -1. */
static int64_t next_end(struct log_reader *r)
{
	if (r->ends_at == r->ends_n) {
		const struct slice rest = slice_of(r->text + r->looked, r->have - r->looked);

		r->ends_at = 0;
		r->ends_from = r->looked;
		r->ends_n = scan_best()->find_all(rest, '\n', r->ends, ENDS);
		if (r->ends_n == 0) {
			r->looked = r->have;
			return -1;
		}
		/* All behind the last one is still to be looked at. */
		r->looked += (size_t)r->ends[r->ends_n - 1] + 1;
		if (r->ends_n < ENDS)
			r->looked = r->have;
	}
	return (int64_t)(r->ends_from + r->ends[r->ends_at++]);
}

static struct slice without_cr(struct slice line)
{
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

int log_reader_next(struct log_reader *r, struct log_line *line, struct err *err)
{
	int s;

	for (;;) {
		const int64_t end = next_end(r);

		if (end >= 0 || (r->at_end && r->have > r->at)) {
			const size_t to = end >= 0 ? (size_t)end : r->have;
			const struct slice text = slice_of(r->text + r->at, to - r->at);
			const bool skipped = r->skipping;

			*line = (struct log_line){
				.text = without_cr(text),
				.offset = r->base + r->at,
				.cut = end < 0 && *r->fault,
				.too_long = text.n > LINE_MAX_BYTES,
			};
			r->at = end >= 0 ? to + 1 : to;
			r->skipping = false;
			if (skipped)
				continue;
			line->number = ++r->number;
			if (line->too_long)
				line->text.n = LINE_MAX_BYTES;
			return 1;
		}
		if (r->at_end)
			return 0;
		if (r->have - r->at > LINE_MAX_BYTES) {
			/* Hand out the beginning, then pass over the rest. */
			const bool skipped = r->skipping;

			*line = (struct log_line){ .text = slice_of(r->text + r->at, LINE_MAX_BYTES),
						   .offset = r->base + r->at, .too_long = true };
			r->at = r->have;
			r->skipping = true;
			if (skipped)
				continue;
			line->number = ++r->number;
			return 1;
		}
		s = fill(r, err);
		if (s < 0)
			return s;
	}
}

int log_reader_sample(struct log_reader *r, struct slice *sample, struct err *err)
{
	size_t n;
	int s = 0;

	while (s == 0 && !r->at_end && r->have < SAMPLE_MAX)
		s = fill(r, err);
	if (s < 0)
		return s;
	n = r->have < SAMPLE_MAX ? r->have : SAMPLE_MAX;
	/* Whole lines only, unless that is all there is. */
	if (!r->at_end || r->have > n || *r->fault)
		for (size_t i = n; i > 0; i--)
			if (r->text[i - 1] == '\n') {
				n = i;
				break;
			}
	*sample = slice_of(r->text, n);
	return 0;
}

const char *log_reader_fault(const struct log_reader *r)
{
	return r->fault;
}

bool log_reader_gzip(const struct log_reader *r)
{
	return r->gzip;
}

uint64_t log_reader_bytes(const struct log_reader *r)
{
	return r->base + r->have;
}
