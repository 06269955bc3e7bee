// SPDX-License-Identifier: GPL-2.0
/*
 * wide.c - unsigned numbers of 128 bits
 */
#include <linux/bitops.h>
#include <linux/math64.h>

#include "wide.h"

static bool less(struct icmpctl_wide a, struct icmpctl_wide b)
{
	return a.hi < b.hi || (a.hi == b.hi && a.lo < b.lo);
}

/**
 * icmpctl_wide_shl() - shift to the left
 * @x: a number.
 * @bits: 0 to 63.
 *
 * Return: @x * 2^@bits, without what does not fit.
 */
struct icmpctl_wide icmpctl_wide_shl(struct icmpctl_wide x, u32 bits)
{
	if (!bits)
		return x;
	return (struct icmpctl_wide) {
		.hi = x.hi << bits | x.lo >> (64 - bits),
		.lo = x.lo << bits,
	};
}

/**
 * icmpctl_wide_mul() - a product
 * @a: a number.
 * @b: another one.
 *
 * Return: @a * @b; it always fits.
 */
struct icmpctl_wide icmpctl_wide_mul(u64 a, u64 b)
{
	u64 a_hi = a >> 32, a_lo = (u32)a;
	u64 b_hi = b >> 32, b_lo = (u32)b;
	struct icmpctl_wide product = { .hi = a_hi * b_hi, .lo = a_lo * b_lo };
	u64 cross[2] = { a_hi * b_lo, a_lo * b_hi };
	u32 i;

	for (i = 0; i < 2; i++)
		icmpctl_wide_add(&product, (struct icmpctl_wide) {
			.hi = cross[i] >> 32,
			.lo = cross[i] << 32,
		});
	return product;
}

/**
 * icmpctl_wide_div() - a quotient
 * @x: a number.
 * @by: 1 to 2^63.
 * @rest: <- what is left over.
 *
 * Return: @x / @by, rounded down.
 */
struct icmpctl_wide icmpctl_wide_div(struct icmpctl_wide x, u64 by, u64 *rest)
{
	struct icmpctl_wide quotient;
	u32 bit;

	quotient.hi = div64_u64_rem(x.hi, by, rest);
	if (!*rest) {
		quotient.lo = div64_u64_rem(x.lo, by, rest);
		return quotient;
	}
	/* The kernel has no division of more than 64 bits everywhere. */
	quotient.lo = 0;
	for (bit = 0; bit < 64; bit++) {
		*rest = *rest << 1 | x.lo >> 63;
		x.lo <<= 1;
		quotient.lo <<= 1;
		if (*rest >= by) {
			*rest -= by;
			quotient.lo |= 1;
		}
	}
	return quotient;
}

/**
 * icmpctl_wide_sqrt() - the square root
 * @x: a number.
 *
 * Return: the root, rounded down.
 */
u64 icmpctl_wide_sqrt(struct icmpctl_wide x)
{
	u32 bits = x.hi ? 64 + fls64(x.hi) : fls64(x.lo);
	u64 root = 0;
	u64 bit;

	if (!bits)
		return 0;
	/* The root has half as many bits. */
	for (bit = 1ULL << (bits - 1) / 2; bit; bit >>= 1) {
		if (!less(x, icmpctl_wide_mul(root | bit, root | bit)))
			root |= bit;
	}
	return root;
}
