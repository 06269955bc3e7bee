// SPDX-License-Identifier: GPL-2.0
/*
 * spread.c - many schedules of one interval, spread evenly over it
 */
#include <linux/math64.h>

#include "spread.h"

/* 2^32 by the golden ratio, odd: every 2^32 schedules all places are taken once. */
#define GOLDEN	0x9e3779b9U

/**
 * icmpctl_spread_first_ns() - the first instant of a schedule
 * @n: the how-manieth schedule it is; the places repeat after 2^32.
 * @interval_ns: from each of its instants to the next, at least 1.
 * @earliest_ns: no instant before.
 *
 * Schedules of one interval are spread over it by @n alone, whenever they begin.
 *
 * Return: the instant, less than @interval_ns behind @earliest_ns.
 */
u64 icmpctl_spread_first_ns(u32 n, u64 interval_ns, u64 earliest_ns)
{
	u64 place_ns = mul_u64_u32_shr(interval_ns, n * GOLDEN, 32);
	u64 now_ns;

	div64_u64_rem(earliest_ns, interval_ns, &now_ns);
	return earliest_ns + place_ns - now_ns + (place_ns < now_ns ? interval_ns : 0);
}
