/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ICMPCTL_TESTS_SUITES_H
#define _ICMPCTL_TESTS_SUITES_H

#include <kunit/test.h>

extern struct kunit_suite icmpctl_packet_suite;
extern struct kunit_suite icmpctl_packet_quote_suite;
extern struct kunit_suite icmpctl_packet_payload_suite;
extern struct kunit_suite icmpctl_packet_port_suite;
extern struct kunit_suite icmpctl_packet_query_suite;
extern struct kunit_suite icmpctl_cookie_suite;
extern struct kunit_suite icmpctl_extension_suite;
extern struct kunit_suite icmpctl_hist_suite;
extern struct kunit_suite icmpctl_stats_suite;
extern struct kunit_suite icmpctl_spread_suite;
extern struct kunit_suite icmpctl_stats_counts_suite;
extern struct kunit_suite icmpctl_plan_suite;
extern struct kunit_suite icmpctl_pace_suite;
extern struct kunit_suite icmpctl_permute_suite;
extern struct kunit_suite icmpctl_poisson_suite;
extern struct kunit_suite icmpctl_ranges_suite;
extern struct kunit_suite icmpctl_phc_suite;
extern struct kunit_suite icmpctl_moments_suite;
extern struct kunit_suite icmpctl_loss_suite;
extern struct kunit_suite icmpctl_number_suite;
extern struct kunit_suite icmpctl_reorder_suite;
extern struct kunit_suite icmpctl_window_suite;
extern struct kunit_suite icmpctl_wide_suite;

#endif /* _ICMPCTL_TESTS_SUITES_H */
