// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - pairs of Ethernet devices, each joined by a wire
 *
 *	insmod icmpctl_wire.ko pairs=2		w0 - w1, w2 - w3
 *
 * The devices live from module_init to module_exit. They may be renamed and moved to
 * any network namespace, and come back to the first one when theirs is deleted,
 * as hardware does. What leaves by a device is set in its folder below
 * /sys/kernel/debug/icmpctl_wire/, which keeps the first name.
 */
#include <linux/debugfs.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "compat.h"
#include "wire.h"

#define PAIRS_MAX	64

static unsigned int pairs = 1;
module_param(pairs, uint, 0444);
MODULE_PARM_DESC(pairs, "pairs of devices, 1 to 64 (default 1)");

static struct wire_end **ends;
static unsigned int ends_count;
static struct dentry *top;

static int seed_get(void *data, u64 *seed)
{
	const struct wire_end *end = data;

	*seed = READ_ONCE(end->seed);
	return 0;
}

static int seed_set(void *data, u64 seed)
{
	wire_seed(data, seed);
	return 0;
}

DEFINE_DEBUGFS_ATTRIBUTE(seed_fops, seed_get, seed_set, "%llu\n");

static void settings_open(struct wire_end *end, struct dentry *dir)
{
	struct wire_settings *set = &end->set;

	debugfs_create_u64("delay_ns", 0600, dir, &set->delay_ns);
	debugfs_create_u64("jitter_ns", 0600, dir, &set->jitter_ns);
	debugfs_create_u32("loss_ppm", 0600, dir, &set->loss_ppm);
	debugfs_create_u32("duplicate_ppm", 0600, dir, &set->duplicate_ppm);
	debugfs_create_u32("reorder_ppm", 0600, dir, &set->reorder_ppm);
	debugfs_create_u64("reorder_ns", 0600, dir, &set->reorder_ns);
	debugfs_create_u32("corrupt_ppm", 0600, dir, &set->corrupt_ppm);
	debugfs_create_bool("driver_stamps", 0600, dir, &set->driver_stamps);
	debugfs_create_bool("undisturbed", 0600, dir, &set->undisturbed);
	debugfs_create_file_unsafe("seed", 0600, dir, end, &seed_fops);
}

static void device_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &wire_netdev_ops;
	dev->ethtool_ops = &wire_ethtool_ops;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU;
	/* A frame that leaves is ours alone: its control block is used. */
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	eth_hw_addr_random(dev);
}

static struct wire_end *device_make(unsigned int index)
{
	struct net_device *dev;
	struct wire_end *end;
	char name[IFNAMSIZ];

	snprintf(name, sizeof(name), "w%u", index);
	dev = alloc_netdev(sizeof(struct wire_end *), name, NET_NAME_ENUM, device_setup);
	end = kzalloc(sizeof(*end), GFP_KERNEL);
	if (!dev || !end) {
		if (dev)
			free_netdev(dev);
		kfree(end);
		return NULL;
	}
	*(struct wire_end **)netdev_priv(dev) = end;
	end->dev = dev;
	end->index = index;
	wire_init(end);
	return end;
}

/* Both ends of all wires at once: a frame on its way finds either both or none. */
static void devices_destroy(void)
{
	unsigned int i;
	LIST_HEAD(list);

	rtnl_lock();
	for (i = 0; i < ends_count; i++)
		if (ends[i]->dev->reg_state == NETREG_REGISTERED)
			unregister_netdevice_queue(ends[i]->dev, &list);
	unregister_netdevice_many(&list);
	rtnl_unlock();
	/* Nothing is sent any more; what is on the wires is let go. */
	for (i = 0; i < ends_count; i++)
		wire_stop(ends[i]);
	for (i = 0; i < ends_count; i++) {
		wire_nic_clock_close(ends[i]);
		free_netdev(ends[i]->dev);
		kfree(ends[i]);
	}
	kfree(ends);
}

static int device_open(struct wire_end *end)
{
	struct dentry *dir = debugfs_create_dir(end->dev->name, top);
	int err;

	settings_open(end, dir);
	err = wire_nic_clock_open(end, dir);
	if (err)
		return err;
	netif_carrier_off(end->dev);
	return register_netdev(end->dev);
}

static int __init wire_module_init(void)
{
	unsigned int i;
	int err;

	if (!pairs || pairs > PAIRS_MAX)
		return -EINVAL;
	ends = kcalloc(2 * pairs, sizeof(*ends), GFP_KERNEL);
	if (!ends)
		return -ENOMEM;
	top = debugfs_create_dir("icmpctl_wire", NULL);
	err = wire_log_open(top);
	if (err)
		goto fail;
	for (; ends_count < 2 * pairs; ends_count++) {
		ends[ends_count] = device_make(ends_count);
		if (!ends[ends_count]) {
			err = -ENOMEM;
			goto fail;
		}
	}
	for (i = 0; i < ends_count; i++)
		ends[i]->peer = ends[i ^ 1];
	for (i = 0; i < ends_count; i++) {
		err = device_open(ends[i]);
		if (err)
			goto fail;
	}
	return 0;

fail:
	debugfs_remove_recursive(top);
	devices_destroy();
	wire_log_close();
	return err;
}

static void __exit wire_module_exit(void)
{
	debugfs_remove_recursive(top);
	devices_destroy();
	wire_log_close();
}

module_init(wire_module_init);
module_exit(wire_module_exit);

MODULE_DESCRIPTION("Ethernet devices joined by a wire that logs every ICMP frame");
MODULE_LICENSE("GPL");
