/* SPDX-License-Identifier: GPL-2.0 */
/* Monitors as text and as JSON. */
#ifndef ICMPCTL_OUT_MONITOR_H
#define ICMPCTL_OUT_MONITOR_H

#include <stdio.h>

#include "lib/monitor.h"

void out_monitor_table(FILE *file, const struct monitors *m);
void out_monitor_page(FILE *file, const struct monitors *m, unsigned int lines,
		      unsigned int columns);
void out_monitor_text(FILE *file, const struct monitor *m);
void out_monitor_json(FILE *file, const struct monitor *m);

#endif
