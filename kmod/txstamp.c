// SPDX-License-Identifier: GPL-2.0
/*
 * txstamp.c - the driver's stamps: when a probe really left the stack
 *
 * A socket that receives nothing owns our probes. The driver's
 * skb_tx_timestamp() then queues a stamp on the socket's error queue, with the
 * key we put into the packet, and wakes whoever waits for the socket. We wait
 * there with a function, not with a task: it runs inside the driver's transmit,
 * before the frame is on the wire.
 *
 * Waiting in the wait queue, rather than in place of sk_error_report, gives the
 * callback a sharp end: remove_wait_queue() takes the queue's lock, under which
 * the function runs, so when it returns none runs and none ever will. A stamp that
 * comes later finds a socket without us. The socket itself lives until the last
 * of its probes is freed: they count in sk_wmem_alloc.
 */
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <linux/poll.h>
#include <linux/skbuff.h>
#include <linux/wait.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "icmpctl.h"

/* Bytes of our probes that may wait in queues and devices: no deeper than this. */
#define WMEM_MAX	(64U << 20)

static void stamp(struct icmpctl_net *inet, u32 key, ktime_t real)
{
	const struct icmpctl_wire_id *wire;

	rcu_read_lock();
	wire = xa_load(&inet->ids, key >> 16);
	if (wire) {
		u64 number = icmpctl_session_number(wire, key);
		struct icmpctl_slot *slot = icmpctl_slot_find(&wire->session->slots, number);

		if (slot)
			WRITE_ONCE(slot->driver_ns,
				   icmpctl_clock_from_real(real, slot->handed_ns,
							   icmpctl_clock_ns()));
	}
	rcu_read_unlock();
}

static int stamps_came(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	struct icmpctl_txstamp *tx = container_of(wait, struct icmpctl_txstamp, wait);
	struct sk_buff *skb;

	if (!(key_to_poll(key) & EPOLLERR))
		return 0;
	while ((skb = skb_dequeue(&tx->sock->sk->sk_error_queue))) {
		const struct sock_exterr_skb *serr = SKB_EXT_ERR(skb);

		if (serr->ee.ee_origin == SO_EE_ORIGIN_TIMESTAMPING &&
		    serr->ee.ee_info == SCM_TSTAMP_SND)
			stamp(tx->inet, serr->ee.ee_data, skb->tstamp);
		consume_skb(skb);
	}
	return 0;
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
	err = sock_create_kern(inet->net, family, SOCK_DGRAM, IPPROTO_UDP, &tx->sock);
	if (err) {
		tx->sock = NULL;
		return err;
	}
	tx->inet = inet;
	sk = tx->sock->sk;
	lock_sock(sk);
	sk->sk_tsflags = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE |
			 SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY;
	/* Nobody waits for room: spare every freed probe the wake-up. */
	sock_set_flag(sk, SOCK_USE_WRITE_QUEUE);
	if (family == AF_INET6)
		inet6_sk(sk)->pmtudisc = pmtu_probe ? IPV6_PMTUDISC_PROBE : IPV6_PMTUDISC_WANT;
	else
		inet_sk(sk)->pmtudisc = pmtu_probe ? IP_PMTUDISC_PROBE : IP_PMTUDISC_WANT;
	release_sock(sk);
	init_waitqueue_func_entry(&tx->wait, stamps_came);
	add_wait_queue(sk_sleep(sk), &tx->wait);
	return 0;
}

/**
 * icmpctl_txstamp_close() - no stamp comes any more
 * @tx: opened, or zeroed.
 *
 * Context: process, may sleep.
 */
void icmpctl_txstamp_close(struct icmpctl_txstamp *tx)
{
	if (!tx->sock)
		return;
	remove_wait_queue(sk_sleep(tx->sock->sk), &tx->wait);
	sock_release(tx->sock);
	tx->sock = NULL;
}

/**
 * icmpctl_txstamp_own() - have the driver stamp a probe
 * @probe: the probe.
 * @skb: its packet, complete.
 *
 * Context: the session's work.
 * Return: the socket that owns the packet now, or NULL if too many bytes of ours
 * wait in the queues below already.
 */
struct sock *icmpctl_txstamp_own(struct icmpctl_probe *probe, struct sk_buff *skb)
{
	const struct icmpctl_session *session = probe->session;
	bool pmtu_probe = session->config.pmtudisc == ICMPCTL_PMTUDISC_PROBE;
	struct sock *sk = session->inet->tx[probe->target->family == AF_INET6][pmtu_probe].sock->sk;

	if (sk_wmem_alloc_get(sk) > WMEM_MAX)
		return NULL;
	skb_shinfo(skb)->tx_flags |= SKBTX_SW_TSTAMP;
	skb_shinfo(skb)->tskey = probe->key;
	skb_set_owner_w(skb, sk);
	return sk;
}
