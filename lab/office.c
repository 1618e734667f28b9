/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Office files: the smallest real OOXML that office programs open without
 * complaint, with the core properties an examiner looks for.  Also packs the
 * archives of cels.
 */
#include "lab.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <string.h>

/* ---- packing ---- */

static ssize_t archive_sink(struct archive *a, void *to, const void *data, size_t len)
{
	(void)a;
	bytes_add(to, data, len);
	return (ssize_t)len;
}

static void archive_check(struct archive *a, int r)
{
	if (r < ARCHIVE_WARN)
		fatal("cannot pack: %s", archive_error_string(a));
}

void pack(struct member *members, size_t count, bool zip, time_t when, struct bytes *out)
{
	struct archive *a = archive_write_new();

	if (a == NULL)
		fatal("out of memory");
	archive_check(a, zip ? archive_write_set_format_zip(a) : archive_write_set_format_ustar(a));
	if (!zip) {
		archive_check(a, archive_write_add_filter_gzip(a));
		archive_check(a, archive_write_set_filter_option(a, "gzip", "timestamp", NULL));
	}
	archive_check(a, archive_write_set_bytes_in_last_block(a, 1));
	archive_check(a, archive_write_open(a, out, NULL, archive_sink, NULL));
	for (size_t i = 0; i < count; i++) {
		struct archive_entry *e = archive_entry_new();

		archive_entry_set_pathname_utf8(e, members[i].name);
		archive_entry_set_filetype(e, AE_IFREG);
		archive_entry_set_perm(e, 0644);
		archive_entry_set_size(e, (la_int64_t)members[i].bytes.len);
		archive_entry_set_mtime(e, when, 0);
		archive_check(a, archive_write_header(a, e));
		if (archive_write_data(a, members[i].bytes.data, members[i].bytes.len) < 0)
			fatal("cannot pack: %s", archive_error_string(a));
		archive_entry_free(e);
		bytes_done(&members[i].bytes);
	}
	archive_check(a, archive_write_close(a));
	archive_write_free(a);
}

void archive_cels(struct entry_content *c, struct bytes *out)
{
	struct member members[5] = { 0 };
	const size_t len = strlen(c->entry->path);

	for (int i = 0; i < 4; i++) {
		struct entry cel = { .path = keepf("%s/A%04d.tga", c->entry->path, i + 1), .maker = MAKE_CEL };
		struct entry_content content = { c->lab, &cel, c->version, c->time };

		members[i].name = keepf("A%04d.tga", i + 1);
		picture_drawing(&content, &members[i].bytes);
	}
	members[4].name = "README.txt";
	bytes_text(&members[4].bytes, LAB_MARK "\n");
	pack(members, 5, len > 4 && strcmp(c->entry->path + len - 4, ".zip") == 0, c->time, out);
}

/* ---- the parts every office file has ---- */

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define NS_REL "http://schemas.openxmlformats.org/package/2006/relationships"
#define NS_DOC "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define NS_SHEET "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define NS_WORD "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define TYPE_OOXML "application/vnd.openxmlformats-officedocument."

static void xml_text(struct bytes *out, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '&': bytes_text(out, "&amp;"); break;
		case '<': bytes_text(out, "&lt;"); break;
		case '>': bytes_text(out, "&gt;"); break;
		default: bytes_byte(out, (unsigned char)*text);
		}
	}
}

struct properties {
	const char *creator, *modifier, *language, *application;
};

static void package_parts(struct member *m, bool sheet, const struct properties *p, struct entry_content *c)
{
	const char *main_part = sheet ? "xl/workbook.xml" : "word/document.xml";
	char created[32], modified[32];

	format_utc(c->entry->versions_count > 0 ? c->entry->versions[0].time - 5400 : c->time - 5400, created);
	format_utc(c->time - 300, modified);
	m[0].name = "[Content_Types].xml";
	bytes_text(&m[0].bytes, XML "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
		   "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
		   "<Default Extension=\"xml\" ContentType=\"application/xml\"/>");
	bytes_text(&m[0].bytes, sheet
		   ? "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" TYPE_OOXML "spreadsheetml.sheet.main+xml\"/>"
		     "<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"" TYPE_OOXML "spreadsheetml.worksheet+xml\"/>"
		     "<Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"" TYPE_OOXML "spreadsheetml.sharedStrings+xml\"/>"
		     "<Override PartName=\"/xl/styles.xml\" ContentType=\"" TYPE_OOXML "spreadsheetml.styles+xml\"/>"
		   : "<Override PartName=\"/word/document.xml\" ContentType=\"" TYPE_OOXML "wordprocessingml.document.main+xml\"/>");
	bytes_text(&m[0].bytes,
		   "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>"
		   "<Override PartName=\"/docProps/app.xml\" ContentType=\"" TYPE_OOXML "extended-properties+xml\"/></Types>");

	m[1].name = "_rels/.rels";
	bytes_addf(&m[1].bytes, XML "<Relationships xmlns=\"" NS_REL "\">"
		   "<Relationship Id=\"rId1\" Type=\"" NS_DOC "/officeDocument\" Target=\"%s\"/>"
		   "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>"
		   "<Relationship Id=\"rId3\" Type=\"" NS_DOC "/extended-properties\" Target=\"docProps/app.xml\"/></Relationships>", main_part);

	m[2].name = "docProps/core.xml";
	bytes_addf(&m[2].bytes, XML "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
		   "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" "
		   "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
		   "<dc:creator>%s</dc:creator><dc:description>" LAB_MARK "</dc:description><dc:language>%s</dc:language>"
		   "<cp:lastModifiedBy>%s</cp:lastModifiedBy>"
		   "<dcterms:created xsi:type=\"dcterms:W3CDTF\">%s</dcterms:created>"
		   "<dcterms:modified xsi:type=\"dcterms:W3CDTF\">%s</dcterms:modified></cp:coreProperties>",
		   p->creator, p->language, p->modifier, created, modified);

	m[3].name = "docProps/app.xml";
	bytes_addf(&m[3].bytes, XML "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">"
		   "<Application>%s</Application></Properties>", p->application);
}

/* ---- sheets ---- */

struct table {
	struct bytes cells, strings;
	int row, shared;
};

static void table_row(struct table *t, int count, const char *const *texts)
{
	t->row++;
	bytes_addf(&t->cells, "<row r=\"%d\">", t->row);
	for (int i = 0; i < count; i++) {
		bytes_addf(&t->cells, "<c r=\"%c%d\" t=\"s\"><v>%d</v></c>", 'A' + i, t->row, t->shared++);
		bytes_text(&t->strings, "<si><t>");
		xml_text(&t->strings, texts[i]);
		bytes_text(&t->strings, "</t></si>");
	}
	bytes_text(&t->cells, "</row>");
}

static void table_save(struct table *t, const char *name, const struct properties *p, struct entry_content *c, struct bytes *out)
{
	struct member m[9] = { 0 };

	package_parts(m, true, p, c);
	m[4].name = "xl/workbook.xml";
	bytes_addf(&m[4].bytes, XML "<workbook xmlns=\"" NS_SHEET "\" xmlns:r=\"" NS_DOC "\"><sheets>"
		   "<sheet name=\"%s\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>", name);
	m[5].name = "xl/_rels/workbook.xml.rels";
	bytes_text(&m[5].bytes, XML "<Relationships xmlns=\"" NS_REL "\">"
		   "<Relationship Id=\"rId1\" Type=\"" NS_DOC "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
		   "<Relationship Id=\"rId2\" Type=\"" NS_DOC "/sharedStrings\" Target=\"sharedStrings.xml\"/>"
		   "<Relationship Id=\"rId3\" Type=\"" NS_DOC "/styles\" Target=\"styles.xml\"/></Relationships>");
	m[6].name = "xl/worksheets/sheet1.xml";
	bytes_text(&m[6].bytes, XML "<worksheet xmlns=\"" NS_SHEET "\"><cols><col min=\"1\" max=\"8\" width=\"24\" customWidth=\"1\"/></cols><sheetData>");
	bytes_add(&m[6].bytes, t->cells.data, t->cells.len);
	bytes_text(&m[6].bytes, "</sheetData></worksheet>");
	m[7].name = "xl/sharedStrings.xml";
	bytes_addf(&m[7].bytes, XML "<sst xmlns=\"" NS_SHEET "\" count=\"%d\" uniqueCount=\"%d\">", t->shared, t->shared);
	bytes_add(&m[7].bytes, t->strings.data, t->strings.len);
	bytes_text(&m[7].bytes, "</sst>");
	m[8].name = "xl/styles.xml";
	bytes_text(&m[8].bytes, XML "<styleSheet xmlns=\"" NS_SHEET "\"><fonts count=\"1\"><font><sz val=\"11\"/><name val=\"SimSun\"/></font></fonts>"
		   "<fills count=\"1\"><fill><patternFill patternType=\"none\"/></fill></fills><borders count=\"1\"><border/></borders>"
		   "<cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"1\"><xf/></cellXfs></styleSheet>");
	pack(m, 9, true, c->time, out);
	bytes_done(&t->cells);
	bytes_done(&t->strings);
}

static const struct properties wps_sheet = { "Administrator", "PC-04", "zh-CN", "WPS 表格" };
static const struct properties wps_text = { "lenovo", "user", "zh-CN", "WPS 文字" };
static const struct properties ms_text = { "admin", "PC-11", "zh-CN", "Microsoft Office Word" };
static const struct properties southern = { "haneulbyeol", "haneulbyeol", "ko-KR", "Microsoft Office" };

static void keep_pair(struct entry_content *c, const char *where, int phrase, const char *locator)
{
	if (c->version > 0)
		return;
	lab_pair(c->lab, (struct pair){ .path = c->entry->path, .where = where, .zh = phrases[phrase].zh,
					.ko = phrases[phrase].ko, .locator = locator });
}

void office_timesheet(struct entry_content *c, struct bytes *out)
{
	static const char *const head[] = { "镜头", "帧数", "修改内容", "번역", "状态", "날자" };
	static const char *const head_control[] = { "컷", "프레임", "수정 내용", "담당", "상태", "날짜" };
	static const char *const states[] = { "待修改", "已发出", "已收到" };
	static const char *const states_control[] = { "대기", "진행", "완료" };
	struct entry *e = c->entry;
	const struct title *t = e->title;
	struct table table = { 0 };
	bool ours = c->lab->control;

	table_row(&table, 2, (const char *[]){ keepf("%s (%s) EP%d", t->name, t->code, e->episode),
					       t->owner ? t->owner : "TIME SHEET" });
	table_row(&table, 6, ours ? head_control : head);
	for (int i = 0; i < e->phrases_count; i++) {
		int p = e->phrases[i];
		int state = (i + c->version) % 3;

		table_row(&table, 6, (const char *[]){
			keepf("C%03d", e->cut + i), keepf("%d", 48 + (e->cut + 11 * i) % 90),
			ours ? southern_phrases[p % southern_phrases_count] : phrases[p].zh,
			ours ? "2팀" : phrases[p].ko, ours ? states_control[state] : states[state],
			c->lab->days[e->first_day].date });
		if (!ours)
			keep_pair(c, "xlsx", p, keepf("Sheet1!C%d:D%d", table.row, table.row));
	}
	table_save(&table, "Sheet1", ours ? &southern : &wps_sheet, c, out);
}

void office_payment(struct entry_content *c, struct bytes *out)
{
	struct table table = { 0 };

	table_row(&table, 4, (const char *[]){ "付款日期", "收款单位", "项目", "金额(USD)" });
	table_row(&table, 4, (const char *[]){ "2024-01-05", "Lanternfold Pictures Ltd", "PLX EP12 背景", "1850" });
	table_row(&table, 4, (const char *[]){ "2024-01-05", "NINGS CARTOON STUDIO", "PLX EP12 原画", "4200" });
	table_row(&table, 4, (const char *[]){ "2024-01-06", "Studio Halfmoon Kite", "CMG EP07 动画", "2600" });
	table_save(&table, "Sheet1", &wps_sheet, c, out);
}

/* ---- texts ---- */

static void paragraph(struct bytes *b, const char *text)
{
	bytes_text(b, "<w:p><w:r><w:t xml:space=\"preserve\">");
	xml_text(b, text);
	bytes_text(b, "</w:t></w:r></w:p>");
}

static void word_row(struct bytes *b, int count, const char *const *texts)
{
	bytes_text(b, "<w:tr>");
	for (int i = 0; i < count; i++) {
		bytes_text(b, "<w:tc><w:tcPr><w:tcW w:w=\"3000\" w:type=\"dxa\"/></w:tcPr>");
		paragraph(b, texts[i]);
		bytes_text(b, "</w:tc>");
	}
	bytes_text(b, "</w:tr>");
}

static void word_save(struct bytes *body, const struct properties *p, struct entry_content *c, struct bytes *out)
{
	struct member m[6] = { 0 };

	package_parts(m, false, p, c);
	m[4].name = "word/document.xml";
	bytes_text(&m[4].bytes, XML "<w:document xmlns:w=\"" NS_WORD "\"><w:body>");
	bytes_add(&m[4].bytes, body->data, body->len);
	bytes_text(&m[4].bytes, "<w:sectPr/></w:body></w:document>");
	m[5].name = "word/_rels/document.xml.rels";
	bytes_text(&m[5].bytes, XML "<Relationships xmlns=\"" NS_REL "\"/>");
	pack(m, 6, true, c->time, out);
	bytes_done(body);
}

void office_notes(struct entry_content *c, struct bytes *out)
{
	struct entry *e = c->entry;
	struct bytes body = { 0 };

	paragraph(&body, c->lab->control
		  ? keepf("%s EP%d 수정 요청", e->title->code, e->episode)
		  : keepf("%s EP%d 修改意见", e->title->code, e->episode));
	bytes_text(&body, "<w:tbl><w:tblPr><w:tblW w:w=\"9000\" w:type=\"dxa\"/></w:tblPr><w:tblGrid>"
		   "<w:gridCol w:w=\"3000\"/><w:gridCol w:w=\"3000\"/><w:gridCol w:w=\"3000\"/></w:tblGrid>");
	for (int i = 0; i < e->phrases_count; i++) {
		int p = e->phrases[i];

		if (c->lab->control) {
			word_row(&body, 2, (const char *[]){ keepf("C%03d", e->cut + i),
				 southern_phrases[p % southern_phrases_count] });
			continue;
		}
		word_row(&body, 3, (const char *[]){ keepf("C%03d", e->cut + i), phrases[p].zh, phrases[p].ko });
		keep_pair(c, "docx", p, keepf("table 1, row %d, columns 2 and 3", i + 1));
	}
	bytes_text(&body, "</w:tbl>");
	paragraph(&body, c->version > 0 ? "2" : "1");
	word_save(&body, c->lab->control ? &southern : e->cut % 2 ? &wps_text : &ms_text, c, out);
}

void office_contract(struct entry_content *c, struct bytes *out)
{
	struct bytes body = { 0 };

	paragraph(&body, "委托制作协议（草稿）");
	paragraph(&body, "甲方：Shanghai Hongman Cartoon and Animation Design Studio");
	paragraph(&body, "乙方：        （待定）");
	paragraph(&body, "内容：原画、动画，按镜头结算。双方不得向第三方透露。");
	word_save(&body, &wps_text, c, out);
}

/* What came with a production: its name, and who holds the rights. */
void office_brief(struct entry_content *c, struct bytes *out)
{
	const struct title *t = c->entry->title;
	struct bytes body = { 0 };

	paragraph(&body, keepf("%s / %s", t->name, t->aliases));
	paragraph(&body, keepf("Production code %s, episodes from %d. Layout and key animation.", t->code, t->episode));
	paragraph(&body, "BG: the cat on the wall must not move.");
	word_save(&body, c->lab->control ? &southern : &ms_text, c, out);
}
