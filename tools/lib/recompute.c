// SPDX-License-Identifier: GPL-2.0
/*
 * Statistics made once more, of the records of a run. Nothing here is shared with the
 * module: it is the same definitions read a second time, with all values at hand, so
 * that percentiles and extents are exact where the module's are bounded.
 */
#include "lib/recompute.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned __int128 wide;

static int grow(void **array, size_t *room, size_t n, size_t size)
{
	size_t more = *room ? 2 * *room : 256;
	void *p;

	if (n < *room)
		return 0;
	p = reallocarray(*array, more, size);
	if (!p)
		return -ENOMEM;
	*array = p;
	*room = more;
	return 0;
}

/**
 * numbers_add - one more
 * @list: the array
 * @value: the number
 *
 * Return: 0 or -ENOMEM.
 */
int numbers_add(struct numbers *list, uint64_t value)
{
	if (grow((void **)&list->value, &list->room, list->n, sizeof(*list->value)))
		return -ENOMEM;
	list->value[list->n++] = value;
	return 0;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/**
 * numbers_sort - the least first
 * @list: the array
 */
void numbers_sort(struct numbers *list)
{
	if (list->n)
		qsort(list->value, list->n, sizeof(*list->value), compare);
}

/**
 * numbers_rank - a quantile, by nearest rank
 * @list: the array, sorted
 * @per_mille: which
 *
 * Return: of n values the one at place n * @per_mille / 1000, rounded up; 0 of none.
 */
uint64_t numbers_rank(const struct numbers *list, unsigned int per_mille)
{
	size_t place = ((wide)list->n * per_mille + 999) / 1000;

	return list->n ? list->value[place ? place - 1 : 0] : 0;
}

/**
 * numbers_free - give back the memory
 * @list: the array
 */
void numbers_free(struct numbers *list)
{
	free(list->value);
	*list = (struct numbers){ .n = 0 };
}

static void put(struct recompute *r, int attr, uint64_t value)
{
	r->stats.told[attr] = true;
	r->stats.value[attr] = value;
}

/**
 * recompute_count - count something
 * @r: the records
 * @attr: enum icmpctl_stats_attr
 * @n: how much
 */
void recompute_count(struct recompute *r, int attr, uint64_t n)
{
	put(r, attr, r->stats.value[attr] + n);
}

/**
 * recompute_fate - a probe was settled
 * @r: the records
 * @fate: what became of it; in the order in which it did
 *
 * Return: 0 or -ENOMEM.
 */
int recompute_fate(struct recompute *r, const struct fate *fate)
{
	if (grow((void **)&r->fates, &r->room, r->n_fates, sizeof(*r->fates)))
		return -ENOMEM;
	r->fates[r->n_fates++] = *fate;
	return 0;
}

/**
 * recompute_late - a probe was sent
 * @r: the records
 * @late_ns: how late
 */
void recompute_late(struct recompute *r, uint64_t late_ns)
{
	r->late_n++;
	r->late_sum += late_ns;
	if (late_ns > r->late_max)
		r->late_max = late_ns;
}

static uint64_t mean_of(wide sum, uint64_t n)
{
	return (2 * sum + n) / (2 * (wide)n);
}

static int round_trips(struct recompute *r)
{
	uint64_t ewma_x8 = 0, jitter_x16 = 0, last = 0, mean;
	struct numbers rtts = { .n = 0 };
	long double squares = 0;
	wide sum = 0;

	for (size_t i = 0; i < r->n_fates; i++) {
		uint64_t rtt = r->fates[i].rtt_ns;

		if (!r->fates[i].timed)
			continue;
		if (!rtts.n) {
			last = rtt;
			ewma_x8 = rtt * 8;
		}
		ewma_x8 += rtt - ewma_x8 / 8;
		/* RFC 3550, A.8 */
		jitter_x16 += (rtt > last ? rtt - last : last - rtt) - (jitter_x16 + 8) / 16;
		last = rtt;
		sum += rtt;
		if (numbers_add(&rtts, rtt))
			goto no_memory;
	}
	if (!rtts.n)
		return 0;
	mean = mean_of(sum, rtts.n);
	for (size_t i = 0; i < rtts.n; i++) {
		long double distance = rtts.value[i] - (long double)sum / rtts.n;

		squares += distance * distance;
	}
	numbers_sort(&rtts);
	put(r, ICMPCTL_STATS_A_RTT_MIN_NS, rtts.value[0]);
	put(r, ICMPCTL_STATS_A_RTT_MAX_NS, rtts.value[rtts.n - 1]);
	put(r, ICMPCTL_STATS_A_RTT_MEAN_NS, mean);
	put(r, ICMPCTL_STATS_A_RTT_STDDEV_NS, llroundl(sqrtl(squares / rtts.n)));
	put(r, ICMPCTL_STATS_A_RTT_EWMA_NS, ewma_x8 / 8);
	put(r, ICMPCTL_STATS_A_RTT_P50_NS, numbers_rank(&rtts, 500));
	put(r, ICMPCTL_STATS_A_RTT_P90_NS, numbers_rank(&rtts, 900));
	put(r, ICMPCTL_STATS_A_RTT_P99_NS, numbers_rank(&rtts, 990));
	put(r, ICMPCTL_STATS_A_RTT_P999_NS, numbers_rank(&rtts, 999));
	put(r, ICMPCTL_STATS_A_JITTER_NS, jitter_x16 / 16);
	numbers_free(&rtts);
	return 0;
no_memory:
	numbers_free(&rtts);
	return -ENOMEM;
}

/* RFC 4737: section 3.3, and the extent of 4.2, over all replies. */
static int order(struct recompute *r)
{
	/* Replies that went beyond all before them: the number, and which reply it was. */
	struct numbers seqs = { .n = 0 }, places = { .n = 0 };
	uint64_t arrivals = 0, reordered = 0, extent_max = 0;
	int err = 0;

	for (size_t i = 0; i < r->n_fates && !err; i++) {
		uint64_t seq = r->fates[i].seq;
		size_t low = 0, high = seqs.n;

		if (!r->fates[i].replied)
			continue;
		if (!seqs.n || seq > seqs.value[seqs.n - 1]) {
			err = numbers_add(&seqs, seq);
			if (!err)
				err = numbers_add(&places, arrivals++);
			continue;
		}
		/* The first that was greater. */
		while (low < high) {
			size_t middle = (low + high) / 2;

			if (seqs.value[middle] > seq)
				high = middle;
			else
				low = middle + 1;
		}
		reordered++;
		if (low < seqs.n && arrivals - places.value[low] > extent_max)
			extent_max = arrivals - places.value[low];
		arrivals++;
	}
	put(r, ICMPCTL_STATS_A_REORDERED, reordered);
	if (reordered)
		put(r, ICMPCTL_STATS_A_REORDERING_EXTENT_MAX, extent_max);
	numbers_free(&seqs);
	numbers_free(&places);
	return err;
}

static int by_seq(const void *a, const void *b)
{
	const struct fate *x = a, *y = b;

	return (x->seq > y->seq) - (x->seq < y->seq);
}

/* RFC 3393, of probes sent one after the other that were both answered. */
static void variation(struct recompute *r)
{
	int64_t least = 0, most = 0;
	uint64_t pairs = 0;
	wide sum = 0;

	for (size_t i = 1; i < r->n_fates; i++) {
		const struct fate *a = &r->fates[i - 1], *b = &r->fates[i];
		int64_t ipdv = b->rtt_ns - a->rtt_ns;

		if (!a->timed || !b->timed || b->seq != a->seq + 1)
			continue;
		least = !pairs || ipdv < least ? ipdv : least;
		most = !pairs || ipdv > most ? ipdv : most;
		sum += ipdv < 0 ? -ipdv : ipdv;
		pairs++;
	}
	if (!pairs)
		return;
	put(r, ICMPCTL_STATS_A_IPDV_MEAN_NS, sum / pairs);
	put(r, ICMPCTL_STATS_A_IPDV_MAX_NS, -least > most ? -least : most);
	put(r, ICMPCTL_STATS_A_IPDV_PAIRS, pairs);
	put(r, ICMPCTL_STATS_A_IPDV_SIGNED_MIN_NS, least);
	put(r, ICMPCTL_STATS_A_IPDV_SIGNED_MAX_NS, most);
}

/* RFC 3357, in the order of sending. */
static void pattern(struct recompute *r)
{
	uint64_t episodes = 0, lost = 0, run = 0, run_max = 0, answered_max = 0;
	uint64_t gap_sum = 0, gap_min = UINT64_MAX;
	bool losing = false;

	for (size_t i = 0; i < r->n_fates; i++) {
		bool now = !r->fates[i].replied;

		if (now && !losing && episodes++) {
			gap_sum += run + 1;
			gap_min = run + 1 < gap_min ? run + 1 : gap_min;
		}
		run = now == losing ? run + 1 : 1;
		losing = now;
		lost += now;
		if (now && run > run_max)
			run_max = run;
		if (!now && run > answered_max)
			answered_max = run;
	}
	put(r, ICMPCTL_STATS_A_LOSS_EPISODES, episodes);
	put(r, ICMPCTL_STATS_A_LOSS_RUN_SUM, lost);
	put(r, ICMPCTL_STATS_A_LOSS_RUN_MAX, run_max);
	put(r, ICMPCTL_STATS_A_ANSWERED_RUN_MAX, answered_max);
	if (episodes < 2)
		return;
	put(r, ICMPCTL_STATS_A_LOSS_GAP_MIN, gap_min);
	put(r, ICMPCTL_STATS_A_LOSS_GAP_SUM, gap_sum);
}

/* RFC 5560: probes with a reply in time and one more. Both lists are sorted. */
static void duplicated(struct recompute *r)
{
	uint64_t probes = 0;
	size_t i = 0;

	numbers_sort(&r->doubled);
	for (size_t k = 0; k < r->doubled.n; k++) {
		if (k && r->doubled.value[k] == r->doubled.value[k - 1])
			continue;
		while (i < r->n_fates && r->fates[i].seq < r->doubled.value[k])
			i++;
		probes += i < r->n_fates && r->fates[i].seq == r->doubled.value[k] &&
			  r->fates[i].replied;
	}
	put(r, ICMPCTL_STATS_A_DUPLICATE_PROBES, probes);
}

/**
 * recompute_finish - make the figures, in @r->stats
 * @r: the records; no more can be fed in
 *
 * Return: 0 or -ENOMEM.
 */
int recompute_finish(struct recompute *r)
{
	int err = round_trips(r);

	if (!err)
		err = order(r);
	if (err)
		return err;
	if (r->n_fates)
		qsort(r->fates, r->n_fates, sizeof(*r->fates), by_seq);
	variation(r);
	pattern(r);
	duplicated(r);
	if (r->late_n) {
		put(r, ICMPCTL_STATS_A_SEND_LATE_MEAN_NS, r->late_sum / r->late_n);
		put(r, ICMPCTL_STATS_A_SEND_LATE_MAX_NS, r->late_max);
	}
	return 0;
}

/**
 * recompute_free - give back the memory
 * @r: the records
 */
void recompute_free(struct recompute *r)
{
	free(r->fates);
	numbers_free(&r->doubled);
	r->fates = NULL;
}
