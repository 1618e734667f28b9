/* SPDX-License-Identifier: Apache-2.0 */
#include "report/internal.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/text.h"

/* Room for pictures: the rest is for text, which is never left out for them.
 * base64 makes three bytes four. */
#define PICTURE_BYTES_MAX ((size_t)7 << 20)

static int draw(struct casefile *cf, struct model *m, const struct report_writer *writer,
		const struct report_options *options, struct err *err)
{
	size_t drawn = 0;

	for (size_t i = 0; i < m->pictures_n; i++)
		drawn += m->pictures[i].drawn;
	if (!writer->pictures || !drawn)
		return 0;
	if (!options->pictures_max) {
		m->pictures_why = "none were asked for";
		return 0;
	}
	return pictures_draw(cf, m, options, PICTURE_BYTES_MAX, err);
}

int report_to_buf(struct casefile *cf, const struct report_options *options, struct buf *out,
		  struct report_tally *tally, struct err *err)
{
	const char *format = options->format ? options->format : report_writers[0]->name;
	const struct report_writer *writer = report_writer_named(format);
	scoped(model_free) struct model *m = NULL;
	int r;

	if (!writer)
		return err_set(err, ERR_USAGE, "'%s' is no format of a report; html and json are", format);
	r = model_gather(cf, &m, err);
	if (r >= 0)
		r = draw(cf, m, writer, options, err);
	if (r >= 0)
		r = writer->write(m, out, err);
	if (r < 0)
		return r;
	*tally = (struct report_tally){
		.bytes = out->n,
		.claims = m->claims.total,
		.pairs = m->pairs.total,
		.pictures_shown = m->pictures_shown,
		.sha256 = sha256_of(buf_slice(out)),
	};
	for (size_t i = 0; i < m->pictures_n; i++)
		tally->pictures += m->pictures[i].drawn && !m->pictures[i].later;
	text_neutral(slice_text(m->head), tally->head, sizeof tally->head);
	return 0;
}

/* A copy under CASE/report/, named by its own hash, and a line in the ledger.
 * The same report again is the same file: nothing is added. */
static int keep(struct casefile *cf, const struct report_writer *writer, const struct buf *out,
		struct report_tally *tally, struct err *err)
{
	scoped(memory_free) char *folder = path_join(casefile_path(cf), "report");
	scoped(memory_free) char *path = NULL;
	char hex[SHA256_HEX], name[100], body[600];
	struct stat st;
	int r;

	sha256_hex(&tally->sha256, hex);
	(void)snprintf(name, sizeof name, "%.16s%s", hex, writer->suffix);
	path = folder ? path_join(folder, name) : NULL;
	if (!path)
		return err_set(err, ERR_NO_MEMORY, "out of memory");
	(void)snprintf(tally->kept, sizeof tally->kept, "report/%s", name);
	if (stat(path, &st) == 0)
		return 0;
	r = folder_make(folder, 0755, err);
	if (r >= 0)
		r = file_write(path, buf_slice(out), 0644, err);
	if (r < 0)
		return r;
	(void)snprintf(body, sizeof body,
		       "{\"file\":\"report/%s\",\"format\":\"%s\",\"head\":\"%s\",\"sha256\":\"%s\",\"bytes\":%llu}",
		       name, writer->name, tally->head, hex, (unsigned long long)out->n);
	r = ledger_note(cf, "report", body, err);
	return r < 0 ? r : casefile_commit(cf, err);
}

int report_write(struct casefile *cf, const struct report_options *options, const char *path,
		 struct report_tally *tally, struct err *err)
{
	scoped(buf_done) struct buf out = buf_limited(REPORT_SIZE_MAX);
	int r = report_to_buf(cf, options, &out, tally, err);

	if (r >= 0)
		r = file_write(path, buf_slice(&out), 0644, err);
	if (r >= 0 && options->keep)
		r = keep(cf, report_writer_named(options->format ? options->format : report_writers[0]->name), &out, tally, err);
	return r;
}
