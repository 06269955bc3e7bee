// SPDX-License-Identifier: GPL-2.0
/*
 * pace.c - when the next probe is sent
 */
#include <linux/math64.h>
#include <linux/minmax.h>

#include "pace.h"

/**
 * icmpctl_pace_init() - begin a schedule
 * @pace: to be filled.
 * @start_ns: when the first probe is planned, CLOCK_MONOTONIC.
 */
void icmpctl_pace_init(struct icmpctl_pace *pace, u64 start_ns)
{
	*pace = (struct icmpctl_pace) { .planned_ns = start_ns };
}

/**
 * icmpctl_pace_due_ns() - the earliest instant at which the next probe may leave
 * @pace: the schedule.
 *
 * That is its planned instant, but a schedule that is behind is caught up with at
 * no more than twice its rate.
 *
 * Return: CLOCK_MONOTONIC in ns.
 */
u64 icmpctl_pace_due_ns(const struct icmpctl_pace *pace)
{
	if (!pace->sent_ns)
		return pace->planned_ns;
	return max(pace->planned_ns, pace->due_from_ns + pace->gap_ns / 2);
}

/**
 * icmpctl_pace_sent() - go on to the next place in the schedule
 * @pace: the schedule.
 * @now_ns: when the probe was sent.
 * @gap_ns: to the next probe's place; 0 is taken as 1.
 *
 * If the next place is further behind than ICMPCTL_PACE_LAG_MAX_NS, all that are
 * past are left out; those to come stand where they always stood. Of random gaps the
 * schedule is moved by as many means instead: it has no memory to lose.
 *
 * Return: how many places were left out.
 */
u64 icmpctl_pace_sent(struct icmpctl_pace *pace, u64 now_ns, u64 gap_ns)
{
	u64 due_ns = icmpctl_pace_due_ns(pace);
	u64 lag_ns, place_ns, skipped;

	gap_ns = max(gap_ns, 1ULL);
	pace->due_from_ns = now_ns;
	if (gap_ns < 2 * ICMPCTL_PACE_CREDIT_NS && due_ns < now_ns)
		pace->due_from_ns = max(due_ns, now_ns - ICMPCTL_PACE_CREDIT_NS);
	pace->sent_ns = now_ns;
	pace->gap_ns = gap_ns;
	pace->planned_ns += gap_ns;
	if (now_ns <= pace->planned_ns)
		return 0;
	lag_ns = now_ns - pace->planned_ns;
	if (lag_ns <= ICMPCTL_PACE_LAG_MAX_NS)
		return 0;
	place_ns = pace->mean_ns ?: gap_ns;
	skipped = div64_u64(lag_ns, place_ns);
	pace->planned_ns += skipped * place_ns;
	return skipped;
}

/**
 * icmpctl_pace_leave_out() - go on to the next place without sending
 * @pace: the schedule.
 * @gap_ns: to the next place.
 */
void icmpctl_pace_leave_out(struct icmpctl_pace *pace, u64 gap_ns)
{
	pace->planned_ns += gap_ns;
}

/**
 * icmpctl_pace_pull() - plan the next probe for as soon as it may be sent
 * @pace: the schedule.
 * @now_ns: the present.
 * @gap_min_ns: least distance to the probe before it.
 *
 * For sessions that send on every answer. A probe that is already due stays so.
 */
void icmpctl_pace_pull(struct icmpctl_pace *pace, u64 now_ns, u64 gap_min_ns)
{
	u64 soon_ns = max(now_ns, pace->sent_ns + gap_min_ns);

	if (soon_ns >= pace->planned_ns)
		return;
	pace->planned_ns = soon_ns;
	pace->due_from_ns = pace->sent_ns;
	pace->gap_ns = gap_min_ns;
}
