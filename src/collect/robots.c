/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/robots.h"
#include "collect/url.h"

#define AGENT "xsheet"
#define RULE_MAX 2048      /* longer rules are skipped */

/* Does `rule` fit the beginning of `path`? */
static bool fits(struct slice rule, struct slice path)
{
	const bool to_end = slice_ends(rule, SLICE("$"));
	struct slice part;

	if (to_end)
		rule.n--;
	if (!slice_cut(&rule, '*', &part))
		return to_end ? slice_equal(rule, path) : slice_starts(path, rule);
	if (!slice_starts(path, part))
		return false;
	path = slice_skip(path, part.n);
	/* Each part where it comes first; the last at the end if it must. */
	while (slice_cut(&rule, '*', &part)) {
		const ptrdiff_t at = slice_find(path, part);

		if (at < 0)
			return false;
		path = slice_skip(path, (size_t)at + part.n);
	}
	return to_end ? slice_ends(path, rule) : slice_find(path, rule) >= 0;
}

/* "Name: value", comments gone. */
static bool field(struct slice line, struct slice *name, struct slice *value)
{
	const char *hash = line.n ? memchr(line.p, '#', line.n) : NULL;

	if (hash)
		line.n = (size_t)(hash - line.p);
	if (!slice_cut(&line, ':', name))
		return false;
	*name = slice_trim(*name);
	*value = slice_trim(line);
	return true;
}

/* The rules of the groups for `agent`.  False: there is no such group. */
static bool group_allows(struct slice file, struct slice agent, struct slice path, bool *allow)
{
	struct slice line, name, value;
	bool ours = false, in_names = false, found = false;
	char rule[RULE_MAX];
	size_t longest = 0;

	*allow = true;
	while (slice_line(&file, &line)) {
		bool allows;

		if (!field(line, &name, &value))
			continue;
		if (slice_equal_nocase(name, SLICE("user-agent"))) {
			ours = (in_names && ours) || slice_equal_nocase(value, agent);
			in_names = true;
			found = found || ours;
			continue;
		}
		allows = slice_equal_nocase(name, SLICE("allow"));
		if (!allows && !slice_equal_nocase(name, SLICE("disallow")))
			continue;
		in_names = false;
		if (!ours || !value.n || value.n < longest || value.n > RULE_MAX ||
		    !fits(slice_of(rule, url_decode(value, rule)), path))
			continue;
		*allow = allows || (value.n == longest && *allow && longest > 0);
		longest = value.n;
	}
	return found;
}

bool robots_allow(const struct robots *robots, struct slice path)
{
	char decoded[URL_MAX];
	bool allow;

	if (robots->nothing || path.n > sizeof decoded)
		return false;
	/* Rules and paths are compared decoded: "/a b" is "/a%20b". */
	path = slice_of(decoded, url_decode(path, decoded));
	if (group_allows(robots->file, SLICE(AGENT), path, &allow))
		return allow;
	if (group_allows(robots->file, SLICE("*"), path, &allow))
		return allow;
	return true;
}
