/* SPDX-License-Identifier: GPL-2.0 */
/* What is told to Prometheus, whatever the format: families of metrics and their samples. */
#ifndef ICMPCTL_METRICS_H
#define ICMPCTL_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/monitor.h"

enum metrics_format {
	METRICS_TEXT,		/* Prometheus text 0.0.4 */
	METRICS_OPENMETRICS,	/* OpenMetrics text 1.0.0 */
	METRICS_PROTOBUF,	/* io.prometheus.client.MetricFamily, delimited */

	METRICS_FORMATS
};

enum metrics_type {
	METRICS_GAUGE,
	METRICS_COUNTER,
	METRICS_INFO,
	METRICS_HISTOGRAM,
};

/**
 * struct metrics_family - metrics of one name
 * @name: without the suffixes that its type has
 * @type: what they are
 * @unit: "seconds", "bytes", or "" for none; the name ends with it
 * @help: a sentence without its full stop
 */
struct metrics_family {
	const char *name;
	enum metrics_type type;
	const char *unit;
	const char *help;
};

/**
 * struct metrics_bucket - a bucket of a classic histogram
 * @le_ns: its RTTs are less than this; 0 for no bound
 * @count: how many, with those of all lesser buckets
 */
struct metrics_bucket {
	uint64_t le_ns;
	uint64_t count;
};

/* Powers of two of ns, from 8.192 us to 17.2 s, and no bound: at most 8 an octave. */
#define METRICS_OCTAVE_FIRST	13
#define METRICS_OCTAVE_LAST	34
#define METRICS_BUCKETS_MAX	(8 * (METRICS_OCTAVE_LAST - METRICS_OCTAVE_FIRST) + 2)

/* Native histograms: each bucket is 2^(1/32) times as wide as the one before. */
#define METRICS_SCHEMA		5
#define METRICS_NATIVE_MAX	(48 << METRICS_SCHEMA)

/**
 * struct metrics_histogram - how RTTs are distributed
 * @count: RTTs, also those that are in no bucket for want of memory
 * @sum_ns: their sum
 * @classic: of ascending bounds; the last has none and counts all
 * @n_classic: how many there are
 * @native: RTTs of each exponential bucket
 * @native_first: index of the first of them: it ends at 2^(index/32) s
 * @n_native: how many there are, from the first not empty to the last
 * @zero: RTTs of less than 1 ns
 */
struct metrics_histogram {
	uint64_t count, sum_ns;
	struct metrics_bucket classic[METRICS_BUCKETS_MAX];
	unsigned int n_classic;
	uint64_t native[METRICS_NATIVE_MAX];
	int native_first;
	unsigned int n_native;
	uint64_t zero;
};

enum metrics_format metrics_accepted(const char *accept);
const char *metrics_content_type(enum metrics_format format);
void metrics_histogram(struct metrics_histogram *h, const struct monitor_target *t,
		       unsigned int an_octave);

#endif
