// SPDX-License-Identifier: GPL-2.0
/*
 * hook_port.c - the up leg's entrance for UDP and TCP
 *
 * Registered only while source ports are reserved for probes. Every packet goes on
 * untouched: that is what has the stack reset the connections that a SYN half opened.
 * ICMP errors that quote such probes come by hook.c.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/minmax.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "icmpctl.h"

/* A UDP header with the cookie behind it, or a TCP header without options. */
#define PARSE_LEN	20U

/* Does a datagram carry the cookie of the probe that its checksum names? */
static bool carries_cookie(const struct icmpctl_arrival *arrival)
{
	const struct icmpctl_session *session = arrival->wire->session;
	struct icmpctl_payload payload;
	const struct icmpctl_slot *slot;

	slot = icmpctl_slot_find(&session->slots, arrival->number);
	if (!slot || !arrival->msg.has_cookie)
		return false;
	icmpctl_wire_carried(session, slot, &payload);
	/* The last two bytes make the checksum. */
	return payload.cookie >> 16 == arrival->msg.cookie >> 16;
}

/* What never was on a wire (veth, loopback) has only half of its checksum, RFC 1071's way. */
static void complete_checksum(const struct sk_buff *skb, u32 offset, u8 *udp, u32 len)
{
	__sum16 check;

	if (skb->ip_summed != CHECKSUM_PARTIAL || len < sizeof(struct udphdr))
		return;
	check = csum_fold(skb_checksum(skb, offset, skb->len - offset, 0)) ?: CSUM_MANGLED_0;
	memcpy(udp + offsetof(struct udphdr, check), &check, sizeof(check));
}

static noinline void arrive(struct sk_buff *skb, const struct nf_hook_state *state, u32 offset,
			    u8 protocol, struct icmpctl_arrival *arrival)
{
	struct icmpctl_net *inet = icmpctl_net(state->net);
	struct icmpctl_msg *msg = &arrival->msg;
	u8 data[PARSE_LEN];
	u32 len;

	if (skb->len < offset)
		return;
	arrival->bytes = skb->len - offset;
	len = min(arrival->bytes, PARSE_LEN);
	if (skb_copy_bits(skb, offset, data, len))
		return;
	if (protocol == IPPROTO_UDP) {
		complete_checksum(skb, offset, data, len);
		icmpctl_packet_udp_parse(data, len, msg);
	} else {
		icmpctl_packet_tcp_parse(data, len, msg);
	}
	if (msg->kind == ICMPCTL_MSG_OTHER ||
	    !icmpctl_port_is_ours(inet, msg->probe, msg->id))
		return;
	arrival->wire = xa_load(&inet->ids, icmpctl_port_index(msg->probe, msg->id, msg->seq));
	if (arrival->wire)
		arrival->number = icmpctl_wire_number(arrival->wire, msg->seq);
	if (protocol == IPPROTO_UDP && (!arrival->wire || !carries_cookie(arrival))) {
		msg->has_cookie = false;
		if (!icmpctl_port_guess(inet, arrival))
			return;
	}
	if (arrival->wire)
		icmpctl_hook_judge(skb, offset, protocol, arrival);
}

/* As foreign() in hook.c: packets of others pay for this much. Both have the ports first. */
static __always_inline bool foreign(const struct nf_hook_state *state, const struct sk_buff *skb,
				    unsigned int offset, u8 kind)
{
	const __be16 *ports = (const void *)(skb->data + offset);

	return offset + 2 * sizeof(*ports) <= skb_headlen(skb) &&
	       !icmpctl_port_is_ours(icmpctl_net(state->net), kind, ntohs(ports[1]));
}

static noinline void arrive_ipv4(struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct icmpctl_arrival arrival = {
		.family = AF_INET,
		.from.v4 = iph->saddr,
		.ttl = iph->ttl,
		.tos = iph->tos,
		.ifindex = IPCB(skb)->iif,
	};

	arrive(skb, state, skb_network_offset(skb) + ip_hdrlen(skb), iph->protocol, &arrival);
}

static unsigned int hook_ipv4(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);
	u8 kind;

	if (iph->protocol == IPPROTO_TCP)
		kind = ICMPCTL_PROBE_TCP;
	else if (iph->protocol == IPPROTO_UDP)
		kind = ICMPCTL_PROBE_UDP;
	else
		return NF_ACCEPT;
	if (!ip_is_fragment(iph) &&
	    !foreign(state, skb, skb_network_offset(skb) + ip_hdrlen(skb), kind))
		arrive_ipv4(skb, state);
	return NF_ACCEPT;
}

static noinline void arrive_ipv6(struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	u8 nexthdr = ip6h->nexthdr;
	__be16 frag_off = 0;
	int offset;

	offset = ipv6_skip_exthdr(skb, skb_network_offset(skb) + sizeof(*ip6h), &nexthdr,
				  &frag_off);
	if (offset >= 0 && (nexthdr == IPPROTO_TCP || nexthdr == IPPROTO_UDP) &&
	    !(frag_off & htons(IP6_OFFSET | IP6_MF))) {
		struct icmpctl_arrival arrival = {
			.family = AF_INET6,
			.from.v6 = ip6h->saddr,
			.ttl = ip6h->hop_limit,
			.tos = ipv6_get_dsfield(ip6h),
			.ifindex = IP6CB(skb)->iif,
		};

		arrive(skb, state, offset, nexthdr, &arrival);
	}
}

static unsigned int hook_ipv6(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	unsigned int offset = skb_network_offset(skb) + sizeof(struct ipv6hdr);

	switch (ipv6_hdr(skb)->nexthdr) {
	case IPPROTO_ICMPV6:
		break;
	case IPPROTO_TCP:
		if (!foreign(state, skb, offset, ICMPCTL_PROBE_TCP))
			arrive_ipv6(skb, state);
		break;
	case IPPROTO_UDP:
		if (!foreign(state, skb, offset, ICMPCTL_PROBE_UDP))
			arrive_ipv6(skb, state);
		break;
	default:
		arrive_ipv6(skb, state);
	}
	return NF_ACCEPT;
}

static const struct nf_hook_ops hooks[] = {
	{
		.hook = hook_ipv4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP_PRI_LAST - 1,
	},
	{
		.hook = hook_ipv6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP6_PRI_LAST - 1,
	},
};

/**
 * icmpctl_hook_port_register() - see the UDP and TCP that arrives in a namespace
 * @net: the namespace.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int icmpctl_hook_port_register(struct net *net)
{
	return nf_register_net_hooks(net, hooks, ARRAY_SIZE(hooks));
}

/**
 * icmpctl_hook_port_unregister() - see it no longer
 * @net: the namespace. A hook may run until the next grace period has passed.
 *
 * Context: process, may sleep.
 */
void icmpctl_hook_port_unregister(struct net *net)
{
	nf_unregister_net_hooks(net, hooks, ARRAY_SIZE(hooks));
}
