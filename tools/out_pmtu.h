/* SPDX-License-Identifier: GPL-2.0 */
/* What a search for a path MTU has to tell: that it begins, and all else at its end. */
#ifndef ICMPCTL_OUT_PMTU_H
#define ICMPCTL_OUT_PMTU_H

#include <stdio.h>

#include "lib/pmtu_run.h"

/**
 * struct out_pmtu - a search to be printed
 * @file: where to
 * @target: whose path
 * @run: the search; what it found once it is done
 * @device: interface the probes are bound to, NULL for none
 * @name_of: the name of an address if known by now, else NULL; NULL: no names
 * @info: of its first session
 * @interrupted: it was ended before its time
 * @elapsed_ns: how long it took, at its end
 */
struct out_pmtu {
	FILE *file;
	const struct target *target;
	const struct pmtu_run *run;
	const char *device;
	const char *(*name_of)(int family, const uint8_t *addr, uint32_t scope);
	const struct session_info *info;
	bool interrupted;
	uint64_t elapsed_ns;
};

struct json_object;

void out_pmtu_text_start(const struct out_pmtu *out);
void out_pmtu_text_result(const struct out_pmtu *out);
void out_pmtu_json_start(const struct out_pmtu *out);
void out_pmtu_json_result(const struct out_pmtu *out);
void out_pmtu_json_facts(struct json_object *o, const struct pmtu_run *run);
const char *out_pmtu_outcome(const struct pmtu *p);

#endif
