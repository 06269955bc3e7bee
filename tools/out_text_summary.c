// SPDX-License-Identifier: GPL-2.0
/* Text for people: the end of a run, and its state while it lasts. */
#include <inttypes.h>

#include "lib/text.h"
#include "lib/units.h"
#include "out.h"

#define PREFIX_LEN 1100

static uint64_t get(const struct session_stats *s, int attr)
{
	return stats_get(s, attr);
}

/**
 * out_text_also - ", +2 duplicates" and the like
 * @file: where to
 * @n: how many there are; of none nothing is told
 * @what: of what
 */
void out_text_also(FILE *file, uint64_t n, const char *what)
{
	if (n)
		fprintf(file, ", +%" PRIu64 " %s", n, what);
}

static void counts(FILE *file, const struct out_run *run, const struct session_stats *s)
{
	double loss;

	fprintf(file, "%" PRIu64 " packets transmitted, %" PRIu64 " received",
		out_transmitted(s), get(s, ICMPCTL_STATS_A_RECEIVED));
	out_text_also(file, get(s, ICMPCTL_STATS_A_DUPLICATES), "duplicates");
	out_text_also(file, get(s, ICMPCTL_STATS_A_CORRUPT) + get(s, ICMPCTL_STATS_A_BAD_CHECKSUM),
		      "corrupted");
	out_text_also(file, get(s, ICMPCTL_STATS_A_ERRORS), "errors");
	out_text_also(file, get(s, ICMPCTL_STATS_A_LATE), "late");
	out_text_also(file, get(s, ICMPCTL_STATS_A_OUTSTANDING), "outstanding");
	out_text_also(file, get(s, ICMPCTL_STATS_A_SEND_FAILED), "send failed");
	if (out_transmitted(s)) {
		/* If all is still under way nothing is decided; ping, and who reads it, has 100%. */
		if (!out_loss(s, &loss))
			loss = 1;
		fprintf(file, ", %g%% packet loss, time %" PRIu64 "ms", (float)(loss * 100),
			(run->info.elapsed_ns + NSEC_PER_MSEC / 2) / NSEC_PER_MSEC);
	}
	fputc('\n', file);
}

/* Prints times separated by slashes. */
static void slashed(FILE *file, const struct session_stats *s, const int *attrs, int n)
{
	char ms[UNITS_LEN];

	for (int i = 0; i < n; i++)
		fprintf(file, "%s%s", i ? "/" : "", units_ms(ms, get(s, attrs[i])));
}

static void round_trips(FILE *file, const struct out_run *run,
			const struct session_stats *s)
{
	static const int attrs[] = {
		ICMPCTL_STATS_A_RTT_MIN_NS, ICMPCTL_STATS_A_RTT_MEAN_NS,
		ICMPCTL_STATS_A_RTT_MAX_NS, ICMPCTL_STATS_A_RTT_STDDEV_NS,
	};
	uint64_t transmitted = out_transmitted(s);
	char ipg[UNITS_LEN], ewma[UNITS_LEN];

	fputs("rtt min/avg/max/mdev = ", file);
	slashed(file, s, attrs, 4);
	fputs(" ms", file);
	if ((run->flood || run->adaptive) && transmitted > 1)
		fprintf(file, ", ipg/ewma %s/%s ms",
			units_ms(ipg, run->info.elapsed_ns / (transmitted - 1)),
			units_ms(ewma, get(s, ICMPCTL_STATS_A_RTT_EWMA_NS)));
	fputc('\n', file);
}

/**
 * out_text_jitter - jitter and delay variation, a line if they are known
 * @file: where to
 * @s: the statistics
 * @prefix: what the line begins with
 */
void out_text_jitter(FILE *file, const struct session_stats *s, const char *prefix)
{
	static const int ipdv[] = {
		ICMPCTL_STATS_A_IPDV_MEAN_NS, ICMPCTL_STATS_A_IPDV_MAX_NS,
	};
	char ms[UNITS_LEN];

	if (!stats_has(s, ICMPCTL_STATS_A_JITTER_NS))
		return;
	fprintf(file, "%sjitter %s ms", prefix,
		units_ms(ms, get(s, ICMPCTL_STATS_A_JITTER_NS)));
	if (stats_has(s, ICMPCTL_STATS_A_IPDV_MEAN_NS)) {
		fputs(", delay variation mean/max = ", file);
		slashed(file, s, ipdv, 2);
		fputs(" ms", file);
	}
	fputc('\n', file);
}

static void verbose_times(FILE *file, const struct session_stats *s, const char *prefix)
{
	static const int percentiles[] = {
		ICMPCTL_STATS_A_RTT_P50_NS, ICMPCTL_STATS_A_RTT_P90_NS,
		ICMPCTL_STATS_A_RTT_P99_NS, ICMPCTL_STATS_A_RTT_P999_NS,
	};
	static const int late[] = {
		ICMPCTL_STATS_A_SEND_LATE_MEAN_NS, ICMPCTL_STATS_A_SEND_LATE_MAX_NS,
	};

	if (stats_has(s, ICMPCTL_STATS_A_RTT_P50_NS)) {
		fprintf(file, "%srtt p50/p90/p99/p99.9 = ", prefix);
		slashed(file, s, percentiles, 4);
		fputs(" ms\n", file);
	}
	out_text_jitter(file, s, prefix);
	if (stats_has(s, ICMPCTL_STATS_A_SEND_LATE_MEAN_NS)) {
		fprintf(file, "%ssent late mean/max = ", prefix);
		slashed(file, s, late, 2);
		fputs(" ms\n", file);
	}
}

/* -v: percentiles of the whole session, once. */
static void verbose_late(FILE *file, const struct session_info *info)
{
	char ms[4][UNITS_LEN];

	if (!(info->set & SESSION_BIT(ICMPCTL_SESSION_A_SEND_LATE_P50_NS)))
		return;
	fprintf(file, "sent late p50/p90/p99/p99.9 = %s/%s/%s/%s ms\n",
		units_ms(ms[0], info->late_p50_ns), units_ms(ms[1], info->late_p90_ns),
		units_ms(ms[2], info->late_p99_ns), units_ms(ms[3], info->late_p999_ns));
}

/* -v: where in the run probes were lost, answered out of order or twice. */
static void verbose_patterns(FILE *file, const struct session_stats *s, const char *prefix)
{
	if (get(s, ICMPCTL_STATS_A_LOSS_EPISODES)) {
		fprintf(file, "%sloss: %" PRIu64 " episodes, the longest %" PRIu64
			" probes", prefix, get(s, ICMPCTL_STATS_A_LOSS_EPISODES),
			get(s, ICMPCTL_STATS_A_LOSS_RUN_MAX));
		if (stats_has(s, ICMPCTL_STATS_A_LOSS_GAP_MIN))
			fprintf(file, ", %" PRIu64 " apart at least",
				get(s, ICMPCTL_STATS_A_LOSS_GAP_MIN));
		fprintf(file, "; answered in a row: %" PRIu64 " at most\n",
			get(s, ICMPCTL_STATS_A_ANSWERED_RUN_MAX));
	}
	if (get(s, ICMPCTL_STATS_A_REORDERED))
		fprintf(file, "%sreordered: %" PRIu64 " replies, by %" PRIu64 " at most\n",
			prefix, get(s, ICMPCTL_STATS_A_REORDERED),
			get(s, ICMPCTL_STATS_A_REORDERING_EXTENT_MAX));
	if (get(s, ICMPCTL_STATS_A_DUPLICATE_PROBES))
		fprintf(file, "%sduplicated: %" PRIu64 " probes\n", prefix,
			get(s, ICMPCTL_STATS_A_DUPLICATE_PROBES));
}

/* -v: the last minute, where it is not the whole run. */
static void verbose_minute(FILE *file, const struct out_run *run,
			   const struct session_stats *s, const char *prefix)
{
	static const int rtts[] = {
		STATS_LAST_MINUTE(ICMPCTL_STATS_A_RTT_MIN_NS),
		STATS_LAST_MINUTE(ICMPCTL_STATS_A_RTT_MEAN_NS),
		STATS_LAST_MINUTE(ICMPCTL_STATS_A_RTT_MAX_NS),
		STATS_LAST_MINUTE(ICMPCTL_STATS_A_RTT_STDDEV_NS),
	};
	double loss;

	if (!stats_has(s, ICMPCTL_STATS_A_LAST_MINUTE) ||
	    run->info.elapsed_ns <= 60 * NSEC_PER_SEC)
		return;
	fprintf(file, "%slast minute: %" PRIu64 " sent, %" PRIu64 " received", prefix,
		get(s, STATS_LAST_MINUTE(ICMPCTL_STATS_A_SENT)),
		get(s, STATS_LAST_MINUTE(ICMPCTL_STATS_A_RECEIVED)));
	if (out_part_loss(s, STATS_MINUTE, false, &loss))
		fprintf(file, ", %g%% packet loss", (float)(loss * 100));
	if (stats_has(s, rtts[0])) {
		fputs(", rtt min/avg/max/mdev = ", file);
		slashed(file, s, rtts, 4);
		fputs(" ms", file);
	}
	fputc('\n', file);
}

/* -v: all that is odd, and only what there is. */
static void verbose_counts(FILE *file, const struct out_run *run,
			   const struct session_stats *s, const char *prefix)
{
	const struct {
		const char *name;
		uint64_t n;
	} odd[] = {
		{ "late", get(s, ICMPCTL_STATS_A_LATE) },
		{ "duplicate", get(s, ICMPCTL_STATS_A_DUPLICATES) },
		{ "forged", get(s, ICMPCTL_STATS_A_FORGED) },
		{ "bad checksum", get(s, ICMPCTL_STATS_A_BAD_CHECKSUM) },
		{ "changed payload", get(s, ICMPCTL_STATS_A_CORRUPT) },
		{ "other address", get(s, ICMPCTL_STATS_A_OTHER_ADDRESS) },
		{ "redirect", get(s, ICMPCTL_STATS_A_REDIRECTS) },
		{ "send failed", get(s, ICMPCTL_STATS_A_SEND_FAILED) },
		{ "skipped in the schedule", get(s, ICMPCTL_STATS_A_SKIPPED) },
		{ "records dropped", run->info.records_dropped },
	};
	const char *separator = "counted: ";

	if (run->info.schedule == ICMPCTL_SCHEDULE_POISSON)
		fprintf(file, "%sschedule: poisson, seed %" PRIu64 "\n", prefix,
			run->info.seed);
	fprintf(file, "%sstamps: %" PRIu64 " of %" PRIu64
		" rtts from the driver's, %" PRIu64 " to the stack's", prefix,
		get(s, ICMPCTL_STATS_A_TX_DRIVER), get(s, ICMPCTL_STATS_A_RECEIVED),
		get(s, ICMPCTL_STATS_A_RX_STACK));
	if (get(s, ICMPCTL_STATS_A_TX_HARDWARE))
		fprintf(file, ", %" PRIu64 " between the hardware's",
			get(s, ICMPCTL_STATS_A_TX_HARDWARE));
	if (get(s, ICMPCTL_STATS_A_FALLBACKS))
		fprintf(file, "; %" PRIu64 " fell back", get(s, ICMPCTL_STATS_A_FALLBACKS));
	fputc('\n', file);
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		if (!odd[i].n)
			continue;
		if (*separator == 'c')
			fputs(prefix, file);
		fprintf(file, "%s%" PRIu64 " %s", separator, odd[i].n, odd[i].name);
		separator = ", ";
	}
	if (*separator == ',')
		fputc('\n', file);
}

/* -v: what the RTTs can be off by. */
static void verbose_budget(FILE *file, const struct out_run *run, unsigned int target,
			   const struct session_stats *s, const char *prefix)
{
	struct budget budget;
	char text[BUDGET_TEXT], span[UNITS_LEN];

	if (!out_budget(run, target, s, &budget))
		return;
	if (get(s, ICMPCTL_STATS_A_TX_HARDWARE) &&
	    run->info.set & SESSION_BIT(ICMPCTL_SESSION_A_HW_ERROR_NS)) {
		fprintf(file, "%shardware clock: stamps known to %s", prefix,
			units_span(span, run->info.hw_error_ns));
		if (run->info.set & SESSION_BIT(ICMPCTL_SESSION_A_HW_DRIFT_PPB))
			fprintf(file, ", rate %+d ppb", run->info.hw_drift_ppb);
		fputc('\n', file);
	}
	fprintf(file, "%s%s\n", prefix,
		out_text_budget(text, &budget, run->ways[target].name));
}

/**
 * out_text_causes - why probes were not answered, a line if any was not
 * @file: where to
 * @s: the statistics
 * @prefix: what the line begins with
 * @of_hop: of a hop of a path, of which an error is an answer
 */
void out_text_causes(FILE *file, const struct session_stats *s, const char *prefix, bool of_hop)
{
	const char *separator = "unanswered: ";
	unsigned int last = of_hop ? ICMPCTL_CAUSE_REPORTED - 1 : ICMPCTL_CAUSE_REPORTED;

	for (unsigned int cause = ICMPCTL_CAUSE_SILENCE; cause <= last; cause++) {
		if (!get(s, stats_of_cause(cause)))
			continue;
		if (*separator == 'u')
			fputs(prefix, file);
		fprintf(file, "%s%" PRIu64 " %s", separator, get(s, stats_of_cause(cause)),
			out_cause_text(cause));
		separator = ", ";
	}
	if (*separator == ',')
		fputc('\n', file);
}

/*
 * Where this host has a part in it: the one line that says whether to look for the fault
 * here or elsewhere. Behind all that ping prints.
 */
static void causes(FILE *file, const struct out_run *run, const struct session_stats *s,
		   const char *prefix)
{
	bool own = run->verbose;

	for (unsigned int cause = ICMPCTL_CAUSE_NO_ROUTE; cause < ICMPCTL_CAUSE_REPORTED; cause++)
		own = own || get(s, stats_of_cause(cause));
	if (own)
		out_text_causes(file, s, prefix, false);
}

/**
 * out_text_summary - the end of a target
 * @out: the encoder
 * @target: the target's number
 * @s: its statistics
 */
void out_text_summary(struct out *out, unsigned int target, const struct session_stats *s)
{
	const struct out_run *run = out->run;
	const struct target *t = &run->targets[target];
	char buf[PREFIX_LEN], name[PREFIX_LEN];
	const char *prefix = out_text_prefix(run, target, buf, sizeof(buf));
	FILE *file = out->file;

	fprintf(file, "\n%s--- %s ping statistics ---\n%s", prefix,
		text_safe(name, sizeof(name),
			  run->n_targets > 1 ? t->given : target_name(t)), prefix);
	counts(file, run, s);
	if (stats_has(s, ICMPCTL_STATS_A_RTT_MIN_NS)) {
		fputs(prefix, file);
		round_trips(file, run, s);
	}
	causes(file, run, s, prefix);
	if (run->verbose) {
		verbose_times(file, s, prefix);
		if (target == run->n_targets - 1)
			verbose_late(file, &run->info);
		verbose_patterns(file, s, prefix);
		verbose_minute(file, run, s, prefix);
		verbose_counts(file, run, s, prefix);
		verbose_budget(file, run, target, s, prefix);
	}
	/* Once, behind the last: what was dropped belongs to the session. */
	if (run->info.records_dropped && target == run->n_targets - 1)
		fprintf(file, "%" PRIu64 " line%s not shown: the reader was too slow; the statistics are complete\n",
			run->info.records_dropped,
			run->info.records_dropped == 1 ? "" : "s");
}

/**
 * out_text_status - one line on where a run stands, for SIGQUIT
 * @file: where to
 * @run: the run
 * @target: the target's number
 * @s: its statistics up to now
 */
void out_text_status(FILE *file, const struct out_run *run, unsigned int target,
		     const struct session_stats *s)
{
	static const int attrs[] = {
		ICMPCTL_STATS_A_RTT_MIN_NS, ICMPCTL_STATS_A_RTT_MEAN_NS,
		ICMPCTL_STATS_A_RTT_EWMA_NS, ICMPCTL_STATS_A_RTT_MAX_NS,
	};
	char prefix[PREFIX_LEN];
	double loss;

	out_loss(s, &loss);
	/* The carriage return covers the ^\ that a terminal shows. */
	fprintf(file, "\r%s%" PRIu64 "/%" PRIu64 " packets, %g%% loss",
		out_text_prefix(run, target, prefix, sizeof(prefix)),
		get(s, ICMPCTL_STATS_A_RECEIVED), out_transmitted(s), (float)(loss * 100));
	if (stats_has(s, ICMPCTL_STATS_A_RTT_MIN_NS)) {
		fputs(", min/avg/ewma/max = ", file);
		slashed(file, s, attrs, 4);
		fputs(" ms", file);
	}
	fputc('\n', file);
}
