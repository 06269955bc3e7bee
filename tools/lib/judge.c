// SPDX-License-Identifier: GPL-2.0
/*
 * What is wrong with a host. A pure function of facts: the first of these that is so
 * is the finding, from what makes all else meaningless to what is merely unpleasant.
 * What is not known is not guessed: where two things look the same from here, the
 * sentence names both.
 */
#include "lib/judge.h"

#include <errno.h>
#include <linux/icmpctl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/units.h"

/* A name that takes longer is felt by whoever uses it. */
#define NAME_SLOW_NS	(1 * NSEC_PER_SEC)
/* One lost probe may be chance. */
#define LOSS_MIN	2
/* A hop is slow if it adds so much, and half of all the way takes. */
#define SLOW_NS		(100 * NSEC_PER_MSEC)

static const struct {
	const char *name;
	enum finding_kind kind;
} findings[FINDINGS] = {
	[FINDING_HEALTHY] = { "healthy", KIND_HEALTHY },
	[FINDING_RATE_LIMITED_HOP] = { "rate-limited-hop", KIND_HEALTHY },
	[FINDING_NAME_UNKNOWN] = { "name-unknown", KIND_NAME },
	[FINDING_NAME_SERVER] = { "name-server-silent", KIND_NAME },
	[FINDING_NAME_NO_ADDRESS] = { "name-without-address", KIND_NAME },
	[FINDING_NAME_FAILED] = { "name-failed", KIND_NAME },
	[FINDING_NAME_ANY] = { "name-captive", KIND_NAME },
	[FINDING_NAME_SLOW] = { "name-slow", KIND_DEGRADED },
	[FINDING_NO_ROUTE] = { "no-route", KIND_HERE },
	[FINDING_LINK_DOWN] = { "link-down", KIND_HERE },
	[FINDING_GATEWAY_SILENT] = { "gateway-silent", KIND_HERE },
	[FINDING_NO_NEIGHBOUR] = { "no-neighbour", KIND_HERE },
	[FINDING_FILTERED_OUT] = { "filtered-out", KIND_HERE },
	[FINDING_FILTERED_IN] = { "filtered-in", KIND_HERE },
	[FINDING_LOCAL_QUEUE] = { "local-queue", KIND_HERE },
	[FINDING_LOCAL_REFUSED] = { "local-refused", KIND_HERE },
	[FINDING_LOOP] = { "loop", KIND_PATH },
	[FINDING_REJECTED] = { "rejected", KIND_FIREWALL },
	[FINDING_HOST_UNREACHABLE] = { "host-unreachable", KIND_PATH },
	[FINDING_NET_UNREACHABLE] = { "net-unreachable", KIND_PATH },
	[FINDING_ECHO_IGNORED] = { "echo-ignored", KIND_FIREWALL },
	[FINDING_DROPPED] = { "dropped", KIND_PATH },
	[FINDING_SILENCE] = { "silence", KIND_PATH },
	[FINDING_MTU_BLACK_HOLE] = { "mtu-black-hole", KIND_DEGRADED },
	[FINDING_LOSS] = { "loss", KIND_DEGRADED },
	[FINDING_SLOW_HOP] = { "slow-hop", KIND_DEGRADED },
	[FINDING_SLOW] = { "slow", KIND_DEGRADED },
	[FINDING_IPV4_BROKEN] = { "ipv4-broken", KIND_DEGRADED },
	[FINDING_IPV6_BROKEN] = { "ipv6-broken", KIND_DEGRADED },
};

/**
 * finding_name - a finding for programs
 * @key: the finding
 *
 * Return: its name.
 */
const char *finding_name(enum finding_key key)
{
	return findings[key].name;
}

__attribute__((format(printf, 3, 4)))
static void say(struct finding *f, enum finding_key key, const char *format, ...)
{
	va_list args;

	f->key = f->of = key;
	f->kind = findings[key].kind;
	va_start(args, format);
	vsnprintf(f->sentence, sizeof(f->sentence), format, args);
	va_end(args);
}

__attribute__((format(printf, 2, 3)))
static void next(struct finding *f, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(f->next, sizeof(f->next), format, args);
	va_end(args);
}

static bool judge_name(const struct facts *facts, struct finding *f)
{
	switch (facts->name) {
	case NAME_NUMERIC:
	case NAME_FOUND:
		return false;
	case NAME_UNKNOWN:
		say(f, FINDING_NAME_UNKNOWN, "there is no host of the name %s", facts->host);
		next(f, "check the spelling; `getent ahosts %s` asks what this host asks",
		     facts->host);
		break;
	case NAME_NO_ANSWER:
		say(f, FINDING_NAME_SERVER, "no name server says what %s is", facts->host);
		next(f, "diagnose the name servers themselves: /etc/resolv.conf or `resolvectl status` lists them");
		break;
	case NAME_NO_ADDRESS:
		say(f, FINDING_NAME_NO_ADDRESS, "the name %s has no address that was asked for",
		    facts->host);
		next(f, "try it without -4 and -6, or ask who runs the name");
		break;
	case NAME_FAILED:
		say(f, FINDING_NAME_FAILED, "the name %s cannot be resolved: %s", facts->host,
		    facts->name_text);
		next(f, "check the spelling and /etc/nsswitch.conf");
		break;
	case NAME_ANY:
		say(f, FINDING_NAME_ANY, "the name server here says %s for any name, also for one that does not exist: that is a captive portal's address, or a filter's, and not known to be that of %s",
		    facts->name_text, facts->host);
		next(f, "log in to this network by a browser, or ask another name server; an address can be diagnosed as it is");
		break;
	}
	return true;
}

/* "router 192.0.2.254 on eth0" */
static const char *next_hop(const struct facts_family *v, char *buf, size_t size)
{
	snprintf(buf, size, "%s on %s", *v->gateway ? v->gateway : v->address,
		 *v->device ? v->device : "its interface");
	return buf;
}

/* A route that says no is none that is missing: another one would not help. */
static void judge_route(const struct facts_family *v, int family, struct finding *f)
{
	const char *says = NULL;

	switch (v->route_error) {
	case EACCES:
		says = "prohibits it";
		break;
	case EINVAL:
		says = "swallows it, as a black hole";
		break;
	case EHOSTUNREACH:
		says = "says that it is unreachable";
		break;
	}
	if (says) {
		say(f, FINDING_NO_ROUTE, "this host does not send to %s: a route or rule of its own %s",
		    v->address, says);
		next(f, "`ip -%d route get %s` tells the same: remove that route (`ip -%d route`) or rule (`ip -%d rule`)",
		     family, v->address, family, family);
		return;
	}
	say(f, FINDING_NO_ROUTE, "this host has no route to %s", v->address);
	next(f, "`ip -%d route get %s` tells the same; add a route or a default gateway", family,
	     v->address);
}

/* What this host knows of itself. */
static bool judge_here(const struct facts_family *v, int family, struct finding *f)
{
	char hop[2 * FACT_LEN + 8];

	if (v->route_error || v->cause == ICMPCTL_CAUSE_NO_ROUTE) {
		judge_route(v, family, f);
		return true;
	}
	switch (v->cause) {
	case ICMPCTL_CAUSE_LINK_DOWN:
		say(f, FINDING_LINK_DOWN, "the interface %s towards %s has no link", v->device,
		    v->address);
		next(f, "check the cable or `ip link show %s`", v->device);
		return true;
	case ICMPCTL_CAUSE_NEIGHBOUR:
		if (*v->gateway) {
			say(f, FINDING_GATEWAY_SILENT,
			    "the router %s does not answer %s: nothing gets beyond this link",
			    next_hop(v, hop, sizeof(hop)),
			    family == 4 ? "ARP" : "neighbour discovery");
			next(f, "check that the router is up and that its address is right: `ip -%d route`",
			     family);
		} else {
			say(f, FINDING_NO_NEIGHBOUR, "%s is on this host's own link and does not answer %s: it is off, elsewhere, or has another address",
			    next_hop(v, hop, sizeof(hop)),
			    family == 4 ? "ARP" : "neighbour discovery");
			next(f, "check that it is switched on, and its cable, VLAN and address");
		}
		return true;
	case ICMPCTL_CAUSE_FILTERED_OUT:
		say(f, FINDING_FILTERED_OUT, "this host's own firewall does not let probes to %s out",
		    v->address);
		next(f, "look through `nft list ruleset` for output rules");
		return true;
	case ICMPCTL_CAUSE_FILTERED_IN:
		say(f, FINDING_FILTERED_IN, "%s answers, but this host drops the replies: by its firewall, or because they come in by an interface it does not expect",
		    v->address);
		next(f, "look through `nft list ruleset`, and at net.ipv4.conf.*.rp_filter");
		return true;
	case ICMPCTL_CAUSE_QUEUE:
		say(f, FINDING_LOCAL_QUEUE, "probes to %s are dropped in this host's own queue of %s",
		    v->address, v->device);
		next(f, "look at `tc -s qdisc show dev %s`", v->device);
		return true;
	case ICMPCTL_CAUSE_REFUSED:
		say(f, FINDING_LOCAL_REFUSED, "this host's own network refuses to send to %s",
		    v->address);
		next(f, "try `icmpctl ping -c 1 %s`, which tells the error", v->address);
		return true;
	}
	return false;
}

/* RFC 792, 1122, 1812, 4443: what the codes of "unreachable" mean. */
static enum finding_key unreachable(const struct facts_family *v, int family)
{
	static const uint8_t codes4[] = {
		FINDING_NET_UNREACHABLE, FINDING_HOST_UNREACHABLE, FINDING_REJECTED,
		FINDING_REJECTED, FINDING_SILENCE, FINDING_NET_UNREACHABLE,
		FINDING_NET_UNREACHABLE, FINDING_HOST_UNREACHABLE, FINDING_REJECTED,
		FINDING_REJECTED, FINDING_REJECTED, FINDING_NET_UNREACHABLE,
		FINDING_HOST_UNREACHABLE, FINDING_REJECTED, FINDING_REJECTED, FINDING_REJECTED,
	};
	static const uint8_t codes6[] = {
		FINDING_NET_UNREACHABLE, FINDING_REJECTED, FINDING_NET_UNREACHABLE,
		FINDING_HOST_UNREACHABLE, FINDING_REJECTED, FINDING_REJECTED, FINDING_REJECTED,
	};

	if (family == 4 && v->type == 3 && v->code < sizeof(codes4))
		return codes4[v->code];
	if (family == 6 && v->type == 1 && v->code < sizeof(codes6))
		return codes6[v->code];
	return FINDING_SILENCE;
}

static void judge_error(const struct facts_family *v, int family, struct finding *f)
{
	char hop[32] = "";

	if (v->error_hop)
		snprintf(hop, sizeof(hop), " (hop %u)", v->error_hop);
	switch (unreachable(v, family)) {
	case FINDING_REJECTED:
		say(f, FINDING_REJECTED, "%s%s rejects probes to %s: %s", v->error_from, hop,
		    v->address, v->error_text);
		next(f, "it is a firewall's decision: ask who runs %s", v->error_from);
		break;
	case FINDING_HOST_UNREACHABLE:
		say(f, FINDING_HOST_UNREACHABLE,
		    "%s does not exist or is off: %s%s, where it should be connected, does not find it",
		    v->address, v->error_from, hop);
		next(f, "check that the host is switched on, and that %s is its address",
		     v->address);
		break;
	case FINDING_NET_UNREACHABLE:
		say(f, FINDING_NET_UNREACHABLE, "%s%s has no route to %s: %s", v->error_from,
		    hop, v->address, v->error_text);
		next(f, "ask who runs %s, or check the routes there", v->error_from);
		break;
	default:
		say(f, FINDING_SILENCE, "%s does not reply; %s%s says: %s", v->address,
		    v->error_from, hop, v->error_text);
		next(f, "ask who runs %s", v->error_from);
		break;
	}
}

static void judge_knock(const struct facts_family *v, struct finding *f)
{
	switch (v->knock) {
	case KNOCK_OPEN:
		say(f, FINDING_ECHO_IGNORED,
		    "%s is up and ignores echo requests: it accepts TCP on port %u", v->address,
		    v->port);
		break;
	case KNOCK_CLOSED:
		say(f, FINDING_ECHO_IGNORED,
		    "%s is up and ignores echo requests: it refuses TCP on port %u", v->address,
		    v->port);
		break;
	default:
		say(f, FINDING_ECHO_IGNORED,
		    "%s is up and ignores echo requests: it answers UDP to port %u", v->address,
		    v->port);
		break;
	}
	next(f, "nothing is broken; test the service itself that you want of it");
}

/* No reply at all. */
static void judge_silence(const struct facts_family *v, int family, struct finding *f)
{
	if (v->loop[0]) {
		say(f, FINDING_LOOP, "packets to %s go round between hops %u and %u (%s)",
		    v->address, v->loop[0], v->loop[1], v->loop_from);
		next(f, "two routers there send them to each other: ask who runs %s",
		     v->loop_from);
	} else if (v->error && unreachable(v, family) == FINDING_REJECTED) {
		judge_error(v, family, f);
	} else if (v->knock) {
		judge_knock(v, f);
	} else if (v->error) {
		judge_error(v, family, f);
	} else if (v->last_hop) {
		say(f, FINDING_DROPPED, "nothing comes back from behind hop %u (%s): a firewall there or at %s drops in silence, or there is no way back from there",
		    v->last_hop, v->last_from, v->address);
		next(f, "ask who runs %s, or try another port: `icmpctl trace %s` shows where it ends",
		     v->last_from, v->address);
	} else {
		say(f, FINDING_SILENCE, "nobody on the way to %s answers, not even the first router",
		    v->address);
		next(f, "try another host by the same interface, %s",
		     *v->device ? v->device : "to see whether the fault is here");
	}
}

/* It replies; is it well? */
static void judge_replies(const struct facts_family *v, struct finding *f)
{
	unsigned int lost = v->sent - v->received;
	char span[UNITS_LEN];

	if (v->mtu == MTU_BLACK_HOLE) {
		say(f, FINDING_MTU_BLACK_HOLE,
		    "packets of more than %u bytes to %s vanish behind hop %u (%s), and no error says so: connections open and then hang",
		    v->mtu_bytes, v->address, v->mtu_hop,
		    *v->mtu_from ? v->mtu_from : "this host");
		next(f, "let ICMP \"fragmentation needed\" and \"packet too big\" pass there, or set the MTU of %s to %u",
		     *v->device ? v->device : "the interface", v->mtu_bytes);
	} else if (lost >= LOSS_MIN && v->loss_hop) {
		say(f, FINDING_LOSS, "%u of %u probes to %s are lost, from hop %u (%s) on",
		    lost, v->sent, v->address, v->loss_hop, v->loss_from);
		next(f, "look at the link before hop %u, in both directions: `icmpctl ping -i 0.1 %s`",
		     v->loss_hop, v->loss_from);
	} else if (lost >= LOSS_MIN) {
		say(f, FINDING_LOSS, "%u of %u probes to %s are lost", lost, v->sent,
		    v->address);
		next(f, "see how the loss comes and goes: `icmpctl ping -i 0.1 %s`",
		     v->address);
	} else if (v->rise_ns >= SLOW_NS && v->rise_ns >= v->rtt_ns / 2) {
		say(f, FINDING_SLOW_HOP, "%s answers, but hop %u (%s) adds %s to each round trip",
		    v->address, v->slow_hop, v->slow_from, units_span(span, v->rise_ns));
		next(f, "a full queue or a long link is there: compare with `icmpctl ping %s` at another hour",
		     v->address);
	} else if (v->rtt_ns >= SLOW_NS && !v->hops) {
		/* It may well be far away; but that is not seen. */
		say(f, FINDING_SLOW, "%s answers, but a round trip takes %s, and where is not known: the path could not be followed to it within the wait",
		    v->address, units_span(span, v->rtt_ns));
		next(f, "wait longer: `icmpctl trace -w 10 %s` shows where it begins", v->address);
	} else if (v->limited_hop) {
		say(f, FINDING_RATE_LIMITED_HOP,
		    "%s is well; hop %u (%s) limits how often it answers, which is no loss",
		    v->address, v->limited_hop, v->limited_from);
	} else {
		say(f, FINDING_HEALTHY, "%s is well", v->address);
	}
}

static void judge_family(const struct facts_family *v, int family, struct finding *f)
{
	*f = (struct finding){ .family = family };
	if (v->received)
		judge_replies(v, f);
	else if (!judge_here(v, family, f))
		judge_silence(v, family, f);
	f->family = family;
}

/* Is it as bad as can be: nothing gets there and back? */
static bool broken(const struct finding *f)
{
	return f->kind > KIND_DEGRADED;
}

/* One works and the other does not. */
static void judge_other(const struct finding *works, const struct finding *broken_one,
			struct finding *f)
{
	bool six = broken_one->family == 6;

	*f = *works;
	say(f, six ? FINDING_IPV6_BROKEN : FINDING_IPV4_BROKEN, "IPv%d works and IPv%d does not: %s",
	    works->family, broken_one->family, broken_one->sentence);
	f->of = broken_one->key;
	f->family = broken_one->family;
	memcpy(f->next, broken_one->next, sizeof(f->next));
}

/**
 * judge - say what is wrong
 * @facts: what is known
 * @finding: the verdict
 */
void judge(const struct facts *facts, struct finding *finding)
{
	struct finding four, six;
	char took[UNITS_LEN];

	*finding = (struct finding){ .family = 0 };
	if (judge_name(facts, finding))
		return;
	judge_family(&facts->by[0], 4, &four);
	judge_family(&facts->by[1], 6, &six);
	if (!facts->by[1].asked)
		*finding = four;
	else if (!facts->by[0].asked)
		*finding = six;
	/* Without a route to all of IPv6 a host just has none, which is nobody's fault. */
	else if (!broken(&four) && six.key == FINDING_NO_ROUTE)
		*finding = four;
	else if (!broken(&six) && four.key == FINDING_NO_ROUTE)
		*finding = six;
	else if (broken(&four) == broken(&six))
		*finding = four.kind >= six.kind ? four : six;
	else if (broken(&six))
		judge_other(&four, &six, finding);
	else
		judge_other(&six, &four, finding);
	if (finding->key == FINDING_HEALTHY && !broken(&four) && !broken(&six) &&
	    facts->by[0].asked && facts->by[1].asked)
		say(finding, FINDING_HEALTHY, "%s is well, by IPv4 and IPv6", facts->host);
	if (finding->kind == KIND_HEALTHY && facts->name_ns >= NAME_SLOW_NS) {
		say(finding, FINDING_NAME_SLOW, "%s is well, but its name took %s to resolve",
		    facts->host, units_span(took, facts->name_ns));
		next(finding, "diagnose the name servers: the first one of /etc/resolv.conf may be silent");
	}
}
