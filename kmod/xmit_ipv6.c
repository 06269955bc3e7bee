// SPDX-License-Identifier: GPL-2.0
/*
 * xmit_ipv6.c - the route, the header and the hand-over of an IPv6 probe
 */
#include <linux/icmpv6.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "compat/dst.h"
#include "icmpctl.h"
#include "sweep.h"

#define FRAGMENT_HLEN	8

static u8 protocol_of(u8 kind)
{
	switch (kind) {
	case ICMPCTL_PROBE_UDP:
		return IPPROTO_UDP;
	case ICMPCTL_PROBE_TCP:
		return IPPROTO_TCP;
	default:
		return IPPROTO_ICMPV6;
	}
}

/* @source: of UDP and TCP, the source port; 0: not known yet. */
static struct dst_entry *route(struct net *net, const struct icmpctl_config *config,
			       const struct icmpctl_target *target, u8 kind, u16 source,
			       u16 port, struct flowi6 *fl6)
{
	memset(fl6, 0, sizeof(*fl6));
	fl6->flowi6_oif = target->ifindex;
	fl6->flowi6_mark = config->mark;
	fl6->flowi6_proto = protocol_of(kind);
	fl6->flowi6_uid = make_kuid(net->user_ns, 0);
	fl6->flowlabel = ip6_make_flowinfo(config->tos, htonl(target->flow_label));
	if (!icmpctl_packet_has_port(kind)) {
		fl6->fl6_icmp_type = icmpctl_packet_request_type(kind, AF_INET6);
	} else {
		fl6->fl6_sport = htons(source);
		fl6->fl6_dport = htons(port);
	}
	fl6->daddr = target->addr.v6;
	if (config->source_family == AF_INET6)
		fl6->saddr = config->source.v6;
	return ip6_dst_lookup_flow(net, NULL, fl6, NULL);
}

/**
 * icmpctl_route_ipv6() - can this target be probed at all
 * @net: the namespace.
 * @config: what is asked for.
 * @target: its address may be completed: :: is this host.
 * @why: <- with an error: a sentence.
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int icmpctl_route_ipv6(struct net *net, const struct icmpctl_config *config,
		       struct icmpctl_target *target, const char **why)
{
	int type = ipv6_addr_type(&target->addr.v6);
	struct dst_entry *dst;
	struct flowi6 fl6;
	int err;

	/* Booted with ipv6.disable=1: there is not even a table to look into. */
	if (!ipv6_mod_enabled()) {
		*why = ICMPCTL_WITHOUT_IPV6;
		return -EAFNOSUPPORT;
	}
	if (type & IPV6_ADDR_MAPPED) {
		*why = "an IPv4 address inside an IPv6 one: give it as the IPv4 address it is";
		return -EINVAL;
	}
	if (type == IPV6_ADDR_ANY)
		target->addr.v6 = in6addr_loopback;
	if (__ipv6_addr_needs_scope_id(type) && !target->ifindex) {
		*why = "a link-local target needs an interface (as in fe80::1%eth0)";
		return -EINVAL;
	}
	target->group = type & IPV6_ADDR_MULTICAST;
	if (target->group && !(config->flags & ICMPCTL_SESSION_F_BROADCAST)) {
		*why = ICMPCTL_ROUTE_WHY_GROUP;
		return -EACCES;
	}
	dst = route(net, config, target, config->kind, 0, config->port, &fl6);
	if (!IS_ERR(dst)) {
		dst_release(dst);
		return 0;
	}
	err = PTR_ERR(dst);
	*why = icmpctl_route_why(err);
	return err;
}

/**
 * icmpctl_neighbour_missing_ipv6() - does the next hop to a target not answer
 * @net: the namespace.
 * @config: of the session.
 * @target: the target.
 *
 * Context: any but hard interrupts.
 * Return: true if it was solicited and has not answered; false if that is not known.
 */
bool icmpctl_neighbour_missing_ipv6(struct net *net, const struct icmpctl_config *config,
				    const struct icmpctl_target *target)
{
	struct neighbour *neigh;
	struct dst_entry *dst;
	struct flowi6 fl6;
	bool missing;

	dst = route(net, config, target, config->kind, 0, config->port, &fl6);
	if (IS_ERR(dst))
		return false;
	rcu_read_lock();
	neigh = neigh_lookup(&nd_tbl,
			     rt6_nexthop(container_of(dst, struct rt6_info, dst), &fl6.daddr),
			     dst_dev_rcu(dst));
	rcu_read_unlock();
	missing = neigh && READ_ONCE(neigh->nud_state) & (NUD_INCOMPLETE | NUD_FAILED);
	if (neigh)
		neigh_release(neigh);
	dst_release(dst);
	return missing;
}

/**
 * icmpctl_neighbour_answers_ipv6() - has a target on our link answered solicitations lately
 * @net: the namespace.
 * @config: of the session.
 * @target: the target.
 * @since: since when, in jiffies.
 *
 * Context: process.
 * Return: true if so; false if not, or if it is behind a router.
 */
bool icmpctl_neighbour_answers_ipv6(struct net *net, const struct icmpctl_config *config,
				    const struct icmpctl_target *target, unsigned long since)
{
	struct neighbour *neigh = NULL;
	struct dst_entry *dst;
	struct flowi6 fl6;
	bool answers;

	dst = route(net, config, target, config->kind, 0, config->port, &fl6);
	if (IS_ERR(dst))
		return false;
	rcu_read_lock();
	if (!(container_of(dst, struct rt6_info, dst)->rt6i_flags & RTF_GATEWAY))
		neigh = neigh_lookup(&nd_tbl, &fl6.daddr, dst_dev_rcu(dst));
	rcu_read_unlock();
	answers = neigh && READ_ONCE(neigh->nud_state) & NUD_VALID &&
		  !(READ_ONCE(neigh->nud_state) & (NUD_NOARP | NUD_PERMANENT)) &&
		  time_after_eq(READ_ONCE(neigh->confirmed), since);
	if (neigh)
		neigh_release(neigh);
	dst_release(dst);
	return answers;
}

static u8 hop_limit(const struct icmpctl_target *target, struct dst_entry *dst)
{
	if (target->ttl)
		return target->ttl;
	if (target->group)
		return 1;
	return ip6_dst_hoplimit(dst);
}

/**
 * icmpctl_xmit_ipv6() - send one IPv6 probe
 * @probe: see icmpctl_xmit().
 *
 * Context: the session's work.
 * Return: see icmpctl_xmit().
 */
int icmpctl_xmit_ipv6(struct icmpctl_probe *probe)
{
	const struct icmpctl_config *config = &probe->session->config;
	struct net *net = probe->session->net;
	struct icmpctl_slot *slot = probe->slot;
	struct net_device *dev;
	struct dst_entry *dst;
	struct ipv6hdr *ip6h;
	struct sk_buff *skb;
	struct flowi6 fl6;
	struct sock *sk;
	bool fragment;
	u32 reserve;
	__wsum csum;
	int err = 0;

	dst = route(net, config, probe->target, probe->kind,
		    icmpctl_packet_has_port(probe->kind) ? probe->id : 0, probe->port, &fl6);
	if (IS_ERR(dst))
		return PTR_ERR(dst);
	/* The route does not hold its device: see icmpctl_xmit_mtu(). */
	rcu_read_lock();
	dev = dst_dev_rcu(dst);
	slot->egress = dev->ifindex;
	/* An interface without a carrier takes packets and throws them away. */
	WRITE_ONCE(slot->no_link, !netif_carrier_ok(dev));
	reserve = LL_RESERVED_SPACE(dev);
	if (probe->session->sweep)
		err = icmpctl_sweep_admit_ipv6(probe, dst);
	if (!err)
		err = icmpctl_xmit_mtu(probe, dst, sizeof(*ip6h), &fragment);
	rcu_read_unlock();
	if (err)
		goto put_route;
	skb = icmpctl_xmit_build(probe, reserve, sizeof(*ip6h) + FRAGMENT_HLEN,
				 fragment ? (probe->mtu - sizeof(*ip6h) - FRAGMENT_HLEN) & ~7U : 0,
				 &csum);
	err = -ENOMEM;
	if (!skb)
		goto put_route;
	csum = csum_unfold(~csum_ipv6_magic(&fl6.saddr, &fl6.daddr, skb->len,
					    protocol_of(probe->kind), csum));
	icmpctl_xmit_seal(probe, skb, csum);

	ip6h = skb_push(skb, sizeof(*ip6h));
	skb_reset_network_header(skb);
	ip6_flow_hdr(ip6h, config->tos, htonl(probe->target->flow_label));
	ip6h->nexthdr = protocol_of(probe->kind);
	ip6h->hop_limit = hop_limit(probe->target, dst);
	ip6h->saddr = fl6.saddr;
	ip6h->daddr = fl6.daddr;

	skb->protocol = htons(ETH_P_IPV6);
	skb->mark = config->mark;
	skb->priority = rt_tos2priority(config->tos);
	/* Whether it may be cut was decided above. */
	skb->ignore_df = fragment;
	sk = icmpctl_txstamp_own(probe, skb, dst);
	if (!sk) {
		kfree_skb(skb);
		err = -ENOBUFS;
		goto put_route;
	}
	skb_dst_set(skb, dst);
	/* No softirq takes its time between the two: answers are looked at afterwards. */
	local_bh_disable();
	icmpctl_slot_hand_over(slot, ip6h->hop_limit);
	err = ip6_local_out(net, sk, skb);
	local_bh_enable();
	return net_xmit_eval(err);

put_route:
	dst_release(dst);
	return err;
}
