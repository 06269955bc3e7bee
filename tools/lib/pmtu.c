// SPDX-License-Identifier: GPL-2.0
/*
 * The search for a path MTU. It knows neither clock nor module: it says which sizes to
 * try, and takes in what became of them.
 *
 * Only a reply proves anything: its size passes, and so do all smaller ones. That a
 * size does not pass is believed until a larger one does: when a router says so of our
 * probe (RFC 1191, RFC 8201) and could be right, or when REPEATS of that size stay
 * unanswered while smaller ones are answered (RFC 8899, 4.3: a black hole is not plain
 * loss). What a router tells is tried before anything else, and so is one byte more.
 * Between what passes and what does not, SPLIT sizes are tried at once, so that each
 * round trip leaves a seventeenth of what was in question.
 */
#include "lib/pmtu.h"

#include <errno.h>
#include <string.h>

#include "lib/icmp_names.h"

/* Unanswered probes that make a size one that does not pass. */
#define REPEATS		3
/* Sizes tried at once between what passes and what does not. */
#define SPLIT		16
/* A path on which this does not settle it loses packets whatever their size. */
#define ROUNDS_MAX	24
/* So often is what passes asked once more, if it does not answer that time. */
#define CONFIRMS_MAX	3
/* Without any reply: so often is it tried in all. */
#define SILENT_ROUNDS	2

/* MTUs in use: RFC 1191's plateaus, tunnels over Ethernet, PPPoE, jumbo frames. */
static const uint32_t usual[] = {
	68, 576, 1006, 1280, 1400, 1420, 1436, 1450, 1462, 1472, 1480, 1492, 1500,
	2002, 4352, 8166, 9000, 17914, 32000, 65535,
};

/**
 * pmtu_init - begin with nothing known
 * @p: the search
 * @family: 4 or 6
 * @max: the largest packet to try, in bytes
 */
void pmtu_init(struct pmtu *p, int family, uint32_t max)
{
	*p = (struct pmtu){
		.family = family,
		.min = family == 4 ? PMTU_MIN_IPV4 : PMTU_MIN_IPV6,
		.max = max,
	};
}

/* The place of a size, or where it belongs. */
static unsigned int place(const struct pmtu *p, uint32_t bytes)
{
	unsigned int i = 0;

	while (i < p->tries && p->try[i].bytes < bytes)
		i++;
	return i;
}

static struct pmtu_try *find(struct pmtu *p, uint32_t bytes)
{
	unsigned int i = place(p, bytes);

	return i < p->tries && p->try[i].bytes == bytes ? &p->try[i] : NULL;
}

static struct pmtu_try *find_or_add(struct pmtu *p, uint32_t bytes)
{
	unsigned int i = place(p, bytes);

	if (i < p->tries && p->try[i].bytes == bytes)
		return &p->try[i];
	if (p->tries == PMTU_TRIES)
		return NULL;
	memmove(&p->try[i + 1], &p->try[i], (p->tries - i) * sizeof(p->try[0]));
	p->tries++;
	p->try[i] = (struct pmtu_try){ .bytes = bytes };
	return &p->try[i];
}

/**
 * pmtu_top - the largest size that is in question
 * @p: the search
 *
 * Return: the MTU of the interface, or what was asked for if that is less.
 */
uint32_t pmtu_top(const struct pmtu *p)
{
	return p->local && p->local < p->max ? p->local : p->max;
}

/**
 * pmtu_passes - the largest size that is proved to pass
 * @p: the search
 *
 * Return: bytes, 0 for none.
 */
uint32_t pmtu_passes(const struct pmtu *p)
{
	for (unsigned int i = p->tries; i; i--)
		if (p->try[i - 1].passed)
			return p->try[i - 1].bytes;
	return 0;
}

static bool fails(const struct pmtu_try *t)
{
	return !t->passed && (t->too_big || (!t->waiting && t->sent >= REPEATS));
}

/**
 * pmtu_fails - the least size that does not pass, as far as is known
 * @p: the search
 *
 * Return: bytes; more than pmtu_top() if none fails.
 */
uint32_t pmtu_fails(const struct pmtu *p)
{
	uint32_t pass = pmtu_passes(p);

	for (unsigned int i = 0; i < p->tries; i++)
		if (p->try[i].bytes > pass && fails(&p->try[i]))
			return p->try[i].bytes;
	return pmtu_top(p) + 1;
}

/**
 * pmtu_black_hole - is what does not pass dropped in silence
 * @p: a search that has found something
 *
 * Return: true if so.
 */
bool pmtu_black_hole(const struct pmtu *p)
{
	uint32_t fail = pmtu_fails(p);
	unsigned int i = place(p, fail);

	return p->outcome == PMTU_FOUND && fail <= pmtu_top(p) && i < p->tries &&
	       !p->try[i].too_big;
}

static enum pmtu_doubt doubt(const struct pmtu *p, uint32_t bytes, uint32_t mtu)
{
	if (mtu >= bytes)
		return PMTU_NOT_SMALLER;
	/* RFC 1191, 5: a router that does not know of this says 0. */
	if (mtu < p->min && (mtu || p->family == 6))
		return PMTU_TOO_SMALL;
	return mtu && mtu < pmtu_passes(p) ? PMTU_REFUTED : PMTU_BELIEVED;
}

static void too_big(struct pmtu *p, struct pmtu_try *t, const struct icmpctl_record *r)
{
	enum pmtu_doubt d = doubt(p, t->bytes, r->info);
	struct pmtu_told *told = NULL;

	t->too_big = t->too_big || d == PMTU_BELIEVED;
	for (unsigned int i = 0; i < p->tellers && !told; i++)
		if (!memcmp(p->told[i].from, r->from, 16) && p->told[i].doubt == d &&
		    (p->told[i].mtu == r->info || d == PMTU_NOT_SMALLER))
			told = &p->told[i];
	if (!told) {
		if (p->tellers == PMTU_TOLD)
			return;
		told = &p->told[p->tellers++];
		*told = (struct pmtu_told){
			.mtu = r->info,
			.bytes = t->bytes,
			.timed = r->tx_source && r->rx_source,
			.rtt_ns = r->rtt_ns,
			.doubt = d,
		};
		memcpy(told->from, r->from, sizeof(told->from));
	}
	told->times++;
	if (told->bytes < t->bytes && d != PMTU_NOT_SMALLER)
		told->bytes = t->bytes;
}

static void timed(struct pmtu *p, const struct icmpctl_record *r)
{
	if (r->tx_source && r->rx_source && r->rtt_ns > p->rtt_max_ns)
		p->rtt_max_ns = r->rtt_ns;
}

static void reply(struct pmtu *p, struct pmtu_try *t, const struct icmpctl_record *r)
{
	/* Whoever is answered is not lost, however often that was said. */
	if (t->bytes > pmtu_passes(p))
		p->confirmed = 0;
	t->passed = true;
	t->replies++;
	p->reply_ttl = r->ttl;
	timed(p, r);
	if (r->tx_source && r->rx_source && (!p->rtt_min_ns || r->rtt_ns < p->rtt_min_ns))
		p->rtt_min_ns = r->rtt_ns;
	for (unsigned int i = 0; i < p->tellers; i++)
		if (p->told[i].doubt == PMTU_BELIEVED && p->told[i].mtu &&
		    p->told[i].mtu < t->bytes)
			p->told[i].doubt = PMTU_REFUTED;
}

static void settled(struct pmtu_try *t)
{
	t->waiting -= t->waiting != 0;
}

/**
 * pmtu_refused - take in an error that ends the way, whatever the size
 * @p: the search
 * @type: ICMP type
 * @code: ICMP code
 * @from: whose it is, as in struct icmpctl_record
 */
void pmtu_refused(struct pmtu *p, uint8_t type, uint8_t code, const uint8_t *from)
{
	p->refused = true;
	p->refused_type = type;
	p->refused_code = code;
	memcpy(p->refused_by, from, sizeof(p->refused_by));
}

static void error(struct pmtu *p, struct pmtu_try *t, const struct icmpctl_record *r)
{
	timed(p, r);
	if (icmp_has_mtu(p->family, r->icmp_type, r->icmp_code)) {
		too_big(p, t, r);
		return;
	}
	pmtu_refused(p, r->icmp_type, r->icmp_code, r->from);
}

/**
 * pmtu_record - take in what became of a probe
 * @p: the search
 * @bytes: its size
 * @r: the record
 *
 * A reply counts whenever it comes, also behind an error that settled its probe.
 */
void pmtu_record(struct pmtu *p, uint32_t bytes, const struct icmpctl_record *r)
{
	struct pmtu_try *t = find(p, bytes);

	if (!t)
		return;
	if (r->cause > ICMPCTL_CAUSE_SILENCE && r->cause != ICMPCTL_CAUSE_REPORTED &&
	    r->error != EMSGSIZE)
		p->cause = r->cause;
	switch (r->status) {
	case ICMPCTL_STATUS_REPLY:
		settled(t);
		reply(p, t, r);
		break;
	case ICMPCTL_STATUS_LATE:
	case ICMPCTL_STATUS_DUPLICATE:
		if (icmp_is_echo_reply(p->family, r->icmp_type))
			reply(p, t, r);
		else if (r->status == ICMPCTL_STATUS_LATE ||
			 icmp_has_mtu(p->family, r->icmp_type, r->icmp_code))
			error(p, t, r);
		break;
	case ICMPCTL_STATUS_ERROR:
		settled(t);
		error(p, t, r);
		break;
	case ICMPCTL_STATUS_LOST:
		settled(t);
		break;
	case ICMPCTL_STATUS_SEND_FAILED:
		settled(t);
		t->sent -= t->sent != 0;
		if (r->error == EMSGSIZE && r->info)
			p->local = r->info;
		else if (r->error)
			p->unsent = (int)r->error;
		break;
	case ICMPCTL_STATUS_SENT:
		/* The largest has left: no need to wait before the others are tried. */
		if (p->phase == PMTU_AT_START)
			p->phase = PMTU_USUAL;
		break;
	case ICMPCTL_STATUS_FORGED:
		p->forged++;
		break;
	}
}

/**
 * pmtu_waits - is there a size of which an answer would still tell something
 * @p: the search
 *
 * Return: true if so.
 */
bool pmtu_waits(const struct pmtu *p)
{
	uint32_t pass = pmtu_passes(p);

	if (p->phase == PMTU_AT_START)
		return !p->local && !p->unsent;
	if (pass == pmtu_top(p))
		return false;
	for (unsigned int i = 0; i < p->tries; i++)
		if (p->try[i].bytes > pass && p->try[i].waiting && !p->try[i].too_big)
			return true;
	return false;
}

/**
 * pmtu_give_up - what is not answered by now is lost
 * @p: the search
 */
void pmtu_give_up(struct pmtu *p)
{
	if (p->phase == PMTU_AT_START)
		p->phase = PMTU_USUAL;
	for (unsigned int i = 0; i < p->tries; i++)
		p->try[i].waiting = 0;
}

/* Sizes come in ascending order. */
static void add(struct pmtu *p, struct pmtu_step *step, uint32_t bytes)
{
	if (step->n < PMTU_SIZES && (!step->n || step->bytes[step->n - 1] < bytes) &&
	    find_or_add(p, bytes))
		step->bytes[step->n++] = bytes;
}

/* What routers say of sizes in question: it is to pass, and one byte more is not. */
static void add_told(struct pmtu *p, struct pmtu_step *step, uint32_t pass, uint32_t fail)
{
	uint32_t least = UINT32_MAX;

	for (unsigned int i = 0; i < p->tellers; i++)
		if (p->told[i].doubt == PMTU_BELIEVED && p->told[i].mtu >= pass &&
		    p->told[i].mtu < fail && p->told[i].mtu < least)
			least = p->told[i].mtu;
	if (least == UINT32_MAX)
		return;
	if (least > pass)
		add(p, step, least);
	if (least + 1 < fail)
		add(p, step, least + 1);
}

static void add_usual(struct pmtu *p, struct pmtu_step *step)
{
	uint32_t top = pmtu_top(p);

	if (p->min < top)
		add(p, step, p->min);
	for (unsigned int i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (usual[i] > p->min && usual[i] < top)
			add(p, step, usual[i]);
	add(p, step, top);
}

static void add_split(struct pmtu *p, struct pmtu_step *step, uint32_t pass, uint32_t fail)
{
	uint32_t between = fail - pass - 1;
	uint32_t n = between < SPLIT ? between : SPLIT;

	for (uint32_t i = 1; i <= n; i++)
		add(p, step, pass + (uint64_t)(between + 1) * i / (n + 1));
}

static bool finish(struct pmtu *p, enum pmtu_outcome outcome)
{
	p->outcome = outcome;
	return false;
}

/* Nothing is in question but whether it was plain loss, or the path is gone. */
static bool confirm(struct pmtu *p, struct pmtu_step *step, uint32_t pass, uint32_t fail)
{
	unsigned int replies = find(p, pass)->replies;

	if (find(p, fail)->too_big || (p->confirmed && replies > p->replies_before))
		return finish(p, PMTU_FOUND);
	if (p->confirmed >= CONFIRMS_MAX)
		return finish(p, PMTU_UNSETTLED);
	p->confirmed++;
	p->replies_before = replies;
	add(p, step, pass);
	add(p, step, fail);
	return true;
}

static bool choose(struct pmtu *p, struct pmtu_step *step)
{
	uint32_t pass = pmtu_passes(p), fail = pmtu_fails(p);

	if (p->phase == PMTU_AT_START && !p->local) {
		if (p->rounds)
			return finish(p, PMTU_NO_REPLY);
		step->probes = 1;
		add(p, step, p->max);
		return true;
	}
	if (pass == pmtu_top(p))
		return finish(p, PMTU_FOUND);
	if (p->phase != PMTU_SEARCH) {
		p->phase = PMTU_SEARCH;
		add_usual(p, step);
		return true;
	}
	if (!pass) {
		if (p->unsent || p->refused || p->rounds > SILENT_ROUNDS)
			return finish(p, PMTU_NO_REPLY);
		add(p, step, p->min < pmtu_top(p) ? p->min : pmtu_top(p));
		return true;
	}
	if (p->rounds >= ROUNDS_MAX)
		return finish(p, PMTU_UNSETTLED);
	add_told(p, step, pass, fail);
	if (!step->n && fail == pass + 1)
		return confirm(p, step, pass, fail);
	if (!step->n)
		add_split(p, step, pass, fail);
	return step->n || finish(p, PMTU_UNSETTLED);
}

/**
 * pmtu_next - which sizes are to be tried next
 * @p: the search; it takes them as sent
 * @step: the result
 *
 * To be called when nothing is waited for any more: pmtu_waits().
 *
 * Return: true; false if there is nothing more to try: see the outcome.
 */
bool pmtu_next(struct pmtu *p, struct pmtu_step *step)
{
	*step = (struct pmtu_step){ .probes = REPEATS };
	if (p->outcome || !choose(p, step))
		return false;
	p->rounds++;
	for (unsigned int i = 0; i < step->n; i++) {
		struct pmtu_try *t = find(p, step->bytes[i]);

		t->sent += step->probes;
		t->waiting += step->probes;
	}
	return true;
}
