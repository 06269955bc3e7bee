// SPDX-License-Identifier: GPL-2.0
/*
 * permute.c - the numbers below a bound, each once, in an order that looks random
 */
#include <linux/bitops.h>
#include <linux/minmax.h>

#include "permute.h"

#define BITS_MIN	2

/* The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
static u64 mix(u64 x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

/**
 * icmpctl_permute_init() - choose an order
 * @permute: to be filled.
 * @size: the bound, at most 2^62.
 * @seed: which order.
 */
void icmpctl_permute_init(struct icmpctl_permute *permute, u64 size, u64 seed)
{
	int bits = size > 1 ? max(fls64(size - 1), BITS_MIN) : BITS_MIN;
	int i;

	permute->size = size;
	permute->low = bits / 2;
	permute->high = bits - bits / 2;
	for (i = 0; i < ICMPCTL_PERMUTE_ROUNDS; i++) {
		seed += 0x9e3779b97f4a7c15ULL;
		permute->key[i] = mix(seed);
	}
}

/**
 * icmpctl_permute() - the number at one place of the order
 * @permute: the order.
 * @place: less than its size.
 *
 * The domain is less than twice the size, or 4: two walks do on average.
 *
 * Return: less than the size, another one for each place.
 */
u64 icmpctl_permute(const struct icmpctl_permute *permute, u64 place)
{
	u64 low_mask = (1ULL << permute->low) - 1;
	u64 high_mask = (1ULL << permute->high) - 1;
	int i;

	if (permute->size < 2)
		return 0;
	do {
		u64 low = place & low_mask;
		u64 high = place >> permute->low;

		for (i = 0; i < ICMPCTL_PERMUTE_ROUNDS; i += 2) {
			low ^= mix(high ^ permute->key[i]) & low_mask;
			high ^= mix(low ^ permute->key[i + 1]) & high_mask;
		}
		place = high << permute->low | low;
	} while (place >= permute->size);
	return place;
}
