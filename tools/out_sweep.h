/* SPDX-License-Identifier: GPL-2.0 */
/* What sweep prints: text, JSON Lines, CSV, and how far it is. */
#ifndef ICMPCTL_OUT_SWEEP_H
#define ICMPCTL_OUT_SWEEP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/remote_clock.h"
#include "lib/session.h"
#include "sweep_source.h"

/**
 * struct sweep_run - all that there is to tell
 * @config: the options
 * @source: what is asked
 * @info: of the session
 * @sweep: of the sweep
 * @stats: of the probes: IPv4, IPv6
 * @file: where lines for programs go
 * @all: every record, whatever is shown: for a log
 * @stopped: the user ended it
 * @found: hosts that answered a broadcast or multicast address, and none of their own
 * @overruled: by figure, hosts that the module gave up and that had answered such an address
 */
struct sweep_run {
	const struct sweep_config *config;
	const struct sweep_source *source;
	struct session_info info;
	struct session_sweep sweep;
	struct session_stats stats[2];
	FILE *file;
	bool all, stopped;
	uint64_t found;
	uint64_t overruled[ICMPCTL_SWEEP_A_MAX + 1];
};

/**
 * struct sweep_out - one way of telling it
 * @start: the sweep begins
 * @host: the fate of one address
 * @flush: print what waits for its name, all of it or what has waited long enough
 * @summary: it is over
 */
struct sweep_out {
	void (*start)(const struct sweep_run *run);
	void (*host)(const struct sweep_run *run, const struct icmpctl_record *r);
	void (*flush)(const struct sweep_run *run, bool all);
	void (*summary)(const struct sweep_run *run);
};

extern const struct sweep_out out_sweep_text;
extern const struct sweep_out out_sweep_json;
extern const struct sweep_out out_sweep_csv;

/* A figure of the sweep; 0 if it was not told. */
static inline uint64_t sweep_get(const struct sweep_run *run, int attr)
{
	return run->sweep.value[attr] - run->overruled[attr];
}

/* Does a record tell that somebody is there? */
static inline bool out_sweep_answered(const struct icmpctl_record *r)
{
	return r->status == ICMPCTL_STATUS_REPLY || r->status == ICMPCTL_STATUS_LATE;
}

#define OUT_SWEEP_LEN 256

const struct session_probe *out_sweep_probe(const struct sweep_config *c,
					    const struct icmpctl_record *r);
uint64_t out_sweep_hosts(const struct sweep_run *run);
uint64_t out_sweep_up(const struct sweep_run *run);
const char *out_sweep_answer(const struct icmpctl_record *r);
bool out_sweep_is_error(const struct icmpctl_record *r);
const char *out_sweep_interface(const struct icmpctl_record *r);
void out_sweep_clock(struct remote_clock *c, const struct sweep_run *run,
		     const struct icmpctl_record *r);
const char *out_sweep_by(char buf[OUT_SWEEP_LEN], const struct sweep_run *run,
			 const struct icmpctl_record *r);
uint64_t out_sweep_sum(const struct sweep_run *run, int attr);
const char *out_sweep_status(const struct icmpctl_record *r);
void out_sweep_counts(FILE *file, const struct sweep_run *run);
void out_sweep_resume(FILE *file, const struct sweep_run *run);
void out_sweep_progress(const struct sweep_run *run);
void out_sweep_progress_clear(void);

#endif
