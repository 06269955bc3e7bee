// SPDX-License-Identifier: GPL-2.0
/* icmpctl report: recorded runs as a page for a browser. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "json.h"
#include "lib/report.h"
#include "lib/units.h"
#include "recording.h"
#include "report_paths.h"
#include "report_page.h"
#include "version.h"

/* What a chart shows at most of a run; a table, of all runs. */
#define POINTS 2000
#define EPISODES 1000
#define QUANTILES 400

struct report_config {
	const char *output, *title;
};

static const struct opt report_options[] = {
	{ 'o', "output", "FILE", "write the page there, else to standard output", OPT_STRING,
	  .offset = offsetof(struct report_config, output) },
	{ 't', "title", "TEXT", "what the page is called", OPT_STRING,
	  .offset = offsetof(struct report_config, title) },
	{ 0 }
};

struct page {
	struct json_object *runs;
	struct report_paths hops;
};

static void push(struct json_object *list, struct json_object *value)
{
	json_object_array_add(list, value);
}

static void push_uint(struct json_object *list, uint64_t value)
{
	push(list, json_object_new_uint64(value));
}

/* A number as short as it may be: microseconds of a run, or thousandths. */
static void push_real(struct json_object *list, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.9g", value);
	push(list, json_object_new_double_s(value, text));
}

/* Seconds since the start; where nothing says when, probes are a second apart. */
static double seconds(const struct recording *r, const struct fate *f)
{
	uint64_t start = r->run.info.started_unix_ns;

	if (f->sent_unix_ns && start && f->sent_unix_ns >= start)
		return (f->sent_unix_ns - start) / 1e9;
	return (f->seq - 1) * (r->run.params.interval_ns ? r->run.params.interval_ns / 1e9 : 1);
}

/* Of probes one after the other: when, least, mean and greatest RTT, replies, losses. */
static struct json_object *series(const struct recording *r, const struct recompute *made)
{
	size_t width = (made->n_fates + POINTS - 1) / POINTS;
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < made->n_fates; i += width) {
		uint64_t least = UINT64_MAX, most = 0, sum = 0, timed = 0, lost = 0;
		struct json_object *point = json_object_new_array();

		for (size_t k = i; k < i + width && k < made->n_fates; k++) {
			const struct fate *f = &made->fates[k];

			lost += !f->replied;
			if (!f->timed)
				continue;
			timed++;
			sum += f->rtt_ns;
			least = f->rtt_ns < least ? f->rtt_ns : least;
			most = f->rtt_ns > most ? f->rtt_ns : most;
		}
		if (!timed && !lost) {
			json_object_put(point);
			continue;
		}
		push_real(point, seconds(r, &made->fates[i]));
		push_uint(point, timed ? least : 0);
		push_uint(point, timed ? sum / timed : 0);
		push_uint(point, most);
		push_uint(point, timed);
		push_uint(point, lost);
		push(list, point);
	}
	return list;
}

/* Where probes were lost in a row: when, the first, how many. */
static struct json_object *episodes(const struct recording *r, const struct recompute *made)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < made->n_fates; i++) {
		struct json_object *episode;
		size_t end = i;

		while (end < made->n_fates && !made->fates[end].replied)
			end++;
		if (end == i)
			continue;
		if (json_object_array_length(list) == EPISODES)
			break;
		episode = json_object_new_array();
		push_real(episode, seconds(r, &made->fates[i]));
		push_uint(episode, made->fates[i].seq);
		push_uint(episode, end - i);
		push(list, episode);
		i = end;
	}
	return list;
}

static struct json_object *quantiles(const struct numbers *rtts)
{
	struct json_object *list = json_object_new_array();
	size_t n = rtts->n < QUANTILES ? rtts->n : QUANTILES;

	for (size_t i = 1; i <= n; i++) {
		struct json_object *pair = json_object_new_array();
		size_t place = i * rtts->n / n;

		push_real(pair, (double)place / rtts->n);
		push_uint(pair, rtts->value[place - 1]);
		push(list, pair);
	}
	return list;
}

/* How many RTTs are in each eighth of an octave: from, to, how many. */
static struct json_object *bins(const struct numbers *rtts)
{
	struct json_object *list = json_object_new_array();
	size_t i = 0;

	while (i < rtts->n) {
		struct json_object *bin = json_object_new_array();
		unsigned int number = plot_bin(rtts->value[i]);
		size_t first = i;

		while (i < rtts->n && plot_bin(rtts->value[i]) == number)
			i++;
		push_uint(bin, plot_bin_ns(number) ? plot_bin_ns(number) : 1);
		push_uint(bin, plot_bin_ns(number + 1));
		push_uint(bin, i - first);
		push(list, bin);
	}
	return list;
}

static int add_run(struct page *page, const struct recording *r, unsigned int i)
{
	const struct recompute *made = &r->made[i];
	const struct session_stats *s = &made->stats;
	struct json_object *o = json_object_new_object();
	struct numbers rtts = { .n = 0 };
	double loss;
	int err = 0;

	for (size_t k = 0; k < made->n_fates && !err; k++)
		if (made->fates[k].timed)
			err = numbers_add(&rtts, made->fates[k].rtt_ns);
	numbers_sort(&rtts);
	add(o, "target", json_object_new_string(r->targets[i].given));
	add(o, "address", json_object_new_string(r->targets[i].text));
	add_uint(o, "time_unix_ns", r->run.info.started_unix_ns);
	add_uint(o, "sent", out_transmitted(s));
	add_uint(o, "received", stats_get(s, ICMPCTL_STATS_A_RECEIVED));
	add_uint(o, "duplicates", stats_get(s, ICMPCTL_STATS_A_DUPLICATES));
	add_uint(o, "reordered", stats_get(s, ICMPCTL_STATS_A_REORDERED));
	add(o, "loss", out_loss(s, &loss) ? json_object_new_double(loss) : NULL);
	add_stat_or_null(o, "min", s, ICMPCTL_STATS_A_RTT_MIN_NS);
	add_stat_or_null(o, "p50", s, ICMPCTL_STATS_A_RTT_P50_NS);
	add_stat_or_null(o, "p99", s, ICMPCTL_STATS_A_RTT_P99_NS);
	add_stat_or_null(o, "max", s, ICMPCTL_STATS_A_RTT_MAX_NS);
	add_stat_or_null(o, "stddev", s, ICMPCTL_STATS_A_RTT_STDDEV_NS);
	add_stat_or_null(o, "jitter", s, ICMPCTL_STATS_A_JITTER_NS);
	add_uint(o, "timed", rtts.n);
	add(o, "series", series(r, made));
	add(o, "episodes", episodes(r, made));
	add(o, "quantiles", quantiles(&rtts));
	add(o, "bins", bins(&rtts));
	push(page->runs, o);
	numbers_free(&rtts);
	return err;
}

static int on_run(void *arg, struct recording *r)
{
	int err = 0;

	for (unsigned int i = 0; i < r->n && !err; i++)
		err = add_run(arg, r, i);
	return err;
}

static int on_other(void *arg, struct json_object *line)
{
	struct page *page = arg;

	return report_paths_line(&page->hops, line);
}

/* In a page a < could end the script that the data are in. */
static void print_data(FILE *file, const char *json)
{
	for (; *json; json++) {
		if (*json == '<')
			fputs("\\u003c", file);
		else
			putc(*json, file);
	}
}

static int write_page(const struct report_config *c, const struct page *page)
{
	struct json_object *data = json_object_new_object();
	FILE *file = c->output && strcmp(c->output, "-") ? fopen(c->output, "we") : stdout;
	int err = 0;

	add(data, "version", json_object_new_string(ICMPCTL_VERSION));
	add(data, "title", json_object_new_string(c->title ? c->title : "icmpctl report"));
	add(data, "runs", json_object_get(page->runs));
	add(data, "traces", json_object_get(page->hops.traces));
	add(data, "paths", json_object_get(page->hops.paths));
	if (!file) {
		report("%s: %s", c->output, strerror(errno));
		json_object_put(data);
		return -1;
	}
	fputs(report_page_head, file);
	fputs("<script type='application/json' id='data'>", file);
	print_data(file, json_object_to_json_string_ext(data, JSON_C_TO_STRING_PLAIN |
							      JSON_C_TO_STRING_NOSLASHESCAPE));
	fputs("</script>\n", file);
	fputs(report_page_tail, file);
	json_object_put(data);
	/* Of standard output main() tells. */
	if (file == stdout)
		return 0;
	err = fflush(file) || ferror(file);
	if (err)
		report("%s: %s", c->output, strerror(errno));
	fclose(file);
	return err ? -1 : 0;
}

static int run_report(const struct command *self, int argc, char **argv)
{
	struct report_config config = { .output = NULL };
	struct page page = { .runs = NULL };
	struct recording_reader reader = { .done = on_run, .other = on_other, .arg = &page };
	int first, result, err = 0;

	result = command_options(self, &config, argc, argv, &first);
	if (result >= 0)
		return result;
	if (first == argc) {
		report("no file was given; `icmpctl report --help` tells how");
		return STATUS_FAILED;
	}
	page.runs = json_object_new_array();
	page.hops.traces = json_object_new_array();
	page.hops.paths = json_object_new_array();
	for (int i = first; i < argc && !err; i++)
		err = recording_read(&reader, argv[i]);
	if (recording_end(&reader))
		err = -1;
	report_paths_end(&page.hops);
	result = STATUS_FAILED;
	if (!err && !json_object_array_length(page.runs) &&
	    !json_object_array_length(page.hops.traces) &&
	    !json_object_array_length(page.hops.paths)) {
		report("there is no run and no trace in %s", argv[first]);
		result = STATUS_NO;
	} else if (!err && !write_page(&config, &page)) {
		result = STATUS_OK;
	}
	json_object_put(page.runs);
	json_object_put(page.hops.traces);
	json_object_put(page.hops.paths);
	return result;
}

static const struct command_example examples[] = {
	{ "icmpctl report run.jsonl -o report.html", "A page of what was logged" },
	{ "icmpctl report -t 'before and after' before.jsonl after.jsonl -o report.html",
	  "Two runs compared" },
	{ 0 }
};

static const struct command_exit exits[] = {
	{ STATUS_OK, "the page was written" },
	{ STATUS_NO, "there was nothing to write it of" },
	{ STATUS_FAILED, "it could not be written, or a file not be read" },
	{ 0 }
};

const struct command command_report = {
	.name = "report",
	.summary = "make a page for the browser of recorded runs",
	.operands = "FILE...",
	.options = report_options,
	.note = "FILE is what --json or --log wrote; - is standard input.",
	.run = run_report,
	.about = "Writes one HTML file that needs nothing else and asks nothing of any network: "
		 "RTTs over time, their distribution and cumulative distribution on logarithmic "
		 "axes, loss episodes, and the hops of traces and of what mtr watched; several "
		 "runs in one picture. It "
		 "follows the browser's light or dark setting, fits a phone, and can be read by "
		 "keyboard.\n\n"
		 "Reports of mtr itself (mtr --json) are read as well.\n\n"
		 "Long runs are shown by 2000 points each, with least, mean and greatest RTT; the "
		 "figures are of every record.",
	.examples = examples,
	.exits = exits,
};
