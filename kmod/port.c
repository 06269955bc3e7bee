// SPDX-License-Identifier: GPL-2.0
/*
 * port.c - source ports of UDP and TCP probes
 *
 * A port is reserved by a socket that is bound to it and does nothing else, so that
 * nobody else's answers come there, nor ours to anybody else. Routers balance by ports, so
 * a flow is a port, also over several sessions (SESSION_A_FLOW_BASE): each has stretches
 * of 1,024 of its keys, and a key names a probe as an ICMP sequence number does.
 *
 * TCP: what comes to a socket that is bound and no more is answered by the stack itself
 * with a reset (RFC 9293, 3.10.7.1), so no connection is left half open. UDP: the socket
 * keeps no datagrams.
 */
#include <linux/bitops.h>
#include <linux/in6.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/net.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "icmpctl.h"

#define STRETCHES	(ICMPCTL_KEYS >> ICMPCTL_STRETCH_BITS)

/* More stretches than this would need more ports than a session should take. */
#define BLOCKS_MAX	4096

/* RFC 6335: the ports that nobody is assigned. */
#define FLOW_PORT_FIRST	49152
#define FLOW_PORTS	16384
/* Where it is looked instead if one of them is taken. */
#define FLOW_TRIES	8
#define FLOW_STEP	1021

/* How far back is looked for the probe that a datagram can be an answer to. */
#define LOOK_BACK	256

static unsigned long owner_index(u8 kind, u16 port)
{
	return BIT(30) | (u32)kind << 16 | port;
}

static int bind_to(struct icmpctl_port *port, bool ipv6, u16 number)
{
	struct sockaddr_in6 any6 = { .sin6_family = AF_INET6, .sin6_port = htons(number) };
	struct sockaddr_in any4 = { .sin_family = AF_INET, .sin_port = htons(number) };

	/* The type of this argument is another one in each kernel. */
	return ipv6 ? kernel_bind(port->sock, (void *)&any6, sizeof(any6))
		    : kernel_bind(port->sock, (void *)&any4, sizeof(any4));
}

/*
 * The port of a flow hangs on its number, so that a session which starts when the last one
 * of that flow is gone goes the same way, as long as nobody else has taken it.
 */
static int bind_port(struct icmpctl_port *port, bool ipv6)
{
	u32 number = icmpctl_cookie_flow_sum(port->flow, port->flow_base);
	int try, err = -EADDRINUSE;

	for (try = 0; port->steady && try < FLOW_TRIES && err == -EADDRINUSE; try++)
		err = bind_to(port, ipv6,
			      FLOW_PORT_FIRST + (number + try * FLOW_STEP) % FLOW_PORTS);
	return err == -EADDRINUSE ? bind_to(port, ipv6, 0) : err;
}

/* Both families, whatever is probed: sessions that share the flow may differ in that. */
static int reserve(struct icmpctl_port *port, struct net *net)
{
	bool udp = port->kind == ICMPCTL_PROBE_UDP;
	int type = udp ? SOCK_DGRAM : SOCK_STREAM;
	int protocol = udp ? IPPROTO_UDP : IPPROTO_TCP;
	struct sock *sk;
	bool ipv6 = true;
	int err;

	err = sock_create_kern(net, AF_INET6, type, protocol, &port->sock);
	if (err == -EAFNOSUPPORT) {
		ipv6 = false;
		err = sock_create_kern(net, AF_INET, type, protocol, &port->sock);
	}
	if (err)
		return err;
	sk = port->sock->sk;
	lock_sock(sk);
	sk->sk_ipv6only = false;
	/* What routers say of our probes is not for the path MTUs of the host. */
	inet_sk(sk)->pmtudisc = IP_PMTUDISC_INTERFACE;
	if (ipv6)
		inet6_sk(sk)->pmtudisc = IPV6_PMTUDISC_INTERFACE;
	/* The hook has seen them all. */
	sk->sk_rcvbuf = 0;
	release_sock(sk);
	err = bind_port(port, ipv6);
	if (err)
		sock_release(port->sock);
	else
		port->number = inet_sk(sk)->inet_num;
	return err;
}

static struct icmpctl_port *port_open(struct icmpctl_net *inet,
				      const struct icmpctl_stream *stream, u32 flow_base)
{
	struct icmpctl_port *port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);
	int err;

	if (!port)
		return ERR_PTR(-ENOMEM);
	port->kind = stream->kind;
	port->steady = stream->steady;
	port->flow = stream->flow;
	port->flow_base = flow_base;
	err = reserve(port, inet->net);
	if (err)
		goto fail;
	err = xa_insert(&inet->ids, owner_index(port->kind, port->number), port, GFP_KERNEL);
	if (err) {
		sock_release(port->sock);
		goto fail;
	}
	if (list_empty(&inet->ports)) {
		err = icmpctl_hook_port_register(inet->net);
		if (err) {
			xa_erase(&inet->ids, owner_index(port->kind, port->number));
			sock_release(port->sock);
			goto fail;
		}
	}
	list_add_tail(&port->node, &inet->ports);
	return port;
fail:
	kfree(port);
	return ERR_PTR(err);
}

static void port_close(struct icmpctl_net *inet, struct icmpctl_port *port)
{
	list_del(&port->node);
	/* The hook looks whether there is one, and never into it. */
	xa_erase(&inet->ids, owner_index(port->kind, port->number));
	if (list_empty(&inet->ports))
		icmpctl_hook_port_unregister(inet->net);
	sock_release(port->sock);
	kfree(port);
}

/* The port of a flow, if some session has it already. */
static struct icmpctl_port *port_of_flow(struct icmpctl_net *inet,
					 const struct icmpctl_stream *stream, u32 flow_base)
{
	struct icmpctl_port *port;

	list_for_each_entry(port, &inet->ports, node)
		if (port->steady && port->kind == stream->kind &&
		    port->flow == stream->flow && port->flow_base == flow_base)
			return port;
	return NULL;
}

/* One stretch more; @port is where the one before was taken from, or NULL. */
static int stretch_take(struct icmpctl_session *session, struct icmpctl_stream *stream,
			struct icmpctl_wire_id *wire, struct icmpctl_port *port)
{
	struct icmpctl_net *inet = session->inet;
	u32 flow_base = session->config.flow_base;
	u32 start;
	int err;

	if (!port && stream->steady)
		port = port_of_flow(inet, stream, flow_base);
	if (port && port->taken == U32_MAX) {
		if (stream->steady)
			return -ENOSPC;
		port = NULL;
	}
	if (!port)
		port = port_open(inet, stream, flow_base);
	if (IS_ERR(port))
		return PTR_ERR(port);
	wire->session = session;
	wire->port = port;
	wire->block = wire - stream->wire;
	wire->stream = stream - session->stream;
	wire->id = port->number;
	/* By chance: what a router said too late of a session that is gone finds nothing. */
	start = get_random_u32() % STRETCHES;
	wire->stretch = (ffz(ror32(port->taken, start)) + start) % STRETCHES;
	port->taken |= BIT(wire->stretch);
	err = xa_insert(&inet->ids, icmpctl_port_index(port->kind, port->number,
						       wire->stretch << ICMPCTL_STRETCH_BITS),
			wire, GFP_KERNEL);
	if (!err)
		stream->published++;
	return err;
}

static struct icmpctl_stream *stream_of(struct icmpctl_session *session, u8 kind,
					const struct icmpctl_target *target)
{
	bool steady = target->flow_sum;
	struct icmpctl_stream *stream;
	u32 i;

	for (i = 0; i < session->streams; i++) {
		stream = &session->stream[i];
		if (stream->kind == kind && stream->steady == steady &&
		    (!steady || stream->flow == target->flow))
			return stream;
	}
	if (session->streams == ICMPCTL_PORTS_MAX)
		return NULL;
	stream = &session->stream[session->streams++];
	stream->kind = kind;
	stream->steady = steady;
	stream->flow = target->flow;
	return stream;
}

/**
 * icmpctl_ports_plan() - which source ports the probes of a session need
 * @session: its targets and slots are there; not yet published.
 * @info: the request, for the sentence of a refusal.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int icmpctl_ports_plan(struct icmpctl_session *session, struct genl_info *info)
{
	u64 span = 2 * ((u64)session->slots.mask + 1);
	struct icmpctl_stream *stream;
	u32 i;

	if (session->config.kind == ICMPCTL_PROBE_ECHO)
		return 0;
	session->stream = kvcalloc(min_t(u32, session->config.targets, ICMPCTL_PORTS_MAX),
				   sizeof(*session->stream), GFP_KERNEL_ACCOUNT);
	if (!session->stream)
		return -ENOMEM;
	for (i = 0; i < session->config.targets; i++) {
		stream = stream_of(session, session->config.kind, &session->targets[i]);
		if (!stream) {
			NL_SET_ERR_MSG(info->extack,
				       "a session can have at most 256 flows of UDP or TCP");
			return -ENOSPC;
		}
		session->targets[i].stream = stream - session->stream;
		cond_resched();
	}
	session->stream_blocks = max_t(u64, span >> ICMPCTL_STRETCH_BITS, 1);
	if (session->stream_blocks > BLOCKS_MAX / session->streams) {
		NL_SET_ERR_MSG(info->extack,
			       "more UDP or TCP probes unanswered at once than source ports can tell apart");
		return -ENOSPC;
	}
	for (i = 0; i < session->streams; i++) {
		stream = &session->stream[i];
		stream->wire = kvcalloc(session->stream_blocks, sizeof(*stream->wire),
					GFP_KERNEL_ACCOUNT);
		if (!stream->wire)
			return -ENOMEM;
	}
	return 0;
}

/**
 * icmpctl_ports_take() - reserve the source ports, and have the hook find them
 * @session: planned; the lock of its namespace is held.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno; icmpctl_ports_unpublish() and icmpctl_ports_give()
 * undo it in either case.
 */
int icmpctl_ports_take(struct icmpctl_session *session)
{
	u32 i, block;
	int err;

	for (i = 0; i < session->streams; i++) {
		struct icmpctl_stream *stream = &session->stream[i];
		struct icmpctl_port *port = NULL;

		for (block = 0; block < session->stream_blocks; block++) {
			err = stretch_take(session, stream, &stream->wire[block], port);
			if (err)
				return err;
			port = stream->wire[block].port;
		}
	}
	return 0;
}

/**
 * icmpctl_ports_unpublish() - from the next grace period on the hook does not find them
 * @session: may be called more than once.
 */
void icmpctl_ports_unpublish(struct icmpctl_session *session)
{
	u32 i;

	for (i = 0; i < session->streams; i++) {
		struct icmpctl_stream *stream = &session->stream[i];

		while (stream->published) {
			const struct icmpctl_wire_id *wire = &stream->wire[--stream->published];

			xa_erase(&session->inet->ids,
				 icmpctl_port_index(stream->kind, wire->id,
						    wire->stretch << ICMPCTL_STRETCH_BITS));
		}
	}
}

/**
 * icmpctl_ports_give() - give the source ports back
 * @session: unpublished; the lock of its namespace is held.
 *
 * Context: process, may sleep.
 */
void icmpctl_ports_give(struct icmpctl_session *session)
{
	u32 i, block;

	for (i = 0; i < session->streams; i++) {
		struct icmpctl_stream *stream = &session->stream[i];

		for (block = 0; stream->wire && block < session->stream_blocks; block++) {
			struct icmpctl_port *port = stream->wire[block].port;

			if (!port)
				continue;
			port->taken &= ~BIT(stream->wire[block].stretch);
			if (!port->taken)
				port_close(session->inet, port);
		}
	}
}

/**
 * icmpctl_ports_free() - free what icmpctl_ports_plan() allocated
 * @session: nobody else knows it any more.
 */
void icmpctl_ports_free(struct icmpctl_session *session)
{
	u32 i;

	for (i = 0; i < session->streams; i++)
		kvfree(session->stream[i].wire);
	kvfree(session->stream);
}

/**
 * icmpctl_port_wire() - what a UDP or TCP probe bears on the wire
 * @session: whose.
 * @stream: index of its stream.
 * @number: of the probe.
 * @port: <- source port.
 * @key: <- what names it there.
 */
void icmpctl_port_wire(const struct icmpctl_session *session, u16 stream, u64 number,
		       u16 *port, u16 *key)
{
	u32 block = number >> ICMPCTL_STRETCH_BITS & (session->stream_blocks - 1);
	const struct icmpctl_wire_id *wire = &session->stream[stream].wire[block];

	*port = wire->id;
	*key = wire->stretch << ICMPCTL_STRETCH_BITS | (number & (ICMPCTL_STRETCH - 1));
}

/**
 * icmpctl_port_is_ours() - is a port reserved for probes
 * @inet: our part of the namespace.
 * @kind: enum icmpctl_probe_kind.
 * @port: the port.
 *
 * Context: any.
 * Return: true if so.
 */
bool icmpctl_port_is_ours(const struct icmpctl_net *inet, u8 kind, u16 port)
{
	return xa_load((struct xarray *)&inet->ids, owner_index(kind, port));
}

/*
 * The last probe of a stretch that a datagram can be an answer to, NULL for none; @n counts
 * them all.
 */
static const struct icmpctl_slot *candidate(const struct icmpctl_wire_id *wire,
					    const struct icmpctl_arrival *arrival,
					    u64 *number, u32 *n)
{
	const struct icmpctl_session *session = wire->session;
	const struct icmpctl_slot *slot, *found = NULL;
	u64 at = READ_ONCE(session->slots.last);
	u32 i;

	for (i = 0; i < LOOK_BACK && at; i++, at--) {
		const struct icmpctl_target *target;

		if ((at >> ICMPCTL_STRETCH_BITS & (session->stream_blocks - 1)) != wire->block)
			continue;
		slot = icmpctl_slot_find(&session->slots, at);
		if (!slot || slot->stream != wire->stream || slot->port != arrival->msg.port ||
		    icmpctl_slot_state(slot, at) != ICMPCTL_SLOT_WAITING)
			continue;
		target = &session->targets[slot->target];
		if (target->family != arrival->family ||
		    !icmpctl_addr_equal(&target->addr, &arrival->from))
			continue;
		if (!found) {
			found = slot;
			*number = at;
		}
		++*n;
	}
	return found;
}

/**
 * icmpctl_port_guess() - which probe a datagram answers that does not tell
 * @inet: our part of the namespace.
 * @arrival: the datagram; <- wire, number, and whether there are others it can be.
 *
 * The last one that was sent: what comes from a target was asked for by the probes that
 * went furthest, if they differ in TTL, and so every answer finds a probe.
 *
 * Context: softirq, RCU read side.
 * Return: false if none waits for it.
 */
bool icmpctl_port_guess(struct icmpctl_net *inet, struct icmpctl_arrival *arrival)
{
	u64 newest_ns = 0;
	u32 stretch, n = 0;

	for (stretch = 0; stretch < STRETCHES; stretch++) {
		const struct icmpctl_wire_id *wire =
			xa_load(&inet->ids,
				icmpctl_port_index(ICMPCTL_PROBE_UDP, arrival->msg.id,
						   stretch << ICMPCTL_STRETCH_BITS));
		const struct icmpctl_slot *slot;
		u64 number;

		slot = wire ? candidate(wire, arrival, &number, &n) : NULL;
		if (!slot || slot->planned_ns < newest_ns)
			continue;
		newest_ns = slot->planned_ns;
		arrival->wire = wire;
		arrival->number = number;
	}
	arrival->ambiguous = n > 1;
	return n;
}
