/* SPDX-License-Identifier: GPL-2.0 */
/* Gathers what there is to know of a host by one IP version. */
#ifndef ICMPCTL_CHECKUP_H
#define ICMPCTL_CHECKUP_H

#include "lib/judge.h"
#include "lib/path_run.h"
#include "lib/pmtu_run.h"
#include "lib/rtnl.h"

#define CHECKUP_PROBES	20
/* Ports that a host is asked by other probes. */
#define CHECKUP_DOORS	4
/* Hops that are asked for loss. */
#define CHECKUP_HOPS	16

/**
 * struct checkup_burst - a short burst of echo requests
 * @sent: how many were
 * @settled: of how many it is known what became of them
 * @received: how many were answered
 * @rtt_ns: RTTs, in the order of the replies
 * @timed: how many
 * @last_ns: when the last one was due
 * @heard_ns: when something was last heard
 * @cause: enum icmpctl_cause that this host knows of
 * @error: an ICMP error of somebody else
 * @has_error: there was one
 */
struct checkup_burst {
	unsigned int sent, settled, received;
	uint64_t rtt_ns[CHECKUP_PROBES];
	unsigned int timed;
	uint64_t last_ns, heard_ns;
	int cause;
	struct icmpctl_record error;
	bool has_error;
};

struct checkup;

/* A port, for whoever hears of it. */
struct checkup_door {
	struct checkup *checkup;
	unsigned int index;
};

/**
 * struct checkup - a host by one IP version
 * @probes: by these sessions
 * @target: the host; family 0: it has no such address
 * @params: the way that was asked for
 * @wait_ns: no answer of a hop or to a size is waited for longer
 * @max_hops: of the path
 * @begun_ns: when it began
 * @route_error: errno of the look-up of the route
 * @route: the route
 * @device_name: interface that packets leave by
 * @source: our address, "" if it is not known
 * @neighbour: state of the next hop's entry, at the end
 * @refusal: why the module refused, if it did
 * @refused: it did
 * @burst: the burst
 * @hops: the path
 * @mtu: the path MTU
 * @door: other probes
 * @heard: what they heard
 * @port: and of which port
 * @loss: the addresses of hops, asked for loss
 * @loss_ttl: which hops those are
 * @loss_received: replies to the CHECKUP_PROBES that each was sent
 * @losses: how many hops
 * @loss_until_ns: until when those are waited for
 * @sizing: @mtu has begun
 * @knocking: @door has begun
 * @losing: @loss has begun
 * @done: all is known that will be
 */
struct checkup {
	struct probes *probes;
	struct target target;
	struct session_params params;
	uint64_t wait_ns;
	unsigned int max_hops;
	uint64_t begun_ns;
	int route_error;
	struct rtnl_route route;
	char device_name[IF_NAMESIZE];
	char source[ADDRESS_LEN];
	const char *neighbour;
	struct probes_refusal refusal;
	bool refused;
	struct checkup_burst burst;
	struct path_run hops;
	struct pmtu_run mtu;
	struct checkup_door door[CHECKUP_DOORS];
	enum fact_knock heard;
	uint16_t port;
	struct target loss[CHECKUP_HOPS];
	uint8_t loss_ttl[CHECKUP_HOPS];
	unsigned int loss_received[CHECKUP_HOPS], losses;
	uint64_t loss_until_ns;
	bool sizing, knocking, losing, done;
};

void checkup_begin(struct checkup *c, struct probes *probes, const struct target *target,
		   const struct session_params *params, uint64_t wait_ns,
		   unsigned int max_hops, uint64_t now_ns);
void checkup_advance(struct checkup *c, uint64_t now_ns, uint64_t *at_ns);
void checkup_facts(const struct checkup *c, struct facts_family *v);
uint64_t checkup_rtt(const struct checkup *c, unsigned int percent);
uint64_t checkup_jitter(const struct checkup *c);

#endif
