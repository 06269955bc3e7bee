// SPDX-License-Identifier: GPL-2.0
/* How far one clock is from the other. */
#include "lib/now.h"

/* What a clock is set by is more than that; what is read between two readings is less. */
#define SET_LEAST_NS	((int64_t)NSEC_PER_MSEC)

#define READINGS	8

/* Of some readings the one that was least interrupted. */
static int64_t read_distance_ns(void)
{
	int64_t best = 0, least = INT64_MAX;

	for (int i = 0; i < READINGS; i++) {
		int64_t before = now_ns(CLOCK_MONOTONIC), real = now_ns(CLOCK_REALTIME);
		int64_t took = now_ns(CLOCK_MONOTONIC) - before;

		if (took >= least)
			continue;
		least = took;
		best = real - before - took / 2;
	}
	return best;
}

/**
 * now_distance_ns - CLOCK_REALTIME less CLOCK_MONOTONIC, as they are now
 * @told_ns: the same as the module told it some time ago, who knows it to the ns
 *
 * Return: @told_ns, unless the clock was set since, or the machine was suspended.
 */
int64_t now_distance_ns(int64_t told_ns)
{
	int64_t now = read_distance_ns();

	return now - told_ns < SET_LEAST_NS && told_ns - now < SET_LEAST_NS ? told_ns : now;
}
