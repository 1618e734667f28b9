/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message - what a worker may say
 *
 * On the wire: u32 length of what follows, u8 kind, then text, name, where,
 * script, lang (each as u32 length and bytes), line, x, y, width, height,
 * certainty (u32 each; all integers little-endian).  The broker checks every
 * length, kind and range, and that text is harmless UTF-8, and ends a worker
 * that breaks a rule.
 */
#ifndef SANDBOX_MESSAGE_H
#define SANDBOX_MESSAGE_H

#include "base/buf.h"
#include "base/slice.h"

#define MESSAGE_MAX (1u << 20)          /* bytes of one message, without its length */
#define MESSAGE_TEXT_MAX (256u << 10)   /* bytes of `text`; a worker cuts and says so */
#define MESSAGE_NAME_MAX 1024u          /* bytes of `name` and of `where` */
#define MESSAGE_NONE UINT32_MAX         /* "no such number" */
#define MESSAGE_SIDE_MAX (1u << 20)     /* the longest side of a picture or box */

enum message_kind {
	MESSAGE_TYPE = 1,      /* text: media type; name: description */
	MESSAGE_ENCODING,      /* text: encoding; certainty */
	MESSAGE_LINE,          /* text: a line of text; see struct message */
	MESSAGE_FIELD,         /* name, text: metadata */
	MESSAGE_TIME,          /* name, text: EXIF time as written; where: offset or "" */
	MESSAGE_PIXELS,        /* width, height: one byte a pixel, in job.pixels */
	MESSAGE_SIZE,          /* width, height of a picture as it declares them */
	MESSAGE_PARTIAL,       /* text: what was left out, and why */
	MESSAGE_UNABLE,        /* text: why the worker could not get ready; no foreign byte was seen */
	MESSAGE_DONE,          /* the last one */
};

struct message {
	enum message_kind kind;
	struct slice text;
	struct slice name;         /* field name, description; of an OCR line: the model */
	struct slice where;        /* part or cell: "sheet1!B3", "word/document.xml" */
	struct slice script;       /* ISO 15924, "Hang"; "" if not known */
	struct slice lang;         /* BCP 47, "ko", "zh-Hans"; "" if not known */
	uint32_t line;             /* from 1; MESSAGE_NONE: none */
	uint32_t x, y, width, height;      /* a box; MESSAGE_NONE: none */
	uint32_t certainty;        /* 0 to 1000; MESSAGE_NONE: not said */
};

/* A message of this kind with no numbers. */
static inline struct message message_of(enum message_kind kind)
{
	return (struct message){
		.kind = kind, .line = MESSAGE_NONE, .x = MESSAGE_NONE, .y = MESSAGE_NONE,
		.width = MESSAGE_NONE, .height = MESSAGE_NONE, .certainty = MESSAGE_NONE,
	};
}

/* Append it as it crosses the wire.  Text is made harmless and cut to its
 * maximum on the way.  Returns as buf_add(). */
int message_encode(struct buf *out, const struct message *message);

/* Read what follows the length.  The slices lie inside `body`.  False if a
 * rule is broken: *why says which, in a few constant words. */
bool message_decode(struct slice body, struct message *out, const char **why);

#endif
