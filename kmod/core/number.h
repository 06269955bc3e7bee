/* SPDX-License-Identifier: GPL-2.0 */
/*
 * number.h - the 64-bit number of a probe, from the bits of it that are on the wire
 */
#ifndef _ICMPCTL_CORE_NUMBER_H
#define _ICMPCTL_CORE_NUMBER_H

#include <linux/types.h>

/**
 * icmpctl_number() - the latest probe whose number ends in certain bits
 * @last: number of the last probe that was sent; the first has 1.
 * @span: a power of two: so many numbers the bits tell apart.
 * @key: the bits, below @span.
 *
 * Return: the number, more than @last - @span; 0 if none such was sent.
 */
static inline u64 icmpctl_number(u64 last, u64 span, u64 key)
{
	u64 back = (last - key) & (span - 1);

	return back < last ? last - back : 0;
}

#endif /* _ICMPCTL_CORE_NUMBER_H */
