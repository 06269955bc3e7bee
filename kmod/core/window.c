// SPDX-License-Identifier: GPL-2.0
/*
 * window.c - what happened lately
 */
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "window.h"

static struct icmpctl_wide squares_of(const struct icmpctl_bucket *bucket)
{
	return (struct icmpctl_wide) { .hi = bucket->squares_hi, .lo = bucket->squares_lo };
}

/**
 * icmpctl_bucket_rtt() - an RTT in a part of the span
 * @bucket: the part.
 * @rtt_ns: the RTT, ICMPCTL_MOMENTS_MAX_NS at most.
 */
void icmpctl_bucket_rtt(struct icmpctl_bucket *bucket, u64 rtt_ns)
{
	struct icmpctl_wide squares = squares_of(bucket);

	if (!bucket->n++)
		bucket->min_ns = rtt_ns;
	bucket->min_ns = min(bucket->min_ns, rtt_ns);
	bucket->max_ns = max(bucket->max_ns, rtt_ns);
	bucket->sum_ns += min(rtt_ns, U64_MAX - bucket->sum_ns);
	icmpctl_wide_add(&squares, icmpctl_wide_mul(rtt_ns, rtt_ns));
	if (squares.hi > U32_MAX)
		squares = (struct icmpctl_wide) { .hi = U32_MAX, .lo = U64_MAX };
	bucket->squares_hi = squares.hi;
	bucket->squares_lo = squares.lo;
}

/* The RTTs of a bucket as what sums are made of. */
static struct icmpctl_moments moments_of(const struct icmpctl_bucket *bucket)
{
	return (struct icmpctl_moments) {
		.n = bucket->n,
		.min_ns = bucket->min_ns,
		.max_ns = bucket->max_ns,
		.sum.lo = bucket->sum_ns,
		.squares = squares_of(bucket),
	};
}

/**
 * icmpctl_window_now() - the bucket that what happens now goes into
 * @window: the window.
 * @width_ns: of a bucket, at least 1; the same in every call.
 * @now_ns: the present, CLOCK_MONOTONIC. A little before that of an earlier call does
 *	not matter: two CPUs may have read the clock in the other order.
 *
 * Return: the newest bucket; those that time has passed by are empty again.
 */
struct icmpctl_bucket *icmpctl_window_now(struct icmpctl_window *window, u64 width_ns,
					  u64 now_ns)
{
	u64 steps;

	if (!window->used) {
		window->used = true;
		window->began_ns = now_ns;
		window->from_ns = now_ns;
	}
	if (now_ns > window->from_ns && now_ns - window->from_ns >= width_ns) {
		steps = div64_u64(now_ns - window->from_ns, width_ns);
		window->from_ns += steps * width_ns;
		for (steps = min_t(u64, steps, ICMPCTL_WINDOW_BUCKETS); steps; steps--) {
			window->newest = (window->newest + 1) % ICMPCTL_WINDOW_BUCKETS;
			memset(&window->bucket[window->newest], 0, sizeof(window->bucket[0]));
		}
	}
	return &window->bucket[window->newest];
}

/**
 * icmpctl_window_sum() - what happened in all of the span
 * @window: the window.
 * @width_ns: of a bucket, as ever.
 * @now_ns: the present.
 * @out: <- the sums.
 */
void icmpctl_window_sum(struct icmpctl_window *window, u64 width_ns, u64 now_ns,
			struct icmpctl_window_sum *out)
{
	u64 before_ns = (ICMPCTL_WINDOW_BUCKETS - 1) * width_ns;
	u64 from_ns;
	u32 i, j;

	memset(out, 0, sizeof(*out));
	if (!window->used)
		return;
	icmpctl_window_now(window, width_ns, now_ns);
	from_ns = window->from_ns > before_ns ? window->from_ns - before_ns : 0;
	from_ns = max(from_ns, window->began_ns);
	out->span_ns = now_ns > from_ns ? now_ns - from_ns : 0;
	for (i = 0; i < ICMPCTL_WINDOW_BUCKETS; i++) {
		struct icmpctl_moments rtt = moments_of(&window->bucket[i]);

		for (j = 0; j < ICMPCTL_WINDOW_COUNTS; j++)
			out->count[j] += window->bucket[i].count[j];
		icmpctl_moments_merge(&out->rtt, &rtt);
	}
}
