// SPDX-License-Identifier: GPL-2.0
/*
 * port.c - source ports of UDP and TCP probes
 *
 * A port is reserved by a socket that is bound to it and does nothing else, so that
 * nobody else's answers come there, nor ours to anybody else. Routers balance by ports, so
 * a flow is a port, also over several sessions (SESSION_A_FLOW_BASE): each has stretches
 * of 1,024 of its keys, and a key names a probe as an ICMP sequence number does.
 *
 * An extended echo has 8 bits of sequence number, so its probes are a stream as well: of
 * identifiers, which nobody but us looks for, and each with 256 keys.
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
#include <linux/xarray.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "icmpctl.h"

/* More stretches than this would need more ports than a session should take. */
#define BLOCKS_MAX	4096

/* RFC 6335: the ports that nobody is assigned. */
#define FLOW_PORT_FIRST	49152
#define FLOW_PORTS	16384
/* Where it is looked instead if one of them is taken. */
#define FLOW_TRIES	8
#define FLOW_STEP	1021

#define EXTENDED_BITS	8
#define ID_TRIES	4096

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

	err = icmpctl_socket(net, AF_INET6, type, protocol, &port->sock);
	if (err == -EAFNOSUPPORT) {
		ipv6 = false;
		err = icmpctl_socket(net, AF_INET, type, protocol, &port->sock);
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

static void wire_fill(struct icmpctl_wire_id *wire, struct icmpctl_session *session,
		      struct icmpctl_stream *stream)
{
	wire->session = session;
	wire->block = wire - stream->wire;
	wire->blocks = stream->blocks;
	wire->bits = stream->bits;
	wire->stream = stream - session->stream;
}

/* One identifier more, at random as all of them. */
static int identifier_take(struct icmpctl_session *session, struct icmpctl_stream *stream,
			   struct icmpctl_wire_id *wire)
{
	int try, err = -EBUSY;

	wire_fill(wire, session, stream);
	for (try = 0; try < ID_TRIES && err == -EBUSY; try++) {
		wire->id = get_random_u32();
		err = xa_insert(&session->inet->ids, icmpctl_port_index(stream->kind, wire->id, 0),
				wire, GFP_KERNEL);
	}
	if (!err)
		stream->published++;
	return err;
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
	wire_fill(wire, session, stream);
	wire->port = port;
	wire->id = port->number;
	/* By chance: what a router said too late of a session that is gone finds nothing. */
	start = get_random_u32() % ICMPCTL_STRETCHES;
	wire->stretch = (ffz(ror32(port->taken, start)) + start) % ICMPCTL_STRETCHES;
	port->taken |= BIT(wire->stretch);
	err = xa_insert(&inet->ids, icmpctl_port_index(port->kind, port->number,
						       wire->stretch << ICMPCTL_STRETCH_BITS),
			wire, GFP_KERNEL);
	if (!err)
		stream->published++;
	return err;
}

/* The stream of this kind and flow; NULL if there is no room for another one. */
static struct icmpctl_stream *stream_of(struct icmpctl_session *session, u8 kind,
					const struct icmpctl_target *target)
{
	bool steady = target->flow_sum && icmpctl_packet_has_port(kind);
	u64 span = 2 * ((u64)session->slots.mask + 1);
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
	stream->bits = kind == ICMPCTL_PROBE_EXTENDED ? EXTENDED_BITS : ICMPCTL_STRETCH_BITS;
	stream->blocks = max_t(u64, span >> stream->bits, 1);
	return stream;
}

/* A sweep has one stream for all probes of a kind, whatever their ports of destination. */
static int plan_sweep(struct icmpctl_session *session)
{
	struct icmpctl_sweep_config *sweep = session->config.sweep;
	u32 i, family;

	for (family = 0; family < 2; family++) {
		for (i = 0; i < sweep->kinds[family]; i++) {
			struct icmpctl_kind *kind = &sweep->kind[family][i];
			struct icmpctl_stream *stream;

			if (!icmpctl_packet_has_stream(kind->kind))
				continue;
			stream = stream_of(session, kind->kind, &session->targets[family]);
			kind->stream = stream - session->stream;
		}
	}
	return 0;
}

static int plan_targets(struct icmpctl_session *session)
{
	struct icmpctl_stream *stream;
	u32 i;

	for (i = 0; i < session->config.targets; i++) {
		stream = stream_of(session, session->config.kind, &session->targets[i]);
		if (!stream)
			return -ENOSPC;
		session->targets[i].stream = stream - session->stream;
		cond_resched();
	}
	return 0;
}

static bool needs_streams(const struct icmpctl_config *config)
{
	u32 i, family;

	if (!config->sweep)
		return icmpctl_packet_has_stream(config->kind);
	for (family = 0; family < 2; family++)
		for (i = 0; i < config->sweep->kinds[family]; i++)
			if (icmpctl_packet_has_stream(config->sweep->kind[family][i].kind))
				return true;
	return false;
}

/* As many as there can be: in a sweep one a kind. */
static u32 streams_max(const struct icmpctl_config *config)
{
	return config->sweep ? ICMPCTL_PROBE_MAX + 1
			     : min_t(u32, config->targets, ICMPCTL_PORTS_MAX);
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
	struct icmpctl_stream *stream;
	u32 i;
	int err;

	if (!needs_streams(&session->config))
		return 0;
	session->stream = kvcalloc(streams_max(&session->config), sizeof(*session->stream),
				   GFP_KERNEL_ACCOUNT);
	if (!session->stream)
		return -ENOMEM;
	err = session->sweep ? plan_sweep(session) : plan_targets(session);
	if (err) {
		NL_SET_ERR_MSG(info->extack, "a session can have at most 256 flows of UDP or TCP");
		return err;
	}
	for (i = 0; i < session->streams; i++) {
		stream = &session->stream[i];
		if (stream->blocks > BLOCKS_MAX / session->streams) {
			NL_SET_ERR_MSG(info->extack,
				       "more probes unanswered at once than source ports or identifiers can tell apart");
			return -ENOSPC;
		}
		stream->wire = kvcalloc(stream->blocks, sizeof(*stream->wire),
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

		for (block = 0; block < stream->blocks; block++) {
			struct icmpctl_wire_id *wire = &stream->wire[block];

			err = icmpctl_packet_has_port(stream->kind)
			      ? stretch_take(session, stream, wire, port)
			      : identifier_take(session, stream, wire);
			if (err)
				return err;
			port = wire->port;
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

		for (block = 0; stream->wire && block < stream->blocks; block++) {
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
 * icmpctl_stream_wire() - what a probe of a stream bears on the wire
 * @session: whose.
 * @stream: index of its stream.
 * @number: of the probe.
 * @id: <- source port, or identifier.
 * @key: <- what names it there.
 */
void icmpctl_stream_wire(const struct icmpctl_session *session, u16 stream, u64 number,
			 u16 *id, u16 *key)
{
	const struct icmpctl_stream *its = &session->stream[stream];
	const struct icmpctl_wire_id *wire = &its->wire[icmpctl_stream_block(its, number)];

	*id = wire->id;
	*key = wire->stretch << its->bits | (number & (BIT(its->bits) - 1));
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
