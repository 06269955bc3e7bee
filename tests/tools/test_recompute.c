// SPDX-License-Identifier: GPL-2.0
/* Statistics of records: by the RFCs' definitions, worked out by hand. */
#include <stdlib.h>

#include "check.h"
#include "lib/recompute.h"

static void feed(struct recompute *r, uint64_t seq, bool replied, uint64_t rtt_ns)
{
	struct fate fate = { .seq = seq, .replied = replied, .timed = replied,
			     .rtt_ns = rtt_ns };

	if (recompute_fate(r, &fate))
		abort();
}

static void same(const struct recompute *r, int attr, uint64_t expected, const char *what)
{
	check(stats_has(&r->stats, attr) && stats_get(&r->stats, attr) == expected,
	      "recompute: %s: %llu", what, (unsigned long long)stats_get(&r->stats, attr));
}

void test_recompute(void)
{
	/* RFC 3357: losses 1 3 4 7 9 10 of ten make four periods, three gaps 2 3 2. */
	static const bool lost[] = { 1, 0, 1, 1, 0, 0, 1, 0, 1, 1 };
	/* RFC 4737: 1 2 3 7 8 9 10 4 5 6 11; the extents of 4, 5, 6 are 4, 5, 6. */
	static const uint64_t order[] = { 1, 2, 3, 7, 8, 9, 10, 4, 5, 6, 11 };
	struct recompute r = { .n_fates = 0 };

	for (unsigned int i = 0; i < sizeof(lost); i++)
		feed(&r, i + 1, !lost[i], 1000);
	check(!recompute_finish(&r), "recompute: a pattern of loss");
	same(&r, ICMPCTL_STATS_A_LOSS_EPISODES, 4, "loss periods");
	same(&r, ICMPCTL_STATS_A_LOSS_RUN_SUM, 6, "lost in them");
	same(&r, ICMPCTL_STATS_A_LOSS_RUN_MAX, 2, "the longest");
	same(&r, ICMPCTL_STATS_A_LOSS_GAP_SUM, 7, "gaps between them");
	same(&r, ICMPCTL_STATS_A_LOSS_GAP_MIN, 2, "the least gap");
	same(&r, ICMPCTL_STATS_A_ANSWERED_RUN_MAX, 2, "answered in a row");
	recompute_free(&r);

	r = (struct recompute){ .n_fates = 0 };
	for (unsigned int i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		feed(&r, order[i], true, order[i] * 1000);
	if (numbers_add(&r.doubled, 5) || numbers_add(&r.doubled, 5) ||
	    numbers_add(&r.doubled, 2) || numbers_add(&r.doubled, 99))
		abort();
	recompute_late(&r, 10);
	recompute_late(&r, 31);
	check(!recompute_finish(&r), "recompute: replies out of order");
	same(&r, ICMPCTL_STATS_A_REORDERED, 3, "reordered");
	same(&r, ICMPCTL_STATS_A_REORDERING_EXTENT_MAX, 6, "their extent");
	same(&r, ICMPCTL_STATS_A_DUPLICATE_PROBES, 2, "probes answered twice");
	same(&r, ICMPCTL_STATS_A_IPDV_PAIRS, 10, "pairs");
	same(&r, ICMPCTL_STATS_A_IPDV_MEAN_NS, 1000, "delay variation");
	same(&r, ICMPCTL_STATS_A_IPDV_SIGNED_MIN_NS, 1000, "its least");
	same(&r, ICMPCTL_STATS_A_RTT_MIN_NS, 1000, "least RTT");
	same(&r, ICMPCTL_STATS_A_RTT_MEAN_NS, 6000, "mean RTT");
	same(&r, ICMPCTL_STATS_A_RTT_MAX_NS, 11000, "greatest RTT");
	/* Of 1 to 11 the variance is 10. */
	same(&r, ICMPCTL_STATS_A_RTT_STDDEV_NS, 3162, "deviation");
	same(&r, ICMPCTL_STATS_A_RTT_P50_NS, 6000, "median");
	same(&r, ICMPCTL_STATS_A_RTT_P90_NS, 10000, "90th percentile");
	same(&r, ICMPCTL_STATS_A_RTT_P999_NS, 11000, "99.9th percentile");
	same(&r, ICMPCTL_STATS_A_SEND_LATE_MEAN_NS, 20, "lateness");
	same(&r, ICMPCTL_STATS_A_SEND_LATE_MAX_NS, 31, "the greatest");
	recompute_free(&r);

	r = (struct recompute){ .n_fates = 0 };
	check(!recompute_finish(&r) && !stats_has(&r.stats, ICMPCTL_STATS_A_RTT_MIN_NS) &&
	      !stats_has(&r.stats, ICMPCTL_STATS_A_IPDV_PAIRS), "recompute: of nothing, nothing");
	recompute_free(&r);
}
