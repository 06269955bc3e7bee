// SPDX-License-Identifier: GPL-2.0
/* By which interfaces the probes leave, and which stamps those take. */
#include "ping_ways.h"

#include <stdlib.h>

#include "lib/report.h"
#include "lib/stamps.h"
#include "lib/text.h"

/* The first target's way by the same interface, NULL if there is none before @n. */
static const struct budget_way *seen(const struct budget_way *ways, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (ways[i].ifindex == ways[n].ifindex)
			return &ways[i];
	return NULL;
}

static void switch_on(struct hwstamp *hw, const struct budget_way *way)
{
	const char *why = hwstamp_on(hw, way->ifindex);
	char name[4 * IF_NAMESIZE];

	if (why)
		report("warning: no hardware stamps on %s: %s; the next best are used",
		       text_safe(name, sizeof(name), way->name), why);
}

/**
 * ping_ways - find the way of each target, and switch hardware stamps on if asked to
 * @p: what is asked of the module
 * @targets: the hosts
 * @n: how many they are
 * @hw: the interfaces that were changed
 *
 * Where hardware stamps are not to be had, that is told, and no failure. To be
 * called while there is one thread.
 *
 * Return: as many ways as targets, to be freed; NULL if that cannot be found out.
 */
struct budget_way *ping_ways(const struct session_params *p, const struct target *targets,
			     unsigned int n, struct hwstamp *hw)
{
	struct budget_way *ways = calloc(n, sizeof(*ways));
	struct clock_read clock;
	struct rtnl_link *links;
	unsigned int n_links;

	if (!ways || rtnl_links(&links, &n_links)) {
		free(ways);
		return NULL;
	}
	clock_read_measure(&clock);
	for (unsigned int i = 0; i < n; i++) {
		const struct target *t = &targets[i];
		const struct budget_way *before;
		struct stamps stamps;
		uint32_t ifindex = 0;

		rtnl_way(t->family, t->addr, t->scope ? t->scope : p->ifindex, p->mark,
			 &ifindex);
		ways[i].ifindex = ifindex;
		before = seen(ways, i);
		if (!ifindex)
			continue;
		if (before) {
			ways[i] = *before;
			continue;
		}
		budget_way(&ways[i], &clock, links, n_links, ifindex);
		if (p->timestamps == ICMPCTL_TIMESTAMPS_HARDWARE)
			switch_on(hw, &ways[i]);
		stamps_ask(&stamps, ways[i].name);
		ways[i].stamps = stamps_best(&stamps, p->timestamps);
	}
	free(links);
	return ways;
}
