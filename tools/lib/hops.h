/* SPDX-License-Identifier: GPL-2.0 */
/* What is known of the hops of a path that are asked round after round. */
#ifndef ICMPCTL_HOPS_H
#define ICMPCTL_HOPS_H

#include <linux/icmpctl.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/session.h"

#define HOPS_MAX	255
/* Of one hop; those that come on top are counted, not kept. */
#define HOPS_ADDRESSES	16
/* Rounds that are remembered one by one. */
#define HOPS_ROUNDS	256

/* What the loss of a hop means. */
enum hops_verdict {
	HOPS_PLAIN,	/* what it looks like */
	HOPS_LIMITED,	/* the hop limits its answers: those behind it lose less */
	HOPS_SILENT,	/* it never answers, and those behind it do */
};

/* What became of a probe, as far as records told. */
enum hops_fate {
	HOPS_UNTOLD,
	HOPS_ANSWERED,
	HOPS_LOST,
};

struct hops_round {
	uint64_t round;		/* from 1; 0 for none */
	uint64_t rtt_ns;	/* HOPS_ANSWERED; 0 if not timed */
	enum hops_fate fate;
};

/**
 * struct hops_hop - one hop
 * @stats: what the module counted; nothing in it hangs on records
 * @address: who answered, in the order of appearance
 * @addresses: how many are known; may be more than are kept
 * @extension: what each had appended to its last answer; no objects, if nothing
 * @extension_state: an enum icmpctl_extension_state of the same
 * @latest: which one answered last
 * @answered: answers that records told of
 * @last_round: round of the last one
 * @last_ns: its RTT, with @timed
 * @jitter_ns: how far that was from the RTT of the round before, with @jittered
 * @log_sum: sum of the logarithms of @logs RTTs in ns
 * @logs: how many
 * @timed: @last_ns is known
 * @jittered: @jitter_ns is known
 * @reply: the last answer was an echo reply
 * @type: its ICMP type
 * @code: its ICMP code
 * @info: its MTU or pointer
 * @ttl: TTL or hop limit that it came with
 * @verdict: see hops_judge()
 * @rounds: what became of the last probes, by round modulo HOPS_ROUNDS
 */
struct hops_hop {
	struct session_stats stats;
	uint8_t address[HOPS_ADDRESSES][16];
	unsigned int addresses, latest;
	struct icmpctl_extension extension[HOPS_ADDRESSES];
	uint8_t extension_state[HOPS_ADDRESSES];
	uint64_t answered;
	uint64_t last_round, last_ns, jitter_ns;
	double log_sum;
	uint64_t logs;
	bool timed, jittered, reply;
	uint8_t type, code, ttl;
	uint32_t info;
	enum hops_verdict verdict;
	struct hops_round rounds[HOPS_ROUNDS];
};

/**
 * struct hops - the hops on the way to a target
 * @family: 4 or 6
 * @first: the least TTL that is asked
 * @max: the greatest
 * @interval_ns: from one round to the next
 * @timeout_ns: no answer is waited for longer
 * @end: TTL at which the path ends, 0 as long as that is not known
 * @rtt_max_ns: the greatest RTT
 * @dropped: records that the reader was too slow for
 * @over: nothing is outstanding any more, whatever the statistics say
 * @hop: by TTL
 */
struct hops {
	int family;
	unsigned int first, max;
	uint64_t interval_ns, timeout_ns;
	unsigned int end;
	uint64_t rtt_max_ns;
	uint64_t dropped;
	bool over;
	struct hops_hop hop[HOPS_MAX + 1];
};

/**
 * struct hops_count - the probes of a hop
 * @sent: all of them
 * @answered: by a reply or an ICMP error, in time
 * @lost: not answered, and no longer expected to be
 * @waiting: not answered yet
 */
struct hops_count {
	uint64_t sent, answered, lost, waiting;
};

void hops_init(struct hops *h, int family, unsigned int first, unsigned int max,
	       uint64_t interval_ns, uint64_t timeout_ns);
void hops_forget(struct hops *h, unsigned int from);
bool hops_record(struct hops *h, unsigned int ttl, uint64_t rounds_before,
		 const struct icmpctl_record *r, const struct icmpctl_extension *extension);
void hops_stats(struct hops *h, unsigned int ttl, const struct session_stats *s);
void hops_judge(struct hops *h);
unsigned int hops_last(const struct hops *h);
bool hops_reached(const struct hops *h);
bool hops_complete(const struct hops *h, uint64_t rounds);
uint64_t hops_patience_ns(const struct hops *h);
void hops_count(const struct hops *h, unsigned int ttl, struct hops_count *c);
bool hops_loss(const struct hops *h, unsigned int ttl, double *ratio);
uint64_t hops_rounds(const struct hops *h);
const struct hops_round *hops_round(const struct hops *h, unsigned int ttl, uint64_t round);

#endif
