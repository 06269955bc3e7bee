// SPDX-License-Identifier: GPL-2.0
/*
 * nic.c - the clocks of interfaces, known once for all sessions of a namespace
 *
 * A clock belongs to its interface and not to who probes by it, so what one session has
 * learned of it the next one need not. A few are known at a time; if there are more, the one
 * that was used longest ago is forgotten, and learned again should it be needed.
 */
#include <linux/netdevice.h>

#include "icmpctl.h"

/* Its place; NULL: there is none. With the lock held. */
static struct icmpctl_nic *find(struct icmpctl_nics *nics, u32 ifindex)
{
	struct icmpctl_nic *nic;

	for (nic = nics->nic; nic < nics->nic + ICMPCTL_NICS_MAX; nic++)
		if (nic->ifindex == ifindex)
			return nic;
	return NULL;
}

/* Its place, or that of the one that was used longest ago, emptied. With the lock held. */
static struct icmpctl_nic *take(struct icmpctl_nics *nics, u32 ifindex)
{
	struct icmpctl_nic *nic = find(nics, ifindex), *other;

	if (nic)
		return nic;
	nic = nics->nic;
	for (other = nic; other < nics->nic + ICMPCTL_NICS_MAX; other++)
		if (other->used_ns < nic->used_ns)
			nic = other;
	memset(nic, 0, sizeof(*nic));
	nic->ifindex = ifindex;
	return nic;
}

/* That session has RTTs by it. With the lock held. */
static void note(struct icmpctl_session *session, u32 ifindex, u32 error_ns)
{
	u32 i;

	session->nic_rtt_error_ns = max(session->nic_rtt_error_ns, error_ns);
	for (i = 0; i < ARRAY_SIZE(session->nic); i++) {
		if (!session->nic[i])
			session->nic[i] = ifindex;
		if (session->nic[i] == ifindex)
			return;
	}
}

/**
 * icmpctl_nic_trip() - convert the hardware stamps of a probe, and learn from them
 * @session: whose probe it was.
 * @ifindex: the interface of both stamps.
 * @trip: all its stamps.
 * @result: <- the hardware's on CLOCK_MONOTONIC.
 *
 * Context: softirq.
 * Return: true if there is a result.
 */
bool icmpctl_nic_trip(struct icmpctl_session *session, u32 ifindex,
		      const struct icmpctl_phc_trip *trip, struct icmpctl_phc_result *result)
{
	struct icmpctl_nics *nics = &session->inet->nics;
	struct icmpctl_nic *nic;
	bool good;

	spin_lock_bh(&nics->lock);
	nic = take(nics, ifindex);
	nic->used_ns = trip->after_ns;
	good = icmpctl_phc_trip(&nic->phc, trip, result);
	if (good)
		note(session, ifindex, result->error_ns);
	spin_unlock_bh(&nics->lock);
	return good;
}

/**
 * icmpctl_nic_clock() - how well the clocks are known by which RTTs were measured
 * @session: whose RTTs.
 * @clock: <- what is known of the worst.
 *
 * Context: process.
 */
void icmpctl_nic_clock(struct icmpctl_session *session, struct icmpctl_nic_clock *clock)
{
	struct icmpctl_nics *nics = &session->inet->nics;
	u64 error_ns, now_ns = icmpctl_clock_ns();
	struct icmpctl_nic *nic;
	u32 i;

	*clock = (struct icmpctl_nic_clock){ };
	spin_lock_bh(&nics->lock);
	clock->rtt_error_ns = session->nic_rtt_error_ns;
	for (i = 0; i < ARRAY_SIZE(session->nic) && session->nic[i]; i++) {
		nic = find(nics, session->nic[i]);
		if (!nic || !icmpctl_phc_error_ns(&nic->phc, now_ns, &error_ns) ||
		    (clock->known && error_ns <= clock->error_ns))
			continue;
		clock->known = true;
		clock->error_ns = error_ns;
		clock->drift = icmpctl_phc_drift_ppb(&nic->phc, &clock->drift_ppb);
	}
	spin_unlock_bh(&nics->lock);
}

/* Its number may become another interface's. */
static int event(struct notifier_block *block, unsigned long what, void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);
	struct icmpctl_nics *nics = &icmpctl_net(dev_net(dev))->nics;
	struct icmpctl_nic *nic;

	if (what != NETDEV_UNREGISTER)
		return NOTIFY_DONE;
	spin_lock_bh(&nics->lock);
	nic = find(nics, dev->ifindex);
	if (nic)
		memset(nic, 0, sizeof(*nic));
	spin_unlock_bh(&nics->lock);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = {
	.notifier_call = event,
};

/**
 * icmpctl_nic_register() - hear of interfaces that go
 *
 * Context: process, may sleep; our part of every namespace is there.
 * Return: 0 or a negative errno.
 */
int icmpctl_nic_register(void)
{
	return register_netdevice_notifier(&notifier);
}

/**
 * icmpctl_nic_unregister() - hear of them no more
 *
 * Context: process, may sleep; our part of every namespace is still there.
 */
void icmpctl_nic_unregister(void)
{
	unregister_netdevice_notifier(&notifier);
}
