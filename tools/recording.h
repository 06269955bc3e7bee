/* SPDX-License-Identifier: GPL-2.0 */
/* Runs as `icmpctl ping --json` and --log wrote them down, read again. */
#ifndef ICMPCTL_RECORDING_H
#define ICMPCTL_RECORDING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/recompute.h"
#include "out.h"

struct json_object;

/**
 * struct recording - one run; all zeroes, that is none yet
 * @run: what an encoder is to know of it
 * @targets: its targets
 * @made: of each of them what its records say
 * @n: how many
 * @late: how late each probe was, of all targets
 * @last_ns: when the last thing happened, CLOCK_REALTIME
 * @summaries: how many of the targets' summaries were there
 */
struct recording {
	struct out_run run;
	struct target *targets;
	struct recompute *made;
	unsigned int n;
	struct numbers late;
	uint64_t last_ns;
	unsigned int summaries;
};

/**
 * struct recording_reader - reads files, one after the other
 * @done: gets each run when it is complete, its figures made; not 0 ends it all
 * @other: gets starts of other commands than ping, and what is said of hops; may be NULL
 * @arg: their first argument
 * @now: the run that is being read
 * @damaged: lines that are no JSON, or cut off
 * @runs: runs that were found
 */
struct recording_reader {
	int (*done)(void *arg, struct recording *recording);
	int (*other)(void *arg, struct json_object *o);
	void *arg;
	struct recording now;
	uint64_t damaged;
	unsigned int runs;
};

int recording_read(struct recording_reader *reader, const char *name);
int recording_end(struct recording_reader *reader);

#endif
