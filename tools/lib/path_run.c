// SPDX-License-Identifier: GPL-2.0
/*
 * Asks the hops of a path. Whom to ask next is decided in path_next.c; here it is done,
 * beside whatever else the command has under way.
 */
#include "lib/path_run.h"

#include <string.h>

#include "lib/units.h"

/* From one probe to the next: 256 leave within 13 ms. */
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
	path_pass_params(&p, step->n, queries, ICMPCTL_SESSION_F_PATH);
	err = probes_start(run->probes, &p, run->target, hops, step->n, &listener,
			   &run->refusal);
	for (unsigned int i = 0; i < step->n && !err; i++)
		path_asked(&run->path, step->ttl[i], queries, now_ns);
	return err;
}

/**
 * path_pass_params - what a session that asks hops is asked for
 * @p: for all sessions; gets count, times and flags
 * @hops: so many
 * @queries: probes to each
 * @flags: besides those that are there
 */
void path_pass_params(struct session_params *p, unsigned int hops, unsigned int queries,
		      uint32_t flags)
{
	p->set |= SESSION_BIT(ICMPCTL_SESSION_A_COUNT) |
		  SESSION_BIT(ICMPCTL_SESSION_A_INTERVAL_NS) |
		  SESSION_BIT(ICMPCTL_SESSION_A_GAP_NS) | SESSION_BIT(ICMPCTL_SESSION_A_FLAGS);
	p->count = queries;
	p->interval_ns = GAP_NS * hops;
	p->gap_ns = GAP_NS;
	p->flags |= flags;
}

/**
 * path_take_steps - do what is to be done by now, step by step
 * @take: does one
 * @run: its first argument
 * @done: gets true when there is no step left
 * @now_ns: the time
 * @at_ns: is brought forward to when it is to be called next at the latest
 *
 * Return: 0, or a negative errno of @take.
 */
int path_take_steps(path_take_fn *take, void *run, bool *done, uint64_t now_ns, uint64_t *at_ns)
{
	while (!*done) {
		uint64_t step_ns;
		int what = take(run, now_ns, &step_ns);

		if (what < 0)
			return what;
		if (what == PATH_WAIT) {
			if (*at_ns > step_ns)
				*at_ns = step_ns;
			return 0;
		}
		*done = what == PATH_DONE;
	}
	return 0;
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

static int take(void *arg, uint64_t now_ns, uint64_t *at_ns)
{
	struct path_run *run = arg;
	struct path_step step;
	int err = 0;

	path_next(&run->path, &run->rule, now_ns, &step);
	*at_ns = step.at_ns;
	if (step.what == PATH_ASK || step.what == PATH_REPEAT)
		err = ask(run, &step, now_ns);
	return err ? err : (int)step.what;
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
	return path_take_steps(take, run, &run->done, now_ns, at_ns);
}
