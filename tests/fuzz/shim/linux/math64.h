/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_MATH64_H
#define _SHIM_LINUX_MATH64_H

#include <linux/types.h>
#include <stdlib.h>

static inline u64 div_u64_rem(u64 dividend, u32 divisor, u32 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

static inline u64 div64_u64_rem(u64 dividend, u64 divisor, u64 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

static inline s64 div64_s64(s64 dividend, s64 divisor)
{
	return dividend / divisor;
}

/* Of <linux/math.h>, which the kernel's own <linux/math64.h> includes. */
#define abs(x) ({				\
	__auto_type abs_x = (x);	\
	abs_x < 0 ? -abs_x : abs_x;	\
})

static inline u64 mul_u64_u32_div(u64 a, u32 mul, u32 divisor)
{
	__extension__ unsigned __int128 product = a;

	product *= mul;
	return product / divisor;
}

static inline u64 mul_u64_u64_shr(u64 a, u64 mul, unsigned int shift)
{
	__extension__ unsigned __int128 product = a;

	product *= mul;
	return product >> shift;
}

#endif /* _SHIM_LINUX_MATH64_H */
