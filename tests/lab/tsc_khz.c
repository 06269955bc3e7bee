// SPDX-License-Identifier: GPL-2.0
/*
 * tsc_khz.c - prints at how many kHz this machine's TSC counts, as CLOCK_MONOTONIC has it
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

#define PAUSE_NS	300000000
#define TRIES		100

static int64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Both at one instant: of many pairs the one that was read fastest. */
static void look(int64_t *ns, uint64_t *ticks)
{
	uint64_t best = UINT64_MAX;
	int i;

	for (i = 0; i < TRIES; i++) {
		uint64_t before = __rdtsc();
		int64_t now_ns = clock_ns();
		uint64_t after = __rdtsc();

		if (after - before >= best)
			continue;
		best = after - before;
		*ns = now_ns;
		*ticks = before + best / 2;
	}
}

int main(void)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	uint64_t from_ticks, to_ticks;
	int64_t from_ns, to_ns;

	look(&from_ns, &from_ticks);
	nanosleep(&pause, NULL);
	look(&to_ns, &to_ticks);
	if (to_ns <= from_ns || to_ticks <= from_ticks)
		return 1;
	printf("%.0f\n", (to_ticks - from_ticks) * 1e6 / (to_ns - from_ns));
	return 0;
}
