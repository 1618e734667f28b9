/* SPDX-License-Identifier: Apache-2.0 */
#include "base/place.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"

#define LEVELS 6      /* how far up from the program the source tree may lie */

static const struct {
	const char *variable, *shared, *in_tree, *advice;
} places[] = {
	[PLACE_PROFILES] = { "XSHEET_PROFILES", "../share/xsheet/profiles", "profiles",
			     "set XSHEET_PROFILES" },
	[PLACE_INTEL] = { "XSHEET_INTEL", "../share/xsheet/intel", "data/intel",
			  "run scripts/install-deps, or set XSHEET_INTEL" },
};

static bool is_folder(const char *path)
{
	struct stat status;

	return path && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

char *place_program(void)
{
	char path[4096];
	const ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	char *slash;

	if (n <= 0)
		return NULL;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (slash)
		*slash = '\0';
	return strdup(path);
}

static char *from_program(const char *below)
{
	scoped(memory_free) char *program = place_program();

	return program ? path_join(program, below) : NULL;
}

/* The nearest folder above the program that holds meson.build and `name`. */
static char *from_tree(const char *name)
{
	scoped(memory_free) char *at = place_program();

	for (int level = 0; at && level < LEVELS; level++) {
		scoped(memory_free) char *mark = path_join(at, "meson.build");
		char *slash = strrchr(at, '/'), *wanted;

		if (mark && access(mark, R_OK) == 0) {
			wanted = path_join(at, name);
			if (is_folder(wanted))
				return wanted;
			free(wanted);
		}
		if (!slash)
			break;
		*slash = '\0';
	}
	return NULL;
}

int place_find(enum place place, char **out, struct err *err)
{
	const char *set = getenv(places[place].variable);
	scoped(memory_free) char *shared = NULL;
	scoped(memory_free) char *tree = NULL;

	if (set && *set) {
		if (!is_folder(set))
			return err_set(err, ERR_NOT_FOUND, "%s names '%s', which is no folder",
				       places[place].variable, set);
		*out = strdup(set);
		return *out ? 0 : err_set(err, ERR_NO_MEMORY, "no memory");
	}
	shared = from_program(places[place].shared);
	if (is_folder(shared)) {
		*out = take_pointer(&shared);
		return 0;
	}
	tree = from_tree(places[place].in_tree);
	if (tree) {
		*out = take_pointer(&tree);
		return 0;
	}
	return err_set(err, ERR_NOT_FOUND, "no folder '%s' beside the program or in its source tree; %s",
		       places[place].in_tree, places[place].advice);
}

int place_home(char **out, struct err *err)
{
	const char *own = getenv("XSHEET_HOME"), *xdg = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	scoped(memory_free) char *path = NULL;
	int r;

	if (own && *own)
		path = strdup(own);
	else if (xdg && *xdg)
		path = path_join(xdg, "xsheet");
	else if (home && *home)
		path = path_join(home, ".config/xsheet");
	else
		return err_set(err, ERR_NOT_FOUND, "no home folder: set HOME or XSHEET_HOME");
	if (!path)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	r = folder_make(path, 0700, err);
	if (r < 0)
		return r;
	*out = take_pointer(&path);
	return 0;
}
