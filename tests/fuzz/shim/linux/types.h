/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The headers here stand in for the kernel's when kmod/core is built as an ordinary
 * program: no more of each than core uses. Constants and packet layouts come from the
 * system's own linux/ headers.
 */
#ifndef _SHIM_LINUX_TYPES_H
#define _SHIM_LINUX_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;

#endif /* _SHIM_LINUX_TYPES_H */
