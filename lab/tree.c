/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens on the server, day by day
 *
 * The case: somebody in an office puts instructions there (each time after a
 * login), people elsewhere fetch them and put their answers back (without
 * any), and the office fetches the answers.  The control: the staff of one
 * studio log in, put their work there and fetch each other's.
 *
 * Each event makes the file and the log line together, so they agree.
 */
#include "lab.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MINUTES(n) ((time_t)(n) * 60)
#define CLOCK(h, m) ((time_t)(h) * 3600 + (time_t)(m) * 60)

struct sim {
	struct lab *lab;
	struct rng rng;
	int day;
	struct session sessions[16];
	int sessions_count, next_session;
	int *pool, pool_at, pool_count; /* phrases in the order they will be used */
	int cuts[8];                    /* next cut of each production */
	int next_title;
	char *exits[18];                /* the VPN's addresses they were given */
	const struct network *exit_networks[18];
	struct session workers[4], staff[6];
};

static const char agent_office[] =
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";
static const char agent_office_2[] =
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36 Edg/119.0.0.0";
static const char *const agents_worker[4] = {
	"Mozilla/5.0 (Windows NT 6.1; WOW64; rv:52.0) Gecko/20100101 Firefox/52.0",
	"Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/86.0.4240.198 Safari/537.36",
	"Mozilla/5.0 (Windows NT 6.1; WOW64; rv:52.0) Gecko/20100101 Firefox/52.0",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/92.0.4515.131 Safari/537.36",
};

/* ---- what a file holds ---- */

static void content(struct entry_content *c, struct bytes *out)
{
	struct entry *e = c->entry;

	switch (e->maker) {
	case MAKE_SHEET: picture_sheet(c, out); return;
	case MAKE_DRAWING:
	case MAKE_CEL:
	case MAKE_HORSE: picture_drawing(c, out); return;
	case MAKE_PHOTO: picture_photo(c, out); return;
	case MAKE_VIDEO: video_test(c, out); return;
	case MAKE_FILM: video_film(c, out); return;
	case MAKE_TIMESHEET: office_timesheet(c, out); return;
	case MAKE_NOTES: office_notes(c, out); return;
	case MAKE_PAYMENT: office_payment(c, out); return;
	case MAKE_CONTRACT: office_contract(c, out); return;
	case MAKE_BRIEF: office_brief(c, out); return;
	case MAKE_ARCHIVE: archive_cels(c, out); return;
	case MAKE_TEXT:
	case MAKE_BOOK:
	case MAKE_MARK:
		break;
	}
	if (e->bom)
		bytes_add(out, "\xef\xbb\xbf", 3);
	bytes_encoded(out, e->text, e->encoding);
	for (int i = 1; i <= c->version; i++)
		bytes_encoded(out, keepf("-- %d\r\n", i + 1), e->encoding);
}

static char *place(struct lab *lab, int day, const char *path)
{
	return keepf("%s/days/%02d/%s", lab->dir, day, path);
}

static void store(struct sim *sim, struct entry *e, time_t when)
{
	struct entry_content c = { sim->lab, e, (int)e->versions_count, when };
	struct version v = { .day = sim->day, .time = when };
	char *path = place(sim->lab, sim->day, e->path);
	struct bytes bytes = { 0 };

	content(&c, &bytes);
	make_parent(path);
	write_file(path, bytes.data, bytes.len, when);
	v.size = bytes.len;
	sha256_hex(bytes.data, bytes.len, v.sha256);
	bytes_done(&bytes);
	e->versions = keep_grow(e->versions, e->versions_count, &e->versions_cap, sizeof *e->versions);
	e->versions[e->versions_count++] = v;
}

static struct entry *find(struct lab *lab, const char *path)
{
	for (size_t i = 0; i < lab->entries_count; i++)
		if (strcmp(lab->entries[i]->path, path) == 0)
			return lab->entries[i];
	return NULL;
}

static void note_path(const char ***list, size_t *count, size_t *cap, const char *path)
{
	*list = keep_grow(*list, *count, cap, sizeof **list);
	(*list)[(*count)++] = path;
}

static struct entry *entry_add(struct sim *sim, struct entry e)
{
	struct lab *lab = sim->lab;
	struct day *day = &lab->days[sim->day];
	struct entry *kept = keep(sizeof *kept);

	if (find(lab, e.path) != NULL)
		fatal("'%s' is made twice", e.path);
	*kept = e;
	kept->first_day = sim->day;
	lab->entries = keep_grow(lab->entries, lab->entries_count, &lab->entries_cap, sizeof *lab->entries);
	lab->entries[lab->entries_count++] = kept;
	note_path(&day->added, &day->added_count, &day->added_cap, kept->path);
	return kept;
}

bool entry_stands(const struct entry *e, int day)
{
	return e->first_day <= day && (e->last_day == 0 || day <= e->last_day);
}

static size_t size_now(const struct entry *e)
{
	return e->versions[e->versions_count - 1].size;
}

/* ---- names ---- */

static const char *folder(const struct title *t, int episode, int cut)
{
	if (strcmp(t->code, "INV") == 0)
		return keepf("INV_S03/EP%d/C%03d", episode, cut);
	if (strcmp(t->code, "IYA") == 0)
		return keepf("IYA_S01/ep%d/sq%02d", episode, 1 + cut / 12);
	if (strcmp(t->code, "DHL") == 0)
		return keepf("DHL/#%02d/C%03d", episode, cut);
	if (strcmp(t->code, "PLX") == 0)
		return keepf("PLX/第%d集/C%03d", episode, cut);
	if (strcmp(t->code, "MPO") == 0)
		return keepf("MPO/%02d화/C%03d", episode, cut);
	return keepf("%s_EP%02d/C%03d", t->code, episode, cut);
}

static const char *stem(const struct title *t, int episode, int cut, const char *stage)
{
	if (strcmp(t->code, "IYA") == 0)
		return keepf("IYA%d_SQ%02d_SH%03d_%s_v01", episode, 1 + cut / 12, cut, stage);
	if (strcmp(t->code, "INV") == 0)
		return keepf("INV_%d_C%03d_%s_v%02d", episode, cut, stage, 1 + cut % 3);
	if (strcmp(t->code, "DHL") == 0)
		return keepf("DHL_%02d_C%03d_%s_T1", episode, cut, stage);
	return keepf("%s_%02d_C%03d_%s", t->code, episode, cut, stage);
}

static int next_cut(struct sim *sim, const struct title *t)
{
	int i = (int)(t - title_work(sim->lab->control, 0));

	sim->cuts[i] += rng_int(&sim->rng, 1, 4);
	return sim->cuts[i];
}

static int next_phrase(struct sim *sim)
{
	if (sim->pool_at == sim->pool_count) {
		for (int i = sim->pool_count - 1; i > 0; i--) {
			int j = rng_int(&sim->rng, 0, i), held = sim->pool[i];

			sim->pool[i] = sim->pool[j];
			sim->pool[j] = held;
		}
		sim->pool_at = 0;
	}
	return sim->pool[sim->pool_at++];
}

static void give_phrases(struct sim *sim, struct entry *e, int count)
{
	for (int i = 0; i < count; i++)
		e->phrases[e->phrases_count++] = next_phrase(sim);
}

/* ---- putting, changing, deleting: the file and its line ---- */

static void put(struct sim *sim, struct session *s, struct entry spec)
{
	struct entry *e;

	spec.by = s->actor;
	e = entry_add(sim, spec);
	accesslog_step(sim->lab, sim->day, s, &sim->rng, "PUT", target_of(e->path), 201, 0);
	store(sim, e, s->now);
}

static void change(struct sim *sim, struct session *s, struct entry *e)
{
	struct day *day = &sim->lab->days[sim->day];

	accesslog_step(sim->lab, sim->day, s, &sim->rng, "PUT", target_of(e->path), 204, 0);
	if (unlink(place(sim->lab, sim->day, e->path)) < 0)
		fatal("cannot replace '%s': %s", e->path, strerror(errno));
	store(sim, e, s->now);
	note_path(&day->changed, &day->changed_count, &day->changed_cap, e->path);
}

static void delete(struct sim *sim, struct session *s, struct entry *e)
{
	struct day *day = &sim->lab->days[sim->day];

	accesslog_step(sim->lab, sim->day, s, &sim->rng, "DELETE", target_of(e->path), 204, 0);
	if (unlink(place(sim->lab, sim->day, e->path)) < 0)
		fatal("cannot delete '%s': %s", e->path, strerror(errno));
	e->last_day = sim->day - 1;
	note_path(&day->vanished, &day->vanished_count, &day->vanished_cap, e->path);
}

static void get(struct sim *sim, struct session *s, const struct entry *e)
{
	accesslog_step(sim->lab, sim->day, s, &sim->rng, "GET", target_of(e->path), 200, size_now(e));
}

static void get_folder(struct sim *sim, struct session *s, const char *path)
{
	char *dir = keepf("%s", path), *slash = strrchr(dir, '/');

	if (slash == NULL)
		return;
	slash[1] = '\0';
	accesslog_step(sim->lab, sim->day, s, &sim->rng, "GET", target_of(dir), 200,
		       (size_t)rng_int(&sim->rng, 600, 3400));
}

/* ---- the files of a day ---- */

static struct entry sheet_spec(struct sim *sim)
{
	const struct title *t = title_work(sim->lab->control, sim->next_title++);
	struct entry e = { .kind = "layout-sheet", .maker = MAKE_SHEET, .title = t, .instruction = true };
	int pick = rng_int(&sim->rng, 0, 9);

	e.stage = rng_chance(&sim->rng, 3) ? "KA" : "LO";
	e.episode = t->episode + (sim->day - 1) / 10;
	e.cut = next_cut(sim, t);
	e.path = keepf("%s/%s.%s", folder(t, e.episode, e.cut), stem(t, e.episode, e.cut, e.stage),
		       pick < 6 ? "png" : pick < 9 ? "jpg" : "tga");
	give_phrases(sim, &e, rng_int(&sim->rng, 1, 2));
	return e;
}

static struct entry answer_spec(const struct entry *asked)
{
	struct entry e = { .kind = "answer", .maker = MAKE_DRAWING, .title = asked->title, .episode = asked->episode,
			   .cut = asked->cut, .stage = "R1" };
	const char *dot = strrchr(asked->path, '.');

	e.path = keepf("%.*s_R1.png", (int)(dot - asked->path), asked->path);
	return e;
}

static struct entry cel_spec(struct sim *sim, const struct entry *asked)
{
	struct entry e = { .kind = "cel", .maker = MAKE_CEL, .title = asked->title, .episode = asked->episode,
			   .cut = asked->cut, .stage = "douga" };
	const char *dir = folder(e.title, e.episode, e.cut);

	for (int n = 1; ; n++) {
		int layer = rng_int(&sim->rng, 0, 2);

		e.path = layer == 2 ? keepf("%s/B/B%02d.png", dir, n) : keepf("%s/A/A%04d.tga", dir, n);
		if (find(sim->lab, e.path) == NULL)
			return e;
	}
}

static const char *month_day(struct sim *sim)
{
	const char *date = sim->lab->days[sim->day].date;

	return keepf("%.2s%.2s", date + 5, date + 8);
}

static struct entry office_spec(struct sim *sim, bool sheet)
{
	const struct title *t = title_work(sim->lab->control, sim->day + (sheet ? 0 : 2));
	struct entry e = { .kind = sheet ? "timesheet" : "notes", .maker = sheet ? MAKE_TIMESHEET : MAKE_NOTES,
			   .title = t, .stage = "office", .instruction = true };
	const char *dir;

	e.episode = t->episode + (sim->day - 1) / 10;
	e.cut = next_cut(sim, t);
	dir = folder(t, e.episode, e.cut);
	dir = keepf("%.*s", (int)(strrchr(dir, '/') - dir), dir);
	e.path = sim->lab->control
		? keepf("%s/%s_%02d_%s_%s", dir, t->code, e.episode, sheet ? "타임시트" : "수정요청", month_day(sim))
		: keepf("%s/%s_%02d_%s_%s", dir, t->code, e.episode, sheet ? "摄影表" : "修改意见", month_day(sim));
	e.path = keepf("%s.%s", e.path, sheet ? "xlsx" : "docx");
	give_phrases(sim, &e, rng_int(&sim->rng, 3, 5));
	return e;
}

static struct entry text_spec(const char *path, const char *encoding, const char *text)
{
	return (struct entry){ .kind = "text", .maker = MAKE_TEXT, .path = keepf("%s", path), .encoding = encoding,
			       .text = text };
}

/* One of four ways in turn: GB18030, UTF-8, UTF-8 with a mark, GB18030 again. */
static struct entry office_text(struct sim *sim)
{
	const char *md = month_day(sim);
	int a = next_phrase(sim), b = next_phrase(sim);
	const char *zh = keepf("今天的要求\r\n1. %s\r\n2. %s\r\n收到后请回复。\r\n", phrases[a].zh, phrases[b].zh);
	struct entry e;

	if (sim->day % 4 == 1)
		e = text_spec(keepf("CMG_EP07/说明_%s.txt", md), "GB18030", keepf("彗星园丁 第7集\r\n%s", zh));
	else if (sim->day % 4 == 2)
		e = text_spec(keepf("DHL/説明_%s.txt", md), "UTF-8", keepf("魔導具師ダリヤはうつむかない\r\n%s", zh));
	else if (sim->day % 4 == 3)
		e = text_spec(keepf("PLX/说明_%s.txt", md), "UTF-8", keepf("Paper Lantern Express (纸灯笼快车)\r\n%s", zh));
	else
		e = text_spec(keepf("notes/通知_%s.txt", md), "GB18030", zh);
	e.bom = sim->day % 4 == 3;
	return e;
}

static struct entry worker_text(struct sim *sim)
{
	int cut = rng_int(&sim->rng, 10, 80);

	return text_spec(keepf("notes/보고_%s.txt", month_day(sim)), sim->day % 2 ? "CP949" : "UTF-8",
			 keepf("오늘의 작업정형\r\nC%03d: 원화 8장을 완성하여 올렸습니다.\r\n"
			       "C%03d: 수정지시대로 녀자애의 키비률을 고쳤습니다. 색지정이 아직 오지 않았습니다.\r\n"
			       "콤퓨터오유로 화일 두개를 다시 올리였음. 래일 오전에 나머지를 완성할것.\r\n"
			       "시간표에서 12프레임과 련결되는 부분을 다시 확인할수 있게 보내주기 바랍니다.\r\n", cut, cut + 3));
}

static struct entry photo_spec(struct sim *sim, const char *zone)
{
	return (struct entry){ .kind = "photo", .maker = MAKE_PHOTO, .zone = zone,
			       .path = keepf(zone[2] == '9' ? "ref/scan/DSC_%s.jpg" : "ref/photo/IMG_2024%s.jpg", month_day(sim)) };
}

static struct entry video_spec(struct sim *sim)
{
	const struct title *t = title_work(sim->lab->control, sim->day);
	int episode = t->episode + (sim->day - 1) / 10, cut = next_cut(sim, t);

	return (struct entry){ .kind = "video", .maker = MAKE_VIDEO, .title = t, .episode = episode, .cut = cut,
			       .stage = "animatic",
			       .path = keepf("%s/%s.mp4", folder(t, episode, cut), stem(t, episode, cut, "ANIM")) };
}

static struct entry archive_spec(struct sim *sim)
{
	const struct title *t = title_work(sim->lab->control, sim->day + 1);
	int episode = t->episode + (sim->day - 1) / 10, cut = next_cut(sim, t);

	return (struct entry){ .kind = "archive", .maker = MAKE_ARCHIVE, .title = t, .episode = episode, .cut = cut,
			       .stage = "cels",
			       .path = keepf("%s/%s.%s", folder(t, episode, cut), stem(t, episode, cut, "CEL"),
					     sim->day % 3 == 2 ? "tar.gz" : "zip") };
}

static struct entry study_spec(struct sim *sim, int n)
{
	const struct title *t = title_work(sim->lab->control, sim->day + n);
	int episode = t->episode + (sim->day - 1) / 10, cut = next_cut(sim, t);

	return (struct entry){ .kind = "drawing", .maker = MAKE_DRAWING, .title = t, .episode = episode, .cut = cut,
			       .stage = "BG",
			       .path = keepf("%s/%s.png", folder(t, episode, cut), stem(t, episode, cut, "BG")) };
}

/* ---- what was there before the first day ---- */

static void before(struct sim *sim, time_t ago_days, struct entry e)
{
	struct entry *kept;

	e.keeps = true;
	e.by = "before";
	kept = entry_add(sim, e);
	store(sim, kept, sim->lab->days[1].midnight - ago_days * 86400 + CLOCK(11, 0) + (time_t)(rng_next(&sim->rng) % 7200));
}

static const char book[] =
	"О лошадях. Записки конюха\r\n\r\n"
	"Глава первая. Шаг, рысь и галоп\r\n\r\n"
	"Лошадь шагает так: сперва идёт правая задняя нога, за нею правая передняя, потом левая задняя и\r\n"
	"левая передняя. На рыси ноги ступают накрест, попарно, и между двумя ударами копыт всадник на миг\r\n"
	"повисает в воздухе. На галопе слышно три удара, и после третьего наступает тишина.\r\n\r\n"
	"Глава вторая. Масти\r\n\r\n"
	"Гнедая, вороная, рыжая, серая, буланая. Серая лошадь родится тёмной и светлеет с годами.\r\n\r\n"
	"Глава третья. Голова и шея\r\n\r\n"
	"Ухо лошади говорит раньше голоса. Прижатые уши значат гнев, стоячие внимание, висячие усталость.\r\n";

static const char mark[] =
	"This server is SYNTHETIC. It was made by xsheet-lab from a random seed.\n"
	"No person, company or studio named here did anything told here.\n";

static void brief(struct sim *sim, const char *path, const struct title *t)
{
	before(sim, 20, (struct entry){ .kind = "brief", .maker = MAKE_BRIEF, .title = t, .stage = "office",
					.path = keepf("%s", path) });
}

static void first_things(struct sim *sim)
{
	before(sim, 30, (struct entry){ .kind = "mark", .maker = MAKE_MARK, .path = keepf("README-SYNTHETIC.txt"),
					.text = mark, .encoding = "UTF-8" });
	if (sim->lab->control) {
		brief(sim, "MPO/MPO_작품소개.docx", title_work(true, 0));
		return;
	}
	before(sim, 26, (struct entry){ .kind = "finished-film", .maker = MAKE_FILM, .title = &case_titles[5],
					.path = keepf("ref/film/Octonauts_S05E12_final.mp4") });
	before(sim, 25, (struct entry){ .kind = "book", .maker = MAKE_BOOK, .path = keepf("ref/книга_о_лошадях.txt"),
					.text = book, .encoding = "CP1251" });
	for (int i = 1; i <= 5; i++)
		before(sim, 24, (struct entry){ .kind = "horse", .maker = MAKE_HORSE,
						.path = keepf("ref/horse/horse_%02d.%s", i, i % 2 ? "png" : "jpg") });
	for (int i = 1; i <= 2; i++)
		before(sim, 24, (struct entry){ .kind = "video", .maker = MAKE_VIDEO, .cut = 4 * i,
						.path = keepf("ref/horse/horse_run_%d.mp4", i) });
	brief(sim, "INV_S03/INV_S03_brief.docx", &case_titles[0]);
	brief(sim, "IYA_S01/IYA_S01_brief.docx", &case_titles[1]);
	brief(sim, "CMG_EP07/CMG_brief.docx", &case_titles[4]);
	before(sim, 19, text_spec("DHL/DHL_メモ.txt", "UTF-8",
				  "魔導具師ダリヤはうつむかない (DHL) 第5話\r\nレイアウト、原画。素材はカットごとのフォルダへ。\r\n"));
	before(sim, 19, text_spec("IYA_S01/IYA_notes.txt", "UTF-8",
				  "Iyanu: Child of Wonder (Lion Forge Animation), ep 104\r\nUse the colour model of 12 December.\r\n"));
	before(sim, 19, text_spec("PLX/PLX_readme.txt", "UTF-8", "Paper Lantern Express, (C) Lanternfold Pictures Ltd\r\n"));
}

/* ---- who ---- */

static void people(struct sim *sim)
{
	for (int i = 0; i < 18; i++) {
		sim->exit_networks[i] = &vpn_networks[i % network_count(vpn_networks)];
		sim->exits[i] = network_address(sim->exit_networks[i], &sim->rng);
	}
	for (int i = 0; i < 4; i++) {
		const struct network *n = &worker_networks[i % 3];

		sim->workers[i] = (struct session){ .actor = keepf("worker-%d", i + 1), .agent = agents_worker[i],
						    .address = network_address(n, &sim->rng), .country = n->country, .asn = n->asn };
	}
	for (int i = 0; i < 6; i++) {
		const struct network *n = &korean_networks[i];

		sim->staff[i] = (struct session){ .actor = keepf("staff-%d", i + 1), .agent = i % 2 ? agent_office : agent_office_2,
						  .address = network_address(n, &sim->rng), .country = n->country, .asn = n->asn,
						  .kind = "residential" };
	}
}

static void exit_session(struct sim *sim, struct session *s, int exit)
{
	s->address = sim->exits[exit];
	s->country = sim->exit_networks[exit]->country;
	s->asn = sim->exit_networks[exit]->asn;
	s->kind = "vpn-brand";
	s->label = "Sablefin VPN";
}

/* Which of the four logins without VPN falls on this day: bit 0 to 3. */
static int bare_logins(struct sim *sim)
{
	int working = 0, at = -1, bits = 0;

	for (int d = 1; d <= sim->lab->days_count; d++) {
		if (sim->lab->days[d].office_rest || sim->lab->days[d].weekday == 0)
			continue;
		if (d == sim->day)
			at = working;
		working++;
	}
	if (working == 0)
		return sim->day == 1 ? 15 : 0;
	for (int j = 0; j < 4; j++)
		if (at == j * working / 4)
			bits |= 1 << j;
	return bits;
}

static void open_sessions(struct sim *sim)
{
	static const int vpn_by_weekday[7] = { 1, 7, 8, 6, 8, 7, 6 };   /* 43 a week */
	static const struct network *bare[4];
	struct lab *lab = sim->lab;
	struct day *day = &lab->days[sim->day];
	int vpn = day->office_rest ? 0 : vpn_by_weekday[day->weekday], bits = bare_logins(sim), count = vpn;
	int first_exit = rng_int(&sim->rng, 0, 17), slot;

	bare[0] = &chinese_networks[0];
	bare[1] = &chinese_networks[1];
	bare[2] = &spanish_networks[0];
	bare[3] = &chinese_networks[2];
	for (int j = 0; j < 4; j++)
		count += bits >> j & 1;
	sim->sessions_count = 0;
	sim->next_session = 0;
	slot = count ? 555 / count : 0;
	for (int i = 0; i < count; i++) {
		struct session *s = &sim->sessions[sim->sessions_count++];

		*s = (struct session){ .actor = "go-between", .agent = rng_chance(&sim->rng, 4) ? agent_office_2 : agent_office };
		if (i < vpn)
			exit_session(sim, s, (first_exit + 5 * i) % 18);
		s->start = day->midnight + CLOCK(10, 5) + MINUTES(slot * i) + rng_int(&sim->rng, 0, 60 * (slot > 45 ? slot - 40 : 5));
	}
	for (int j = 0, at = vpn; j < 4; j++) {
		struct session *s = &sim->sessions[at];

		if (!(bits >> j & 1))
			continue;
		s->address = network_address(bare[j], &sim->rng);
		s->country = bare[j]->country;
		s->asn = bare[j]->asn;
		s->kind = "residential";
		at++;
	}
	/* not always last: change places with an earlier one */
	for (int i = vpn; i < count && vpn > 0; i++) {
		int j = rng_int(&sim->rng, 0, vpn - 1);
		struct session held = sim->sessions[i];
		time_t a = sim->sessions[i].start, b = sim->sessions[j].start;

		sim->sessions[i] = sim->sessions[j];
		sim->sessions[i].start = a;
		sim->sessions[j] = held;
		sim->sessions[j].start = b;
	}
	for (int i = 0; i < sim->sessions_count; i++)
		accesslog_open(lab, sim->day, &sim->sessions[i], rng_chance(&sim->rng, 8) ? rng_int(&sim->rng, 1, 2) : 0, &sim->rng);
}

/* The staff of the innocent studio: each once or twice a working day. */
static void open_staff(struct sim *sim)
{
	struct day *day = &sim->lab->days[sim->day];

	sim->sessions_count = 0;
	sim->next_session = 0;
	if (day->office_rest)
		return;
	for (int half = 0; half < 2; half++) {
		for (int i = 0; i < 6; i++) {
			struct session *s = &sim->sessions[sim->sessions_count];

			if (half == 1 && (i + sim->day) % 3 != 0)
				continue;
			*s = sim->staff[i];
			if (half == 1 && rng_chance(&sim->rng, 4))
				exit_session(sim, s, rng_int(&sim->rng, 0, 17));
			s->start = day->midnight + (half ? CLOCK(14, 0) : CLOCK(9, 20)) + MINUTES(20 * i) + rng_int(&sim->rng, 0, 600);
			sim->sessions_count++;
			accesslog_open(sim->lab, sim->day, s, rng_chance(&sim->rng, 15) ? 1 : 0, &sim->rng);
		}
	}
}

static struct session *session_turn(struct sim *sim)
{
	return &sim->sessions[sim->next_session++ % sim->sessions_count];
}

/* ---- the office side ---- */

static void ask(struct sim *sim, struct session *s, struct entry spec)
{
	struct lab *lab = sim->lab;

	put(sim, s, spec);
	if (lab->control)
		return;
	lab->relays = keep_grow(lab->relays, lab->relays_count, &lab->relays_cap, sizeof *lab->relays);
	lab->relays[lab->relays_count++] = (struct relay){ .path = lab->entries[lab->entries_count - 1]->path,
							   .by = s->actor, .put_time = s->now };
}

static void office_uploads(struct sim *sim)
{
	bool sunday = sim->lab->days[sim->day].weekday == 0;
	int sheets = sunday ? 2 : rng_int(&sim->rng, 5, 6);

	if (sim->sessions_count == 0)
		return;
	for (int i = 0; i < sheets; i++)
		ask(sim, session_turn(sim), sheet_spec(sim));
	if (!sunday) {
		ask(sim, session_turn(sim), office_spec(sim, true));
		ask(sim, session_turn(sim), office_spec(sim, false));
		put(sim, session_turn(sim), video_spec(sim));
		put(sim, session_turn(sim), archive_spec(sim));
	}
	if (sim->lab->control) {
		for (int i = 0; i < 8; i++)
			put(sim, session_turn(sim), study_spec(sim, i));
		return;
	}
	put(sim, session_turn(sim), office_text(sim));
	put(sim, session_turn(sim), photo_spec(sim, "+08:00"));
	if (sim->day == (sim->lab->days_count < 2 ? 1 : 2))
		put(sim, session_turn(sim), (struct entry){ .kind = "payment", .maker = MAKE_PAYMENT, .keeps = true,
							     .path = keepf("office/付款_202401.xlsx") });
	if (sim->day == (sim->lab->days_count < 3 ? sim->lab->days_count : 3))
		put(sim, session_turn(sim), (struct entry){ .kind = "contract", .maker = MAKE_CONTRACT, .keeps = true,
							     .path = keepf("office/协议_草稿.docx") });
}

/* The results that are there when a session begins and were not fetched before. */
static void office_downloads(struct sim *sim)
{
	struct lab *lab = sim->lab;

	for (int i = 0; i < sim->sessions_count; i++) {
		struct session *s = &sim->sessions[i];
		int taken = 0;

		for (size_t k = 0; k < lab->entries_count && taken < 8; k++) {
			struct entry *e = lab->entries[k];
			bool result = strcmp(e->kind, "answer") == 0 || strcmp(e->kind, "cel") == 0;

			if (!result || e->answered || !entry_stands(e, sim->day) || e->versions[0].time > s->start)
				continue;
			if (taken == 0)
				get_folder(sim, s, e->path);
			get(sim, s, e);
			e->answered = true;     /* of an answer: it was fetched */
			taken++;
		}
	}
}

static void staff_downloads(struct sim *sim)
{
	struct lab *lab = sim->lab;

	for (int i = 0; i < sim->sessions_count; i++) {
		int wanted = rng_int(&sim->rng, 2, 5);

		for (int tries = 0; wanted > 0 && tries < 40 && lab->entries_count > 0; tries++) {
			struct entry *e = lab->entries[rng_next(&sim->rng) % lab->entries_count];

			if (!entry_stands(e, sim->day) || e->versions[e->versions_count - 1].time > sim->sessions[i].start)
				continue;
			get(sim, &sim->sessions[i], e);
			wanted--;
		}
	}
}

/* ---- the workers ---- */

/* Moves a worker's clock on to `t`, unless it is later already. */
static struct session *worker_at(struct sim *sim, int i, time_t t)
{
	struct session *w = &sim->workers[i];

	if (w->now < t)
		w->now = t;
	return w;
}

static void fetch(struct sim *sim, struct relay *r, int who, time_t when)
{
	struct entry *asked = find(sim->lab, r->path);
	struct session *w = worker_at(sim, who, when);

	get_folder(sim, w, asked->path);
	get(sim, w, asked);
	r->fetch_time = w->now;
	r->fetched_by = w->actor;
	asked->answered = true;
}

static void reply(struct sim *sim, struct relay *r, int who, time_t when)
{
	struct session *w = worker_at(sim, who, when);
	struct entry *asked = find(sim->lab, r->path);

	put(sim, w, answer_spec(asked));
	r->answer_path = sim->lab->entries[sim->lab->entries_count - 1]->path;
	r->answer_time = w->now;
}

static time_t within(struct sim *sim, time_t from, time_t to)
{
	return sim->lab->days[sim->day].midnight + from + (time_t)(rng_next(&sim->rng) % (uint64_t)(to - from));
}

/* Cels go into the folder of a sheet that was fetched lately. */
static const struct entry *lately_fetched(struct sim *sim)
{
	struct lab *lab = sim->lab;
	const struct entry *found[8];
	int count = 0;

	for (size_t k = lab->relays_count; k > 0 && count < 8; k--) {
		struct entry *e = find(lab, lab->relays[k - 1].path);

		if (lab->relays[k - 1].fetch_time != 0 && e->maker == MAKE_SHEET && entry_stands(e, sim->day))
			found[count++] = e;
	}
	return count ? found[rng_int(&sim->rng, 0, count - 1)] : NULL;
}

static void draw_cels(struct sim *sim, int count, time_t from, time_t to)
{
	const struct entry *e = lately_fetched(sim);

	for (int i = 0; e != NULL && i < count; i++) {
		if (i % 2 == 0)
			e = lately_fetched(sim);
		put(sim, worker_at(sim, rng_int(&sim->rng, 0, 3), within(sim, from, to)), cel_spec(sim, e));
	}
}

/* What came before `until` is fetched from `start` on; answers follow later in the bout. */
struct bout {
	time_t until, start, answers, end;
};

/*
 * Three bouts a day: what came overnight is fetched first thing, what came
 * before half past one after lunch, what came by four late in the day.  In a
 * bout all is fetched, then all is put, so that each worker's clock runs on.
 */
static void workers_day(struct sim *sim)
{
	static const struct bout bouts[3] = {
		{ 0, CLOCK(8, 32), CLOCK(10, 10), CLOCK(11, 20) },
		{ CLOCK(13, 30), CLOCK(14, 2), CLOCK(14, 50), CLOCK(15, 45) },
		{ CLOCK(16, 0), CLOCK(16, 5), CLOCK(17, 0), CLOCK(18, 10) },
	};
	struct lab *lab = sim->lab;
	struct day *day = &lab->days[sim->day];

	if (day->workers_rest)
		return;
	for (int i = 0; i < 4; i++)
		sim->workers[i].now = 0;
	for (int b = 0; b < 3; b++) {
		const struct bout *bout = &bouts[b];
		time_t opened = day->midnight + bout->start;

		for (size_t k = 0; k < lab->relays_count; k++)
			if (lab->relays[k].fetch_time == 0 && lab->relays[k].put_time < day->midnight + bout->until)
				fetch(sim, &lab->relays[k], (int)(k % 4), within(sim, bout->start, bout->start + MINUTES(12)));
		for (size_t k = 0; k < lab->relays_count; k++) {
			struct relay *r = &lab->relays[k];

			if (r->fetch_time >= opened && r->answer_path == NULL && find(lab, r->path)->maker == MAKE_SHEET)
				reply(sim, r, (int)(k % 4), within(sim, bout->answers, bout->end));
		}
		draw_cels(sim, b == 1 ? 2 : 3, bout->answers, bout->end);
	}
	for (int i = 0; i < 2; i++)
		put(sim, worker_at(sim, i, day->midnight + CLOCK(18, 12)), study_spec(sim, i));
	put(sim, worker_at(sim, 2, day->midnight + CLOCK(18, 14)), photo_spec(sim, "+09:00"));
	put(sim, worker_at(sim, 0, day->midnight + CLOCK(18, 40)), worker_text(sim));
}

/* ---- changes and losses ---- */

static bool made_today(const struct entry *e, int day)
{
	return e->versions[e->versions_count - 1].day == day;
}

static bool may_change(const struct entry *e, int day, bool by_worker)
{
	bool theirs = strncmp(e->by, "worker", 6) == 0;

	if (e->keeps || !entry_stands(e, day) || made_today(e, day) || theirs != by_worker)
		return false;
	return e->maker == MAKE_SHEET || e->maker == MAKE_TIMESHEET || e->maker == MAKE_NOTES ||
	       e->maker == MAKE_TEXT || e->maker == MAKE_DRAWING || e->maker == MAKE_CEL;
}

static bool may_vanish(const struct entry *e, int day)
{
	bool waiting = e->instruction || strcmp(e->kind, "answer") == 0 || strcmp(e->kind, "cel") == 0;

	return !e->keeps && entry_stands(e, day) && !made_today(e, day) && e->first_day <= day - 2 &&
	       (!waiting || e->answered || strncmp(e->by, "staff", 5) == 0);
}

static struct entry *pick(struct sim *sim, int what)
{
	struct lab *lab = sim->lab;

	for (int tries = 0; tries < 400; tries++) {
		struct entry *e = lab->entries[rng_next(&sim->rng) % lab->entries_count];

		if (what == 2 ? may_vanish(e, sim->day) : may_change(e, sim->day, what == 1))
			return e;
	}
	return NULL;
}

static void change_some(struct sim *sim)
{
	bool office = sim->sessions_count > 0, work = !sim->lab->control && !sim->lab->days[sim->day].workers_rest;
	int count = rng_int(&sim->rng, 2, 4);

	for (int i = 0; i < count; i++) {
		bool by_worker = work && (i % 2 == 1 || !office);
		struct entry *e = office || by_worker ? pick(sim, by_worker) : NULL;

		if (e != NULL)
			change(sim, by_worker ? worker_at(sim, i % 4, sim->lab->days[sim->day].midnight + CLOCK(18, 20))
					      : session_turn(sim), e);
	}
}

static void lose_some(struct sim *sim)
{
	int count = rng_int(&sim->rng, 1, 3);

	for (int i = 0; i < count && sim->sessions_count > 0; i++) {
		struct entry *e = pick(sim, 2);

		if (e != NULL)
			delete(sim, session_turn(sim), e);
	}
}

/* ---- days ---- */

static void carry_over(struct sim *sim)
{
	struct lab *lab = sim->lab;

	for (size_t i = 0; i < lab->entries_count; i++) {
		const char *path = lab->entries[i]->path;
		char *to = place(lab, sim->day, path);

		if (!entry_stands(lab->entries[i], sim->day))
			continue;
		make_parent(to);
		if (link(place(lab, sim->day - 1, path), to) < 0)
			fatal("cannot link '%s': %s", to, strerror(errno));
	}
}

/* A folder is as old as the youngest thing in it. */
static time_t date_folders(const char *path, time_t oldest)
{
	DIR *dir = opendir(path);
	struct timespec when[2] = { { 0 }, { 0 } };
	struct dirent *d;
	time_t newest = oldest;

	if (dir == NULL)
		fatal("cannot read folder '%s': %s", path, strerror(errno));
	while ((d = readdir(dir)) != NULL) {
		char *inner = keepf("%s/%s", path, d->d_name);
		struct stat st;
		time_t t;

		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (lstat(inner, &st) < 0)
			fatal("cannot look at '%s': %s", inner, strerror(errno));
		t = S_ISDIR(st.st_mode) ? date_folders(inner, oldest) : st.st_mtime;
		newest = t > newest ? t : newest;
	}
	closedir(dir);
	when[0].tv_sec = when[1].tv_sec = newest;
	if (utimensat(AT_FDCWD, path, when, 0) < 0)
		fatal("cannot date folder '%s': %s", path, strerror(errno));
	return newest;
}

static void one_day(struct sim *sim)
{
	struct lab *lab = sim->lab;
	struct day *day = &lab->days[sim->day];

	make_dirs(place(lab, sim->day, ""));
	if (sim->day == 1)
		first_things(sim);
	else
		carry_over(sim);
	if (lab->control)
		open_staff(sim);
	else
		open_sessions(sim);
	if (sim->sessions_count > 0)
		office_uploads(sim);
	if (!lab->control)
		workers_day(sim);
	if (sim->day >= 2)
		change_some(sim);
	if (sim->day >= 3)
		lose_some(sim);
	if (lab->control)
		staff_downloads(sim);
	else
		office_downloads(sim);
	accesslog_noise(lab, sim->day);
	for (size_t i = 0; i < lab->entries_count; i++)
		day->files += entry_stands(lab->entries[i], sim->day);
	(void)date_folders(keepf("%s/days/%02d", lab->dir, sim->day), lab->days[1].midnight - 31 * 86400);
}

void tree_make(struct lab *lab)
{
	struct sim *sim = keep(sizeof *sim);

	sim->lab = lab;
	sim->rng = rng_from(lab->seed, lab->control ? "control" : "case");
	sim->pool_count = sim->pool_at = lab->control ? southern_phrases_count : phrases_count;
	sim->pool = keep((size_t)sim->pool_count * sizeof *sim->pool);
	for (int i = 0; i < sim->pool_count; i++)
		sim->pool[i] = i;
	for (int i = 0; i < title_works(lab->control); i++)
		sim->cuts[i] = rng_int(&sim->rng, 4, 90);
	people(sim);
	for (sim->day = 1; sim->day <= lab->days_count; sim->day++)
		one_day(sim);
}
