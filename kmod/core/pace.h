/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pace.h - when the next probe is sent
 *
 * The schedule is absolute: the next planned instant is the previous planned one
 * plus the gap, so that lateness never adds up. After a stall the schedule is caught
 * up with at no more than twice its rate; if it is further behind than
 * ICMPCTL_PACE_LAG_MAX_NS, all that was missed is left out and counted. There is
 * never a burst: probes are at least half a gap apart, or, where the gap is so
 * small that waking up alone may take that long, no more leave at once than twice
 * the rate allows in ICMPCTL_PACE_CREDIT_NS.
 */
#ifndef _ICMPCTL_CORE_PACE_H
#define _ICMPCTL_CORE_PACE_H

#include <linux/types.h>

#define ICMPCTL_PACE_LAG_MAX_NS	1000000000ULL	/* 1 s */
#define ICMPCTL_PACE_CREDIT_NS	200000ULL	/* 200 us */

/**
 * struct icmpctl_pace - the place in the schedule
 * @planned_ns: when the next probe is planned.
 * @sent_ns: when the last one was sent; 0 before the first.
 * @due_from_ns: the next one may leave half a gap after this, the instant at which
 *	the last one left or, within the credit, could have left.
 * @gap_ns: from the last planned one to the next.
 * @mean_ns: random gaps: their mean, set after icmpctl_pace_init(); 0: they are as
 *	good as equal.
 */
struct icmpctl_pace {
	u64 planned_ns;
	u64 sent_ns;
	u64 due_from_ns;
	u64 gap_ns;
	u64 mean_ns;
};

void icmpctl_pace_init(struct icmpctl_pace *pace, u64 start_ns);
u64 icmpctl_pace_due_ns(const struct icmpctl_pace *pace);
u64 icmpctl_pace_sent(struct icmpctl_pace *pace, u64 now_ns, u64 gap_ns);
void icmpctl_pace_leave_out(struct icmpctl_pace *pace, u64 gap_ns);
void icmpctl_pace_pull(struct icmpctl_pace *pace, u64 now_ns, u64 gap_min_ns);

#endif /* _ICMPCTL_CORE_PACE_H */
