/* SPDX-License-Identifier: Apache-2.0 */
#include "lab.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void fatal(const char *fmt, ...)
{
	va_list args;

	fputs("xsheet-lab: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/* ---- memory ---- */

struct block {
	struct block *next;
	max_align_t data[];
};

static struct block *blocks;

void *keep(size_t size)
{
	struct block *b = calloc(1, sizeof *b + size);

	if (b == NULL)
		fatal("out of memory");
	b->next = blocks;
	blocks = b;
	return b->data;
}

void keep_done(void)
{
	while (blocks != NULL) {
		struct block *next = blocks->next;

		free(blocks);
		blocks = next;
	}
}

char *keepf(const char *fmt, ...)
{
	va_list args, again;
	char *text;
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0)
		fatal("cannot format '%s'", fmt);
	text = keep((size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return text;
}

void *keep_grow(void *old, size_t count, size_t *cap, size_t size)
{
	void *bigger;

	if (count < *cap)
		return old;
	*cap = *cap ? *cap * 2 : 16;
	bigger = keep(*cap * size);
	if (count > 0)
		memcpy(bigger, old, count * size);
	return bigger;
}

/* ---- bytes ---- */

void bytes_add(struct bytes *b, const void *data, size_t len)
{
	if (b->cap - b->len < len) {
		size_t cap = b->cap ? b->cap : 4096;
		unsigned char *bigger;

		while (cap - b->len < len)
			cap *= 2;
		bigger = realloc(b->data, cap);
		if (bigger == NULL)
			fatal("out of memory");
		b->data = bigger;
		b->cap = cap;
	}
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
}

void bytes_text(struct bytes *b, const char *text)
{
	bytes_add(b, text, strlen(text));
}

void bytes_addf(struct bytes *b, const char *fmt, ...)
{
	char text[4096];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof text)
		fatal("text too long for '%s'", fmt);
	bytes_add(b, text, (size_t)n);
}

void bytes_byte(struct bytes *b, unsigned byte)
{
	unsigned char c = (unsigned char)byte;

	bytes_add(b, &c, 1);
}

void bytes_le(struct bytes *b, uint32_t value, int width)
{
	for (int i = 0; i < width; i++)
		bytes_byte(b, value >> (8 * i) & 255);
}

void bytes_be(struct bytes *b, uint32_t value, int width)
{
	for (int i = width - 1; i >= 0; i--)
		bytes_byte(b, value >> (8 * i) & 255);
}

void bytes_done(struct bytes *b)
{
	free(b->data);
	*b = (struct bytes){ 0 };
}

void bytes_encoded(struct bytes *b, const char *text, const char *encoding)
{
	iconv_t cd = iconv_open(encoding, "UTF-8");
	char *in = (char *)(uintptr_t)text;
	size_t in_left = strlen(text);

	if (cd == (iconv_t)-1)
		fatal("this system cannot write %s", encoding);
	while (in_left > 0) {
		char piece[1024], *out = piece;
		size_t out_left = sizeof piece;

		if (iconv(cd, &in, &in_left, &out, &out_left) == (size_t)-1 && errno != E2BIG)
			fatal("%s cannot hold '%.24s'", encoding, in);
		bytes_add(b, piece, sizeof piece - out_left);
	}
	iconv_close(cd);
}

/* ---- chance ---- */

uint64_t rng_next(struct rng *r)        /* splitmix64 */
{
	uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

struct rng rng_from(uint64_t seed, const char *name)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	struct rng r;

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	r.state = h ^ seed * UINT64_C(0xd6e8feb86659fd93);
	(void)rng_next(&r);
	return r;
}

int rng_int(struct rng *r, int low, int high)
{
	return low + (int)(rng_next(r) % (uint64_t)(high - low + 1));
}

double rng_real(struct rng *r, double low, double high)
{
	return low + (high - low) * (double)(rng_next(r) >> 11) * 0x1.0p-53;
}

bool rng_chance(struct rng *r, int one_in)
{
	return rng_next(r) % (uint64_t)one_in == 0;
}

/* ---- files ---- */

void sha256_hex(const void *data, size_t len, char hex[65])
{
	unsigned char sum[32];

	if (!EVP_Digest(data, len, sum, NULL, EVP_sha256(), NULL))
		fatal("SHA-256 is not available");
	for (int i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", sum[i]);
}

void make_dirs(const char *path)
{
	char *part = keepf("%s", path);

	for (char *p = part + 1; ; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			fatal("cannot make folder '%s': %s", part, strerror(errno));
		*p = c;
		if (c == '\0')
			return;
	}
}

void make_parent(const char *path)
{
	char *parent = keepf("%s", path);
	char *slash = strrchr(parent, '/');

	if (slash == NULL || slash == parent)
		return;
	*slash = '\0';
	make_dirs(parent);
}

void write_file(const char *path, const void *data, size_t len, time_t mtime)
{
	struct timespec when[2] = { { .tv_sec = mtime }, { .tv_sec = mtime } };
	const char *p = data;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0)
		fatal("cannot make '%s': %s", path, strerror(errno));
	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0)
			fatal("cannot write '%s': %s", path, strerror(errno));
		p += n;
		len -= (size_t)n;
	}
	if (mtime != 0 && futimens(fd, when) < 0)
		fatal("cannot date '%s': %s", path, strerror(errno));
	if (close(fd) < 0)
		fatal("cannot write '%s': %s", path, strerror(errno));
}

void read_file(const char *path, struct bytes *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char piece[65536];
	ssize_t n;

	if (fd < 0)
		fatal("cannot read '%s': %s", path, strerror(errno));
	while ((n = read(fd, piece, sizeof piece)) > 0)
		bytes_add(out, piece, (size_t)n);
	if (n < 0)
		fatal("cannot read '%s': %s", path, strerror(errno));
	(void)close(fd);
}

void format_utc(time_t t, char out[32])
{
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}
