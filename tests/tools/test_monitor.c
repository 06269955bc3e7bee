// SPDX-License-Identifier: GPL-2.0
/* Monitors: as text and as JSON, to the letter. */
#include <arpa/inet.h>
#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lib/monitor.h"
#include "lib/units.h"
#include "monitor_apply.h"
#include "monitor_options.h"
#include "out.h"
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
	"  jitter 0.000123 ms, delay variation mean/max = 0.000456/0.000789 ms\n"	\
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

/* Options as long as they may be are told whole, whatever they are made of. */
static void longest_options(void)
{
	static char options[ICMPCTL_MONITOR_OPTIONS_MAX + 1];

	for (int i = 0; i < 2; i++) {
		const char *told;
		struct json_object *o;

		made_up();
		memset(options, i ? 0xff : 'x', sizeof(options) - 1);
		monitor.options = options;
		part_of_target("target", &o);
		told = json_object_get_string(json_object_object_get(o, "options"));
		check(i ? strlen(told) == 3 * (sizeof(options) - 1) : !strcmp(told, options),
		      "monitor: JSON: options of %zu bytes: %zu", sizeof(options) - 1,
		      strlen(told));
		json_object_put(o);
	}
}

/* Counts of a time: sent, answered by the host itself, by a router, not, and not sent. */
static void counts(enum stats_part part, uint64_t sent, uint64_t received, uint64_t errors,
		   uint64_t lost, uint64_t failed)
{
	set(STATS_OF(part, ICMPCTL_STATS_A_SENT), sent);
	set(STATS_OF(part, ICMPCTL_STATS_A_RECEIVED), received);
	set(STATS_OF(part, ICMPCTL_STATS_A_ERRORS), errors);
	set(STATS_OF(part, ICMPCTL_STATS_A_LOST), lost);
	set(STATS_OF(part, ICMPCTL_STATS_A_SEND_FAILED), failed);
}

static void ratio_is(struct json_object *part, double want, const char *what)
{
	struct json_object *value = json_object_object_get(part, "loss_ratio");

	check(value && json_object_get_double(value) == want, "monitor: JSON: loss of a hop: %s",
	      what);
}

/* A router on the way: it answers by time exceeded, and that is what was asked for. */
static void a_hop(void)
{
	struct monitors all = { .list = &monitor, .n = 1 };
	struct json_object *o;
	char *text = NULL;
	size_t size;
	FILE *file;

	made_up();
	monitor.flags = ICMPCTL_SESSION_F_PATH;
	target.ttl = 3;
	target.by_family = 4;
	inet_pton(AF_INET, "198.51.100.254", target.by);
	counts(STATS_ALL, 100, 0, 90, 8, 0);
	set(ICMPCTL_STATS_A_OUTSTANDING, 2);
	set(ICMPCTL_STATS_A_CAUSE_SILENCE, 8);
	set(ICMPCTL_STATS_A_CAUSE_REPORTED, 3);
	counts(STATS_MINUTE, 60, 0, 60, 0, 0);
	set(ICMPCTL_STATS_A_LAST_HOUR, 0);
	set(STATS_OF(STATS_HOUR, ICMPCTL_STATS_A_SPAN_NS), 3500 * NSEC_PER_SEC);
	counts(STATS_HOUR, 100, 0, 75, 25, 0);
	counts(STATS_SINCE_RESET, 20, 2, 8, 10, 0);
	monitor.reset_ns = monitor.info.elapsed_ns - 90 * NSEC_PER_SEC;
	text_is(HEAD "reset 90 s ago\n\nhop 3: 198.51.100.254\n"
		"  100 sent, 90 answered, 8 lost, 2 outstanding, 8.16% loss\n"
		"  unanswered: 8 silence\n"
		"  rtt min/mean/max/p50/p99 0.016345/0.021500/13.015316/0.020001/0.020003 ms\n"
		"  jitter 0.000123 ms, delay variation mean/max = 0.000456/0.000789 ms\n"
		"  last minute: 60 sent, 60 answered, 0.00% loss, mean 0.021501 ms, "
		"max 13.015315 ms\n"
		"  last hour: 100 sent, 75 answered, 25.00% loss, mean - ms, max - ms\n"
		"  since reset: 20 sent, 10 answered, 50.00% loss, mean - ms, max - ms\n",
		"monitor: text, of a hop");
	ratio_is(part_of_target("last_minute", &o), 0, "the last minute");
	json_object_put(o);
	ratio_is(part_of_target("last_hour", &o), 0.25, "the last hour");
	json_object_put(o);
	ratio_is(part_of_target("since_reset", &o), 0.5, "since a reset");
	json_object_put(o);
	check(fabs(json_object_get_double(part_of_target("loss_ratio", &o)) - 8 / 98.0) < 1e-8,
	      "monitor: JSON: loss of a hop: since the start");
	json_object_put(o);
	check(!strcmp(json_object_to_json_string_ext(part_of_target("causes", &o),
						     JSON_C_TO_STRING_PLAIN), "{\"silence\":8}"),
	      "monitor: JSON: what routers report is no cause of loss at a hop");
	json_object_put(o);
	check(json_object_get_int(part_of_target("rejected", &o)) == 3,
	      "monitor: JSON: a hop's errors that end a path");
	json_object_put(o);
	file = open_memstream(&text, &size);
	if (!file)
		exit(1);
	out_monitor_table(file, &all);
	fclose(file);
	check_text(strchr(text, '\n') + 1,
		   "office               3 198.51.100.254                100    8.16%    0.00%   "
		   "0.016345   0.021500   0.020003\n",
		   "monitor: table, of a hop");
	free(text);
	/* The same errors of a host that was asked: it has not replied. */
	monitor.flags = 0;
	check(json_object_get_double(part_of_target("loss_ratio", &o)) == 1,
	      "monitor: JSON: an error of a host is a loss");
	json_object_put(o);
	check(json_object_get_int(json_object_object_get(part_of_target("causes", &o),
							 "reported")) == 3,
	      "monitor: JSON: and its cause is that it was reported");
	check(!json_object_object_get_ex(json_object_array_get_idx(
		json_object_object_get(o, "targets"), 0), "rejected", NULL),
	      "monitor: JSON: only of a hop errors are told apart");
	json_object_put(o);
}

/* What counts as an answer of a hop, and of a target, in pictures of the last probes. */
static void answers(void)
{
	static const struct {
		enum icmpctl_status status;
		enum icmpctl_cause cause;
		bool of_target, of_hop;
	} probes[] = {
		{ ICMPCTL_STATUS_REPLY, ICMPCTL_CAUSE_NONE, true, true },
		{ ICMPCTL_STATUS_ERROR, ICMPCTL_CAUSE_NONE, false, true },
		{ ICMPCTL_STATUS_ERROR, ICMPCTL_CAUSE_REPORTED, false, true },
		{ ICMPCTL_STATUS_ERROR, ICMPCTL_CAUSE_NEIGHBOUR, false, false },
		{ ICMPCTL_STATUS_LOST, ICMPCTL_CAUSE_SILENCE, false, false },
	};

	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		struct icmpctl_record r = { .status = probes[i].status, .cause = probes[i].cause };

		check(out_is_answer(&r, false) == probes[i].of_target &&
		      out_is_answer(&r, true) == probes[i].of_hop,
		      "monitor: probe %zu: whether it is an answer", i);
	}
}

/* No route: nothing leaves, and why; and what came beyond one reply to each. */
static void no_route(void)
{
	made_up();
	target.stats = (struct session_stats){ .told = { false } };
	counts(STATS_ALL, 0, 0, 0, 0, 7);
	counts(STATS_MINUTE, 0, 0, 0, 0, 4);
	set(ICMPCTL_STATS_A_CAUSE_SILENCE, 0);
	set(ICMPCTL_STATS_A_CAUSE_NO_ROUTE, 7);
	text_is(HEAD "\nfar.lab (198.51.100.2)\n"
		"  0 sent, 0 received, 0 errors, 0 lost, 0 outstanding, +7 send failed, "
		"100.00% loss\n"
		"  unanswered: 7 no route\n"
		"  rtt min/mean/max/p50/p99 -/-/-/-/- ms\n"
		"  last minute: 0 sent, 0 received, +4 send failed, 100.00% loss, mean - ms, "
		"max - ms\n"
		"  last hour: 0 sent, 0 received, - loss, mean - ms, max - ms\n",
		"monitor: text, without a route");
	counts(STATS_ALL, 9, 5, 1, 3, 0);
	counts(STATS_MINUTE, 9, 5, 1, 3, 0);
	set(ICMPCTL_STATS_A_DUPLICATES, 2);
	set(ICMPCTL_STATS_A_LATE, 1);
	set(STATS_LAST_MINUTE(ICMPCTL_STATS_A_LATE), 1);
	set(ICMPCTL_STATS_A_CAUSE_NO_ROUTE, 0);
	set(ICMPCTL_STATS_A_CAUSE_SILENCE, 3);
	set(ICMPCTL_STATS_A_CAUSE_REPORTED, 1);
	text_is(HEAD "\nfar.lab (198.51.100.2)\n"
		"  9 sent, 5 received, 1 errors, 3 lost, 0 outstanding, +2 duplicates, +1 late, "
		"44.44% loss\n"
		"  unanswered: 3 silence, 1 ICMP error\n"
		"  rtt min/mean/max/p50/p99 -/-/-/-/- ms\n"
		"  last minute: 9 sent, 5 received, +1 late, 44.44% loss, mean - ms, max - ms\n"
		"  last hour: 0 sent, 0 received, - loss, mean - ms, max - ms\n",
		"monitor: text, with duplicates and late replies");
}

static char *page_of(const struct monitors *all, unsigned int lines, unsigned int columns)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		exit(1);
	out_monitor_page(file, all, lines, columns);
	fclose(file);
	return text;
}

/* Lines there are, and columns of the longest; all is of one byte a column. */
static unsigned int lines_of(const char *text, unsigned int *longest)
{
	unsigned int n = 0;

	*longest = 0;
	for (const char *end; (end = strchr(text, '\n')); text = end + 1, n++)
		if ((unsigned int)(end - text) > *longest)
			*longest = end - text;
	return n;
}

/* On a terminal the table is as wide and as long as that is, whatever there is. */
static void page(void)
{
	static struct monitor_target targets[40];
	struct monitor two[2];
	struct monitors all = { .list = two, .n = 2 };
	unsigned int longest, n;
	char *text;

	made_up();
	two[0] = two[1] = monitor;
	strcpy(two[0].name, "a-name-that-is-longer-than-its-column-is");
	two[0].flags = ICMPCTL_SESSION_F_PATH;
	two[0].targets = targets;
	two[0].n = 40;
	for (unsigned int i = 0; i < 40; i++) {
		targets[i] = target;
		targets[i].ttl = i + 1;
		targets[i].by_family = 6;
		memset(targets[i].by, 0x2a, 16);
	}
	for (unsigned int columns = 20; columns <= 140; columns++) {
		text = page_of(&all, 24, columns);
		n = lines_of(text, &longest);
		/* 24 lines: the cursor's, the head, 21 targets, and what is left. */
		check(n == 23 && longest <= columns && strstr(text, "\nand 20 more\n"),
		      "monitor: a page of %u columns: %u lines of %u", columns, n, longest);
		free(text);
	}
	text = page_of(&all, 24, 80);
	check(!strncmp(text, "monitor        target ", 22) && strstr(text, "minute     p99 ms\n") &&
	      strstr(text, "\na-name-that-i~ 1 2a2a:2a2a:"), "monitor: a page of 80 columns: %.60s",
	      text);
	free(text);
	text = page_of(&all, 41, 140);
	n = lines_of(text, &longest);
	check(n == 40 && strstr(text, "\nand 3 more\n") && strstr(text, " 38 2a2a:2a2a:2a2a:2a2a:"
	      "2a2a:2a2a:2a2a:2a2a "), "monitor: a long address has its place: %u lines", n);
	free(text);
	text = page_of(&all, 44, 107);
	n = lines_of(text, &longest);
	check(n == 42 && longest == 107 && !strstr(text, "more") && strstr(text, "\noffice "),
	      "monitor: a page that has it all: %u lines of %u", n, longest);
	free(text);
}

/* Options that are kept are read back as they were given, whatever a name is made of. */
static void spelt(void)
{
	static char plain[] = "-I", odd[] = "#x", quote[] = "q'x", blank[] = "a b\tc", none[] = "";
	static char slash[] = "\\", both[] = "\"#\\\"'";
	static char *words[] = { plain, odd, plain, quote, none, blank, slash, both };
	static const int n = sizeof(words) / sizeof(words[0]);
	char *text = monitor_spell(words, n), **again;
	const char *wrong = "";
	int same = 0;

	check_text(text, "-I \\#x -I q\\'x '' a\\ b\\\tc \\\\ \\\"\\#\\\\\\\"\\'",
		   "monitor: options as they are kept");
	again = words_split(text, NULL, &wrong);
	while (again && same < n && again[same] && !strcmp(again[same], words[same]))
		same++;
	check(same == n && !again[n], "monitor: options as they are read back: %d %s", same, wrong);
	for (int i = 0; again && again[i]; i++)
		free(again[i]);
	free(again);
	free(text);
	text = monitor_spell(words, 0);
	check_text(text, "", "monitor: no options");
	free(text);
}

/* In which order options were given, and how they are spelt, makes no other monitor. */
static void alike(void)
{
	static const struct {
		const char *a, *b;
		bool same;
	} texts[] = {
		{ "", "", true },
		{ "-i 1s -s 9", "-s 9 -i 1s", true },
		{ "-i 1s", "-i1s", true },
		{ "-i 1s", "--interval 1", true },
		{ "-i 1s", "--interval=1000ms", true },
		{ "-i 1s", "--interv '1s'", true },
		{ "-b --path -4", "-4b --path", true },
		{ "-I eth0 -m 0x10", "-m 16 --interface eth0", true },
		{ "-I \\#x", "--interface '#x'", true },
		{ "-i 1s", "-i 2s", false },
		{ "-i 1s", "-W 1s", false },
		{ "-i 1s", "-i 1s -b", false },
		{ "-i 1s", "", false },
		{ "-i 1s -i 2s", "-i 2s -i 1s", false },
		{ "-I eth0 -I 192.0.2.1", "-I eth01 -I 92.0.2.1", false },
		{ "-p 1 -Q 2", "-p 12", false },
		/* What another program keeps, and what is not understood. */
		{ "-i 1s host", "-i 1s", false },
		{ "-i 1s --help", "-i 1s", false },
		{ "-i 1s --frequently", "-i 1s", false },
		{ "-I #x", "-I \\#x", false },
		{ "-I \"x", "-I x", false },
		{ "-I \"x", "-I \"x", true },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check(monitor_spelt_alike(texts[i].a, texts[i].b) == texts[i].same &&
		      monitor_spelt_alike(texts[i].b, texts[i].a) == texts[i].same,
		      "monitor: options: %s is %sas %s", texts[i].a,
		      texts[i].same ? "" : "not ", texts[i].b);
}

void test_monitor(void)
{
	alike();
	spelt();
	longest_options();
	page();
	last_hour();
	since_reset();
	a_hop();
	answers();
	no_route();
}
