// SPDX-License-Identifier: GPL-2.0
/* icmpctl stats: what the records of a run say, worked out once more. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "lib/report.h"
#include "recording.h"

struct stats_config {
	bool json, plot, verbose;
};

static const struct opt stats_options[] = {
	{ 'v', "verbose", NULL, "percentiles, variation, patterns, stamps", OPT_FLAG,
	  .offset = offsetof(struct stats_config, verbose) },
	{ 0, "plot", NULL, "draw the RTTs: over time, and how often", OPT_FLAG,
	  .offset = offsetof(struct stats_config, plot) },
	{ 0, "json", NULL, "summaries as JSON Lines", OPT_FLAG,
	  .offset = offsetof(struct stats_config, json) },
	{ 0 }
};

static int draw(const struct recompute *made)
{
	struct plot *plot = calloc(1, sizeof(*plot));
	struct plot_style style;

	if (!plot)
		return -ENOMEM;
	for (size_t i = 0; i < made->n_fates; i++)
		if (made->fates[i].timed || !made->fates[i].replied)
			plot_add(plot, made->fates[i].seq, made->fates[i].replied,
				 made->fates[i].rtt_ns);
	plot_style(&style, stdout);
	plot_print(stdout, plot, &style);
	free(plot);
	return 0;
}

static int on_run(void *arg, struct recording *r)
{
	const struct stats_config *c = arg;
	struct out out = {
		.ops = c->json ? &out_json : &out_text,
		.run = &r->run,
		.file = stdout,
	};

	r->run.verbose = c->verbose;
	if (r->run.info.records_dropped)
		report("warning: %llu records are missing, since the reader was too slow: the figures are of those that are there",
		       (unsigned long long)r->run.info.records_dropped);
	/* Nobody was too slow to read this. */
	r->run.info.records_dropped = 0;
	for (unsigned int i = 0; i < r->n; i++) {
		out.ops->summary(&out, i, &r->made[i].stats);
		if (c->plot && !c->json && draw(&r->made[i]))
			return -ENOMEM;
	}
	return ferror(stdout) ? -EIO : 0;
}

static int stats(const struct command *self, int argc, char **argv)
{
	struct stats_config config = { .json = false };
	struct recording_reader reader = { .done = on_run, .arg = &config };
	int first, result, err = 0;

	result = command_options(self, &config, argc, argv, &first);
	if (result >= 0)
		return result;
	if (first == argc) {
		report("no file was given; `icmpctl stats --help` tells how");
		return STATUS_FAILED;
	}
	for (int i = first; i < argc && !err; i++)
		err = recording_read(&reader, argv[i]);
	if (recording_end(&reader))
		err = -1;
	if (err)
		return STATUS_FAILED;
	if (!reader.runs) {
		report("there is no run of icmpctl ping in %s", argv[first]);
		return STATUS_NO;
	}
	return STATUS_OK;
}

static const struct command_example examples[] = {
	{ "icmpctl ping --log run.jsonl -c 1000 -i 10ms 192.0.2.1",
	  "A run whose records are kept" },
	{ "icmpctl stats -v run.jsonl", "Its statistics, made of the records" },
	{ "icmpctl stats run.jsonl.2 run.jsonl.1 run.jsonl",
	  "A log that was rotated, the oldest file first" },
	{ 0 }
};

static const struct command_exit exits[] = {
	{ STATUS_OK, "there were runs, and they were told" },
	{ STATUS_NO, "there was none" },
	{ STATUS_FAILED, "a file could not be read, and stderr says why" },
	{ 0 }
};

const struct command command_stats = {
	.name = "stats",
	.summary = "work out the statistics of recorded runs once more",
	.operands = "FILE...",
	.options = stats_options,
	.note = "FILE is what `icmpctl ping --json` printed or --log wrote; - is standard input.",
	.run = stats,
	.about = "Reads the records of runs and makes every figure of a summary of them, by the "
		 "same definitions as the module and without sharing anything with it. Counts, "
		 "sums and extremes are equal to the module's; percentiles are exact here, and "
		 "within 1/128 there. What no record tells is taken from the run's own summary: "
		 "probes outstanding at its end and skipped in the schedule; the last minute is "
		 "not told.\n\n"
		 "A line that was cut off is passed over, and that is said. Runs follow each "
		 "other in a file or over several.",
	.examples = examples,
	.exits = exits,
};
