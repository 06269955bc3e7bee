// SPDX-License-Identifier: GPL-2.0
/* Which part of a request a refusal is about. */
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "lib/session.h"

/* The attribute that holds @offset, and how many of @type stand before it. */
static const struct nlattr *attr_at(const struct nl_msg *m, uint32_t offset, int type,
				    int *before)
{
	struct nlmsghdr *nlh = nlmsg_hdr((struct nl_msg *)m);
	struct genlmsghdr *ghdr = nlmsg_data(nlh);
	struct nlattr *attr;
	int rest;

	*before = 0;
	nla_for_each_attr(attr, genlmsg_attrdata(ghdr, 0), genlmsg_attrlen(ghdr, 0), rest) {
		uint32_t at = (char *)attr - (char *)nlh;

		if (offset >= at && offset < at + attr->nla_len)
			return attr;
		*before += nla_type(attr) == type;
	}
	return NULL;
}

/**
 * session_attr_at - which attribute of a request is at a place
 * @msg: the request
 * @offset: the place, as an extended ACK tells it
 *
 * Return: its type, 0 if there is none.
 */
int session_attr_at(const struct nl_msg *msg, uint32_t offset)
{
	int before;
	const struct nlattr *attr = offset ? attr_at(msg, offset, 0, &before) : NULL;

	return attr ? nla_type(attr) : 0;
}

static int blamed(const struct nl_msg *msg, uint32_t offset, int type)
{
	int before;
	const struct nlattr *attr = offset ? attr_at(msg, offset, type, &before) : NULL;

	return attr && nla_type(attr) == type ? before : -1;
}

/**
 * session_blamed_target - which target of a request is at a place
 * @msg: the request
 * @offset: the place, as an extended ACK tells it
 *
 * Return: its number, -1 if there is none.
 */
int session_blamed_target(const struct nl_msg *msg, uint32_t offset)
{
	return blamed(msg, offset, ICMPCTL_SESSION_A_TARGET);
}

/**
 * session_blamed_range - which range of SWEEP_FEED is at a place
 * @msg: the request
 * @offset: the place, as an extended ACK tells it
 *
 * Return: its number, -1 if there is none.
 */
int session_blamed_range(const struct nl_msg *msg, uint32_t offset)
{
	return blamed(msg, offset, ICMPCTL_SESSION_A_RANGE);
}
