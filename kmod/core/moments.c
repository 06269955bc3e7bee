// SPDX-License-Identifier: GPL-2.0
/*
 * moments.c - number, least, greatest, mean and deviation of durations
 */
#include <linux/minmax.h>

#include "moments.h"

/* Bits behind the point while the deviation is computed */
#define FRACTION_BITS	8

/**
 * icmpctl_moments_add() - feed in a duration
 * @moments: the sums.
 * @value_ns: the duration, ICMPCTL_MOMENTS_MAX_NS at most.
 */
void icmpctl_moments_add(struct icmpctl_moments *moments, u64 value_ns)
{
	if (!moments->n++)
		moments->min_ns = value_ns;
	moments->min_ns = min(moments->min_ns, value_ns);
	moments->max_ns = max(moments->max_ns, value_ns);
	icmpctl_wide_add_u64(&moments->sum, value_ns);
	icmpctl_wide_add(&moments->squares, icmpctl_wide_mul(value_ns, value_ns));
}

/**
 * icmpctl_moments_merge() - feed in all that was fed into another
 * @moments: the sums.
 * @more: the other.
 */
void icmpctl_moments_merge(struct icmpctl_moments *moments,
			   const struct icmpctl_moments *more)
{
	if (!more->n)
		return;
	if (!moments->n)
		moments->min_ns = more->min_ns;
	moments->n += more->n;
	moments->min_ns = min(moments->min_ns, more->min_ns);
	moments->max_ns = max(moments->max_ns, more->max_ns);
	icmpctl_wide_add(&moments->sum, more->sum);
	icmpctl_wide_add(&moments->squares, more->squares);
}

/**
 * icmpctl_moments_mean_ns() - the arithmetic mean
 * @moments: the sums.
 *
 * Return: the mean, to the nearest; 0 of no value.
 */
u64 icmpctl_moments_mean_ns(const struct icmpctl_moments *moments)
{
	u64 quotient, rest;

	if (!moments->n)
		return 0;
	quotient = icmpctl_wide_div(moments->sum, moments->n, &rest).lo;
	return quotient + (rest >= moments->n - rest);
}

/**
 * icmpctl_moments_stddev_ns() - the standard deviation of the population
 * @moments: the sums.
 *
 * With the mean rounded down to q and r/n left over, the squares of the distances
 * from q make n * (variance + (r/n)^2). They are taken from sums that are exact, so
 * a small spread around a great mean is not lost.
 *
 * Return: the deviation, 1 ns off at most; 0 of no value.
 */
u64 icmpctl_moments_stddev_ns(const struct icmpctl_moments *moments)
{
	struct icmpctl_wide squares = moments->squares;
	struct icmpctl_wide part = moments->sum;
	struct icmpctl_wide mean;
	u64 n = moments->n, q, r, fraction, rest;
	u32 bits = FRACTION_BITS;

	if (!n)
		return 0;
	q = icmpctl_wide_div(moments->sum, n, &r).lo;
	/* Sum of (value - q)^2 = sum of squares - q * (sum + r). */
	icmpctl_wide_add_u64(&part, r);
	mean = icmpctl_wide_mul(part.lo, q);
	mean.hi += part.hi * q;
	/* Only of a sum that stayed at the greatest there is (window.h). */
	if (mean.hi > squares.hi)
		return 0;
	icmpctl_wide_sub(&squares, mean);

	while (bits && squares.hi >> (64 - 2 * bits))
		bits--;
	squares = icmpctl_wide_div(icmpctl_wide_shl(squares, 2 * bits), n, &rest);
	fraction = icmpctl_wide_div(icmpctl_wide_shl((struct icmpctl_wide) { .lo = r }, bits),
				    n, &rest).lo;
	icmpctl_wide_sub(&squares, icmpctl_wide_mul(fraction, fraction));
	return (icmpctl_wide_sqrt(squares) + (1ULL << bits) / 2) >> bits;
}
