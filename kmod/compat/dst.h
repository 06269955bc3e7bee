/* SPDX-License-Identifier: GPL-2.0 */
/*
 * dst.h - dst_dev_rcu() for kernels before 6.18
 *
 * The device of a route may be put in the place of another one at any time, and is freed a
 * grace period later. Kernels that do not say so by a function have the plain field. Kbuild looks
 * whether the headers have it, since stable trees take such things back.
 */
#ifndef _ICMPCTL_COMPAT_DST_H
#define _ICMPCTL_COMPAT_DST_H

#include <net/dst.h>

#ifndef ICMPCTL_HAVE_DST_DEV_RCU
static inline struct net_device *dst_dev_rcu(const struct dst_entry *dst)
{
	return READ_ONCE(dst->dev);
}
#endif

#endif /* _ICMPCTL_COMPAT_DST_H */
