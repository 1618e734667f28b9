/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filename - what a production's path says of itself
 *
 * Studios put the series' code, season, episode, cut, stage of work, take and
 * version into names: INV_S03/EP305/C045/INV_305_C045_LO_v02.png.  There is
 * no standard, so this reads the marks that recur (S03E01, EP05, C123, SQ010,
 * SH0450, sc045, v02, T2, A0001, 第5集, 제5화, 컷123, 镜头123) and a few bare
 * orders of numbers, and nothing where the marks are missing: a wrong episode
 * is worse than none.  What the file's own name does not say is taken from
 * the folders, nearest first.
 *
 * Fields are slices of the path, digits as they were written; an empty one
 * was not there.  Any bytes may go in; no state, any thread.
 */
#ifndef MATCH_FILENAME_H
#define MATCH_FILENAME_H

#include "base/slice.h"

struct filename {
	struct slice show;                       /* INV */
	struct slice season, episode;            /* 03, 05; OP and ED are episodes too */
	struct slice sequence, scene, shot;      /* SQ010, sc045, SH0450 */
	struct slice cut;                        /* 045, 123-125, 123(124) */
	struct slice stage;                      /* LO, 原画, anim */
	struct slice take, version;              /* T2, v02 */
	struct slice layer, frame;               /* A0001 */
};

/* False, and nothing in *out, when the path does not look like a
 * production's. */
bool filename_read(struct slice path, struct filename *out);

#endif
