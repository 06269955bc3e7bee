// SPDX-License-Identifier: GPL-2.0
/*
 * request.c - what was asked for, checked before anything is allocated
 *
 * Every refusal names the attribute and says what would be right.
 */
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <net/addrconf.h>
#include <net/net_namespace.h>
#include <net/route.h>

#include "icmpctl.h"
#include "monitor.h"
#include "sweep.h"

#define INTERVAL_DEFAULT_NS	NSEC_PER_SEC
#define TIMEOUT_DEFAULT_NS	(10ULL * NSEC_PER_SEC)
#define SIZE_DEFAULT		56
#define RECORDS_DEFAULT		1024
/* As traceroute's. */
#define UDP_PORT_DEFAULT	33434
#define TCP_PORT_DEFAULT	80

static u64 u64_or(const struct genl_info *info, int attr, u64 otherwise)
{
	return info->attrs[attr] ? nla_get_u64(info->attrs[attr]) : otherwise;
}

static u32 u32_or(const struct genl_info *info, int attr, u32 otherwise)
{
	return info->attrs[attr] ? nla_get_u32(info->attrs[attr]) : otherwise;
}

static u8 u8_or(const struct genl_info *info, int attr, u8 otherwise)
{
	return info->attrs[attr] ? nla_get_u8(info->attrs[attr]) : otherwise;
}

/* The family of an address by its length; 0: it is none. */
static u8 address_get(const struct nlattr *attr, union icmpctl_addr *addr)
{
	int len = nla_len(attr);

	memset(addr, 0, sizeof(*addr));
	if (len != sizeof(addr->v4) && len != sizeof(addr->v6))
		return 0;
	memcpy(addr->bytes, nla_data(attr), len);
	return len == sizeof(addr->v4) ? AF_INET : AF_INET6;
}

static bool interface_exists(struct net *net, u32 ifindex)
{
	bool found;

	rcu_read_lock();
	found = dev_get_by_index_rcu(net, ifindex);
	rcu_read_unlock();
	return found;
}

static int check_times(struct genl_info *info, struct icmpctl_config *config)
{
	config->interval_ns = u64_or(info, ICMPCTL_SESSION_A_INTERVAL_NS, INTERVAL_DEFAULT_NS);
	if (config->interval_ns < ICMPCTL_INTERVAL_MIN_NS ||
	    config->interval_ns > ICMPCTL_INTERVAL_MAX_NS) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[ICMPCTL_SESSION_A_INTERVAL_NS],
				    "the interval must be 10 us to 1 day");
		return -ERANGE;
	}
	config->timeout_ns = u64_or(info, ICMPCTL_SESSION_A_TIMEOUT_NS, TIMEOUT_DEFAULT_NS);
	if (config->timeout_ns < ICMPCTL_TIMEOUT_MIN_NS ||
	    config->timeout_ns > ICMPCTL_TIMEOUT_MAX_NS) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[ICMPCTL_SESSION_A_TIMEOUT_NS],
				    "the timeout must be 1 ms to 10 minutes");
		return -ERANGE;
	}
	config->gap_ns = u64_or(info, ICMPCTL_SESSION_A_GAP_NS, 0);
	config->deadline_ns = u64_or(info, ICMPCTL_SESSION_A_DEADLINE_NS, 0);
	if (config->deadline_ns > S64_MAX / 2) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[ICMPCTL_SESSION_A_DEADLINE_NS],
				    "the deadline must be at most 146 years");
		return -ERANGE;
	}
	return 0;
}

static int check_schedule(struct genl_info *info, struct icmpctl_config *config)
{
	struct nlattr *seed = info->attrs[ICMPCTL_SESSION_A_SEED];

	config->schedule = u32_or(info, ICMPCTL_SESSION_A_SCHEDULE, ICMPCTL_SCHEDULE_PERIODIC);
	if (config->schedule == ICMPCTL_SCHEDULE_PERIODIC && seed) {
		NL_SET_ERR_MSG_ATTR(info->extack, seed,
				    "a periodic schedule has no use for a seed");
		return -EINVAL;
	}
	if (config->schedule == ICMPCTL_SCHEDULE_POISSON && config->gap_ns) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[ICMPCTL_SESSION_A_GAP_NS],
				    "a Poisson schedule has no fixed gap between targets");
		return -EINVAL;
	}
	if (config->schedule == ICMPCTL_SCHEDULE_POISSON &&
	    config->flags & ICMPCTL_SESSION_F_ADAPTIVE) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[ICMPCTL_SESSION_A_SCHEDULE],
				    "a session that sends on every answer has no Poisson schedule");
		return -EINVAL;
	}
	/* Short, since people copy it, and programs may keep it as a double. */
	config->seed = seed ? nla_get_u64(seed) : get_random_u32();
	return 0;
}

static int check_route_options(struct genl_info *info, struct icmpctl_config *config)
{
	struct net *net = genl_info_net(info);
	struct nlattr *source = info->attrs[ICMPCTL_SESSION_A_SOURCE];

	config->ifindex = u32_or(info, ICMPCTL_SESSION_A_IFINDEX, 0);
	if (config->ifindex && !interface_exists(net, config->ifindex)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[ICMPCTL_SESSION_A_IFINDEX],
				    "no such interface in this network namespace");
		return -ENODEV;
	}
	config->flow_label = u32_or(info, ICMPCTL_SESSION_A_FLOW_LABEL, 0);
	if (config->flow_label > 0xfffff) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[ICMPCTL_SESSION_A_FLOW_LABEL],
				    "the flow label must be 0 to 0xfffff");
		return -ERANGE;
	}
	if (!source)
		return 0;
	config->source_family = address_get(source, &config->source);
	if (!config->source_family) {
		NL_SET_ERR_MSG_ATTR(info->extack, source,
				    "an address has 4 bytes (IPv4) or 16 (IPv6)");
		return -EINVAL;
	}
	/* Then IPv6 has no table of addresses to look into. */
	if (config->source_family == AF_INET6 && !ipv6_mod_enabled()) {
		NL_SET_ERR_MSG_ATTR(info->extack, source, ICMPCTL_WITHOUT_IPV6);
		return -EAFNOSUPPORT;
	}
	if (config->source_family == AF_INET
	    ? inet_addr_type(net, config->source.v4) != RTN_LOCAL
	    : !ipv6_chk_addr(net, &config->source.v6, NULL, 0)) {
		NL_SET_ERR_MSG_ATTR(info->extack, source,
				    "the source address is not one of this network namespace");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

/**
 * icmpctl_request_port() - the destination port of a kind of probe
 * @info: the request, for the sentence of a refusal.
 * @kind: enum icmpctl_probe_kind.
 * @attr: the port that was asked for, or NULL.
 * @port: <- the port; unchanged if the kind has none.
 *
 * Context: process.
 * Return: 0, or -EINVAL for a port where there can be none.
 */
int icmpctl_request_port(struct genl_info *info, u32 kind, struct nlattr *attr, u16 *port)
{
	if (!icmpctl_packet_has_port(kind)) {
		if (!attr)
			return 0;
		if (kind == ICMPCTL_PROBE_ECHO)
			NL_SET_ERR_MSG_ATTR(info->extack, attr, "an echo request has no port");
		else
			NL_SET_ERR_MSG_ATTR(info->extack, attr, "an ICMP request has no port");
		return -EINVAL;
	}
	*port = kind == ICMPCTL_PROBE_UDP ? UDP_PORT_DEFAULT : TCP_PORT_DEFAULT;
	if (attr)
		*port = nla_get_u16(attr);
	return 0;
}

static int check_kind(struct genl_info *info, struct icmpctl_config *config)
{
	config->kind = u32_or(info, ICMPCTL_SESSION_A_KIND, ICMPCTL_PROBE_ECHO);
	if (!icmpctl_packet_has_payload(config->kind) && !info->attrs[ICMPCTL_SESSION_A_SIZE])
		config->size = 0;
	if (info->attrs[ICMPCTL_SESSION_A_PROBE] && !info->attrs[ICMPCTL_SESSION_A_SWEEP]) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[ICMPCTL_SESSION_A_PROBE],
				    "only a sweep has several kinds of probes");
		return -EINVAL;
	}
	return icmpctl_request_port(info, config->kind, info->attrs[ICMPCTL_SESSION_A_PORT],
				    &config->port);
}

/* Which interface extended echo requests ask about, once it is known that there are some. */
static int check_query(struct genl_info *info, struct icmpctl_config *config)
{
	struct nlattr *name = info->attrs[ICMPCTL_SESSION_A_QUERY_NAME];
	struct nlattr *index = info->attrs[ICMPCTL_SESSION_A_QUERY_INDEX];
	struct nlattr *address = info->attrs[ICMPCTL_SESSION_A_QUERY_ADDRESS];
	struct nlattr *any = name ?: index ?: address;
	union icmpctl_addr addr;
	int family;

	if (!any)
		return 0;
	if (config->kind != ICMPCTL_PROBE_EXTENDED &&
	    !icmpctl_sweep_sends(config, ICMPCTL_PROBE_EXTENDED)) {
		NL_SET_ERR_MSG_ATTR(info->extack, any,
				    "only an extended echo request asks about an interface");
		return -EINVAL;
	}
	if (!!name + !!index + !!address > 1) {
		NL_SET_ERR_MSG_ATTR(info->extack, any,
				    "an interface is asked about by its name, its index or its address, one of them");
		return -EINVAL;
	}
	if (name && icmpctl_query_by_name(&config->query, nla_data(name),
					  strnlen(nla_data(name), nla_len(name)))) {
		NL_SET_ERR_MSG_ATTR(info->extack, name,
				    "the name of an interface has 1 to 63 bytes");
		return -EINVAL;
	}
	if (index)
		icmpctl_query_by_index(&config->query, nla_get_u32(index));
	if (!address)
		return 0;
	family = address_get(address, &addr);
	if (!family) {
		NL_SET_ERR_MSG_ATTR(info->extack, address,
				    "an address has 4 bytes (IPv4) or 16 (IPv6)");
		return -EINVAL;
	}
	icmpctl_query_by_address(&config->query, family, &addr);
	return 0;
}

/* Once it is known how many targets there are. */
static int check_gap(struct genl_info *info, const struct icmpctl_config *config)
{
	struct nlattr *attr = info->attrs[ICMPCTL_SESSION_A_GAP_NS];

	if (!attr)
		return 0;
	if (config->gap_ns < ICMPCTL_INTERVAL_MIN_NS ||
	    config->gap_ns > div_u64(config->interval_ns, config->targets)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "the gap must be 10 us to the interval by the number of targets");
		return -ERANGE;
	}
	return 0;
}

static int count_targets(struct genl_info *info, struct icmpctl_config *config)
{
	struct nlattr *attr, *last = NULL;
	int rest;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rest) {
		if (nla_type(attr) != ICMPCTL_SESSION_A_TARGET)
			continue;
		config->targets++;
		last = attr;
	}
	if (!config->targets) {
		NL_SET_ERR_MSG(info->extack, "a session needs at least one target");
		return -EINVAL;
	}
	if (config->targets > READ_ONCE(icmpctl_max_targets)) {
		NL_SET_ERR_MSG_ATTR(info->extack, last,
				    "too many targets for one session (module parameter max_targets)");
		return -ENOSPC;
	}
	return 0;
}

/**
 * icmpctl_request_config() - check a start request, without its targets
 * @info: the request.
 * @config: <- what is asked for, defaults filled in; to be given to
 *	icmpctl_session_create(), which takes over what it points to.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno, with a sentence in the extended ACK.
 */
int icmpctl_request_config(struct genl_info *info, struct icmpctl_config *config)
{
	struct nlattr *pattern = info->attrs[ICMPCTL_SESSION_A_PATTERN];
	u32 records = u32_or(info, ICMPCTL_SESSION_A_RECORDS, RECORDS_DEFAULT);
	int err;

	*config = (struct icmpctl_config) {
		.count = u64_or(info, ICMPCTL_SESSION_A_COUNT, 0),
		.replies = u64_or(info, ICMPCTL_SESSION_A_REPLIES, 0),
		.size = u32_or(info, ICMPCTL_SESSION_A_SIZE, SIZE_DEFAULT),
		.pmtudisc = u32_or(info, ICMPCTL_SESSION_A_PMTUDISC, ICMPCTL_PMTUDISC_WANT),
		.mark = u32_or(info, ICMPCTL_SESSION_A_MARK, 0),
		.flags = u32_or(info, ICMPCTL_SESSION_A_FLAGS, 0),
		.timestamps = u32_or(info, ICMPCTL_SESSION_A_TIMESTAMPS,
				     ICMPCTL_TIMESTAMPS_AUTO),
		.flow_base = u32_or(info, ICMPCTL_SESSION_A_FLOW_BASE, get_random_u32()),
		.ttl = u8_or(info, ICMPCTL_SESSION_A_TTL, 0),
		.tos = u8_or(info, ICMPCTL_SESSION_A_TOS, 0),
	};
	if (pattern)
		config->pattern_len = nla_memcpy(config->pattern, pattern, ICMPCTL_PATTERN_MAX);
	if (records > ICMPCTL_RECORDS_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[ICMPCTL_SESSION_A_RECORDS],
				    "the records kept must be 64 to 65536");
		return -ERANGE;
	}
	if (info->attrs[ICMPCTL_SESSION_A_MONITOR]) {
		err = icmpctl_monitor_config(info, config);
		if (err)
			return err;
	}
	if (!(config->flags & ICMPCTL_SESSION_F_NO_RECORDS))
		config->records = roundup_pow_of_two(records);
	if (config->size > ICMPCTL_SIZE_MAX_IPV6) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[ICMPCTL_SESSION_A_SIZE],
				    "the payload can be at most 65507 bytes (IPv4) or 65527 bytes (IPv6)");
		return -EMSGSIZE;
	}
	err = check_kind(info, config);
	if (!err)
		err = check_times(info, config);
	if (!err)
		err = check_schedule(info, config);
	if (!err)
		err = check_route_options(info, config);
	if (!err && info->attrs[ICMPCTL_SESSION_A_SWEEP]) {
		config->sweep = kzalloc(sizeof(*config->sweep), GFP_KERNEL_ACCOUNT);
		err = config->sweep ? icmpctl_sweep_config(info, config) : -ENOMEM;
		if (!err)
			err = check_query(info, config);
		if (err)
			kfree(config->sweep);
		return err;
	}
	if (!err)
		err = check_query(info, config);
	if (!err)
		err = count_targets(info, config);
	if (!err)
		err = check_gap(info, config);
	return err;
}

/* What a target has for itself; the session's where it has nothing. */
static int check_probe(struct genl_info *info, const struct icmpctl_config *config,
		       struct nlattr **tb, struct icmpctl_target *target)
{
	struct nlattr *size = tb[ICMPCTL_TARGET_A_SIZE] ?: info->attrs[ICMPCTL_SESSION_A_SIZE];
	struct nlattr *ttl = tb[ICMPCTL_TARGET_A_TTL];
	struct nlattr *flow = tb[ICMPCTL_TARGET_A_FLOW];

	target->ttl = ttl ? nla_get_u8(ttl) : config->ttl;
	target->size = tb[ICMPCTL_TARGET_A_SIZE] ? nla_get_u32(size) : config->size;
	if (target->size > ICMPCTL_SIZE_MAX_IPV6) {
		NL_SET_ERR_MSG_ATTR(info->extack, size,
				    "the payload can be at most 65507 bytes (IPv4) or 65527 bytes (IPv6)");
		return -EMSGSIZE;
	}
	if (target->family == AF_INET && target->size > ICMPCTL_SIZE_MAX_IPV4) {
		NL_SET_ERR_MSG_ATTR(info->extack, size,
				    "the payload to an IPv4 target can be at most 65507 bytes");
		return -EMSGSIZE;
	}
	if (config->kind == ICMPCTL_PROBE_UDP && target->size < ICMPCTL_COOKIE_LEN) {
		NL_SET_ERR_MSG_ATTR(info->extack, size,
				    "a UDP probe needs at least 8 bytes of payload");
		return -EINVAL;
	}
	if (config->kind == ICMPCTL_PROBE_TCP && target->size) {
		NL_SET_ERR_MSG_ATTR(info->extack, size, "a TCP SYN carries no payload");
		return -EINVAL;
	}
	if (!icmpctl_packet_has_payload(config->kind) && target->size) {
		NL_SET_ERR_MSG_ATTR(info->extack, size,
				    "of ICMP requests only an echo carries a payload");
		return -EINVAL;
	}
	if (target->family == AF_INET6 && icmpctl_packet_is_ipv4_only(config->kind)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[ICMPCTL_SESSION_A_KIND],
				    "a timestamp or address mask request can only go to an IPv4 address");
		return -EAFNOSUPPORT;
	}
	target->flow_label = config->flow_label;
	if (!flow)
		return 0;
	if (nla_get_u32(flow) > ICMPCTL_FLOW_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack, flow, "a flow's number must be 0 to 65534");
		return -ERANGE;
	}
	if (target->size < ICMPCTL_COOKIE_LEN && config->kind != ICMPCTL_PROBE_TCP) {
		NL_SET_ERR_MSG_ATTR(info->extack, flow,
				    "the probes of a flow need at least 8 bytes of payload");
		return -EINVAL;
	}
	target->flow = nla_get_u32(flow);
	target->flow_sum = icmpctl_cookie_flow_sum(target->flow, config->flow_base);
	if (!info->attrs[ICMPCTL_SESSION_A_FLOW_LABEL])
		target->flow_label = target->flow_sum;
	return 0;
}

static int check_target(struct genl_info *info, const struct icmpctl_config *config,
			struct nlattr *nest, struct icmpctl_target *target)
{
	struct nlattr *tb[ICMPCTL_TARGET_A_MAX + 1];
	struct net *net = genl_info_net(info);
	const char *why = NULL;
	int err;

	err = nla_parse_nested(tb, ICMPCTL_TARGET_A_MAX, nest, icmpctl_target_policy,
			       info->extack);
	if (err)
		return err;
	if (!tb[ICMPCTL_TARGET_A_ADDRESS]) {
		NL_SET_ERR_MSG_ATTR(info->extack, nest, "a target needs an address");
		return -EINVAL;
	}
	if (tb[ICMPCTL_TARGET_A_NAME] && !config->monitor.is) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[ICMPCTL_TARGET_A_NAME],
				    "only the targets of a monitor have names");
		return -EINVAL;
	}
	target->family = address_get(tb[ICMPCTL_TARGET_A_ADDRESS], &target->addr);
	if (!target->family) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[ICMPCTL_TARGET_A_ADDRESS],
				    "an address has 4 bytes (IPv4) or 16 (IPv6)");
		return -EINVAL;
	}
	err = check_probe(info, config, tb, target);
	if (err)
		return err;
	if (config->source_family && config->source_family != target->family) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[ICMPCTL_SESSION_A_SOURCE],
				    "source and target address are not of the same family");
		return -EAFNOSUPPORT;
	}
	target->ifindex = config->ifindex;
	if (tb[ICMPCTL_TARGET_A_IFINDEX]) {
		target->ifindex = nla_get_u32(tb[ICMPCTL_TARGET_A_IFINDEX]);
		if (!interface_exists(net, target->ifindex)) {
			NL_SET_ERR_MSG_ATTR(info->extack, tb[ICMPCTL_TARGET_A_IFINDEX],
					    "no such interface in this network namespace");
			return -ENODEV;
		}
	}
	err = target->family == AF_INET ? icmpctl_route_ipv4(net, config, target, &why)
					: icmpctl_route_ipv6(net, config, target, &why);
	if (err && why) {
		NL_SET_BAD_ATTR(info->extack, tb[ICMPCTL_TARGET_A_ADDRESS]);
		if (info->extack)
			info->extack->_msg = why;
	} else if (!err && target->group && config->kind != ICMPCTL_PROBE_ECHO) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[ICMPCTL_TARGET_A_ADDRESS],
				    "only echo requests go to broadcast or multicast addresses");
		err = -EINVAL;
	}
	return err;
}

/**
 * icmpctl_request_targets() - check the targets of a start request
 * @info: the request.
 * @config: what icmpctl_request_config() made of it.
 * @targets: <- config->targets of them, zeroed before.
 *
 * Context: process.
 * Return: 0 or a negative errno, with a sentence in the extended ACK.
 */
int icmpctl_request_targets(struct genl_info *info, const struct icmpctl_config *config,
			    struct icmpctl_target *targets)
{
	struct icmpctl_target *target = targets;
	struct nlattr *attr;
	int rest, err;

	if (config->sweep) {
		icmpctl_sweep_targets(config, targets);
		return 0;
	}
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rest) {
		if (nla_type(attr) != ICMPCTL_SESSION_A_TARGET)
			continue;
		/* The message cannot have changed since it was counted. */
		if (WARN_ON_ONCE(target == targets + config->targets))
			return -EINVAL;
		spin_lock_init(&target->lock);
		err = check_target(info, config, attr, target);
		if (err)
			return err;
		target++;
		cond_resched();
	}
	return 0;
}
