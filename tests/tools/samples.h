/* SPDX-License-Identifier: GPL-2.0 */
/* Records and statistics as a module could tell them. */
#ifndef ICMPCTL_TESTS_SAMPLES_H
#define ICMPCTL_TESTS_SAMPLES_H

#include "out.h"

#define SAMPLE_START_NS		5000000000000ULL
#define SAMPLE_START_UNIX_NS	1693288028512763000ULL

void sample_run(struct out_run *run, struct target *targets, unsigned int n, int family);
struct icmpctl_record sample_record(uint8_t status, uint64_t seq, int family);
struct session_stats sample_stats(void);
/* What an encoder prints for all of it; to be freed. */
char *sample_print(const struct out_ops *ops, const struct out_run *run, bool start,
		   const struct icmpctl_record *records, unsigned int n,
		   const struct session_stats *stats);

#endif
