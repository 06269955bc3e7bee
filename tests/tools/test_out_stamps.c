// SPDX-License-Identifier: GPL-2.0
/* Which stamps there are, and what they are good for, as text and JSON tell it. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "samples.h"

static struct target targets[2];
static struct out_run run;
static struct budget_way ways[2];

static void prints(const struct out_ops *ops, bool start, const struct icmpctl_record *r,
		   const struct session_stats *s, const char *expected, const char *what)
{
	char *text = sample_print(ops, &run, start, r, r ? 1 : 0, s);

	check_text(text, expected, "stamps: %s", what);
	free(text);
}

/* The same, but only a part of it is looked for. */
static void tells(const struct session_stats *s, bool start, const char *expected,
		  const char *what)
{
	char *text = sample_print(&out_json, &run, start, NULL, 0, s);
	bool there = strstr(text, expected);

	check_text(there ? expected : text, expected, "stamps: %s", what);
	free(text);
}

static void test_start(void)
{
	run.verbose = true;
	prints(&out_text, true, NULL, NULL,
	       "[far.lab] PING far.lab (198.51.100.2) 56(84) bytes of data.\n"
	       "[far.lab] stamps: hardware (et\\033h0)\n"
	       "[b.lab] PING b.lab (198.51.100.2) 56(84) bytes of data.\n",
	       "which, and by which interface, if it is known");
	run.verbose = false;
	prints(&out_text, true, NULL, NULL,
	       "[far.lab] PING far.lab (198.51.100.2) 56(84) bytes of data.\n"
	       "[b.lab] PING b.lab (198.51.100.2) 56(84) bytes of data.\n",
	       "nothing of it without -v");
	run.params.timestamps = ICMPCTL_TIMESTAMPS_HARDWARE;
	ways[0].stamps = ICMPCTL_TIMESTAMPS_DRIVER;
	tells(NULL, true, ",\"timestamps\":\"hardware\",\"stamps\":\"driver\"}\n",
	      "what was asked for, and what there is");
	tells(NULL, true, "4711,\"timestamps\":\"hardware\"}\n", "an interface that is not known");
}

static void test_parts(void)
{
	struct icmpctl_record r = sample_record(ICMPCTL_STATUS_REPLY, 1, 4);

	run.n_targets = 1;
	run.verbose = true;
	r.hw_tx_ns = r.driver_ns + 300;
	r.hw_rx_ns = r.stack_ns - 5016;
	r.rtt_ns = r.hw_rx_ns - r.hw_tx_ns;
	r.tx_source = r.rx_source = ICMPCTL_SOURCE_HARDWARE;
	prints(&out_text, false, &r, NULL,
	       "64 bytes from 198.51.100.2: icmp_seq=1 ttl=61 time=13.010000 ms\n"
	       "    late 0.001200, handed to driver 0.002400, driver to wire 0.000300, outside 13.010000, wire to stack 0.005016, stack to hook 0.000700 ms; stamps: hardware, hardware\n",
	       "-v opens the RTT to the wire");
	r = sample_record(ICMPCTL_STATUS_REPLY, 1, 4);
	r.flags = ICMPCTL_RECORD_F_FALLBACK | ICMPCTL_RECORD_F_SUSPENDED;
	prints(&out_text, false, &r, NULL,
	       "64 bytes from 198.51.100.2: icmp_seq=1 ttl=61 time=13.015316 ms\n"
	       "    late 0.001200, handed to driver 0.002400, driver to stack 13.015316, stack to hook 0.000700 ms; stamps: driver, stack (fallback) (suspended meanwhile: the time is too short)\n",
	       "-v says what is the matter");
}

static void test_end(void)
{
	struct session_stats s = { .told = { false } };

	s.value[ICMPCTL_STATS_A_SENT] = s.value[ICMPCTL_STATS_A_RECEIVED] = 3;
	s.value[ICMPCTL_STATS_A_TX_HARDWARE] = s.value[ICMPCTL_STATS_A_RX_HARDWARE] = 3;
	s.value[ICMPCTL_STATS_A_RTT_MAX_NS] = 2000000;
	run.info.hw_error_ns = 1500;
	run.info.hw_drift_ppb = -7;
	run.info.set = SESSION_BIT(ICMPCTL_SESSION_A_HW_ERROR_NS) |
		       SESSION_BIT(ICMPCTL_SESSION_A_HW_DRIFT_PPB);
	prints(&out_text, false, NULL, &s,
	       "\n--- far.lab ping statistics ---\n"
	       "3 packets transmitted, 3 received, 0% packet loss, time 4002ms\n"
	       "stamps: 0 of 3 rtts from the driver's, 0 to the stack's, 3 between the hardware's\n"
	       "hardware clock: stamps known to 1.5 us, rate -7 ppb\n"
	       "error budget of et\\033h0: clock read 0 ns, driver 0 ns, coalescing 0 ns, clock conversion 400 ns, sum 400 ns\n",
	       "the end of a run with hardware's");
	tells(&s, false, ",\"hw_error_ns\":1500,\"hw_drift_ppb\":-7,\"error_budget_ns\":{\"clock_read\":0,\"driver\":0,\"coalescing\":0,\"conversion\":400,\"sum\":400}",
	      "and in JSON");
	run.info.hw_rtt_error_ns = 23;
	tells(&s, false, "\"coalescing\":0,\"conversion\":23,\"sum\":23}",
	      "and as the module has told it");
	run.info.hw_rtt_error_ns = 0;
	s.value[ICMPCTL_STATS_A_TX_HARDWARE] = s.value[ICMPCTL_STATS_A_RX_HARDWARE] = 2;
	s.value[ICMPCTL_STATS_A_TX_DRIVER] = s.value[ICMPCTL_STATS_A_RX_STACK] = 1;
	s.value[ICMPCTL_STATS_A_FALLBACKS] = 1;
	run.info.set = 0;
	prints(&out_text, false, NULL, &s,
	       "\n--- far.lab ping statistics ---\n"
	       "3 packets transmitted, 3 received, 0% packet loss, time 4002ms\n"
	       "stamps: 1 of 3 rtts from the driver's, 1 to the stack's, 2 between the hardware's; 1 fell back\n"
	       "error budget of et\\033h0: clock read 42 ns, driver not known, coalescing not known, clock conversion 400 ns, sum 442 ns\n",
	       "one that fell back");
}

void test_out_stamps(void)
{
	sample_run(&run, targets, 2, 4);
	ways[0] = (struct budget_way){
		.ifindex = 2,
		.name = "et\033h0",
		.stamps = ICMPCTL_TIMESTAMPS_HARDWARE,
		.clock = { .cost_ns = 20, .step_ns = 21 },
	};
	run.ways = ways;
	test_start();
	test_parts();
	test_end();
}
