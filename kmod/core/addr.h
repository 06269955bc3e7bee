/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ICMPCTL_CORE_ADDR_H
#define _ICMPCTL_CORE_ADDR_H

#include <linux/in6.h>
#include <linux/string.h>
#include <linux/types.h>

/**
 * union icmpctl_addr - an IPv4 or IPv6 address; the family is told beside it
 * @v4: IPv4, network byte order; the bytes behind it are zero.
 * @v6: IPv6.
 * @bytes: the same, in wire order, as records and attributes carry it.
 */
union icmpctl_addr {
	__be32 v4;
	struct in6_addr v6;
	u8 bytes[16];
};

static inline bool icmpctl_addr_equal(const union icmpctl_addr *a,
				      const union icmpctl_addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

#endif /* _ICMPCTL_CORE_ADDR_H */
