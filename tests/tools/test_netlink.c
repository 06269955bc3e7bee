// SPDX-License-Identifier: GPL-2.0
/* Messages as they arrive: cut short, longer than known, refusals. */
#include <errno.h>
#include <netlink/msg.h>
#include <string.h>

#include "check.h"
#include "lib/session.h"

static struct nl_msg *begin(int command)
{
	struct nl_msg *msg = nlmsg_alloc();

	genlmsg_put(msg, 1, 1, 30, 0, 0, command, 1);
	return msg;
}

static struct icmpctl_record seen;
static unsigned int records;

static int on_record(void *arg, const struct icmpctl_record *r)
{
	(void)arg;
	seen = *r;
	records++;
	return 0;
}

static void test_records(void)
{
	struct nl_msg *msg = begin(ICMPCTL_CMD_PROBES_EVENT);
	struct {
		struct icmpctl_record r;
		char more[24];
	} longer = { .r = { .seq = 3, .status = ICMPCTL_STATUS_LATE, .gateway[15] = 9 } };

	nla_put(msg, ICMPCTL_SESSION_A_RECORD, 16, &longer);
	nla_put_u32(msg, ICMPCTL_SESSION_A_MAX + 7, 1);
	session_records(nlmsg_hdr(msg), on_record, NULL);
	check(records == 1 && seen.seq == 3 && !seen.status && !seen.gateway[15],
	      "netlink: a record shorter than known");
	nla_put(msg, ICMPCTL_SESSION_A_RECORD, sizeof(longer), &longer);
	session_records(nlmsg_hdr(msg), on_record, NULL);
	check(records == 3 && seen.seq == 3 && seen.status == ICMPCTL_STATUS_LATE &&
	      seen.gateway[15] == 9, "netlink: a record longer than known");
	nlmsg_free(msg);
}

static void test_info(void)
{
	struct nl_msg *msg = begin(ICMPCTL_CMD_DONE_EVENT);
	struct session_info info = { .icmp_id = 5 };

	nla_put_u32(msg, ICMPCTL_SESSION_A_ID, 77);
	nla_put_u64(msg, ICMPCTL_SESSION_A_ELAPSED_NS, 1ULL << 40);
	nla_put_u32(msg, ICMPCTL_SESSION_A_REASON, ICMPCTL_REASON_UNLOAD);
	nla_put(msg, ICMPCTL_SESSION_A_OWNER_COMM, 3, "abc");
	check(!session_info_parse(&info, nlmsg_hdr(msg)) && info.id == 77 &&
	      info.elapsed_ns == 1ULL << 40 && info.icmp_id == 5 &&
	      info.reason == ICMPCTL_REASON_UNLOAD && !strcmp(info.owner_comm, "abc"),
	      "netlink: what is told of a session, and what was known stays");
	nlmsg_free(msg);
	msg = nlmsg_alloc();
	nlmsg_put(msg, 0, 0, 30, 0, 0);
	check(session_info_parse(&info, nlmsg_hdr(msg)) == -EINVAL,
	      "netlink: a message cut short");
	nlmsg_free(msg);
}

static void test_refusal(void)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct nlmsgerr err = { .error = -ERANGE, .msg.nlmsg_len = 64 };
	struct nlc_refusal why;
	struct nlmsghdr *nlh;

	nlh = nlmsg_put(msg, 0, 0, NLMSG_ERROR, 0, NLM_F_CAPPED | NLM_F_ACK_TLVS);
	nlmsg_append(msg, &err, sizeof(err), NLMSG_ALIGNTO);
	nla_put_string(msg, NLMSGERR_ATTR_MSG, "the rate is 12 and may be 10");
	nla_put_u32(msg, NLMSGERR_ATTR_OFFS, 40);
	nlc_refusal_parse(&why, nlh);
	check(why.error == ERANGE && why.offset == 40, "netlink: refusal, capped");
	check_text(why.text, "the rate is 12 and may be 10", "netlink: its sentence");
	nlh->nlmsg_flags &= ~NLM_F_CAPPED;
	nlc_refusal_parse(&why, nlh);
	check(why.error == ERANGE && !why.text[0],
	      "netlink: refusal that quotes more than there is");
	nlmsg_free(msg);
}

static void test_blame(void)
{
	struct target targets[2] = { { .family = 4 }, { .family = 6, .scope = 3 } };
	struct session_params p = { .interval_ns = 1, .tos = 2 };
	struct nlc c = { .family = 30, .version = 1 };
	struct nl_msg *msg;
	bool found = false;

	p.set = SESSION_BIT(ICMPCTL_SESSION_A_INTERVAL_NS) |
		SESSION_BIT(ICMPCTL_SESSION_A_TOS);
	msg = session_start_msg(&c, &p, targets, 2);
	check(session_attr_at(msg, NLMSG_HDRLEN + GENL_HDRLEN) ==
	      ICMPCTL_SESSION_A_INTERVAL_NS, "netlink: the attribute at a place");
	check(!session_attr_at(msg, 0) && !session_attr_at(msg, 60000) &&
	      session_blamed_target(msg, 20) == -1, "netlink: no attribute at a place");
	for (uint32_t at = 0; at < nlmsg_hdr(msg)->nlmsg_len; at += 4)
		found |= session_blamed_target(msg, at) == 1;
	check(found && session_blamed_target(msg, nlmsg_hdr(msg)->nlmsg_len - 4) == 1,
	      "netlink: the target at a place");
	nlmsg_free(msg);
}

void test_netlink(void)
{
	test_records();
	test_info();
	test_refusal();
	test_blame();
}
