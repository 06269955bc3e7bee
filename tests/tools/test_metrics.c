// SPDX-License-Identifier: GPL-2.0
/* Metrics: what scrapers accept, histograms, and made-up monitors in each format. */
#include <arpa/inet.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lib/metrics.h"
#include "lib/units.h"
#include "out_metrics.h"

static void accepted(void)
{
	static const struct {
		const char *accept;
		enum metrics_format format;
	} cases[] = {
		{ NULL, METRICS_TEXT },
		{ "", METRICS_TEXT },
		{ "*/*", METRICS_TEXT },
		{ "text/html, */*;q=0.1", METRICS_TEXT },
		{ "image/png", METRICS_TEXT },
		{ ",;,q=1,;q=2", METRICS_TEXT },
		/* Prometheus 2.42, without and with native histograms, and 3. */
		{ "application/openmetrics-text;version=1.0.0,application/openmetrics-text;"
		  "version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
		  METRICS_OPENMETRICS },
		{ "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
		  "encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,"
		  "application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;"
		  "q=0.5,*/*;q=0.1", METRICS_PROTOBUF },
		{ "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
		  "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
		  "encoding=delimited;q=0.5,text/plain;version=1.0.0;q=0.4", METRICS_OPENMETRICS },
		/* Blanks, capitals, other protobufs. */
		{ " text/plain ; q=0.3 , Application/OpenMetrics-Text ; q=0.4 ",
		  METRICS_OPENMETRICS },
		{ "application/vnd.google.protobuf;proto=other;encoding=delimited,text/plain;q=0.1",
		  METRICS_TEXT },
		{ "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
		  "encoding=text", METRICS_TEXT },
		{ "application/openmetrics-text;q=0,text/plain", METRICS_TEXT },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(metrics_accepted(cases[i].accept) == cases[i].format,
		      "metrics: accepted: %.60s", cases[i].accept ? cases[i].accept : "(nothing)");
}

static void set(struct session_stats *s, int attr, uint64_t value)
{
	s->told[attr] = true;
	s->value[attr] = value;
}

/* Number of the bucket of the kernel's that an RTT lies in, by the definition. */
static uint16_t bucket_of(uint64_t ns)
{
	uint16_t n = 0;

	while (n + 1 < ICMPCTL_RTT_BUCKETS && icmpctl_rtt_bucket_ns(n + 1) <= ns)
		n++;
	return n;
}

/* RTTs between 2^(k) and 2^(k+1) us as often as k, none at 16 us, each in its bucket. */
static void histogram(void)
{
	struct icmpctl_rtt_bucket buckets[24];
	struct monitor_target t = { .buckets = buckets };
	struct metrics_histogram h;
	uint64_t total = 0, native = 0, rtt_ns = 0;
	bool good = true;

	for (unsigned int k = 0; k < 24; k++) {
		if (k == 4)
			continue;
		rtt_ns = (UINT64_C(1) << (k + 10)) + (UINT64_C(1) << k) * 300;
		buckets[t.n_buckets++] = (struct icmpctl_rtt_bucket){
			.first = bucket_of(rtt_ns), .span = 1, .count = k + 1,
		};
		total += k + 1;
	}
	set(&t.stats, ICMPCTL_STATS_A_RTT_COUNT, total + 7);
	set(&t.stats, ICMPCTL_STATS_A_RTT_SUM_NS, 12345);
	metrics_histogram(&h, &t, 1);
	/* One bound an octave from 2^13 to 2^34 ns, and none. */
	check(h.n_classic == 23 && h.classic[0].le_ns == 8192 && !h.classic[22].le_ns,
	      "metrics: classic bounds");
	for (unsigned int i = 0; i < 22; i++) {
		uint64_t want = 0;

		for (unsigned int k = 0; k < 24; k++)
			if (k != 4 && k + 10 < 13 + i)
				want += k + 1;
		good &= h.classic[i].count == want;
	}
	check(good, "metrics: classic buckets count what lies under their bounds");
	check(h.count == total + 7 && h.classic[22].count == total + 7 && h.sum_ns == 12345,
	      "metrics: what is in no bucket is in the count");
	metrics_histogram(&h, &t, 8);
	check(h.n_classic == METRICS_BUCKETS_MAX && h.classic[1].le_ns == 9216,
	      "metrics: eight bounds an octave");
	metrics_histogram(&h, &t, 0);
	check(h.n_classic == 1 && !h.classic[0].le_ns, "metrics: no bound but none");
	for (unsigned int i = 0; i < h.n_native; i++)
		native += h.native[i];
	check(native == total && !h.zero, "metrics: native buckets have all that is in buckets");
	good = true;
	for (unsigned int b = 0; b < t.n_buckets; b++) {
		double middle = (icmpctl_rtt_bucket_ns(buckets[b].first) +
				 icmpctl_rtt_bucket_ns(buckets[b].first + 1)) / 2.0 / 1e9;
		int index = h.native_first;

		while (pow(2, index / 32.0) < middle)
			index++;
		good &= h.native[index - h.native_first] == buckets[b].count;
	}
	check(good, "metrics: each in the native bucket that its middle is in");

	/* Zero, the greatest there is, and merged ones. */
	buckets[0] = (struct icmpctl_rtt_bucket){ .first = 0, .span = 1, .count = 2 };
	buckets[1] = (struct icmpctl_rtt_bucket){ .first = bucket_of(16000), .span = 64, .count = 3 };
	buckets[2] = (struct icmpctl_rtt_bucket){ .first = ICMPCTL_RTT_BUCKETS - 1, .span = 1,
						  .count = 1 };
	t.n_buckets = 3;
	set(&t.stats, ICMPCTL_STATS_A_RTT_COUNT, 5);
	metrics_histogram(&h, &t, 1);
	check(h.zero == 2 && h.native[h.n_native - 1] == 1 && h.native[0] == 3,
	      "metrics: RTTs of 0 ns, and the longest");
	check(h.count == 6, "metrics: the count is never less than what is in buckets");
	check(h.classic[1].count == 2 && h.classic[2].count == 5,
	      "metrics: a merged bucket is under the bound that it lies under as a whole");
}

static struct monitor_target target(const char *name, const char *addr, uint8_t ttl,
				    const char *by, uint64_t n)
{
	struct monitor_target t = { .family = strchr(addr, ':') ? 6 : 4, .ttl = ttl };

	t.name = name ? strdup(name) : NULL;
	inet_pton(t.family == 4 ? AF_INET : AF_INET6, addr, t.addr);
	if (by) {
		t.by_family = 4;
		inet_pton(AF_INET, by, t.by);
	}
	set(&t.stats, ICMPCTL_STATS_A_SENT, 10 * n);
	set(&t.stats, ICMPCTL_STATS_A_SEND_FAILED, 1);
	set(&t.stats, ICMPCTL_STATS_A_RECEIVED, 7 * n);
	set(&t.stats, ICMPCTL_STATS_A_ERRORS, n);
	set(&t.stats, ICMPCTL_STATS_A_LOST, 2 * n);
	set(&t.stats, ICMPCTL_STATS_A_OUTSTANDING, 0);
	set(&t.stats, ICMPCTL_STATS_A_CAUSE_SILENCE, 2 * n);
	set(&t.stats, ICMPCTL_STATS_A_CAUSE_NO_ROUTE, 1);
	set(&t.stats, ICMPCTL_STATS_A_CAUSE_REPORTED, n);
	set(&t.stats, ICMPCTL_STATS_A_DUPLICATES, 3);
	set(&t.stats, ICMPCTL_STATS_A_RTT_P99_NS, 2000000);
	set(&t.stats, ICMPCTL_STATS_A_JITTER_NS, 1);
	set(&t.stats, ICMPCTL_STATS_A_RTT_COUNT, 7 * n);
	set(&t.stats, ICMPCTL_STATS_A_RTT_SUM_NS, 7 * n * 1050000000);
	t.n_buckets = 3;
	t.buckets = calloc(3, sizeof(*t.buckets));
	t.buckets[0] = (struct icmpctl_rtt_bucket){ bucket_of(1050000), 1, 5 * n };
	t.buckets[1] = (struct icmpctl_rtt_bucket){ bucket_of(1090000), 1, n };
	t.buckets[2] = (struct icmpctl_rtt_bucket){ bucket_of(2050000), 1, n };
	return t;
}

/* Two monitors, names with all that must be escaped, a name twice, and a path. */
static void made_up(struct metrics_scrape *s)
{
	struct monitor *m = calloc(2, sizeof(*m));

	*s = (struct metrics_scrape){
		.up = true, .serving = true, .module.version = "0.1.0", .read_ns = 1500000, .cpu_ns = 1,
		.memory_bytes = 4096, .started_unix_ns = 1700000000500000000, .an_octave = 1,
		.monitors = { .list = m, .n = 2 },
	};
	s->module.told[ICMPCTL_INFO_A_MONITORS] = true;
	s->module.value[ICMPCTL_INFO_A_MONITORS] = 2;
	for (int i = 0; i < 2; i++) {
		m[i].info.interval_ns = NSEC_PER_SEC;
		m[i].timeout_ns = 5 * NSEC_PER_SEC;
		m[i].info.started_unix_ns = 1700000000000000001;
		m[i].memory_bytes = 7000;
		m[i].n = 4;
		m[i].targets = calloc(4, sizeof(*m[i].targets));
	}
	strcpy(m[0].name, "office");
	m[0].targets[0] = target("a \"b\" \\ c\nd \xff\033[2J", "192.0.2.1", 0, "192.0.2.1", 1);
	m[0].targets[1] = target("twice", "2001:db8::1", 0, NULL, 2);
	m[0].targets[2] = target("twice", "2001:db8::1", 0, NULL, 3);
	m[0].targets[3] = target(NULL, "192.0.2.4", 0, NULL, 4);
	strcpy(m[1].name, "uplink");
	m[1].flags = ICMPCTL_SESSION_F_PATH;
	for (int i = 0; i < 4; i++)
		m[1].targets[i] = target("far", "203.0.113.1", i + 1, i == 0 ? "192.0.2.254" :
					 i == 3 ? "203.0.113.1" : NULL, 1);
}

static char *written(const struct metrics_scrape *s, enum metrics_format format, size_t *len)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, len);

	check(!out_metrics(file, format, s), "metrics: format %d is written", format);
	fclose(file);
	return text;
}

static void has_line(const char *text, const char *line)
{
	const char *at = strstr(text, line);
	size_t len = strlen(line);

	while (at && ((at != text && at[-1] != '\n') || at[len] != '\n'))
		at = strstr(at + 1, line);
	check(at, "metrics: %s", line);
}

static void lines(const char *text)
{
#define FIRST "monitor=\"office\",target=\"a \\\"b\\\" \\\\ c\\nd \xef\xbf\xbd\xef\xbf\xbd[2J\"," \
	      "address=\"192.0.2.1\",family=\"ipv4\""
#define HOP "monitor=\"uplink\",target=\"far\",address=\"203.0.113.1\",family=\"ipv4\""

	has_line(text, "icmpctl_up 1");
	has_line(text, "process_resident_memory_bytes 4096");
	has_line(text, "icmpctl_build_info{version=\"0.1.0\",module_version=\"0.1.0\"} 1");
	has_line(text, "icmpctl_probes_sent_total{" FIRST "} 10");
	has_line(text, "icmpctl_probes_unanswered_total{" FIRST ",cause=\"no-route\"} 1");
	has_line(text, "icmpctl_rtt_percentile_seconds{" FIRST ",percentile=\"99\"} 0.002");
	has_line(text, "icmpctl_jitter_seconds{" FIRST "} 0.000000001");
	has_line(text, "icmpctl_rtt_seconds_bucket{" FIRST ",le=\"0.001048576\"} 0");
	has_line(text, "icmpctl_rtt_seconds_bucket{" FIRST ",le=\"0.002097152\"} 7");
	has_line(text, "icmpctl_rtt_seconds_bucket{" FIRST ",le=\"8.192e-06\"} 0");
	has_line(text, "icmpctl_rtt_seconds_bucket{" FIRST ",le=\"+Inf\"} 7");
	has_line(text, "icmpctl_rtt_seconds_sum{" FIRST "} 7.35");
	has_line(text, "icmpctl_rtt_seconds_count{" FIRST "} 7");
	has_line(text, "icmpctl_probes_sent_total{monitor=\"office\",target=\"twice#2\","
		 "address=\"2001:db8::1\",family=\"ipv6\"} 30");
	has_line(text, "icmpctl_probes_sent_total{monitor=\"office\",target=\"192.0.2.4\","
		 "address=\"192.0.2.4\",family=\"ipv4\"} 40");
	has_line(text, "icmpctl_monitor_start_time_seconds{monitor=\"office\"} "
		 "1700000000.000000001");
	has_line(text, "icmpctl_hop_probes_reported_total{" HOP ",hop=\"2\"} 1");
	has_line(text, "icmpctl_hop_probes_rejected_total{" HOP ",hop=\"2\"} 1");
	has_line(text, "icmpctl_hop_probes_send_failed_total{" HOP ",hop=\"2\"} 1");
	has_line(text, "icmpctl_hop_info{" HOP ",hop=\"1\",answered_by=\"192.0.2.254\"} 1");
	has_line(text, "icmpctl_path_hops{monitor=\"uplink\"} 4");
	has_line(text, "icmpctl_path_reached{monitor=\"uplink\"} 1");
	check(!strstr(text, "icmpctl_probes_sent_total{monitor=\"uplink\""),
	      "metrics: hops are no targets");
	check(!strstr(text, "icmpctl_path_hops{monitor=\"office\""),
	      "metrics: targets are no path");
}

static const char *signature_of(const char *text)
{
	const char *at = strstr(text, "\nicmpctl_path_signature{");

	return at ? strchr(at, ' ') : "";
}

static void path(struct metrics_scrape *s)
{
	struct monitor *m = &s->monitors.list[1];
	size_t len;
	char *before = written(s, METRICS_TEXT, &len), *same, *after;

	set(&m->targets[0].stats, ICMPCTL_STATS_A_SENT, 11);
	same = written(s, METRICS_TEXT, &len);
	check(!strncmp(signature_of(before), signature_of(same), 8),
	      "metrics: a path that stays has the same number");
	/* As before its end was known: the target answers whoever has that many hops. */
	m->targets[1].by_family = 4;
	memcpy(m->targets[1].by, m->targets[1].addr, 4);
	after = written(s, METRICS_TEXT, &len);
	has_line(after, "icmpctl_path_hops{monitor=\"uplink\"} 2");
	check(strstr(after, "icmpctl_hop_info{" HOP ",hop=\"2\"") &&
	      !strstr(after, "icmpctl_hop_info{" HOP ",hop=\"4\""),
	      "metrics: what lies behind the target is no hop");
	free(after);
	m->targets[1].by_family = 0;
	m->targets[3].by_family = 0;
	after = written(s, METRICS_TEXT, &len);
	has_line(after, "icmpctl_path_hops{monitor=\"uplink\"} 1");
	free(after);
	m->targets[3].by_family = 4;
	m->targets[0].by[3]--;
	after = written(s, METRICS_TEXT, &len);
	check(strncmp(signature_of(before), signature_of(after), 8),
	      "metrics: a path that changes has another");
	free(before);
	free(same);
	free(after);
}

/* The end of the path: what was counted of it in a time, of 60 probes. */
static void counted(struct session_stats *s, enum stats_part part, uint64_t received)
{
	set(s, STATS_OF(part, ICMPCTL_STATS_A_SENT), 60);
	set(s, STATS_OF(part, ICMPCTL_STATS_A_RECEIVED), received);
	set(s, STATS_OF(part, ICMPCTL_STATS_A_ERRORS), 0);
	set(s, STATS_OF(part, ICMPCTL_STATS_A_LOST), 60 - received);
}

static void reached_is(struct metrics_scrape *s, int want, const char *when)
{
	char *text, line[64];
	size_t len;

	snprintf(line, sizeof(line), "\nicmpctl_path_reached{monitor=\"uplink\"} %d\n", want);
	text = written(s, METRICS_TEXT, &len);
	check(strstr(text, line), "metrics: reached is %d %s", want, when);
	free(text);
}

/* Who answered last stays: whether it does still is in what was counted lately. */
static void reached(struct metrics_scrape *s)
{
	struct monitor *m = &s->monitors.list[1];
	struct session_stats *end = &m->targets[3].stats;

	reached_is(s, 1, "when it has answered, and nothing is told of lately");
	counted(end, STATS_HOUR, 50);
	counted(end, STATS_MINUTE, 1);
	reached_is(s, 1, "with one reply in the last minute");
	counted(end, STATS_MINUTE, 0);
	reached_is(s, 0, "without any");
	m->info.interval_ns = 60 * NSEC_PER_SEC;
	reached_is(s, 1, "with a long interval and replies in the last hour");
	counted(end, STATS_HOUR, 0);
	reached_is(s, 0, "with a long interval and none");
	m->info.interval_ns = NSEC_PER_SEC;
}

static void keep(const char *dir, const char *name, const char *text, size_t len);

/*
 * A path of four hops once a minute, its target silent from the eleventh on: the series
 * that the alerts are tried with, by tests/tools/export.
 */
static void falls_silent(struct metrics_scrape *s, const char *dir)
{
	struct monitor *m = &s->monitors.list[1];
	char name[32], *text;
	size_t len;

	for (unsigned int minute = 0; minute <= 30; minute++) {
		for (unsigned int hop = 0; hop < 4; hop++) {
			struct session_stats *stats = &m->targets[hop].stats;
			uint64_t answered = 60 * (minute < 10 ? minute : 10);

			memset(stats, 0, sizeof(*stats));
			set(stats, ICMPCTL_STATS_A_SENT, 60 * minute);
			set(stats, ICMPCTL_STATS_A_SEND_FAILED, 0);
			set(stats, ICMPCTL_STATS_A_RECEIVED, hop == 3 ? answered : 0);
			set(stats, ICMPCTL_STATS_A_ERRORS, hop == 0 ? 60 * minute : 0);
			set(stats, ICMPCTL_STATS_A_LOST, hop == 0 ? 0 :
			    60 * minute - (hop == 3 ? answered : 0));
			set(stats, ICMPCTL_STATS_A_CAUSE_SILENCE,
			    stats_get(stats, ICMPCTL_STATS_A_LOST));
			counted(stats, STATS_MINUTE, hop == 3 && minute && minute <= 10 ? 60 : 0);
		}
		text = written(s, METRICS_TEXT, &len);
		snprintf(name, sizeof(name), "silent.%u", minute);
		keep(dir, name, text, len);
		free(text);
	}
}

static void keep(const char *dir, const char *name, const char *text, size_t len)
{
	char file_name[512];
	FILE *file;

	snprintf(file_name, sizeof(file_name), "%s/%s", dir, name);
	file = fopen(file_name, "we");
	check(file && fwrite(text, 1, len, file) == len && !fclose(file), "metrics: %s is kept",
	      name);
}

void test_metrics(const char *dir)
{
	static const char *const names[] = { "text.prom", "openmetrics", "protobuf" };
	struct metrics_scrape s;
	size_t len;
	char *text;

	accepted();
	histogram();
	made_up(&s);
	for (int f = 0; f < METRICS_FORMATS; f++) {
		text = written(&s, f, &len);
		if (f != METRICS_PROTOBUF)
			lines(text);
		if (f == METRICS_OPENMETRICS) {
			has_line(text, "# TYPE icmpctl_probes_sent counter");
			has_line(text, "# UNIT icmpctl_rtt_seconds seconds");
			has_line(text, "# TYPE icmpctl_build info");
			check(!strcmp(text + len - 6, "# EOF\n"), "metrics: OpenMetrics ends");
		} else if (f == METRICS_TEXT) {
			has_line(text, "# TYPE icmpctl_probes_sent_total counter");
			has_line(text, "# TYPE icmpctl_build_info gauge");
			check(!strstr(text, "# EOF") && !strstr(text, "# UNIT"),
			      "metrics: what only OpenMetrics has");
		}
		/* tests/tools/export reads them by other means. */
		if (dir)
			keep(dir, names[f], text, len);
		free(text);
	}
	path(&s);
	reached(&s);
	if (dir)
		falls_silent(&s, dir);
	s.serving = false;
	text = written(&s, METRICS_TEXT, &len);
	check(!strstr(text, "process_"), "metrics: a file has nothing of the process");
	free(text);
	monitors_free(&s.monitors);
	s = (struct metrics_scrape){ .up = false };
	text = written(&s, METRICS_TEXT, &len);
	has_line(text, "icmpctl_up 0");
	has_line(text, "icmpctl_build_info{version=\"0.1.0\"} 1");
	free(text);
}
