// SPDX-License-Identifier: GPL-2.0
/*
 * What is known of the paths of many flows. Filled from records, asked by whoever prints;
 * it knows neither clock nor module. Whom to ask next is decided in flows_next.c.
 */
#include "lib/flows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/**
 * flows_init - begin with nothing known
 * @f: the paths; to be freed with flows_free()
 * @family: 4 or 6
 * @target: where they lead
 * @first: the least TTL to ask for, at least 1
 * @max: the greatest, at most PATH_HOPS
 * @n: so many flows may be used, at most FLOWS_MAX
 * @confidence: wanted, that nothing was missed: more than 0, at most 1, which no number of
 *	flows is enough for
 */
void flows_init(struct flows *f, int family, const uint8_t *target, unsigned int first,
		unsigned int max, unsigned int n, double confidence)
{
	*f = (struct flows){
		.family = family,
		.first = first,
		.max = max,
		.n = n,
		.confidence = confidence,
	};
	memcpy(f->target, target, family == 4 ? 4 : 16);
}

/**
 * flows_free - give back what was learnt
 * @f: the paths
 */
void flows_free(struct flows *f)
{
	for (unsigned int ttl = 0; ttl <= PATH_HOPS; ttl++) {
		free(f->hop[ttl].probe);
		free(f->hop[ttl].node);
		f->hop[ttl] = (struct flows_hop){ .probe = NULL };
	}
}

/* The place of an address; a new one if it was not known. FLOWS_SILENCE without memory. */
static unsigned int node_place(struct flows *f, struct flows_hop *hop,
			       const struct path_answer *a)
{
	for (unsigned int i = 0; i < hop->nodes; i++)
		if (!memcmp(hop->node[i].answer.from, a->from, sizeof(a->from)))
			return i;
	if (hop->nodes == hop->room) {
		unsigned int room = hop->room ? 2 * hop->room : 4;
		struct flows_node *more = realloc(hop->node, room * sizeof(*more));

		if (!more) {
			f->no_memory = true;
			return FLOWS_SILENCE;
		}
		hop->node = more;
		hop->room = room;
	}
	hop->node[hop->nodes] = (struct flows_node){ .answer = *a };
	return hop->nodes++;
}

/* An answer of a flow that turned out to end before: who gave it may be no hop at all. */
static void forget(struct flows *f, unsigned int ttl, unsigned int flow)
{
	struct flows_hop *hop = &f->hop[ttl];
	struct flows_probe *probe = hop->probe ? &hop->probe[flow] : NULL;
	unsigned int place;

	if (!probe || probe->state == FLOWS_UNASKED)
		return;
	hop->asked--;
	hop->waiting -= probe->state == FLOWS_ASKED;
	hop->silent -= probe->state == FLOWS_SILENT;
	if (probe->state == FLOWS_ANSWERED && !--hop->node[probe->node].flows) {
		place = probe->node;
		hop->node[place] = hop->node[--hop->nodes];
		for (unsigned int i = 0; i < f->n; i++)
			if (hop->probe[i].state == FLOWS_ANSWERED &&
			    hop->probe[i].node == hop->nodes)
				hop->probe[i].node = place;
	}
	*probe = (struct flows_probe){ .state = FLOWS_UNASKED };
}

static void note_end(struct flows *f, unsigned int ttl, unsigned int flow)
{
	f->end[flow] = ttl;
	for (unsigned int behind = ttl + 1; behind <= f->max; behind++)
		forget(f, behind, flow);
}

static void note_rtt(struct flows *f, struct flows_node *node, const struct path_answer *a)
{
	if (!a->timed)
		return;
	if (!node->timed || a->rtt_ns < node->rtt_min_ns)
		node->rtt_min_ns = a->rtt_ns;
	if (a->rtt_ns > node->rtt_max_ns)
		node->rtt_max_ns = a->rtt_ns;
	node->rtt_sum_ns += a->rtt_ns;
	node->timed++;
	if (a->rtt_ns > f->rtt_max_ns)
		f->rtt_max_ns = a->rtt_ns;
}

/* Another process took the port while the flow rested. */
static void note_port(struct flows *f, unsigned int flow, const struct icmpctl_record *r)
{
	if (r->kind == ICMPCTL_PROBE_ECHO || !r->wire_id)
		return;
	if (f->port[flow] && f->port[flow] != r->wire_id)
		f->moved++;
	f->port[flow] = r->wire_id;
}

static bool record_check(struct flows *f, struct flows_hop *hop, unsigned int flow,
			 const struct path_answer *a)
{
	unsigned int place = node_place(f, hop, a);

	hop->check_answered++;
	hop->check_other += place != hop->probe[flow].node;
	return true;
}

/**
 * flows_record - take in what became of a probe
 * @f: the paths
 * @item: the probe
 * @r: the record
 * @extension: objects that its answer has, or NULL
 *
 * Return: true if something is known now that was not.
 */
bool flows_record(struct flows *f, const struct flows_item *item,
		  const struct icmpctl_record *r, const struct icmpctl_extension *extension)
{
	struct flows_hop *hop = &f->hop[item->ttl];
	struct flows_probe *probe;
	struct path_answer a;
	unsigned int place;

	if (!hop->probe || !path_answer_take(&a, r, extension))
		return false;
	probe = &hop->probe[item->flow];
	if (probe->state == FLOWS_UNASKED)
		return false;
	hop->batch_answered += !item->check;
	/* Asked twice, answered twice: as good as a check. */
	if (probe->state == FLOWS_ANSWERED)
		return record_check(f, hop, item->flow, &a);
	place = node_place(f, hop, &a);
	if (place == FLOWS_SILENCE)
		return false;
	note_port(f, item->flow, r);
	hop->waiting -= probe->state == FLOWS_ASKED;
	hop->silent -= probe->state == FLOWS_SILENT;
	hop->again_answered += probe->again;
	probe->state = FLOWS_ANSWERED;
	probe->node = place;
	probe->timed = a.timed;
	probe->rtt_ns = a.rtt_ns;
	hop->node[place].flows++;
	note_rtt(f, &hop->node[place], &a);
	if (path_answer_ends(f->family, &a))
		note_end(f, item->ttl, item->flow);
	return true;
}

/**
 * flows_node_of - who answered a flow at a hop
 * @f: the paths
 * @ttl: the hop
 * @flow: the flow
 *
 * Return: the number of the node, FLOWS_SILENCE if it is not known.
 */
unsigned int flows_node_of(const struct flows *f, unsigned int ttl, unsigned int flow)
{
	const struct flows_probe *probe = f->hop[ttl].probe;

	if (!probe || probe[flow].state != FLOWS_ANSWERED)
		return FLOWS_SILENCE;
	return probe[flow].node;
}

/**
 * flows_reach - how far answers come from
 * @f: the paths
 *
 * Return: the greatest TTL that was answered, 0 for none.
 */
unsigned int flows_reach(const struct flows *f)
{
	unsigned int ttl = f->max;

	while (ttl && !f->hop[ttl].nodes)
		ttl--;
	return ttl;
}

/**
 * flows_last - the last hop that is worth telling of
 * @f: the paths
 *
 * Return: its TTL: the last that answered, or that was asked if no path ends.
 */
unsigned int flows_last(const struct flows *f)
{
	for (unsigned int i = 0; i < f->n; i++)
		if (f->end[i])
			return flows_reach(f);
	return f->asked_to;
}

/**
 * flows_reached - has the target replied
 * @f: the paths
 *
 * Return: true if so, to any flow.
 */
bool flows_reached(const struct flows *f)
{
	for (unsigned int i = 0; i < f->n; i++) {
		unsigned int ttl = f->end[i];

		if (ttl && f->hop[ttl].node[flows_node_of(f, ttl, i)].answer.reply)
			return true;
	}
	return false;
}

/**
 * flows_nobody - did a hop say nothing at all
 * @f: the paths
 * @ttl: the hop
 *
 * Return: true if it was asked often enough, and by several flows if there were any.
 */
bool flows_nobody(const struct flows *f, unsigned int ttl)
{
	const struct flows_hop *hop = &f->hop[ttl];

	return hop->silent && !hop->nodes && !hop->waiting;
}

/**
 * flows_limits - does a hop limit how often it answers
 * @f: the paths
 * @ttl: the hop
 *
 * As with path_limits(): it answered only when it was asked again, and one behind it
 * answered all at once.
 *
 * Return: true if so.
 */
bool flows_limits(const struct flows *f, unsigned int ttl)
{
	unsigned int reach = flows_reach(f);

	if (!f->hop[ttl].again_answered)
		return false;
	for (unsigned int i = ttl + 1; i <= reach; i++)
		if (f->hop[i].nodes && !f->hop[i].again)
			return true;
	return false;
}

/**
 * flows_balancing - how probes come to a hop's addresses
 * @f: the paths
 * @ttl: the hop
 *
 * Return: an enum flows_balancing.
 */
enum flows_balancing flows_balancing(const struct flows *f, unsigned int ttl)
{
	const struct flows_hop *hop = &f->hop[ttl];

	if (hop->check_other)
		return FLOWS_BY_PACKET;
	if (hop->nodes < 2)
		return FLOWS_NOT;
	return hop->check_answered < FLOWS_CHECKS_MIN ? FLOWS_BY_WHAT : FLOWS_BY_FLOW;
}

static const uint8_t *address_of(const struct flows *f, unsigned int ttl, unsigned int flow)
{
	unsigned int place = flows_node_of(f, ttl, flow);

	return place == FLOWS_SILENCE ? NULL : f->hop[ttl].node[place].answer.from;
}

static bool public_before(const struct flows *f, unsigned int ttl)
{
	for (unsigned int t = f->first; t < ttl; t++)
		for (unsigned int i = 0; i < f->hop[t].nodes; i++)
			if (!path_is_private(f->family, f->hop[t].node[i].answer.from))
				return true;
	return false;
}

/* The first hop with the address that this flow met at @ttl; 0: none but the one before. */
static unsigned int loop_of(const struct flows *f, unsigned int ttl, unsigned int flow)
{
	const uint8_t *here = address_of(f, ttl, flow), *before = address_of(f, ttl - 1, flow);

	if (!here || f->end[flow] == ttl || (before && !memcmp(here, before, 16)))
		return 0;
	for (unsigned int t = f->first; t + 1 < ttl; t++) {
		const uint8_t *there = address_of(f, t, flow);

		if (there && !memcmp(here, there, 16))
			return t;
	}
	return 0;
}

/**
 * flows_marks - what is odd about a hop
 * @f: the paths
 * @ttl: the hop
 * @loop: PATH_MARK_LOOP: gets the first hop with the same address in the same flow
 *
 * Return: a set of PATH_MARK_*, of which several addresses are not odd here.
 */
unsigned int flows_marks(const struct flows *f, unsigned int ttl, unsigned int *loop)
{
	const struct flows_hop *hop = &f->hop[ttl];
	unsigned int marks = hop->nodes > 1 ? PATH_MARK_CHANGES : 0;

	*loop = 0;
	for (unsigned int i = 0; i < hop->nodes; i++) {
		const struct path_answer *a = &hop->node[i].answer;

		if (path_is_private(f->family, a->from) && public_before(f, ttl))
			marks |= PATH_MARK_PRIVATE;
		if (!memcmp(a->from, f->target, 16) && !path_answer_ends(f->family, a))
			marks |= PATH_MARK_TARGET;
	}
	for (unsigned int i = 0; i < f->n && !*loop; i++)
		*loop = loop_of(f, ttl, i);
	return *loop ? marks | PATH_MARK_LOOP : marks;
}

static int by_ends(const void *a, const void *b)
{
	const struct flows_link *x = a, *y = b;

	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->flow < y->flow ? -1 : 1;
}

static bool settled(const struct flows *f, unsigned int ttl, unsigned int flow)
{
	const struct flows_probe *probe = f->hop[ttl].probe;

	return probe && probe[flow].state >= FLOWS_ANSWERED;
}

/**
 * flows_links - which flow went over which link to a hop
 * @f: the paths
 * @ttl: the hop
 * @n: gets how many
 *
 * Return: an entry a flow that is known at both ends, those of one link in a row; to be
 * freed. NULL without memory.
 */
struct flows_link *flows_links(const struct flows *f, unsigned int ttl, unsigned int *n)
{
	struct flows_link *links = calloc(f->n, sizeof(*links));

	*n = 0;
	for (unsigned int i = 0; links && ttl > f->first && i < f->n; i++) {
		struct flows_link link = {
			flows_node_of(f, ttl - 1, i), flows_node_of(f, ttl, i), i
		};

		if (settled(f, ttl - 1, i) && settled(f, ttl, i) &&
		    (link.from != FLOWS_SILENCE || link.to != FLOWS_SILENCE))
			links[(*n)++] = link;
	}
	if (links)
		qsort(links, *n, sizeof(*links), by_ends);
	return links;
}

static unsigned int count_links(const struct flows *f, unsigned int ttl)
{
	unsigned int n, count = 0;
	struct flows_link *links = flows_links(f, ttl, &n);

	for (unsigned int i = 0; i < n; i++) {
		const struct flows_link *l = &links[i];

		count += l->from != FLOWS_SILENCE && l->to != FLOWS_SILENCE &&
			 (!i || l->from != l[-1].from || l->to != l[-1].to);
	}
	free(links);
	return count;
}

/**
 * flows_count - what was found, in numbers
 * @f: the paths
 * @c: the result
 */
void flows_count(const struct flows *f, struct flows_count *c)
{
	*c = (struct flows_count){ .flows = 0 };
	for (unsigned int ttl = f->first; ttl <= f->max; ttl++) {
		const struct flows_hop *hop = &f->hop[ttl];

		c->sent += hop->sent;
		c->answered += hop->asked - hop->waiting - hop->silent + hop->check_answered;
		c->addresses += hop->nodes;
		c->links += count_links(f, ttl);
	}
	for (unsigned int i = 0; i < f->n; i++) {
		bool asked = false;

		for (unsigned int ttl = f->first; ttl <= f->max && !asked; ttl++)
			asked = f->hop[ttl].probe &&
				f->hop[ttl].probe[i].state != FLOWS_UNASKED;
		c->flows += asked;
		if (f->end[i] > c->end)
			c->end = f->end[i];
	}
}
