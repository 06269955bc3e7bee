// SPDX-License-Identifier: GPL-2.0
/*
 * bystander.c - how late somebody is who has nothing to do with any of it
 *
 *	bystander SECONDS INTERVAL_US [fifo]
 *
 * Wants to run at instants INTERVAL_US apart, as an ordinary task, or as one of real time, whom
 * only that delays which cannot be interrupted: softirqs, and code that holds them off.
 * Says how late it was, in ns.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

static uint64_t ns(const struct timespec *t)
{
	return t->tv_sec * 1000000000ULL + t->tv_nsec;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	uint64_t seconds = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	uint64_t step = (argc > 2 ? strtoull(argv[2], NULL, 0) : 1000) * 1000, n, i, at;
	struct sched_param fifo = { .sched_priority = 50 };
	struct timespec t;
	uint64_t *late;

	if (!step)
		return 2;
	n = seconds * 1000000000ULL / step;
	late = calloc(n + 1, sizeof(*late));
	if (!late || mlockall(MCL_CURRENT | MCL_FUTURE))
		return 1;
	if (argc > 3 && !strcmp(argv[3], "fifo") && sched_setscheduler(0, SCHED_FIFO, &fifo)) {
		perror("real time");
		return 1;
	}
	/* Between two, so that it is not held up by timers that everybody has at full ones. */
	clock_gettime(CLOCK_MONOTONIC, &t);
	at = ns(&t) + step;
	for (i = 0; i < n; i++, at += step) {
		struct timespec then = { at / 1000000000ULL, at % 1000000000ULL };

		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &then, NULL);
		clock_gettime(CLOCK_MONOTONIC, &t);
		late[i] = ns(&t) - at;
	}
	qsort(late, n, sizeof(*late), compare);
	printf("{\"times\": %llu, \"p50_ns\": %llu, \"p99_ns\": %llu, \"max_ns\": %llu}\n",
	       (unsigned long long)n, (unsigned long long)late[n / 2],
	       (unsigned long long)late[n * 99 / 100], (unsigned long long)late[n - 1]);
	return 0;
}
