/* SPDX-License-Identifier: GPL-2.0 */
/* Asks the hops of a path, pass by pass, beside whatever else is under way. */
#ifndef ICMPCTL_PATH_RUN_H
#define ICMPCTL_PATH_RUN_H

#include "lib/path.h"
#include "lib/probes.h"

/* As many as there are sessions: whose place is taken has none any more. */
#define PATH_RUN_PASSES PROBES_PASSES

struct path_run;

/* A session: which hops it asks, and which of their probes. */
struct path_run_pass {
	struct path_run *run;
	bool repeat;
	unsigned int n;
	uint8_t ttl[PATH_HOPS];
	unsigned int sent_before[PATH_HOPS];
};

/*
 * Is told what happened to a probe, the r->seq-th of the hop @ttl. @news: something is
 * known of the path that was not.
 */
typedef void path_run_record_fn(void *arg, unsigned int ttl, const struct icmpctl_record *r,
				bool news);

/**
 * struct path_run - a path being asked
 * @probes: by these sessions
 * @target: where it leads
 * @params: what each session is asked for; count and times are set here
 * @on_record: is told what happens to probes, may be NULL
 * @arg: its first argument
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
	path_run_record_fn *on_record;
	void *arg;
	struct path_rule rule;
	struct path path;
	struct path_run_pass passes[PATH_RUN_PASSES];
	unsigned int newest;
	struct probes_refusal refusal;
	int unsent, cause;
	bool done;
};

/*
 * Decides on the next step of @run, and has it asked if it is to ask; gets @at_ns, when it is
 * to be waited until. Returns enum path_what or a negative errno.
 */
typedef int path_take_fn(void *run, uint64_t now_ns, uint64_t *at_ns);

int path_take_steps(path_take_fn *take, void *run, bool *done, uint64_t now_ns, uint64_t *at_ns);
void path_pass_params(struct session_params *p, unsigned int hops, unsigned int queries,
		      uint32_t flags);
void path_run_init(struct path_run *run, struct probes *probes, const struct target *target,
		   const struct session_params *params, const struct path_rule *rule,
		   unsigned int max, unsigned int queries);
int path_run_advance(struct path_run *run, uint64_t now_ns, uint64_t *at_ns);

#endif
