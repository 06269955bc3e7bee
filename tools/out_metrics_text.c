// SPDX-License-Identifier: GPL-2.0
/* Metrics as text: Prometheus' own 0.0.4, and OpenMetrics 1.0.0. */
#include <stdlib.h>
#include <string.h>

#include "lib/units.h"
#include "out_metrics_write.h"

#define NUMBER_LEN 32

static void escape(struct bytes *to, const char *value)
{
	for (const char *c = value; *c; c++) {
		if (*c == '\\' || *c == '"')
			bytes_add(to, "\\", 1);
		if (*c == '\n')
			bytes_add(to, "\\n", 2);
		else
			bytes_add(to, c, 1);
	}
}

static void text_labels(struct bytes *to, const struct metrics_label *labels, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		if (to->len)
			bytes_add(to, ",", 1);
		bytes_add(to, labels[i].name, strlen(labels[i].name));
		bytes_add(to, "=\"", 2);
		escape(to, labels[i].value);
		bytes_add(to, "\"", 1);
	}
}

/* A number before @end, of @least digits: there are half a million of them in a large scrape. */
static char *digits(char *end, uint64_t v, int least)
{
	for (; v || least > 0; v /= 10, least--)
		*--end = '0' + v % 10;
	return end;
}

/* Whole nanoseconds as seconds before @end, exactly, without zeroes behind. */
static char *seconds(char *end, uint64_t ns)
{
	uint64_t fraction = ns % NSEC_PER_SEC;
	int n = 9;

	while (n > 1 && fraction % 10 == 0) {
		fraction /= 10;
		n--;
	}
	end = digits(end, fraction, n);
	*--end = '.';
	return digits(end, ns / NSEC_PER_SEC, 1);
}

/* A name and its labels; @le NULL: no bucket. */
static void series(struct metrics_writer *w, const char *suffix, const struct bytes *labels,
		   const char *le)
{
	FILE *f = w->file;

	fputs_unlocked(w->family->name, f);
	fputs_unlocked(suffix, f);
	if (labels->len || le)
		fputc_unlocked('{', f);
	if (labels->len)
		fwrite_unlocked(labels->data, 1, labels->len, f);
	if (le) {
		fputs_unlocked(labels->len ? ",le=\"" : "le=\"", f);
		fputs_unlocked(le, f);
		fputc_unlocked('"', f);
	}
	if (labels->len || le)
		fputc_unlocked('}', f);
	fputc_unlocked(' ', f);
}

static void value(struct metrics_writer *w, uint64_t v, bool is_time)
{
	char buf[NUMBER_LEN], *end = buf + sizeof(buf), *text;

	*--end = '\n';
	text = is_time ? seconds(end, v) : digits(end, v, 1);
	fwrite_unlocked(text, 1, end + 1 - text, w->file);
}

static const char *suffix_of(enum metrics_type type)
{
	return type == METRICS_COUNTER ? "_total" : type == METRICS_INFO ? "_info" : "";
}

static void text_sample(struct metrics_writer *w, const struct bytes *labels, uint64_t v)
{
	series(w, suffix_of(w->family->type), labels, NULL);
	value(w, v, metrics_is_time(w->family));
}

/* As Prometheus itself writes it, which makes bounds of protobuf labels. */
static const char *bound(struct metrics_writer *w, unsigned int i, uint64_t ns)
{
	if (!ns)
		return "+Inf";
	if (w->bound_ns[i] != ns)
		snprintf(w->bound[i], sizeof(w->bound[i]), "%.15g", (double)ns / NSEC_PER_SEC);
	w->bound_ns[i] = ns;
	return w->bound[i];
}

static void text_histogram(struct metrics_writer *w, const struct bytes *labels,
			   const struct metrics_histogram *h)
{
	for (unsigned int i = 0; i < h->n_classic; i++) {
		const struct metrics_bucket *b = &h->classic[i];

		series(w, "_bucket", labels, bound(w, i, b->le_ns));
		value(w, b->count, false);
	}
	series(w, "_sum", labels, NULL);
	value(w, h->sum_ns, true);
	series(w, "_count", labels, NULL);
	value(w, h->count, false);
}

static void text_begin(struct metrics_writer *w)
{
	static const char *const types[] = { "gauge", "counter", "info", "histogram" };
	const struct metrics_family *f = w->family;
	/* Text 0.0.4 calls a family as its samples are called, and has no infos. */
	const char *suffix = w->open_metrics ? "" : suffix_of(f->type);
	const char *type = !w->open_metrics && f->type == METRICS_INFO ? "gauge" : types[f->type];

	fprintf(w->file, "# HELP %s%s %s.\n# TYPE %s%s %s\n", f->name, suffix, f->help, f->name,
		suffix, type);
	if (w->open_metrics && *f->unit)
		fprintf(w->file, "# UNIT %s %s\n", f->name, f->unit);
}

static void text_end(struct metrics_writer *w)
{
	(void)w;
}

const struct metrics_ops out_metrics_text_ops = {
	.labels = text_labels,
	.sample = text_sample,
	.histogram = text_histogram,
	.begin = text_begin,
	.end = text_end,
};
