/* SPDX-License-Identifier: GPL-2.0 */
/* What is kept of an mtr beside what is shown: a log of JSON Lines, a capture. */
#ifndef ICMPCTL_OUT_MTR_KEEP_H
#define ICMPCTL_OUT_MTR_KEEP_H

#include "out.h"
#include "out_mtr.h"

/**
 * struct out_mtr_keep - what is kept; without paths nothing is
 * @log: opened and closed by the caller
 * @capture: likewise
 * @out: what is shown at the end
 * @run: target and parameters; here the first session's info is added
 * @begun: there is a start line that no summary has followed yet
 */
struct out_mtr_keep {
	struct logfile log;
	struct capture capture;
	const struct out_mtr *out;
	struct out_run run;
	bool begun;
};

void out_mtr_keep_start(struct out_mtr_keep *k, const struct session_info *info);
void out_mtr_keep_record(struct out_mtr_keep *k, unsigned int ttl, uint64_t rounds_before,
			 const struct icmpctl_record *r);
void out_mtr_keep_flush(struct out_mtr_keep *k);
void out_mtr_keep_end(struct out_mtr_keep *k, uint64_t elapsed_ns);

#endif
