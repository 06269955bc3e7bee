// SPDX-License-Identifier: GPL-2.0
/*
 * plan.c - which probe comes next, and where in the schedule it stands
 */
#include <linux/math64.h>

#include "plan.h"

/**
 * icmpctl_plan_init() - start a walk over all targets
 * @plan: to be filled.
 * @targets: how many targets, at least 1.
 * @rounds: probes for each target; 0: without end.
 * @interval_ns: from one probe of a target to its next.
 */
void icmpctl_plan_init(struct icmpctl_plan *plan, u32 targets, u64 rounds,
		       u64 interval_ns)
{
	*plan = (struct icmpctl_plan) {
		.targets = targets,
		.rounds = rounds,
		.interval_ns = interval_ns,
	};
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
	if (++plan->target < plan->targets)
		return;
	plan->target = 0;
	plan->round++;
}

/**
 * icmpctl_plan_gap_ns() - from the next step to the one behind it
 * @plan: the walk.
 *
 * Targets are spread evenly over the interval. The gaps of one round add up to
 * the interval exactly, also when it cannot be divided: rounding must not make
 * the schedule drift.
 *
 * Return: nanoseconds.
 */
u64 icmpctl_plan_gap_ns(const struct icmpctl_plan *plan)
{
	u64 from = mul_u64_u32_div(plan->interval_ns, plan->target, plan->targets);
	u64 to = mul_u64_u32_div(plan->interval_ns, plan->target + 1, plan->targets);

	return to - from;
}
