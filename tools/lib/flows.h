/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of the paths that many flows take to a target: who answered at each hop,
 * and which flow it was; and which flow is worth asking where.
 */
#ifndef ICMPCTL_FLOWS_H
#define ICMPCTL_FLOWS_H

#include <linux/icmpctl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/path.h"

/* Flows are numbered from 0. */
#define FLOWS_MAX	1024
/* Probes that are sent at once. */
#define FLOWS_STEP	256
/* Probes of one flow to a hop with several addresses: does it keep to one of them? */
#define FLOWS_CHECKS	7
/* So many of them must be answered before that is said. */
#define FLOWS_CHECKS_MIN 5
/* In place of a node: that of all flows to which a hop does not answer. */
#define FLOWS_SILENCE	UINT16_MAX

enum flows_state {
	FLOWS_UNASKED,
	FLOWS_ASKED,	/* and not answered so far */
	FLOWS_ANSWERED,
	FLOWS_SILENT,	/* asked often enough */
};

/**
 * struct flows_probe - a flow at a hop
 * @state: an enum flows_state
 * @row: how often in a row it was asked, and nobody else was answered either
 * @again: it was asked more than once
 * @judged: of the last time that is in @row
 * @timed: @rtt_ns is known
 * @node: FLOWS_ANSWERED: by which of the hop's
 * @asked_ns: when it was asked last
 * @rtt_ns: the round trip
 */
struct flows_probe {
	uint8_t state, row;
	bool again, judged, timed;
	uint16_t node;
	uint64_t asked_ns, rtt_ns;
};

/**
 * struct flows_node - an address that answers at a hop
 * @answer: its first answer, which says all but times
 * @flows: of how many flows
 * @timed: how many of those have a round trip
 * @rtt_min_ns: the least
 * @rtt_max_ns: the greatest
 * @rtt_sum_ns: of all
 */
struct flows_node {
	struct path_answer answer;
	unsigned int flows, timed;
	uint64_t rtt_min_ns, rtt_max_ns, rtt_sum_ns;
};

/**
 * struct flows_hop - one hop
 * @probe: by flow; NULL as long as it was not asked
 * @node: who answers there, in the order of appearance
 * @nodes: how many
 * @room: for how many there is
 * @asked: flows that it was asked for
 * @waiting: of those, how many it is still waited for
 * @silent: of how many it said nothing
 * @sent: probes in all
 * @again: probes that were repeated
 * @again_answered: answers to those
 * @batch: probes that were last sent at once
 * @batch_answered: answers since
 * @asked_ns: when it was sent
 * @check_flow: the flow that was asked more than once
 * @check_sent: how often, 0 for not at all
 * @check_answered: how many answers there were
 * @check_other: of those, how many by another node than before
 * @check_ns: when it was asked
 */
struct flows_hop {
	struct flows_probe *probe;
	struct flows_node *node;
	unsigned int nodes, room;
	unsigned int asked, waiting, silent;
	unsigned int sent, again, again_answered;
	unsigned int batch, batch_answered;
	uint64_t asked_ns;
	unsigned int check_flow, check_sent, check_answered, check_other;
	uint64_t check_ns;
};

/**
 * struct flows - the paths of many flows to a target
 * @family: 4 or 6
 * @target: its address
 * @first: the least TTL that is asked for
 * @max: the greatest
 * @n: so many flows may be used
 * @confidence: wanted, that nothing was missed: more than 0, at most 1
 * @hop: by TTL
 * @end: by flow: the TTL at which its path ends, 0 as long as that is not known
 * @port: by flow: the source port of its probes, 0 if it has none
 * @moved: flows whose source port became another one: they may have taken another way
 * @asked_to: the greatest TTL that flow 0 was asked for
 * @scout_ns: when that was
 * @rtt_max_ns: the greatest round trip
 * @no_memory: there was not enough
 */
struct flows {
	int family;
	uint8_t target[16];
	unsigned int first, max, n;
	double confidence;
	struct flows_hop hop[PATH_HOPS + 1];
	uint8_t end[FLOWS_MAX];
	uint16_t port[FLOWS_MAX];
	unsigned int moved;
	unsigned int asked_to;
	uint64_t scout_ns, rtt_max_ns;
	bool no_memory;
};

/**
 * struct flows_item - a probe
 * @ttl: to which hop
 * @flow: of which flow
 * @check: does it go the same way as before?
 * @seq: the how-manieth to this hop
 */
struct flows_item {
	uint8_t ttl;
	uint16_t flow;
	bool check;
	uint32_t seq;
};

/**
 * struct flows_step - what is to be done next
 * @what: PATH_ASK, PATH_WAIT or PATH_DONE
 * @at_ns: PATH_WAIT: until when at most
 * @n: PATH_ASK: how many probes are to be sent
 * @item: which, hop by hop
 */
struct flows_step {
	enum path_what what;
	uint64_t at_ns;
	unsigned int n;
	struct flows_item item[FLOWS_STEP];
};

/**
 * struct flows_group - flows that a node of a hop passes on, and what becomes of them
 * @seen: at the next hop, of how many it is known who answers or that nobody does
 * @waiting: of how many that is waited for
 * @ways: how many nodes those are; silence counts as one
 * @ready: flows that were not yet asked at the next hop
 */
struct flows_group {
	unsigned int seen, waiting, ways, ready;
};

void flows_init(struct flows *f, int family, const uint8_t *target, unsigned int first,
		unsigned int max, unsigned int n, double confidence);
void flows_free(struct flows *f);
bool flows_record(struct flows *f, const struct flows_item *item,
		  const struct icmpctl_record *r, const struct icmpctl_extension *extension);
unsigned int flows_node_of(const struct flows *f, unsigned int ttl, unsigned int flow);
unsigned int flows_reach(const struct flows *f);
unsigned int flows_last(const struct flows *f);
bool flows_reached(const struct flows *f);
bool flows_limits(const struct flows *f, unsigned int ttl);
bool flows_nobody(const struct flows *f, unsigned int ttl);
unsigned int flows_marks(const struct flows *f, unsigned int ttl, unsigned int *loop);

/**
 * struct flows_link - a flow between two hops
 * @from: node of the hop before, or FLOWS_SILENCE
 * @to: node of the hop, or FLOWS_SILENCE; not both
 * @flow: the flow
 */
struct flows_link {
	uint16_t from, to, flow;
};

struct flows_link *flows_links(const struct flows *f, unsigned int ttl, unsigned int *n);

/**
 * struct flows_count - what was found, in numbers
 * @flows: that were asked anywhere
 * @sent: probes
 * @answered: probes that were
 * @addresses: different ones at a hop
 * @links: between them, those with a silent end not counted
 * @end: the greatest TTL at which a path ends, 0 if none does
 */
struct flows_count {
	unsigned int flows, sent, answered, addresses, links, end;
};

void flows_count(const struct flows *f, struct flows_count *c);

/* How a hop's router, or one before it, spreads probes. */
enum flows_balancing {
	FLOWS_NOT,		/* one address */
	FLOWS_BY_FLOW,
	FLOWS_BY_PACKET,	/* probes of one flow were answered by several addresses */
	FLOWS_BY_WHAT,		/* not known */
};

enum flows_balancing flows_balancing(const struct flows *f, unsigned int ttl);

/* flows_next.c */
struct flows_group *flows_groups(const struct flows *f, unsigned int ttl, unsigned int *n);
double flows_bound(const struct flows *f);
double flows_confidence(const struct flows *f);
double flows_confidence_of(const struct flows *f, unsigned int ttl);
void flows_next(struct flows *f, const struct path_rule *rule, uint64_t now_ns,
		struct flows_step *step);

#endif
