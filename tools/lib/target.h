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
 * struct target - one host
 * @given: as the user typed it
 * @name: as it is shown, NULL for @given
 * @family: 4 or 6
 * @addr: its address, the first 4 or all 16 bytes
 * @scope: interface of a link-local address, else 0
 * @numeric: the user gave an address, not a name
 * @text: the address as text
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
};

int target_ascii(const char *name, char **ascii);
int target_resolve(struct target *t, const char *name, int family);
const char *target_name(const struct target *t);
bool target_is_multicast(const struct target *t);
bool address_is_link_local(int family, const uint8_t *addr);
int target_source(const struct target *t, uint32_t ifindex, uint8_t addr[16]);
void target_free(struct target *t);
const char *address_text(char buf[ADDRESS_LEN], int family, const uint8_t *addr,
			 uint32_t scope);

#endif
