/* SPDX-License-Identifier: Apache-2.0 */
/* From observations to a claim, and how far it may be leant on. */
#include <stdio.h>
#include <string.h>

#include "assess/internal.h"

#define GROUPS_LEAST 2      /* independent groups that must speak for a claim */

static double middle(struct range r)
{
	return (r.low + r.high) / 2;
}

void percent_text(struct range range, char out[PERCENT_MAX])
{
	(void)snprintf(out, PERCENT_MAX, "%.0f to %.0f %%", range.low * 100, range.high * 100);
}

static void fill_items(const struct profile *p, size_t q, const struct looked *all, struct weighed *w)
{
	struct combine_input *in = &w->input;

	*in = (struct combine_input){ .hypotheses = p->questions[q].hypothesis_count, .items = w->items,
				      .caps = p->caps, .kind_count = p->kind_count, .damping = p->damping,
				      .doubt = p->doubt };
	for (size_t h = 0; h < in->hypotheses; h++)
		in->prior[h] = p->questions[q].hypotheses[h].prior;
	for (size_t i = 0; i < p->observation_count; i++) {
		const struct observation *o = &p->observations[i];
		struct combine_item *item = &w->items[in->item_count];

		if (!o->speaks[q] || !all[i].looked || (!all[i].seen && !o->missing_counts))
			continue;
		*item = (struct combine_item){ .kind = o->cap, .group = o->group_number };
		for (size_t h = 0; h < in->hypotheses; h++)
			item->likelihood[h] = all[i].seen ? o->seen[q][h] : o->absent[q][h];
		w->item_of[in->item_count++] = i;
	}
}

/* The most probable hypothesis, or but for `except`. */
static size_t best_of(const struct weighed *w, size_t except)
{
	size_t best = except == 0 ? 1 : 0;

	for (size_t h = 0; h < w->input.hypotheses; h++)
		if (h != except && middle(w->range[h]) > middle(w->range[best]))
			best = h;
	return best;
}

/* Against every alternative but "planted", which explains what it likes. */
static size_t groups_for(const struct question *question, const struct weighed *w, size_t h)
{
	size_t least = SIZE_MAX;

	for (size_t other = 0; other < w->input.hypotheses; other++) {
		size_t n;

		if (other == h || question->hypotheses[other].kind == HYPOTHESIS_PLANTED)
			continue;
		n = combine_groups_for(&w->input, h, other);
		least = n < least ? n : least;
	}
	return least == SIZE_MAX ? 0 : least;
}

static size_t kinds_for(const struct weighed *w, size_t h, size_t other)
{
	bool kinds[COMBINE_KINDS_MAX] = { false };
	size_t n = 0;

	for (size_t i = 0; i < w->input.item_count; i++) {
		double mid, half;

		combine_llr(&w->input, i, h, other, &mid, &half);
		if (mid - half > 0 && !kinds[w->items[i].kind]) {
			kinds[w->items[i].kind] = true;
			n++;
		}
	}
	return n;
}

/* Leave one out: which item's loss lowers the claim most? */
static void find_carrier(struct weighed *w, size_t h)
{
	double most = 0;

	w->carrier = w->input.item_count;
	for (size_t i = 0; i < w->input.item_count; i++) {
		struct range without[COMBINE_HYPOTHESES_MAX];
		double loss;

		w->items[i].left_out = true;
		combine(&w->input, without);
		w->items[i].left_out = false;
		loss = middle(w->range[h]) - middle(without[h]);
		if (loss > most) {
			most = loss;
			w->carrier = i;
			w->without = without[h];
		}
	}
}

/* Points, printed with their reasons; never from the probability. */
static void rate_confidence(const struct profile *p, size_t q, const struct looked *all, struct weighed *w)
{
	const struct question *question = &p->questions[q];
	size_t gaps = 0;
	bool planted = false, carried;
	int points = 0;

	for (size_t i = 0; i < p->observation_count; i++)
		gaps += p->observations[i].speaks[q] && !all[i].looked;
	for (size_t h = 0; h < w->input.hypotheses; h++)
		planted = planted || (question->hypotheses[h].kind == HYPOTHESIS_PLANTED &&
				      w->range[h].high > 0.20);
	carried = w->carrier < w->input.item_count && w->without.low <= 0.55;
	points += w->groups >= 4 ? 2 : w->groups >= 2;
	points += w->kinds >= 4 ? 2 : w->kinds >= 2;
	points += gaps == 0;
	points += !carried;
	points += !planted;
	w->confidence = points >= 6 ? "high" : points >= 4 ? "moderate" : "low";
	(void)snprintf(w->why, sizeof w->why,
		       "%d of 7 points: %zu independent groups (2 points from 4 on, 1 from 2 on), %zu kinds of "
		       "evidence (the same), %zu observations not looked for (1 point for none), %s (1 point "
		       "if it stands without any one), staging %s (1 point if it is)",
		       points, w->groups, w->kinds, gaps,
		       carried ? "one observation carries it" : "it stands without any one observation",
		       planted ? "not ruled out well" : "ruled out well");
}

void weigh(const struct profile *p, size_t q, const struct looked *all, struct weighed *w)
{
	const struct question *question = &p->questions[q];

	memset(w, 0, sizeof *w);
	fill_items(p, q, all, w);
	combine(&w->input, w->range);
	w->best = best_of(w, SIZE_MAX);
	w->alternative = best_of(w, w->best);
	w->groups = groups_for(question, w, w->best);
	w->kinds = kinds_for(w, w->best, w->alternative);
	find_carrier(w, w->best);
	rate_confidence(p, q, all, w);
	w->borne = question->hypotheses[w->best].kind == HYPOTHESIS_ACTOR &&
		   term_band(w->range[w->best].low) >= TERM_BAND_LIKELY && w->groups >= GROUPS_LEAST;
}
