/* SPDX-License-Identifier: GPL-2.0 */
/* What the module says of itself: its release, its limits, what is in use. */
#ifndef ICMPCTL_INFO_H
#define ICMPCTL_INFO_H

#include "lib/netlink.h"
#include "lib/session.h"

/**
 * struct module_info - the answer to INFO_GET
 * @version: the module's release
 * @told: which of @value were told, indexed by enum icmpctl_info_attr
 * @value: limits, and what is in use
 */
struct module_info {
	char version[64];
	bool told[ICMPCTL_INFO_A_MAX + 1];
	uint64_t value[ICMPCTL_INFO_A_MAX + 1];
};

int module_info_get(struct nlc *c, struct module_info *info, struct nlc_refusal *why);

#endif
