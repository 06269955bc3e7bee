// SPDX-License-Identifier: GPL-2.0
/*
 * Which flow to ask where. Flow 0 goes ahead and finds the length of the path. Then of
 * every node the next hop is asked with flows that pass it, until the stopping rule of the
 * multipath detection algorithm (mda.c) says that all its successors were seen; if no more
 * flows are known to pass it, new ones are tried. What a node may be wrong by is made so
 * small that all together keep to the confidence wanted (Veitch et al., INFOCOM 2009).
 *
 * Hops that limit their answers are asked again as path_next.c does, and no more of them at
 * once than were answered the last time.
 */
#include <math.h>
#include <stdlib.h>

#include "lib/flows.h"
#include "lib/mda.h"
#include "lib/units.h"

/* Two round trips and so much later, who has not answered has lost the probe. */
#define SLACK_NS	(20 * NSEC_PER_MSEC)
/* Behind the last answer so many silent hops are passed if the target is known to be there. */
#define GAP_HOPS	3
/* So many flows, and not one answer, are enough. */
#define SILENCE_FLOWS	6

static unsigned int group_count(const struct flows *f, unsigned int ttl)
{
	return ttl < f->first ? 1 : f->hop[ttl].nodes + 1;
}

/*
 * Which node passes a flow on, group_count() for none. A hop that says nothing at all is
 * one node that passes on every flow.
 */
static unsigned int group_of(const struct flows *f, unsigned int ttl, unsigned int flow)
{
	const struct flows_hop *hop = &f->hop[ttl];
	unsigned int none = group_count(f, ttl);

	if (f->end[flow] && f->end[flow] <= ttl)
		return none;
	if (ttl < f->first || flows_nobody(f, ttl))
		return 0;
	if (!hop->probe)
		return none;
	switch (hop->probe[flow].state) {
	case FLOWS_ANSWERED:
		return hop->probe[flow].node;
	case FLOWS_SILENT:
		return hop->nodes;
	}
	return none;
}

static enum flows_state state_of(const struct flows *f, unsigned int ttl, unsigned int flow)
{
	return f->hop[ttl].probe ? f->hop[ttl].probe[flow].state : FLOWS_UNASKED;
}

/**
 * flows_groups - what becomes of the flows that a hop passes on
 * @f: the paths
 * @ttl: the hop; that before the first one passes on all flows
 * @n: gets the number of groups: one a node of the hop, and behind them the one of those
 *	to which it does not answer
 *
 * Return: the groups, to be freed; NULL without memory.
 */
struct flows_group *flows_groups(const struct flows *f, unsigned int ttl, unsigned int *n)
{
	unsigned int ways = f->hop[ttl + 1].nodes + 1;
	struct flows_group *groups;
	bool *met;

	*n = group_count(f, ttl);
	groups = calloc(*n, sizeof(*groups));
	met = calloc((size_t)*n * ways, sizeof(*met));
	for (unsigned int i = 0; groups && met && i < f->n; i++) {
		unsigned int group = group_of(f, ttl, i), way;
		struct flows_group *g = &groups[group];

		if (group == *n)
			continue;
		switch (state_of(f, ttl + 1, i)) {
		case FLOWS_UNASKED:
			g->ready++;
			continue;
		case FLOWS_ASKED:
			g->waiting++;
			continue;
		case FLOWS_ANSWERED:
		case FLOWS_SILENT:
			break;
		}
		way = flows_node_of(f, ttl + 1, i);
		way = way == FLOWS_SILENCE ? ways - 1 : way;
		g->seen++;
		g->ways += !met[group * ways + way];
		met[group * ways + way] = true;
	}
	if (!met) {
		free(groups);
		groups = NULL;
	}
	free(met);
	return groups;
}

/* Is it of use to ask what lies behind such a group, the @i-th of @n of a hop? */
static bool counts(const struct flows *f, unsigned int ttl, unsigned int i, unsigned int n,
		   const struct flows_group *g)
{
	unsigned int reach = flows_reach(f);

	if (!g->seen && !g->waiting && !g->ready)
		return false;
	if (flows_nobody(f, ttl + 1))
		return false;
	if (ttl < f->first || i + 1 < n || ttl < reach)
		return ttl <= reach;
	return f->end[0] && ttl - reach < GAP_HOPS;
}

static unsigned int last_asked(const struct flows *f)
{
	unsigned int ttl = f->max;

	while (ttl >= f->first && !f->hop[ttl].asked)
		ttl--;
	return ttl;
}

typedef void group_fn(void *arg, const struct flows_group *g);

static void each_group(const struct flows *f, unsigned int ttl, group_fn *fn, void *arg)
{
	unsigned int n;
	struct flows_group *groups = flows_groups(f, ttl, &n);

	for (unsigned int i = 0; groups && i < n; i++)
		if (counts(f, ttl, i, n, &groups[i]))
			fn(arg, &groups[i]);
	free(groups);
}

static void count_group(void *arg, const struct flows_group *g)
{
	(void)g;
	++*(unsigned int *)arg;
}

/**
 * flows_bound - what each node may be wrong by
 * @f: the paths
 *
 * Return: the probability that a successor of a node is missed, so that of all nodes found
 * by now none is with the confidence wanted.
 */
double flows_bound(const struct flows *f)
{
	unsigned int n = 0;

	for (unsigned int ttl = f->first - 1; ttl < f->max && ttl <= last_asked(f); ttl++)
		each_group(f, ttl, count_group, &n);
	return 1 - pow(f->confidence, 1.0 / (n ? n : 1));
}

static void multiply_group(void *arg, const struct flows_group *g)
{
	*(double *)arg *= g->ways ? 1 - mda_miss(g->ways + 1, g->seen) : 0;
}

/**
 * flows_confidence_of - how likely it is that nothing was missed at a hop
 * @f: the paths
 * @ttl: the hop
 *
 * If routers balance evenly, and by flow or packet; of hops that say nothing it says
 * nothing.
 *
 * Return: the probability that all successors of all nodes of the hop before it are known.
 */
double flows_confidence_of(const struct flows *f, unsigned int ttl)
{
	double confidence = 1;

	each_group(f, ttl - 1, multiply_group, &confidence);
	return confidence;
}

/**
 * flows_confidence - how likely it is that nothing was missed
 * @f: the paths
 *
 * Return: as flows_confidence_of(), of all hops.
 */
double flows_confidence(const struct flows *f)
{
	double confidence = 1;

	for (unsigned int ttl = f->first; ttl <= f->max && ttl <= last_asked(f) + 1; ttl++)
		confidence *= flows_confidence_of(f, ttl);
	return confidence;
}

static void wait_until(struct flows_step *step, uint64_t at_ns)
{
	if (step->at_ns > at_ns)
		step->at_ns = at_ns;
}

static void put(struct flows *f, unsigned int ttl, unsigned int flow, bool again,
		struct flows_step *step)
{
	step->item[step->n++] = (struct flows_item){
		.ttl = ttl,
		.flow = flow,
		.check = again,
		.seq = ++f->hop[ttl].sent,
	};
}

/* Has a flow asked at a hop, false if there is no room for it. */
static bool ask(struct flows *f, unsigned int ttl, unsigned int flow, uint64_t now_ns,
		struct flows_step *step)
{
	struct flows_hop *hop = &f->hop[ttl];
	struct flows_probe *probe;

	if (step->n == FLOWS_STEP)
		return false;
	if (!hop->probe)
		hop->probe = calloc(f->n, sizeof(*hop->probe));
	if (!hop->probe) {
		f->no_memory = true;
		return false;
	}
	probe = &hop->probe[flow];
	if (probe->state == FLOWS_UNASKED) {
		hop->asked++;
		hop->waiting++;
	} else {
		probe->again = true;
		hop->again++;
	}
	if (hop->asked_ns != now_ns)
		hop->batch = hop->batch_answered = 0;
	probe->state = FLOWS_ASKED;
	probe->judged = false;
	probe->asked_ns = now_ns;
	hop->asked_ns = now_ns;
	hop->batch++;
	put(f, ttl, flow, false, step);
	return true;
}

static uint64_t settle_ns(const struct flows *f)
{
	return 2 * f->rtt_max_ns + SLACK_NS;
}

/*
 * Has a hop still to say what it was asked? It may be all that it can take, unless it says
 * nothing at all.
 */
static bool busy(const struct flows *f, unsigned int ttl, uint64_t now_ns)
{
	const struct flows_hop *hop = &f->hop[ttl];

	return hop->waiting &&
	       (hop->batch_answered || now_ns < hop->asked_ns + settle_ns(f));
}

/* Has it said nothing to so many flows that more would not get an answer either? */
static bool mute(const struct flows *f, unsigned int ttl)
{
	return !f->hop[ttl].nodes && f->hop[ttl].asked >= SILENCE_FLOWS;
}

/* Is it known that the path goes on behind what flow 0 was asked for, or of no use to wait? */
static bool goes_on(const struct flows *f, const struct path_rule *rule, uint64_t now_ns)
{
	return !f->asked_to || state_of(f, f->asked_to, 0) == FLOWS_ANSWERED ||
	       now_ns >= f->scout_ns + path_patience_ns(rule, f->rtt_max_ns);
}

/* Flow 0 goes ahead; true if the others may follow. */
static bool scout(struct flows *f, const struct path_rule *rule, uint64_t now_ns,
		  struct flows_step *step)
{
	unsigned int next = f->asked_to ? f->asked_to + 1 : f->first;
	uint64_t lost_ns = f->scout_ns + settle_ns(f);

	if (f->end[0]) {
		for (unsigned int ttl = f->first; ttl < f->end[0]; ttl++) {
			if (state_of(f, ttl, 0) == FLOWS_ASKED && now_ns < lost_ns) {
				wait_until(step, lost_ns);
				return false;
			}
		}
		return true;
	}
	if (!goes_on(f, rule, now_ns)) {
		wait_until(step, f->scout_ns + path_patience_ns(rule, f->rtt_max_ns));
		return false;
	}
	if (next > f->max)
		return true;
	f->scout_ns = now_ns;
	for (unsigned int i = 0; i < rule->window && next <= f->max; i++) {
		ask(f, next, 0, now_ns, step);
		f->asked_to = next++;
	}
	return false;
}

/* Asks a hop for flows that it was not asked for, and the next one at once for the same. */
static void ask_new(struct flows *f, unsigned int ttl, unsigned int want, bool next,
		    uint64_t now_ns, struct flows_step *step)
{
	for (unsigned int i = 0; i < f->n && want; i++) {
		if (state_of(f, ttl, i) != FLOWS_UNASKED || (f->end[i] && f->end[i] < ttl))
			continue;
		if (!ask(f, ttl, i, now_ns, step))
			return;
		want--;
		if (next && !busy(f, ttl + 1, now_ns) && !mute(f, ttl + 1) &&
		    state_of(f, ttl + 1, i) == FLOWS_UNASKED)
			ask(f, ttl + 1, i, now_ns, step);
	}
}

/* Flows of a group that are ready; as many as are missing. Returns what is still missing. */
static unsigned int ask_ready(struct flows *f, unsigned int ttl, unsigned int group,
			      unsigned int want, uint64_t now_ns, struct flows_step *step)
{
	for (unsigned int i = 0; i < f->n && want; i++)
		if (group_of(f, ttl, i) == group &&
		    state_of(f, ttl + 1, i) == FLOWS_UNASKED &&
		    ask(f, ttl + 1, i, now_ns, step))
			want--;
	return want;
}

static unsigned int lacking(unsigned int ways, unsigned int seen, double bound)
{
	unsigned int enough = mda_stop(ways ? ways : 1, bound);

	return enough > seen ? enough - seen : 0;
}

/* What the nodes of the hop before want to know of this one. */
static void ask_successors(struct flows *f, unsigned int ttl, double bound, uint64_t now_ns,
			   struct flows_step *step)
{
	const struct flows_hop *before = &f->hop[ttl - 1];
	unsigned int n, known, fresh = 0;
	struct flows_group *groups = flows_groups(f, ttl - 1, &n);

	if (!groups) {
		f->no_memory = true;
		return;
	}
	known = before->asked - before->waiting;
	for (unsigned int i = 0; i < n; i++) {
		const struct flows_group *g = &groups[i];
		unsigned int size = g->seen + g->waiting + g->ready, lack;

		if (!counts(f, ttl - 1, i, n, g))
			continue;
		lack = lacking(g->ways, g->seen + g->waiting, bound);
		if (lack)
			lack = ask_ready(f, ttl - 1, i, lack, now_ns, step);
		/* Of new flows as many pass this node as did so far. */
		if (lack > f->n)
			lack = f->n;
		lack = ((uint64_t)lack * known + size - 1) / size;
		if (fresh < lack)
			fresh = lack;
	}
	free(groups);
	if (fresh && ttl > f->first && !busy(f, ttl - 1, now_ns) && !mute(f, ttl - 1))
		ask_new(f, ttl - 1, fresh, true, now_ns, step);
}

/* Every hop and every node is asked until all their addresses and links were seen. */
static void spread(struct flows *f, uint64_t now_ns, struct flows_step *step)
{
	unsigned int reach = flows_reach(f);
	double bound = flows_bound(f);

	for (unsigned int ttl = f->first; ttl <= f->max && ttl <= reach + GAP_HOPS; ttl++) {
		const struct flows_hop *hop = &f->hop[ttl];

		if (busy(f, ttl, now_ns)) {
			if (now_ns < hop->asked_ns + settle_ns(f))
				wait_until(step, hop->asked_ns + settle_ns(f));
			continue;
		}
		if (mute(f, ttl))
			continue;
		if (ttl <= reach)
			ask_new(f, ttl, lacking(hop->nodes + !!hop->silent, hop->asked, bound),
				false, now_ns, step);
		ask_successors(f, ttl, bound, now_ns, step);
	}
}

/* How many of what is missing a hop is asked for at once. */
static unsigned int quota(const struct flows_hop *hop)
{
	if (!hop->batch_answered || hop->batch_answered >= hop->batch)
		return 2 * hop->batch;
	return hop->batch_answered;
}

/*
 * What is missing of the last batch. If the hop answered a part of it, it may not have been
 * allowed to say more: that is held against no flow. If it answered nothing, it is, and who
 * has had its last chance is given up.
 */
static void judge(struct flows *f, struct flows_hop *hop, const struct path_rule *rule,
		  uint64_t now_ns, struct flows_step *step)
{
	uint64_t patience_ns = path_patience_ns(rule, f->rtt_max_ns);

	for (unsigned int i = 0; i < f->n; i++) {
		struct flows_probe *probe = &hop->probe[i];
		uint64_t due_ns = probe->asked_ns + rule->spacing_ns;

		if (probe->state != FLOWS_ASKED)
			continue;
		if (probe->row >= rule->repeats && patience_ns < rule->spacing_ns)
			due_ns = probe->asked_ns + patience_ns;
		if (!probe->judged && probe->asked_ns == hop->asked_ns && now_ns >= due_ns) {
			probe->judged = true;
			probe->row += !hop->batch_answered || !rule->repeats;
		}
		if (!probe->judged) {
			wait_until(step, now_ns < due_ns ? due_ns : now_ns + rule->spacing_ns);
		} else if (probe->row > rule->repeats) {
			if (now_ns < probe->asked_ns + patience_ns) {
				wait_until(step, probe->asked_ns + patience_ns);
				continue;
			}
			probe->state = FLOWS_SILENT;
			hop->waiting--;
			hop->silent++;
		}
	}
}

/* The flow that is to be asked again first, NULL for none. */
static struct flows_probe *neediest(const struct flows *f, const struct flows_hop *hop,
				    const struct path_rule *rule, uint64_t now_ns)
{
	struct flows_probe *best = NULL;

	for (unsigned int i = 0; i < f->n; i++) {
		struct flows_probe *probe = &hop->probe[i];

		if (probe->state != FLOWS_ASKED || probe->asked_ns == now_ns ||
		    probe->row > rule->repeats)
			continue;
		if (!best || probe->row < best->row ||
		    (probe->row == best->row && probe->asked_ns < best->asked_ns))
			best = probe;
	}
	return best;
}

/* Asks a hop again for what is missing. */
static void repeat(struct flows *f, unsigned int ttl, const struct path_rule *rule,
		   uint64_t now_ns, struct flows_step *step)
{
	struct flows_hop *hop = &f->hop[ttl];
	uint64_t again_ns = hop->asked_ns + rule->spacing_ns;
	struct flows_probe *probe;

	judge(f, hop, rule, now_ns, step);
	if (now_ns >= again_ns) {
		unsigned int left = quota(hop);

		while (left-- && (probe = neediest(f, hop, rule, now_ns)))
			if (!ask(f, ttl, probe - hop->probe, now_ns, step))
				return;
		again_ns = now_ns + rule->spacing_ns;
	}
	if (neediest(f, hop, rule, now_ns))
		wait_until(step, again_ns);
}

/* Is nothing to be done but checks? */
static bool idle(const struct flows *f, const struct flows_step *step)
{
	for (unsigned int i = 0; i < step->n; i++)
		if (!step->item[i].check)
			return false;
	for (unsigned int ttl = f->first; ttl <= f->max; ttl++)
		if (f->hop[ttl].waiting)
			return false;
	return true;
}

/* Where there are several addresses: does one flow keep to one of them? */
static void check(struct flows *f, unsigned int ttl, const struct path_rule *rule,
		  uint64_t now_ns, struct flows_step *step)
{
	struct flows_hop *hop = &f->hop[ttl];
	uint64_t until_ns = hop->check_ns + path_patience_ns(rule, f->rtt_max_ns);
	unsigned int flow = 0;

	if (hop->check_sent) {
		if (hop->check_answered < hop->check_sent && now_ns < until_ns)
			wait_until(step, until_ns);
		return;
	}
	if (hop->nodes < 2 || step->n + FLOWS_CHECKS > FLOWS_STEP)
		return;
	while (flow < f->n && state_of(f, ttl, flow) != FLOWS_ANSWERED)
		flow++;
	if (flow == f->n)
		return;
	hop->check_flow = flow;
	hop->check_ns = now_ns;
	for (; hop->check_sent < FLOWS_CHECKS; hop->check_sent++)
		put(f, ttl, flow, true, step);
}

/**
 * flows_next - what is to be done next
 * @f: the paths; PATH_ASK: know that the probes were sent
 * @rule: how hops are asked
 * @now_ns: the time
 * @step: the result
 */
void flows_next(struct flows *f, const struct path_rule *rule, uint64_t now_ns,
		struct flows_step *step)
{
	unsigned int last;
	bool scouted;

	step->what = PATH_WAIT;
	step->at_ns = UINT64_MAX;
	step->n = 0;
	scouted = scout(f, rule, now_ns, step);
	last = last_asked(f);
	for (unsigned int ttl = f->first; ttl <= last; ttl++)
		if (f->hop[ttl].waiting)
			repeat(f, ttl, rule, now_ns, step);
	if (scouted)
		spread(f, now_ns, step);
	/* At last, since it must not be in the way of anything. */
	for (unsigned int ttl = f->first; ttl <= last && idle(f, step); ttl++)
		check(f, ttl, rule, now_ns, step);
	if (step->n)
		step->what = PATH_ASK;
	else if (step->at_ns == UINT64_MAX)
		step->what = PATH_DONE;
}
