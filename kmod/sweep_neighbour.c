// SPDX-License-Identifier: GPL-2.0
/*
 * sweep_neighbour.c - addresses on a link of this host
 *
 * Each address that is asked there takes a place in the table of neighbours, which all
 * namespaces share, and keeps it for as long as nobody answers ARP or neighbour
 * solicitations: three of them, a second apart, and some slack. A table that is full
 * refuses everyone. So the sweeps of all namespaces together take no more than half of it
 * in that time; the other half, and what has failed, is for others.
 */
#include <linux/inetdevice.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <net/arp.h>
#include <net/ip6_route.h>
#include <net/ndisc.h>
#include <net/route.h>

#include "compat/dst.h"
#include "sweep.h"

#define UNRESOLVED_NS	(3500 * NSEC_PER_MSEC)
#define ADMITTED_MAX	4096

/**
 * struct admission - when addresses were let in, one table of neighbours
 * @lock: guards the rest.
 * @count: how many ever.
 * @at_ns: the latest, by @count.
 */
struct admission {
	spinlock_t lock;	/* guards the rest */
	u64 count;
	u64 at_ns[ADMITTED_MAX];
};

static struct admission admission_ipv4 = {
	.lock = __SPIN_LOCK_UNLOCKED(admission_ipv4.lock),
};

static struct admission admission_ipv6 = {
	.lock = __SPIN_LOCK_UNLOCKED(admission_ipv6.lock),
};

/* Returns 0, or when there will be room. */
static u64 admit(struct admission *admission, const struct neigh_table *table, u64 now_ns)
{
	u32 most = clamp(READ_ONCE(table->gc_thresh3) / 2, 1, ADMITTED_MAX);
	u64 until_ns = 0;

	spin_lock(&admission->lock);
	if (admission->count >= most)
		until_ns = admission->at_ns[(admission->count - most) % ADMITTED_MAX] +
			   UNRESOLVED_NS;
	if (until_ns <= now_ns) {
		admission->at_ns[admission->count++ % ADMITTED_MAX] = now_ns;
		until_ns = 0;
	}
	spin_unlock(&admission->lock);
	return until_ns;
}

static bool has_neighbours(const struct net_device *dev)
{
	return dev->header_ops && !(READ_ONCE(dev->flags) & (IFF_NOARP | IFF_LOOPBACK));
}

static int go(struct icmpctl_probe *probe, struct neighbour *neigh, struct admission *admission,
	      const struct neigh_table *table)
{
	bool known = neigh && READ_ONCE(neigh->nud_state) & NUD_VALID;
	struct icmpctl_session *session = probe->session;
	u64 until_ns;

	session->sweep->host[probe->slot - session->slots.slot].on_link = true;
	if (neigh)
		neigh_release(neigh);
	if (known)
		return 0;
	until_ns = admit(admission, table, icmpctl_clock_ns());
	if (!until_ns)
		return 0;
	session->sweep->hold_ns = until_ns;
	return -EAGAIN;
}

/**
 * icmpctl_sweep_admit_ipv4() - may a probe of a sweep be sent at this instant
 * @probe: the probe.
 * @rt: its route.
 *
 * Context: the session's work, RCU read side.
 * Return: 0; -EAGAIN, and the sweep is held until there is room in the table of
 * neighbours; -EACCES for a broadcast that was not asked for, -EOPNOTSUPP for one by
 * another kind of probe than an echo request.
 */
int icmpctl_sweep_admit_ipv4(struct icmpctl_probe *probe, struct rtable *rt)
{
	struct net_device *dev = dst_dev_rcu(&rt->dst);

	if (rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		if (!(probe->session->config.flags & ICMPCTL_SESSION_F_BROADCAST))
			return -EACCES;
		/* An answer to a SYN from everybody is nothing to ask for. */
		if (probe->kind != ICMPCTL_PROBE_ECHO)
			return -EOPNOTSUPP;
		WRITE_ONCE(icmpctl_sweep_host_of(probe->session, probe->slot)->group, true);
		return 0;
	}
	if (rt->rt_gw_family || !has_neighbours(dev))
		return 0;
	return go(probe, __ipv4_neigh_lookup(dev, (__force u32)probe->target->addr.v4),
		  &admission_ipv4, &arp_tbl);
}

/**
 * icmpctl_sweep_admit_ipv6() - may a probe of a sweep be sent at this instant
 * @probe: the probe.
 * @dst: its route.
 *
 * Context: the session's work, RCU read side.
 * Return: 0; -EAGAIN, and the sweep is held until there is room in the table of neighbours.
 */
int icmpctl_sweep_admit_ipv6(struct icmpctl_probe *probe, struct dst_entry *dst)
{
	const struct rt6_info *rt = container_of(dst, struct rt6_info, dst);
	struct net_device *dev = dst_dev_rcu(dst);

	if (probe->target->group || rt->rt6i_flags & RTF_GATEWAY || !has_neighbours(dev))
		return 0;
	return go(probe, __ipv6_neigh_lookup(dev, &probe->target->addr.v6), &admission_ipv6,
		  &nd_tbl);
}
