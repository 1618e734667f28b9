/* SPDX-License-Identifier: Apache-2.0 */
/*
 *	client ident user [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.1" 200 2326 "referer" "agent"
 *
 * The two last may be missing (NCSA common) and more may follow (nginx's
 * "main" adds the forwarded address).  A proxy's list of clients, "a, b, c",
 * may stand in front, also in quotes: the client is, as it says, the first
 * whose address is not a private one, else the first.
 */
#include "logs/internal.h"
#include "scan/scan.h"

static bool is_public(struct slice client)
{
	struct address a;

	return address_parse(client, &a) && !address_is_private(&a);
}

/* The client of a list "a, b, c". */
static struct slice of_list(struct slice list)
{
	struct slice first = { 0 }, one;
	bool more = true;

	while (more) {
		more = slice_cut(&list, ',', &one);
		if (!more)
			one = list;
		while (one.n && one.p[0] == ' ')
			one = slice_skip(one, 1);
		if (first.n == 0)
			first = one;
		if (is_public(one))
			return one;
	}
	return first;
}

/* Client, ident and user before the time.  A user's name may hold blanks. */
static bool read_who(struct slice who, struct log_event *e)
{
	const struct slice all = who;
	struct slice token, ident, more;
	struct address peer;

	if (!slice_cut(&who, ' ', &token) || token.n == 0)
		return false;
	e->client = token;
	while (token.n && token.p[token.n - 1] == ',')
		if (!slice_cut(&who, ' ', &token))
			return false;
	if (token.p != e->client.p) {
		e->client = of_list(slice_of(all.p, (size_t)(token.p + token.n - all.p)));
		/* The proxy's own address may follow its list. */
		more = who;
		if (slice_cut(&more, ' ', &ident) && more.n && address_parse(ident, &peer) &&
		    memchr(more.p, ' ', more.n))
			who = more;
	}
	if (!slice_cut(&who, ' ', &ident) || ident.n == 0 || who.n == 0)
		return false;
	e->user = field_or_none(who);
	return e->client.n > 0;
}

static void read_request(struct log_event *e)
{
	struct slice rest = e->request, method, target;

	if (!slice_cut(&rest, ' ', &method) || method.n == 0 || method.n > 32)
		return;
	for (size_t i = 0; i < method.n; i++)
		if ((method.p[i] < 'A' || method.p[i] > 'Z') && method.p[i] != '_' && method.p[i] != '-')
			return;
	/* A target may hold blanks if the client was careless: the last one counts. */
	target = rest;
	for (size_t i = rest.n; i > 0; i--)
		if (rest.p[i - 1] == ' ') {
			e->protocol = slice_skip(rest, i);
			target = slice_head(rest, i - 1);
			break;
		}
	if (!slice_starts(e->protocol, SLICE("HTTP/")) && e->protocol.n) {
		e->protocol = (struct slice){ 0 };
		target = rest;
	}
	e->method = method;
	e->target = target;
}

static bool read_status(struct slice *line, struct log_event *e)
{
	const char *p = line->p;

	if (line->n >= 2 && p[0] == '-' && p[1] == ' ') {
		*line = slice_skip(*line, 1);
		return true;
	}
	if (line->n < 4 || p[3] != ' ')
		return false;
	for (int i = 0; i < 3; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		e->status = (uint16_t)(e->status * 10 + (p[i] - '0'));
	}
	*line = slice_skip(*line, 3);
	return true;
}

static bool read_size(struct slice *line, struct log_event *e)
{
	size_t n = 0;

	while (n < line->n && line->p[n] != ' ')
		n++;
	if (!(n == 1 && line->p[0] == '-') && !slice_u64(slice_head(*line, n), &e->size))
		return false;
	*line = slice_skip(*line, n);
	return true;
}

static bool parse(struct slice line, struct log_event *event, const char **why)
{
	struct log_event e = { 0 };
	struct slice listed;
	size_t quote;

	if (line.n && line.p[0] == '"') {
		/* The list of clients in quotes; the peer's address follows. */
		*why = "client";
		if (!field_quoted(&line, &listed) || !field_blank(&line))
			return false;
	} else {
		listed = (struct slice){ 0 };
	}
	quote = scan_best()->find(line, '"');
	*why = "time";
	if (quote == line.n || quote < 29 || memcmp(line.p + quote - 2, "] ", 2) != 0 ||
	    line.p[quote - 29] != '[' || !field_clf_time(slice_of(line.p + quote - 28, 26), &e.time))
		return false;
	*why = "client, ident, user";
	if (quote < 31 || line.p[quote - 30] != ' ' ||
	    !read_who(slice_head(line, quote - 30), &e))
		return false;
	if (listed.n)
		e.client = of_list(listed);
	line = slice_skip(line, quote);
	*why = "request";
	if (!field_quoted(&line, &e.request) || !field_blank(&line))
		return false;
	e.request = field_or_none(e.request);
	read_request(&e);
	*why = "status";
	if (!read_status(&line, &e))
		return false;
	*why = "size";
	if (!field_blank(&line) || !read_size(&line, &e))
		return false;
	if (line.n == 0) {
		*event = e;
		return true;
	}
	*why = "referer";
	if (!field_blank(&line) || !field_quoted(&line, &e.referer))
		return false;
	*why = "user agent";
	if (!field_blank(&line) || !field_quoted(&line, &e.agent))
		return false;
	*why = "what follows the user agent";
	if (line.n && line.p[0] != ' ')
		return false;
	e.referer = field_or_none(e.referer);
	e.agent = field_or_none(e.agent);
	*event = e;
	return true;
}

const struct logfmt logfmt_combined;

static int score(struct slice sample)
{
	return logfmt_share(&logfmt_combined, sample);
}

const struct logfmt logfmt_combined = {
	.name = "combined",
	.summary = "NCSA combined and common, as Apache and nginx write them by default",
	.score = score,
	.parse = parse,
};
