// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - the order in which things come and go, and nothing else
 */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>

#include "icmpctl.h"
#include "version.h"

/* What most monitors have one of: they are many, and these are of an awkward size. */
struct kmem_cache *icmpctl_target_cache;
struct kmem_cache *icmpctl_slots_cache;
/* Sends on a schedule. Like the next one it is frozen with the tasks of a suspended machine. */
struct workqueue_struct *icmpctl_wq;
/* Sends as fast as it goes. */
struct workqueue_struct *icmpctl_bulk_wq;
/* Talks to readers. */
struct workqueue_struct *icmpctl_event_wq;

static int sessions_created_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%lu\n", icmpctl_sessions_created());
}

static int sessions_destroyed_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%lu\n", icmpctl_sessions_destroyed());
}

static const struct kernel_param_ops sessions_created_ops = { .get = sessions_created_get };
static const struct kernel_param_ops sessions_destroyed_ops = { .get = sessions_destroyed_get };

module_param_cb(sessions_created, &sessions_created_ops, NULL, 0444);
MODULE_PARM_DESC(sessions_created, "sessions started since the module was loaded (read only)");
module_param_cb(sessions_destroyed, &sessions_destroyed_ops, NULL, 0444);
MODULE_PARM_DESC(sessions_destroyed, "sessions freed since the module was loaded (read only)");

static int __init icmpctl_init(void)
{
	int err;

	icmpctl_target_cache = KMEM_CACHE(icmpctl_target, SLAB_ACCOUNT);
	if (!icmpctl_target_cache)
		return -ENOMEM;
	err = -ENOMEM;
	icmpctl_slots_cache = kmem_cache_create("icmpctl_slots", ICMPCTL_SLOTS_FEW *
						sizeof(struct icmpctl_slot), 0, SLAB_ACCOUNT, NULL);
	if (!icmpctl_slots_cache)
		goto fail_slots;
	icmpctl_wq = alloc_workqueue("icmpctl", WQ_UNBOUND | WQ_HIGHPRI | WQ_FREEZABLE, 0);
	if (!icmpctl_wq)
		goto fail_wq;
	icmpctl_bulk_wq = alloc_workqueue("icmpctl_bulk", WQ_UNBOUND | WQ_FREEZABLE, 0);
	if (!icmpctl_bulk_wq)
		goto fail_bulk;
	icmpctl_event_wq = alloc_workqueue("icmpctl_event", WQ_UNBOUND, 0);
	if (!icmpctl_event_wq)
		goto fail_event;
	err = icmpctl_net_register();
	if (err)
		goto fail_net;
	err = icmpctl_owner_register();
	if (err)
		goto fail_owner;
	/* The door opens last. */
	err = genl_register_family(&icmpctl_family);
	if (err)
		goto fail_family;
	return 0;

fail_family:
	icmpctl_owner_unregister();
fail_owner:
	icmpctl_net_unregister();
fail_net:
	destroy_workqueue(icmpctl_event_wq);
fail_event:
	destroy_workqueue(icmpctl_bulk_wq);
fail_bulk:
	destroy_workqueue(icmpctl_wq);
fail_wq:
	kmem_cache_destroy(icmpctl_slots_cache);
fail_slots:
	kmem_cache_destroy(icmpctl_target_cache);
	return err;
}

static void __exit icmpctl_exit(void)
{
	/* No request runs after this and none can come. */
	genl_unregister_family(&icmpctl_family);
	/* No socket's end runs after this. */
	icmpctl_owner_unregister();
	/* All sessions end, in all namespaces; no hook, no stamp after this. */
	icmpctl_net_unregister();
	/* The last lines of works, and callbacks that a grace period still holds. */
	rcu_barrier();
	destroy_workqueue(icmpctl_bulk_wq);
	destroy_workqueue(icmpctl_wq);
	/* Last: the others' works end sessions by these. */
	destroy_workqueue(icmpctl_event_wq);
	/* Nobody is left who could hold one. */
	WARN_ON(icmpctl_sessions_created() != icmpctl_sessions_destroyed());
	kmem_cache_destroy(icmpctl_slots_cache);
	kmem_cache_destroy(icmpctl_target_cache);
}

module_init(icmpctl_init);
module_exit(icmpctl_exit);

MODULE_AUTHOR("The icmpctl authors");
MODULE_DESCRIPTION("ICMP probes sent, stamped and matched in the kernel");
MODULE_LICENSE("GPL");
MODULE_VERSION(ICMPCTL_VERSION);
MODULE_ALIAS_GENL_FAMILY(ICMPCTL_FAMILY_NAME);
