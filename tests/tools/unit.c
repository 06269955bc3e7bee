// SPDX-License-Identifier: GPL-2.0
/* Runs the unit tests of the command: one line a check, status 1 if one fails. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

static unsigned int failed;

static void result(bool good, const char *format, va_list args)
{
	printf("%s - ", good ? "ok" : "not ok");
	vprintf(format, args);
	putchar('\n');
	failed += !good;
}

void check(bool good, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	result(good, format, args);
	va_end(args);
}

void check_text(const char *got, const char *expected, const char *format, ...)
{
	bool good = !strcmp(got, expected);
	va_list args;

	if (!good)
		fprintf(stderr, "expected: %s\ngot:      %s\n", expected, got);
	va_start(args, format);
	result(good, format, args);
	va_end(args);
}

int main(int argc, char **argv)
{
	test_now();
	test_units();
	test_text();
	test_icmp_names();
	test_module();
	test_netlink();
	test_out_text();
	test_out_json();
	test_budget();
	test_out_stamps();
	test_path();
	test_plot();
	test_recompute();
	test_pmtu();
	test_hops();
	test_judge();
	test_ranges();
	test_sweep();
	test_extension();
	test_flows();
	test_metrics(argc > 1 ? argv[1] : NULL);
	test_monitor();
	return failed != 0;
}
