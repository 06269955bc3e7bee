// SPDX-License-Identifier: GPL-2.0
/*
 * Is there room for all that is wanted, once what is to go is gone: asked before anything is
 * touched. What a monitor takes is reckoned as the module does (kmod/limits.c), but for the
 * memory, of which only the last probes kept are reckoned: never more than it will be.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "lib/client.h"
#include "lib/info.h"
#include "lib/report.h"
#include "lib/units.h"
#include "monitor_change.h"

/* What is bounded in a network namespace; the targets, of each by itself. */
enum { MONITORS, RATE, INFLIGHT, MEMORY, TARGETS, BOUNDS };

static const struct bound {
	int used, most;
	const char *what, *parameter;
} bounds[BOUNDS] = {
	[MONITORS] = { ICMPCTL_INFO_A_MONITORS, ICMPCTL_INFO_A_MAX_MONITORS,
		       "monitors", "max_monitors" },
	[RATE] = { ICMPCTL_INFO_A_RATE_PPS, ICMPCTL_INFO_A_MAX_RATE_PPS,
		   "probes a second", "max_rate_pps" },
	[INFLIGHT] = { ICMPCTL_INFO_A_INFLIGHT, ICMPCTL_INFO_A_MAX_INFLIGHT,
		       "probes that may be unanswered at once", "max_inflight" },
	[MEMORY] = { ICMPCTL_INFO_A_MONITOR_MEMORY_BYTES, ICMPCTL_INFO_A_MAX_MONITOR_MEMORY_BYTES,
		     "bytes of memory for monitors", "max_monitor_memory_kib" },
	[TARGETS] = { ICMPCTL_INFO_A_UNSPEC, ICMPCTL_INFO_A_MAX_TARGETS,
		      "targets of one monitor", "max_targets" },
};

/* In the kernel. */
#define BYTES_KEPT 128

static void cost(uint64_t take[BOUNDS], uint64_t targets, uint64_t interval_ns,
		 uint64_t timeout_ns, uint64_t bytes)
{
	take[MONITORS] = 1;
	take[RATE] = interval_ns ? (targets * NSEC_PER_SEC + interval_ns - 1) / interval_ns : 0;
	take[INFLIGHT] = interval_ns ? (timeout_ns / interval_ns + 2) * targets : 0;
	take[MEMORY] = bytes;
	take[TARGETS] = targets;
}

static void cost_of_wish(uint64_t take[BOUNDS], const struct wish *w)
{
	struct session_hop hops[MONITOR_HOPS_MAX];
	unsigned int n = monitor_hops(&w->config, hops);
	uint64_t keep = w->config.keep.given ? w->config.keep.value : ICMPCTL_MONITOR_KEEP_DEFAULT;
	struct session_params p;

	monitor_params(&w->config, w->targets, w->n, &p);
	if (!n)
		n = w->n;
	cost(take, n, p.interval_ns, p.timeout_ns, n * keep * BYTES_KEPT);
}

/* What is in use beside all that is to go. */
static void stays(uint64_t used[BOUNDS], const struct change *ch, const struct module_info *info)
{
	uint64_t take[BOUNDS];

	for (int b = 0; b < BOUNDS; b++)
		used[b] = info->value[bounds[b].used];
	for (unsigned int i = 0; i < ch->m->n; i++) {
		const struct monitor *m = &ch->m->list[i];

		if (!ch->olds[i].goes)
			continue;
		cost(take, m->info.targets, m->info.interval_ns, m->timeout_ns, m->memory_bytes);
		for (int b = 0; b < BOUNDS; b++)
			used[b] -= take[b] < used[b] ? take[b] : used[b];
	}
}

static int by_line(const void *a, const void *b)
{
	const struct wish *const *x = a, *const *y = b;

	return ((*x)->line > (*y)->line) - ((*x)->line < (*y)->line);
}

/* The wishes that are to be granted, in the order of the file. */
static const struct wish **in_order(const struct change *ch, unsigned int *n)
{
	const struct wish **list = calloc(ch->all->n + 1, sizeof(*list));

	*n = 0;
	for (unsigned int i = 0; list && i < ch->all->n; i++)
		if (ch->news[i].fate != KEEP)
			list[(*n)++] = &ch->all->list[i];
	if (*n)
		qsort(list, *n, sizeof(*list), by_line);
	return list;
}

/* The first wish there is no room for, and the bound it is beyond; NULL if there is room. */
static const struct wish *beyond(const struct change *ch, const struct wish **list, unsigned int n,
				 const struct module_info *info, int *bound)
{
	uint64_t used[BOUNDS], take[BOUNDS];

	stays(used, ch, info);
	for (unsigned int i = 0; i < n; i++) {
		cost_of_wish(take, list[i]);
		used[TARGETS] = 0;
		for (int b = 0; b < BOUNDS; b++) {
			used[b] += take[b];
			*bound = b;
			if (info->told[bounds[b].most] && used[b] > info->value[bounds[b].most])
				return list[i];
		}
	}
	return NULL;
}

/**
 * change_has_room - is there room for all that is wanted
 * @ch: what is to be changed
 *
 * What was ended a moment ago gives its share back some milliseconds later: that is awaited.
 *
 * Return: true, or false and then it was told what there is too much of.
 */
bool change_has_room(const struct change *ch)
{
	static const struct timespec pause = { .tv_nsec = 100 * NSEC_PER_MSEC };
	const struct wish *w = NULL, **list;
	struct module_info info = { .told = { false } };
	struct nlc_refusal why;
	unsigned int n;
	int bound = 0;

	list = in_order(ch, &n);
	if (!list) {
		report("not enough memory");
		return false;
	}
	for (int tries = 0; n && tries < 10; tries++) {
		if (module_info_get(ch->c, &info, &why)) {
			client_report(&why, NULL, "reading the module's limits");
			free(list);
			return false;
		}
		w = beyond(ch, list, n, &info, &bound);
		if (!w)
			break;
		nanosleep(&pause, NULL);
	}
	free(list);
	if (!w)
		return true;
	report_place(w->place);
	report("%s: with it there would be more than %" PRIu64 " %s in this network namespace (module parameter %s)",
	       w->name, info.value[bounds[bound].most], bounds[bound].what,
	       bounds[bound].parameter);
	report_place(NULL);
	return false;
}
