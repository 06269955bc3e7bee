// SPDX-License-Identifier: GPL-2.0
/*
 * hook.c - the up leg's entrance: LOCAL_IN, behind every firewall rule
 *
 * Knows packets and no policy: decodes what may be an answer, finds whose it is,
 * converts its stamp, and hands it to verdict.c. Every packet goes on untouched, but
 * those that verdict.c keeps from the stack.
 * IPv4 fragments were put together before LOCAL_IN; IPv6 ones are by
 * nf_defrag_ipv6, which a session with large payloads asks for (netns.c).
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
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
#include <net/ndisc.h>

#include "icmpctl.h"

/* A stamp older than this is of before a clock step. */
#define STAMP_AGE_MAX_NS	NSEC_PER_SEC

#define VERIFY_LEN		256

/* How many leading bytes of an echo reply's payload are as they were sent. */
static u32 intact(const struct sk_buff *skb, u32 offset, u32 len,
		  const struct icmpctl_payload *payload)
{
	u8 buf[VERIFY_LEN];
	u32 done = 0;

	len = min(len, payload->size);
	while (done < len) {
		u32 piece = min_t(u32, len - done, sizeof(buf));
		const u8 *data = skb_header_pointer(skb, offset + done, piece, buf);
		u32 right;

		if (!data)
			break;
		right = icmpctl_packet_verify(payload, data, done, piece);
		done += right;
		if (right < piece)
			break;
	}
	return done;
}

/*
 * The interface's own stamp, on its own clock. A driver that leaves it to be made of
 * what it keeps beside the packet (SKBTX_HW_TSTAMP_NETDEV) points into a buffer that
 * may have been replaced and freed on the packet's way here: such a stamp is left out.
 */
static u64 hardware_stamp(struct sk_buff *skb)
{
	if (skb_shinfo(skb)->tx_flags & SKBTX_HW_TSTAMP_NETDEV)
		return 0;
	return max_t(s64, ktime_to_ns(skb_hwtstamps(skb)->hwtstamp), 0);
}

/* Errors that quote our probes are few: these bytes are not on everybody's stack. */
static noinline bool judge_extended(struct sk_buff *skb, u32 offset,
				    struct icmpctl_arrival *arrival)
{
	struct icmpctl_extension extension = {};
	u8 data[ICMPCTL_EXTENSION_LEN];
	u8 head[ICMPCTL_ICMP_HLEN];
	u32 at, len, piece;
	bool told;

	if (skb_copy_bits(skb, offset, head, sizeof(head)))
		return false;
	at = icmpctl_extension_offset(head, arrival->bytes, arrival->family, &told);
	len = at < arrival->bytes ? arrival->bytes - at : 0;
	piece = min_t(u32, len, sizeof(data));
	if (at && !skb_copy_bits(skb, offset + at, data, piece))
		arrival->extension_state = icmpctl_extension_check(data, len, told);
	if (arrival->extension_state == ICMPCTL_EXTENSION_GOOD) {
		extension.len = piece - ICMPCTL_EXTENSION_HLEN;
		memcpy(extension.objects, data + ICMPCTL_EXTENSION_HLEN, extension.len);
		arrival->extension = &extension;
	}
	return icmpctl_verdict(arrival);
}

static bool checksum_ok(struct sk_buff *skb, u32 offset, u8 protocol, u8 family)
{
	struct udphdr buf;
	const struct udphdr *udp;

	if (protocol == IPPROTO_UDP && family == AF_INET) {
		udp = skb_header_pointer(skb, offset, sizeof(buf), &buf);
		if (udp && !udp->check)
			return true;
	}
	return !nf_checksum(skb, NF_INET_LOCAL_IN, offset, protocol, family);
}

/**
 * icmpctl_hook_judge() - take the stamps of what arrived, and have it judged
 * @skb: the packet.
 * @offset: where in it the header behind IP is.
 * @protocol: what that is.
 * @arrival: decoded, and it is known which probe it is about.
 *
 * Context: softirq, RCU read side since the identifier was looked up.
 * Return: see icmpctl_verdict().
 */
bool icmpctl_hook_judge(struct sk_buff *skb, u32 offset, u8 protocol,
			struct icmpctl_arrival *arrival)
{
	struct icmpctl_session *session = arrival->wire->session;
	const struct icmpctl_msg *msg = &arrival->msg;
	struct icmpctl_slot *slot;

	arrival->hook_ns = icmpctl_clock_ns();
	if (session->config.timestamps != ICMPCTL_TIMESTAMPS_HOOK)
		arrival->stack_ns = icmpctl_clock_from_real(skb_tstamp(skb),
							    arrival->hook_ns - STAMP_AGE_MAX_NS,
							    arrival->hook_ns);
	arrival->hw_rx_ns = hardware_stamp(skb);
	arrival->checksum_ok = checksum_ok(skb, offset, protocol, arrival->family);
	slot = icmpctl_slot_find(&session->slots, arrival->number);
	if (slot && arrival->checksum_ok && msg->kind == ICMPCTL_MSG_REPLY &&
	    msg->probe == ICMPCTL_PROBE_ECHO) {
		struct icmpctl_payload payload;

		icmpctl_wire_carried(session, slot, &payload);
		arrival->intact = intact(skb, offset + ICMPCTL_ICMP_HLEN,
					 arrival->bytes - ICMPCTL_ICMP_HLEN, &payload);
	}
	icmpctl_txstamp_collect(session, arrival->family);
	if (msg->kind == ICMPCTL_MSG_ERROR &&
	    session->config.flags & ICMPCTL_SESSION_F_EXTENSIONS)
		return judge_extended(skb, offset, arrival);
	return icmpctl_verdict(arrival);
}

/* Returns NF_STOLEN for what the stack is not to see: it is freed then. */
static unsigned int arrive(struct icmpctl_net *inet, struct sk_buff *skb, u32 offset,
			   struct icmpctl_arrival *arrival)
{
	struct icmpctl_msg *msg = &arrival->msg;
	u8 buf[ICMPCTL_PARSE_LEN];
	const u8 *data;
	u32 len;

	if (skb->len < offset + ICMPCTL_ICMP_HLEN)
		return NF_ACCEPT;
	arrival->bytes = skb->len - offset;
	len = min_t(u32, arrival->bytes, sizeof(buf));
	data = skb_header_pointer(skb, offset, len, buf);
	if (!data)
		return NF_ACCEPT;
	icmpctl_packet_parse(data, len, arrival->family, msg);
	if (msg->kind == ICMPCTL_MSG_OTHER)
		return NF_ACCEPT;
	/* Of echo replies it was looked up to see whether they are. */
	if (!arrival->wire)
		arrival->wire = xa_load(&inet->ids,
					icmpctl_wire_index(msg->probe, msg->id, msg->seq));
	if (!arrival->wire)
		return NF_ACCEPT;
	arrival->number = icmpctl_wire_number(arrival->wire, msg->seq);
	if (!icmpctl_hook_judge(skb, offset, arrival->family == AF_INET ? IPPROTO_ICMP
									: IPPROTO_ICMPV6, arrival))
		return NF_ACCEPT;
	consume_skb(skb);
	return NF_STOLEN;
}

/*
 * Is an ICMP message nobody's answer to us? Packets of others pay for this much and no more:
 * nothing is copied, no stamp is looked at. What does not lie bare is for the slow path. Of an
 * echo reply of ours it is known by then whose it is: @wire.
 */
static __always_inline bool foreign(const struct nf_hook_state *state, const struct sk_buff *skb,
				    unsigned int offset, u8 family,
				    const struct icmpctl_wire_id **wire)
{
	u8 reply = family == AF_INET ? ICMP_ECHOREPLY : ICMPV6_ECHO_REPLY;
	const struct icmphdr *icmph = (const void *)(skb->data + offset);

	if (offset + ICMPCTL_ICMP_HLEN > skb_headlen(skb))
		return false;
	if (icmph->type == reply) {
		*wire = xa_load(&icmpctl_net(state->net)->ids, ntohs(icmph->un.echo.id));
		return !*wire;
	}
	if (family == AF_INET)
		return icmph->type == ICMP_ECHO;
	return icmph->type & ICMPV6_INFOMSG_MASK && icmph->type != NDISC_REDIRECT &&
	       icmph->type != ICMPV6_EXT_ECHO_REPLY;
}

static noinline unsigned int arrive_ipv4(struct sk_buff *skb,
					 const struct nf_hook_state *state,
					 const struct icmpctl_wire_id *wire)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct icmpctl_arrival arrival = {
		.wire = wire,
		.family = AF_INET,
		.from.v4 = iph->saddr,
		.ttl = iph->ttl,
		.tos = iph->tos,
		.ifindex = IPCB(skb)->iif,
	};

	return arrive(icmpctl_net(state->net), skb, skb_network_offset(skb) + ip_hdrlen(skb),
		      &arrival);
}

static unsigned int hook_ipv4(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	const struct icmpctl_wire_id *wire = NULL;
	const struct iphdr *iph = ip_hdr(skb);

	if (iph->protocol == IPPROTO_ICMP && !ip_is_fragment(iph) &&
	    !foreign(state, skb, skb_network_offset(skb) + ip_hdrlen(skb), AF_INET, &wire))
		return arrive_ipv4(skb, state, wire);
	return NF_ACCEPT;
}

static noinline unsigned int arrive_ipv6(struct sk_buff *skb,
					 const struct nf_hook_state *state,
					 const struct icmpctl_wire_id *wire)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	u8 nexthdr = ip6h->nexthdr;
	__be16 frag_off = 0;
	int offset;

	offset = ipv6_skip_exthdr(skb, skb_network_offset(skb) + sizeof(*ip6h), &nexthdr,
				  &frag_off);
	if (offset >= 0 && nexthdr == IPPROTO_ICMPV6 &&
	    !(frag_off & htons(IP6_OFFSET | IP6_MF))) {
		struct icmpctl_arrival arrival = {
			.wire = wire,
			.family = AF_INET6,
			.from.v6 = ip6h->saddr,
			.ttl = ip6h->hop_limit,
			.tos = ipv6_get_dsfield(ip6h),
			.ifindex = IP6CB(skb)->iif,
		};

		return arrive(icmpctl_net(state->net), skb, offset, &arrival);
	}
	return NF_ACCEPT;
}

static unsigned int hook_ipv6(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	const struct icmpctl_wire_id *wire = NULL;
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);

	switch (ip6h->nexthdr) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
		break;
	case IPPROTO_ICMPV6:
		if (foreign(state, skb, skb_network_offset(skb) + sizeof(*ip6h), AF_INET6,
			    &wire))
			break;
		fallthrough;
	default:
		return arrive_ipv6(skb, state, wire);
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
 * icmpctl_hook_register() - see what arrives in a namespace
 * @net: the namespace.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int icmpctl_hook_register(struct net *net)
{
	return nf_register_net_hooks(net, hooks, ARRAY_SIZE(hooks));
}

/**
 * icmpctl_hook_unregister() - see it no longer
 * @net: the namespace. A hook may run until the next grace period has passed.
 *
 * Context: process, may sleep.
 */
void icmpctl_hook_unregister(struct net *net)
{
	nf_unregister_net_hooks(net, hooks, ARRAY_SIZE(hooks));
}
