// SPDX-License-Identifier: GPL-2.0
/*
 * stats.c - what became of the probes to one target
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "stats.h"

static struct icmpctl_bucket *minute(struct icmpctl_stats *stats, u64 now_ns)
{
	return icmpctl_window_now(stats->minute, ICMPCTL_STATS_BUCKET_NS, now_ns);
}

static struct icmpctl_bucket *hour(struct icmpctl_stats *stats, u64 now_ns)
{
	return icmpctl_window_now(stats->hour, ICMPCTL_STATS_HOUR_BUCKET_NS, now_ns);
}

/* A counter, for what is told of the time just past. */
static void count_lately(struct icmpctl_stats *stats, enum icmpctl_count counter, u64 now_ns)
{
	if (stats->minute)
		minute(stats, now_ns)->count[counter]++;
	if (stats->hour)
		hour(stats, now_ns)->count[counter]++;
}

/**
 * icmpctl_stats_count() - count one thing
 * @stats: the statistics.
 * @counter: what; ICMPCTL_COUNT_SENT is for icmpctl_stats_late().
 * @now_ns: when, CLOCK_MONOTONIC.
 */
void icmpctl_stats_count(struct icmpctl_stats *stats, enum icmpctl_count counter, u64 now_ns)
{
	stats->count[counter]++;
	if (counter < ICMPCTL_WINDOW_COUNTS)
		count_lately(stats, counter, now_ns);
}

/**
 * icmpctl_stats_rtt() - feed in the RTT of an answered probe
 * @stats: the statistics.
 * @rtt_ns: its RTT.
 * @now_ns: when the answer came, CLOCK_MONOTONIC.
 */
void icmpctl_stats_rtt(struct icmpctl_stats *stats, u64 rtt_ns, u64 now_ns)
{
	u64 delta_ns;

	rtt_ns = min(rtt_ns, ICMPCTL_MOMENTS_MAX_NS);
	if (!stats->rtt.n) {
		stats->rtt_last_ns = rtt_ns;
		stats->ewma_x8 = rtt_ns * 8;
	}
	delta_ns = max(rtt_ns, stats->rtt_last_ns) - min(rtt_ns, stats->rtt_last_ns);

	stats->ewma_x8 += rtt_ns - stats->ewma_x8 / 8;
	/* As RFC 3550 A.8 has it: by order of arrival. */
	stats->jitter_x16 += delta_ns - (stats->jitter_x16 + 8) / 16;
	stats->rtt_last_ns = rtt_ns;
	icmpctl_moments_add(&stats->rtt, rtt_ns);
	if (stats->minute)
		icmpctl_bucket_rtt(minute(stats, now_ns), rtt_ns);
	if (stats->hour)
		icmpctl_bucket_rtt(hour(stats, now_ns), rtt_ns);
	icmpctl_hist_add(&stats->hist, rtt_ns);
}

/**
 * icmpctl_stats_ipdv() - feed in the delay variation of two consecutive probes
 * @stats: the statistics.
 * @earlier_ns: RTT of the probe that was sent first.
 * @later_ns: RTT of the next one.
 *
 * RFC 3393, with consecutive probes as its selection function. Each pair is fed in once,
 * in any order.
 */
void icmpctl_stats_ipdv(struct icmpctl_stats *stats, u64 earlier_ns, u64 later_ns)
{
	s64 ipdv_ns = (s64)min(later_ns, ICMPCTL_MOMENTS_MAX_NS) -
		      (s64)min(earlier_ns, ICMPCTL_MOMENTS_MAX_NS);

	if (!stats->ipdv_n++) {
		stats->ipdv_min_ns = ipdv_ns;
		stats->ipdv_max_ns = ipdv_ns;
	}
	stats->ipdv_min_ns = min(stats->ipdv_min_ns, ipdv_ns);
	stats->ipdv_max_ns = max(stats->ipdv_max_ns, ipdv_ns);
	icmpctl_wide_add_u64(&stats->ipdv_sum, ipdv_ns < 0 ? -ipdv_ns : ipdv_ns);
}

/**
 * icmpctl_stats_order() - feed in the order of a reply
 * @stats: the statistics.
 * @seq: number of its probe, among those of the target.
 * @now_ns: when it came, CLOCK_MONOTONIC.
 */
void icmpctl_stats_order(struct icmpctl_stats *stats, u64 seq, u64 now_ns)
{
	if (icmpctl_reorder_add(&stats->reorder, seq))
		icmpctl_stats_count(stats, ICMPCTL_COUNT_REORDERED, now_ns);
}

/**
 * icmpctl_stats_late() - feed in how late a probe was handed over
 * @stats: the statistics. ICMPCTL_COUNT_SENT counts it already; the last minute and
 *	hour do so now.
 * @late_ns: handed over - planned.
 * @now_ns: when it was handed over, CLOCK_MONOTONIC.
 */
void icmpctl_stats_late(struct icmpctl_stats *stats, u64 late_ns, u64 now_ns)
{
	stats->late_n++;
	stats->late_sum_ns += min(late_ns, U64_MAX - stats->late_sum_ns);
	stats->late_max_ns = max(stats->late_max_ns, late_ns);
	count_lately(stats, ICMPCTL_COUNT_SENT, now_ns);
}

/**
 * icmpctl_stats_outstanding() - probes of which it is not known what becomes
 * @stats: the statistics.
 *
 * Return: sent - received - errors - lost. Not below 0: an answer may be counted
 * before the sending of its probe is.
 */
u64 icmpctl_stats_outstanding(const struct icmpctl_stats *stats)
{
	u64 settled = stats->count[ICMPCTL_COUNT_RECEIVED] +
		      stats->count[ICMPCTL_COUNT_ERRORS] +
		      stats->count[ICMPCTL_COUNT_LOST];
	u64 sent = stats->count[ICMPCTL_COUNT_SENT];

	return sent > settled ? sent - settled : 0;
}

static u64 percentile(const struct icmpctl_stats *stats, u32 per_mille)
{
	u64 value_ns = icmpctl_hist_quantile(&stats->hist, per_mille);

	/* The middle of a bucket may lie outside of all that was seen. */
	return clamp(value_ns, stats->rtt.min_ns, stats->rtt.max_ns);
}

/**
 * icmpctl_stats_summary() - make the figures
 * @stats: the statistics.
 * @out: <- the figures.
 */
void icmpctl_stats_summary(const struct icmpctl_stats *stats,
			   struct icmpctl_rtt_summary *out)
{
	u64 rest;

	memset(out, 0, sizeof(*out));
	if (!stats->rtt.n)
		return;
	out->n = stats->rtt.n;
	out->sum_ns = stats->rtt.sum.hi ? U64_MAX : stats->rtt.sum.lo;
	out->min_ns = stats->rtt.min_ns;
	out->mean_ns = icmpctl_moments_mean_ns(&stats->rtt);
	out->max_ns = stats->rtt.max_ns;
	out->stddev_ns = icmpctl_moments_stddev_ns(&stats->rtt);
	out->ewma_ns = stats->ewma_x8 / 8;
	out->jitter_ns = stats->jitter_x16 / 16;
	if (stats->hist.total > stats->hist.unbinned) {
		out->p50_ns = percentile(stats, 500);
		out->p90_ns = percentile(stats, 900);
		out->p99_ns = percentile(stats, 990);
		out->p999_ns = percentile(stats, 999);
	}
	if (!stats->ipdv_n)
		return;
	out->ipdv_n = stats->ipdv_n;
	out->ipdv_mean_ns = icmpctl_wide_div(stats->ipdv_sum, stats->ipdv_n, &rest).lo;
	out->ipdv_min_ns = stats->ipdv_min_ns;
	out->ipdv_max_ns = stats->ipdv_max_ns;
	out->ipdv_abs_max_ns = max(-stats->ipdv_min_ns, stats->ipdv_max_ns);
}

/**
 * icmpctl_stats_minute() - what happened in the last minute
 * @stats: the statistics, with that.
 * @now_ns: the present, CLOCK_MONOTONIC.
 * @out: <- the sums; counters by enum icmpctl_count.
 */
void icmpctl_stats_minute(struct icmpctl_stats *stats, u64 now_ns,
			  struct icmpctl_window_sum *out)
{
	icmpctl_window_sum(stats->minute, ICMPCTL_STATS_BUCKET_NS, now_ns, out);
}

/**
 * icmpctl_stats_hour() - what happened in the last hour
 * @stats: the statistics, with that.
 * @now_ns: the present, CLOCK_MONOTONIC.
 * @out: <- the sums; counters by enum icmpctl_count.
 */
void icmpctl_stats_hour(struct icmpctl_stats *stats, u64 now_ns, struct icmpctl_window_sum *out)
{
	icmpctl_window_sum(stats->hour, ICMPCTL_STATS_HOUR_BUCKET_NS, now_ns, out);
}

/**
 * icmpctl_stats_reset() - begin to keep the same of the probes that are sent from now on
 * @stats: the statistics, which go on.
 * @since: what that is kept in; what it holds is given back.
 */
void icmpctl_stats_reset(struct icmpctl_stats *stats, struct icmpctl_stats *since)
{
	icmpctl_stats_free(since);
	since->hist.limit = stats->hist.limit;
	stats->since = since;
	stats->since_round = stats->rounds;
}

/**
 * icmpctl_stats_free() - give back the memory
 * @stats: the statistics; all zeroes, that is empty, afterwards.
 */
void icmpctl_stats_free(struct icmpctl_stats *stats)
{
	icmpctl_hist_free(&stats->hist);
	memset(stats, 0, sizeof(*stats));
}
