// SPDX-License-Identifier: GPL-2.0
/* JSON Lines: the schema, from fabricated records. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "samples.h"

static struct target targets[3];
static struct out_run run;

static void one(struct icmpctl_record r, const char *expected, const char *what)
{
	char *text = sample_print(&out_json, &run, false, &r, 1, NULL);

	check_text(text, expected, "json: %s", what);
	free(text);
}

#define HEAD(seq, status) \
	"{\"type\":\"probe\",\"target\":\"far.lab\",\"address\":\"198.51.100.2\",\"seq\":" seq \
	",\"ttl_sent\":64,\"status\":\"" status "\""
#define WIRE(seq) ",\"icmp_id\":4711,\"icmp_seq\":" seq "}\n"
#define TIMES(sent) \
	",\"rtt_ns\":13015316,\"sent_unix_ns\":" sent ",\"tx_source\":\"driver\"" \
	",\"rx_source\":\"stack\",\"late_ns\":1200,\"tx_stack_ns\":2400,\"rx_stack_ns\":700"

static void test_probes(void)
{
	struct icmpctl_record r = sample_record(ICMPCTL_STATUS_REPLY, 1, 4);

	sample_run(&run, targets, 1, 4);
	one(r, HEAD("1", "reply")
	    ",\"from\":\"198.51.100.2\",\"ttl\":61,\"tos\":0,\"bytes\":64"
	    TIMES("1693288028512766600") WIRE("1"), "reply");
	r.flags = ICMPCTL_RECORD_F_FALLBACK | ICMPCTL_RECORD_F_SUSPENDED;
	one(r, HEAD("1", "reply")
	    ",\"from\":\"198.51.100.2\",\"ttl\":61,\"tos\":0,\"bytes\":64"
	    TIMES("1693288028512766600") ",\"fallback\":true,\"suspended\":true" WIRE("1"),
	    "marks of the RTT");
	r.hw_tx_ns = r.driver_ns + 300;
	r.hw_rx_ns = r.stack_ns - 4000;
	r.tx_source = ICMPCTL_SOURCE_HARDWARE;
	r.rx_source = ICMPCTL_SOURCE_HARDWARE;
	r.rtt_ns = r.hw_rx_ns - r.hw_tx_ns;
	r.flags = 0;
	one(r, HEAD("1", "reply")
	    ",\"from\":\"198.51.100.2\",\"ttl\":61,\"tos\":0,\"bytes\":64"
	    ",\"rtt_ns\":13011016,\"sent_unix_ns\":1693288028512766900"
	    ",\"tx_source\":\"hardware\",\"rx_source\":\"hardware\",\"late_ns\":1200"
	    ",\"tx_stack_ns\":2400,\"tx_hw_ns\":300,\"rx_hw_ns\":4000,\"rx_stack_ns\":700"
	    WIRE("1"), "hardware stamps");
	r = sample_record(ICMPCTL_STATUS_REPLY, 1, 4);
	r.flags = ICMPCTL_RECORD_F_CHANGED | ICMPCTL_RECORD_F_LENGTH;
	r.info = 20;
	one(r, HEAD("1", "reply")
	    ",\"from\":\"198.51.100.2\",\"ttl\":61,\"tos\":0,\"bytes\":64"
	    ",\"payload_changed\":true,\"payload_changed_at\":20"
	    ",\"payload_length_differs\":true"
	    TIMES("1693288028512766600") WIRE("1"), "changed payload");
	r = sample_record(ICMPCTL_STATUS_ERROR, 3, 4);
	one(r, HEAD("3", "error")
	    ",\"from\":\"192.0.2.254\",\"ttl\":61,\"tos\":0,\"bytes\":92"
	    ",\"icmp_type\":3,\"icmp_code\":1,\"icmp_name\":\"host-unreachable\""
	    TIMES("1693288030512766600") WIRE("3"), "error");
	r.icmp_code = 4;
	r.info = 1400;
	one(r, HEAD("3", "error")
	    ",\"from\":\"192.0.2.254\",\"ttl\":61,\"tos\":0,\"bytes\":92"
	    ",\"icmp_type\":3,\"icmp_code\":4,\"icmp_name\":\"fragmentation-needed\",\"mtu\":1400"
	    TIMES("1693288030512766600") WIRE("3"), "error with an MTU");
	one(sample_record(ICMPCTL_STATUS_REDIRECT, 1, 4), HEAD("1", "redirect")
	    ",\"from\":\"192.0.2.254\",\"ttl\":61,\"tos\":0,\"bytes\":64"
	    ",\"icmp_type\":5,\"icmp_code\":1,\"icmp_name\":\"redirect-host\""
	    ",\"gateway\":\"192.0.2.253\""
	    TIMES("1693288028512766600") WIRE("1"), "redirect");
	one(sample_record(ICMPCTL_STATUS_LOST, 4, 4), HEAD("4", "lost")
	    ",\"sent_unix_ns\":1693288031512766600,\"late_ns\":1200,\"tx_stack_ns\":2400"
	    WIRE("4"), "lost");
	r = sample_record(ICMPCTL_STATUS_LOST, 4, 4);
	r.cause = ICMPCTL_CAUSE_FILTERED_IN;
	one(r, HEAD("4", "lost") ",\"cause\":\"filtered-in\""
	    ",\"sent_unix_ns\":1693288031512766600,\"late_ns\":1200,\"tx_stack_ns\":2400"
	    WIRE("4"), "lost, and why");
	r = sample_record(ICMPCTL_STATUS_SEND_FAILED, 5, 4);
	r.error = ENETUNREACH;
	one(r, HEAD("5", "send-failed") ",\"reason\":\"Network is unreachable\",\"errno\":101"
	    WIRE("5"), "not sent");
	one(sample_record(ICMPCTL_STATUS_SENT, 2, 4), HEAD("2", "sent")
	    ",\"sent_unix_ns\":1693288029512764200,\"late_ns\":1200" WIRE("2"), "sent");
}

static const char *const statuses[] = {
	"sent", "reply", "error", "lost", "send-failed", "late", "duplicate", "redirect",
	"forged", "bad-checksum", "other-address", "unknown",
};

static void test_status_names(void)
{
	for (unsigned int i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		struct icmpctl_record r = sample_record(i, 1, 6);
		char *text, expected[64];

		sample_run(&run, targets, 1, 6);
		text = sample_print(&out_json, &run, false, &r, 1, NULL);
		snprintf(expected, sizeof(expected), "\"status\":\"%s\"", statuses[i]);
		check(strstr(text, expected), "json: status %s", statuses[i]);
		free(text);
	}
}

static void test_ends(void)
{
	struct session_stats s = sample_stats();
	char *text;

	sample_run(&run, targets, 1, 4);
	text = sample_print(&out_json, &run, true, NULL, 0, NULL);
	check_text(text, "{\"type\":\"start\",\"schema\":1,\"command\":\"ping\",\"target\":\"far.lab\",\"address\":\"198.51.100.2\",\"interval_ns\":1000000000,\"timeout_ns\":10000000000,\"count\":5,\"size\":56,\"schedule\":\"periodic\",\"time_unix_ns\":1693288028512763000,\"session\":7,\"icmp_id\":4711,\"timestamps\":\"auto\"}\n",
		   "json: start");
	free(text);
	run.info.schedule = ICMPCTL_SCHEDULE_POISSON;
	run.info.seed = UINT64_MAX;
	text = sample_print(&out_json, &run, true, NULL, 0, NULL);
	check(strstr(text, ",\"schedule\":\"poisson\",\"seed\":18446744073709551615,"),
	      "json: start of a poisson schedule");
	free(text);
	run.info.schedule = ICMPCTL_SCHEDULE_PERIODIC;
	text = sample_print(&out_json, &run, false, NULL, 0, &s);
	check_text(text, "{\"type\":\"summary\",\"target\":\"far.lab\",\"address\":\"198.51.100.2\",\"sent\":5,\"received\":4,\"lost\":1,\"late\":0,\"duplicates\":0,\"errors\":0,\"outstanding\":0,\"send_failed\":0,\"redirects\":0,\"forged\":0,\"bad_checksum\":0,\"corrupt\":0,\"other_address\":0,\"skipped\":0,\"tx_driver\":4,\"rx_stack\":3,\"tx_hardware\":0,\"rx_hardware\":0,\"fallbacks\":0,\"suspended\":0,\"loss_ratio\":0.2,\"rtt_ns\":{\"min\":16345,\"mean\":21500,\"max\":13015316,\"stddev\":4004,\"ewma\":20000,\"p50\":20001,\"p90\":20002,\"p99\":20003,\"p999\":20004},\"jitter_ns\":123,\"ipdv_ns\":{\"mean\":456,\"max\":789,\"pairs\":2,\"signed_min\":-789,\"signed_max\":123},\"send_late_ns\":{\"mean\":1200,\"max\":2400,\"session\":{\"p50\":1000,\"p90\":1900,\"p99\":2300,\"p999\":2398,\"max\":2400}},\"loss_episodes\":2,\"loss_run_sum\":5,\"loss_run_max\":3,\"loss_gap_min\":4,\"loss_gap_sum\":4,\"answered_run_max\":7,\"reordered\":2,\"reordering_extent_max\":6,\"duplicate_probes\":1,\"last_minute\":{\"span_ns\":57000000000,\"sent\":4,\"received\":3,\"lost\":1,\"late\":0,\"duplicates\":0,\"errors\":0,\"send_failed\":0,\"reordered\":0,\"loss_ratio\":0.25,\"rtt_ns\":{\"min\":16346,\"mean\":21501,\"max\":13015315,\"stddev\":4003}},\"records_dropped\":0,\"elapsed_ns\":4002400000,\"reason\":\"complete\"}\n",
		   "json: summary");
	free(text);
	s.told[ICMPCTL_STATS_A_CAUSE_SILENCE] = true;
	s.told[ICMPCTL_STATS_A_CAUSE_QUEUE] = true;
	s.value[ICMPCTL_STATS_A_CAUSE_QUEUE] = 3;
	text = sample_print(&out_json, &run, false, NULL, 0, &s);
	check(strstr(text, ",\"causes\":{\"queue\":3},"), "json: summary with causes");
	free(text);
	s = (struct session_stats){ .told = { false } };
	s.value[ICMPCTL_STATS_A_SENT] = s.value[ICMPCTL_STATS_A_LOST] = 1;
	s.value[ICMPCTL_STATS_A_FORGED] = UINT64_MAX;
	targets[0].given = "a\"b\377\n";
	text = sample_print(&out_json, &run, false, NULL, 0, &s);
	check_text(text, "{\"type\":\"summary\",\"target\":\"a\\\"b\357\277\275\\n\",\"address\":\"198.51.100.2\",\"sent\":1,\"received\":0,\"lost\":1,\"late\":0,\"duplicates\":0,\"errors\":0,\"outstanding\":0,\"send_failed\":0,\"redirects\":0,\"forged\":18446744073709551615,\"bad_checksum\":0,\"corrupt\":0,\"other_address\":0,\"skipped\":0,\"tx_driver\":0,\"rx_stack\":0,\"tx_hardware\":0,\"rx_hardware\":0,\"fallbacks\":0,\"suspended\":0,\"loss_ratio\":1.0,\"rtt_ns\":null,\"jitter_ns\":null,\"ipdv_ns\":null,\"send_late_ns\":null,\"loss_episodes\":null,\"loss_run_sum\":null,\"loss_run_max\":null,\"loss_gap_min\":null,\"loss_gap_sum\":null,\"answered_run_max\":null,\"reordered\":null,\"reordering_extent_max\":null,\"duplicate_probes\":null,\"last_minute\":null,\"records_dropped\":0,\"elapsed_ns\":4002400000,\"reason\":\"complete\"}\n",
		   "json: summary without an answer");
	free(text);
	run.quiet = true;
	one(sample_record(ICMPCTL_STATUS_REPLY, 1, 4), "", "-q");
}

void test_out_json(void)
{
	test_probes();
	test_status_names();
	test_ends();
}
