/* SPDX-License-Identifier: GPL-2.0 */
/* Statistics made once more, of the records of a run: docs/statistics.md defines them. */
#ifndef ICMPCTL_RECOMPUTE_H
#define ICMPCTL_RECOMPUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/session.h"

/* A growing array; all zeroes is an empty one. */
struct numbers {
	uint64_t *value;
	size_t n, room;
};

/**
 * struct recompute - the records of one target
 * @stats: counters as far as they are sums; recompute_finish() makes the rest
 * @fates: of each probe settled: number, what became of it, RTT; in order of arrival
 * @n_fates: how many
 * @room: there is room for so many
 * @doubled: numbers of probes that were answered again by a reply
 */
struct recompute {
	struct session_stats stats;
	struct fate *fates;
	size_t n_fates, room;
	struct numbers doubled;
	uint64_t late_n, late_sum, late_max;
};

/**
 * struct fate - what became of a probe
 * @seq: its number
 * @rtt_ns: RTT of a reply, if @timed
 * @sent_unix_ns: when it was sent, CLOCK_REALTIME; 0 if it is not known
 * @replied: a reply came in time
 * @timed: the RTT counts
 */
struct fate {
	uint64_t seq, rtt_ns, sent_unix_ns;
	bool replied, timed;
};

int numbers_add(struct numbers *list, uint64_t value);
void numbers_sort(struct numbers *list);
uint64_t numbers_rank(const struct numbers *list, unsigned int per_mille);
void numbers_free(struct numbers *list);

int recompute_fate(struct recompute *r, const struct fate *fate);
void recompute_count(struct recompute *r, int attr, uint64_t n);
void recompute_late(struct recompute *r, uint64_t late_ns);
int recompute_finish(struct recompute *r);
void recompute_free(struct recompute *r);

#endif
