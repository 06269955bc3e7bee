// SPDX-License-Identifier: GPL-2.0
/*
 * ranges.c - a list of ranges of addresses, as one row of addresses
 */
#include <linux/socket.h>

#include "ranges.h"

static int length(u8 family)
{
	return family == AF_INET ? 4 : 16;
}

/**
 * icmpctl_range_count() - how many addresses there are from one to another
 * @first: the first.
 * @last: the last, which is counted.
 * @family: of both, AF_INET or AF_INET6.
 *
 * Return: how many; 0 if @last is before @first, or they are more than
 * ICMPCTL_RANGE_ADDRESSES_MAX.
 */
u64 icmpctl_range_count(const union icmpctl_addr *first, const union icmpctl_addr *last,
			u8 family)
{
	u64 count = 0;
	int i;

	/* Digit by digit to the base of 256; what is borrowed comes with the next one. */
	for (i = 0; i < length(family); i++) {
		s64 digit = (s64)last->bytes[i] - first->bytes[i];

		if (count > ICMPCTL_RANGE_ADDRESSES_MAX || (!count && digit < 0))
			return 0;
		count = count * 256 + digit;
	}
	return count < ICMPCTL_RANGE_ADDRESSES_MAX ? count + 1 : 0;
}

/**
 * icmpctl_ranges_add() - one more range
 * @ranges: the list; there is room for one more.
 * @first: first address.
 * @count: how many, at most ICMPCTL_RANGE_ADDRESSES_MAX.
 * @family: AF_INET or AF_INET6.
 *
 * Return: false if the list would have too many addresses; nothing was added.
 */
bool icmpctl_ranges_add(struct icmpctl_ranges *ranges, const union icmpctl_addr *first,
			u64 count, u8 family)
{
	if (ranges->total + count > ICMPCTL_RANGE_ADDRESSES_MAX)
		return false;
	ranges->range[ranges->n++] = (struct icmpctl_range) {
		.first = *first,
		.before = ranges->total,
		.count = count,
		.family = family,
	};
	ranges->total += count;
	return true;
}

/**
 * icmpctl_ranges_at() - one address of the row
 * @ranges: the list.
 * @index: which, less than its total.
 * @addr: <- the address.
 *
 * Return: AF_INET or AF_INET6.
 */
u8 icmpctl_ranges_at(const struct icmpctl_ranges *ranges, u64 index, union icmpctl_addr *addr)
{
	u32 from = 0, to = ranges->n - 1;
	const struct icmpctl_range *range;
	u64 carry;
	int i;

	while (from < to) {
		u32 middle = from + (to - from + 1) / 2;

		if (ranges->range[middle].before <= index)
			from = middle;
		else
			to = middle - 1;
	}
	range = &ranges->range[from];
	*addr = range->first;
	carry = index - range->before;
	for (i = length(range->family) - 1; i >= 0 && carry; i--) {
		carry += addr->bytes[i];
		addr->bytes[i] = carry;
		carry >>= 8;
	}
	return range->family;
}
