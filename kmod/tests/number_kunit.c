// SPDX-License-Identifier: GPL-2.0
/*
 * number_kunit.c - tests of core/number.h
 */
#include "../core/number.h"
#include "suites.h"

#define IDS_MAX	16

/* So many were sent: around where 16, 20 and 32 bits end, and far beyond. */
static const u64 lasts[] = {
	0, 1, 2, 65535, 65536, 65537, 131071, (1 << 20) - 1, 1 << 20, (1 << 20) + 1,
	1000000000, (1ULL << 32) - 1, 1ULL << 32, (1ULL << 32) + 1, 1ULL << 48, (1ULL << 61) - 1,
};

static void lasts_name(const u64 *last, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "after %llu", *last);
}

KUNIT_ARRAY_PARAM(last, lasts, lasts_name);

/* Of probes all over the last span, whether the session has one identifier or sixteen. */
static void number_is_told_by_its_bits(struct kunit *test)
{
	u64 last = *(const u64 *)test->param_value, ids, back;

	for (ids = 1; ids <= IDS_MAX; ids *= 2) {
		u64 span = ids << 16;

		for (back = 0; back < span; back += back % 4096 < 8 ? 1 : 511) {
			u64 number = back < last ? last - back : 0;
			u64 key = (last - back) & (span - 1);

			KUNIT_ASSERT_EQ(test, icmpctl_number(last, span, key), number);
		}
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(number_is_told_by_its_bits, last_gen_params),
	{}
};

struct kunit_suite icmpctl_number_suite = {
	.name = "icmpctl_number",
	.test_cases = cases,
};
