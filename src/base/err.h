/* SPDX-License-Identifier: Apache-2.0 */
/*
 * err - what went wrong, in one sentence
 *
 * A function that can fail returns int: 0 or more worked, negative is one of
 * -ERR_...  The sentence goes into the caller's struct err, which may be
 * NULL and is written only on failure.  Report and return in one line, add
 * where it happened on the way up, print once at the top:
 *
 *	if (size > limit)
 *		return err_set(err, ERR_LIMIT, "'%s' is larger than %zu bytes", name, limit);
 *	...
 *	if (r < 0)
 *		return err_prefix(err, r, "collecting '%s'", url);
 *
 * Messages: lower case, names in quotes, no full stop; say what would help.
 * Text from strangers is neutralised when it is put in, so that a message
 * can be shown on a terminal as it is.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/* Few codes, chosen by what a caller would do differently. */
enum err_code {
	ERR_FAILED = 1,   /* it did not work; the sentence says why */
	ERR_USAGE,        /* the caller's words are off: exit code 2 */
	ERR_NO_MEMORY,
	ERR_NOT_FOUND,    /* the named thing is not there */
	ERR_EXISTS,       /* it is there already */
	ERR_LIMIT,        /* a budget or ceiling was reached */
	ERR_DENIED,       /* refused: scope, permission, confinement */
	ERR_DAMAGED,      /* a case that cannot be trusted */
	ERR_BUSY,         /* somebody else has it */
	ERR_IO,           /* disk or network; trying again may help */
	ERR_STOPPED,      /* the user asked to stop */
};

struct err {
	enum err_code code;
	char text[1024];
};

/* Write the sentence, return -code.  `err` may be NULL. */
__attribute__((format(printf, 3, 4)))
int err_set(struct err *err, enum err_code code, const char *format, ...);

/* Like err_set(), with ": " and what errno says behind the sentence.  The
 * code is chosen from errno. */
__attribute__((format(printf, 2, 3)))
int err_errno(struct err *err, const char *format, ...);

/* Put "where: " in front of the sentence that is there; returns `r`. */
__attribute__((format(printf, 3, 4)))
int err_prefix(struct err *err, int r, const char *format, ...);

#endif
