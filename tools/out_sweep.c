// SPDX-License-Identifier: GPL-2.0
/* What all ways of telling a sweep have in common; the closing counts; how far it is. */
#include "out_sweep.h"

#include <inttypes.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "lib/units.h"

/**
 * out_sweep_sum - a statistic of the probes of both families
 * @run: the run
 * @attr: enum icmpctl_stats_attr, a counter
 *
 * Return: the sum.
 */
uint64_t out_sweep_sum(const struct sweep_run *run, int attr)
{
	return stats_get(&run->stats[0], attr) + stats_get(&run->stats[1], attr);
}

/**
 * out_sweep_status - the fate of an address, as programs read it
 * @r: its record
 *
 * Return: up, late, down, error, or not-sent.
 */
const char *out_sweep_status(const struct icmpctl_record *r)
{
	switch (r->status) {
	case ICMPCTL_STATUS_REPLY:
		return "up";
	case ICMPCTL_STATUS_LATE:
		return "late";
	case ICMPCTL_STATUS_ERROR:
		return "error";
	case ICMPCTL_STATUS_SEND_FAILED:
		return "not-sent";
	default:
		return "down";
	}
}

/**
 * out_sweep_hosts - the hosts whose fate is known
 * @run: the run
 *
 * Return: how many, with those that were found by a broadcast or multicast address, and
 * without such an address itself.
 */
uint64_t out_sweep_hosts(const struct sweep_run *run)
{
	return sweep_get(run, ICMPCTL_SWEEP_A_HOSTS) - sweep_get(run, ICMPCTL_SWEEP_A_GROUPS) +
	       run->found;
}

/**
 * out_sweep_up - the hosts that are up
 * @run: the run
 *
 * Return: how many, likewise.
 */
uint64_t out_sweep_up(const struct sweep_run *run)
{
	return sweep_get(run, ICMPCTL_SWEEP_A_UP) - sweep_get(run, ICMPCTL_SWEEP_A_GROUPS) +
	       run->found;
}

static void count(FILE *file, uint64_t value, const char *what)
{
	fprintf(file, "%8" PRIu64 " %s\n", value, what);
}

/* What is worth a line only if there was any. */
static void count_any(FILE *file, uint64_t value, const char *what)
{
	if (value)
		count(file, value, what);
}

/* Of both families: the figures of RTTs. */
static void rtts(FILE *file, const struct sweep_run *run)
{
	uint64_t min = 0, max = 0, n = 0;
	char buf[UNITS_LEN];
	double sum = 0;

	for (int i = 0; i < 2; i++) {
		const struct session_stats *s = &run->stats[i];
		uint64_t received = stats_get(s, ICMPCTL_STATS_A_RECEIVED);

		if (!stats_has(s, ICMPCTL_STATS_A_RTT_MIN_NS))
			continue;
		if (!n || stats_get(s, ICMPCTL_STATS_A_RTT_MIN_NS) < min)
			min = stats_get(s, ICMPCTL_STATS_A_RTT_MIN_NS);
		if (stats_get(s, ICMPCTL_STATS_A_RTT_MAX_NS) > max)
			max = stats_get(s, ICMPCTL_STATS_A_RTT_MAX_NS);
		sum += (double)received * stats_get(s, ICMPCTL_STATS_A_RTT_MEAN_NS);
		n += received;
	}
	if (!n)
		return;
	fprintf(file, "\n %s ms (min round trip time)\n", units_ms(buf, min));
	fprintf(file, " %s ms (avg round trip time)\n", units_ms(buf, (uint64_t)(sum / n)));
	fprintf(file, " %s ms (max round trip time)\n", units_ms(buf, max));
}

/**
 * out_sweep_counts - the closing counts, as fping -s has them, and what else there was
 * @file: where to
 * @run: the run
 */
void out_sweep_counts(FILE *file, const struct sweep_run *run)
{
	uint64_t hosts = out_sweep_hosts(run), up = out_sweep_up(run);
	bool echo = !run->config->n_probes;

	fputc('\n', file);
	count(file, hosts + run->source->unknown, "targets");
	count(file, up, "alive");
	count(file, hosts - up, "unreachable");
	count(file, run->source->unknown, "unknown addresses");
	fputc('\n', file);
	count(file, out_sweep_sum(run, ICMPCTL_STATS_A_LOST),
	      "timeouts (waiting for response)");
	count(file, out_sweep_sum(run, ICMPCTL_STATS_A_SENT),
	      echo ? "ICMP Echos sent" : "probes sent");
	count(file, out_sweep_sum(run, ICMPCTL_STATS_A_RECEIVED),
	      echo ? "ICMP Echo Replies received" : "replies received");
	count(file, out_sweep_sum(run, ICMPCTL_STATS_A_ERRORS), "other ICMP received");
	count_any(file, run->found, "found by a broadcast or multicast address");
	count_any(file, sweep_get(run, ICMPCTL_SWEEP_A_LATE),
		  "alive, but only after they were given up");
	count_any(file, sweep_get(run, ICMPCTL_SWEEP_A_NEIGHBOURS),
		  "on the link, and silent to probes");
	count_any(file, sweep_get(run, ICMPCTL_SWEEP_A_NOT_SENT), "could not be asked from here");
	count_any(file, out_sweep_sum(run, ICMPCTL_STATS_A_DUPLICATES), "duplicate answers");
	count_any(file, out_sweep_sum(run, ICMPCTL_STATS_A_OTHER_ADDRESS),
		  "answers from another address");
	count_any(file, out_sweep_sum(run, ICMPCTL_STATS_A_FORGED), "forged answers");
	count_any(file, sweep_get(run, ICMPCTL_SWEEP_A_PUSHED_BACK),
		  "probes that the local queue pushed back, sent again");
	count_any(file, sweep_get(run, ICMPCTL_SWEEP_A_NEIGHBOUR_WAITS),
		  "waits for room in the table of neighbours (net.ipv4.neigh.default.gc_thresh3)");
	count_any(file, sweep_get(run, ICMPCTL_SWEEP_A_READER_WAITS),
		  "waits for the reader of this output");
	count_any(file, run->info.records_dropped, run->config->keep.pcap ?
		  "addresses not listed, or packets not in the capture, for want of room" :
		  "addresses not listed for want of room");
	rtts(file, run);
	fprintf(file, "%13.3f sec (elapsed real time)\n\n", run->info.elapsed_ns / 1e9);
}

/**
 * out_sweep_resume - where to go on with a sweep that was stopped
 * @file: where to
 * @run: the run
 */
void out_sweep_resume(FILE *file, const struct sweep_run *run)
{
	if (run->stopped && run->sweep.set & SESSION_BIT(ICMPCTL_SWEEP_A_PLACE))
		fprintf(file, "stopped; the same targets with --seed %" PRIu64 " --resume %" PRIu64
			" go on\n", sweep_get(run, ICMPCTL_SWEEP_A_SEED),
			sweep_get(run, ICMPCTL_SWEEP_A_PLACE));
}

static bool shown;

#define BAR_LEN		24
#define COLUMNS_DEFAULT	80

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* What is to be done in all, as far as it is known; 0: it is not. */
static uint64_t whole(const struct sweep_run *run)
{
	uint64_t shards = run->config->shards > 1 ? run->config->shards : 1;
	uint64_t total = run->source->total, before = run->config->resume.value;

	if (run->config->file)
		return 0;
	if (run->config->resume.given)
		total -= before < total ? before : total;
	return total / shards;
}

static void put_left(FILE *file, double left)
{
	unsigned int s = left < 360000 ? left + 0.5 : 360000;

	if (s >= 3600)
		fprintf(file, ", %u h %02u min left", s / 3600, s % 3600 / 60);
	else if (s >= 60)
		fprintf(file, ", %u min %02u s left", s / 60, s % 60);
	else
		fprintf(file, ", %u s left", s);
}

static unsigned int columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col ? COLUMNS_DEFAULT
								       : size.ws_col;
}

static void put_bar(FILE *file, uint64_t done, uint64_t total)
{
	unsigned int full = done < total ? (double)BAR_LEN * done / total : BAR_LEN;

	fputc('[', file);
	for (unsigned int i = 0; i < BAR_LEN; i++)
		fputc(i < full ? '#' : '.', file);
	fputs("] ", file);
}

/**
 * out_sweep_progress - how far it is, on the terminal of stderr
 * @run: the run, with figures of just now
 *
 * The line is never longer than the terminal is wide: it could not be taken back.
 */
void out_sweep_progress(const struct sweep_run *run)
{
	static uint64_t last_sent, first_hosts;
	static double last, first, rate;
	uint64_t sent = out_sweep_sum(run, ICMPCTL_STATS_A_SENT);
	uint64_t hosts = sweep_get(run, ICMPCTL_SWEEP_A_HOSTS);
	uint64_t total = whole(run);
	double now = seconds();
	char line[256] = "";
	FILE *file;

	if (!first) {
		first = now;
		first_hosts = hosts;
	} else if (now > last) {
		rate = (sent - last_sent) / (now - last);
	}
	last = now;
	last_sent = sent;
	file = fmemopen(line, sizeof(line), "w");
	if (!file)
		return;
	if (total)
		put_bar(file, hosts, total);
	fprintf(file, "%" PRIu64, hosts);
	if (total)
		fprintf(file, " of %" PRIu64 " (%.0f%%)", total, 100.0 * hosts / total);
	fprintf(file, ", %" PRIu64 " up, %.0f/s", out_sweep_up(run), rate);
	if (total && hosts > first_hosts && total > hosts)
		put_left(file, (total - hosts) * (now - first) / (hosts - first_hosts));
	fclose(file);
	fprintf(stderr, "\r%.*s\033[K", (int)columns() - 1, line);
	fflush(stderr);
	shown = true;
}

/**
 * out_sweep_progress_clear - make room for a line of output
 */
void out_sweep_progress_clear(void)
{
	if (shown)
		fputs("\r\033[K", stderr);
	shown = false;
}
