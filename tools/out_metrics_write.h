/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Families of metrics, one after the other, as text or as protobuf.
 *
 *  out_metrics.c: which metrics there are -> out_metrics_text.c, out_metrics_protobuf.c
 */
#ifndef ICMPCTL_OUT_METRICS_WRITE_H
#define ICMPCTL_OUT_METRICS_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/metrics.h"

/**
 * struct bytes - bytes that grow
 * @data: NULL while there are none
 * @len: how many
 * @room: for how many there is memory
 * @failed: there was no memory for more
 */
struct bytes {
	uint8_t *data;
	size_t len, room;
	bool failed;
};

/**
 * struct metrics_label - a label of a sample
 * @name: its name
 * @value: its value, of whatever bytes; those that are no UTF-8 are replaced
 */
struct metrics_label {
	const char *name;
	const char *value;
};

/* Of the text of a bound: 15 digits, a point, an exponent. */
#define METRICS_BOUND_LEN 24

struct metrics_writer;

/**
 * struct metrics_ops - a format
 * @labels: puts labels behind @to, as the other two want them
 * @sample: writes a sample; in ns if the unit of the family is seconds
 * @histogram: writes a histogram
 * @begin: what comes before the first sample of a family
 * @end: what comes behind the last
 */
struct metrics_ops {
	void (*labels)(struct bytes *to, const struct metrics_label *labels, unsigned int n);
	void (*sample)(struct metrics_writer *w, const struct bytes *labels, uint64_t value);
	void (*histogram)(struct metrics_writer *w, const struct bytes *labels,
			  const struct metrics_histogram *h);
	void (*begin)(struct metrics_writer *w);
	void (*end)(struct metrics_writer *w);
};

/**
 * struct metrics_writer - where to, and how far it is
 * @file: where to
 * @open_metrics: of the two formats that are text
 * @family: the one that is being written
 * @begun: it has a sample
 * @bound_ns: bounds of classic buckets that were written before, by their place
 * @bound: how: it takes as long as all the rest of a bucket
 * @body: of a family, where its length comes before it
 * @part: of one metric, likewise
 * @inner: likewise
 * @innermost: likewise
 */
struct metrics_writer {
	FILE *file;
	bool open_metrics;
	const struct metrics_family *family;
	bool begun;
	uint64_t bound_ns[METRICS_BUCKETS_MAX];
	char bound[METRICS_BUCKETS_MAX][METRICS_BOUND_LEN];
	struct bytes body, part, inner, innermost;
};

extern const struct metrics_ops out_metrics_text_ops;
extern const struct metrics_ops out_metrics_protobuf_ops;

static inline bool metrics_is_time(const struct metrics_family *f)
{
	return f->unit[0] == 's';
}

void bytes_add(struct bytes *b, const void *data, size_t len);
void bytes_free(struct bytes *b);

#endif
