// SPDX-License-Identifier: GPL-2.0
/* What was gathered of a host, as plain facts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/checkup.h"
#include "lib/icmp_names.h"
#include "lib/text.h"
#include "lib/units.h"

#define LOSS_MIN 2

static int ascending(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/**
 * checkup_rtt - an RTT of the burst
 * @c: the host
 * @percent: 0 for the least, 50 for the median, 100 for the greatest
 *
 * Return: the RTT, 0 without any.
 */
uint64_t checkup_rtt(const struct checkup *c, unsigned int percent)
{
	uint64_t sorted[CHECKUP_PROBES];
	unsigned int n = c->burst.timed, at;

	if (!n)
		return 0;
	memcpy(sorted, c->burst.rtt_ns, n * sizeof(sorted[0]));
	qsort(sorted, n, sizeof(sorted[0]), ascending);
	/* RFC 2330, 11.3: the least value that so many do not exceed. */
	at = (n * percent + 99) / 100;
	return sorted[at ? at - 1 : 0];
}

/**
 * checkup_jitter - how much the RTTs of the burst vary
 * @c: the host
 *
 * Return: interarrival jitter as RFC 3550, A.8 has it, on RTTs.
 */
uint64_t checkup_jitter(const struct checkup *c)
{
	double jitter = 0;

	for (unsigned int i = 1; i < c->burst.timed; i++) {
		double d = (double)c->burst.rtt_ns[i] - (double)c->burst.rtt_ns[i - 1];

		jitter += ((d < 0 ? -d : d) - jitter) / 16;
	}
	return (uint64_t)jitter;
}

static const char *text(const struct checkup *c, char buf[FACT_LEN], const uint8_t *addr)
{
	int family = c->target.family;
	char t[ADDRESS_LEN];

	snprintf(buf, FACT_LEN, "%s",
		 address_text(t, family, addr,
			      address_is_link_local(family, addr) ? c->target.scope : 0));
	return buf;
}

static const struct path_answer *answer_of(const struct path *path, unsigned int ttl)
{
	for (unsigned int i = 0; ttl && i < path->queries; i++)
		if (path->hop[ttl].answers[i].known)
			return &path->hop[ttl].answers[i];
	return NULL;
}

static uint64_t least_rtt(const struct path *path, unsigned int ttl)
{
	uint64_t least = UINT64_MAX;

	for (unsigned int i = 0; i < path->queries; i++) {
		const struct path_answer *a = &path->hop[ttl].answers[i];

		if (a->known && a->timed && a->rtt_ns < least)
			least = a->rtt_ns;
	}
	return least;
}

/*
 * A router answers slowly because it has better things to do. What adds to the way is
 * what all hops behind have as well: each hop counts as the least of it and those.
 */
static void slow_hop(const struct checkup *c, struct facts_family *v)
{
	const struct path *path = &c->hops.path;
	uint64_t behind = UINT64_MAX;

	if (!path_reached(path))
		return;
	for (unsigned int ttl = path->end; ttl; ttl--) {
		uint64_t here = least_rtt(path, ttl), before = 0;

		if (here < behind)
			behind = here;
		for (unsigned int t = ttl - 1; t && !before; t--)
			if (least_rtt(path, t) != UINT64_MAX)
				before = least_rtt(path, t);
		if (here == UINT64_MAX || before >= behind || behind - before <= v->rise_ns)
			continue;
		v->rise_ns = behind - before;
		v->slow_hop = ttl;
		text(c, v->slow_from, answer_of(path, ttl)->from);
	}
}

static void path_facts(const struct checkup *c, struct facts_family *v)
{
	const struct path *path = &c->hops.path;
	const struct path_answer *a;
	unsigned int loop;

	v->hops = path_reached(path) ? path->end : 0;
	for (unsigned int ttl = path_last(path); ttl && !v->last_hop; ttl--) {
		a = answer_of(path, ttl);
		if (!a)
			continue;
		v->last_hop = ttl;
		text(c, v->last_from, a->from);
	}
	for (unsigned int ttl = 1; ttl <= path_last(path); ttl++) {
		if (path_marks(path, ttl, &loop) & PATH_MARK_LOOP && !v->loop[0]) {
			v->loop[0] = loop;
			v->loop[1] = ttl - 1;
			text(c, v->loop_from, answer_of(path, loop)->from);
		}
		if (path_limits(path, ttl) && !v->limited_hop) {
			v->limited_hop = ttl;
			text(c, v->limited_from, answer_of(path, ttl)->from);
		}
	}
	slow_hop(c, v);
}

/* The first hop that loses, if all behind it do; the host itself does. */
static void loss_facts(const struct checkup *c, struct facts_family *v)
{
	unsigned int hop = v->hops;
	const char *from = v->address;
	char addr[FACT_LEN];

	v->loss_searched = c->losing;
	if (!c->losing || !hop)
		return;
	for (unsigned int i = c->losses; i; i--) {
		unsigned int received = c->loss_received[i - 1];

		/* One that does not reply at all says nothing. */
		if (!received)
			continue;
		if (received + LOSS_MIN > CHECKUP_PROBES)
			break;
		hop = c->loss_ttl[i - 1];
		from = text(c, addr, c->loss[i - 1].addr);
	}
	v->loss_hop = hop;
	snprintf(v->loss_from, sizeof(v->loss_from), "%s", from);
}

static void mtu_facts(const struct checkup *c, struct facts_family *v)
{
	const struct pmtu *p = &c->mtu.pmtu;
	const struct path_answer *a;

	if (!c->sizing)
		return;
	v->local_mtu = p->local;
	v->mtu_bytes = pmtu_passes(p);
	if (p->outcome != PMTU_FOUND)
		return;
	v->mtu = MTU_FOUND;
	if (pmtu_black_hole(p)) {
		/* Where it could not be seen whether that is so: no accusation. */
		if (!c->mtu.done)
			return;
		v->mtu = MTU_BLACK_HOLE;
		v->mtu_hop = pmtu_run_last_hop(&c->mtu);
		a = answer_of(&c->mtu.far.path, v->mtu_hop);
		if (a)
			text(c, v->mtu_from, a->from);
		return;
	}
	for (unsigned int i = 0; i < p->tellers; i++) {
		if (p->told[i].doubt != PMTU_BELIEVED || p->told[i].mtu != v->mtu_bytes)
			continue;
		v->mtu_hop = path_hop_of(&c->hops.path, p->told[i].from);
		text(c, v->mtu_from, p->told[i].from);
	}
}

static void error_facts(const struct checkup *c, struct facts_family *v)
{
	const struct icmpctl_record *r = &c->burst.error;
	char name[ICMP_NAME_LEN];

	if (!c->burst.has_error)
		return;
	v->error = true;
	v->type = r->icmp_type;
	v->code = r->icmp_code;
	v->error_hop = path_hop_of(&c->hops.path, r->from);
	text(c, v->error_from, r->from);
	snprintf(v->error_text, sizeof(v->error_text), "%s",
		 icmp_text(name, c->target.family, r->icmp_type, r->icmp_code, r->info));
}

/**
 * checkup_facts - what was gathered, as plain facts
 * @c: the host
 * @v: the result
 */
void checkup_facts(const struct checkup *c, struct facts_family *v)
{
	*v = (struct facts_family){ .asked = c->target.family };
	if (!v->asked)
		return;
	v->route_error = c->route_error;
	v->on_link = !c->route_error && !c->route.gateway.family;
	v->sent = c->burst.sent;
	v->received = c->burst.received;
	if (c->burst.cause)
		v->cause = c->burst.cause;
	v->rtt_ns = checkup_rtt(c, 50);
	v->jitter_ns = checkup_jitter(c);
	snprintf(v->address, sizeof(v->address), "%s", c->target.text);
	text_safe(v->device, sizeof(v->device), c->device_name);
	snprintf(v->source, sizeof(v->source), "%s", c->source);
	snprintf(v->neighbour, sizeof(v->neighbour), "%s", c->neighbour);
	if (c->route.gateway.family)
		text(c, v->gateway, c->route.gateway.addr);
	v->knock = c->heard;
	v->port = c->port;
	path_facts(c, v);
	error_facts(c, v);
	loss_facts(c, v);
	mtu_facts(c, v);
}
