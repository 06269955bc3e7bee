/* SPDX-License-Identifier: GPL-2.0 */
/* What calibrate measured, for the two that print it. */
#ifndef ICMPCTL_CALIBRATE_H
#define ICMPCTL_CALIBRATE_H

#include <stdio.h>

#include "lib/budget.h"
#include "lib/sample.h"
#include "lib/target.h"

/* What is between two stamps of one probe. */
enum calibrate_span {
	CALIBRATE_HOOK,		/* RTT: handed over to hook */
	CALIBRATE_DRIVER,	/* RTT: driver to stack */
	CALIBRATE_HARDWARE,	/* RTT: by the interface's own stamps */
	CALIBRATE_TX_STACK,	/* handed over to driver */
	CALIBRATE_TX_WIRE,	/* driver to hardware's stamp */
	CALIBRATE_RX_WIRE,	/* hardware's stamp to stack */
	CALIBRATE_RX_STACK,	/* stack to hook */

	CALIBRATE_SPANS
};

#define CALIBRATE_PATHS 3

/**
 * struct calibrate_path - there and back to one host
 * @host: the host
 * @trouble: why it was not asked, NULL if it was
 * @way: the interface
 * @budget: what its RTTs can be off by
 * @best: the RTT between the best stamps that all answers have
 * @sent: probes sent
 * @received: probes answered
 * @hardware: by RTTs between hardware stamps
 * @span: the times, sorted; one may be empty
 */
struct calibrate_path {
	struct target host;
	const char *trouble;
	struct budget_way way;
	struct budget budget;
	enum calibrate_span best;
	uint64_t sent, received, hardware;
	struct sample span[CALIBRATE_SPANS];
};

/**
 * struct calibration - all of it
 * @clock: reading the clock
 * @path: the loopback by IPv4 and IPv6, and the interface asked for
 * @n: how many of them there are
 */
struct calibration {
	struct clock_read clock;
	struct calibrate_path path[CALIBRATE_PATHS];
	unsigned int n;
};

void calibrate_text(FILE *file, const struct calibration *c);
void calibrate_json(FILE *file, const struct calibration *c);

#endif
