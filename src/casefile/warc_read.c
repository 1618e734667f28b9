/* SPDX-License-Identifier: Apache-2.0 */
/* The head of a WARC record: read from anybody's bytes, written for ours.
 * Both walk one table of fields. */
#include <inttypes.h>

#include "casefile/internal.h"

#define FIELD(name, member) { name, offsetof(struct warc_head, member) }

/* In the order in which we write them. */
const struct warc_field warc_fields[] = {
	FIELD("WARC-Type", type),
	FIELD("WARC-Record-ID", id),
	FIELD("WARC-Date", date),
	FIELD("WARC-Filename", filename),
	FIELD("WARC-Target-URI", uri),
	FIELD("WARC-IP-Address", address),
	FIELD("WARC-Concurrent-To", concurrent),
	FIELD("WARC-Profile", profile),
	FIELD("WARC-Refers-To", refers_to),
	FIELD("WARC-Refers-To-Target-URI", refers_uri),
	FIELD("WARC-Refers-To-Date", refers_date),
	FIELD("WARC-Truncated", truncated),
	FIELD("WARC-Block-Digest", block_digest),
	FIELD("WARC-Payload-Digest", payload_digest),
	FIELD("Content-Type", content_type),
	{ NULL, 0 },
};

static struct slice *member(struct warc_head *head, const struct warc_field *field)
{
	return (struct slice *)(void *)((char *)head + field->offset);
}

static const struct warc_field *field_named(struct slice name)
{
	for (const struct warc_field *field = warc_fields; field->name; field++)
		if (slice_equal_nocase(name, slice_text(field->name)))
			return field;
	return NULL;
}

/* A line that ends in "\r\n"; false when there is none in the bytes. */
static bool crlf_line(struct slice *rest, struct slice *line)
{
	if (!slice_cut(rest, '\n', line))
		return false;
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

static bool has_control(struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < 0x20 && text.p[i] != '\t')
			return true;
	return false;
}

bool warc_head_read(struct slice bytes, struct warc_head *out, const char **why)
{
	struct slice rest = slice_head(bytes, WARC_HEAD_MAX), line, name;
	struct warc_head head = { 0 };
	bool length = false;

	*why = rest.n == WARC_HEAD_MAX ? "a head without end" : NULL;
	if (!crlf_line(&rest, &line))
		return false;
	if (!slice_is(line, "WARC/1.1") && !slice_is(line, "WARC/1.0")) {
		*why = "no WARC version";
		return false;
	}
	for (;;) {
		const struct warc_field *field;

		if (!crlf_line(&rest, &line))
			return false;
		if (line.n == 0)
			break;
		if (!slice_cut(&line, ':', &name) || name.n == 0 || has_control(name)) {
			*why = "a line that is no field";
			return false;
		}
		line = slice_trim(line);
		if (has_control(line)) {
			*why = "a control character in a field";
			return false;
		}
		if (slice_equal_nocase(name, SLICE("Content-Length"))) {
			if (length || !slice_u64(line, &head.length) || head.length > INT64_MAX / 2) {
				*why = "Content-Length";
				return false;
			}
			length = true;
			continue;
		}
		field = field_named(name);
		if (!field)
			continue;
		if (member(&head, field)->p && strcmp(field->name, "WARC-Concurrent-To") != 0) {
			*why = "a field twice";
			return false;
		}
		if (!member(&head, field)->p)
			*member(&head, field) = line;
	}
	if (!length || !head.type.p || !head.id.p || !head.date.p) {
		*why = "a field that must be there is missing";
		return false;
	}
	head.size = (size_t)(rest.p - bytes.p);
	*why = "";
	*out = head;
	return true;
}

int warc_head_write(const struct warc_head *head, struct buf *out)
{
	(void)buf_text(out, "WARC/1.1\r\n");
	for (const struct warc_field *field = warc_fields; field->name; field++) {
		const struct slice value =
			*(const struct slice *)(const void *)((const char *)head + field->offset);

		if (!value.p)
			continue;
		(void)buf_text(out, field->name);
		(void)buf_text(out, ": ");
		(void)buf_add(out, value);
		(void)buf_text(out, "\r\n");
	}
	(void)buf_printf(out, "Content-Length: %" PRIu64 "\r\n\r\n", head->length);
	return buf_broken(out);
}
