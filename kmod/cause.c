// SPDX-License-Identifier: GPL-2.0
/*
 * cause.c - why a probe got no reply, as far as this host can know
 *
 * What is not known is not guessed: a probe that left, or of which nothing says that
 * it did not, and that nothing came back for, is silence.
 */
#include <linux/errno.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netdevice.h>
#include <net/addrconf.h>
#include <net/net_namespace.h>
#include <net/route.h>

#include "icmpctl.h"

static bool link_down(struct net *net, u32 ifindex)
{
	struct net_device *dev;
	bool down;

	if (!ifindex)
		return false;
	rcu_read_lock();
	dev = dev_get_by_index_rcu(net, ifindex);
	down = !dev || !(READ_ONCE(dev->flags) & IFF_UP) || !netif_carrier_ok(dev);
	rcu_read_unlock();
	return down;
}

/**
 * icmpctl_cause_refused() - why the stack refused a probe
 * @session: whose.
 * @slot: its slot.
 * @err: what icmpctl_xmit() returned, not 0.
 *
 * Context: the session's work.
 * Return: the cause.
 */
enum icmpctl_cause icmpctl_cause_refused(const struct icmpctl_session *session,
					 const struct icmpctl_slot *slot, int err)
{
	const struct icmpctl_target *target = &session->targets[slot->target];

	/* For want of memory nobody knows whether there is a route. */
	if (err == -ENOMEM)
		return ICMPCTL_CAUSE_REFUSED;
	/* With its interface a route goes: the one it had tells which it was. */
	if (!slot->egress)
		return link_down(session->net, target->ifindex ?: target->egress)
		       ? ICMPCTL_CAUSE_LINK_DOWN : ICMPCTL_CAUSE_NO_ROUTE;
	switch (err) {
	case -ENETDOWN:
		return ICMPCTL_CAUSE_LINK_DOWN;
	case -EPERM:
		return ICMPCTL_CAUSE_FILTERED_OUT;
	case NET_XMIT_DROP:
	case -ENOBUFS:
		return link_down(session->net, slot->egress) ? ICMPCTL_CAUSE_LINK_DOWN
							     : ICMPCTL_CAUSE_QUEUE;
	default:
		return ICMPCTL_CAUSE_REFUSED;
	}
}

static bool neighbour_missing(struct icmpctl_session *session,
			      const struct icmpctl_target *target)
{
	if (target->family == AF_INET)
		return icmpctl_neighbour_missing_ipv4(session, target);
	return icmpctl_neighbour_missing_ipv6(session->net, &session->config, target);
}

/**
 * icmpctl_cause_lost() - why there was no answer within the timeout
 * @session: whose.
 * @slot: its slot; the stamps that came were collected.
 * @number: its number.
 *
 * That a driver's stamp is missing says something only where this driver stamped an
 * earlier probe to the same target: there are drivers that never do, and ways on which
 * a stamp gets lost (docs/design.md).
 *
 * Context: process.
 * Return: the cause.
 */
enum icmpctl_cause icmpctl_cause_lost(struct icmpctl_session *session,
				      const struct icmpctl_slot *slot, u64 number)
{
	const struct icmpctl_target *target = icmpctl_session_target(session, slot);
	bool down = slot->no_link || link_down(session->net, slot->egress);

	if (READ_ONCE(slot->seen) == (u32)number)
		return ICMPCTL_CAUSE_FILTERED_IN;
	if (READ_ONCE(slot->stamped))
		return down ? ICMPCTL_CAUSE_LINK_DOWN : ICMPCTL_CAUSE_SILENCE;
	if (down)
		return ICMPCTL_CAUSE_LINK_DOWN;
	if (neighbour_missing(session, target))
		return ICMPCTL_CAUSE_NEIGHBOUR;
	if (slot->egress && READ_ONCE(target->stamps_by) == slot->egress)
		return ICMPCTL_CAUSE_QUEUE;
	return ICMPCTL_CAUSE_SILENCE;
}

static bool own_address(struct net *net, const struct icmpctl_arrival *arrival)
{
	if (arrival->family == AF_INET)
		return inet_addr_type(net, arrival->from.v4) == RTN_LOCAL;
	return ipv6_chk_addr(net, &arrival->from.v6, NULL, 0);
}

static enum icmpctl_cause cause_ipv4(const struct icmpctl_msg *msg)
{
	if (msg->type != ICMP_DEST_UNREACH)
		return ICMPCTL_CAUSE_REPORTED;
	switch (msg->code) {
	case ICMP_HOST_UNREACH:
		return ICMPCTL_CAUSE_NEIGHBOUR;
	case ICMP_NET_UNREACH:
		return ICMPCTL_CAUSE_NO_ROUTE;
	case ICMP_FRAG_NEEDED:
		return ICMPCTL_CAUSE_REPORTED;
	default:
		return ICMPCTL_CAUSE_FILTERED_OUT;
	}
}

static enum icmpctl_cause cause_ipv6(const struct icmpctl_msg *msg)
{
	if (msg->type != ICMPV6_DEST_UNREACH)
		return ICMPCTL_CAUSE_REPORTED;
	switch (msg->code) {
	case ICMPV6_ADDR_UNREACH:
		return ICMPCTL_CAUSE_NEIGHBOUR;
	case ICMPV6_NOROUTE:
		return ICMPCTL_CAUSE_NO_ROUTE;
	default:
		return ICMPCTL_CAUSE_FILTERED_OUT;
	}
}

/**
 * icmpctl_cause_error() - what an ICMP error means that answered a probe
 * @session: whose.
 * @slot: its slot.
 * @arrival: the error.
 *
 * This host reports its own failures in the same way: when a neighbour does not answer
 * ARP or neighbour solicitations (RFC 1122, 2.3.2.2; RFC 4861, 7.2.2), and when a rule
 * of its firewall rejects. A rule may reject in the neighbour's words; the neighbour
 * is asked for.
 *
 * Context: softirq, RCU read side.
 * Return: the cause.
 */
enum icmpctl_cause icmpctl_cause_error(struct icmpctl_session *session,
				       const struct icmpctl_slot *slot,
				       const struct icmpctl_arrival *arrival)
{
	enum icmpctl_cause cause;

	if (!own_address(session->net, arrival))
		return ICMPCTL_CAUSE_REPORTED;
	if (READ_ONCE(slot->no_link) || link_down(session->net, slot->egress))
		return ICMPCTL_CAUSE_LINK_DOWN;
	cause = arrival->family == AF_INET ? cause_ipv4(&arrival->msg)
					   : cause_ipv6(&arrival->msg);
	/* Of a sweep the address is the slot's, and this costs two look-ups a host. */
	if (cause == ICMPCTL_CAUSE_NEIGHBOUR && !session->sweep &&
	    !neighbour_missing(session, &session->targets[slot->target]))
		cause = ICMPCTL_CAUSE_FILTERED_OUT;
	return cause;
}

/**
 * icmpctl_cause_is_own() - was it this host that sent the ICMP error?
 * @cause: of the error: what icmpctl_cause_error() returned, or none.
 *
 * Return: true if so.
 */
bool icmpctl_cause_is_own(enum icmpctl_cause cause)
{
	return cause != ICMPCTL_CAUSE_NONE && cause != ICMPCTL_CAUSE_REPORTED;
}

/**
 * icmpctl_cause_counter() - where a cause is counted
 * @cause: not ICMPCTL_CAUSE_NONE.
 *
 * Return: the counter.
 */
enum icmpctl_count icmpctl_cause_counter(enum icmpctl_cause cause)
{
	return ICMPCTL_COUNT_CAUSE_SILENCE + (cause - ICMPCTL_CAUSE_SILENCE);
}
