/* SPDX-License-Identifier: GPL-2.0 */
/* What a user may ask of mtr, and what that means for the module. */
#ifndef ICMPCTL_MTR_OPTIONS_H
#define ICMPCTL_MTR_OPTIONS_H

#include "keep_options.h"
#include "lib/options.h"
#include "lib/sender.h"
#include "lib/session.h"
#include "lib/target.h"

struct mtr_config {
	struct sender from;
	struct keep_config keep;
	bool report, wide, json, csv, numeric, both, mpls;
	struct opt_value cycles, interval, first, max, packet, tos, mark;
	const char *order;	/* NULL for the usual one */
	/* Of the probes, IP header included. */
	unsigned int packet_bytes;
};

extern const struct opt mtr_options[];

int mtr_check(struct mtr_config *c);
int mtr_check_target(struct mtr_config *c, struct target *t);
bool mtr_fields_known(const char *fields);
void mtr_params(const struct mtr_config *c, int family, uint32_t flow_base,
		struct session_params *p);

#endif
