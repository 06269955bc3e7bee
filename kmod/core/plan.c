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
 * @limit: the first that is left out, at least 1; it only comes nearer by this.
 */
void icmpctl_plan_limit(struct icmpctl_plan *plan, u32 limit)
{
	u32 target;

	/* Those that have all their probes were subtracted when they had them. */
	for (target = limit; plan->sent && target < plan->limit; target++)
		if (!plan->rounds || plan->sent[target] < plan->rounds)
			plan->unfinished--;
	plan->limit = min(plan->limit, limit);
}

/**
 * icmpctl_plan_widen() - take targets in again that were left out
 * @plan: a walk without end.
 * @limit: the first that is left out from now on.
 *
 * They are where they would be had they never been left out.
 */
void icmpctl_plan_widen(struct icmpctl_plan *plan, u32 limit)
{
	if (!plan->rounds)
		plan->limit = clamp(limit, plan->limit, plan->targets);
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

/* Take a step to a random target; how far it is behind the one before it. */
static u64 draw(struct icmpctl_plan *plan)
{
	u64 gap_ns = 0;

	plan->done = plan->rounds && !plan->unfinished;
	if (plan->done)
		return plan->interval_ns;
	do {
		/* Events of a target that needs no more probes pass by unused. */
		gap_ns += icmpctl_poisson_gap_ns(&plan->poisson, plan->interval_ns,
						 plan->targets);
		plan->target = icmpctl_poisson_target(&plan->poisson, plan->targets);
	} while (icmpctl_plan_left_out(plan) ||
		 (plan->rounds && plan->sent[plan->target] >= plan->rounds));
	plan->round = plan->sent[plan->target]++;
	if (plan->sent[plan->target] == plan->rounds)
		plan->unfinished--;
	return gap_ns;
}

/**
 * icmpctl_plan_poisson() - make each target's probes a Poisson process
 * @plan: initialised, no step was taken.
 * @seed: the same one makes the same schedule.
 * @sent: as many as there are targets, zeroed; must live as long as @plan.
 *
 * Return: nanoseconds from the start to the first step.
 */
u64 icmpctl_plan_poisson(struct icmpctl_plan *plan, u64 seed, u64 *sent)
{
	icmpctl_poisson_init(&plan->poisson, seed);
	plan->sent = sent;
	plan->unfinished = plan->targets;
	return draw(plan);
}

/**
 * icmpctl_plan_done() - is the walk over
 * @plan: the walk.
 *
 * Return: true when there is no next step.
 */
bool icmpctl_plan_done(const struct icmpctl_plan *plan)
{
	return plan->sent ? plan->done : plan->rounds && plan->round >= plan->rounds;
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

/* Where in its round a target stands. */
static u64 place_ns(const struct icmpctl_plan *plan, u32 target)
{
	if (plan->gap_ns)
		return plan->gap_ns * target;
	return mul_u64_u32_div(plan->interval_ns, target, plan->targets);
}

/*
 * Take the next step of a walk; how far the one behind it is. The gaps of one round
 * add up to the interval exactly, also when it cannot be divided: rounding must not
 * make the schedule drift.
 */
static u64 walk(struct icmpctl_plan *plan)
{
	u64 from_ns = place_ns(plan, plan->target);

	if (++plan->target < plan->limit)
		return place_ns(plan, plan->target) - from_ns;
	plan->target = 0;
	plan->round++;
	return plan->interval_ns - from_ns;
}

/**
 * icmpctl_plan_advance() - take the next step
 * @plan: a plan that is not done.
 *
 * Return: nanoseconds from its place in the schedule to that of the one behind it.
 */
u64 icmpctl_plan_advance(struct icmpctl_plan *plan)
{
	return plan->sent ? draw(plan) : walk(plan);
}
