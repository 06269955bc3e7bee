// SPDX-License-Identifier: GPL-2.0
/*
 * Asks the hops of a path. Whom to ask next is decided in path_next.c; here it is done,
 * beside whatever else the command has under way.
 */
#include "lib/path_run.h"

#include <string.h>

#include "lib/units.h"

/* From one probe to the next: a window of 16 hops leaves within 2.4 ms. */
#define GAP_NS (50 * NSEC_PER_USEC)

static int on_record(void *arg, const struct icmpctl_record *r,
		     const struct icmpctl_extension *extension)
{
	struct path_run_pass *pass = arg;
	struct path_run *run = pass->run;
	struct icmpctl_record told = *r;
	unsigned int ttl;
	bool news;

	if (r->target >= pass->n)
		return 0;
	if (r->status == ICMPCTL_STATUS_SEND_FAILED)
		run->unsent = (int)r->error;
	if (r->cause > ICMPCTL_CAUSE_SILENCE && r->cause != ICMPCTL_CAUSE_REPORTED)
		run->cause = r->cause;
	ttl = pass->ttl[r->target];
	news = path_record_extended(&run->path, ttl, r, extension,
				    pass->repeat ? PATH_QUERIES : r->seq - 1);
	told.target = 0;
	told.seq = pass->sent_before[r->target] + r->seq;
	if (run->on_record)
		run->on_record(run->arg, ttl, &told, news);
	return 0;
}

static int ask(struct path_run *run, const struct path_step *step, uint64_t now_ns)
{
	struct path_run_pass *pass = &run->passes[run->newest];
	bool repeat = step->what == PATH_REPEAT;
	unsigned int queries = repeat ? 1 : run->path.queries;
	struct probes_pass listener = { .on_extended = on_record, .arg = pass };
	struct session_params p = run->params;
	struct session_hop hops[PATH_HOPS];
	int err;

	run->newest = (run->newest + 1) % PATH_RUN_PASSES;
	*pass = (struct path_run_pass){ .run = run, .repeat = repeat, .n = step->n };
	memcpy(pass->ttl, step->ttl, sizeof(pass->ttl));
	for (unsigned int i = 0; i < step->n; i++) {
		hops[i] = (struct session_hop){ .ttl = step->ttl[i], .flow = PATH_FLOW };
		pass->sent_before[i] = run->path.hop[step->ttl[i]].asked;
	}
	p.set |= SESSION_BIT(ICMPCTL_SESSION_A_COUNT) |
		 SESSION_BIT(ICMPCTL_SESSION_A_INTERVAL_NS) |
		 SESSION_BIT(ICMPCTL_SESSION_A_GAP_NS) | SESSION_BIT(ICMPCTL_SESSION_A_FLAGS);
	p.count = queries;
	p.interval_ns = GAP_NS * step->n;
	p.gap_ns = GAP_NS;
	p.flags = run->params.flags | ICMPCTL_SESSION_F_PATH;
	err = probes_start(run->probes, &p, run->target, hops, step->n, &listener,
			   &run->refusal);
	for (unsigned int i = 0; i < step->n && !err; i++)
		path_asked(&run->path, step->ttl[i], queries, now_ns);
	return err;
}

/**
 * path_run_init - prepare to ask a path
 * @run: the result
 * @probes: by these sessions
 * @target: where it leads; must stay
 * @params: what each session is to be asked for, without count and times
 * @rule: how it is asked
 * @max: the greatest TTL
 * @queries: answers wanted of each hop
 */
void path_run_init(struct path_run *run, struct probes *probes, const struct target *target,
		   const struct session_params *params, const struct path_rule *rule,
		   unsigned int max, unsigned int queries)
{
	*run = (struct path_run){
		.probes = probes,
		.target = target,
		.params = *params,
		.rule = *rule,
	};
	path_init(&run->path, target->family, target->addr, 1, max, queries);
}

/**
 * path_run_advance - do what is to be done by now
 * @run: the path
 * @now_ns: the time
 * @at_ns: is brought forward to when it is to be called next at the latest
 *
 * Return: 0, or a negative errno if the module refused.
 */
int path_run_advance(struct path_run *run, uint64_t now_ns, uint64_t *at_ns)
{
	struct path_step step;
	int err;

	while (!run->done) {
		path_next(&run->path, &run->rule, now_ns, &step);
		switch (step.what) {
		case PATH_ASK:
		case PATH_REPEAT:
			err = ask(run, &step, now_ns);
			if (err)
				return err;
			continue;
		case PATH_WAIT:
			if (*at_ns > step.at_ns)
				*at_ns = step.at_ns;
			return 0;
		case PATH_DONE:
			run->done = true;
			break;
		}
	}
	return 0;
}
