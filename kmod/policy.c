// SPDX-License-Identifier: GPL-2.0
/*
 * policy.c - which attributes the module takes, and of what shape
 *
 * Everything that a table can say is said here and checked by the netlink core;
 * what depends on more than one attribute is checked in request.c. Unknown
 * attributes are refused.
 */
#include <net/netlink.h>

#include "icmpctl.h"
#include "monitor.h"

/* ICMPCTL_CMD_INFO_GET takes none. */
const struct nla_policy icmpctl_info_policy[1] = {};

const struct nla_policy icmpctl_target_policy[ICMPCTL_TARGET_A_MAX + 1] = {
	[ICMPCTL_TARGET_A_ADDRESS] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[ICMPCTL_TARGET_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[ICMPCTL_TARGET_A_TTL] = NLA_POLICY_MIN(NLA_U8, 1),
	[ICMPCTL_TARGET_A_FLOW] = { .type = NLA_U32 },
	[ICMPCTL_TARGET_A_SIZE] = { .type = NLA_U32 },
	[ICMPCTL_TARGET_A_NAME] = { .type = NLA_NUL_STRING },
};

const struct nla_policy icmpctl_probe_policy[ICMPCTL_PROBE_A_MAX + 1] = {
	[ICMPCTL_PROBE_A_KIND] = NLA_POLICY_MAX(NLA_U32, ICMPCTL_PROBE_MAX),
	[ICMPCTL_PROBE_A_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
};

const struct nla_policy icmpctl_sweep_policy[ICMPCTL_SWEEP_A_MAX + 1] = {
	[ICMPCTL_SWEEP_A_RATE_PPS] = { .type = NLA_U32 },
	[ICMPCTL_SWEEP_A_TRIES] = NLA_POLICY_RANGE(NLA_U32, 1, ICMPCTL_SWEEP_TRIES_MAX),
	[ICMPCTL_SWEEP_A_SEED] = { .type = NLA_U64 },
	[ICMPCTL_SWEEP_A_SHARD] = { .type = NLA_U32 },
	[ICMPCTL_SWEEP_A_SHARDS] = NLA_POLICY_MIN(NLA_U32, 1),
	[ICMPCTL_SWEEP_A_PLACE] = { .type = NLA_U64 },
	[ICMPCTL_SWEEP_A_FLAGS] = NLA_POLICY_MASK(NLA_U32, ICMPCTL_SWEEP_F_ALL),
};

const struct nla_policy icmpctl_sweep_feed_policy[ICMPCTL_SWEEP_A_MAX + 1] = {
	[ICMPCTL_SWEEP_A_END] = { .type = NLA_FLAG },
};

/*
 * What a session and a monitor are asked for alike. Times are checked in request.c, where the
 * refusal can name the bounds.
 */
#define PROBES_POLICY \
	[ICMPCTL_SESSION_A_TARGET] = NLA_POLICY_NESTED(icmpctl_target_policy), \
	[ICMPCTL_SESSION_A_KIND] = NLA_POLICY_MAX(NLA_U32, ICMPCTL_PROBE_MAX), \
	[ICMPCTL_SESSION_A_INTERVAL_NS] = { .type = NLA_U64 }, \
	[ICMPCTL_SESSION_A_TIMEOUT_NS] = { .type = NLA_U64 }, \
	[ICMPCTL_SESSION_A_SIZE] = { .type = NLA_U32 }, \
	[ICMPCTL_SESSION_A_PATTERN] = NLA_POLICY_RANGE(NLA_BINARY, 1, ICMPCTL_PATTERN_MAX), \
	[ICMPCTL_SESSION_A_TTL] = NLA_POLICY_MIN(NLA_U8, 1), \
	[ICMPCTL_SESSION_A_TOS] = { .type = NLA_U8 }, \
	[ICMPCTL_SESSION_A_FLOW_LABEL] = { .type = NLA_U32 }, \
	[ICMPCTL_SESSION_A_PMTUDISC] = NLA_POLICY_MAX(NLA_U32, ICMPCTL_PMTUDISC_MAX), \
	[ICMPCTL_SESSION_A_SOURCE] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16), \
	[ICMPCTL_SESSION_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1), \
	[ICMPCTL_SESSION_A_MARK] = { .type = NLA_U32 }, \
	[ICMPCTL_SESSION_A_FLAGS] = NLA_POLICY_MASK(NLA_U32, ICMPCTL_SESSION_F_ALL), \
	[ICMPCTL_SESSION_A_TIMESTAMPS] = NLA_POLICY_MAX(NLA_U32, ICMPCTL_TIMESTAMPS_MAX), \
	[ICMPCTL_SESSION_A_GAP_NS] = { .type = NLA_U64 }, \
	[ICMPCTL_SESSION_A_SCHEDULE] = NLA_POLICY_MAX(NLA_U32, ICMPCTL_SCHEDULE_MAX), \
	[ICMPCTL_SESSION_A_SEED] = { .type = NLA_U64 }, \
	[ICMPCTL_SESSION_A_FLOW_BASE] = { .type = NLA_U32 }, \
	[ICMPCTL_SESSION_A_PORT] = NLA_POLICY_MIN(NLA_U16, 1)

const struct nla_policy icmpctl_start_policy[ICMPCTL_SESSION_A_MAX + 1] = {
	PROBES_POLICY,
	[ICMPCTL_SESSION_A_COUNT] = { .type = NLA_U64 },
	[ICMPCTL_SESSION_A_REPLIES] = { .type = NLA_U64 },
	[ICMPCTL_SESSION_A_DEADLINE_NS] = { .type = NLA_U64 },
	[ICMPCTL_SESSION_A_RECORDS] = NLA_POLICY_MIN(NLA_U32, ICMPCTL_RECORDS_MIN),
	[ICMPCTL_SESSION_A_SWEEP] = NLA_POLICY_NESTED(icmpctl_sweep_policy),
	[ICMPCTL_SESSION_A_PROBE] = NLA_POLICY_NESTED(icmpctl_probe_policy),
	[ICMPCTL_SESSION_A_QUERY_NAME] = { .type = NLA_STRING, .len = ICMPCTL_QUERY_NAME_MAX },
	[ICMPCTL_SESSION_A_QUERY_INDEX] = { .type = NLA_U32 },
	[ICMPCTL_SESSION_A_QUERY_ADDRESS] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
};

/* ICMPCTL_CMD_SWEEP_FEED */
const struct nla_policy icmpctl_feed_policy[ICMPCTL_SESSION_A_MAX + 1] = {
	[ICMPCTL_SESSION_A_ID] = { .type = NLA_U32 },
	[ICMPCTL_SESSION_A_SWEEP] = NLA_POLICY_NESTED(icmpctl_sweep_feed_policy),
	[ICMPCTL_SESSION_A_RANGE] = NLA_POLICY_RANGE(NLA_BINARY, 8, 32),
};

/* ICMPCTL_CMD_SESSION_STOP and _GET */
const struct nla_policy icmpctl_session_policy[ICMPCTL_SESSION_A_MAX + 1] = {
	[ICMPCTL_SESSION_A_ID] = { .type = NLA_U32 },
	[ICMPCTL_SESSION_A_TARGET_FIRST] = { .type = NLA_U32 },
};

/* Lengths and characters are checked in monitor.c, where the refusal can name the rule. */
const struct nla_policy icmpctl_monitor_policy[ICMPCTL_MONITOR_A_MAX + 1] = {
	[ICMPCTL_MONITOR_A_NAME] = { .type = NLA_NUL_STRING },
	[ICMPCTL_MONITOR_A_OPTIONS] = { .type = NLA_NUL_STRING },
	[ICMPCTL_MONITOR_A_FLAGS] = NLA_POLICY_MASK(NLA_U32, ICMPCTL_MONITOR_F_CHECK),
	[ICMPCTL_MONITOR_A_KEEP] = { .type = NLA_U32 },
};

/* ICMPCTL_CMD_MONITOR_ADD: as START, but what would end it or be told to its owner. */
const struct nla_policy icmpctl_monitor_add_policy[ICMPCTL_SESSION_A_MAX + 1] = {
	PROBES_POLICY,
	[ICMPCTL_SESSION_A_MONITOR] = NLA_POLICY_NESTED(icmpctl_monitor_policy),
};

const struct nla_policy icmpctl_monitor_ask_policy[ICMPCTL_MONITOR_A_MAX + 1] = {
	[ICMPCTL_MONITOR_A_NAME] = { .type = NLA_NUL_STRING },
	[ICMPCTL_MONITOR_A_FLAGS] = NLA_POLICY_MASK(NLA_U32, ICMPCTL_MONITOR_F_HISTOGRAM),
	[ICMPCTL_MONITOR_A_LAST] = { .type = NLA_U32 },
};

/* ICMPCTL_CMD_MONITOR_DEL, _GET, _RESET and _RECORDS */
const struct nla_policy icmpctl_monitor_get_policy[ICMPCTL_SESSION_A_MAX + 1] = {
	[ICMPCTL_SESSION_A_TARGET_FIRST] = { .type = NLA_U32 },
	[ICMPCTL_SESSION_A_MONITOR] = NLA_POLICY_NESTED(icmpctl_monitor_ask_policy),
};
