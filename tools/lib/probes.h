/* SPDX-License-Identifier: GPL-2.0 */
/* Sessions side by side on one socket, each with its own listener. */
#ifndef ICMPCTL_PROBES_H
#define ICMPCTL_PROBES_H

#include "lib/netlink.h"
#include "lib/session.h"

/* Sessions at once: one more, and the oldest is ended. */
#define PROBES_PASSES 64

/**
 * struct probes_pass - a session and who listens
 * @session: its id, 0 for none
 * @on_record: gets its records
 * @on_stats: gets its final statistics, may be NULL
 * @arg: first argument of both
 */
struct probes_pass {
	uint32_t session;
	session_record_fn *on_record;
	session_stats_fn *on_stats;
	void *arg;
};

/**
 * struct probes - all sessions of a command
 * @nlc: the socket
 * @passes: the sessions
 * @newest: place of the next one
 * @info: what the module told of the first session
 * @failure: why a session ended that was not to, NULL if none did
 */
struct probes {
	struct nlc nlc;
	struct probes_pass passes[PROBES_PASSES];
	unsigned int newest;
	struct session_info info;
	const char *failure;
};

/**
 * struct probes_refusal - why a session was not started
 * @why: what the module said
 * @attr: the attribute to blame, 0 if it is not known
 * @of_target: it is the target
 */
struct probes_refusal {
	struct nlc_refusal why;
	int attr;
	bool of_target;
};

int probes_open(struct probes *p);
int probes_start(struct probes *p, const struct session_params *params,
		 const struct target *target, const struct session_hop *hops, unsigned int n,
		 const struct probes_pass *listener, struct probes_refusal *refusal);
int probes_read(struct probes *p);
void probes_close(struct probes *p);

#endif
