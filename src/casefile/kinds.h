/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kinds - every kind of finding, in one list
 *
 * The names are a promise (docs/formats/findings.md): they are never renamed
 * or given another meaning.  To add one: a line here, a paragraph there.
 *
 * KIND(name, what the value is)
 */
#ifndef CASEFILE_KINDS_H
#define CASEFILE_KINDS_H

#define FINDING_KINDS(KIND) \
	/* examine */ \
	KIND("file.type", "media type; data: description") \
	KIND("file.verdict", "ok, partial, crashed, timed out, over budget, denied, not read; data: worker, why") \
	KIND("text.encoding", "name of the encoding the text was read in; certainty") \
	KIND("text.line", "a line, paragraph or cell; locator: line, part, cell; data: script, lang") \
	KIND("meta.field", "a metadata value; data: name, e.g. dc:creator") \
	KIND("exif.time", "local time as written; data: name, offset (\"+08:30\") or null") \
	KIND("picture.size", "1280x720") \
	KIND("ocr.line", "a line read in a picture; locator: box [x,y,w,h]; data: script, lang, engine, model; certainty") \
	KIND("pair.lines", "\"instruction -> translation\"; data: a, b (finding ids; a_lines, b_lines: all of them), a_text, b_text, a_box, b_box, from, to (languages), how; certainty") \
	/* logs */ \
	KIND("log.summary", "one log set in words; data: read, parsed, rejected, first, last, addresses") \
	KIND("log.reject", "a line that does not fit, cut short; locator: line, offset; data: why") \
	KIND("log.login", "address; locator: line, offset; data: time, user, agent, ok, rule, country, asn, network, class, lists; certainty") \
	KIND("log.session", "address; data: actor, first, last, requests, read, written, class, country, login") \
	KIND("log.origins", "a count of logins; data: unit, class, country, label, findings") \
	KIND("log.exchange", "path that one side wrote and another read; data: written_by, read_by, times, lines") \
	KIND("log.relay", "two groups of actors in words; data: a, b, objects, answered") \
	/* match */ \
	KIND("title.leg", "a title's id; data: leg (path, text, picture), as, finding, entry") \
	KIND("title.match", "a title; data: id, status (claim, lead), legs, episodes, cuts, first, last") \
	KIND("name.match", "the listed name; data: list, entry, date, sha256, as, how, finding") \
	/* assess */ \
	KIND("assess.observation", "what was looked for, in words; data: id, count, groups, findings, per hypothesis") \
	KIND("assess.claim", "the sentence; data: id, hypothesis, term, low, high, confidence, ...")

#endif
