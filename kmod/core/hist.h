/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hist.h - a log-linear histogram of nanoseconds
 *
 * Every octave [2^e, 2^(e+1)) is cut into 64 equal buckets, so a value is known
 * to 1/64 of itself and the middle of its bucket is at most 1/128 (0.79 %) off.
 * Values below 64 ns are exact; those of 2^ICMPCTL_HIST_MAX_BITS ns and more
 * are counted in the last bucket. An octave takes memory when the first value
 * falls into it. Where the number of octaves is limited, each of the others is one bucket:
 * ranks stay right, and a value of those is known to a factor of two.
 */
#ifndef _ICMPCTL_CORE_HIST_H
#define _ICMPCTL_CORE_HIST_H

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/types.h>

#define ICMPCTL_HIST_SUB_BITS	6
#define ICMPCTL_HIST_SUB	BIT(ICMPCTL_HIST_SUB_BITS)
#define ICMPCTL_HIST_MAX_BITS	40	/* 1,099 s: more than the longest timeout */
#define ICMPCTL_HIST_OCTAVES	(ICMPCTL_HIST_MAX_BITS - ICMPCTL_HIST_SUB_BITS + 1)

/**
 * struct icmpctl_hist - the counts
 * @total: values counted.
 * @unbinned: values that are in no bucket: there was no memory for the octave, or the
 *	bucket was full; within @total.
 * @there: set of the octaves that have memory. The first one is that of 0 to 63 ns.
 * @octave: of each of those in ascending order ICMPCTL_HIST_SUB counts; NULL: there is none.
 * @coarse: of each octave the values that are in none of its buckets, once @limit have
 *	memory; NULL: there is none.
 * @limit: how many may have memory; 0: all.
 */
struct icmpctl_hist {
	u64 total;
	u64 unbinned;
	u64 there;
	u32 **octave;
	u32 *coarse;
	u32 limit;
};

/* The list of octaves has room for a power of two of them, and for so many to begin with. */
#define ICMPCTL_HIST_ROOM_MIN	4

/* A count for each octave, as the allocator rounds it up. */
#define ICMPCTL_HIST_COARSE_BYTES 192

/**
 * icmpctl_hist_bytes() - memory that octaves take beside the histogram itself
 * @octaves: how many, at least 1.
 *
 * Return: the most that it can come to.
 */
static inline u32 icmpctl_hist_bytes(u32 octaves)
{
	u32 room = max_t(u32, roundup_pow_of_two(octaves), ICMPCTL_HIST_ROOM_MIN);

	return octaves * ICMPCTL_HIST_SUB * sizeof(u32) + room * sizeof(u32 *) +
	       (octaves < ICMPCTL_HIST_OCTAVES ? ICMPCTL_HIST_COARSE_BYTES : 0);
}

/**
 * icmpctl_hist_used() - octaves that have memory
 * @hist: the histogram.
 *
 * Return: how many there are.
 */
static inline u32 icmpctl_hist_used(const struct icmpctl_hist *hist)
{
	return hweight64(hist->there);
}

void icmpctl_hist_add(struct icmpctl_hist *hist, u64 value_ns);
u32 icmpctl_hist_next(const struct icmpctl_hist *hist, u32 from, u32 *span, u32 *count);
u64 icmpctl_hist_quantile(const struct icmpctl_hist *hist, u32 per_mille);
void icmpctl_hist_free(struct icmpctl_hist *hist);

#endif /* _ICMPCTL_CORE_HIST_H */
