// SPDX-License-Identifier: GPL-2.0
/* Records and statistics as a module could tell them. */
#include "samples.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const hosts[] = { "far.lab", "b.lab", "c.lab" };

static void address(uint8_t *addr, int family, const char *v4, const char *v6)
{
	inet_pton(family == 4 ? AF_INET : AF_INET6, family == 4 ? v4 : v6, addr);
}

void sample_run(struct out_run *run, struct target *targets, unsigned int n, int family)
{
	memset(run, 0, sizeof(*run));
	memset(targets, 0, n * sizeof(*targets));
	for (unsigned int i = 0; i < n; i++) {
		targets[i].given = hosts[i];
		targets[i].family = family;
		address(targets[i].addr, family, "198.51.100.2", "2001:db8::2");
		address_text(targets[i].text, family, targets[i].addr, 0);
	}
	run->command = "ping";
	run->targets = targets;
	run->n_targets = n;
	run->params.size = 56;
	run->params.interval_ns = 1000000000;
	run->params.timeout_ns = 10000000000;
	run->params.count = 5;
	run->info.id = 7;
	run->info.icmp_id = 4711;
	run->info.started_ns = SAMPLE_START_NS;
	run->info.started_unix_ns = SAMPLE_START_UNIX_NS;
	run->info.elapsed_ns = 4002400000;
	run->info.reason = ICMPCTL_REASON_COMPLETE;
	run->info.set |= SESSION_BIT(ICMPCTL_SESSION_A_SEND_LATE_P50_NS);
	run->info.late_p50_ns = 1000;
	run->info.late_p90_ns = 1900;
	run->info.late_p99_ns = 2300;
	run->info.late_p999_ns = 2398;
	run->info.late_max_ns = 2400;
}

struct icmpctl_record sample_record(uint8_t status, uint64_t seq, int family)
{
	struct icmpctl_record r = {
		.seq = seq,
		.status = status,
		.family = family,
		.wire_id = 4711,
		.wire_seq = seq,
		.ttl_sent = 64,
		.bytes = 64,
		.planned_ns = SAMPLE_START_NS + (seq - 1) * 1000000000,
	};

	if (status == ICMPCTL_STATUS_SEND_FAILED)
		return r;
	r.handed_ns = r.planned_ns + 1200;
	if (status == ICMPCTL_STATUS_SENT)
		return r;
	r.driver_ns = r.handed_ns + 2400;
	if (status == ICMPCTL_STATUS_LOST) {
		r.hook_ns = r.handed_ns + 10000000000;
		return r;
	}
	r.stack_ns = r.driver_ns + 13015316;
	r.hook_ns = r.stack_ns + 700;
	r.rtt_ns = 13015316;
	r.tx_source = ICMPCTL_SOURCE_DRIVER;
	r.rx_source = ICMPCTL_SOURCE_STACK;
	r.ttl = 61;
	r.icmp_type = family == 4 ? 0 : 129;
	address(r.from, family, "198.51.100.2", "2001:db8::2");
	if (status == ICMPCTL_STATUS_ERROR || status == ICMPCTL_STATUS_REDIRECT)
		address(r.from, family, "192.0.2.254", "2001:db8::fe");
	if (status == ICMPCTL_STATUS_ERROR) {
		r.icmp_type = family == 4 ? 3 : 1;
		r.icmp_code = family == 4 ? 1 : 3;
		r.bytes = 92;
	}
	if (status == ICMPCTL_STATUS_REDIRECT) {
		r.icmp_type = family == 4 ? 5 : 137;
		r.icmp_code = family == 4 ? 1 : 0;
		address(r.gateway, family, "192.0.2.253", "2001:db8::fd");
	}
	return r;
}

struct session_stats sample_stats(void)
{
	struct session_stats s = { .told = { false } };
	static const struct {
		int attr;
		uint64_t value;
	} values[] = {
		{ ICMPCTL_STATS_A_SENT, 5 },
		{ ICMPCTL_STATS_A_RECEIVED, 4 },
		{ ICMPCTL_STATS_A_LOST, 1 },
		{ ICMPCTL_STATS_A_RTT_MIN_NS, 16345 },
		{ ICMPCTL_STATS_A_RTT_MEAN_NS, 21500 },
		{ ICMPCTL_STATS_A_RTT_MAX_NS, 13015316 },
		{ ICMPCTL_STATS_A_RTT_STDDEV_NS, 4004 },
		{ ICMPCTL_STATS_A_RTT_EWMA_NS, 20000 },
		{ ICMPCTL_STATS_A_RTT_P50_NS, 20001 },
		{ ICMPCTL_STATS_A_RTT_P90_NS, 20002 },
		{ ICMPCTL_STATS_A_RTT_P99_NS, 20003 },
		{ ICMPCTL_STATS_A_RTT_P999_NS, 20004 },
		{ ICMPCTL_STATS_A_JITTER_NS, 123 },
		{ ICMPCTL_STATS_A_IPDV_MEAN_NS, 456 },
		{ ICMPCTL_STATS_A_IPDV_MAX_NS, 789 },
		{ ICMPCTL_STATS_A_SEND_LATE_MEAN_NS, 1200 },
		{ ICMPCTL_STATS_A_SEND_LATE_MAX_NS, 2400 },
		{ ICMPCTL_STATS_A_TX_DRIVER, 4 },
		{ ICMPCTL_STATS_A_RX_STACK, 3 },
		{ ICMPCTL_STATS_A_IPDV_PAIRS, 2 },
		{ ICMPCTL_STATS_A_IPDV_SIGNED_MIN_NS, -789 },
		{ ICMPCTL_STATS_A_IPDV_SIGNED_MAX_NS, 123 },
		{ ICMPCTL_STATS_A_LOSS_EPISODES, 2 },
		{ ICMPCTL_STATS_A_LOSS_RUN_SUM, 5 },
		{ ICMPCTL_STATS_A_LOSS_RUN_MAX, 3 },
		{ ICMPCTL_STATS_A_LOSS_GAP_MIN, 4 },
		{ ICMPCTL_STATS_A_LOSS_GAP_SUM, 4 },
		{ ICMPCTL_STATS_A_ANSWERED_RUN_MAX, 7 },
		{ ICMPCTL_STATS_A_REORDERED, 2 },
		{ ICMPCTL_STATS_A_REORDERING_EXTENT_MAX, 6 },
		{ ICMPCTL_STATS_A_DUPLICATE_PROBES, 1 },
		{ ICMPCTL_STATS_A_LAST_MINUTE, 0 },
		{ STATS_LAST_MINUTE(ICMPCTL_STATS_A_SPAN_NS), 57000000000 },
		{ STATS_LAST_MINUTE(ICMPCTL_STATS_A_SENT), 4 },
		{ STATS_LAST_MINUTE(ICMPCTL_STATS_A_RECEIVED), 3 },
		{ STATS_LAST_MINUTE(ICMPCTL_STATS_A_LOST), 1 },
		{ STATS_LAST_MINUTE(ICMPCTL_STATS_A_RTT_MIN_NS), 16346 },
		{ STATS_LAST_MINUTE(ICMPCTL_STATS_A_RTT_MEAN_NS), 21501 },
		{ STATS_LAST_MINUTE(ICMPCTL_STATS_A_RTT_MAX_NS), 13015315 },
		{ STATS_LAST_MINUTE(ICMPCTL_STATS_A_RTT_STDDEV_NS), 4003 },
	};

	for (unsigned int i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		s.told[values[i].attr] = true;
		s.value[values[i].attr] = values[i].value;
	}
	return s;
}

char *sample_print(const struct out_ops *ops, const struct out_run *run, bool start,
		   const struct icmpctl_record *records, unsigned int n,
		   const struct session_stats *stats)
{
	struct out out = { .ops = ops, .run = run };
	char *text = NULL;
	size_t size;

	out.file = open_memstream(&text, &size);
	if (!out.file || (ops->open && ops->open(&out)))
		exit(1);
	for (unsigned int i = 0; start && i < run->n_targets; i++)
		ops->start(&out, i);
	for (unsigned int i = 0; i < n; i++)
		ops->record(&out, &records[i]);
	for (unsigned int i = 0; stats && i < run->n_targets; i++)
		ops->summary(&out, i, stats);
	ops->flush(&out);
	if (ops->close)
		ops->close(&out);
	fclose(out.file);
	return text;
}
