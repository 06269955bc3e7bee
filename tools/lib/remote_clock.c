// SPDX-License-Identifier: GPL-2.0
/*
 * The clock of another host, as an ICMP timestamp reply tells it (RFC 792). Its receive
 * timestamp was taken after the probe had left here, and its transmit timestamp before the
 * reply came: two bounds, a round trip and one millisecond apart, which is their step.
 */
#include "lib/remote_clock.h"

#include "lib/units.h"

#define DAY_MS		86400000u
#define DAY_NS		((int64_t)DAY_MS * (int64_t)NSEC_PER_MSEC)
#define NONSTANDARD	0x80000000u

/* A difference of two times of the day: less than half a day either way. */
static int64_t wrap(int64_t ns)
{
	ns %= DAY_NS;
	if (ns >= DAY_NS / 2)
		ns -= DAY_NS;
	else if (ns < -DAY_NS / 2)
		ns += DAY_NS;
	return ns;
}

static enum remote_clock_kind kind_of(uint32_t ms)
{
	if (ms & NONSTANDARD)
		return REMOTE_CLOCK_NONSTANDARD;
	return ms < DAY_MS ? REMOTE_CLOCK_STANDARD : REMOTE_CLOCK_OUT_OF_RANGE;
}

/**
 * remote_clock_read - how far is the clock of a host from ours
 * @c: the result
 * @r: its reply to a timestamp request
 * @real_less_monotonic_ns: CLOCK_REALTIME less CLOCK_MONOTONIC
 */
void remote_clock_read(struct remote_clock *c, const struct icmpctl_record *r,
		       int64_t real_less_monotonic_ns)
{
	uint64_t sent_ns = r->driver_ns ? r->driver_ns : r->handed_ns;
	int64_t left_ns = (int64_t)sent_ns + real_less_monotonic_ns;
	int64_t came_ns = left_ns + (int64_t)r->rtt_ns;
	int64_t receive_ns = (int64_t)r->info * (int64_t)NSEC_PER_MSEC;
	int64_t transmit_ns = (int64_t)r->info2 * (int64_t)NSEC_PER_MSEC;
	int64_t least_ns, width_ns;

	*c = (struct remote_clock){ .kind = kind_of(r->info) };
	if (c->kind == REMOTE_CLOCK_STANDARD)
		c->kind = kind_of(r->info2);
	if (c->kind != REMOTE_CLOCK_STANDARD)
		return;
	least_ns = transmit_ns - came_ns;
	width_ns = wrap(receive_ns + (int64_t)NSEC_PER_MSEC - left_ns - least_ns);
	c->offset_ns = wrap(least_ns % DAY_NS + width_ns / 2);
	c->error_ns = width_ns < 0 ? -width_ns / 2 : width_ns / 2;
}

/**
 * remote_clock_name - what programs call it
 * @kind: what the timestamps are
 *
 * Return: the name.
 */
const char *remote_clock_name(enum remote_clock_kind kind)
{
	switch (kind) {
	case REMOTE_CLOCK_NONSTANDARD:
		return "non-standard";
	case REMOTE_CLOCK_OUT_OF_RANGE:
		return "out-of-range";
	default:
		return "standard";
	}
}
