// SPDX-License-Identifier: GPL-2.0
/*
 * Searches a path MTU: sends the sizes that pmtu.c wants tried, and waits as long as it
 * is worth. All probes have one flow, that of the hops, so that it is one path.
 */
#include "lib/pmtu_run.h"

#include <string.h>

#include "lib/now.h"
#include "lib/probes_loop.h"
#include "lib/units.h"

/* From one size to the next. */
#define GAP_NS (200 * NSEC_PER_USEC)
/* From one probe of a size to the next: no short gap in the path hits them all. */
#define ROUND_NS (15 * NSEC_PER_MSEC)
/* Round trips that an answer may take, at most @wait_ns and at least PATIENCE_MIN_NS. */
#define PATIENCE 4
#define PATIENCE_MIN_NS (250 * NSEC_PER_MSEC)
/* Behind an error the reply may still come that proves it wrong. */
#define SLACK_NS (10 * NSEC_PER_MSEC)
/* Probes of each hop on the way to a black hole. */
#define FAR_QUERIES 2

/**
 * pmtu_headers - what is in front of the payload
 * @family: 4 or 6
 *
 * Return: bytes of IP and ICMP header.
 */
unsigned int pmtu_headers(int family)
{
	return family == 4 ? 20 + 8 : 40 + 8;
}

static int on_record(void *arg, const struct icmpctl_record *r)
{
	struct pmtu_run_pass *pass = arg;

	if (r->target >= pass->n)
		return 0;
	/* Of an earlier round: by then that was taken for granted. */
	if (r->status == ICMPCTL_STATUS_LOST && pass->round != pass->run->pmtu.rounds)
		return 0;
	if (r->status != ICMPCTL_STATUS_SENT && r->status != ICMPCTL_STATUS_LOST)
		pass->run->heard_ns = now_ns(CLOCK_MONOTONIC);
	pmtu_record(&pass->run->pmtu, pass->bytes[r->target], r);
	return 0;
}

static int try(struct pmtu_run *run, const struct pmtu_step *step, uint64_t now_ns)
{
	struct pmtu_run_pass *pass = &run->passes[run->newest];
	struct probes_pass listener = { .on_record = on_record, .arg = pass };
	struct session_hop hops[PMTU_SIZES];
	struct session_params p = run->params;

	run->newest = (run->newest + 1) % PMTU_RUN_PASSES;
	*pass = (struct pmtu_run_pass){
		.run = run,
		.round = run->pmtu.rounds,
		.n = step->n,
	};
	memcpy(pass->bytes, step->bytes, sizeof(pass->bytes));
	for (unsigned int i = 0; i < step->n; i++)
		hops[i] = (struct session_hop){
			.size = step->bytes[i] - pmtu_headers(run->pmtu.family),
		};
#define ASK(NAME, member, v) SESSION_ASK(&p, ICMPCTL_SESSION_A_##NAME, member, v)
	ASK(PMTUDISC, pmtudisc, ICMPCTL_PMTUDISC_PROBE);
	ASK(FLAGS, flags, run->pmtu.phase == PMTU_AT_START ?
			  ICMPCTL_SESSION_F_REPORT_SENT : 0);
	ASK(TIMEOUT_NS, timeout_ns, run->wait_ns);
	ASK(COUNT, count, step->probes);
	ASK(GAP_NS, gap_ns, GAP_NS);
	ASK(INTERVAL_NS, interval_ns, GAP_NS * step->n > ROUND_NS ? GAP_NS * step->n : ROUND_NS);
#undef ASK
	run->sent_ns = now_ns + step->probes * p.interval_ns;
	return probes_start(run->probes, &p, run->target, hops, step->n, &listener,
			    &run->refusal);
}

static uint64_t patience_ns(const struct pmtu_run *run)
{
	uint64_t ns = PATIENCE * run->pmtu.rtt_max_ns;

	if (!run->pmtu.rtt_max_ns || ns > run->wait_ns)
		return run->wait_ns;
	return ns > PATIENCE_MIN_NS ? ns : PATIENCE_MIN_NS;
}

/* Until when an answer may still come that tells something. */
static uint64_t until_ns(const struct pmtu_run *run)
{
	uint64_t last = run->heard_ns > run->sent_ns ? run->heard_ns : run->sent_ns;

	if (pmtu_waits(&run->pmtu))
		return last + patience_ns(run);
	if (run->pmtu.tellers && pmtu_passes(&run->pmtu) < pmtu_top(&run->pmtu))
		return run->heard_ns + run->pmtu.rtt_max_ns + SLACK_NS;
	return 0;
}

static int search(struct pmtu_run *run, uint64_t now_ns, uint64_t *at_ns)
{
	struct pmtu_step step;
	int err = 0;

	while (!run->searched && !err) {
		uint64_t until = until_ns(run);

		if (now_ns < until) {
			if (*at_ns > until)
				*at_ns = until;
			return 0;
		}
		if (pmtu_waits(&run->pmtu) && run->pmtu.rounds)
			pmtu_give_up(&run->pmtu);
		if (pmtu_next(&run->pmtu, &step))
			err = try(run, &step, now_ns);
		else
			run->searched = true;
	}
	return err;
}

/* The hops that what is too big may reach: all but the last. */
static void locate(struct pmtu_run *run)
{
	const struct path *near = &run->near->path;
	unsigned int last = path_last(near);
	struct session_params p = run->params;

	while (last && !near->hop[last].answered)
		last--;
	if (near->end)
		last = near->end - 1;
	p.set |= SESSION_BIT(ICMPCTL_SESSION_A_PMTUDISC) | SESSION_BIT(ICMPCTL_SESSION_A_SIZE) |
		 SESSION_BIT(ICMPCTL_SESSION_A_TIMEOUT_NS);
	p.pmtudisc = ICMPCTL_PMTUDISC_PROBE;
	p.size = pmtu_fails(&run->pmtu) - pmtu_headers(run->pmtu.family);
	p.timeout_ns = run->wait_ns;
	path_run_init(&run->far, run->probes, run->target, &p, &run->far_rule, last,
		      FAR_QUERIES);
	run->far.path.rtt_max_ns = run->pmtu.rtt_max_ns;
	run->locating = true;
}

/**
 * pmtu_run_init - prepare a search
 * @run: the result
 * @probes: by these sessions
 * @target: whose; must stay
 * @params: what each session is to be asked for, without count, sizes and times
 * @wait_ns: no answer is waited for longer
 * @max: the largest packet to be tried
 * @near: the hops, asked by somebody else; @run is not done before it is
 */
void pmtu_run_init(struct pmtu_run *run, struct probes *probes, const struct target *target,
		   const struct session_params *params, uint64_t wait_ns, uint32_t max,
		   const struct path_run *near)
{
	*run = (struct pmtu_run){
		.probes = probes,
		.target = target,
		.params = *params,
		.wait_ns = wait_ns,
		.near = near,
		/* Routers that limit their answers have just been asked for others. */
		.far_rule = {
			.window = PATH_HOPS,
			.repeats = 1,
			.spacing_ns = 1100 * NSEC_PER_MSEC,
			.wait_ns = wait_ns,
		},
	};
	pmtu_init(&run->pmtu, target->family, max);
}

/**
 * pmtu_run_advance - do what is to be done by now
 * @run: the search
 * @now_ns: the time
 * @at_ns: is brought forward to when it is to be called next at the latest
 *
 * Return: 0, or a negative errno if the module refused: @run->refusal or that of
 * @run->far.
 */
int pmtu_run_advance(struct pmtu_run *run, uint64_t now_ns, uint64_t *at_ns)
{
	int err = search(run, now_ns, at_ns);

	if (err || !run->searched || run->done || !run->near->done)
		return err;
	if (pmtu_black_hole(&run->pmtu)) {
		if (!run->locating)
			locate(run);
		err = path_run_advance(&run->far, now_ns, at_ns);
		if (err)
			run->refusal = run->far.refusal;
		if (err || !run->far.done)
			return err;
	}
	run->done = true;
	return 0;
}

/**
 * pmtu_run_last_hop - the last hop that packets reach which the black hole drops
 * @run: a search that found a black hole, and is done
 *
 * Return: its TTL, 0 if they reach none.
 */
unsigned int pmtu_run_last_hop(const struct pmtu_run *run)
{
	unsigned int ttl = run->far.path.asked_to;

	while (ttl && !run->far.path.hop[ttl].answered)
		ttl--;
	return ttl;
}

/**
 * pmtu_run_next_hop - the first hop behind, of those that answer small packets
 * @run: likewise
 *
 * Return: its TTL, 0 if none is known.
 */
unsigned int pmtu_run_next_hop(const struct pmtu_run *run)
{
	const struct path *near = &run->near->path;

	for (unsigned int ttl = pmtu_run_last_hop(run) + 1; ttl <= path_last(near); ttl++)
		if (near->hop[ttl].answered)
			return ttl;
	return 0;
}
