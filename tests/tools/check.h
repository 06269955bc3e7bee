/* SPDX-License-Identifier: GPL-2.0 */
/* What all unit tests of the command share: a line "ok - name" a check. */
#ifndef ICMPCTL_TESTS_CHECK_H
#define ICMPCTL_TESTS_CHECK_H

#include <stdbool.h>

void check(bool good, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Equal strings; what they are is told on stderr if they are not. */
void check_text(const char *got, const char *expected, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void test_now(void);
void test_units(void);
void test_text(void);
void test_icmp_names(void);
void test_module(void);
void test_netlink(void);
void test_out_text(void);
void test_out_json(void);
void test_budget(void);
void test_out_stamps(void);
void test_path(void);
void test_plot(void);
void test_recompute(void);
void test_pmtu(void);
void test_hops(void);
void test_judge(void);
void test_ranges(void);
void test_sweep(void);
void test_extension(void);
void test_flows(void);
/* @dir: where what was written is kept; NULL: nowhere. */
void test_metrics(const char *dir);
void test_monitor(void);

#endif
