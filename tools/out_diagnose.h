/* SPDX-License-Identifier: GPL-2.0 */
/* What a diagnosis has to tell, all at its end. */
#ifndef ICMPCTL_OUT_DIAGNOSE_H
#define ICMPCTL_OUT_DIAGNOSE_H

#include <stdio.h>

#include "lib/checkup.h"
#include "lib/judge.h"

/**
 * struct out_diagnose - a diagnosis to be printed
 * @file: where to
 * @given: the host as the user gave it
 * @facts: what is known
 * @checkup: what it was made of: [0]: by IPv4, [1]: by IPv6; NULL if the name is unknown
 * @finding: the verdict
 * @elapsed_ns: how long it took
 * @interrupted: it was ended before its time
 */
struct out_diagnose {
	FILE *file;
	const char *given;
	const struct facts *facts;
	const struct checkup *checkup;
	const struct finding *finding;
	uint64_t elapsed_ns;
	bool interrupted;
};

void out_diagnose_text(const struct out_diagnose *out);
void out_diagnose_json(const struct out_diagnose *out);

#endif
