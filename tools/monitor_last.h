/* SPDX-License-Identifier: GPL-2.0 */
/* What became of the last probes of a monitor, one by one or as a picture. */
#ifndef ICMPCTL_MONITOR_LAST_H
#define ICMPCTL_MONITOR_LAST_H

#include "lib/monitor.h"
#include "monitor_options.h"

int monitor_last(struct nlc *c, const struct monitor *m, const struct monitor_config *config);

#endif
