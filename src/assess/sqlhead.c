/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/sqlhead.h"

#include <stdlib.h>

#include "base/text.h"

/* Digits with at most one point; nothing else of what strtod() knows. */
static bool number_parse(struct slice text, double *out)
{
	char copy[24];
	size_t points = 0;

	if (!text.n || text.n >= sizeof copy)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		points += text.p[i] == '.';
		if (text.p[i] != '.' && (text.p[i] < '0' || text.p[i] > '9'))
			return false;
	}
	if (points > 1 || text.p[0] == '.' || text.p[text.n - 1] == '.')
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	*out = strtod(copy, NULL);
	return true;
}

bool range_parse(struct slice text, struct range *out)
{
	const ptrdiff_t at = slice_find(text, SLICE(".."));
	struct slice low = slice_trim(at < 0 ? text : slice_head(text, (size_t)at));
	struct slice high = at < 0 ? low : slice_trim(slice_skip(text, (size_t)at + 2));
	struct range range;

	if (!number_parse(low, &range.low) || !number_parse(high, &range.high) || range.low <= 0 ||
	    range.high >= 1 || range.low > range.high)
		return false;
	*out = range;
	return true;
}

struct reading {
	const char *path;
	uint64_t line;
	struct sqlhead *head;
	struct slice *last;      /* what a line without a key goes on with */
	struct err *err;
};

static int fail(const struct reading *in, const char *why)
{
	return err_set(in->err, ERR_FAILED, "%s:%llu: %s", in->path, (unsigned long long)in->line, why);
}

static int read_likelihood(struct reading *in, struct slice hypothesis, struct slice value, bool absence)
{
	struct sqlhead_likelihood *l = &in->head->likelihood[in->head->likelihood_count];
	const ptrdiff_t at = slice_find(value, SLICE(" because "));

	if (!hypothesis.n)
		return fail(in, "a likelihood without a hypothesis");
	if (in->head->likelihood_count == SQLHEAD_LIKELIHOODS_MAX)
		return fail(in, "too many likelihoods");
	if (at < 0)
		return fail(in, "a likelihood needs a reason: 0.6..0.9 because ...");
	for (size_t i = 0; i < in->head->likelihood_count; i++)
		if (slice_equal(in->head->likelihood[i].hypothesis, hypothesis) &&
		    in->head->likelihood[i].of_absence == absence)
			return fail(in, "a second likelihood for this hypothesis");
	*l = (struct sqlhead_likelihood){ .hypothesis = hypothesis, .of_absence = absence, .line = in->line };
	if (!range_parse(slice_trim(slice_head(value, (size_t)at)), &l->range))
		return fail(in, "a likelihood is a range above 0 and below 1, low first: 0.6..0.9");
	l->because = slice_trim(slice_skip(value, (size_t)at + strlen(" because ")));
	if (!l->because.n)
		return fail(in, "a likelihood needs a reason: 0.6..0.9 because ...");
	in->head->likelihood_count++;
	in->last = &l->because;
	return 0;
}

static int read_text(struct reading *in, struct slice *field, struct slice value)
{
	if (field->n)
		return fail(in, "a second value for this key");
	*field = value;
	in->last = field;
	return 0;
}

static int read_missing(struct reading *in, struct slice value)
{
	in->head->missing_counts = slice_starts(value, SLICE("counts"));
	if (!in->head->missing_counts && !slice_starts(value, SLICE("neutral")))
		return fail(in, "missing: begins with \"counts\" or \"neutral\"");
	if (slice_find(value, SLICE(" because ")) < 0)
		return fail(in, "missing: needs a reason: counts, because ...");
	return read_text(in, &in->head->missing, value);
}

static int read_key(struct reading *in, struct slice key, struct slice value)
{
	struct sqlhead *h = in->head;
	const struct {
		const char *name;
		struct slice *field;
	} fields[] = {
		{ "id", &h->id }, { "meaning", &h->meaning }, { "unit", &h->unit },
		{ "group", &h->group }, { "kind", &h->kind }, { "needs", &h->needs },
	};

	if (!value.n)
		return fail(in, "a key without a value");
	if (slice_is(key, "SPDX-License-Identifier"))
		return 0;
	if (slice_is(key, "missing"))
		return read_missing(in, value);
	if (slice_is(key, "at_least"))
		return slice_u64(value, &h->at_least) && h->at_least ? 0 : fail(in, "at_least: a number above 0");
	if (slice_starts(key, SLICE("likelihood.")))
		return read_likelihood(in, slice_skip(key, strlen("likelihood.")), value, false);
	if (slice_starts(key, SLICE("absence.")))
		return read_likelihood(in, slice_skip(key, strlen("absence.")), value, true);
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (slice_is(key, fields[i].name))
			return read_text(in, fields[i].field, value);
	return fail(in, "an unknown key");
}

/* "key: value"; keys are lower-case words, with a hypothesis behind a dot. */
static bool split_key(struct slice line, struct slice *key, struct slice *value)
{
	size_t i = 0;

	while (i < line.n && ((line.p[i] >= 'a' && line.p[i] <= 'z') || (line.p[i] >= 'A' && line.p[i] <= 'Z') ||
			      (line.p[i] >= '0' && line.p[i] <= '9') || line.p[i] == '_' ||
			      line.p[i] == '.' || line.p[i] == '-'))
		i++;
	if (!i || i == line.n || line.p[i] != ':')
		return false;
	*key = slice_head(line, i);
	*value = slice_trim(slice_skip(line, i + 1));
	return true;
}

static int read_line(struct reading *in, struct slice line)
{
	struct slice key, value;

	if (line.n > SQLHEAD_VALUE_MAX)
		return fail(in, "a line longer than 1000 bytes");
	if (!utf8_valid(line) || memchr(line.p, '\0', line.n))
		return fail(in, "bytes that are no text");
	line = slice_skip(line, 2);
	if (!slice_trim(line).n)
		return 0;
	if (line.p[0] == ' ' && split_key(slice_skip(line, 1), &key, &value))
		return read_key(in, key, value);
	if (!in->last || slice_starts(line, SLICE("--")))
		return fail(in, "a remark without a key");
	line = slice_trim(line);
	in->last->n = (size_t)(line.p + line.n - in->last->p);      /* the remarks between go along */
	return 0;
}

int sqlhead_parse(struct slice text, const char *path, struct sqlhead *out, struct err *err)
{
	struct reading in = { .path = path, .head = out, .err = err };
	struct slice rest = text, line;
	const struct {
		const char *name;
		const struct slice *field;
	} needed[] = {
		{ "id", &out->id }, { "meaning", &out->meaning }, { "unit", &out->unit },
		{ "group", &out->group }, { "kind", &out->kind }, { "needs", &out->needs },
		{ "missing", &out->missing },
	};

	*out = (struct sqlhead){ .at_least = 1, .sql = text };
	while (slice_line(&rest, &line) && slice_starts(line, SLICE("--"))) {
		int r;

		in.line++;
		r = read_line(&in, line);
		if (r < 0)
			return r;
	}
	in.line++;
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (!needed[i].field->n)
			return err_set(err, ERR_FAILED, "%s:%llu: the head has no \"%s\"", path,
				       (unsigned long long)in.line, needed[i].name);
	return 0;
}
