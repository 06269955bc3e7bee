/* SPDX-License-Identifier: GPL-2.0 */
/*
 * reorder.h - replies that come out of order (RFC 4737)
 *
 * Fed with the number of each probe as its reply comes in. Replies that are late or
 * come twice are not fed in: the RFC counts what arrives in time, once.
 */
#ifndef _ICMPCTL_CORE_REORDER_H
#define _ICMPCTL_CORE_REORDER_H

#include <linux/types.h>

#define ICMPCTL_REORDER_DEPTH	32	/* a power of two */

/**
 * struct icmpctl_advance - a reply whose number was greater than all before it
 * @seq: its number, modulo 2^32.
 * @arrival: the how-manieth reply it was, modulo 2^32.
 */
struct icmpctl_advance {
	u32 seq;
	u32 arrival;
};

/**
 * struct icmpctl_reorder - the order of replies; all zeroes is the empty one
 * @next_exp: NextExp of the RFC: one more than the greatest number so far.
 * @arrivals: replies fed in.
 * @extent_max: greatest reordering extent (section 4.2).
 * @advances: how many advances there were.
 * @advance: the latest of them.
 */
struct icmpctl_reorder {
	u64 next_exp;
	u64 arrivals;
	u64 extent_max;
	u64 advances;
	struct icmpctl_advance advance[ICMPCTL_REORDER_DEPTH];
};

bool icmpctl_reorder_add(struct icmpctl_reorder *reorder, u64 seq);

#endif /* _ICMPCTL_CORE_REORDER_H */
