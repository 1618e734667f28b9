/* SPDX-License-Identifier: Apache-2.0 */
/* Lists and databases that were used, kept under their hash in CASE/intel/. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>

#include "base/text.h"
#include "casefile/internal.h"

#define PIECE ((size_t)1 << 18)

/* Copy (or, with to < 0, only read) and hash. */
static int copy_hash(int from, int to, const char *path, struct sha256 *hash, uint64_t *size,
		     struct err *err)
{
	scoped(hasher_free) struct hasher *hasher = hasher_new();
	scoped(memory_free) char *place = malloc(PIECE);
	size_t got;

	if (!hasher || !place)
		return err_set(err, ERR_NO_MEMORY, "no memory to keep '%s'", path);
	*size = 0;
	do {
		int r = fd_read_at(from, (off_t)*size, place, PIECE, &got, path, err);

		if (r == 0 && to >= 0)
			r = fd_write(to, slice_of(place, got), path, err);
		if (r < 0)
			return r;
		hasher_add(hasher, slice_of(place, got));
		*size += got;
	} while (got == PIECE);
	*hash = hasher_end(hasher);
	return 0;
}

static int keep(struct casefile *cf, int from, const char *path, const char *kept,
		const struct sha256 *hash, struct err *err)
{
	scoped(memory_free) char *beside = casefile_file(cf, "intel/.new", err);
	scoped(memory_free) char *folder = casefile_file(cf, "intel", err);
	scoped(fd_close) int to = -1;
	struct sha256 again;
	uint64_t size;
	int r;

	if (!beside || !folder)
		return -ERR_NO_MEMORY;
	to = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (to < 0)
		return err_errno(err, "cannot keep '%s'", path);
	r = copy_hash(from, to, path, &again, &size, err);
	if (r == 0 && !sha256_equal(hash, &again))
		r = err_set(err, ERR_IO, "'%s' changed while it was read", path);
	if (r == 0 && (fsync(to) < 0 || rename(beside, kept) < 0))
		r = err_errno(err, "cannot keep '%s'", path);
	if (r < 0) {
		(void)unlink(beside);
		return r;
	}
	return folder_sync(folder, err);
}

int intel_keep(struct casefile *cf, const char *path, struct sha256 *hash, struct err *err)
{
	scoped(fd_close) int from = open(path, O_RDONLY | O_CLOEXEC);
	scoped(memory_free) char *kept = NULL;
	scoped(memory_free) char *body = NULL;
	const char *name = strrchr(path, '/');
	char file[80] = "intel/", hex[SHA256_HEX], safe[256];
	struct sha256 is;
	uint64_t size;
	json_t *json;
	int r;

	if (cf->mode != CASEFILE_WRITE)
		return err_set(err, ERR_DENIED, "'%s' is open for reading only", cf->path);
	if (from < 0)
		return err_errno(err, "cannot open '%s'", path);
	r = copy_hash(from, -1, path, &is, &size, err);
	if (r < 0)
		return r;
	sha256_hex(&is, hex);
	(void)snprintf(file + 6, sizeof file - 6, "%s", hex);
	kept = casefile_file(cf, file, err);
	if (!kept)
		return -ERR_NO_MEMORY;
	if (access(kept, F_OK) == 0) {
		*hash = is;
		return 0;
	}
	r = keep(cf, from, path, kept, &is, err);
	if (r < 0)
		return r;
	text_neutral(slice_text(name ? name + 1 : path), safe, sizeof safe);
	json = json_pack("{s:s, s:s, s:I}", "name", safe, "sha256", hex, "size", (json_int_t)size);
	body = json ? json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	json_decref(json);
	if (!body)
		return err_set(err, ERR_NO_MEMORY, "no memory to keep '%s'", path);
	r = ledger_note(cf, "intel", body, err);
	if (r == 0)
		*hash = is;
	return r;
}
