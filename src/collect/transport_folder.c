/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A local folder.  It is walked below one open descriptor, link by link with
 * O_NOFOLLOW: symbolic links are listed, never followed.
 */
#define _GNU_SOURCE      /* realpath() under _POSIX_C_SOURCE alone */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/text.h"
#include "collect/transport.h"

#define NAMES_MAX 1000000

struct folder {
	struct collector *c;
	int root;
	char *path;
};

static int claims(const char *locator, struct buf *source, struct buf *scope, struct err *err)
{
	scoped(memory_free) char *real = NULL;
	struct stat st;

	if (strstr(locator, "://"))
		return 0;
	real = realpath(locator, NULL);
	if (!real)
		return err_errno(err, "cannot open the folder '%s'", locator);
	if (stat(real, &st) < 0 || !S_ISDIR(st.st_mode))
		return err_set(err, ERR_USAGE, "'%s' is no folder", locator);
	(void)buf_text(source, real);
	(void)buf_text(scope, "{\"links\":\"not followed\"}");
	return 1;
}

static int folder_open(struct collector *c, const char *source, void **state, struct err *err)
{
	struct folder *f = calloc(1, sizeof *f);

	if (!f || !(f->path = strdup(source))) {
		free(f);
		return err_set(err, ERR_NO_MEMORY, "no memory");
	}
	f->c = c;
	f->root = open(source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->root < 0) {
		free(f->path);
		free(f);
		return err_errno(err, "cannot open the folder '%s'", source);
	}
	*state = f;
	return 0;
}

static void folder_close(void *state)
{
	struct folder *f = state;

	(void)close(f->root);
	free(f->path);
	free(f);
}

/* Open `path` below the root, no component of it a link. */
static int open_below(const struct folder *f, struct slice path, int flags)
{
	scoped(fd_close) int at = openat(f->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct slice name;
	char text[NAME_MAX + 1];

	while (at >= 0 && path.n) {
		const bool more = slice_cut(&path, '/', &name);
		int next;

		if (!more) {
			name = path;
			path.n = 0;
		}
		if (name.n > NAME_MAX) {
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(text, name.p, name.n);
		text[name.n] = '\0';
		next = openat(at, text, (more ? O_RDONLY | O_DIRECTORY : flags) | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			return -1;
		(void)close(at);
		at = next;
	}
	return take_fd(&at);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names {
	char **v;
	size_t n, room;
};
static void names_done_scoped(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->v[i]);
	free(names->v);
}

static int names_add(struct names *names, const char *name, struct err *err)
{
	if (names->n == names->room) {
		const size_t room = names->room ? names->room * 2 : 64;
		char **v = realloc(names->v, room * sizeof *v);

		if (!v)
			return err_set(err, ERR_NO_MEMORY, "no memory");
		names->v = v;
		names->room = room;
	}
	names->v[names->n] = strdup(name);
	if (!names->v[names->n])
		return err_set(err, ERR_NO_MEMORY, "no memory");
	names->n++;
	return 0;
}

static int hand_on(int dir, const char *name, int (*each)(const struct listed *, void *), void *data)
{
	struct listed entry = {
		.name = slice_text(name), .size = SIZE_NOT_STATED, .size_max = SIZE_NOT_STATED,
		.time = CLOCK_NONE,
	};
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		entry.unfetchable = "it cannot be looked at";
		return each(&entry, data);
	}
	entry.time = (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
	if (S_ISDIR(st.st_mode)) {
		entry.folder = true;
	} else if (S_ISREG(st.st_mode)) {
		entry.size = entry.size_min = entry.size_max = (uint64_t)st.st_size;
	} else {
		entry.unfetchable = S_ISLNK(st.st_mode) ? "a symbolic link" : "no regular file";
	}
	return each(&entry, data);
}

static int folder_list(void *state, struct slice path, int (*each)(const struct listed *, void *),
		       void *data, struct listing *out, struct err *err)
{
	struct folder *f = state;
	scoped(names_done) struct names names = { 0 };
	scoped(fd_close) int fd = open_below(f, path, 0);
	DIR *dir;
	int r = 0;

	*out = (struct listing){ .state = LISTING_COMPLETE, .reader = "folder" };
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		out->state = errno == EACCES ? LISTING_REFUSED : LISTING_FAILED;
		(void)snprintf(out->why, sizeof out->why, "the folder cannot be opened (error %d)", errno);
		return 0;
	}
	(void)take_fd(&fd);
	errno = 0;
	for (struct dirent *e; r == 0 && (e = readdir(dir)); errno = 0) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (names.n == NAMES_MAX) {
			out->state = LISTING_PARTIAL;
			(void)snprintf(out->why, sizeof out->why, "more than %d names", NAMES_MAX);
			break;
		}
		r = names_add(&names, e->d_name, err);
	}
	if (r == 0 && errno && out->state == LISTING_COMPLETE) {
		out->state = LISTING_PARTIAL;
		(void)snprintf(out->why, sizeof out->why, "reading the folder failed (error %d)", errno);
	}
	if (names.n)
		qsort(names.v, names.n, sizeof *names.v, by_name);
	for (size_t i = 0; r == 0 && i < names.n; i++)
		r = hand_on(dirfd(dir), names.v[i], each, data);
	(void)closedir(dir);
	return r;
}

static int folder_fetch(void *state, struct slice path, struct fetched *out, struct err *err)
{
	struct folder *f = state;
	scoped(buf_done) struct buf uri = buf_limited(1 << 16);
	/* O_NONBLOCK: a pipe put in the file's place must not hold us up. */
	scoped(fd_close) int fd = open_below(f, path, O_RDONLY | O_NONBLOCK);
	struct stat st;
	int r;

	*out = (struct fetched){ .modified = CLOCK_NONE };
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		(void)snprintf(out->why, sizeof out->why, fd < 0 ? "it cannot be opened (error %d)" :
								   "no regular file any more (%d)", errno);
		return 0;
	}
	out->modified = (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
	(void)buf_text(&uri, "file://");
	(void)url_encode(&uri, slice_text(f->path));
	(void)buf_char(&uri, '/');
	(void)url_encode(&uri, path);
	if (buf_broken(&uri) || !buf_string(&uri))
		return err_set(err, ERR_LIMIT, "a path is too long");
	r = warc_add_resource(f->c->cf, buf_string(&uri), fd, (uint64_t)st.st_size, clock_now(),
			      &out->object, err);
	if (r < 0)
		return err_prefix(err, r, "keeping a file");
	f->c->tally->bytes += (uint64_t)st.st_size;
	out->ok = true;
	return 0;
}

const struct transport transport_folder = {
	.kind = "folder",
	.grain_ms = 2000,
	.claims = claims,
	.open = folder_open,
	.list = folder_list,
	.fetch = folder_fetch,
	.close = folder_close,
};
