// SPDX-License-Identifier: GPL-2.0
/*
 * What an RTT can be off by on this machine, cause by cause. docs/accuracy.md
 * says what each line means, and what cannot be known.
 */
#include "lib/budget.h"

#include <stdio.h>
#include <string.h>

#include "lib/nic.h"
#include "lib/now.h"
#include "lib/units.h"

/*
 * Where the module has not said what RTTs of hardware stamps were off by. Until it is known
 * better, the clock of an interface is taken to be within 100 ppm of ours, so that a guess of
 * its rate is within 200 ppm; and the module uses no RTT of it that may be off by more than
 * 1 us.
 */
#define HARDWARE_RATE_PART 5000
#define CONVERSION_MAX_NS NSEC_PER_USEC

#define BATCHES 64
#define READINGS 64

static void source_name(char *name, size_t size)
{
	FILE *file = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource",
			   "re");

	*name = '\0';
	if (!file)
		return;
	if (!fgets(name, size, file))
		*name = '\0';
	name[strcspn(name, "\n")] = '\0';
	fclose(file);
}

/**
 * clock_read_measure - how well CLOCK_MONOTONIC can be read here
 * @c: the result
 *
 * The least of many: what an interrupt took is not the clock's. From user space
 * reading costs no less than in the kernel, so the cost is an upper bound.
 */
void clock_read_measure(struct clock_read *c)
{
	uint64_t at[READINGS + 1];

	*c = (struct clock_read){ .cost_ns = UINT64_MAX, .step_ns = UINT64_MAX };
	source_name(c->source, sizeof(c->source));
	for (int batch = 0; batch < BATCHES; batch++) {
		uint64_t cost;

		for (int i = 0; i <= READINGS; i++)
			at[i] = now_ns(CLOCK_MONOTONIC);
		for (int i = 0; i < READINGS; i++)
			if (at[i + 1] > at[i] && at[i + 1] - at[i] < c->step_ns)
				c->step_ns = at[i + 1] - at[i];
		/* Rounded up: an upper bound it is to be. */
		cost = (at[READINGS] - at[0] + READINGS - 1) / READINGS;
		if (cost < c->cost_ns)
			c->cost_ns = cost;
	}
	/* A clock that stood still for all of it is no clock to rely on. */
	if (c->step_ns == UINT64_MAX)
		c->step_ns = 0;
}

/**
 * clock_read_ns - how far one reading may be from the instant it is to tell
 * @c: what was measured
 *
 * Return: the cost of a reading or the clock's step, whichever is more.
 */
uint64_t clock_read_ns(const struct clock_read *c)
{
	return c->cost_ns > c->step_ns ? c->cost_ns : c->step_ns;
}

/**
 * budget_way - note what can be known of an interface before a run
 * @way: the result
 * @clock: reading the clock
 * @links: the interfaces of the namespace
 * @n: how many they are
 * @ifindex: the interface, 0 if it is not known
 */
void budget_way(struct budget_way *way, const struct clock_read *clock,
		const struct rtnl_link *links, unsigned int n, uint32_t ifindex)
{
	*way = (struct budget_way){ .ifindex = ifindex, .clock = *clock };
	for (unsigned int i = 0; i < n; i++)
		if (links[i].index == ifindex)
			memcpy(way->name, links[i].name, sizeof(way->name));
	way->coalescing_known = nic_coalescing(links, n, ifindex, &way->coalescing_ns);
	if (!way->coalescing_known)
		way->coalescing_ns = 0;
}

static void line(struct budget *b, enum budget_line which, uint64_t ns)
{
	b->known |= 1U << which;
	b->ns[which] = ns;
	b->sum_ns += ns;
}

static uint64_t conversion(uint64_t rtt_ns)
{
	uint64_t ns = rtt_ns / HARDWARE_RATE_PART + !!(rtt_ns % HARDWARE_RATE_PART);

	return ns < CONVERSION_MAX_NS ? ns : CONVERSION_MAX_NS;
}

/**
 * budget_make - what the RTTs of a run can be off by
 * @b: the result
 * @way: their interface
 * @stamps: what they rest on; where not all rest on the same, the worst counts
 */
void budget_make(struct budget *b, const struct budget_way *way,
		 const struct budget_stamps *stamps)
{
	bool tx_software = stamps->tx_hardware < stamps->received;
	bool rx_software = stamps->rx_hardware < stamps->received;

	*b = (struct budget){ .known = 0 };
	line(b, BUDGET_CLOCK_READ,
	     (tx_software + rx_software) * clock_read_ns(&way->clock));
	if (!tx_software)
		line(b, BUDGET_DRIVER, 0);
	if (!rx_software)
		line(b, BUDGET_COALESCING, 0);
	else if (way->coalescing_known)
		line(b, BUDGET_COALESCING, way->coalescing_ns);
	/* Between two stamps of one clock, how far it is off is no matter: its rate is. */
	line(b, BUDGET_CONVERSION,
	     !stamps->tx_hardware && !stamps->rx_hardware ? 0 :
	     stamps->hw_error_ns ? stamps->hw_error_ns : conversion(stamps->rtt_max_ns));
}
