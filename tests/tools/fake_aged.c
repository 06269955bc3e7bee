// SPDX-License-Identifier: GPL-2.0
/* What a module of another age tells: less than ours, or more (FAKE_WITHOUT, FAKE_AGE). */
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

#include "fake_module.h"

/* Structs end earlier in an older module, and later in a newer one. */
static void put_struct(struct nl_msg *msg, const struct nlattr *attr, bool newer)
{
	char data[1024];
	int len = nla_len(attr);

	memset(data, 0xa5, sizeof(data));
	memcpy(data, nla_data(attr), len);
	nla_put(msg, nla_type(attr), newer ? len + 64 : len / 2, data);
}

/* @nlh, of the family, as that module would have it; to be freed. */
struct nl_msg *fake_aged(struct nlmsghdr *nlh)
{
	const char *without = getenv("FAKE_WITHOUT"), *age = getenv("FAKE_AGE");
	struct genlmsghdr *ghdr = nlmsg_data(nlh);
	struct nl_msg *msg = nlmsg_alloc_size(65536);
	struct nlattr *attr;
	int rest;

	genlmsg_put(msg, nlh->nlmsg_pid, nlh->nlmsg_seq, nlh->nlmsg_type, 0, nlh->nlmsg_flags,
		    ghdr->cmd, ghdr->version);
	nla_for_each_attr(attr, genlmsg_attrdata(ghdr, 0), genlmsg_attrlen(ghdr, 0), rest) {
		if (without && nla_type(attr) == atoi(without))
			continue;
		if (age && (nla_type(attr) == ICMPCTL_SESSION_A_RECORD ||
			    nla_type(attr) == ICMPCTL_SESSION_A_EXTENSION))
			put_struct(msg, attr, !strcmp(age, "newer"));
		else
			nla_put(msg, attr->nla_type, nla_len(attr), nla_data(attr));
	}
	/* Attributes, and a value of one, that nobody here knows. */
	if (age && !strcmp(age, "newer")) {
		nla_put_u64(msg, ICMPCTL_SESSION_A_MAX + 1, UINT64_MAX);
		nla_put(msg, ICMPCTL_SESSION_A_MAX + 500, 3, "abc");
		nla_put_u32(msg, ICMPCTL_SESSION_A_REASON, 250);
	}
	return msg;
}
