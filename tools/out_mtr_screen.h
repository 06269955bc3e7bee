/* SPDX-License-Identifier: GPL-2.0 */
/* mtr's live view as text at places of a screen; who has the terminal puts it there. */
#ifndef ICMPCTL_OUT_MTR_SCREEN_H
#define ICMPCTL_OUT_MTR_SCREEN_H

#include "out_mtr.h"

enum mtr_mode {
	MTR_NUMBERS,
	MTR_SPARKS,	/* the RTTs of the last rounds, each hop by its own scale */
	MTR_HEAT,	/* likewise, all by one */
	MTR_MODES,
};

/* How text looks; a terminal without colours may show all but MTR_BAR alike. */
enum mtr_look {
	MTR_PLAIN,
	MTR_BAR,	/* heads and lines for the user */
	MTR_LOST,
	MTR_FAINT,	/* what is not to be worried about */
	MTR_LEVEL,	/* and MTR_LEVELS - 1 more: from short RTTs to long ones */
};

#define MTR_LEVELS 6
#define MTR_LOOKS (MTR_LEVEL + MTR_LEVELS)

/**
 * struct mtr_screen - what the user wants to see
 * @mode: see there
 * @set: which columns: 0 as many as fit, 1 jitter, 2 percentiles
 * @order: columns that the user asked for, "" for those of @set
 * @help: the keys instead of the hops
 * @paused: the numbers stand still
 * @editing: the user is typing columns
 * @edit: what was typed by now
 * @utf8: the terminal can show it
 * @scroll: lines of hops that are above the screen
 * @note: something the user must know, NULL for nothing
 * @clock: the time, as text
 */
struct mtr_screen {
	enum mtr_mode mode;
	unsigned int set;
	char order[MTR_FIELDS_MAX];
	bool help, paused, editing;
	char edit[MTR_FIELDS_MAX];
	bool utf8;
	unsigned int scroll;
	const char *note;
	char clock[40];
};

/* Puts text at a place; it fits on the line. */
typedef void mtr_put_fn(void *arg, int row, int column, enum mtr_look look, const char *text);

void mtr_screen_draw(const struct mtr_screen *s, const struct out_mtr *out, int rows,
		     int columns, mtr_put_fn *put, void *arg);

#endif
