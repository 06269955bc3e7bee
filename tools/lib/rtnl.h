/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel's routing tells: interfaces, ways, neighbours. */
#ifndef ICMPCTL_RTNL_H
#define ICMPCTL_RTNL_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * struct rtnl_link - one interface
 * @index: its number
 * @lower: the interface it stands upon (VLAN, macvlan), 0 for none
 * @elsewhere: @lower is in another network namespace
 * @master: the interface it is a part of (bond, bridge), 0 for none
 * @loopback: it is the loopback
 * @hardware: there is a device behind it
 * @kind: what it is if it was made by software ("veth"), else ""
 * @name: its name
 */
struct rtnl_link {
	uint32_t index, lower, master;
	bool elsewhere, loopback, hardware;
	char kind[32];
	char name[IF_NAMESIZE];
};

/**
 * struct rtnl_host - who can be reached by an interface
 * @family: 4 or 6
 * @addr: the address, the first 4 or all 16 bytes
 */
struct rtnl_host {
	int family;
	uint8_t addr[16];
};

/**
 * struct rtnl_route - the way of a packet
 * @ifindex: the interface it leaves by
 * @gateway: the next hop if it is a router, else its family is 0
 * @source: the address it leaves from, family 0 if that is not told
 */
struct rtnl_route {
	uint32_t ifindex;
	struct rtnl_host gateway, source;
};

int rtnl_links(struct rtnl_link **links, unsigned int *n);
int rtnl_way(int family, const uint8_t *addr, uint32_t ifindex, uint32_t mark,
	     uint32_t *leaves_by);
int rtnl_route(int family, const uint8_t *addr, uint32_t ifindex, uint32_t mark,
	       struct rtnl_route *route);
const char *rtnl_neighbour_state(uint32_t ifindex, int family, const uint8_t *addr);
int rtnl_gateway(uint32_t ifindex, struct rtnl_host *host);
int rtnl_neighbour(uint32_t ifindex, struct rtnl_host *host);

#endif
