// SPDX-License-Identifier: GPL-2.0
/* Monitors as text and as JSON. */
#include "out_monitor.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "json.h"
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

enum cell { NAME, TARGET, SENT, LOSS, MINUTE, LEAST, MEAN, P99, CELLS };

/**
 * struct shape - the table
 * @columns: of the terminal, 0: it may be as wide as it is
 * @width: of each cell, 0: it is left out
 */
struct shape {
	int columns, width[CELLS];
};

#define SHAPE { .width = { 20, 24, 10, 8, 8, 10, 10, 10 } }
/* The longest address of IPv6 behind the number of a hop. */
#define TARGET_MOST (4 + 39)

static int total(const struct shape *shape)
{
	int sum = -1;

	for (int i = 0; i < CELLS; i++)
		sum += shape->width[i] ? shape->width[i] + 1 : 0;
	return sum;
}

/* The names become shorter, and of what is less asked for a cell is left out. */
static void fit_terminal(struct shape *shape, int columns)
{
	static const struct {
		enum cell cell;
		int least;
	} steps[] = {
		{ LEAST, 0 }, { NAME, 14 }, { MEAN, 0 }, { TARGET, 19 }, { SENT, 0 },
		{ NAME, 10 }, { TARGET, 15 }, { MINUTE, 0 }, { P99, 0 },
	};
	int over = total(shape) - columns;

	shape->columns = columns;
	if (over < 0)
		shape->width[TARGET] -= over < shape->width[TARGET] - TARGET_MOST ?
					shape->width[TARGET] - TARGET_MOST : over;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && over > 0; i++) {
		int *width = &shape->width[steps[i].cell], least = steps[i].least;

		*width = !least || *width - over < least ? least : *width - over;
		over = total(shape) - columns;
	}
}

static void line(FILE *file, const struct shape *shape, const char *const cells[CELLS])
{
	char text[4 * NAME_SHOWN], part[2 * NAME_SHOWN];
	size_t len = 0;

	text[0] = '\0';
	for (int i = 0; i < CELLS; i++) {
		int width = shape->width[i], used = width;

		if (!width)
			continue;
		if (!shape->columns)
			snprintf(part, sizeof(part), "%s", cells[i]);
		else
			used = text_fit(part, sizeof(part), cells[i], width);
		if (i > TARGET)
			len += snprintf(text + len, sizeof(text) - len, " %*s", width, part);
		else if (!shape->columns)
			len += snprintf(text + len, sizeof(text) - len, "%s%-*s", i ? " " : "",
					width, part);
		else
			len += snprintf(text + len, sizeof(text) - len, "%s%s%*s", i ? " " : "",
					part, width - used, "");
	}
	if (shape->columns) {
		char fits[sizeof(text)];

		text_fit(fits, sizeof(fits), text, shape->columns);
		fprintf(file, "%s\n", fits);
	} else {
		fprintf(file, "%s\n", text);
	}
}

static void head(FILE *file, const struct shape *shape)
{
	static const char *const cells[CELLS] = {
		"monitor", "target", "sent", "loss", "minute", "min ms", "mean ms", "p99 ms",
	};

	line(file, shape, cells);
}

static void row(FILE *file, const struct shape *shape, const char *name, const struct monitor *m,
		const struct monitor_target *t)
{
	char sent[UNITS_LEN];
	char shown[NAME_SHOWN], least[UNITS_LEN], mean[UNITS_LEN], p99[UNITS_LEN];
	char all[UNITS_LEN], lately[UNITS_LEN], addr[ADDRESS_LEN], who[NAME_SHOWN];
	double loss = 0, minute = 0;
	bool hop = monitor_is_path(m), known = out_part_loss(&t->stats, STATS_ALL, hop, &loss);
	bool known_lately = out_part_loss(&t->stats, STATS_MINUTE, hop, &minute);

	if (hop)
		snprintf(shown, sizeof(shown), "%u %s", t->ttl, t->by_family ?
			 address_text(addr, t->by_family, t->by, 0) : "*");
	else
		snprintf(shown, sizeof(shown), "%s", called(who, t));
	snprintf(sent, sizeof(sent), "%" PRIu64, stats_get(&t->stats, ICMPCTL_STATS_A_SENT));
	line(file, shape, (const char *const[CELLS]){
		[NAME] = name, [TARGET] = shown, [SENT] = sent,
		[LOSS] = percent(all, known, loss),
		[MINUTE] = percent(lately, known_lately, minute),
		[LEAST] = ms(least, &t->stats, ICMPCTL_STATS_A_RTT_MIN_NS),
		[MEAN] = ms(mean, &t->stats, ICMPCTL_STATS_A_RTT_MEAN_NS),
		[P99] = ms(p99, &t->stats, ICMPCTL_STATS_A_RTT_P99_NS),
	});
}

/* The first @most lines of the table; returns how many there are beyond those. */
static unsigned int rows(FILE *file, const struct shape *shape, const struct monitors *m,
			 unsigned int most)
{
	unsigned int n = 0;

	head(file, shape);
	for (unsigned int i = 0; i < m->n; i++)
		for (unsigned int j = 0; j < m->list[i].n; j++)
			if (n++ < most)
				row(file, shape, j ? "" : m->list[i].name, &m->list[i],
				    &m->list[i].targets[j]);
	return n > most ? n - most : 0;
}

/**
 * out_monitor_table - a line for each target
 * @file: where to
 * @m: the monitors
 */
void out_monitor_table(FILE *file, const struct monitors *m)
{
	static const struct shape shape = SHAPE;

	rows(file, &shape, m, UINT_MAX);
}

/**
 * out_monitor_page - as much of the table as a terminal shows at once
 * @file: where to
 * @m: the monitors
 * @lines: of the terminal; its last one is left empty
 * @columns: of the terminal
 */
void out_monitor_page(FILE *file, const struct monitors *m, unsigned int lines,
		      unsigned int columns)
{
	/* Head, and the line that the cursor stands in. */
	unsigned int room = lines > 3 ? lines - 2 : 1, all = 0, more;
	struct shape shape = SHAPE;

	fit_terminal(&shape, columns > 1000 ? 1000 : (int)columns);
	for (unsigned int i = 0; i < m->n; i++)
		all += m->list[i].n;
	more = rows(file, &shape, m, all > room && room > 1 ? room - 1 : room);
	if (more)
		fprintf(file, "and %u more\n", more);
}

/* "5 sent, 4 received"; what a hop said of a probe it did not receive. */
static void text_answered(FILE *file, const struct session_stats *s, enum stats_part part,
			  bool hop)
{
	fprintf(file, "%" PRIu64 " sent, %" PRIu64 " %s",
		stats_get(s, STATS_OF(part, ICMPCTL_STATS_A_SENT)), out_answered(s, part, hop),
		hop ? "answered" : "received");
}

/* What there is as a rule none of. */
static void text_odd(FILE *file, const struct session_stats *s, enum stats_part part)
{
	out_text_also(file, stats_get(s, STATS_OF(part, ICMPCTL_STATS_A_DUPLICATES)),
		      "duplicates");
	out_text_also(file, stats_get(s, STATS_OF(part, ICMPCTL_STATS_A_LATE)), "late");
	out_text_also(file, stats_get(s, STATS_OF(part, ICMPCTL_STATS_A_SEND_FAILED)),
		      "send failed");
}

static void text_part(FILE *file, const char *name, const struct session_stats *s,
		      enum stats_part part, bool hop)
{
	char buf[3][UNITS_LEN];
	double loss = 0;
	bool known = out_part_loss(s, part, hop, &loss);

	fprintf(file, "  %s: ", name);
	text_answered(file, s, part, hop);
	text_odd(file, s, part);
	fprintf(file, ", %s loss, mean %s ms, max %s ms\n", percent(buf[0], known, loss),
		ms(buf[1], s, STATS_OF(part, ICMPCTL_STATS_A_RTT_MEAN_NS)),
		ms(buf[2], s, STATS_OF(part, ICMPCTL_STATS_A_RTT_MAX_NS)));
}

static void text_target(FILE *file, const struct monitor *m, const struct monitor_target *t)
{
	const struct session_stats *s = &t->stats;
	char shown[NAME_SHOWN], addr[ADDRESS_LEN], buf[5][UNITS_LEN];
	double loss = 0;
	bool hop = monitor_is_path(m), known = out_part_loss(s, STATS_ALL, hop, &loss);

	if (hop)
		fprintf(file, "\nhop %u: %s\n", t->ttl, t->by_family ?
			address_text(addr, t->by_family, t->by, 0) : "nobody has answered");
	else
		fprintf(file, "\n%s (%s)\n", called(shown, t),
			address_text(addr, t->family, t->addr, t->scope));
	fputs("  ", file);
	text_answered(file, s, STATS_ALL, hop);
	if (!hop)
		fprintf(file, ", %" PRIu64 " errors", stats_get(s, ICMPCTL_STATS_A_ERRORS));
	fprintf(file, ", %" PRIu64 " lost, %" PRIu64 " outstanding",
		stats_get(s, ICMPCTL_STATS_A_LOST), stats_get(s, ICMPCTL_STATS_A_OUTSTANDING));
	text_odd(file, s, STATS_ALL);
	fprintf(file, ", %s loss\n", percent(buf[0], known, loss));
	out_text_causes(file, s, "  ", hop);
	fprintf(file, "  rtt min/mean/max/p50/p99 %s/%s/%s/%s/%s ms\n",
		ms(buf[0], s, ICMPCTL_STATS_A_RTT_MIN_NS),
		ms(buf[1], s, ICMPCTL_STATS_A_RTT_MEAN_NS),
		ms(buf[2], s, ICMPCTL_STATS_A_RTT_MAX_NS),
		ms(buf[3], s, ICMPCTL_STATS_A_RTT_P50_NS),
		ms(buf[4], s, ICMPCTL_STATS_A_RTT_P99_NS));
	out_text_jitter(file, s, "  ");
	text_part(file, "last minute", s, STATS_MINUTE, hop);
	text_part(file, "last hour", s, STATS_HOUR, hop);
	if (m->reset_ns)
		text_part(file, "since reset", s, STATS_SINCE_RESET, hop);
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

static void add_text_or_null(struct json_object *o, const char *key, const char *text)
{
	/* What is not UTF-8 takes three bytes each; options are the longest there are. */
	char utf8[3 * ICMPCTL_MONITOR_OPTIONS_MAX + 1];

	_Static_assert(sizeof(utf8) >= NAME_SHOWN, "a name may be cut");
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
	out_json_figures(o, &since, &m->info, monitor_is_path(m));
	json_object_object_del(o, "last_minute");
	return o;
}

static struct json_object *json_target(const struct monitor *m, const struct monitor_target *t)
{
	struct json_object *o = json_object_new_object();
	bool hop = monitor_is_path(m);
	char addr[ADDRESS_LEN];

	add_text_or_null(o, "target", t->name);
	add_text_or_null(o, "address", address_text(addr, t->family, t->addr, t->scope));
	if (hop)
		json_object_object_add(o, "hop", json_object_new_int(t->ttl));
	add_text_or_null(o, "answered_by", t->by_family ?
		 address_text(addr, t->by_family, t->by, 0) : NULL);
	out_json_figures(o, &t->stats, &m->info, hop);
	json_object_object_add(o, "last_hour", out_json_lately(&t->stats, STATS_HOUR, hop));
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

	add_text_or_null(o, "type", "monitor");
	json_object_object_add(o, "schema", json_object_new_int(1));
	add_text_or_null(o, "name", m->name);
	add_text_or_null(o, "options", m->options);
	json_object_object_add(o, "path",
			       json_object_new_boolean(monitor_is_path(m)));
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
	print_line(file, o);
}
