// SPDX-License-Identifier: GPL-2.0
/*
 * sweep_route.c - the ways that the probes of a sweep take, one after the other
 *
 * A route look-up makes a FIB entry of an address, which is quick, and of the entry a
 * destination with a source address, which is not, and is the same for all addresses of the
 * entry. So for each address the FIB is asked, and what it was made into the last time is used
 * again. Where the rest hangs on the address as well (several ways, IPsec, what is known of
 * single hosts' path MTUs and gateways), or it is no ordinary address, the kernel does
 * all of it. A change of routes, addresses, or policies makes every way invalid at once;
 * and none is kept for longer than the session's work runs.
 */
#include <linux/inetdevice.h>
#include <linux/rcupdate.h>
#include <net/ip_fib.h>
#include <net/net_namespace.h>
#include <net/nexthop.h>
#include <net/route.h>

#include "compat/dst.h"
#include "sweep.h"

#ifdef CONFIG_XFRM
static bool has_policies(const struct net *net)
{
	return net->xfrm.policy_count[XFRM_POLICY_OUT];
}
#else
static bool has_policies(const struct net *net)
{
	return false;
}
#endif

/* Does all that has this FIB entry go the same way? With the RCU read side held. */
static bool one_way(const struct fib_result *res)
{
	/* Of several default routes the kernel chooses one that lives. */
	return res->type == RTN_UNICAST && fib_info_num_path(res->fi) == 1 &&
	       (res->prefixlen || res->table->tb_num_default <= 1) &&
	       !rcu_access_pointer(res->nhc->nhc_exceptions);
}

static bool ordinary(__be32 addr)
{
	return !ipv4_is_multicast(addr) && !ipv4_is_lbcast(addr) && !ipv4_is_zeronet(addr) &&
	       !ipv4_is_loopback(addr);
}

/**
 * icmpctl_sweep_way_ipv4() - a route that was found before
 * @session: a sweep.
 * @daddr: where to.
 * @saddr: <- source address.
 *
 * Context: the session's work.
 * Return: the route with a reference, or NULL: it is to be looked up.
 */
struct rtable *icmpctl_sweep_way_ipv4(struct icmpctl_session *session, __be32 daddr,
				      __be32 *saddr)
{
	struct icmpctl_sweep *sweep = session->sweep;
	struct rtable *found = NULL;
	struct icmpctl_way *way;
	struct fib_result res;

	if (!sweep->ways || !ordinary(daddr))
		return NULL;
	sweep->flow.daddr = daddr;
	rcu_read_lock();
	if (fib_lookup(session->net, &sweep->flow, &res, 0) || !one_way(&res))
		goto out;
	for (way = sweep->way; way < sweep->way + sweep->ways; way++) {
		if (way->fib != res.fi || !way->rt->dst.ops->check(&way->rt->dst, 0))
			continue;
		found = way->rt;
		dst_hold(&found->dst);
		*saddr = way->saddr;
		break;
	}
out:
	rcu_read_unlock();
	return found;
}

/**
 * icmpctl_sweep_note_way_ipv4() - keep a route for others
 * @session: a sweep.
 * @fl4: as the look-up has left it.
 * @rt: the route.
 *
 * Context: the session's work.
 */
void icmpctl_sweep_note_way_ipv4(struct icmpctl_session *session, const struct flowi4 *fl4,
				 struct rtable *rt)
{
	const struct icmpctl_config *config = &session->config;
	struct icmpctl_sweep *sweep = session->sweep;
	struct fib_result res;
	struct icmpctl_way *way;

	if (has_policies(session->net) || !ordinary(fl4->daddr))
		return;
	/* Invalid ones make room with the others. */
	if (sweep->ways == ICMPCTL_WAYS)
		icmpctl_sweep_forget_ways(session);
	way = &sweep->way[sweep->ways];
	sweep->flow = *fl4;
	sweep->flow.flowi4_oif = config->ifindex;
	sweep->flow.saddr = config->source_family == AF_INET ? config->source.v4 : 0;
	rcu_read_lock();
	if (!fib_lookup(session->net, &sweep->flow, &res, 0) && one_way(&res) &&
	    res.nhc->nhc_dev == dst_dev_rcu(&rt->dst) && rt->dst.ops->check(&rt->dst, 0)) {
		way->fib = res.fi;
		way->rt = rt;
		way->saddr = fl4->saddr;
		dst_hold(&rt->dst);
		sweep->ways++;
	}
	rcu_read_unlock();
}

/**
 * icmpctl_sweep_forget_ways() - hold no route any more
 * @session: a sweep.
 *
 * Context: the session's work.
 */
void icmpctl_sweep_forget_ways(struct icmpctl_session *session)
{
	struct icmpctl_sweep *sweep = session->sweep;

	while (sweep->ways)
		ip_rt_put(sweep->way[--sweep->ways].rt);
}
