// SPDX-License-Identifier: GPL-2.0
/*
 * Whom to ask next on a path. All hops of a window at once, and the next window as
 * soon as the path is seen to go on. A hop whose answers are missing may only be
 * limiting them (Linux: six at once, then one a second to each host that asks), so it
 * is asked again, one probe at a time and well apart. Hops are asked again together:
 * many silent ones take no longer than one.
 */
#include "lib/path.h"

#include "lib/units.h"

/* An answer that takes so many times the longest RTT seen is not to be expected. */
#define PATIENCE	10
#define PATIENCE_MIN_NS	(500 * NSEC_PER_MSEC)

/**
 * path_patience_ns - how long after the last probe of a hop it is still worth waiting
 * @rule: how it is asked
 * @rtt_max_ns: the longest RTT seen, 0 for none
 *
 * Return: the time.
 */
uint64_t path_patience_ns(const struct path_rule *rule, uint64_t rtt_max_ns)
{
	uint64_t ns = PATIENCE * rtt_max_ns;

	if (!rtt_max_ns)
		return rule->wait_ns;
	if (ns < PATIENCE_MIN_NS)
		ns = PATIENCE_MIN_NS;
	return ns < rule->wait_ns ? ns : rule->wait_ns;
}

static uint64_t patience_ns(const struct path *p, const struct path_rule *rule)
{
	return path_patience_ns(rule, p->rtt_max_ns);
}

/* Is it known that the path goes on behind the hops asked, or of no use to wait for it? */
static bool goes_on(const struct path *p, const struct path_rule *rule, uint64_t now_ns)
{
	const struct path_hop *hop = &p->hop[p->asked_to];

	return !p->asked_to || hop->answered ||
	       now_ns >= hop->first_ns + patience_ns(p, rule);
}

/**
 * path_settled - is all said of a hop that it will say
 * @p: the path
 * @rule: how it is asked
 * @ttl: the hop
 * @now_ns: the time
 *
 * Return: true if its answers are complete, or it was asked often enough.
 */
bool path_settled(const struct path *p, const struct path_rule *rule, unsigned int ttl,
		  uint64_t now_ns)
{
	const struct path_hop *hop = &p->hop[ttl];

	if (path_complete(p, ttl))
		return true;
	return hop->asked && hop->row >= rule->repeats &&
	       now_ns >= hop->asked_ns + patience_ns(p, rule);
}

static void wait_until(struct path_step *step, uint64_t at_ns)
{
	if (step->at_ns > at_ns)
		step->at_ns = at_ns;
}

/**
 * path_next - what is to be done next
 * @p: the path
 * @rule: how it is asked
 * @now_ns: the time
 * @step: the result
 */
void path_next(const struct path *p, const struct path_rule *rule, uint64_t now_ns,
	       struct path_step *step)
{
	unsigned int last = path_last(p), next = p->asked_to ? p->asked_to + 1 : p->first;

	*step = (struct path_step){ .what = PATH_WAIT, .at_ns = UINT64_MAX };
	if (!p->end && next <= p->max) {
		if (goes_on(p, rule, now_ns)) {
			step->what = PATH_ASK;
			while (step->n < rule->window && next <= p->max)
				step->ttl[step->n++] = next++;
			return;
		}
		wait_until(step, p->hop[p->asked_to].first_ns + patience_ns(p, rule));
	}
	for (unsigned int ttl = p->first; ttl <= last; ttl++) {
		const struct path_hop *hop = &p->hop[ttl];

		if (path_settled(p, rule, ttl, now_ns))
			continue;
		if (hop->row >= rule->repeats)
			wait_until(step, hop->asked_ns + patience_ns(p, rule));
		else if (now_ns < hop->asked_ns + rule->spacing_ns)
			wait_until(step, hop->asked_ns + rule->spacing_ns);
		else
			step->ttl[step->n++] = ttl;
	}
	if (step->n)
		step->what = PATH_REPEAT;
	else if (step->at_ns == UINT64_MAX)
		step->what = PATH_DONE;
}
