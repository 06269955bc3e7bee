// SPDX-License-Identifier: GPL-2.0
/*
 * How long an interface may keep a packet before it tells the kernel of it: the
 * coalescing of its interrupts, as the interface itself reports it.
 */
#include "lib/nic.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/units.h"

/* Interfaces may stand upon interfaces; nobody stacks more. */
#define DEPTH_MAX 8

/**
 * nic_coalesce_ns - the longest that coalescing may hold a received packet
 * @c: what the interface reports
 * @ns: the result
 *
 * Return: false if a number of packets alone is waited for: that takes however
 * long it takes.
 */
bool nic_coalesce_ns(const struct ethtool_coalesce *c, uint64_t *ns)
{
	uint32_t usecs = c->rx_coalesce_usecs;

	if (!usecs && c->rx_max_coalesced_frames > 1 && !c->use_adaptive_rx_coalesce)
		return false;
	/* What adapts is as it is now; it may become what is told for a high rate. */
	if (c->use_adaptive_rx_coalesce && c->rx_coalesce_usecs_high > usecs)
		usecs = c->rx_coalesce_usecs_high;
	*ns = usecs * NSEC_PER_USEC;
	return true;
}

/**
 * nic_is_software - does an interface hand on by itself what it is given
 * @link: the interface
 *
 * Return: true for the loopback, veth and the like: no device, no interrupt,
 * and no other interface below it.
 */
bool nic_is_software(const struct rtnl_link *link)
{
	static const char *const kinds[] = { "", "veth", "dummy", "netkit", "ifb" };

	if (link->hardware)
		return false;
	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(link->kind, kinds[i]))
			return true;
	return false;
}

static bool ask(const char *name, uint64_t *ns)
{
	struct ethtool_coalesce c = { .cmd = ETHTOOL_GCOALESCE };
	struct ifreq ifr = { .ifr_data = (void *)&c };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return false;
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	err = ioctl(fd, SIOCETHTOOL, &ifr);
	close(fd);
	return !err && nic_coalesce_ns(&c, ns);
}

static const struct rtnl_link *find(const struct rtnl_link *links, unsigned int n,
				    uint32_t ifindex)
{
	for (unsigned int i = 0; i < n; i++)
		if (links[i].index == ifindex)
			return &links[i];
	return NULL;
}

static bool coalescing(const struct rtnl_link *links, unsigned int n, uint32_t ifindex,
		       uint64_t *ns, int depth)
{
	const struct rtnl_link *link = find(links, n, ifindex);
	bool parts = false;
	uint64_t part;

	if (!link || depth == DEPTH_MAX)
		return false;
	/* What it is made of: one may take the packet as well as another. */
	*ns = 0;
	for (unsigned int i = 0; i < n; i++) {
		if (links[i].master != ifindex)
			continue;
		if (!coalescing(links, n, links[i].index, &part, depth + 1))
			return false;
		parts = true;
		if (part > *ns)
			*ns = part;
	}
	if (parts || ask(link->name, ns) || nic_is_software(link))
		return true;
	if (link->hardware || !link->lower || link->elsewhere)
		return false;
	return coalescing(links, n, link->lower, ns, depth + 1);
}

/**
 * nic_coalescing - how long a received packet may be held by an interface
 * @links: the interfaces of the namespace
 * @n: how many they are
 * @ifindex: which one it is
 * @ns: the longest, 0 for what is software alone
 *
 * A VLAN is asked for what it stands upon, a bond or bridge for what it is made of.
 *
 * Return: false if it is not known.
 */
bool nic_coalescing(const struct rtnl_link *links, unsigned int n, uint32_t ifindex,
		    uint64_t *ns)
{
	return coalescing(links, n, ifindex, ns, 0);
}
