// SPDX-License-Identifier: GPL-2.0
/* How far one clock is from the other, read by somebody who is interrupted. */
#include <inttypes.h>

#include "check.h"
#include "lib/now.h"

#define DISTANCE_NS	INT64_C(1795935536123456789)
#define READ_NS		40
#define PAUSE_NS	(5 * (int64_t)NSEC_PER_MSEC)

/* The clocks while a test has them; the linker sends calls of clock_gettime() here. */
static struct {
	bool ours;
	int64_t monotonic_ns, distance_ns;
	unsigned int readings, quiet;	/* but for this one each takes long */
} clocks;

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
	int64_t ns;

	if (!clocks.ours)
		return __real_clock_gettime(clock, now);
	/* The pause is before CLOCK_REALTIME is read. */
	if (clock == CLOCK_REALTIME && clocks.readings++ != clocks.quiet)
		clocks.monotonic_ns += PAUSE_NS;
	clocks.monotonic_ns += READ_NS;
	ns = clocks.monotonic_ns + (clock == CLOCK_REALTIME ? clocks.distance_ns : 0);
	now->tv_sec = ns / (int64_t)NSEC_PER_SEC;
	now->tv_nsec = ns % (int64_t)NSEC_PER_SEC;
	return 0;
}

static int64_t distance_ns(unsigned int quiet, int64_t told_ns)
{
	int64_t ns;

	clocks.readings = 0;
	clocks.quiet = quiet;
	clocks.ours = true;
	ns = now_distance_ns(told_ns);
	clocks.ours = false;
	return ns;
}

void test_now(void)
{
	int64_t ns;

	clocks.monotonic_ns = INT64_C(1000000000);
	clocks.distance_ns = DISTANCE_NS;
	for (unsigned int quiet = 0; quiet < 8; quiet += 7) {
		ns = distance_ns(quiet, 0);
		check(ns == DISTANCE_NS, "distance of clocks: the reading nobody interrupted, %u: %" PRId64,
		      quiet, ns - DISTANCE_NS);
	}
	ns = distance_ns(3, DISTANCE_NS + 999000);
	check(ns == DISTANCE_NS + 999000, "distance of clocks: the module knows it better");
	ns = distance_ns(3, DISTANCE_NS - 2 * (int64_t)NSEC_PER_MSEC);
	check(ns == DISTANCE_NS, "distance of clocks: one was set since the module told it");
}
