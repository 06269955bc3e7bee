// SPDX-License-Identifier: GPL-2.0
/*
 * prehook.c - what arrives at this host, before any rule of it can throw it away
 *
 * PRE_ROUTING, before every rule but behind what puts fragments together: an echo reply to a
 * waiting probe is noted in its slot, no more. What LOCAL_IN then never sees was dropped in
 * between, by a firewall rule or by the reverse path filter. Everyone's packets come by here, so
 * what cannot be a reply of ours is let go as early as can be. A fragment says nothing: the
 * others may have been lost on the way.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "icmpctl.h"
#include "core/bytes.h"

/* Payloads too short for a cookie are told by identifier, number and address. */
static bool genuine(const struct icmpctl_session *session, const struct sk_buff *skb,
		    u32 offset, const struct icmpctl_slot *slot)
{
	u8 buf[ICMPCTL_COOKIE_LEN];
	const u8 *cookie;

	if (session->targets[slot->target].size < ICMPCTL_COOKIE_LEN)
		return true;
	cookie = skb_header_pointer(skb, offset, sizeof(buf), buf);
	return cookie && get_be64(cookie) == READ_ONCE(slot->cookie);
}

/* Out of line: a bystander should not pay for its stack. */
static noinline void note(const struct net *net, const struct sk_buff *skb, u32 offset,
			  int family, const void *from)
{
	struct icmphdr buf;
	const struct icmphdr *icmp = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	const struct icmpctl_wire_id *wire;
	struct icmpctl_session *session;
	struct icmpctl_target *target;
	struct icmpctl_slot *slot;
	u64 number;

	/* ICMPv6 echo has the same header. */
	if (!icmp || icmp->type != (family == AF_INET ? ICMP_ECHOREPLY : ICMPV6_ECHO_REPLY))
		return;
	wire = xa_load(&icmpctl_net(net)->ids, ntohs(icmp->un.echo.id));
	if (!wire)
		return;
	session = wire->session;
	number = icmpctl_wire_number(wire, ntohs(icmp->un.echo.sequence));
	slot = icmpctl_slot_find_sent(&session->slots, number);
	if (!slot)
		return;
	target = &session->targets[slot->target];
	if (target->family != family ||
	    (!target->group && memcmp(from, icmpctl_session_addr(session, slot)->bytes,
				      family == AF_INET ? 4 : 16)))
		return;
	if (genuine(session, skb, offset + sizeof(buf), slot))
		WRITE_ONCE(slot->seen, number);
}

/* By the bare header, where there is one: all that a bystander's echo request costs. */
static __always_inline bool no_reply(const struct sk_buff *skb, unsigned int offset, u8 reply)
{
	return offset < skb_headlen(skb) && skb->data[offset] != reply;
}

static unsigned int prehook_ipv4(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);
	unsigned int offset;

	if (likely(iph->protocol != IPPROTO_ICMP))
		return NF_ACCEPT;
	offset = skb_network_offset(skb) + iph->ihl * 4;
	if (!no_reply(skb, offset, ICMP_ECHOREPLY) && !ip_is_fragment(iph))
		note(state->net, skb, offset, AF_INET, &iph->saddr);
	return NF_ACCEPT;
}

static noinline void look_behind(const struct net *net, const struct sk_buff *skb)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	u8 nexthdr = ip6h->nexthdr;
	__be16 frag_off = 0;
	int offset = ipv6_skip_exthdr(skb, skb_network_offset(skb) + sizeof(*ip6h), &nexthdr,
				      &frag_off);

	if (offset >= 0 && nexthdr == IPPROTO_ICMPV6 && !(frag_off & htons(IP6_OFFSET | IP6_MF)))
		note(net, skb, offset, AF_INET6, &ip6h->saddr);
}

static unsigned int prehook_ipv6(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	u8 nexthdr = ipv6_hdr(skb)->nexthdr;

	if (nexthdr == IPPROTO_ICMPV6
	    ? !no_reply(skb, skb_network_offset(skb) + sizeof(struct ipv6hdr), ICMPV6_ECHO_REPLY)
	    : unlikely(nexthdr != IPPROTO_TCP && nexthdr != IPPROTO_UDP))
		look_behind(state->net, skb);
	return NF_ACCEPT;
}

static const struct nf_hook_ops hooks[] = {
	{
		.hook = prehook_ipv4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP_PRI_CONNTRACK_DEFRAG + 1,
	},
	{
		.hook = prehook_ipv6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP6_PRI_CONNTRACK_DEFRAG + 1,
	},
};

/**
 * icmpctl_prehook_register() - see what arrives in a namespace, before its firewall
 * @net: the namespace.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int icmpctl_prehook_register(struct net *net)
{
	return nf_register_net_hooks(net, hooks, ARRAY_SIZE(hooks));
}

/**
 * icmpctl_prehook_unregister() - see it no longer
 * @net: the namespace. A hook may run until the next grace period has passed.
 *
 * Context: process, may sleep.
 */
void icmpctl_prehook_unregister(struct net *net)
{
	nf_unregister_net_hooks(net, hooks, ARRAY_SIZE(hooks));
}
