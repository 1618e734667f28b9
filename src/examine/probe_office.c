/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Office Open XML: text of DOCX, XLSX and PPTX with its place, and who made
 * it when.
 *
 * The container is unpacked in memory under ceilings for each part and for
 * all of them; XML is read as a stream, no entity is expanded, nothing is
 * loaded.  A line's `where` is PART or PART#CELL: "word/document.xml#tbl1!R2C1",
 * "xl/worksheets/sheet1.xml#Cuts!B3".
 */
#include <archive.h>
#include <archive_entry.h>
#include <libxml/xmlreader.h>
#include <stdio.h>
#include <stdlib.h>

#include "examine/lines.h"
#include "examine/probes.h"
#include "examine/script.h"

#define PARTS_MAX 400
#define ENTRIES_MAX 20000
#define PART_BYTES_MAX (32u << 20)
#define ALL_BYTES_MAX (96u << 20)
#define STRINGS_MAX 1000000u
#define DEPTH_MAX 100

struct part {
	char *name;
	struct buf bytes;
};

struct office {
	struct worker *w;
	struct lines lines;
	struct part part[PARTS_MAX];
	size_t count;
	size_t bytes;                 /* in all parts */
	/* XLSX: shared strings, one behind the other. */
	struct buf strings;
	size_t *string_end;
	size_t string_count, string_room;
};

static int prepare(void **state, struct err *err)
{
	*state = NULL;
	xmlInitParser();
	return script_prepare(err);
}

/* ------------------------------------------------ the container ------- */

/* Parts that say something. */
static bool is_wanted(struct slice name)
{
	static const char *const heads[] = {
		"docProps/core.xml", "docProps/app.xml", "word/document.xml", "word/header",
		"word/footer", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml",
		"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml",
		"xl/worksheets/sheet", "xl/comments", "ppt/slides/slide", "ppt/notesSlides/notesSlide",
	};

	if (!slice_ends(name, SLICE(".xml")) && !slice_ends(name, SLICE(".rels")))
		return false;
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		if (slice_starts(name, slice_text(heads[i])))
			return true;
	return false;
}

static void part_take(struct office *o, struct archive *zip, const char *name)
{
	struct part *part = &o->part[o->count];
	ssize_t n = 0;

	part->name = strdup(name);
	part->bytes = buf_limited(PART_BYTES_MAX);
	while (part->name) {
		char *room = buf_room(&part->bytes, 65536);

		if (!room || o->bytes >= ALL_BYTES_MAX) {
			worker_partial(o->w, "a part is too large: its end is left out");
			break;
		}
		n = archive_read_data(zip, room, 65536);
		if (n <= 0)
			break;
		buf_grew(&part->bytes, (size_t)n);
		o->bytes += (size_t)n;
	}
	if (n < 0)
		worker_partial(o->w, "a part cannot be unpacked");
	o->count++;
}

static void parts_read(struct office *o, struct slice bytes)
{
	struct archive *zip = archive_read_new();
	struct archive_entry *entry;
	int r = ARCHIVE_FATAL, n = 0;

	if (!zip)
		return;
	(void)archive_read_support_format_zip_seekable(zip);
	(void)archive_read_support_format_zip_streamable(zip);
	if (archive_read_open_memory(zip, bytes.p, bytes.n) == ARCHIVE_OK) {
		while ((r = archive_read_next_header(zip, &entry)) == ARCHIVE_OK || r == ARCHIVE_WARN) {
			const char *name = archive_entry_pathname(entry);

			if (++n > ENTRIES_MAX || o->count == PARTS_MAX) {
				worker_partial(o->w, "too many parts: the rest is left out");
				r = ARCHIVE_EOF;
				break;
			}
			if (name && is_wanted(slice_text(name)))
				part_take(o, zip, name);
		}
	}
	if (r != ARCHIVE_EOF)
		worker_partial(o->w, "the container is damaged");
	(void)archive_read_free(zip);
}

static const struct part *part_named(const struct office *o, const char *name)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->part[i].name && strcmp(o->part[i].name, name) == 0)
			return &o->part[i];
	return NULL;
}

/* --------------------------------------------------------- XML -------- */

struct xml {
	xmlTextReaderPtr reader;
	struct worker *w;
	const char *part;
};

static struct slice local_name(const struct xml *x)
{
	return slice_text((const char *)xmlTextReaderConstLocalName(x->reader));
}

static struct slice value_of(const struct xml *x)
{
	return slice_text((const char *)xmlTextReaderConstValue(x->reader));
}

/* A copy the caller frees with free(); NULL if it is not there. */
static char *attribute(const struct xml *x, const char *name)
{
	xmlChar *value = xmlTextReaderGetAttribute(x->reader, (const xmlChar *)name);
	char *copy = value ? strdup((const char *)value) : NULL;

	xmlFree(value);
	return copy;
}

/* Parts are UTF-8: the declaration is not asked, so that no converter need
 * be loaded for what a stranger names there. */
static bool xml_open(struct xml *x, struct worker *w, const struct part *part)
{
	const struct slice s = buf_slice(&part->bytes);

	*x = (struct xml){ .w = w, .part = part->name };
	if (s.n == 0)
		return false;
	if (slice_starts(s, SLICE("\xFF\xFE")) || slice_starts(s, SLICE("\xFE\xFF"))) {
		worker_partial(w, "a part in UTF-16 is not read");
		return false;
	}
	x->reader = xmlReaderForMemory(s.p, (int)s.n, NULL, "UTF-8",
				       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
					       XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
	return x->reader != NULL;
}

static bool xml_next(struct xml *x)
{
	const int r = xmlTextReaderRead(x->reader);

	if (r == 1 && xmlTextReaderDepth(x->reader) <= DEPTH_MAX)
		return true;
	if (r != 0) {
		char why[256];

		(void)snprintf(why, sizeof why, "'%.150s' is damaged: the rest of it is left out",
			       x->part);
		worker_partial(x->w, why);
	}
	return false;
}

static void xml_close(struct xml *x)
{
	xmlFreeTextReader(x->reader);
	x->reader = NULL;
}

static bool begins(const struct xml *x)
{
	return xmlTextReaderNodeType(x->reader) == XML_READER_TYPE_ELEMENT;
}

static bool ends(const struct xml *x)
{
	return xmlTextReaderNodeType(x->reader) == XML_READER_TYPE_END_ELEMENT ||
	       (begins(x) && xmlTextReaderIsEmptyElement(x->reader));
}

static bool is_text(const struct xml *x)
{
	const int type = xmlTextReaderNodeType(x->reader);

	return type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
	       type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE;
}

/* ---------------------------------------------------- metadata -------- */

static const char *prefix_of(const char *uri)
{
	static const char *const known[][2] = {
		{ "http://purl.org/dc/elements/1.1/", "dc:" },
		{ "http://purl.org/dc/terms/", "dcterms:" },
		{ "http://schemas.openxmlformats.org/package/2006/metadata/core-properties", "cp:" },
	};

	for (size_t i = 0; uri && i < sizeof known / sizeof *known; i++)
		if (strcmp(uri, known[i][0]) == 0)
			return known[i][1];
	return "";
}

/* Both parts hold a flat list of elements with text. */
static void fields_read(struct office *o, const struct part *part)
{
	char name[128] = "";
	struct xml x;

	if (!part || !xml_open(&x, o->w, part))
		return;
	while (xml_next(&x)) {
		const int depth = xmlTextReaderDepth(x.reader);

		if (begins(&x) && depth == 1)
			(void)snprintf(name, sizeof name, "%s%.100s",
				       prefix_of((const char *)xmlTextReaderConstNamespaceUri(x.reader)),
				       (const char *)xmlTextReaderConstLocalName(x.reader));
		else if (is_text(&x) && depth == 2 && slice_trim(value_of(&x)).n) {
			struct message m = message_of(MESSAGE_FIELD);

			m.name = slice_text(name);
			m.text = slice_trim(value_of(&x));
			worker_say(o->w, &m);
		}
	}
	xml_close(&x);
}

/* ---------------------------------------------- paragraphs ------------ */

/* DOCX and PPTX agree on the names: p, t, tab, br, tbl, tr, tc. */
static void paragraphs_read(struct office *o, const struct part *part)
{
	scoped(buf_done) struct buf text = buf_limited(4 << 20);
	unsigned table = 0, row = 0, column = 0, nesting = 0, paragraph = 0;
	bool in_text = false;
	char where[400];
	struct xml x;

	if (!xml_open(&x, o->w, part))
		return;
	while (xml_next(&x)) {
		const struct slice name = local_name(&x);

		if (is_text(&x) && in_text)
			(void)buf_add(&text, value_of(&x));
		if (begins(&x)) {
			if (slice_is(name, "t"))
				in_text = true;
			else if (slice_is(name, "tab") || slice_is(name, "br") || slice_is(name, "cr"))
				(void)buf_char(&text, ' ');
			else if (slice_is(name, "tbl") && nesting++ == 0)
				table++, row = 0;
			else if (slice_is(name, "tr") && nesting == 1)
				row++, column = 0;
			else if (slice_is(name, "tc") && nesting == 1)
				column++;
		}
		if (!ends(&x))
			continue;
		if (slice_is(name, "t"))
			in_text = false;
		else if (slice_is(name, "tbl") && nesting)
			nesting--;
		else if (slice_is(name, "p")) {
			struct message m = message_of(MESSAGE_LINE);

			if (nesting)
				(void)snprintf(where, sizeof where, "%.300s#tbl%u!R%uC%u", part->name,
					       table, row, column);
			else
				(void)snprintf(where, sizeof where, "%.300s", part->name);
			m.text = buf_slice(&text);
			m.where = slice_text(where);
			m.line = ++paragraph;
			(void)lines_add(&o->lines, &m);
			buf_clear(&text);
		}
	}
	xml_close(&x);
}

/* ------------------------------------------------------- XLSX --------- */

static void strings_read(struct office *o, const struct part *part)
{
	bool in_text = false, phonetic = false;
	struct xml x;

	if (!part || !xml_open(&x, o->w, part))
		return;
	while (xml_next(&x) && o->string_count < STRINGS_MAX) {
		const struct slice name = local_name(&x);

		if (is_text(&x) && in_text && !phonetic)
			(void)buf_add(&o->strings, value_of(&x));
		if (begins(&x)) {
			in_text = in_text || slice_is(name, "t");
			phonetic = phonetic || slice_is(name, "rPh");
		}
		if (!ends(&x))
			continue;
		if (slice_is(name, "t"))
			in_text = false;
		else if (slice_is(name, "rPh"))
			phonetic = false;
		else if (slice_is(name, "si")) {
			if (o->string_count == o->string_room) {
				const size_t room = o->string_room ? o->string_room * 2 : 1024;
				size_t *grown = realloc(o->string_end, room * sizeof *grown);

				if (!grown)
					break;
				o->string_end = grown;
				o->string_room = room;
			}
			o->string_end[o->string_count++] = o->strings.n;
		}
	}
	xml_close(&x);
}

static struct slice string_at(const struct office *o, struct slice number)
{
	uint64_t i;
	size_t from;

	if (!slice_u64(slice_trim(number), &i) || i >= o->string_count)
		return slice_of("", 0);
	from = i ? o->string_end[i - 1] : 0;
	return slice_of(o->strings.p + from, o->string_end[i] - from);
}

static void sheet_read(struct office *o, const struct part *part, const char *sheet)
{
	scoped(buf_done) struct buf text = buf_limited(4 << 20);
	scoped(memory_free) char *cell = NULL, *type = NULL;
	bool in_value = false;
	char where[600];
	struct xml x;

	if (!xml_open(&x, o->w, part))
		return;
	while (xml_next(&x)) {
		const struct slice name = local_name(&x);

		if (is_text(&x) && in_value)
			(void)buf_add(&text, value_of(&x));
		if (begins(&x) && slice_is(name, "c")) {
			free(cell);
			free(type);
			cell = attribute(&x, "r");
			type = attribute(&x, "t");
			buf_clear(&text);
		} else if (begins(&x) && (slice_is(name, "v") || slice_is(name, "t"))) {
			in_value = true;
		}
		if (!ends(&x))
			continue;
		if (slice_is(name, "v") || slice_is(name, "t"))
			in_value = false;
		/* Numbers, dates and truth values are not text. */
		else if (slice_is(name, "c") && type && cell) {
			struct message m = message_of(MESSAGE_LINE);

			if (strcmp(type, "s") == 0)
				m.text = string_at(o, buf_slice(&text));
			else if (strcmp(type, "inlineStr") == 0 || strcmp(type, "str") == 0)
				m.text = buf_slice(&text);
			(void)snprintf(where, sizeof where, "%.200s#%.200s!%.20s", part->name, sheet,
				       cell);
			m.where = slice_text(where);
			(void)lines_add(&o->lines, &m);
		}
	}
	xml_close(&x);
}

/* The part a relation of the workbook points to, or NULL. */
static const struct part *related(struct office *o, const char *id)
{
	const struct part *rels = part_named(o, "xl/_rels/workbook.xml.rels"), *found = NULL;
	struct xml x;

	if (!rels || !id || !xml_open(&x, o->w, rels))
		return NULL;
	while (!found && xml_next(&x)) {
		scoped(memory_free) char *this = NULL, *target = NULL;
		char name[512];

		if (!begins(&x) || !slice_is(local_name(&x), "Relationship"))
			continue;
		this = attribute(&x, "Id");
		target = attribute(&x, "Target");
		if (!this || !target || strcmp(this, id) != 0)
			continue;
		(void)snprintf(name, sizeof name, "%s%.480s", target[0] == '/' ? "" : "xl/",
			       target[0] == '/' ? target + 1 : target);
		found = part_named(o, name);
		if (!found)
			break;
	}
	xml_close(&x);
	return found;
}

static void workbook_read(struct office *o, const struct part *part)
{
	struct xml x;

	strings_read(o, part_named(o, "xl/sharedStrings.xml"));
	if (!xml_open(&x, o->w, part))
		return;
	for (unsigned sheets = 0; sheets < PARTS_MAX && xml_next(&x);) {
		scoped(memory_free) char *name = NULL, *id = NULL;
		const struct part *sheet;

		if (!begins(&x) || !slice_is(local_name(&x), "sheet"))
			continue;
		sheets++;
		name = attribute(&x, "name");
		id = attribute(&x, "r:id");
		sheet = related(o, id);
		if (sheet)
			sheet_read(o, sheet, name ? name : "");
		else
			worker_partial(o->w, "a sheet is not where the workbook says");
	}
	xml_close(&x);
}

static int by_name(const void *a, const void *b)
{
	const struct part *left = a, *right = b;

	return strcmp(left->name ? left->name : "", right->name ? right->name : "");
}

static void read_office(void *state, const struct worker_input *input, struct worker *w)
{
	struct office *o = calloc(1, sizeof *o);
	const struct part *workbook;

	(void)state;
	if (!o)
		return;
	o->w = w;
	o->lines = lines_for(w);
	o->strings = buf_limited(PART_BYTES_MAX);
	parts_read(o, input->bytes);
	qsort(o->part, o->count, sizeof *o->part, by_name);
	fields_read(o, part_named(o, "docProps/core.xml"));
	fields_read(o, part_named(o, "docProps/app.xml"));
	workbook = part_named(o, "xl/workbook.xml");
	if (workbook)
		workbook_read(o, workbook);
	for (size_t i = 0; i < o->count; i++) {
		const struct slice name = slice_text(o->part[i].name);

		if (slice_starts(name, SLICE("word/")) || slice_starts(name, SLICE("ppt/")))
			paragraphs_read(o, &o->part[i]);
	}
	if (o->count == 0)
		worker_partial(w, "no document part is in it");
	lines_say(&o->lines);
	for (size_t i = 0; i < o->count; i++) {
		free(o->part[i].name);
		buf_done(&o->part[i].bytes);
	}
	buf_done(&o->strings);
	free(o->string_end);
	free(o);
}

const struct probe probe_office = {
	.name = "office",
	.summary = "Office Open XML documents",
	.budget = { .wall_ms = 30000, .cpu_s = 20, .memory = 512u << 20, .answer = 48u << 20 },
	.prepare = prepare,
	.read = read_office,
};
