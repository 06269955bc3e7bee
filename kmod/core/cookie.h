/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ICMPCTL_CORE_COOKIE_H
#define _ICMPCTL_CORE_COOKIE_H

#include <linux/siphash.h>
#include <linux/types.h>

u64 icmpctl_cookie(u64 number, u32 target, const siphash_key_t *key);
u64 icmpctl_cookie_steady(u64 cookie, u16 id, u16 seq, u16 sum);
u16 icmpctl_cookie_flow_sum(u32 flow, u32 base);

#endif /* _ICMPCTL_CORE_COOKIE_H */
