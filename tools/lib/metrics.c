// SPDX-License-Identifier: GPL-2.0
/* What is told to Prometheus: which format a scraper wants, and what becomes of RTTs. */
#include "lib/metrics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/units.h"

static const struct {
	const char *type;
	const char *content_type;
} formats[METRICS_FORMATS] = {
	[METRICS_TEXT] = { "text/plain", "text/plain; version=0.0.4; charset=utf-8" },
	[METRICS_OPENMETRICS] = { "application/openmetrics-text",
				  "application/openmetrics-text; version=1.0.0; charset=utf-8" },
	[METRICS_PROTOBUF] = { "application/vnd.google.protobuf",
			       "application/vnd.google.protobuf; "
			       "proto=io.prometheus.client.MetricFamily; encoding=delimited" },
};

/**
 * metrics_content_type - what a format is called in HTTP
 * @format: the format
 *
 * Return: the value of Content-Type.
 */
const char *metrics_content_type(enum metrics_format format)
{
	return formats[format].content_type;
}

static char *trim(char *s)
{
	s += strspn(s, " \t");
	for (char *end = s + strlen(s); end > s && strchr(" \t", end[-1]); end--)
		end[-1] = '\0';
	return s;
}

/* One part of an Accept header: how much it is wanted; 0 if it is none of ours. */
static double weigh(char *part, enum metrics_format *format)
{
	char *save, *type = trim(strtok_r(part, ";", &save)), *word;
	double q = 1;
	int found = -1;

	for (int i = 0; i < METRICS_FORMATS; i++)
		if (!strcasecmp(type, formats[i].type))
			found = i;
	if (!strcmp(type, "*/*") || !strcasecmp(type, "text/*"))
		found = METRICS_TEXT;
	else if (!strcasecmp(type, "application/*"))
		found = METRICS_OPENMETRICS;
	if (found < 0)
		return 0;
	while ((word = strtok_r(NULL, ";", &save))) {
		word = trim(word);
		if (!strncasecmp(word, "q=", 2))
			q = strtod(word + 2, NULL);
		/* Other messages, and other ways to put them in a row, are not ours. */
		if (found != METRICS_PROTOBUF)
			continue;
		if ((!strncasecmp(word, "proto=", 6) &&
		     strcmp(word + 6, "io.prometheus.client.MetricFamily")) ||
		    (!strncasecmp(word, "encoding=", 9) && strcasecmp(word + 9, "delimited")))
			return 0;
	}
	*format = found;
	return q;
}

/**
 * metrics_accepted - which format a scraper wants most
 * @accept: its Accept header, NULL without one
 *
 * Return: the format; Prometheus text if it wants none of ours.
 */
enum metrics_format metrics_accepted(const char *accept)
{
	enum metrics_format format = METRICS_TEXT, best = METRICS_TEXT;
	char *copy = accept ? strdup(accept) : NULL, *save, *part;
	double most = 0, q;

	for (part = copy ? strtok_r(copy, ",", &save) : NULL; part;
	     part = strtok_r(NULL, ",", &save)) {
		if (!*part || *part == ';')
			continue;
		q = weigh(part, &format);
		if (q > most) {
			most = q;
			best = format;
		}
	}
	free(copy);
	return best;
}

/*
 * Bounds that are also bounds of the kernel's buckets, which has 64 in an octave: no RTT
 * is counted on the wrong side of one unless the kernel has had to merge buckets.
 */
static void classic(struct metrics_histogram *h, const struct monitor_target *t,
		    unsigned int an_octave)
{
	unsigned int steps = an_octave * (METRICS_OCTAVE_LAST - METRICS_OCTAVE_FIRST), b = 0;
	uint64_t sum = 0;

	for (unsigned int i = 0; an_octave && i <= steps; i++) {
		uint64_t octave = UINT64_C(1) << (METRICS_OCTAVE_FIRST + i / an_octave);
		uint64_t le = octave + octave / an_octave * (i % an_octave);

		for (; b < t->n_buckets; b++) {
			const struct icmpctl_rtt_bucket *k = &t->buckets[b];

			if (icmpctl_rtt_bucket_ns(k->first + k->span) > le)
				break;
			sum += k->count;
		}
		h->classic[h->n_classic++] = (struct metrics_bucket){ le, sum };
	}
	h->classic[h->n_classic++] = (struct metrics_bucket){ 0, h->count };
}

/* The exponential bucket that the middle of a bucket of the kernel's lies in. */
static int native_index(const struct icmpctl_rtt_bucket *k)
{
	double from = icmpctl_rtt_bucket_ns(k->first);
	double to = icmpctl_rtt_bucket_ns(k->first + k->span);

	return (int)ceil(log2((from + to) / 2 / NSEC_PER_SEC) * (1 << METRICS_SCHEMA));
}

static void native(struct metrics_histogram *h, const struct monitor_target *t)
{
	for (unsigned int b = 0; b < t->n_buckets; b++) {
		const struct icmpctl_rtt_bucket *k = &t->buckets[b];
		unsigned int place;
		int index;

		if (!k->first) {
			h->zero += k->count;
			continue;
		}
		index = native_index(k);
		if (!h->n_native)
			h->native_first = index;
		/* They ascend, and all that there can be has room: 41 octaves of ns. */
		place = index - h->native_first;
		if (place >= METRICS_NATIVE_MAX)
			place = METRICS_NATIVE_MAX - 1;
		while (h->n_native <= place)
			h->native[h->n_native++] = 0;
		h->native[place] += k->count;
	}
}

/**
 * metrics_histogram - make classic and native buckets of the kernel's
 * @h: gets them
 * @t: the target
 * @an_octave: classic buckets an octave: 0, 1, 2, 4 or 8
 */
void metrics_histogram(struct metrics_histogram *h, const struct monitor_target *t,
		       unsigned int an_octave)
{
	uint64_t in_buckets = 0;

	h->count = stats_get(&t->stats, ICMPCTL_STATS_A_RTT_COUNT);
	h->sum_ns = stats_get(&t->stats, ICMPCTL_STATS_A_RTT_SUM_NS);
	h->n_classic = 0;
	h->n_native = 0;
	h->native_first = 0;
	h->zero = 0;
	for (unsigned int b = 0; b < t->n_buckets; b++)
		in_buckets += t->buckets[b].count;
	/* No format bears more in the buckets than there are. */
	if (h->count < in_buckets)
		h->count = in_buckets;
	classic(h, t, an_octave);
	native(h, t);
}
