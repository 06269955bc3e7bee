// SPDX-License-Identifier: GPL-2.0
/* What the module says of itself. */
#include "lib/info.h"

#include <errno.h>
#include <netlink/attr.h>

static int on_info(void *arg, const struct nlmsghdr *nlh)
{
	struct nlattr *tb[ICMPCTL_INFO_A_MAX + 1];
	struct module_info *info = arg;

	if (nlc_parse(nlh, tb, ICMPCTL_INFO_A_MAX))
		return -EINVAL;
	for (int i = 1; i <= ICMPCTL_INFO_A_MAX; i++) {
		if (!tb[i] || i == ICMPCTL_INFO_A_PAD)
			continue;
		info->told[i] = true;
		if (i == ICMPCTL_INFO_A_MODULE_VERSION)
			nla_strlcpy(info->version, tb[i], sizeof(info->version));
		else
			info->value[i] = nlc_uint(tb[i]);
	}
	return 0;
}

/**
 * module_info_get - ask the module for its limits and what is in use
 * @c: the family is known
 * @info: the result; what was not told is as it was
 * @why: what was wrong, if anything
 *
 * Return: 0 or a negative errno.
 */
int module_info_get(struct nlc *c, struct module_info *info, struct nlc_refusal *why)
{
	return nlc_call(c, nlc_request(c, ICMPCTL_CMD_INFO_GET, 0, 0), on_info, info, why);
}
