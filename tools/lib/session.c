// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions on the wire: requests from what a command wants, and what the
 * module tells from messages. Attributes that are not known are passed over:
 * a newer module may tell more.
 */
#include "lib/session.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

/* All attributes but the targets, and some to spare. */
#define PARAMS_ROOM 1024
/* A nest, an address of 16 bytes, an interface, a TTL, a flow, a size: 4 + 20 + 4 * 8. */
#define TARGET_ROOM 56

/**
 * session_put_target - add a target to a request
 * @msg: the request
 * @t: the host
 * @hop: how it is probed if it stands for a hop on the way to it, else NULL
 * @name: what the module is to call it, NULL for nothing
 *
 * Return: 0 or -EMSGSIZE.
 */
int session_put_target(struct nl_msg *msg, const struct target *t, const struct session_hop *hop,
		       const char *name)
{
	struct nlattr *nest = nla_nest_start(msg, ICMPCTL_SESSION_A_TARGET | NLA_F_NESTED);

	if (!nest)
		return -EMSGSIZE;
	NLA_PUT(msg, ICMPCTL_TARGET_A_ADDRESS, t->family == 4 ? 4 : 16, t->addr);
	if (t->scope)
		NLA_PUT_U32(msg, ICMPCTL_TARGET_A_IFINDEX, t->scope);
	if (hop) {
		if (hop->ttl)
			NLA_PUT_U8(msg, ICMPCTL_TARGET_A_TTL, hop->ttl);
		NLA_PUT_U32(msg, ICMPCTL_TARGET_A_FLOW, hop->flow);
		if (hop->size)
			NLA_PUT_U32(msg, ICMPCTL_TARGET_A_SIZE, hop->size);
	}
	if (name)
		NLA_PUT_STRING(msg, ICMPCTL_TARGET_A_NAME, name);
	nla_nest_end(msg, nest);
	return 0;

nla_put_failure:
	return -EMSGSIZE;
}

static int put_probes(struct nl_msg *msg, const struct session_params *p)
{
	for (unsigned int i = 0; i < p->n_probes; i++) {
		struct nlattr *nest = nla_nest_start(msg, ICMPCTL_SESSION_A_PROBE | NLA_F_NESTED);

		if (!nest)
			goto nla_put_failure;
		NLA_PUT_U32(msg, ICMPCTL_PROBE_A_KIND, p->probes[i].kind);
		if (p->probes[i].port)
			NLA_PUT_U16(msg, ICMPCTL_PROBE_A_PORT, p->probes[i].port);
		nla_nest_end(msg, nest);
	}
	return 0;

nla_put_failure:
	return -EMSGSIZE;
}

/**
 * session_put_params - add to a request what is wanted of a session
 * @msg: the request
 * @p: what is wanted
 *
 * Return: 0 or -EMSGSIZE.
 */
int session_put_params(struct nl_msg *msg, const struct session_params *p)
{
#define PUT(type, attr, member)						\
	do {								\
		if (p->set & SESSION_BIT(ICMPCTL_SESSION_A_##attr))	\
			NLA_PUT_##type(msg, ICMPCTL_SESSION_A_##attr, p->member); \
	} while (0)

	PUT(U64, COUNT, count);
	PUT(U64, REPLIES, replies);
	PUT(U64, INTERVAL_NS, interval_ns);
	PUT(U64, TIMEOUT_NS, timeout_ns);
	PUT(U64, DEADLINE_NS, deadline_ns);
	PUT(U32, SIZE, size);
	PUT(U8, TTL, ttl);
	PUT(U8, TOS, tos);
	PUT(U32, FLOW_LABEL, flow_label);
	PUT(U32, PMTUDISC, pmtudisc);
	PUT(U32, IFINDEX, ifindex);
	PUT(U32, MARK, mark);
	PUT(U32, FLAGS, flags);
	PUT(U32, SCHEDULE, schedule);
	PUT(U64, SEED, seed);
	PUT(U32, TIMESTAMPS, timestamps);
	PUT(U64, GAP_NS, gap_ns);
	PUT(U32, FLOW_BASE, flow_base);
	PUT(U32, KIND, kind);
	PUT(U16, PORT, port);
	PUT(U32, QUERY_INDEX, query_index);
#undef PUT
	if (p->set & SESSION_BIT(ICMPCTL_SESSION_A_PATTERN))
		NLA_PUT(msg, ICMPCTL_SESSION_A_PATTERN, p->pattern_len, p->pattern);
	if (p->set & SESSION_BIT(ICMPCTL_SESSION_A_SOURCE))
		NLA_PUT(msg, ICMPCTL_SESSION_A_SOURCE, p->source_len, p->source);
	if (p->query_name)
		NLA_PUT_STRING(msg, ICMPCTL_SESSION_A_QUERY_NAME, p->query_name);
	if (p->query_len)
		NLA_PUT(msg, ICMPCTL_SESSION_A_QUERY_ADDRESS, p->query_len, p->query_address);
	return put_probes(msg, p);

nla_put_failure:
	return -EMSGSIZE;
}

/* Targets are hosts, or with @hops the hops on the way to one. */
static struct nl_msg *start_msg(const struct nlc *c, const struct session_params *p,
				const struct target *targets, const struct session_hop *hops,
				unsigned int n)
{
	struct nl_msg *msg = nlc_request(c, ICMPCTL_CMD_SESSION_START, 0,
					 PARAMS_ROOM + (size_t)n * TARGET_ROOM);
	int err;

	if (!msg)
		return NULL;
	err = session_put_params(msg, p);
	for (unsigned int i = 0; i < n && !err; i++)
		err = hops ? session_put_target(msg, targets, &hops[i], NULL) :
			     session_put_target(msg, &targets[i], NULL, NULL);
	if (err) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

/**
 * session_start_msg - put together a SESSION_START
 * @c: the socket it is for
 * @p: what is wanted
 * @targets: of whom
 * @n: how many they are
 *
 * Return: the message, NULL without memory.
 */
struct nl_msg *session_start_msg(const struct nlc *c, const struct session_params *p,
				 const struct target *targets, unsigned int n)
{
	return start_msg(c, p, targets, NULL, n);
}

/**
 * session_path_msg - put together a SESSION_START whose targets are hops
 * @c: the socket it is for
 * @p: what is wanted
 * @t: where the path leads
 * @hops: its hops, in ascending order of TTL
 * @n: how many they are
 *
 * Return: the message, NULL without memory.
 */
struct nl_msg *session_path_msg(const struct nlc *c, const struct session_params *p,
				const struct target *t, const struct session_hop *hops,
				unsigned int n)
{
	return start_msg(c, p, t, hops, n);
}

static bool sweep_is_u64(int attr)
{
	return attr == ICMPCTL_SWEEP_A_SEED || attr == ICMPCTL_SWEEP_A_PLACE;
}

/**
 * session_sweep_msg - put together a SESSION_START of a sweep
 * @c: the socket it is for
 * @p: what is wanted of the session
 * @sweep: what is wanted of the sweep
 * @records: how many may wait to be read
 *
 * Return: the message, NULL without memory.
 */
struct nl_msg *session_sweep_msg(const struct nlc *c, const struct session_params *p,
				 const struct session_sweep *sweep, uint32_t records)
{
	struct nl_msg *msg = nlc_request(c, ICMPCTL_CMD_SESSION_START, 0, PARAMS_ROOM);
	struct nlattr *nest;

	if (!msg)
		return NULL;
	if (session_put_params(msg, p))
		goto nla_put_failure;
	NLA_PUT_U32(msg, ICMPCTL_SESSION_A_RECORDS, records);
	nest = nla_nest_start(msg, ICMPCTL_SESSION_A_SWEEP | NLA_F_NESTED);
	if (!nest)
		goto nla_put_failure;
	for (int i = 1; i <= ICMPCTL_SWEEP_A_MAX; i++) {
		if (!(sweep->set & SESSION_BIT(i)))
			continue;
		if (sweep_is_u64(i))
			NLA_PUT_U64(msg, i, sweep->value[i]);
		else
			NLA_PUT_U32(msg, i, sweep->value[i]);
	}
	nla_nest_end(msg, nest);
	return msg;

nla_put_failure:
	nlmsg_free(msg);
	return NULL;
}

/**
 * session_feed_msg - put together a SWEEP_FEED
 * @c: the socket it is for
 * @id: the sweep
 * @ranges: what is to be asked
 * @n: how many ranges
 * @end: these are the last
 *
 * Return: the message, NULL without memory.
 */
struct nl_msg *session_feed_msg(const struct nlc *c, uint32_t id, const struct range *ranges,
				unsigned int n, bool end)
{
	struct nl_msg *msg = nlc_request(c, ICMPCTL_CMD_SWEEP_FEED, 0,
					 PARAMS_ROOM + (size_t)n * nla_total_size(32));
	struct nlattr *nest;

	if (!msg)
		return NULL;
	NLA_PUT_U32(msg, ICMPCTL_SESSION_A_ID, id);
	if (end) {
		nest = nla_nest_start(msg, ICMPCTL_SESSION_A_SWEEP | NLA_F_NESTED);
		if (!nest)
			goto nla_put_failure;
		NLA_PUT_FLAG(msg, ICMPCTL_SWEEP_A_END);
		nla_nest_end(msg, nest);
	}
	for (unsigned int i = 0; i < n; i++) {
		int len = ranges[i].family == 4 ? 4 : 16;
		uint8_t both[32];

		memcpy(both, ranges[i].first, len);
		memcpy(both + len, ranges[i].last, len);
		NLA_PUT(msg, ICMPCTL_SESSION_A_RANGE, 2 * len, both);
	}
	return msg;

nla_put_failure:
	nlmsg_free(msg);
	return NULL;
}

/**
 * session_sweep_parse - read what a message tells of a sweep
 * @sweep: the result; what the message does not tell stays as it was
 * @nlh: the message
 *
 * Return: 0, or -EINVAL if the message is cut short.
 */
int session_sweep_parse(struct session_sweep *sweep, const struct nlmsghdr *nlh)
{
	struct nlattr *tb[ICMPCTL_SESSION_A_MAX + 1], *told[ICMPCTL_SWEEP_A_MAX + 1];

	if (nlc_parse(nlh, tb, ICMPCTL_SESSION_A_MAX))
		return -EINVAL;
	if (!tb[ICMPCTL_SESSION_A_SWEEP])
		return 0;
	if (nla_parse_nested(told, ICMPCTL_SWEEP_A_MAX, tb[ICMPCTL_SESSION_A_SWEEP], NULL))
		return -EINVAL;
	for (int i = 1; i <= ICMPCTL_SWEEP_A_MAX; i++) {
		if (!told[i] || i == ICMPCTL_SWEEP_A_PAD)
			continue;
		sweep->set |= SESSION_BIT(i);
		sweep->value[i] = nlc_uint(told[i]);
	}
	return 0;
}

/**
 * session_msg - put together a request about one session
 * @c: the socket it is for
 * @command: SESSION_STOP or SESSION_GET
 * @id: the session
 * @first_target: SESSION_GET: the first target to tell of
 *
 * Return: the message, NULL without memory.
 */
struct nl_msg *session_msg(const struct nlc *c, int command, uint32_t id,
			   uint32_t first_target)
{
	struct nl_msg *msg = nlc_request(c, command, 0, PARAMS_ROOM);

	if (!msg)
		return NULL;
	NLA_PUT_U32(msg, ICMPCTL_SESSION_A_ID, id);
	if (first_target)
		NLA_PUT_U32(msg, ICMPCTL_SESSION_A_TARGET_FIRST, first_target);
	return msg;

nla_put_failure:
	nlmsg_free(msg);
	return NULL;
}

/**
 * session_info_parse - read what a message tells of a session itself
 * @info: the result; what the message does not tell stays as it was
 * @nlh: the message
 *
 * Return: 0, or -EINVAL if the message is cut short.
 */
int session_info_parse(struct session_info *info, const struct nlmsghdr *nlh)
{
	struct nlattr *tb[ICMPCTL_SESSION_A_MAX + 1];

	if (nlc_parse(nlh, tb, ICMPCTL_SESSION_A_MAX))
		return -EINVAL;
#define GET(attr, member)						\
	do {								\
		if (tb[ICMPCTL_SESSION_A_##attr]) {			\
			info->set |= SESSION_BIT(ICMPCTL_SESSION_A_##attr); \
			info->member = nlc_uint(tb[ICMPCTL_SESSION_A_##attr]); \
		}							\
	} while (0)

	GET(ID, id);
	GET(COUNT, count);
	GET(INTERVAL_NS, interval_ns);
	GET(RECORDS_DROPPED, records_dropped);
	GET(ICMP_ID, icmp_id);
	GET(STARTED_NS, started_ns);
	GET(STARTED_UNIX_NS, started_unix_ns);
	GET(ELAPSED_NS, elapsed_ns);
	GET(STATE, state);
	GET(REASON, reason);
	GET(OWNER_PORTID, owner_portid);
	GET(OWNER_PID, owner_pid);
	GET(TARGETS, targets);
	GET(SCHEDULE, schedule);
	GET(SEED, seed);
	GET(HW_ERROR_NS, hw_error_ns);
	GET(HW_DRIFT_PPB, hw_drift_ppb);
	GET(HW_RTT_ERROR_NS, hw_rtt_error_ns);
	GET(SEND_LATE_P50_NS, late_p50_ns);
	GET(SEND_LATE_P90_NS, late_p90_ns);
	GET(SEND_LATE_P99_NS, late_p99_ns);
	GET(SEND_LATE_P999_NS, late_p999_ns);
	GET(SEND_LATE_MAX_NS, late_max_ns);
#undef GET
	if (tb[ICMPCTL_SESSION_A_OWNER_COMM])
		nla_strlcpy(info->owner_comm, tb[ICMPCTL_SESSION_A_OWNER_COMM],
			    sizeof(info->owner_comm));
	return 0;
}

/* Calls @fn with every attribute of one type. */
static int each(const struct nlmsghdr *nlh, int type,
		int (*fn)(void *ctx, struct nlattr *attr), void *ctx)
{
	struct genlmsghdr *ghdr = nlmsg_data(nlh);
	struct nlattr *attr;
	int rest, result = 0;

	if (nlmsg_datalen(nlh) < (int)GENL_HDRLEN)
		return -EINVAL;
	nla_for_each_attr(attr, genlmsg_attrdata(ghdr, 0), genlmsg_attrlen(ghdr, 0), rest) {
		if (nla_type(attr) != type)
			continue;
		result = fn(ctx, attr);
		if (result)
			break;
	}
	return result;
}

struct record_call {
	session_record_fn *fn;
	void *arg;
};

static int one_record(void *ctx, struct nlattr *attr)
{
	const struct record_call *call = ctx;
	/* Shorter from an older module, longer from a newer one. */
	struct icmpctl_record r = { .seq = 0 };
	size_t len = nla_len(attr);

	memcpy(&r, nla_data(attr), len < sizeof(r) ? len : sizeof(r));
	return call->fn(call->arg, &r);
}

/**
 * session_records - hand on the records of a PROBES_EVENT
 * @nlh: the message
 * @fn: gets them; nonzero ends it
 * @arg: its first argument
 *
 * Return: what @fn returned, or -EINVAL if the message is cut short.
 */
int session_records(const struct nlmsghdr *nlh, session_record_fn *fn, void *arg)
{
	struct record_call call = { fn, arg };

	return each(nlh, ICMPCTL_SESSION_A_RECORD, one_record, &call);
}

struct extended_call {
	const struct nlmsghdr *nlh;
	session_extended_fn *fn;
	void *arg;
	uint32_t record;
	struct icmpctl_extension extension;
	bool found;
};

static int one_extension(void *ctx, struct nlattr *attr)
{
	struct extended_call *call = ctx;
	struct icmpctl_extension e = { .len = 0 };
	size_t len = nla_len(attr);

	memcpy(&e, nla_data(attr), len < sizeof(e) ? len : sizeof(e));
	if (e.record != call->record || e.len > sizeof(e.objects))
		return 0;
	call->extension = e;
	call->found = true;
	return 1;
}

static int one_extended(void *ctx, const struct icmpctl_record *r)
{
	struct extended_call *call = ctx;

	call->found = false;
	if (r->extension == ICMPCTL_EXTENSION_GOOD)
		each(call->nlh, ICMPCTL_SESSION_A_EXTENSION, one_extension, call);
	call->record++;
	return call->fn(call->arg, r, call->found ? &call->extension : NULL);
}

/**
 * session_extended - hand on the records of a PROBES_EVENT with what answers had appended
 * @nlh: the message
 * @fn: gets each with its extension or NULL; nonzero ends it
 * @arg: its first argument
 *
 * Return: what @fn returned, or -EINVAL if the message is cut short.
 */
int session_extended(const struct nlmsghdr *nlh, session_extended_fn *fn, void *arg)
{
	struct extended_call call = { .nlh = nlh, .fn = fn, .arg = arg };

	return session_records(nlh, one_extended, &call);
}

struct target_call {
	session_stats_fn *fn;
	void *arg;
};

/* The part that an attribute is the nest of; STATS_ALL if it is a figure. */
static enum stats_part part_of(int attr)
{
	switch (attr) {
	case ICMPCTL_STATS_A_LAST_MINUTE:
		return STATS_MINUTE;
	case ICMPCTL_STATS_A_LAST_HOUR:
		return STATS_HOUR;
	case ICMPCTL_STATS_A_SINCE_RESET:
		return STATS_SINCE_RESET;
	}
	return STATS_ALL;
}

/* Takes the statistics of a nest. */
static int take_stats(struct session_stats *stats, enum stats_part part, struct nlattr *nest)
{
	struct nlattr *tb[ICMPCTL_STATS_A_MAX + 1];

	if (nla_parse_nested(tb, ICMPCTL_STATS_A_MAX, nest, NULL))
		return -EINVAL;
	for (int i = 0; i <= ICMPCTL_STATS_A_MAX; i++) {
		if (!tb[i] || i == ICMPCTL_STATS_A_PAD)
			continue;
		stats->told[STATS_OF(part, i)] = true;
		if (i == ICMPCTL_STATS_A_RTT_BUCKET)
			continue;
		if (part_of(i) == STATS_ALL)
			stats->value[STATS_OF(part, i)] = nlc_uint(tb[i]);
		else if (part == STATS_ALL && take_stats(stats, part_of(i), tb[i]))
			return -EINVAL;
	}
	return 0;
}

/**
 * session_stats_parse - read the statistics of a target
 * @stats: the result
 * @nest: a TARGET_A_STATS
 *
 * Return: 0, or -EINVAL if it is cut short.
 */
int session_stats_parse(struct session_stats *stats, struct nlattr *nest)
{
	*stats = (struct session_stats){ .told = { false } };
	return take_stats(stats, STATS_ALL, nest);
}

static int one_target(void *ctx, struct nlattr *attr)
{
	struct nlattr *target[ICMPCTL_TARGET_A_MAX + 1];
	const struct target_call *call = ctx;
	struct session_stats stats;

	if (nla_parse_nested(target, ICMPCTL_TARGET_A_MAX, attr, NULL) ||
	    !target[ICMPCTL_TARGET_A_INDEX] || !target[ICMPCTL_TARGET_A_STATS] ||
	    session_stats_parse(&stats, target[ICMPCTL_TARGET_A_STATS]))
		return 0;
	return call->fn(call->arg, nlc_uint(target[ICMPCTL_TARGET_A_INDEX]), &stats);
}

/**
 * session_targets - hand on the statistics in a STATS_EVENT or SESSION_GET
 * @nlh: the message
 * @fn: gets them, target by target; nonzero ends it
 * @arg: its first argument
 *
 * Return: what @fn returned, or -EINVAL if the message is cut short.
 */
int session_targets(const struct nlmsghdr *nlh, session_stats_fn *fn, void *arg)
{
	struct target_call call = { fn, arg };

	return each(nlh, ICMPCTL_SESSION_A_TARGET, one_target, &call);
}
