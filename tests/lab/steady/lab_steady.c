// SPDX-License-Identifier: GPL-2.0
/*
 * lab_steady.c - keeps the kernel from rewriting its own code under a test
 *
 * The first user of receive stamps or of a netfilter hook has branches in the stack
 * patched, the last one has them patched back: by a breakpoint that stands there for
 * a moment. An emulator whose CPUs are threads was seen to run into such a breakpoint
 * after it had been taken away again, which the kernel takes for a bug ("Oops: int3"
 * in netif_rx_internal() and in ipv6_rcv(), on 6.12 and 7.3). Machines do not do that.
 * So in a guest with several CPUs this module is the first user, and the last.
 */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <net/net_namespace.h>

static unsigned int accept(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return NF_ACCEPT;
}

static struct nf_hook_ops hooks[2 * NF_INET_NUMHOOKS];

static int __init lab_steady_init(void)
{
	int i, err;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		hooks[i].hook = accept;
		hooks[i].pf = i < NF_INET_NUMHOOKS ? NFPROTO_IPV4 : NFPROTO_IPV6;
		hooks[i].hooknum = i % NF_INET_NUMHOOKS;
	}
	err = nf_register_net_hooks(&init_net, hooks, ARRAY_SIZE(hooks));
	if (!err)
		net_enable_timestamp();
	return err;
}

static void __exit lab_steady_exit(void)
{
	net_disable_timestamp();
	nf_unregister_net_hooks(&init_net, hooks, ARRAY_SIZE(hooks));
}

module_init(lab_steady_init);
module_exit(lab_steady_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Keeps static branches of the network stack as they are");
