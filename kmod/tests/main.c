// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - the unit tests of the pure parts, as one module
 */
#include <linux/module.h>

#include "suites.h"

kunit_test_suites(&icmpctl_packet_suite, &icmpctl_packet_quote_suite,
		  &icmpctl_packet_payload_suite, &icmpctl_cookie_suite, &icmpctl_hist_suite,
		  &icmpctl_stats_suite, &icmpctl_plan_suite, &icmpctl_pace_suite,
		  &icmpctl_moments_suite, &icmpctl_loss_suite, &icmpctl_reorder_suite,
		  &icmpctl_window_suite, &icmpctl_stats_counts_suite,
		  &icmpctl_poisson_suite, &icmpctl_phc_suite, &icmpctl_number_suite,
		  &icmpctl_packet_port_suite, &icmpctl_permute_suite, &icmpctl_ranges_suite,
		  &icmpctl_extension_suite, &icmpctl_packet_query_suite,
		  &icmpctl_spread_suite, &icmpctl_wide_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Unit tests of icmpctl");
