/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/head.h"

#include <curl/curl.h>

#include "base/text.h"

/* The value of a header; the first of several. */
static struct slice head_value(struct slice head, struct slice name)
{
	struct slice line, key;

	while (slice_line(&head, &line))
		if (slice_cut(&line, ':', &key) && slice_equal_nocase(key, name))
			return slice_trim(line);
	return (struct slice){ 0 };
}

static int64_t head_date(struct slice value)
{
	char text[64];
	time_t t;

	if (!value.n || value.n >= sizeof text)
		return CLOCK_NONE;
	memcpy(text, value.p, value.n);
	text[value.n] = '\0';
	t = curl_getdate(text, NULL);
	return t == -1 ? CLOCK_NONE : (int64_t)t * 1000;
}

bool head_chunked(struct slice head)
{
	return slice_equal_nocase(head_value(head, SLICE("transfer-encoding")), SLICE("chunked"));
}

void head_read(struct slice head, struct answer *out)
{
	struct slice value = head_value(head, SLICE("retry-after"));
	uint64_t seconds;
	int64_t when;

	out->modified = head_date(head_value(head, SLICE("last-modified")));
	out->retry_after_s = -1;
	if (slice_u64(value, &seconds))
		out->retry_after_s = seconds > INT32_MAX ? INT32_MAX : (int64_t)seconds;
	else if ((when = head_date(value)) != CLOCK_NONE)
		out->retry_after_s = when > clock_now() ? (when - clock_now() + 999) / 1000 : 0;
	text_neutral(head_value(head, SLICE("content-type")), out->type, sizeof out->type);
	value = head_value(head, SLICE("location"));
	if (out->status >= 300 && out->status < 400 && value.n < sizeof out->location && value.n) {
		memcpy(out->location, value.p, value.n);
		out->location[value.n] = '\0';
	}
}
