/* SPDX-License-Identifier: GPL-2.0 */
/* The clock of another host, as an ICMP timestamp reply tells it. */
#ifndef ICMPCTL_REMOTE_CLOCK_H
#define ICMPCTL_REMOTE_CLOCK_H

#include <linux/icmpctl.h>
#include <stdint.h>

/**
 * enum remote_clock_kind - what the timestamps of a reply are
 * @REMOTE_CLOCK_STANDARD: milliseconds since midnight UT
 * @REMOTE_CLOCK_NONSTANDARD: something else, as their high bit says (RFC 792)
 * @REMOTE_CLOCK_OUT_OF_RANGE: more than a day has, and no high bit
 */
enum remote_clock_kind {
	REMOTE_CLOCK_STANDARD,
	REMOTE_CLOCK_NONSTANDARD,
	REMOTE_CLOCK_OUT_OF_RANGE,
};

/**
 * struct remote_clock - how far a clock is from ours
 * @kind: the rest means something if it is STANDARD
 * @offset_ns: so far it is ahead, by at most half a day
 * @error_ns: so much the offset can be wrong
 */
struct remote_clock {
	enum remote_clock_kind kind;
	int64_t offset_ns;
	int64_t error_ns;
};

void remote_clock_read(struct remote_clock *c, const struct icmpctl_record *r,
		       int64_t real_less_monotonic_ns);
const char *remote_clock_name(enum remote_clock_kind kind);

#endif
