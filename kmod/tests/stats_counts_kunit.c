// SPDX-License-Identifier: GPL-2.0
/*
 * stats_counts_kunit.c - tests of core/stats.c: what is counted
 */
#include <linux/limits.h>
#include <linux/string.h>

#include "../core/stats.h"
#include "suites.h"

static int counts_init(struct kunit *test)
{
	struct icmpctl_stats *stats = kunit_kzalloc(test, sizeof(*stats), GFP_KERNEL);

	if (!stats)
		return -ENOMEM;
	test->priv = stats;
	stats->minute = kunit_kzalloc(test, sizeof(*stats->minute), GFP_KERNEL);
	stats->hour = kunit_kzalloc(test, sizeof(*stats->hour), GFP_KERNEL);
	return stats->minute && stats->hour ? 0 : -ENOMEM;
}

static void counts_exit(struct kunit *test)
{
	if (test->priv)
		icmpctl_stats_free(test->priv);
}

/* What is counted is counted for the last minute as well, or not at all there. */
static void stats_count_for_the_last_minute(struct kunit *test)
{
	struct icmpctl_stats *stats = test->priv;
	struct icmpctl_window_sum sum;
	u64 now_ns = 1000;
	u32 i, n;

	for (i = 0; i < ICMPCTL_COUNT_MAX; i++)
		for (n = 0; n <= i; n++)
			icmpctl_stats_count(stats, i, now_ns);
	icmpctl_stats_late(stats, 3, now_ns);
	icmpctl_stats_rtt(stats, 500, now_ns);
	icmpctl_stats_minute(stats, now_ns + ICMPCTL_STATS_BUCKET_NS, &sum);
	for (i = 0; i < ICMPCTL_COUNT_MAX; i++)
		KUNIT_EXPECT_EQ(test, stats->count[i], i + 1ULL);
	KUNIT_EXPECT_EQ(test, sum.count[ICMPCTL_COUNT_SENT], 2ULL);
	for (i = 1; i < ICMPCTL_WINDOW_COUNTS; i++)
		KUNIT_EXPECT_EQ(test, sum.count[i], i + 1ULL);
	KUNIT_EXPECT_EQ(test, sum.rtt.n, 1ULL);
	KUNIT_EXPECT_EQ(test, icmpctl_moments_mean_ns(&sum.rtt), 500ULL);
	KUNIT_EXPECT_EQ(test, sum.span_ns, ICMPCTL_STATS_BUCKET_NS);

	/* A minute on, all of it is past, but not for the hour. */
	now_ns += 12 * ICMPCTL_STATS_BUCKET_NS;
	icmpctl_stats_minute(stats, now_ns, &sum);
	for (i = 0; i < ICMPCTL_WINDOW_COUNTS; i++)
		KUNIT_EXPECT_EQ(test, sum.count[i], 0ULL);
	KUNIT_EXPECT_EQ(test, sum.rtt.n, 0ULL);
	now_ns += 11 * ICMPCTL_STATS_HOUR_BUCKET_NS - 12 * ICMPCTL_STATS_BUCKET_NS;
	icmpctl_stats_hour(stats, now_ns, &sum);
	KUNIT_EXPECT_EQ(test, sum.count[ICMPCTL_COUNT_SENT], 2ULL);
	for (i = 1; i < ICMPCTL_WINDOW_COUNTS; i++)
		KUNIT_EXPECT_EQ(test, sum.count[i], i + 1ULL);
	KUNIT_EXPECT_EQ(test, sum.rtt.n, 1ULL);
	KUNIT_EXPECT_EQ(test, icmpctl_moments_mean_ns(&sum.rtt), 500ULL);
	KUNIT_EXPECT_EQ(test, icmpctl_moments_stddev_ns(&sum.rtt), 0ULL);
	KUNIT_EXPECT_EQ(test, sum.span_ns, 11 * ICMPCTL_STATS_HOUR_BUCKET_NS);
	now_ns += ICMPCTL_STATS_HOUR_BUCKET_NS;
	icmpctl_stats_hour(stats, now_ns, &sum);
	for (i = 0; i < ICMPCTL_WINDOW_COUNTS; i++)
		KUNIT_EXPECT_EQ(test, sum.count[i], 0ULL);
	KUNIT_EXPECT_EQ(test, sum.rtt.n, 0ULL);
}

static void probe_answered(struct icmpctl_stats *all, u64 round, u64 now_ns)
{
	struct icmpctl_stats *stats;

	for (stats = all; stats; stats = icmpctl_stats_since(stats, round)) {
		icmpctl_stats_count(stats, ICMPCTL_COUNT_RECEIVED, now_ns);
		icmpctl_stats_rtt(stats, 1000 + round, now_ns);
	}
}

/* A probe counts since the reset if it was sent since, whenever its answer comes. */
static void stats_since_a_reset(struct kunit *test)
{
	struct icmpctl_stats *since = kunit_kzalloc(test, sizeof(*since), GFP_KERNEL);
	struct icmpctl_stats *stats = test->priv;
	struct icmpctl_rtt_summary rtt;
	u64 round;

	KUNIT_ASSERT_NOT_NULL(test, since);
	stats->hist.limit = 3;
	for (round = 0; round < 5; round++)
		probe_answered(stats, round, 1);
	stats->rounds = 6;
	icmpctl_stats_reset(stats, since);
	KUNIT_EXPECT_NULL(test, icmpctl_stats_since(stats, 5));
	probe_answered(stats, 5, 2);
	KUNIT_EXPECT_EQ(test, since->count[ICMPCTL_COUNT_RECEIVED], 0ULL);
	for (round = 6; round < 9; round++)
		probe_answered(stats, round, 2);
	KUNIT_EXPECT_EQ(test, stats->count[ICMPCTL_COUNT_RECEIVED], 9ULL);
	KUNIT_EXPECT_EQ(test, since->count[ICMPCTL_COUNT_RECEIVED], 3ULL);
	icmpctl_stats_summary(since, &rtt);
	KUNIT_EXPECT_EQ(test, rtt.n, 3ULL);
	KUNIT_EXPECT_EQ(test, rtt.min_ns, 1006ULL);
	KUNIT_EXPECT_EQ(test, rtt.max_ns, 1008ULL);
	KUNIT_EXPECT_EQ(test, since->hist.limit, 3U);

	/* Once more: what there was is gone, and those since the start go on. */
	stats->rounds = 9;
	icmpctl_stats_reset(stats, since);
	KUNIT_EXPECT_EQ(test, since->count[ICMPCTL_COUNT_RECEIVED], 0ULL);
	probe_answered(stats, 9, 3);
	icmpctl_stats_summary(since, &rtt);
	KUNIT_EXPECT_EQ(test, rtt.min_ns, 1009ULL);
	KUNIT_EXPECT_EQ(test, stats->count[ICMPCTL_COUNT_RECEIVED], 10ULL);
	icmpctl_stats_free(since);
}

static void stats_order_is_counted(struct kunit *test)
{
	static const u64 seqs[] = { 1, 2, 4, 3, 5, 8, 6, 7 };
	struct icmpctl_stats *stats = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(seqs); i++)
		icmpctl_stats_order(stats, seqs[i], 0);
	KUNIT_EXPECT_EQ(test, stats->count[ICMPCTL_COUNT_REORDERED], 3ULL);
	KUNIT_EXPECT_EQ(test, stats->reorder.extent_max, 2ULL);
}

static void stats_lateness_adds_up(struct kunit *test)
{
	struct icmpctl_stats *stats = test->priv;

	icmpctl_stats_late(stats, 5, 0);
	icmpctl_stats_late(stats, 0, 0);
	icmpctl_stats_late(stats, 7, 0);
	icmpctl_stats_late(stats, 6, 0);
	KUNIT_EXPECT_EQ(test, stats->late_n, 4ULL);
	KUNIT_EXPECT_EQ(test, stats->late_sum_ns, 18ULL);
	KUNIT_EXPECT_EQ(test, stats->late_max_ns, 7ULL);
	icmpctl_stats_late(stats, U64_MAX - 18, 0);
	icmpctl_stats_late(stats, U64_MAX, 0);
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
	struct icmpctl_stats *stats = test->priv;
	u32 i;

	for (i = 0; i < 64; i++)
		icmpctl_stats_rtt(stats, BIT_ULL(i), i);
	icmpctl_stats_late(stats, 1, 0);
	stats->count[ICMPCTL_COUNT_SENT] = 1;
	icmpctl_stats_free(stats);
	KUNIT_EXPECT_NULL(test, memchr_inv(stats, 0, sizeof(*stats)));
}

static struct kunit_case counts_cases[] = {
	KUNIT_CASE(stats_count_for_the_last_minute),
	KUNIT_CASE(stats_since_a_reset),
	KUNIT_CASE(stats_order_is_counted),
	KUNIT_CASE(stats_lateness_adds_up),
	KUNIT_CASE_PARAM(stats_outstanding_is_the_rest, balance_gen_params),
	KUNIT_CASE(stats_free_leaves_nothing),
	{}
};

struct kunit_suite icmpctl_stats_counts_suite = {
	.name = "icmpctl_stats_counts",
	.init = counts_init,
	.exit = counts_exit,
	.test_cases = counts_cases,
};
