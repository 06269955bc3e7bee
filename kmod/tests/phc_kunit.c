// SPDX-License-Identifier: GPL-2.0
/*
 * phc_kunit.c - tests of core/phc.c
 *
 * An interface's clock is played: it was set to something and runs at a rate of its
 * own. Probes are stamped by it and, before and after that, by CLOCK_MONOTONIC.
 */
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/prandom.h>
#include <linux/time64.h>

#include "../core/phc.h"
#include "suites.h"

#define START_NS	(3600ULL * NSEC_PER_SEC)
#define RTT_NS		(2ULL * NSEC_PER_MSEC)

/**
 * struct played - an interface, and who sends by it
 * @phc: what is made of its stamps.
 * @base_ns: its clock at START_NS.
 * @ppb: how much faster than CLOCK_MONOTONIC it runs.
 * @out_ns: from the driver's stamp to its own, at least.
 * @in_ns: from its own to the stack's, at least.
 * @jitter_ns: up to so much more of either.
 * @random: decides it.
 */
struct played {
	struct icmpctl_phc phc;
	u64 base_ns;
	s64 ppb;
	u32 out_ns;
	u32 in_ns;
	u32 jitter_ns;
	struct rnd_state random;
};

static void play(struct played *p, s64 ahead_ns, s64 ppb)
{
	memset(p, 0, sizeof(*p));
	p->base_ns = START_NS + ahead_ns;
	p->ppb = ppb;
	p->out_ns = 500;
	p->in_ns = 2500;
	prandom_seed_state(&p->random, 1);
}

static u64 clock_at(const struct played *p, u64 mono_ns)
{
	s64 since_ns = mono_ns - START_NS;

	return p->base_ns + since_ns + div64_s64(since_ns * p->ppb, NSEC_PER_SEC);
}

static u32 jitter(struct played *p)
{
	return p->jitter_ns ? prandom_u32_state(&p->random) % p->jitter_ns : 0;
}

static void stamps(struct played *p, u64 sent_ns, u64 rtt_ns, struct icmpctl_phc_trip *trip)
{
	trip->before_ns = sent_ns - p->out_ns - jitter(p);
	trip->tx_ns = clock_at(p, sent_ns);
	trip->rx_ns = clock_at(p, sent_ns + rtt_ns);
	trip->after_ns = sent_ns + rtt_ns + p->in_ns + jitter(p);
	trip->least_ns = 0;
	trip->usual_ns = 0;
}

/* A probe that left at @sent_ns; true if its hardware stamps were taken. */
static bool probe(struct played *p, u64 sent_ns, u64 rtt_ns, struct icmpctl_phc_result *result)
{
	struct icmpctl_phc_trip trip;

	stamps(p, sent_ns, rtt_ns, &trip);
	return icmpctl_phc_trip(&p->phc, &trip, result);
}

static u64 off(u64 a, u64 b)
{
	return a > b ? a - b : b - a;
}

struct quartz {
	const char *name;
	s64 ahead_ns;
	s64 ppb;
	u64 every_ns;
	u64 rtt_ns;
	u64 after_ns;
	u32 jitter_ns;
	u32 within_ns;
};

static const struct quartz quartzes[] = {
	{ "the same", 0, 0, 10 * NSEC_PER_MSEC, RTT_NS, NSEC_PER_SEC, 0, 1 },
	{ "1000 s ahead, 50 ppm fast", 1000LL * NSEC_PER_SEC, 50000, 10 * NSEC_PER_MSEC,
	  RTT_NS, NSEC_PER_SEC / 2, 0, 2 },
	{ "behind, 90 ppm slow", -1000LL * NSEC_PER_SEC, -90000, 10 * NSEC_PER_MSEC,
	  RTT_NS, NSEC_PER_SEC / 2, 0, 2 },
	{ "of 1970 + 50 years", 50LL * 365 * 86400 * NSEC_PER_SEC, 12345, NSEC_PER_SEC,
	  RTT_NS, 2 * NSEC_PER_SEC, 0, 2 },
	{ "many in flight", 1000LL * NSEC_PER_SEC, -50000, 10 * NSEC_PER_MSEC,
	  300 * NSEC_PER_MSEC, 20 * NSEC_PER_SEC, 0, 50 },
	{ "uneven stack", 1000LL * NSEC_PER_SEC, 50000, 10 * NSEC_PER_MSEC, RTT_NS,
	  NSEC_PER_SEC, 20000, 50 },
	{ "once a minute", 0, 20000, 60ULL * NSEC_PER_SEC, RTT_NS, 2 * NSEC_PER_SEC, 1000, 2 },
};

static void quartz_name(const struct quartz *quartz, char *desc)
{
	strscpy(desc, quartz->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(quartz, quartzes, quartz_name);

/* After so long every RTT is right, and stamps as near as is said. */
static void phc_follows_a_clock(struct kunit *test)
{
	const struct quartz *q = test->param_value;
	struct icmpctl_phc_result result;
	u64 error_ns, worst_ns = 0;
	struct played p;
	u32 i, taken = 0;
	s32 drift_ppb;

	play(&p, q->ahead_ns, q->ppb);
	p.jitter_ns = q->jitter_ns;
	for (i = 0; i < 3000; i++) {
		u64 sent_ns = START_NS + i * q->every_ns;

		if (!probe(&p, sent_ns, q->rtt_ns, &result))
			continue;
		if (i * q->every_ns < q->after_ns)
			continue;
		taken++;
		KUNIT_ASSERT_TRUE(test, icmpctl_phc_error_ns(&p.phc, sent_ns + q->rtt_ns,
							     &error_ns));
		KUNIT_ASSERT_LE(test, off(result.tx_ns, sent_ns), error_ns);
		KUNIT_ASSERT_LE(test, off(result.rx_ns, sent_ns + q->rtt_ns), error_ns);
		KUNIT_ASSERT_LE(test, off(result.rtt_ns, q->rtt_ns), (u64)result.error_ns);
		worst_ns = max(worst_ns, off(result.rtt_ns, q->rtt_ns));
	}
	KUNIT_EXPECT_LE(test, worst_ns, (u64)q->within_ns);
	KUNIT_EXPECT_GE(test, taken, 3000 - (u32)(q->after_ns / q->every_ns) - 1);
	KUNIT_ASSERT_TRUE(test, icmpctl_phc_drift_ppb(&p.phc, &drift_ppb));
	KUNIT_EXPECT_LE(test, abs(drift_ppb - q->ppb), 10000);
}

/* Before the rate is known: short RTTs, and none that may be off by more than 1 us. */
static void phc_is_careful_at_first(struct kunit *test)
{
	struct icmpctl_phc_result result;
	struct played p;
	s32 drift_ppb;

	play(&p, NSEC_PER_SEC, 100000);
	KUNIT_EXPECT_TRUE(test, probe(&p, START_NS, RTT_NS, &result));
	KUNIT_EXPECT_LE(test, off(result.rtt_ns, RTT_NS), 200ULL);
	/* And says how much that may be. */
	KUNIT_EXPECT_EQ(test, result.error_ns, 201U);
	KUNIT_EXPECT_FALSE(test, icmpctl_phc_drift_ppb(&p.phc, &drift_ppb));
	play(&p, NSEC_PER_SEC, 100000);
	KUNIT_EXPECT_FALSE(test, probe(&p, START_NS, 20 * NSEC_PER_MSEC, &result));
}

/* A slow stack narrows nothing, and a slow way out is what hardware stamps are for. */
static void phc_bears_delays(struct kunit *test)
{
	struct icmpctl_phc_result result;
	struct played p;
	u32 i;

	play(&p, -5, -30000);
	for (i = 0; i < 300; i++) {
		bool slow = i % 10 == 9;

		p.out_ns = slow ? 3 * NSEC_PER_MSEC : 500;
		p.in_ns = slow ? 400 * NSEC_PER_USEC : 2500;
		KUNIT_ASSERT_TRUE(test, probe(&p, START_NS + i * 10 * NSEC_PER_MSEC, RTT_NS,
					      &result));
		if (i > 20)
			KUNIT_ASSERT_LE(test, off(result.rtt_ns, RTT_NS), 5ULL);
	}
}

/* An RTT that is as long as others is no sign of a clock that was set back. */
static void phc_bears_a_slower_stack(struct kunit *test)
{
	struct icmpctl_phc_result result;
	struct icmpctl_phc_trip trip;
	struct played p;
	u32 i;

	play(&p, NSEC_PER_SEC, 50000);
	for (i = 0; i < 300; i++) {
		p.in_ns = i % 10 == 9 ? 1800 * NSEC_PER_USEC : 2500;
		stamps(&p, START_NS + i * 10 * NSEC_PER_MSEC, RTT_NS + i % 7 * 1000, &trip);
		trip.least_ns = i ? RTT_NS : 0;
		KUNIT_ASSERT_TRUE(test, icmpctl_phc_trip(&p.phc, &trip, &result));
	}
	/* Nothing to compare it with, or no stack is that slow. */
	stamps(&p, START_NS + 4 * NSEC_PER_SEC, RTT_NS, &trip);
	trip.after_ns += 600 * NSEC_PER_USEC;
	KUNIT_EXPECT_FALSE(test, icmpctl_phc_trip(&p.phc, &trip, &result));
	stamps(&p, START_NS + 5 * NSEC_PER_SEC, RTT_NS, &trip);
	trip.after_ns += 2100 * NSEC_PER_USEC;
	trip.least_ns = RTT_NS;
	KUNIT_EXPECT_FALSE(test, icmpctl_phc_trip(&p.phc, &trip, &result));
}

/* Nor is one that is shorter than any before, where RTTs vary: a queue drains. */
static void phc_bears_a_draining_queue(struct kunit *test)
{
	struct icmpctl_phc_result result;
	struct icmpctl_phc_trip trip;
	u64 rtt_ns = 8 * NSEC_PER_MSEC;
	struct played p;
	u32 i;

	play(&p, NSEC_PER_SEC, 50000);
	for (i = 0; i < 60; i++) {
		if (i >= 40) {
			rtt_ns -= 110 * NSEC_PER_USEC;
			p.in_ns = 300 * NSEC_PER_USEC;
		}
		stamps(&p, START_NS + i * 10 * NSEC_PER_MSEC, rtt_ns, &trip);
		trip.least_ns = i ? rtt_ns + 110 * NSEC_PER_USEC : 0;
		trip.usual_ns = trip.least_ns + 60 * NSEC_PER_USEC;
		KUNIT_ASSERT_TRUE(test, icmpctl_phc_trip(&p.phc, &trip, &result));
	}
	/* By more than they vary. */
	trip.rx_ns -= 200 * NSEC_PER_USEC;
	KUNIT_EXPECT_FALSE(test, icmpctl_phc_trip(&p.phc, &trip, &result));
}

/* A stack that is never quick bounds the rate badly, and the driver still tells it. */
static void phc_guesses_behind_a_slow_stack(struct kunit *test)
{
	struct icmpctl_phc_result result;
	struct played p;
	u32 i;

	play(&p, 1000LL * NSEC_PER_SEC, 50000);
	for (i = 0; i < 100; i++) {
		p.in_ns = 60000 + prandom_u32_state(&p.random) % 100000;
		KUNIT_ASSERT_TRUE(test, probe(&p, START_NS + i * 10 * NSEC_PER_MSEC,
					      5 * NSEC_PER_MSEC - 10000, &result));
		KUNIT_ASSERT_LE(test, off(result.rtt_ns, 5 * NSEC_PER_MSEC - 10000),
				i < 12 ? 251ULL : 25ULL);
	}
}

#define PAUSED_RTT_NS	(8 * NSEC_PER_MSEC)

struct pause {
	const char *name;
	u64 pause_ns;
	s64 by_ns;
	s64 then_ppb;
	u32 within_ns;
	u32 error_max_ns;
	u32 settled;
};

static const struct pause pauses[] = {
	{ "at once", NSEC_PER_MSEC, 0, 50000, 5, 30, 0 },
	{ "a minute", 60ULL * NSEC_PER_SEC, 0, 50000, 5, 30, 0 },
	{ "a quarter of an hour", 900ULL * NSEC_PER_SEC, 0, 50000, 5, 100, 0 },
	{ "a quarter of an hour, warmer", 900ULL * NSEC_PER_SEC, 0, 55000, 50, 100, 112 },
	{ "half an hour", 1800ULL * NSEC_PER_SEC, 0, 50000, 5, 1000, 0 },
	{ "set ahead", 60ULL * NSEC_PER_SEC, 3600LL * NSEC_PER_SEC, 50000, 5, 1000, 0 },
	{ "set back", 60ULL * NSEC_PER_SEC, -2000LL * NSEC_PER_SEC, 50000, 5, 1000, 0 },
	{ "set back a little", 60ULL * NSEC_PER_SEC, -30LL * NSEC_PER_SEC, 50000, 5, 1000, 0 },
	{ "slewed", 60ULL * NSEC_PER_SEC, 0, -30000, 650, 1000, 12 },
};

static void pause_name(const struct pause *pause, char *desc)
{
	strscpy(desc, pause->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(pause, pauses, pause_name);

/* From @mono_ns on it runs at another rate. */
static void change_rate(struct played *p, u64 mono_ns, s64 ppb)
{
	s64 since_ns = mono_ns - START_NS;

	p->base_ns = clock_at(p, mono_ns) - since_ns - div64_s64(since_ns * ppb, NSEC_PER_SEC);
	p->ppb = ppb;
}

/* Another session, later: from its first probe on RTTs are no further off than is said. */
static void phc_is_kept(struct kunit *test)
{
	const struct pause *q = test->param_value;
	u64 error_ns, sent_ns = START_NS;
	struct icmpctl_phc_result result;
	struct icmpctl_phc_trip trip;
	struct played p;
	u32 i;

	play(&p, 1000LL * NSEC_PER_SEC, 50000);
	for (i = 0; i < 300; i++, sent_ns += 10 * NSEC_PER_MSEC) {
		stamps(&p, sent_ns, RTT_NS, &trip);
		trip.least_ns = i ? RTT_NS : 0;
		KUNIT_ASSERT_TRUE(test, icmpctl_phc_trip(&p.phc, &trip, &result));
	}
	change_rate(&p, sent_ns + q->pause_ns / 2, q->then_ppb);
	p.base_ns += q->by_ns;
	sent_ns += q->pause_ns;
	for (i = 0; i < 300; i++, sent_ns += 10 * NSEC_PER_MSEC) {
		stamps(&p, sent_ns, PAUSED_RTT_NS, &trip);
		trip.least_ns = i ? PAUSED_RTT_NS : 0;
		KUNIT_ASSERT_TRUE(test, icmpctl_phc_trip(&p.phc, &trip, &result));
		KUNIT_ASSERT_LE(test, off(result.rtt_ns, PAUSED_RTT_NS), (u64)result.error_ns);
		KUNIT_ASSERT_LE(test, off(result.rtt_ns, PAUSED_RTT_NS),
				i < q->settled ? (u64)q->within_ns : 5ULL);
		if (!i)
			KUNIT_EXPECT_LE(test, result.error_ns, q->error_max_ns);
		KUNIT_ASSERT_TRUE(test, icmpctl_phc_error_ns(&p.phc, sent_ns + PAUSED_RTT_NS,
							     &error_ns));
		KUNIT_ASSERT_LE(test, off(result.rx_ns, sent_ns + PAUSED_RTT_NS), error_ns);
	}
	KUNIT_EXPECT_LE(test, result.error_ns, 30U);
}

/* A clock that was set while others had probes under way costs the first one its stamps. */
static void phc_is_kept_by_others(struct kunit *test)
{
	struct icmpctl_phc_result result;
	struct icmpctl_phc_trip trip;
	u64 sent_ns = START_NS;
	struct played p;
	u32 i;

	play(&p, 0, 50000);
	for (i = 0; i < 100; i++, sent_ns += 10 * NSEC_PER_MSEC)
		KUNIT_ASSERT_TRUE(test, probe(&p, sent_ns, RTT_NS, &result));
	p.base_ns -= 30 * NSEC_PER_USEC;
	stamps(&p, sent_ns, RTT_NS, &trip);
	KUNIT_EXPECT_FALSE(test, icmpctl_phc_trip(&p.phc, &trip, &result));
}

struct step {
	const char *name;
	s64 by_ns;
};

static const struct step steps[] = {
	{ "1 h ahead", 3600LL * NSEC_PER_SEC },
	{ "1 h back", -3500LL * NSEC_PER_SEC },
	{ "1 ms ahead", NSEC_PER_MSEC },
	{ "1 ms back", -1LL * NSEC_PER_MSEC },
	{ "200 us back", -200000 },
	{ "20 us ahead", 20000 },
	{ "20 us back", -20000 },
	{ "2 us ahead", 2000 },
	{ "2 us back", -2000 },
};

static void step_name(const struct step *step, char *desc)
{
	strscpy(desc, step->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(step, steps, step_name);

/* Between two probes: one falls back at most, and no RTT is wrong. */
static void phc_sees_a_step(struct kunit *test)
{
	const struct step *step = test->param_value;
	struct icmpctl_phc_result result;
	struct played p;
	u32 i, refused = 0;

	play(&p, 0, 50000);
	for (i = 0; i < 400; i++) {
		if (i == 200)
			p.base_ns += step->by_ns;
		if (!probe(&p, START_NS + i * 10 * NSEC_PER_MSEC, RTT_NS, &result))
			refused++;
		else if (i > 20)
			KUNIT_ASSERT_LE(test, off(result.rtt_ns, RTT_NS), 50ULL);
	}
	KUNIT_EXPECT_LE(test, refused, 1U);
}

/* While a probe is on its way: what is not refused is wrong by no more than a delay. */
static void phc_sees_a_step_in_flight(struct kunit *test)
{
	const struct step *step = test->param_value;
	struct icmpctl_phc_result result;
	struct icmpctl_phc_trip trip;
	struct played p;
	u32 i, refused = 0;

	play(&p, 0, 50000);
	for (i = 0; i < 400; i++) {
		stamps(&p, START_NS + i * 10 * NSEC_PER_MSEC, RTT_NS, &trip);
		trip.least_ns = i ? RTT_NS : 0;
		if (i == 200) {
			p.base_ns += step->by_ns;
			trip.rx_ns += step->by_ns;
		}
		if (!icmpctl_phc_trip(&p.phc, &trip, &result))
			refused++;
		else if (i == 200)
			KUNIT_ASSERT_LE(test, off(result.rtt_ns, RTT_NS), 20100ULL);
		else if (i > 20)
			KUNIT_ASSERT_LE(test, off(result.rtt_ns, RTT_NS), 50ULL);
	}
	KUNIT_EXPECT_LE(test, refused, 2U);
	if (abs(step->by_ns) >= 200000)
		KUNIT_EXPECT_GE(test, refused, 1U);
}

/* Its rate is changed by 80 ppm at once: it falls back, and finds the new rate. */
static void phc_sees_another_rate(struct kunit *test)
{
	struct icmpctl_phc_result result;
	u32 i, refused = 0;
	struct played p;

	play(&p, 0, 60000);
	for (i = 0; i < 3000; i++) {
		u64 sent_ns = START_NS + i * 10 * NSEC_PER_MSEC;

		if (i == 1000)
			change_rate(&p, sent_ns, -20000);
		if (!probe(&p, sent_ns, RTT_NS, &result))
			refused++;
		else
			KUNIT_ASSERT_LE(test, off(result.rtt_ns, RTT_NS),
					i < 1200 ? 200ULL : 10ULL);
	}
	KUNIT_EXPECT_LE(test, refused, 10U);
}

/* Whatever comes: no RTT that is not inside that of the others, and nothing breaks. */
static void phc_bears_anything(struct kunit *test)
{
	static const u64 odd[] = {
		0, 1, 2, NSEC_PER_SEC, START_NS, START_NS + 1, S64_MAX / 4 - 1, S64_MAX / 4,
		S64_MAX - 1, S64_MAX, 1ULL << 63, U64_MAX - 1, U64_MAX,
	};
	struct icmpctl_phc_result result;
	struct icmpctl_phc_trip trip;
	struct icmpctl_phc phc = {};
	struct rnd_state random;
	u64 *field[] = {
		&trip.before_ns, &trip.tx_ns, &trip.rx_ns, &trip.after_ns, &trip.least_ns,
		&trip.usual_ns,
	};
	u64 error_ns;
	s32 drift_ppb;
	u32 i, j;

	prandom_seed_state(&random, 2);
	for (i = 0; i < 200000; i++) {
		for (j = 0; j < ARRAY_SIZE(field); j++) {
			u32 draw = prandom_u32_state(&random);

			*field[j] = odd[draw % ARRAY_SIZE(odd)];
			if (draw & BIT(20))
				*field[j] += prandom_u32_state(&random);
			if (draw & BIT(21))
				*field[j] = (u64)prandom_u32_state(&random) << 30 | draw;
		}
		if (icmpctl_phc_trip(&phc, &trip, &result)) {
			KUNIT_ASSERT_GT(test, result.rtt_ns, 0ULL);
			KUNIT_ASSERT_LE(test, result.rtt_ns,
					trip.after_ns - trip.before_ns + 2000);
			KUNIT_ASSERT_EQ(test, result.rx_ns - result.tx_ns, result.rtt_ns);
		}
		icmpctl_phc_error_ns(&phc, trip.after_ns, &error_ns);
		icmpctl_phc_drift_ppb(&phc, &drift_ppb);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(phc_follows_a_clock, quartz_gen_params),
	KUNIT_CASE(phc_is_careful_at_first),
	KUNIT_CASE(phc_bears_delays),
	KUNIT_CASE(phc_bears_a_slower_stack),
	KUNIT_CASE(phc_bears_a_draining_queue),
	KUNIT_CASE(phc_guesses_behind_a_slow_stack),
	KUNIT_CASE_PARAM(phc_is_kept, pause_gen_params),
	KUNIT_CASE(phc_is_kept_by_others),
	KUNIT_CASE_PARAM(phc_sees_a_step, step_gen_params),
	KUNIT_CASE_PARAM(phc_sees_a_step_in_flight, step_gen_params),
	KUNIT_CASE(phc_sees_another_rate),
	KUNIT_CASE(phc_bears_anything),
	{}
};

struct kunit_suite icmpctl_phc_suite = {
	.name = "icmpctl_phc",
	.test_cases = cases,
};
