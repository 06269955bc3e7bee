/* SPDX-License-Identifier: GPL-2.0 */
/*
 * bytes.h - numbers in network byte order, wherever they stand
 */
#ifndef _ICMPCTL_CORE_BYTES_H
#define _ICMPCTL_CORE_BYTES_H

#include <linux/types.h>

static inline u16 get_be16(const u8 *p)
{
	return p[0] << 8 | p[1];
}

static inline u32 get_be32(const u8 *p)
{
	return (u32)get_be16(p) << 16 | get_be16(p + 2);
}

static inline u64 get_be64(const u8 *p)
{
	return (u64)get_be32(p) << 32 | get_be32(p + 4);
}

static inline void put_be16(u8 *p, u16 value)
{
	p[0] = value >> 8;
	p[1] = value & 0xff;
}

static inline void put_be32(u8 *p, u32 value)
{
	put_be16(p, value >> 16);
	put_be16(p + 2, value);
}

static inline void put_be64(u8 *p, u64 value)
{
	put_be32(p, value >> 32);
	put_be32(p + 4, value);
}

/* Sum of two in one's complement, as the checksum of RFC 1071 has it. */
static inline u16 sum_be16(u16 a, u16 b)
{
	u32 sum = (u32)a + b;

	return sum + (sum >> 16);
}

#endif /* _ICMPCTL_CORE_BYTES_H */
