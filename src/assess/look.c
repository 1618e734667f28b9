/* SPDX-License-Identifier: Apache-2.0 */
/* Running the observations. */
#include <stdlib.h>

#include "assess/internal.h"

#define GROUPS_MAX (1u << 20)

struct stages {
	struct slice needs;      /* one of "examine, logs" */
	bool ran;
};

static int stage_ran(const struct run *run, void *data)
{
	struct stages *s = data;

	s->ran = s->ran || slice_is(s->needs, run->stage);
	return 0;
}

/* Have all the stages run that it needs? */
static int needs_met(struct casefile *cf, const char *needs, bool *met, struct err *err)
{
	struct slice rest = slice_text(needs), one;

	*met = true;
	while (rest.n) {
		struct stages s = { 0 };
		int r;

		if (!slice_cut(&rest, ',', &one)) {
			one = rest;
			rest = (struct slice){ 0 };
		}
		s.needs = slice_trim(one);
		r = runs_each(cf, stage_ran, &s, err);
		if (r < 0)
			return r;
		*met = *met && s.ran;
	}
	return 0;
}

static uint64_t group_hash(const char *group)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *group; group++)
		h = (h ^ (unsigned char)*group) * 0x100000001b3u;
	return h ? h : 1;
}

/* An open-addressed set: true if the hash was not in it.  False, too, past
 * the ceiling, where a few groups more change nothing. */
static bool set_add(struct looked *l, uint64_t hash)
{
	if ((l->groups + 1) * 2 > l->hash_room) {
		const size_t room = l->hash_room ? l->hash_room * 2 : 256;
		uint64_t *grown = room > GROUPS_MAX ? NULL : calloc(room, sizeof *grown);

		if (!grown)
			return false;
		for (size_t i = 0; i < l->hash_room; i++)
			if (l->hashes[i]) {
				size_t at = l->hashes[i] & (room - 1);

				while (grown[at])
					at = (at + 1) & (room - 1);
				grown[at] = l->hashes[i];
			}
		free(l->hashes);
		l->hashes = grown;
		l->hash_room = room;
	}
	for (size_t at = hash & (l->hash_room - 1);; at = (at + 1) & (l->hash_room - 1)) {
		if (l->hashes[at] == hash)
			return false;
		if (!l->hashes[at]) {
			l->hashes[at] = hash;
			return true;
		}
	}
}

static int take_row(const struct observed *row, void *data)
{
	struct looked *l = data;

	l->rows++;
	l->groups += set_add(l, group_hash(row->group ? row->group : ""));
	if (row->finding && l->finding_count < FINDINGS_KEPT &&
	    (!l->finding_count || l->findings[l->finding_count - 1] != row->finding))
		l->findings[l->finding_count++] = row->finding;
	return 0;
}

int look_all(struct casefile *cf, const struct profile *p, struct looked *all,
	     struct progress *progress, struct err *err)
{
	progress_begin(progress, "assessing", p->observation_count);
	for (size_t i = 0; i < p->observation_count; i++) {
		const struct observation *o = &p->observations[i];
		struct looked *l = &all[i];
		int r = needs_met(cf, o->needs, &l->looked, err);

		progress_step(progress, 1, slice_text(o->id));
		if (r == 0 && l->looked)
			r = observation_run(cf, o->sql, take_row, l, err);
		if (r < 0)
			return err_prefix(err, r, "observation '%s'", o->id);
		l->seen = l->groups >= o->at_least;
	}
	return 0;
}

void look_done(struct looked *all, size_t n)
{
	for (size_t i = 0; all && i < n; i++)
		free(all[i].hashes);
	free(all);
}
