// SPDX-License-Identifier: GPL-2.0
/*
 * The sweeps of the module that is none (fake_module.c): ranges are taken or refused as the
 * module does, and every IPv4 address that was fed is up, at once. Of the environment:
 *
 *   FAKE_SWEEP  a file: what was fed, a line a range, behind each request "-- RANGES", and
 *	"end" with the last one
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_module.h"
#include "lib/ranges.h"
#include "samples.h"

#define RANGES_MAX	4096
#define SEED		4711

static struct {
	bool on;
	uint64_t seed, hosts;
} sweep;

/* The session that begins is a sweep, or with NULL it is none. */
void fake_sweep_begin(const struct nlattr *nest)
{
	struct nlattr *tb[ICMPCTL_SWEEP_A_MAX + 1] = { NULL };

	sweep.on = nest;
	sweep.hosts = 0;
	sweep.seed = SEED;
	if (!nest)
		return;
	nla_parse_nested(tb, ICMPCTL_SWEEP_A_MAX, (struct nlattr *)nest, NULL);
	if (tb[ICMPCTL_SWEEP_A_SEED])
		sweep.seed = nlc_uint(tb[ICMPCTL_SWEEP_A_SEED]);
}

/* What there is to tell of it, if it is one. */
void fake_sweep_put(struct nl_msg *msg)
{
	struct nlattr *nest;

	if (!sweep.on)
		return;
	nest = nla_nest_start(msg, ICMPCTL_SESSION_A_SWEEP);
	nla_put_u64(msg, ICMPCTL_SWEEP_A_SEED, sweep.seed);
	nla_put_u64(msg, ICMPCTL_SWEEP_A_HOSTS, sweep.hosts);
	nla_put_u64(msg, ICMPCTL_SWEEP_A_UP, sweep.hosts);
	nla_put_u64(msg, ICMPCTL_SWEEP_A_PLACE, sweep.hosts);
	nla_nest_end(msg, nest);
}

static void get_range(struct range *r, const struct nlattr *attr)
{
	int len = nla_len(attr) / 2;

	*r = (struct range){ .family = len == 4 ? 4 : 6 };
	memcpy(r->first, nla_data(attr), len);
	memcpy(r->last, (const uint8_t *)nla_data(attr) + len, len);
}

/* As range_why() in kmod/sweep_feed.c, and for 2001:db8:dead::/48 what only the module can know. */
static const char *range_why(const struct range *r)
{
	static const uint8_t nobody[4], refused[6] = { 0x20, 0x01, 0x0d, 0xb8, 0xde, 0xad };

	if (r->family == 6 && !memcmp(r->first, refused, sizeof(refused)))
		return "IPv6 is switched off here";

	if (r->family == 4 && r->last[0] >= 224 && r->first[0] < 240)
		return "a broadcast or multicast target must be asked for (flag broadcast, ping -b)";
	if (r->family == 4 && !memcmp(r->first, nobody, sizeof(nobody)))
		return "0.0.0.0 is not an address that can be probed";
	if (r->family == 6 && r->first[0] == 0xfe && (r->first[1] & 0xc0) == 0x80)
		return "a link-local target needs an interface (as in fe80::1%eth0)";
	return NULL;
}

/* Refuses the request if it must be; returns the number of its ranges, or -1. */
static int look_through(const struct nlmsghdr *request)
{
	struct genlmsghdr *ghdr = nlmsg_data(request);
	uint64_t addresses = 0;
	struct nlattr *attr;
	int rest, n = 0;

	nla_for_each_attr(attr, genlmsg_attrdata(ghdr, 0), genlmsg_attrlen(ghdr, 0), rest)
		n += nla_type(attr) == ICMPCTL_SESSION_A_RANGE;
	if (n > RANGES_MAX) {
		fake_answer(request, E2BIG, "one request can have at most 4096 ranges", 0);
		return -1;
	}
	nla_for_each_attr(attr, genlmsg_attrdata(ghdr, 0), genlmsg_attrlen(ghdr, 0), rest) {
		uint32_t at = (char *)attr - (char *)request;
		const char *why;
		struct range r;

		if (nla_type(attr) != ICMPCTL_SESSION_A_RANGE)
			continue;
		get_range(&r, attr);
		addresses += range_count(&r);
		why = range_why(&r);
		if (!why && addresses > RANGE_ADDRESSES_MAX)
			why = "the ranges of one request hold at most 2^40 addresses";
		if (!why)
			continue;
		fake_answer(request, EINVAL, why, at);
		return -1;
	}
	return n;
}

static void tell_up(uint32_t id, uint32_t address)
{
	struct icmpctl_record r = sample_record(ICMPCTL_STATUS_REPLY, 1, 4);
	struct nl_msg *msg = fake_begin(0, FAKE_FAMILY, ICMPCTL_CMD_PROBES_EVENT);
	uint32_t wire = htonl(address);

	memcpy(r.to, &wire, sizeof(wire));
	memcpy(r.from, &wire, sizeof(wire));
	nla_put_u32(msg, ICMPCTL_SESSION_A_ID, id);
	nla_put(msg, ICMPCTL_SESSION_A_RECORD, sizeof(r), &r);
	fake_queue(msg);
}

static void take(uint32_t id, const struct range *r, FILE *log)
{
	int family = r->family == 4 ? AF_INET : AF_INET6;
	char first[INET6_ADDRSTRLEN], last[INET6_ADDRSTRLEN];
	uint64_t n = range_count(r);
	uint32_t from;

	if (log)
		fprintf(log, "%s-%s\n", inet_ntop(family, r->first, first, sizeof(first)),
			inet_ntop(family, r->last, last, sizeof(last)));
	sweep.hosts += n;
	memcpy(&from, r->first, sizeof(from));
	for (uint64_t i = 0; family == AF_INET && i < n; i++)
		tell_up(id, ntohl(from) + i);
}

/* SWEEP_FEED; returns true if that was the end of it. */
bool fake_sweep_feed(const struct nlmsghdr *request, uint32_t id)
{
	const char *path = getenv("FAKE_SWEEP");
	struct genlmsghdr *ghdr = nlmsg_data(request);
	int rest, n = look_through(request);
	bool end = false;
	struct nlattr *attr;
	FILE *log;

	if (n < 0)
		return false;
	log = path ? fopen(path, "a") : NULL;
	nla_for_each_attr(attr, genlmsg_attrdata(ghdr, 0), genlmsg_attrlen(ghdr, 0), rest) {
		struct range r;

		end |= nla_type(attr) == ICMPCTL_SESSION_A_SWEEP;
		if (nla_type(attr) != ICMPCTL_SESSION_A_RANGE)
			continue;
		get_range(&r, attr);
		take(id, &r, log);
	}
	if (log) {
		fprintf(log, "-- %d\n%s", n, end ? "end\n" : "");
		fclose(log);
	}
	fake_answer(request, 0, NULL, 0);
	return end;
}
