// SPDX-License-Identifier: GPL-2.0
/*
 * nic_clock.c - the clock of an interface, and its hardware stamps
 *
 * As in an interface that stamps: a clock of its own that runs at its own rate,
 * known to the kernel as a PTP clock, and stamps only after SIOCSHWTSTAMP
 * (hwstamp_ctl, ethtool) asked for them. A frame is stamped when it leaves the
 * driver (departed_ns in the log) and when it comes to the end of the wire (wire_ns).
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/ethtool.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>

#include "compat.h"
#include "wire.h"

/* PTP wants a bound; a quartz that far off is broken. */
#define DRIFT_MAX_PPB	100000000

/* With the lock held. */
static s64 at(const struct wire_nic_clock *clock, u64 mono_ns)
{
	/* May be before the base: an adjustment came in between. */
	s64 since_ns = mono_ns - clock->base_mono_ns;
	bool before = since_ns < 0, slow = clock->drift_ppb < 0;
	u64 drift_ns = mul_u64_u64_div_u64(abs(since_ns), abs(clock->drift_ppb), NSEC_PER_SEC);

	if (before != slow)
		drift_ns = -drift_ns;
	return clock->base_ns + since_ns + drift_ns;
}

/**
 * wire_nic_clock_at() - what the clock shows
 * @clock: the clock.
 * @mono_ns: when, CLOCK_MONOTONIC.
 *
 * Context: any but hard interrupts.
 * Return: its time.
 */
ktime_t wire_nic_clock_at(struct wire_nic_clock *clock, u64 mono_ns)
{
	s64 ns;

	spin_lock_bh(&clock->lock);
	ns = at(clock, mono_ns);
	spin_unlock_bh(&clock->lock);
	return ns_to_ktime(ns);
}

/* With the lock held: what was is settled, what comes may be changed. */
static void rebase(struct wire_nic_clock *clock)
{
	u64 now_ns = ktime_get_ns();

	clock->base_ns = at(clock, now_ns);
	clock->base_mono_ns = now_ns;
}

static struct wire_nic_clock *clock_of(struct ptp_clock_info *info)
{
	return container_of(info, struct wire_nic_clock, info);
}

static void set_drift(struct wire_nic_clock *clock, s64 ppb)
{
	spin_lock_bh(&clock->lock);
	rebase(clock);
	clock->drift_ppb = clamp_t(s64, ppb, -DRIFT_MAX_PPB, DRIFT_MAX_PPB);
	spin_unlock_bh(&clock->lock);
}

static int adjfine(struct ptp_clock_info *info, long scaled_ppm)
{
	/* scaled_ppm is parts in 10^6, times 2^16. */
	set_drift(clock_of(info), div_s64((s64)scaled_ppm * 125, 1 << 13));
	return 0;
}

static int adjtime(struct ptp_clock_info *info, s64 delta)
{
	struct wire_nic_clock *clock = clock_of(info);

	spin_lock_bh(&clock->lock);
	clock->base_ns += delta;
	spin_unlock_bh(&clock->lock);
	return 0;
}

static int gettimex64(struct ptp_clock_info *info, struct timespec64 *ts,
		      struct ptp_system_timestamp *sts)
{
	u64 now_ns;

	ptp_read_system_prets(sts);
	now_ns = ktime_get_ns();
	ptp_read_system_postts(sts);
	*ts = ktime_to_timespec64(wire_nic_clock_at(clock_of(info), now_ns));
	return 0;
}

static int settime64(struct ptp_clock_info *info, const struct timespec64 *ts)
{
	struct wire_nic_clock *clock = clock_of(info);

	spin_lock_bh(&clock->lock);
	rebase(clock);
	clock->base_ns = timespec64_to_ns(ts);
	spin_unlock_bh(&clock->lock);
	return 0;
}

static int offset_get(void *data, u64 *offset_ns)
{
	u64 now_ns = ktime_get_ns();

	*offset_ns = ktime_to_ns(wire_nic_clock_at(data, now_ns)) - now_ns;
	return 0;
}

static int offset_set(void *data, u64 offset_ns)
{
	struct wire_nic_clock *clock = data;

	spin_lock_bh(&clock->lock);
	rebase(clock);
	clock->base_ns = clock->base_mono_ns + offset_ns;
	spin_unlock_bh(&clock->lock);
	return 0;
}

DEFINE_DEBUGFS_ATTRIBUTE_SIGNED(offset_fops, offset_get, offset_set, "%lld\n");

static int drift_get(void *data, u64 *drift_ppb)
{
	struct wire_nic_clock *clock = data;

	*drift_ppb = READ_ONCE(clock->drift_ppb);
	return 0;
}

static int drift_set(void *data, u64 drift_ppb)
{
	set_drift(data, drift_ppb);
	return 0;
}

DEFINE_DEBUGFS_ATTRIBUTE_SIGNED(drift_fops, drift_get, drift_set, "%lld\n");

/**
 * wire_nic_clock_open() - give an interface its clock
 * @end: the interface, not yet registered.
 * @dir: where the clock is set.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int wire_nic_clock_open(struct wire_end *end, struct dentry *dir)
{
	struct wire_nic_clock *clock = &end->clock;
	struct ptp_clock *ptp;

	spin_lock_init(&clock->lock);
	clock->base_mono_ns = ktime_get_ns();
	clock->base_ns = clock->base_mono_ns;
	clock->info = (struct ptp_clock_info) {
		.owner = THIS_MODULE,
		.max_adj = DRIFT_MAX_PPB,
		.adjfine = adjfine,
		.adjtime = adjtime,
		.gettimex64 = gettimex64,
		.settime64 = settime64,
	};
	snprintf(clock->info.name, sizeof(clock->info.name), "icmpctl_wire w%u", end->index);
	ptp = ptp_clock_register(&clock->info, NULL);
	if (IS_ERR(ptp))
		return PTR_ERR(ptp);
	clock->ptp = ptp;
	debugfs_create_file_unsafe("clock_offset_ns", 0600, dir, clock, &offset_fops);
	debugfs_create_file_unsafe("clock_drift_ppb", 0600, dir, clock, &drift_fops);
	debugfs_create_u64("hardware_stamp_late_ns", 0600, dir, &clock->tx_late_ns);
	debugfs_create_u32("hardware_stamp_loss_ppm", 0600, dir, &clock->tx_loss_ppm);
	return 0;
}

/**
 * wire_nic_clock_close() - take it away again
 * @end: the interface, unregistered; it may never have had a clock.
 *
 * Context: process, may sleep.
 */
void wire_nic_clock_close(struct wire_end *end)
{
	if (end->clock.ptp)
		ptp_clock_unregister(end->clock.ptp);
}

int wire_nic_clock_get(struct net_device *dev, struct kernel_hwtstamp_config *config)
{
	const struct wire_nic_clock *clock = &wire_end(dev)->clock;

	config->flags = 0;
	config->tx_type = clock->tx ? HWTSTAMP_TX_ON : HWTSTAMP_TX_OFF;
	config->rx_filter = clock->rx ? HWTSTAMP_FILTER_ALL : HWTSTAMP_FILTER_NONE;
	return 0;
}

int wire_nic_clock_set(struct net_device *dev, struct kernel_hwtstamp_config *config,
		       struct netlink_ext_ack *extack)
{
	struct wire_nic_clock *clock = &wire_end(dev)->clock;

	if (config->tx_type != HWTSTAMP_TX_OFF && config->tx_type != HWTSTAMP_TX_ON)
		return -ERANGE;
	/* What it stamps, it stamps for every frame. */
	if (config->rx_filter != HWTSTAMP_FILTER_NONE)
		config->rx_filter = HWTSTAMP_FILTER_ALL;
	WRITE_ONCE(clock->tx, config->tx_type == HWTSTAMP_TX_ON);
	WRITE_ONCE(clock->rx, config->rx_filter == HWTSTAMP_FILTER_ALL);
	return 0;
}

static int get_ts_info(struct net_device *dev, struct kernel_ethtool_ts_info *info)
{
	info->so_timestamping = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE |
				SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_TX_HARDWARE |
				SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE;
	info->tx_types = BIT(HWTSTAMP_TX_OFF) | BIT(HWTSTAMP_TX_ON);
	info->rx_filters = BIT(HWTSTAMP_FILTER_NONE) | BIT(HWTSTAMP_FILTER_ALL);
	info->phc_index = ptp_clock_index(wire_end(dev)->clock.ptp);
	return 0;
}

const struct ethtool_ops wire_ethtool_ops = {
	.get_link = ethtool_op_get_link,
	.get_ts_info = get_ts_info,
};
