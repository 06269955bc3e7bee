// SPDX-License-Identifier: GPL-2.0
/*
 * stats.c - what became of the probes to one target
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "stats.h"

/*
 * The most that goes into the figures, more than the longest timeout: 2^48 squares
 * of it fit into 128 bits.
 */
#define RTT_MAX_NS	((1ULL << ICMPCTL_HIST_MAX_BITS) - 1)

/* Bits behind the point while the deviation is computed */
#define FRACTION_BITS	8

static void wide_add(struct icmpctl_wide *sum, struct icmpctl_wide x)
{
	sum->lo += x.lo;
	sum->hi += x.hi + (sum->lo < x.lo);
}

static void wide_sub(struct icmpctl_wide *sum, struct icmpctl_wide x)
{
	sum->hi -= x.hi + (sum->lo < x.lo);
	sum->lo -= x.lo;
}

static void wide_add_u64(struct icmpctl_wide *sum, u64 x)
{
	wide_add(sum, (struct icmpctl_wide) { .lo = x });
}

static bool wide_less(struct icmpctl_wide a, struct icmpctl_wide b)
{
	return a.hi < b.hi || (a.hi == b.hi && a.lo < b.lo);
}

/* @bits: 0 to 63 */
static struct icmpctl_wide wide_shl(struct icmpctl_wide x, u32 bits)
{
	if (!bits)
		return x;
	return (struct icmpctl_wide) {
		.hi = x.hi << bits | x.lo >> (64 - bits),
		.lo = x.lo << bits,
	};
}

static struct icmpctl_wide wide_mul(u64 a, u64 b)
{
	u64 a_hi = a >> 32, a_lo = (u32)a;
	u64 b_hi = b >> 32, b_lo = (u32)b;
	struct icmpctl_wide product = { .hi = a_hi * b_hi, .lo = a_lo * b_lo };
	u64 cross[2] = { a_hi * b_lo, a_lo * b_hi };
	u32 i;

	for (i = 0; i < 2; i++)
		wide_add(&product, (struct icmpctl_wide) {
			.hi = cross[i] >> 32,
			.lo = cross[i] << 32,
		});
	return product;
}

/*
 * By hand and bit by bit: the kernel is not linked with the compiler's 128-bit
 * division, and this runs once for each figure that is asked for. @by: 1 to 2^63.
 */
static struct icmpctl_wide wide_div(struct icmpctl_wide x, u64 by, u64 *rest)
{
	struct icmpctl_wide quotient = {};
	u32 bit;

	*rest = 0;
	for (bit = 0; bit < 128; bit++) {
		*rest = *rest << 1 | x.hi >> 63;
		x = wide_shl(x, 1);
		quotient = wide_shl(quotient, 1);
		if (*rest >= by) {
			*rest -= by;
			quotient.lo |= 1;
		}
	}
	return quotient;
}

/* The square root, rounded down. */
static u64 wide_sqrt(struct icmpctl_wide x)
{
	u64 root = 0;
	u64 bit;

	for (bit = 1ULL << 63; bit; bit >>= 1) {
		if (!wide_less(x, wide_mul(root | bit, root | bit)))
			root |= bit;
	}
	return root;
}

/*
 * With the mean rounded down to q and r/n left over, the squares of the distances
 * from q make n * (variance + (r/n)^2). They are taken from sums that are exact, so
 * a small spread around a great mean is not lost. @q and @r: of the sum by n.
 */
static u64 stddev(const struct icmpctl_stats *stats, u64 q, u64 r)
{
	struct icmpctl_wide squares = stats->rtt_sq;
	struct icmpctl_wide part;
	u32 bits = FRACTION_BITS;
	u64 fraction, rest;

	/* Sum of (rtt - q)^2 = sum of squares - q * (sum + r). */
	part = stats->rtt_sum;
	wide_add_u64(&part, r);
	squares.hi -= part.hi * q;
	wide_sub(&squares, wide_mul(part.lo, q));

	while (bits && squares.hi >> (64 - 2 * bits))
		bits--;
	squares = wide_div(wide_shl(squares, 2 * bits), stats->rtt_n, &rest);
	fraction = wide_div(wide_shl((struct icmpctl_wide) { .lo = r }, bits),
			    stats->rtt_n, &rest).lo;
	wide_sub(&squares, wide_mul(fraction, fraction));
	return (wide_sqrt(squares) + (1ULL << bits) / 2) >> bits;
}

/**
 * icmpctl_stats_rtt() - feed in the RTT of an answered probe
 * @stats: the statistics.
 * @rtt_ns: its RTT.
 */
void icmpctl_stats_rtt(struct icmpctl_stats *stats, u64 rtt_ns)
{
	u64 delta_ns;

	rtt_ns = min(rtt_ns, RTT_MAX_NS);
	if (!stats->rtt_n) {
		stats->rtt_min_ns = rtt_ns;
		stats->rtt_last_ns = rtt_ns;
		stats->ewma_x8 = rtt_ns * 8;
	}
	delta_ns = max(rtt_ns, stats->rtt_last_ns) - min(rtt_ns, stats->rtt_last_ns);

	stats->rtt_min_ns = min(stats->rtt_min_ns, rtt_ns);
	stats->rtt_max_ns = max(stats->rtt_max_ns, rtt_ns);
	wide_add_u64(&stats->rtt_sum, rtt_ns);
	wide_add(&stats->rtt_sq, wide_mul(rtt_ns, rtt_ns));
	stats->ewma_x8 += rtt_ns - stats->ewma_x8 / 8;
	/* As RFC 3550 A.8 has it. */
	stats->jitter_x16 += delta_ns - (stats->jitter_x16 + 8) / 16;
	wide_add_u64(&stats->ipdv_sum, delta_ns);
	stats->ipdv_max_ns = max(stats->ipdv_max_ns, delta_ns);
	icmpctl_hist_add(&stats->hist, rtt_ns);
	stats->rtt_last_ns = rtt_ns;
	stats->rtt_n++;
}

/**
 * icmpctl_stats_late() - feed in how late a probe was handed over
 * @stats: the statistics.
 * @late_ns: handed over - planned.
 */
void icmpctl_stats_late(struct icmpctl_stats *stats, u64 late_ns)
{
	stats->late_n++;
	stats->late_sum_ns += min(late_ns, U64_MAX - stats->late_sum_ns);
	stats->late_max_ns = max(stats->late_max_ns, late_ns);
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
	return clamp(value_ns, stats->rtt_min_ns, stats->rtt_max_ns);
}

/**
 * icmpctl_stats_summary() - make the figures
 * @stats: the statistics.
 * @out: <- the figures.
 */
void icmpctl_stats_summary(const struct icmpctl_stats *stats,
			   struct icmpctl_rtt_summary *out)
{
	u64 n = stats->rtt_n;
	u64 q, r, rest;

	memset(out, 0, sizeof(*out));
	if (!n)
		return;
	q = wide_div(stats->rtt_sum, n, &r).lo;
	out->n = n;
	out->min_ns = stats->rtt_min_ns;
	out->mean_ns = q + (r >= n - r);
	out->max_ns = stats->rtt_max_ns;
	out->stddev_ns = stddev(stats, q, r);
	out->ewma_ns = stats->ewma_x8 / 8;
	out->jitter_ns = stats->jitter_x16 / 16;
	if (stats->hist.total > stats->hist.unbinned) {
		out->p50_ns = percentile(stats, 500);
		out->p90_ns = percentile(stats, 900);
		out->p99_ns = percentile(stats, 990);
		out->p999_ns = percentile(stats, 999);
	}
	if (n > 1) {
		out->ipdv_mean_ns = wide_div(stats->ipdv_sum, n - 1, &rest).lo;
		out->ipdv_max_ns = stats->ipdv_max_ns;
	}
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
