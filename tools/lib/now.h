/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ICMPCTL_NOW_H
#define ICMPCTL_NOW_H

#include <stdint.h>
#include <time.h>

#include "lib/units.h"

/**
 * now_ns - what time it is
 * @clock: by which clock
 *
 * Return: ns since its epoch.
 */
static inline uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

int64_t now_distance_ns(int64_t told_ns);

#endif
