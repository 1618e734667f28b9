/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/combine.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const term_words[7] = {
	"almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely", "very likely",
	"almost certain",
};

/* A range of logarithms: its middle and half its width. */
struct span {
	double middle, half;
};

static struct span span_of(double low, double high)
{
	return (struct span){ (low + high) / 2, (high - low) / 2 };
}

/* Both ends cut at +-most. */
static struct span cut(struct span s, double most)
{
	return span_of(fmax(-most, fmin(most, s.middle - s.half)),
		       fmax(-most, fmin(most, s.middle + s.half)));
}

static struct span ratio(struct range a, struct range b)
{
	return span_of(log(a.low / b.high), log(a.high / b.low));
}

static struct span item_span(const struct combine_input *in, size_t i, size_t h, size_t other)
{
	const struct combine_item *item = &in->items[i];

	return cut(ratio(item->likelihood[h], item->likelihood[other]), log(in->caps[item->kind]));
}

void combine_llr(const struct combine_input *in, size_t i, size_t h, size_t other, double *middle,
		 double *half)
{
	const struct span s = item_span(in, i, h, other);

	*middle = s.middle;
	*half = s.half;
}

/* What a group says; *kind is that of its strongest item.  False if it has
 * no item. */
static bool group_span(const struct combine_input *in, size_t group, size_t h, size_t other,
		       struct span *out, size_t *kind)
{
	size_t strongest = in->item_count;
	struct span total = { 0, 0 };
	double most = -1;

	for (size_t i = 0; i < in->item_count; i++) {
		const struct span s = item_span(in, i, h, other);

		if (in->items[i].group != group || in->items[i].left_out || fabs(s.middle) <= most)
			continue;
		most = fabs(s.middle);
		strongest = i;
	}
	if (strongest == in->item_count)
		return false;
	for (size_t i = 0; i < in->item_count; i++) {
		const double weight = i == strongest ? 1 : in->damping;
		const struct span s = item_span(in, i, h, other);

		if (in->items[i].group != group || in->items[i].left_out)
			continue;
		total.middle += weight * s.middle;
		total.half += weight * s.half;
	}
	*kind = in->items[strongest].kind;
	*out = cut(total, log(in->caps[*kind]));
	return true;
}

/* h against `other`: all kinds and the prior. */
static struct span total_span(const struct combine_input *in, size_t h, size_t other)
{
	struct span kinds[COMBINE_KINDS_MAX] = { { 0, 0 } };
	struct span total = ratio(in->prior[h], in->prior[other]);
	double square = total.half * total.half;

	for (size_t group = 0; group < COMBINE_GROUPS_MAX; group++) {
		struct span s;
		size_t kind;

		if (!group_span(in, group, h, other, &s, &kind))
			continue;
		kinds[kind].middle += s.middle;
		kinds[kind].half = hypot(kinds[kind].half, s.half);
	}
	for (size_t kind = 0; kind < in->kind_count; kind++) {
		const struct span s = cut(kinds[kind], log(in->caps[kind]));

		total.middle += s.middle;
		square += s.half * s.half;
	}
	total.half = sqrt(square);
	return total;
}

static struct range probability(const struct combine_input *in, size_t h)
{
	double against_most = 0, against_least = 0;

	for (size_t other = 0; other < in->hypotheses; other++) {
		const struct span s = total_span(in, h, other);

		if (other == h)
			continue;
		against_most += exp(-(s.middle - s.half));
		against_least += exp(-(s.middle + s.half));
	}
	return (struct range){ 1 / (1 + against_most), 1 / (1 + against_least) };
}

static double within(double p)
{
	return fmax(PROBABILITY_LEAST, fmin(PROBABILITY_MOST, p));
}

void combine(const struct combine_input *in, struct range out[COMBINE_HYPOTHESES_MAX])
{
	struct combine_input before = *in;

	before.item_count = 0;
	for (size_t h = 0; h < in->hypotheses; h++) {
		const struct range weighed = probability(in, h), prior = probability(&before, h);

		out[h].low = within((1 - in->doubt) * weighed.low + in->doubt * prior.low);
		out[h].high = within((1 - in->doubt) * weighed.high + in->doubt * prior.high);
	}
}

size_t combine_groups_for(const struct combine_input *in, size_t h, size_t other)
{
	size_t n = 0;

	for (size_t group = 0; group < COMBINE_GROUPS_MAX; group++) {
		struct span s;
		size_t kind;

		/* The whole range must speak for it. */
		n += group_span(in, group, h, other, &s, &kind) && s.middle - s.half > 0;
	}
	return n;
}

int term_band(double probability)
{
	static const double ends[] = { 0.05, 0.20, 0.45, 0.55, 0.80, 0.95 };
	int band = 0;

	while (band < 6 && probability > ends[band])
		band++;
	return band;
}

void term_for(struct range range, char out[TERM_MAX])
{
	const int low = term_band(range.low), high = term_band(range.high);

	if (low == high)
		(void)snprintf(out, TERM_MAX, "%s", term_words[low]);
	else
		(void)snprintf(out, TERM_MAX, "%s to %s", term_words[low], term_words[high]);
}
