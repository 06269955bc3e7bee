/* SPDX-License-Identifier: GPL-2.0 */
/* Asks the hops of a path, pass by pass, beside whatever else is under way. */
#ifndef ICMPCTL_PATH_RUN_H
#define ICMPCTL_PATH_RUN_H

#include "lib/path.h"
#include "lib/probes.h"

/* More than a path of 255 hops takes in windows of 16 and some repeats. */
#define PATH_RUN_PASSES 32

struct path_run;

/* A session: which hops it asks. */
struct path_run_pass {
	struct path_run *run;
	bool repeat;
	unsigned int n;
	uint8_t ttl[PATH_HOPS];
};

/**
 * struct path_run - a path being asked
 * @probes: by these sessions
 * @target: where it leads
 * @params: what each session is asked for; count and times are set here
 * @rule: how it is asked
 * @path: what is known
 * @passes: the sessions, the oldest is overwritten
 * @newest: place of the next
 * @refusal: why the module refused, if it did
 * @unsent: errno of a probe that did not leave this host, 0 if all did
 * @cause: enum icmpctl_cause of a probe that this host itself says got nowhere
 * @done: all is known that will be
 */
struct path_run {
	struct probes *probes;
	const struct target *target;
	struct session_params params;
	struct path_rule rule;
	struct path path;
	struct path_run_pass passes[PATH_RUN_PASSES];
	unsigned int newest;
	struct probes_refusal refusal;
	int unsent, cause;
	bool done;
};

void path_run_init(struct path_run *run, struct probes *probes, const struct target *target,
		   const struct session_params *params, const struct path_rule *rule,
		   unsigned int max, unsigned int queries);
int path_run_advance(struct path_run *run, uint64_t now_ns, uint64_t *at_ns);

#endif
