// SPDX-License-Identifier: GPL-2.0
/*
 * A sweep for programs. JSON Lines, schema 1 (see out_json.c): a line "start", a line
 * "host" for each address whose fate is told, a line "summary". CSV: a line of names,
 * then a line an address. All that is printed of an address is numbers and key words.
 */
#include <inttypes.h>

#include "lib/icmp_names.h"
#include "out.h"
#include "out_sweep.h"
#include "version.h"

#define SCHEMA 1

static const struct {
	int attr;
	const char *key;
} figures[] = {
	{ ICMPCTL_SWEEP_A_DOWN, "down" },
	{ ICMPCTL_SWEEP_A_ERRORS, "errors" },
	{ ICMPCTL_SWEEP_A_NOT_SENT, "not_sent" },
	{ ICMPCTL_SWEEP_A_NEIGHBOURS, "neighbours" },
	{ ICMPCTL_SWEEP_A_LATE, "late" },
	{ ICMPCTL_SWEEP_A_RETRIES, "retries" },
	{ ICMPCTL_SWEEP_A_PUSHED_BACK, "pushed_back" },
	{ ICMPCTL_SWEEP_A_NEIGHBOUR_WAITS, "neighbour_waits" },
	{ ICMPCTL_SWEEP_A_READER_WAITS, "reader_waits" },
	{ ICMPCTL_SWEEP_A_GROUPS, "groups" },
	{ ICMPCTL_SWEEP_A_GROUP_ANSWERS, "group_answers" },
};

static const struct {
	int attr;
	const char *key;
} counters[] = {
	{ ICMPCTL_STATS_A_SENT, "sent" },
	{ ICMPCTL_STATS_A_RECEIVED, "received" },
	{ ICMPCTL_STATS_A_LOST, "lost" },
	{ ICMPCTL_STATS_A_ERRORS, "icmp_errors" },
	{ ICMPCTL_STATS_A_SEND_FAILED, "send_failed" },
	{ ICMPCTL_STATS_A_LATE, "late_answers" },
	{ ICMPCTL_STATS_A_DUPLICATES, "duplicates" },
	{ ICMPCTL_STATS_A_OTHER_ADDRESS, "other_address" },
	{ ICMPCTL_STATS_A_FORGED, "forged" },
	{ ICMPCTL_STATS_A_BAD_CHECKSUM, "bad_checksum" },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void json_start(const struct sweep_run *run)
{
	FILE *file = run->file;

	fprintf(file, "{\"type\":\"start\",\"schema\":%d,\"version\":\"%s\",\"command\":\"sweep\",\"rate_pps\":%" PRIu64
	       ",\"tries\":%" PRIu64 ",\"seed\":%" PRIu64 ",\"shard\":%u,\"shards\":%u",
	       SCHEMA, ICMPCTL_VERSION, sweep_get(run, ICMPCTL_SWEEP_A_RATE_PPS),
	       sweep_get(run, ICMPCTL_SWEEP_A_TRIES), sweep_get(run, ICMPCTL_SWEEP_A_SEED),
	       run->config->shards ? run->config->shard + 1 : 1,
	       run->config->shards ? run->config->shards : 1);
	if (run->info.started_unix_ns)
		fprintf(file, ",\"time_unix_ns\":%" PRIu64, run->info.started_unix_ns);
	if (!run->config->file)
		fprintf(file, ",\"targets\":%" PRIu64, run->source->total);
	fprintf(file, "}\n");
}

/* Is it to be told, with -a or -u? */
static bool wanted(const struct sweep_run *run, const struct icmpctl_record *r)
{
	if (run->all)
		return true;
	return out_sweep_answered(r) ? !run->config->dead : !run->config->alive;
}

static const char *mask_text(char buf[ADDRESS_LEN], const struct icmpctl_record *r)
{
	uint8_t mask[16];

	for (int i = 0; i < 4; i++)
		mask[i] = r->info >> (24 - 8 * i);
	return address_text(buf, 4, mask, 0);
}

/* What came, and what it says beyond that somebody is there. */
static void json_answer(FILE *file, const struct sweep_run *run, const struct icmpctl_record *r)
{
	char mask[ADDRESS_LEN];
	struct remote_clock c;

	if (r->tx_source != ICMPCTL_SOURCE_NONE)
		fprintf(file, ",\"rtt_ns\":%" PRIu64, (uint64_t)r->rtt_ns);
	fprintf(file, ",\"ttl\":%u,\"answer\":\"%s\"", r->ttl, out_sweep_answer(r));
	if (out_sweep_is_error(r))
		return;
	switch (r->kind) {
	case ICMPCTL_PROBE_TIMESTAMP:
		out_sweep_clock(&c, run, r);
		fprintf(file, ",\"receive_timestamp\":%u,\"transmit_timestamp\":%u,\"clock\":\"%s\"",
		       r->info, r->info2, remote_clock_name(c.kind));
		if (c.kind == REMOTE_CLOCK_STANDARD)
			fprintf(file, ",\"clock_offset_ns\":%" PRId64 ",\"clock_error_ns\":%" PRId64,
			       c.offset_ns, c.error_ns);
		break;
	case ICMPCTL_PROBE_MASK:
		fprintf(file, ",\"address_mask\":\"%s\"", mask_text(mask, r));
		break;
	case ICMPCTL_PROBE_EXTENDED:
		fprintf(file, ",\"interface\":\"%s\"", out_sweep_interface(r));
		if (!r->icmp_code)
			fprintf(file, ",\"interface_ipv4\":%s,\"interface_ipv6\":%s",
			       r->info & 2 ? "true" : "false", r->info & 1 ? "true" : "false");
		break;
	}
}

static void json_host(const struct sweep_run *run, const struct icmpctl_record *r)
{
	const struct session_probe *p = out_sweep_probe(run->config, r);
	char addr[ADDRESS_LEN], key[ICMP_NAME_LEN];
	uint64_t sent_ns = out_sent_ns(r);
	FILE *file = run->file;

	if (!wanted(run, r))
		return;
	if (file == stdout)
		out_sweep_progress_clear();
	fprintf(file, "{\"type\":\"host\",\"address\":\"%s\",\"status\":\"%s\",\"kind\":\"%s\",\"try\":%" PRIu64,
		address_text(addr, r->family, r->to, run->source->ifindex), out_sweep_status(r),
		out_kind_name(p->kind), (uint64_t)r->seq);
	if (p->port)
		fprintf(file, ",\"port\":%u", p->port);
	if (sent_ns && run->info.started_unix_ns)
		fprintf(file, ",\"sent_unix_ns\":%" PRIu64,
			run->info.started_unix_ns + (sent_ns - run->info.started_ns));
	if (out_sweep_answered(r))
		json_answer(file, run, r);
	else
		fprintf(file, ",\"cause\":\"%s\"", out_cause_key(r->cause));
	if (r->status == ICMPCTL_STATUS_ERROR)
		fprintf(file, ",\"from\":\"%s\"", address_text(addr, r->family, r->from, 0));
	if (r->status == ICMPCTL_STATUS_ERROR ||
	    (out_sweep_answered(r) && out_sweep_is_error(r)))
		fprintf(file, ",\"icmp_type\":%u,\"icmp_code\":%u,\"icmp_name\":\"%s\"",
		       r->icmp_type, r->icmp_code,
		       icmp_key(key, r->family, r->icmp_type, r->icmp_code));
	if (r->flags & ICMPCTL_RECORD_F_GROUP)
		fprintf(file, ",\"group\":\"%s\"",
		       address_text(addr, r->family, r->from, run->source->ifindex));
	if (r->status == ICMPCTL_STATUS_SEND_FAILED && r->error)
		fprintf(file, ",\"errno\":%u", r->error);
	if (r->flags & ICMPCTL_RECORD_F_NEIGHBOUR)
		fprintf(file, ",\"neighbour\":true");
	fprintf(file, "}\n");
}

static void json_summary(const struct sweep_run *run)
{
	FILE *file = run->file;

	if (file == stdout)
		out_sweep_progress_clear();
	fprintf(file, "{\"type\":\"summary\",\"hosts\":%" PRIu64 ",\"up\":%" PRIu64 ",\"found\":%" PRIu64,
	       out_sweep_hosts(run), out_sweep_up(run), run->found);
	for (size_t i = 0; i < COUNT(figures); i++)
		fprintf(file, ",\"%s\":%" PRIu64, figures[i].key, sweep_get(run, figures[i].attr));
	for (size_t i = 0; i < COUNT(counters); i++)
		fprintf(file, ",\"%s\":%" PRIu64, counters[i].key, out_sweep_sum(run, counters[i].attr));
	fprintf(file, ",\"unknown\":%" PRIu64 ",\"records_dropped\":%" PRIu64 ",\"elapsed_ns\":%" PRIu64
	       ",\"stopped\":%s,\"seed\":%" PRIu64, run->source->unknown,
	       run->info.records_dropped, run->info.elapsed_ns, run->stopped ? "true" : "false",
	       sweep_get(run, ICMPCTL_SWEEP_A_SEED));
	if (run->stopped)
		fprintf(file, ",\"resume\":%" PRIu64, sweep_get(run, ICMPCTL_SWEEP_A_PLACE));
	fprintf(file, "}\n");
}

const struct sweep_out out_sweep_json = {
	.start = json_start,
	.host = json_host,
	.summary = json_summary,
};

static void csv_start(const struct sweep_run *run)
{
	(void)run;
	printf("address,status,rtt_ns,try,cause,from,neighbour,kind,port,answer,icmp_name,"
	       "clock_offset_ns,clock_error_ns,address_mask,interface\n");
}

/* The last three columns: what a reply says. */
static void csv_said(const struct sweep_run *run, const struct icmpctl_record *r)
{
	bool reply = out_sweep_answered(r) && !out_sweep_is_error(r);
	struct remote_clock c = { .kind = REMOTE_CLOCK_NONSTANDARD };
	char mask[ADDRESS_LEN];

	if (reply && r->kind == ICMPCTL_PROBE_TIMESTAMP)
		out_sweep_clock(&c, run, r);
	if (c.kind == REMOTE_CLOCK_STANDARD)
		printf("%" PRId64 ",%" PRId64, c.offset_ns, c.error_ns);
	else
		printf(",");
	printf(",%s,%s\n", reply && r->kind == ICMPCTL_PROBE_MASK ? mask_text(mask, r) : "",
	       reply && r->kind == ICMPCTL_PROBE_EXTENDED ? out_sweep_interface(r) : "");
}

static void csv_host(const struct sweep_run *run, const struct icmpctl_record *r)
{
	const struct session_probe *p = out_sweep_probe(run->config, r);
	bool answered = out_sweep_answered(r);
	bool error = r->status == ICMPCTL_STATUS_ERROR || (answered && out_sweep_is_error(r));
	char addr[ADDRESS_LEN], key[ICMP_NAME_LEN];

	if (!wanted(run, r))
		return;
	out_sweep_progress_clear();
	printf("%s,%s,", address_text(addr, r->family, r->to, run->source->ifindex),
	       out_sweep_status(r));
	if (answered && r->tx_source != ICMPCTL_SOURCE_NONE)
		printf("%" PRIu64, (uint64_t)r->rtt_ns);
	printf(",%" PRIu64 ",%s,", (uint64_t)r->seq, answered ? "" : out_cause_key(r->cause));
	if (r->status == ICMPCTL_STATUS_ERROR)
		printf("%s", address_text(addr, r->family, r->from, 0));
	printf(",%d,%s,", !!(r->flags & ICMPCTL_RECORD_F_NEIGHBOUR), out_kind_name(p->kind));
	if (p->port)
		printf("%u", p->port);
	printf(",%s,%s,", answered ? out_sweep_answer(r) : "",
	       error ? icmp_key(key, r->family, r->icmp_type, r->icmp_code) : "");
	csv_said(run, r);
}

static void csv_summary(const struct sweep_run *run)
{
	fflush(stdout);
	out_sweep_progress_clear();
	if (!run->config->quiet)
		out_sweep_counts(stderr, run);
	out_sweep_resume(stderr, run);
}

const struct sweep_out out_sweep_csv = {
	.start = csv_start,
	.host = csv_host,
	.summary = csv_summary,
};
