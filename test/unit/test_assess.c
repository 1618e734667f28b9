/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <sys/stat.h>

#include "assess/internal.h"
#include "assess/lint.h"
#include "assess/sqlhead.h"
#include "base/fd.h"

static bool near(double a, double b)
{
	return fabs(a - b) < 0.0005;
}

/* Point ranges, so that the sums can be done by hand. */
static struct combine_item item(size_t kind, size_t group, double a, double b)
{
	return (struct combine_item){ .kind = kind, .group = group,
				      .likelihood = { { a, a }, { b, b } } };
}

static void sums_done_by_hand(void **state)
{
	static const double caps[] = { 10, 4 };
	const struct {
		const char *what;
		struct combine_item items[4];
		size_t n;
		double odds;      /* of the first against the second, from even odds */
	} rows[] = {
		{ "nothing seen leaves the prior", { { 0 } }, 0, 1 },
		{ "one item: its ratio", { item(0, 0, 0.8, 0.2) }, 1, 4 },
		{ "one item is cut at its kind's cap", { item(0, 0, 0.8, 0.02) }, 1, 10 },
		{ "two independent kinds multiply", { item(0, 0, 0.8, 0.2), item(1, 1, 0.6, 0.2) }, 2, 12 },
		{ "two groups of one kind add up to its cap", { item(0, 0, 0.8, 0.1), item(0, 1, 0.8, 0.1) }, 2, 10 },
		{ "one group is one witness: the second item is damped (4 * 4^0.3)",
		  { item(0, 0, 0.8, 0.2), item(0, 0, 0.8, 0.2) }, 2, 6.0629 },
		{ "against and for cancel", { item(0, 0, 0.8, 0.2), item(0, 1, 0.2, 0.8) }, 2, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct combine_input in = {
			.hypotheses = 2, .prior = { { 0.5, 0.5 }, { 0.5, 0.5 } }, .items = rows[i].items,
			.item_count = rows[i].n, .caps = caps, .kind_count = 2, .damping = 0.3,
		};
		const double wanted = rows[i].odds / (1 + rows[i].odds);
		struct range out[COMBINE_HYPOTHESES_MAX];

		combine(&in, out);
		if (!near(out[0].low, wanted) || !near(out[0].high, wanted) || !near(out[1].low, 1 - wanted))
			fail_msg("%s: %f to %f, not %f", rows[i].what, out[0].low, out[0].high, wanted);
	}
}

static void ranges_done_by_hand(void **state)
{
	static const double caps[] = { 10, 10 };
	/* ln(0.9/0.1) = 2.1972, ln(0.6/0.2) = 1.0986: middle 1.6479, half 0.5493. */
	const struct combine_item items[] = {
		{ .kind = 0, .group = 0, .likelihood = { { 0.6, 0.9 }, { 0.1, 0.2 } } },
		{ .kind = 1, .group = 1, .likelihood = { { 0.6, 0.9 }, { 0.1, 0.2 } } },
	};
	struct combine_input in = { .hypotheses = 2, .prior = { { 0.5, 0.5 }, { 0.5, 0.5 } },
				    .items = items, .item_count = 1, .caps = caps, .kind_count = 2,
				    .damping = 0.3 };
	struct range out[COMBINE_HYPOTHESES_MAX];

	(void)state;
	combine(&in, out);
	assert_true(near(out[0].low, 0.75) && near(out[0].high, 0.9));      /* odds 3 and 9 */
	assert_true(near(out[1].low, 0.1) && near(out[1].high, 0.25));
	in.item_count = 2;
	/* middle 3.2958, half sqrt(2) * 0.5493 = 0.7768: odds 12.416 and 58.71 */
	combine(&in, out);
	assert_true(near(out[0].low, 0.9255) && near(out[0].high, 0.9833));
	/* three hypotheses share what is left */
	in.item_count = 0;
	in.hypotheses = 3;
	in.prior[2] = (struct range){ 0.5, 0.5 };
	combine(&in, out);
	assert_true(near(out[2].low, 1.0 / 3));
}

/* Odds of 4 are 0.8; a tenth of doubt moves it towards even: 0.9 * 0.8 + 0.1 * 0.5. */
static void doubt_moves_towards_the_prior(void **state)
{
	static const double caps[] = { 10 };
	const struct combine_item items[] = { item(0, 0, 0.8, 0.2) };
	const struct combine_input in = { .hypotheses = 2, .prior = { { 0.5, 0.5 }, { 0.5, 0.5 } },
					  .items = items, .item_count = 1, .caps = caps, .kind_count = 1,
					  .damping = 0.3, .doubt = 0.1 };
	struct range out[COMBINE_HYPOTHESES_MAX];

	(void)state;
	combine(&in, out);
	assert_true(near(out[0].low, 0.77) && near(out[0].high, 0.77) && near(out[1].low, 0.23));
}

static void nothing_makes_sure(void **state)
{
	static const double caps[] = { 1000 };
	const struct combine_item items[] = { item(0, 0, 0.999, 0.0001) };
	const struct combine_input in = { .hypotheses = 2, .prior = { { 0.9, 0.9 }, { 0.1, 0.1 } },
					  .items = items, .item_count = 1, .caps = caps, .kind_count = 1,
					  .damping = 0.3 };
	struct range out[COMBINE_HYPOTHESES_MAX];

	(void)state;
	combine(&in, out);
	assert_true(out[0].high == 0.99 && out[1].low == 0.01);
}

static void ranges_have_words(void **state)
{
	static const struct {
		struct range range;
		const char *term;
	} rows[] = {
		{ { 0.01, 0.05 }, "almost no chance" },
		{ { 0.06, 0.19 }, "very unlikely" },
		{ { 0.30, 0.50 }, "unlikely to roughly even chance" },
		{ { 0.56, 0.80 }, "likely" },
		{ { 0.56, 0.94 }, "likely to very likely" },
		{ { 0.96, 0.99 }, "almost certain" },
	};
	char term[TERM_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		term_for(rows[i].range, term);
		assert_string_equal(term, rows[i].term);
	}
}

static void what_may_not_be_said_is_refused(void **state)
{
	static const char *const persons[] = { "LU, Hezheng", "Hezheng Lu", NULL };
	static const struct {
		const char *what, *text;
		double low, high;
		size_t evidence;
		bool actor;
		const char *alternative, *message;
	} rows[] = {
		{ "a claim as it should be", "It is likely that a go-between passes work.", 0.6, 0.7, 3, true,
		  "That one team does it (unlikely).", "" },
		{ "100 %", "It is 100 % so.", 0.6, 0.7, 3, false, "", "claim 'c' says 0 or 100 %" },
		{ "0%", "The chance is 0%.", 0.6, 0.7, 3, false, "", "claim 'c' says 0 or 100 %" },
		{ "100.0 percent", "It is 100.0 percent so.", 0.6, 0.7, 3, false, "", "claim 'c' says 0 or 100 %" },
		{ "1100 % and 10 % are something else", "It grew by 1100 %, not by 10 %.", 0.6, 0.7, 3, false, "", "" },
		{ "a range up to 1", "It is likely.", 0.6, 1, 3, false, "", "claim 'c' says 0 or 100 %" },
		{ "likelihood and confidence in one sentence", "With high confidence it is likely.", 0.6, 0.7, 3,
		  false, "", "claim 'c' has likelihood and confidence in one sentence" },
		{ "in two sentences they may stand", "It is likely. Confidence is low.", 0.6, 0.7, 3, false, "", "" },
		{ "no evidence", "It is likely.", 0.6, 0.7, 0, false, "", "claim 'c' has no evidence" },
		{ "an actor without an alternative", "It is likely.", 0.6, 0.7, 3, true, "",
		  "claim 'c' is about an actor and has no alternative" },
		{ "proves", "This Proves it.", 0.6, 0.7, 3, false, "", "claim 'c' says \"proves\"" },
		{ "improves is another word", "This improves it.", 0.6, 0.7, 3, false, "", "" },
		{ "a natural person", "It was Hezheng Lu.", 0.6, 0.7, 3, false, "", "claim 'c' names a natural person" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *texts[] = { rows[i].text, NULL };
		struct lint_claim claim = { .id = "c", .texts = texts, .weighed = true, .low = rows[i].low,
					    .high = rows[i].high, .evidence = rows[i].evidence,
					    .actor = rows[i].actor, .alternative = rows[i].alternative,
					    .persons = persons };
		struct err err = { 0 };
		const int r = lint_claim(&claim, &err);

		if (strcmp(err.text, rows[i].message) != 0 || (r < 0) != (*rows[i].message != 0))
			fail_msg("%s: \"%s\"", rows[i].what, err.text);
	}
}

#define HEAD \
	"-- id: a\n-- meaning: m\n-- unit: u\n-- group: g\n-- kind: language\n-- needs: examine\n" \
	"-- missing: neutral, because of this\n"

static void heads_are_read_or_refused(void **state)
{
	static const struct {
		const char *what, *text, *message;
	} rows[] = {
		{ "as it should be", HEAD "-- likelihood.x: 0.1..0.2 because\n-- likelihood.y: 0.5 because so\nSELECT 1",
		  "h.sql:8: a likelihood needs a reason: 0.6..0.9 because ..." },
		{ "a range of one", HEAD "-- likelihood.y: 0.5 because so\nSELECT 1", "" },
		{ "a key twice", "-- id: a\n-- id: b\n", "h.sql:2: a second value for this key" },
		{ "an unknown key", "-- colour: red\n", "h.sql:1: an unknown key" },
		{ "a remark without a key", "-- just so\n", "h.sql:1: a remark without a key" },
		{ "a missing key", "-- id: a\nSELECT 1", "h.sql:2: the head has no \"meaning\"" },
		{ "high before low", HEAD "-- likelihood.x: 0.9..0.1 because so\n",
		  "h.sql:8: a likelihood is a range above 0 and below 1, low first: 0.6..0.9" },
		{ "a probability of 1", HEAD "-- likelihood.x: 0.9..1.0 because so\n",
		  "h.sql:8: a likelihood is a range above 0 and below 1, low first: 0.6..0.9" },
		{ "no number", HEAD "-- likelihood.x: inf because so\n",
		  "h.sql:8: a likelihood is a range above 0 and below 1, low first: 0.6..0.9" },
		{ "twice the same", HEAD "-- likelihood.x: 0.1 because a\n-- likelihood.x: 0.2 because b\n",
		  "h.sql:9: a second likelihood for this hypothesis" },
		{ "missing without a reason", "-- missing: counts\n",
		  "h.sql:1: missing: needs a reason: counts, because ..." },
		{ "missing as something else", "-- missing: perhaps, because so\n",
		  "h.sql:1: missing: begins with \"counts\" or \"neutral\"" },
		{ "bytes that are no text", "-- id: \xff\n", "h.sql:1: bytes that are no text" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sqlhead head;
		struct err err = { 0 };

		(void)sqlhead_parse(slice_text(rows[i].text), "h.sql", &head, &err);
		if (strcmp(err.text, rows[i].message) != 0)
			fail_msg("%s: \"%s\"", rows[i].what, err.text);
	}
}

/* --------------------------------------------------- whole profiles --- */

#define GOOD_PROFILE "name: t\nsummary: s\ncaps:\n  language: 10\n"
#define HYPOTHESIS(id, kind, more) \
	"      - {id: " id ", kind: " kind ", text: t, prior: 0.2..0.4, because: b" more "}\n"
#define ACTOR HYPOTHESIS("x", "actor", ", claim: 'It is {term}.', would_change: w")
#define GOOD_QUESTIONS \
	"questions:\n  - id: q\n    question: Q\n    not_borne: N\n    hypotheses:\n" ACTOR \
	HYPOTHESIS("y", "innocent", "") HYPOTHESIS("z", "planted", "")
#define GOOD_STATEMENTS "statements: []\n"
#define GOOD_SQL \
	HEAD "-- likelihood.x: 0.8 because a\n-- likelihood.y: 0.1 because b\n-- likelihood.z: 0.5 because c\n" \
	     "SELECT 1, 'g', 'l'\n"

static void put(const char *folder, const char *name, const char *text)
{
	scoped(memory_free) char *path = path_join(folder, name);

	assert_int_equal(file_write(path, slice_text(text), 0600, NULL), 0);
}

static void profiles_are_read_or_refused(void **state)
{
	static const struct {
		const char *what, *profile, *questions, *sql, *message;
	} rows[] = {
		{ "as it should be", GOOD_PROFILE, GOOD_QUESTIONS GOOD_STATEMENTS, GOOD_SQL, NULL },
		{ "not YAML", "name: [", GOOD_QUESTIONS GOOD_STATEMENTS, GOOD_SQL, "profile.yaml:" },
		{ "a list where a mapping must be", "- a\n", GOOD_QUESTIONS GOOD_STATEMENTS, GOOD_SQL,
		  "profile.yaml:1: not a YAML mapping" },
		{ "an unknown key", GOOD_PROFILE "colour: red\n", GOOD_QUESTIONS GOOD_STATEMENTS, GOOD_SQL,
		  "profile.yaml:5: unknown key 'colour'" },
		{ "a cap of 1", "name: t\nsummary: s\ncaps:\n  language: 1\n", GOOD_QUESTIONS GOOD_STATEMENTS,
		  GOOD_SQL, "profile.yaml:4: caps: a whole number from 2 to 1000 is needed" },
		{ "two hypotheses", GOOD_PROFILE,
		  "questions:\n  - id: q\n    question: Q\n    not_borne: N\n    hypotheses:\n" ACTOR
		  HYPOTHESIS("z", "planted", "") GOOD_STATEMENTS, GOOD_SQL,
		  "hypotheses.yaml:2: q: at least three hypotheses are needed" },
		{ "nobody innocent", GOOD_PROFILE,
		  "questions:\n  - id: q\n    question: Q\n    not_borne: N\n    hypotheses:\n" ACTOR
		  HYPOTHESIS("y", "alternative", "") HYPOTHESIS("z", "planted", "") GOOD_STATEMENTS, GOOD_SQL,
		  "hypotheses.yaml:2: q: an innocent and a planted hypothesis are needed" },
		{ "a claim without its word", GOOD_PROFILE,
		  "questions:\n  - id: q\n    question: Q\n    not_borne: N\n    hypotheses:\n"
		  HYPOTHESIS("x", "actor", ", claim: 'It is so.', would_change: w")
		  HYPOTHESIS("y", "innocent", "") HYPOTHESIS("z", "planted", "") GOOD_STATEMENTS, GOOD_SQL,
		  "hypotheses.yaml:6: claim: \"{term}\" must stand in it" },
		{ "a statement about nothing", GOOD_PROFILE,
		  GOOD_QUESTIONS "statements:\n  - {id: s, kind: absence, text: t, would_change: w, when: [b]}\n",
		  GOOD_SQL, "hypotheses.yaml:10: no observation has this id" },
		{ "a likelihood for nobody", GOOD_PROFILE, GOOD_QUESTIONS GOOD_STATEMENTS,
		  HEAD "-- likelihood.w: 0.5 because so\nSELECT 1\n",
		  "o.sql:8: no hypothesis is called 'w'" },
		{ "a hypothesis left out", GOOD_PROFILE, GOOD_QUESTIONS GOOD_STATEMENTS,
		  HEAD "-- likelihood.x: 0.5 because so\nSELECT 1\n",
		  "o.sql:1: question 'q' needs a likelihood for 'y', too" },
		{ "a kind without a cap", "name: t\nsummary: s\ncaps:\n  names: 10\n",
		  GOOD_QUESTIONS GOOD_STATEMENTS, GOOD_SQL,
		  "o.sql:1: profile.yaml has no cap for the kind 'language'" },
	};
	char folder[] = "/tmp/xsheet-profile-XXXXXX", sub[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(sub, sizeof sub, "%s/observations", folder);
	assert_int_equal(mkdir(sub, 0700), 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		scoped(profile_done) struct profile p = { 0 };
		struct err err = { 0 };

		put(folder, "profile.yaml", rows[i].profile);
		put(folder, "hypotheses.yaml", rows[i].questions);
		put(folder, "observations/o.sql", rows[i].sql);
		if (profile_read(folder, &p, &err) == 0 && rows[i].message)
			fail_msg("%s: not refused", rows[i].what);
		if (!rows[i].message && err.text[0])
			fail_msg("%s: %s", rows[i].what, err.text);
		if (rows[i].message && slice_find(slice_text(err.text), slice_text(rows[i].message)) < 0)
			fail_msg("%s: \"%s\"", rows[i].what, err.text);
	}
	(void)snprintf(sub, sizeof sub, "rm -r %s", folder);
	assert_int_equal(system(sub), 0);
}

/* The shipped profile on what a case may show. */
static void the_shipped_profile_weighs(void **state)
{
	static const struct {
		const char *what;
		const char *seen[12];
		const char *relay, *hands;      /* the hypothesis that is claimed, or "" */
	} rows[] = {
		{ "nothing at all", { NULL }, "", "" },
		{ "anonymous logins alone", { "anonymous-logins" }, "", "" },
		{ "translated notes alone", { "pairs" }, "", "" },
		{ "a listed name alone", { "listed-names" }, "", "" },
		{ "northern spelling and logins from China: the border studio is as good",
		  { "northern-spelling", "neighbour-logins" }, "", "" },
		{ "notes and traffic: somebody stands between, nothing on whose hands",
		  { "pairs", "relay-traffic" }, "go-between", "" },
		{ "everything", { "pairs", "northern-spelling", "relay-traffic", "worker-addresses",
		  "anonymous-logins", "neighbour-logins", "listed-names" }, "go-between", "controlled-hands" },
	};
	scoped(profile_done) struct profile p = { 0 };
	scoped(memory_free) struct weighed *w = malloc(sizeof *w);
	struct err err = { 0 };
	char folder[8192];

	(void)state;
	(void)snprintf(folder, sizeof folder, "%s/profiles/dprk", getenv("XSHEET_SOURCE_ROOT"));
	if (profile_read(folder, &p, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(p.question_count, 2);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct looked looked[OBSERVATIONS_MAX] = { { 0 } };

		for (size_t o = 0; o < p.observation_count; o++)
			looked[o].looked = true;
		for (size_t s = 0; rows[i].seen[s]; s++) {
			size_t o = 0;

			while (o < p.observation_count && strcmp(p.observations[o].id, rows[i].seen[s]) != 0)
				o++;
			assert_true(o < p.observation_count);
			looked[o].seen = true;
		}
		for (size_t q = 0; q < p.question_count; q++) {
			const char *wanted = q == 0 ? rows[i].relay : rows[i].hands;

			weigh(&p, q, looked, w);
			print_message("  %s, %s: %s %.2f to %.2f, %zu groups, %s%s\n", rows[i].what,
				      p.questions[q].id, p.questions[q].hypotheses[w->best].id,
				      w->range[w->best].low, w->range[w->best].high, w->groups, w->confidence,
				      w->borne ? ", claimed" : "");
			for (size_t h = 0; h < w->input.hypotheses; h++)
				print_message("      %s %.2f to %.2f\n", p.questions[q].hypotheses[h].id,
					      w->range[h].low, w->range[h].high);
			if (strcmp(w->borne ? p.questions[q].hypotheses[w->best].id : "", wanted) != 0)
				fail_msg("%s: %s", rows[i].what, p.questions[q].id);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_done_by_hand),
		cmocka_unit_test(ranges_done_by_hand),
		cmocka_unit_test(doubt_moves_towards_the_prior),
		cmocka_unit_test(nothing_makes_sure),
		cmocka_unit_test(ranges_have_words),
		cmocka_unit_test(what_may_not_be_said_is_refused),
		cmocka_unit_test(heads_are_read_or_refused),
		cmocka_unit_test(profiles_are_read_or_refused),
		cmocka_unit_test(the_shipped_profile_weighs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
