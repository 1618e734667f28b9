/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The web server's access log: nginx's combined format, clock at +0900,
 * rotated every midnight as logrotate does with "daily, rotate 14, compress,
 * delaycompress": access.log, access.log.1, access.log.2.gz ...
 */
#include "lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define ZONE 32400      /* +0900 */

struct request *day_request(struct day *day, struct request request)
{
	day->requests = keep_grow(day->requests, day->requests_count, &day->requests_cap, sizeof *day->requests);
	request.order = (int)day->requests_count;
	if (request.protocol == NULL)
		request.protocol = "HTTP/1.1";
	day->requests[day->requests_count] = request;
	return &day->requests[day->requests_count++];
}

char *target_of(const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/";
	char *out = keep(7 + 3 * strlen(path) + 1), *p = out + sprintf(out, "/files/");

	for (; *path != '\0'; path++) {
		if (strchr(plain, *path) != NULL)
			*p++ = *path;
		else
			p += sprintf(p, "%%%02X", (unsigned char)*path);
	}
	return out;
}

void accesslog_step(struct lab *lab, int day, struct session *s, struct rng *rng, const char *method,
		    const char *target, int status, size_t size)
{
	s->now += rng_int(rng, 4, 38);
	lab_actor(lab, s);
	(void)day_request(&lab->days[day], (struct request){ .time = s->now, .address = s->address, .agent = s->agent,
			  .method = method, .target = target, .status = status, .size = size });
}

static void sign_in(struct lab *lab, int day, struct session *s, bool success)
{
	struct login login = { .time = s->now, .address = s->address, .country = s->country, .kind = s->kind,
			       .agent = s->agent, .actor = s->actor, .label = s->label, .asn = s->asn, .day = day };
	struct request *r;

	(void)lab_login(lab, success, login);
	r = day_request(&lab->days[day], (struct request){ .time = s->now, .address = s->address, .agent = s->agent,
			.method = "POST", .target = "/login", .status = success ? 302 : 401, .size = success ? 138 : 179 });
	*(success ? &r->login : &r->failed) = (int)(success ? lab->logins_count : lab->failed_count);
}

void accesslog_open(struct lab *lab, int day, struct session *s, int fails, struct rng *rng)
{
	s->now = s->start;
	if (rng_chance(rng, 2))
		accesslog_step(lab, day, s, rng, "GET", "/", 200, 1184);
	accesslog_step(lab, day, s, rng, "GET", "/login", 200, 1184);
	for (int i = 0; i < fails; i++) {
		s->now += rng_int(rng, 6, 14);
		sign_in(lab, day, s, false);
	}
	s->now += rng_int(rng, 6, 18);
	sign_in(lab, day, s, true);
	s->now += 1;
	(void)day_request(&lab->days[day], (struct request){ .time = s->now, .address = s->address, .agent = s->agent,
			  .method = "GET", .target = "/files/", .status = 200, .size = 1900 + (size_t)day * 12 });
}

/* ---- what any open server hears ---- */

static const char *const probes[] = {
	"/.env", "/wp-login.php", "/.git/config", "/phpmyadmin/index.php", "/admin/", "/config.json", "/robots.txt",
	"/favicon.ico", "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", "/solr/admin/info/system",
	"/actuator/health", "/owa/auth/logon.aspx", "/cgi-bin/luci/;stok=/locale", "/HNAP1", "/server-status",
	"/backup.zip", "/sitemap.xml", "/.well-known/security.txt",
};

static const char agent_google[] = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
static const char agent_bing[] = "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)";
static const char agent_censys[] = "Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)";
static const char *const agents_scanner[] = {
	"Mozilla/5.0 zgrab/0.x", "python-requests/2.28.1", "Go-http-client/1.1", "curl/7.88.1",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
};

struct visitor {
	struct lab *lab;
	struct day *day;
	struct rng *rng;
	const char *address, *agent;
	time_t now;
};

static void visit(struct visitor *v, const char *method, const char *target, int status, size_t size)
{
	v->now += rng_int(v->rng, 1, 9);
	(void)day_request(v->day, (struct request){ .time = v->now, .address = v->address, .agent = v->agent,
			  .method = method, .target = target, .status = status, .size = size });
}

static struct visitor visitor(struct lab *lab, int day, struct rng *rng, const char *address, const char *agent)
{
	/* nothing late in the evening: that is when day NN is looked at */
	return (struct visitor){ lab, &lab->days[day], rng, address, agent,
				 lab->days[day].midnight + (time_t)(rng_next(rng) % 73000) };
}

/* A crawler follows links into the open folders and takes a picture or two. */
static void crawl(struct visitor *v, int pages)
{
	struct lab *lab = v->lab;

	visit(v, "GET", "/robots.txt", 404, 153);
	visit(v, "GET", "/", 200, 1184);
	for (int i = 0; i < pages && lab->entries_count > 0; i++) {
		const struct entry *e = lab->entries[rng_next(v->rng) % lab->entries_count];

		/* only what stood there unchanged all day: the size is then certain */
		if (e->first_day >= v->day->number || !entry_stands(e, v->day->number) ||
		    e->versions[e->versions_count - 1].day >= v->day->number)
			continue;
		visit(v, "GET", target_of(e->path), 200, e->versions[e->versions_count - 1].size);
	}
}

static void probe(struct visitor *v)
{
	int count = rng_int(v->rng, 3, 9);

	visit(v, "GET", "/", 200, 1184);
	for (int i = 0; i < count; i++)
		visit(v, "GET", probes[rng_next(v->rng) % (sizeof probes / sizeof probes[0])], 404, 153);
}

/* Tries common passwords, has no luck, and may look at the open folder all the same. */
static void guess(struct visitor *v, const struct network *n)
{
	struct session s = { .actor = "scanner", .address = v->address, .agent = v->agent, .country = n->country,
			     .asn = n->asn, .kind = "scanner" };
	int count = rng_int(v->rng, 2, 6);

	visit(v, "GET", "/login", 200, 1184);
	for (int i = 0; i < count; i++) {
		v->now += rng_int(v->rng, 1, 5);
		s.now = v->now;
		sign_in(v->lab, v->day->number, &s, false);
	}
	if (rng_chance(v->rng, 3))
		visit(v, "GET", "/files/", 200, 1900 + (size_t)v->day->number * 12);
}

static void odd_lines(struct visitor *v)
{
	static const char *const hello[] = {
		"\\x16\\x03\\x01\\x00\\xEE\\x01\\x00\\x00\\xEA\\x03\\x03",
		"\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xFC\\x03\\x03\\x9B\\xD1",
		"\\x03\\x00\\x00/*\\xE0\\x00\\x00\\x00\\x00\\x00Cookie: mstshash=Administr",
	};
	int count = rng_int(v->rng, 1, 3);

	for (int i = 0; i < count; i++) {
		v->now += rng_int(v->rng, 20, 900);
		(void)day_request(v->day, (struct request){ .time = v->now, .address = v->address, .status = 400, .size = 157,
				  .raw = hello[rng_int(v->rng, 0, 2)] });
	}
	(void)day_request(v->day, (struct request){ .time = v->now + 5, .address = v->address, .status = 400, .size = 0,
			  .raw = rng_chance(v->rng, 2) ? "-" : "" });
	v->day->odd_lines += (size_t)count + 1;
	if (v->day->number % 4 == 3) {          /* broken off: the disk was full for a moment */
		(void)day_request(v->day, (struct request){ .time = v->now + 9, .address = v->address, .cut = " - - [" });
		v->day->odd_lines++;
	}
}

void accesslog_noise(struct lab *lab, int day)
{
	struct rng rng = rng_from(lab->seed, keepf("noise of day %d", day));
	const int nets = network_count(scanner_networks);
	struct visitor v;

	for (int i = 0; i < 3; i++) {
		v = visitor(lab, day, &rng, keepf("66.249.66.%d", rng_int(&rng, 2, 90)), agent_google);
		crawl(&v, 4);
	}
	v = visitor(lab, day, &rng, "2001:4860:4801:10::2a", agent_google);
	crawl(&v, 3);
	v = visitor(lab, day, &rng, keepf("40.77.167.%d", rng_int(&rng, 2, 250)), agent_bing);
	crawl(&v, 4);
	v = visitor(lab, day, &rng, keepf("162.142.125.%d", rng_int(&rng, 2, 250)), agent_censys);
	visit(&v, "GET", "/", 200, 1184);
	v = visitor(lab, day, &rng, "2620:96:e000:b0cc:e::7", agent_censys);
	visit(&v, "GET", "/", 200, 1184);
	v = visitor(lab, day, &rng, keepf("2a01:4f8:c17:%x::1", rng_int(&rng, 0x100, 0xfff)), agents_scanner[2]);
	probe(&v);
	for (int i = 0, count = rng_int(&rng, 4, 7); i < count; i++) {
		const struct network *n = &scanner_networks[rng_int(&rng, 0, nets - 1)];

		v = visitor(lab, day, &rng, network_address(n, &rng), agents_scanner[rng_int(&rng, 0, 4)]);
		probe(&v);
	}
	for (int i = 0, count = rng_int(&rng, 1, 2); i < count; i++) {
		const struct network *n = &scanner_networks[rng_int(&rng, 0, nets - 1)];

		v = visitor(lab, day, &rng, network_address(n, &rng), agents_scanner[rng_int(&rng, 1, 4)]);
		guess(&v, n);
	}
	v = visitor(lab, day, &rng, network_address(&scanner_networks[0], &rng), NULL);
	odd_lines(&v);
}

/* ---- writing ---- */

static int by_time(const void *a, const void *b)
{
	const struct request *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void line(struct bytes *out, const struct request *r)
{
	char when[64];
	time_t local = r->time + ZONE;
	struct tm tm;

	gmtime_r(&local, &tm);
	if (r->cut != NULL) {
		strftime(when, sizeof when, "%d/%b/%Y:%H", &tm);
		bytes_addf(out, "%s%s%s\n", r->address, r->cut, when);
		return;
	}
	strftime(when, sizeof when, "%d/%b/%Y:%H:%M:%S +0900", &tm);
	bytes_addf(out, "%s - - [%s] \"", r->address, when);
	if (r->raw != NULL)
		bytes_text(out, r->raw);
	else
		bytes_addf(out, "%s %s %s", r->method, r->target, r->protocol);
	bytes_addf(out, "\" %d %zu \"%s\" \"%s\"\n", r->status, r->size, r->referer ? r->referer : "-",
		   r->agent ? r->agent : "-");
}

static void squeeze(const struct bytes *plain, time_t when, struct bytes *out)
{
	z_stream z = { 0 };
	gz_header head = { .time = (uLong)when, .os = 3 };
	unsigned char piece[16384];
	int r;

	if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK || deflateSetHeader(&z, &head) != Z_OK)
		fatal("cannot compress a log");
	z.next_in = plain->data;
	z.avail_in = (unsigned)plain->len;
	do {
		z.next_out = piece;
		z.avail_out = sizeof piece;
		r = deflate(&z, Z_FINISH);
		bytes_add(out, piece, sizeof piece - z.avail_out);
	} while (r == Z_OK);
	deflateEnd(&z);
	if (r != Z_STREAM_END)
		fatal("cannot compress a log");
}

static void day_lines(struct lab *lab, struct day *day, struct bytes *out)
{
	qsort(day->requests, day->requests_count, sizeof *day->requests, by_time);
	for (size_t i = 0; i < day->requests_count; i++) {
		const struct request *r = &day->requests[i];

		if (r->login != 0)
			lab->logins[r->login - 1].line = (int)i + 1;
		if (r->failed != 0)
			lab->failed[r->failed - 1].line = (int)i + 1;
		line(out, r);
	}
}

void accesslog_write(struct lab *lab)
{
	for (int d = 1; d <= lab->days_count; d++) {
		struct day *day = &lab->days[d];
		struct bytes plain = { 0 }, small = { 0 };
		time_t last;

		day_lines(lab, day, &plain);
		last = day->requests[day->requests_count - 1].time;
		squeeze(&plain, last, &small);
		for (int evening = d; evening <= lab->days_count && evening - d <= 14; evening++) {
			int age = evening - d;
			const char *dir = keepf("%s/logs/%02d", lab->dir, evening);

			make_dirs(dir);
			if (age == 0)
				write_file(keepf("%s/access.log", dir), plain.data, plain.len, last);
			if (age == 1)
				write_file(keepf("%s/access.log.1", dir), plain.data, plain.len, last);
			if (age >= 2)
				write_file(keepf("%s/access.log.%d.gz", dir, age), small.data, small.len, last);
		}
		bytes_done(&plain);
		bytes_done(&small);
	}
}
