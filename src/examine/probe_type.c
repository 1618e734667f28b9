/* SPDX-License-Identifier: Apache-2.0 */
/* What is it, by its content?  libmagic, then a look inside ZIP containers
 * and at what has no magic number. */
#include <archive.h>
#include <archive_entry.h>
#include <magic.h>
#include <stdlib.h>

#include "examine/probes.h"
#include "examine/tga.h"

#define ENTRIES_MAX 2000

static int prepare(void **state, struct err *err)
{
	magic_t magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR);

	if (!magic)
		return err_set(err, ERR_NO_MEMORY, "no memory");
	if (magic_load(magic, NULL) != 0)
		return err_set(err, ERR_NOT_FOUND, "no file type database: %s", magic_error(magic));
	*state = magic;
	return 0;
}

/* The media type of a ZIP by the names in it, or NULL. */
static const char *inside_zip(struct slice bytes)
{
	struct archive *zip = archive_read_new();
	struct archive_entry *entry;
	const char *type = NULL;
	bool ooxml = false;

	if (!zip)
		return NULL;
	(void)archive_read_support_format_zip_seekable(zip);
	(void)archive_read_support_format_zip_streamable(zip);
	if (archive_read_open_memory(zip, bytes.p, bytes.n) == ARCHIVE_OK) {
		for (int i = 0; i < ENTRIES_MAX; i++) {
			const char *name;
			const int r = archive_read_next_header(zip, &entry);

			if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
				break;
			name = archive_entry_pathname(entry);
			if (!name)
				continue;
			if (strcmp(name, "[Content_Types].xml") == 0)
				ooxml = true;
			if (strcmp(name, "word/document.xml") == 0)
				type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
			else if (strcmp(name, "xl/workbook.xml") == 0)
				type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
			else if (strcmp(name, "ppt/presentation.xml") == 0)
				type = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
		}
	}
	(void)archive_read_free(zip);
	return ooxml ? type : NULL;
}

static void read_type(void *state, const struct worker_input *input, struct worker *w)
{
	const magic_t magic = state;
	struct message m = message_of(MESSAGE_TYPE);
	const char *type, *better = NULL, *description;
	struct tga_head tga;
	char kept[256];

	if (input->bytes.n == 0) {
		m.text = SLICE("inode/x-empty");
		m.name = SLICE("empty");
		worker_say(w, &m);
		return;
	}
	(void)magic_setflags(magic, MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS);
	type = magic_buffer(magic, input->bytes.p, input->bytes.n);
	if (!type)
		type = "application/octet-stream";
	(void)strncpy(kept, type, sizeof kept - 1);
	kept[sizeof kept - 1] = '\0';
	(void)magic_setflags(magic, MAGIC_NO_CHECK_COMPRESS);
	description = magic_buffer(magic, input->bytes.p, input->bytes.n);

	if (slice_starts(input->bytes, SLICE("PK\003\004")))
		better = inside_zip(input->bytes);
	/* TGA has no magic number; libmagic guesses other things from its header. */
	else if ((strcmp(kept, "application/octet-stream") == 0 ||
		  strcmp(kept, "image/x-tga") == 0 || tga_signed(input->bytes)) &&
		 tga_look(input->bytes, &tga))
		better = "image/x-tga";
	m.text = slice_text(better ? better : kept);
	m.name = slice_text(description ? description : "");
	worker_say(w, &m);
}

const struct probe probe_type = {
	.name = "type",
	.summary = "what a file is, by its content",
	.budget = { .wall_ms = 20000, .cpu_s = 10, .memory = 256u << 20, .answer = 64u << 10 },
	.prepare = prepare,
	.read = read_type,
};
