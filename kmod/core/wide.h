/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wide.h - unsigned numbers of 128 bits, for sums that must not overflow
 *
 * By hand: the kernel is not linked with the compiler's 128-bit division, and 32-bit
 * machines have no such type.
 */
#ifndef _ICMPCTL_CORE_WIDE_H
#define _ICMPCTL_CORE_WIDE_H

#include <linux/types.h>

/**
 * struct icmpctl_wide - an unsigned number of 128 bits
 * @hi: upper 64 bits.
 * @lo: lower 64 bits.
 */
struct icmpctl_wide {
	u64 hi;
	u64 lo;
};

static inline void icmpctl_wide_add(struct icmpctl_wide *sum, struct icmpctl_wide x)
{
	sum->lo += x.lo;
	sum->hi += x.hi + (sum->lo < x.lo);
}

static inline void icmpctl_wide_add_u64(struct icmpctl_wide *sum, u64 x)
{
	sum->lo += x;
	sum->hi += sum->lo < x;
}

static inline void icmpctl_wide_sub(struct icmpctl_wide *sum, struct icmpctl_wide x)
{
	sum->hi -= x.hi + (sum->lo < x.lo);
	sum->lo -= x.lo;
}

struct icmpctl_wide icmpctl_wide_shl(struct icmpctl_wide x, u32 bits);
struct icmpctl_wide icmpctl_wide_mul(u64 a, u64 b);
struct icmpctl_wide icmpctl_wide_div(struct icmpctl_wide x, u64 by, u64 *rest);
u64 icmpctl_wide_sqrt(struct icmpctl_wide x);

#endif /* _ICMPCTL_CORE_WIDE_H */
