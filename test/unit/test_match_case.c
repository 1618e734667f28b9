/* SPDX-License-Identifier: Apache-2.0 */
/* match and assess on a small case that is made here. */
#include "casefile_maker.h"

#include <jansson.h>

#include "assess/assess.h"
#include "match/match.h"

static const char catalogue[] =
	"id\ttitle\tlang\taliases\tcode\tkind\tsource\n"
	"paper\tPaper Lantern Express\ten\t纸灯笼快车\tPLX\tseries\tinvented\n"
	"harbor\tHarbor of Glass\ten\t\tHGL\tseries\tinvented\n"
	"cat\tCat\ten\t\tCAT\tshort\tinvented\n"
	"comet\tComet Gardeners\ten\t\tCMG\tseries\tinvented\n"
	"immortal\tImmortal\ten\t\tIMO\tseries\tinvented\n";

struct made {
	struct casefile *cf;
	int64_t run, capture, day;
};

static int64_t see_file(struct made *m, const char *path)
{
	char body[256];
	int64_t object;

	(void)snprintf(body, sizeof body, "body of %s", path);
	object = maker_fetch(m->cf, "http://example.test/x", body, false, NULL);
	maker_see(m->cf, m->capture, path, BASIS_FETCHED, object);
	return object;
}

static void find(struct made *m, const char *kind, int64_t object, const char *value, const char *data)
{
	const struct finding finding = { .run = m->run, .kind = kind, .object = object, .locator = "{}",
					 .value = value, .data = data, .certainty = -1 };
	struct err err = { 0 };
	int64_t id;

	MUST(finding_add(m->cf, &finding, &id, &err));
}

static void stage(struct made *m, const char *name)
{
	const struct run run = { 0, name, "test 1", "{}", clock_now(), true };
	struct err err = { 0 };

	if (m->run)
		MUST(run_end(m->cf, m->run, &err));
	MUST(run_begin(m->cf, &run, &m->run, &err));
}

/* A relay's server, or an innocent studio's. */
static void make(const char *path, bool innocent, struct made *m)
{
	const struct source source = { 0, "http", "http://example.test/", "{}" };
	struct err err = { 0 };
	int64_t id, object;
	bool resumed;

	*m = (struct made){ 0 };
	MUST(casefile_create(path, "test", &err));
	MUST(casefile_open(path, CASEFILE_WRITE, &m->cf, &err));
	MUST(casefile_source(m->cf, &source, &id, &err));
	MUST(capture_begin(m->cf, id, &m->capture, &resumed, &err));
	stage(m, "examine");
	for (int i = 1; i <= 4; i++) {
		char name[64];

		(void)snprintf(name, sizeof name, "PLX/PLX_1%02d_C0%02d_LO.png", i, 40 + i);
		object = see_file(m, name);
		find(m, "file.verdict", object, "ok", "{}");
		if (i == 1)
			find(m, "ocr.line", object, "PAPER LANTERN-EXPRESS 제1화", "{}");
		if (innocent)
			find(m, "ocr.line", object, "여자아이의 키 비율이 설정과 다릅니다.", "{}");
		else {
			find(m, "ocr.line", object, "앞장면과 동작이 련결되지 않았음. 반대로 되였습니다.", "{}");
			find(m, "pair.lines", object, "请修改 -> 고칠것", "{\"from\":\"zh\",\"to\":\"ko\"}");
		}
	}
	object = see_file(m, "CAT_05_C003.png");
	find(m, "ocr.line", object, "a cat on the harbor", "{}");
	object = see_file(m, "video/comet_gardeners.mp4");
	object = see_file(m, "IMO_05_C003.png");
	find(m, "ocr.line", object, "IMMORTAL", "{}");
	object = see_file(m, "notes/plan.txt");
	find(m, "text.line", object, "an immortal plan", "{}");
	if (!innocent)
		find(m, "text.line", object, "invoice to Tian Fang (Hong Kong) Holdings Limited, for 4·26만화영화촬영소",
		     "{}");
	stage(m, "logs");
	if (!innocent) {
		find(m, "log.relay", 0, "one side writes, the other answers", "{}");
		find(m, "log.session", 0, "175.45.176.9", "{\"written\":3,\"country\":\"KP\"}");
		find(m, "log.login", 0, "59.44.12.9", "{\"country\":\"CN\",\"class\":\"access\",\"ok\":true}");
		for (int i = 0; i < 4; i++) {
			char address[32];

			(void)snprintf(address, sizeof address, "89.187.161.%d", 10 + i);
			find(m, "log.login", 0, address, "{\"class\":\"vpn-brand\",\"ok\":true}");
		}
	} else {
		find(m, "log.login", 0, "112.160.10.4", "{\"country\":\"KR\",\"class\":\"access\",\"ok\":true}");
		find(m, "log.session", 0, "112.160.10.4", "{\"written\":3,\"country\":\"KR\"}");
	}
	MUST(run_end(m->cf, m->run, &err));
	MUST(capture_end(m->cf, m->capture, NULL, &err));
	MUST(casefile_seal(m->cf, "test", &err));
}

/* Everything of a kind in one text: "value|member=...;". */
struct gathered {
	struct buf text;
	const char *members[6];
};

static int gather(const struct finding *finding, void *data)
{
	struct gathered *g = data;
	json_t *json = json_loads(finding->data, 0, NULL);

	(void)buf_text(&g->text, finding->value);
	for (size_t i = 0; g->members[i]; i++) {
		char *text = json_dumps(json_object_get(json, g->members[i]), JSON_COMPACT | JSON_ENCODE_ANY);

		(void)buf_printf(&g->text, "|%s", text ? text : "-");
		free(text);
	}
	(void)buf_text(&g->text, "\n");
	json_decref(json);
	return 0;
}

static const char *gathered(struct casefile *cf, const char *kind, struct gathered *g)
{
	const struct finding_filter filter = { .kind = kind };
	struct err err = { 0 };

	g->text.limit = 1 << 20;
	buf_clear(&g->text);
	MUST(findings_each(cf, &filter, gather, g, &err));
	(void)buf_char(&g->text, '\0');
	return g->text.p;
}

static void run_match(struct casefile *cf, struct match_tally *tally)
{
	const char *titles[] = { maker_path("catalogue.tsv") };
	char profile[8192];
	struct match_options options = { .tool = "test", .titles = titles, .titles_n = 1, .profile = profile };
	struct err err = { 0 };

	(void)snprintf(profile, sizeof profile, "%s/profiles/dprk", getenv("XSHEET_SOURCE_ROOT"));
	MUST(file_write(titles[0], slice_text(catalogue), 0600, &err));
	MUST(match_case(cf, &options, NULL, tally, &err));
}

static void run_assess(struct casefile *cf, struct assess_tally *tally)
{
	char profile[8192];
	struct assess_options options = { .tool = "test", .profile = profile };
	struct err err = { 0 };

	(void)snprintf(profile, sizeof profile, "%s/profiles/dprk", getenv("XSHEET_SOURCE_ROOT"));
	MUST(assess_case(cf, &options, NULL, tally, &err));
}

static void a_relay_is_recognised(void **state)
{
	struct gathered titles = { .members = { "status", "legs", "episodes", "cuts" } };
	struct gathered names = { .members = { "entry", "as", "how", "quality" } };
	struct gathered claims = { .members = { "id", "status" } }, again = { .members = { "id", "low", "high" } };
	struct assess_tally assessed;
	struct match_tally matched;
	struct made m;
	char *first;

	(void)state;
	make(maker_path("relay"), false, &m);
	run_match(m.cf, &matched);
	assert_string_equal(gathered(m.cf, "title.match", &titles),
			    "Paper Lantern Express|\"claim\"|[\"path\",\"text\"]|[\"01\",\"02\",\"03\",\"04\"]|"
			    "[\"041\",\"042\",\"043\",\"044\"]\n"
			    "Comet Gardeners|\"lead\"|[\"path\"]|[]|[]\n"
			    "Immortal|\"claim\"|[\"path\",\"text\"]|[\"05\"]|[\"003\"]\n");
	assert_string_equal(gathered(m.cf, "name.match", &names),
			    "TIAN FANG HONG KONG HOLDINGS LIMITED|\"40209\"|\"Tian Fang (Hong Kong) Holdings\"|\"folded\"|"
			    "\"primary\"\n"
			    "SEK STUDIO|\"34022\"|\"4·26만화영화촬영소\"|\"folded\"|\"spelling\"\n");
	run_assess(m.cf, &assessed);
	print_message("%s", gathered(m.cf, "assess.claim", &claims));
	assert_non_null(strstr(claims.text.p, "it is likely"));
	assert_non_null(strstr(claims.text.p, "|\"relay\"|\"claim\""));
	assert_non_null(strstr(claims.text.p, "|\"hands\"|\"claim\""));
	assert_non_null(strstr(claims.text.p, "could not be determined"));
	assert_non_null(strstr(claims.text.p, "No evidence was found that the owners"));
	assert_null(strstr(claims.text.p, "proves"));
	assert_int_equal(assessed.claims, 2);
	assert_int_equal(assessed.not_looked, 0);
	/* Once more: the same findings. */
	first = strdup(gathered(m.cf, "assess.claim", &again));
	run_assess(m.cf, &assessed);
	assert_string_equal(first, gathered(m.cf, "assess.claim", &again));
	free(first);
	buf_done(&titles.text);
	buf_done(&names.text);
	buf_done(&claims.text);
	buf_done(&again.text);
	casefile_close(m.cf);
}

static void an_innocent_studio_is_left_alone(void **state)
{
	struct gathered names = { .members = { "entry" } }, claims = { .members = { "id", "status" } };
	struct assess_tally assessed;
	struct match_tally matched;
	struct made m;

	(void)state;
	make(maker_path("innocent"), true, &m);
	run_match(m.cf, &matched);
	assert_string_equal(gathered(m.cf, "name.match", &names), "");
	run_assess(m.cf, &assessed);
	print_message("%s", gathered(m.cf, "assess.claim", &claims));
	assert_int_equal(assessed.claims, 0);
	assert_int_equal(assessed.not_borne, 2);
	assert_int_equal(assessed.statements, 0);
	assert_null(strstr(claims.text.p, "likely"));
	buf_done(&names.text);
	buf_done(&claims.text);
	casefile_close(m.cf);
}

/* Before any stage has run, nothing counts as missing. */
static void an_unread_case_bears_nothing(void **state)
{
	struct gathered claims = { .members = { "id", "status" } };
	struct assess_tally assessed;
	struct casefile *cf = NULL;
	struct err err = { 0 };

	(void)state;
	MUST(casefile_create(maker_path("unread"), "test", &err));
	MUST(casefile_open(maker_path("unread"), CASEFILE_WRITE, &cf, &err));
	run_assess(cf, &assessed);
	assert_int_equal(assessed.claims, 0);
	assert_int_equal(assessed.not_looked, assessed.observations);
	assert_int_equal(assessed.statements, 0);
	(void)gathered(cf, "assess.claim", &claims);
	buf_done(&claims.text);
	casefile_close(cf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_relay_is_recognised),
		cmocka_unit_test(an_innocent_studio_is_left_alone),
		cmocka_unit_test(an_unread_case_bears_nothing),
	};

	return cmocka_run_group_tests(tests, maker_begin, maker_end);
}
