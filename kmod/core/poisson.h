/* SPDX-License-Identifier: GPL-2.0 */
/*
 * poisson.h - random gaps, so that sampling cannot fall into step with anything
 *
 * RFC 2330, 11.1.1: with gaps that are independent and exponentially distributed,
 * the instants of sampling are a Poisson process: unbiased, also where what is
 * measured has a period of its own, and not to be foreseen.
 *
 * Several targets: processes of one rate each, seen together, are one process of all
 * the rates together whose every event belongs to a target chosen at random, without
 * memory (superposition and colouring theorems: J. F. C. Kingman, Poisson Processes,
 * 1993, 2.2 and 5.1). So one gap and one choice a probe make each target's own stream
 * a Poisson process, independent of the others'; gaps over a walk would not (each
 * target's would be Erlang-distributed, nearly periodic with many targets).
 *
 * The generator is SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, Fast Splittable
 * Pseudorandom Number Generators, OOPSLA 2014): any seed is good, its period is 2^64.
 * It is for sampling, not for secrets.
 */
#ifndef _ICMPCTL_CORE_POISSON_H
#define _ICMPCTL_CORE_POISSON_H

#include <linux/types.h>

/* The longest gap is so many means: 64 ln 2, rounded up. */
#define ICMPCTL_POISSON_MEANS_MAX	45

/**
 * struct icmpctl_poisson - the generator
 * @state: of SplitMix64.
 */
struct icmpctl_poisson {
	u64 state;
};

void icmpctl_poisson_init(struct icmpctl_poisson *poisson, u64 seed);
u64 icmpctl_poisson_gap_ns(struct icmpctl_poisson *poisson, u64 interval_ns, u32 targets);
u32 icmpctl_poisson_target(struct icmpctl_poisson *poisson, u32 targets);
u64 icmpctl_poisson_exponential(u64 random);

#endif /* _ICMPCTL_CORE_POISSON_H */
