// SPDX-License-Identifier: GPL-2.0
/*
 * reorder_kunit.c - tests of core/reorder.c
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/prandom.h>

#include "../core/reorder.h"
#include "suites.h"

struct order {
	const char *name;
	u32 n;
	u8 seq[16];
	u32 reordered;
	u32 extent_max;
};

static const struct order orders[] = {
	/* RFC 4737, section 7.1: packet 4 comes behind packet 8. */
	{ "RFC 4737: one packet", 10, { 1, 2, 3, 5, 6, 7, 8, 4, 9, 10 }, 1, 4 },
	{ "two packets", 10, { 1, 2, 3, 4, 7, 5, 6, 8, 9, 10 }, 2, 2 },
	{ "three packets", 11, { 1, 2, 3, 7, 8, 9, 4, 5, 6, 10, 11 }, 3, 5 },
	{ "none at all", 0 },
	{ "one reply", 1, { 7 } },
	{ "in order", 8, { 1, 2, 3, 4, 5, 6, 7, 8 } },
	{ "in order with losses", 5, { 1, 4, 5, 9, 12 } },
	{ "swapped", 2, { 2, 1 }, 1, 1 },
	{ "swapped pairs", 8, { 2, 1, 4, 3, 6, 5, 8, 7 }, 4, 1 },
	{ "backwards", 6, { 6, 5, 4, 3, 2, 1 }, 5, 5 },
	{ "the first is last", 6, { 2, 3, 4, 5, 6, 1 }, 1, 5 },
	{ "the last is first", 6, { 6, 1, 2, 3, 4, 5 }, 5, 5 },
	{ "from the middle", 7, { 4, 2, 6, 1, 5, 7, 3 }, 4, 6 },
	{ "the first is number 0", 3, { 0, 2, 1 }, 1, 1 },
};

static void order_name(const struct order *order, char *desc)
{
	strscpy(desc, order->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(order, orders, order_name);

static void expect_order(struct kunit *test, const struct order *order,
			 struct icmpctl_reorder *reorder, u64 from)
{
	u32 reordered = 0, i;

	for (i = 0; i < order->n; i++)
		reordered += icmpctl_reorder_add(reorder, from + order->seq[i]);
	KUNIT_EXPECT_EQ(test, reordered, order->reordered);
	KUNIT_EXPECT_EQ(test, reorder->extent_max, (u64)order->extent_max);
}

static void reorder_of_an_order(struct kunit *test)
{
	struct icmpctl_reorder reorder = {};

	expect_order(test, test->param_value, &reorder, 0);
}

/* Numbers are of 64 bits: where one of 16 or 32 would wrap is a place like any other. */
static void reorder_far_into_the_session(struct kunit *test)
{
	static const u64 froms[] = {
		65536 - 5, U32_MAX - 4ULL, (1ULL << 31) - 5, 1000000000, U64_MAX - 32,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(froms); i++) {
		/* As many replies as numbers before, and none of them reordered. */
		struct icmpctl_reorder reorder = {
			.next_exp = froms[i],
			.arrivals = froms[i],
		};

		expect_order(test, test->param_value, &reorder, froms[i]);
		KUNIT_EXPECT_EQ(test, reorder.arrivals,
				froms[i] + ((const struct order *)test->param_value)->n);
	}
}

/* An extent is exact as far back as the advances are remembered, then it is a bound. */
static void reorder_extent_is_bounded(struct kunit *test)
{
	u32 behind;

	for (behind = 1; behind < 3 * ICMPCTL_REORDER_DEPTH; behind++) {
		struct icmpctl_reorder reorder = {};
		u32 i;

		for (i = 1; i <= behind; i++)
			icmpctl_reorder_add(&reorder, i);
		KUNIT_EXPECT_TRUE(test, icmpctl_reorder_add(&reorder, 0));
		KUNIT_EXPECT_EQ(test, reorder.extent_max,
				min_t(u64, behind, ICMPCTL_REORDER_DEPTH));
	}
}

/* Held against the definition of the RFC over all arrivals. */
static void reorder_of_noise(struct kunit *test)
{
	const u32 n = 500;
	struct rnd_state rnd;
	u32 round, i, j;
	u32 *seq;

	seq = kunit_kcalloc(test, n, sizeof(*seq), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, seq);
	prandom_seed_state(&rnd, 21);
	for (round = 0; round < 50; round++) {
		struct icmpctl_reorder reorder = {};
		u64 extent_max = 0;

		/* All numbers, some of them swapped with a later one. */
		for (i = 0; i < n; i++)
			seq[i] = i;
		for (i = 0; i + 8 < n; i++) {
			j = i + prandom_u32_state(&rnd) % 8;
			if (prandom_u32_state(&rnd) % 4 == 0)
				swap(seq[i], seq[j]);
		}
		for (i = 0; i < n; i++) {
			bool late = false;

			for (j = 0; j < i && !late; j++) {
				late = seq[j] > seq[i];
				if (late)
					extent_max = max_t(u64, extent_max, i - j);
			}
			KUNIT_ASSERT_EQ(test, icmpctl_reorder_add(&reorder, seq[i]), late);
		}
		if (extent_max <= ICMPCTL_REORDER_DEPTH)
			KUNIT_ASSERT_EQ(test, reorder.extent_max, extent_max);
		else
			KUNIT_ASSERT_LE(test, reorder.extent_max, extent_max);
	}
}

/* Whatever comes, in whatever order, nothing goes wrong. */
static void reorder_of_hostile_numbers(struct kunit *test)
{
	static const u64 seqs[] = {
		0, U64_MAX, 0, 1, U32_MAX, U32_MAX + 1ULL, 1ULL << 63, (1ULL << 63) - 1,
		U64_MAX - 1, 5, U64_MAX, U64_MAX, 0,
	};
	struct icmpctl_reorder reorder = { .arrivals = U64_MAX - 3 };
	struct rnd_state rnd;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(seqs); i++)
		icmpctl_reorder_add(&reorder, seqs[i]);
	prandom_seed_state(&rnd, 22);
	for (i = 0; i < 10000; i++)
		icmpctl_reorder_add(&reorder, (u64)prandom_u32_state(&rnd) << 32 |
					      prandom_u32_state(&rnd));
	KUNIT_EXPECT_LE(test, reorder.extent_max, (u64)U32_MAX);
}

static struct kunit_case reorder_cases[] = {
	KUNIT_CASE_PARAM(reorder_of_an_order, order_gen_params),
	KUNIT_CASE_PARAM(reorder_far_into_the_session, order_gen_params),
	KUNIT_CASE(reorder_extent_is_bounded),
	KUNIT_CASE(reorder_of_noise),
	KUNIT_CASE(reorder_of_hostile_numbers),
	{}
};

struct kunit_suite icmpctl_reorder_suite = {
	.name = "icmpctl_reorder",
	.test_cases = reorder_cases,
};
