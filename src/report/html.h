/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html - the parts of the page
 *
 * Each part writes one <section> or nothing.  To add one: its file
 * html_NAME.c, its prototype here, its line in write_html.c.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/clock.h"
#include "report/model.h"
#include "report/page.h"
#include "report/writers.h"

extern const char html_style[];

void html_masthead(struct buf *b, const struct model *m);
void html_judgements(struct buf *b, const struct model *m);
void html_sheet(struct buf *b, const struct model *m);
void html_scope(struct buf *b, const struct model *m);
void html_days(struct buf *b, const struct model *m);
void html_logins(struct buf *b, const struct model *m);
void html_relay(struct buf *b, const struct model *m);
void html_pairs(struct buf *b, const struct model *m);
void html_titles(struct buf *b, const struct model *m);
void html_names(struct buf *b, const struct model *m);
void html_weighing(struct buf *b, const struct model *m);
void html_coverage(struct buf *b, const struct model *m);
void html_evidence(struct buf *b, const struct model *m);
void html_custody(struct buf *b, const struct model *m);
void html_method(struct buf *b, const struct model *m);

/* ------------------------------------------------ what they share ------ */

/* <section id=ID aria-labelledby=...><h2>TITLE</h2>; ended with "</section>". */
void html_section(struct buf *b, const char *id, const char *title);

/* A table in a box that scrolls by itself on a narrow screen. */
void html_table(struct buf *b, const char *class, const char *caption);
void html_table_end(struct buf *b);
/* <th scope="col"> for each; "#" in front: a column of numbers. */
void html_columns(struct buf *b, const char *const *names, size_t n);
#define HTML_COLUMNS(b, ...) \
	html_columns((b), (const char *const[]){ __VA_ARGS__ }, \
		     sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

/* "Shown: 20 of 133 names." or nothing when all are. */
void html_shown(struct buf *b, uint64_t shown, uint64_t total, const char *what);

/* Links to findings, where they are evidence: "F12 F15 and 20 more". */
void html_finding_link(struct buf *b, const struct model *m, int64_t id);
void html_finding_links(struct buf *b, const struct model *m, const json_t *ids, size_t most);
/* A link to the object's row, with the first digits of its hash. */
void html_object_link(struct buf *b, const struct model *m, int64_t id);

/* "2024-01-08 18:00:00" in <time>, "" for CLOCK_NONE. */
void html_time(struct buf *b, int64_t time);
/* Where in the object: "line 12", "box 10,20 300×40", "sheet1!B3". */
void html_locator(struct buf *b, const json_t *locator);

/* A time in a finding's data: RFC 3339 text or milliseconds. */
int64_t html_member_time(const json_t *data, const char *name);

/* "three", "twelve", "13" */
const char *html_number_word(uint64_t n, char out[24]);

#endif
