// SPDX-License-Identifier: GPL-2.0
/* Prints what a SESSION_START asks for, so that a test can compare it. */
#include <inttypes.h>
#include <netlink/attr.h>
#include <stdio.h>

#include "fake_module.h"
#include "lib/session.h"

static const char *const names[] = {
	[ICMPCTL_SESSION_A_TARGET] = "target",
	[ICMPCTL_SESSION_A_COUNT] = "count",
	[ICMPCTL_SESSION_A_REPLIES] = "replies",
	[ICMPCTL_SESSION_A_INTERVAL_NS] = "interval",
	[ICMPCTL_SESSION_A_TIMEOUT_NS] = "timeout",
	[ICMPCTL_SESSION_A_DEADLINE_NS] = "deadline",
	[ICMPCTL_SESSION_A_SIZE] = "size",
	[ICMPCTL_SESSION_A_PATTERN] = "pattern",
	[ICMPCTL_SESSION_A_TTL] = "ttl",
	[ICMPCTL_SESSION_A_TOS] = "tos",
	[ICMPCTL_SESSION_A_FLOW_LABEL] = "flow",
	[ICMPCTL_SESSION_A_PMTUDISC] = "pmtudisc",
	[ICMPCTL_SESSION_A_SOURCE] = "source",
	[ICMPCTL_SESSION_A_IFINDEX] = "ifindex",
	[ICMPCTL_SESSION_A_MARK] = "mark",
	[ICMPCTL_SESSION_A_TIMESTAMPS] = "timestamps",
	[ICMPCTL_SESSION_A_FLAGS] = "flags",
	[ICMPCTL_SESSION_A_SCHEDULE] = "schedule",
	[ICMPCTL_SESSION_A_SEED] = "seed",
	[ICMPCTL_SESSION_A_GAP_NS] = "gap",
	[ICMPCTL_SESSION_A_KIND] = "kind",
	[ICMPCTL_SESSION_A_PORT] = "port",
};

static void print_bytes(const char *name, const struct nlattr *attr)
{
	const uint8_t *bytes = nla_data(attr);

	fprintf(stderr, " %s=", name);
	for (int i = 0; i < nla_len(attr); i++)
		fprintf(stderr, "%02x", bytes[i]);
}

void fake_dump(struct nlattr *attr)
{
	struct nlattr *tb[ICMPCTL_TARGET_A_MAX + 1];
	const char *name = nla_type(attr) < (int)(sizeof(names) / sizeof(names[0])) ?
			   names[nla_type(attr)] : "?";

	switch (nla_type(attr)) {
	case ICMPCTL_SESSION_A_TARGET:
		nla_parse_nested(tb, ICMPCTL_TARGET_A_MAX, attr, NULL);
		print_bytes(name, tb[ICMPCTL_TARGET_A_ADDRESS]);
		if (tb[ICMPCTL_TARGET_A_IFINDEX])
			fprintf(stderr, "%%%" PRIu64,
				nlc_uint(tb[ICMPCTL_TARGET_A_IFINDEX]));
		if (tb[ICMPCTL_TARGET_A_TTL])
			fprintf(stderr, "/%" PRIu64, nlc_uint(tb[ICMPCTL_TARGET_A_TTL]));
		if (tb[ICMPCTL_TARGET_A_FLOW])
			fprintf(stderr, ".%" PRIu64, nlc_uint(tb[ICMPCTL_TARGET_A_FLOW]));
		break;
	case ICMPCTL_SESSION_A_FLOW_BASE:	/* any number */
		break;
	case ICMPCTL_SESSION_A_PATTERN:
	case ICMPCTL_SESSION_A_SOURCE:
		print_bytes(name, attr);
		break;
	default:
		fprintf(stderr, " %s=%" PRIu64, name, nlc_uint(attr));
	}
}
