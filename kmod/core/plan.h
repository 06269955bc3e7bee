/* SPDX-License-Identifier: GPL-2.0 */
/*
 * plan.h - which probe comes next, and where in the schedule it stands
 *
 * A plan is a walk over (round x target), a target being an address and a way to
 * probe it: with which TTL, of which flow, of what size; or, for a Poisson schedule, a
 * random sequence of targets at random distances in which each target's own probes are
 * a Poisson process (poisson.h). Each command is a plan of its own kind; the engine
 * only ever asks for the next step.
 */
#ifndef _ICMPCTL_CORE_PLAN_H
#define _ICMPCTL_CORE_PLAN_H

#include <linux/types.h>

#include "poisson.h"

/**
 * struct icmpctl_plan - a walk over all targets, round after round, or at random
 * @targets: how many there are, at least 1.
 * @rounds: probes for each of them; 0: without end.
 * @interval_ns: from one probe of a target to its next; at random: on average.
 * @gap_ns: from one target to the next; 0: spread evenly over the interval.
 * @limit: targets from this one on are left out.
 * @target: target of the next step.
 * @round: round of the next step, from 0.
 * @sent: at random: steps up to the next one, that one included, of each target;
 *	NULL: a walk.
 * @unfinished: at random: targets that have further steps behind the next one.
 * @done: at random: there is no next step.
 * @poisson: at random: what is drawn from.
 */
struct icmpctl_plan {
	u32 targets;
	u64 rounds;
	u64 interval_ns;
	u64 gap_ns;
	u32 limit;
	u32 target;
	u64 round;
	u64 *sent;
	u32 unfinished;
	bool done;
	struct icmpctl_poisson poisson;
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
u64 icmpctl_plan_poisson(struct icmpctl_plan *plan, u64 seed, u64 *sent);
void icmpctl_plan_limit(struct icmpctl_plan *plan, u32 limit);
void icmpctl_plan_widen(struct icmpctl_plan *plan, u32 limit);
bool icmpctl_plan_left_out(const struct icmpctl_plan *plan);
bool icmpctl_plan_done(const struct icmpctl_plan *plan);
void icmpctl_plan_peek(const struct icmpctl_plan *plan, struct icmpctl_step *step);
u64 icmpctl_plan_advance(struct icmpctl_plan *plan);

#endif /* _ICMPCTL_CORE_PLAN_H */
