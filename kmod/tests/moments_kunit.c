// SPDX-License-Identifier: GPL-2.0
/*
 * moments_kunit.c - tests of core/moments.c and of core/wide.c below it
 */
#include <linux/limits.h>
#include <linux/prandom.h>

#include "../core/moments.h"
#include "suites.h"

#define LONGEST_NS	600000000000ULL
#define LIMIT_NS	ICMPCTL_MOMENTS_MAX_NS

struct pair {
	const char *name;
	u64 n;
	u64 low_ns;
	u64 high_ns;
};

static const struct pair pairs[] = {
	{ "two, all there is", 2, 0, LONGEST_NS },
	{ "10^9, all there is", 1000000000, 0, LONGEST_NS },
	{ "10^9, the longest only", 1000000000, LONGEST_NS, LONGEST_NS },
	{ "10^9, 2 ns at the longest", 1000000000, LONGEST_NS - 2, LONGEST_NS },
	{ "10^9, 10 ns at the longest", 1000000000, LONGEST_NS - 10, LONGEST_NS },
	{ "10^9, 1 us at 1 s", 1000000000, 1000000000, 1000001000 },
	{ "10^9, 10 us", 1000000000, 10000, 10002 },
	{ "10^9, zero", 1000000000, 0, 0 },
	{ "10^12, all there is", 1000000000000, 0, LIMIT_NS - 1 },
	{ "10^14, all there is", 100000000000000, 0, LIMIT_NS - 1 },
	{ "10^14, 2 ns at the limit", 100000000000000, LIMIT_NS - 2, LIMIT_NS },
};

static void pair_name(const struct pair *pair, char *desc)
{
	strscpy(desc, pair->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(pair, pairs, pair_name);

static unsigned __int128 product(u64 a, u64 b)
{
	return (unsigned __int128)a * b;
}

static struct icmpctl_wide wide(unsigned __int128 x)
{
	return (struct icmpctl_wide) { .hi = x >> 64, .lo = x };
}

/* Two values, each n/2 times: too many to be fed in, so the sums are set. */
static void set(struct icmpctl_moments *moments, const struct pair *pair)
{
	*moments = (struct icmpctl_moments) {
		.n = pair->n,
		.min_ns = pair->low_ns,
		.max_ns = pair->high_ns,
		.sum = wide(product(pair->low_ns + pair->high_ns, pair->n / 2)),
		.squares = wide((product(pair->low_ns, pair->low_ns) +
				 product(pair->high_ns, pair->high_ns)) * (pair->n / 2)),
	};
}

static void moments_of_two_values(struct kunit *test)
{
	const struct pair *pair = test->param_value;
	u64 spread_ns = pair->high_ns - pair->low_ns;
	struct icmpctl_moments moments;

	set(&moments, pair);
	KUNIT_EXPECT_EQ(test, icmpctl_moments_mean_ns(&moments), pair->low_ns + spread_ns / 2);
	KUNIT_EXPECT_EQ(test, icmpctl_moments_stddev_ns(&moments), spread_ns / 2);
}

/* As many again: neither mean nor deviation changes. */
static void moments_merged_are_of_both(struct kunit *test)
{
	const struct pair *pair = test->param_value;
	u64 spread_ns = pair->high_ns - pair->low_ns;
	struct icmpctl_moments all = {}, part;

	set(&part, pair);
	icmpctl_moments_merge(&all, &part);
	KUNIT_EXPECT_EQ(test, memcmp(&all, &part, sizeof(all)), 0);
	icmpctl_moments_merge(&all, &part);
	KUNIT_EXPECT_EQ(test, all.n, 2 * pair->n);
	KUNIT_EXPECT_EQ(test, all.min_ns, pair->low_ns);
	KUNIT_EXPECT_EQ(test, all.max_ns, pair->high_ns);
	KUNIT_EXPECT_EQ(test, icmpctl_moments_mean_ns(&all), pair->low_ns + spread_ns / 2);
	KUNIT_EXPECT_EQ(test, icmpctl_moments_stddev_ns(&all), spread_ns / 2);
}

static void moments_of_nothing(struct kunit *test)
{
	struct icmpctl_moments all = {}, one = {}, none = {};

	KUNIT_EXPECT_EQ(test, icmpctl_moments_mean_ns(&none), 0ULL);
	KUNIT_EXPECT_EQ(test, icmpctl_moments_stddev_ns(&none), 0ULL);
	icmpctl_moments_add(&one, 7);
	all = one;
	icmpctl_moments_merge(&all, &none);
	KUNIT_EXPECT_EQ(test, memcmp(&all, &one, sizeof(all)), 0);
	icmpctl_moments_merge(&none, &one);
	KUNIT_EXPECT_EQ(test, memcmp(&none, &one, sizeof(one)), 0);
}

/* The sums that were set above are the ones that come of feeding, in parts or not. */
static void moments_sums_are_what_was_fed_in(struct kunit *test)
{
	struct icmpctl_moments whole = {}, even = {}, odd = {};
	unsigned __int128 sum = 0, squares = 0;
	struct rnd_state rnd;
	u32 i;

	prandom_seed_state(&rnd, 3);
	for (i = 0; i < 100000; i++) {
		u64 value_ns = (u64)prandom_u32_state(&rnd) << (prandom_u32_state(&rnd) % 9);

		sum += value_ns;
		squares += product(value_ns, value_ns);
		icmpctl_moments_add(&whole, value_ns);
		icmpctl_moments_add(i & 1 ? &odd : &even, value_ns);
	}
	KUNIT_EXPECT_EQ(test, whole.sum.lo, (u64)sum);
	KUNIT_EXPECT_EQ(test, whole.sum.hi, (u64)(sum >> 64));
	KUNIT_EXPECT_EQ(test, whole.squares.lo, (u64)squares);
	KUNIT_EXPECT_EQ(test, whole.squares.hi, (u64)(squares >> 64));
	icmpctl_moments_merge(&even, &odd);
	KUNIT_EXPECT_EQ(test, memcmp(&whole, &even, sizeof(whole)), 0);
}

struct spread {
	const char *name;
	u32 n;
	u64 base_ns;
	u32 spread_ns;
};

static const struct spread spreads[] = {
	{ "1 ns at 10 us", 1000, 10000, 2 },
	{ "3 ns at 600 s", 1000, LONGEST_NS, 4 },
	{ "15 ns at 100 ms", 999, 100000000, 16 },
	{ "1 us at 1 ms", 1000, 1000000, 1000 },
	{ "1 ms at 20 ms", 1000, 20000000, 1000000 },
	{ "4 s at 0", 1000, 0, U32_MAX },
	{ "4 s at 600 s", 1000, LONGEST_NS, U32_MAX },
	{ "two samples", 2, 5000, 5000 },
	{ "three samples", 3, 1, 7 },
	{ "seven samples", 7, 1000000007, 1000003 },
};

static void spread_name(const struct spread *spread, char *desc)
{
	strscpy(desc, spread->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(spread, spreads, spread_name);

/*
 * With the sum S, the squares of n * rtt - S make n^3 times the variance; so the
 * deviation is held against it without a division or a root.
 */
static void moments_deviation_is_within_a_nanosecond(struct kunit *test)
{
	const struct spread *spread = test->param_value;
	struct icmpctl_moments moments;
	u32 n = spread->n, round, i;
	struct rnd_state rnd;
	u64 total_ns, mean_ns, stddev_ns, low;
	u64 *rtt_ns;
	unsigned __int128 variance, cube;

	rtt_ns = kunit_kcalloc(test, n, sizeof(*rtt_ns), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, rtt_ns);
	prandom_seed_state(&rnd, n + spread->spread_ns);
	cube = (unsigned __int128)n * n * n;
	for (round = 0; round < 20; round++) {
		moments = (struct icmpctl_moments) {};
		total_ns = 0;
		for (i = 0; i < n; i++) {
			rtt_ns[i] = spread->base_ns +
				    prandom_u32_state(&rnd) % spread->spread_ns;
			total_ns += rtt_ns[i];
			icmpctl_moments_add(&moments, rtt_ns[i]);
		}
		variance = 0;
		for (i = 0; i < n; i++) {
			s64 distance = n * rtt_ns[i] - total_ns;

			variance += (unsigned __int128)((__int128)distance * distance);
		}
		mean_ns = icmpctl_moments_mean_ns(&moments);
		stddev_ns = icmpctl_moments_stddev_ns(&moments);
		low = stddev_ns ? stddev_ns - 1 : 0;
		KUNIT_ASSERT_TRUE(test, cube * low * low <= variance);
		KUNIT_ASSERT_TRUE(test, cube * (stddev_ns + 1) * (stddev_ns + 1) >= variance);
		KUNIT_ASSERT_LE(test, total_ns > n * mean_ns ? total_ns - n * mean_ns :
							       n * mean_ns - total_ns,
				(u64)n / 2);
	}
}

static struct kunit_case moments_cases[] = {
	KUNIT_CASE(moments_of_nothing),
	KUNIT_CASE_PARAM(moments_of_two_values, pair_gen_params),
	KUNIT_CASE_PARAM(moments_merged_are_of_both, pair_gen_params),
	KUNIT_CASE(moments_sums_are_what_was_fed_in),
	KUNIT_CASE_PARAM(moments_deviation_is_within_a_nanosecond, spread_gen_params),
	{}
};

struct kunit_suite icmpctl_moments_suite = {
	.name = "icmpctl_moments",
	.test_cases = moments_cases,
};
