// SPDX-License-Identifier: GPL-2.0
/*
 * reorder.c - replies that come out of order (RFC 4737)
 */
#include <linux/minmax.h>

#include "reorder.h"

static struct icmpctl_advance *advance_of(struct icmpctl_reorder *reorder, u64 number)
{
	return &reorder->advance[number % ICMPCTL_REORDER_DEPTH];
}

/*
 * The extent: how many arrivals ago came the first reply with a greater number. That
 * one was greater than all before it, too, so it is among the advances. Of those the
 * last ICMPCTL_REORDER_DEPTH are known: an extent that goes further back is told as
 * going back to the oldest of them.
 */
static u64 extent(struct icmpctl_reorder *reorder, u64 seq)
{
	u64 known = min_t(u64, reorder->advances, ICMPCTL_REORDER_DEPTH);
	u32 first = reorder->arrivals;
	u64 back;

	for (back = 1; back <= known; back++) {
		struct icmpctl_advance *advance = advance_of(reorder, reorder->advances - back);

		/* Numbers are less than 2^31 apart: older probes are no longer awaited. */
		if ((s32)(advance->seq - (u32)seq) <= 0)
			break;
		first = advance->arrival;
	}
	return (u32)reorder->arrivals - first;
}

/**
 * icmpctl_reorder_add() - feed in a reply
 * @reorder: the order.
 * @seq: number of its probe, among those of its target.
 *
 * Return: true if it is reordered: a reply to a later probe came before it.
 */
bool icmpctl_reorder_add(struct icmpctl_reorder *reorder, u64 seq)
{
	bool late = reorder->arrivals && seq < reorder->next_exp;

	/* Section 3.3 */
	if (late) {
		reorder->extent_max = max(reorder->extent_max, extent(reorder, seq));
	} else {
		*advance_of(reorder, reorder->advances++) = (struct icmpctl_advance) {
			.seq = seq,
			.arrival = reorder->arrivals,
		};
		reorder->next_exp = seq + 1;
	}
	reorder->arrivals++;
	return late;
}
