// SPDX-License-Identifier: GPL-2.0
/*
 * Text for people, line by line what ping prints, so that what reads ping's
 * output reads ours; only the times have all their digits.
 */
#include "out.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/icmp_names.h"
#include "lib/text.h"
#include "lib/units.h"

#define NAME_LEN 1100

/* Of -v, from the plan to the hook. */
#define STAMPS 7
#define STAMP_WIRE 3

/*
 * Which of a target's last probes were answered or accounted for: a probe's
 * number is stored at its place, modulo the length. Answer and SENT of one
 * probe may come in either order.
 */
#define ANSWERED 256

struct text_target {
	uint64_t answered[ANSWERED];
};

struct text {
	struct text_target *targets;	/* only for -O */
};

static int text_open(struct out *out)
{
	struct text *text = calloc(1, sizeof(*text));

	out->state = text;
	if (!text)
		return -ENOMEM;
	if (!out->run->outstanding)
		return 0;
	text->targets = calloc(out->run->n_targets, sizeof(*text->targets));
	return text->targets ? 0 : -ENOMEM;
}

static void text_close(struct out *out)
{
	struct text *text = out->state;

	if (text)
		free(text->targets);
	free(text);
	out->state = NULL;
}

/**
 * out_text_prefix - what stands in front of a line
 * @run: the run
 * @target: whom the line is about
 * @buf: where to
 * @size: of @buf
 *
 * Return: "[host] " if there are several, else "".
 */
const char *out_text_prefix(const struct out_run *run, unsigned int target, char *buf,
			    size_t size)
{
	char name[NAME_LEN];

	if (run->n_targets < 2 || target >= run->n_targets)
		return "";
	snprintf(buf, size, "[%s] ",
		 text_safe(name, sizeof(name), run->targets[target].given));
	return buf;
}

/* Begins the line of a record: "[host] [1693288028.512763] ". */
static void line_begin(struct out *out, const struct icmpctl_record *r)
{
	char prefix[NAME_LEN];
	uint64_t at = r->hook_ns;

	fputs(out_text_prefix(out->run, r->target, prefix, sizeof(prefix)), out->file);
	if (!out->run->stamped)
		return;
	/* When it happened, and not when we came to print it. */
	if (!at)
		at = r->handed_ns ? r->handed_ns : r->planned_ns;
	at = out_unix_ns(out->run, at);
	fprintf(out->file, "[%" PRIu64 ".%06" PRIu64 "] ", at / NSEC_PER_SEC,
		at % NSEC_PER_SEC / NSEC_PER_USEC);
}

/* Whoever answered: "far.lab (198.51.100.2)", or the address alone. */
static const char *who(struct out *out, const struct icmpctl_record *r,
		       const uint8_t *addr, char *buf, size_t size)
{
	const struct target *t = &out->run->targets[r->target];
	uint32_t scope = address_is_link_local(r->family, addr) ? t->scope : 0;
	const char *name = NULL;
	char number[ADDRESS_LEN];

	address_text(number, r->family, addr, scope);
	/* As ping does: who asks for a number gets numbers. */
	if (out->run->name_of && !t->numeric)
		name = out->run->name_of(r->family, addr, scope);
	if (!name) {
		snprintf(buf, size, "%s", number);
		return buf;
	}
	text_safe(buf, size - sizeof(number) - 4, name);
	snprintf(buf + strlen(buf), size - strlen(buf), " (%s)", number);
	return buf;
}

static void text_start(struct out *out, unsigned int target)
{
	const struct out_run *run = out->run;
	const struct target *t = &run->targets[target];
	char prefix[NAME_LEN], name[NAME_LEN];

	if (target == 0 && run->params.pattern_len && !run->quiet) {
		fputs("PATTERN: 0x", out->file);
		for (int i = 0; i < run->params.pattern_len; i++)
			fprintf(out->file, "%02x", run->params.pattern[i]);
		fputc('\n', out->file);
	}
	fprintf(out->file, "%sPING %s (%s) ",
		out_text_prefix(run, target, prefix, sizeof(prefix)),
		text_safe(name, sizeof(name),
			  run->n_targets > 1 ? t->given : target_name(t)), t->text);
	if (t->family == 6 && run->params.flow_label)
		fprintf(out->file, ", flow 0x%05x, ", run->params.flow_label);
	if (*t->source)
		fprintf(out->file, "from %s %s: ", t->source,
			text_safe(name, sizeof(name), run->device ? run->device : ""));
	if (t->family == 6)
		fprintf(out->file, "%u data bytes\n", run->params.size);
	else
		fprintf(out->file, "%u(%u) bytes of data.\n", run->params.size,
			run->params.size + 28);
	if (run->verbose && run->ways && run->ways[target].ifindex)
		fprintf(out->file, "%sstamps: %s (%s)\n",
			out_text_prefix(run, target, prefix, sizeof(prefix)),
			out_stamps_name(run->ways[target].stamps),
			text_safe(name, sizeof(name), run->ways[target].name));
}

static const char *source_name(int source)
{
	static const char *const names[] = {
		[ICMPCTL_SOURCE_NONE] = "none",
		[ICMPCTL_SOURCE_HOOK] = "hook",
		[ICMPCTL_SOURCE_DRIVER] = "driver",
		[ICMPCTL_SOURCE_STACK] = "stack",
		[ICMPCTL_SOURCE_HARDWARE] = "hardware",
	};

	return source < (int)(sizeof(names) / sizeof(names[0])) ? names[source] : "unknown";
}

/* -v: the way from the plan to the answer in the hook, part by part. */
static void parts(struct out *out, const struct icmpctl_record *r)
{
	const struct {
		const char *name;
		uint64_t at;
	} stamps[] = {
		{ "planned", r->planned_ns },
		{ "handed", r->handed_ns },
		{ "driver", r->driver_ns },
		{ "wire", r->hw_tx_ns },
		{ "wire", r->hw_rx_ns },
		{ "stack", r->stack_ns },
		{ "hook", r->hook_ns },
	};
	const char *separator = "    ";
	char prefix[NAME_LEN], ms[UNITS_LEN];
	int last = -1;

	fputs(out_text_prefix(out->run, r->target, prefix, sizeof(prefix)), out->file);
	for (int i = 0; i < STAMPS; i++) {
		if (!stamps[i].at)
			continue;
		if (last == 0 && i == 1)
			fprintf(out->file, "%slate", separator);
		else if (last == STAMP_WIRE && i == last + 1)
			fprintf(out->file, "%soutside", separator);
		else if (last >= 0)
			fprintf(out->file, "%s%s to %s", separator,
				stamps[last].name, stamps[i].name);
		if (last >= 0) {
			fprintf(out->file, " %s",
				units_signed_ms(ms, stamps[i].at - stamps[last].at));
			separator = ", ";
		}
		last = i;
	}
	fprintf(out->file, " ms; stamps: %s, %s%s%s\n", source_name(r->tx_source),
		source_name(r->rx_source),
		r->flags & ICMPCTL_RECORD_F_FALLBACK ? " (fallback)" : "",
		r->flags & ICMPCTL_RECORD_F_SUSPENDED ?
			" (suspended meanwhile: the time is too short)" : "");
}

static void text_reply(struct out *out, const struct icmpctl_record *r)
{
	const struct out_run *run = out->run;
	char name[NAME_LEN], ms[UNITS_LEN];
	uint32_t expected = run->params.size + 8;

	line_begin(out, r);
	fprintf(out->file, "%u bytes from %s: icmp_seq=%" PRIu64 " ttl=%u", r->bytes,
		who(out, r, r->from, name, sizeof(name)), (uint64_t)r->seq, r->ttl);
	if (out_has_rtt(r))
		fprintf(out->file, " time=%s ms", units_ms(ms, r->rtt_ns));
	/* Many answers are what a group is asked for. */
	if (r->status == ICMPCTL_STATUS_DUPLICATE &&
	    (!(r->flags & ICMPCTL_RECORD_F_GROUP) || run->verbose))
		fputs(" (DUP!)", out->file);
	if (r->status == ICMPCTL_STATUS_BAD_CHECKSUM)
		fputs(" (BAD CHECKSUM!)", out->file);
	if (r->status == ICMPCTL_STATUS_OTHER_ADDRESS)
		fputs(" (DIFFERENT ADDRESS!)", out->file);
	if (r->status == ICMPCTL_STATUS_LATE)
		fputs(" (LATE!)", out->file);
	if (r->flags & ICMPCTL_RECORD_F_LENGTH)
		fputs(r->bytes < expected ? " (truncated)" : " (longer than sent)", out->file);
	fputc('\n', out->file);
	if (!(r->flags & ICMPCTL_RECORD_F_CHANGED))
		return;
	fprintf(out->file, "%swrong data byte #%u",
		out_text_prefix(run, r->target, name, sizeof(name)), r->info);
	if (!run->params.pattern_len)
		fprintf(out->file, " should be 0x%x", r->info & 0xff);
	fputc('\n', out->file);
}

static void text_error(struct out *out, const struct icmpctl_record *r)
{
	char name[NAME_LEN], text[ICMP_NAME_LEN];
	/* ping, too, has a colon here for a redirect alone. */
	bool redirect = r->status == ICMPCTL_STATUS_REDIRECT;

	line_begin(out, r);
	fprintf(out->file, "From %s%s icmp_seq=%" PRIu64 " %s",
		who(out, r, r->from, name, sizeof(name)), redirect ? ":" : "",
		(uint64_t)r->seq,
		icmp_text(text, r->family, r->icmp_type, r->icmp_code, r->info));
	if (redirect)
		fprintf(out->file, "(New nexthop: %s)",
			who(out, r, r->gateway, name, sizeof(name)));
	if (r->status == ICMPCTL_STATUS_DUPLICATE)
		fputs(" (DUP!)", out->file);
	if (r->status == ICMPCTL_STATUS_BAD_CHECKSUM)
		fputs(" (BAD CHECKSUM!)", out->file);
	if (r->status == ICMPCTL_STATUS_LATE)
		fputs(" (LATE!)", out->file);
	fputc('\n', out->file);
}

/* -O: when a probe is sent, is the one before it still open? */
static void outstanding(struct out *out, const struct icmpctl_record *r)
{
	struct text *text = out->state;
	uint64_t *answered = text->targets[r->target].answered;
	uint64_t before = r->seq - 1;

	switch (r->status) {
	case ICMPCTL_STATUS_REPLY:
	case ICMPCTL_STATUS_ERROR:
	case ICMPCTL_STATUS_SEND_FAILED:
		answered[r->seq % ANSWERED] = r->seq;
		break;
	}
	if (r->status != ICMPCTL_STATUS_SENT && r->status != ICMPCTL_STATUS_SEND_FAILED)
		return;
	if (!before || answered[before % ANSWERED] == before || out->run->quiet ||
	    out->run->flood)
		return;
	line_begin(out, r);
	fprintf(out->file, "no answer yet for icmp_seq=%" PRIu64 "\n", before);
}

/* -f: a dot for a probe, taken back by its answer. */
static void flood(struct out *out, const struct icmpctl_record *r)
{
	switch (r->status) {
	case ICMPCTL_STATUS_SENT:
		fputc('.', out->file);
		break;
	case ICMPCTL_STATUS_REPLY:
		fputs("\b \b", out->file);
		break;
	case ICMPCTL_STATUS_ERROR:
		fputs("\bE", out->file);
		break;
	case ICMPCTL_STATUS_BAD_CHECKSUM:
		fputs("\bC", out->file);
		break;
	case ICMPCTL_STATUS_SEND_FAILED:
		fputc('E', out->file);
		break;
	}
}

static void text_line(struct out *out, const struct icmpctl_record *r)
{
	char name[NAME_LEN], span[UNITS_LEN];

	switch (r->status) {
	case ICMPCTL_STATUS_REPLY:
	case ICMPCTL_STATUS_LATE:
	case ICMPCTL_STATUS_DUPLICATE:
	case ICMPCTL_STATUS_BAD_CHECKSUM:
	case ICMPCTL_STATUS_OTHER_ADDRESS:
		if (icmp_is_echo_reply(r->family, r->icmp_type))
			text_reply(out, r);
		else
			text_error(out, r);
		break;
	case ICMPCTL_STATUS_ERROR:
	case ICMPCTL_STATUS_REDIRECT:
		text_error(out, r);
		break;
	case ICMPCTL_STATUS_SEND_FAILED:
		line_begin(out, r);
		fprintf(out->file, "icmp_seq=%" PRIu64 " not sent: %s", (uint64_t)r->seq,
			out_send_error(r));
		/* An unreachable network may be no more than a pulled plug. */
		if (r->cause == ICMPCTL_CAUSE_LINK_DOWN)
			fprintf(out->file, " (%s)", out_cause_text(r->cause));
		fputc('\n', out->file);
		return;
	case ICMPCTL_STATUS_FORGED:
		if (!out->run->verbose)
			return;
		line_begin(out, r);
		fprintf(out->file, "From %s icmp_seq=%" PRIu64 " forged reply ignored\n",
			who(out, r, r->from, name, sizeof(name)), (uint64_t)r->seq);
		return;
	case ICMPCTL_STATUS_LOST:
		/* ping prints nothing; that is known to be so. */
		if (!out->run->verbose)
			return;
		line_begin(out, r);
		fprintf(out->file, "icmp_seq=%" PRIu64 " lost: no answer within %s",
			(uint64_t)r->seq, units_span(span, out->run->params.timeout_ns));
		if (r->cause > ICMPCTL_CAUSE_SILENCE)
			fprintf(out->file, ": %s", out_cause_text(r->cause));
		fputc('\n', out->file);
		return;
	default:
		return;
	}
	if (out->run->verbose && out_has_rtt(r))
		parts(out, r);
}

static void text_record(struct out *out, const struct icmpctl_record *r)
{
	if (r->target >= out->run->n_targets)
		return;
	if (out->run->outstanding)
		outstanding(out, r);
	if (out->run->quiet)
		return;
	if (out->run->flood)
		flood(out, r);
	else
		text_line(out, r);
}

static void text_flush(struct out *out)
{
	fflush(out->file);
}

const struct out_ops out_text = {
	.open = text_open,
	.start = text_start,
	.record = text_record,
	.summary = out_text_summary,
	.flush = text_flush,
	.close = text_close,
};
