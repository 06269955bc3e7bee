// SPDX-License-Identifier: GPL-2.0
/*
 * plan_kunit.c - tests of core/plan.c
 */
#include <linux/limits.h>
#include <linux/minmax.h>

#include "../core/plan.h"
#include "suites.h"

struct walk {
	u32 targets;
	u64 rounds;
	u64 interval_ns;
	u64 gap_ns;
};

static const struct walk walks[] = {
	{ 1, 1, 1000000000 },
	{ 1, 10, 1 },
	{ 2, 3, 1000000001 },
	{ 3, 5, 1000000000 },
	{ 7, 4, 1000000000 },
	{ 7, 4, 999999937 },
	{ 7, 4, 3 },
	{ 7, 4, 0 },
	{ 255, 3, 86400000000000 },
	{ 997, 3, 1000000 },
	{ 1000, 3, 1000000007 },
	{ 65535, 2, 1000000000 },
	{ 65536, 2, 86399999999999 },
	{ 65537, 2, 1000000000 },
	{ 131071, 2, 604800000000000 },
};

static void walk_name(const struct walk *walk, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u targets, %llu rounds, %llu ns",
		 walk->targets, walk->rounds, walk->interval_ns);
}

KUNIT_ARRAY_PARAM(walk, walks, walk_name);

static void init(struct icmpctl_plan *plan, const struct walk *walk)
{
	icmpctl_plan_init(plan, walk->targets, walk->rounds, walk->interval_ns,
			  walk->gap_ns);
}

static void plan_visits_every_target_in_every_round(struct kunit *test)
{
	const struct walk *walk = test->param_value;
	struct icmpctl_plan plan;
	struct icmpctl_step step;
	u64 round;
	u32 target;

	init(&plan, walk);
	for (round = 0; round < walk->rounds; round++) {
		for (target = 0; target < walk->targets; target++) {
			KUNIT_ASSERT_FALSE(test, icmpctl_plan_done(&plan));
			icmpctl_plan_peek(&plan, &step);
			KUNIT_ASSERT_EQ(test, step.target, target);
			KUNIT_ASSERT_EQ(test, step.round, round);
			icmpctl_plan_advance(&plan);
		}
	}
	KUNIT_EXPECT_TRUE(test, icmpctl_plan_done(&plan));
}

static void plan_gaps_make_the_interval(struct kunit *test)
{
	const struct walk *walk = test->param_value;
	struct icmpctl_plan plan;
	u64 round, gap_ns;
	u32 target;

	init(&plan, walk);
	for (round = 0; round < walk->rounds; round++) {
		u64 sum_ns = 0, least_ns = U64_MAX, most_ns = 0;

		for (target = 0; target < walk->targets; target++) {
			gap_ns = icmpctl_plan_advance(&plan);
			sum_ns += gap_ns;
			least_ns = min(least_ns, gap_ns);
			most_ns = max(most_ns, gap_ns);
		}
		KUNIT_ASSERT_EQ(test, sum_ns, walk->interval_ns);
		KUNIT_ASSERT_LE(test, most_ns - least_ns, 1ULL);
	}
}

static void plan_peek_takes_nothing(struct kunit *test)
{
	struct icmpctl_plan plan;
	struct icmpctl_step first, second;

	icmpctl_plan_init(&plan, 3, 2, 1000, 0);
	icmpctl_plan_advance(&plan);
	icmpctl_plan_peek(&plan, &first);
	icmpctl_plan_peek(&plan, &second);
	KUNIT_EXPECT_EQ(test, first.target, 1U);
	KUNIT_EXPECT_EQ(test, second.target, 1U);
	KUNIT_EXPECT_EQ(test, first.round, second.round);
}

static void plan_without_rounds_has_no_end(struct kunit *test)
{
	struct icmpctl_plan plan;
	struct icmpctl_step step;
	u32 i;

	icmpctl_plan_init(&plan, 2, 0, 1000, 0);
	for (i = 0; i < 200000; i++) {
		KUNIT_ASSERT_FALSE(test, icmpctl_plan_done(&plan));
		icmpctl_plan_advance(&plan);
	}
	icmpctl_plan_peek(&plan, &step);
	KUNIT_EXPECT_EQ(test, step.round, 100000ULL);
}

static void plan_counts_rounds_past_32_bits(struct kunit *test)
{
	struct icmpctl_plan plan;
	struct icmpctl_step step;

	icmpctl_plan_init(&plan, 1, (1ULL << 32) + 2, 1000, 0);
	plan.round = U32_MAX;
	icmpctl_plan_advance(&plan);
	icmpctl_plan_peek(&plan, &step);
	KUNIT_EXPECT_EQ(test, step.round, 1ULL << 32);
	KUNIT_EXPECT_FALSE(test, icmpctl_plan_done(&plan));
	icmpctl_plan_advance(&plan);
	icmpctl_plan_advance(&plan);
	KUNIT_EXPECT_TRUE(test, icmpctl_plan_done(&plan));
}

/* The last target of the most there can be: neither the product nor the place wraps. */
static void plan_gap_of_the_most_targets(struct kunit *test)
{
	struct icmpctl_plan plan;
	u64 gap_ns;

	icmpctl_plan_init(&plan, U32_MAX, 1, 86400000000000, 0);
	plan.target = U32_MAX - 1;
	gap_ns = icmpctl_plan_advance(&plan);
	KUNIT_EXPECT_GE(test, gap_ns, 86400000000000 / U32_MAX);
	KUNIT_EXPECT_LE(test, gap_ns, 86400000000000 / U32_MAX + 1);
	KUNIT_EXPECT_TRUE(test, icmpctl_plan_done(&plan));
}

static void plan_gap_is_kept_and_the_rest_is_silence(struct kunit *test)
{
	struct icmpctl_plan plan;
	u32 i;

	icmpctl_plan_init(&plan, 30, 2, 1000000000, 10000);
	for (i = 0; i < 60; i++) {
		KUNIT_ASSERT_EQ(test, icmpctl_plan_advance(&plan),
				i % 30 < 29 ? 10000ULL : 1000000000ULL - 29 * 10000);
	}
	KUNIT_EXPECT_TRUE(test, icmpctl_plan_done(&plan));
}

struct limit {
	const char *name;
	u64 gap_ns;
	u32 taken;	/* steps taken before it is set */
	u32 limit;
};

static const struct limit limits[] = {
	{ "before the first step", 0, 0, 4 },
	{ "ahead of the walk", 0, 2, 4 },
	{ "at the next step", 0, 4, 4 },
	{ "behind the walk", 0, 6, 4 },
	{ "behind the walk, with a gap", 10000, 6, 4 },
	{ "in the second round", 0, 15, 4 },
	{ "one target left", 0, 3, 1 },
	{ "all of them", 0, 3, 10 },
};

static void limit_name(const struct limit *limit, char *desc)
{
	strscpy(desc, limit->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(limit, limits, limit_name);

/* Rounds begin where they always did, and behind the limit nothing is sent. */
static void plan_limit_leaves_out(struct kunit *test)
{
	const struct limit *limit = test->param_value;
	const u64 interval_ns = 1000000007;
	struct icmpctl_plan plan;
	struct icmpctl_step step;
	u64 at_ns = 0;
	u32 taken = 0;

	icmpctl_plan_init(&plan, 10, 3, interval_ns, limit->gap_ns);
	while (!icmpctl_plan_done(&plan)) {
		if (taken++ == limit->taken)
			icmpctl_plan_limit(&plan, limit->limit);
		icmpctl_plan_peek(&plan, &step);
		if (!step.target)
			KUNIT_ASSERT_EQ(test, at_ns, step.round * interval_ns);
		if (taken > limit->taken)
			KUNIT_ASSERT_EQ(test, icmpctl_plan_left_out(&plan),
					step.target >= limit->limit);
		at_ns += icmpctl_plan_advance(&plan);
	}
	KUNIT_EXPECT_EQ(test, at_ns, 3 * interval_ns);
}

static void plan_limit_only_comes_nearer(struct kunit *test)
{
	struct icmpctl_plan plan;

	icmpctl_plan_init(&plan, 10, 1, 1000, 0);
	icmpctl_plan_limit(&plan, 3);
	icmpctl_plan_limit(&plan, 7);
	KUNIT_EXPECT_EQ(test, plan.limit, 3U);
}

/* What is taken in again stands where it always did, one round later or many. */
static void plan_widens_again(struct kunit *test)
{
	struct icmpctl_plan plan;
	struct icmpctl_step step;
	u64 at_ns = 0;
	u32 i;

	icmpctl_plan_init(&plan, 4, 0, 1000, 0);
	icmpctl_plan_limit(&plan, 1);
	for (i = 0; i < 3; i++)
		at_ns += icmpctl_plan_advance(&plan);
	KUNIT_EXPECT_EQ(test, at_ns, 3000ULL);
	icmpctl_plan_widen(&plan, 4);
	for (i = 0; i < 4; i++) {
		icmpctl_plan_peek(&plan, &step);
		KUNIT_EXPECT_EQ(test, step.target, i);
		KUNIT_EXPECT_EQ(test, step.round, 3ULL);
		KUNIT_EXPECT_EQ(test, at_ns, 3000ULL + 250 * i);
		at_ns += icmpctl_plan_advance(&plan);
	}
	KUNIT_EXPECT_EQ(test, at_ns, 4000ULL);
	icmpctl_plan_widen(&plan, 9);
	KUNIT_EXPECT_EQ(test, plan.limit, 4U);
	icmpctl_plan_init(&plan, 4, 5, 1000, 0);
	icmpctl_plan_limit(&plan, 2);
	icmpctl_plan_widen(&plan, 4);
	KUNIT_EXPECT_EQ(test, plan.limit, 2U);
}

static struct kunit_case plan_cases[] = {
	KUNIT_CASE_PARAM(plan_visits_every_target_in_every_round, walk_gen_params),
	KUNIT_CASE_PARAM(plan_gaps_make_the_interval, walk_gen_params),
	KUNIT_CASE(plan_peek_takes_nothing),
	KUNIT_CASE(plan_without_rounds_has_no_end),
	KUNIT_CASE(plan_counts_rounds_past_32_bits),
	KUNIT_CASE(plan_gap_of_the_most_targets),
	KUNIT_CASE(plan_gap_is_kept_and_the_rest_is_silence),
	KUNIT_CASE_PARAM(plan_limit_leaves_out, limit_gen_params),
	KUNIT_CASE(plan_limit_only_comes_nearer),
	KUNIT_CASE(plan_widens_again),
	{}
};

struct kunit_suite icmpctl_plan_suite = {
	.name = "icmpctl_plan",
	.test_cases = plan_cases,
};
