// SPDX-License-Identifier: GPL-2.0
/*
 * owner.c - a session dies with the socket that asked for it
 *
 * The kernel tells of a closed socket by its number, and after the number was free again. A
 * session that another socket of that number has started in between ends as well: the two
 * cannot be told apart. Numbers are chosen by chance if the process's own is taken, so that is
 * a matter of a process that closes its first socket and opens another in two threads.
 */
#include <linux/netlink.h>
#include <linux/notifier.h>

#include "icmpctl.h"

static int netlink_event(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct netlink_notify *notify = data;

	/* Port numbers are unique in a namespace alone. */
	if (event == NETLINK_URELEASE && notify->protocol == NETLINK_GENERIC && notify->portid)
		icmpctl_session_stop_owned(icmpctl_net(notify->net), notify->portid);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = {
	.notifier_call = netlink_event,
};

/**
 * icmpctl_owner_register() - hear of closed sockets
 *
 * Return: 0 or a negative errno.
 */
int icmpctl_owner_register(void)
{
	return netlink_register_notifier(&notifier);
}

/**
 * icmpctl_owner_unregister() - hear of them no longer
 */
void icmpctl_owner_unregister(void)
{
	netlink_unregister_notifier(&notifier);
}
