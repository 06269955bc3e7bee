/* SPDX-License-Identifier: GPL-2.0 */
/*
 * window.h - what happened lately: counts and RTTs of the last minute, hour, or any span
 *
 * The span is cut into buckets of equal width. What happens goes into the newest; the
 * oldest is emptied when time has moved on, by whoever looks next, so there is no timer.
 * The span that is told of is therefore not exact: it ends now and is as long as all
 * buckets, less up to one of them.
 */
#ifndef _ICMPCTL_CORE_WINDOW_H
#define _ICMPCTL_CORE_WINDOW_H

#include <linux/types.h>

#include "moments.h"

#define ICMPCTL_WINDOW_BUCKETS	12
#define ICMPCTL_WINDOW_COUNTS	8

/**
 * struct icmpctl_bucket - what happened in one part of the span
 * @count: counters, the caller's own; 2^32 of a kind in one bucket are not expected.
 * @n: RTTs fed in; likewise.
 * @squares_hi: sum of their squares, the upper 32 of 96 bits: so many are enough for 2^32
 *	RTTs of 4 s, or 2^18 of ten minutes. It stays at the greatest there is.
 * @squares_lo: the lower 64.
 * @min_ns: least of them.
 * @max_ns: greatest.
 * @sum_ns: of them; stays at the greatest there is, which takes 60,000,000 probes in flight
 *	all through five minutes.
 */
struct icmpctl_bucket {
	u32 count[ICMPCTL_WINDOW_COUNTS];
	u32 n;
	u32 squares_hi;
	u64 squares_lo;
	u64 min_ns;
	u64 max_ns;
	u64 sum_ns;
};

/**
 * struct icmpctl_window - the buckets; all zeroes is an empty window
 * @began_ns: when the first thing happened.
 * @from_ns: when the newest bucket began.
 * @used: anything happened yet.
 * @newest: index of the newest bucket.
 * @bucket: the ones before it in the ring are older and older.
 */
struct icmpctl_window {
	u64 began_ns;
	u64 from_ns;
	bool used;
	u32 newest;
	struct icmpctl_bucket bucket[ICMPCTL_WINDOW_BUCKETS];
};

/**
 * struct icmpctl_window_sum - all buckets together
 * @span_ns: how long they cover, up to the present.
 * @count: the counters.
 * @rtt: RTTs.
 */
struct icmpctl_window_sum {
	u64 span_ns;
	u64 count[ICMPCTL_WINDOW_COUNTS];
	struct icmpctl_moments rtt;
};

void icmpctl_bucket_rtt(struct icmpctl_bucket *bucket, u64 rtt_ns);
struct icmpctl_bucket *icmpctl_window_now(struct icmpctl_window *window, u64 width_ns,
					  u64 now_ns);
void icmpctl_window_sum(struct icmpctl_window *window, u64 width_ns, u64 now_ns,
			struct icmpctl_window_sum *out);

#endif /* _ICMPCTL_CORE_WINDOW_H */
