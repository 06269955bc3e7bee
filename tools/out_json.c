// SPDX-License-Identifier: GPL-2.0
/*
 * JSON Lines, schema 1: one object a line, times in whole nanoseconds, names
 * in small letters. Keys are only ever added. What is not known is absent;
 * what does not exist (the RTT of a host that never answered) is null.
 */
#include <inttypes.h>

#include "json.h"
#include "lib/icmp_names.h"
#include "out.h"
#include "out_json_stats.h"

#define SCHEMA 1

static void add_ratio(struct json_object *o, const char *key, double value)
{
	struct json_object *number = json_object_new_double(value);

	/* As many digits as mean something, not 0.20000000000000001. */
	json_object_set_serializer(number, json_object_double_to_json_string,
				   (void *)(uintptr_t)"%.9g", NULL);
	add(o, key, number);
}

static void add_address(struct json_object *o, const char *key, int family,
			const uint8_t *addr, uint32_t scope)
{
	char text[ADDRESS_LEN];

	add_text(o, key, address_text(text, family, addr, scope));
}

static void put_line(struct out *out, struct json_object *o)
{
	print_line(out->file, o);
}

static const char *schedule_name(uint32_t schedule)
{
	static const char *const names[] = {
		[ICMPCTL_SCHEDULE_PERIODIC] = "periodic",
		[ICMPCTL_SCHEDULE_POISSON] = "poisson",
	};

	return schedule < sizeof(names) / sizeof(names[0]) ? names[schedule] : "unknown";
}

static void json_start(struct out *out, unsigned int target)
{
	const struct session_params *p = &out->run->params;
	const struct session_info *info = &out->run->info;
	const struct target *t = &out->run->targets[target];
	struct json_object *o = json_object_new_object();

	add_text(o, "type", "start");
	add_uint(o, "schema", SCHEMA);
	add_text(o, "command", out->run->command);
	add_text(o, "target", t->given);
	add_text(o, "address", t->text);
	add_uint(o, "interval_ns", p->interval_ns);
	add_uint(o, "timeout_ns", p->timeout_ns);
	/* 0 as in the protocol: no end. */
	add_uint(o, "count", p->count);
	if (p->replies)
		add_uint(o, "replies", p->replies);
	if (p->deadline_ns)
		add_uint(o, "deadline_ns", p->deadline_ns);
	add_uint(o, "size", p->size);
	add_text(o, "schedule", schedule_name(info->schedule));
	/* Whoever wants to repeat the run gives it this one. */
	if (info->schedule == ICMPCTL_SCHEDULE_POISSON)
		add_uint(o, "seed", info->seed);
	add_uint(o, "time_unix_ns", info->started_unix_ns);
	add_uint(o, "session", info->id);
	add_uint(o, "icmp_id", info->icmp_id);
	if (*t->source)
		add_text(o, "source", t->source);
	if (out->run->device)
		add_text(o, "interface", out->run->device);
	if (out->run->ways && *out->run->ways[target].name)
		add_text(o, "out_interface", out->run->ways[target].name);
	add_text(o, "timestamps", out_stamps_name(p->timestamps));
	if (out->run->ways && out->run->ways[target].ifindex)
		add_text(o, "stamps", out_stamps_name(out->run->ways[target].stamps));
	put_line(out, o);
}

static const char *status_name(int status)
{
	static const char *const names[] = {
		[ICMPCTL_STATUS_SENT] = "sent",
		[ICMPCTL_STATUS_REPLY] = "reply",
		[ICMPCTL_STATUS_ERROR] = "error",
		[ICMPCTL_STATUS_LOST] = "lost",
		[ICMPCTL_STATUS_SEND_FAILED] = "send-failed",
		[ICMPCTL_STATUS_LATE] = "late",
		[ICMPCTL_STATUS_DUPLICATE] = "duplicate",
		[ICMPCTL_STATUS_REDIRECT] = "redirect",
		[ICMPCTL_STATUS_FORGED] = "forged",
		[ICMPCTL_STATUS_BAD_CHECKSUM] = "bad-checksum",
		[ICMPCTL_STATUS_OTHER_ADDRESS] = "other-address",
	};

	/* Of a newer module: its readers may know it. */
	return status < (int)(sizeof(names) / sizeof(names[0])) ? names[status] : "unknown";
}

static const char *source_name(int source)
{
	static const char *const names[] = {
		[ICMPCTL_SOURCE_NONE] = NULL,
		[ICMPCTL_SOURCE_HOOK] = "hook",
		[ICMPCTL_SOURCE_DRIVER] = "driver",
		[ICMPCTL_SOURCE_STACK] = "stack",
		[ICMPCTL_SOURCE_HARDWARE] = "hardware",
	};

	return source < (int)(sizeof(names) / sizeof(names[0])) ? names[source] : "unknown";
}

/* What it says, if it is not what was asked for. */
static void add_icmp(struct json_object *o, const struct icmpctl_record *r)
{
	char name[ICMP_NAME_LEN];

	if (icmp_is_echo_reply(r->family, r->icmp_type))
		return;
	add_uint(o, "icmp_type", r->icmp_type);
	add_uint(o, "icmp_code", r->icmp_code);
	add_text(o, "icmp_name", icmp_key(name, r->family, r->icmp_type, r->icmp_code));
	if (icmp_has_mtu(r->family, r->icmp_type, r->icmp_code) && r->info)
		add_uint(o, "mtu", r->info);
	if (icmp_has_pointer(r->family, r->icmp_type))
		add_uint(o, "pointer", r->info);
}

/* Who answered, and what. */
static void add_answer(struct json_object *o, const struct icmpctl_record *r, uint32_t scope)
{
	add_address(o, "from", r->family, r->from, scope);
	add_uint(o, "ttl", r->ttl);
	add_uint(o, "tos", r->tos);
	add_uint(o, "bytes", r->bytes);
	if (r->tcp_flags)
		add_uint(o, "tcp_flags", r->tcp_flags);
	else if ((r->kind != ICMPCTL_PROBE_UDP && r->kind != ICMPCTL_PROBE_TCP) || r->icmp_type)
		add_icmp(o, r);
	if (r->status == ICMPCTL_STATUS_REDIRECT)
		add_address(o, "gateway", r->family, r->gateway, scope);
	if (r->flags & ICMPCTL_RECORD_F_CHANGED) {
		add(o, "payload_changed", json_object_new_boolean(true));
		add_uint(o, "payload_changed_at", r->info);
	}
	if (r->flags & ICMPCTL_RECORD_F_LENGTH)
		add(o, "payload_length_differs", json_object_new_boolean(true));
}

/* The way from the plan to the hook, as far as there are stamps. */
static void add_times(struct json_object *o, const struct out_run *run,
		      const struct icmpctl_record *r)
{
	uint64_t sent = out_sent_ns(r);

	if (out_has_rtt(r))
		add_uint(o, "rtt_ns", r->rtt_ns);
	if (sent && r->status != ICMPCTL_STATUS_SEND_FAILED)
		add_uint(o, "sent_unix_ns", out_unix_ns(run, sent));
	if (source_name(r->tx_source))
		add_text(o, "tx_source", source_name(r->tx_source));
	if (source_name(r->rx_source))
		add_text(o, "rx_source", source_name(r->rx_source));
	/* Signed: stamps of different places may be out of order by a hair. */
	if (r->planned_ns && r->handed_ns)
		add(o, "late_ns", json_object_new_int64(r->handed_ns - r->planned_ns));
	if (r->driver_ns && r->handed_ns)
		add(o, "tx_stack_ns", json_object_new_int64(r->driver_ns - r->handed_ns));
	if (r->hw_tx_ns && r->driver_ns)
		add(o, "tx_hw_ns", json_object_new_int64(r->hw_tx_ns - r->driver_ns));
	if (r->hw_rx_ns && r->stack_ns)
		add(o, "rx_hw_ns", json_object_new_int64(r->stack_ns - r->hw_rx_ns));
	if (r->stack_ns && r->hook_ns)
		add(o, "rx_stack_ns", json_object_new_int64(r->hook_ns - r->stack_ns));
	if (r->flags & ICMPCTL_RECORD_F_FALLBACK)
		add(o, "fallback", json_object_new_boolean(true));
	if (r->flags & ICMPCTL_RECORD_F_SUSPENDED)
		add(o, "suspended", json_object_new_boolean(true));
}

/**
 * out_json_probe - what happened to a probe
 * @run: the run
 * @r: the record, of one of its targets
 *
 * Return: the object, to be put.
 */
struct json_object *out_json_probe(const struct out_run *run, const struct icmpctl_record *r)
{
	const struct target *t = &run->targets[r->target];
	struct json_object *o = json_object_new_object();

	add_text(o, "type", "probe");
	add_text(o, "target", t->given);
	add_text(o, "address", t->text);
	add_uint(o, "seq", r->seq);
	if (r->ttl_sent)
		add_uint(o, "ttl_sent", r->ttl_sent);
	add_text(o, "status", status_name(r->status));
	if (out_has_answer(r))
		add_answer(o, r, t->scope);
	if (r->status == ICMPCTL_STATUS_SEND_FAILED) {
		add_text(o, "reason", out_send_error(r));
		if (r->error)
			add_uint(o, "errno", r->error);
	}
	if (r->cause != ICMPCTL_CAUSE_NONE)
		add_text(o, "cause", out_cause_key(r->cause));
	add_times(o, run, r);
	switch (r->kind) {
	default:
		add_uint(o, "icmp_id", r->wire_id);
		add_uint(o, "icmp_seq", r->wire_seq);
		break;
	case ICMPCTL_PROBE_UDP:
		add_uint(o, "source_port", r->wire_id);
		add_uint(o, "udp_checksum", r->wire_seq);
		break;
	case ICMPCTL_PROBE_TCP:
		add_uint(o, "source_port", r->wire_id);
		break;
	}
	return o;
}

static void json_record(struct out *out, const struct icmpctl_record *r)
{
	if ((out->all || !out->run->quiet) && r->target < out->run->n_targets)
		put_line(out, out_json_probe(out->run, r));
}

static struct json_object *rtt_object(const struct session_stats *s)
{
	struct json_object *o;

	if (!stats_has(s, ICMPCTL_STATS_A_RTT_MIN_NS))
		return NULL;
	o = json_object_new_object();
	add_stat(o, "min", s, ICMPCTL_STATS_A_RTT_MIN_NS);
	add_stat(o, "mean", s, ICMPCTL_STATS_A_RTT_MEAN_NS);
	add_stat(o, "max", s, ICMPCTL_STATS_A_RTT_MAX_NS);
	add_stat(o, "stddev", s, ICMPCTL_STATS_A_RTT_STDDEV_NS);
	add_stat(o, "ewma", s, ICMPCTL_STATS_A_RTT_EWMA_NS);
	add_stat(o, "p50", s, ICMPCTL_STATS_A_RTT_P50_NS);
	add_stat(o, "p90", s, ICMPCTL_STATS_A_RTT_P90_NS);
	add_stat(o, "p99", s, ICMPCTL_STATS_A_RTT_P99_NS);
	add_stat(o, "p999", s, ICMPCTL_STATS_A_RTT_P999_NS);
	return o;
}

/*
 * {"silence":3,"link-down":1}: what there is; together all that was not answered. What a router
 * reported is an answer of a hop.
 */
static struct json_object *causes_object(const struct session_stats *s, bool of_hop)
{
	unsigned int last = of_hop ? ICMPCTL_CAUSE_REPORTED - 1 : ICMPCTL_CAUSE_REPORTED;
	struct json_object *o = json_object_new_object();

	for (unsigned int cause = ICMPCTL_CAUSE_SILENCE; cause <= last; cause++)
		if (stats_get(s, stats_of_cause(cause)))
			add_stat(o, out_cause_key(cause), s, stats_of_cause(cause));
	return o;
}

static const char *reason_name(uint32_t reason)
{
	static const char *const names[] = {
		[ICMPCTL_REASON_NONE] = "none",
		[ICMPCTL_REASON_COMPLETE] = "complete",
		[ICMPCTL_REASON_DEADLINE] = "deadline",
		[ICMPCTL_REASON_STOPPED] = "stopped",
		[ICMPCTL_REASON_OWNER] = "owner",
		[ICMPCTL_REASON_NAMESPACE] = "namespace",
		[ICMPCTL_REASON_UNLOAD] = "unload",
	};

	return reason < sizeof(names) / sizeof(names[0]) ? names[reason] : "unknown";
}

/**
 * out_json_figures - all that the statistics of a target say
 * @o: gets it, key by key
 * @s: the statistics
 * @info: of their session
 * @of_hop: of a hop of a path, of which an error is an answer
 */
void out_json_figures(struct json_object *o, const struct session_stats *s,
		      const struct session_info *info, bool of_hop)
{
	static const struct {
		const char *key;
		int attr;
	} counts[] = {
		{ "sent", ICMPCTL_STATS_A_SENT },
		{ "received", ICMPCTL_STATS_A_RECEIVED },
		{ "lost", ICMPCTL_STATS_A_LOST },
		{ "late", ICMPCTL_STATS_A_LATE },
		{ "duplicates", ICMPCTL_STATS_A_DUPLICATES },
		{ "errors", ICMPCTL_STATS_A_ERRORS },
		{ "outstanding", ICMPCTL_STATS_A_OUTSTANDING },
		{ "send_failed", ICMPCTL_STATS_A_SEND_FAILED },
		{ "redirects", ICMPCTL_STATS_A_REDIRECTS },
		{ "forged", ICMPCTL_STATS_A_FORGED },
		{ "bad_checksum", ICMPCTL_STATS_A_BAD_CHECKSUM },
		{ "corrupt", ICMPCTL_STATS_A_CORRUPT },
		{ "other_address", ICMPCTL_STATS_A_OTHER_ADDRESS },
		{ "skipped", ICMPCTL_STATS_A_SKIPPED },
		{ "tx_driver", ICMPCTL_STATS_A_TX_DRIVER },
		{ "rx_stack", ICMPCTL_STATS_A_RX_STACK },
		{ "tx_hardware", ICMPCTL_STATS_A_TX_HARDWARE },
		{ "rx_hardware", ICMPCTL_STATS_A_RX_HARDWARE },
		{ "fallbacks", ICMPCTL_STATS_A_FALLBACKS },
		{ "suspended", ICMPCTL_STATS_A_SUSPENDED },
	};
	double loss;

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		add_uint(o, counts[i].key, stats_get(s, counts[i].attr));
	if (stats_has(s, ICMPCTL_STATS_A_CAUSE_SILENCE))
		add(o, "causes", causes_object(s, of_hop));
	if (of_hop)
		add_uint(o, "rejected", stats_get(s, ICMPCTL_STATS_A_CAUSE_REPORTED));
	if (out_part_loss(s, STATS_ALL, of_hop, &loss))
		add_ratio(o, "loss_ratio", loss);
	else
		add(o, "loss_ratio", NULL);
	add(o, "rtt_ns", rtt_object(s));
	if (stats_has(s, ICMPCTL_STATS_A_JITTER_NS))
		add_uint(o, "jitter_ns", stats_get(s, ICMPCTL_STATS_A_JITTER_NS));
	else
		add(o, "jitter_ns", NULL);
	add(o, "ipdv_ns", out_json_ipdv(s));
	add(o, "send_late_ns", out_json_late(s, info));
	out_json_patterns(o, s);
	add(o, "last_minute", out_json_lately(s, STATS_MINUTE, of_hop));
}

static void json_summary(struct out *out, unsigned int target,
			 const struct session_stats *s)
{
	const struct target *t = &out->run->targets[target];
	struct json_object *o = json_object_new_object();
	struct budget budget;

	add_text(o, "type", "summary");
	add_text(o, "target", t->given);
	add_text(o, "address", t->text);
	out_json_figures(o, s, &out->run->info, false);
	if (out->run->info.set & SESSION_BIT(ICMPCTL_SESSION_A_HW_ERROR_NS))
		add_uint(o, "hw_error_ns", out->run->info.hw_error_ns);
	if (out->run->info.set & SESSION_BIT(ICMPCTL_SESSION_A_HW_DRIFT_PPB))
		add(o, "hw_drift_ppb", json_object_new_int(out->run->info.hw_drift_ppb));
	if (out_budget(out->run, target, s, &budget))
		add(o, "error_budget_ns", out_json_budget(&budget));
	add_uint(o, "records_dropped", out->run->info.records_dropped);
	add_uint(o, "elapsed_ns", out->run->info.elapsed_ns);
	add_text(o, "reason", reason_name(out->run->info.reason));
	put_line(out, o);
}

static void json_flush(struct out *out)
{
	fflush(out->file);
}

const struct out_ops out_json = {
	.start = json_start,
	.record = json_record,
	.summary = json_summary,
	.flush = json_flush,
};
