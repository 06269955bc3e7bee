/* SPDX-License-Identifier: GPL-2.0 */
/* How long an interface may keep a packet before it tells the kernel of it. */
#ifndef ICMPCTL_NIC_H
#define ICMPCTL_NIC_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/rtnl.h"

struct ethtool_coalesce;

bool nic_coalesce_ns(const struct ethtool_coalesce *c, uint64_t *ns);
bool nic_is_software(const struct rtnl_link *link);
bool nic_coalescing(const struct rtnl_link *links, unsigned int n, uint32_t ifindex,
		    uint64_t *ns);

#endif
