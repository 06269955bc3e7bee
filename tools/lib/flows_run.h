/* SPDX-License-Identifier: GPL-2.0 */
/* Asks the hops of the paths of many flows. */
#ifndef ICMPCTL_FLOWS_RUN_H
#define ICMPCTL_FLOWS_RUN_H

#include "lib/flows.h"
#include "lib/probes.h"

/* As many as there are sessions: whose place is taken has none any more. */
#define FLOWS_RUN_PASSES PROBES_PASSES

struct flows_run;

/* A session: which probes it sends. */
struct flows_run_pass {
	struct flows_run *run;
	unsigned int n;
	struct flows_item item[FLOWS_STEP];
};

/*
 * Is told what happened to a probe, the r->seq-th of its hop. @news: something is known of
 * the paths that was not.
 */
typedef void flows_run_record_fn(void *arg, const struct flows_item *item,
				 const struct icmpctl_record *r, bool news);

/**
 * struct flows_run - paths being asked
 * @probes: by these sessions
 * @target: where they lead
 * @params: what each session is asked for; count and times are set here
 * @on_record: is told what happens to probes, may be NULL
 * @arg: its first argument
 * @rule: how hops are asked
 * @flows: what is known
 * @passes: the sessions, the oldest is overwritten
 * @newest: place of the next
 * @refusal: why the module refused, if it did
 * @done: all is known that will be
 */
struct flows_run {
	struct probes *probes;
	const struct target *target;
	struct session_params params;
	flows_run_record_fn *on_record;
	void *arg;
	struct path_rule rule;
	struct flows flows;
	struct flows_run_pass passes[FLOWS_RUN_PASSES];
	unsigned int newest;
	struct probes_refusal refusal;
	bool done;
};

int flows_run_advance(struct flows_run *run, uint64_t now_ns, uint64_t *at_ns);

#endif
