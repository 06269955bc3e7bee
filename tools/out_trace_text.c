// SPDX-License-Identifier: GPL-2.0
/*
 * A trace as text: letter by letter what traceroute prints, so that what reads its
 * output reads ours; only the times have all their digits.
 */
#include "out_trace.h"

#include <inttypes.h>
#include <string.h>

#include "lib/extension.h"
#include "lib/text.h"
#include "lib/units.h"

#define NAME_LEN 1100

static void text_start(struct out_trace *out)
{
	const struct target *t = out->run->targets;
	char name[NAME_LEN];

	fprintf(out->file, "traceroute to %s (%s), %u hops max, %u byte packets\n",
		text_safe(name, sizeof(name), t->given), t->text, out->path->max,
		out->packet_bytes);
}

/**
 * out_trace_record - what happened to a probe, of which text tells nothing
 * @out: the trace
 * @ttl: the hop
 * @flow: the flow
 * @r: what happened
 */
void out_trace_record(struct out_trace *out, unsigned int ttl, unsigned int flow,
		      const struct icmpctl_record *r)
{
	(void)out, (void)ttl, (void)flow, (void)r;
}

/**
 * out_trace_address - print who answered
 * @out: the trace
 * @a: the answer
 *
 * " gw.lab (192.0.2.254)"; without a name the address twice, as traceroute has it.
 */
void out_trace_address(const struct out_trace *out, const struct path_answer *a)
{
	const struct target *t = out->run->targets;
	uint32_t scope = address_is_link_local(out->path->family, a->from) ? t->scope : 0;
	char number[ADDRESS_LEN], name[NAME_LEN];
	const char *known;

	address_text(number, out->path->family, a->from, scope);
	if (!out->run->name_of) {
		fprintf(out->file, " %s", number);
		return;
	}
	known = out->run->name_of(out->path->family, a->from, scope);
	fprintf(out->file, " %s (%s)", known ? text_safe(name, sizeof(name), known) : number,
		number);
}

static bool same_extension(const struct path_answer *a, const struct path_answer *b)
{
	return a->extension_state == b->extension_state &&
	       a->extension.len == b->extension.len &&
	       !memcmp(a->extension.objects, b->extension.objects, sizeof(a->extension.objects));
}

/**
 * out_trace_extension - print what a router appended, if it did
 * @out: the trace
 * @a: its answer
 *
 * As traceroute -e; what is wrong is told by its name.
 */
void out_trace_extension(const struct out_trace *out, const struct path_answer *a)
{
	char text[EXTENSION_TEXT_LEN];

	if (extension_fault(a->extension_state))
		fprintf(out->file, " <extension: %s>", extension_fault(a->extension_state));
	else if (a->extension.len)
		fprintf(out->file, " <%s>", extension_text(text, &a->extension));
}

static void put_answer(struct out_trace *out, unsigned int ttl, const struct path_answer *a,
		       const struct path_answer *before)
{
	unsigned int back = path_return_hops(a);
	char span[UNITS_LEN], buf[16];
	const char *annotation;
	bool back_wanted = out->run->verbose && back && back != ttl;

	if (!before || memcmp(before->from, a->from, sizeof(a->from)) ||
	    (out->run->verbose && before->ttl != a->ttl)) {
		out_trace_address(out, a);
		if (back_wanted)
			fprintf(out->file, " '-%u'", back);
	}
	/* Told again only if it changes. */
	if (out->extensions &&
	    (!before || memcmp(before->from, a->from, sizeof(a->from)) ||
	     !same_extension(before, a)))
		out_trace_extension(out, a);
	if (a->timed)
		fprintf(out->file, "  %s ms", units_ms(span, a->rtt_ns));
	annotation = path_annotation(buf, out->path->family, a);
	if (*annotation)
		fprintf(out->file, " %s", annotation);
}

/**
 * out_trace_marks - print what is odd about a hop
 * @out: the trace
 * @marks: a set of PATH_MARK_*
 * @loop: PATH_MARK_LOOP: the first hop with the same address
 * @limits: it limits its answers
 *
 * At the end of the line, where nothing is read by place.
 */
void out_trace_marks(const struct out_trace *out, unsigned int marks, unsigned int loop,
		     bool limits)
{
	if (marks & PATH_MARK_CHANGES)
		fputs(" (several addresses)", out->file);
	if (marks & PATH_MARK_LOOP)
		fprintf(out->file, " (loop: as hop %u)", loop);
	if (marks & PATH_MARK_PRIVATE)
		fputs(" (private behind public)", out->file);
	if (marks & PATH_MARK_TARGET)
		fputs(" (the target's address)", out->file);
	if (limits)
		fputs(" (limits its answers)", out->file);
}

static void text_hop(struct out_trace *out, unsigned int ttl)
{
	const struct path_answer *before = NULL;
	unsigned int loop, marks = path_marks(out->path, ttl, &loop);

	fprintf(out->file, "%2u ", ttl);
	for (unsigned int i = 0; i < out->path->queries; i++) {
		const struct path_answer *a = &out->path->hop[ttl].answers[i];

		if (a->known) {
			put_answer(out, ttl, a, before);
			before = a;
		} else {
			fputs(" *", out->file);
		}
	}
	if (out->run->verbose)
		out_trace_marks(out, marks, loop, path_limits(out->path, ttl));
	fputc('\n', out->file);
}

static void text_summary(struct out_trace *out)
{
	(void)out;
}

const struct out_trace_ops out_trace_text = {
	.start = text_start,
	.record = out_trace_record,
	.hop = text_hop,
	.summary = text_summary,
};
