/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pictures for the page.  A picture is a hostile file: the confined "picture"
 * worker decodes it, one after the other, and what comes back are grey pixels.
 */
#include "report/internal.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "report/png.h"
#include "sandbox/sandbox.h"

#define SHOWN_WIDTH 720u
#define PIXELS_MAX ((uint64_t)40 << 20)      /* as for the examination: what fits there fits here */

/* The pixels the worker left, as a small PNG in the model. */
static int take_pixels(struct model *m, struct model_picture *p, int pixels, uint32_t width, uint32_t height,
		       struct err *err)
{
	const uint64_t size = (uint64_t)width * height;
	scoped(buf_done) struct buf png = buf_limited((size_t)4 << 20);
	struct stat st;
	char *copy;
	void *at;
	int r;

	if (!size || size > PIXELS_MAX || fstat(pixels, &st) != 0 || (uint64_t)st.st_size < size) {
		/* The broker has checked it; the pixels are a stranger's all the same. */
		p->why = "the worker's pixels do not fit their size";
		return 0;
	}
	at = mmap(NULL, size, PROT_READ, MAP_PRIVATE, pixels, 0);
	if (at == MAP_FAILED)
		return err_errno(err, "cannot map a picture's pixels");
	r = png_grey(at, width, height, SHOWN_WIDTH, &png, &p->shown_width, &p->shown_height, NULL);
	(void)munmap(at, size);
	if (r < 0) {
		p->why = "it is too large for the page";
		return 0;
	}
	copy = arena_alloc(&m->arena, png.n);
	if (!copy)
		return model_no_memory(err);
	memcpy(copy, png.p, png.n);
	p->png = copy;
	p->png_size = png.n;
	p->width = width;
	p->height = height;
	return 0;
}

static int take_result(struct model *m, struct model_picture *p, const struct job_result *result, int pixels,
		       struct err *err)
{
	for (size_t i = 0; i < result->count; i++)
		if (result->messages[i].kind == MESSAGE_PIXELS)
			return take_pixels(m, p, pixels, result->messages[i].width, result->messages[i].height, err);
	p->why = model_text(m, *result->why ? result->why : verdict_name(result->verdict));
	return p->why ? 0 : model_no_memory(err);
}

static int draw_one(struct casefile *cf, struct sandbox *box, struct model *m, struct model_picture *p, struct err *err)
{
	struct object_bytes bytes = { .fd = -1 };
	scoped(fd_close) int input = -1;
	scoped(fd_close) int pixels = -1;
	struct job_result result = { 0 };
	struct job job = { .worker = "picture" };
	int r = object_open(cf, p->object, &bytes, err);

	if (r < 0)
		return r;
	input = bytes.fd;
	pixels = fd_memory("picture", err);
	if (pixels < 0)
		return pixels;
	/* Room for the pixels: the worker cannot make any. */
	if (ftruncate(pixels, (off_t)PIXELS_MAX) < 0)
		return err_errno(err, "no memory for pixels");
	job.input = input;
	job.offset = bytes.offset;
	job.length = bytes.length;
	job.pixels = pixels;
	r = sandbox_start(box, &job, err);
	if (r >= 0)
		r = sandbox_wait(box, &result, err);
	if (r < 0)
		return r;
	r = take_result(m, p, &result, pixels, err);
	job_result_done(&result);
	return r;
}

int pictures_draw(struct casefile *cf, struct model *m, const struct report_options *options, size_t bytes_max,
		  struct err *err)
{
	scoped(sandbox_free) struct sandbox *box = NULL;
	struct err why = { 0 };
	size_t bytes = 0, tried = 0;
	int r = sandbox_new(options->worker_path, 1, &box, &why);

	if (r == -ERR_NO_MEMORY)
		return err_set(err, ERR_NO_MEMORY, "%s", why.text);
	if (r < 0) {
		/* The sentence would name a path of this machine: not in the report. */
		m->pictures_why = "the confined worker that decodes pictures (xsheet-worker) could not be started";
		return 0;
	}
	progress_begin(options->progress, "drawing pictures", options->pictures_max < m->pictures_n ? options->pictures_max : m->pictures_n);
	for (size_t i = 0; i < m->pictures_n && r >= 0; i++) {
		struct model_picture *p = &m->pictures[i];

		if (!p->drawn || p->later)
			continue;
		if (tried++ >= options->pictures_max || bytes >= bytes_max) {
			p->why = bytes >= bytes_max ? "the page would become too large" : "the number of pictures on a page is limited";
			continue;
		}
		r = draw_one(cf, box, m, p, err);
		bytes += p->png_size;
		m->pictures_shown += p->png != NULL;
		progress_step(options->progress, 1, SLICE(""));
	}
	progress_end(options->progress, NULL);
	return r < 0 ? r : 0;
}
