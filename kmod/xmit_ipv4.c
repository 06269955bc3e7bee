// SPDX-License-Identifier: GPL-2.0
/*
 * xmit_ipv4.c - the route, the header and the hand-over of an IPv4 probe
 */
#include <linux/icmp.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/skbuff.h>
#include <net/arp.h>
#include <net/inet_dscp.h>
#include <net/ip.h>
#include <net/route.h>

#include "compat/dst.h"
#include "icmpctl.h"
#include "sweep.h"

static u8 protocol_of(u8 kind)
{
	switch (kind) {
	case ICMPCTL_PROBE_UDP:
		return IPPROTO_UDP;
	case ICMPCTL_PROBE_TCP:
		return IPPROTO_TCP;
	default:
		return IPPROTO_ICMP;
	}
}

/* @source: of UDP and TCP, the source port; 0: not known yet. */
static struct rtable *route(struct net *net, const struct icmpctl_config *config,
			    const struct icmpctl_target *target, u8 kind, u16 source, u16 port,
			    struct flowi4 *fl4)
{
	struct rtable *rt;

	memset(fl4, 0, sizeof(*fl4));
	flowi4_init_output(fl4, target->ifindex, config->mark, config->tos & INET_DSCP_MASK,
			   RT_SCOPE_UNIVERSE, protocol_of(kind), 0, target->addr.v4,
			   config->source_family == AF_INET ? config->source.v4 : 0,
			   htons(port), htons(source), make_kuid(net->user_ns, 0));
	if (!icmpctl_packet_has_port(kind))
		fl4->fl4_icmp_type = icmpctl_packet_request_type(kind, AF_INET);
	rt = ip_route_output_flow(net, fl4, NULL);
	/* No memory for the route; of a queue that would say that it is full. */
	return IS_ERR(rt) && PTR_ERR(rt) == -ENOBUFS ? ERR_PTR(-ENOMEM) : rt;
}

/**
 * icmpctl_route_ipv4() - can this target be probed at all
 * @net: the namespace.
 * @config: what is asked for.
 * @target: its address may be completed: 0.0.0.0 is this host.
 * @why: <- with an error: a sentence.
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int icmpctl_route_ipv4(struct net *net, const struct icmpctl_config *config,
		       struct icmpctl_target *target, const char **why)
{
	struct flowi4 fl4;
	struct rtable *rt = route(net, config, target, config->kind, 0, config->port, &fl4);
	int err = 0;

	if (IS_ERR(rt)) {
		err = PTR_ERR(rt);
		*why = icmpctl_route_why(err);
		return err;
	}
	target->group = rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST);
	if (target->group && !(config->flags & ICMPCTL_SESSION_F_BROADCAST)) {
		*why = ICMPCTL_ROUTE_WHY_GROUP;
		err = -EACCES;
	}
	target->addr.v4 = fl4.daddr;
	ip_rt_put(rt);
	return err;
}

/* As route(), and of a sweep, in its work, as before if that can be. Sets addresses alone. */
static struct rtable *way(struct icmpctl_session *session, const struct icmpctl_target *target,
			  u8 kind, u16 source, u16 port, struct flowi4 *fl4)
{
	bool sweep = session->sweep && kind == ICMPCTL_PROBE_ECHO;
	struct rtable *rt;

	if (sweep) {
		fl4->daddr = target->addr.v4;
		rt = icmpctl_sweep_way_ipv4(session, fl4->daddr, &fl4->saddr);
		if (rt)
			return rt;
	}
	rt = route(session->net, &session->config, target, kind, source, port, fl4);
	if (sweep && !IS_ERR(rt))
		icmpctl_sweep_note_way_ipv4(session, fl4, rt);
	return rt;
}

/**
 * icmpctl_neighbour_missing_ipv4() - does the next hop to a target not answer ARP
 * @session: whose target.
 * @target: the target.
 *
 * Context: any but hard interrupts; of a sweep, its work.
 * Return: true if it was asked and has not answered; false if that is not known.
 */
bool icmpctl_neighbour_missing_ipv4(struct icmpctl_session *session,
				    const struct icmpctl_target *target)
{
	const struct icmpctl_config *config = &session->config;
	struct neighbour *neigh;
	struct flowi4 fl4;
	struct rtable *rt;
	bool missing;
	__be32 hop;

	rt = way(session, target, config->kind, 0, config->port, &fl4);
	if (IS_ERR(rt))
		return false;
	hop = rt_nexthop(rt, fl4.daddr);
	rcu_read_lock();
	neigh = rt->rt_gw_family == AF_INET6 ? NULL
					     : neigh_lookup(&arp_tbl, &hop, dst_dev_rcu(&rt->dst));
	rcu_read_unlock();
	missing = neigh && READ_ONCE(neigh->nud_state) & (NUD_INCOMPLETE | NUD_FAILED);
	if (neigh)
		neigh_release(neigh);
	ip_rt_put(rt);
	return missing;
}

/**
 * icmpctl_neighbour_answers_ipv4() - has a target on our link answered ARP lately
 * @net: the namespace.
 * @config: of the session.
 * @target: the target.
 * @since: since when, in jiffies.
 *
 * Context: process.
 * Return: true if so; false if not, or if it is behind a router.
 */
bool icmpctl_neighbour_answers_ipv4(struct net *net, const struct icmpctl_config *config,
				    const struct icmpctl_target *target, unsigned long since)
{
	struct neighbour *neigh = NULL;
	struct flowi4 fl4;
	struct rtable *rt;
	bool answers;

	rt = route(net, config, target, config->kind, 0, config->port, &fl4);
	if (IS_ERR(rt))
		return false;
	rcu_read_lock();
	if (!rt->rt_gw_family)
		neigh = neigh_lookup(&arp_tbl, &fl4.daddr, dst_dev_rcu(&rt->dst));
	rcu_read_unlock();
	answers = neigh && READ_ONCE(neigh->nud_state) & NUD_VALID &&
		  !(READ_ONCE(neigh->nud_state) & (NUD_NOARP | NUD_PERMANENT)) &&
		  time_after_eq(READ_ONCE(neigh->confirmed), since);
	if (neigh)
		neigh_release(neigh);
	ip_rt_put(rt);
	return answers;
}

/* As IP itself does for sockets: no DF where the MTU of the route is locked. */
static bool dont_fragment(const struct icmpctl_config *config, const struct dst_entry *dst)
{
	switch (config->pmtudisc) {
	case ICMPCTL_PMTUDISC_DONT:
		return false;
	case ICMPCTL_PMTUDISC_WANT:
		return !dst_metric_locked(dst, RTAX_MTU);
	default:
		return true;
	}
}

static u8 ttl(const struct icmpctl_target *target, const struct rtable *rt)
{
	if (target->ttl)
		return target->ttl;
	if (rt->rt_flags & RTCF_MULTICAST)
		return 1;
	return ip4_dst_hoplimit(&rt->dst);
}

/**
 * icmpctl_xmit_ipv4() - send one IPv4 probe
 * @probe: see icmpctl_xmit().
 *
 * Context: the session's work.
 * Return: see icmpctl_xmit().
 */
int icmpctl_xmit_ipv4(struct icmpctl_probe *probe)
{
	const struct icmpctl_config *config = &probe->session->config;
	struct net *net = probe->session->net;
	struct icmpctl_slot *slot = probe->slot;
	struct net_device *dev;
	struct rtable *rt;
	struct sk_buff *skb;
	struct iphdr *iph;
	struct flowi4 fl4;
	struct sock *sk;
	bool fragment;
	u32 reserve;
	__wsum csum;
	int err = 0;

	rt = way(probe->session, probe->target, probe->kind,
		 icmpctl_packet_has_port(probe->kind) ? probe->id : 0, probe->port, &fl4);
	if (IS_ERR(rt))
		return PTR_ERR(rt);
	/* The route does not hold its device: see icmpctl_xmit_mtu(). */
	rcu_read_lock();
	dev = dst_dev_rcu(&rt->dst);
	slot->egress = dev->ifindex;
	/* An interface without a carrier takes packets and throws them away. */
	WRITE_ONCE(slot->no_link, !netif_carrier_ok(dev));
	reserve = LL_RESERVED_SPACE(dev);
	if (probe->session->sweep)
		err = icmpctl_sweep_admit_ipv4(probe, rt);
	if (!err)
		err = icmpctl_xmit_mtu(probe, &rt->dst, sizeof(*iph), &fragment);
	rcu_read_unlock();
	if (err)
		goto put_route;
	skb = icmpctl_xmit_build(probe, reserve, sizeof(*iph),
				 fragment ? (probe->mtu - sizeof(*iph)) & ~7U : 0, &csum);
	err = -ENOMEM;
	if (!skb)
		goto put_route;
	if (icmpctl_packet_has_port(probe->kind))
		csum = csum_tcpudp_nofold(fl4.saddr, fl4.daddr, skb->len,
					  protocol_of(probe->kind), csum);
	icmpctl_xmit_seal(probe, skb, csum);

	iph = skb_push(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tos = config->tos;
	iph->frag_off = dont_fragment(config, &rt->dst) && !fragment ? htons(IP_DF) : 0;
	iph->ttl = ttl(probe->target, rt);
	iph->protocol = protocol_of(probe->kind);
	iph->saddr = fl4.saddr;
	iph->daddr = fl4.daddr;
	ip_select_ident(net, skb, NULL);

	/* Cut at the MTU of the path, also where that of the route is larger. */
	if (fragment)
		IPCB(skb)->frag_max_size = min(probe->mtu, (u32)IP_MAX_MTU);

	skb->protocol = htons(ETH_P_IP);
	skb->mark = config->mark;
	skb->priority = rt_tos2priority(config->tos);
	sk = icmpctl_txstamp_own(probe, skb, &rt->dst);
	if (!sk) {
		kfree_skb(skb);
		err = -ENOBUFS;
		goto put_route;
	}
	skb_dst_set(skb, &rt->dst);
	/* No softirq takes its time between the two: answers are looked at afterwards. */
	local_bh_disable();
	icmpctl_slot_hand_over(slot, iph->ttl);
	err = ip_local_out(net, sk, skb);
	local_bh_enable();
	return net_xmit_eval(err);

put_route:
	ip_rt_put(rt);
	return err;
}
