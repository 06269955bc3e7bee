// SPDX-License-Identifier: GPL-2.0
/*
 * The hops of a path, round after round. How many probes were sent, answered and lost,
 * and all of the RTTs but the last one, come from the module's statistics, which a slow
 * reader does not miss anything of; who answered, and each round by itself, come from
 * records. It knows neither clock nor module nor screen.
 */
#include "lib/hops.h"

#include <math.h>
#include <string.h>

#include "lib/units.h"

/* An answer that takes longer than so many times the longest RTT is not expected. */
#define PATIENCE	2
#define PATIENCE_MIN_NS	(100 * NSEC_PER_MSEC)
/* As long as there is no RTT. */
#define PATIENCE_UNKNOWN_NS NSEC_PER_SEC

/* Squared, in standard deviations: one in 700 by chance, since many are compared. */
#define LIMITED_Z2	(3.0 * 3.0)

/**
 * hops_init - begin with nothing known
 * @h: the hops
 * @family: 4 or 6
 * @first: the least TTL that is asked, at least 1
 * @max: the greatest, at most HOPS_MAX
 * @interval_ns: from one round to the next
 * @timeout_ns: of the probes
 */
void hops_init(struct hops *h, int family, unsigned int first, unsigned int max,
	       uint64_t interval_ns, uint64_t timeout_ns)
{
	memset(h, 0, sizeof(*h));
	h->family = family;
	h->first = first;
	h->max = max;
	h->interval_ns = interval_ns;
	h->timeout_ns = timeout_ns;
}

/**
 * hops_forget - these hops are asked anew
 * @h: the hops
 * @from: TTL of the first of them; all behind it are forgotten, too
 */
void hops_forget(struct hops *h, unsigned int from)
{
	memset(&h->hop[from], 0, (HOPS_MAX + 1 - from) * sizeof(h->hop[0]));
	if (h->end >= from)
		h->end = 0;
}

static bool expired_in_transit(int family, uint8_t type, uint8_t code)
{
	return type == (family == 4 ? 11 : 3) && !code;
}

static void learn_extension(struct hops_hop *hop, const struct icmpctl_record *r,
			    const struct icmpctl_extension *extension)
{
	struct icmpctl_extension *kept = &hop->extension[hop->latest];

	/* Of an address that is not kept. */
	if (memcmp(hop->address[hop->latest], r->from, 16))
		return;
	hop->extension_state[hop->latest] = r->extension;
	if (extension)
		*kept = *extension;
	else
		kept->len = 0;
}

static void learn_address(struct hops_hop *hop, const uint8_t *from)
{
	unsigned int kept = hop->addresses < HOPS_ADDRESSES ? hop->addresses : HOPS_ADDRESSES;

	for (unsigned int i = 0; i < kept; i++) {
		if (!memcmp(hop->address[i], from, 16)) {
			hop->latest = i;
			return;
		}
	}
	if (kept < HOPS_ADDRESSES) {
		memcpy(hop->address[kept], from, 16);
		hop->latest = kept;
	}
	hop->addresses++;
}

static void learn_rtt(struct hops *h, struct hops_hop *hop, uint64_t round, uint64_t rtt_ns)
{
	const struct hops_round *before = &hop->rounds[(round - 1) % HOPS_ROUNDS];

	if (rtt_ns > h->rtt_max_ns)
		h->rtt_max_ns = rtt_ns;
	if (rtt_ns) {
		hop->log_sum += log((double)rtt_ns);
		hop->logs++;
	}
	/* An answer that was overtaken is not the last one. */
	if (round < hop->last_round)
		return;
	hop->last_round = round;
	hop->last_ns = rtt_ns;
	hop->timed = true;
	hop->jittered = round > 1 && before->round == round - 1 &&
			before->fate == HOPS_ANSWERED && before->rtt_ns;
	if (hop->jittered)
		hop->jitter_ns = rtt_ns > before->rtt_ns ? rtt_ns - before->rtt_ns :
							   before->rtt_ns - rtt_ns;
}

/* True if the path is seen to go on where it ended before. */
static bool learn_end(struct hops *h, unsigned int ttl, const struct hops_hop *hop)
{
	if (hop->reply || !expired_in_transit(h->family, hop->type, hop->code)) {
		if (!h->end || ttl < h->end)
			h->end = ttl;
		return false;
	}
	if (ttl != h->end)
		return false;
	h->end = 0;
	return true;
}

/**
 * hops_record - take in what became of a probe
 * @h: the hops
 * @ttl: of the probe
 * @rounds_before: rounds before the first one of the record's session
 * @r: the record
 * @extension: objects that its answer has, or NULL
 *
 * Return: true if the path goes on behind @ttl, where it was taken to end: those behind
 * are not asked any more, and are to be asked anew.
 */
bool hops_record(struct hops *h, unsigned int ttl, uint64_t rounds_before,
		 const struct icmpctl_record *r, const struct icmpctl_extension *extension)
{
	uint64_t round = rounds_before + r->seq;
	struct hops_hop *hop = &h->hop[ttl];
	struct hops_round *told = &hop->rounds[round % HOPS_ROUNDS];
	bool timed = r->tx_source != ICMPCTL_SOURCE_NONE && r->rx_source != ICMPCTL_SOURCE_NONE;

	switch (r->status) {
	case ICMPCTL_STATUS_LOST:
	case ICMPCTL_STATUS_SEND_FAILED:
		if (round >= told->round)
			*told = (struct hops_round){ .round = round, .fate = HOPS_LOST };
		return false;
	case ICMPCTL_STATUS_REPLY:
	case ICMPCTL_STATUS_ERROR:
		break;
	default:
		return false;
	}
	if (round >= told->round)
		*told = (struct hops_round){
			.round = round,
			.fate = HOPS_ANSWERED,
			.rtt_ns = timed ? r->rtt_ns : 0,
		};
	hop->answered++;
	learn_address(hop, r->from);
	learn_extension(hop, r, extension);
	hop->reply = r->status == ICMPCTL_STATUS_REPLY;
	hop->type = r->icmp_type;
	hop->code = r->icmp_code;
	hop->info = r->info;
	hop->ttl = r->ttl;
	if (timed)
		learn_rtt(h, hop, round, r->rtt_ns);
	return learn_end(h, ttl, hop);
}

/**
 * hops_stats - take in what the module counted
 * @h: the hops
 * @ttl: the hop
 * @s: its statistics, which replace those told before
 */
void hops_stats(struct hops *h, unsigned int ttl, const struct session_stats *s)
{
	h->hop[ttl].stats = *s;
}

/* TTL of the last hop that answered, 0 if none did. */
static unsigned int last_answering(const struct hops *h)
{
	unsigned int ttl = h->end ? h->end : h->max;

	while (ttl >= h->first && !h->hop[ttl].addresses)
		ttl--;
	return ttl < h->first ? 0 : ttl;
}

/**
 * hops_last - the last hop that is worth showing
 * @h: the hops
 *
 * Return: its TTL: that of the end; as long as it is not known, the one behind the last
 * hop that answered.
 */
unsigned int hops_last(const struct hops *h)
{
	unsigned int last = last_answering(h);

	if (h->end)
		return h->end;
	if (!last)
		return h->first;
	return last < h->max ? last + 1 : last;
}

/**
 * hops_reached - does the target reply
 * @h: the hops
 *
 * Return: true if so, at the end of the path.
 */
bool hops_reached(const struct hops *h)
{
	return h->end && h->hop[h->end].reply;
}

/**
 * hops_complete - is there nothing more to wait for
 * @h: the hops
 * @rounds: how many there were to be
 *
 * Return: true if the path has an end and every hop up to it answered in every round.
 */
bool hops_complete(const struct hops *h, uint64_t rounds)
{
	for (unsigned int ttl = h->first; ttl <= h->end; ttl++)
		if (h->hop[ttl].answered < rounds)
			return false;
	return h->end;
}

/**
 * hops_patience_ns - how long after it was sent a probe's answer is still expected
 * @h: the hops
 *
 * Return: nanoseconds; what comes later is counted all the same.
 */
uint64_t hops_patience_ns(const struct hops *h)
{
	uint64_t ns = h->rtt_max_ns ? PATIENCE * h->rtt_max_ns : PATIENCE_UNKNOWN_NS;

	if (ns < PATIENCE_MIN_NS)
		ns = PATIENCE_MIN_NS;
	return ns < h->timeout_ns ? ns : h->timeout_ns;
}

/**
 * hops_count - how many probes a hop was sent, and what became of them
 * @h: the hops
 * @ttl: the hop
 * @c: the result
 *
 * The module holds a probe to be outstanding until its timeout. Here it is lost as soon
 * as no answer is expected any more, lest a silent hop looks well for as long. One that
 * could not be sent got nowhere either: an outage here is an outage.
 */
void hops_count(const struct hops *h, unsigned int ttl, struct hops_count *c)
{
	const struct session_stats *s = &h->hop[ttl].stats;
	uint64_t outstanding = stats_get(s, ICMPCTL_STATS_A_OUTSTANDING), young = 0;

	if (!h->over)
		young = (hops_patience_ns(h) + h->interval_ns - 1) / h->interval_ns;
	*c = (struct hops_count){
		.sent = stats_get(s, ICMPCTL_STATS_A_SENT) +
			stats_get(s, ICMPCTL_STATS_A_SEND_FAILED),
		.answered = stats_get(s, ICMPCTL_STATS_A_RECEIVED) +
			    stats_get(s, ICMPCTL_STATS_A_ERRORS),
		.lost = stats_get(s, ICMPCTL_STATS_A_LOST) +
			stats_get(s, ICMPCTL_STATS_A_SEND_FAILED),
		.waiting = outstanding < young ? outstanding : young,
	};
	c->lost += outstanding - c->waiting;
}

/**
 * hops_loss - the part of a hop's probes that was lost
 * @h: the hops
 * @ttl: the hop
 * @ratio: the result, 0 to 1; of no meaning by itself unless the verdict is HOPS_PLAIN
 *
 * Return: false if nothing is known of any probe.
 */
bool hops_loss(const struct hops *h, unsigned int ttl, double *ratio)
{
	struct hops_count c;

	hops_count(h, ttl, &c);
	if (!(c.answered + c.lost))
		return false;
	*ratio = (double)c.lost / (c.answered + c.lost);
	return true;
}

/* Is the first ratio greater than the second, by more than chance makes it? */
static bool greater(const struct hops_count *a, const struct hops_count *b)
{
	double na = a->answered + a->lost, nb = b->answered + b->lost, p, variance, distance;

	if (!na || !nb)
		return false;
	distance = a->lost / na - b->lost / nb;
	p = (a->lost + b->lost) / (na + nb);
	variance = p * (1 - p) * (1 / na + 1 / nb);
	return distance > 0 && distance * distance > LIMITED_Z2 * variance;
}

static bool limits(const struct hops *h, unsigned int ttl, unsigned int last)
{
	struct hops_count own, behind = { .sent = 0 };

	hops_count(h, ttl, &own);
	if (!own.lost)
		return false;
	/* What is lost on the way to a hop is lost on the way to those behind it, too. */
	for (unsigned int i = ttl + 1; i <= last; i++) {
		struct hops_count c;

		if (h->hop[i].verdict != HOPS_PLAIN)
			continue;
		hops_count(h, i, &c);
		behind.answered += c.answered;
		behind.lost += c.lost;
		if (greater(&own, &behind))
			return true;
	}
	return false;
}

/**
 * hops_judge - find out what the loss of each hop means
 * @h: the hops; their verdicts are set
 *
 * A hop is said to limit its answers if it lost more than the hops behind it, next to it
 * or more of them together, and more than chance allows for (a test of two proportions,
 * three standard deviations). Hops that limit are no evidence against others.
 */
void hops_judge(struct hops *h)
{
	unsigned int last = last_answering(h);

	for (unsigned int ttl = hops_last(h); ttl >= h->first; ttl--) {
		struct hops_count c;

		h->hop[ttl].verdict = HOPS_PLAIN;
		hops_count(h, ttl, &c);
		if (ttl < last && !c.answered && c.lost)
			h->hop[ttl].verdict = HOPS_SILENT;
		else if (ttl < last && limits(h, ttl, last))
			h->hop[ttl].verdict = HOPS_LIMITED;
	}
}

/**
 * hops_rounds - how many rounds were begun
 * @h: the hops
 *
 * Return: as many as the first hop has probes, or as records tell of.
 */
uint64_t hops_rounds(const struct hops *h)
{
	const struct session_stats *s = &h->hop[h->first].stats;
	uint64_t rounds = stats_get(s, ICMPCTL_STATS_A_SENT) +
			  stats_get(s, ICMPCTL_STATS_A_SEND_FAILED);

	for (unsigned int ttl = h->first; ttl <= hops_last(h); ttl++)
		if (h->hop[ttl].last_round > rounds)
			rounds = h->hop[ttl].last_round;
	return rounds;
}

/**
 * hops_round - what became of the probe of a round
 * @h: the hops
 * @ttl: the hop
 * @round: from 1
 *
 * Return: NULL if no record told.
 */
const struct hops_round *hops_round(const struct hops *h, unsigned int ttl, uint64_t round)
{
	const struct hops_round *r = &h->hop[ttl].rounds[round % HOPS_ROUNDS];

	return round && r->round == round ? r : NULL;
}
