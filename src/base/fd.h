/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fd - descriptors and files
 *
 * Every descriptor is opened close-on-exec.  Short reads and writes and
 * EINTR are dealt with here and nowhere else.
 */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <sys/types.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"

/* scoped(fd_close) int fd = -1;  */
static inline void fd_close_scoped(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* Hand a descriptor on: the scoped variable is left empty. */
static inline int take_fd(int *fd)
{
	const int taken = *fd;

	*fd = -1;
	return taken;
}

/* All of it, or an error.  `what` names the file in the message. */
int fd_write(int fd, struct slice bytes, const char *what, struct err *err);
int fd_write_at(int fd, off_t at, struct slice bytes, const char *what, struct err *err);

/* Up to size bytes; *got is less only at the end of the file. */
int fd_read(int fd, void *to, size_t size, size_t *got, const char *what, struct err *err);
int fd_read_at(int fd, off_t at, void *to, size_t size, size_t *got, const char *what,
	       struct err *err);

/* A whole file into `out`, within out's ceiling. */
int file_read(const char *path, struct buf *out, struct err *err);

/* A whole new file: written beside, synced, renamed over `path`. */
int file_write(const char *path, struct slice bytes, mode_t mode, struct err *err);

/* mkdir -p; what is there already is fine if it is a folder. */
int folder_make(const char *path, mode_t mode, struct err *err);

/* fsync() of a folder, so that names in it survive a crash. */
int folder_sync(const char *path, struct err *err);

/* "a/b" from "a" and "b"; the caller frees it with free().  NULL when out of
 * memory. */
char *path_join(const char *folder, const char *name);

/* A descriptor to memory that no path leads to, for one page or object; the
 * caller closes it. */
int fd_memory(const char *name, struct err *err);

#endif
