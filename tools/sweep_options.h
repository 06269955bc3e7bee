/* SPDX-License-Identifier: GPL-2.0 */
/* What a user may ask of sweep, and what that means for the module. */
#ifndef ICMPCTL_SWEEP_OPTIONS_H
#define ICMPCTL_SWEEP_OPTIONS_H

#include "keep_options.h"
#include "lib/options.h"
#include "lib/ranges.h"
#include "lib/sender.h"
#include "lib/session.h"

struct sweep_config {
	struct sender from;
	struct keep_config keep;
	bool alive, dead, all;
	bool broadcast, numeric, quiet, yes, json, csv;
	struct opt_value retries, timeout, seed, resume;
	/* Probes a second; 0 with @rate_given: as many as there are to be had. */
	uint32_t rate;
	bool rate_given;
	uint32_t shard, shards;
	const char *file;
	/* The interface on which all IPv6 nodes are asked, or NULL. */
	const char *all_nodes;
	/* What is sent, in this order; none: echo requests. */
	struct session_probe probes[ICMPCTL_PROBES_MAX];
	unsigned int n_probes;
	/* What -PX asks about: a name, an index, an address, or (none of them) who is asked. */
	const char *query_name;
	uint32_t query_index;
	uint8_t query_address[16];
	uint8_t query_len;
	bool query_given;
	struct range_list excluded;
	/* That was read from standard input. */
	bool excluded_stdin;
};

extern const struct opt sweep_options[];

int sweep_check(struct sweep_config *c);
void sweep_params(const struct sweep_config *c, struct session_params *p,
		  struct session_sweep *sweep);

#endif
