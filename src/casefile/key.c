/* SPDX-License-Identifier: Apache-2.0 */
/* The user's Ed25519 key, kept as openssl keeps one (RFC 8410). */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/place.h"
#include "casefile/internal.h"

#define SEED 32
#define PRIVATE_BEGIN "-----BEGIN PRIVATE KEY-----\n"
#define PRIVATE_END "\n-----END PRIVATE KEY-----\n"
#define PUBLIC_BEGIN "-----BEGIN PUBLIC KEY-----\n"
#define PUBLIC_END "\n-----END PUBLIC KEY-----\n"

/* DER up to the key's own bytes. */
static const unsigned char private_der[] = { 0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
					     0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20 };
static const unsigned char public_der[] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
					    0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };

static int pem_write(const char *begin, const unsigned char *der, size_t der_size,
		     const unsigned char key[32], const char *end, struct buf *out)
{
	unsigned char all[64];
	char text[128];

	memcpy(all, der, der_size);
	memcpy(all + der_size, key, 32);
	(void)sodium_bin2base64(text, sizeof text, all, der_size + 32,
				sodium_base64_VARIANT_ORIGINAL);
	(void)buf_text(out, begin);
	(void)buf_text(out, text);
	(void)buf_text(out, end);
	sodium_memzero(all, sizeof all);
	sodium_memzero(text, sizeof text);
	return buf_broken(out);
}

bool base64_exact(struct slice text, unsigned char *out, size_t size, size_t *n)
{
	char again[128];
	size_t got;
	bool same;

	if (sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL) > sizeof again ||
	    sodium_base642bin(out, size, text.p, text.n, NULL, &got, NULL,
			      sodium_base64_VARIANT_ORIGINAL) != 0)
		return false;
	(void)sodium_bin2base64(again, sizeof again, out, got, sodium_base64_VARIANT_ORIGINAL);
	same = slice_is(text, again);
	sodium_memzero(again, sizeof again);
	*n = got;
	return same;
}

static bool pem_read(struct slice pem, const char *begin, const unsigned char *der,
		     size_t der_size, const char *end, unsigned char key[32])
{
	unsigned char all[64];
	size_t n;
	bool fits;

	if (!slice_starts(pem, slice_text(begin)) || !slice_ends(pem, slice_text(end)) ||
	    pem.n < strlen(begin) + strlen(end))
		return false;
	pem = slice_skip(pem, strlen(begin));
	pem.n -= strlen(end);
	if (!base64_exact(pem, all, sizeof all, &n))
		return false;
	fits = n == der_size + 32 && memcmp(all, der, der_size) == 0;
	if (fits)
		memcpy(key, all + der_size, 32);
	sodium_memzero(all, sizeof all);
	return fits;
}

int key_public_pem(const unsigned char public[32], struct buf *out)
{
	return pem_write(PUBLIC_BEGIN, public_der, sizeof public_der, public, PUBLIC_END, out);
}

bool key_from_pem(struct slice pem, unsigned char public[32])
{
	return pem_read(pem, PUBLIC_BEGIN, public_der, sizeof public_der, PUBLIC_END, public);
}

void key_hex(const unsigned char public[32], char out[KEY_HEX])
{
	struct sha256 as;

	memcpy(as.bytes, public, 32);
	sha256_hex(&as, out);
}

bool key_from_hex(struct slice hex, unsigned char public[32])
{
	struct sha256 as;

	if (!sha256_from_hex(hex, &as))
		return false;
	memcpy(public, as.bytes, 32);
	return true;
}

static int key_load(const char *path, struct signing_key *out, struct err *err)
{
	scoped(buf_done) struct buf pem = buf_limited(4096);
	unsigned char seed[SEED];
	struct stat status;
	int r;

	if (stat(path, &status) < 0)
		return err_errno(err, "cannot read the signing key '%s'", path);
	if (status.st_mode & 077)
		return err_set(err, ERR_DENIED, "the signing key '%s' can be read by others: chmod 600 it",
			       path);
	r = file_read(path, &pem, err);
	if (r < 0)
		return r;
	if (!pem_read(buf_slice(&pem), PRIVATE_BEGIN, private_der, sizeof private_der, PRIVATE_END,
		      seed))
		return err_set(err, ERR_FAILED, "'%s' is no Ed25519 private key in PEM", path);
	(void)crypto_sign_seed_keypair(out->public, out->secret, seed);
	sodium_memzero(seed, sizeof seed);
	sodium_memzero(pem.p, pem.n);
	return 0;
}

/* Written beside and linked: of two programs that make one at once, one wins
 * and both use its key. */
static int key_make(const char *path, struct err *err)
{
	scoped(buf_done) struct buf pem = buf_limited(4096);
	scoped(buf_done) struct buf beside = buf_limited(65536);
	unsigned char seed[SEED];
	int r;

	randombytes_buf(seed, sizeof seed);
	r = pem_write(PRIVATE_BEGIN, private_der, sizeof private_der, seed, PRIVATE_END, &pem);
	sodium_memzero(seed, sizeof seed);
	(void)buf_printf(&beside, "%s.%ld", path, (long)getpid());
	if (r < 0 || !buf_string(&beside))
		return err_set(err, ERR_NO_MEMORY, "no memory for a key");
	r = file_write(beside.p, buf_slice(&pem), 0600, err);
	sodium_memzero(pem.p, pem.n);
	if (r < 0)
		return r;
	r = link(beside.p, path) < 0 && errno != EEXIST
		    ? err_errno(err, "cannot make the signing key '%s'", path)
		    : 0;
	(void)unlink(beside.p);
	return r;
}

int key_own(struct signing_key *out, struct err *err)
{
	scoped(memory_free) char *home = NULL;
	scoped(memory_free) char *path = NULL;
	int r;

	if (sodium_init() < 0)
		return err_set(err, ERR_FAILED, "libsodium does not start");
	r = place_home(&home, err);
	if (r < 0)
		return r;
	path = path_join(home, "identity.key");
	if (!path)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	if (access(path, F_OK) < 0) {
		r = key_make(path, err);
		if (r < 0)
			return r;
	}
	return key_load(path, out, err);
}

int casefile_key(const char *text, char out[65], struct err *err)
{
	scoped(buf_done) struct buf file = buf_limited(4096);
	unsigned char public[32];
	int r;

	if (!key_from_hex(slice_text(text), public)) {
		r = file_read(text, &file, err);
		if (r < 0)
			return err_prefix(err, r, "'%s' is no key in hexadecimal, nor a file with one",
					  text);
		if (!key_from_pem(buf_slice(&file), public) &&
		    !key_from_hex(slice_trim(buf_slice(&file)), public))
			return err_set(err, ERR_FAILED, "'%s' holds no Ed25519 public key", text);
	}
	key_hex(public, out);
	return 0;
}
