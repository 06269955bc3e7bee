/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request.h - what is asked for, and what of it one namespace may have
 *
 *  icmpctl --genl--> netlink.c, policy.c -> request.c: icmpctl_config, icmpctl_target
 *  session.c -> limits.c: icmpctl_cost
 */
#ifndef _ICMPCTL_REQUEST_H
#define _ICMPCTL_REQUEST_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <net/genetlink.h>
#include <uapi/linux/icmpctl.h>

#include "core/addr.h"
#include "core/packet.h"
#include "core/stats.h"

struct icmpctl_net;

/* ---- request.c: what was asked for ---- */

/**
 * struct icmpctl_kind - a kind of probe that a sweep sends
 * @kind: enum icmpctl_probe_kind.
 * @port: UDP, TCP: destination port.
 * @stream: index of the stream in the session, if it has one.
 */
struct icmpctl_kind {
	u8 kind;
	u16 port;
	u16 stream;
};

/**
 * struct icmpctl_sweep_config - what is asked of a sweep; see enum icmpctl_sweep_attr
 * @seed: of the order.
 * @place: where in the order it begins.
 * @rate_pps: probes a second; 0: all there are to be had.
 * @inflight: addresses that may be under way.
 * @tries: probes of each kind to an address.
 * @shard: number of the part.
 * @shards: how many parts.
 * @flags: set of ICMPCTL_SWEEP_F_*.
 * @kinds: how many kinds of probes there are: for IPv4, for IPv6.
 * @kind: which, in the order they are sent; likewise.
 */
struct icmpctl_sweep_config {
	u64 seed;
	u64 place;
	u32 rate_pps;
	u32 inflight;
	u32 tries;
	u32 shard;
	u32 shards;
	u32 flags;
	u32 kinds[2];
	struct icmpctl_kind kind[2][ICMPCTL_PROBES_MAX];
};

/**
 * struct icmpctl_monitor_config - what is asked of a monitor; see enum icmpctl_monitor_attr
 * @is: it is one.
 * @check: it is only asked whether it would be added.
 * @keep: so many of the last probes of each target are kept.
 * @text_bytes: memory of all its strings.
 */
struct icmpctl_monitor_config {
	bool is;
	bool check;
	u32 keep;
	u32 text_bytes;
};

/*
 * Octaves of nanoseconds that the distribution of a monitor's RTTs may have: from the least
 * to the greatest a factor of 256 at least.
 */
#define ICMPCTL_MONITOR_OCTAVES	8

/**
 * struct icmpctl_config - a checked request; see enum icmpctl_session_attr
 * @kind: enum icmpctl_probe_kind.
 * @port: UDP, TCP: destination port.
 * @count: probes for each target; 0: without end.
 * @replies: a target is finished after so many; 0: never.
 * @interval_ns: from one probe of a target to its next.
 * @gap_ns: from one target's probe to the next one's; 0: spread over the interval.
 * @timeout_ns: a probe is lost after this.
 * @deadline_ns: the session ends after this; 0: never.
 * @size: bytes of payload.
 * @flow_label: of IPv6 probes.
 * @flow_base: tells this session's flows from those of others.
 * @pmtudisc: enum icmpctl_pmtudisc.
 * @ifindex: probes leave by this interface; 0: the route's.
 * @mark: firewall mark of the probes.
 * @flags: set of ICMPCTL_SESSION_F_*.
 * @timestamps: enum icmpctl_timestamps.
 * @records: room for records, a power of two; 0: none are kept.
 * @targets: how many targets follow in the request.
 * @schedule: enum icmpctl_schedule.
 * @seed: of the random gaps.
 * @ttl: TTL or hop limit; 0: the route's.
 * @tos: TOS or traffic class.
 * @pattern_len: bytes of @pattern in use.
 * @pattern: repeated over the payload.
 * @source_family: AF_INET or AF_INET6, or 0 for the route's source.
 * @source: source address of the probes.
 * @query: what extended echo requests ask about.
 * @sweep: of a sweep; else NULL.
 * @monitor: of a monitor.
 */
struct icmpctl_config {
	u32 kind;
	u16 port;
	u64 count;
	u64 replies;
	u64 interval_ns;
	u64 gap_ns;
	u64 timeout_ns;
	u64 deadline_ns;
	u32 size;
	u32 flow_label;
	u32 flow_base;
	u32 pmtudisc;
	u32 ifindex;
	u32 mark;
	u32 flags;
	u32 timestamps;
	u32 records;
	u32 targets;
	u32 schedule;
	u64 seed;
	u8 ttl;
	u8 tos;
	u8 pattern_len;
	u8 pattern[ICMPCTL_PATTERN_MAX];
	u8 source_family;
	union icmpctl_addr source;
	struct icmpctl_query query;
	struct icmpctl_sweep_config *sweep;
	struct icmpctl_monitor_config monitor;
};

/**
 * struct icmpctl_target - one host that is probed, or one hop on the way to it
 * @addr: its address.
 * @family: AF_INET or AF_INET6.
 * @ttl: TTL or hop limit of the probes; 0: the route's.
 * @flow: number of the flow that the probes are of.
 * @flow_sum: what makes the flow, see icmpctl_cookie_steady(); 0: none was asked for.
 * @flow_label: of IPv6 probes.
 * @stream: index of the stream in the session that probes to it are of, if they have one.
 * @size: bytes of payload.
 * @ifindex: probes leave by this interface; 0: the route's.
 * @group: broadcast or multicast: anyone may answer.
 * @handing: the last probe to it is being handed over: counted as sent, and may be refused yet.
 * @unanswered: of a session that is paced by answers: so many of the latest probes have none,
 *	or more. Set by the work, and by answers to 0.
 * @path_mtu: largest packet that routers on the path have let pass; 0: none has
 *	complained. Of this session alone: the kernel's own cache is not touched.
 * @last: number of the last probe to it; 0: none. The session's work alone.
 * @egress: the interface that the last probe left by; 0: none yet. The work alone.
 * @stamps_by: the interface whose driver stamped a probe; 0: none has.
 * @lock: guards @stats, @handing, @wait_max_ns and the writing of @had; taken in softirq.
 * @wait_max_ns: longest from a hand-over to its answer in our hook: the RTT, and what
 *	the queues of this host add to it.
 * @had: set of the enum icmpctl_source that RTTs were made of.
 * @stats: what became of the probes.
 * @minute: what became of those of the last minute.
 */
struct icmpctl_target {
	union icmpctl_addr addr;
	u8 family;
	u8 ttl;
	u16 flow;
	u16 flow_sum;
	u16 stream;
	u32 flow_label;
	u32 size;
	u32 ifindex;
	bool group;
	bool handing;
	u8 unanswered;
	u32 path_mtu;
	u64 last;
	u32 egress;
	u32 stamps_by;
	spinlock_t lock;	/* guards @stats */
	u32 had;
	u64 wait_max_ns;
	struct icmpctl_stats stats;
	struct icmpctl_window minute;
};

int icmpctl_request_config(struct genl_info *info, struct icmpctl_config *config);
int icmpctl_request_port(struct genl_info *info, u32 kind, struct nlattr *attr, u16 *port);
int icmpctl_request_targets(struct genl_info *info, const struct icmpctl_config *config,
			    struct icmpctl_target *targets);

/* ---- limits.c: what one namespace may take ---- */

/**
 * struct icmpctl_cost - what a session takes of its namespace's bounds
 * @sessions: 1, of a monitor 0; of a namespace: how many there are.
 * @monitors: of a monitor 1, else 0; likewise.
 * @inflight: probes that may be unanswered at once.
 * @rate_pps: probes a second.
 * @memory_bytes: memory, if it is no monitor.
 * @monitor_bytes: memory, if it is one.
 */
struct icmpctl_cost {
	u32 sessions;
	u32 monitors;
	u32 inflight;
	u32 rate_pps;
	u64 memory_bytes;
	u64 monitor_bytes;
};

extern unsigned int icmpctl_max_sessions;
extern unsigned int icmpctl_max_targets;
extern unsigned int icmpctl_max_inflight;
extern unsigned int icmpctl_max_rate_pps;
extern unsigned int icmpctl_max_memory_kib;
extern unsigned int icmpctl_max_monitors;
extern unsigned int icmpctl_max_monitor_memory_kib;

u64 icmpctl_limits_taken(u64 n, size_t size);
void *icmpctl_limits_alloc(size_t n, size_t size);
void icmpctl_limits_cost(const struct icmpctl_config *config, struct icmpctl_cost *cost);
int icmpctl_limits_take(struct icmpctl_net *inet, const struct icmpctl_cost *cost,
			struct genl_info *info);
void icmpctl_limits_give(struct icmpctl_net *inet, const struct icmpctl_cost *cost);

#endif /* _ICMPCTL_REQUEST_H */
