/* SPDX-License-Identifier: GPL-2.0 */
/* What is known of a path: hop by hop who answered, and whom it is worth asking again. */
#ifndef ICMPCTL_PATH_H
#define ICMPCTL_PATH_H

#include <linux/icmpctl.h>
#include <stdbool.h>
#include <stdint.h>

#define PATH_HOPS	255
#define PATH_QUERIES	10
/* The flow of all probes: of those that a path may have, the first. */
#define PATH_FLOW	0

/**
 * struct path_answer - an answer to a probe of a hop
 * @known: there is one; nothing else means anything without
 * @timed: @rtt_ns is known
 * @reply: an echo reply, and not an ICMP error
 * @again: it answers a probe that was repeated
 * @rtt_ns: the round trip
 * @from: whose it is, as in struct icmpctl_record
 * @type: ICMP type
 * @code: ICMP code
 * @ttl: TTL or hop limit that it came with
 * @info: MTU or pointer
 * @extension_state: an enum icmpctl_extension_state
 * @extension: the objects appended, if that is GOOD
 */
struct path_answer {
	bool known, timed, reply, again;
	uint64_t rtt_ns;
	uint8_t from[16];
	uint8_t type, code, ttl;
	uint32_t info;
	uint8_t extension_state;
	struct icmpctl_extension extension;
};

/**
 * struct path_hop - one hop
 * @answers: as many as there are queries; the first ones in the order of sending
 * @answered: how many are known
 * @asked: probes it was sent
 * @first_ns: when the first ones were
 * @asked_ns: when the last one was
 * @row: how often it was asked again since it last answered
 * @again: how often in all
 */
struct path_hop {
	struct path_answer answers[PATH_QUERIES];
	unsigned int answered;
	unsigned int asked;
	uint64_t first_ns, asked_ns;
	unsigned int row, again;
};

/**
 * struct path - the hops on the way to a target
 * @family: 4 or 6
 * @target: its address
 * @first: the least TTL that is asked for
 * @max: the greatest
 * @queries: answers wanted of each hop, at most PATH_QUERIES
 * @asked_to: the greatest TTL asked by now, 0 for none
 * @end: TTL at which the path ends, 0 as long as that is not known
 * @closed: hops up to this TTL are told; what comes of them later changes nothing
 * @rtt_max_ns: the greatest RTT
 * @hop: by TTL
 */
struct path {
	int family;
	uint8_t target[16];
	unsigned int first, max, queries;
	unsigned int asked_to, end, closed;
	uint64_t rtt_max_ns;
	struct path_hop hop[PATH_HOPS + 1];
};

/* What is odd about a hop, a set of: */
enum {
	PATH_MARK_CHANGES = 1,	/* more than one address answered */
	PATH_MARK_LOOP = 2,	/* an address that answered at a hop before the last one, too */
	PATH_MARK_PRIVATE = 4,	/* a private address behind a public one */
	PATH_MARK_TARGET = 8,	/* the target's own address, but not as the target */
};

bool path_answer_ends(int family, const struct path_answer *a);
bool path_answer_take(struct path_answer *a, const struct icmpctl_record *r,
		      const struct icmpctl_extension *extension);
bool path_is_private(int family, const uint8_t *a);
void path_init(struct path *p, int family, const uint8_t *target, unsigned int first,
	       unsigned int max, unsigned int queries);
void path_asked(struct path *p, unsigned int ttl, unsigned int probes, uint64_t now_ns);
bool path_record(struct path *p, unsigned int ttl, const struct icmpctl_record *r,
		 unsigned int query);
bool path_record_extended(struct path *p, unsigned int ttl, const struct icmpctl_record *r,
			  const struct icmpctl_extension *extension, unsigned int query);
unsigned int path_last(const struct path *p);
bool path_complete(const struct path *p, unsigned int ttl);
bool path_reached(const struct path *p);
bool path_limits(const struct path *p, unsigned int ttl);
unsigned int path_marks(const struct path *p, unsigned int ttl, unsigned int *loop);
unsigned int path_hop_of(const struct path *p, const uint8_t *addr);
unsigned int path_return_hops(const struct path_answer *a);
const char *path_annotation(char buf[16], int family, const struct path_answer *a);

/**
 * struct path_rule - how a path is asked
 * @window: so many hops at once
 * @repeats: so often in a row is a hop asked again that does not answer
 * @spacing_ns: from one probe to the next one of a hop that is asked again
 * @wait_ns: no answer is waited for longer than this
 */
struct path_rule {
	unsigned int window, repeats;
	uint64_t spacing_ns, wait_ns;
};

enum path_what {
	PATH_WAIT,	/* for an answer, at most until at_ns */
	PATH_ASK,	/* hops that were not asked yet */
	PATH_REPEAT,	/* hops whose answers are missing, one probe each */
	PATH_DONE,
};

/**
 * struct path_step - what is to be done next
 * @what: see there
 * @at_ns: PATH_WAIT: until when
 * @n: how many hops are to be asked
 * @ttl: which, in ascending order
 */
struct path_step {
	enum path_what what;
	uint64_t at_ns;
	unsigned int n;
	uint8_t ttl[PATH_HOPS];
};

uint64_t path_patience_ns(const struct path_rule *rule, uint64_t rtt_max_ns);
bool path_settled(const struct path *p, const struct path_rule *rule, unsigned int ttl,
		  uint64_t now_ns);
void path_next(const struct path *p, const struct path_rule *rule, uint64_t now_ns,
	       struct path_step *step);

#endif
