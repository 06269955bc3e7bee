/* SPDX-License-Identifier: GPL-2.0 */
/*
 * moments.h - number, least, greatest, mean and deviation of durations
 *
 * The sums are exact, so the mean is right to the nearest nanosecond and the deviation
 * to one, however many there are: 2^48 squares of the longest fit into 128 bits.
 */
#ifndef _ICMPCTL_CORE_MOMENTS_H
#define _ICMPCTL_CORE_MOMENTS_H

#include <linux/types.h>

#include "wide.h"

/* The most that goes into the figures, 1,099 s: more than the longest timeout. */
#define ICMPCTL_MOMENTS_MAX_NS	((1ULL << 40) - 1)

/**
 * struct icmpctl_moments - the running sums; all zeroes are of no value
 * @n: values fed in.
 * @min_ns: least of them.
 * @max_ns: greatest.
 * @sum: of them.
 * @squares: sum of their squares.
 */
struct icmpctl_moments {
	u64 n;
	u64 min_ns;
	u64 max_ns;
	struct icmpctl_wide sum;
	struct icmpctl_wide squares;
};

void icmpctl_moments_add(struct icmpctl_moments *moments, u64 value_ns);
void icmpctl_moments_merge(struct icmpctl_moments *moments,
			   const struct icmpctl_moments *more);
u64 icmpctl_moments_mean_ns(const struct icmpctl_moments *moments);
u64 icmpctl_moments_stddev_ns(const struct icmpctl_moments *moments);

#endif /* _ICMPCTL_CORE_MOMENTS_H */
