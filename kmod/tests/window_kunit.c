// SPDX-License-Identifier: GPL-2.0
/*
 * window_kunit.c - tests of core/window.c
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/prandom.h>

#include "../core/window.h"
#include "suites.h"

#define WIDTH_NS	5000000000ULL
#define BUCKETS		ICMPCTL_WINDOW_BUCKETS

static int window_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct icmpctl_window), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void happen(struct icmpctl_window *window, u64 now_ns, u64 rtt_ns)
{
	struct icmpctl_bucket *bucket = icmpctl_window_now(window, WIDTH_NS, now_ns);

	bucket->count[0]++;
	bucket->count[ICMPCTL_WINDOW_COUNTS - 1] += 2;
	icmpctl_bucket_rtt(bucket, rtt_ns);
}

static void window_empty_has_nothing(struct kunit *test)
{
	struct icmpctl_window_sum sum, zero = {};

	memset(&sum, 0xff, sizeof(sum));
	icmpctl_window_sum(test->priv, WIDTH_NS, U64_MAX, &sum);
	KUNIT_EXPECT_EQ(test, memcmp(&sum, &zero, sizeof(sum)), 0);
}

struct ago {
	const char *name;
	u64 ago_ns;		/* how long ago the one event was */
	u64 n;			/* is it still there? */
	u64 span_ns;
};

static const struct ago agos[] = {
	{ "now", 0, 1, 0 },
	{ "1 ns", 1, 1, 1 },
	{ "in the same bucket", WIDTH_NS - 1, 1, WIDTH_NS - 1 },
	{ "in the bucket before", WIDTH_NS, 1, WIDTH_NS },
	{ "in the oldest", 11 * WIDTH_NS, 1, 11 * WIDTH_NS },
	{ "just before it is past", 12 * WIDTH_NS - 1, 1, 12 * WIDTH_NS - 1 },
	{ "just past", 12 * WIDTH_NS, 0, 11 * WIDTH_NS },
	{ "past by less than a bucket", 13 * WIDTH_NS - 1, 0, 12 * WIDTH_NS - 1 },
	{ "long past", 1000 * WIDTH_NS + 7, 0, 11 * WIDTH_NS + 7 },
	{ "an age ago", 1ULL << 62, 0, 11 * WIDTH_NS + (1ULL << 62) % WIDTH_NS },
};

static void ago_name(const struct ago *ago, char *desc)
{
	strscpy(desc, ago->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(ago, agos, ago_name);

static void window_forgets_in_time(struct kunit *test)
{
	static const u64 begins[] = { 0, 1, WIDTH_NS, 12345678901ULL, 1ULL << 60 };
	const struct ago *ago = test->param_value;
	struct icmpctl_window_sum sum;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(begins); i++) {
		struct icmpctl_window *window = test->priv;

		memset(window, 0, sizeof(*window));
		happen(window, begins[i], 77);
		icmpctl_window_sum(window, WIDTH_NS, begins[i] + ago->ago_ns, &sum);
		KUNIT_EXPECT_EQ(test, sum.count[0], ago->n);
		KUNIT_EXPECT_EQ(test, sum.count[ICMPCTL_WINDOW_COUNTS - 1], 2 * ago->n);
		KUNIT_EXPECT_EQ(test, sum.rtt.n, ago->n);
		KUNIT_EXPECT_EQ(test, sum.rtt.max_ns, 77 * ago->n);
		KUNIT_EXPECT_EQ(test, sum.span_ns, ago->span_ns);
	}
}

/* Of a steady stream the window knows exactly what lies in the span that it tells. */
static void window_of_a_stream(struct kunit *test)
{
	const u64 gap_ns = 100000000, start_ns = 987654321;
	struct icmpctl_window *window = test->priv;
	struct icmpctl_window_sum sum;
	u64 i, now_ns = start_ns;

	for (i = 0; i < 2000; i++) {
		now_ns = start_ns + i * gap_ns;
		happen(window, now_ns, i);
		icmpctl_window_sum(window, WIDTH_NS, now_ns, &sum);
		KUNIT_ASSERT_EQ(test, sum.count[0], sum.span_ns / gap_ns + 1);
		KUNIT_ASSERT_EQ(test, sum.rtt.max_ns, i);
		KUNIT_ASSERT_EQ(test, sum.rtt.min_ns, i - sum.span_ns / gap_ns);
		KUNIT_ASSERT_LE(test, sum.span_ns, BUCKETS * WIDTH_NS);
		if (i * gap_ns >= BUCKETS * WIDTH_NS)
			KUNIT_ASSERT_LE(test, (BUCKETS - 1) * WIDTH_NS, sum.span_ns);
	}
}

/* Two CPUs read the clock and then come in the other order. */
static void window_bears_a_clock_behind(struct kunit *test)
{
	struct icmpctl_window *window = test->priv;
	struct icmpctl_window_sum sum;

	happen(window, 3 * WIDTH_NS, 1);
	happen(window, 4 * WIDTH_NS, 2);
	happen(window, 4 * WIDTH_NS - 1, 3);
	happen(window, 0, 4);
	icmpctl_window_sum(window, WIDTH_NS, 4 * WIDTH_NS - 1, &sum);
	KUNIT_EXPECT_EQ(test, sum.count[0], 4ULL);
	KUNIT_EXPECT_EQ(test, sum.span_ns, WIDTH_NS - 1);
	icmpctl_window_sum(window, WIDTH_NS, 0, &sum);
	KUNIT_EXPECT_EQ(test, sum.count[0], 4ULL);
	KUNIT_EXPECT_EQ(test, sum.span_ns, 0ULL);
}

/* The ends of the number range, and buckets of any width. */
static void window_of_hostile_times(struct kunit *test)
{
	static const u64 widths[] = { 1, 2, 7, WIDTH_NS, 300 * NSEC_PER_SEC, 1ULL << 58 };
	struct icmpctl_window *window = test->priv;
	struct icmpctl_window_sum sum;
	struct rnd_state rnd;
	u32 i, j;

	prandom_seed_state(&rnd, 31);
	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		memset(window, 0, sizeof(*window));
		for (j = 0; j < 1000; j++) {
			u64 now_ns = (u64)prandom_u32_state(&rnd) << (prandom_u32_state(&rnd) % 33);

			if (j % 100 == 99)
				now_ns = U64_MAX - j % 3;
			icmpctl_window_now(window, widths[i], now_ns)->count[0]++;
			icmpctl_window_sum(window, widths[i], now_ns, &sum);
			KUNIT_ASSERT_LE(test, 1ULL, sum.count[0]);
			KUNIT_ASSERT_LE(test, sum.count[0], j + 1ULL);
		}
	}
}

/* All counters and RTTs of 12 buckets that are as full as they can be: n RTTs of n ns. */
static void window_sums_do_not_overflow(struct kunit *test)
{
	const u64 n = U32_MAX;
	struct icmpctl_window *window = test->priv;
	struct icmpctl_window_sum sum;
	u32 i, j;

	for (i = 0; i < BUCKETS; i++) {
		struct icmpctl_bucket *bucket = icmpctl_window_now(window, WIDTH_NS, i * WIDTH_NS);

		for (j = 0; j < ICMPCTL_WINDOW_COUNTS; j++)
			bucket->count[j] = U32_MAX;
		bucket->n = n;
		bucket->min_ns = n;
		bucket->max_ns = n;
		bucket->sum_ns = n * n;
		bucket->squares_hi = icmpctl_wide_mul(n, n * n).hi;
		bucket->squares_lo = icmpctl_wide_mul(n, n * n).lo;
	}
	icmpctl_window_sum(window, WIDTH_NS, BUCKETS * WIDTH_NS - 1, &sum);
	for (j = 0; j < ICMPCTL_WINDOW_COUNTS; j++)
		KUNIT_EXPECT_EQ(test, sum.count[j], BUCKETS * n);
	KUNIT_EXPECT_EQ(test, sum.rtt.n, BUCKETS * n);
	KUNIT_EXPECT_EQ(test, icmpctl_moments_mean_ns(&sum.rtt), n);
	KUNIT_EXPECT_EQ(test, icmpctl_moments_stddev_ns(&sum.rtt), 0ULL);
}

/* A sum that is too great stays at the greatest there is. */
static void bucket_sum_saturates(struct kunit *test)
{
	struct icmpctl_bucket bucket = { .n = 1, .sum_ns = U64_MAX - 10, .min_ns = 5 };

	icmpctl_bucket_rtt(&bucket, 4);
	KUNIT_EXPECT_EQ(test, bucket.sum_ns, U64_MAX - 6);
	icmpctl_bucket_rtt(&bucket, ICMPCTL_MOMENTS_MAX_NS);
	KUNIT_EXPECT_EQ(test, bucket.sum_ns, U64_MAX);
	KUNIT_EXPECT_EQ(test, bucket.n, 3U);
	KUNIT_EXPECT_EQ(test, bucket.min_ns, 4ULL);
	KUNIT_EXPECT_EQ(test, bucket.max_ns, ICMPCTL_MOMENTS_MAX_NS);
}

/* What does not fit stays at the greatest, and goes no further. */
static void window_bucket_sum_saturates(struct kunit *test)
{
	struct icmpctl_bucket bucket = { .n = 1, .min_ns = 5, .max_ns = 5, .sum_ns = U64_MAX - 6 };

	icmpctl_bucket_rtt(&bucket, 5);
	KUNIT_EXPECT_EQ(test, bucket.sum_ns, U64_MAX - 1);
	icmpctl_bucket_rtt(&bucket, 3);
	KUNIT_EXPECT_EQ(test, bucket.sum_ns, U64_MAX);
	KUNIT_EXPECT_EQ(test, bucket.n, 3U);
	KUNIT_EXPECT_EQ(test, bucket.min_ns, 3ULL);
}

/* Likewise the squares, of which no deviation can be made any more. */
static void bucket_squares_saturate(struct kunit *test)
{
	struct icmpctl_window *window = test->priv;
	struct icmpctl_bucket *bucket = icmpctl_window_now(window, WIDTH_NS, 0);
	const u64 rtt_ns = ICMPCTL_MOMENTS_MAX_NS;
	struct icmpctl_window_sum sum;

	bucket->n = BIT(16) - 1;
	bucket->min_ns = rtt_ns;
	bucket->max_ns = rtt_ns;
	bucket->sum_ns = bucket->n * rtt_ns;
	bucket->squares_hi = icmpctl_wide_mul(bucket->sum_ns, rtt_ns).hi;
	bucket->squares_lo = icmpctl_wide_mul(bucket->sum_ns, rtt_ns).lo;
	icmpctl_bucket_rtt(bucket, rtt_ns);
	icmpctl_window_sum(window, WIDTH_NS, 1, &sum);
	KUNIT_EXPECT_EQ(test, icmpctl_moments_stddev_ns(&sum.rtt), 0ULL);
	KUNIT_EXPECT_LT(test, bucket->squares_lo, U64_MAX);
	icmpctl_bucket_rtt(bucket, rtt_ns);
	icmpctl_bucket_rtt(bucket, rtt_ns);
	KUNIT_EXPECT_EQ(test, bucket->squares_hi, U32_MAX);
	KUNIT_EXPECT_EQ(test, bucket->squares_lo, U64_MAX);
	bucket->n = BIT(20);
	bucket->sum_ns = bucket->n * rtt_ns;
	icmpctl_window_sum(window, WIDTH_NS, 1, &sum);
	KUNIT_EXPECT_EQ(test, icmpctl_moments_stddev_ns(&sum.rtt), 0ULL);
}

static struct kunit_case window_cases[] = {
	KUNIT_CASE(window_empty_has_nothing),
	KUNIT_CASE_PARAM(window_forgets_in_time, ago_gen_params),
	KUNIT_CASE(window_of_a_stream),
	KUNIT_CASE(window_bears_a_clock_behind),
	KUNIT_CASE(window_of_hostile_times),
	KUNIT_CASE(window_sums_do_not_overflow),
	KUNIT_CASE(window_bucket_sum_saturates),
	KUNIT_CASE(bucket_sum_saturates),
	KUNIT_CASE(bucket_squares_saturate),
	{}
};

struct kunit_suite icmpctl_window_suite = {
	.name = "icmpctl_window",
	.init = window_init,
	.test_cases = window_cases,
};
