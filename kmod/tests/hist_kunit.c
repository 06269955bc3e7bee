// SPDX-License-Identifier: GPL-2.0
/*
 * hist_kunit.c - tests of core/hist.c
 */
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <uapi/linux/icmpctl.h>

#include "../core/hist.h"
#include "suites.h"

#define VALUE_MAX	(BIT_ULL(ICMPCTL_HIST_MAX_BITS) - 1)
#define SAMPLES		2000

static int hist_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct icmpctl_hist), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void hist_exit(struct kunit *test)
{
	if (test->priv)
		icmpctl_hist_free(test->priv);
}

static void add_times(struct icmpctl_hist *hist, u64 value_ns, u32 times)
{
	while (times--)
		icmpctl_hist_add(hist, value_ns);
}

/* 1/128 of the value is promised; the middle of a bucket may be rounded. */
static void expect_near(struct kunit *test, u64 got_ns, u64 want_ns)
{
	u64 error_ns = max(got_ns, want_ns) - min(got_ns, want_ns);

	KUNIT_ASSERT_LE_MSG(test, error_ns, want_ns / 128, "%llu instead of %llu",
			    got_ns, want_ns);
}

static void hist_empty_has_no_quantile(struct kunit *test)
{
	struct icmpctl_hist *hist = test->priv;

	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 0), 0ULL);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 500), 0ULL);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 1000), 0ULL);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_used(hist), 0U);
}

static void hist_is_exact_below_two_octaves(struct kunit *test)
{
	struct icmpctl_hist *hist = test->priv;
	u64 value;

	for (value = 0; value < 2 * ICMPCTL_HIST_SUB; value++) {
		icmpctl_hist_add(hist, value);
		KUNIT_ASSERT_EQ(test, icmpctl_hist_quantile(hist, 1000), value);
		KUNIT_ASSERT_EQ(test, icmpctl_hist_quantile(hist, 500), value / 2);
	}
	KUNIT_EXPECT_EQ(test, icmpctl_hist_used(hist), 2U);
}

struct power {
	u32 bits;
};

static const struct power powers[] = {
	{ 5 }, { 6 }, { 7 }, { 8 }, { 9 }, { 10 }, { 15 }, { 16 }, { 20 }, { 24 },
	{ 30 }, { 31 }, { 32 }, { 33 }, { 36 }, { 38 }, { 39 },
};

static void power_name(const struct power *power, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "2^%u", power->bits);
}

KUNIT_ARRAY_PARAM(power, powers, power_name);

/* Around the edges of octaves and of buckets, each value alone. */
static void hist_one_value_is_near(struct kunit *test)
{
	const struct power *power = test->param_value;
	struct icmpctl_hist *hist = test->priv;
	u32 part, per_mille;
	int off;

	for (part = 0; part < 130; part++) {
		for (off = -2; off <= 2; off++) {
			u64 value = BIT_ULL(power->bits) + off +
				    (BIT_ULL(power->bits) * part >> 7);

			value = min(value, VALUE_MAX);
			icmpctl_hist_add(hist, value);
			for (per_mille = 0; per_mille <= 1000; per_mille += 250)
				expect_near(test, icmpctl_hist_quantile(hist, per_mille),
					    value);
			icmpctl_hist_free(hist);
		}
	}
}

static void hist_counts_the_greatest_in_the_last_bucket(struct kunit *test)
{
	static const u64 values[] = { VALUE_MAX, VALUE_MAX + 1, 1ULL << 41, 1ULL << 63, U64_MAX };
	struct icmpctl_hist *hist = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(values); i++)
		icmpctl_hist_add(hist, values[i]);
	KUNIT_EXPECT_EQ(test, hist->there, BIT_ULL(ICMPCTL_HIST_OCTAVES - 1));
	KUNIT_ASSERT_EQ(test, icmpctl_hist_used(hist), 1U);
	KUNIT_EXPECT_EQ(test, hist->octave[0][ICMPCTL_HIST_SUB - 1], (u32)ARRAY_SIZE(values));
	expect_near(test, icmpctl_hist_quantile(hist, 500), VALUE_MAX);
}

static void hist_takes_no_more_than_it_says(struct kunit *test)
{
	struct icmpctl_hist *hist = test->priv;
	size_t taken;
	u32 bits, i;

	for (bits = 0; bits < 64; bits++) {
		icmpctl_hist_add(hist, BIT_ULL(bits));
		taken = ksize(hist->octave);
		for (i = 0; i < icmpctl_hist_used(hist); i++)
			taken += ksize(hist->octave[i]);
		KUNIT_EXPECT_LE(test, taken, icmpctl_hist_bytes(icmpctl_hist_used(hist)));
	}
	KUNIT_EXPECT_EQ(test, icmpctl_hist_used(hist), (u32)ICMPCTL_HIST_OCTAVES);
	KUNIT_EXPECT_EQ(test, hist->total, 64ULL);
	KUNIT_EXPECT_EQ(test, hist->unbinned, 0ULL);
}

/* Ten values 1 to 10: nearest ranks as in the textbook */
struct rank {
	u32 per_mille;
	u64 value;
};

static const struct rank ranks[] = {
	{ 0, 1 }, { 1, 1 }, { 99, 1 }, { 100, 1 }, { 101, 2 }, { 499, 5 }, { 500, 5 },
	{ 501, 6 }, { 900, 9 }, { 901, 10 }, { 990, 10 }, { 999, 10 }, { 1000, 10 },
	{ 1001, 10 }, { U32_MAX, 10 },
};

static void rank_name(const struct rank *rank, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u per mille", rank->per_mille);
}

KUNIT_ARRAY_PARAM(rank, ranks, rank_name);

static void hist_quantile_is_the_nearest_rank(struct kunit *test)
{
	const struct rank *rank = test->param_value;
	u64 value;

	for (value = 10; value; value--)
		icmpctl_hist_add(test->priv, value);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(test->priv, rank->per_mille),
			rank->value);
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* Against the sorted values, over random numbers of random lengths */
static void hist_agrees_with_sorting(struct kunit *test)
{
	struct icmpctl_hist *hist = test->priv;
	struct rnd_state rnd;
	u64 *values;
	u32 per_mille, round, n, i;

	values = kunit_kcalloc(test, SAMPLES, sizeof(*values), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, values);
	prandom_seed_state(&rnd, 42);
	for (round = 0; round < 20; round++) {
		n = 1 + prandom_u32_state(&rnd) % SAMPLES;
		for (i = 0; i < n; i++) {
			u64 value = (u64)prandom_u32_state(&rnd) << 32 |
				    prandom_u32_state(&rnd);

			values[i] = value >> (24 + prandom_u32_state(&rnd) % 40);
			icmpctl_hist_add(hist, values[i]);
		}
		sort(values, n, sizeof(*values), compare, NULL);
		for (per_mille = 0; per_mille <= 1000; per_mille++) {
			u32 at = max(DIV_ROUND_UP(n * per_mille, 1000), 1U);

			expect_near(test, icmpctl_hist_quantile(hist, per_mille),
				    values[at - 1]);
		}
		KUNIT_ASSERT_EQ(test, hist->total, n);
		icmpctl_hist_free(hist);
	}
}

static void hist_full_bucket_does_not_wrap(struct kunit *test)
{
	struct icmpctl_hist *hist = test->priv;

	icmpctl_hist_add(hist, 7);
	hist->octave[0][7] = U32_MAX - 1;
	hist->total = U32_MAX - 1;
	add_times(hist, 7, 5);
	KUNIT_EXPECT_EQ(test, hist->octave[0][7], U32_MAX);
	KUNIT_EXPECT_EQ(test, hist->total, U32_MAX + 4ULL);
	KUNIT_EXPECT_EQ(test, hist->unbinned, 4ULL);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 999), 7ULL);
	icmpctl_hist_add(hist, 9);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 1000), 9ULL);
}

/* As many as all buckets of an octave can hold: the rank needs more than 32 bits. */
static void hist_ranks_past_32_bits(struct kunit *test)
{
	struct icmpctl_hist *hist = test->priv;
	u32 sub;

	icmpctl_hist_add(hist, 0);
	for (sub = 0; sub < ICMPCTL_HIST_SUB; sub++)
		hist->octave[0][sub] = U32_MAX;
	hist->total = (u64)U32_MAX * ICMPCTL_HIST_SUB;
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 0), 0ULL);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 500), 31ULL);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 501), 32ULL);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 900), 57ULL);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 1000), 63ULL);
}

/* A total that the buckets do not bear out, and whose product would not fit */
static void hist_total_out_of_step_is_survived(struct kunit *test)
{
	struct icmpctl_hist *hist = test->priv;

	icmpctl_hist_add(hist, 3);
	icmpctl_hist_add(hist, 5);
	hist->total = U64_MAX;
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 1000), 5ULL);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 500), 5ULL);
}

static void hist_values_without_memory_are_left_out(struct kunit *test)
{
	struct icmpctl_hist *hist = test->priv;

	hist->total = 10;
	hist->unbinned = 10;
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 500), 0ULL);
	add_times(hist, 40, 3);
	icmpctl_hist_add(hist, 50);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 750), 40ULL);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 751), 50ULL);
}

static void hist_can_be_used_again_after_free(struct kunit *test)
{
	struct icmpctl_hist *hist = test->priv;

	add_times(hist, 1000000, 10);
	icmpctl_hist_free(hist);
	KUNIT_EXPECT_EQ(test, hist->total, 0ULL);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_used(hist), 0U);
	icmpctl_hist_free(hist);
	icmpctl_hist_add(hist, 5);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(hist, 500), 5ULL);
}

/* All that is in it, bucket by bucket, and nothing else. */
static void hist_next_finds_every_value(struct kunit *test)
{
	static const u64 values[] = { 0, 63, 64, 127, 128, 1000, 1000, 20000000, U64_MAX };
	struct icmpctl_hist hist = {};
	u32 number = 0, total = 0, count = 0, before = 0, span, i;

	KUNIT_EXPECT_EQ(test, icmpctl_hist_next(&hist, 0, &span, &count),
			(u32)(ICMPCTL_HIST_OCTAVES * ICMPCTL_HIST_SUB));
	for (i = 0; i < ARRAY_SIZE(values); i++)
		icmpctl_hist_add(&hist, values[i]);
	while ((number = icmpctl_hist_next(&hist, number, &span, &count)) <
	       ICMPCTL_HIST_OCTAVES * ICMPCTL_HIST_SUB) {
		u64 value = values[total];

		KUNIT_EXPECT_TRUE(test, !total || number > before);
		KUNIT_EXPECT_EQ(test, span, 1U);
		KUNIT_EXPECT_LE(test, icmpctl_rtt_bucket_ns(number), value);
		if (number + 1 < ICMPCTL_RTT_BUCKETS)
			KUNIT_EXPECT_GT(test, icmpctl_rtt_bucket_ns(number + 1), value);
		total += count;
		before = number++;
	}
	KUNIT_EXPECT_EQ(test, total, (u32)ARRAY_SIZE(values));
	icmpctl_hist_free(&hist);
}

/* With two octaves, each of the others is one bucket, wherever it lies. */
static void hist_limit_keeps_ranks(struct kunit *test)
{
	static const u64 values[] = { 5, 1000, 1600, 3000, 1000000 };
	static const u64 middles[] = { 32, 1004, 1536, 2992, 786432 };
	static const u32 spans[] = { 64, 1, 64, 1, 64 };
	struct icmpctl_hist hist = { .limit = 2 };
	u32 number = 0, span, count, i;

	icmpctl_hist_add(&hist, 1000);
	icmpctl_hist_add(&hist, 3000);
	icmpctl_hist_add(&hist, 1000000);
	icmpctl_hist_add(&hist, 5);
	icmpctl_hist_add(&hist, 1600);
	KUNIT_EXPECT_EQ(test, icmpctl_hist_used(&hist), 2U);
	KUNIT_EXPECT_EQ(test, hist.total, 5ULL);
	KUNIT_EXPECT_EQ(test, hist.unbinned, 0ULL);
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		KUNIT_EXPECT_EQ(test, icmpctl_hist_quantile(&hist, 200 * (i + 1)), middles[i]);
		number = icmpctl_hist_next(&hist, number, &span, &count);
		KUNIT_EXPECT_EQ(test, span, spans[i]);
		KUNIT_EXPECT_EQ(test, count, 1U);
		KUNIT_EXPECT_LE(test, icmpctl_rtt_bucket_ns(number), values[i]);
		KUNIT_EXPECT_GT(test, icmpctl_rtt_bucket_ns(number + span), values[i]);
		number += span;
	}
	KUNIT_EXPECT_EQ(test, icmpctl_hist_next(&hist, number, &span, &count),
			(u32)ICMPCTL_RTT_BUCKETS);
	/* Who begins in the middle of such a one has passed it. */
	KUNIT_EXPECT_EQ(test, icmpctl_hist_next(&hist, 1, &span, &count) / ICMPCTL_HIST_SUB, 4U);
	icmpctl_hist_free(&hist);
	KUNIT_EXPECT_PTR_EQ(test, hist.coarse, NULL);
}

static struct kunit_case hist_cases[] = {
	KUNIT_CASE(hist_empty_has_no_quantile),
	KUNIT_CASE(hist_is_exact_below_two_octaves),
	KUNIT_CASE_PARAM(hist_one_value_is_near, power_gen_params),
	KUNIT_CASE(hist_counts_the_greatest_in_the_last_bucket),
	KUNIT_CASE(hist_takes_no_more_than_it_says),
	KUNIT_CASE_PARAM(hist_quantile_is_the_nearest_rank, rank_gen_params),
	KUNIT_CASE(hist_agrees_with_sorting),
	KUNIT_CASE(hist_full_bucket_does_not_wrap),
	KUNIT_CASE(hist_ranks_past_32_bits),
	KUNIT_CASE(hist_total_out_of_step_is_survived),
	KUNIT_CASE(hist_values_without_memory_are_left_out),
	KUNIT_CASE(hist_can_be_used_again_after_free),
	KUNIT_CASE(hist_next_finds_every_value),
	KUNIT_CASE(hist_limit_keeps_ranks),
	{}
};

struct kunit_suite icmpctl_hist_suite = {
	.name = "icmpctl_hist",
	.init = hist_init,
	.exit = hist_exit,
	.test_cases = hist_cases,
};
