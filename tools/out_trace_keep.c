// SPDX-License-Identifier: GPL-2.0
/*
 * An encoder that hands on to another one, and keeps what was asked for: a log of JSON Lines,
 * a capture, a picture at the end.
 */
#include <stdlib.h>

#include "lib/recompute.h"
#include "out_trace.h"

static struct out_trace_keep *keep_of(const struct out_trace *out)
{
	return out->state;
}

/* What others print of: as it is now, but to their own file. */
static struct out_trace as(const struct out_trace *out, const struct out_trace_ops *ops,
			   FILE *file)
{
	struct out_trace other = *out;

	other.ops = ops;
	other.file = file;
	return other;
}

static struct out_trace shown(const struct out_trace *out)
{
	const struct out_trace *to = &keep_of(out)->shown;

	return as(out, to->ops, to->file);
}

static void keep_start(struct out_trace *out)
{
	struct out_trace_keep *k = keep_of(out);
	struct out_trace other = shown(out);

	other.ops->start(&other);
	capture_clock(&k->capture, &out->run->info);
	if (!k->log.file)
		return;
	other = as(out, &out_trace_json, k->log.file);
	other.ops->start(&other);
}

static void keep_record(struct out_trace *out, unsigned int ttl, unsigned int flow,
			const struct icmpctl_record *r)
{
	const struct capture_probe probe = {
		.params = &out->run->params,
		.target = out->run->targets,
		.size = out->run->params.size,
	};
	struct out_trace_keep *k = keep_of(out);
	struct out_trace other = shown(out);

	other.ops->record(&other, ttl, flow, r);
	capture_record(&k->capture, &probe, r);
	if (!k->log.file)
		return;
	other = as(out, &out_trace_json, k->log.file);
	other.ops->record(&other, ttl, flow, r);
}

static void keep_hop(struct out_trace *out, unsigned int ttl)
{
	struct out_trace_keep *k = keep_of(out);
	struct out_trace other = shown(out);

	other.ops->hop(&other, ttl);
	if (!k->log.file)
		return;
	other = as(out, &out_trace_json, k->log.file);
	other.ops->hop(&other, ttl);
	/* A trace is in one file, so it is rotated when the trace is over. */
	logfile_flush(&k->log);
}

/* The hops up to the last one that answered, or up to the end. */
static unsigned int hops_drawn(const struct out_trace *out)
{
	const struct path *p = out->path;
	unsigned int last = path_last(p);

	if (out->flows)
		return flows_reach(out->flows);
	while (!p->end && last > p->first && !p->hop[last].answered)
		last--;
	return last;
}

/* A row of the RTTs of a hop, which are put at @rtts. */
static void fill(const struct out_trace *out, unsigned int ttl, uint64_t *rtts,
		 struct plot_row *row)
{
	const struct flows *f = out->flows;

	*row = (struct plot_row){ .number = ttl, .rtt_ns = rtts };
	for (unsigned int i = 0; !f && i < out->path->queries; i++) {
		const struct path_answer *a = &out->path->hop[ttl].answers[i];

		if (!a->known)
			row->lost++;
		else if (a->timed)
			rtts[row->n++] = a->rtt_ns;
	}
	for (unsigned int i = 0; f && f->hop[ttl].probe && i < f->n; i++) {
		const struct flows_probe *p = &f->hop[ttl].probe[i];

		if (p->state == FLOWS_ANSWERED && p->timed)
			rtts[row->n++] = p->rtt_ns;
		else if (p->state == FLOWS_SILENT)
			row->lost++;
	}
	numbers_sort(&(struct numbers){ .value = rtts, .n = row->n });
}

static void draw(const struct out_trace *out)
{
	unsigned int most = out->flows ? out->flows->n : PATH_QUERIES, n = 0;
	uint64_t *rtts = calloc((size_t)PATH_HOPS * most, sizeof(*rtts));
	struct plot_row rows[PATH_HOPS];
	struct plot_style style;

	for (unsigned int ttl = out->path->first; rtts && ttl <= hops_drawn(out); ttl++, n++)
		fill(out, ttl, rtts + (size_t)n * most, &rows[n]);
	plot_style(&style, out->file);
	plot_rows(out->file, rows, n, &style);
	free(rtts);
}

static void keep_summary(struct out_trace *out)
{
	struct out_trace_keep *k = keep_of(out);
	struct out_trace other = shown(out);

	other.ops->summary(&other);
	if (k->plot)
		draw(&other);
	capture_flush(&k->capture);
	if (!k->log.file)
		return;
	other = as(out, &out_trace_json, k->log.file);
	other.ops->summary(&other);
	if (logfile_flush(&k->log))
		logfile_rotate(&k->log);
}

const struct out_trace_ops out_trace_keep = {
	.start = keep_start,
	.record = keep_record,
	.hop = keep_hop,
	.summary = keep_summary,
};
