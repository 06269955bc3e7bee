// SPDX-License-Identifier: GPL-2.0
/*
 * limits.c - what the sessions of one network namespace may take together
 *
 * Root of a user namespace may probe from its own network namespace, so each
 * namespace is bounded. Everything is taken at the start of a session, where a
 * refusal can still say which bound it was; nothing is allocated afterwards but
 * the histograms, which are paid for in advance.
 */
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "icmpctl.h"
#include "monitor.h"
#include "sweep.h"

unsigned int icmpctl_max_sessions = 1024;
module_param_named(max_sessions, icmpctl_max_sessions, uint, 0644);
MODULE_PARM_DESC(max_sessions, "sessions a network namespace may have at once (default 1024)");

unsigned int icmpctl_max_targets = 4096;
module_param_named(max_targets, icmpctl_max_targets, uint, 0644);
MODULE_PARM_DESC(max_targets, "targets one session may have (default 4096)");

unsigned int icmpctl_max_inflight = 262144;
module_param_named(max_inflight, icmpctl_max_inflight, uint, 0644);
MODULE_PARM_DESC(max_inflight,
		 "probes a network namespace may have unanswered at once (default 262144)");

unsigned int icmpctl_max_rate_pps = 1000000;
module_param_named(max_rate_pps, icmpctl_max_rate_pps, uint, 0644);
MODULE_PARM_DESC(max_rate_pps,
		 "probes a second the sessions of a network namespace may send (default 1000000)");

unsigned int icmpctl_max_memory_kib = 65536;
module_param_named(max_memory_kib, icmpctl_max_memory_kib, uint, 0644);
MODULE_PARM_DESC(max_memory_kib,
		 "KiB the sessions of a network namespace may take together (default 65536)");

unsigned int icmpctl_max_monitors = 16384;
module_param_named(max_monitors, icmpctl_max_monitors, uint, 0644);
MODULE_PARM_DESC(max_monitors, "monitors a network namespace may have (default 16384)");

unsigned int icmpctl_max_monitor_memory_kib = 262144;
module_param_named(max_monitor_memory_kib, icmpctl_max_monitor_memory_kib, uint, 0644);
MODULE_PARM_DESC(max_monitor_memory_kib,
		 "KiB the monitors of a network namespace may take together (default 262144)");

/* Saturates: a product of hostile numbers must exceed every bound. */
static u32 clamp_u32(u64 value)
{
	return min_t(u64, value, U32_MAX);
}

/**
 * icmpctl_limits_taken() - memory that an array takes, as the allocator gives it
 * @n: so many.
 * @size: of one.
 *
 * Return: the bytes, what it is rounded up by included.
 */
u64 icmpctl_limits_taken(u64 n, size_t size)
{
	u64 bytes = n * size;

	return bytes > KMALLOC_MAX_SIZE ? PAGE_ALIGN(bytes) : kmalloc_size_roundup(bytes);
}

/**
 * icmpctl_limits_alloc() - an array that takes what icmpctl_limits_taken() says
 * @n: so many.
 * @size: of one.
 *
 * What is too large for the allocator comes page by page: kvcalloc() would take whole huge
 * pages for it, so up to 2 MiB more than it is paid for.
 *
 * Context: process, may sleep.
 * Return: zeroed memory for kvfree(), charged to the caller's cgroup; NULL without memory.
 */
void *icmpctl_limits_alloc(size_t n, size_t size)
{
	if ((u64)n * size > KMALLOC_MAX_SIZE)
		return __vcalloc(n, size, GFP_KERNEL_ACCOUNT);
	return kvcalloc(n, size, GFP_KERNEL_ACCOUNT);
}

/* Monitors are many: of each it is counted what the allocator really gives for it. */
static u64 monitor_bytes(const struct icmpctl_config *config, u32 slots)
{
	u64 bytes = icmpctl_limits_taken(1, sizeof(struct icmpctl_session)) +
		    icmpctl_limits_taken(icmpctl_slots_wires(slots),
					 sizeof(struct icmpctl_wire_id)) +
		    icmpctl_slots_bytes(slots) +
		    icmpctl_session_targets_bytes(config->targets) +
		    (u64)config->targets * icmpctl_hist_bytes(ICMPCTL_MONITOR_OCTAVES) +
		    icmpctl_monitor_bytes(config);

	if (config->schedule == ICMPCTL_SCHEDULE_POISSON)
		bytes += icmpctl_limits_taken(config->targets, sizeof(u64));
	return bytes;
}

/**
 * icmpctl_limits_cost() - what a session would take
 * @config: what is asked for.
 * @cost: <- what it takes.
 */
void icmpctl_limits_cost(const struct icmpctl_config *config, struct icmpctl_cost *cost)
{
	u64 per_target = div64_u64(config->timeout_ns, config->interval_ns) + 2;
	u64 gap_ns = config->interval_ns;
	u64 hist = icmpctl_hist_bytes(ICMPCTL_HIST_OCTAVES);
	u64 slots;

	if (config->count)
		per_target = min(per_target, config->count);
	if (config->flags & ICMPCTL_SESSION_F_ADAPTIVE)
		gap_ns = ICMPCTL_INTERVAL_MIN_NS;

	*cost = (struct icmpctl_cost) { .sessions = 1 };
	cost->inflight = clamp_u32(per_target * config->targets);
	cost->rate_pps = clamp_u32(div64_u64((u64)config->targets * NSEC_PER_SEC + gap_ns - 1,
					     gap_ns));
	if (config->sweep) {
		cost->inflight = config->sweep->inflight;
		cost->rate_pps = config->sweep->rate_pps;
	}
	slots = cost->inflight > (1U << 24) ? U32_MAX : icmpctl_slots_for(cost->inflight,
								  icmpctl_monitor_few(config));
	if (config->monitor.is) {
		cost->sessions = 0;
		cost->monitors = 1;
		cost->monitor_bytes = monitor_bytes(config, slots);
		return;
	}
	cost->memory_bytes = icmpctl_limits_taken(1, sizeof(struct icmpctl_session)) +
		icmpctl_limits_taken(1, sizeof(struct icmpctl_session_own)) + hist +
		icmpctl_limits_taken(1, icmpctl_event_bytes()) +
		icmpctl_limits_taken(ICMPCTL_WIRE_IDS_MAX, sizeof(struct icmpctl_wire_id)) +
		icmpctl_slots_bytes(slots) +
		PAGE_ALIGN((u64)config->records * sizeof(struct icmpctl_record)) +
		icmpctl_session_targets_bytes(config->targets) + (u64)config->targets * hist;
	if (config->flags & ICMPCTL_SESSION_F_EXTENSIONS)
		cost->memory_bytes += PAGE_ALIGN((u64)config->records *
						 sizeof(struct icmpctl_extension));
	if (config->schedule == ICMPCTL_SCHEDULE_POISSON)
		cost->memory_bytes += (u64)config->targets * sizeof(u64);
	if (config->sweep)
		cost->memory_bytes += icmpctl_sweep_bytes(config);
}

/* A bound that was lowered since refuses nobody who takes nothing of it. */
static bool exceeds(u64 used, u64 more, u64 max)
{
	return more && (more > max || used > max - more);
}

/* What a refusal blames, and what would help, are others in a sweep. */
static void say_rate(struct genl_info *info)
{
	struct nlattr *sweep = info->attrs[ICMPCTL_SESSION_A_SWEEP];

	if (sweep)
		NL_SET_ERR_MSG_ATTR(info->extack, sweep,
				    "more probes a second than this network namespace may send: lower the rate (module parameter max_rate_pps)");
	else
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[ICMPCTL_SESSION_A_INTERVAL_NS],
				    "more probes a second than this network namespace may send: raise the interval (module parameter max_rate_pps)");
}

static void say_inflight(struct genl_info *info)
{
	struct nlattr *timeout = info->attrs[ICMPCTL_SESSION_A_TIMEOUT_NS];

	if (info->attrs[ICMPCTL_SESSION_A_SWEEP])
		NL_SET_ERR_MSG_ATTR(info->extack, timeout,
				    "more probes could be unanswered at once than this network namespace may have: lower the timeout or the rate (module parameter max_inflight)");
	else
		NL_SET_ERR_MSG_ATTR(info->extack, timeout,
				    "more probes could be unanswered at once than this network namespace may have: lower the timeout or raise the interval (module parameter max_inflight)");
}

/**
 * icmpctl_limits_take() - take it, or say which bound forbids it
 * @inet: our part of the namespace; its lock is held.
 * @cost: what a session takes.
 * @info: the request, for the sentence.
 *
 * Return: 0, or -ENOSPC with nothing taken.
 */
int icmpctl_limits_take(struct icmpctl_net *inet, const struct icmpctl_cost *cost,
			struct genl_info *info)
{
	struct icmpctl_cost *used = &inet->used;

	lockdep_assert_held(&inet->lock);
	if (exceeds(used->sessions, cost->sessions, READ_ONCE(icmpctl_max_sessions))) {
		NL_SET_ERR_MSG(info->extack,
			       "too many sessions in this network namespace (module parameter max_sessions)");
		return -ENOSPC;
	}
	if (exceeds(used->rate_pps, cost->rate_pps, READ_ONCE(icmpctl_max_rate_pps))) {
		say_rate(info);
		return -ENOSPC;
	}
	if (exceeds(used->inflight, cost->inflight, READ_ONCE(icmpctl_max_inflight))) {
		say_inflight(info);
		return -ENOSPC;
	}
	if (exceeds(used->memory_bytes, cost->memory_bytes,
		    (u64)READ_ONCE(icmpctl_max_memory_kib) * 1024)) {
		NL_SET_ERR_MSG(info->extack,
			       "the sessions of this network namespace would take too much memory (module parameter max_memory_kib)");
		return -ENOSPC;
	}
	if (exceeds(used->monitors, cost->monitors, READ_ONCE(icmpctl_max_monitors))) {
		NL_SET_ERR_MSG(info->extack,
			       "too many monitors in this network namespace (module parameter max_monitors)");
		return -ENOSPC;
	}
	if (exceeds(used->monitor_bytes, cost->monitor_bytes,
		    (u64)READ_ONCE(icmpctl_max_monitor_memory_kib) * 1024)) {
		NL_SET_ERR_MSG(info->extack,
			       "the monitors of this network namespace would take too much memory (module parameter max_monitor_memory_kib)");
		return -ENOSPC;
	}
	used->sessions += cost->sessions;
	used->monitors += cost->monitors;
	used->monitor_bytes += cost->monitor_bytes;
	used->inflight += cost->inflight;
	used->rate_pps += cost->rate_pps;
	used->memory_bytes += cost->memory_bytes;
	return 0;
}

/**
 * icmpctl_limits_give() - give it back
 * @inet: our part of the namespace; its lock is held.
 * @cost: what was taken.
 */
void icmpctl_limits_give(struct icmpctl_net *inet, const struct icmpctl_cost *cost)
{
	struct icmpctl_cost *used = &inet->used;

	lockdep_assert_held(&inet->lock);
	used->sessions -= cost->sessions;
	used->monitors -= cost->monitors;
	used->monitor_bytes -= cost->monitor_bytes;
	used->inflight -= cost->inflight;
	used->rate_pps -= cost->rate_pps;
	used->memory_bytes -= cost->memory_bytes;
}
