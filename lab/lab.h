/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lab - a synthetic exposed server with known truth
 *
 * `xsheet-lab make` plays some days of a file server's life: who puts what
 * there, who fetches it, who logs in and from where.  Everything comes out of
 * one number, the seed: no clock, no random device, no network.  The same
 * seed gives the same bytes (with the same libraries, fonts and ffmpeg).
 *
 * Nothing here is shared with the program that is to be tested with it.  A
 * generator that cannot write its file has nothing to save, so it says why
 * and stops: fatal() ends the program with code 1.
 *
 * Memory that lasts as long as the run comes from keep() and is released by
 * keep_done(); passing bytes live in struct bytes.
 */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#define LAB_MARK "synthetic, made by xsheet-lab"

/* ---- util.c ---- */

_Noreturn void fatal(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void *keep(size_t size);                        /* zeroed; lives until keep_done() */
char *keepf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void keep_done(void);

/* Room for one more element in a kept array of `*cap`; the array may move. */
void *keep_grow(void *old, size_t count, size_t *cap, size_t size);

struct bytes {
	unsigned char *data;
	size_t len, cap;
};

void bytes_add(struct bytes *b, const void *data, size_t len);
void bytes_text(struct bytes *b, const char *text);
void bytes_addf(struct bytes *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void bytes_byte(struct bytes *b, unsigned byte);
void bytes_le(struct bytes *b, uint32_t value, int width);
void bytes_be(struct bytes *b, uint32_t value, int width);
void bytes_done(struct bytes *b);

/* Text in UTF-8, appended in another encoding. */
void bytes_encoded(struct bytes *b, const char *text, const char *encoding);

struct rng {
	uint64_t state;
};

struct rng rng_from(uint64_t seed, const char *name);   /* own stream per name */
uint64_t rng_next(struct rng *r);
int rng_int(struct rng *r, int low, int high);          /* both included */
double rng_real(struct rng *r, double low, double high);
bool rng_chance(struct rng *r, int one_in);

void sha256_hex(const void *data, size_t len, char hex[65]);
void make_dirs(const char *path);                       /* with its parents */
void make_parent(const char *path);
void write_file(const char *path, const void *data, size_t len, time_t mtime);
void read_file(const char *path, struct bytes *out);
void format_utc(time_t t, char out[32]);                /* 2024-01-08T01:02:03Z */

/* ---- titles.c, notes.c: what is said ---- */

/* One line of the catalogue, and how such a production names its files. */
struct title {
	const char *id, *name, *lang, *aliases, *code, *kind, *source;
	enum { TITLE_WORK, TITLE_FILM, TITLE_DECOY } role;
	const char *header;             /* printed on its sheets, may be NULL */
	const char *owner;              /* legal entity printed beside it, or NULL */
	int season, episode;            /* episode: the first one of these days */
};

extern const struct title case_titles[], control_titles[], decoy_titles[];  /* end: .id NULL */

const struct title *title_work(bool control, int nth);  /* wraps round */
int title_works(bool control);

struct phrase {
	const char *zh, *ko;
};

extern const struct phrase phrases[];
extern const int phrases_count;
extern const char *const southern_phrases[];
extern const int southern_phrases_count;

/* ---- the case in memory ---- */

enum maker {
	MAKE_SHEET, MAKE_DRAWING, MAKE_CEL, MAKE_HORSE, MAKE_PHOTO, MAKE_VIDEO, MAKE_FILM,
	MAKE_TIMESHEET, MAKE_NOTES, MAKE_PAYMENT, MAKE_CONTRACT, MAKE_BRIEF, MAKE_TEXT,
	MAKE_BOOK, MAKE_ARCHIVE, MAKE_MARK,
};

struct version {
	int day;
	time_t time;
	size_t size;
	char sha256[65];
};

struct entry {
	char *path;                     /* under /files/ */
	const char *kind, *stage;
	enum maker maker;
	const struct title *title;      /* NULL: none */
	int episode, cut;
	int first_day, last_day;        /* last_day 0: still there on the last day */
	struct version *versions;
	size_t versions_count, versions_cap;

	int phrases[6], phrases_count;  /* what is written on it */
	bool instruction, answered, keeps;      /* keeps: never changed nor deleted */
	const char *by;                 /* actor id who put it */
	const char *text, *encoding;    /* MAKE_TEXT */
	bool bom;
	const char *zone;               /* MAKE_PHOTO: the camera's */
};

struct box {
	int x, y, w, h;
};

struct pair {
	const char *path, *where, *zh, *ko;
	struct box zh_box, ko_box;
	const char *font_zh, *font_ko, *locator;
	int px;
	bool over_art;
};

struct request {
	time_t time;
	int order;
	const char *address, *method, *target, *protocol, *referer, *agent;
	const char *raw;                /* instead of method, target, protocol */
	const char *cut;                /* a whole line that is broken off */
	int status;
	size_t size;
	int login, failed;              /* 1 + number in the list below; 0: none */
};

struct login {
	time_t time;
	const char *address, *country, *kind, *agent, *actor, *label;
	int asn, day, line;
};

struct session {
	time_t start, now;              /* now: when its next request may come */
	const char *actor, *address, *agent, *country, *kind, *label;
	int asn;
};

struct relay {
	const char *path, *by, *fetched_by, *answer_path;
	time_t put_time, fetch_time, answer_time;       /* 0: not in these days */
};

struct day {
	int number, weekday;            /* 0 is Sunday */
	time_t midnight;                /* server's zone, +0900 */
	char date[16];
	bool workers_rest, office_rest;
	const char **added, **changed, **vanished;
	size_t added_count, added_cap, changed_count, changed_cap, vanished_count, vanished_cap;
	struct request *requests;
	size_t requests_count, requests_cap;
	size_t files, odd_lines;
};

struct lab {
	const char *dir, *start;
	uint64_t seed;
	bool control;
	int days_count;
	struct day *days;               /* [1] is the first */

	struct entry **entries;
	size_t entries_count, entries_cap;
	struct pair *pairs;
	size_t pairs_count, pairs_cap;
	struct login *logins, *failed;
	size_t logins_count, logins_cap, failed_count, failed_cap;
	struct relay *relays;
	size_t relays_count, relays_cap;
	struct session *actors;         /* once for each actor and address */
	size_t actors_count, actors_cap;
};

void lab_pair(struct lab *lab, struct pair pair);
void lab_actor(struct lab *lab, const struct session *s);
struct login *lab_login(struct lab *lab, bool success, struct login login);

/* ---- picture.c, draw.c, office.c, video.c, archive.c: what a file holds ---- */

struct entry_content {
	struct lab *lab;
	struct entry *entry;
	int version;                    /* 0 is the first */
	time_t time;
};

void picture_sheet(struct entry_content *c, struct bytes *out);
void picture_drawing(struct entry_content *c, struct bytes *out);
void picture_photo(struct entry_content *c, struct bytes *out);
void picture_check_fonts(void);
void picture_done(void);

void office_timesheet(struct entry_content *c, struct bytes *out);
void office_notes(struct entry_content *c, struct bytes *out);
void office_payment(struct entry_content *c, struct bytes *out);
void office_contract(struct entry_content *c, struct bytes *out);
void office_brief(struct entry_content *c, struct bytes *out);
void archive_cels(struct entry_content *c, struct bytes *out);

void video_test(struct entry_content *c, struct bytes *out);     /* pencil test */
void video_film(struct entry_content *c, struct bytes *out);     /* finished film */

/* Packs members as ZIP or tar.gz, in the order given, all dated `time`. */
struct member {
	const char *name;
	struct bytes bytes;
};
void pack(struct member *members, size_t count, bool zip, time_t time, struct bytes *out);

/* ---- draw.c: line art on a cairo context ---- */

struct _cairo;
void draw_scene(struct _cairo *cr, struct rng *rng, struct box frame, double ink);
void draw_figure(struct _cairo *cr, struct rng *rng, double x, double y, double height,
		 double ink, double sway);
void draw_horse(struct _cairo *cr, struct rng *rng, struct box frame, double ink);
void draw_reef(struct _cairo *cr, struct box frame, double phase);      /* a painted scene */

/* ---- addresses.c: who comes from where ---- */

struct network {
	const char *prefix;             /* first three octets and a dot */
	const char *country, *holder;
	int asn;
};

extern const struct network vpn_networks[], chinese_networks[], spanish_networks[],
	worker_networks[], korean_networks[], scanner_networks[];
int network_count(const struct network *list);
char *network_address(const struct network *network, struct rng *rng);
void intel_write(struct lab *lab);

/* ---- tree.c, accesslog.c, truth.c, serve.c: the parts of `make` and `serve` ---- */

void tree_make(struct lab *lab);        /* the files, and the requests that made them */
bool entry_stands(const struct entry *e, int day);      /* on that day's evening */

/* Shows the login page, signs in, and looks round; `fails` attempts before. */
void accesslog_open(struct lab *lab, int day, struct session *s, int fails, struct rng *rng);

/* One request of a session, some seconds after the one before. */
void accesslog_step(struct lab *lab, int day, struct session *s, struct rng *rng, const char *method,
		    const char *target, int status, size_t size);
void accesslog_noise(struct lab *lab, int day);
void accesslog_write(struct lab *lab);
void truth_write(struct lab *lab);
void titles_write(struct lab *lab);

struct request *day_request(struct day *day, struct request request);
char *target_of(const char *path);      /* /files/... as a client would encode it */

int serve_start(const char *dir, int day, int port, const char *server);
int serve_stop(const char *dir);

#endif
