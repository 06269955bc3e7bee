/* SPDX-License-Identifier: GPL-2.0 */
/* A set of addresses. */
#ifndef ICMPCTL_ADDRSET_H
#define ICMPCTL_ADDRSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct addrset_entry;

/**
 * struct addrset - addresses, each once; zeroed: none
 * @entry: a table of @room places
 * @n: how many are in it
 * @room: a power of two, or 0
 */
struct addrset {
	struct addrset_entry *entry;
	size_t n;
	size_t room;
};

int addrset_add(struct addrset *set, int family, const uint8_t *addr);
bool addrset_has(const struct addrset *set, int family, const uint8_t *addr);
void addrset_free(struct addrset *set);

#endif
