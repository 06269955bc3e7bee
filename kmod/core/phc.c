// SPDX-License-Identifier: GPL-2.0
/*
 * phc.c - the clock of a network interface, known by its stamps alone
 *
 * What is kept is an interval in which CLOCK_MONOTONIC's lead over the interface's
 * clock lies. Time moves it by the rate and widens it by what the rate may be off; every
 * probe narrows it again. Two intervals far apart bound the rate. If what a probe says
 * leaves none, somebody set the clock or changed its rate: all but the rate is
 * forgotten.
 */
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "phc.h"

#define SECOND_NS	1000000000LL

/* The rate is taken over marks so far apart, or over this much at least. */
#define MARK_EVERY_NS	SECOND_NS
#define RATE_OVER_NS	(SECOND_NS / 10)

/* After a pause as long as that there is nothing left to go by. */
#define PAUSE_MAX_NS	(1000 * SECOND_NS)

/* Hardware allows for the way through its own parts, and is right by so much. */
#define HAIR_NS		500

/* However well the rate was known: quartz wanders, and NTP slews CLOCK_MONOTONIC. */
#define WANDER_PPB	1000

/*
 * By so much more for each second that it was not looked at, or that it was averaged over: a
 * quartz that becomes a degree warmer or colder in a minute.
 */
#define WANDER_PPB_PER_S	10

/* A mark that is older tells of what the rate was, once there is one to do without it. */
#define MARK_OLD_NS	(64 * SECOND_NS)

/* The best guess of a rate at one end of what it may be, which is at the other. */
#define RATE_ERROR_MAX_PPB	(2 * ICMPCTL_PHC_RATE_ERROR_PPB + WANDER_PPB)

/* So long after the last probe, the first one of somebody else is like the first of all. */
#define ALONE_NS	SECOND_NS

/* A longer error by the rate alone makes an RTT no better than that of other stamps. */
#define RTT_ERROR_MAX_NS	1000

/*
 * A clock that was set back while the probe was on its way makes the stack look slow and
 * the RTT short, by the same. So much of both is neither a slow stack nor a shorter way ...
 */
#define SET_BACK_NS	(100 * 1000LL)

/* ... nor is this much of the one, with or without an RTT to compare the other with. */
#define STACK_MAX_NS	(2000 * 1000LL)
#define STACK_FIRST_NS	(500 * 1000LL)

/* What a rate makes of a time: PAUSE_MAX_NS by some thousand ppm does not overflow. */
static s64 part(s64 ns, s64 ppb)
{
	return div64_s64(ns * ppb, SECOND_NS);
}

/* The lead @lead_ns, @later_ns after it was measured; @side: at least (-1), at most (1). */
static s64 carry(const struct icmpctl_phc *phc, s64 lead_ns, s64 later_ns, int side)
{
	return lead_ns + part(later_ns, phc->rate_ppb) +
	       side * part(later_ns, phc->rate_error_ppb);
}

/* Differences of such instants, and of those, do not overflow. */
static bool sound(u64 ns)
{
	return ns && ns < S64_MAX / 4;
}

static s64 middle(const struct icmpctl_phc_mark *mark)
{
	return mark->low_ns + (mark->high_ns - mark->low_ns) / 2;
}

/* The instant of the latest stamp, on CLOCK_MONOTONIC. */
static u64 latest_ns(const struct icmpctl_phc *phc)
{
	return phc->now.at_ns + middle(&phc->now);
}

/* What a rate may change by in such a time, or by which it may differ from its mean over it. */
static u32 wander_ppb(s64 ns)
{
	return div_u64(clamp(ns, 0LL, PAUSE_MAX_NS), SECOND_NS / WANDER_PPB_PER_S);
}

/* @over_ns: RATE_OVER_NS or more. 1,000 ppm stands for all that is absurd. */
static s64 rate_of(s64 gained_ns, s64 over_ns)
{
	gained_ns = clamp(gained_ns, -over_ns / 1000, over_ns / 1000);
	return div64_s64(gained_ns * 1000, over_ns / 1000000);
}

static void learn_rate(struct icmpctl_phc *phc)
{
	const struct icmpctl_phc_mark *then = &phc->mark[0], *now = &phc->now;
	s64 left_ns = now->left_at_ns - then->left_at_ns;
	s64 over_ns = now->at_ns - then->at_ns;
	s64 least, most, rate, error;

	if (over_ns < RATE_OVER_NS)
		return;
	least = rate_of(now->low_ns - then->high_ns - 2 * HAIR_NS, over_ns);
	most = rate_of(now->high_ns - then->low_ns + 2 * HAIR_NS, over_ns);
	/* Behind a slow stack that says little for long, and no clock is that far off. */
	if (least < ICMPCTL_PHC_RATE_ERROR_PPB && most > -ICMPCTL_PHC_RATE_ERROR_PPB) {
		least = max(least, -ICMPCTL_PHC_RATE_ERROR_PPB);
		most = min(most, ICMPCTL_PHC_RATE_ERROR_PPB);
	}
	/*
	 * The way out is shorter and more even than the way in. Of the instants as the probes
	 * left, since what their flights may have added is not that even.
	 */
	if (left_ns >= RATE_OVER_NS)
		rate = rate_of(now->left_low_ns - then->left_low_ns, left_ns);
	else
		rate = rate_of(now->low_ns - then->low_ns, over_ns);
	rate = clamp(rate, least, most);
	error = max(most - rate, rate - least) + WANDER_PPB + wander_ppb(over_ns);
	if (error > RATE_ERROR_MAX_PPB)
		return;
	phc->rate_ppb = rate;
	phc->rate_error_ppb = error;
}

static void drop_first(struct icmpctl_phc *phc)
{
	phc->marks--;
	memmove(&phc->mark[0], &phc->mark[1], phc->marks * sizeof(phc->mark[0]));
}

static void remember(struct icmpctl_phc *phc, const struct icmpctl_phc_mark *now)
{
	phc->now = *now;
	if (phc->marks && now->at_ns - phc->mark[phc->marks - 1].at_ns < MARK_EVERY_NS)
		return;
	if (phc->marks == ICMPCTL_PHC_MARKS)
		drop_first(phc);
	phc->mark[phc->marks++] = *now;
	while (now->at_ns - phc->mark[0].at_ns > MARK_OLD_NS &&
	       now->at_ns - phc->mark[1].at_ns >= MARK_EVERY_NS)
		drop_first(phc);
}

/* A clock that was set runs on at its rate: that is the best guess, and no more. */
static void forget(struct icmpctl_phc *phc)
{
	phc->known = false;
	phc->marks = 0;
	phc->rate_error_ppb = ICMPCTL_PHC_RATE_ERROR_PPB;
}

/* What a trip says by itself, @at_ns. */
static void bounds(const struct icmpctl_phc *phc, const struct icmpctl_phc_trip *trip, u64 at_ns,
		   struct icmpctl_phc_mark *said)
{
	said->at_ns = at_ns;
	said->low_ns = carry(phc, trip->before_ns - trip->tx_ns, at_ns - trip->tx_ns, -1);
	said->high_ns = carry(phc, trip->after_ns - trip->rx_ns, at_ns - trip->rx_ns, 1);
	said->left_at_ns = trip->tx_ns;
	said->left_low_ns = trip->before_ns - trip->tx_ns;
}

static void start(struct icmpctl_phc *phc, const struct icmpctl_phc_trip *trip)
{
	struct icmpctl_phc_mark said;

	forget(phc);
	bounds(phc, trip, trip->rx_ns, &said);
	phc->known = true;
	remember(phc, &said);
}

/* Was the clock set back while the probe was on its way? */
static bool set_back(const struct icmpctl_phc_trip *trip, s64 late_ns)
{
	s64 flight_ns = trip->rx_ns - trip->tx_ns, short_ns;

	if (!trip->least_ns)
		return late_ns > STACK_FIRST_NS;
	if (late_ns > STACK_MAX_NS)
		return true;
	/* A queue that drains makes RTTs shorter than any before, by no more than they vary. */
	short_ns = 2 * ((s64)trip->usual_ns - (s64)trip->least_ns);
	return late_ns > SET_BACK_NS &&
	       flight_ns < (s64)trip->least_ns - max(short_ns, SET_BACK_NS);
}

/*
 * The first probe of a session, and nobody has looked at the clock for a while? Whatever it
 * was set to meanwhile, it is as good as the first probe of all.
 */
static bool alone(const struct icmpctl_phc *phc, const struct icmpctl_phc_trip *trip)
{
	return !trip->least_ns && (s64)(trip->before_ns - latest_ns(phc)) > ALONE_NS;
}

/* Does the trip fit what is known? If it does, that is narrowed by it. */
static bool fits(struct icmpctl_phc *phc, const struct icmpctl_phc_trip *trip)
{
	u64 at_ns = max(phc->now.at_ns, trip->rx_ns);
	s64 later_ns = at_ns - phc->now.at_ns, late_ns;
	bool is_alone = alone(phc, trip);
	struct icmpctl_phc_mark said, now = phc->now;

	now.at_ns = at_ns;
	phc->rate_error_ppb = min_t(u32, phc->rate_error_ppb + wander_ppb(later_ns),
				    max_t(u32, phc->rate_error_ppb,
					  ICMPCTL_PHC_RATE_ERROR_PPB));
	now.low_ns = carry(phc, now.low_ns, later_ns, -1);
	now.high_ns = carry(phc, now.high_ns, later_ns, 1);
	bounds(phc, trip, at_ns, &said);
	/* Than the quickest way from the wire to the stack that was seen. */
	late_ns = said.high_ns - now.high_ns;
	if (said.low_ns >= now.low_ns) {
		now.low_ns = said.low_ns;
		now.left_at_ns = said.left_at_ns;
		now.left_low_ns = said.left_low_ns;
	}
	now.high_ns = min(now.high_ns, said.high_ns);
	if (now.low_ns > now.high_ns + HAIR_NS) {
		start(phc, trip);
		return is_alone;
	}
	if (now.low_ns > now.high_ns) {
		now.low_ns = middle(&now);
		now.high_ns = now.low_ns;
	}
	remember(phc, &now);
	learn_rate(phc);
	return !set_back(trip, late_ns);
}

/**
 * icmpctl_phc_trip() - learn from the stamps of a probe, and convert them
 * @phc: what is known of the clock of both hardware stamps.
 * @trip: the stamps, from anywhere.
 * @result: <- the hardware's on CLOCK_MONOTONIC.
 *
 * Hardware stamps are refused if the RTT between them does not lie inside that of
 * the others, if the clock was set or its rate changed since the last probe, and if
 * the RTT could be off by more than 1 us since the rate is not yet known. Since the last
 * probe of a session that ended a second ago or more it may have been set.
 *
 * Return: true if there is a result.
 */
bool icmpctl_phc_trip(struct icmpctl_phc *phc, const struct icmpctl_phc_trip *trip,
		      struct icmpctl_phc_result *result)
{
	s64 flight_ns, around_ns, doubt_ns, away_ns, error_ns;

	if (!sound(trip->before_ns) || !sound(trip->tx_ns) || !sound(trip->rx_ns) ||
	    !sound(trip->after_ns))
		return false;
	flight_ns = trip->rx_ns - trip->tx_ns;
	around_ns = trip->after_ns - trip->before_ns;
	if (around_ns <= 0 || around_ns > PAUSE_MAX_NS)
		return false;
	if (!phc->known)
		forget(phc);
	/* On the clock's own scale, so that no flight is too long to be reckoned with. */
	doubt_ns = part(around_ns, phc->rate_error_ppb);
	if (flight_ns <= 0 ||
	    flight_ns > around_ns - part(around_ns, phc->rate_ppb) + doubt_ns + HAIR_NS) {
		forget(phc);
		return false;
	}
	away_ns = trip->rx_ns - phc->now.at_ns;
	if (!phc->known || abs(away_ns) > PAUSE_MAX_NS)
		start(phc, trip);
	else if (!fits(phc, trip))
		return false;
	error_ns = part(flight_ns, phc->rate_error_ppb) + 1;
	if (error_ns > RTT_ERROR_MAX_NS)
		return false;

	away_ns = phc->now.at_ns - trip->rx_ns;
	result->rtt_ns = flight_ns + part(flight_ns, phc->rate_ppb);
	result->rx_ns = trip->rx_ns + middle(&phc->now) - part(away_ns, phc->rate_ppb);
	result->tx_ns = result->rx_ns - result->rtt_ns;
	result->error_ns = error_ns;
	return true;
}

/**
 * icmpctl_phc_error_ns() - how far off a converted stamp may be
 * @phc: what is known of the clock.
 * @now_ns: when, CLOCK_MONOTONIC.
 * @error_ns: <- half the width of the interval that it lies in.
 *
 * Return: false if nothing is known.
 */
bool icmpctl_phc_error_ns(const struct icmpctl_phc *phc, u64 now_ns, u64 *error_ns)
{
	s64 age_ns = now_ns - latest_ns(phc);

	if (!phc->known || age_ns > PAUSE_MAX_NS)
		return false;
	*error_ns = (phc->now.high_ns - phc->now.low_ns) / 2 + HAIR_NS +
		    part(max_t(s64, age_ns, 0), phc->rate_error_ppb + wander_ppb(age_ns));
	return true;
}

/**
 * icmpctl_phc_drift_ppb() - how much faster than CLOCK_MONOTONIC the clock runs
 * @phc: what is known of the clock.
 * @drift_ppb: <- parts in 10^9.
 *
 * Return: false if that is not yet known.
 */
bool icmpctl_phc_drift_ppb(const struct icmpctl_phc *phc, s32 *drift_ppb)
{
	s64 rate_ppb = phc->rate_ppb;

	if (!phc->known || phc->rate_error_ppb >= ICMPCTL_PHC_RATE_ERROR_PPB)
		return false;
	*drift_ppb = part(rate_ppb, rate_ppb) - rate_ppb;
	return true;
}
