// SPDX-License-Identifier: GPL-2.0
/*
 * A trace of many flows as text: every address of a hop with the flows that met it and,
 * where that is not plain, from which address of the hop before they came.
 */
#include "out_trace.h"

#include <inttypes.h>
#include <stdlib.h>

#include "lib/text.h"
#include "lib/units.h"

#define NAME_LEN 1100

static void text_start(struct out_trace *out)
{
	const struct target *t = out->run->targets;
	char name[NAME_LEN];

	fprintf(out->file,
		"multipath trace to %s (%s), %u flows max, %u hops max, %u byte packets\n",
		text_safe(name, sizeof(name), t->given), t->text, out->flows->n,
		out->path->max, out->packet_bytes);
}

/* "  flows 0,3-5": puts a range behind what there is when the next flow does not go on. */
struct list {
	FILE *file;
	const char *before;
	unsigned int first, last;
	bool any;
};

static void list_put(struct list *l)
{
	if (!l->any)
		return;
	fprintf(l->file, "%s%u", l->before, l->first);
	if (l->last > l->first)
		fprintf(l->file, "-%u", l->last);
	l->before = ",";
}

static void list_add(struct list *l, unsigned int flow)
{
	if (l->any && flow == l->last + 1) {
		l->last = flow;
		return;
	}
	list_put(l);
	l->first = l->last = flow;
	l->any = true;
}

static void put_flows(const struct out_trace *out, unsigned int ttl, unsigned int place,
		      enum flows_state state)
{
	const struct flows *f = out->flows;
	struct list l = { .file = out->file, .before = "  flows " };

	for (unsigned int i = 0; i < f->n; i++)
		if (f->hop[ttl].probe[i].state == state && flows_node_of(f, ttl, i) == place)
			list_add(&l, i);
	list_put(&l);
}

static void put_end(const struct out_trace *out, unsigned int ttl, unsigned int place)
{
	if (place == FLOWS_SILENCE)
		fputs(" *", out->file);
	else
		out_trace_address(out, &out->flows->hop[ttl].node[place].answer);
}

/* From where the flows of a node come: one line, unless there is but one address. */
static void put_links(const struct out_trace *out, unsigned int ttl, unsigned int place,
		      const struct flows_link *links, unsigned int n)
{
	struct list l = { .file = out->file };
	unsigned int before = FLOWS_SILENCE - 1;

	if (ttl == out->flows->first || out->flows->hop[ttl - 1].nodes < 2)
		return;
	for (unsigned int i = 0; i < n; i++) {
		if (links[i].to != place)
			continue;
		if (links[i].from != before) {
			list_put(&l);
			fputs("\n      from", out->file);
			put_end(out, ttl - 1, links[i].from);
			l.before = "  flows ";
			l.any = false;
		}
		before = links[i].from;
		list_add(&l, links[i].flow);
	}
	list_put(&l);
}

static void put_node(const struct out_trace *out, unsigned int ttl,
		     const struct flows_node *node)
{
	unsigned int back = path_return_hops(&node->answer);
	char span[UNITS_LEN], buf[16];
	const char *annotation;

	out_trace_address(out, &node->answer);
	if (out->run->verbose && back && back != ttl)
		fprintf(out->file, " '-%u'", back);
	if (out->extensions)
		out_trace_extension(out, &node->answer);
	if (node->timed)
		fprintf(out->file, "  %s ms", units_ms(span, node->rtt_min_ns));
	annotation = path_annotation(buf, out->path->family, &node->answer);
	if (*annotation)
		fprintf(out->file, " %s", annotation);
}

static void text_hop(struct out_trace *out, unsigned int ttl)
{
	const struct flows *f = out->flows;
	const struct flows_hop *hop = &f->hop[ttl];
	unsigned int n = 0, loop, marks = flows_marks(f, ttl, &loop);
	struct flows_link *links = flows_links(f, ttl, &n);
	bool unanswered = hop->silent || hop->waiting;

	fprintf(out->file, "%2u ", ttl);
	if (!hop->nodes && !unanswered)
		fputs(" *", out->file);
	for (unsigned int i = 0; i < hop->nodes + unanswered; i++) {
		unsigned int place = i < hop->nodes ? i : FLOWS_SILENCE;

		if (i)
			fputs("\n   ", out->file);
		if (place == FLOWS_SILENCE) {
			fputs(" *", out->file);
			put_flows(out, ttl, place, hop->silent ? FLOWS_SILENT : FLOWS_ASKED);
		} else {
			put_node(out, ttl, &hop->node[i]);
			put_flows(out, ttl, place, FLOWS_ANSWERED);
		}
		if (!i && out->run->verbose)
			out_trace_marks(out, marks & ~PATH_MARK_CHANGES, loop,
					flows_limits(f, ttl));
		put_links(out, ttl, place, links, n);
	}
	fputc('\n', out->file);
	free(links);
}

/* "hop 2 has 16 addresses, by flow" */
static void put_balancing(const struct out_trace *out)
{
	static const char *const how[] = {
		[FLOWS_BY_FLOW] = ", by flow",
		[FLOWS_BY_PACKET] = ", by packet: flows do not keep to them",
		[FLOWS_BY_WHAT] = "",
	};
	const struct flows *f = out->flows;

	for (unsigned int ttl = f->first; ttl <= f->max; ttl++)
		if (flows_balancing(f, ttl) != FLOWS_NOT)
			fprintf(out->file, "hop %u has %u addresses%s\n", ttl,
				f->hop[ttl].nodes, how[flows_balancing(f, ttl)]);
}

static void text_summary(struct out_trace *out)
{
	const struct flows *f = out->flows;
	double confidence = flows_confidence(f);
	struct flows_count c;

	flows_count(f, &c);
	put_balancing(out);
	fprintf(out->file, "%u flows, %u probes: %u addresses, %u links\n", c.flows, c.sent,
		c.addresses, c.links);
	/* Cut and not rounded: no more is promised than there is. */
	fprintf(out->file, "with a confidence of %.2f %% none was missed",
		(unsigned int)(confidence * 10000) / 100.0);
	if (confidence < f->confidence && !out->interrupted && f->confidence < 1)
		fprintf(out->file, "; for %g %% more than %u flows are needed",
			f->confidence * 100, f->n);
	fputc('\n', out->file);
}

const struct out_trace_ops out_flows_text = {
	.start = text_start,
	.record = out_trace_record,
	.hop = text_hop,
	.summary = text_summary,
};
