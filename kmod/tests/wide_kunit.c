// SPDX-License-Identifier: GPL-2.0
/*
 * wide_kunit.c - tests of core/wide.c
 */
#include <linux/bits.h>
#include <linux/limits.h>
#include <linux/math64.h>

#include "../core/wide.h"
#include "suites.h"

static const u64 words[] = {
	0, 1, 2, 3, 7, 63, 64, 1000, U32_MAX - 1, U32_MAX, 1ULL << 32, 0x123456789abcdefULL,
	BIT_ULL(62), BIT_ULL(63) - 1, BIT_ULL(63), U64_MAX - 1, U64_MAX,
};

static void expect(struct kunit *test, struct icmpctl_wide x, u64 hi, u64 lo)
{
	KUNIT_EXPECT_EQ(test, x.hi, hi);
	KUNIT_EXPECT_EQ(test, x.lo, lo);
}

static void products(struct kunit *test)
{
	expect(test, icmpctl_wide_mul(0, U64_MAX), 0, 0);
	expect(test, icmpctl_wide_mul(1, U64_MAX), 0, U64_MAX);
	expect(test, icmpctl_wide_mul(U64_MAX, U64_MAX), U64_MAX - 1, 1);
	expect(test, icmpctl_wide_mul(1ULL << 32, 1ULL << 32), 1, 0);
	expect(test, icmpctl_wide_mul(U32_MAX, U32_MAX), 0, 0xfffffffe00000001ULL);
}

/* x = quotient * by + rest, and the rest is less than what was divided by. */
static void check_quotient(struct kunit *test, struct icmpctl_wide x, u64 by)
{
	u64 rest;
	struct icmpctl_wide quotient = icmpctl_wide_div(x, by, &rest);
	struct icmpctl_wide back = icmpctl_wide_mul(quotient.lo, by);

	KUNIT_EXPECT_LT(test, rest, by);
	/* It fits, since the quotient was rounded down. */
	KUNIT_EXPECT_TRUE(test, !quotient.hi || quotient.hi <= div64_u64(U64_MAX, by));
	back.hi += quotient.hi * by;
	icmpctl_wide_add_u64(&back, rest);
	expect(test, back, x.hi, x.lo);
}

static void quotients(struct kunit *test)
{
	u32 hi, lo, by;

	for (hi = 0; hi < ARRAY_SIZE(words); hi++)
		for (lo = 0; lo < ARRAY_SIZE(words); lo++)
			for (by = 0; by < ARRAY_SIZE(words); by++)
				if (words[by] && words[by] <= BIT_ULL(63))
					check_quotient(test, (struct icmpctl_wide) {
						.hi = words[hi],
						.lo = words[lo],
					}, words[by]);
}

static bool less_or_equal(struct icmpctl_wide a, struct icmpctl_wide b)
{
	return a.hi < b.hi || (a.hi == b.hi && a.lo <= b.lo);
}

/* root^2 <= x < (root + 1)^2 */
static void roots(struct kunit *test)
{
	u32 hi, lo;

	for (hi = 0; hi < ARRAY_SIZE(words); hi++) {
		for (lo = 0; lo < ARRAY_SIZE(words); lo++) {
			struct icmpctl_wide x = { .hi = words[hi], .lo = words[lo] };
			u64 root = icmpctl_wide_sqrt(x);

			KUNIT_EXPECT_TRUE(test, less_or_equal(icmpctl_wide_mul(root, root), x));
			if (root < U64_MAX)
				KUNIT_EXPECT_FALSE(test, less_or_equal(icmpctl_wide_mul(root + 1,
											root + 1),
								       x));
		}
	}
	KUNIT_EXPECT_EQ(test, icmpctl_wide_sqrt((struct icmpctl_wide) { .lo = 99 }), 9);
	KUNIT_EXPECT_EQ(test, icmpctl_wide_sqrt((struct icmpctl_wide) { .hi = 1 }), 1ULL << 32);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(products),
	KUNIT_CASE(quotients),
	KUNIT_CASE(roots),
	{}
};

struct kunit_suite icmpctl_wide_suite = {
	.name = "icmpctl-wide",
	.test_cases = cases,
};
