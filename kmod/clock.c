// SPDX-License-Identifier: GPL-2.0
/*
 * clock.c - one clock for everything: CLOCK_MONOTONIC
 */
#include <linux/ktime.h>

#include "icmpctl.h"

/**
 * icmpctl_clock_ns() - the present
 *
 * Context: any.
 * Return: CLOCK_MONOTONIC in ns.
 */
u64 icmpctl_clock_ns(void)
{
	return ktime_get_ns();
}

/**
 * icmpctl_clock_offset_ns() - how far CLOCK_REALTIME is ahead of our clock
 *
 * It changes when somebody sets the clock, and not while it is slewed.
 *
 * Context: any.
 * Return: ns.
 */
s64 icmpctl_clock_offset_ns(void)
{
	return ktime_to_ns(ktime_mono_to_any(0, TK_OFFS_REAL));
}

/**
 * icmpctl_clock_asleep_ns() - how long our clock has stood still
 *
 * CLOCK_MONOTONIC stops while the machine is suspended.
 *
 * Context: any.
 * Return: ns since boot; it changes by a suspend alone.
 */
u64 icmpctl_clock_asleep_ns(void)
{
	return ktime_to_ns(ktime_mono_to_any(0, TK_OFFS_BOOT));
}

/**
 * icmpctl_clock_from_real() - a stamp of CLOCK_REALTIME on our clock
 * @real: the stamp; 0: there is none.
 * @not_before_ns: earliest instant it can be, CLOCK_MONOTONIC.
 * @not_after_ns: latest instant it can be.
 *
 * The stack stamps packets with CLOCK_REALTIME, which somebody may set. Both
 * clocks run at the same rate and differ by an offset that is read here, without
 * reading either clock, so the conversion adds nothing. If the clock was set
 * between stamp and conversion, the result falls out of the bounds: no stamp is
 * better than a wrong one.
 *
 * Context: any.
 * Return: CLOCK_MONOTONIC in ns, or 0.
 */
u64 icmpctl_clock_from_real(ktime_t real, u64 not_before_ns, u64 not_after_ns)
{
	s64 mono = ktime_to_ns(real) - icmpctl_clock_offset_ns();

	if (!real || mono <= 0 || (u64)mono < not_before_ns || (u64)mono > not_after_ns)
		return 0;
	return mono;
}
