// SPDX-License-Identifier: GPL-2.0
/*
 * report.c - sessions and statistics as netlink attributes
 */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/socket.h>

#include "icmpctl.h"
#include "monitor.h"
#include "sweep.h"

static const u16 count_attr[ICMPCTL_COUNT_MAX] = {
	[ICMPCTL_COUNT_SENT] = ICMPCTL_STATS_A_SENT,
	[ICMPCTL_COUNT_SEND_FAILED] = ICMPCTL_STATS_A_SEND_FAILED,
	[ICMPCTL_COUNT_RECEIVED] = ICMPCTL_STATS_A_RECEIVED,
	[ICMPCTL_COUNT_ERRORS] = ICMPCTL_STATS_A_ERRORS,
	[ICMPCTL_COUNT_LOST] = ICMPCTL_STATS_A_LOST,
	[ICMPCTL_COUNT_LATE] = ICMPCTL_STATS_A_LATE,
	[ICMPCTL_COUNT_DUPLICATES] = ICMPCTL_STATS_A_DUPLICATES,
	[ICMPCTL_COUNT_REDIRECTS] = ICMPCTL_STATS_A_REDIRECTS,
	[ICMPCTL_COUNT_FORGED] = ICMPCTL_STATS_A_FORGED,
	[ICMPCTL_COUNT_BAD_CHECKSUM] = ICMPCTL_STATS_A_BAD_CHECKSUM,
	[ICMPCTL_COUNT_CORRUPT] = ICMPCTL_STATS_A_CORRUPT,
	[ICMPCTL_COUNT_OTHER_ADDRESS] = ICMPCTL_STATS_A_OTHER_ADDRESS,
	[ICMPCTL_COUNT_TX_DRIVER] = ICMPCTL_STATS_A_TX_DRIVER,
	[ICMPCTL_COUNT_RX_STACK] = ICMPCTL_STATS_A_RX_STACK,
	[ICMPCTL_COUNT_SKIPPED] = ICMPCTL_STATS_A_SKIPPED,
	[ICMPCTL_COUNT_TX_HARDWARE] = ICMPCTL_STATS_A_TX_HARDWARE,
	[ICMPCTL_COUNT_RX_HARDWARE] = ICMPCTL_STATS_A_RX_HARDWARE,
	[ICMPCTL_COUNT_FALLBACKS] = ICMPCTL_STATS_A_FALLBACKS,
	[ICMPCTL_COUNT_SUSPENDED] = ICMPCTL_STATS_A_SUSPENDED,
	[ICMPCTL_COUNT_REORDERED] = ICMPCTL_STATS_A_REORDERED,
	[ICMPCTL_COUNT_DUPLICATE_PROBES] = ICMPCTL_STATS_A_DUPLICATE_PROBES,
	[ICMPCTL_COUNT_CAUSE_SILENCE] = ICMPCTL_STATS_A_CAUSE_SILENCE,
	[ICMPCTL_COUNT_CAUSE_NO_ROUTE] = ICMPCTL_STATS_A_CAUSE_NO_ROUTE,
	[ICMPCTL_COUNT_CAUSE_NEIGHBOUR] = ICMPCTL_STATS_A_CAUSE_NEIGHBOUR,
	[ICMPCTL_COUNT_CAUSE_QUEUE] = ICMPCTL_STATS_A_CAUSE_QUEUE,
	[ICMPCTL_COUNT_CAUSE_FILTERED_OUT] = ICMPCTL_STATS_A_CAUSE_FILTERED_OUT,
	[ICMPCTL_COUNT_CAUSE_LINK_DOWN] = ICMPCTL_STATS_A_CAUSE_LINK_DOWN,
	[ICMPCTL_COUNT_CAUSE_FILTERED_IN] = ICMPCTL_STATS_A_CAUSE_FILTERED_IN,
	[ICMPCTL_COUNT_CAUSE_REFUSED] = ICMPCTL_STATS_A_CAUSE_REFUSED,
	[ICMPCTL_COUNT_CAUSE_REPORTED] = ICMPCTL_STATS_A_CAUSE_REPORTED,
};

static int put_stat(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, ICMPCTL_STATS_A_PAD);
}

static int put_rtt(struct sk_buff *skb, const struct icmpctl_rtt_summary *rtt)
{
	if (!rtt->n)
		return 0;
	if (put_stat(skb, ICMPCTL_STATS_A_RTT_COUNT, rtt->n) ||
	    put_stat(skb, ICMPCTL_STATS_A_RTT_SUM_NS, rtt->sum_ns) ||
	    put_stat(skb, ICMPCTL_STATS_A_RTT_MIN_NS, rtt->min_ns) ||
	    put_stat(skb, ICMPCTL_STATS_A_RTT_MEAN_NS, rtt->mean_ns) ||
	    put_stat(skb, ICMPCTL_STATS_A_RTT_MAX_NS, rtt->max_ns) ||
	    put_stat(skb, ICMPCTL_STATS_A_RTT_STDDEV_NS, rtt->stddev_ns) ||
	    put_stat(skb, ICMPCTL_STATS_A_RTT_EWMA_NS, rtt->ewma_ns) ||
	    put_stat(skb, ICMPCTL_STATS_A_RTT_P50_NS, rtt->p50_ns) ||
	    put_stat(skb, ICMPCTL_STATS_A_RTT_P90_NS, rtt->p90_ns) ||
	    put_stat(skb, ICMPCTL_STATS_A_RTT_P99_NS, rtt->p99_ns) ||
	    put_stat(skb, ICMPCTL_STATS_A_RTT_P999_NS, rtt->p999_ns) ||
	    put_stat(skb, ICMPCTL_STATS_A_JITTER_NS, rtt->jitter_ns))
		return -EMSGSIZE;
	if (!rtt->ipdv_n)
		return 0;
	if (put_stat(skb, ICMPCTL_STATS_A_IPDV_MEAN_NS, rtt->ipdv_mean_ns) ||
	    put_stat(skb, ICMPCTL_STATS_A_IPDV_MAX_NS, rtt->ipdv_abs_max_ns) ||
	    put_stat(skb, ICMPCTL_STATS_A_IPDV_PAIRS, rtt->ipdv_n) ||
	    nla_put_s64(skb, ICMPCTL_STATS_A_IPDV_SIGNED_MIN_NS, rtt->ipdv_min_ns,
			ICMPCTL_STATS_A_PAD) ||
	    nla_put_s64(skb, ICMPCTL_STATS_A_IPDV_SIGNED_MAX_NS, rtt->ipdv_max_ns,
			ICMPCTL_STATS_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static int put_loss(struct sk_buff *skb, const struct icmpctl_loss *loss)
{
	if (put_stat(skb, ICMPCTL_STATS_A_LOSS_EPISODES, loss->episodes) ||
	    put_stat(skb, ICMPCTL_STATS_A_LOSS_RUN_SUM, loss->lost) ||
	    put_stat(skb, ICMPCTL_STATS_A_LOSS_RUN_MAX, loss->run_max) ||
	    put_stat(skb, ICMPCTL_STATS_A_ANSWERED_RUN_MAX, loss->answered_run_max))
		return -EMSGSIZE;
	if (loss->episodes < 2)
		return 0;
	if (put_stat(skb, ICMPCTL_STATS_A_LOSS_GAP_MIN, loss->gap_min) ||
	    put_stat(skb, ICMPCTL_STATS_A_LOSS_GAP_SUM, loss->gap_sum))
		return -EMSGSIZE;
	return 0;
}

/* @attr: STATS_A_LAST_MINUTE or _HOUR. */
static int put_lately(struct sk_buff *skb, int attr, const struct icmpctl_window_sum *sum)
{
	struct nlattr *nest = nla_nest_start(skb, attr);
	int i;

	if (!nest || put_stat(skb, ICMPCTL_STATS_A_SPAN_NS, sum->span_ns))
		return -EMSGSIZE;
	for (i = 0; i < ICMPCTL_WINDOW_COUNTS; i++)
		if (put_stat(skb, count_attr[i], sum->count[i]))
			return -EMSGSIZE;
	if (sum->rtt.n &&
	    (put_stat(skb, ICMPCTL_STATS_A_RTT_MIN_NS, sum->rtt.min_ns) ||
	     put_stat(skb, ICMPCTL_STATS_A_RTT_MEAN_NS, icmpctl_moments_mean_ns(&sum->rtt)) ||
	     put_stat(skb, ICMPCTL_STATS_A_RTT_MAX_NS, sum->rtt.max_ns) ||
	     put_stat(skb, ICMPCTL_STATS_A_RTT_STDDEV_NS,
		      icmpctl_moments_stddev_ns(&sum->rtt))))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* The present; after the end of a session that is its end. */
static u64 present_ns(const struct icmpctl_session *session)
{
	return READ_ONCE(session->ended_ns) ?: icmpctl_clock_ns();
}

/* Copies what is in a histogram, with the lock of its target held. */
static u32 copy_buckets(const struct icmpctl_hist *hist, struct icmpctl_rtt_bucket *buckets)
{
	u32 number = 0, n = 0, span, count;

	BUILD_BUG_ON(ICMPCTL_HIST_SUB != 64);
	BUILD_BUG_ON(ICMPCTL_HIST_OCTAVES * ICMPCTL_HIST_SUB != ICMPCTL_RTT_BUCKETS);
	while ((number = icmpctl_hist_next(hist, number, &span, &count)) < ICMPCTL_RTT_BUCKETS) {
		buckets[n++] = (struct icmpctl_rtt_bucket) {
			.first = number,
			.span = span,
			.count = count,
		};
		number += span;
	}
	return n;
}

static int put_buckets(struct sk_buff *skb, const struct icmpctl_rtt_bucket *buckets, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (nla_put(skb, ICMPCTL_STATS_A_RTT_BUCKET, sizeof(*buckets), &buckets[i]))
			return -EMSGSIZE;
	return 0;
}

/**
 * struct figures - a picture of statistics at one instant
 * @count: counters.
 * @outstanding: probes of which it is not known what becomes.
 * @late_mean_ns: how late probes were sent, on average.
 * @late_max_ns: the most.
 * @extent_max: greatest reordering extent.
 * @loss: the pattern of loss.
 * @rtt: what is made of the RTTs.
 */
struct figures {
	u64 count[ICMPCTL_COUNT_MAX];
	u64 outstanding;
	u64 late_mean_ns;
	u64 late_max_ns;
	u64 extent_max;
	struct icmpctl_loss loss;
	struct icmpctl_rtt_summary rtt;
};

/*
 * With the lock of the target held. @stats: of the target, or of it since its reset: those that
 * do not have the probe that is being handed over have none outstanding either.
 */
static void take_figures(const struct icmpctl_target *target, const struct icmpctl_stats *stats,
			 struct figures *out)
{
	memcpy(out->count, stats->count, sizeof(out->count));
	out->outstanding = icmpctl_stats_outstanding(stats);
	/* It may be refused yet, unless it is answered: who reads counters never sees them fall. */
	if (target->handing && out->outstanding) {
		out->outstanding--;
		out->count[ICMPCTL_COUNT_SENT]--;
	}
	out->late_mean_ns = stats->late_n ? div64_u64(stats->late_sum_ns, stats->late_n) : 0;
	out->late_max_ns = stats->late_max_ns;
	out->extent_max = stats->reorder.extent_max;
	out->loss = stats->loss;
	icmpctl_stats_summary(stats, &out->rtt);
}

static int put_figures(struct sk_buff *skb, const struct figures *figures)
{
	int i;

	for (i = 0; i < ICMPCTL_COUNT_MAX; i++)
		if (put_stat(skb, count_attr[i], figures->count[i]))
			return -EMSGSIZE;
	if (put_stat(skb, ICMPCTL_STATS_A_OUTSTANDING, figures->outstanding) ||
	    put_stat(skb, ICMPCTL_STATS_A_SEND_LATE_MEAN_NS, figures->late_mean_ns) ||
	    put_stat(skb, ICMPCTL_STATS_A_SEND_LATE_MAX_NS, figures->late_max_ns))
		return -EMSGSIZE;
	if (figures->count[ICMPCTL_COUNT_REORDERED] &&
	    put_stat(skb, ICMPCTL_STATS_A_REORDERING_EXTENT_MAX, figures->extent_max))
		return -EMSGSIZE;
	return put_loss(skb, &figures->loss) ?: put_rtt(skb, &figures->rtt);
}

/* Two pictures at a time would be much for one frame. */
static noinline_for_stack int put_since(struct sk_buff *skb, struct icmpctl_target *target)
{
	struct figures figures;
	struct nlattr *nest;
	bool there;

	spin_lock_bh(&target->lock);
	there = target->stats.since;
	if (there)
		take_figures(target, target->stats.since, &figures);
	spin_unlock_bh(&target->lock);
	if (!there)
		return 0;
	nest = nla_nest_start(skb, ICMPCTL_STATS_A_SINCE_RESET);
	if (!nest || put_figures(skb, &figures))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* @buckets: room for all that a histogram can have; NULL: it is not to be told. */
static int put_stats(struct sk_buff *skb, const struct icmpctl_session *session,
		     struct icmpctl_target *target, struct icmpctl_rtt_bucket *buckets)
{
	struct icmpctl_window_sum minute, hour;
	struct figures figures;
	u32 filled = 0;

	/* Before the rest, so that it is never more than that. */
	if (put_since(skb, target))
		return -EMSGSIZE;
	/* One picture of one instant: nothing is counted while it is taken. */
	spin_lock_bh(&target->lock);
	take_figures(target, &target->stats, &figures);
	icmpctl_stats_minute(&target->stats, present_ns(session), &minute);
	if (target->stats.hour)
		icmpctl_stats_hour(&target->stats, present_ns(session), &hour);
	if (buckets)
		filled = copy_buckets(&target->stats.hist, buckets);
	spin_unlock_bh(&target->lock);

	if (put_figures(skb, &figures) || put_buckets(skb, buckets, filled))
		return -EMSGSIZE;
	if (!figures.count[ICMPCTL_COUNT_SENT] && !figures.count[ICMPCTL_COUNT_SEND_FAILED])
		return 0;
	if (put_lately(skb, ICMPCTL_STATS_A_LAST_MINUTE, &minute) ||
	    (target->stats.hour && put_lately(skb, ICMPCTL_STATS_A_LAST_HOUR, &hour)))
		return -EMSGSIZE;
	return 0;
}

/* One target and its statistics, or -EMSGSIZE with nothing added. */
static int report_target(struct sk_buff *skb, struct icmpctl_session *session, u32 index,
			 struct icmpctl_rtt_bucket *buckets)
{
	struct icmpctl_target *target = &session->targets[index];
	int len = target->family == AF_INET ? 4 : 16;
	struct nlattr *nest, *stats;

	nest = nla_nest_start(skb, ICMPCTL_SESSION_A_TARGET);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put(skb, ICMPCTL_TARGET_A_ADDRESS, len, target->addr.bytes) ||
	    nla_put_u32(skb, ICMPCTL_TARGET_A_INDEX, index) ||
	    (target->ifindex && nla_put_u32(skb, ICMPCTL_TARGET_A_IFINDEX, target->ifindex)) ||
	    (target->ttl && nla_put_u8(skb, ICMPCTL_TARGET_A_TTL, target->ttl)) ||
	    (target->flow_sum && nla_put_u32(skb, ICMPCTL_TARGET_A_FLOW, target->flow)) ||
	    nla_put_u32(skb, ICMPCTL_TARGET_A_SIZE, target->size) ||
	    (session->monitor && icmpctl_monitor_report_target(skb, session, index)))
		goto cancel;
	stats = nla_nest_start(skb, ICMPCTL_TARGET_A_STATS);
	if (!stats || put_stats(skb, session, target, buckets))
		goto cancel;
	nla_nest_end(skb, stats);
	nla_nest_end(skb, nest);
	return 0;
cancel:
	nla_nest_cancel(skb, nest);
	return -EMSGSIZE;
}

/**
 * icmpctl_report_known() - how many targets of a session are told of
 * @session: whose.
 *
 * Return: all; of a monitor of a path those up to its end.
 */
u32 icmpctl_report_known(const struct icmpctl_session *session)
{
	return session->monitor ? READ_ONCE(session->path_end) : session->config.targets;
}

/**
 * icmpctl_report_targets() - as many targets as fit
 * @skb: message to add to, with room for one at least.
 * @session: whose.
 * @first: number of the first to tell of.
 * @detail: set of ICMPCTL_MONITOR_F_*.
 *
 * Context: process, may sleep.
 * Return: how many were added.
 */
u32 icmpctl_report_targets(struct sk_buff *skb, struct icmpctl_session *session, u32 first,
			   u32 detail)
{
	u32 known = icmpctl_report_known(session);
	struct icmpctl_rtt_bucket *buckets = NULL;
	u32 index = first;

	if (detail & ICMPCTL_MONITOR_F_HISTOGRAM) {
		buckets = kvmalloc_array(ICMPCTL_RTT_BUCKETS, sizeof(*buckets), GFP_KERNEL);
		if (!buckets)
			return 0;
	}
	while (index < known && !report_target(skb, session, index, buckets)) {
		index++;
		cond_resched();
	}
	kvfree(buckets);
	return index - first;
}

static u64 elapsed_ns(const struct icmpctl_session *session)
{
	return present_ns(session) - session->started_ns;
}

static int put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, ICMPCTL_SESSION_A_PAD);
}

/* The clock of the interface whose stamps are converted worst. */
static int put_hardware(struct sk_buff *skb, struct icmpctl_session *session)
{
	struct icmpctl_nic_clock clock;

	icmpctl_nic_clock(session, &clock);
	if ((clock.rtt_error_ns &&
	     nla_put_u32(skb, ICMPCTL_SESSION_A_HW_RTT_ERROR_NS, clock.rtt_error_ns)) ||
	    (clock.known && put_u64(skb, ICMPCTL_SESSION_A_HW_ERROR_NS, clock.error_ns)) ||
	    (clock.drift &&
	     nla_put_s32(skb, ICMPCTL_SESSION_A_HW_DRIFT_PPB, clock.drift_ppb)))
		return -EMSGSIZE;
	return 0;
}

/* How late the probes to all targets were handed over. */
static int put_lateness(struct sk_buff *skb, struct icmpctl_session *session)
{
	static const struct {
		u16 attr;
		u16 per_mille;
	} percentile[] = {
		{ ICMPCTL_SESSION_A_SEND_LATE_P50_NS, 500 },
		{ ICMPCTL_SESSION_A_SEND_LATE_P90_NS, 900 },
		{ ICMPCTL_SESSION_A_SEND_LATE_P99_NS, 990 },
		{ ICMPCTL_SESSION_A_SEND_LATE_P999_NS, 999 },
	};
	u64 late_ns[ARRAY_SIZE(percentile)];
	u64 total, max_ns;
	unsigned int i;

	/* Of a monitor, its targets alone tell how late their probes were. */
	if (!session->own)
		return 0;
	spin_lock(&session->late_lock);
	total = session->own->late.total;
	max_ns = session->late_max_ns;
	for (i = 0; i < ARRAY_SIZE(percentile); i++)
		late_ns[i] = icmpctl_hist_quantile(&session->own->late, percentile[i].per_mille);
	spin_unlock(&session->late_lock);

	if (!total)
		return 0;
	for (i = 0; i < ARRAY_SIZE(percentile); i++)
		if (put_u64(skb, percentile[i].attr, min(late_ns[i], max_ns)))
			return -EMSGSIZE;
	return put_u64(skb, ICMPCTL_SESSION_A_SEND_LATE_MAX_NS, max_ns);
}

/**
 * icmpctl_report_schedule() - all that is needed to repeat a schedule
 * @skb: message to add to.
 * @config: of the session.
 *
 * Return: 0 or -EMSGSIZE.
 */
int icmpctl_report_schedule(struct sk_buff *skb, const struct icmpctl_config *config)
{
	if (nla_put_u32(skb, ICMPCTL_SESSION_A_SCHEDULE, config->schedule))
		return -EMSGSIZE;
	if (config->schedule != ICMPCTL_SCHEDULE_POISSON)
		return 0;
	return put_u64(skb, ICMPCTL_SESSION_A_SEED, config->seed);
}

/**
 * icmpctl_report_session() - what there is to tell of a session but its id
 * @skb: message to add to.
 * @session: published once.
 * @pid_ns: the reader's PID namespace; NULL: not known, the process is not told.
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int icmpctl_report_session(struct sk_buff *skb, struct icmpctl_session *session,
			   struct pid_namespace *pid_ns)
{
	const struct icmpctl_config *config = &session->config;

	if (nla_put_u32(skb, ICMPCTL_SESSION_A_TARGETS, config->targets) ||
	    nla_put_u32(skb, ICMPCTL_SESSION_A_STATE, READ_ONCE(session->state)) ||
	    nla_put_u32(skb, ICMPCTL_SESSION_A_REASON, atomic_read(&session->reason)) ||
	    nla_put_u32(skb, ICMPCTL_SESSION_A_OWNER_PORTID, session->portid) ||
	    (pid_ns && nla_put_u32(skb, ICMPCTL_SESSION_A_OWNER_PID,
				   pid_nr_ns(session->pid, pid_ns))) ||
	    nla_put_string(skb, ICMPCTL_SESSION_A_OWNER_COMM, session->comm) ||
	    nla_put_u16(skb, ICMPCTL_SESSION_A_ICMP_ID, session->wire[0].id) ||
	    nla_put_u32(skb, ICMPCTL_SESSION_A_SIZE, config->size) ||
	    nla_put_u32(skb, ICMPCTL_SESSION_A_FLAGS, config->flags) ||
	    icmpctl_report_schedule(skb, config) ||
	    put_u64(skb, ICMPCTL_SESSION_A_COUNT, config->count) ||
	    put_u64(skb, ICMPCTL_SESSION_A_INTERVAL_NS, config->interval_ns) ||
	    put_u64(skb, ICMPCTL_SESSION_A_TIMEOUT_NS, config->timeout_ns) ||
	    put_u64(skb, ICMPCTL_SESSION_A_STARTED_NS, session->started_ns) ||
	    put_u64(skb, ICMPCTL_SESSION_A_STARTED_UNIX_NS, session->started_real_ns) ||
	    put_u64(skb, ICMPCTL_SESSION_A_ELAPSED_NS, elapsed_ns(session)) ||
	    put_u64(skb, ICMPCTL_SESSION_A_RECORDS_DROPPED,
		    icmpctl_ring_dropped(&session->ring)) ||
	    nla_put_u32(skb, ICMPCTL_SESSION_A_TIMESTAMPS, config->timestamps))
		return -EMSGSIZE;
	if ((session->sweep && icmpctl_sweep_report(skb, session)) ||
	    (session->monitor && icmpctl_monitor_report(skb, session)))
		return -EMSGSIZE;
	return put_hardware(skb, session) ?: put_lateness(skb, session);
}
