/* SPDX-License-Identifier: GPL-2.0 */
/* What a user may ask of ping, and what that means for the module. */
#ifndef ICMPCTL_PING_OPTIONS_H
#define ICMPCTL_PING_OPTIONS_H

#include "keep_options.h"
#include "lib/options.h"
#include "lib/sender.h"
#include "lib/session.h"
#include "lib/target.h"

struct ping_config {
	struct sender from;
	bool adaptive, broadcast, stamped, flood, numeric, outstanding;
	bool quiet, verbose, json, plot;
	struct opt_value count, interval, timeout, deadline;
	struct opt_value size, ttl, tos, mark, flow_label, pmtudisc;
	struct opt_value schedule, seed, timestamps;
	uint8_t pattern[ICMPCTL_PATTERN_MAX];
	unsigned int pattern_len;
	struct keep_config keep;
};

extern const struct opt ping_options[];

int ping_check(const struct ping_config *c);
int ping_check_targets(const struct ping_config *c, struct target *targets, unsigned int n);
void ping_params(const struct ping_config *c, const struct target *targets,
		 unsigned int n, struct session_params *p);

#endif
