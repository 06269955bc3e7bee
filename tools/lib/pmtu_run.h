/* SPDX-License-Identifier: GPL-2.0 */
/* Searches a path MTU, and the hop where it narrows. */
#ifndef ICMPCTL_PMTU_RUN_H
#define ICMPCTL_PMTU_RUN_H

#include "lib/path_run.h"
#include "lib/pmtu.h"

/* More than a search takes. */
#define PMTU_RUN_PASSES 32

struct pmtu_run;

/* A session: which sizes it tries. */
struct pmtu_run_pass {
	struct pmtu_run *run;
	unsigned int round, n;
	uint32_t bytes[PMTU_SIZES];
};

/**
 * struct pmtu_run - a search under way
 * @probes: by these sessions
 * @target: whose
 * @params: what each session is asked for; sizes and times are set here
 * @wait_ns: no answer is waited for longer
 * @pmtu: what is known of sizes
 * @near: the hops, as small packets know them; not NULL, but whose does not matter
 * @far: of a black hole: the hops that packets reach which are too big for it
 * @far_rule: how those are asked
 * @passes: the sessions
 * @newest: place of the next
 * @sent_ns: when the last of the probes under way was due
 * @heard_ns: when the last answer came
 * @refusal: why the module refused, if it did
 * @searched: the size is known
 * @locating: @far is being asked
 * @done: all is known that will be
 */
struct pmtu_run {
	struct probes *probes;
	const struct target *target;
	struct session_params params;
	uint64_t wait_ns;
	struct pmtu pmtu;
	const struct path_run *near;
	struct path_run far;
	struct path_rule far_rule;
	struct pmtu_run_pass passes[PMTU_RUN_PASSES];
	unsigned int newest;
	uint64_t sent_ns, heard_ns;
	struct probes_refusal refusal;
	bool searched, locating, done;
};

void pmtu_run_init(struct pmtu_run *run, struct probes *probes, const struct target *target,
		   const struct session_params *params, uint64_t wait_ns, uint32_t max,
		   const struct path_run *near);
int pmtu_run_advance(struct pmtu_run *run, uint64_t now_ns, uint64_t *at_ns);
unsigned int pmtu_run_last_hop(const struct pmtu_run *run);
unsigned int pmtu_run_next_hop(const struct pmtu_run *run);
unsigned int pmtu_headers(int family);

#endif
