// SPDX-License-Identifier: GPL-2.0
/*
 * spread_kunit.c - many schedules of one interval, spread over it
 */
#include <kunit/test.h>
#include <linux/sort.h>

#include "../core/spread.h"
#include "suites.h"

#define SECOND	1000000000ULL
#define MANY	1000

static void spread_is_within_one_interval(struct kunit *test)
{
	static const u64 intervals[] = { 1, 2, 10000, SECOND, 86400 * SECOND };
	u64 earliest_ns = 123456789012345ULL, first_ns;
	u32 i, n;

	for (i = 0; i < ARRAY_SIZE(intervals); i++) {
		for (n = 0; n < MANY; n++) {
			first_ns = icmpctl_spread_first_ns(n, intervals[i], earliest_ns + n);
			KUNIT_EXPECT_GE(test, first_ns, earliest_ns + n);
			KUNIT_EXPECT_LT(test, first_ns, earliest_ns + n + intervals[i]);
		}
	}
}

static void spread_hangs_on_the_number_alone(struct kunit *test)
{
	u64 a = icmpctl_spread_first_ns(7, SECOND, 5 * SECOND);
	u64 b = icmpctl_spread_first_ns(7, SECOND, 1234567890123ULL);

	KUNIT_EXPECT_EQ(test, a % SECOND, b % SECOND);
	KUNIT_EXPECT_EQ(test, a, icmpctl_spread_first_ns(7, SECOND, a));
	KUNIT_EXPECT_EQ(test, a + SECOND, icmpctl_spread_first_ns(7, SECOND, a + 1));
}

static int by_size(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Wherever the numbers begin, no two stand much nearer or farther than they must. */
static void spread_is_even(struct kunit *test)
{
	static const u32 from[] = { 0, 1, 999999, U32_MAX - MANY / 2 };
	u64 *at = kunit_kcalloc(test, MANY, sizeof(*at), GFP_KERNEL);
	u64 gap, least, most;
	u32 i, n;

	KUNIT_ASSERT_NOT_NULL(test, at);
	for (i = 0; i < ARRAY_SIZE(from); i++) {
		for (n = 0; n < MANY; n++)
			at[n] = icmpctl_spread_first_ns(from[i] + n, SECOND, SECOND) % SECOND;
		sort(at, MANY, sizeof(*at), by_size, NULL);
		least = at[0] + SECOND - at[MANY - 1];
		most = least;
		for (n = 1; n < MANY; n++) {
			gap = at[n] - at[n - 1];
			least = min(least, gap);
			most = max(most, gap);
		}
		KUNIT_EXPECT_GT(test, least, SECOND / MANY / 3);
		KUNIT_EXPECT_LT(test, most, 3 * SECOND / MANY);
	}
}

static struct kunit_case spread_cases[] = {
	KUNIT_CASE(spread_is_within_one_interval),
	KUNIT_CASE(spread_hangs_on_the_number_alone),
	KUNIT_CASE(spread_is_even),
	{}
};

struct kunit_suite icmpctl_spread_suite = {
	.name = "icmpctl_spread",
	.test_cases = spread_cases,
};
