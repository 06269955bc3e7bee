// SPDX-License-Identifier: GPL-2.0
/*
 * xmit.c - a probe becomes a packet; what both families share
 */
#include <linux/icmp.h>
#include <linux/minmax.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "compat/dst.h"
#include "icmpctl.h"

/* What fits into one linear buffer without a high-order allocation. */
#define LINEAR_MAX	2048

/* What is sent in a piece of a page. */
#define SMALL_MAX	512

#define FILL_LEN	256

/**
 * icmpctl_xmit() - send one probe
 * @probe: its slot is WAITING and can be found by stamps and answers.
 *
 * The slot's handed_ns is set just before the stack has the packet, or when it
 * was clear that it never will.
 *
 * Context: the session's work.
 * Return: 0; NET_XMIT_DROP; or a negative errno, with -EMSGSIZE probe->mtu is set.
 */
int icmpctl_xmit(struct icmpctl_probe *probe)
{
	int err;

	probe->hlen = icmpctl_packet_hlen(probe->kind, probe->target->family,
					  &probe->session->config.query);
	if (!icmpctl_packet_has_payload(probe->kind))
		probe->payload.size = 0;
	/* These are given to the checksum: see icmpctl_xmit_seal(). */
	if (probe->kind == ICMPCTL_PROBE_UDP)
		probe->payload.cookie &= ~(u64)U16_MAX;
	err = probe->target->family == AF_INET ? icmpctl_xmit_ipv4(probe)
					       : icmpctl_xmit_ipv6(probe);
	if (probe->slot->handed_ns)
		icmpctl_txstamp_collect(probe->session, probe->target->family);
	else
		icmpctl_slot_hand_over(probe->slot, 0);
	return err;
}

/*
 * IP's own sockets cut for no MTU below these (ip_setup_cork(), ip6_setup_cork()), which a route
 * may have nevertheless. And a first piece must have room for the header, and for what the seal
 * writes behind it.
 */
static bool can_be_cut(const struct icmpctl_probe *probe, u32 hlen)
{
	bool ipv4 = probe->target->family == AF_INET;
	u32 least = probe->hlen + min_t(u32, probe->payload.size, ICMPCTL_COOKIE_LEN);

	if (probe->mtu < (ipv4 ? IPV4_MIN_MTU : IPV6_MIN_MTU))
		return false;
	if (!ipv4)
		hlen += sizeof(struct frag_hdr);
	return ((probe->mtu - hlen) & ~7U) >= least;
}

/**
 * icmpctl_xmit_mtu() - may a probe leave in one piece, in several, or not at all
 * @probe: the probe; its mtu is set.
 * @dst: its route.
 * @hlen: bytes of the IP header.
 * @fragment: <- it must be cut.
 *
 * A reference to a route does not keep its device: that is taken out of it when it goes, and
 * freed a grace period later. So whoever looks at it does so in an RCU read side.
 *
 * Context: the session's work, RCU read side.
 * Return: 0 or -EMSGSIZE.
 */
int icmpctl_xmit_mtu(struct icmpctl_probe *probe, const struct dst_entry *dst, u32 hlen,
		     bool *fragment)
{
	u32 mode = probe->session->config.pmtudisc;
	u32 path_mtu = READ_ONCE(probe->target->path_mtu);

	if (mode == ICMPCTL_PMTUDISC_PROBE)
		probe->mtu = READ_ONCE(dst_dev_rcu(dst)->mtu);
	else
		probe->mtu = min(dst_mtu(dst), path_mtu ?: U32_MAX);
	*fragment = hlen + probe->hlen + probe->payload.size > probe->mtu;
	if (*fragment && (mode == ICMPCTL_PMTUDISC_DO || mode == ICMPCTL_PMTUDISC_PROBE))
		return -EMSGSIZE;
	if (*fragment && !can_be_cut(probe, hlen))
		return -EMSGSIZE;
	return 0;
}

/**
 * icmpctl_route_why() - why there is no route, for the one who asked
 * @err: negative errno of a route look-up.
 *
 * Return: a sentence; NULL for want of memory, which says nothing of the route.
 */
const char *icmpctl_route_why(int err)
{
	switch (err) {
	case -ENOMEM:
		return NULL;
	case -ENETUNREACH:
		return "no route to the target";
	case -EACCES:
		return "the route to the target is prohibited";
	case -EHOSTUNREACH:
		return "the route says that the target is unreachable";
	case -EINVAL:
		return "not an address that can be probed, or its route is a black hole";
	case -EADDRNOTAVAIL:
		return "no address of this network namespace can reach the target";
	default:
		return "the target cannot be reached by any route";
	}
}

/* A segment as large as would fit, had the packet no options of IP or TCP. */
static u16 announced_mss(const struct icmpctl_probe *probe)
{
	u32 hlen = probe->target->family == AF_INET ? 20 + 20 : 40 + 20;

	return clamp(probe->mtu, hlen + 1, (u32)U16_MAX) - hlen;
}

static void build_header(const struct icmpctl_probe *probe, u8 *hdr)
{
	const struct icmpctl_payload *payload = &probe->payload;

	switch (probe->kind) {
	case ICMPCTL_PROBE_UDP:
		icmpctl_packet_udp_header(hdr, probe->id, probe->port, payload->size);
		break;
	case ICMPCTL_PROBE_TCP:
		icmpctl_packet_tcp_header(hdr, probe->id, probe->port, announced_mss(probe),
					  probe->seq, payload->cookie);
		break;
	case ICMPCTL_PROBE_TIMESTAMP:
		icmpctl_packet_timestamp(hdr, probe->id, probe->seq, payload->cookie);
		break;
	case ICMPCTL_PROBE_MASK:
		icmpctl_packet_mask(hdr, probe->id, probe->seq);
		break;
	case ICMPCTL_PROBE_EXTENDED:
		icmpctl_packet_extended(hdr, probe->target->family, probe->id, probe->seq,
					&probe->session->config.query, &probe->target->addr);
		break;
	default:
		icmpctl_packet_header(hdr, probe->target->family, probe->id, probe->seq);
	}
}

/*
 * A whole message of few bytes, which nearly all are, in a piece of a page: the allocator
 * is asked for a page once for dozens of them.
 */
static struct sk_buff *build_small(const struct icmpctl_probe *probe, u32 reserve, u32 len)
{
	u32 hlen = probe->hlen;
	u32 size = SKB_DATA_ALIGN(reserve + len) +
		   SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	void *data = netdev_alloc_frag(size);
	struct sk_buff *skb;

	if (!data)
		return NULL;
	skb = build_skb(data, size);
	if (!skb) {
		skb_free_frag(data);
		return NULL;
	}
	skb_reserve(skb, reserve);
	__skb_put(skb, len);
	build_header(probe, skb->data);
	icmpctl_packet_fill(&probe->payload, skb->data + hlen, 0, len - hlen);
	return skb;
}

/* One buffer with bytes [offset, offset + len) of the message. */
static struct sk_buff *build_piece(const struct icmpctl_probe *probe, u32 reserve, u32 offset,
				   u32 len)
{
	u32 linear = min_t(u32, len, LINEAR_MAX);
	u32 hlen = probe->hlen;
	u32 done = 0;
	struct sk_buff *skb;
	u8 buf[FILL_LEN];
	int err;

	skb = alloc_skb_with_frags(reserve + linear, len - linear, PAGE_ALLOC_COSTLY_ORDER,
				   &err, GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_reserve(skb, reserve);
	skb_put(skb, linear);
	skb->data_len = len - linear;
	skb->len += len - linear;

	if (!offset) {
		build_header(probe, skb->data);
		done = hlen;
	}
	if (linear > done) {
		icmpctl_packet_fill(&probe->payload, skb->data + done,
				    offset + done - hlen, linear - done);
		done = linear;
	}
	while (done < len) {
		u32 piece = min_t(u32, len - done, sizeof(buf));

		icmpctl_packet_fill(&probe->payload, buf, offset + done - hlen, piece);
		/* The pages are our own and were made for so many bytes. */
		WARN_ON_ONCE(skb_store_bits(skb, done, buf, piece));
		done += piece;
	}
	return skb;
}

/**
 * icmpctl_xmit_build() - the message of a probe
 * @probe: the probe.
 * @reserve: headroom for the link layer.
 * @hlen: headroom for the IP header, and what comes with fragments.
 * @chunk: cut into pieces of so many bytes, a multiple of 8; 0: do not cut.
 * @csum: <- sum over the message, whose checksum field is zero.
 *
 * A message in pieces hangs on the first one's frag_list, as the IP stacks'
 * fragmentation likes it best: the first piece becomes the first fragment as it
 * is, and with it goes the driver's stamp (RFC 2681: the first bit sent).
 *
 * Context: process, may sleep.
 * Return: the packet without its IP header, or NULL.
 */
struct sk_buff *icmpctl_xmit_build(const struct icmpctl_probe *probe, u32 reserve, u32 hlen,
				   u32 chunk, __wsum *csum)
{
	u32 total = probe->hlen + probe->payload.size;
	u32 offset = chunk ? min(chunk, total) : total;
	struct sk_buff *head, **next;

	if (total <= SMALL_MAX && offset == total) {
		head = build_small(probe, reserve + hlen, total);
		if (!head)
			return NULL;
		skb_reset_transport_header(head);
		*csum = csum_partial(head->data, total, 0);
		return head;
	}
	head = build_piece(probe, reserve + hlen, 0, offset);
	if (!head)
		return NULL;
	next = &skb_shinfo(head)->frag_list;
	while (offset < total) {
		u32 len = min(chunk, total - offset);
		struct sk_buff *skb = build_piece(probe, reserve + hlen, offset, len);

		if (!skb) {
			kfree_skb(head);
			return NULL;
		}
		head->len += len;
		head->data_len += len;
		head->truesize += skb->truesize;
		*next = skb;
		next = &skb->next;
		offset += len;
	}
	skb_reset_transport_header(head);
	*csum = skb_checksum(head, 0, total, 0);
	return head;
}

/**
 * icmpctl_xmit_seal() - write the checksum of a probe
 * @probe: the probe.
 * @skb: its message, no IP header yet.
 * @csum: sum over the message, and over the pseudo-header where there is one.
 *
 * A UDP probe is named by its checksum, so there it is the payload that follows.
 */
void icmpctl_xmit_seal(const struct icmpctl_probe *probe, struct sk_buff *skb, __wsum csum)
{
	switch (probe->kind) {
	case ICMPCTL_PROBE_UDP:
		icmpctl_packet_udp_seal(skb->data, ntohs((__force __be16)~csum_fold(csum)),
					probe->seq);
		break;
	case ICMPCTL_PROBE_TCP:
		tcp_hdr(skb)->check = csum_fold(csum);
		break;
	default:
		/* ICMPv6 has it in the same place. */
		icmp_hdr(skb)->checksum = csum_fold(csum);
	}
}
