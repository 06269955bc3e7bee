// SPDX-License-Identifier: GPL-2.0
/*
 * poisson.c - random gaps, so that sampling cannot fall into step with anything
 */
#include <linux/bitops.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "poisson.h"

/* Bits behind the point of a logarithm, and more of them while a gap is rounded */
#define LOG_BITS	32
#define ROUND_BITS	8

/* ln 2 * 2^64 */
#define LN2_Q64		0xb17217f7d1cf79acULL

static u64 splitmix64(struct icmpctl_poisson *poisson)
{
	u64 z = poisson->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/**
 * icmpctl_poisson_exponential() - an exponentially distributed number of mean 1
 * @random: uniformly distributed over all of u64; 0 is taken as 1.
 *
 * That is -ln(random / 2^64). The logarithm to the base 2 comes bit by bit: squaring
 * a number doubles its logarithm, whose next bit is whether the square has reached 2
 * (D. E. Knuth, The Art of Computer Programming 1, 1.2.2, exercise 25).
 *
 * Return: the number times 2^32, right to 2 units; at most 64 ln 2 times 2^32.
 */
u64 icmpctl_poisson_exponential(u64 random)
{
	u32 zeros, bit;
	u64 log2, x;

	random = max(random, 1ULL);
	zeros = 63 - __fls(random);
	/* From 1 to 2, with 63 bits behind the point. */
	x = random << zeros;
	log2 = (u64)(zeros + 1) << LOG_BITS;
	for (bit = LOG_BITS; bit--;) {
		/* From 1 to 4, with 62; where it has reached 2 it is halved. */
		x = mul_u64_u64_shr(x, x, 64);
		if (x >> 63)
			log2 -= 1ULL << bit;
		else
			x <<= 1;
	}
	return mul_u64_u64_shr(log2, LN2_Q64, 64);
}

/**
 * icmpctl_poisson_init() - begin a sequence
 * @poisson: to be filled.
 * @seed: any; the same one begins the same sequence.
 */
void icmpctl_poisson_init(struct icmpctl_poisson *poisson, u64 seed)
{
	poisson->state = seed;
}

/**
 * icmpctl_poisson_gap_ns() - draw the gap to the next event
 * @poisson: the sequence.
 * @interval_ns: mean distance of the events of one target; below 2^48.
 * @targets: how many targets the event may be of, at least 1.
 *
 * Exponentially distributed, with a mean of @interval_ns / @targets. Its distribution
 * is off by 2^-31 of the mean and by rounding to whole nanoseconds.
 *
 * Return: nanoseconds, 1 to ICMPCTL_POISSON_MEANS_MAX means.
 */
u64 icmpctl_poisson_gap_ns(struct icmpctl_poisson *poisson, u64 interval_ns, u32 targets)
{
	u64 exponential = icmpctl_poisson_exponential(splitmix64(poisson));
	u64 scaled = mul_u64_u64_shr(interval_ns, exponential, LOG_BITS - ROUND_BITS);
	u64 by = (u64)targets << ROUND_BITS;

	return max(div64_u64(scaled + by / 2, by), 1ULL);
}

/**
 * icmpctl_poisson_target() - draw the target that an event is of
 * @poisson: the sequence.
 * @targets: how many there are, at least 1.
 *
 * All are equally probable, but for @targets / 2^64.
 *
 * Return: 0 to @targets - 1.
 */
u32 icmpctl_poisson_target(struct icmpctl_poisson *poisson, u32 targets)
{
	return mul_u64_u64_shr(splitmix64(poisson), targets, 64);
}
