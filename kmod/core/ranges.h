/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ranges.h - a list of ranges of addresses, as one row of addresses
 */
#ifndef _ICMPCTL_CORE_RANGES_H
#define _ICMPCTL_CORE_RANGES_H

#include <linux/bits.h>
#include <linux/types.h>

#include "addr.h"

/* Addresses of one range, and of one list. */
#define ICMPCTL_RANGE_ADDRESSES_MAX	BIT_ULL(40)

/**
 * struct icmpctl_range - addresses one after the other
 * @first: the first.
 * @before: how many there are in the ranges before this one.
 * @count: how many there are in this one.
 * @family: AF_INET or AF_INET6.
 */
struct icmpctl_range {
	union icmpctl_addr first;
	u64 before;
	u64 count;
	u8 family;
};

/**
 * struct icmpctl_ranges - a list of them
 * @range: @n of them; the caller has the memory.
 * @n: how many.
 * @total: addresses in all.
 */
struct icmpctl_ranges {
	struct icmpctl_range *range;
	u32 n;
	u64 total;
};

u64 icmpctl_range_count(const union icmpctl_addr *first, const union icmpctl_addr *last,
			u8 family);
bool icmpctl_ranges_add(struct icmpctl_ranges *ranges, const union icmpctl_addr *first,
			u64 count, u8 family);
u8 icmpctl_ranges_at(const struct icmpctl_ranges *ranges, u64 index, union icmpctl_addr *addr);

#endif /* _ICMPCTL_CORE_RANGES_H */
