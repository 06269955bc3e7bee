/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ICMPCTL_TESTS_SUITES_H
#define _ICMPCTL_TESTS_SUITES_H

#include <kunit/test.h>

extern struct kunit_suite icmpctl_packet_suite;
extern struct kunit_suite icmpctl_cookie_suite;
extern struct kunit_suite icmpctl_hist_suite;
extern struct kunit_suite icmpctl_stats_suite;
extern struct kunit_suite icmpctl_plan_suite;
extern struct kunit_suite icmpctl_pace_suite;
extern struct kunit_suite icmpctl_poisson_suite;
extern struct kunit_suite icmpctl_phc_suite;

#endif /* _ICMPCTL_TESTS_SUITES_H */
