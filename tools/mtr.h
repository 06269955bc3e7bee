/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the command mtr share. */
#ifndef ICMPCTL_MTR_H
#define ICMPCTL_MTR_H

#include "lib/hops.h"
#include "lib/loop.h"
#include "lib/netlink.h"
#include "mtr_engine.h"
#include "mtr_options.h"
#include "out_mtr_keep.h"
#include "out_mtr_screen.h"

/* How the loop ended; its errors are negative. */
enum {
	MTR_DONE = 1,		/* all is known that will be, or the user has seen enough */
	MTR_INTERRUPTED,	/* by a signal */
	MTR_NO_READER,		/* nobody reads what we print */
	MTR_REFUSED,		/* by the module: see mtr_tell_refusal() */
	MTR_FAILED,		/* see the engine's failure, or unsent */
	MTR_TOLD,		/* the user knows why */
};

struct mtr {
	struct mtr_config config;
	struct target target;
	struct hops hops;
	struct mtr_engine engine;
	struct nlc nlc;
	struct loop loop;
	struct out_mtr out;
	struct out_mtr_keep keep;
	void (*report)(const struct out_mtr *out);
	char local[256];
	int signal;
	/* of the live view */
	struct mtr_screen screen;
	struct hops *frozen;
	bool names;
	char note[256];
};

int mtr_live(struct mtr *m);

#endif
