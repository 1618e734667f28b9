/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message - what a worker may say
 *
 * On the wire: u32 length of what follows, u8 kind, then the fields in the
 * order below (integers little-endian, text as u32 length and bytes).  The
 * broker checks every length, kind, range and that text is UTF-8, and ends a
 * worker that breaks a rule.
 */
#ifndef SANDBOX_MESSAGE_H
#define SANDBOX_MESSAGE_H

#include "base/slice.h"

#define MESSAGE_MAX (1u << 20)          /* bytes of one message */
#define MESSAGE_NONE UINT32_MAX         /* "no such number" */

enum message_kind {
	MESSAGE_TYPE = 1,      /* text: media type; name: description */
	MESSAGE_ENCODING,      /* text: encoding; certainty */
	MESSAGE_LINE,          /* text: a line of text; see struct message */
	MESSAGE_FIELD,         /* name, text: metadata */
	MESSAGE_TIME,          /* name, text: EXIF time as written; where: offset or "" */
	MESSAGE_PIXELS,        /* width, height: one byte a pixel, in job.pixels */
	MESSAGE_SIZE,          /* width, height of a picture as it declares them */
	MESSAGE_PARTIAL,       /* text: what was left out, and why */
	MESSAGE_DONE,          /* the last one */
};

struct message {
	enum message_kind kind;
	struct slice text;
	struct slice name;         /* field name, description */
	struct slice where;        /* part or cell: "sheet1!B3", "word/document.xml" */
	struct slice script;       /* ISO 15924, "Hang"; "" if not known */
	struct slice lang;         /* BCP 47, "ko", "zh-Hans"; "" if not known */
	uint32_t line;             /* from 1; MESSAGE_NONE: none */
	uint32_t x, y, width, height;      /* a box; MESSAGE_NONE: none */
	uint32_t certainty;        /* 0 to 1000; MESSAGE_NONE: not said */
};

#endif
