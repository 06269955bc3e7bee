/* SPDX-License-Identifier: GPL-2.0 */
/* Monitors: sessions that belong to their network namespace. */
#ifndef ICMPCTL_MONITOR_H
#define ICMPCTL_MONITOR_H

#include <linux/icmpctl.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/netlink.h"
#include "lib/session.h"
#include "lib/target.h"

/**
 * struct monitor_target - a target of a monitor, or a hop on the way to it
 * @name: what its user called it, NULL if nothing is known of that
 * @family: 4 or 6
 * @addr: its address
 * @scope: interface of a link-local address, else 0
 * @ttl: TTL or hop limit of its probes, 0 for the route's: of a path the number of the hop
 * @by_family: 4 or 6, 0 while nobody has answered
 * @by: who answered last
 * @stats: since it was added, and since its reset
 * @buckets: how its RTTs are distributed, in ascending order, if that was asked for
 * @n_buckets: how many there are
 */
struct monitor_target {
	char *name;
	int family;
	uint8_t addr[16];
	uint32_t scope;
	uint8_t ttl;
	int by_family;
	uint8_t by[16];
	struct session_stats stats;
	struct icmpctl_rtt_bucket *buckets;
	unsigned int n_buckets;
};

/**
 * struct monitor - one monitor
 * @name: unique in the namespace
 * @options: as it was given, NULL if it was not
 * @info: of its session: since when, at which interval
 * @flags: set of ICMPCTL_SESSION_F_*: _PATH if the targets are the hops of a path
 * @timeout_ns: a probe not answered after this is lost
 * @memory_bytes: the most that the kernel keeps for it
 * @keep: so many of the last probes of each target are kept
 * @keep_bytes: the memory of those, within @memory_bytes
 * @reset_ns: CLOCK_MONOTONIC at its last reset, 0 if there was none
 * @reset_unix_ns: CLOCK_REALTIME at that instant
 * @size: bytes of payload
 * @targets: of a path only the hops up to its end
 * @n: how many there are
 */
struct monitor {
	char name[ICMPCTL_MONITOR_NAME_MAX + 1];
	char *options;
	struct session_info info;
	uint32_t flags;
	uint64_t timeout_ns, memory_bytes, keep_bytes, reset_ns, reset_unix_ns;
	uint32_t keep, size;
	struct monitor_target *targets;
	unsigned int n;
};

/**
 * struct monitors - some of them
 * @list: in the order in which they were added
 * @n: how many there are
 */
struct monitors {
	struct monitor *list;
	unsigned int n;
};

/* Its targets are the hops of a path: an error of a router is an answer of theirs. */
static inline bool monitor_is_path(const struct monitor *m)
{
	return m->flags & ICMPCTL_SESSION_F_PATH;
}

/* So many hosts were asked for: its targets, or the one that a path leads to. */
static inline unsigned int monitor_hosts(const struct monitor *m)
{
	return monitor_is_path(m) ? 1 : m->n;
}

struct nl_msg *monitor_add_msg(const struct nlc *c, const char *name, const char *options,
			       const struct session_params *p, const struct target *targets,
			       const struct session_hop *hops, unsigned int n,
			       const uint32_t *keep, uint32_t flags);
int monitor_reset(struct nlc *c, const char *name, struct nlc_refusal *why);
int monitor_records(struct nlc *c, const char *name, uint32_t last, session_record_fn *fn,
		    void *arg, struct nlc_refusal *why);
int monitor_delete(struct nlc *c, const char *name, struct nlc_refusal *why);
int monitors_read(struct nlc *c, const char *name, uint32_t flags, struct monitors *m,
		  struct nlc_refusal *why);
int monitors_take(struct monitors *to, struct monitors *from);
void monitors_free(struct monitors *m);

#endif
