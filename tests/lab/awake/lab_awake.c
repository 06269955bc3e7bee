// SPDX-License-Identifier: GPL-2.0
/*
 * lab_awake.c - lets a guest suspend and lose nothing by it
 *
 * The guest's files come over virtio, by a driver that does not survive a suspend. While
 * this module is loaded the PCI devices are left as they are; all else of a suspend
 * happens: tasks are frozen, other devices suspended, interrupts off, timekeeping stopped.
 */
#include <linux/module.h>
#include <linux/pci.h>

static void leave_alone(bool yes)
{
	struct pci_dev *dev = NULL;

	for_each_pci_dev(dev)
		dev_pm_syscore_device(&dev->dev, yes);
}

static int __init lab_awake_init(void)
{
	leave_alone(true);
	return 0;
}

static void __exit lab_awake_exit(void)
{
	leave_alone(false);
}

module_init(lab_awake_init);
module_exit(lab_awake_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Leaves PCI devices as they are in a suspend");
