/* SPDX-License-Identifier: GPL-2.0 */
/* Ranges of addresses: as people write them, as lists, less others. */
#ifndef ICMPCTL_RANGES_H
#define ICMPCTL_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More addresses than any range may have: 2^40, the module's bound. */
#define RANGE_ADDRESSES_MAX (UINT64_C(1) << 40)

/**
 * struct range - addresses one after the other
 * @family: 4 or 6
 * @first: the first, 4 or 16 bytes
 * @last: the last
 * @origin: whatever its maker wants to know it by, and all that is left of it
 */
struct range {
	int family;
	uint32_t origin;
	uint8_t first[16];
	uint8_t last[16];
};

/**
 * struct range_list - ranges, the memory being the list's
 * @range: @n of them
 * @n: how many
 * @room: for how many there is memory
 */
struct range_list {
	struct range *range;
	size_t n;
	size_t room;
};

/* "first-last" */
#define RANGE_TEXT_LEN 96

enum {
	RANGE_NAME = 1,		/* no address at all: it may be a name */
	RANGE_WRONG = -1,
};

int range_parse(struct range *r, const char *text, const char **why);
uint64_t range_count(const struct range *r);
char *range_text(char buf[RANGE_TEXT_LEN], const struct range *r);
bool range_meets(const struct range *a, const struct range *b);
bool range_has(const struct range *all, const struct range *part);
bool range_is_public(const struct range *r);
int range_list_add(struct range_list *list, const struct range *r);
void range_list_merge(struct range_list *list);
int range_list_add_less(struct range_list *list, const struct range *r,
			const struct range_list *excluded);
bool range_list_has(const struct range_list *merged, int family, const uint8_t *addr);
void range_list_free(struct range_list *list);

#endif
