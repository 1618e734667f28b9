/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct hasher {
	EVP_MD_CTX *context;
};

static void must(int worked)
{
	if (worked != 1)
		abort();
}

struct hasher *hasher_new(void)
{
	struct hasher *h = calloc(1, sizeof *h);

	if (!h)
		return NULL;
	h->context = EVP_MD_CTX_new();
	if (!h->context) {
		free(h);
		return NULL;
	}
	must(EVP_DigestInit_ex(h->context, EVP_sha256(), NULL));
	return h;
}

void hasher_free(struct hasher *h)
{
	if (h)
		EVP_MD_CTX_free(h->context);
	free(h);
}

void hasher_add(struct hasher *h, struct slice bytes)
{
	if (bytes.n)
		must(EVP_DigestUpdate(h->context, bytes.p, bytes.n));
}

struct sha256 hasher_end(struct hasher *h)
{
	struct sha256 hash;

	must(EVP_DigestFinal_ex(h->context, hash.bytes, NULL));
	must(EVP_DigestInit_ex(h->context, EVP_sha256(), NULL));
	return hash;
}

struct sha256 sha256_of(struct slice bytes)
{
	struct sha256 hash;

	must(EVP_Digest(bytes.n ? bytes.p : "", bytes.n, hash.bytes, NULL, EVP_sha256(), NULL));
	return hash;
}

void sha256_hex(const struct sha256 *hash, char out[SHA256_HEX])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < SHA256_SIZE; i++) {
		out[2 * i] = digits[hash->bytes[i] >> 4];
		out[2 * i + 1] = digits[hash->bytes[i] & 15];
	}
	out[2 * SHA256_SIZE] = '\0';
}

bool sha256_from_hex(struct slice hex, struct sha256 *out)
{
	struct sha256 hash;

	if (hex.n != 2 * SHA256_SIZE)
		return false;
	for (size_t i = 0; i < SHA256_SIZE; i++) {
		const int high = hex_digit(hex.p[2 * i]), low = hex_digit(hex.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		hash.bytes[i] = (unsigned char)(high << 4 | low);
	}
	*out = hash;
	return true;
}

bool sha256_equal(const struct sha256 *a, const struct sha256 *b)
{
	return memcmp(a->bytes, b->bytes, SHA256_SIZE) == 0;
}
