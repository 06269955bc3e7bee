/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_LIMITS_H
#define _SHIM_LINUX_LIMITS_H

#include_next <linux/limits.h>

#define U32_MAX	((u32)~0U)
#define S64_MAX	((s64)(U64_MAX >> 1))
#define U64_MAX	((u64)~0ULL)

#endif /* _SHIM_LINUX_LIMITS_H */
