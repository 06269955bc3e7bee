// SPDX-License-Identifier: GPL-2.0
/*
 * stats_kunit.c - tests of core/stats.c
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/prandom.h>

#include "../core/stats.h"
#include "suites.h"

#define RTT_LONGEST_NS	600000000000ULL
#define RTT_LIMIT_NS	(BIT_ULL(ICMPCTL_HIST_MAX_BITS) - 1)

static int stats_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct icmpctl_stats), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void stats_exit(struct kunit *test)
{
	if (test->priv)
		icmpctl_stats_free(test->priv);
}

static void stats_empty_has_no_figures(struct kunit *test)
{
	struct icmpctl_rtt_summary sum, zero = {};

	memset(&sum, 0xff, sizeof(sum));
	icmpctl_stats_summary(test->priv, &sum);
	KUNIT_EXPECT_EQ(test, memcmp(&sum, &zero, sizeof(sum)), 0);
	KUNIT_EXPECT_EQ(test, icmpctl_stats_outstanding(test->priv), 0ULL);
}

struct series {
	const char *name;
	u32 n;
	u64 rtt_ns[16];
	struct icmpctl_rtt_summary want;
};

/*
 * The percentiles are those of values below 128 ns, which are exact, or of values
 * that min or max clamps.
 */
static const struct series serieses[] = {
	{
		.name = "one", .n = 1,
		.rtt_ns = { 100 },
		.want = {
			.min_ns = 100,
			.mean_ns = 100,
			.max_ns = 100,
			.ewma_ns = 100,
			.p50_ns = 100,
			.p90_ns = 100,
			.p99_ns = 100,
			.p999_ns = 100,
		},
	},
	{
		.name = "one, zero", .n = 1,
		.rtt_ns = { 0 },
	},
	{
		.name = "one, the longest", .n = 1,
		.rtt_ns = { 600000000000 },
		.want = {
			.min_ns = 600000000000,
			.mean_ns = 600000000000,
			.max_ns = 600000000000,
			.ewma_ns = 600000000000,
			.p50_ns = 600000000000,
			.p90_ns = 600000000000,
			.p99_ns = 600000000000,
			.p999_ns = 600000000000,
		},
	},
	{
		.name = "two alike", .n = 2,
		.rtt_ns = { 77, 77 },
		.want = {
			.min_ns = 77,
			.mean_ns = 77,
			.max_ns = 77,
			.ewma_ns = 77,
			.p50_ns = 77,
			.p90_ns = 77,
			.p99_ns = 77,
			.p999_ns = 77,
		},
	},
	{
		.name = "two", .n = 2,
		.rtt_ns = { 10, 20 },
		.want = {
			.min_ns = 10,
			.mean_ns = 15,
			.max_ns = 20,
			.stddev_ns = 5,
			.ewma_ns = 11,
			.p50_ns = 10,
			.p90_ns = 20,
			.p99_ns = 20,
			.p999_ns = 20,
			.ipdv_mean_ns = 10,
			.ipdv_max_ns = 10,
		},
	},
	{
		.name = "two, mean between", .n = 2,
		.rtt_ns = { 10, 11 },
		.want = {
			.min_ns = 10,
			.mean_ns = 11,
			.max_ns = 11,
			.stddev_ns = 1,
			.ewma_ns = 10,
			.p50_ns = 10,
			.p90_ns = 11,
			.p99_ns = 11,
			.p999_ns = 11,
			.ipdv_mean_ns = 1,
			.ipdv_max_ns = 1,
		},
	},
	{
		.name = "three", .n = 3,
		.rtt_ns = { 1, 2, 4 },
		.want = {
			.min_ns = 1,
			.mean_ns = 2,
			.max_ns = 4,
			.stddev_ns = 1,
			.ewma_ns = 1,
			.p50_ns = 2,
			.p90_ns = 4,
			.p99_ns = 4,
			.p999_ns = 4,
			.ipdv_mean_ns = 1,
			.ipdv_max_ns = 2,
		},
	},
	{
		.name = "below half a nanosecond", .n = 3,
		.rtt_ns = { 50, 50, 51 },
		.want = {
			.min_ns = 50,
			.mean_ns = 50,
			.max_ns = 51,
			.ewma_ns = 50,
			.p50_ns = 50,
			.p90_ns = 51,
			.p99_ns = 51,
			.p999_ns = 51,
			.ipdv_max_ns = 1,
		},
	},
	{
		.name = "ten", .n = 10,
		.rtt_ns = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 },
		.want = {
			.min_ns = 1,
			.mean_ns = 6,
			.max_ns = 10,
			.stddev_ns = 3,
			.ewma_ns = 5,
			.p50_ns = 5,
			.p90_ns = 9,
			.p99_ns = 10,
			.p999_ns = 10,
			.ipdv_mean_ns = 1,
			.ipdv_max_ns = 1,
		},
	},
	{
		.name = "ten, downwards", .n = 10,
		.rtt_ns = { 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 },
		.want = {
			.min_ns = 1,
			.mean_ns = 6,
			.max_ns = 10,
			.stddev_ns = 3,
			.ewma_ns = 6,
			.p50_ns = 5,
			.p90_ns = 9,
			.p99_ns = 10,
			.p999_ns = 10,
			.ipdv_mean_ns = 1,
			.ipdv_max_ns = 1,
		},
	},
	{
		.name = "a peak", .n = 16,
		.rtt_ns = { 20, 20, 20, 20, 20, 20, 20, 20, 120, 20, 20, 20, 20, 20, 20, 20 },
		.want = {
			.min_ns = 20,
			.mean_ns = 26,
			.max_ns = 120,
			.stddev_ns = 24,
			.ewma_ns = 25,
			.p50_ns = 20,
			.p90_ns = 20,
			.p99_ns = 120,
			.p999_ns = 120,
			.jitter_ns = 8,
			.ipdv_mean_ns = 13,
			.ipdv_max_ns = 100,
		},
	},
	{
		.name = "the textbook's", .n = 8,
		.rtt_ns = { 2, 4, 4, 4, 5, 5, 7, 9 },
		.want = {
			.min_ns = 2,
			.mean_ns = 5,
			.max_ns = 9,
			.stddev_ns = 2,
			.ewma_ns = 4,
			.p50_ns = 4,
			.p90_ns = 9,
			.p99_ns = 9,
			.p999_ns = 9,
			.ipdv_mean_ns = 1,
			.ipdv_max_ns = 2,
		},
	},
	{
		.name = "alternating", .n = 16,
		.rtt_ns = { 10, 90, 10, 90, 10, 90, 10, 90, 10, 90, 10, 90, 10, 90, 10, 90 },
		.want = {
			.min_ns = 10,
			.mean_ns = 50,
			.max_ns = 90,
			.stddev_ns = 40,
			.ewma_ns = 48,
			.p50_ns = 10,
			.p90_ns = 90,
			.p99_ns = 90,
			.p999_ns = 90,
			.jitter_ns = 49,
			.ipdv_mean_ns = 80,
			.ipdv_max_ns = 80,
		},
	},
	{
		.name = "all alike", .n = 16,
		.rtt_ns = {
			111, 111, 111, 111, 111, 111, 111, 111, 111, 111, 111, 111,
			111, 111, 111, 111,
		},
		.want = {
			.min_ns = 111,
			.mean_ns = 111,
			.max_ns = 111,
			.ewma_ns = 111,
			.p50_ns = 111,
			.p90_ns = 111,
			.p99_ns = 111,
			.p999_ns = 111,
		},
	},
	{
		.name = "a step", .n = 16,
		.rtt_ns = { 16, 16, 16, 16, 16, 16, 16, 16, 96, 96, 96, 96, 96, 96, 96, 96 },
		.want = {
			.min_ns = 16,
			.mean_ns = 56,
			.max_ns = 96,
			.stddev_ns = 40,
			.ewma_ns = 68,
			.p50_ns = 16,
			.p90_ns = 96,
			.p99_ns = 96,
			.p999_ns = 96,
			.jitter_ns = 3,
			.ipdv_mean_ns = 5,
			.ipdv_max_ns = 80,
		},
	},
};

static void series_name(const struct series *series, char *desc)
{
	strscpy(desc, series->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(series, serieses, series_name);

static void stats_of_a_series(struct kunit *test)
{
	const struct series *series = test->param_value;
	const struct icmpctl_rtt_summary *want = &series->want;
	struct icmpctl_rtt_summary sum;
	u32 i;

	for (i = 0; i < series->n; i++)
		icmpctl_stats_rtt(test->priv, series->rtt_ns[i]);
	icmpctl_stats_summary(test->priv, &sum);
	KUNIT_EXPECT_EQ(test, sum.n, series->n);
	KUNIT_EXPECT_EQ(test, sum.min_ns, want->min_ns);
	KUNIT_EXPECT_EQ(test, sum.mean_ns, want->mean_ns);
	KUNIT_EXPECT_EQ(test, sum.max_ns, want->max_ns);
	KUNIT_EXPECT_EQ(test, sum.stddev_ns, want->stddev_ns);
	KUNIT_EXPECT_EQ(test, sum.ewma_ns, want->ewma_ns);
	KUNIT_EXPECT_EQ(test, sum.p50_ns, want->p50_ns);
	KUNIT_EXPECT_EQ(test, sum.p90_ns, want->p90_ns);
	KUNIT_EXPECT_EQ(test, sum.p99_ns, want->p99_ns);
	KUNIT_EXPECT_EQ(test, sum.p999_ns, want->p999_ns);
	KUNIT_EXPECT_EQ(test, sum.jitter_ns, want->jitter_ns);
	KUNIT_EXPECT_EQ(test, sum.ipdv_mean_ns, want->ipdv_mean_ns);
	KUNIT_EXPECT_EQ(test, sum.ipdv_max_ns, want->ipdv_max_ns);
}

struct pair {
	const char *name;
	u64 n;
	u64 low_ns;
	u64 high_ns;
};

static const struct pair pairs[] = {
	{ "two, all there is", 2, 0, RTT_LONGEST_NS },
	{ "10^9, all there is", 1000000000, 0, RTT_LONGEST_NS },
	{ "10^9, the longest only", 1000000000, RTT_LONGEST_NS, RTT_LONGEST_NS },
	{ "10^9, 2 ns at the longest", 1000000000, RTT_LONGEST_NS - 2, RTT_LONGEST_NS },
	{ "10^9, 10 ns at the longest", 1000000000, RTT_LONGEST_NS - 10, RTT_LONGEST_NS },
	{ "10^9, 1 us at 1 s", 1000000000, 1000000000, 1000001000 },
	{ "10^9, 10 us", 1000000000, 10000, 10002 },
	{ "10^9, zero", 1000000000, 0, 0 },
	{ "10^12, all there is", 1000000000000, 0, RTT_LIMIT_NS - 1 },
	{ "10^14, all there is", 100000000000000, 0, RTT_LIMIT_NS - 1 },
	{ "10^14, 2 ns at the limit", 100000000000000, RTT_LIMIT_NS - 2, RTT_LIMIT_NS },
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
static void stats_of_two_values(struct kunit *test)
{
	const struct pair *pair = test->param_value;
	u64 spread_ns = pair->high_ns - pair->low_ns;
	struct icmpctl_stats *stats = test->priv;
	struct icmpctl_rtt_summary sum;

	stats->rtt_n = pair->n;
	stats->rtt_min_ns = pair->low_ns;
	stats->rtt_max_ns = pair->high_ns;
	stats->rtt_sum = wide(product(pair->low_ns + pair->high_ns, pair->n / 2));
	stats->rtt_sq = wide((product(pair->low_ns, pair->low_ns) +
			      product(pair->high_ns, pair->high_ns)) * (pair->n / 2));
	stats->ipdv_sum = wide(product(spread_ns, pair->n - 1));
	icmpctl_stats_summary(stats, &sum);
	KUNIT_EXPECT_EQ(test, sum.mean_ns, pair->low_ns + spread_ns / 2);
	KUNIT_EXPECT_EQ(test, sum.stddev_ns, spread_ns / 2);
	KUNIT_EXPECT_EQ(test, sum.ipdv_mean_ns, spread_ns);
	KUNIT_EXPECT_EQ(test, sum.p50_ns, 0ULL);
}

/* The sums that were set above are the ones that come of feeding. */
static void stats_sums_are_what_was_fed_in(struct kunit *test)
{
	struct icmpctl_stats *stats = test->priv;
	struct rnd_state rnd;
	u64 last_ns = 0;
	u32 i;
	unsigned __int128 sum = 0, squares = 0, differences = 0;

	prandom_seed_state(&rnd, 3);
	for (i = 0; i < 100000; i++) {
		u64 rtt_ns = (u64)prandom_u32_state(&rnd) << (prandom_u32_state(&rnd) % 9);

		sum += rtt_ns;
		squares += product(rtt_ns, rtt_ns);
		if (i)
			differences += max(rtt_ns, last_ns) - min(rtt_ns, last_ns);
		last_ns = rtt_ns;
		icmpctl_stats_rtt(stats, rtt_ns);
	}
	KUNIT_EXPECT_EQ(test, stats->rtt_sum.lo, (u64)sum);
	KUNIT_EXPECT_EQ(test, stats->rtt_sum.hi, (u64)(sum >> 64));
	KUNIT_EXPECT_EQ(test, stats->rtt_sq.lo, (u64)squares);
	KUNIT_EXPECT_EQ(test, stats->rtt_sq.hi, (u64)(squares >> 64));
	KUNIT_EXPECT_EQ(test, stats->ipdv_sum.lo, (u64)differences);
	KUNIT_EXPECT_EQ(test, stats->ipdv_sum.hi, (u64)(differences >> 64));
}

struct spread {
	const char *name;
	u32 n;
	u64 base_ns;
	u32 spread_ns;
};

static const struct spread spreads[] = {
	{ "1 ns at 10 us", 1000, 10000, 2 },
	{ "3 ns at 600 s", 1000, RTT_LONGEST_NS, 4 },
	{ "15 ns at 100 ms", 999, 100000000, 16 },
	{ "1 us at 1 ms", 1000, 1000000, 1000 },
	{ "1 ms at 20 ms", 1000, 20000000, 1000000 },
	{ "4 s at 0", 1000, 0, U32_MAX },
	{ "4 s at 600 s", 1000, RTT_LONGEST_NS, U32_MAX },
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
static void stats_deviation_is_within_a_nanosecond(struct kunit *test)
{
	const struct spread *spread = test->param_value;
	struct icmpctl_rtt_summary sum;
	u32 n = spread->n, round, i;
	struct rnd_state rnd;
	u64 total_ns, low;
	u64 *rtt_ns;
	unsigned __int128 variance, cube;

	rtt_ns = kunit_kcalloc(test, n, sizeof(*rtt_ns), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, rtt_ns);
	prandom_seed_state(&rnd, n + spread->spread_ns);
	cube = (unsigned __int128)n * n * n;
	for (round = 0; round < 20; round++) {
		total_ns = 0;
		for (i = 0; i < n; i++) {
			rtt_ns[i] = spread->base_ns +
				    prandom_u32_state(&rnd) % spread->spread_ns;
			total_ns += rtt_ns[i];
			icmpctl_stats_rtt(test->priv, rtt_ns[i]);
		}
		variance = 0;
		for (i = 0; i < n; i++) {
			s64 distance = n * rtt_ns[i] - total_ns;

			variance += (unsigned __int128)((__int128)distance * distance);
		}
		icmpctl_stats_summary(test->priv, &sum);
		low = sum.stddev_ns ? sum.stddev_ns - 1 : 0;
		KUNIT_ASSERT_TRUE(test, cube * low * low <= variance);
		KUNIT_ASSERT_TRUE(test, cube * (sum.stddev_ns + 1) * (sum.stddev_ns + 1) >=
					variance);
		KUNIT_ASSERT_LE(test, total_ns > n * sum.mean_ns ?
				      total_ns - n * sum.mean_ns : n * sum.mean_ns - total_ns,
				(u64)n / 2);
		icmpctl_stats_free(test->priv);
	}
}

static void stats_figures_are_in_order(struct kunit *test)
{
	struct icmpctl_rtt_summary sum;
	struct rnd_state rnd;
	u32 round, n;

	prandom_seed_state(&rnd, 99);
	for (round = 0; round < 500; round++) {
		n = 1 + prandom_u32_state(&rnd) % 50;
		while (n--)
			icmpctl_stats_rtt(test->priv, prandom_u32_state(&rnd) >>
						      (prandom_u32_state(&rnd) % 32));
		icmpctl_stats_summary(test->priv, &sum);
		KUNIT_ASSERT_LE(test, sum.min_ns, sum.p50_ns);
		KUNIT_ASSERT_LE(test, sum.p50_ns, sum.p90_ns);
		KUNIT_ASSERT_LE(test, sum.p90_ns, sum.p99_ns);
		KUNIT_ASSERT_LE(test, sum.p99_ns, sum.p999_ns);
		KUNIT_ASSERT_LE(test, sum.p999_ns, sum.max_ns);
		KUNIT_ASSERT_LE(test, sum.min_ns, sum.mean_ns);
		KUNIT_ASSERT_LE(test, sum.mean_ns, sum.max_ns);
		KUNIT_ASSERT_LE(test, sum.stddev_ns, (sum.max_ns - sum.min_ns + 1) / 2);
		KUNIT_ASSERT_LE(test, sum.ipdv_mean_ns, sum.ipdv_max_ns);
		KUNIT_ASSERT_LE(test, sum.ipdv_max_ns, sum.max_ns - sum.min_ns);
		KUNIT_ASSERT_LE(test, sum.jitter_ns, sum.ipdv_max_ns);
		icmpctl_stats_free(test->priv);
	}
}

/* The estimator of RFC 3550 A.8, with its rounding */
static void stats_jitter_is_that_of_the_rfc(struct kunit *test)
{
	struct icmpctl_stats *stats = test->priv;
	u32 rtt_ns, last_ns = 0, jitter = 0;
	struct rnd_state rnd;
	u32 i;

	prandom_seed_state(&rnd, 5);
	for (i = 0; i < 10000; i++) {
		rtt_ns = 1000000 + prandom_u32_state(&rnd) % 1000;
		if (i)
			jitter += abs((int)(rtt_ns - last_ns)) - ((jitter + 8) >> 4);
		last_ns = rtt_ns;
		icmpctl_stats_rtt(stats, rtt_ns);
		KUNIT_ASSERT_EQ(test, stats->jitter_x16, jitter);
	}
}

/* A constant difference: the jitter comes to it, from below, and stays. */
static void stats_jitter_comes_to_the_difference(struct kunit *test)
{
	struct icmpctl_rtt_summary sum;
	u64 last = 0;
	u32 i;

	for (i = 0; i < 1000; i++) {
		icmpctl_stats_rtt(test->priv, 1000000 + i % 2 * 50000);
		icmpctl_stats_summary(test->priv, &sum);
		KUNIT_ASSERT_GE(test, sum.jitter_ns, last);
		last = sum.jitter_ns;
	}
	KUNIT_EXPECT_GE(test, last, 49999ULL);
	KUNIT_EXPECT_LE(test, last, 50000ULL);
}

static void stats_average_comes_to_a_new_level(struct kunit *test)
{
	struct icmpctl_rtt_summary sum;
	u32 i;

	icmpctl_stats_rtt(test->priv, 8000);
	icmpctl_stats_summary(test->priv, &sum);
	KUNIT_EXPECT_EQ(test, sum.ewma_ns, 8000ULL);
	icmpctl_stats_rtt(test->priv, 16000);
	icmpctl_stats_summary(test->priv, &sum);
	KUNIT_EXPECT_EQ(test, sum.ewma_ns, 9000ULL);
	for (i = 0; i < 200; i++)
		icmpctl_stats_rtt(test->priv, 16000);
	icmpctl_stats_summary(test->priv, &sum);
	KUNIT_EXPECT_EQ(test, sum.ewma_ns, 16000ULL);
}

static void stats_one_rtt_of_zero_counts(struct kunit *test)
{
	struct icmpctl_rtt_summary sum;

	icmpctl_stats_rtt(test->priv, 0);
	icmpctl_stats_rtt(test->priv, 80);
	icmpctl_stats_summary(test->priv, &sum);
	KUNIT_EXPECT_EQ(test, sum.n, 2ULL);
	KUNIT_EXPECT_EQ(test, sum.min_ns, 0ULL);
	KUNIT_EXPECT_EQ(test, sum.ewma_ns, 10ULL);
}

/* An RTT that cannot be, as of a clock gone wrong: bounded, and nothing overflows. */
static void stats_absurd_rtt_is_bounded(struct kunit *test)
{
	struct icmpctl_rtt_summary sum;
	u32 i;

	for (i = 0; i < 1000; i++)
		icmpctl_stats_rtt(test->priv, U64_MAX - i);
	icmpctl_stats_summary(test->priv, &sum);
	KUNIT_EXPECT_EQ(test, sum.min_ns, RTT_LIMIT_NS);
	KUNIT_EXPECT_EQ(test, sum.mean_ns, RTT_LIMIT_NS);
	KUNIT_EXPECT_EQ(test, sum.max_ns, RTT_LIMIT_NS);
	KUNIT_EXPECT_EQ(test, sum.p50_ns, RTT_LIMIT_NS);
	KUNIT_EXPECT_EQ(test, sum.stddev_ns, 0ULL);
	KUNIT_EXPECT_EQ(test, sum.ewma_ns, RTT_LIMIT_NS);
	KUNIT_EXPECT_EQ(test, sum.jitter_ns, 0ULL);
}

static void stats_longest_rtt_is_not_bounded(struct kunit *test)
{
	struct icmpctl_rtt_summary sum;

	icmpctl_stats_rtt(test->priv, RTT_LONGEST_NS);
	icmpctl_stats_summary(test->priv, &sum);
	KUNIT_EXPECT_EQ(test, sum.max_ns, RTT_LONGEST_NS);
}

static void stats_lateness_adds_up(struct kunit *test)
{
	struct icmpctl_stats *stats = test->priv;

	icmpctl_stats_late(stats, 5);
	icmpctl_stats_late(stats, 0);
	icmpctl_stats_late(stats, 7);
	icmpctl_stats_late(stats, 6);
	KUNIT_EXPECT_EQ(test, stats->late_n, 4ULL);
	KUNIT_EXPECT_EQ(test, stats->late_sum_ns, 18ULL);
	KUNIT_EXPECT_EQ(test, stats->late_max_ns, 7ULL);
	icmpctl_stats_late(stats, U64_MAX - 18);
	icmpctl_stats_late(stats, U64_MAX);
	KUNIT_EXPECT_EQ(test, stats->late_sum_ns, U64_MAX);
	KUNIT_EXPECT_EQ(test, stats->late_max_ns, U64_MAX);
}

struct balance {
	u64 sent;
	u64 received;
	u64 errors;
	u64 lost;
	u64 outstanding;
};

static const struct balance balances[] = {
	{ 0, 0, 0, 0, 0 },
	{ 1, 0, 0, 0, 1 },
	{ 10, 3, 2, 1, 4 },
	{ 10, 5, 3, 2, 0 },
	{ 10, 11, 0, 0, 0 },
	{ 0, 1, 0, 0, 0 },
	{ U64_MAX, 1, 1, 1, U64_MAX - 3 },
};

static void balance_name(const struct balance *balance, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%llu - %llu - %llu - %llu", balance->sent,
		 balance->received, balance->errors, balance->lost);
}

KUNIT_ARRAY_PARAM(balance, balances, balance_name);

static void stats_outstanding_is_the_rest(struct kunit *test)
{
	const struct balance *balance = test->param_value;
	struct icmpctl_stats *stats = test->priv;
	u32 i;

	/* What else is counted has no say in it. */
	for (i = 0; i < ICMPCTL_COUNT_MAX; i++)
		stats->count[i] = 1000 + i;
	stats->count[ICMPCTL_COUNT_SENT] = balance->sent;
	stats->count[ICMPCTL_COUNT_RECEIVED] = balance->received;
	stats->count[ICMPCTL_COUNT_ERRORS] = balance->errors;
	stats->count[ICMPCTL_COUNT_LOST] = balance->lost;
	KUNIT_EXPECT_EQ(test, icmpctl_stats_outstanding(stats), balance->outstanding);
}

static void stats_free_leaves_nothing(struct kunit *test)
{
	struct icmpctl_stats *stats = test->priv, zero = {};
	u32 i;

	for (i = 0; i < 64; i++)
		icmpctl_stats_rtt(stats, BIT_ULL(i));
	icmpctl_stats_late(stats, 1);
	stats->count[ICMPCTL_COUNT_SENT] = 1;
	icmpctl_stats_free(stats);
	KUNIT_EXPECT_EQ(test, memcmp(stats, &zero, sizeof(zero)), 0);
}

static struct kunit_case stats_cases[] = {
	KUNIT_CASE(stats_empty_has_no_figures),
	KUNIT_CASE_PARAM(stats_of_a_series, series_gen_params),
	KUNIT_CASE_PARAM(stats_of_two_values, pair_gen_params),
	KUNIT_CASE(stats_sums_are_what_was_fed_in),
	KUNIT_CASE_PARAM(stats_deviation_is_within_a_nanosecond, spread_gen_params),
	KUNIT_CASE(stats_figures_are_in_order),
	KUNIT_CASE(stats_jitter_is_that_of_the_rfc),
	KUNIT_CASE(stats_jitter_comes_to_the_difference),
	KUNIT_CASE(stats_average_comes_to_a_new_level),
	KUNIT_CASE(stats_one_rtt_of_zero_counts),
	KUNIT_CASE(stats_absurd_rtt_is_bounded),
	KUNIT_CASE(stats_longest_rtt_is_not_bounded),
	KUNIT_CASE(stats_lateness_adds_up),
	KUNIT_CASE_PARAM(stats_outstanding_is_the_rest, balance_gen_params),
	KUNIT_CASE(stats_free_leaves_nothing),
	{}
};

struct kunit_suite icmpctl_stats_suite = {
	.name = "icmpctl_stats",
	.init = stats_init,
	.exit = stats_exit,
	.test_cases = stats_cases,
};
