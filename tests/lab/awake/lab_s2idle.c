// SPDX-License-Identifier: GPL-2.0
/*
 * lab_s2idle.c - wakes a guest that is suspended to idle, and stops its clocks meanwhile
 *
 * Whether timekeeping stops while a machine is suspended to idle hangs on its idle driver: an
 * emulated one has none that could, nor anything that would wake it. With stop=0 it is woken
 * after so many ms, its clocks and timers going on all the time. With stop=1 this is the idle
 * driver as well: the last CPU to come stays for so long, with its interrupts off, as in the
 * idle state of a laptop, and no timer runs.
 */
#include <linux/cpuidle.h>
#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/spinlock.h>
#include <linux/suspend.h>
#include <linux/workqueue.h>

/* So long a CPU waits for the others, in steps of 5 us: they may want something of it. */
#define WAIT_STEPS	200

/* If the CPUs never come together. */
#define AT_LAST_MS	20000

static uint ms = 1500;
module_param(ms, uint, 0444);
MODULE_PARM_DESC(ms, "for how long it sleeps");

static bool stop;
module_param(stop, bool, 0444);
MODULE_PARM_DESC(stop, "its clocks stand still meanwhile");

static void wake_up_now(struct work_struct *work)
{
	pm_system_wakeup();
}

static DECLARE_DELAYED_WORK(wake_later, wake_up_now);

static void woken(struct irq_work *work)
{
	pm_system_wakeup();
}

static DEFINE_IRQ_WORK(interrupt, woken);

static DEFINE_RAW_SPINLOCK(lock);
static unsigned int here;
static bool asleep;

/* Returns whether this CPU may go: nobody has stopped the clocks. */
static bool leave(bool any_time)
{
	bool may;

	raw_spin_lock(&lock);
	may = any_time && !asleep;
	if (may)
		here--;
	raw_spin_unlock(&lock);
	return may;
}

/* The clocks of all CPUs are stopped once each of them is here. */
static int stand_still(struct cpuidle_device *dev, struct cpuidle_driver *drv, int index)
{
	unsigned int steps = 0;
	bool last;

	raw_spin_lock(&lock);
	last = ++here == num_online_cpus();
	asleep |= last;
	raw_spin_unlock(&lock);
	if (last) {
		mdelay(ms);
		raw_spin_lock(&lock);
		asleep = false;
		raw_spin_unlock(&lock);
		/* Comes when interrupts are let in again: the clocks go by then. */
		irq_work_queue(&interrupt);
	}
	while (!leave(last || ++steps > WAIT_STEPS))
		udelay(5);
	return index;
}

static int rest(struct cpuidle_device *dev, struct cpuidle_driver *drv, int index)
{
	asm volatile("sti; hlt; cli" : : : "memory");
	return index;
}

/* No owner: that would hold the module for as long as there are CPUs. */
static struct cpuidle_driver idle = {
	.name = "lab_s2idle",
	.states = {
		{ .name = "HALT", .desc = "halt", .enter = rest },
		{ .name = "STILL", .desc = "halt, and stand still", .enter = rest,
		  .enter_s2idle = stand_still, .exit_latency = 1, .target_residency = 1 },
	},
	.state_count = 2,
};

/* The last that happens before the CPUs are sent to idle. */
static int suspend_noirq(struct device *dev)
{
	schedule_delayed_work(&wake_later, msecs_to_jiffies(stop ? AT_LAST_MS : ms));
	return 0;
}

static int resume_noirq(struct device *dev)
{
	cancel_delayed_work(&wake_later);
	return 0;
}

static const struct dev_pm_ops pm_ops = {
	.suspend_noirq = suspend_noirq,
	.resume_noirq = resume_noirq,
};

static struct platform_driver driver = {
	.driver = { .name = "lab_s2idle", .pm = &pm_ops },
};

static struct platform_device *device;

static int __init lab_s2idle_init(void)
{
	int err;

	err = stop ? cpuidle_register(&idle, NULL) : 0;
	if (err)
		return err;
	err = platform_driver_register(&driver);
	if (err)
		goto fail_driver;
	device = platform_device_register_simple("lab_s2idle", PLATFORM_DEVID_NONE, NULL, 0);
	err = PTR_ERR_OR_ZERO(device);
	if (err)
		goto fail_device;
	return 0;

fail_device:
	platform_driver_unregister(&driver);
fail_driver:
	if (stop)
		cpuidle_unregister(&idle);
	return err;
}

static void __exit lab_s2idle_exit(void)
{
	platform_device_unregister(device);
	platform_driver_unregister(&driver);
	if (stop)
		cpuidle_unregister(&idle);
	cancel_delayed_work_sync(&wake_later);
	irq_work_sync(&interrupt);
}

module_init(lab_s2idle_init);
module_exit(lab_s2idle_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Wakes a guest that is suspended to idle");
