/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/url.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

size_t url_decode(struct slice s, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' && i + 2 < s.n && hex_digit(s.p[i + 1]) >= 0 && hex_digit(s.p[i + 2]) >= 0) {
			out[n++] = (char)(hex_digit(s.p[i + 1]) << 4 | hex_digit(s.p[i + 2]));
			i += 2;
		} else {
			out[n++] = s.p[i];
		}
	}
	return n;
}

int url_encode(struct buf *out, struct slice raw)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < raw.n; i++) {
		const unsigned char c = (unsigned char)raw.p[i];

		if (is_unreserved((char)c) || c == '/') {
			(void)buf_char(out, (char)c);
			continue;
		}
		(void)buf_char(out, '%');
		(void)buf_char(out, digits[c >> 4]);
		(void)buf_char(out, digits[c & 15]);
	}
	return buf_broken(out);
}

/* Printable ASCII that may go into a request line. */
static bool is_plain(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7F)
			return false;
	return true;
}

/* ".", "..", also where a dot is written %2e: 1, 2, or 0. */
static int dots(struct slice segment)
{
	char bytes[8];
	size_t n;

	if (segment.n > 6)
		return 0;
	n = url_decode(segment, bytes);
	if (n == 1 && bytes[0] == '.')
		return 1;
	return n == 2 && bytes[0] == '.' && bytes[1] == '.' ? 2 : 0;
}

/* The path without its dot segments. */
static bool path_set(struct slice path, char out[URL_MAX])
{
	size_t n = 0;

	if (path.n + 2 > URL_MAX)
		return false;
	if (!path.n)
		path = SLICE("/");
	while (path.n) {
		struct slice segment;
		size_t end = 1;
		int d;

		while (end < path.n && path.p[end] != '/')
			end++;
		segment = slice_of(path.p + 1, end - 1);
		path = slice_skip(path, end);
		d = dots(segment);
		if (d == 2)
			while (n && out[--n] != '/')
				;
		if (d) {
			if (!path.n)
				out[n++] = '/';
			continue;
		}
		out[n++] = '/';
		memcpy(out + n, segment.p, segment.n);
		n += segment.n;
	}
	out[n] = '\0';
	return true;
}

static bool host_set(struct slice host, char out[256])
{
	const bool brackets = host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';

	if (!host.n || host.n > 253)
		return false;
	for (size_t i = 0; i < host.n; i++) {
		const char c = host.p[i];
		const bool inside = brackets && i > 0 && i + 1 < host.n;
		const bool fits = brackets ? !inside || hex_digit(c) >= 0 || c == ':' || c == '.' :
					     is_unreserved(c) && c != '~';

		if (!fits)
			return false;
		out[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	out[host.n] = '\0';
	return true;
}

/* "host:port" */
static bool authority_set(struct slice s, struct url *out, const char **why)
{
	size_t end = s.n;
	uint64_t port;

	*why = "user names and passwords are never sent";
	if (s.n && memchr(s.p, '@', s.n))
		return false;
	out->port = out->https ? 443 : 80;
	*why = "the port";
	while (end && is_digit(s.p[end - 1]))
		end--;
	if (end && s.p[end - 1] == ':') {
		const struct slice digits = slice_skip(s, end);

		if (digits.n) {
			if (digits.n > 5 || !slice_u64(digits, &port) || port == 0 || port > 65535)
				return false;
			out->port = (unsigned)port;
		}
		s.n = end - 1;
	}
	*why = "the host";
	return host_set(s, out->host);
}

/* "/path?query#fragment" */
static bool path_query_set(struct slice s, struct url *out, const char **why)
{
	const char *hash = s.n ? memchr(s.p, '#', s.n) : NULL;
	const char *ask;
	struct slice query = { 0 };

	if (hash)
		s.n = (size_t)(hash - s.p);
	ask = s.n ? memchr(s.p, '?', s.n) : NULL;
	if (ask) {
		query = slice_skip(s, (size_t)(ask - s.p));
		s.n = (size_t)(ask - s.p);
	}
	*why = "bytes that an address cannot hold";
	if (!is_plain(s) || !is_plain(query))
		return false;
	*why = "it is too long";
	if (query.n >= sizeof out->query || !path_set(s, out->path))
		return false;
	if (query.n)
		memcpy(out->query, query.p, query.n);
	out->query[query.n] = '\0';
	return true;
}

bool url_parse(struct slice text, struct url *out, const char **why)
{
	struct slice rest;
	size_t n = 0;

	*why = "it must begin with http:// or https://";
	if (slice_equal_nocase(slice_head(text, 7), SLICE("http://"))) {
		out->https = false;
		rest = slice_skip(text, 7);
	} else if (slice_equal_nocase(slice_head(text, 8), SLICE("https://"))) {
		out->https = true;
		rest = slice_skip(text, 8);
	} else {
		return false;
	}
	while (n < rest.n && !strchr("/?#", rest.p[n] ? rest.p[n] : ' '))
		n++;
	if (!authority_set(slice_head(rest, n), out, why))
		return false;
	return path_query_set(slice_skip(rest, n), out, why);
}

bool url_join(const struct url *base, struct slice ref, struct url *out, const char **why)
{
	scoped(buf_done) struct buf path = buf_limited(2 * URL_MAX);
	struct slice from = slice_text(base->path);
	const char *colon;

	ref = slice_trim(ref);
	colon = ref.n ? memchr(ref.p, ':', ref.n) : NULL;
	if (slice_starts(ref, SLICE("//"))) {
		(void)buf_text(&path, base->https ? "https:" : "http:");
		(void)buf_add(&path, ref);
		*why = "it is too long";
		return !buf_broken(&path) && url_parse(buf_slice(&path), out, why);
	}
	if (colon && !memchr(ref.p, '/', (size_t)(colon - ref.p)) &&
	    !memchr(ref.p, '?', (size_t)(colon - ref.p)))
		return url_parse(ref, out, why);
	if (ref.n && ref.p[0] != '/') {
		if (ref.p[0] != '?')
			while (from.n && from.p[from.n - 1] != '/')
				from.n--;
		(void)buf_add(&path, from);
	} else if (!ref.n) {
		(void)buf_add(&path, from);
	}
	(void)buf_add(&path, ref);
	*why = "it is too long";
	if (buf_broken(&path))
		return false;
	*out = *base;
	return path_query_set(buf_slice(&path), out, why);
}

int url_text(const struct url *url, struct buf *out)
{
	(void)buf_text(out, url->https ? "https://" : "http://");
	(void)buf_text(out, url->host);
	if (url->port != (url->https ? 443U : 80U))
		(void)buf_printf(out, ":%u", url->port);
	(void)buf_text(out, url->path);
	return buf_text(out, url->query);
}

bool url_inside(const struct url *scope, const struct url *url, const char **why)
{
	*why = "another host";
	if (strcmp(scope->host, url->host) != 0)
		return false;
	*why = "another port or scheme";
	if (scope->https != url->https || scope->port != url->port)
		return false;
	*why = "a path outside the source's";
	return slice_starts(slice_text(url->path), slice_text(scope->path));
}
