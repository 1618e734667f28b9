/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

int err_set(struct err *err, enum err_code code, const char *format, ...)
{
	char raw[sizeof err->text];
	va_list words;

	if (!err)
		return -(int)code;
	va_start(words, format);
	(void)vsnprintf(raw, sizeof raw, format, words);
	va_end(words);
	err->code = code;
	text_neutral(slice_text(raw), err->text, sizeof err->text);
	return -(int)code;
}

static enum err_code code_from_errno(int number)
{
	switch (number) {
	case ENOMEM:
		return ERR_NO_MEMORY;
	case ENOENT:
	case ENOTDIR:
		return ERR_NOT_FOUND;
	case EEXIST:
		return ERR_EXISTS;
	case EACCES:
	case EPERM:
	case EROFS:
		return ERR_DENIED;
	case EWOULDBLOCK:
	case EBUSY:
		return ERR_BUSY;
	default:
		return ERR_IO;
	}
}

int err_errno(struct err *err, const char *format, ...)
{
	const int number = errno;
	char raw[sizeof err->text];
	va_list words;

	va_start(words, format);
	(void)vsnprintf(raw, sizeof raw, format, words);
	va_end(words);
	return err_set(err, code_from_errno(number), "%.800s: %s", raw, strerror(number));
}

int err_prefix(struct err *err, int r, const char *format, ...)
{
	struct err inner;
	char raw[sizeof err->text];
	va_list words;

	if (!err)
		return r;
	inner = *err;
	va_start(words, format);
	(void)vsnprintf(raw, sizeof raw, format, words);
	va_end(words);
	(void)err_set(err, inner.code, "%.400s: %.600s", raw, inner.text);
	return r;
}
