/* SPDX-License-Identifier: GPL-2.0 */
/* What a user may ask of trace, and what that means for the module. */
#ifndef ICMPCTL_TRACE_OPTIONS_H
#define ICMPCTL_TRACE_OPTIONS_H

#include "keep_options.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/sender.h"
#include "lib/session.h"
#include "lib/target.h"

struct trace_config {
	struct sender from;
	struct keep_config keep;
	bool icmp, udp, tcp;
	bool dont_fragment, numeric, verbose, json, extensions, plot;
	struct opt_value first, max, queries, window, repeats;
	struct opt_value tos, mark, timeout, port, flows;
	/* Wanted of many flows, in percent; 0 if it was not given. */
	double confidence;
	/* Of the probes, IP header included. */
	unsigned int packet_bytes;
};

extern const struct opt trace_options[];

uint32_t trace_kind(const struct trace_config *c);
int trace_check(struct trace_config *c);
int trace_check_target(struct trace_config *c, struct target *t, const char *bytes);
void trace_rule(const struct trace_config *c, struct path_rule *rule);
void trace_params(const struct trace_config *c, int family, uint32_t flow_base,
		  struct session_params *p);

#endif
