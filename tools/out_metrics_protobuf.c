// SPDX-License-Identifier: GPL-2.0
/*
 * Metrics as protobuf: io.prometheus.client.MetricFamily of client_model's metrics.proto,
 * each behind its length. Five messages of integers, doubles and strings: what a generator
 * and its library would do for them is a page.
 */
#include <string.h>

#include "lib/units.h"
#include "out_metrics_write.h"

enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_LENGTH = 2 };

/* Numbers of the fields. */
enum { FAMILY_NAME = 1, FAMILY_HELP = 2, FAMILY_TYPE = 3, FAMILY_METRIC = 4, FAMILY_UNIT = 5 };
enum { TYPE_COUNTER = 0, TYPE_GAUGE = 1, TYPE_HISTOGRAM = 4 };
enum { METRIC_LABEL = 1, METRIC_GAUGE = 2, METRIC_COUNTER = 3, METRIC_HISTOGRAM = 7 };
enum { LABEL_NAME = 1, LABEL_VALUE = 2 };
enum { NUMBER_VALUE = 1 };
enum {
	HISTOGRAM_COUNT = 1, HISTOGRAM_SUM = 2, HISTOGRAM_BUCKET = 3, HISTOGRAM_SCHEMA = 5,
	HISTOGRAM_ZERO_THRESHOLD = 6, HISTOGRAM_ZERO_COUNT = 7, HISTOGRAM_SPAN = 12,
	HISTOGRAM_DELTA = 13,
};
enum { BUCKET_COUNT = 1, BUCKET_BOUND = 2 };
enum { SPAN_OFFSET = 1, SPAN_LENGTH = 2 };

/* So many empty buckets cost less than another span. */
#define GAP_MAX 2

static void varint(struct bytes *b, uint64_t v)
{
	uint8_t buf[10];
	size_t n = 0;

	do {
		buf[n++] = (v & 0x7f) | (v > 0x7f ? 0x80 : 0);
		v >>= 7;
	} while (v);
	bytes_add(b, buf, n);
}

static void put_uint(struct bytes *b, int field, uint64_t v)
{
	varint(b, field << 3 | WIRE_VARINT);
	varint(b, v);
}

static uint64_t zigzag(int64_t v)
{
	return v < 0 ? ~((uint64_t)v << 1) : (uint64_t)v << 1;
}

static void put_double(struct bytes *b, int field, double v)
{
	uint64_t bits;
	uint8_t buf[8];

	memcpy(&bits, &v, sizeof(bits));
	for (int i = 0; i < 8; i++)
		buf[i] = bits >> (8 * i);
	varint(b, field << 3 | WIRE_FIXED64);
	bytes_add(b, buf, sizeof(buf));
}

static void put_bytes(struct bytes *b, int field, const void *data, size_t len)
{
	varint(b, field << 3 | WIRE_LENGTH);
	varint(b, len);
	bytes_add(b, data, len);
}

static void put_string(struct bytes *b, int field, const char *s)
{
	put_bytes(b, field, s, strlen(s));
}

/* A message that was made beside it; the room for it is used again. */
static void put_message(struct bytes *b, int field, struct bytes *message)
{
	put_bytes(b, field, message->data, message->len);
	b->failed |= message->failed;
	message->len = 0;
}

static void protobuf_labels(struct bytes *to, const struct metrics_label *labels, unsigned int n)
{
	struct bytes pair = { .len = 0 };

	for (unsigned int i = 0; i < n; i++) {
		put_string(&pair, LABEL_NAME, labels[i].name);
		put_string(&pair, LABEL_VALUE, labels[i].value);
		put_message(to, METRIC_LABEL, &pair);
	}
	bytes_free(&pair);
}

static void put_metric(struct metrics_writer *w, const struct bytes *labels, int kind)
{
	bytes_add(&w->part, labels->data, labels->len);
	put_message(&w->part, kind, &w->inner);
	put_message(&w->body, FAMILY_METRIC, &w->part);
}

static void protobuf_sample(struct metrics_writer *w, const struct bytes *labels, uint64_t v)
{
	put_double(&w->inner, NUMBER_VALUE,
		   metrics_is_time(w->family) ? (double)v / NSEC_PER_SEC : (double)v);
	put_metric(w, labels, w->family->type == METRICS_COUNTER ? METRIC_COUNTER : METRIC_GAUGE);
}

static void put_span(struct metrics_writer *w, int offset, unsigned int length)
{
	put_uint(&w->innermost, SPAN_OFFSET, zigzag(offset));
	put_uint(&w->innermost, SPAN_LENGTH, length);
	put_message(&w->inner, HISTOGRAM_SPAN, &w->innermost);
}

/* Where the run of buckets that begins at @from ends: at a gap that is worth a span. */
static unsigned int run_end(const struct metrics_histogram *h, unsigned int from)
{
	unsigned int end = from, i;

	for (i = from; i < h->n_native && i - end <= GAP_MAX; i++)
		if (h->native[i])
			end = i + 1;
	return end;
}

static void put_native(struct metrics_writer *w, const struct metrics_histogram *h)
{
	unsigned int begin, end = 0;
	uint64_t before = 0;

	put_uint(&w->inner, HISTOGRAM_SCHEMA, zigzag(METRICS_SCHEMA));
	put_double(&w->inner, HISTOGRAM_ZERO_THRESHOLD, 1e-9);
	put_uint(&w->inner, HISTOGRAM_ZERO_COUNT, h->zero);
	for (begin = 0; begin < h->n_native; begin = end) {
		unsigned int skip = begin;

		while (!h->native[skip])
			skip++;
		end = run_end(h, skip);
		/* The first from index 0, the others from the end of the one before. */
		put_span(w, begin ? (int)(skip - begin) : h->native_first, end - skip);
	}
	for (begin = 0; begin < h->n_native; begin = end) {
		while (!h->native[begin])
			begin++;
		end = run_end(h, begin);
		for (unsigned int i = begin; i < end; i++) {
			put_uint(&w->inner, HISTOGRAM_DELTA,
				 zigzag((int64_t)(h->native[i] - before)));
			before = h->native[i];
		}
	}
}

/*
 * Both kinds, since who asks for protobuf need not know native ones. A native histogram
 * has no place for what is in no bucket, and is refused as a whole if its count is greater.
 */
static void protobuf_histogram(struct metrics_writer *w, const struct bytes *labels,
			       const struct metrics_histogram *h)
{
	uint64_t count = h->zero;

	for (unsigned int i = 0; i < h->n_native; i++)
		count += h->native[i];
	put_uint(&w->inner, HISTOGRAM_COUNT, count);
	put_double(&w->inner, HISTOGRAM_SUM, (double)h->sum_ns / NSEC_PER_SEC);
	for (unsigned int i = 0; i < h->n_classic; i++) {
		const struct metrics_bucket *b = &h->classic[i];

		/* The one without bound is the count. */
		if (!b->le_ns)
			continue;
		put_uint(&w->innermost, BUCKET_COUNT, b->count);
		put_double(&w->innermost, BUCKET_BOUND, (double)b->le_ns / NSEC_PER_SEC);
		put_message(&w->inner, HISTOGRAM_BUCKET, &w->innermost);
	}
	put_native(w, h);
	put_metric(w, labels, METRIC_HISTOGRAM);
}

static void protobuf_begin(struct metrics_writer *w)
{
	const struct metrics_family *f = w->family;
	const char *suffix = f->type == METRICS_COUNTER ? "_total" :
			     f->type == METRICS_INFO ? "_info" : "";
	char text[256];

	snprintf(text, sizeof(text), "%s%s", f->name, suffix);
	put_string(&w->body, FAMILY_NAME, text);
	snprintf(text, sizeof(text), "%s.", f->help);
	put_string(&w->body, FAMILY_HELP, text);
	put_uint(&w->body, FAMILY_TYPE, f->type == METRICS_HISTOGRAM ? TYPE_HISTOGRAM :
		 f->type == METRICS_COUNTER ? TYPE_COUNTER : TYPE_GAUGE);
	if (*f->unit)
		put_string(&w->body, FAMILY_UNIT, f->unit);
}

static void protobuf_end(struct metrics_writer *w)
{
	struct bytes *head = &w->part;

	varint(head, w->body.len);
	w->body.failed |= head->failed;
	fwrite(head->data, 1, head->len, w->file);
	fwrite(w->body.data, 1, w->body.len, w->file);
	head->len = 0;
	w->body.len = 0;
}

const struct metrics_ops out_metrics_protobuf_ops = {
	.labels = protobuf_labels,
	.sample = protobuf_sample,
	.histogram = protobuf_histogram,
	.begin = protobuf_begin,
	.end = protobuf_end,
};
