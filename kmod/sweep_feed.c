// SPDX-License-Identifier: GPL-2.0
/*
 * sweep_feed.c - what is to be asked: the request, the addresses, and their order
 *
 * The addresses of each SWEEP_FEED are a chunk, permuted in itself; chunks are asked one
 * after the other. An address is made of its place when it is wanted. A place belongs to
 * the part that it leaves as a remainder, so parts are disjoint and together the whole.
 */
#include <linux/inet.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <net/ipv6.h>

#include "sweep.h"

#define RATE_DEFAULT_PPS	1000
#define TRIES_DEFAULT		2
#define SIZE_DEFAULT		56
#define INFLIGHT_MIN		256
#define INFLIGHT_MAX		65536

/* As many as the timeout lets wait, and a quarter for what does not go by plan. */
static u32 inflight_of(const struct icmpctl_config *config)
{
	u64 per_timeout;

	if (!config->sweep->rate_pps)
		return INFLIGHT_MAX;
	per_timeout = div_u64(config->timeout_ns, NSEC_PER_USEC) * config->sweep->rate_pps;
	per_timeout = div_u64(per_timeout, USEC_PER_SEC);
	return clamp_t(u64, per_timeout + per_timeout / 4, INFLIGHT_MIN, INFLIGHT_MAX);
}

static int refuse(struct genl_info *info, int attr, const char *why)
{
	NL_SET_BAD_ATTR(info->extack, info->attrs[attr]);
	if (info->extack)
		info->extack->_msg = why;
	return -EINVAL;
}

/* One kind more, for the families that have it; false if there is no room. */
static bool add_kind(struct icmpctl_sweep_config *sweep, u32 kind, u16 port)
{
	u32 family;

	for (family = 0; family < 2; family++) {
		if (family && icmpctl_packet_is_ipv4_only(kind))
			continue;
		if (sweep->kinds[family] == ICMPCTL_PROBES_MAX)
			return false;
		sweep->kind[family][sweep->kinds[family]++] = (struct icmpctl_kind) {
			.kind = kind,
			.port = port,
		};
	}
	return true;
}

static int parse_probe(struct genl_info *info, struct nlattr *nest, struct icmpctl_config *config)
{
	struct nlattr *tb[ICMPCTL_PROBE_A_MAX + 1];
	u32 kind = ICMPCTL_PROBE_ECHO;
	u16 port = 0;
	int err;

	err = nla_parse_nested(tb, ICMPCTL_PROBE_A_MAX, nest, icmpctl_probe_policy, info->extack);
	if (err)
		return err;
	if (tb[ICMPCTL_PROBE_A_KIND])
		kind = nla_get_u32(tb[ICMPCTL_PROBE_A_KIND]);
	err = icmpctl_request_port(info, kind, tb[ICMPCTL_PROBE_A_PORT], &port);
	if (err)
		return err;
	if (add_kind(config->sweep, kind, port))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, nest, "a sweep can have at most 16 kinds of probes");
	return -E2BIG;
}

/* The list of kinds; without one the session's. */
static int parse_probes(struct genl_info *info, struct icmpctl_config *config)
{
	struct icmpctl_sweep_config *sweep = config->sweep;
	struct nlattr *attr;
	int rest, err;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rest) {
		if (nla_type(attr) != ICMPCTL_SESSION_A_PROBE)
			continue;
		err = parse_probe(info, attr, config);
		if (err)
			return err;
	}
	if (!sweep->kinds[0])
		add_kind(sweep, config->kind, config->port);
	else if (info->attrs[ICMPCTL_SESSION_A_KIND] || info->attrs[ICMPCTL_SESSION_A_PORT])
		return refuse(info, ICMPCTL_SESSION_A_PROBE,
			      "a sweep has one kind of probe, or a list of them, not both");
	/* Where a route is looked up of which no probe is at hand. */
	config->kind = sweep->kind[0][0].kind;
	config->port = sweep->kind[0][0].port;
	return 0;
}

/**
 * icmpctl_sweep_sends() - is a kind among those of a sweep
 * @config: of any session.
 * @kind: enum icmpctl_probe_kind.
 *
 * Return: true if so.
 */
bool icmpctl_sweep_sends(const struct icmpctl_config *config, u32 kind)
{
	u32 i;

	for (i = 0; config->sweep && i < config->sweep->kinds[0]; i++)
		if (config->sweep->kind[0][i].kind == kind)
			return true;
	return false;
}

/**
 * icmpctl_sweep_config() - what is asked of a sweep
 * @info: a start request with SESSION_A_SWEEP; all else in it was checked.
 * @config: what has been made of it so far, to be completed; its sweep is zeroed.
 *
 * Context: process.
 * Return: 0 or a negative errno, with a sentence in the extended ACK.
 */
int icmpctl_sweep_config(struct genl_info *info, struct icmpctl_config *config)
{
	struct icmpctl_sweep_config *sweep = config->sweep;
	struct nlattr *tb[ICMPCTL_SWEEP_A_MAX + 1];
	struct nlattr *seed;
	int err;

	err = nla_parse_nested(tb, ICMPCTL_SWEEP_A_MAX, info->attrs[ICMPCTL_SESSION_A_SWEEP],
			       icmpctl_sweep_policy, info->extack);
	if (err)
		return err;
	if (info->attrs[ICMPCTL_SESSION_A_TARGET])
		return refuse(info, ICMPCTL_SESSION_A_TARGET,
			      "a sweep has no targets: its addresses are fed to it");
	err = parse_probes(info, config);
	if (err)
		return err;
	/* Some of the kinds may have a payload where the session's has none. */
	config->size = info->attrs[ICMPCTL_SESSION_A_SIZE] ?
		       nla_get_u32(info->attrs[ICMPCTL_SESSION_A_SIZE]) : SIZE_DEFAULT;
	if (config->flags & ~(u32)(ICMPCTL_SESSION_F_BROADCAST | ICMPCTL_SESSION_F_NO_RECORDS))
		return refuse(info, ICMPCTL_SESSION_A_FLAGS,
			      "of the session's flags a sweep knows broadcast and no-records alone");
	if (config->schedule != ICMPCTL_SCHEDULE_PERIODIC)
		return refuse(info, ICMPCTL_SESSION_A_SCHEDULE,
			      "a sweep has no Poisson schedule");
	if (config->size > ICMPCTL_SIZE_MAX_IPV4)
		return refuse(info, ICMPCTL_SESSION_A_SIZE,
			      "the payload to an IPv4 target can be at most 65507 bytes");
	if (config->size < ICMPCTL_COOKIE_LEN)
		return refuse(info, ICMPCTL_SESSION_A_SIZE,
			      "the probes of a sweep need at least 8 bytes of payload");
	sweep->rate_pps = tb[ICMPCTL_SWEEP_A_RATE_PPS] ?
			  nla_get_u32(tb[ICMPCTL_SWEEP_A_RATE_PPS]) : RATE_DEFAULT_PPS;
	sweep->tries = tb[ICMPCTL_SWEEP_A_TRIES] ? nla_get_u32(tb[ICMPCTL_SWEEP_A_TRIES])
						 : TRIES_DEFAULT;
	sweep->shard = tb[ICMPCTL_SWEEP_A_SHARD] ? nla_get_u32(tb[ICMPCTL_SWEEP_A_SHARD]) : 0;
	sweep->shards = tb[ICMPCTL_SWEEP_A_SHARDS] ? nla_get_u32(tb[ICMPCTL_SWEEP_A_SHARDS])
						   : 1;
	sweep->place = tb[ICMPCTL_SWEEP_A_PLACE] ? nla_get_u64(tb[ICMPCTL_SWEEP_A_PLACE]) : 0;
	sweep->flags = tb[ICMPCTL_SWEEP_A_FLAGS] ? nla_get_u32(tb[ICMPCTL_SWEEP_A_FLAGS]) : 0;
	seed = tb[ICMPCTL_SWEEP_A_SEED];
	/* Short, since people copy it, and programs may keep it as a double. */
	sweep->seed = seed ? nla_get_u64(seed) : get_random_u32();
	if (sweep->shard >= sweep->shards)
		return refuse(info, ICMPCTL_SESSION_A_SWEEP,
			      "the number of the part must be less than the number of parts");
	sweep->inflight = inflight_of(config);
	config->interval_ns = NSEC_PER_SEC;
	config->gap_ns = 0;
	config->count = 0;
	config->replies = 0;
	/* All IPv4 addresses, and all IPv6 ones. */
	config->targets = 2;
	return 0;
}

/**
 * icmpctl_sweep_targets() - what the statistics of all probes are kept in
 * @config: of a sweep.
 * @targets: <- two of them, zeroed before.
 */
void icmpctl_sweep_targets(const struct icmpctl_config *config, struct icmpctl_target *targets)
{
	int i;

	for (i = 0; i < 2; i++) {
		spin_lock_init(&targets[i].lock);
		targets[i].family = i ? AF_INET6 : AF_INET;
		targets[i].ttl = config->ttl;
		targets[i].size = config->size;
		targets[i].flow_label = config->flow_label;
		targets[i].ifindex = config->ifindex;
	}
}

/**
 * icmpctl_sweep_rate() - what a sweep gets that wants all there is to be had
 * @session: not yet published; the lock of its namespace is held.
 */
void icmpctl_sweep_rate(struct icmpctl_session *session)
{
	u32 used = session->inet->used.rate_pps;
	u32 most = READ_ONCE(icmpctl_max_rate_pps);

	lockdep_assert_held(&session->inet->lock);
	if (session->config.sweep->rate_pps)
		return;
	session->config.sweep->rate_pps = most > used ? most - used : 1;
	session->cost.rate_pps = session->config.sweep->rate_pps;
}

static const char *group_why(const union icmpctl_addr *first, const union icmpctl_addr *last,
			     u8 family)
{
	if (family == AF_INET
	    ? ntohl(last->v4) >= 0xe0000000 && (ntohl(first->v4) < 0xf0000000 ||
						ntohl(last->v4) == INADDR_BROADCAST)
	    : last->bytes[0] == 0xff)
		return ICMPCTL_ROUTE_WHY_GROUP;
	return NULL;
}

static bool echo_alone(const struct icmpctl_config *config)
{
	u32 kind;

	for (kind = ICMPCTL_PROBE_ECHO + 1; kind <= ICMPCTL_PROBE_MAX; kind++)
		if (icmpctl_sweep_sends(config, kind))
			return false;
	return true;
}

/* No socket for IPv6? After the end that would say nothing, and nobody is asked any more. */
static bool without_ipv6(const struct icmpctl_session *session)
{
	bool pmtu_probe = session->config.pmtudisc == ICMPCTL_PMTUDISC_PROBE;
	bool without;

	/* It gives the sockets back a grace period after it was given a reason, or later. */
	rcu_read_lock();
	without = atomic_read(&session->reason) == ICMPCTL_REASON_NONE &&
		  !session->inet->tx[1][pmtu_probe].sock;
	rcu_read_unlock();
	return without;
}

/* Are addresses of a prefix in a range? Each of them is given by its first and its last. */
static bool meets(const union icmpctl_addr *first, const union icmpctl_addr *last,
		  const struct in6_addr *prefix_first, const struct in6_addr *prefix_last)
{
	return memcmp(&first->v6, prefix_last, sizeof(*prefix_last)) <= 0 &&
	       memcmp(&last->v6, prefix_first, sizeof(*prefix_first)) >= 0;
}

static bool mapped(const union icmpctl_addr *first, const union icmpctl_addr *last)
{
	static const struct in6_addr from = { .s6_addr = { [10] = 0xff, 0xff } };
	static const struct in6_addr to = { .s6_addr = { [10 ... 15] = 0xff } };

	return meets(first, last, &from, &to);
}

static bool link_local(const union icmpctl_addr *first, const union icmpctl_addr *last)
{
	static const struct in6_addr from = { .s6_addr = { 0xfe, 0x80 } };
	static const struct in6_addr to = { .s6_addr = { 0xfe, 0xbf, [2 ... 15] = 0xff } };

	return meets(first, last, &from, &to) ||
	       __ipv6_addr_needs_scope_id(ipv6_addr_type(&first->v6));
}

/* Why a range cannot be asked, or NULL. */
static const char *range_why(const struct icmpctl_session *session,
			     const union icmpctl_addr *first, const union icmpctl_addr *last,
			     u8 family)
{
	const struct icmpctl_config *config = &session->config;

	if (config->source_family && config->source_family != family)
		return "source and target address are not of the same family";
	if (group_why(first, last, family)) {
		if (!(config->flags & ICMPCTL_SESSION_F_BROADCAST))
			return ICMPCTL_ROUTE_WHY_GROUP;
		if (!echo_alone(config))
			return "only echo requests go to broadcast or multicast addresses";
	}
	if (!config->sweep->kinds[family == AF_INET6])
		return "no kind of probe that was asked for can go to an IPv6 address";
	if (family == AF_INET)
		return first->v4 ? NULL : "0.0.0.0 is not an address that can be probed";
	if (without_ipv6(session))
		return ICMPCTL_WITHOUT_IPV6;
	if (ipv6_addr_any(&first->v6))
		return ":: is not an address that can be probed";
	if (mapped(first, last))
		return "an IPv4 address inside an IPv6 one: give it as the IPv4 address it is";
	if (link_local(first, last) && !config->ifindex)
		return "a link-local target needs an interface (as in fe80::1%eth0)";
	return NULL;
}

static int parse_range(const struct icmpctl_session *session, struct genl_info *info,
		       struct nlattr *attr, struct icmpctl_ranges *ranges)
{
	union icmpctl_addr first = {}, last = {};
	int len = nla_len(attr) / 2;
	u8 family = len == 4 ? AF_INET : AF_INET6;
	const char *why;
	u64 count;

	if (nla_len(attr) != 8 && nla_len(attr) != 32) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "a range has 8 bytes (IPv4) or 32 (IPv6): first and last address");
		return -EINVAL;
	}
	memcpy(first.bytes, nla_data(attr), len);
	memcpy(last.bytes, nla_data(attr) + len, len);
	count = icmpctl_range_count(&first, &last, family);
	if (!count) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "a range goes from its first to its last address, of which there are at most 2^40");
		return -ERANGE;
	}
	why = range_why(session, &first, &last, family);
	if (why) {
		NL_SET_BAD_ATTR(info->extack, attr);
		if (info->extack)
			info->extack->_msg = why;
		return -EINVAL;
	}
	if (icmpctl_ranges_add(ranges, &first, count, family))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, attr,
			    "the ranges of one request hold at most 2^40 addresses");
	return -ERANGE;
}

static struct icmpctl_chunk *parse_chunk(const struct icmpctl_session *session,
					 struct genl_info *info)
{
	struct icmpctl_chunk *chunk;
	struct nlattr *attr;
	u32 n = 0;
	int rest, err;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rest)
		n += nla_type(attr) == ICMPCTL_SESSION_A_RANGE;
	if (!n)
		return NULL;
	if (n > ICMPCTL_SWEEP_RANGES_MAX) {
		NL_SET_ERR_MSG(info->extack, "one request can have at most 4096 ranges");
		return ERR_PTR(-E2BIG);
	}
	chunk = kvzalloc(struct_size(chunk, range, n), GFP_KERNEL_ACCOUNT);
	if (!chunk)
		return ERR_PTR(-ENOMEM);
	chunk->ranges.range = chunk->range;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rest) {
		if (nla_type(attr) != ICMPCTL_SESSION_A_RANGE)
			continue;
		err = parse_range(session, info, attr, &chunk->ranges);
		if (err) {
			kvfree(chunk);
			return ERR_PTR(err);
		}
	}
	return chunk;
}

/* The work may be retired only a grace period after it has seen a reason. */
static void kick(struct icmpctl_session *session)
{
	rcu_read_lock();
	if (atomic_read(&session->reason) == ICMPCTL_REASON_NONE)
		icmpctl_sched_kick(session);
	rcu_read_unlock();
}

/**
 * icmpctl_sweep_feed() - more addresses for a sweep, or the end of them
 * @session: any session, published; the caller has a reference.
 * @info: the request.
 *
 * Context: process, may sleep.
 * Return: 0; -EAGAIN while enough wait; or another negative errno; with a sentence.
 */
int icmpctl_sweep_feed(struct icmpctl_session *session, struct genl_info *info)
{
	struct nlattr *nest = info->attrs[ICMPCTL_SESSION_A_SWEEP];
	struct nlattr *tb[ICMPCTL_SWEEP_A_MAX + 1] = {};
	struct icmpctl_sweep *sweep = session->sweep;
	struct icmpctl_chunk *chunk;
	const char *why = NULL;
	int err = 0;

	if (!sweep)
		return refuse(info, ICMPCTL_SESSION_A_ID, "this session is no sweep");
	if (info->snd_portid != session->portid) {
		NL_SET_ERR_MSG(info->extack, "only the socket that started a sweep may feed it");
		return -EPERM;
	}
	if (nest) {
		err = nla_parse_nested(tb, ICMPCTL_SWEEP_A_MAX, nest, icmpctl_sweep_feed_policy,
				       info->extack);
		if (err)
			return err;
	}
	chunk = parse_chunk(session, info);
	if (IS_ERR(chunk))
		return PTR_ERR(chunk);
	if (!chunk && !tb[ICMPCTL_SWEEP_A_END])
		return refuse(info, ICMPCTL_SESSION_A_ID,
			      "neither a range nor the end of them is in the request");

	spin_lock(&sweep->lock);
	if (sweep->end) {
		why = "nothing more was to be fed to this sweep";
		err = -EINVAL;
	} else if (chunk && sweep->queued == ICMPCTL_CHUNKS_MAX) {
		why = "enough addresses wait to be asked: try again later";
		err = -EAGAIN;
	} else {
		if (chunk) {
			chunk->base = sweep->fed;
			icmpctl_permute_init(&chunk->order, chunk->ranges.total,
					     session->config.sweep->seed + chunk->base);
			sweep->fed += chunk->ranges.total;
			sweep->queued++;
			list_add_tail(&chunk->node, &sweep->chunks);
		}
		sweep->end = tb[ICMPCTL_SWEEP_A_END];
	}
	spin_unlock(&sweep->lock);
	if (err) {
		kvfree(chunk);
		if (info->extack)
			info->extack->_msg = why;
		return err;
	}
	kick(session);
	return 0;
}

/* The first place of this part that is not before @place. */
static u64 place_from(const struct icmpctl_sweep_config *config, u64 place)
{
	u32 rest;

	div_u64_rem(place, config->shards, &rest);
	return place + (config->shard >= rest ? config->shard - rest
					      : config->shards - rest + config->shard);
}

/**
 * icmpctl_sweep_next() - the next address that was never asked
 * @session: a sweep.
 * @errand: <- the address; unchanged if there is none.
 *
 * Context: the session's work.
 * Return: true if there is one.
 */
bool icmpctl_sweep_next(struct icmpctl_session *session, struct icmpctl_errand *errand)
{
	const struct icmpctl_sweep_config *config = session->config.sweep;
	struct icmpctl_sweep *sweep = session->sweep;
	struct icmpctl_chunk *chunk;

	for (;;) {
		u64 place;

		if (!sweep->chunk) {
			spin_lock(&sweep->lock);
			sweep->chunk = list_first_entry_or_null(&sweep->chunks,
								struct icmpctl_chunk, node);
			spin_unlock(&sweep->lock);
		}
		chunk = sweep->chunk;
		if (!chunk)
			return false;
		place = place_from(config, max(sweep->place, chunk->base));
		if (place < chunk->base + chunk->ranges.total) {
			*errand = (struct icmpctl_errand) {
				.place = place,
			};
			errand->family = icmpctl_ranges_at(&chunk->ranges,
							   icmpctl_permute(&chunk->order,
									   place - chunk->base),
							   &errand->addr);
			errand->left = icmpctl_sweep_tries(session, errand->family) - 1;
			sweep->place = place + 1;
			return true;
		}
		/* Nobody else takes one out. */
		sweep->place = max(sweep->place, chunk->base + chunk->ranges.total);
		spin_lock(&sweep->lock);
		list_del(&chunk->node);
		sweep->queued--;
		spin_unlock(&sweep->lock);
		sweep->chunk = NULL;
		kvfree(chunk);
	}
}

/**
 * icmpctl_sweep_fed_all() - was every address there will be taken
 * @session: a sweep.
 *
 * Context: the session's work.
 * Return: true if so.
 */
bool icmpctl_sweep_fed_all(struct icmpctl_session *session)
{
	struct icmpctl_sweep *sweep = session->sweep;
	bool all;

	spin_lock(&sweep->lock);
	all = sweep->end && list_empty(&sweep->chunks);
	spin_unlock(&sweep->lock);
	return all;
}
