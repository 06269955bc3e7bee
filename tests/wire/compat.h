/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat.h - hrtimer_setup() for kernels before 6.13, ndo_hwtstamp_set() for
 * kernels before 6.6. Kbuild looks whether the headers have them.
 */
#ifndef _WIRE_COMPAT_H
#define _WIRE_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/net_tstamp.h>
#include <linux/netdevice.h>
#include <linux/uaccess.h>

#ifndef WIRE_HAVE_HRTIMER_SETUP
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock_id, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock_id, mode);
	timer->function = function;
}
#endif

#ifdef WIRE_HAVE_NDO_HWTSTAMP
#define WIRE_NDO_HWTSTAMP			\
	.ndo_hwtstamp_get = wire_nic_clock_get,	\
	.ndo_hwtstamp_set = wire_nic_clock_set
#else
#define kernel_ethtool_ts_info ethtool_ts_info

struct kernel_hwtstamp_config {
	int flags;
	int tx_type;
	int rx_filter;
};

int wire_nic_clock_get(struct net_device *dev, struct kernel_hwtstamp_config *config);
int wire_nic_clock_set(struct net_device *dev, struct kernel_hwtstamp_config *config,
		       struct netlink_ext_ack *extack);

static inline int wire_hwtstamp_ioctl(struct net_device *dev, struct ifreq *ifr, int cmd)
{
	struct kernel_hwtstamp_config config = {};
	struct hwtstamp_config user = {};
	int err;

	if (cmd == SIOCSHWTSTAMP) {
		if (copy_from_user(&user, ifr->ifr_data, sizeof(user)))
			return -EFAULT;
		config.flags = user.flags;
		config.tx_type = user.tx_type;
		config.rx_filter = user.rx_filter;
		err = wire_nic_clock_set(dev, &config, NULL);
	} else if (cmd == SIOCGHWTSTAMP) {
		err = wire_nic_clock_get(dev, &config);
	} else {
		err = -EOPNOTSUPP;
	}
	if (err)
		return err;
	user.flags = config.flags;
	user.tx_type = config.tx_type;
	user.rx_filter = config.rx_filter;
	return copy_to_user(ifr->ifr_data, &user, sizeof(user)) ? -EFAULT : 0;
}

#define WIRE_NDO_HWTSTAMP .ndo_eth_ioctl = wire_hwtstamp_ioctl
#endif

#endif /* _WIRE_COMPAT_H */
