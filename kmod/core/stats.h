/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stats.h - what became of the probes to one target
 *
 * The caller holds the lock that guards the structure. All figures are 64-bit
 * and correct for 10^9 probes of the longest RTT there can be.
 */
#ifndef _ICMPCTL_CORE_STATS_H
#define _ICMPCTL_CORE_STATS_H

#include <linux/types.h>

#include "hist.h"
#include "loss.h"
#include "moments.h"
#include "reorder.h"
#include "window.h"

/* Of the last minute are told the last 55 to 60 s, of the last hour 55 to 60 minutes. */
#define ICMPCTL_STATS_BUCKET_NS		(5ULL * 1000 * 1000 * 1000)
#define ICMPCTL_STATS_HOUR_BUCKET_NS	(60 * ICMPCTL_STATS_BUCKET_NS)

/**
 * enum icmpctl_count - the plain counters, see enum icmpctl_stats_attr
 * @ICMPCTL_COUNT_SENT: handed over and not refused.
 * @ICMPCTL_COUNT_SEND_FAILED: refused by the local stack.
 * @ICMPCTL_COUNT_RECEIVED: replies in time.
 * @ICMPCTL_COUNT_ERRORS: answered by an ICMP error.
 * @ICMPCTL_COUNT_LOST: not answered in time.
 * @ICMPCTL_COUNT_LATE: answered after that.
 * @ICMPCTL_COUNT_DUPLICATES: further answers.
 * @ICMPCTL_COUNT_REORDERED: replies that came behind one to a later probe.
 * @ICMPCTL_COUNT_DUPLICATE_PROBES: probes that were answered in time, and once more.
 * @ICMPCTL_COUNT_REDIRECTS: redirects that quote a probe.
 * @ICMPCTL_COUNT_FORGED: look like answers and are none.
 * @ICMPCTL_COUNT_BAD_CHECKSUM: answers with a wrong checksum.
 * @ICMPCTL_COUNT_CORRUPT: replies whose payload was changed or cut.
 * @ICMPCTL_COUNT_OTHER_ADDRESS: replies from an address not asked.
 * @ICMPCTL_COUNT_TX_DRIVER: RTTs that start at a driver's stamp.
 * @ICMPCTL_COUNT_RX_STACK: RTTs that end at the stack's stamp.
 * @ICMPCTL_COUNT_SKIPPED: places in the schedule left out.
 * @ICMPCTL_COUNT_TX_HARDWARE: RTTs that start at a hardware stamp.
 * @ICMPCTL_COUNT_RX_HARDWARE: RTTs that end at a hardware stamp.
 * @ICMPCTL_COUNT_FALLBACKS: RTTs on lesser stamps than were due.
 * @ICMPCTL_COUNT_SUSPENDED: probes under way while the machine was suspended.
 * @ICMPCTL_COUNT_CAUSE_SILENCE: these are in the order of enum icmpctl_cause.
 * @ICMPCTL_COUNT_CAUSE_NO_ROUTE: see enum icmpctl_cause.
 * @ICMPCTL_COUNT_CAUSE_NEIGHBOUR: see enum icmpctl_cause.
 * @ICMPCTL_COUNT_CAUSE_QUEUE: see enum icmpctl_cause.
 * @ICMPCTL_COUNT_CAUSE_FILTERED_OUT: see enum icmpctl_cause.
 * @ICMPCTL_COUNT_CAUSE_LINK_DOWN: see enum icmpctl_cause.
 * @ICMPCTL_COUNT_CAUSE_FILTERED_IN: see enum icmpctl_cause.
 * @ICMPCTL_COUNT_CAUSE_REFUSED: see enum icmpctl_cause.
 * @ICMPCTL_COUNT_CAUSE_REPORTED: see enum icmpctl_cause.
 * @ICMPCTL_COUNT_MAX: how many counters there are.
 *
 * The first ICMPCTL_WINDOW_COUNTS of them are kept for the last minute and hour as well.
 */
enum icmpctl_count {
	ICMPCTL_COUNT_SENT,
	ICMPCTL_COUNT_SEND_FAILED,
	ICMPCTL_COUNT_RECEIVED,
	ICMPCTL_COUNT_ERRORS,
	ICMPCTL_COUNT_LOST,
	ICMPCTL_COUNT_LATE,
	ICMPCTL_COUNT_DUPLICATES,
	ICMPCTL_COUNT_REORDERED,
	ICMPCTL_COUNT_DUPLICATE_PROBES,
	ICMPCTL_COUNT_REDIRECTS,
	ICMPCTL_COUNT_FORGED,
	ICMPCTL_COUNT_BAD_CHECKSUM,
	ICMPCTL_COUNT_CORRUPT,
	ICMPCTL_COUNT_OTHER_ADDRESS,
	ICMPCTL_COUNT_TX_DRIVER,
	ICMPCTL_COUNT_RX_STACK,
	ICMPCTL_COUNT_SKIPPED,
	ICMPCTL_COUNT_TX_HARDWARE,
	ICMPCTL_COUNT_RX_HARDWARE,
	ICMPCTL_COUNT_FALLBACKS,
	ICMPCTL_COUNT_SUSPENDED,
	ICMPCTL_COUNT_CAUSE_SILENCE,
	ICMPCTL_COUNT_CAUSE_NO_ROUTE,
	ICMPCTL_COUNT_CAUSE_NEIGHBOUR,
	ICMPCTL_COUNT_CAUSE_QUEUE,
	ICMPCTL_COUNT_CAUSE_FILTERED_OUT,
	ICMPCTL_COUNT_CAUSE_LINK_DOWN,
	ICMPCTL_COUNT_CAUSE_FILTERED_IN,
	ICMPCTL_COUNT_CAUSE_REFUSED,
	ICMPCTL_COUNT_CAUSE_REPORTED,
	ICMPCTL_COUNT_MAX,
};

/**
 * struct icmpctl_stats - counters and the running state of the figures
 * @count: indexed by enum icmpctl_count.
 * @rtt: of the RTTs.
 * @rtt_last_ns: the latest RTT, for the jitter.
 * @ewma_x8: moving average times 8.
 * @jitter_x16: RFC 3550 jitter times 16.
 * @ipdv_n: pairs of consecutive probes that were both answered.
 * @ipdv_sum: sum of the absolute differences of their RTTs.
 * @ipdv_min_ns: least difference, with its sign: RTT of the later less that of the
 *	earlier.
 * @ipdv_max_ns: greatest.
 * @late_n: probes whose lateness was fed in.
 * @late_sum_ns: sum of (handed over - planned); stays at the greatest there is.
 * @late_max_ns: greatest of those.
 * @hist: of the RTTs.
 * @loss: the pattern of loss.
 * @reorder: the order of the replies.
 * @minute: what happened lately, the caller's; NULL: that is not kept.
 * @hour: likewise.
 * @rounds: probes that were sent, or were to be: the next one has this number.
 * @since: the same of the probes from number @since_round on, the caller's; NULL: is not kept.
 * @since_round: from 0.
 */
struct icmpctl_stats {
	u64 count[ICMPCTL_COUNT_MAX];
	struct icmpctl_moments rtt;
	u64 rtt_last_ns;
	u64 ewma_x8;
	u64 jitter_x16;
	u64 ipdv_n;
	struct icmpctl_wide ipdv_sum;
	s64 ipdv_min_ns;
	s64 ipdv_max_ns;
	u64 late_n;
	u64 late_sum_ns;
	u64 late_max_ns;
	struct icmpctl_hist hist;
	struct icmpctl_loss loss;
	struct icmpctl_reorder reorder;
	struct icmpctl_window *minute;
	struct icmpctl_window *hour;
	u64 rounds;
	struct icmpctl_stats *since;
	u64 since_round;
};

/**
 * struct icmpctl_rtt_summary - the figures made of it, all in ns
 * @n: RTTs they are made of; with 0 nothing else is valid.
 * @sum_ns: sum, at most the greatest there is.
 * @min_ns: least.
 * @mean_ns: arithmetic mean, to the nearest.
 * @max_ns: greatest.
 * @stddev_ns: standard deviation of the population.
 * @ewma_ns: moving average, weight 1/8.
 * @p50_ns: median; 0, as the other percentiles, when there was no memory for any
 *	bucket of the histogram.
 * @p90_ns: 90th percentile.
 * @p99_ns: 99th percentile.
 * @p999_ns: 99.9th percentile.
 * @jitter_ns: RFC 3550, on RTTs.
 * @ipdv_n: pairs of consecutive probes, both answered; with 0 the next four are 0.
 * @ipdv_mean_ns: mean of the absolute differences of their RTTs (RFC 3393).
 * @ipdv_abs_max_ns: greatest of those.
 * @ipdv_min_ns: least difference, with its sign.
 * @ipdv_max_ns: greatest difference, with its sign.
 */
struct icmpctl_rtt_summary {
	u64 n;
	u64 sum_ns;
	u64 min_ns;
	u64 mean_ns;
	u64 max_ns;
	u64 stddev_ns;
	u64 ewma_ns;
	u64 p50_ns;
	u64 p90_ns;
	u64 p99_ns;
	u64 p999_ns;
	u64 jitter_ns;
	u64 ipdv_n;
	u64 ipdv_mean_ns;
	u64 ipdv_abs_max_ns;
	s64 ipdv_min_ns;
	s64 ipdv_max_ns;
};

/**
 * icmpctl_stats_since() - where else a probe is counted
 * @stats: where it was counted.
 * @round: number of the probe, from 0.
 *
 * Return: the statistics since a reset, if it was sent since, else NULL.
 */
static inline struct icmpctl_stats *icmpctl_stats_since(struct icmpctl_stats *stats, u64 round)
{
	return stats->since && round >= stats->since_round ? stats->since : NULL;
}

void icmpctl_stats_reset(struct icmpctl_stats *stats, struct icmpctl_stats *since);
void icmpctl_stats_count(struct icmpctl_stats *stats, enum icmpctl_count counter, u64 now_ns);
void icmpctl_stats_rtt(struct icmpctl_stats *stats, u64 rtt_ns, u64 now_ns);
void icmpctl_stats_ipdv(struct icmpctl_stats *stats, u64 earlier_ns, u64 later_ns);
void icmpctl_stats_order(struct icmpctl_stats *stats, u64 seq, u64 now_ns);
void icmpctl_stats_late(struct icmpctl_stats *stats, u64 late_ns, u64 now_ns);
u64 icmpctl_stats_outstanding(const struct icmpctl_stats *stats);
void icmpctl_stats_summary(const struct icmpctl_stats *stats,
			   struct icmpctl_rtt_summary *out);
void icmpctl_stats_minute(struct icmpctl_stats *stats, u64 now_ns,
			  struct icmpctl_window_sum *out);
void icmpctl_stats_hour(struct icmpctl_stats *stats, u64 now_ns, struct icmpctl_window_sum *out);
void icmpctl_stats_free(struct icmpctl_stats *stats);

#endif /* _ICMPCTL_CORE_STATS_H */
