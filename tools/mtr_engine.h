/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mtr's sessions: the hops of a path as targets of one, whose rounds are mtr's cycles.
 * If the path grows longer, another session asks what lies behind its former end.
 */
#ifndef ICMPCTL_MTR_ENGINE_H
#define ICMPCTL_MTR_ENGINE_H

#include "lib/hops.h"
#include "lib/netlink.h"
#include "lib/session.h"
#include "lib/target.h"

/* Of all flows that a path may have, mtr follows one. */
#define MTR_FLOW 0
/* At once; how often a path may change its length before that is no longer followed. */
#define MTR_SESSIONS 16

struct out_mtr_keep;

/* A session: which hops it asks. */
struct mtr_session {
	uint32_t id;		/* 0: none */
	unsigned int first, n;
	uint64_t rounds_before;
};

/**
 * struct mtr_engine - what measures
 * @nlc: the socket
 * @target: where the path leads
 * @params: of each session
 * @cycles: rounds wanted, 0 for no end
 * @hops: what is known
 * @keep: what is kept of it
 * @sessions: those that run
 * @started_ns: when the first one began, CLOCK_MONOTONIC
 * @started_unix_ns: and CLOCK_REALTIME
 * @longer_from: TTL from which hops are to be asked anew, 0 for none
 * @stopping: they were told to end
 * @failure: why one ended that was not to, NULL as long as none did
 * @unsent: why the last probe did not leave, NULL if the last one did
 * @why: how the module refused a session
 * @refused_target: that is about the host
 * @blamed: the option that it is about, "" if not known
 */
struct mtr_engine {
	struct nlc *nlc;
	const struct target *target;
	struct session_params params;
	uint64_t cycles;
	struct hops *hops;
	struct out_mtr_keep *keep;
	struct mtr_session sessions[MTR_SESSIONS];
	uint64_t started_ns, started_unix_ns;
	unsigned int longer_from;
	bool stopping;
	const char *failure, *unsent;
	struct nlc_refusal why;
	bool refused_target;
	char blamed[8];
};

int mtr_start(struct mtr_engine *e);
int mtr_event(struct mtr_engine *e, const struct nlmsghdr *nlh);
int mtr_follow(struct mtr_engine *e);
void mtr_ask_statistics(struct mtr_engine *e);
int mtr_stop(struct mtr_engine *e);
bool mtr_ended(const struct mtr_engine *e);
uint64_t mtr_deadline_ns(const struct mtr_engine *e);
void mtr_tell_refusal(const struct mtr_engine *e);

#endif
