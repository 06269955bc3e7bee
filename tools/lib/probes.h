/* SPDX-License-Identifier: GPL-2.0 */
/* Sessions side by side on one socket, each with its own listener. */
#ifndef ICMPCTL_PROBES_H
#define ICMPCTL_PROBES_H

#include "lib/netlink.h"
#include "lib/session.h"

/* Sessions at once: one more, and the oldest is ended. */
#define PROBES_PASSES 64

/* More than sizes tried at once, or hops of a path. */
#define PROBES_TARGETS 255

/**
 * struct probes_tap - who gets every record, whoever listens, before they do
 * @on_record: of a probe with @size bytes of payload, of a session with @params
 * @on_started: gets what the module tells of each session
 * @arg: first argument of both
 */
struct probes_tap {
	void (*on_record)(void *arg, const struct session_params *params,
			  const struct target *target, uint32_t size,
			  const struct icmpctl_record *r);
	void (*on_started)(void *arg, const struct session_info *info);
	void *arg;
};

/**
 * struct probes_sent - what records do not tell of a session's probes
 * @params: what was asked for
 * @target: of whom; of the first, where there are several
 * @one: there is one target, and it is asked in several ways
 * @size: bytes of payload of each
 */
struct probes_sent {
	struct session_params params;
	const struct target *target;
	bool one;
	uint16_t size[PROBES_TARGETS];
};

/**
 * struct probes_pass - a session and who listens
 * @session: its id, 0 for none
 * @on_record: gets its records
 * @on_extended: gets them instead, with what answers had appended; may be NULL
 * @on_stats: gets its final statistics, may be NULL
 * @arg: first argument of them
 * @sent: for the tap, NULL without one
 */
struct probes_pass {
	uint32_t session;
	session_record_fn *on_record;
	session_extended_fn *on_extended;
	session_stats_fn *on_stats;
	void *arg;
	struct probes_sent *sent;
};

/**
 * struct probes - all sessions of a command
 * @nlc: the socket
 * @passes: the sessions
 * @newest: place of the next one
 * @info: what the module told of the first session
 * @failure: why a session ended that was not to, NULL if none did
 * @tap: set by the caller once it is open, and all zeroes is none
 */
struct probes {
	struct nlc nlc;
	struct probes_pass passes[PROBES_PASSES];
	unsigned int newest;
	struct session_info info;
	const char *failure;
	struct probes_tap tap;
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
