/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Line art out of a random stream: construction lines, figures, rooms,
 * horses.  `ink` is how dark the pencil is: 1 for a clean line, about 0.25
 * for the faint art that notes are sometimes written over.
 */
#include "lab.h"

#include <cairo.h>
#include <math.h>

static void pencil(cairo_t *cr, double ink, double width)
{
	cairo_set_source_rgb(cr, 1 - 0.88 * ink, 1 - 0.88 * ink, 1 - 0.84 * ink);
	cairo_set_line_width(cr, width);
}

static void colour_line(cairo_t *cr, double ink, double r, double g, double b)
{
	cairo_set_source_rgb(cr, 1 - ink * (1 - r), 1 - ink * (1 - g), 1 - ink * (1 - b));
	cairo_set_line_width(cr, 1.2);
}

/* A curve drawn as a hand does: twice, not quite on the same spot. */
static void stroke_curve(cairo_t *cr, struct rng *rng, double x0, double y0, double x1, double y1,
			 double x2, double y2, double x3, double y3)
{
	for (int i = 0; i < 2; i++) {
		double j = i * 1.6;

		cairo_move_to(cr, x0 + rng_real(rng, -j, j), y0 + rng_real(rng, -j, j));
		cairo_curve_to(cr, x1 + rng_real(rng, -j, j), y1 + rng_real(rng, -j, j),
			       x2 + rng_real(rng, -j, j), y2 + rng_real(rng, -j, j),
			       x3 + rng_real(rng, -j, j), y3 + rng_real(rng, -j, j));
		cairo_stroke(cr);
	}
}

static void stroke_line(cairo_t *cr, struct rng *rng, double x0, double y0, double x1, double y1)
{
	double bend = rng_real(rng, -1.5, 1.5);

	stroke_curve(cr, rng, x0, y0, x0 + (x1 - x0) / 3 + bend, y0 + (y1 - y0) / 3 - bend,
		     x0 + (x1 - x0) * 2 / 3 - bend, y0 + (y1 - y0) * 2 / 3 + bend, x1, y1);
}

static void oval(cairo_t *cr, double x, double y, double rx, double ry, double turn)
{
	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_rotate(cr, turn);
	cairo_scale(cr, rx, ry);
	cairo_new_sub_path(cr);
	cairo_arc(cr, 0, 0, 1, 0, 2 * M_PI);
	cairo_restore(cr);
	cairo_stroke(cr);
}

static void face_front(cairo_t *cr, struct rng *rng, double x, double y, double r, double ink)
{
	pencil(cr, ink * 0.35, 1);
	cairo_move_to(cr, x - r, y + r * 0.1);
	cairo_line_to(cr, x + r, y + r * 0.1);
	cairo_move_to(cr, x, y - r);
	cairo_line_to(cr, x, y + r * 1.2);
	cairo_stroke(cr);

	pencil(cr, ink, 2);
	stroke_curve(cr, rng, x - r * 0.86, y - r * 0.2, x - r * 0.8, y + r * 0.8, x - r * 0.25, y + r * 1.2, x, y + r * 1.22);
	stroke_curve(cr, rng, x + r * 0.86, y - r * 0.2, x + r * 0.8, y + r * 0.8, x + r * 0.25, y + r * 1.2, x, y + r * 1.22);
	stroke_curve(cr, rng, x - r * 0.86, y - r * 0.2, x - r * 0.9, y - r * 1.3, x + r * 0.9, y - r * 1.3, x + r * 0.86, y - r * 0.2);
	for (int side = -1; side <= 1; side += 2) {
		double ex = x + side * r * 0.4, ey = y + r * 0.12;

		oval(cr, ex, ey, r * 0.17, r * 0.24, 0);
		cairo_arc(cr, ex + r * 0.03, ey + r * 0.03, r * 0.09, 0, 2 * M_PI);
		cairo_fill(cr);
		stroke_curve(cr, rng, ex - r * 0.22, ey - r * 0.34, ex - r * 0.1, ey - r * 0.48, ex + r * 0.1, ey - r * 0.48, ex + r * 0.22, ey - r * 0.34);
		oval(cr, x + side * r * 0.92, y + r * 0.18, r * 0.12, r * 0.22, 0);
	}
	stroke_line(cr, rng, x, y + r * 0.4, x + r * 0.08, y + r * 0.56);
	stroke_curve(cr, rng, x - r * 0.28, y + r * 0.82, x - r * 0.1, y + r * 0.95, x + r * 0.1, y + r * 0.95, x + r * 0.28, y + r * 0.82);
}

static void face_profile(cairo_t *cr, struct rng *rng, double x, double y, double r, double ink, double way)
{
	pencil(cr, ink * 0.35, 1);
	oval(cr, x, y, r, r, 0);

	pencil(cr, ink, 2);
	stroke_curve(cr, rng, x + way * r * 0.3, y - r, x + way * r * 0.9, y - r * 0.9, x + way * r, y - r * 0.3, x + way * r * 0.86, y + r * 0.1);
	stroke_line(cr, rng, x + way * r * 0.86, y + r * 0.1, x + way * r * 1.2, y + r * 0.45);
	stroke_line(cr, rng, x + way * r * 1.2, y + r * 0.45, x + way * r * 0.95, y + r * 0.56);
	stroke_curve(cr, rng, x + way * r * 0.95, y + r * 0.56, x + way * r * 1.05, y + r * 0.7, x + way * r * 0.9, y + r * 0.8, x + way * r * 0.98, y + r * 0.88);
	stroke_curve(cr, rng, x + way * r * 0.98, y + r * 0.88, x + way * r * 0.95, y + r * 1.2, x + way * r * 0.5, y + r * 1.25, x + way * r * 0.1, y + r * 0.85);
	stroke_curve(cr, rng, x + way * r * 0.3, y - r, x - way * r * 0.9, y - r * 1.2, x - way * r * 1.3, y + r * 0.4, x - way * r * 0.55, y + r * 0.9);
	oval(cr, x + way * r * 0.62, y + r * 0.1, r * 0.1, r * 0.19, 0);
	stroke_line(cr, rng, x + way * r * 0.4, y - r * 0.22, x + way * r * 0.82, y - r * 0.2);
	oval(cr, x - way * r * 0.1, y + r * 0.2, r * 0.15, r * 0.24, 0.2);
}

static void hair(cairo_t *cr, struct rng *rng, double x, double y, double r)
{
	int locks = rng_int(rng, 5, 9);

	for (int i = 0; i < locks; i++) {
		double a = M_PI * (1.05 + 0.9 * i / (locks - 1));
		double out = rng_real(rng, 1.15, 1.5);

		stroke_curve(cr, rng, x + cos(a) * r * 0.95, y + sin(a) * r * 0.95,
			     x + cos(a) * r * out, y + sin(a) * r * out,
			     x + cos(a + 0.25) * r * out, y + sin(a + 0.25) * r * out,
			     x + cos(a + 0.35) * r * 0.8, y + sin(a + 0.35) * r * 0.75);
	}
}

static void limb(cairo_t *cr, struct rng *rng, double x0, double y0, double x1, double y1, double x2, double y2, double w)
{
	stroke_curve(cr, rng, x0 - w, y0, x0 - w, (y0 + y1) / 2, x1 - w * 1.1, y1 - w, x1 - w * 0.9, y1);
	stroke_curve(cr, rng, x0 + w, y0, x0 + w, (y0 + y1) / 2, x1 + w * 1.1, y1 - w, x1 + w * 0.9, y1);
	stroke_curve(cr, rng, x1 - w * 0.9, y1, x1 - w, (y1 + y2) / 2, x2 - w, y2 - w, x2 - w * 0.7, y2);
	stroke_curve(cr, rng, x1 + w * 0.9, y1, x1 + w, (y1 + y2) / 2, x2 + w, y2 - w, x2 + w * 0.7, y2);
}

void draw_figure(cairo_t *cr, struct rng *rng, double x, double y, double height, double ink, double sway)
{
	double r = height / 9, hip = y - height * 0.45, neck = y - height * 0.76;
	double head_y = neck - r * 1.25, top = x + sway * r;
	int kind = rng_int(rng, 0, 2);

	pencil(cr, ink, 2);
	stroke_line(cr, rng, top - r * 0.25, neck - r * 0.3, top - r * 0.3, neck);
	stroke_line(cr, rng, top + r * 0.25, neck - r * 0.3, top + r * 0.3, neck);
	/* torso and belt */
	stroke_curve(cr, rng, top - r * 1.1, neck + r * 0.2, top - r, (neck + hip) / 2, x - r * 0.8, hip - r, x - r * 0.9, hip);
	stroke_curve(cr, rng, top + r * 1.1, neck + r * 0.2, top + r, (neck + hip) / 2, x + r * 0.8, hip - r, x + r * 0.9, hip);
	stroke_curve(cr, rng, top - r * 1.1, neck + r * 0.2, top - r * 0.5, neck - r * 0.1, top + r * 0.5, neck - r * 0.1, top + r * 1.1, neck + r * 0.2);
	stroke_line(cr, rng, x - r * 0.9, hip, x + r * 0.9, hip);
	stroke_line(cr, rng, x - r * 0.88, hip - r * 0.3, x + r * 0.88, hip - r * 0.3);
	/* arms, hands, legs, shoes */
	for (int side = -1; side <= 1; side += 2) {
		double swing = side * sway * r * 0.8, lift = rng_real(rng, -1.5, 0.6) * r;
		double hx = top + side * r * 2.1 + swing, hy = hip + lift;
		double fx = x + side * r * 0.9 - swing * 1.2;

		limb(cr, rng, top + side * r * 1.05, neck + r * 0.5, top + side * r * 1.6, (neck + hip) / 2 + r * 0.3, hx, hy, r * 0.28);
		oval(cr, hx, hy + r * 0.25, r * 0.3, r * 0.36, side * 0.3);
		for (int f = -1; f <= 2; f++)
			stroke_line(cr, rng, hx + f * r * 0.12, hy + r * 0.45, hx + f * r * 0.17, hy + r * 0.85);
		limb(cr, rng, x + side * r * 0.45, hip + r * 0.1, x + side * r * 0.6 - swing * 0.5, (hip + y) / 2, fx, y - r * 0.35, r * 0.38);
		stroke_curve(cr, rng, fx - r * 0.35, y, fx - r * 0.3, y - r * 0.55, fx + r * 0.7, y - r * 0.3, fx + r * 0.75, y);
		stroke_line(cr, rng, fx - r * 0.35, y, fx + r * 0.75, y);
	}
	colour_line(cr, ink, 0.15, 0.35, 0.85);         /* where a shadow will part */
	stroke_curve(cr, rng, x + r * 0.4, hip - r * 0.4, x + r * 0.1, (neck + hip) / 2, top + r * 0.6, neck + r, top + r * 0.5, neck + r * 0.4);
	if (kind == 0)
		face_front(cr, rng, top, head_y, r, ink);
	if (kind > 0)
		face_profile(cr, rng, top, head_y, r, ink, kind == 1 ? 1 : -1);
	pencil(cr, ink, 1.8);
	hair(cr, rng, top, head_y, r);
}

static void room(cairo_t *cr, struct rng *rng, struct box f, double ink)
{
	double hy = f.y + f.h * rng_real(rng, 0.35, 0.5), vx = f.x + f.w * rng_real(rng, 0.3, 0.7);

	pencil(cr, ink * 0.5, 1.2);
	stroke_line(cr, rng, f.x, hy, f.x + f.w, hy);
	for (int i = 0; i < 9; i++) {
		double x = f.x + f.w * (i - 1) / 7.0;

		cairo_move_to(cr, vx + (x - vx) * 0.15, hy + f.h * 0.08);
		cairo_line_to(cr, x, f.y + f.h);
		cairo_stroke(cr);
	}
	pencil(cr, ink * 0.8, 1.6);
	for (int i = 0; i < 3; i++) {           /* windows or houses */
		double w = f.w * rng_real(rng, 0.08, 0.16), h = f.h * rng_real(rng, 0.14, 0.28);
		double x = f.x + f.w * (0.05 + 0.32 * i), y = hy - h - rng_real(rng, 0, f.h * 0.05);

		cairo_rectangle(cr, x, y, w, h);
		cairo_move_to(cr, x + w / 2, y);
		cairo_line_to(cr, x + w / 2, y + h);
		cairo_move_to(cr, x, y + h / 2);
		cairo_line_to(cr, x + w, y + h / 2);
		cairo_stroke(cr);
		if (rng_chance(rng, 2)) {
			stroke_line(cr, rng, x - w * 0.1, y, x + w / 2, y - h * 0.4);
			stroke_line(cr, rng, x + w * 1.1, y, x + w / 2, y - h * 0.4);
		}
	}
}

void draw_scene(cairo_t *cr, struct rng *rng, struct box f, double ink)
{
	int people = rng_int(rng, 1, f.w > 620 ? 3 : 2);

	cairo_save(cr);
	cairo_rectangle(cr, f.x, f.y, f.w, f.h);
	cairo_clip(cr);
	room(cr, rng, f, ink);
	for (int i = 0; i < people; i++) {
		double h = f.h * rng_real(rng, 0.72, 1.15);

		draw_figure(cr, rng, f.x + f.w * (i + 0.5 + rng_real(rng, -0.1, 0.1)) / people,
			    f.y + f.h * rng_real(rng, 0.93, 1.0) + (h > f.h * 0.9 ? h * 0.3 : 0), h, ink,
			    rng_real(rng, -1, 1));
	}
	cairo_restore(cr);
}

void draw_horse(cairo_t *cr, struct rng *rng, struct box f, double ink)
{
	double s = f.h / 10.0, x = f.x + f.w / 2.0 - 5 * s, y = f.y + f.h * 0.5;
	double gait = rng_real(rng, -1.2, 1.2);

	pencil(cr, ink, 2.2);
	stroke_curve(cr, rng, x + 2 * s, y - s, x + 3.5 * s, y - 0.5 * s, x + 5.5 * s, y - 1.4 * s, x + 7 * s, y - 0.9 * s);   /* back */
	stroke_curve(cr, rng, x + 7 * s, y - 0.9 * s, x + 8.4 * s, y - 0.6 * s, x + 8.2 * s, y + s, x + 7.4 * s, y + 1.4 * s);  /* croup */
	stroke_curve(cr, rng, x + 2.4 * s, y + 1.3 * s, x + 4 * s, y + 1.8 * s, x + 5.6 * s, y + 1.7 * s, x + 6.6 * s, y + 1.1 * s); /* belly */
	stroke_curve(cr, rng, x + 2 * s, y - s, x + 1.2 * s, y - 2.4 * s, x + 0.9 * s, y - 3.2 * s, x + 0.4 * s, y - 3.6 * s);  /* crest */
	stroke_curve(cr, rng, x + 1.7 * s, y + 0.9 * s, x + 0.6 * s, y - 0.4 * s, x + 0.3 * s, y - 1.6 * s, x - 0.1 * s, y - 2.3 * s); /* throat */
	stroke_curve(cr, rng, x + 0.4 * s, y - 3.6 * s, x - 0.6 * s, y - 3.2 * s, x - 1.4 * s, y - 2.2 * s, x - 1.6 * s, y - 1.8 * s); /* nose */
	stroke_curve(cr, rng, x - 1.6 * s, y - 1.8 * s, x - 1.5 * s, y - 1.3 * s, x - 0.9 * s, y - 1.5 * s, x - 0.1 * s, y - 2.3 * s);
	stroke_line(cr, rng, x + 0.3 * s, y - 3.6 * s, x + 0.5 * s, y - 4.2 * s);
	stroke_line(cr, rng, x + 0.5 * s, y - 4.2 * s, x + 0.8 * s, y - 3.4 * s);
	oval(cr, x - 0.3 * s, y - 2.8 * s, s * 0.12, s * 0.1, 0);
	for (int i = 0; i < 7; i++)
		stroke_curve(cr, rng, x + (0.6 + 0.2 * i) * s, y - (3.4 - 0.35 * i) * s, x + (1.2 + 0.2 * i) * s, y - (3.3 - 0.35 * i) * s,
			     x + (1.4 + 0.2 * i) * s, y - (2.8 - 0.35 * i) * s, x + (1.3 + 0.2 * i) * s, y - (2.4 - 0.3 * i) * s);
	for (int i = 0; i < 4; i++)
		stroke_curve(cr, rng, x + 7.9 * s, y - 0.3 * s, x + (9 + 0.2 * i) * s, y, x + (9 + 0.15 * i) * s, y + 2 * s, x + (8.4 + 0.3 * i) * s, y + 3 * s);
	for (int i = 0; i < 4; i++) {
		double lx = x + (i < 2 ? 2.2 + 0.6 * i : 6.5 + 0.6 * (i - 2)) * s;
		double sw = (i % 2 ? gait : -gait) * s;

		limb(cr, rng, lx, y + s, lx + sw, y + 2.7 * s, lx + sw * 0.6, y + 4.3 * s, s * 0.2);
		cairo_rectangle(cr, lx + sw * 0.6 - s * 0.22, y + 4.3 * s, s * 0.44, s * 0.3);
		cairo_stroke(cr);
	}
	pencil(cr, ink * 0.4, 1);
	stroke_line(cr, rng, f.x + f.w * 0.05, y + 4.6 * s, f.x + f.w * 0.95, y + 4.6 * s);
}

/* A painted, finished-looking picture: a reef, light from above, something round and friendly. */
void draw_reef(cairo_t *cr, struct box f, double phase)
{
	cairo_pattern_t *sea = cairo_pattern_create_linear(0, f.y, 0, f.y + f.h);

	cairo_pattern_add_color_stop_rgb(sea, 0, 0.45, 0.85, 0.95);
	cairo_pattern_add_color_stop_rgb(sea, 1, 0.02, 0.22, 0.45);
	cairo_set_source(cr, sea);
	cairo_rectangle(cr, f.x, f.y, f.w, f.h);
	cairo_fill(cr);
	cairo_pattern_destroy(sea);
	for (int i = 0; i < 6; i++) {
		double x = f.x + f.w * (i + 0.5) / 6, h = f.h * (0.16 + 0.05 * ((i * 7) % 4));

		cairo_set_source_rgb(cr, 0.9 - 0.1 * (i % 3), 0.4 + 0.1 * (i % 2), 0.45);
		cairo_move_to(cr, x - f.w * 0.08, f.y + f.h);
		cairo_curve_to(cr, x - f.w * 0.05, f.y + f.h - h * 1.4, x + f.w * 0.05 + 8 * sin(phase + i), f.y + f.h - h * 1.4, x + f.w * 0.08, f.y + f.h);
		cairo_fill(cr);
	}
	for (int i = 0; i < 9; i++) {
		cairo_set_source_rgba(cr, 1, 1, 1, 0.4);
		cairo_arc(cr, f.x + f.w * ((i * 37) % 100) / 100.0, f.y + f.h * (1 - fmod(phase * 0.1 + i * 0.13, 1.0)), 4 + i % 4, 0, 2 * M_PI);
		cairo_stroke(cr);
	}
	cairo_set_source_rgb(cr, 0.98, 0.75, 0.25);
	cairo_arc(cr, f.x + f.w * (0.3 + 0.04 * phase), f.y + f.h * (0.45 + 0.03 * sin(phase)), f.h * 0.16, 0, 2 * M_PI);
	cairo_fill(cr);
	cairo_set_source_rgb(cr, 0.1, 0.1, 0.2);
	for (int side = -1; side <= 1; side += 2) {
		cairo_arc(cr, f.x + f.w * (0.3 + 0.04 * phase) + side * f.h * 0.06, f.y + f.h * (0.42 + 0.03 * sin(phase)), f.h * 0.025, 0, 2 * M_PI);
		cairo_fill(cr);
	}
}
