/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_SIPHASH_H
#define _SHIM_LINUX_SIPHASH_H

#include <linux/types.h>

typedef struct {
	u64 key[2];
} siphash_key_t;

/* No hash: whoever needs one brings it. */
u64 siphash_2u64(u64 a, u64 b, const siphash_key_t *key);

#endif /* _SHIM_LINUX_SIPHASH_H */
