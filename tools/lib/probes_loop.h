/* SPDX-License-Identifier: GPL-2.0 */
/* The loop of a command that decides what to do whenever something was told. */
#ifndef ICMPCTL_PROBES_LOOP_H
#define ICMPCTL_PROBES_LOOP_H

#include "lib/probes.h"

/* How it ended; errors are negative. */
enum {
	PROBES_DONE = 1,	/* all is known that will be */
	PROBES_REFUSED,		/* the module refused a session */
	PROBES_INTERRUPTED,	/* by a signal */
	PROBES_NO_READER,	/* nobody reads what we print */
	PROBES_FAILED,		/* see struct probes, failure */
};

/*
 * Decides; @at_ns is brought forward to when it is to be called next at the latest.
 * Returns 0 to go on, else how the loop ends.
 */
typedef int probes_advance_fn(void *arg, uint64_t now_ns, uint64_t *at_ns);

int probes_loop(struct probes *p, probes_advance_fn *advance, void *arg);

#endif
