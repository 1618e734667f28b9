/* SPDX-License-Identifier: Apache-2.0 */
/*
 * combine - what several observations say together
 *
 * Each item gives, for each hypothesis, the range in which the probability of
 * having made this observation lies if the hypothesis holds.  For a pair of
 * hypotheses that is a range of log-likelihood ratios: its middle, and half
 * its width.
 *
 *	item     both ends are cut at the cap of its kind of evidence
 *	group    items of one dependence group are one witness: the strongest
 *	         counts, the rest is damped; cut at the cap again
 *	kind     groups of the same kind of evidence add up to its cap at most
 *	total    middles add; half widths of different kinds, and the prior's,
 *	         add in quadrature, since nothing makes them err the same way
 *
 * From the totals of a hypothesis against each other one comes the range of
 * its probability.  With the weight `doubt` the weighing itself is off, and
 * the prior stands: the range is moved towards it by that much.  It is cut at
 * 1 and 99 %: nothing seen on a server makes sure.
 *
 * Words for ranges are those of ICD 203.  A range that spans several gets
 * them both: "unlikely to roughly even chance".
 */
#ifndef ASSESS_COMBINE_H
#define ASSESS_COMBINE_H

#include <stdbool.h>
#include <stddef.h>

#define COMBINE_HYPOTHESES_MAX 8
#define COMBINE_KINDS_MAX 32
#define COMBINE_GROUPS_MAX 128
#define PROBABILITY_LEAST 0.01
#define PROBABILITY_MOST 0.99

struct range {
	double low, high;
};

struct combine_item {
	size_t kind;             /* index into caps */
	size_t group;            /* below COMBINE_GROUPS_MAX */
	bool left_out;           /* as if it had not been looked for */
	struct range likelihood[COMBINE_HYPOTHESES_MAX];      /* within (0, 1) */
};

struct combine_input {
	size_t hypotheses;
	struct range prior[COMBINE_HYPOTHESES_MAX];           /* weights, within (0, 1) */
	const struct combine_item *items;
	size_t item_count;
	const double *caps;      /* largest likelihood ratio, per kind; above 1 */
	size_t kind_count;
	double damping;          /* of a group's weaker items: 0 to 1 */
	double doubt;            /* that the weighing itself is off: 0 to 1 */
};

/* The probability of each hypothesis. */
void combine(const struct combine_input *in, struct range out[COMBINE_HYPOTHESES_MAX]);

/* Middle and half width of item i for h against `other`, cut at its cap. */
void combine_llr(const struct combine_input *in, size_t i, size_t h, size_t other, double *middle,
		 double *half);

/* How many dependence groups speak for h against `other`. */
size_t combine_groups_for(const struct combine_input *in, size_t h, size_t other);

#define TERM_MAX 64
/* The words for a range. */
void term_for(struct range range, char out[TERM_MAX]);
/* 0 ("almost no chance") to 6 ("almost certain"). */
int term_band(double probability);
#define TERM_BAND_LIKELY 4
extern const char *const term_words[7];

#endif
