/* SPDX-License-Identifier: Apache-2.0 */
/* Custody, method, versions, lists, limits, words. */
#include "report/html.h"

#include <string.h>

void html_custody(struct buf *b, const struct model *m)
{
	html_section(b, "custody", "Custody: how to check this");
	page(b, "<dl class=\"why\">\n<dt>Ledger head</dt><dd class=\"mono sha\">%s</dd>\n<dt>Entries</dt><dd>", m->head);
	page_number(b, m->entries);
	page(b, "</dd>\n<dt>Public key (Ed25519)</dt><dd class=\"mono sha\">%s</dd>\n<dt>Case made</dt><dd>",
	     *m->public_key ? m->public_key : "see ledger/ in the case");
	html_time(b, m->created);
	page(b, " UTC</dd>\n<dt>Last change</dt><dd>");
	html_time(b, m->as_of);
	page(b, " UTC</dd>\n</dl>\n<p>Every byte that was collected lies in append-only WARC files; a signed chain of hashes (the "
		"ledger) covers them and every row of the index. This report was made from the chain's head above. With the case at hand:</p>\n"
		"<pre>xsheet verify CASE                     # every hash, every signature: verified, failed, or unverifiable\n");
	if (m->objects_n) {
		const struct model_object *o = &m->objects[0];

		for (size_t i = 0; i < m->objects_n; i++)
			if (!m->objects[i].chunked) {
				o = &m->objects[i];
				break;
			}
		page(b, "\n# one object by hand, without xsheet:\ntail -c +%" PRIu64 " CASE/warc/%s | head -c %" PRIu64 " | sha256sum\n# must print %s\n",
		     o->offset + 1, o->segment, o->size, o->sha256);
	}
	page(b, "\n# the ledger's entry this report was made from, without xsheet (the whole chain: docs/formats/case.md)\n"
		"line=$(sed -n %" PRIu64 "p CASE/ledger/ledger.tsv); tab=$(printf '\\t')\n"
		"printf %%s \"${line%%$tab*}\" &gt;signed; printf %%s \"${line##*$tab}\" | base64 -d &gt;signature\n"
		"openssl pkeyutl -verify -rawin -pubin -inkey CASE/ledger/public.pem -in signed -sigfile signature\n"
		"printf %%s \"$line\" | sha256sum\n# must print %s</pre>\n",
	     m->entries, m->head);
	page(b, "<p class=\"soft\">The chain shows that nothing was altered since it was signed. It does not show that the collector told the "
		"truth: compare with copies others made, and with dates from elsewhere.</p>\n</section>\n");
}

/* A JSON value as lines "name: value", nested names joined by a dot. */
static void params(struct buf *b, const json_t *value, const char *name, int depth)
{
	const char *key;
	const json_t *item;
	size_t i;

	if (json_is_object(value) && depth < 4) {
		json_object_foreach((json_t *)(uintptr_t)value, key, item) {
			char path[200];

			(void)snprintf(path, sizeof path, "%s%s%.80s", name, *name ? "." : "", key);
			params(b, item, path, depth + 1);
		}
		return;
	}
	if (json_is_array(value) && depth < 4) {
		json_array_foreach(value, i, item) {
			if (i == 40) {
				page(b, "<li>%s: and %zu more</li>\n", name, json_array_size(value) - i);
				break;
			}
			params(b, item, name, depth + 1);
		}
		return;
	}
	page(b, "<li><span class=\"soft\">%s:</span> ", name);
	if (json_is_string(value))
		page_cut(b, json_string_value(value), 300);
	else if (json_is_integer(value))
		page(b, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		page(b, "%.6f", json_real_value(value));
	else
		page(b, "%s", json_is_true(value) ? "yes" : json_is_false(value) ? "no" : "not stated");
	page(b, "</li>\n");
}

static void runs(struct buf *b, const struct model *m)
{
	for (size_t i = 0; i < m->runs_n; i++) {
		const struct model_run *r = &m->runs[i];

		page(b, "<details><summary>%s, by %s, ", r->stage, r->tool);
		html_time(b, r->started);
		page(b, " UTC</summary><ul class=\"mono\">\n");
		if (!json_object_size(r->params))
			page(b, "<li>no parameters</li>\n");
		params(b, r->params, "", 0);
		page(b, "</ul></details>\n");
	}
}

static void words(struct buf *b)
{
	static const char *const rows[][2] = {
		{ "almost no chance", "1&ndash;5 %" },    { "very unlikely", "5&ndash;20 %" },
		{ "unlikely", "20&ndash;45 %" },          { "roughly even chance", "45&ndash;55 %" },
		{ "likely", "55&ndash;80 %" },            { "very likely", "80&ndash;95 %" },
		{ "almost certain", "95&ndash;99 %" },
	};

	page(b, "<h3 id=\"words\">Words of likelihood</h3>\n");
	html_table(b, "small", "What the words mean (ICD 203)");
	HTML_COLUMNS(b, "Word", "Likelihood");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		page(b, "<tr><th scope=\"row\">%s</th><td>", rows[i][0]);
		(void)buf_text(b, rows[i][1]);
		page(b, "</td></tr>\n");
	}
	page(b, "</tbody>");
	html_table_end(b);
	page(b, "<p>Confidence is another matter: it says how good and how independent the sources are, and how much was assumed. It is "
		"high, moderate or low, and never follows from the likelihood.</p>\n");
}

void html_method(struct buf *b, const struct model *m)
{
	html_section(b, "method", "Method, versions, and limits");
	page(b, "<p>Files were collected as anyone can fetch them, stored as they crossed the wire, and opened only in confined processes. "
		"What was found was weighed under several hypotheses, among them an innocent one. Each run, with its parameters and the lists "
		"and models it used, by hash and date:</p>\n");
	runs(b, m);
	words(b);
	page(b, "<h3>Limits</h3>\n<ul>\n"
		"<li>Text in pictures was read by a machine. It misreads, above all handwriting; the picture beside it decides.</li>\n"
		"<li>Pairs of instruction and translation are paired by place, language and order; the program does not translate.</li>\n"
		"<li>Address tables place addresses, not people, and are right on their date at best. Exits of VPNs hide where their users are.</li>\n"
		"<li>Language, time zone and software are traits that can be borrowed or planted. &ldquo;Planted&rdquo; is among the hypotheses.</li>\n"
		"<li>A listed name is a string; identity needs more than a string.</li>\n"
		"<li>No natural person is named as culprit.</li>\n"
		"<li>What a server did not list, or listed between two passes, is not in this case.</li>\n"
		"</ul>\n</section>\n");
}
