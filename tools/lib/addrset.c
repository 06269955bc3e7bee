// SPDX-License-Identifier: GPL-2.0
/* A set of addresses: a table with open addressing, never more than half full. */
#include "lib/addrset.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_MIN 64

struct addrset_entry {
	uint8_t family;
	uint8_t addr[16];
};

static size_t hash(int family, const uint8_t *addr)
{
	/* FNV-1a */
	uint64_t h = 0xcbf29ce484222325 ^ (uint64_t)family;

	for (int i = 0; i < (family == 4 ? 4 : 16); i++)
		h = (h ^ addr[i]) * 0x100000001b3;
	return h ^ h >> 32;
}

/* The place of an address, or the free one where it belongs. */
static struct addrset_entry *place(const struct addrset *set, int family, const uint8_t *addr)
{
	size_t at = hash(family, addr);

	for (;; at++) {
		struct addrset_entry *e = &set->entry[at & (set->room - 1)];

		if (!e->family ||
		    (e->family == family && !memcmp(e->addr, addr, family == 4 ? 4 : 16)))
			return e;
	}
}

static bool grow(struct addrset *set)
{
	struct addrset larger = { .n = set->n, .room = set->room ? 2 * set->room : ROOM_MIN };

	larger.entry = calloc(larger.room, sizeof(*larger.entry));
	if (!larger.entry)
		return false;
	for (size_t i = 0; i < set->room; i++)
		if (set->entry[i].family)
			*place(&larger, set->entry[i].family, set->entry[i].addr) = set->entry[i];
	free(set->entry);
	*set = larger;
	return true;
}

/**
 * addrset_add - put an address into the set
 * @set: the set
 * @family: 4 or 6
 * @addr: the address
 *
 * Return: 1 if it is new, 0 if it was there, -1 without memory.
 */
int addrset_add(struct addrset *set, int family, const uint8_t *addr)
{
	struct addrset_entry *e;

	if (2 * set->n >= set->room && !grow(set))
		return -1;
	e = place(set, family, addr);
	if (e->family)
		return 0;
	e->family = family;
	memcpy(e->addr, addr, family == 4 ? 4 : 16);
	set->n++;
	return 1;
}

/**
 * addrset_has - is an address in the set
 * @set: the set
 * @family: 4 or 6
 * @addr: the address
 *
 * Return: true if it is.
 */
bool addrset_has(const struct addrset *set, int family, const uint8_t *addr)
{
	return set->room && place(set, family, addr)->family;
}

/**
 * addrset_free - forget all addresses
 * @set: the set
 */
void addrset_free(struct addrset *set)
{
	free(set->entry);
	*set = (struct addrset){ .n = 0 };
}
