/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE      /* O_TMPFILE */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/fd.h"
#include "base/text.h"
#include "collect/head.h"
#include "collect/http.h"

#define HEAD_MAX (256U << 10)     /* of all response heads of an exchange, 1xx included */
#define MEMORY_MAX (4U << 20)     /* larger bodies go to a file */
#define CONNECT_S 20
#define TRIES 4
#define BACKOFF_MS 500

struct http {
	struct collector *c;
	CURL *curl;
	char agent[300];
	int64_t next;                /* ticks at which the next request may start */

	/* of the exchange in progress */
	struct buf request, head;
	size_t heads;                /* bytes of all heads so far */
	int memory, file;            /* the body is in `file`, if there is one */
	uint64_t body, body_max;
	bool over_length, over_head, over_time, spool_failed, private_refused;
	struct err *err;
};

/* ------------------------------------------------------- addresses ---- */

static bool private_4(uint32_t a)
{
	return a >> 24 == 0 || a >> 24 == 10 || a >> 24 == 127 ||      /* this, private, loopback */
	       a >> 20 == (172U << 4 | 1) || a >> 16 == (192U << 8 | 168) ||   /* private */
	       a >> 16 == (169U << 8 | 254) ||                         /* link-local */
	       a >> 22 == ((100U << 8 | 64) >> 6) ||                   /* carrier-grade NAT */
	       a >> 28 >= 14;                                          /* multicast, reserved */
}

static bool private_address(const struct sockaddr *address)
{
	const struct in6_addr *a;

	if (address->sa_family == AF_INET)
		return private_4(ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr));
	if (address->sa_family != AF_INET6)
		return true;
	a = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
	if (IN6_IS_ADDR_V4MAPPED(a) || IN6_IS_ADDR_V4COMPAT(a) ||
	    (a->s6_addr[0] == 0 && a->s6_addr[1] == 0x64 && a->s6_addr[2] == 0xFF && a->s6_addr[3] == 0x9B))
		return IN6_IS_ADDR_UNSPECIFIED(a) || IN6_IS_ADDR_LOOPBACK(a) ||
		       private_4((uint32_t)a->s6_addr[12] << 24 | (uint32_t)a->s6_addr[13] << 16 |
				 (uint32_t)a->s6_addr[14] << 8 | a->s6_addr[15]);
	return IN6_IS_ADDR_LINKLOCAL(a) || IN6_IS_ADDR_SITELOCAL(a) || IN6_IS_ADDR_MULTICAST(a) ||
	       (a->s6_addr[0] & 0xFE) == 0xFC;
}

/* ------------------------------------------------------- callbacks ---- */

/* The address is judged when it is connected to, so that a name that changes
 * its address between two questions gains nothing. */
static curl_socket_t on_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct http *h = data;

	(void)purpose;
	if (!h->c->options->allow_private && private_address(&address->addr)) {
		h->private_refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static int on_debug(CURL *curl, curl_infotype type, char *p, size_t n, void *data)
{
	struct http *h = data;

	(void)curl;
	if (type != CURLINFO_HEADER_OUT)
		return 0;
	/* A kept connection that was dead is asked again: the last one counts. */
	if (n >= 4 && memcmp(p, "GET ", 4) == 0)
		buf_clear(&h->request);
	(void)buf_add(&h->request, slice_of(p, n));
	return 0;
}

static size_t on_head(char *p, size_t size, size_t n, void *data)
{
	struct http *h = data;

	n *= size;
	h->heads += n;
	if (h->heads > HEAD_MAX) {
		h->over_head = true;
		return 0;
	}
	/* "100 Continue" and its kin: the last head is the answer's. */
	if (n >= 5 && memcmp(p, "HTTP/", 5) == 0)
		buf_clear(&h->head);
	return buf_add(&h->head, slice_of(p, n)) < 0 ? 0 : n;
}

/* The body has outgrown memory: move it to a file that no name leads to. */
static int spool_to_file(struct http *h)
{
	char piece[65536];
	uint64_t at = 0;
	size_t got;

	h->file = open(casefile_path(h->c->cf), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (h->file < 0) {
		scoped(memory_free) char *path = path_join(casefile_path(h->c->cf), ".spool-XXXXXX");

		if (!path)
			return err_set(h->err, ERR_NO_MEMORY, "no memory");
		h->file = mkostemp(path, O_CLOEXEC);
		if (h->file < 0)
			return err_errno(h->err, "cannot make a file in '%s'", casefile_path(h->c->cf));
		(void)unlink(path);
	}
	for (; at < h->body; at += got) {
		int r = fd_read_at(h->memory, (off_t)at, piece, sizeof piece, &got, "body", h->err);

		if (r == 0)
			r = fd_write_at(h->file, (off_t)at, slice_of(piece, got), "body", h->err);
		if (r < 0 || !got)
			return r;
	}
	return 0;
}

static size_t on_body(char *p, size_t size, size_t n, void *data)
{
	struct http *h = data;
	size_t keep;

	n *= size;
	keep = n;
	if (h->body + keep > h->body_max) {
		h->over_length = true;
		keep = (size_t)(h->body_max - h->body);
	}
	if ((h->file < 0 && h->body + keep > MEMORY_MAX && spool_to_file(h) < 0) ||
	    fd_write_at(h->file < 0 ? h->memory : h->file, (off_t)h->body, slice_of(p, keep), "body",
			h->err) < 0) {
		h->spool_failed = true;
		return 0;
	}
	h->body += keep;
	return keep == n ? n : 0;
}

static int on_progress(void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct http *h = data;

	(void)a, (void)b, (void)c, (void)d;
	if (clock_ticks() > h->c->deadline)
		h->over_time = true;
	return h->over_time || collector_stopped(h->c);
}

/* ------------------------------------------------------- opening ------ */

#define SET(option, value) (r |= curl_easy_setopt(curl, option, value) != CURLE_OK)

static bool configure(struct http *h)
{
	CURL *curl = h->curl;
	const long stall = (long)h->c->options->stall_s;
	int r = 0;

	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_HTTP_TRANSFER_DECODING, 0L);
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_PATH_AS_IS, 1L);
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_USERAGENT, h->agent);
	SET(CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	SET(CURLOPT_LOW_SPEED_LIMIT, 100L);
	SET(CURLOPT_LOW_SPEED_TIME, stall);
	SET(CURLOPT_FORBID_REUSE, 0L);
	SET(CURLOPT_OPENSOCKETFUNCTION, on_socket);
	SET(CURLOPT_OPENSOCKETDATA, h);
	SET(CURLOPT_VERBOSE, 1L);
	SET(CURLOPT_DEBUGFUNCTION, on_debug);
	SET(CURLOPT_DEBUGDATA, h);
	SET(CURLOPT_HEADERFUNCTION, on_head);
	SET(CURLOPT_HEADERDATA, h);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, h);
	SET(CURLOPT_NOPROGRESS, 0L);
	SET(CURLOPT_XFERINFOFUNCTION, on_progress);
	SET(CURLOPT_XFERINFODATA, h);
	return r == 0;
}

int http_open(struct collector *c, struct http **out, struct err *err)
{
	const char *contact = c->options->contact;
	struct http *h;

	for (const char *p = contact; p && *p; p++)
		if (*p < ' ' || *p > '~' || strchr("()", *p))
			return err_set(err, ERR_USAGE, "the contact must be plain ASCII without brackets");
	if (contact && strlen(contact) > 200)
		return err_set(err, ERR_USAGE, "the contact is too long");
	h = calloc(1, sizeof *h);
	if (!h)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	h->c = c;
	h->file = -1;
	h->request = buf_limited(64 << 10);
	h->head = buf_limited(HEAD_MAX);
	(void)snprintf(h->agent, sizeof h->agent, "xsheet/" XSHEET_VERSION "%s%s%s", contact ? " (+" : "",
		       contact ? contact : "", contact ? ")" : "");
	h->memory = fd_memory("body", err);
	if (h->memory < 0) {
		http_close(h);
		return -ERR_IO;
	}
	h->curl = curl_easy_init();
	if (!h->curl || !configure(h)) {
		http_close(h);
		return err_set(err, ERR_FAILED, "libcurl cannot be set up");
	}
	*out = h;
	return 0;
}

void http_close(struct http *h)
{
	if (!h)
		return;
	curl_easy_cleanup(h->curl);
	fd_close_scoped(&h->memory);
	fd_close_scoped(&h->file);
	buf_done(&h->request);
	buf_done(&h->head);
	free(h);
}

/* ------------------------------------------------------- one GET ------ */

static const char *why_truncated(const struct http *h, CURLcode code)
{
	if (code == CURLE_OK)
		return NULL;
	if (h->over_length)
		return "length";
	if (h->over_time || code == CURLE_OPERATION_TIMEDOUT)
		return "time";
	return "disconnect";
}

static int keep(struct http *h, const char *url, int64_t asked, struct answer *out, struct err *err)
{
	const char *address = NULL;
	const int fd = h->file < 0 ? h->memory : h->file;
	struct exchange exchange = {
		.url = url,
		.request = buf_slice(&h->request),
		.response_head = buf_slice(&h->head),
		.body = fd,
		.body_length = h->body,
		.chunked = head_chunked(buf_slice(&h->head)),
		.time = asked,
		.truncated = out->truncated,
	};

	(void)curl_easy_getinfo(h->curl, CURLINFO_PRIMARY_IP, &address);
	exchange.address = address ? address : "";
	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_errno(err, "cannot rewind a body");
	return warc_add_exchange(h->c->cf, &exchange, &out->object, err);
}

static void begin(struct http *h, struct err *err)
{
	buf_clear(&h->request);
	buf_clear(&h->head);
	h->request.failed = h->head.failed = 0;
	h->heads = 0;
	h->body = 0;
	h->over_length = h->over_head = h->over_time = h->spool_failed = h->private_refused = false;
	h->err = err;
	fd_close_scoped(&h->file);
	(void)ftruncate(h->memory, 0);
}

static int once(struct http *h, const char *url, const struct http_limits *limits,
		struct answer *out, struct err *err)
{
	const uint64_t used = h->c->tally->bytes, room = h->c->options->bytes_max;
	const int64_t asked = clock_now();
	CURLcode code;
	long status = 0;

	*out = (struct answer){ .modified = CLOCK_NONE, .retry_after_s = -1 };
	begin(h, err);
	h->body_max = used < room ? room - used : 0;
	if (h->body_max > limits->body)
		h->body_max = limits->body;
	if (curl_easy_setopt(h->curl, CURLOPT_TIMEOUT, limits->time_s) != CURLE_OK ||
	    curl_easy_setopt(h->curl, CURLOPT_URL, url) != CURLE_OK)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	h->c->tally->requests++;
	code = curl_easy_perform(h->curl);
	if (h->spool_failed)
		return -(int)(err ? err->code : ERR_IO);
	if (collector_stopped(h->c) && code == CURLE_ABORTED_BY_CALLBACK)
		return err_set(err, ERR_STOPPED, "stopped");
	h->c->tally->bytes += h->body;
	out->body = h->body;
	out->private_refused = h->private_refused && !h->head.n;
	(void)curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
	if (!slice_ends(buf_slice(&h->head), SLICE("\n")) || h->over_head || status < 200 ||
	    !(slice_ends(buf_slice(&h->head), SLICE("\r\n\r\n")) ||
	      slice_ends(buf_slice(&h->head), SLICE("\n\n")))) {
		(void)snprintf(out->why, sizeof out->why, "%s",
			       h->over_head ? "the response head has no end" :
			       h->over_time ? "the capture's time was up" : curl_easy_strerror(code));
		out->unreachable = !h->over_head && !h->over_time;
		return 0;
	}
	out->answered = true;
	out->status = (int)status;
	out->truncated = why_truncated(h, code);
	head_read(buf_slice(&h->head), out);
	return keep(h, url, asked, out, err);
}

static int wait_turn(struct http *h, struct err *err)
{
	const double rate = h->c->options->rate;
	int r = 0;

	if (rate > 0) {
		const int64_t now = clock_ticks();

		if (h->next > now)
			r = collector_wait(h->c, h->next - now, err);
		h->next = clock_ticks() + (int64_t)(1000 / rate);
	}
	return r;
}

int http_get(struct http *h, const struct url *url, const struct http_limits *limits,
	     struct answer *out, struct err *err)
{
	scoped(buf_done) struct buf text = buf_limited(2 * URL_MAX);
	int64_t backoff = BACKOFF_MS;

	(void)url_text(url, &text);
	if (!buf_string(&text))
		return err_set(err, ERR_NO_MEMORY, "no memory");
	for (int tries = 1;; tries++) {
		int64_t wait = backoff;
		bool patience;
		int r = wait_turn(h, err);

		if (r == 0)
			r = once(h, buf_string(&text), limits, out, err);
		if (r < 0)
			return r;
		patience = out->answered && (out->status == 429 || out->status == 503);
		if (tries == TRIES || out->private_refused || !(patience || out->unreachable))
			return 0;
		if (patience && out->retry_after_s > (int64_t)h->c->options->wait_max_s)
			return 0;
		if (patience && out->retry_after_s >= 0)
			wait = out->retry_after_s * 1000;
		if (h->c->deadline != INT64_MAX && clock_ticks() + wait > h->c->deadline)
			return 0;
		r = collector_wait(h->c, wait, err);
		if (r < 0)
			return r;
		backoff *= 2;
	}
}
