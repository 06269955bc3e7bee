// SPDX-License-Identifier: GPL-2.0
/* An encoder that hands on to another one, and draws each target's RTTs at the end. */
#include <errno.h>
#include <stdlib.h>

#include "out.h"

static struct out_plot *plot_of(const struct out *out)
{
	return out->state;
}

static int plot_open(struct out *out)
{
	struct out_plot *p = plot_of(out);

	p->plots = calloc(out->run->n_targets, sizeof(*p->plots));
	if (!p->plots)
		return -ENOMEM;
	return p->shown.ops->open ? p->shown.ops->open(&p->shown) : 0;
}

static void plot_start(struct out *out, unsigned int target)
{
	struct out_plot *p = plot_of(out);

	p->shown.ops->start(&p->shown, target);
}

static void plot_record(struct out *out, const struct icmpctl_record *r)
{
	struct out_plot *p = plot_of(out);

	p->shown.ops->record(&p->shown, r);
	if (r->target >= out->run->n_targets)
		return;
	if (r->status == ICMPCTL_STATUS_LOST || r->status == ICMPCTL_STATUS_ERROR)
		plot_add(&p->plots[r->target], r->seq, false, 0);
	else if (r->status == ICMPCTL_STATUS_REPLY && out_has_rtt(r))
		plot_add(&p->plots[r->target], r->seq, true, r->rtt_ns);
}

static void plot_summary(struct out *out, unsigned int target, const struct session_stats *s)
{
	struct out_plot *p = plot_of(out);
	struct plot_style style;

	p->shown.ops->summary(&p->shown, target, s);
	plot_style(&style, p->shown.file);
	plot_print(p->shown.file, &p->plots[target], &style);
}

static void plot_flush(struct out *out)
{
	struct out_plot *p = plot_of(out);

	p->shown.ops->flush(&p->shown);
}

static void plot_close(struct out *out)
{
	struct out_plot *p = plot_of(out);

	if (p->shown.ops->close)
		p->shown.ops->close(&p->shown);
	free(p->plots);
	p->plots = NULL;
}

const struct out_ops out_plot = {
	.open = plot_open,
	.start = plot_start,
	.record = plot_record,
	.summary = plot_summary,
	.flush = plot_flush,
	.close = plot_close,
};
