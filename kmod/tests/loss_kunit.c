// SPDX-License-Identifier: GPL-2.0
/*
 * loss_kunit.c - tests of core/loss.c
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/prandom.h>

#include "../core/loss.h"
#include "suites.h"

struct pattern {
	const char *name;
	const char *probes;	/* . answered, x lost */
	u64 lost;
	u64 episodes;
	u64 run_max;
	u64 answered_run_max;
	u64 gap_min;
	u64 gap_sum;
};

static const struct pattern patterns[] = {
	/*
	 * The example of RFC 3357: packets 2, 5, 7, 9 and 10 of ten are lost; the lengths
	 * of the loss periods are 1, 1, 1, 2, the inter-loss-period lengths 3, 2, 2.
	 */
	{ "RFC 3357", ".x..x.x.xx", 5, 4, 2, 2, 2, 7 },
	{ "none sent", "", 0, 0, 0, 0, 0, 0 },
	{ "one answered", ".", 0, 0, 0, 1, 0, 0 },
	{ "one lost", "x", 1, 1, 1, 0, 0, 0 },
	{ "all answered", "......", 0, 0, 0, 6, 0, 0 },
	{ "all lost", "xxxxxx", 6, 1, 6, 0, 0, 0 },
	{ "the first", "x.....", 1, 1, 1, 5, 0, 0 },
	{ "the last", ".....x", 1, 1, 1, 5, 0, 0 },
	{ "first and last", "x....x", 2, 2, 1, 4, 5, 5 },
	{ "every other", "x.x.x.x", 4, 4, 1, 1, 2, 6 },
	{ "a burst", "...xxxx...", 4, 1, 4, 3, 0, 0 },
	{ "the gaps widen", "xx.xx..xx...x", 7, 4, 2, 3, 2, 9 },
	{ "the gaps narrow", "x...x..x.x", 4, 4, 1, 3, 2, 9 },
	{ "the longest run is the first", "xxx.x.xx", 6, 3, 3, 1, 2, 4 },
};

static void pattern_name(const struct pattern *pattern, char *desc)
{
	strscpy(desc, pattern->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(pattern, patterns, pattern_name);

static void expect_pattern(struct kunit *test, const struct icmpctl_loss *loss,
			   const struct pattern *want)
{
	KUNIT_EXPECT_EQ(test, loss->lost, want->lost);
	KUNIT_EXPECT_EQ(test, loss->episodes, want->episodes);
	KUNIT_EXPECT_EQ(test, loss->run_max, want->run_max);
	KUNIT_EXPECT_EQ(test, loss->answered_run_max, want->answered_run_max);
	KUNIT_EXPECT_EQ(test, loss->gap_min, want->gap_min);
	KUNIT_EXPECT_EQ(test, loss->gap_sum, want->gap_sum);
}

static void loss_of_a_pattern(struct kunit *test)
{
	const struct pattern *pattern = test->param_value;
	struct icmpctl_loss loss = {};
	const char *c;

	for (c = pattern->probes; *c; c++)
		icmpctl_loss_add(&loss, *c == 'x');
	KUNIT_EXPECT_EQ(test, loss.probes, strlen(pattern->probes));
	expect_pattern(test, &loss, pattern);
}

/* Far beyond 16 and 32 bits, nothing is different: the counters are 64 bits wide. */
static void loss_after_many_probes(struct kunit *test)
{
	static const u64 befores[] = { 65534, U32_MAX - 1ULL, 1000000000, 1ULL << 62 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(befores); i++) {
		u64 before = befores[i];
		/* All answered so far, but for one at the very beginning. */
		struct icmpctl_loss loss = {
			.probes = before + 1,
			.lost = 1,
			.episodes = 1,
			.run = before,
			.run_max = 1,
			.answered_run_max = before,
		};

		icmpctl_loss_add(&loss, false);
		icmpctl_loss_add(&loss, true);
		icmpctl_loss_add(&loss, true);
		icmpctl_loss_add(&loss, false);
		KUNIT_EXPECT_EQ(test, loss.probes, before + 5);
		KUNIT_EXPECT_EQ(test, loss.lost, 3ULL);
		KUNIT_EXPECT_EQ(test, loss.episodes, 2ULL);
		KUNIT_EXPECT_EQ(test, loss.run_max, 2ULL);
		KUNIT_EXPECT_EQ(test, loss.answered_run_max, before + 1);
		KUNIT_EXPECT_EQ(test, loss.gap_min, before + 2);
		KUNIT_EXPECT_EQ(test, loss.gap_sum, before + 2);
	}
}

/* Held against a count over the whole sequence, which is another way to get there. */
static void loss_of_noise(struct kunit *test)
{
	const u32 n = 2000;
	struct rnd_state rnd;
	u32 round, i;
	u8 *lost;

	lost = kunit_kzalloc(test, n + 2, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, lost);
	prandom_seed_state(&rnd, 11);
	for (round = 0; round < 50; round++) {
		u32 share = prandom_u32_state(&rnd) % 100;
		struct pattern want = {};
		struct icmpctl_loss loss = {};
		u32 last = 0;

		for (i = 1; i <= n; i++) {
			lost[i] = prandom_u32_state(&rnd) % 100 < share;
			icmpctl_loss_add(&loss, lost[i]);
		}
		for (i = 1; i <= n; i++) {
			u32 end = i;

			while (end < n && lost[end + 1] == lost[i])
				end++;
			if (lost[i]) {
				want.lost += end - i + 1;
				want.run_max = max_t(u64, want.run_max, end - i + 1);
				if (want.episodes++) {
					want.gap_sum += i - last;
					want.gap_min = want.episodes == 2 ? i - last :
						       min_t(u64, want.gap_min, i - last);
				}
				last = end;
			} else {
				want.answered_run_max = max_t(u64, want.answered_run_max,
							      end - i + 1);
			}
			i = end;
		}
		expect_pattern(test, &loss, &want);
	}
}

static struct kunit_case loss_cases[] = {
	KUNIT_CASE_PARAM(loss_of_a_pattern, pattern_gen_params),
	KUNIT_CASE(loss_after_many_probes),
	KUNIT_CASE(loss_of_noise),
	{}
};

struct kunit_suite icmpctl_loss_suite = {
	.name = "icmpctl_loss",
	.test_cases = loss_cases,
};
