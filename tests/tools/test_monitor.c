// SPDX-License-Identifier: GPL-2.0
/* Monitors: as text and as JSON, to the letter. */
#include <arpa/inet.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lib/monitor.h"
#include "lib/units.h"
#include "out_monitor.h"
#include "samples.h"

static struct monitor_target target;
static struct monitor monitor;

static void set(int attr, uint64_t value)
{
	target.stats.told[attr] = true;
	target.stats.value[attr] = value;
}

static void made_up(void)
{
	static char name[] = "far.lab", options[] = "-i 1s";

	target = (struct monitor_target){ .name = name, .family = 4 };
	inet_pton(AF_INET, "198.51.100.2", target.addr);
	target.stats = sample_stats();
	monitor = (struct monitor){
		.name = "office", .options = options, .timeout_ns = 5 * NSEC_PER_SEC,
		.memory_bytes = 8000, .targets = &target, .n = 1,
	};
	monitor.info.interval_ns = NSEC_PER_SEC;
	monitor.info.elapsed_ns = 3720 * NSEC_PER_SEC;
}

static char *text_of(void (*print)(FILE *file, const struct monitor *m))
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		exit(1);
	print(file, &monitor);
	fclose(file);
	return text;
}

static void text_is(const char *want, const char *what)
{
	char *text = text_of(out_monitor_text);

	check_text(text, want, what);
	free(text);
}

/* <- @o: the monitor as JSON, the caller's, of which a part of its target is returned. */
static struct json_object *part_of_target(const char *key, struct json_object **o)
{
	char *text = text_of(out_monitor_json);
	struct json_object *list;

	*o = json_tokener_parse(text);
	free(text);
	list = json_object_object_get(*o, "targets");
	return json_object_object_get(json_object_array_get_idx(list, 0), key);
}

#define HEAD "office: for 3720 s, a probe each 1 s, lost after 5 s; options -i 1s\n"
#define TARGET "\nfar.lab (198.51.100.2)\n"						\
	"  5 sent, 4 received, 0 errors, 1 lost, 0 outstanding, 20.00% loss\n"		\
	"  rtt min/mean/max/p50/p99 0.016345/0.021500/13.015316/0.020001/0.020003 ms\n"	\
	"  last minute: 4 sent, 3 received, 25.00% loss, mean 0.021501 ms, "		\
	"max 13.015315 ms\n"

static void last_hour(void)
{
	struct json_object *o, *hour, *value;

	made_up();
	text_is(HEAD TARGET "  last hour: 0 sent, 0 received, - loss, mean - ms, max - ms\n",
		"monitor: text, with nothing in the last hour");
	set(ICMPCTL_STATS_A_LAST_HOUR, 0);
	set(STATS_OF(STATS_HOUR, ICMPCTL_STATS_A_SPAN_NS), 3500 * NSEC_PER_SEC);
	set(STATS_OF(STATS_HOUR, ICMPCTL_STATS_A_SENT), 3500);
	set(STATS_OF(STATS_HOUR, ICMPCTL_STATS_A_RECEIVED), 3000);
	set(STATS_OF(STATS_HOUR, ICMPCTL_STATS_A_LOST), 100);
	text_is(HEAD TARGET "  last hour: 3500 sent, 3000 received, 3.23% loss, mean - ms, "
		"max - ms\n",
		"monitor: text, with the last hour");
	hour = part_of_target("last_hour", &o);
	value = json_object_object_get(hour, "sent");
	check(json_object_get_int(value) == 3500, "monitor: JSON: sent in the last hour");
	value = json_object_object_get(hour, "span_ns");
	check(json_object_get_uint64(value) == 3500 * NSEC_PER_SEC,
	      "monitor: JSON: the span of the last hour");
	check(json_object_object_get_ex(hour, "rtt_ns", &value) && !value,
	      "monitor: JSON: no RTT is null");
	json_object_put(o);
}

static void since_reset(void)
{
	struct json_object *o, *since, *rtt, *value;

	made_up();
	set(ICMPCTL_STATS_A_SINCE_RESET, 0);
	set(STATS_OF(STATS_SINCE_RESET, ICMPCTL_STATS_A_SENT), 90);
	set(STATS_OF(STATS_SINCE_RESET, ICMPCTL_STATS_A_RECEIVED), 80);
	set(STATS_OF(STATS_SINCE_RESET, ICMPCTL_STATS_A_LOST), 10);
	set(STATS_OF(STATS_SINCE_RESET, ICMPCTL_STATS_A_RTT_MIN_NS), 1000000);
	set(STATS_OF(STATS_SINCE_RESET, ICMPCTL_STATS_A_RTT_MEAN_NS), 2000000);
	set(STATS_OF(STATS_SINCE_RESET, ICMPCTL_STATS_A_RTT_MAX_NS), 3000000);
	set(STATS_OF(STATS_SINCE_RESET, ICMPCTL_STATS_A_RTT_P50_NS), 2100000);
	set(STATS_OF(STATS_SINCE_RESET, ICMPCTL_STATS_A_RTT_P99_NS), 2900000);
	monitor.info.started_ns = 7 * NSEC_PER_SEC;
	monitor.reset_ns = monitor.info.started_ns + monitor.info.elapsed_ns - 90 * NSEC_PER_SEC;
	text_is(HEAD "reset 90 s ago\n" TARGET
		"  last hour: 0 sent, 0 received, - loss, mean - ms, max - ms\n"
		"  since reset: 90 sent, 80 received, 11.11% loss, mean 2.000000 ms, "
		"max 3.000000 ms\n",
		"monitor: text, since a reset");
	since = part_of_target("since_reset", &o);
	rtt = json_object_object_get(since, "rtt_ns");
	value = json_object_object_get(rtt, "p99");
	check(json_object_get_uint64(value) == 2900000, "monitor: JSON: p99 since a reset");
	value = json_object_object_get(since, "received");
	check(json_object_get_int(value) == 80, "monitor: JSON: received since a reset");
	json_object_put(o);
}

void test_monitor(void)
{

	last_hour();
	since_reset();
}
