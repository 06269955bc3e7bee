// SPDX-License-Identifier: GPL-2.0
/*
 * netns.c - our part of a network namespace
 *
 * Hooks, stamps and sockets are there from the first session to the last: with no
 * session the module costs other traffic nothing.
 */
#include <linux/netdevice.h>
#include <net/net_namespace.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>
#include <net/netns/generic.h>

#include "icmpctl.h"

static unsigned int net_id __read_mostly;

/**
 * icmpctl_net() - our part of a namespace
 * @net: the namespace.
 *
 * Context: any, while the namespace lives.
 * Return: never NULL.
 */
struct icmpctl_net *icmpctl_net(const struct net *net)
{
	return net_generic(net, net_id);
}

static void close_sockets(struct icmpctl_net *inet)
{
	int family, probe;

	for (family = 0; family < 2; family++)
		for (probe = 0; probe < 2; probe++)
			icmpctl_txstamp_close(&inet->tx[family][probe]);
}

static int open_sockets(struct icmpctl_net *inet)
{
	static const int families[] = { AF_INET, AF_INET6 };
	unsigned int family;
	int probe, err;

	for (family = 0; family < ARRAY_SIZE(families); family++) {
		for (probe = 0; probe < 2; probe++) {
			err = icmpctl_txstamp_open(&inet->tx[family][probe], inet,
						   families[family], probe);
			/* Without IPv6 no route to an IPv6 target was found either. */
			if (err == -EAFNOSUPPORT && families[family] == AF_INET6)
				continue;
			if (err)
				goto fail;
		}
	}
	return 0;
fail:
	close_sockets(inet);
	return err;
}

/**
 * icmpctl_net_hold() - a session needs hooks, stamps and sockets
 * @inet: its lock is held.
 * @defrag_ipv6: its answers may come in IPv6 fragments.
 * @stamps: the stack shall stamp what arrives, which is for the whole machine and takes
 *	effect within about a millisecond.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int icmpctl_net_hold(struct icmpctl_net *inet, bool defrag_ipv6, bool stamps)
{
	int err;

	lockdep_assert_held(&inet->lock);
	if (!inet->users) {
		err = open_sockets(inet);
		if (err)
			return err;
		err = icmpctl_hook_register(inet->net);
		if (err)
			goto fail_sockets;
		err = icmpctl_prehook_register(inet->net);
		if (err)
			goto fail_hook;
	}
	inet->users++;
	if (stamps && !inet->stamps) {
		net_enable_timestamp();
		inet->stamps = true;
	}
	if (!defrag_ipv6 || inet->defrag_ipv6)
		return 0;
	err = nf_defrag_ipv6_enable(inet->net);
	if (err)
		icmpctl_net_unhold(inet);
	else
		inet->defrag_ipv6 = true;
	return err;

fail_hook:
	icmpctl_hook_unregister(inet->net);
fail_sockets:
	close_sockets(inet);
	return err;
}

/**
 * icmpctl_net_unhold() - a session no longer needs them
 * @inet: its lock is held.
 *
 * Context: process, may sleep.
 */
void icmpctl_net_unhold(struct icmpctl_net *inet)
{
	lockdep_assert_held(&inet->lock);
	if (--inet->users)
		return;
	if (inet->stamps)
		net_disable_timestamp();
	inet->stamps = false;
	icmpctl_prehook_unregister(inet->net);
	icmpctl_hook_unregister(inet->net);
	if (inet->defrag_ipv6)
		nf_defrag_ipv6_disable(inet->net);
	inet->defrag_ipv6 = false;
	close_sockets(inet);
}

static int __net_init net_init(struct net *net)
{
	struct icmpctl_net *inet = icmpctl_net(net);

	inet->net = net;
	inet->next_id = 1;
	mutex_init(&inet->lock);
	INIT_LIST_HEAD(&inet->sessions);
	INIT_LIST_HEAD(&inet->ports);
	xa_init(&inet->monitors);
	inet->names = RB_ROOT;
	spin_lock_init(&inet->nics.lock);
	init_waitqueue_head(&inet->empty);
	xa_init(&inet->ids);
	return 0;
}

/*
 * Before the devices go: sessions end, and with them hooks, stamps and sockets.
 * The core waits a grace period between this and net_exit(), so a hook that is
 * still running has its icmpctl_net.
 */
static void __net_exit net_pre_exit(struct net *net)
{
	icmpctl_session_stop_all(icmpctl_net(net), check_net(net) ? ICMPCTL_REASON_UNLOAD
								  : ICMPCTL_REASON_NAMESPACE);
}

static void __net_exit net_exit(struct net *net)
{
	xa_destroy(&icmpctl_net(net)->monitors);
	xa_destroy(&icmpctl_net(net)->ids);
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.pre_exit = net_pre_exit,
	.exit = net_exit,
	.id = &net_id,
	.size = sizeof(struct icmpctl_net),
};

/**
 * icmpctl_net_register() - be part of every namespace, now and to come
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int icmpctl_net_register(void)
{
	int err = register_pernet_subsys(&net_ops);

	if (err)
		return err;
	err = icmpctl_nic_register();
	if (err)
		unregister_pernet_subsys(&net_ops);
	return err;
}

/**
 * icmpctl_net_unregister() - end all sessions in all namespaces
 *
 * Context: process, may sleep.
 */
void icmpctl_net_unregister(void)
{
	icmpctl_nic_unregister();
	unregister_pernet_subsys(&net_ops);
}
