// SPDX-License-Identifier: GPL-2.0
/* What is judged of which facts. */
#include <errno.h>
#include <linux/icmpctl.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "lib/judge.h"
#include "lib/units.h"

static struct facts facts;
static struct finding finding;

/* A host that is well, by one IP version. */
static struct facts_family well(int family)
{
	struct facts_family v = {
		.asked = true,
		.sent = 20,
		.received = 20,
		.hops = 4,
		.last_hop = 4,
		.rtt_ns = 10 * NSEC_PER_MSEC,
		.rise_ns = 5 * NSEC_PER_MSEC,
		.slow_hop = 3,
		.mtu = MTU_FOUND,
		.mtu_bytes = 1500,
		.device = "eth0",
		.gateway = "192.0.2.254",
		.error_from = "198.51.100.6",
		.error_text = "what it says",
		.last_from = "198.51.100.10",
		.slow_from = "198.51.100.10",
		.mtu_from = "198.51.100.6",
	};

	snprintf(v.address, sizeof(v.address), "%s", family == 4 ? "203.0.113.1" : "2001:db8::1");
	return v;
}

static struct facts_family silent(int family)
{
	struct facts_family v = well(family);

	v.received = v.hops = 0;
	v.last_hop = 3;
	v.mtu = MTU_UNKNOWN;
	return v;
}

/* Only one IP version is asked. */
static struct facts_family *only(int family, struct facts_family v)
{
	facts = (struct facts){ .host = "far.lab", .name = NAME_FOUND, .name_ns = 1000 };
	facts.by[family == 6] = v;
	return &facts.by[family == 6];
}

static void is(enum finding_key key, enum finding_kind kind, const char *words)
{
	judge(&facts, &finding);
	check(finding.key == key && finding.kind == kind && strstr(finding.sentence, words) &&
	      (kind == KIND_HEALTHY) == !*finding.next, "judge: %s: %s", finding_name(finding.key),
	      finding.sentence);
}

static void test_names(void)
{
	static const struct {
		enum fact_name name;
		enum finding_key key;
	} names[] = {
		{ NAME_UNKNOWN, FINDING_NAME_UNKNOWN }, { NAME_NO_ANSWER, FINDING_NAME_SERVER },
		{ NAME_NO_ADDRESS, FINDING_NAME_NO_ADDRESS }, { NAME_FAILED, FINDING_NAME_FAILED },
		{ NAME_ANY, FINDING_NAME_ANY },
	};

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		facts = (struct facts){ .host = "far.lab", .name = names[i].name };
		is(names[i].key, KIND_NAME, "far.lab");
	}
	only(4, well(4));
	facts.name_ns = 5 * NSEC_PER_SEC;
	is(FINDING_NAME_SLOW, KIND_DEGRADED, "its name took 5 s to resolve");
}

static void test_here(void)
{
	static const struct {
		int cause;
		enum finding_key key;
	} causes[] = {
		{ ICMPCTL_CAUSE_NO_ROUTE, FINDING_NO_ROUTE },
		{ ICMPCTL_CAUSE_LINK_DOWN, FINDING_LINK_DOWN },
		{ ICMPCTL_CAUSE_NEIGHBOUR, FINDING_GATEWAY_SILENT },
		{ ICMPCTL_CAUSE_FILTERED_OUT, FINDING_FILTERED_OUT },
		{ ICMPCTL_CAUSE_FILTERED_IN, FINDING_FILTERED_IN },
		{ ICMPCTL_CAUSE_QUEUE, FINDING_LOCAL_QUEUE },
		{ ICMPCTL_CAUSE_REFUSED, FINDING_LOCAL_REFUSED },
	};
	static const struct {
		int error;
		const char *words;
	} routes[] = {
		{ EACCES, "not send to 2001:db8::1: a route or rule of its own prohibits it" },
		{ EINVAL, "swallows it" },
		{ EHOSTUNREACH, "says that it is unreachable" },
	};

	only(4, silent(4))->route_error = ENETUNREACH;
	is(FINDING_NO_ROUTE, KIND_HERE, "no route to 203.0.113.1");
	for (unsigned int i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		only(6, silent(6))->route_error = routes[i].error;
		is(FINDING_NO_ROUTE, KIND_HERE, routes[i].words);
		check(strstr(finding.next, "remove that route") &&
		      !strstr(finding.next, "add a route"), "judge: %s", finding.next);
	}
	for (unsigned int i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
		only(4, silent(4))->cause = causes[i].cause;
		is(causes[i].key, KIND_HERE, "");
	}
	only(6, silent(6))->cause = ICMPCTL_CAUSE_NEIGHBOUR;
	facts.by[1].gateway[0] = '\0';
	is(FINDING_NO_NEIGHBOUR, KIND_HERE, "does not answer neighbour discovery");
	/* One reply is worth more than any cause of another probe. */
	only(4, well(4))->cause = ICMPCTL_CAUSE_NEIGHBOUR;
	is(FINDING_HEALTHY, KIND_HEALTHY, "is well");
}

static void error(int family, uint8_t type, uint8_t code, enum finding_key key,
		  enum finding_kind kind)
{
	struct facts_family *v = only(family, silent(family));

	v->error = true;
	v->type = type;
	v->code = code;
	v->error_hop = 2;
	is(key, kind, "198.51.100.6 (hop 2)");
}

static void test_errors(void)
{
	error(4, 3, 0, FINDING_NET_UNREACHABLE, KIND_PATH);
	error(4, 3, 1, FINDING_HOST_UNREACHABLE, KIND_PATH);
	error(4, 3, 3, FINDING_REJECTED, KIND_FIREWALL);
	error(4, 3, 9, FINDING_REJECTED, KIND_FIREWALL);
	error(4, 3, 10, FINDING_REJECTED, KIND_FIREWALL);
	error(4, 3, 13, FINDING_REJECTED, KIND_FIREWALL);
	error(4, 3, 99, FINDING_SILENCE, KIND_PATH);
	error(4, 12, 0, FINDING_SILENCE, KIND_PATH);
	error(6, 1, 0, FINDING_NET_UNREACHABLE, KIND_PATH);
	error(6, 1, 1, FINDING_REJECTED, KIND_FIREWALL);
	error(6, 1, 3, FINDING_HOST_UNREACHABLE, KIND_PATH);
	error(6, 1, 4, FINDING_REJECTED, KIND_FIREWALL);
	error(6, 1, 5, FINDING_REJECTED, KIND_FIREWALL);
	error(6, 4, 0, FINDING_SILENCE, KIND_PATH);
}

static void test_silence(void)
{
	struct facts_family *v;

	only(4, silent(4));
	is(FINDING_DROPPED, KIND_PATH, "behind hop 3 (198.51.100.10)");
	only(4, silent(4))->last_hop = 0;
	is(FINDING_SILENCE, KIND_PATH, "nobody on the way");
	v = only(4, silent(4));
	v->loop[0] = 1;
	v->loop[1] = 2;
	is(FINDING_LOOP, KIND_PATH, "between hops 1 and 2");
	v = only(4, silent(4));
	v->knock = KNOCK_OPEN;
	v->port = 443;
	is(FINDING_ECHO_IGNORED, KIND_FIREWALL, "it accepts TCP on port 443");
	v->knock = KNOCK_CLOSED;
	is(FINDING_ECHO_IGNORED, KIND_FIREWALL, "it refuses TCP on port 443");
	v->knock = KNOCK_UDP;
	v->port = 33434;
	is(FINDING_ECHO_IGNORED, KIND_FIREWALL, "it answers UDP to port 33434");
	v->error = true;
	v->type = 3;
	v->code = 13;
	is(FINDING_REJECTED, KIND_FIREWALL, "rejects probes");
}

static void test_replies(void)
{
	struct facts_family *v = only(4, well(4));

	is(FINDING_HEALTHY, KIND_HEALTHY, "203.0.113.1 is well");
	v->received = 19;
	is(FINDING_HEALTHY, KIND_HEALTHY, "is well");
	v->received = 15;
	is(FINDING_LOSS, KIND_DEGRADED, "5 of 20 probes to 203.0.113.1 are lost");
	v->loss_hop = 3;
	is(FINDING_LOSS, KIND_DEGRADED, "are lost, from hop 3");
	v = only(6, well(6));
	v->mtu = MTU_BLACK_HOLE;
	v->mtu_bytes = 1400;
	v->mtu_hop = 2;
	is(FINDING_MTU_BLACK_HOLE, KIND_DEGRADED, "more than 1400 bytes to 2001:db8::1 vanish behind hop 2");
	v = only(4, well(4));
	v->mtu_bytes = 1400;
	is(FINDING_HEALTHY, KIND_HEALTHY, "is well");
	v->rise_ns = 150 * NSEC_PER_MSEC;
	v->rtt_ns = 160 * NSEC_PER_MSEC;
	is(FINDING_SLOW_HOP, KIND_DEGRADED, "hop 3 (198.51.100.10) adds 150 ms");
	v->rtt_ns = 400 * NSEC_PER_MSEC;
	is(FINDING_HEALTHY, KIND_HEALTHY, "is well");
	v->hops = 0;
	v->rise_ns = 0;
	v->rtt_ns = 1300 * NSEC_PER_MSEC;
	is(FINDING_SLOW, KIND_DEGRADED, "a round trip takes 1.3 s, and where is not known");
	v->rtt_ns = 90 * NSEC_PER_MSEC;
	is(FINDING_HEALTHY, KIND_HEALTHY, "is well");
	v->limited_hop = 2;
	is(FINDING_RATE_LIMITED_HOP, KIND_HEALTHY, "limits how often it answers");
}

static void test_both(void)
{
	only(4, well(4));
	facts.by[1] = well(6);
	is(FINDING_HEALTHY, KIND_HEALTHY, "far.lab is well, by IPv4 and IPv6");
	facts.by[1] = silent(6);
	is(FINDING_IPV6_BROKEN, KIND_DEGRADED, "IPv4 works and IPv6 does not: nothing comes back");
	check(finding.of == FINDING_DROPPED && finding.family == 6, "judge: and why");
	facts.by[1].route_error = ENETUNREACH;
	is(FINDING_HEALTHY, KIND_HEALTHY, "is well");
	facts.by[0] = silent(4);
	is(FINDING_DROPPED, KIND_PATH, "203.0.113.1");
	facts.by[1] = well(6);
	is(FINDING_IPV4_BROKEN, KIND_DEGRADED, "IPv6 works and IPv4 does not: nothing comes back");
	only(4, well(4))->received = 10;
	facts.by[1] = well(6);
	is(FINDING_LOSS, KIND_DEGRADED, "10 of 20");
	facts.by[0] = well(4);
	facts.by[1].received = 10;
	is(FINDING_LOSS, KIND_DEGRADED, "2001:db8::1");
}

void test_judge(void)
{
	test_names();
	test_here();
	test_errors();
	test_silence();
	test_replies();
	test_both();
}
