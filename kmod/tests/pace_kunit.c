// SPDX-License-Identifier: GPL-2.0
/*
 * pace_kunit.c - tests of core/pace.c
 *
 * The sender is played by a clock that is moved to the instant at which the next
 * probe is due, or later when it is stalled.
 */
#include <linux/minmax.h>
#include <linux/prandom.h>

#include "../core/pace.h"
#include "../core/plan.h"
#include "suites.h"

#define START_NS	1000000000000ULL

struct rate {
	const char *name;
	u64 gap_ns;
	u32 steps;
};

static const struct rate rates[] = {
	{ "1 ns", 1, 100000 },
	{ "2 ns", 2, 100000 },
	{ "3 ns", 3, 100000 },
	{ "1 us", 1000, 100000 },
	{ "odd us", 1001, 100000 },
	{ "1 ms", 1000000, 100000 },
	{ "prime, 10^6 steps", 333333331, 1000000 },
	{ "1 s", 1000000000, 100000 },
	{ "1 h", 3600000000000, 1000 },
};

static void rate_name(const struct rate *rate, char *desc)
{
	strscpy(desc, rate->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(rate, rates, rate_name);

static void pace_starts_where_it_is_told(struct kunit *test)
{
	struct icmpctl_pace pace;

	icmpctl_pace_init(&pace, START_NS);
	KUNIT_EXPECT_EQ(test, pace.planned_ns, START_NS);
	KUNIT_EXPECT_EQ(test, icmpctl_pace_due_ns(&pace), START_NS);
}

static void pace_on_time_keeps_the_gap(struct kunit *test)
{
	const struct rate *rate = test->param_value;
	struct icmpctl_pace pace;
	u32 i;

	icmpctl_pace_init(&pace, START_NS);
	for (i = 0; i < rate->steps; i++) {
		u64 now_ns = icmpctl_pace_due_ns(&pace);

		KUNIT_ASSERT_EQ(test, now_ns, START_NS + i * rate->gap_ns);
		KUNIT_ASSERT_EQ(test, icmpctl_pace_sent(&pace, now_ns, rate->gap_ns), 0ULL);
	}
}

/* Every probe is late by something up to half the gap: it never adds up. */
static void pace_does_not_drift(struct kunit *test)
{
	const struct rate *rate = test->param_value;
	u64 late_max_ns = min(rate->gap_ns / 2, ICMPCTL_PACE_LAG_MAX_NS);
	struct icmpctl_pace pace;
	struct rnd_state rnd;
	u64 last_ns = 0;
	u32 i;

	prandom_seed_state(&rnd, rate->gap_ns);
	icmpctl_pace_init(&pace, START_NS);
	for (i = 0; i < rate->steps; i++) {
		u64 now_ns = icmpctl_pace_due_ns(&pace);

		now_ns += late_max_ns * (prandom_u32_state(&rnd) >> 16) >> 16;
		if (i)
			KUNIT_ASSERT_GE(test, now_ns - last_ns, rate->gap_ns / 2);
		last_ns = now_ns;
		KUNIT_ASSERT_EQ(test, pace.planned_ns, START_NS + i * rate->gap_ns);
		KUNIT_ASSERT_LE(test, now_ns - pace.planned_ns, late_max_ns);
		KUNIT_ASSERT_EQ(test, icmpctl_pace_sent(&pace, now_ns, rate->gap_ns), 0ULL);
	}
}

static void pace_with_a_plan_does_not_drift(struct kunit *test)
{
	const u64 interval_ns = 1000000000;
	const u32 targets = 997, rounds = 1003;
	struct icmpctl_plan plan;
	struct icmpctl_pace pace;
	u64 late_ns = 0;

	icmpctl_plan_init(&plan, targets, rounds, interval_ns, 0);
	icmpctl_pace_init(&pace, START_NS);
	while (!icmpctl_plan_done(&plan)) {
		if (!plan.target)
			KUNIT_ASSERT_EQ(test, pace.planned_ns,
					START_NS + plan.round * interval_ns);
		late_ns = (late_ns + 7919) % 400000;
		icmpctl_pace_sent(&pace, icmpctl_pace_due_ns(&pace) + late_ns,
				  icmpctl_plan_advance(&plan));
	}
	KUNIT_EXPECT_EQ(test, pace.planned_ns, START_NS + rounds * interval_ns);
}

struct stall {
	const char *name;
	u64 gap_ns;
	u64 stall_ns;
	bool skips;
};

static const struct stall stalls[] = {
	{ "one gap", 1000000, 1000000, false },
	{ "a bit more than a gap", 1000000, 1500001, false },
	{ "half a second at 1 ms", 1000000, 500000000, false },
	{ "half a second at an odd gap", 1000003, 500000000, false },
	{ "as much as is caught up", 1000000, ICMPCTL_PACE_LAG_MAX_NS, false },
	{ "well beyond, 1 ms", 1000000, 2 * ICMPCTL_PACE_LAG_MAX_NS, true },
	{ "well beyond, odd gap", 333337, 5000000001, true },
	{ "an hour at 1 ms", 1000000, 3600000000000, true },
	{ "a year at 1 us", 1000, 31536000000000000, true },
	{ "an hour at 1 s", 1000000000, 3600000000000, true },
	{ "an hour at 3 ns", 3, 3600000000000, true },
};

static void stall_name(const struct stall *stall, char *desc)
{
	strscpy(desc, stall->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(stall, stalls, stall_name);

/*
 * On time, then nothing for a while, then as soon as it is due. No two probes may be
 * closer than half a gap, or no more may leave than twice the rate and the credit
 * allow; every place is either used or counted as skipped, and what is sent on time
 * again stands where it always stood.
 */
static void pace_after_a_stall(struct kunit *test)
{
	const struct stall *stall = test->param_value;
	u64 skipped = 0, places = 0, now_ns = START_NS, last_ns = 0, back_ns = 0;
	struct icmpctl_pace pace;
	u32 i, on_time = 0;

	icmpctl_pace_init(&pace, START_NS);
	for (i = 0; i < 100000 && on_time < 10; i++) {
		u64 due_ns = icmpctl_pace_due_ns(&pace);

		KUNIT_ASSERT_EQ(test, pace.planned_ns, START_NS + places * stall->gap_ns);
		now_ns = max(now_ns, due_ns);
		if (i == 10) {
			now_ns += stall->stall_ns;
			back_ns = now_ns;
		}
		if (i > 10 && stall->gap_ns >= 2 * ICMPCTL_PACE_CREDIT_NS)
			KUNIT_ASSERT_GE(test, now_ns - last_ns, stall->gap_ns / 2);
		if (i > 10)
			KUNIT_ASSERT_LE(test, (i - 10) * (stall->gap_ns / 2),
					now_ns - back_ns + ICMPCTL_PACE_CREDIT_NS);
		on_time = i > 10 && now_ns == pace.planned_ns ? on_time + 1 : 0;
		last_ns = now_ns;
		places += 1 + icmpctl_pace_sent(&pace, now_ns, stall->gap_ns);
		skipped = places - i - 1;
		/* What remains behind is never more than what may be caught up with. */
		if (pace.planned_ns < now_ns)
			KUNIT_ASSERT_LE(test, now_ns - pace.planned_ns,
					ICMPCTL_PACE_LAG_MAX_NS);
	}
	KUNIT_EXPECT_EQ(test, on_time, 10U);
	KUNIT_EXPECT_EQ(test, skipped > 0, stall->skips);
	KUNIT_EXPECT_LE(test, skipped, stall->stall_ns / stall->gap_ns);
}

/* Sends one probe @lag_ns behind the place after it, and tells what was skipped. */
static u64 send_behind(struct icmpctl_pace *pace, u64 lag_ns)
{
	const u64 gap_ns = 1000000;

	icmpctl_pace_init(pace, START_NS);
	return icmpctl_pace_sent(pace, START_NS + gap_ns + lag_ns, gap_ns);
}

static void pace_skips_beyond_the_limit_only(struct kunit *test)
{
	struct icmpctl_pace pace;

	KUNIT_EXPECT_EQ(test, send_behind(&pace, ICMPCTL_PACE_LAG_MAX_NS), 0ULL);
	KUNIT_EXPECT_EQ(test, pace.planned_ns, START_NS + 1000000);
	KUNIT_EXPECT_GT(test, send_behind(&pace, ICMPCTL_PACE_LAG_MAX_NS + 1), 0ULL);
	KUNIT_EXPECT_EQ(test, (pace.planned_ns - START_NS) % 1000000, 0ULL);
}

/* A probe handed over before its time, as a pulled one may be, moves nothing. */
static void pace_early_is_not_behind(struct kunit *test)
{
	struct icmpctl_pace pace;

	icmpctl_pace_init(&pace, START_NS);
	KUNIT_EXPECT_EQ(test, icmpctl_pace_sent(&pace, START_NS - 5, 1000), 0ULL);
	KUNIT_EXPECT_EQ(test, pace.planned_ns, START_NS + 1000);
	KUNIT_EXPECT_EQ(test, icmpctl_pace_due_ns(&pace), START_NS + 1000);
}

struct pull {
	const char *name;
	u64 now_ns;
	u64 gap_min_ns;
	u64 due_ns;
};

/* The last probe left at START_NS, the next is planned for 1 s later. */
static const struct pull pulls[] = {
	{ "at once", START_NS + 5000000, 1000000, START_NS + 5000000 },
	{ "not below the least gap", START_NS + 400000, 1000000, START_NS + 1000000 },
	{ "at the least gap", START_NS + 1000000, 1000000, START_NS + 1000000 },
	{ "without a least gap", START_NS + 1, 0, START_NS + 1 },
	{ "least gap above the interval", START_NS + 1, 2000000000, START_NS + 1000000000 },
	{ "when due", START_NS + 1000000000, 1000000, START_NS + 1000000000 },
	{ "when overdue", START_NS + 1500000000, 1000000, START_NS + 1000000000 },
};

static void pull_name(const struct pull *pull, char *desc)
{
	strscpy(desc, pull->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(pull, pulls, pull_name);

static void pace_pull_plans_sooner(struct kunit *test)
{
	const struct pull *pull = test->param_value;
	struct icmpctl_pace pace;

	icmpctl_pace_init(&pace, START_NS);
	icmpctl_pace_sent(&pace, START_NS, 1000000000);
	icmpctl_pace_pull(&pace, pull->now_ns, pull->gap_min_ns);
	KUNIT_EXPECT_EQ(test, icmpctl_pace_due_ns(&pace), pull->due_ns);
}

static void pace_pull_again_changes_nothing(struct kunit *test)
{
	struct icmpctl_pace pace;

	icmpctl_pace_init(&pace, START_NS);
	icmpctl_pace_sent(&pace, START_NS, 1000000000);
	icmpctl_pace_pull(&pace, START_NS + 2000000, 1000000);
	icmpctl_pace_pull(&pace, START_NS + 3000000, 1000000);
	KUNIT_EXPECT_EQ(test, icmpctl_pace_due_ns(&pace), START_NS + 2000000);
}

/* Answers that come faster than the least gap do not make a flood of it. */
static void pace_pulled_keeps_the_least_gap(struct kunit *test)
{
	const u64 gap_min_ns = 200000;
	u64 now_ns = START_NS, last_ns = 0;
	struct icmpctl_pace pace;
	u32 i;

	icmpctl_pace_init(&pace, START_NS);
	for (i = 0; i < 100000; i++) {
		now_ns = max(now_ns, icmpctl_pace_due_ns(&pace));
		if (i)
			KUNIT_ASSERT_GE(test, now_ns - last_ns, gap_min_ns);
		last_ns = now_ns;
		KUNIT_ASSERT_EQ(test, icmpctl_pace_sent(&pace, now_ns, 1000000000), 0ULL);
		now_ns += i % 7 * 50000;
		icmpctl_pace_pull(&pace, now_ns, gap_min_ns);
	}
	KUNIT_EXPECT_LE(test, now_ns, START_NS + 100000 * 300000ULL);
}

static struct kunit_case pace_cases[] = {
	KUNIT_CASE(pace_starts_where_it_is_told),
	KUNIT_CASE_PARAM(pace_on_time_keeps_the_gap, rate_gen_params),
	KUNIT_CASE_PARAM(pace_does_not_drift, rate_gen_params),
	KUNIT_CASE(pace_with_a_plan_does_not_drift),
	KUNIT_CASE_PARAM(pace_after_a_stall, stall_gen_params),
	KUNIT_CASE(pace_skips_beyond_the_limit_only),
	KUNIT_CASE(pace_early_is_not_behind),
	KUNIT_CASE_PARAM(pace_pull_plans_sooner, pull_gen_params),
	KUNIT_CASE(pace_pull_again_changes_nothing),
	KUNIT_CASE(pace_pulled_keeps_the_least_gap),
	{}
};

struct kunit_suite icmpctl_pace_suite = {
	.name = "icmpctl_pace",
	.test_cases = pace_cases,
};
