// SPDX-License-Identifier: GPL-2.0
/*
 * feed.c - the statistics of kmod/core in user space: events on stdin, figures on stdout
 *
 *	r SEQ RTT NOW	a reply: number of its probe, its RTT, when it came
 *	p EARLIER LATER	RTTs of two consecutive probes
 *	l 0|1		what became of the next probe: 1: lost
 *	t LATE NOW	a probe was handed over
 *	d TIMES		all RTTs once more, so often: 2^TIMES as many, for their sums
 *
 * All times in ns, decimal, 64 bits.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "stats.h"

static struct icmpctl_window minute;
static struct icmpctl_stats stats = { .minute = &minute };

static void print(const char *name, u64 value)
{
	printf("%s %llu\n", name, (unsigned long long)value);
}

static void print_signed(const char *name, s64 value)
{
	printf("%s %lld\n", name, (long long)value);
}

static void double_rtts(u64 times)
{
	struct icmpctl_moments once;

	while (times--) {
		once = stats.rtt;
		icmpctl_moments_merge(&stats.rtt, &once);
	}
}

static int feed(const char *line)
{
	unsigned long long a, b, c;

	if (sscanf(line, "r %llu %llu %llu", &a, &b, &c) == 3) {
		icmpctl_stats_count(&stats, ICMPCTL_COUNT_RECEIVED, c);
		icmpctl_stats_order(&stats, a, c);
		icmpctl_stats_rtt(&stats, b, c);
	} else if (sscanf(line, "p %llu %llu", &a, &b) == 2) {
		icmpctl_stats_ipdv(&stats, a, b);
	} else if (sscanf(line, "l %llu", &a) == 1) {
		icmpctl_loss_add(&stats.loss, a);
	} else if (sscanf(line, "t %llu %llu", &a, &b) == 2) {
		icmpctl_stats_late(&stats, a, b);
	} else if (sscanf(line, "d %llu", &a) == 1) {
		double_rtts(a);
	} else {
		fprintf(stderr, "feed: what is that: %s", line);
		return 1;
	}
	return 0;
}

int main(void)
{
	struct icmpctl_rtt_summary rtt;
	char line[128];

	while (fgets(line, sizeof(line), stdin))
		if (feed(line))
			return 1;
	icmpctl_stats_summary(&stats, &rtt);
	print("n", rtt.n);
	print("min", rtt.min_ns);
	print("mean", rtt.mean_ns);
	print("max", rtt.max_ns);
	print("stddev", rtt.stddev_ns);
	print("ewma", rtt.ewma_ns);
	print("p50", rtt.p50_ns);
	print("p90", rtt.p90_ns);
	print("p99", rtt.p99_ns);
	print("p999", rtt.p999_ns);
	print("jitter", rtt.jitter_ns);
	print("ipdv_pairs", rtt.ipdv_n);
	print("ipdv_mean", rtt.ipdv_mean_ns);
	print("ipdv_max", rtt.ipdv_abs_max_ns);
	print_signed("ipdv_signed_min", rtt.ipdv_min_ns);
	print_signed("ipdv_signed_max", rtt.ipdv_max_ns);
	print("lost", stats.loss.lost);
	print("loss_episodes", stats.loss.episodes);
	print("loss_run_max", stats.loss.run_max);
	print("answered_run_max", stats.loss.answered_run_max);
	print("loss_gap_min", stats.loss.gap_min);
	print("loss_gap_sum", stats.loss.gap_sum);
	print("received", stats.count[ICMPCTL_COUNT_RECEIVED]);
	print("reordered", stats.count[ICMPCTL_COUNT_REORDERED]);
	print("reordering_extent_max", stats.reorder.extent_max);
	print("late_n", stats.late_n);
	print("late_sum", stats.late_sum_ns);
	print("late_max", stats.late_max_ns);
	icmpctl_stats_free(&stats);
	return 0;
}
