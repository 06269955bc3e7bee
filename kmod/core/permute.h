/* SPDX-License-Identifier: GPL-2.0 */
/*
 * permute.h - the numbers below a bound, each once, in an order that looks random
 *
 * A Feistel network over the least number of bits that holds the bound, walked until
 * it is below the bound (Black and Rogaway, "Ciphers with arbitrary finite domains",
 * CT-RSA 2002): a bijection for every bound and seed, without a table. The order is
 * there to spread probes over networks; it is no secret.
 */
#ifndef _ICMPCTL_CORE_PERMUTE_H
#define _ICMPCTL_CORE_PERMUTE_H

#include <linux/types.h>

#define ICMPCTL_PERMUTE_ROUNDS	6

/**
 * struct icmpctl_permute - one order
 * @size: the bound.
 * @low: bits of the lower half.
 * @high: bits of the upper half, the same or one more.
 * @key: of each round.
 */
struct icmpctl_permute {
	u64 size;
	u8 low;
	u8 high;
	u64 key[ICMPCTL_PERMUTE_ROUNDS];
};

void icmpctl_permute_init(struct icmpctl_permute *permute, u64 size, u64 seed);
u64 icmpctl_permute(const struct icmpctl_permute *permute, u64 place);

#endif /* _ICMPCTL_CORE_PERMUTE_H */
