/* SPDX-License-Identifier: GPL-2.0 */
/*
 * monitor.h - sessions that belong to their namespace
 *
 *  icmpctl --genl--> monitor_netlink.c -> monitor.c: name, strings -> session.c -> sched.c
 *  sched.c, verdict.c -> record.c -> monitor.c: who answered
 *  icmpctl --genl--> monitor_netlink.c -> report.c: read, as often as anyone likes
 *  icmpctl --genl--> monitor_netlink.c -> monitor.c: the last probes, as often as anyone likes
 *
 * A monitor is a session without an owner: no event is sent, nothing is consumed by
 * reading, and it ends by its name or with its namespace alone. It is in no list of
 * sessions but in icmpctl_net.monitors, by its id, until it is released; and in
 * icmpctl_net.names until it is to end. Each that is there keeps the module loaded.
 */
#ifndef _ICMPCTL_MONITOR_H
#define _ICMPCTL_MONITOR_H

#include <linux/rbtree.h>
#include <linux/stddef.h>
#include <uapi/linux/icmpctl.h>

#include "icmpctl.h"

/**
 * struct icmpctl_kept - a record that is kept, without what those have not that are
 * @head: up to its @gateway.
 * @tail: from there to @to.
 */
struct icmpctl_kept {
	u8 head[offsetof(struct icmpctl_record, gateway)];
	u8 tail[offsetof(struct icmpctl_record, to) -
		offsetofend(struct icmpctl_record, gateway)];
};

/**
 * struct icmpctl_monitor_target - what a monitor keeps of a target
 * @name: what its user calls it; NULL: nothing.
 * @by: who answered last; guarded by the lock of the target.
 * @by_family: AF_INET or AF_INET6; 0: nobody has.
 * @silent: so many of the latest probes got no answer at all, as far as anyone counts;
 *	likewise.
 * @hour: what became of the probes of the last hour; likewise.
 * @told: how many probes have ever been put among the last ones; likewise.
 */
struct icmpctl_monitor_target {
	const char *name;
	union icmpctl_addr by;
	u8 by_family;
	u8 silent;
	struct icmpctl_window hour;
	u64 told;
};

/**
 * struct icmpctl_monitor - what a monitor has of its own
 * @by_name: in icmpctl_net.names; not in there: it has no name any more, or not yet, and
 *	does not keep the module loaded.
 * @session: whose it is.
 * @name: of the monitor; all other strings are behind it.
 * @options: as given; NULL: none were.
 * @kept: what became of the last probes of all targets, a ring of config.monitor.keep for
 *	each, one behind the other; guarded by the lock of the target.
 * @since: of each target the statistics since the reset, guarded by its lock; NULL: there was
 *	none. Set once, with the lock of the namespace held.
 * @reset_ns: when that was, CLOCK_MONOTONIC; guarded by the lock of the namespace.
 * @reset_real_ns: CLOCK_REALTIME at the same instant.
 * @target: as many as the session has.
 */
struct icmpctl_monitor {
	struct rb_node by_name;
	struct icmpctl_session *session;
	char *name;
	const char *options;
	struct icmpctl_kept *kept;
	struct icmpctl_stats *since;
	u64 reset_ns;
	u64 reset_real_ns;
	struct icmpctl_monitor_target target[];
};

/* ---- monitor.c: names, and what is kept ---- */

int icmpctl_monitor_config(struct genl_info *info, struct icmpctl_config *config);
bool icmpctl_monitor_few(const struct icmpctl_config *config);
u64 icmpctl_monitor_bytes(const struct icmpctl_config *config);
int icmpctl_monitor_init(struct icmpctl_session *session, struct genl_info *info);
void icmpctl_monitor_free(struct icmpctl_session *session);
int icmpctl_monitor_list(struct icmpctl_session *session, struct genl_info *info);
void icmpctl_monitor_unlist(struct icmpctl_session *session);
struct icmpctl_session *icmpctl_monitor_find(struct icmpctl_net *inet, const char *name);
u64 icmpctl_monitor_first_ns(const struct icmpctl_session *session, u64 earliest_ns);
void icmpctl_monitor_record(struct icmpctl_session *session,
			    const struct icmpctl_record *record);
int icmpctl_monitor_reset(struct icmpctl_session *session, struct genl_info *info);
bool icmpctl_monitor_kept(struct icmpctl_session *session, u32 target, u64 *place,
			  struct icmpctl_record *record);
u64 icmpctl_monitor_told(struct icmpctl_session *session, u32 target);
void icmpctl_monitor_hop(struct icmpctl_session *session, u32 target);
int icmpctl_monitor_report(struct sk_buff *skb, struct icmpctl_session *session);
int icmpctl_monitor_report_target(struct sk_buff *skb, struct icmpctl_session *session,
				  u32 index);

/* ---- monitor_netlink.c: its requests ---- */

int icmpctl_monitor_add(struct sk_buff *request, struct genl_info *info);
int icmpctl_monitor_del(struct sk_buff *request, struct genl_info *info);
int icmpctl_monitor_get(struct sk_buff *request, struct genl_info *info);
int icmpctl_monitor_dump_start(struct netlink_callback *cb);
int icmpctl_monitor_dump(struct sk_buff *skb, struct netlink_callback *cb);
int icmpctl_monitor_reset_asked(struct sk_buff *request, struct genl_info *info);
int icmpctl_monitor_records(struct sk_buff *skb, struct netlink_callback *cb);

/* ---- policy.c ---- */

extern const struct nla_policy icmpctl_monitor_policy[ICMPCTL_MONITOR_A_MAX + 1];
extern const struct nla_policy icmpctl_monitor_ask_policy[ICMPCTL_MONITOR_A_MAX + 1];
extern const struct nla_policy icmpctl_monitor_add_policy[ICMPCTL_SESSION_A_MAX + 1];
extern const struct nla_policy icmpctl_monitor_get_policy[ICMPCTL_SESSION_A_MAX + 1];

#endif /* _ICMPCTL_MONITOR_H */
