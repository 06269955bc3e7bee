/* SPDX-License-Identifier: GPL-2.0 */
/*
 * plan.h - which probe comes next, and where in the schedule it stands
 *
 * A plan is a walk over (round x target), a target being an address and a way to
 * probe it: with which TTL, of which flow, of what size. Each command is a plan of
 * its own kind; the engine only ever asks for the next step.
 */
#ifndef _ICMPCTL_CORE_PLAN_H
#define _ICMPCTL_CORE_PLAN_H

#include <linux/types.h>

/**
 * struct icmpctl_plan - a walk over all targets, round after round
 * @targets: how many there are, at least 1.
 * @rounds: rounds to walk; 0: without end.
 * @interval_ns: from one round to the next.
 * @gap_ns: from one target to the next; 0: spread evenly over the interval.
 * @limit: targets from this one on are left out.
 * @target: target of the next step.
 * @round: round of the next step, from 0.
 */
struct icmpctl_plan {
	u32 targets;
	u64 rounds;
	u64 interval_ns;
	u64 gap_ns;
	u32 limit;
	u32 target;
	u64 round;
};

/**
 * struct icmpctl_step - one probe to be sent
 * @target: to whom.
 * @round: the how-manieth to this target, from 0.
 */
struct icmpctl_step {
	u32 target;
	u64 round;
};

void icmpctl_plan_init(struct icmpctl_plan *plan, u32 targets, u64 rounds,
		       u64 interval_ns, u64 gap_ns);
void icmpctl_plan_limit(struct icmpctl_plan *plan, u32 limit);
bool icmpctl_plan_left_out(const struct icmpctl_plan *plan);
bool icmpctl_plan_done(const struct icmpctl_plan *plan);
void icmpctl_plan_peek(const struct icmpctl_plan *plan, struct icmpctl_step *step);
void icmpctl_plan_advance(struct icmpctl_plan *plan);
u64 icmpctl_plan_gap_ns(const struct icmpctl_plan *plan);

#endif /* _ICMPCTL_CORE_PLAN_H */
