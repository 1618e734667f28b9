/* SPDX-License-Identifier: Apache-2.0 */
/* Short MP4s: frames drawn here, coded by the ffmpeg program. */
#include "lab.h"

#include <cairo.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct shot {
	int w, h, frames, rate;
	void (*draw)(cairo_t *cr, struct entry_content *c, int frame);
};

static pid_t start_ffmpeg(const struct shot *s, const char *to, int *feed)
{
	char *size = keepf("%dx%d", s->w, s->h), *rate = keepf("%d", s->rate);
	const char *const argv[] = {
		"ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "rawvideo", "-pix_fmt", "bgr0",
		"-video_size", size, "-framerate", rate, "-i", "pipe:0", "-an", "-c:v", "libx264",
		"-threads", "1", "-preset", "veryfast", "-crf", "28", "-pix_fmt", "yuv420p",
		"-fflags", "+bitexact", "-flags", "+bitexact", "-map_metadata", "-1",
		"-metadata", "comment=" LAB_MARK, "-movflags", "+faststart", "-f", "mp4", to, NULL,
	};
	int ends[2];
	pid_t pid;

	if (pipe(ends) < 0)
		fatal("cannot make a pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		fatal("cannot start ffmpeg: %s", strerror(errno));
	if (pid == 0) {
		dup2(ends[0], 0);
		close(ends[0]);
		close(ends[1]);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(ends[0]);
	*feed = ends[1];
	return pid;
}

static void encode(const struct shot *s, struct entry_content *c, struct bytes *out)
{
	char *tmp = keepf("%s/making.mp4", c->lab->dir);
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, s->w, s->h);
	cairo_t *cr = cairo_create(surface);
	int feed, status;
	pid_t pid;

	signal(SIGPIPE, SIG_IGN);
	pid = start_ffmpeg(s, tmp, &feed);
	for (int i = 0; i < s->frames; i++) {
		const unsigned char *p;
		size_t left = (size_t)s->w * (size_t)s->h * 4;

		s->draw(cr, c, i);
		cairo_surface_flush(surface);
		p = cairo_image_surface_get_data(surface);
		while (left > 0) {
			ssize_t n = write(feed, p, left);

			if (n <= 0)
				break;          /* it ended early; its exit code says so below */
			p += n;
			left -= (size_t)n;
		}
	}
	close(feed);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		fatal("ffmpeg did not finish");
	if (WEXITSTATUS(status) == 127)
		fatal("ffmpeg is not installed (the lab needs it for MP4 files)");
	if (WEXITSTATUS(status) != 0)
		fatal("ffmpeg failed with code %d on '%s'", WEXITSTATUS(status), c->entry->path);
	read_file(tmp, out);
	(void)unlink(tmp);
}

static void test_frame(cairo_t *cr, struct entry_content *c, int i)
{
	struct rng art = rng_from(c->lab->seed, keepf("%s version %d", c->entry->path, c->version));

	cairo_set_source_rgb(cr, 0.97, 0.97, 0.95);
	cairo_paint(cr);
	if (c->entry->cut % 4 == 0) {
		draw_horse(cr, &art, (struct box){ i * 4, 20, 400, 220 }, 0.9);
		return;
	}
	draw_figure(cr, &art, 120 + i * 9, 258, 215, 0.95, sin(i * M_PI / 4));
}

void video_test(struct entry_content *c, struct bytes *out)
{
	struct shot s = { 480, 270, 14 + c->entry->cut % 8, 12, test_frame };

	encode(&s, c, out);
}

static void film_frame(cairo_t *cr, struct entry_content *c, int i)
{
	(void)c;
	draw_reef(cr, (struct box){ 0, 0, 640, 360 }, i * 0.2);
}

void video_film(struct entry_content *c, struct bytes *out)
{
	struct shot s = { 640, 360, 48, 24, film_frame };

	encode(&s, c, out);
}
