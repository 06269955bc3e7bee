// SPDX-License-Identifier: GPL-2.0
/*
 * Gathers what there is to know of a host by one IP version. The burst and the path are
 * asked for at once. Whether it replies decides what is worth asking then: sizes, and
 * where loss begins, of a host that does; other probes of one that does not.
 */
#include "lib/checkup.h"

#include <errno.h>
#include <string.h>

#include "lib/icmp_names.h"
#include "lib/now.h"
#include "lib/probes_loop.h"
#include "lib/units.h"

#define INTERVAL_NS (25 * NSEC_PER_MSEC)
/* A probe is lost after this: a neighbour is given up after three seconds. */
#define TIMEOUT_NS (3300 * NSEC_PER_MSEC)
/* By then the first ones are, and it is known what this host thinks of it. */
#define SILENCE_NS (3900 * NSEC_PER_MSEC)
/* On a host that has too much to do it is told later; so long it is waited for. */
#define SILENCE_MAX_NS (8 * NSEC_PER_SEC)
/* A size is waited for at least so many of the RTTs that the burst has. */
#define SLOW_PATIENCE 2
/* Where there are replies, a missing one is not waited for longer than this. */
#define PATIENCE 4
#define PATIENCE_MIN_NS (400 * NSEC_PER_MSEC)
/* Without a reply for so long, other probes are tried. */
#define KNOCK_AFTER_NS (600 * NSEC_PER_MSEC)
#define KNOCK_PROBES 3
#define KNOCK_INTERVAL_NS NSEC_PER_SEC
/* As struct icmpctl_record has it. */
#define TCP_FLAG_RST 4
#define SPACING_NS (1100 * NSEC_PER_MSEC)
#define HOP_SIZE 32
#define HOP_QUERIES 2
#define WINDOW 16
/* One lost probe may be chance. */
#define LOSS_MIN 2

static const struct path_answer *answer_of(const struct path *path, unsigned int ttl)
{
	for (unsigned int i = 0; i < path->queries; i++)
		if (path->hop[ttl].answers[i].known)
			return &path->hop[ttl].answers[i];
	return NULL;
}

static int on_burst(void *arg, const struct icmpctl_record *r)
{
	struct checkup *c = arg;
	struct checkup_burst *b = &c->burst;

	switch (r->status) {
	case ICMPCTL_STATUS_REPLY:
		b->received++;
		if (r->tx_source && r->rx_source && b->timed < CHECKUP_PROBES)
			b->rtt_ns[b->timed++] = r->rtt_ns;
		break;
	case ICMPCTL_STATUS_ERROR:
		if (r->cause == ICMPCTL_CAUSE_REPORTED) {
			b->error = *r;
			b->has_error = true;
		}
		break;
	case ICMPCTL_STATUS_LATE:
		/* Its probe was told as lost; what it says is worth knowing all the same. */
		if (!b->has_error && !icmp_is_echo_reply(r->family, r->icmp_type)) {
			b->error = *r;
			b->has_error = true;
		}
		return 0;
	case ICMPCTL_STATUS_LOST:
	case ICMPCTL_STATUS_SEND_FAILED:
		break;
	default:
		return 0;
	}
	b->settled++;
	if (r->status != ICMPCTL_STATUS_LOST)
		b->heard_ns = now_ns(CLOCK_MONOTONIC);
	if (r->cause > ICMPCTL_CAUSE_SILENCE && r->cause != ICMPCTL_CAUSE_REPORTED)
		b->cause = r->cause;
	return 0;
}

#define ASK(NAME, member, v) SESSION_ASK(&p, ICMPCTL_SESSION_A_##NAME, member, v)

static void begin_burst(struct checkup *c, uint64_t now_ns)
{
	struct probes_pass listener = { .on_record = on_burst, .arg = c };
	struct session_params p = c->params;
	/* The flow that all other probes have. */
	struct session_hop hop = { .flow = 0 };

	ASK(COUNT, count, CHECKUP_PROBES);
	ASK(INTERVAL_NS, interval_ns, INTERVAL_NS);
	ASK(TIMEOUT_NS, timeout_ns, TIMEOUT_NS);
	c->burst.sent = CHECKUP_PROBES;
	c->burst.last_ns = now_ns + CHECKUP_PROBES * INTERVAL_NS;
	c->refused = probes_start(c->probes, &p, &c->target, &hop, 1, &listener, &c->refusal);
}

/* Is it known what becomes of the burst, as far as it is worth waiting? */
static bool burst_done(const struct checkup *c, uint64_t now_ns, uint64_t *at_ns)
{
	const struct checkup_burst *b = &c->burst;
	uint64_t until = c->begun_ns + SILENCE_NS;

	if (b->settled >= b->sent)
		return true;
	if (b->received) {
		uint64_t patience = PATIENCE * checkup_rtt(c, 100);

		if (patience < PATIENCE_MIN_NS)
			patience = PATIENCE_MIN_NS;
		until = (b->heard_ns > b->last_ns ? b->heard_ns : b->last_ns) + patience;
	} else if (b->has_error || b->cause) {
		until = b->last_ns + PATIENCE_MIN_NS;
	}
	if (now_ns >= until && !b->settled)
		until = c->begun_ns + SILENCE_MAX_NS;
	if (now_ns >= until)
		return true;
	if (*at_ns > until)
		*at_ns = until;
	return false;
}

static int on_loss(void *arg, const struct icmpctl_record *r)
{
	struct checkup *c = arg;

	if (r->status == ICMPCTL_STATUS_REPLY && r->target < c->losses)
		c->loss_received[r->target]++;
	return 0;
}

/* Routers reply to echo requests without the limits that their errors have. */
static void begin_loss(struct checkup *c, uint64_t now_ns)
{
	struct probes_pass listener = { .on_record = on_loss, .arg = c };
	const struct path *path = &c->hops.path;
	struct session_params p = c->params;
	struct probes_refusal refusal;

	c->losing = true;
	for (unsigned int ttl = 1; ttl < path_last(path) && c->losses < CHECKUP_HOPS; ttl++) {
		const struct path_answer *a = answer_of(path, ttl);
		struct target *t = &c->loss[c->losses];

		if (!a)
			continue;
		*t = c->target;
		memcpy(t->addr, a->from, sizeof(t->addr));
		c->loss_ttl[c->losses++] = ttl;
	}
	if (!c->losses)
		return;
	ASK(COUNT, count, CHECKUP_PROBES);
	ASK(INTERVAL_NS, interval_ns, INTERVAL_NS);
	ASK(TIMEOUT_NS, timeout_ns, c->wait_ns);
	if (probes_start(c->probes, &p, c->loss, NULL, c->losses, &listener, &refusal)) {
		c->losses = 0;
		return;
	}
	c->loss_until_ns = now_ns + CHECKUP_PROBES * INTERVAL_NS + PATIENCE_MIN_NS +
			   PATIENCE * checkup_rtt(c, 100);
}
static bool lossy(const struct checkup *c)
{
	return c->burst.received && c->burst.sent - c->burst.received >= LOSS_MIN;
}

static bool sizes_done(struct checkup *c, uint64_t now_ns, uint64_t *at_ns)
{
	uint64_t wait_ns = SLOW_PATIENCE * checkup_rtt(c, 100);

	if (!c->burst.received)
		return true;
	/* How long a reply takes is known by now, whatever the user thought. */
	if (wait_ns < c->wait_ns)
		wait_ns = c->wait_ns;
	if (!c->sizing)
		pmtu_run_init(&c->mtu, c->probes, &c->target, &c->params, wait_ns, PMTU_MAX,
			      &c->hops);
	c->sizing = true;
	if (!c->mtu.done && pmtu_run_advance(&c->mtu, now_ns, at_ns))
		c->mtu.done = true;
	return c->mtu.done;
}

static bool loss_done(struct checkup *c, uint64_t now_ns, uint64_t *at_ns)
{
	if (!lossy(c))
		return true;
	/* Sizes first: their bursts would be in the way. */
	if (!c->hops.done || !c->mtu.done)
		return false;
	if (!c->losing)
		begin_loss(c, now_ns);
	if (now_ns < c->loss_until_ns && *at_ns > c->loss_until_ns)
		*at_ns = c->loss_until_ns;
	return now_ns >= c->loss_until_ns;
}

/* What most hosts have open, and what traceroute asks because nobody has. */
static const struct {
	uint32_t kind;
	uint16_t port;
} doors[CHECKUP_DOORS] = {
	{ ICMPCTL_PROBE_TCP, 443 },
	{ ICMPCTL_PROBE_TCP, 80 },
	{ ICMPCTL_PROBE_TCP, 22 },
	{ ICMPCTL_PROBE_UDP, 33434 },
};

/* A SYN that was acknowledged says more than one that was reset, and that more than UDP. */
static int on_knock(void *arg, const struct icmpctl_record *r)
{
	const struct checkup_door *door = arg;
	struct checkup *c = door->checkup;
	enum fact_knock heard = KNOCK_UDP;

	if (r->status != ICMPCTL_STATUS_REPLY)
		return 0;
	if (doors[door->index].kind == ICMPCTL_PROBE_TCP)
		heard = r->tcp_flags & TCP_FLAG_RST ? KNOCK_CLOSED : KNOCK_OPEN;
	if (!c->heard || heard < c->heard) {
		c->heard = heard;
		c->port = doors[door->index].port;
	}
	return 0;
}

/* Does a host that does not reply to echo requests answer anything else? */
static void knock(struct checkup *c, uint64_t now_ns, uint64_t *at_ns)
{
	uint64_t begin_ns = c->begun_ns + KNOCK_AFTER_NS;

	if (c->burst.received || c->knocking)
		return;
	if (now_ns < begin_ns) {
		if (*at_ns > begin_ns)
			*at_ns = begin_ns;
		return;
	}
	c->knocking = true;
	for (unsigned int i = 0; i < CHECKUP_DOORS; i++) {
		struct probes_pass listener = { .on_record = on_knock, .arg = &c->door[i] };
		struct session_params p = c->params;
		struct probes_refusal refusal;

		c->door[i] = (struct checkup_door){ .checkup = c, .index = i };
		ASK(KIND, kind, doors[i].kind);
		ASK(PORT, port, doors[i].port);
		ASK(SIZE, size, doors[i].kind == ICMPCTL_PROBE_TCP ? 0 : ICMPCTL_COOKIE_LEN);
		ASK(COUNT, count, KNOCK_PROBES);
		ASK(INTERVAL_NS, interval_ns, KNOCK_INTERVAL_NS);
		ASK(TIMEOUT_NS, timeout_ns, TIMEOUT_NS);
		/* Who may not ask so has asked in vain: nothing was heard. */
		probes_start(c->probes, &p, &c->target, NULL, 1, &listener, &refusal);
	}
}

#undef ASK

static void look_up_way(struct checkup *c)
{
	uint8_t addr[16];

	c->route_error = -rtnl_route(c->target.family, c->target.addr,
				     c->target.scope ? c->target.scope : c->params.ifindex,
				     c->params.mark, &c->route);
	if (!c->route_error)
		if_indextoname(c->route.ifindex, c->device_name);
	if (c->params.set & SESSION_BIT(ICMPCTL_SESSION_A_SOURCE))
		address_text(c->source, c->target.family, c->params.source, 0);
	else if (!target_source(&c->target, c->params.ifindex, addr))
		address_text(c->source, c->target.family, addr, 0);
}

/**
 * checkup_begin - begin
 * @c: the result; must stay, since its sessions tell it
 * @probes: by these sessions
 * @target: the host
 * @params: what each session is to be asked for, without count, sizes and times
 * @wait_ns: no answer of a hop or to a size is waited for longer
 * @max_hops: of the path
 * @now_ns: the time
 */
void checkup_begin(struct checkup *c, struct probes *probes, const struct target *target,
		   const struct session_params *params, uint64_t wait_ns,
		   unsigned int max_hops, uint64_t now_ns)
{
	const struct path_rule rule = {
		.window = WINDOW,
		.repeats = 1,
		.spacing_ns = SPACING_NS,
		.wait_ns = wait_ns,
	};
	struct session_params p = *params;

	*c = (struct checkup){
		.probes = probes,
		.target = *target,
		.params = *params,
		.wait_ns = wait_ns,
		.max_hops = max_hops,
		.begun_ns = now_ns,
		.neighbour = "",
	};
	look_up_way(c);
	p.set |= SESSION_BIT(ICMPCTL_SESSION_A_SIZE) | SESSION_BIT(ICMPCTL_SESSION_A_TIMEOUT_NS);
	p.size = HOP_SIZE;
	/* A hop is not waited for so long; but while the burst is, it may still answer. */
	p.timeout_ns = wait_ns > TIMEOUT_NS ? wait_ns : TIMEOUT_NS;
	path_run_init(&c->hops, probes, &c->target, &p, &rule, max_hops, HOP_QUERIES);
	if (!c->route_error)
		begin_burst(c, now_ns);
}

/**
 * checkup_advance - do what is to be done by now
 * @c: the host
 * @now_ns: the time
 * @at_ns: is brought forward to when it is to be called next at the latest
 */
void checkup_advance(struct checkup *c, uint64_t now_ns, uint64_t *at_ns)
{
	bool burst;

	if (c->done)
		return;
	if (c->route_error || c->refused) {
		c->done = true;
		return;
	}
	if (path_run_advance(&c->hops, now_ns, at_ns))
		c->hops.done = true;
	knock(c, now_ns, at_ns);
	burst = burst_done(c, now_ns, at_ns);
	if (!burst || !sizes_done(c, now_ns, at_ns) || !loss_done(c, now_ns, at_ns) ||
	    !c->hops.done)
		return;
	c->neighbour = rtnl_neighbour_state(c->route.ifindex, c->target.family,
					    c->route.gateway.family ? c->route.gateway.addr :
								      c->target.addr);
	c->done = true;
}
