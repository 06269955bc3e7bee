/* SPDX-License-Identifier: GPL-2.0 */
/* What is wrong with a host: from plain facts to a finding, a sentence and a next step. */
#ifndef ICMPCTL_JUDGE_H
#define ICMPCTL_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FACT_LEN	128
#define SENTENCE_LEN	512

/* What a host said to probes that are no echo requests. */
enum fact_knock {
	KNOCK_NOTHING,		/* it said nothing, or was not asked */
	KNOCK_OPEN,		/* a TCP connection was accepted */
	KNOCK_CLOSED,		/* a TCP connection was refused, by the host */
	KNOCK_UDP,		/* a UDP datagram was answered by "port unreachable" */
};

enum fact_mtu {
	MTU_UNKNOWN,
	MTU_FOUND,
	MTU_BLACK_HOLE,
};

/**
 * struct facts_family - what is known of a host by one IP version
 * @asked: there is an address, and it was probed
 * @route_error: errno of the look-up of the route, 0 if there is one
 * @on_link: no router is between
 * @cause: enum icmpctl_cause that this host itself knows of, 0 for none
 * @sent: echo requests of the burst
 * @received: replies to it
 * @error: an ICMP error of somebody else answered
 * @type: its ICMP type
 * @code: its ICMP code
 * @error_hop: the hop it came from, 0 if not known
 * @hops: the hop that is the host, 0 if it did not answer there
 * @last_hop: the last one that answered, 0 for none
 * @loop: two hops between which packets go round, 0 for none
 * @limited_hop: the first hop that limits its answers, 0 for none
 * @slow_hop: the hop at which the RTT rises most
 * @rise_ns: by so much, and it stays so up to the end
 * @rtt_ns: median RTT, 0 without a reply
 * @jitter_ns: interarrival jitter of RFC 3550, on RTTs
 * @loss_hop: the first hop whose own address loses echo requests, with all behind
 *	it; 0 if that is not known
 * @loss_searched: hops were asked for it
 * @mtu: see there
 * @mtu_bytes: the path MTU
 * @local_mtu: MTU of the interface, 0 if not known
 * @mtu_hop: the hop behind which it narrows
 * @knock: other probes
 * @port: of @knock
 * @address: as text; likewise all that follow, "" for not known
 * @device: interface that packets leave by
 * @gateway: the next hop, if it is a router
 * @source: our address
 * @neighbour: state of the next hop's entry: "reachable" and the like
 * @error_from: who sent the ICMP error
 * @error_text: what it says
 * @last_from: address of @last_hop
 * @loop_from: address of the first hop of @loop
 * @loss_from: address of @loss_hop
 * @slow_from: address of @slow_hop
 * @mtu_from: address of @mtu_hop
 * @limited_from: address of @limited_hop
 */
struct facts_family {
	bool asked;
	int route_error;
	bool on_link;
	int cause;
	unsigned int sent, received;
	bool error;
	uint8_t type, code;
	unsigned int error_hop, hops, last_hop;
	unsigned int loop[2];
	unsigned int limited_hop, slow_hop;
	uint64_t rise_ns, rtt_ns, jitter_ns;
	unsigned int loss_hop;
	bool loss_searched;
	enum fact_mtu mtu;
	uint32_t mtu_bytes, local_mtu;
	unsigned int mtu_hop;
	enum fact_knock knock;
	uint16_t port;
	char address[FACT_LEN], device[FACT_LEN], gateway[FACT_LEN], source[FACT_LEN];
	char neighbour[FACT_LEN], error_from[FACT_LEN], error_text[FACT_LEN];
	char last_from[FACT_LEN], loop_from[FACT_LEN], loss_from[FACT_LEN], slow_from[FACT_LEN];
	char mtu_from[FACT_LEN], limited_from[FACT_LEN];
};

/* How a name came to its addresses. */
enum fact_name {
	NAME_NUMERIC,		/* it is an address */
	NAME_FOUND,
	NAME_UNKNOWN,		/* there is no such name */
	NAME_NO_ANSWER,		/* no name server answered */
	NAME_NO_ADDRESS,	/* there is, but without an address that could be used */
	NAME_FAILED,		/* something else */
	NAME_ANY,		/* it has the address of a name that nobody has */
};

/**
 * struct facts - what is known of a host
 * @host: as the user gave it, fit to be printed
 * @name: see there
 * @name_text: NAME_FAILED: what the resolver says; NAME_ANY: the address
 * @name_ns: how long resolving took
 * @by: [0]: by IPv4, [1]: by IPv6
 */
struct facts {
	char host[FACT_LEN];
	enum fact_name name;
	char name_text[FACT_LEN];
	uint64_t name_ns;
	struct facts_family by[2];
};

enum finding_key {
	FINDING_HEALTHY,
	FINDING_RATE_LIMITED_HOP,	/* healthy, and a hop that may mislead others */
	FINDING_NAME_UNKNOWN,
	FINDING_NAME_SERVER,
	FINDING_NAME_NO_ADDRESS,
	FINDING_NAME_FAILED,
	FINDING_NAME_ANY,
	FINDING_NAME_SLOW,
	FINDING_NO_ROUTE,
	FINDING_LINK_DOWN,
	FINDING_GATEWAY_SILENT,
	FINDING_NO_NEIGHBOUR,
	FINDING_FILTERED_OUT,
	FINDING_FILTERED_IN,
	FINDING_LOCAL_QUEUE,
	FINDING_LOCAL_REFUSED,
	FINDING_LOOP,
	FINDING_REJECTED,
	FINDING_HOST_UNREACHABLE,
	FINDING_NET_UNREACHABLE,
	FINDING_ECHO_IGNORED,
	FINDING_DROPPED,
	FINDING_SILENCE,
	FINDING_MTU_BLACK_HOLE,
	FINDING_LOSS,
	FINDING_SLOW_HOP,
	FINDING_SLOW,
	FINDING_IPV4_BROKEN,
	FINDING_IPV6_BROKEN,

	FINDINGS
};

/* Exit status by kind of finding. */
enum finding_kind {
	KIND_HEALTHY = 0,
	KIND_DEGRADED = 1,	/* it answers, and something is wrong */
	KIND_NAME = 3,		/* its name is no use */
	KIND_HERE = 4,		/* the fault is on this host or its link */
	KIND_PATH = 5,		/* the fault is on the way, or the host is down */
	KIND_FIREWALL = 6,	/* somebody does not want it */
};

/**
 * struct finding - the verdict
 * @key: what it is
 * @of: IPV4_BROKEN, IPV6_BROKEN: what is wrong with that one; else as @key
 * @family: 4 or 6: by which IP version it was seen, 0 for neither
 * @kind: see there
 * @sentence: the finding, for people
 * @next: what to try next, "" if nothing
 */
struct finding {
	enum finding_key key, of;
	int family;
	enum finding_kind kind;
	char sentence[SENTENCE_LEN], next[SENTENCE_LEN];
};

void judge(const struct facts *facts, struct finding *finding);
const char *finding_name(enum finding_key key);

#endif
