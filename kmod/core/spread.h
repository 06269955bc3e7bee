/* SPDX-License-Identifier: GPL-2.0 */
/*
 * spread.h - many schedules of one interval, spread evenly over it
 *
 * The n-th of them is n golden ratios into the interval, modulo one. Of any number of them
 * in a row no two neighbours are much nearer or farther than interval / number: there are
 * three distances at most (three-distance theorem), and the greatest is 2.62 times the
 * least at most.
 */
#ifndef _ICMPCTL_CORE_SPREAD_H
#define _ICMPCTL_CORE_SPREAD_H

#include <linux/types.h>

u64 icmpctl_spread_first_ns(u32 n, u64 interval_ns, u64 earliest_ns);

#endif /* _ICMPCTL_CORE_SPREAD_H */
