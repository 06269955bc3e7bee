// SPDX-License-Identifier: GPL-2.0
/* Monitors as text and as JSON. */
#include "out_monitor.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <string.h>

#include "lib/text.h"
#include "lib/units.h"
#include "out.h"
#include "out_json_stats.h"

#define NAME_SHOWN (4 * ICMPCTL_TARGET_NAME_MAX + 1)

/* The target as its user calls it, or its address. */
static const char *called(char buf[NAME_SHOWN], const struct monitor_target *t)
{
	char addr[ADDRESS_LEN];

	return text_safe(buf, NAME_SHOWN, t->name ? t->name :
			 address_text(addr, t->family, t->addr, t->scope));
}

static const char *ms(char buf[UNITS_LEN], const struct session_stats *s, int attr)
{
	return stats_has(s, attr) ? units_ms(buf, stats_get(s, attr)) : "-";
}

static const char *percent(char buf[UNITS_LEN], bool known, double loss)
{
	if (!known)
		return "-";
	snprintf(buf, UNITS_LEN, "%.2f%%", 100 * loss);
	return buf;
}

static void row(FILE *file, const char *name, const struct monitor *m,
		const struct monitor_target *t)
{
	char shown[NAME_SHOWN], least[UNITS_LEN], mean[UNITS_LEN], p99[UNITS_LEN];
	char all[UNITS_LEN], lately[UNITS_LEN], addr[ADDRESS_LEN], who[NAME_SHOWN];
	double loss = 0, minute = 0;
	bool known = out_loss(&t->stats, &loss), known_lately = out_part_loss(&t->stats, STATS_MINUTE, &minute);

	if (m->flags & ICMPCTL_SESSION_F_PATH)
		snprintf(shown, sizeof(shown), "%u %s", t->ttl, t->by_family ?
			 address_text(addr, t->by_family, t->by, 0) : "*");
	else
		snprintf(shown, sizeof(shown), "%s", called(who, t));
	fprintf(file, "%-20s %-24s %10" PRIu64 " %8s %8s %10s %10s %10s\n", name, shown,
		stats_get(&t->stats, ICMPCTL_STATS_A_SENT), percent(all, known, loss),
		percent(lately, known_lately, minute),
		ms(least, &t->stats, ICMPCTL_STATS_A_RTT_MIN_NS),
		ms(mean, &t->stats, ICMPCTL_STATS_A_RTT_MEAN_NS),
		ms(p99, &t->stats, ICMPCTL_STATS_A_RTT_P99_NS));
}

/**
 * out_monitor_table - a line for each target
 * @file: where to
 * @m: the monitors
 */
void out_monitor_table(FILE *file, const struct monitors *m)
{
	fprintf(file, "%-20s %-24s %10s %8s %8s %10s %10s %10s\n", "monitor", "target", "sent",
		"loss", "minute", "min ms", "mean ms", "p99 ms");
	for (unsigned int i = 0; i < m->n; i++)
		for (unsigned int j = 0; j < m->list[i].n; j++)
			row(file, j ? "" : m->list[i].name, &m->list[i], &m->list[i].targets[j]);
}

static void text_part(FILE *file, const char *name, const struct session_stats *s,
		      enum stats_part part)
{
	char buf[3][UNITS_LEN];
	double loss = 0;
	bool known = out_part_loss(s, part, &loss);

	fprintf(file, "  %s: %" PRIu64 " sent, %" PRIu64 " received, %s loss, mean %s ms, max %s ms\n",
		name, stats_get(s, STATS_OF(part, ICMPCTL_STATS_A_SENT)),
		stats_get(s, STATS_OF(part, ICMPCTL_STATS_A_RECEIVED)),
		percent(buf[0], known, loss),
		ms(buf[1], s, STATS_OF(part, ICMPCTL_STATS_A_RTT_MEAN_NS)),
		ms(buf[2], s, STATS_OF(part, ICMPCTL_STATS_A_RTT_MAX_NS)));
}

static void text_target(FILE *file, const struct monitor *m, const struct monitor_target *t)
{
	const struct session_stats *s = &t->stats;
	char shown[NAME_SHOWN], addr[ADDRESS_LEN], buf[5][UNITS_LEN];
	double loss = 0;
	bool known = out_loss(s, &loss);

	if (m->flags & ICMPCTL_SESSION_F_PATH)
		fprintf(file, "\nhop %u: %s\n", t->ttl, t->by_family ?
			address_text(addr, t->by_family, t->by, 0) : "nobody has answered");
	else
		fprintf(file, "\n%s (%s)\n", called(shown, t),
			address_text(addr, t->family, t->addr, t->scope));
	fprintf(file, "  %" PRIu64 " sent, %" PRIu64 " received, %" PRIu64 " errors, %" PRIu64
		" lost, %" PRIu64 " outstanding, %s loss\n",
		stats_get(s, ICMPCTL_STATS_A_SENT), stats_get(s, ICMPCTL_STATS_A_RECEIVED),
		stats_get(s, ICMPCTL_STATS_A_ERRORS), stats_get(s, ICMPCTL_STATS_A_LOST),
		stats_get(s, ICMPCTL_STATS_A_OUTSTANDING), percent(buf[0], known, loss));
	fprintf(file, "  rtt min/mean/max/p50/p99 %s/%s/%s/%s/%s ms\n",
		ms(buf[0], s, ICMPCTL_STATS_A_RTT_MIN_NS),
		ms(buf[1], s, ICMPCTL_STATS_A_RTT_MEAN_NS),
		ms(buf[2], s, ICMPCTL_STATS_A_RTT_MAX_NS),
		ms(buf[3], s, ICMPCTL_STATS_A_RTT_P50_NS),
		ms(buf[4], s, ICMPCTL_STATS_A_RTT_P99_NS));
	text_part(file, "last minute", s, STATS_MINUTE);
	text_part(file, "last hour", s, STATS_HOUR);
	if (m->reset_ns)
		text_part(file, "since reset", s, STATS_SINCE_RESET);
}

/**
 * out_monitor_text - all of a monitor that people want to see
 * @file: where to
 * @m: the monitor
 */
void out_monitor_text(FILE *file, const struct monitor *m)
{
	char interval[UNITS_LEN], timeout[UNITS_LEN], elapsed[UNITS_LEN], *options = m->options;
	uint64_t ago = m->info.started_ns + m->info.elapsed_ns - m->reset_ns;
	char safe[4 * ICMPCTL_MONITOR_OPTIONS_MAX + 1];

	units_span(elapsed, m->info.elapsed_ns - m->info.elapsed_ns % NSEC_PER_MSEC);
	fprintf(file, "%s: for %s, a probe each %s, lost after %s%s%s\n", m->name, elapsed,
		units_span(interval, m->info.interval_ns), units_span(timeout, m->timeout_ns),
		options && *options ? "; options " : "",
		options && *options ? text_safe(safe, sizeof(safe), options) : "");
	if (m->reset_ns)
		fprintf(file, "reset %s ago\n", units_span(elapsed, ago - ago % NSEC_PER_MSEC));
	for (unsigned int i = 0; i < m->n; i++)
		text_target(file, m, &m->targets[i]);
}

static void add_text(struct json_object *o, const char *key, const char *text)
{
	char utf8[NAME_SHOWN];

	json_object_object_add(o, key, text ? json_object_new_string(
			       text_utf8(utf8, sizeof(utf8), text)) : NULL);
}

/* All figures of the probes sent since the reset; NULL if there was none. */
static struct json_object *json_since(const struct monitor *m, const struct session_stats *s)
{
	const int from = STATS_OF(STATS_SINCE_RESET, 0), n = STATS_OF(1, 0);
	struct json_object *o;
	struct session_stats since = { .told = { false } };

	if (!m->reset_ns || !stats_has(s, from + ICMPCTL_STATS_A_SENT))
		return NULL;
	memcpy(since.told, s->told + from, n * sizeof(*since.told));
	memcpy(since.value, s->value + from, n * sizeof(*since.value));
	o = json_object_new_object();
	out_json_figures(o, &since, &m->info);
	json_object_object_del(o, "last_minute");
	return o;
}

static struct json_object *json_target(const struct monitor *m, const struct monitor_target *t)
{
	struct json_object *o = json_object_new_object();
	char addr[ADDRESS_LEN];

	add_text(o, "target", t->name);
	add_text(o, "address", address_text(addr, t->family, t->addr, t->scope));
	if (m->flags & ICMPCTL_SESSION_F_PATH)
		json_object_object_add(o, "hop", json_object_new_int(t->ttl));
	add_text(o, "answered_by", t->by_family ?
		 address_text(addr, t->by_family, t->by, 0) : NULL);
	out_json_figures(o, &t->stats, &m->info);
	json_object_object_add(o, "last_hour", out_json_lately(&t->stats, STATS_HOUR));
	json_object_object_add(o, "since_reset", json_since(m, &t->stats));
	return o;
}

/**
 * out_monitor_json - a monitor as one line of JSON
 * @file: where to
 * @m: the monitor
 */
void out_monitor_json(FILE *file, const struct monitor *m)
{
	struct json_object *o = json_object_new_object(), *list = json_object_new_array();

	add_text(o, "type", "monitor");
	json_object_object_add(o, "schema", json_object_new_int(1));
	add_text(o, "name", m->name);
	add_text(o, "options", m->options);
	json_object_object_add(o, "path",
			       json_object_new_boolean(m->flags & ICMPCTL_SESSION_F_PATH));
	json_object_object_add(o, "interval_ns", json_object_new_uint64(m->info.interval_ns));
	json_object_object_add(o, "timeout_ns", json_object_new_uint64(m->timeout_ns));
	json_object_object_add(o, "started_unix_ns",
			       json_object_new_uint64(m->info.started_unix_ns));
	json_object_object_add(o, "elapsed_ns", json_object_new_uint64(m->info.elapsed_ns));
	json_object_object_add(o, "memory_bytes", json_object_new_uint64(m->memory_bytes));
	json_object_object_add(o, "keep", json_object_new_uint64(m->keep));
	json_object_object_add(o, "keep_bytes", json_object_new_uint64(m->keep_bytes));
	json_object_object_add(o, "reset_unix_ns", m->reset_ns ?
			       json_object_new_uint64(m->reset_unix_ns) : NULL);
	for (unsigned int i = 0; i < m->n; i++)
		json_object_array_add(list, json_target(m, &m->targets[i]));
	json_object_object_add(o, "targets", list);
	fprintf(file, "%s\n", json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
							     JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
}
