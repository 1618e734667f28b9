/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash - SHA-256
 *
 * By OpenSSL's libcrypto, which uses the processor's SHA instructions.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/err.h"
#include "base/slice.h"

#define SHA256_SIZE 32
#define SHA256_HEX 65      /* with the NUL */

struct sha256 {
	unsigned char bytes[SHA256_SIZE];
};

struct hasher;

/* NULL when out of memory; freed with hasher_free(). */
struct hasher *hasher_new(void);
void hasher_free(struct hasher *h);
static inline void hasher_free_scoped(struct hasher **h)
{
	hasher_free(*h);
}

void hasher_add(struct hasher *h, struct slice bytes);
/* The hash of all bytes so far; the hasher begins anew. */
struct sha256 hasher_end(struct hasher *h);

/* Of one piece.  Aborts when libcrypto fails, which it does not. */
struct sha256 sha256_of(struct slice bytes);

void sha256_hex(const struct sha256 *hash, char out[SHA256_HEX]);
/* 64 hexadecimal digits of either case; false otherwise. */
bool sha256_from_hex(struct slice hex, struct sha256 *out);
bool sha256_equal(const struct sha256 *a, const struct sha256 *b);

#endif
