// SPDX-License-Identifier: GPL-2.0
/*
 * plan.c - which probe comes next, and where in the schedule it stands
 */
#include <linux/math64.h>
#include <linux/minmax.h>

#include "plan.h"

/**
 * icmpctl_plan_init() - start a walk over all targets
 * @plan: to be filled.
 * @targets: how many targets, at least 1.
 * @rounds: probes for each target; 0: without end.
 * @interval_ns: from one probe of a target to its next.
 * @gap_ns: from one target to the next, at most the interval by the number of
 *	targets; 0: spread them evenly.
 */
void icmpctl_plan_init(struct icmpctl_plan *plan, u32 targets, u64 rounds,
		       u64 interval_ns, u64 gap_ns)
{
	*plan = (struct icmpctl_plan) {
		.targets = targets,
		.rounds = rounds,
		.interval_ns = interval_ns,
		.gap_ns = gap_ns,
		.limit = targets,
	};
}

/**
 * icmpctl_plan_limit() - leave targets out from now on
 * @plan: the walk.
 * @limit: the first that is left out, at least 1; it can only come nearer.
 */
void icmpctl_plan_limit(struct icmpctl_plan *plan, u32 limit)
{
	plan->limit = min(plan->limit, limit);
}

/**
 * icmpctl_plan_left_out() - is the next step to be taken without sending anything
 * @plan: a walk that is not done.
 *
 * Its place in the schedule stays: the next round is where it always was.
 *
 * Return: true if the target was left out since the step before was taken.
 */
bool icmpctl_plan_left_out(const struct icmpctl_plan *plan)
{
	return plan->target >= plan->limit;
}

/**
 * icmpctl_plan_done() - is the walk over
 * @plan: the walk.
 *
 * Return: true when there is no next step.
 */
bool icmpctl_plan_done(const struct icmpctl_plan *plan)
{
	return plan->rounds && plan->round >= plan->rounds;
}

/**
 * icmpctl_plan_peek() - the next step, without taking it
 * @plan: a walk that is not done.
 * @step: <- the probe to be sent next.
 */
void icmpctl_plan_peek(const struct icmpctl_plan *plan, struct icmpctl_step *step)
{
	step->target = plan->target;
	step->round = plan->round;
}

/**
 * icmpctl_plan_advance() - take the next step
 * @plan: a walk that is not done.
 */
void icmpctl_plan_advance(struct icmpctl_plan *plan)
{
	if (++plan->target < plan->limit)
		return;
	plan->target = 0;
	plan->round++;
}

/* Where in its round a target stands. */
static u64 place_ns(const struct icmpctl_plan *plan, u32 target)
{
	if (plan->gap_ns)
		return plan->gap_ns * target;
	return mul_u64_u32_div(plan->interval_ns, target, plan->targets);
}

/**
 * icmpctl_plan_gap_ns() - from the next step to the one behind it
 * @plan: the walk.
 *
 * The gaps of one round add up to the interval exactly, also when it cannot be
 * divided: rounding must not make the schedule drift.
 *
 * Return: nanoseconds.
 */
u64 icmpctl_plan_gap_ns(const struct icmpctl_plan *plan)
{
	u32 next = plan->target + 1;

	return (next < plan->limit ? place_ns(plan, next) : plan->interval_ns) -
	       place_ns(plan, plan->target);
}
