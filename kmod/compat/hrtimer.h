/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hrtimer.h - hrtimer_setup() for kernels before 6.13
 *
 * Up to 6.12 a timer is initialised with hrtimer_init() and its function is set
 * by hand; since 6.15 only hrtimer_setup() is left. Kbuild looks whether the
 * headers have it, since stable trees take such things back.
 */
#ifndef _ICMPCTL_COMPAT_HRTIMER_H
#define _ICMPCTL_COMPAT_HRTIMER_H

#include <linux/hrtimer.h>

#ifndef ICMPCTL_HAVE_HRTIMER_SETUP
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock_id, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock_id, mode);
	timer->function = function;
}
#endif

#endif /* _ICMPCTL_COMPAT_HRTIMER_H */
