// SPDX-License-Identifier: GPL-2.0
/* Sends what flows_next.c wants asked, a session a step, and takes in what comes of it. */
#include "lib/flows_run.h"

#include <errno.h>
#include <string.h>

#include "lib/path_run.h"

static int on_record(void *arg, const struct icmpctl_record *r,
		     const struct icmpctl_extension *extension)
{
	const struct flows_run_pass *pass = arg;
	struct flows_run *run = pass->run;
	struct icmpctl_record told = *r;
	const struct flows_item *item;
	bool news;

	if (r->target >= pass->n)
		return 0;
	item = &pass->item[r->target];
	news = flows_record(&run->flows, item, r, extension);
	told.target = 0;
	told.seq = item->seq;
	if (run->on_record)
		run->on_record(run->arg, item, &told, news);
	return 0;
}

static int ask(struct flows_run *run, const struct flows_step *step)
{
	struct flows_run_pass *pass = &run->passes[run->newest];
	struct probes_pass listener = { .on_extended = on_record, .arg = pass };
	struct session_params p = run->params;
	struct session_hop hops[FLOWS_STEP];

	run->newest = (run->newest + 1) % FLOWS_RUN_PASSES;
	pass->run = run;
	pass->n = step->n;
	memcpy(pass->item, step->item, step->n * sizeof(*step->item));
	for (unsigned int i = 0; i < step->n; i++)
		hops[i] = (struct session_hop){
			.ttl = step->item[i].ttl,
			.flow = step->item[i].flow,
		};
	path_pass_params(&p, step->n, 1, ICMPCTL_SESSION_F_HOPS);
	return probes_start(run->probes, &p, run->target, hops, step->n, &listener,
			    &run->refusal);
}

static int take(void *arg, uint64_t now_ns, uint64_t *at_ns)
{
	struct flows_run *run = arg;
	struct flows_step step;
	int err = 0;

	flows_next(&run->flows, &run->rule, now_ns, &step);
	if (run->flows.no_memory)
		return -ENOMEM;
	*at_ns = step.at_ns;
	if (step.what == PATH_ASK || step.what == PATH_REPEAT)
		err = ask(run, &step);
	return err ? err : (int)step.what;
}

/**
 * flows_run_advance - do what is to be done by now
 * @run: the paths; flows, rule, params, probes and target are set
 * @now_ns: the time
 * @at_ns: is brought forward to when it is to be called next at the latest
 *
 * Return: 0, -ENOMEM, or another negative errno if the module refused.
 */
int flows_run_advance(struct flows_run *run, uint64_t now_ns, uint64_t *at_ns)
{
	return path_take_steps(take, run, &run->done, now_ns, at_ns);
}
