/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One self-contained page: no script, no request, style and pictures inside.
 * The policy in its head forbids everything else.
 */
#include "report/html.h"

/* Every part of the page, in the order of reading. */
static void (*const parts[])(struct buf *, const struct model *) = {
	html_judgements, html_sheet, html_scope, html_days, html_logins, html_relay, html_pairs, html_titles,
	html_names, html_weighing, html_coverage, html_evidence, html_custody, html_method,
};

static int write(const struct model *m, struct buf *out, struct err *err)
{
	page(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
		  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		  "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
		  "<meta name=\"generator\" content=\"xsheet " XSHEET_VERSION "\">\n<title>Exposure sheet");
	if (m->days_n)
		page(out, ", %s to %s", m->days[0].day, m->days[m->days_n - 1].day);
	page(out, "</title>\n<style>\n");
	(void)buf_text(out, html_style);
	page(out, "</style>\n</head>\n<body>\n");
	html_masthead(out, m);
	page(out, "<main>\n");
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		parts[i](out, m);
	page(out, "</main>\n<footer><p>Drawn up by xsheet " XSHEET_VERSION " from the case whose ledger head is <span class=\"hash sha\">%s</span>. "
		  "Same case, same page, byte for byte.</p></footer>\n</body>\n</html>\n", m->head);
	if (buf_broken(out) == -ERR_FAILED)
		return err_set(err, ERR_FAILED, "the page could not be written: a format is wrong");
	return buf_broken(out) < 0 ? err_set(err, ERR_LIMIT, "the report would be larger than %u MB", REPORT_SIZE_MAX >> 20) : 0;
}

const struct report_writer report_writer_html = {
	.name = "html",
	.summary = "one self-contained page, without scripts or requests",
	.suffix = ".html",
	.pictures = true,
	.write = write,
};
