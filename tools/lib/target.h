/* SPDX-License-Identifier: GPL-2.0 */
/* Targets: names given by the user, and the addresses they stand for. */
#ifndef ICMPCTL_TARGET_H
#define ICMPCTL_TARGET_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#define ADDRESS_LEN (INET6_ADDRSTRLEN + 1 + IF_NAMESIZE)

/**
 * struct target_address - another address of a host
 * @family: 4 or 6
 * @addr: the address, the first 4 or all 16 bytes
 * @scope: interface of a link-local address, else 0
 */
struct target_address {
	int family;
	uint8_t addr[16];
	uint32_t scope;
};

/**
 * struct target - one host
 * @given: as the user typed it
 * @name: as it is shown, NULL for @given
 * @family: 4 or 6
 * @addr: its address, the first 4 or all 16 bytes
 * @scope: interface of a link-local address, else 0
 * @numeric: the user gave an address, not a name
 * @text: the address as text
 * @others: the further addresses that its name has, in the resolver's order
 * @n_others: how many there are
 * @source: the address of ours shown behind "from", "" if none is to be shown
 */
struct target {
	const char *given;
	char *name;
	int family;
	uint8_t addr[16];
	uint32_t scope;
	bool numeric;
	char text[ADDRESS_LEN];
	char source[ADDRESS_LEN];
	struct target_address *others;
	unsigned int n_others;
};

const char *target_no_interface(const char *name);
int target_ascii(const char *name, char **ascii);
int target_resolve(struct target *t, const char *name, int family);
void target_keep(struct target *t, int family, const uint8_t *addr);
const char *target_name(const struct target *t);
bool target_is_multicast(const struct target *t);
bool address_is_link_local(int family, const uint8_t *addr);
int target_source(const struct target *t, uint32_t ifindex, uint8_t addr[16]);
void target_free(struct target *t);
const char *address_text(char buf[ADDRESS_LEN], int family, const uint8_t *addr,
			 uint32_t scope);

#endif
