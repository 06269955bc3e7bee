// SPDX-License-Identifier: GPL-2.0
/*
 * The multipath detection algorithm, in a network that is made up: routers that balance by
 * flow or by packet, that say nothing or limit what they say; and a clock.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lib/flows.h"
#include "lib/mda.h"
#include "lib/units.h"

#define MS NSEC_PER_MSEC
/* From a router, or as good as. */
#define NOBODY 255
#define QUEUE 8192

static struct flows f;
static const struct path_rule rule = {
	.window = 16,
	.repeats = 3,
	.spacing_ns = 1100 * MS,
	.wait_ns = 5000 * MS,
};

/* Who answers a probe: @ttl x 16 and up, 0 for the target, NOBODY. */
typedef unsigned int world_fn(unsigned int ttl, unsigned int flow);

/* An answer on its way. */
struct answer {
	uint64_t at_ns;
	struct flows_item item;
	unsigned int from;
	bool open;
};

static struct {
	world_fn *who;
	uint64_t now_ns, rtt_ns;
	bool limits;
	/* By node: what a router may still say at once, in ns, and since when. */
	uint64_t tokens_ns[256], since_ns[256];
	unsigned int sent, most_at_once, at_hop[PATH_HOPS + 1], flows_seen;
	struct answer queue[QUEUE];
	unsigned int queued;
} world;

static unsigned int mix(unsigned int flow, unsigned int salt)
{
	unsigned int x = (flow + 1) * 2654435761u ^ salt * 40503u;

	x ^= x >> 15;
	x *= 2246822519u;
	x ^= x >> 13;
	return x;
}

/* As Linux has it by default: six at once, then one a second. */
static bool allowed(unsigned int node)
{
	const uint64_t most = 6 * NSEC_PER_SEC;
	uint64_t *tokens = &world.tokens_ns[node];

	if (!world.limits || !node)
		return true;
	*tokens += world.now_ns - world.since_ns[node];
	world.since_ns[node] = world.now_ns;
	if (*tokens > most)
		*tokens = most;
	if (*tokens < NSEC_PER_SEC)
		return false;
	*tokens -= NSEC_PER_SEC;
	return true;
}

static void send_all(const struct flows_step *step)
{
	if (step->n > world.most_at_once)
		world.most_at_once = step->n;
	for (unsigned int i = 0; i < step->n; i++) {
		const struct flows_item *item = &step->item[i];
		unsigned int from = world.who(item->ttl, item->flow);

		world.sent++;
		world.at_hop[item->ttl]++;
		if (item->flow >= world.flows_seen)
			world.flows_seen = item->flow + 1;
		if (from == NOBODY || !allowed(from) || world.queued == QUEUE)
			continue;
		world.queue[world.queued++] = (struct answer){
			.at_ns = world.now_ns + world.rtt_ns + 50000 * i,
			.item = *item,
			.from = from,
			.open = true,
		};
	}
}

static void deliver(struct answer *a)
{
	struct icmpctl_record r = {
		.status = a->from ? ICMPCTL_STATUS_ERROR : ICMPCTL_STATUS_REPLY,
		.family = 4,
		.tx_source = ICMPCTL_SOURCE_HOOK,
		.rx_source = ICMPCTL_SOURCE_HOOK,
		.rtt_ns = world.rtt_ns,
		.ttl = 64,
		.icmp_type = a->from ? 11 : 0,
		.from = { 192, 0, 2, a->from },
	};

	a->open = false;
	flows_record(&f, &a->item, &r, NULL);
}

/* The next answer, or NULL if none comes before @at_ns. */
static struct answer *next_answer(uint64_t at_ns)
{
	struct answer *next = NULL;

	for (unsigned int i = 0; i < world.queued; i++) {
		struct answer *a = &world.queue[i];

		if (a->open && a->at_ns <= at_ns && (!next || a->at_ns < next->at_ns))
			next = a;
	}
	return next;
}

/* Runs to the end; false if there is none. */
static bool run(world_fn *who, unsigned int first, unsigned int max, unsigned int n,
		double confidence, bool limits)
{
	static const uint8_t target[16] = { 192, 0, 2, 0 };

	flows_free(&f);
	flows_init(&f, 4, target, first, max, n, confidence);
	memset(&world, 0, sizeof(world));
	world.who = who;
	world.now_ns = NSEC_PER_SEC;
	world.rtt_ns = 10 * MS;
	world.limits = limits;
	for (unsigned int i = 0; i < 256; i++)
		world.tokens_ns[i] = 6 * NSEC_PER_SEC;
	for (unsigned int i = 0; i < 100000; i++) {
		struct flows_step step;
		struct answer *a;

		flows_next(&f, &rule, world.now_ns, &step);
		if (step.what == PATH_DONE)
			return !f.no_memory;
		if (step.what == PATH_ASK) {
			send_all(&step);
			continue;
		}
		a = next_answer(step.at_ns);
		/* Nothing comes, and nothing is waited for: so it stays. */
		if (!a && (step.at_ns == UINT64_MAX || step.at_ns <= world.now_ns))
			return false;
		world.now_ns = a ? a->at_ns : step.at_ns;
		if (a)
			deliver(a);
	}
	return false;
}

/* Of the last run. */
static bool ended;

static double seconds(void)
{
	return (world.now_ns - NSEC_PER_SEC) / 1e9;
}

/* Four routers one behind the other. */
static unsigned int chain(unsigned int ttl, unsigned int flow)
{
	(void)flow;
	return ttl > 4 ? 0 : 16 * ttl;
}

/* One, sixteen, one. */
static unsigned int diamond(unsigned int ttl, unsigned int flow)
{
	if (ttl == 2)
		return 32 + mix(flow, 1) % 16;
	return ttl > 3 ? 0 : 16 * ttl;
}

/* One, two, each of which has two of its own behind it, one. */
static unsigned int tree(unsigned int ttl, unsigned int flow)
{
	if (ttl == 2)
		return 32 + mix(flow, 1) % 2;
	if (ttl == 3)
		return 48 + 2 * (mix(flow, 1) % 2) + mix(flow, 2) % 2;
	return ttl > 4 ? 0 : 16 * ttl;
}

/* One of two ways is longer by a router. */
static unsigned int uneven(unsigned int ttl, unsigned int flow)
{
	bool longer = mix(flow, 3) % 2;

	if (ttl == 1)
		return 16;
	if (ttl == 2)
		return 32 + longer;
	if (ttl == 3 && longer)
		return 48;
	return 0;
}

/* One of four says nothing; the third hop says nothing at all. */
static unsigned int silent(unsigned int ttl, unsigned int flow)
{
	if (ttl == 2)
		return mix(flow, 4) % 4 ? 32 + mix(flow, 4) % 4 : NOBODY;
	if (ttl == 3)
		return NOBODY;
	return ttl > 4 ? 0 : 16 * ttl;
}

/* As the diamond, whatever flow it is. */
static unsigned int by_packet(unsigned int ttl, unsigned int flow)
{
	static unsigned int n;

	(void)flow;
	if (ttl == 2)
		return 32 + mix(n++, 5) % 3;
	return ttl > 3 ? 0 : 16 * ttl;
}

/* The target is dead. */
static unsigned int dead(unsigned int ttl, unsigned int flow)
{
	(void)flow;
	return ttl > 2 ? NOBODY : 16 * ttl;
}

static unsigned int looping(unsigned int ttl, unsigned int flow)
{
	(void)flow;
	return 16 * (1 + ttl % 2);
}

static void test_rule(void)
{
	/* The tables of the papers; the same as scamper's. */
	static const unsigned int of95[] = {
		6, 11, 16, 21, 27, 33, 38, 44, 51, 57, 63, 70, 76, 83, 90, 96,
	};
	static const unsigned int of99[] = {
		8, 15, 21, 28, 36, 43, 51, 58, 66, 74, 82, 90, 98, 106, 115, 123,
	};
	unsigned int worse = 0;

	for (unsigned int k = 1; k <= 16; k++) {
		check(mda_stop(k, 0.05) == of95[k - 1], "mda: n_%u for 95 %%: %u", k,
		      mda_stop(k, 0.05));
		check(mda_stop(k, 0.01) == of99[k - 1], "mda: n_%u for 99 %%: %u", k,
		      mda_stop(k, 0.01));
	}
	check(mda_stop(1, 0) > FLOWS_MAX, "mda: no number is enough for certainty");
	check(mda_miss(1, 1) == 0 && mda_miss(2, 1) == 1 && mda_miss(2, 2) == 0.5,
	      "mda: small numbers");
	/* Both ways to count must agree where one takes over from the other. */
	for (unsigned int ways = 2; ways < 200; ways += 13)
		for (unsigned int flows = ways; flows < 8 * ways; flows++)
			worse += mda_miss(ways, flows) < mda_miss(ways, flows + 1) - 1e-9 ||
				 mda_miss(ways, flows) > 1 || mda_miss(ways, flows) < 0;
	check(!worse, "mda: more flows are no worse: %u", worse);
	check(fabs(mda_miss(16, 96) - 0.0323) < 0.0005, "mda: of 16 ways with 96 flows: %f",
	      mda_miss(16, 96));
}

static void test_chain(void)
{
	unsigned int loop;

	ended = run(chain, 1, 30, 64, 0.95, false);
	check(ended, "flows: a chain comes to an end");
	check(flows_last(&f) == 5 && flows_reached(&f), "flows: and that is known");
	for (unsigned int ttl = 1; ttl <= 5; ttl++)
		check(f.hop[ttl].nodes == 1 && flows_marks(&f, ttl, &loop) == 0 &&
		      flows_balancing(&f, ttl) == FLOWS_NOT, "flows: one address at hop %u", ttl);
	check(flows_confidence(&f) >= 0.95, "flows: the confidence wanted: %f",
	      flows_confidence(&f));
	check(world.flows_seen < 10 && world.sent < 5 * 10 + 12,
	      "flows: with few flows and probes: %u, %u", world.flows_seen, world.sent);
	check(seconds() < 0.05, "flows: in few round trips: %f s", seconds());

	ended = run(chain, 1, 30, 64, 0.999, false);
	check(ended && flows_confidence(&f) >= 0.999 &&
	      world.flows_seen > 10, "flows: more of them for more confidence: %u",
	      world.flows_seen);
	ended = run(chain, 3, 4, 64, 0.95, false);
	check(ended && flows_last(&f) == 4 && !flows_reached(&f) &&
	      !f.hop[2].asked && !f.hop[5].asked && flows_confidence(&f) >= 0.95,
	      "flows: from the third hop to the fourth");
	ended = run(chain, 1, 30, 1, 0.95, false);
	check(ended && flows_confidence(&f) == 0 &&
	      flows_last(&f) == 5, "flows: a single one says nothing of others");
	ended = run(chain, 1, 30, 5, 0.95, false);
	check(ended && world.flows_seen == 5 &&
	      fabs(flows_confidence(&f) - pow(1 - mda_miss(2, 5), 5)) < 1e-9,
	      "flows: with too few it is known what that is worth: %f", flows_confidence(&f));
	ended = run(chain, 1, 30, 20, 1, false);
	check(ended && world.flows_seen == 20 &&
	      f.hop[5].asked == 20 && f.hop[1].asked == 20, "flows: all of them, if so wanted");
}

static void test_balanced(void)
{
	unsigned int linked = 0, enough, n;
	struct flows_group *groups;

	ended = run(diamond, 1, 30, 1000, 0.95, false);
	check(ended, "flows: a diamond comes to an end");
	check(f.hop[2].nodes == 16 && f.hop[3].nodes == 1 && f.hop[1].nodes == 1,
	      "flows: all 16 are found: %u", f.hop[2].nodes);
	check(flows_confidence(&f) >= 0.95 && world.flows_seen < 1000,
	      "flows: with the confidence wanted: %f, %u flows", flows_confidence(&f),
	      world.flows_seen);
	enough = mda_stop(1, flows_bound(&f));
	groups = flows_groups(&f, 2, &n);
	for (unsigned int i = 0; groups && i < 16; i++)
		linked += groups[i].ways == 1 && groups[i].seen >= enough;
	check(n == 17 && linked == 16, "flows: of each is known where it leads: %u", linked);
	free(groups);
	check(flows_balancing(&f, 2) == FLOWS_BY_FLOW, "flows: balanced by flow");
	check(f.hop[4].asked < 40 && f.hop[1].asked < 200,
	      "flows: those are not asked of hops where they tell nothing: %u", f.hop[4].asked);
	ended = run(diamond, 1, 30, 64, 0.95, false);
	check(ended && flows_confidence(&f) < 0.9 &&
	      world.flows_seen == 64, "flows: 64 are not enough for it: %f",
	      flows_confidence(&f));
	check(flows_confidence_of(&f, 1) > 0.99 && flows_confidence_of(&f, 3) < 0.9,
	      "flows: and it is known where");

	ended = run(tree, 1, 30, 1000, 0.95, false);
	check(ended && f.hop[2].nodes == 2 &&
	      f.hop[3].nodes == 4 && flows_confidence(&f) >= 0.95, "flows: a tree");
	groups = flows_groups(&f, 2, &n);
	check(groups && groups[0].ways == 2 && groups[1].ways == 2,
	      "flows: and who is behind whom");
	free(groups);

	ended = run(uneven, 1, 30, 200, 0.95, false);
	check(ended && flows_last(&f) == 4 &&
	      f.hop[3].nodes == 2 && f.hop[4].nodes == 1 && flows_confidence(&f) >= 0.95,
	      "flows: one way is longer: %u, %u", flows_last(&f), f.hop[3].nodes);

	ended = run(by_packet, 1, 30, 200, 0.95, false);
	check(ended &&
	      flows_balancing(&f, 2) == FLOWS_BY_PACKET, "flows: balanced by packet is told");
}

static void test_silent(void)
{
	unsigned int loop;

	ended = run(silent, 1, 30, 200, 0.95, false);
	check(ended, "flows: silent routers: an end");
	check(f.hop[2].nodes == 3 && f.hop[2].silent && !flows_nobody(&f, 2) &&
	      flows_nobody(&f, 3) && f.hop[4].nodes == 1, "flows: and which they are");
	check(flows_confidence(&f) >= 0.95, "flows: they have one way at least: %f",
	      flows_confidence(&f));
	check(seconds() < 30, "flows: silence is not asked for long: %f s", seconds());
	check(f.hop[3].sent <= 40, "flows: nor often: %u", f.hop[3].sent);

	ended = run(dead, 1, 30, 200, 0.95, false);
	check(ended && flows_last(&f) == 30 &&
	      !flows_reached(&f) && f.hop[2].nodes == 1 && f.hop[30].silent == 1,
	      "flows: a dead target");
	ended = run(looping, 1, 10, 200, 0.95, false);
	check(ended && flows_last(&f) == 10 &&
	      flows_marks(&f, 3, &loop) & PATH_MARK_LOOP && loop == 1, "flows: a loop");
}

static void test_limited(void)
{
	ended = run(chain, 1, 30, 64, 0.95, true);
	check(ended, "flows: limited routers: an end");
	check(flows_confidence(&f) >= 0.95 && !f.hop[1].silent && !f.hop[4].silent,
	      "flows: nobody is taken for silent");
	check(flows_limits(&f, 2), "flows: and it is said");
	check(seconds() < 8, "flows: no longer than it takes: %f s", seconds());
	ended = run(diamond, 1, 30, 300, 0.8, true);
	check(ended && f.hop[2].nodes == 16 && !f.hop[2].silent &&
	      !f.hop[3].silent, "flows: a diamond of limited routers: %f, %f s",
	      flows_confidence(&f), seconds());
	check(world.sent < 2000, "flows: and they are not flooded: %u", world.sent);
}

void test_flows(void)
{
	test_rule();
	test_chain();
	test_balanced();
	test_silent();
	test_limited();
	flows_free(&f);
}
