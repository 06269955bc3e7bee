/* SPDX-License-Identifier: GPL-2.0 */
/*
 * loss.h - the pattern of loss: episodes, runs and gaps (RFC 3357)
 *
 * Fed with what became of each probe, in the order they were sent. A probe is lost if
 * no reply of the target came in time (RFC 6673): an ICMP error is none, and neither is
 * what comes late. Of a hop on a path, the ICMP error is the reply. What was never sent
 * is no probe.
 */
#ifndef _ICMPCTL_CORE_LOSS_H
#define _ICMPCTL_CORE_LOSS_H

#include <linux/types.h>

/**
 * struct icmpctl_loss - the pattern; all zeroes is the empty one
 * @probes: probes fed in.
 * @lost: of them, those that are lost.
 * @episodes: loss periods: stretches of lost probes with none answered between.
 * @run: length of the stretch, lost or answered, that the last probe belongs to.
 * @run_max: length of the longest loss period.
 * @answered_run_max: length of the longest stretch without loss.
 * @gap_min: least inter-loss-period length: from the last probe of one loss period to
 *	the first of the next, so at least 2; 0 below two periods.
 * @gap_sum: sum of those, of @episodes - 1 gaps.
 * @losing: the last probe is lost.
 */
struct icmpctl_loss {
	u64 probes;
	u64 lost;
	u64 episodes;
	u64 run;
	u64 run_max;
	u64 answered_run_max;
	u64 gap_min;
	u64 gap_sum;
	bool losing;
};

void icmpctl_loss_add(struct icmpctl_loss *loss, bool lost);

#endif /* _ICMPCTL_CORE_LOSS_H */
