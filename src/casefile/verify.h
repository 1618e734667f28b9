/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify, for its own files.  Nothing here changes the case, and nothing
 * trusts it: each part says what it finds and goes on with what is left.
 */
#ifndef CASEFILE_VERIFY_H
#define CASEFILE_VERIFY_H

#include "casefile/internal.h"

/* What the ledger signed. */
struct sealed_piece {
	int64_t segment;
	uint64_t from, to, line;      /* line of the ledger */
	struct sha256 sha256;
	bool named;                   /* a fault in it was named more closely */
};
struct sealed_range {
	int table;
	int64_t first, last;
	uint64_t line;
	struct sha256 sha256;
};
struct sealed_file {
	struct sha256 sha256;
	uint64_t line;
};

struct verify {
	const char *path;
	struct progress *progress;
	void (*fault)(enum verdict_kind, const char *sentence, void *);
	void *data;
	struct verify_result *out;
	sqlite3 *db;                  /* NULL: not to be read */
	uint64_t copied;              /* entries that ledger_copy has */

	struct sealed_piece *pieces;
	struct sealed_range *ranges;
	struct sealed_file *files;
	size_t piece_count, range_count, file_count;
};

__attribute__((format(printf, 3, 4)))
void verify_fault(struct verify *v, enum verdict_kind kind, const char *format, ...);
/* "CASE/a/b"; the caller frees it. */
char *verify_file(struct verify *v, const char *name);
/* Hash bytes from..to of a file; false when they cannot be had. */
bool verify_hash(int fd, uint64_t from, uint64_t to, struct sha256 *out);

int verify_ledger(struct verify *v, const char *key, struct err *err);
int verify_segments(struct verify *v, struct err *err);
int verify_rows(struct verify *v, struct err *err);
void verify_database(struct verify *v);
void verify_intel(struct verify *v);

#endif
