/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wire.h - the wire: its objects, and who calls whom
 *
 *	main.c		pairs of devices, from module_init to module_exit
 *	wire.c		a frame's way: driver, wire, the other end's stack
 *	log.c		what became of every ICMP frame, and when
 *	nic_clock.c	the clock of an interface, and its hardware stamps
 */
#ifndef _WIRE_H
#define _WIRE_H

#include <linux/bits.h>
#include <linux/dcache.h>
#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <linux/prandom.h>
#include <linux/ptp_clock_kernel.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct netlink_ext_ack;
struct kernel_hwtstamp_config;

/**
 * struct wire_nic_clock - the clock of an interface
 * @lock: guards @base_mono_ns, @base_ns and @drift_ppb.
 * @base_mono_ns: CLOCK_MONOTONIC when the clock was last touched.
 * @base_ns: the clock at that instant.
 * @drift_ppb: how much faster it runs than CLOCK_MONOTONIC, parts in 10^9.
 * @tx: frames that ask for it are stamped as they leave.
 * @rx: frames are stamped as they come.
 * @tx_late_ns: a stamp is told so long after the frame has left.
 * @tx_loss_ppm: so many of a million stamps are never told.
 * @info: how the kernel reads and sets it.
 * @ptp: the PTP clock.
 */
struct wire_nic_clock {
	spinlock_t lock;	/* see above */
	u64 base_mono_ns;
	u64 base_ns;
	s64 drift_ppb;
	bool tx;
	bool rx;
	u64 tx_late_ns;
	u32 tx_loss_ppm;
	struct ptp_clock_info info;
	struct ptp_clock *ptp;
};

/**
 * struct wire_settings - what the wire does to the frames that leave by one end
 * @delay_ns: from the departure to the other end.
 * @jitter_ns: up to so much more, evenly distributed; order is kept.
 * @loss_ppm: so many of a million frames are lost.
 * @duplicate_ppm: so many arrive twice.
 * @reorder_ppm: so many are held back by @reorder_ns; later ones overtake them.
 * @reorder_ns: see there.
 * @corrupt_ppm: so many have one bit changed, behind the IP header.
 * @driver_stamps: the driver calls skb_tx_timestamp(). A few do not.
 * @undisturbed: interrupts are off between a software stamp and the instant that is
 *	noted in the log, as in the drivers that lock their rings that way. Without
 *	it one that comes in between is in the log, and not in the stamp. Not on
 *	PREEMPT_RT.
 */
struct wire_settings {
	u64 delay_ns;
	u64 jitter_ns;
	u32 loss_ppm;
	u32 duplicate_ppm;
	u32 reorder_ppm;
	u64 reorder_ns;
	u32 corrupt_ppm;
	bool driver_stamps;
	bool undisturbed;
};

/**
 * struct wire_end - one of the two devices, and the way from it to the other
 * @dev: the device.
 * @peer: the other end.
 * @index: number of the device in names and in the log.
 * @set: see there; written by debugfs at any time.
 * @lock: guards what follows up to @timer; taken with bottom halves disabled.
 * @seed: of @random.
 * @random: so that the same seed and the same frames give the same fates.
 * @flight: frames on the wire, and stamps to be told, by instant.
 * @order_ns: when the last frame that was not held back arrives.
 * @timer: fires when the first of @flight is due.
 * @clock: the interface's own.
 */
struct wire_end {
	struct net_device *dev;
	struct wire_end *peer;
	unsigned int index;
	struct wire_settings set;
	spinlock_t lock;	/* see above */
	u64 seed;
	struct rnd_state random;
	struct sk_buff_head flight;
	u64 order_ns;
	struct hrtimer timer;
	struct wire_nic_clock clock;
};

/* ---- wire.c ---- */

extern const struct net_device_ops wire_netdev_ops;

void wire_init(struct wire_end *end);
void wire_seed(struct wire_end *end, u64 seed);
void wire_stop(struct wire_end *end);
struct wire_end *wire_end(const struct net_device *dev);

/* ---- log.c ---- */

/* What the wire did to a frame: a set. */
#define WIRE_MARK_HELD		BIT(0)
#define WIRE_MARK_CORRUPT	BIT(1)
#define WIRE_MARK_DUPLICATE	BIT(2)

/**
 * enum wire_fate - what became of a frame
 * @WIRE_FATE_FLIGHT: it is on the wire.
 * @WIRE_FATE_ARRIVED: handed to the stack at the other end.
 * @WIRE_FATE_LOST: by the wire.
 * @WIRE_FATE_DOWN: the device at the other end was down.
 */
enum wire_fate {
	WIRE_FATE_FLIGHT,
	WIRE_FATE_ARRIVED,
	WIRE_FATE_LOST,
	WIRE_FATE_DOWN,
};

int wire_log_open(struct dentry *dir);
void wire_log_close(void);
u64 wire_log_departed(const struct wire_end *end, const struct sk_buff *skb, u64 departed_ns,
		      unsigned int marks);
void wire_log_ended(u64 serial, enum wire_fate fate, u64 wire_ns, u64 arrived_ns);

/* ---- nic_clock.c ---- */

extern const struct ethtool_ops wire_ethtool_ops;

int wire_nic_clock_open(struct wire_end *end, struct dentry *dir);
void wire_nic_clock_close(struct wire_end *end);
ktime_t wire_nic_clock_at(struct wire_nic_clock *clock, u64 mono_ns);
int wire_nic_clock_get(struct net_device *dev, struct kernel_hwtstamp_config *config);
int wire_nic_clock_set(struct net_device *dev, struct kernel_hwtstamp_config *config,
		       struct netlink_ext_ack *extack);

#endif /* _WIRE_H */
