// SPDX-License-Identifier: GPL-2.0
/*
 * txstamp.c - driver's and hardware's stamps: when a probe really left
 *
 * A socket that receives nothing owns our probes. The driver's skb_tx_timestamp()
 * then queues a stamp on the socket's error queue, with the key we put into the
 * packet. Nobody is woken: the stamps wait there until they are wanted, that is after
 * each probe is sent and before each answer is judged. So the driver's transmit does
 * no work of ours between its stamp and the wire, and none of our code is ever called
 * from a driver: a stamp that comes late finds a socket, not a module.
 *
 * The socket lives until the last of its probes is freed: they count in sk_wmem_alloc.
 */
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <linux/skbuff.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "compat/dst.h"
#include "icmpctl.h"

/* Bytes of stamps that may wait at one socket. */
#define STAMPS_MAX	(16 << 20)

/* So many at once, then softirqs of others have their turn. */
#define COLLECT_BATCH	64

/* Up to so many probes a second those of a sweep are stamped. */
#define SWEEP_STAMPED_PPS	10000

/* A hardware stamp is kept as it is: rtt.c converts it when both are there. */
static void stamp(struct icmpctl_net *inet, u32 key, struct sk_buff *skb)
{
	ktime_t hardware = skb_hwtstamps(skb)->hwtstamp;
	const struct icmpctl_wire_id *wire;

	rcu_read_lock();
	wire = xa_load(&inet->ids, key >> 16);
	if (wire) {
		u64 number = icmpctl_wire_number(wire, key);
		struct icmpctl_slot *slot = icmpctl_slot_find(&wire->session->slots, number);

		if (slot) {
			struct icmpctl_target *target = &wire->session->targets[slot->target];

			WRITE_ONCE(slot->stamped, true);
			WRITE_ONCE(target->stamps_by, slot->egress);
		}
		/* If the clock was set meanwhile, nobody knows which one stamped. */
		if (slot && hardware)
			WRITE_ONCE(slot->hw_tx_ns, max_t(s64, ktime_to_ns(hardware), 0));
		else if (slot && slot->offset_ns == icmpctl_clock_offset_ns())
			WRITE_ONCE(slot->driver_ns,
				   icmpctl_clock_from_real(skb->tstamp, slot->handed_ns,
							   icmpctl_clock_ns()));
	}
	rcu_read_unlock();
}

/**
 * icmpctl_txstamp_wanted() - are the probes of a session to be stamped by drivers
 * @config: of the session.
 *
 * A stamp takes about as long as all the rest of sending. A sweep in a hurry has better
 * use for that, unless it is told otherwise: its RTTs begin at the hand-over.
 *
 * Return: true if so.
 */
bool icmpctl_txstamp_wanted(const struct icmpctl_config *config)
{
	if (config->timestamps == ICMPCTL_TIMESTAMPS_AUTO && config->sweep)
		return config->sweep->rate_pps <= SWEEP_STAMPED_PPS;
	return config->timestamps != ICMPCTL_TIMESTAMPS_HOOK;
}

static struct icmpctl_txstamp *socket_of(const struct icmpctl_session *session, int family)
{
	bool pmtu_probe = session->config.pmtudisc == ICMPCTL_PMTUDISC_PROBE;

	return &session->inet->tx[family == AF_INET6][pmtu_probe];
}

/* Returns whether there may be more: a queue that lets go of all at once leaves many. */
static bool collect_some(struct icmpctl_txstamp *tx)
{
	struct sk_buff *skb;
	int i;

	spin_lock_bh(&tx->lock);
	for (i = 0; i < COLLECT_BATCH; i++) {
		const struct sock_exterr_skb *serr;

		skb = skb_dequeue(&tx->sock->sk->sk_error_queue);
		if (!skb)
			break;
		serr = SKB_EXT_ERR(skb);
		if (serr->ee.ee_origin == SO_EE_ORIGIN_TIMESTAMPING &&
		    serr->ee.ee_info == SCM_TSTAMP_SND)
			stamp(tx->inet, serr->ee.ee_data, skb);
		consume_skb(skb);
	}
	spin_unlock_bh(&tx->lock);
	return skb;
}

/**
 * icmpctl_txstamp_collect() - take the stamps that have come to their slots
 * @session: whose probes they may be of, among others.
 * @family: AF_INET or AF_INET6.
 *
 * When it returns, every stamp that had come before the call is in its slot, even
 * if another CPU is collecting as well.
 *
 * Context: any but hard interrupts; the session is published, so the socket is open.
 */
void icmpctl_txstamp_collect(const struct icmpctl_session *session, int family)
{
	struct icmpctl_txstamp *tx = socket_of(session, family);

	/* A family that is switched off has no probes. */
	if (!session->driver_stamps || !tx->sock)
		return;
	while (collect_some(tx))
		;
}

/**
 * icmpctl_socket() - a socket of the kernel's own
 * @net: the namespace, which it does not hold.
 * @family: AF_INET or AF_INET6.
 * @type: SOCK_DGRAM or SOCK_STREAM.
 * @protocol: of the transport.
 * @sock: <- the socket.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno; -ENOMEM whatever part of it there was no memory for.
 */
int icmpctl_socket(struct net *net, int family, int type, int protocol, struct socket **sock)
{
	int err = sock_create_kern(net, family, type, protocol, sock);

	return err == -ENFILE || err == -ENOBUFS ? -ENOMEM : err;
}

/**
 * icmpctl_txstamp_open() - a socket for the probes of one family
 * @tx: to be filled.
 * @inet: our part of the namespace.
 * @family: AF_INET or AF_INET6.
 * @pmtu_probe: its probes disregard the path MTU known.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno; -EAFNOSUPPORT where the family is switched off.
 */
int icmpctl_txstamp_open(struct icmpctl_txstamp *tx, struct icmpctl_net *inet, int family,
			 bool pmtu_probe)
{
	struct sock *sk;
	int err;

	/* Of all inet sockets, only an unbound UDP one is sure to receive nothing. */
	err = icmpctl_socket(inet->net, family, SOCK_DGRAM, IPPROTO_UDP, &tx->sock);
	if (err) {
		tx->sock = NULL;
		return err;
	}
	tx->inet = inet;
	spin_lock_init(&tx->lock);
	sk = tx->sock->sk;
	lock_sock(sk);
	sk->sk_tsflags = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE |
			 SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE |
			 SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY |
			 SOF_TIMESTAMPING_OPT_TX_SWHW;
	/* Nobody waits for room: spare every freed probe the wake-up. */
	sock_set_flag(sk, SOCK_USE_WRITE_QUEUE);
	if (family == AF_INET6)
		inet6_sk(sk)->pmtudisc = pmtu_probe ? IPV6_PMTUDISC_PROBE : IPV6_PMTUDISC_WANT;
	else
		inet_sk(sk)->pmtudisc = pmtu_probe ? IP_PMTUDISC_PROBE : IP_PMTUDISC_WANT;
	/* Stamps wait here until somebody collects them. */
	sk->sk_rcvbuf = STAMPS_MAX;
	release_sock(sk);
	return 0;
}

/**
 * icmpctl_txstamp_close() - no stamp is wanted any more
 * @tx: opened, or zeroed.
 *
 * Context: process, may sleep.
 */
void icmpctl_txstamp_close(struct icmpctl_txstamp *tx)
{
	if (!tx->sock)
		return;
	sock_release(tx->sock);
	tx->sock = NULL;
}

static int count_lowest(struct net_device *lower, struct netdev_nested_priv *priv)
{
	u32 *lowest = priv->data;

	*lowest += list_empty(&lower->adj_list.lower);
	return *lowest > 1;
}

/*
 * The interface by which all leaves that leaves by the device of a route; 0: there are several.
 * A bond's has several clocks.
 */
static int one_interface(const struct dst_entry *dst)
{
	u32 lowest = 0;
	struct netdev_nested_priv priv = { .data = &lowest };
	struct net_device *dev;
	int ifindex = 0;

	/* The route does not hold its device: see icmpctl_xmit_mtu(). */
	rcu_read_lock();
	dev = dst_dev_rcu(dst);
	if (list_empty(&dev->adj_list.lower) ||
	    !netdev_walk_all_lower_dev_rcu(dev, count_lowest, &priv))
		ifindex = dev->ifindex;
	rcu_read_unlock();
	return ifindex;
}

/* Which stamps to ask for. An interface that was not set up to stamp ignores it. */
static u32 wanted(const struct icmpctl_probe *probe, const struct dst_entry *dst)
{
	switch (probe->session->config.timestamps) {
	case ICMPCTL_TIMESTAMPS_DRIVER:
		return SOF_TIMESTAMPING_TX_SOFTWARE;
	default:
		probe->slot->ifindex = one_interface(dst);
		if (!probe->slot->ifindex)
			return SOF_TIMESTAMPING_TX_SOFTWARE;
		return SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_TX_HARDWARE;
	}
}

/*
 * As much as sessions may take may wait in queues and devices, of all of them together: it is
 * not known before who will let them wait.
 */
static bool room(const struct icmpctl_net *inet)
{
	u64 bytes = 0;
	int family, probe;

	for (family = 0; family < 2; family++) {
		for (probe = 0; probe < 2; probe++) {
			const struct socket *sock = inet->tx[family][probe].sock;

			if (sock)
				bytes += sk_wmem_alloc_get(sock->sk);
		}
	}
	return bytes <= (u64)READ_ONCE(icmpctl_max_memory_kib) * 1024;
}

/**
 * icmpctl_txstamp_own() - have driver and hardware stamp a probe
 * @probe: the probe.
 * @skb: its packet, complete.
 * @dst: its route.
 *
 * Context: the session's work.
 * Return: the socket that owns the packet now, or NULL if too many bytes of ours
 * wait in the queues below already.
 */
struct sock *icmpctl_txstamp_own(struct icmpctl_probe *probe, struct sk_buff *skb,
				 const struct dst_entry *dst)
{
	struct sock *sk = socket_of(probe->session, probe->target->family)->sock->sk;

	if (!room(probe->session->inet))
		return NULL;
	if (probe->session->driver_stamps) {
		__sock_tx_timestamp(wanted(probe, dst), &skb_shinfo(skb)->tx_flags);
		skb_shinfo(skb)->tskey = probe->key;
	}
	skb_set_owner_w(skb, sk);
	return sk;
}
