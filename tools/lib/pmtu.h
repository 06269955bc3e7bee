/* SPDX-License-Identifier: GPL-2.0 */
/* The largest packet that a path lets pass, found by sizes that are tried. */
#ifndef ICMPCTL_PMTU_H
#define ICMPCTL_PMTU_H

#include <linux/icmpctl.h>
#include <stdbool.h>
#include <stdint.h>

/* IPv4: RFC 791; IPv6: RFC 8200. Every link must carry so much. */
#define PMTU_MIN_IPV4	68
#define PMTU_MIN_IPV6	1280
#define PMTU_MAX	65535

#define PMTU_SIZES	24	/* tried at once, at most */
#define PMTU_TRIES	256	/* tried in all */
#define PMTU_TOLD	16	/* errors of different routers or contents */

/**
 * struct pmtu_try - one size
 * @bytes: of the IP packet
 * @sent: probes of that size
 * @waiting: those of them that may still be answered
 * @replies: replies to them
 * @passed: there was one
 * @too_big: a router said that it is too big, and could be right
 */
struct pmtu_try {
	uint32_t bytes;
	unsigned int sent, waiting, replies;
	bool passed, too_big;
};

/* What is wrong with an error that says "too big". */
enum pmtu_doubt {
	PMTU_BELIEVED,
	PMTU_NOT_SMALLER,	/* the MTU it tells would have let the probe pass */
	PMTU_TOO_SMALL,		/* no link may have such a small one */
	PMTU_REFUTED,		/* larger packets did pass */
};

/**
 * struct pmtu_told - a router says that a packet is too big
 * @from: the router, as in struct icmpctl_record
 * @mtu: what it says that it can pass on; 0: it does not say (RFC 792)
 * @bytes: the largest packet that it said it of; what cannot be right: the first
 * @times: how often it said so
 * @timed: @rtt_ns is known
 * @rtt_ns: the round trip, of the first one
 * @doubt: why it is not believed
 */
struct pmtu_told {
	uint8_t from[16];
	uint32_t mtu, bytes;
	unsigned int times;
	bool timed;
	uint64_t rtt_ns;
	enum pmtu_doubt doubt;
};

enum pmtu_outcome {
	PMTU_SEARCHING,
	PMTU_FOUND,
	PMTU_NO_REPLY,		/* to no probe, of any size */
	PMTU_UNSETTLED,		/* sizes get lost, but not always the same */
};

enum pmtu_phase {
	PMTU_AT_START,		/* does this host send the largest at all */
	PMTU_USUAL,		/* the sizes that links usually have */
	PMTU_SEARCH,
};

/**
 * struct pmtu - a search
 * @family: 4 or 6
 * @min: the smallest size tried
 * @max: the largest
 * @local: MTU of the interface, 0 as long as @max is not known to exceed it
 * @phase: what was tried last
 * @rounds: how often sizes were tried
 * @confirmed: rounds that asked once more for what passes and what does not
 * @replies_before: replies to what passes, before the last of those rounds
 * @unsent: errno of a probe that did not leave, 0 if all did
 * @refused: an ICMP error other than "too big" answered: its type and code
 * @refused_type: ICMP type
 * @refused_code: ICMP code
 * @refused_by: whose it is
 * @forged: errors that quote what was not sent
 * @cause: enum icmpctl_cause of a probe that this host itself says got nowhere
 * @reply_ttl: TTL of a reply, 0 without any
 * @rtt_max_ns: greatest RTT of an answer
 * @rtt_min_ns: least RTT of a reply, 0 without any
 * @outcome: see there
 * @try: by size, ascending
 * @tries: how many
 * @told: who said that something is too big
 * @tellers: how many
 */
struct pmtu {
	int family;
	uint32_t min, max, local;
	enum pmtu_phase phase;
	unsigned int rounds, confirmed, replies_before;
	int unsent;
	bool refused;
	uint8_t refused_type, refused_code, refused_by[16];
	unsigned int forged;
	int cause;
	uint8_t reply_ttl;
	uint64_t rtt_max_ns, rtt_min_ns;
	enum pmtu_outcome outcome;
	struct pmtu_try try[PMTU_TRIES];
	unsigned int tries;
	struct pmtu_told told[PMTU_TOLD];
	unsigned int tellers;
};

/**
 * struct pmtu_step - what is to be tried next
 * @n: how many sizes
 * @bytes: which, in ascending order
 * @probes: of each
 */
struct pmtu_step {
	unsigned int n;
	uint32_t bytes[PMTU_SIZES];
	unsigned int probes;
};

void pmtu_init(struct pmtu *p, int family, uint32_t max);
bool pmtu_next(struct pmtu *p, struct pmtu_step *step);
void pmtu_refused(struct pmtu *p, uint8_t type, uint8_t code, const uint8_t *from);
void pmtu_record(struct pmtu *p, uint32_t bytes, const struct icmpctl_record *r);
bool pmtu_waits(const struct pmtu *p);
void pmtu_give_up(struct pmtu *p);
uint32_t pmtu_passes(const struct pmtu *p);
uint32_t pmtu_fails(const struct pmtu *p);
uint32_t pmtu_top(const struct pmtu *p);
bool pmtu_black_hole(const struct pmtu *p);

#endif
