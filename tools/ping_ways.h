/* SPDX-License-Identifier: GPL-2.0 */
/* By which interfaces the probes leave, and which stamps those take. */
#ifndef ICMPCTL_PING_WAYS_H
#define ICMPCTL_PING_WAYS_H

#include "lib/budget.h"
#include "lib/hwstamp.h"
#include "lib/session.h"
#include "lib/target.h"

struct budget_way *ping_ways(const struct session_params *p, const struct target *targets,
			     unsigned int n, struct hwstamp *hw);

#endif
