// SPDX-License-Identifier: GPL-2.0
/*
 * hist.c - a log-linear histogram of nanoseconds
 */
#include <linux/bitops.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "hist.h"

/* log2 of the values that share a bucket: octaves 0 and 1 are exact. */
static u32 bucket_bits(u32 octave)
{
	return octave ? octave - 1 : 0;
}

/* Of @span buckets from one on. */
static u64 bucket_middle(u32 octave, u32 sub, u32 span)
{
	u32 bits = bucket_bits(octave);
	u64 low = (u64)(octave ? ICMPCTL_HIST_SUB + sub : sub) << bits;

	return low + ((u64)span << bits) / 2;
}

/* How many octaves below this one have memory: its own place in the list, if it has some. */
static u32 place_of(const struct icmpctl_hist *hist, u32 octave)
{
	return hweight64(hist->there & (BIT_ULL(octave) - 1));
}

static u32 *octave_of(const struct icmpctl_hist *hist, u32 octave)
{
	return hist->there & BIT_ULL(octave) ? hist->octave[place_of(hist, octave)] : NULL;
}

/* Room in the list for one more; false if there was no memory for it. */
static bool make_room(struct icmpctl_hist *hist)
{
	u32 used = icmpctl_hist_used(hist);
	u32 **more;

	/* It grows whenever it is full: as a power of two. */
	if (used && (used < ICMPCTL_HIST_ROOM_MIN || !is_power_of_2(used)))
		return true;
	more = kmalloc_array(used ? 2 * used : ICMPCTL_HIST_ROOM_MIN, sizeof(*more),
			     GFP_ATOMIC | __GFP_NOWARN);
	if (!more)
		return false;
	if (used)
		memcpy(more, hist->octave, used * sizeof(*more));
	kfree(hist->octave);
	hist->octave = more;
	return true;
}

static u32 *octave_add(struct icmpctl_hist *hist, u32 octave)
{
	u32 used = icmpctl_hist_used(hist), place = place_of(hist, octave);
	u32 *count;

	if (hist->limit && used >= hist->limit)
		return NULL;
	count = kcalloc(ICMPCTL_HIST_SUB, sizeof(*count), GFP_ATOMIC | __GFP_NOWARN);
	if (!count || !make_room(hist)) {
		kfree(count);
		return NULL;
	}
	memmove(&hist->octave[place + 1], &hist->octave[place],
		(used - place) * sizeof(*hist->octave));
	hist->octave[place] = count;
	hist->there |= BIT_ULL(octave);
	return count;
}

/* The one bucket of an octave that is not to have more; NULL if there was no memory for it. */
static u32 *coarse_of(struct icmpctl_hist *hist, u32 octave)
{
	if (!hist->coarse)
		hist->coarse = kcalloc(ICMPCTL_HIST_OCTAVES, sizeof(*hist->coarse),
				       GFP_ATOMIC | __GFP_NOWARN);
	return hist->coarse ? &hist->coarse[octave] : NULL;
}

static u32 coarse_count(const struct icmpctl_hist *hist, u32 octave)
{
	return hist->coarse ? hist->coarse[octave] : 0;
}

/**
 * icmpctl_hist_add() - count a value
 * @hist: the histogram; all zeroes is an empty one.
 * @value_ns: the value.
 *
 * May be called from any context.
 */
void icmpctl_hist_add(struct icmpctl_hist *hist, u64 value_ns)
{
	u32 octave = 0;
	u32 *count;
	u32 sub;

	hist->total++;
	value_ns = min(value_ns, (1ULL << ICMPCTL_HIST_MAX_BITS) - 1);
	if (value_ns >= ICMPCTL_HIST_SUB)
		octave = fls64(value_ns) - ICMPCTL_HIST_SUB_BITS;
	sub = (value_ns >> bucket_bits(octave)) % ICMPCTL_HIST_SUB;

	count = octave_of(hist, octave) ?: octave_add(hist, octave);
	if (count)
		count += sub;
	else if (hist->limit && icmpctl_hist_used(hist) >= hist->limit)
		count = coarse_of(hist, octave);
	if (count && *count < U32_MAX)
		(*count)++;
	else
		hist->unbinned++;
}

/**
 * icmpctl_hist_quantile() - the value below which a share of all values lies
 * @hist: the histogram.
 * @per_mille: the share, 0 to 1000.
 *
 * By the nearest rank: of n values in ascending order the one whose place, counted
 * from 1, is n * @per_mille / 1000 rounded up. Values without a bucket are left out
 * of n.
 *
 * Return: the middle of that value's bucket, or octave; 0 when no value has a bucket.
 */
u64 icmpctl_hist_quantile(const struct icmpctl_hist *hist, u32 per_mille)
{
	u64 n = hist->total - hist->unbinned;
	u32 rest, span, count, number = 0;
	u64 rank, middle = 0;

	per_mille = min(per_mille, 1000U);
	/* Thousands and rest apart: n * per_mille may not fit. */
	rank = div_u64_rem(n, 1000, &rest) * per_mille;
	rank += (rest * per_mille + 999) / 1000;

	while ((number = icmpctl_hist_next(hist, number, &span, &count)) <
	       ICMPCTL_HIST_OCTAVES * ICMPCTL_HIST_SUB) {
		middle = bucket_middle(number / ICMPCTL_HIST_SUB, number % ICMPCTL_HIST_SUB, span);
		if (rank <= count)
			return middle;
		rank -= count;
		number += span;
	}
	return middle;
}

/**
 * icmpctl_hist_next() - the next bucket that is not empty
 * @hist: the histogram.
 * @from: number of the first bucket to look at, from 0.
 * @span: <- how many buckets it stands for: ICMPCTL_HIST_SUB is a whole octave, which has no
 *	others; else 1.
 * @count: <- how many values are in it.
 *
 * Return: its number, octave times ICMPCTL_HIST_SUB and place in the octave;
 * ICMPCTL_HIST_OCTAVES times ICMPCTL_HIST_SUB if there is none.
 */
u32 icmpctl_hist_next(const struct icmpctl_hist *hist, u32 from, u32 *span, u32 *count)
{
	u32 octave, sub = from % ICMPCTL_HIST_SUB;

	for (octave = from / ICMPCTL_HIST_SUB; octave < ICMPCTL_HIST_OCTAVES; octave++) {
		const u32 *counts = octave_of(hist, octave);

		*span = counts ? 1 : ICMPCTL_HIST_SUB;
		*count = counts || sub ? 0 : coarse_count(hist, octave);
		for (; counts && sub < ICMPCTL_HIST_SUB && !*count; sub++)
			*count = counts[sub];
		if (*count)
			return octave * ICMPCTL_HIST_SUB + (counts ? sub - 1 : 0);
		sub = 0;
	}
	return ICMPCTL_HIST_OCTAVES * ICMPCTL_HIST_SUB;
}

/**
 * icmpctl_hist_free() - give back the memory
 * @hist: the histogram; empty afterwards.
 */
void icmpctl_hist_free(struct icmpctl_hist *hist)
{
	u32 used = icmpctl_hist_used(hist);

	while (used)
		kfree(hist->octave[--used]);
	kfree(hist->octave);
	kfree(hist->coarse);
	memset(hist, 0, sizeof(*hist));
}
