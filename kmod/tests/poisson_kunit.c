// SPDX-License-Identifier: GPL-2.0
/*
 * poisson_kunit.c - tests of core/poisson.c and of the plans made with it
 *
 * What is expected was computed with 60 decimal digits. Whatever is counted here is
 * the same in every run: the seeds are fixed.
 */
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "../core/pace.h"
#include "../core/plan.h"
#include "../core/poisson.h"
#include "suites.h"

#define SECOND_NS	1000000000ULL

static u64 distance(u64 a, u64 b)
{
	return max(a, b) - min(a, b);
}

/* -ln(random / 2^64) * 2^32 */
static const struct {
	u64 random;
	u64 value;
} logarithms[] = {
	{ 0, 190530846196 },
	{ 1, 190530846196 },
	{ 2, 187553801725 },
	{ 3, 185812342346 },
	{ 0xffffffff, 95265423099 },
	{ 0x100000000, 95265423098 },
	{ 0x5e2d58d8b3bcdf1a, 4294967296 },
	{ 0x5e2d58d8b3bcdf1b, 4294967296 },
	{ 0x7fffffffffffffff, 2977044472 },
	{ 0x8000000000000000, 2977044472 },
	{ 0x8000000000000001, 2977044472 },
	{ 0xb504f333f9de6484, 1488522236 },
	{ 0xb504f333f9de6485, 1488522236 },
	{ 0xfffffffffffff000, 0 },
	{ U64_MAX, 0 },
};

static void poisson_logarithm(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(logarithms); i++) {
		u64 value = icmpctl_poisson_exponential(logarithms[i].random);

		KUNIT_EXPECT_LE_MSG(test, distance(value, logarithms[i].value), 2ULL,
				    "%llx: %llu", logarithms[i].random, value);
	}
}

/* The first gaps of a mean of one second. */
static const struct {
	u64 seed;
	u64 gap_ns[8];
} sequences[] = {
	{ 0, { 124078149, 840422887, 3633112859, 29550365, 2241050847, 1116799383, 1749459659,
	       259358264 } },
	{ 42, { 298992625, 1833141665, 1277974161, 1066559367, 3269375525, 141300838,
		1521403255, 222354017 } },
	{ U64_MAX, { 112113353, 91460675, 1516485223, 852765733, 348748372, 192770020,
		     59098015, 1380595209 } },
};

static void poisson_known_sequences(struct kunit *test)
{
	struct icmpctl_poisson poisson;
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(sequences); i++) {
		icmpctl_poisson_init(&poisson, sequences[i].seed);
		for (j = 0; j < ARRAY_SIZE(sequences[i].gap_ns); j++) {
			u64 gap_ns = icmpctl_poisson_gap_ns(&poisson, SECOND_NS, 1);

			KUNIT_EXPECT_LE(test, distance(gap_ns, sequences[i].gap_ns[j]), 1ULL);
		}
	}
}

struct mean {
	u64 interval_ns;
	u32 targets;
};

static const struct mean means[] = {
	{ SECOND_NS, 1 },
	{ 1000000, 1 },
	{ 10000, 1 },
	{ 10000, 10 },
	{ SECOND_NS, 997 },
	{ 3600 * SECOND_NS, 1 },
	{ 86400 * SECOND_NS, 65536 },
};

static void mean_name(const struct mean *mean, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%llu ns, %u targets", mean->interval_ns,
		 mean->targets);
}

KUNIT_ARRAY_PARAM(mean, means, mean_name);

/*
 * Quantiles of the distribution in millionths of the mean, and how many of 10^6
 * exact draws with this seed are no longer than that.
 */
static const struct {
	u32 ppm;
	u32 draws;
} quantiles[] = {
	{ 10050, 10044 }, { 287682, 250192 }, { 693147, 500297 }, { 2302585, 899645 },
	{ 6907755, 999010 },
};

static void poisson_is_exponential(struct kunit *test)
{
	const struct mean *mean = test->param_value;
	u32 below[ARRAY_SIZE(quantiles)] = {};
	u64 million_ns = mul_u64_u32_div(mean->interval_ns, 1000000, mean->targets);
	struct icmpctl_poisson poisson;
	u64 limit_ns[ARRAY_SIZE(quantiles)];
	u64 sum_ns = 0, max_ns = 0;
	u32 i, q;

	for (q = 0; q < ARRAY_SIZE(quantiles); q++)
		limit_ns[q] = mul_u64_u32_div(million_ns / 1000000, quantiles[q].ppm, 1000000);
	icmpctl_poisson_init(&poisson, 42);
	for (i = 0; i < 1000000; i++) {
		u64 gap_ns = icmpctl_poisson_gap_ns(&poisson, mean->interval_ns, mean->targets);

		KUNIT_ASSERT_GE(test, gap_ns, 1ULL);
		sum_ns += gap_ns;
		max_ns = max(max_ns, gap_ns);
		for (q = 0; q < ARRAY_SIZE(quantiles); q++)
			below[q] += gap_ns <= limit_ns[q];
		if (!(i % 4096))
			cond_resched();
	}
	KUNIT_EXPECT_LE(test, distance(sum_ns, million_ns), million_ns / 1000);
	KUNIT_EXPECT_LE(test, max_ns,
			ICMPCTL_POISSON_MEANS_MAX * (mean->interval_ns / mean->targets));
	/* Whole nanoseconds blur a mean of 1 us by a thousandth. */
	for (q = 0; q < ARRAY_SIZE(quantiles); q++)
		KUNIT_EXPECT_LE_MSG(test, distance(below[q], quantiles[q].draws), 1000ULL,
				    "quantile %u: %u", quantiles[q].ppm, below[q]);
}

/* Where the mean is less than a nanosecond there still is a gap, and an end to it. */
static void poisson_gap_is_never_zero(struct kunit *test)
{
	struct icmpctl_poisson poisson;
	u32 i;

	icmpctl_poisson_init(&poisson, 7);
	for (i = 0; i < 10000; i++) {
		KUNIT_ASSERT_GE(test, icmpctl_poisson_gap_ns(&poisson, 1, U32_MAX), 1ULL);
		KUNIT_ASSERT_LE(test, icmpctl_poisson_gap_ns(&poisson, (1ULL << 48) - 1, 1),
				(u64)ICMPCTL_POISSON_MEANS_MAX << 48);
	}
}

static void poisson_targets_are_equal(struct kunit *test)
{
	struct icmpctl_poisson poisson;
	u32 count[7] = {};
	u32 i;

	icmpctl_poisson_init(&poisson, 1);
	for (i = 0; i < 700000; i++) {
		u32 target = icmpctl_poisson_target(&poisson, ARRAY_SIZE(count));

		KUNIT_ASSERT_LT(test, target, ARRAY_SIZE(count));
		count[target]++;
	}
	/* Four standard deviations. */
	for (i = 0; i < ARRAY_SIZE(count); i++)
		KUNIT_EXPECT_LE(test, distance(count[i], 100000), 1200ULL);
}

#define TARGETS		7
#define WINDOWS		20000

/*
 * What tells a Poisson process from a walk with random steps: of one target's events
 * in windows of equal length the variance is the mean.
 */
static void poisson_plan_of_each_target(struct kunit *test)
{
	u64 *sent = kunit_kcalloc(test, TARGETS, sizeof(*sent), GFP_KERNEL);
	u64 now_ns, window = 0, sum[TARGETS] = {}, squares[TARGETS] = {};
	u32 count[TARGETS] = {};
	struct icmpctl_plan plan;
	struct icmpctl_step step;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, sent);
	icmpctl_plan_init(&plan, TARGETS, 0, SECOND_NS, 0);
	now_ns = icmpctl_plan_poisson(&plan, 3, sent);
	while (window < WINDOWS) {
		icmpctl_plan_peek(&plan, &step);
		KUNIT_ASSERT_EQ(test, step.round, sum[step.target] + count[step.target]);
		count[step.target]++;
		now_ns += icmpctl_plan_advance(&plan);
		for (; window < now_ns / (2 * SECOND_NS) && window < WINDOWS; window++) {
			for (i = 0; i < TARGETS; i++) {
				sum[i] += count[i];
				squares[i] += (u64)count[i] * count[i];
				count[i] = 0;
			}
		}
	}
	for (i = 0; i < TARGETS; i++) {
		/* 2 are expected in a window; four standard deviations of both. */
		u64 variance = squares[i] * 1000 / WINDOWS -
			       sum[i] * sum[i] * 10 / WINDOWS * 100 / WINDOWS;

		KUNIT_EXPECT_LE(test, distance(sum[i], 2 * WINDOWS), 800ULL);
		KUNIT_EXPECT_LE_MSG(test, distance(variance, 2000), 90ULL, "%llu", variance);
	}
}

static void poisson_plan_has_all_rounds(struct kunit *test)
{
	const u32 targets = 100, rounds = 30;
	u64 *sent = kunit_kcalloc(test, targets, sizeof(*sent), GFP_KERNEL);
	u32 *seen = kunit_kcalloc(test, targets, sizeof(*seen), GFP_KERNEL);
	struct icmpctl_plan plan;
	struct icmpctl_step step;
	u64 now_ns;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, sent);
	KUNIT_ASSERT_NOT_NULL(test, seen);
	icmpctl_plan_init(&plan, targets, rounds, SECOND_NS, 0);
	now_ns = icmpctl_plan_poisson(&plan, 5, sent);
	for (i = 0; !icmpctl_plan_done(&plan); i++) {
		icmpctl_plan_peek(&plan, &step);
		KUNIT_ASSERT_LT(test, step.target, targets);
		KUNIT_ASSERT_EQ(test, step.round, (u64)seen[step.target]);
		seen[step.target]++;
		now_ns += icmpctl_plan_advance(&plan);
	}
	KUNIT_EXPECT_EQ(test, i, targets * rounds);
	for (i = 0; i < targets; i++)
		KUNIT_EXPECT_EQ(test, seen[i], rounds);
	/* The slowest of a hundred takes longer than the mean, and not for ever. */
	KUNIT_EXPECT_GE(test, now_ns, rounds * SECOND_NS);
	KUNIT_EXPECT_LE(test, now_ns, 2 * rounds * SECOND_NS);
}

/* A limit in the middle: the others go on, each with all its probes. */
static void poisson_plan_with_a_limit(struct kunit *test)
{
	u32 seen[10] = {};
	u64 sent[10] = {};
	struct icmpctl_plan plan;
	struct icmpctl_step step;
	u32 i;

	icmpctl_plan_init(&plan, 10, 20, SECOND_NS, 0);
	icmpctl_plan_poisson(&plan, 6, sent);
	for (i = 0; !icmpctl_plan_done(&plan); i++) {
		if (i == 50)
			icmpctl_plan_limit(&plan, 4);
		icmpctl_plan_peek(&plan, &step);
		KUNIT_ASSERT_LT(test, i, 200U);
		if (!icmpctl_plan_left_out(&plan))
			seen[step.target]++;
		if (i > 50)
			KUNIT_ASSERT_LT(test, step.target, 4U);
		icmpctl_plan_advance(&plan);
	}
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, seen[i], 20U);
}

static void poisson_plan_is_repeatable(struct kunit *test)
{
	u64 sent[3][5] = {};
	struct icmpctl_plan plan[3];
	struct icmpctl_step step[3];
	u32 i, p, other = 0;

	for (p = 0; p < 3; p++) {
		icmpctl_plan_init(&plan[p], 5, 0, SECOND_NS, 0);
		icmpctl_plan_poisson(&plan[p], 100 + p / 2, sent[p]);
	}
	for (i = 0; i < 1000; i++) {
		u64 gap_ns[3];

		for (p = 0; p < 3; p++) {
			icmpctl_plan_peek(&plan[p], &step[p]);
			gap_ns[p] = icmpctl_plan_advance(&plan[p]);
		}
		KUNIT_ASSERT_EQ(test, gap_ns[0], gap_ns[1]);
		KUNIT_ASSERT_EQ(test, step[0].target, step[1].target);
		other += gap_ns[0] != gap_ns[2];
	}
	KUNIT_EXPECT_EQ(test, other, 1000U);
}

/* Late by as much as it likes, every probe has its place where the gaps put it. */
static void poisson_pace_is_absolute(struct kunit *test)
{
	u64 place_ns = SECOND_NS, now_ns = 0, gap_ns, skipped;
	struct icmpctl_plan plan;
	struct icmpctl_pace pace;
	u64 sent = 0;
	u32 i;

	icmpctl_plan_init(&plan, 1, 0, 1000000, 0);
	place_ns += icmpctl_plan_poisson(&plan, 9, &sent);
	icmpctl_pace_init(&pace, place_ns);
	pace.mean_ns = 1000000;
	for (i = 0; i < 100000; i++) {
		KUNIT_ASSERT_EQ(test, pace.planned_ns, place_ns);
		now_ns = max(now_ns, icmpctl_pace_due_ns(&pace));
		/* A stall of a tenth of a second now and then. */
		now_ns += i % 1000 ? 15000 : 100000000;
		gap_ns = icmpctl_plan_advance(&plan);
		KUNIT_ASSERT_EQ(test, icmpctl_pace_sent(&pace, now_ns, gap_ns), 0ULL);
		place_ns += gap_ns;
	}
	/* A stall of a minute, with a gap of one nanosecond: it is counted in means. */
	now_ns = pace.planned_ns + 60 * SECOND_NS;
	skipped = icmpctl_pace_sent(&pace, now_ns, 1);
	KUNIT_EXPECT_EQ(test, skipped, 59999ULL);
	KUNIT_EXPECT_LE(test, pace.planned_ns, now_ns);
	KUNIT_EXPECT_GE(test, pace.planned_ns + 1000000, now_ns);
}

static struct kunit_case poisson_cases[] = {
	KUNIT_CASE(poisson_logarithm),
	KUNIT_CASE(poisson_known_sequences),
	KUNIT_CASE_PARAM(poisson_is_exponential, mean_gen_params),
	KUNIT_CASE(poisson_gap_is_never_zero),
	KUNIT_CASE(poisson_targets_are_equal),
	KUNIT_CASE(poisson_plan_of_each_target),
	KUNIT_CASE(poisson_plan_has_all_rounds),
	KUNIT_CASE(poisson_plan_with_a_limit),
	KUNIT_CASE(poisson_plan_is_repeatable),
	KUNIT_CASE(poisson_pace_is_absolute),
	{}
};

struct kunit_suite icmpctl_poisson_suite = {
	.name = "icmpctl_poisson",
	.test_cases = poisson_cases,
};
