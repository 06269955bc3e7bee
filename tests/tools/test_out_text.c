// SPDX-License-Identifier: GPL-2.0
/* Text: line by line what ping prints, from fabricated records. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "samples.h"

static struct target targets[3];
static struct out_run run;

static const char *name_of(int family, const uint8_t *addr, uint32_t scope)
{
	(void)scope;
	if (family == 4 && addr[0] == 198)
		return "far.lab";
	if (family == 4 && addr[3] == 254)
		return "gw\033.lab";
	return NULL;
}

static void prints(const struct icmpctl_record *r, unsigned int n, const char *expected,
		   const char *what)
{
	char *text = sample_print(&out_text, &run, false, r, n, NULL);

	check_text(text, expected, "text: %s", what);
	free(text);
}

static void one(struct icmpctl_record r, const char *expected, const char *what)
{
	prints(&r, 1, expected, what);
}

static void test_headers(void)
{
	char *text;

	sample_run(&run, targets, 1, 4);
	text = sample_print(&out_text, &run, true, NULL, 0, NULL);
	check_text(text, "PING far.lab (198.51.100.2) 56(84) bytes of data.\n",
		   "text: header");
	free(text);
	run.device = "eth0";
	strcpy(targets[0].source, "192.0.2.9");
	run.params.pattern_len = 2;
	run.params.pattern[0] = 0xca;
	run.params.pattern[1] = 0xfe;
	text = sample_print(&out_text, &run, true, NULL, 0, NULL);
	check_text(text, "PATTERN: 0xcafe\nPING far.lab (198.51.100.2) from 192.0.2.9 eth0: 56(84) bytes of data.\n",
		   "text: header with -I and -p");
	free(text);
	sample_run(&run, targets, 1, 6);
	text = sample_print(&out_text, &run, true, NULL, 0, NULL);
	check_text(text, "PING far.lab (2001:db8::2) 56 data bytes\n", "text: header of IPv6");
	free(text);
	run.params.flow_label = 0x123;
	text = sample_print(&out_text, &run, true, NULL, 0, NULL);
	check_text(text, "PING far.lab (2001:db8::2) , flow 0x00123, 56 data bytes\n",
		   "text: header with -F");
	free(text);
	sample_run(&run, targets, 2, 4);
	text = sample_print(&out_text, &run, true, NULL, 0, NULL);
	check_text(text,
		   "[far.lab] PING far.lab (198.51.100.2) 56(84) bytes of data.\n"
		   "[b.lab] PING b.lab (198.51.100.2) 56(84) bytes of data.\n",
		   "text: headers of several hosts");
	free(text);
}

static void test_replies(void)
{
	struct icmpctl_record r = sample_record(ICMPCTL_STATUS_REPLY, 1, 4);

	sample_run(&run, targets, 1, 4);
	one(r, "64 bytes from 198.51.100.2: icmp_seq=1 ttl=61 time=13.015316 ms\n", "reply");
	run.name_of = name_of;
	one(r, "64 bytes from far.lab (198.51.100.2): icmp_seq=1 ttl=61 time=13.015316 ms\n",
	    "reply with a name");
	targets[0].numeric = true;
	one(r, "64 bytes from 198.51.100.2: icmp_seq=1 ttl=61 time=13.015316 ms\n",
	    "no name for who asked by number");
	targets[0].numeric = false;
	run.name_of = NULL;
	r.status = ICMPCTL_STATUS_DUPLICATE;
	one(r, "64 bytes from 198.51.100.2: icmp_seq=1 ttl=61 time=13.015316 ms (DUP!)\n",
	    "duplicate");
	r.flags = ICMPCTL_RECORD_F_GROUP;
	one(r, "64 bytes from 198.51.100.2: icmp_seq=1 ttl=61 time=13.015316 ms\n",
	    "one of a group's many answers");
	r.flags = 0;
	r.status = ICMPCTL_STATUS_BAD_CHECKSUM;
	one(r, "64 bytes from 198.51.100.2: icmp_seq=1 ttl=61 time=13.015316 ms (BAD CHECKSUM!)\n",
	    "bad checksum");
	r.status = ICMPCTL_STATUS_OTHER_ADDRESS;
	one(r, "64 bytes from 198.51.100.2: icmp_seq=1 ttl=61 time=13.015316 ms (DIFFERENT ADDRESS!)\n",
	    "other address");
	r.status = ICMPCTL_STATUS_LATE;
	one(r, "64 bytes from 198.51.100.2: icmp_seq=1 ttl=61 time=13.015316 ms (LATE!)\n",
	    "late");
	r.status = ICMPCTL_STATUS_REPLY;
	r.flags = ICMPCTL_RECORD_F_LENGTH;
	r.bytes = 40;
	one(r, "40 bytes from 198.51.100.2: icmp_seq=1 ttl=61 time=13.015316 ms (truncated)\n",
	    "truncated");
	r.bytes = 64;
	r.flags = ICMPCTL_RECORD_F_CHANGED;
	r.info = 20;
	one(r, "64 bytes from 198.51.100.2: icmp_seq=1 ttl=61 time=13.015316 ms\nwrong data byte #20 should be 0x14\n",
	    "changed payload");
	r = sample_record(ICMPCTL_STATUS_REPLY, 70000, 6);
	r.tx_source = ICMPCTL_SOURCE_NONE;
	sample_run(&run, targets, 1, 6);
	one(r, "64 bytes from 2001:db8::2: icmp_seq=70000 ttl=61\n", "reply without an RTT");
	run.stamped = true;
	r = sample_record(ICMPCTL_STATUS_REPLY, 1, 6);
	one(r, "[1693288028.525782] 64 bytes from 2001:db8::2: icmp_seq=1 ttl=61 time=13.015316 ms\n",
	    "-D");
	r.target = 1;
	one(r, "", "a target that does not exist");
}

static void test_errors(void)
{
	struct icmpctl_record r = sample_record(ICMPCTL_STATUS_ERROR, 3, 4);

	sample_run(&run, targets, 1, 4);
	one(r, "From 192.0.2.254 icmp_seq=3 Destination Host Unreachable\n", "error");
	run.name_of = name_of;
	one(r, "From gw\\033.lab (192.0.2.254) icmp_seq=3 Destination Host Unreachable\n",
	    "error, and a name that would clear the screen");
	run.name_of = NULL;
	r.status = ICMPCTL_STATUS_LATE;
	one(r, "From 192.0.2.254 icmp_seq=3 Destination Host Unreachable (LATE!)\n",
	    "late error");
	r = sample_record(ICMPCTL_STATUS_ERROR, 3, 4);
	r.icmp_code = 4;
	r.info = 1400;
	one(r, "From 192.0.2.254 icmp_seq=3 Frag needed and DF set (mtu = 1400)\n",
	    "fragmentation needed");
	one(sample_record(ICMPCTL_STATUS_REDIRECT, 3, 4),
	    "From 192.0.2.254: icmp_seq=3 Redirect Host(New nexthop: 192.0.2.253)\n",
	    "redirect");
	one(sample_record(ICMPCTL_STATUS_LOST, 3, 4), "", "lost");
	one(sample_record(ICMPCTL_STATUS_FORGED, 3, 4), "", "forged");
	run.verbose = true;
	one(sample_record(ICMPCTL_STATUS_LOST, 3, 4),
	    "icmp_seq=3 lost: no answer within 10 s\n", "lost, -v");
	one(sample_record(ICMPCTL_STATUS_FORGED, 3, 4),
	    "From 198.51.100.2 icmp_seq=3 forged reply ignored\n", "forged, -v");
	run.verbose = false;
	r = sample_record(ICMPCTL_STATUS_SEND_FAILED, 3, 4);
	r.error = ENETUNREACH;
	one(r, "icmp_seq=3 not sent: Network is unreachable\n", "not sent");
	r.error = EMSGSIZE;
	one(r, "icmp_seq=3 not sent: local error: message too long\n", "not sent: too long");
	r.error = EPERM;
	one(r, "icmp_seq=3 not sent: Operation not permitted (local firewall)\n",
	    "not sent: firewall");
	r.error = 0;
	r.xmit_code = 1;
	one(r, "icmp_seq=3 not sent: dropped by the local queue\n", "not sent: queue");
	r.status = 200;
	one(r, "", "a status of a newer module");
}

static void test_parts(void)
{
	struct icmpctl_record r = sample_record(ICMPCTL_STATUS_REPLY, 1, 4);

	sample_run(&run, targets, 1, 4);
	run.verbose = true;
	one(r, "64 bytes from 198.51.100.2: icmp_seq=1 ttl=61 time=13.015316 ms\n"
	       "    late 0.001200, handed to driver 0.002400, driver to stack 13.015316, stack to hook 0.000700 ms; stamps: driver, stack\n",
	    "-v opens the RTT");
	r.driver_ns = r.stack_ns = 0;
	r.tx_source = r.rx_source = ICMPCTL_SOURCE_HOOK;
	one(r, "64 bytes from 198.51.100.2: icmp_seq=1 ttl=61 time=13.015316 ms\n"
	       "    late 0.001200, handed to hook 13.018416 ms; stamps: hook, hook\n",
	    "-v without the better stamps");
}

static void test_many(void)
{
	struct icmpctl_record r[] = {
		sample_record(ICMPCTL_STATUS_SENT, 1, 4),
		sample_record(ICMPCTL_STATUS_SENT, 2, 4),
		/* the answer may be told before SENT */
		sample_record(ICMPCTL_STATUS_REPLY, 3, 4),
		sample_record(ICMPCTL_STATUS_REPLY, 2, 4),
		sample_record(ICMPCTL_STATUS_SENT, 3, 4),
		sample_record(ICMPCTL_STATUS_SENT, 4, 4),
		sample_record(ICMPCTL_STATUS_ERROR, 4, 4),
		sample_record(ICMPCTL_STATUS_SENT, 5, 4),
		sample_record(ICMPCTL_STATUS_SEND_FAILED, 6, 4),
	};

	sample_run(&run, targets, 1, 4);
	run.outstanding = true;
	prints(r, 9, "no answer yet for icmp_seq=1\n"
	       "64 bytes from 198.51.100.2: icmp_seq=3 ttl=61 time=13.015316 ms\n"
	       "64 bytes from 198.51.100.2: icmp_seq=2 ttl=61 time=13.015316 ms\n"
	       "From 192.0.2.254 icmp_seq=4 Destination Host Unreachable\n"
	       "no answer yet for icmp_seq=5\n"
	       "icmp_seq=6 not sent: no reason was given\n", "-O");
	run.outstanding = false;
	run.flood = true;
	prints(r, 9, "..\b \b\b \b..\bE.E", "-f");
	run.quiet = true;
	prints(r, 9, "", "-q");
	sample_run(&run, targets, 2, 4);
	r[2].target = 1;
	prints(r + 2, 2,
	       "[b.lab] 64 bytes from 198.51.100.2: icmp_seq=3 ttl=61 time=13.015316 ms\n"
	       "[far.lab] 64 bytes from 198.51.100.2: icmp_seq=2 ttl=61 time=13.015316 ms\n",
	       "several hosts");
}

static void ends(const struct session_stats *s, const char *expected, const char *what)
{
	char *text = sample_print(&out_text, &run, false, NULL, 0, s);

	check_text(text, expected, "text: %s", what);
	free(text);
}

static void test_summary(void)
{
	struct session_stats s = sample_stats();
	char *text;

	sample_run(&run, targets, 1, 4);
	ends(&s, "\n--- far.lab ping statistics ---\n"
	     "5 packets transmitted, 4 received, 20% packet loss, time 4002ms\n"
	     "rtt min/avg/max/mdev = 0.016345/0.021500/13.015316/0.004004 ms\n", "summary");
	run.adaptive = true;
	ends(&s, "\n--- far.lab ping statistics ---\n"
	     "5 packets transmitted, 4 received, 20% packet loss, time 4002ms\n"
	     "rtt min/avg/max/mdev = 0.016345/0.021500/13.015316/0.004004 ms, ipg/ewma 1000.600000/0.020000 ms\n",
	     "summary of -A");
	run.adaptive = false;
	run.verbose = true;
	s.value[ICMPCTL_STATS_A_FORGED] = 1;
	s.value[ICMPCTL_STATS_A_REDIRECTS] = 2;
	ends(&s, "\n--- far.lab ping statistics ---\n"
	     "5 packets transmitted, 4 received, 20% packet loss, time 4002ms\n"
	     "rtt min/avg/max/mdev = 0.016345/0.021500/13.015316/0.004004 ms\n"
	     "rtt p50/p90/p99/p99.9 = 0.020001/0.020002/0.020003/0.020004 ms\n"
	     "jitter 0.000123 ms, delay variation mean/max = 0.000456/0.000789 ms\n"
	     "sent late mean/max = 0.001200/0.002400 ms\n"
	     "sent late p50/p90/p99/p99.9 = 0.001000/0.001900/0.002300/0.002398 ms\n"
	     "loss: 2 episodes, the longest 3 probes, 4 apart at least; answered in a row: 7 at most\n"
	     "reordered: 2 replies, by 6 at most\n"
	     "duplicated: 1 probes\n"
	     "stamps: 4 of 4 rtts from the driver's, 3 to the stack's\n"
	     "counted: 1 forged, 2 redirect\n", "summary of -v");
	run.info.schedule = ICMPCTL_SCHEDULE_POISSON;
	run.info.seed = 4294967295;
	text = sample_print(&out_text, &run, false, NULL, 0, &s);
	check(strstr(text, "\nschedule: poisson, seed 4294967295\n"),
	      "summary of -v, poisson");
	free(text);
	run.info.schedule = ICMPCTL_SCHEDULE_PERIODIC;
	run.info.elapsed_ns = 60000000001;
	s.value[ICMPCTL_STATS_A_LOSS_EPISODES] = 0;
	s.value[ICMPCTL_STATS_A_REORDERED] = 0;
	s.value[ICMPCTL_STATS_A_DUPLICATE_PROBES] = 0;
	ends(&s, "\n--- far.lab ping statistics ---\n"
	     "5 packets transmitted, 4 received, 20% packet loss, time 60000ms\n"
	     "rtt min/avg/max/mdev = 0.016345/0.021500/13.015316/0.004004 ms\n"
	     "rtt p50/p90/p99/p99.9 = 0.020001/0.020002/0.020003/0.020004 ms\n"
	     "jitter 0.000123 ms, delay variation mean/max = 0.000456/0.000789 ms\n"
	     "sent late mean/max = 0.001200/0.002400 ms\n"
	     "sent late p50/p90/p99/p99.9 = 0.001000/0.001900/0.002300/0.002398 ms\n"
	     "last minute: 4 sent, 3 received, 25% packet loss, rtt min/avg/max/mdev = 0.016346/0.021501/13.015315/0.004003 ms\n"
	     "stamps: 4 of 4 rtts from the driver's, 3 to the stack's\n"
	     "counted: 1 forged, 2 redirect\n", "summary of -v after more than a minute");
	run.info.elapsed_ns = 4002400000;
	run.verbose = false;
	s = (struct session_stats){ .told = { false } };
	s.value[ICMPCTL_STATS_A_SENT] = s.value[ICMPCTL_STATS_A_LOST] = 2;
	s.value[ICMPCTL_STATS_A_CAUSE_SILENCE] = 2;
	ends(&s, "\n--- far.lab ping statistics ---\n"
	     "2 packets transmitted, 0 received, 100% packet loss, time 4002ms\n",
	     "summary of silence");
	s.value[ICMPCTL_STATS_A_CAUSE_SILENCE] = 1;
	s.value[ICMPCTL_STATS_A_CAUSE_LINK_DOWN] = 1;
	ends(&s, "\n--- far.lab ping statistics ---\n"
	     "2 packets transmitted, 0 received, 100% packet loss, time 4002ms\n"
	     "unanswered: 1 silence, 1 link down\n", "summary with a cause");
	s = (struct session_stats){ .told = { false } };
	s.value[ICMPCTL_STATS_A_SENT] = 8;
	s.value[ICMPCTL_STATS_A_SEND_FAILED] = 1;
	s.value[ICMPCTL_STATS_A_RECEIVED] = 2;
	s.value[ICMPCTL_STATS_A_ERRORS] = 1;
	s.value[ICMPCTL_STATS_A_LOST] = 2;
	s.value[ICMPCTL_STATS_A_OUTSTANDING] = 3;
	s.value[ICMPCTL_STATS_A_LATE] = 1;
	s.value[ICMPCTL_STATS_A_DUPLICATES] = 2;
	s.value[ICMPCTL_STATS_A_CORRUPT] = 1;
	s.value[ICMPCTL_STATS_A_BAD_CHECKSUM] = 1;
	run.info.records_dropped = 2;
	ends(&s, "\n--- far.lab ping statistics ---\n"
	     "9 packets transmitted, 2 received, +2 duplicates, +2 corrupted, +1 errors, +1 late, +3 outstanding, +1 send failed, 66.6667% packet loss, time 4002ms\n"
	     "2 lines not shown: the reader was too slow; the statistics are complete\n",
	     "summary of all that is odd");
	run.info.records_dropped = 0;
	s = (struct session_stats){ .told = { false } };
	ends(&s, "\n--- far.lab ping statistics ---\n0 packets transmitted, 0 received\n",
	     "summary of nothing");
	s.value[ICMPCTL_STATS_A_SENT] = s.value[ICMPCTL_STATS_A_OUTSTANDING] = 1;
	ends(&s, "\n--- far.lab ping statistics ---\n"
	     "1 packets transmitted, 0 received, +1 outstanding, 100% packet loss, time 4002ms\n",
	     "summary of what is not known yet");
	s = sample_stats();
	sample_run(&run, targets, 2, 4);
	ends(&s, "\n[far.lab] --- far.lab ping statistics ---\n"
	     "[far.lab] 5 packets transmitted, 4 received, 20% packet loss, time 4002ms\n"
	     "[far.lab] rtt min/avg/max/mdev = 0.016345/0.021500/13.015316/0.004004 ms\n"
	     "\n[b.lab] --- b.lab ping statistics ---\n"
	     "[b.lab] 5 packets transmitted, 4 received, 20% packet loss, time 4002ms\n"
	     "[b.lab] rtt min/avg/max/mdev = 0.016345/0.021500/13.015316/0.004004 ms\n",
	     "summaries of several hosts");
}

static void test_status(void)
{
	struct session_stats s = sample_stats();
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	sample_run(&run, targets, 1, 4);
	out_text_status(file, &run, 0, &s);
	fclose(file);
	check_text(text, "\r4/5 packets, 20% loss, min/avg/ewma/max = 0.016345/0.021500/0.020000/13.015316 ms\n",
		   "text: SIGQUIT");
	free(text);
}

void test_out_text(void)
{
	test_headers();
	test_replies();
	test_errors();
	test_parts();
	test_many();
	test_summary();
	test_status();
}
