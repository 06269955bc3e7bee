// SPDX-License-Identifier: GPL-2.0
/*
 * wire.c - a frame's way: driver, wire, the other end's stack
 *
 * A frame departs when the driver is done with it, skb_tx_timestamp() included: that
 * is where hardware would take over. Its bytes are copied, as hardware does, so
 * that nothing of the sender but the bytes arrives. A timer hands it to
 * the other end's stack; when it really did is noted just before netif_rx().
 */
#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/ktime.h>
#include <linux/minmax.h>

#include "compat.h"
#include "wire.h"

/* More than that is on no wire; it also keeps sums far from an overflow. */
#define DELAY_MAX_NS	(60 * NSEC_PER_SEC)
#define FLIGHT_MAX	65536
#define MILLION		1000000

/**
 * struct flight - a frame on the wire, in its control block
 * @due_ns: when it arrives, or when its stamp is told.
 * @departed_ns: when it left.
 * @serial: its line in the log; 0: none.
 * @stamp: it is the sender's own, kept for its hardware stamp.
 */
struct flight {
	u64 due_ns;
	u64 departed_ns;
	u64 serial;
	bool stamp;
};

static struct flight *flight(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct flight) > sizeof(skb->cb));
	return (struct flight *)skb->cb;
}

struct wire_end *wire_end(const struct net_device *dev)
{
	return *(struct wire_end **)netdev_priv(dev);
}

static bool chance(struct wire_end *end, u32 ppm)
{
	/* Nothing is drawn for what is off: a setting shifts no other's fates. */
	return ppm && prandom_u32_state(&end->random) % MILLION < ppm;
}

/* One bit, behind the IP header: who reads it must find out by checksum. */
static void corrupt(struct wire_end *end, struct sk_buff *skb)
{
	unsigned int from = ETH_HLEN + sizeof(struct iphdr);

	if (((struct ethhdr *)skb->data)->h_proto == htons(ETH_P_IPV6))
		from = ETH_HLEN + sizeof(struct ipv6hdr);
	if (skb->len <= from)
		return;
	from += prandom_u32_state(&end->random) % (skb->len - from);
	skb->data[from] ^= 1 << (prandom_u32_state(&end->random) & 7);
}

/* When does a frame that leaves now arrive? With the lock held. */
static u64 arrival_ns(struct wire_end *end, u64 departed_ns, unsigned int *marks)
{
	const struct wire_settings *set = &end->set;
	u64 jitter_ns = min_t(u64, READ_ONCE(set->jitter_ns), U32_MAX);
	u64 due_ns = departed_ns + min_t(u64, READ_ONCE(set->delay_ns), DELAY_MAX_NS);

	if (jitter_ns)
		due_ns += ((u64)prandom_u32_state(&end->random) * (jitter_ns + 1)) >> 32;
	if (chance(end, READ_ONCE(set->reorder_ppm))) {
		*marks |= WIRE_MARK_HELD;
		return due_ns + min_t(u64, READ_ONCE(set->reorder_ns), DELAY_MAX_NS);
	}
	end->order_ns = max(end->order_ns, due_ns);
	return end->order_ns;
}

/* With the lock held. Equal instants keep their order. */
static void fly(struct wire_end *end, struct sk_buff *skb)
{
	u64 due_ns = flight(skb)->due_ns;
	struct sk_buff *before;

	skb_queue_reverse_walk(&end->flight, before)
		if (flight(before)->due_ns <= due_ns)
			break;
	/* Run to its end, @before is the head, which comes before the first. */
	__skb_queue_after(&end->flight, before, skb);
	if (skb_peek(&end->flight) == skb)
		hrtimer_start(&end->timer, ns_to_ktime(due_ns), HRTIMER_MODE_ABS_SOFT);
}

/* A frame as the hardware at the other end sees it: bytes. */
static struct sk_buff *copy(struct wire_end *end, const struct sk_buff *skb)
{
	struct sk_buff *frame = netdev_alloc_skb_ip_align(end->peer->dev, skb->len);

	if (frame && skb_copy_bits(skb, 0, skb_put(frame, skb->len), skb->len)) {
		kfree_skb(frame);
		frame = NULL;
	}
	return frame;
}

/* With the lock held. */
static void depart_one(struct wire_end *end, const struct sk_buff *skb, u64 departed_ns,
		       unsigned int marks)
{
	bool lost = chance(end, READ_ONCE(end->set.loss_ppm));
	bool corrupted = chance(end, READ_ONCE(end->set.corrupt_ppm));
	u64 due_ns = arrival_ns(end, departed_ns, &marks);
	struct sk_buff *frame = NULL;
	u64 serial;

	if (corrupted)
		marks |= WIRE_MARK_CORRUPT;
	if (!lost && skb_queue_len(&end->flight) < FLIGHT_MAX)
		frame = copy(end, skb);
	serial = wire_log_departed(end, skb, departed_ns, marks);
	if (!frame) {
		wire_log_ended(serial, WIRE_FATE_LOST, 0, 0);
		return;
	}
	if (corrupted)
		corrupt(end, frame);
	*flight(frame) = (struct flight) {
		.due_ns = due_ns,
		.departed_ns = departed_ns,
		.serial = serial,
	};
	fly(end, frame);
}

/* See wire_settings.undisturbed. */
static bool undisturbed(const struct wire_end *end)
{
	return !IS_ENABLED(CONFIG_PREEMPT_RT) && READ_ONCE(end->set.undisturbed);
}

/* The driver's part of the way. Returns when the frame departed. */
static u64 leave_driver(struct wire_end *end, struct sk_buff *skb)
{
	bool quiet = undisturbed(end);
	unsigned long flags;
	u64 departed_ns;

	if (quiet)
		local_irq_save(flags);
	if (READ_ONCE(end->set.driver_stamps))
		skb_tx_timestamp(skb);
	departed_ns = ktime_get_ns();
	if (quiet)
		local_irq_restore(flags);
	return departed_ns;
}

/* Into the stack, which stamps first of all. Returns when that began. */
static u64 enter_stack(struct wire_end *to, struct sk_buff *skb)
{
	bool quiet = undisturbed(to);
	unsigned long flags;
	u64 arrived_ns;

	if (quiet)
		local_irq_save(flags);
	arrived_ns = ktime_get_ns();
	netif_rx(skb);
	if (quiet)
		local_irq_restore(flags);
	return arrived_ns;
}

static void tell_stamp(struct wire_end *end, struct sk_buff *skb)
{
	struct skb_shared_hwtstamps stamps = {
		.hwtstamp = wire_nic_clock_at(&end->clock, flight(skb)->departed_ns),
	};

	skb_tstamp_tx(skb, &stamps);
	dev_consume_skb_any(skb);
}

static netdev_tx_t xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct wire_end *end = wire_end(dev);
	bool hardware = READ_ONCE(end->clock.tx) &&
			skb_shinfo(skb)->tx_flags & SKBTX_HW_TSTAMP;
	u64 departed_ns, late_ns;

	if (hardware)
		skb_shinfo(skb)->tx_flags |= SKBTX_IN_PROGRESS;
	departed_ns = leave_driver(end, skb);

	dev->stats.tx_packets++;
	dev->stats.tx_bytes += skb->len;
	spin_lock(&end->lock);
	depart_one(end, skb, departed_ns, 0);
	if (chance(end, READ_ONCE(end->set.duplicate_ppm)))
		depart_one(end, skb, departed_ns, WIRE_MARK_DUPLICATE);
	if (hardware && !chance(end, READ_ONCE(end->clock.tx_loss_ppm))) {
		late_ns = min_t(u64, READ_ONCE(end->clock.tx_late_ns), DELAY_MAX_NS);
		*flight(skb) = (struct flight) {
			.due_ns = departed_ns + late_ns,
			.departed_ns = departed_ns,
			.stamp = true,
		};
		/* A stamp at once is told at once, not by the timer. */
		if (late_ns) {
			fly(end, skb);
			skb = NULL;
		}
	} else {
		hardware = false;
	}
	spin_unlock(&end->lock);
	if (skb && hardware)
		tell_stamp(end, skb);
	else if (skb)
		dev_consume_skb_any(skb);
	return NETDEV_TX_OK;
}

static void arrive(struct wire_end *end, struct sk_buff *skb)
{
	struct wire_end *to = end->peer;
	struct flight frame = *flight(skb);
	u64 arrived_ns;

	if (!netif_running(to->dev)) {
		wire_log_ended(frame.serial, WIRE_FATE_DOWN, frame.due_ns, 0);
		kfree_skb(skb);
		return;
	}
	memset(skb->cb, 0, sizeof(skb->cb));
	to->dev->stats.rx_packets++;
	to->dev->stats.rx_bytes += skb->len;
	if (READ_ONCE(to->clock.rx))
		skb_hwtstamps(skb)->hwtstamp = wire_nic_clock_at(&to->clock, frame.due_ns);
	skb->protocol = eth_type_trans(skb, to->dev);
	arrived_ns = enter_stack(to, skb);
	wire_log_ended(frame.serial, WIRE_FATE_ARRIVED, frame.due_ns, arrived_ns);
}

static enum hrtimer_restart due(struct hrtimer *timer)
{
	struct wire_end *end = container_of(timer, struct wire_end, timer);
	struct sk_buff *skb;

	spin_lock(&end->lock);
	while ((skb = skb_peek(&end->flight)) && flight(skb)->due_ns <= ktime_get_ns()) {
		__skb_unlink(skb, &end->flight);
		spin_unlock(&end->lock);
		if (flight(skb)->stamp)
			tell_stamp(end, skb);
		else
			arrive(end, skb);
		spin_lock(&end->lock);
	}
	if (skb)
		hrtimer_start(timer, ns_to_ktime(flight(skb)->due_ns), HRTIMER_MODE_ABS_SOFT);
	spin_unlock(&end->lock);
	return HRTIMER_NORESTART;
}

/**
 * wire_seed() - begin the row of chances anew
 * @end: of the frames that leave there.
 * @seed: decides the row.
 */
void wire_seed(struct wire_end *end, u64 seed)
{
	spin_lock_bh(&end->lock);
	end->seed = seed;
	prandom_seed_state(&end->random, seed);
	spin_unlock_bh(&end->lock);
}

/**
 * wire_init() - a wire that does nothing to its frames
 * @end: zeroed.
 */
void wire_init(struct wire_end *end)
{
	spin_lock_init(&end->lock);
	__skb_queue_head_init(&end->flight);
	hrtimer_setup(&end->timer, due, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_SOFT);
	end->set.driver_stamps = true;
	end->set.reorder_ns = 10 * NSEC_PER_MSEC;
	wire_seed(end, end->index + 1);
}

/**
 * wire_stop() - let go what is on the wire
 * @end: its device sends no more.
 *
 * Context: process, may sleep.
 */
void wire_stop(struct wire_end *end)
{
	struct sk_buff *skb;

	hrtimer_cancel(&end->timer);
	while ((skb = __skb_dequeue(&end->flight)))
		kfree_skb(skb);
}

static int open(struct net_device *dev)
{
	struct net_device *peer = wire_end(dev)->peer->dev;

	netif_start_queue(dev);
	if (netif_running(peer)) {
		netif_carrier_on(dev);
		netif_carrier_on(peer);
	}
	return 0;
}

static int stop(struct net_device *dev)
{
	netif_stop_queue(dev);
	netif_carrier_off(dev);
	netif_carrier_off(wire_end(dev)->peer->dev);
	return 0;
}

const struct net_device_ops wire_netdev_ops = {
	.ndo_open = open,
	.ndo_stop = stop,
	.ndo_start_xmit = xmit,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
	WIRE_NDO_HWTSTAMP,
};
