// SPDX-License-Identifier: GPL-2.0
/* A diagnosis as text: the facts, a line each, then the finding and what to try next. */
#include <string.h>

#include "lib/units.h"
#include "out_diagnose.h"

static void put_name(const struct out_diagnose *out)
{
	const struct facts *f = out->facts;
	char span[UNITS_LEN];

	if (f->name != NAME_FOUND && f->name != NAME_ANY)
		return;
	fprintf(out->file, "name       %s", f->host);
	for (int i = 0; i < 2; i++)
		if (f->by[i].asked)
			fprintf(out->file, ", %s", f->by[i].address);
	fprintf(out->file, " (in %s)\n", units_span(span, f->name_ns));
}

static void put_way(const struct out_diagnose *out, const struct facts_family *v)
{
	if (v->route_error) {
		fprintf(out->file, "  way      none: %s\n", strerror(v->route_error));
		return;
	}
	fprintf(out->file, "  way      from %s by %s", *v->source ? v->source : "?",
		*v->device ? v->device : "?");
	if (*v->gateway)
		fprintf(out->file, ", router %s", v->gateway);
	if (*v->neighbour && strcmp(v->neighbour, "none"))
		fprintf(out->file, " (neighbour %s)", v->neighbour);
	fputc('\n', out->file);
}

static void put_replies(const struct out_diagnose *out, const struct facts_family *v,
			const struct checkup *c)
{
	char span[UNITS_LEN];

	if (!v->sent)
		return;
	fprintf(out->file, "  replies  %u of %u", v->received, v->sent);
	if (c->burst.timed) {
		fprintf(out->file, ", rtt min/p50/p90/max = %s",
			units_ms(span, checkup_rtt(c, 0)));
		fprintf(out->file, "/%s", units_ms(span, checkup_rtt(c, 50)));
		fprintf(out->file, "/%s", units_ms(span, checkup_rtt(c, 90)));
		fprintf(out->file, "/%s ms", units_ms(span, checkup_rtt(c, 100)));
		fprintf(out->file, ", jitter %s ms", units_ms(span, v->jitter_ns));
	}
	fputc('\n', out->file);
	if (v->error)
		fprintf(out->file, "  error    %s says: %s\n", v->error_from, v->error_text);
	if (v->knock)
		fprintf(out->file, "  others   %s port %u answers: %s\n",
			v->knock == KNOCK_UDP ? "UDP" : "TCP", v->port,
			v->knock == KNOCK_OPEN ? "open" : "closed");
}

static void put_path(const struct out_diagnose *out, const struct facts_family *v)
{
	char span[UNITS_LEN];

	if (v->hops)
		fprintf(out->file, "  path     %u hop%s, to the host\n", v->hops,
			v->hops == 1 ? "" : "s");
	else if (v->last_hop)
		fprintf(out->file, "  path     ends at hop %u, %s\n", v->last_hop, v->last_from);
	if (v->slow_hop && v->hops > 1)
		fprintf(out->file, "           hop %u, %s, adds most: %s\n", v->slow_hop,
			v->slow_from, units_span(span, v->rise_ns));
	if (v->limited_hop)
		fprintf(out->file, "           hop %u, %s, limits how often it answers\n",
			v->limited_hop, v->limited_from);
	if (v->mtu == MTU_UNKNOWN)
		return;
	fprintf(out->file, "  pmtu     %u", v->mtu_bytes);
	if (v->mtu == MTU_BLACK_HOLE)
		fprintf(out->file, ", black hole behind hop %u", v->mtu_hop);
	else if (v->mtu_hop)
		fprintf(out->file, ", it narrows behind hop %u, %s", v->mtu_hop, v->mtu_from);
	fputc('\n', out->file);
}

/**
 * out_diagnose_text - print it all
 * @out: the diagnosis
 */
void out_diagnose_text(const struct out_diagnose *out)
{
	put_name(out);
	for (int i = 0; i < 2; i++) {
		const struct facts_family *v = &out->facts->by[i];

		if (!v->asked)
			continue;
		fprintf(out->file, "IPv%d       %s\n", i ? 6 : 4, v->address);
		put_way(out, v);
		put_replies(out, v, &out->checkup[i]);
		put_path(out, v);
	}
	fprintf(out->file, "finding    %s\n", out->finding->sentence);
	if (*out->finding->next)
		fprintf(out->file, "next       %s\n", out->finding->next);
}
