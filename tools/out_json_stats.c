// SPDX-License-Identifier: GPL-2.0
/* JSON of the statistics that are made by the book: see docs/statistics.md. */
#include "json.h"
#include "out.h"
#include "out_json_stats.h"

static void add_signed(struct json_object *o, const char *key, const struct session_stats *s,
		       int attr)
{
	json_object_object_add(o, key, stats_has(s, attr) ?
			       json_object_new_int64((int64_t)stats_get(s, attr)) : NULL);
}

/**
 * out_json_ipdv - delay variation (RFC 3393)
 * @s: the statistics
 *
 * Return: an object, or NULL if no two consecutive probes were answered.
 */
struct json_object *out_json_ipdv(const struct session_stats *s)
{
	struct json_object *o;

	if (!stats_has(s, ICMPCTL_STATS_A_IPDV_MEAN_NS))
		return NULL;
	o = json_object_new_object();
	add_stat_or_null(o, "mean", s, ICMPCTL_STATS_A_IPDV_MEAN_NS);
	add_stat_or_null(o, "max", s, ICMPCTL_STATS_A_IPDV_MAX_NS);
	add_stat_or_null(o, "pairs", s, ICMPCTL_STATS_A_IPDV_PAIRS);
	add_signed(o, "signed_min", s, ICMPCTL_STATS_A_IPDV_SIGNED_MIN_NS);
	add_signed(o, "signed_max", s, ICMPCTL_STATS_A_IPDV_SIGNED_MAX_NS);
	return o;
}

/**
 * out_json_late - how late probes were handed over
 * @s: the statistics of the target: mean and greatest
 * @info: the session, whose percentiles are over the probes to all targets
 *
 * Return: an object, or NULL if nothing was told of it.
 */
struct json_object *out_json_late(const struct session_stats *s, const struct session_info *info)
{
	struct json_object *o, *all;

	if (!stats_has(s, ICMPCTL_STATS_A_SEND_LATE_MEAN_NS))
		return NULL;
	o = json_object_new_object();
	add_stat_or_null(o, "mean", s, ICMPCTL_STATS_A_SEND_LATE_MEAN_NS);
	add_stat_or_null(o, "max", s, ICMPCTL_STATS_A_SEND_LATE_MAX_NS);
	if (!(info->set & SESSION_BIT(ICMPCTL_SESSION_A_SEND_LATE_P50_NS)))
		return o;
	all = json_object_new_object();
	json_object_object_add(all, "p50", json_object_new_uint64(info->late_p50_ns));
	json_object_object_add(all, "p90", json_object_new_uint64(info->late_p90_ns));
	json_object_object_add(all, "p99", json_object_new_uint64(info->late_p99_ns));
	json_object_object_add(all, "p999", json_object_new_uint64(info->late_p999_ns));
	json_object_object_add(all, "max", json_object_new_uint64(info->late_max_ns));
	json_object_object_add(o, "session", all);
	return o;
}

/**
 * out_json_patterns - loss pattern, order and duplicates
 * @o: gets them, key by key
 * @s: the statistics
 */
void out_json_patterns(struct json_object *o, const struct session_stats *s)
{
	static const struct {
		const char *key;
		int attr;
	} stats[] = {
		{ "loss_episodes", ICMPCTL_STATS_A_LOSS_EPISODES },
		{ "loss_run_sum", ICMPCTL_STATS_A_LOSS_RUN_SUM },
		{ "loss_run_max", ICMPCTL_STATS_A_LOSS_RUN_MAX },
		{ "loss_gap_min", ICMPCTL_STATS_A_LOSS_GAP_MIN },
		{ "loss_gap_sum", ICMPCTL_STATS_A_LOSS_GAP_SUM },
		{ "answered_run_max", ICMPCTL_STATS_A_ANSWERED_RUN_MAX },
		{ "reordered", ICMPCTL_STATS_A_REORDERED },
		{ "reordering_extent_max", ICMPCTL_STATS_A_REORDERING_EXTENT_MAX },
		{ "duplicate_probes", ICMPCTL_STATS_A_DUPLICATE_PROBES },
	};

	for (size_t i = 0; i < sizeof(stats) / sizeof(stats[0]); i++)
		add_stat_or_null(o, stats[i].key, s, stats[i].attr);
}

/* Of the probes whose fate was known in that time, how many got no reply. */
static struct json_object *lately_loss(const struct session_stats *s, enum stats_part part,
				       bool of_hop)
{
	struct json_object *ratio;
	double loss;

	if (!out_part_loss(s, part, of_hop, &loss))
		return NULL;
	ratio = json_object_new_double(loss);
	json_object_set_serializer(ratio, json_object_double_to_json_string,
				   (void *)(uintptr_t)"%.9g", NULL);
	return ratio;
}

/**
 * out_json_lately - what happened in the last minute, or hour
 * @s: the statistics
 * @part: STATS_MINUTE or STATS_HOUR
 * @of_hop: of a hop of a path, of which an error is an answer
 *
 * Return: an object, or NULL if nothing was told of it.
 */
struct json_object *out_json_lately(const struct session_stats *s, enum stats_part part,
				    bool of_hop)
{
	static const struct {
		const char *key;
		int attr;
	} counts[] = {
		{ "span_ns", ICMPCTL_STATS_A_SPAN_NS },
		{ "sent", ICMPCTL_STATS_A_SENT },
		{ "received", ICMPCTL_STATS_A_RECEIVED },
		{ "lost", ICMPCTL_STATS_A_LOST },
		{ "late", ICMPCTL_STATS_A_LATE },
		{ "duplicates", ICMPCTL_STATS_A_DUPLICATES },
		{ "errors", ICMPCTL_STATS_A_ERRORS },
		{ "send_failed", ICMPCTL_STATS_A_SEND_FAILED },
		{ "reordered", ICMPCTL_STATS_A_REORDERED },
	}, rtts[] = {
		{ "min", ICMPCTL_STATS_A_RTT_MIN_NS },
		{ "mean", ICMPCTL_STATS_A_RTT_MEAN_NS },
		{ "max", ICMPCTL_STATS_A_RTT_MAX_NS },
		{ "stddev", ICMPCTL_STATS_A_RTT_STDDEV_NS },
	};
	struct json_object *o, *rtt = NULL;

	if (!stats_has(s, STATS_OF(part, ICMPCTL_STATS_A_SPAN_NS)))
		return NULL;
	o = json_object_new_object();
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		json_object_object_add(o, counts[i].key, json_object_new_uint64(
				       stats_get(s, STATS_OF(part, counts[i].attr))));
	json_object_object_add(o, "loss_ratio", lately_loss(s, part, of_hop));
	if (stats_has(s, STATS_OF(part, ICMPCTL_STATS_A_RTT_MIN_NS))) {
		rtt = json_object_new_object();
		for (size_t i = 0; i < sizeof(rtts) / sizeof(rtts[0]); i++)
			add_stat_or_null(rtt, rtts[i].key, s, STATS_OF(part, rtts[i].attr));
	}
	json_object_object_add(o, "rtt_ns", rtt);
	return o;
}
