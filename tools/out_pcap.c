// SPDX-License-Identifier: GPL-2.0
/* An encoder that hands on to another one, and writes probes and answers as a capture. */
#include "out.h"

static struct out_pcap *pcap_of(const struct out *out)
{
	return out->state;
}

static int begin(struct out *out)
{
	struct out_pcap *c = pcap_of(out);

	return c->shown.ops->open ? c->shown.ops->open(&c->shown) : 0;
}

static void start(struct out *out, unsigned int target)
{
	struct out_pcap *c = pcap_of(out);

	capture_clock(&c->capture, &out->run->info);
	c->shown.ops->start(&c->shown, target);
}

static void record(struct out *out, const struct icmpctl_record *r)
{
	const struct out_run *run = out->run;
	struct out_pcap *c = pcap_of(out);
	struct capture_probe probe = {
		.params = &run->params,
		.size = run->params.size,
	};

	c->shown.ops->record(&c->shown, r);
	if (r->target >= run->n_targets)
		return;
	probe.target = &run->targets[r->target];
	capture_record(&c->capture, &probe, r);
}

static void summary(struct out *out, unsigned int target, const struct session_stats *s)
{
	struct out_pcap *c = pcap_of(out);

	c->shown.ops->summary(&c->shown, target, s);
}

static void flush(struct out *out)
{
	struct out_pcap *c = pcap_of(out);

	c->shown.ops->flush(&c->shown);
	capture_flush(&c->capture);
}

static void finish(struct out *out)
{
	struct out_pcap *c = pcap_of(out);

	if (c->shown.ops->close)
		c->shown.ops->close(&c->shown);
	capture_flush(&c->capture);
}

const struct out_ops out_pcap = {
	.open = begin,
	.start = start,
	.record = record,
	.summary = summary,
	.flush = flush,
	.close = finish,
};
