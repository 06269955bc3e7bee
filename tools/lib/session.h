/* SPDX-License-Identifier: GPL-2.0 */
/* Sessions on the wire: what is asked for, what is told. */
#ifndef ICMPCTL_SESSION_H
#define ICMPCTL_SESSION_H

#include <linux/icmpctl.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/netlink.h"
#include "lib/ranges.h"
#include "lib/target.h"

/**
 * struct session_probe - a kind of probe
 * @kind: an enum icmpctl_probe_kind
 * @port: UDP, TCP: destination port, 0 for the module's default
 */
struct session_probe {
	uint32_t kind;
	uint16_t port;
};

/**
 * struct session_params - what SESSION_START is given
 *
 * The numbers mean what the attributes of the same name mean; one that is not
 * to be sent has no bit in @set, which is indexed by the attribute; see SESSION_ASK().
 */
struct session_params {
	uint64_t set;
	uint64_t count, replies, interval_ns, timeout_ns, deadline_ns, seed, gap_ns;
	uint32_t size, flow_label, pmtudisc, ifindex, mark, flags, schedule, timestamps;
	uint32_t flow_base, kind;
	uint16_t port;
	uint8_t ttl, tos;
	uint8_t pattern[ICMPCTL_PATTERN_MAX];
	uint8_t pattern_len;
	uint8_t source[16];
	uint8_t source_len;
	/* Of a sweep: several kinds in place of @kind and @port. */
	const struct session_probe *probes;
	unsigned int n_probes;
	/* What extended echo requests ask about. */
	const char *query_name;
	uint32_t query_index;
	uint8_t query_address[16];
	uint8_t query_len;
};

#define SESSION_BIT(attr) (1ULL << (attr))

/* Has an attribute sent, whose value is a member of the parameters. */
#define SESSION_ASK(p, attribute, member, v)		\
	do {						\
		(p)->set |= SESSION_BIT(attribute);	\
		(p)->member = (v);			\
	} while (0)

/* What is of another time than the rest stands in parts behind it. */
enum stats_part {
	STATS_ALL,
	STATS_MINUTE,
	STATS_HOUR,
	STATS_SINCE_RESET,
	STATS_PARTS
};

#define STATS_OF(part, attr) ((int)(part) * (ICMPCTL_STATS_A_MAX + 1) + (attr))
#define STATS_LAST_MINUTE(attr) STATS_OF(STATS_MINUTE, attr)
#define STATS_VALUES STATS_OF(STATS_PARTS, 0)

/**
 * struct session_hop - a target that is a hop on the way to a host, or a size
 * @ttl: TTL or hop limit of its probes, 0 for the session's
 * @flow: number of their flow
 * @size: bytes of payload, 0 for the session's
 */
struct session_hop {
	uint8_t ttl;
	uint32_t flow;
	uint32_t size;
};

/**
 * struct session_stats - statistics of one target
 * @told: which were told, indexed by enum icmpctl_stats_attr or STATS_OF()
 * @value: likewise; signed ones are to be cast
 */
struct session_stats {
	bool told[STATS_VALUES];
	uint64_t value[STATS_VALUES];
};

/**
 * struct session_info - what is told of a session itself
 *
 * @set has a bit for each attribute that was there; the rest stays as it was.
 */
struct session_info {
	uint64_t set;
	uint32_t id, state, reason, owner_portid, owner_pid, targets;
	uint16_t icmp_id;
	uint64_t started_ns, started_unix_ns, elapsed_ns, records_dropped;
	uint64_t interval_ns, count, seed, hw_error_ns, hw_rtt_error_ns;
	int32_t hw_drift_ppb;
	uint32_t schedule;
	uint64_t late_p50_ns, late_p90_ns, late_p99_ns, late_p999_ns, late_max_ns;
	char owner_comm[32];
};

/**
 * struct session_sweep - what a sweep is asked, and what it tells
 *
 * Indexed by enum icmpctl_sweep_attr; what is not asked or not told has no bit in @set.
 */
struct session_sweep {
	uint64_t set;
	uint64_t value[ICMPCTL_SWEEP_A_MAX + 1];
};

typedef int session_record_fn(void *arg, const struct icmpctl_record *r);
typedef int session_extended_fn(void *arg, const struct icmpctl_record *r,
				const struct icmpctl_extension *extension);
typedef int session_stats_fn(void *arg, uint32_t target, const struct session_stats *s);

int session_put_params(struct nl_msg *msg, const struct session_params *p);
int session_put_target(struct nl_msg *msg, const struct target *t, const struct session_hop *hop,
		       const char *name);
int session_stats_parse(struct session_stats *stats, struct nlattr *nest);
struct nl_msg *session_start_msg(const struct nlc *c, const struct session_params *p,
				 const struct target *targets, unsigned int n);
struct nl_msg *session_path_msg(const struct nlc *c, const struct session_params *p,
				const struct target *t, const struct session_hop *hops,
				unsigned int n);
struct nl_msg *session_sweep_msg(const struct nlc *c, const struct session_params *p,
				 const struct session_sweep *sweep, uint32_t records);
struct nl_msg *session_feed_msg(const struct nlc *c, uint32_t id, const struct range *ranges,
				unsigned int n, bool end);
int session_sweep_parse(struct session_sweep *sweep, const struct nlmsghdr *nlh);
struct nl_msg *session_msg(const struct nlc *c, int command, uint32_t id,
			   uint32_t first_target);
int session_blamed_target(const struct nl_msg *msg, uint32_t offset);
int session_blamed_range(const struct nl_msg *msg, uint32_t offset);
int session_attr_at(const struct nl_msg *msg, uint32_t offset);
int session_info_parse(struct session_info *info, const struct nlmsghdr *nlh);
int session_records(const struct nlmsghdr *nlh, session_record_fn *fn, void *arg);
int session_extended(const struct nlmsghdr *nlh, session_extended_fn *fn, void *arg);
int session_targets(const struct nlmsghdr *nlh, session_stats_fn *fn, void *arg);

/* A statistic that was told; 0 if not. */
static inline uint64_t stats_get(const struct session_stats *s, int attr)
{
	return s->value[attr];
}

/* Bytes of payload: those asked for, or the module's default. */
static inline uint32_t session_size(const struct session_params *p)
{
	return p->set & SESSION_BIT(ICMPCTL_SESSION_A_SIZE) ? p->size : 56;
}

/* The counter of a cause; both enums are in the same order. */
static inline int stats_of_cause(unsigned int cause)
{
	return ICMPCTL_STATS_A_CAUSE_SILENCE + (int)(cause - ICMPCTL_CAUSE_SILENCE);
}

static inline bool stats_has(const struct session_stats *s, int attr)
{
	return s->told[attr];
}

#endif
