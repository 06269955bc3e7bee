/* SPDX-License-Identifier: GPL-2.0 */
/* What an RTT can be off by on this machine, cause by cause. */
#ifndef ICMPCTL_BUDGET_H
#define ICMPCTL_BUDGET_H

#include <linux/icmpctl.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/rtnl.h"

/**
 * struct clock_read - reading CLOCK_MONOTONIC, as measured from user space
 * @source: the kernel's clock source, "" if it is not told
 * @cost_ns: what one reading takes
 * @step_ns: the smallest step seen between two readings
 */
struct clock_read {
	char source[32];
	uint64_t cost_ns, step_ns;
};

/* What may put an RTT off. */
enum budget_line {
	BUDGET_CLOCK_READ,	/* either way: reading the clock for software stamps */
	BUDGET_DRIVER,		/* adds: from the driver's stamp to the wire */
	BUDGET_COALESCING,	/* adds: from the wire to the interrupt */
	BUDGET_CONVERSION,	/* either way: the rate of the hardware's clock */

	BUDGET_LINES
};

/**
 * struct budget - what an RTT can be off by
 * @known: bits of enum budget_line
 * @ns: likewise: the most it can be; 0 where it is not known
 * @sum_ns: of all that is known
 */
struct budget {
	unsigned int known;
	uint64_t ns[BUDGET_LINES];
	uint64_t sum_ns;
};

/**
 * struct budget_way - what is known of an interface before a run
 * @ifindex: the interface, 0 if it is not known
 * @name: its name
 * @stamps: those that are to be expected of it
 * @clock: reading the clock
 * @coalescing_known: the interface told how long it holds what it receives
 * @coalescing_ns: the longest
 */
struct budget_way {
	uint32_t ifindex;
	char name[IF_NAMESIZE];
	enum icmpctl_timestamps stamps;
	struct clock_read clock;
	bool coalescing_known;
	uint64_t coalescing_ns;
};

/**
 * struct budget_stamps - what the RTTs of a run rest on
 * @received: how many there are
 * @tx_hardware: how many of them start at a hardware stamp
 * @rx_hardware: how many of them end at one
 * @rtt_max_ns: the longest
 * @hw_error_ns: what the module said that the worst of hardware stamps is off by, for the
 *	rate of the interface's clock; 0: it did not
 */
struct budget_stamps {
	uint64_t received, tx_hardware, rx_hardware, rtt_max_ns, hw_error_ns;
};

void clock_read_measure(struct clock_read *c);
uint64_t clock_read_ns(const struct clock_read *c);
void budget_way(struct budget_way *way, const struct clock_read *clock,
		const struct rtnl_link *links, unsigned int n, uint32_t ifindex);
void budget_make(struct budget *b, const struct budget_way *way,
		 const struct budget_stamps *stamps);

static inline bool budget_knows(const struct budget *b, enum budget_line line)
{
	return b->known & 1U << line;
}

#endif
