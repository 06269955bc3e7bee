/* SPDX-License-Identifier: GPL-2.0 */
/*
 * phc.h - the clock of a network interface, known by its stamps alone
 *
 * Nobody reads that clock. But a driver stamps a frame before its hardware does,
 * and hardware stamps one before the stack does, so that every probe says of the
 * distance between the two clocks both what it is at least and what it is at most.
 * What is known outlives whoever sent those probes, and is the less worth the older it is.
 * The caller holds the lock that guards the structure.
 */
#ifndef _ICMPCTL_CORE_PHC_H
#define _ICMPCTL_CORE_PHC_H

#include <linux/types.h>

/* How much faster or slower than CLOCK_MONOTONIC it may run, as long as nothing is known. */
#define ICMPCTL_PHC_RATE_ERROR_PPB	100000LL

#define ICMPCTL_PHC_MARKS		8

/**
 * struct icmpctl_phc_mark - what was known at one instant
 * @at_ns: the instant, on the interface's clock.
 * @low_ns: CLOCK_MONOTONIC was ahead of the interface's clock by so much at least.
 * @high_ns: by so much at most.
 * @left_at_ns: when the probe left that told @low_ns, on the interface's clock.
 * @left_low_ns: what it told of that instant.
 */
struct icmpctl_phc_mark {
	u64 at_ns;
	s64 low_ns;
	s64 high_ns;
	u64 left_at_ns;
	s64 left_low_ns;
};

/**
 * struct icmpctl_phc - what is known of an interface's clock; zeroed: nothing
 * @known: @now holds something.
 * @now: at the latest stamp.
 * @mark: @marks of them, oldest first, a second apart at least.
 * @marks: how many.
 * @rate_ppb: CLOCK_MONOTONIC runs so much faster than the interface's clock.
 * @rate_error_ppb: the most that @rate_ppb is off: before bounds tell it, what the clock is
 *	taken to be off at most, or twice that if they tell a rate but not how well.
 */
struct icmpctl_phc {
	bool known;
	struct icmpctl_phc_mark now;
	struct icmpctl_phc_mark mark[ICMPCTL_PHC_MARKS];
	u32 marks;
	s32 rate_ppb;
	u32 rate_error_ppb;
};

/**
 * struct icmpctl_phc_trip - a probe and its answer
 * @before_ns: just before the probe left: the driver's stamp, CLOCK_MONOTONIC.
 * @tx_ns: as it left, the interface's clock.
 * @rx_ns: as the answer came, the interface's clock.
 * @after_ns: just after that: the stack's stamp, CLOCK_MONOTONIC.
 * @least_ns: shortest RTT to the same target in this session so far; 0: there is none yet.
 * @usual_ns: what RTTs to it are like of late.
 */
struct icmpctl_phc_trip {
	u64 before_ns;
	u64 tx_ns;
	u64 rx_ns;
	u64 after_ns;
	u64 least_ns;
	u64 usual_ns;
};

/**
 * struct icmpctl_phc_result - its hardware stamps on CLOCK_MONOTONIC
 * @tx_ns: as the probe left.
 * @rx_ns: as the answer came.
 * @rtt_ns: from the one to the other.
 * @error_ns: @rtt_ns is off by so much at most, for what the rate may be off.
 */
struct icmpctl_phc_result {
	u64 tx_ns;
	u64 rx_ns;
	u64 rtt_ns;
	u32 error_ns;
};

bool icmpctl_phc_trip(struct icmpctl_phc *phc, const struct icmpctl_phc_trip *trip,
		      struct icmpctl_phc_result *result);
bool icmpctl_phc_error_ns(const struct icmpctl_phc *phc, u64 now_ns, u64 *error_ns);
bool icmpctl_phc_drift_ppb(const struct icmpctl_phc *phc, s32 *drift_ppb);

#endif /* _ICMPCTL_CORE_PHC_H */
