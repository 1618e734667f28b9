/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memfd_create */
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* at < 0: at the descriptor's own place. */
static int write_all(int fd, off_t at, struct slice bytes, const char *what, struct err *err)
{
	while (bytes.n) {
		const ssize_t n = at < 0 ? write(fd, bytes.p, bytes.n)
					 : pwrite(fd, bytes.p, bytes.n, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "cannot write '%s'", what);
		bytes = slice_skip(bytes, (size_t)n);
		at = at < 0 ? at : at + n;
	}
	return 0;
}

static int read_all(int fd, off_t at, void *to, size_t size, size_t *got, const char *what,
		    struct err *err)
{
	size_t have = 0;

	while (have < size) {
		char *p = (char *)to + have;
		const ssize_t n = at < 0 ? read(fd, p, size - have)
					 : pread(fd, p, size - have, at + (off_t)have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "cannot read '%s'", what);
		if (n == 0)
			break;
		have += (size_t)n;
	}
	*got = have;
	return 0;
}

int fd_write(int fd, struct slice bytes, const char *what, struct err *err)
{
	return write_all(fd, -1, bytes, what, err);
}

int fd_write_at(int fd, off_t at, struct slice bytes, const char *what, struct err *err)
{
	return write_all(fd, at, bytes, what, err);
}

int fd_read(int fd, void *to, size_t size, size_t *got, const char *what, struct err *err)
{
	return read_all(fd, -1, to, size, got, what, err);
}

int fd_read_at(int fd, off_t at, void *to, size_t size, size_t *got, const char *what,
	       struct err *err)
{
	return read_all(fd, at, to, size, got, what, err);
}

int file_read(const char *path, struct buf *out, struct err *err)
{
	scoped(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	for (;;) {
		const size_t left = out->limit - out->n;
		const size_t want = left < 65536 ? left + 1 : 65536;
		char place[65537];
		size_t got;
		int r = fd_read(fd, place, want, &got, path, err);

		if (r < 0)
			return r;
		if (got > left)
			return err_set(err, ERR_LIMIT, "'%s' is larger than %zu bytes", path,
				       out->limit);
		r = buf_add(out, slice_of(place, got));
		if (r < 0)
			return err_set(err, ERR_NO_MEMORY, "no memory for '%s'", path);
		if (got < want)
			return 0;
	}
}

static int write_beside(const char *path, const char *beside, struct slice bytes, mode_t mode,
			struct err *err)
{
	scoped(fd_close) int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	int r;

	if (fd < 0)
		return err_errno(err, "cannot write '%s'", path);
	r = fd_write(fd, bytes, path, err);
	if (r < 0)
		return r;
	if (fsync(fd) < 0)
		return err_errno(err, "cannot write '%s'", path);
	if (rename(beside, path) < 0)
		return err_errno(err, "cannot write '%s'", path);
	return 0;
}

int file_write(const char *path, struct slice bytes, mode_t mode, struct err *err)
{
	scoped(buf_done) struct buf beside = buf_limited(65536);
	int r;

	(void)buf_printf(&beside, "%s.%ld.new", path, (long)getpid());
	if (buf_broken(&beside) || !buf_string(&beside))
		return err_set(err, ERR_NO_MEMORY, "no memory to write '%s'", path);
	r = write_beside(path, buf_string(&beside), bytes, mode, err);
	if (r < 0)
		(void)unlink(buf_string(&beside));
	return r;
}

int folder_make(const char *path, mode_t mode, struct err *err)
{
	scoped(memory_free) char *copy = strdup(path);
	struct stat status;

	if (!copy)
		return err_set(err, ERR_NO_MEMORY, "no memory to make '%s'", path);
	for (char *at = copy + 1; *copy && *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(copy, mode) < 0 && errno != EEXIST)
			return err_errno(err, "cannot make folder '%s'", copy);
		*at = '/';
	}
	if (mkdir(copy, mode) < 0 && errno != EEXIST)
		return err_errno(err, "cannot make folder '%s'", path);
	if (stat(path, &status) < 0)
		return err_errno(err, "cannot make folder '%s'", path);
	if (!S_ISDIR(status.st_mode))
		return err_set(err, ERR_EXISTS, "'%s' is there, but is no folder", path);
	return 0;
}

int folder_sync(const char *path, struct err *err)
{
	scoped(fd_close) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0)
		return err_errno(err, "cannot sync folder '%s'", path);
	return 0;
}

char *path_join(const char *folder, const char *name)
{
	scoped(buf_done) struct buf path = buf_limited(65536);
	const size_t n = strlen(folder);

	(void)buf_text(&path, folder);
	if (n && folder[n - 1] != '/')
		(void)buf_char(&path, '/');
	(void)buf_text(&path, name);
	return buf_take(&path);
}

int fd_memory(const char *name, struct err *err)
{
	const int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return err_errno(err, "no memory file for '%s'", name);
	return fd;
}
