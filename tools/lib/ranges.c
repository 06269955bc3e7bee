// SPDX-License-Identifier: GPL-2.0
/*
 * Ranges of addresses. Addresses are compared and counted byte by byte, as they stand
 * on the wire, so that both families are one.
 */
#include "lib/ranges.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/units.h"

static int length(int family)
{
	return family == 4 ? 4 : 16;
}

/* The family of an address, 0 if it is none. */
static int address(const char *text, size_t len, uint8_t addr[16])
{
	char copy[INET6_ADDRSTRLEN];

	if (len >= sizeof(copy))
		return 0;
	memcpy(copy, text, len);
	copy[len] = '\0';
	memset(addr, 0, 16);
	if (inet_pton(AF_INET, copy, addr) == 1)
		return 4;
	return inet_pton(AF_INET6, copy, addr) == 1 ? 6 : 0;
}

static int parse_prefix(struct range *r, const char *bits_text, const char **why)
{
	int all = 8 * length(r->family);
	uint64_t bits;

	if (units_number(bits_text, &bits) || bits > (uint64_t)all) {
		*why = r->family == 4 ? "an IPv4 prefix has a length of 0 to 32" :
					"an IPv6 prefix has a length of 0 to 128";
		return RANGE_WRONG;
	}
	memcpy(r->last, r->first, sizeof(r->last));
	for (int i = bits; i < all; i++) {
		r->first[i / 8] &= ~(0x80 >> i % 8);
		r->last[i / 8] |= 0x80 >> i % 8;
	}
	return 0;
}

static int parse_last(struct range *r, const char *text, const char **why)
{
	uint64_t number;
	int family = address(text, strlen(text), r->last);

	if (!family && r->family == 4 && !units_number(text, &number) && number < 256) {
		memcpy(r->last, r->first, 4);
		r->last[3] = number;
		family = 4;
	}
	if (family != r->family) {
		*why = "behind the - there must be an address of the same family, or the last number of an IPv4 address";
		return RANGE_WRONG;
	}
	if (memcmp(r->first, r->last, length(r->family)) > 0) {
		*why = "its last address is before its first";
		return RANGE_WRONG;
	}
	return 0;
}

/*
 * What is no address: can it be a name, or an address with its interface? Who meant an address is
 * not to wait for a name server that has never heard of it.
 */
static int parse_other(const char *text, const char **why)
{
	const char *zone = strchr(text, '%');
	uint8_t addr[16];

	if (zone) {
		if (address(text, zone - text, addr) == 6 && !strchr(zone, '/') && !strchr(zone, ':'))
			return RANGE_NAME;
		*why = "an interface is named behind one IPv6 address; of all others -I gives it";
		return RANGE_WRONG;
	}
	if (*text && strspn(text, "0123456789.,-*/") == strlen(text)) {
		*why = "an IPv4 address has four numbers of 0 to 255; more of them are written 192.0.2.0/24 or 192.0.2.1-120";
		return RANGE_WRONG;
	}
	if (strpbrk(text, ":[]")) {
		*why = "it is no IPv6 address";
		return RANGE_WRONG;
	}
	if (strpbrk(text, "/*,")) {
		*why = "it is neither a name nor an address; more of them are written 192.0.2.0/24 or 192.0.2.1-120";
		return RANGE_WRONG;
	}
	return RANGE_NAME;
}

/**
 * range_parse - read one address, a prefix (a/24), or a range (a-b, 192.0.2.1-120)
 * @r: the result
 * @text: what to read
 * @why: gets a sentence if it is wrong
 *
 * It may have more than RANGE_ADDRESSES_MAX addresses, to be taken out of others.
 *
 * Return: 0, RANGE_NAME if it may be a name, or an IPv6 address with its interface, or RANGE_WRONG.
 */
int range_parse(struct range *r, const char *text, const char **why)
{
	size_t len = strcspn(text, "/-");

	memset(r, 0, sizeof(*r));
	r->family = address(text, len, r->first);
	if (!r->family)
		return parse_other(text, why);
	switch (text[len]) {
	case '/':
		if (parse_prefix(r, text + len + 1, why))
			return RANGE_WRONG;
		break;
	case '-':
		if (parse_last(r, text + len + 1, why))
			return RANGE_WRONG;
		break;
	default:
		memcpy(r->last, r->first, sizeof(r->last));
	}
	return 0;
}

/**
 * range_count - how many addresses it has
 * @r: the range
 *
 * Return: the number; RANGE_ADDRESSES_MAX + 1 for all that are more.
 */
uint64_t range_count(const struct range *r)
{
	uint64_t count = 0;

	for (int i = 0; i < length(r->family); i++) {
		if (count > RANGE_ADDRESSES_MAX)
			return RANGE_ADDRESSES_MAX + 1;
		count = count * 256 + r->last[i] - r->first[i];
	}
	return count < RANGE_ADDRESSES_MAX ? count + 1 : RANGE_ADDRESSES_MAX + 1;
}

/**
 * range_text - write a range as people do
 * @buf: gets the text
 * @r: the range
 *
 * Return: @buf.
 */
char *range_text(char buf[RANGE_TEXT_LEN], const struct range *r)
{
	int family = r->family == 4 ? AF_INET : AF_INET6;
	size_t len;

	inet_ntop(family, r->first, buf, INET6_ADDRSTRLEN);
	if (!memcmp(r->first, r->last, length(r->family)))
		return buf;
	len = strlen(buf);
	buf[len++] = '-';
	inet_ntop(family, r->last, buf + len, INET6_ADDRSTRLEN);
	return buf;
}

/**
 * range_meets - have two ranges addresses in common
 * @a: the one
 * @b: the other
 *
 * Return: true if so.
 */
bool range_meets(const struct range *a, const struct range *b)
{
	int len = length(a->family);

	return a->family == b->family && memcmp(a->first, b->last, len) <= 0 &&
	       memcmp(b->first, a->last, len) <= 0;
}

/**
 * range_has - is a range part of another
 * @all: the other
 * @part: the one
 *
 * Return: true if all its addresses are in @all.
 */
bool range_has(const struct range *all, const struct range *part)
{
	int len = length(all->family);

	return all->family == part->family && memcmp(all->first, part->first, len) <= 0 &&
	       memcmp(part->last, all->last, len) <= 0;
}

/* The addresses that are nobody's in the Internet (RFC 6890), as far as they are unicast. */
static const char *const private_prefixes[] = {
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
	"172.16.0.0/12", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "::1/128", "2001:db8::/32", "fc00::/7",
	"fe80::/10",
};

/**
 * range_is_public - are there addresses in it that may be somebody else's
 * @r: the range
 *
 * Return: false if it lies within one of the private or special prefixes.
 */
bool range_is_public(const struct range *r)
{
	const char *why;

	for (size_t i = 0; i < sizeof(private_prefixes) / sizeof(private_prefixes[0]); i++) {
		struct range p = { 0 };
		size_t at = strcspn(private_prefixes[i], "/");

		p.family = address(private_prefixes[i], at, p.first);
		if (!parse_prefix(&p, private_prefixes[i] + at + 1, &why) && range_has(&p, r))
			return false;
	}
	return true;
}

/**
 * range_list_add - one more range
 * @list: the list
 * @r: the range
 *
 * Return: 0 or -ENOMEM.
 */
int range_list_add(struct range_list *list, const struct range *r)
{
	if (list->n == list->room) {
		size_t room = list->room ? 2 * list->room : 16;
		struct range *more = reallocarray(list->range, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		list->range = more;
		list->room = room;
	}
	list->range[list->n++] = *r;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct range *ra = a, *rb = b;

	if (ra->family != rb->family)
		return ra->family - rb->family;
	return memcmp(ra->first, rb->first, length(ra->family));
}

/* The address after, or before; false if there is none. */
static bool step(int family, uint8_t addr[16], int by)
{
	for (int i = length(family) - 1; i >= 0; i--) {
		addr[i] += by;
		if (addr[i] != (by > 0 ? 0x00 : 0xff))
			return true;
	}
	return false;
}

/**
 * range_list_merge - put a list in order, each address once
 * @list: the list
 *
 * Ranges that overlap become one; so do those that follow each other, if together they
 * do not have more than RANGE_ADDRESSES_MAX addresses.
 */
void range_list_merge(struct range_list *list)
{
	size_t n = 0;

	if (!list->n)
		return;
	qsort(list->range, list->n, sizeof(*list->range), compare);
	for (size_t i = 1; i < list->n; i++) {
		struct range *last = &list->range[n], *r = &list->range[i];
		int len = length(last->family);
		struct range both = *last;
		uint8_t next[16];
		bool touch;

		memcpy(next, last->last, sizeof(next));
		touch = last->family == r->family &&
			(!step(last->family, next, 1) || memcmp(r->first, next, len) <= 0);
		if (memcmp(r->last, both.last, len) > 0)
			memcpy(both.last, r->last, sizeof(both.last));
		if (touch && range_count(&both) <= RANGE_ADDRESSES_MAX) {
			*last = both;
			continue;
		}
		if (touch && memcmp(r->first, last->last, len) <= 0) {
			/* Too large together: the second gives up what the first has. */
			if (memcmp(r->last, last->last, len) <= 0)
				continue;
			memcpy(r->first, next, sizeof(next));
		}
		list->range[++n] = *r;
	}
	list->n = n + 1;
}

/* The first of a merged list that does not lie before @r. */
static size_t not_before(const struct range_list *list, const struct range *r)
{
	size_t low = 0, high = list->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct range *e = &list->range[middle];

		if (e->family < r->family ||
		    (e->family == r->family && memcmp(e->last, r->first, length(r->family)) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/**
 * range_list_add_less - add what is left of a range when others are taken out
 * @list: the list
 * @r: the range
 * @excluded: what is to be taken out, merged
 *
 * Return: 0 or -ENOMEM.
 */
int range_list_add_less(struct range_list *list, const struct range *r,
			const struct range_list *excluded)
{
	int len = length(r->family);
	struct range rest = *r;

	for (size_t i = not_before(excluded, r); i < excluded->n; i++) {
		const struct range *e = &excluded->range[i];

		if (e->family != r->family || memcmp(e->first, rest.last, len) > 0)
			break;
		if (memcmp(e->first, rest.first, len) > 0) {
			struct range before = rest;

			memcpy(before.last, e->first, sizeof(before.last));
			step(r->family, before.last, -1);
			if (range_list_add(list, &before))
				return -ENOMEM;
		}
		if (memcmp(e->last, rest.last, len) >= 0)
			return 0;
		memcpy(rest.first, e->last, sizeof(rest.first));
		step(r->family, rest.first, 1);
	}
	return range_list_add(list, &rest);
}

/**
 * range_list_has - is an address in a list
 * @merged: the list, merged
 * @family: 4 or 6
 * @addr: the address
 *
 * Return: true if so.
 */
bool range_list_has(const struct range_list *merged, int family, const uint8_t *addr)
{
	struct range r = { .family = family };
	size_t i;

	memcpy(r.first, addr, length(family));
	memcpy(r.last, addr, length(family));
	i = not_before(merged, &r);
	return i < merged->n && range_meets(&merged->range[i], &r);
}

/**
 * range_list_free - give back what a list holds
 * @list: the list, which is empty afterwards
 */
void range_list_free(struct range_list *list)
{
	free(list->range);
	*list = (struct range_list){ .n = 0 };
}
