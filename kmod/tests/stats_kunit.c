// SPDX-License-Identifier: GPL-2.0
/*
 * stats_kunit.c - tests of core/stats.c: the figures
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
	struct icmpctl_stats *stats = kunit_kzalloc(test, sizeof(*stats), GFP_KERNEL);

	if (!stats)
		return -ENOMEM;
	test->priv = stats;
	stats->minute = kunit_kzalloc(test, sizeof(*stats->minute), GFP_KERNEL);
	return stats->minute ? 0 : -ENOMEM;
}

static void stats_exit(struct kunit *test)
{
	if (test->priv)
		icmpctl_stats_free(test->priv);
}

/* The answer to the next probe, in order: a pair with the one before. */
static void answer(struct icmpctl_stats *stats, u64 rtt_ns)
{
	if (stats->rtt.n)
		icmpctl_stats_ipdv(stats, stats->rtt_last_ns, rtt_ns);
	icmpctl_stats_rtt(stats, rtt_ns, 0);
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
			.ipdv_abs_max_ns = 10,
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
			.ipdv_abs_max_ns = 1,
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
			.ipdv_abs_max_ns = 2,
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
			.ipdv_abs_max_ns = 1,
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
			.ipdv_abs_max_ns = 1,
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
			.ipdv_abs_max_ns = 1,
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
			.ipdv_abs_max_ns = 100,
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
			.ipdv_abs_max_ns = 2,
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
			.ipdv_abs_max_ns = 80,
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
			.ipdv_abs_max_ns = 80,
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
		answer(test->priv, series->rtt_ns[i]);
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
	KUNIT_EXPECT_EQ(test, sum.ipdv_abs_max_ns, want->ipdv_abs_max_ns);
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
			answer(test->priv, prandom_u32_state(&rnd) >>
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
		KUNIT_ASSERT_LE(test, sum.ipdv_mean_ns, sum.ipdv_abs_max_ns);
		KUNIT_ASSERT_LE(test, sum.ipdv_abs_max_ns, sum.max_ns - sum.min_ns);
		KUNIT_ASSERT_LE(test, sum.jitter_ns, sum.ipdv_abs_max_ns);
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
		answer(stats, rtt_ns);
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
		answer(test->priv, 1000000 + i % 2 * 50000);
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

	answer(test->priv, 8000);
	icmpctl_stats_summary(test->priv, &sum);
	KUNIT_EXPECT_EQ(test, sum.ewma_ns, 8000ULL);
	answer(test->priv, 16000);
	icmpctl_stats_summary(test->priv, &sum);
	KUNIT_EXPECT_EQ(test, sum.ewma_ns, 9000ULL);
	for (i = 0; i < 200; i++)
		answer(test->priv, 16000);
	icmpctl_stats_summary(test->priv, &sum);
	KUNIT_EXPECT_EQ(test, sum.ewma_ns, 16000ULL);
}

static void stats_one_rtt_of_zero_counts(struct kunit *test)
{
	struct icmpctl_rtt_summary sum;

	answer(test->priv, 0);
	answer(test->priv, 80);
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
		answer(test->priv, U64_MAX - i);
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

	answer(test->priv, RTT_LONGEST_NS);
	icmpctl_stats_summary(test->priv, &sum);
	KUNIT_EXPECT_EQ(test, sum.max_ns, RTT_LONGEST_NS);
}

struct variation {
	const char *name;
	u32 n;
	u64 rtt_ns[4][2];	/* of the earlier probe, of the later */
	u64 mean_ns;
	u64 abs_max_ns;
	s64 min_ns;
	s64 max_ns;
};

static const struct variation variations[] = {
	{ "no pair", 0 },
	{ "alike", 1, { { 5, 5 } } },
	{ "up", 1, { { 5, 8 } }, 3, 3, 3, 3 },
	{ "down", 1, { { 8, 5 } }, 3, 3, -3, -3 },
	{ "up and down", 2, { { 5, 8 }, { 8, 1 } }, 5, 7, -7, 3 },
	{ "down and up, the second pair first", 2, { { 1, 8 }, { 4, 1 } }, 5, 7, -3, 7 },
	{ "up only", 3, { { 1, 2 }, { 2, 4 }, { 4, 8 } }, 2, 4, 1, 4 },
	{ "all there is, up", 1, { { 0, RTT_LIMIT_NS } },
	  RTT_LIMIT_NS, RTT_LIMIT_NS, RTT_LIMIT_NS, RTT_LIMIT_NS },
	{ "all there is, down", 1, { { RTT_LIMIT_NS, 0 } },
	  RTT_LIMIT_NS, RTT_LIMIT_NS, -(s64)RTT_LIMIT_NS, -(s64)RTT_LIMIT_NS },
	{ "more than there is", 4,
	  { { 0, U64_MAX }, { U64_MAX, 0 }, { U64_MAX, 1ULL << 63 }, { 1ULL << 63, U64_MAX } },
	  RTT_LIMIT_NS / 2, RTT_LIMIT_NS, -(s64)RTT_LIMIT_NS, RTT_LIMIT_NS },
};

static void variation_name(const struct variation *variation, char *desc)
{
	strscpy(desc, variation->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(variation, variations, variation_name);

static void stats_of_delay_variation(struct kunit *test)
{
	const struct variation *variation = test->param_value;
	struct icmpctl_rtt_summary sum;
	u32 i;

	icmpctl_stats_rtt(test->priv, 5, 0);
	for (i = 0; i < variation->n; i++)
		icmpctl_stats_ipdv(test->priv, variation->rtt_ns[i][0], variation->rtt_ns[i][1]);
	icmpctl_stats_summary(test->priv, &sum);
	KUNIT_EXPECT_EQ(test, sum.ipdv_n, variation->n);
	KUNIT_EXPECT_EQ(test, sum.ipdv_mean_ns, variation->mean_ns);
	KUNIT_EXPECT_EQ(test, sum.ipdv_abs_max_ns, variation->abs_max_ns);
	KUNIT_EXPECT_EQ(test, sum.ipdv_min_ns, variation->min_ns);
	KUNIT_EXPECT_EQ(test, sum.ipdv_max_ns, variation->max_ns);
}

/* 10^9 pairs of the greatest difference: too many to be fed in, so the sum is set. */
static void stats_delay_variation_does_not_overflow(struct kunit *test)
{
	struct icmpctl_stats *stats = test->priv;
	struct icmpctl_rtt_summary sum;

	icmpctl_stats_rtt(stats, 0, 0);
	icmpctl_stats_ipdv(stats, 0, RTT_LIMIT_NS);
	stats->ipdv_n = 1000000000;
	stats->ipdv_sum = icmpctl_wide_mul(RTT_LIMIT_NS, stats->ipdv_n);
	icmpctl_stats_ipdv(stats, RTT_LIMIT_NS, 0);
	icmpctl_stats_summary(stats, &sum);
	KUNIT_EXPECT_EQ(test, sum.ipdv_n, 1000000001ULL);
	KUNIT_EXPECT_EQ(test, sum.ipdv_mean_ns, RTT_LIMIT_NS);
}

static struct kunit_case stats_cases[] = {
	KUNIT_CASE(stats_empty_has_no_figures),
	KUNIT_CASE_PARAM(stats_of_a_series, series_gen_params),
	KUNIT_CASE(stats_figures_are_in_order),
	KUNIT_CASE(stats_jitter_is_that_of_the_rfc),
	KUNIT_CASE(stats_jitter_comes_to_the_difference),
	KUNIT_CASE(stats_average_comes_to_a_new_level),
	KUNIT_CASE(stats_one_rtt_of_zero_counts),
	KUNIT_CASE(stats_absurd_rtt_is_bounded),
	KUNIT_CASE(stats_longest_rtt_is_not_bounded),
	KUNIT_CASE_PARAM(stats_of_delay_variation, variation_gen_params),
	KUNIT_CASE(stats_delay_variation_does_not_overflow),
	{}
};

struct kunit_suite icmpctl_stats_suite = {
	.name = "icmpctl_stats",
	.init = stats_init,
	.exit = stats_exit,
	.test_cases = stats_cases,
};
