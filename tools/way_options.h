/* SPDX-License-Identifier: GPL-2.0 */
/* What pmtu and diagnose have in common: by which way they ask. */
#ifndef ICMPCTL_WAY_OPTIONS_H
#define ICMPCTL_WAY_OPTIONS_H

#include "keep_options.h"
#include "lib/options.h"
#include "lib/sender.h"
#include "lib/session.h"
#include "lib/target.h"

/**
 * struct way_config - the way
 * @from: what is sent from
 * @keep: what is kept of it: a capture
 * @numeric: no names of addresses
 * @json: JSON Lines
 * @mark: firewall mark
 * @tos: TOS or traffic class
 * @wait: an answer is not waited for longer
 * @max_hops: of the path
 */
struct way_config {
	struct sender from;
	struct keep_config keep;
	bool numeric, json;
	struct opt_value mark, tos, wait, max_hops;
};

int way_check(struct way_config *c, uint64_t wait_ns);
int way_check_target(const struct way_config *c, struct target *t);
void way_params(const struct way_config *c, int family, struct session_params *p);
void way_refused(const struct opt *options, const struct target *t, const struct nlc_refusal *why,
		 int attr, bool of_target);

#define WAY_PLACE(type, member) .offset = offsetof(type, way.member)
#define WAY_ATTR(name) .attr = ICMPCTL_SESSION_A_##name

/* Options of both; the others stand between them, by their letters. */
#define WAY_FAMILIES(type)							\
	{ '4', "ipv4", NULL, NULL, OPT_FLAG, WAY_PLACE(type, from.ipv4) },		\
	{ '6', "ipv6", NULL, "only IPv4, only IPv6", OPT_FLAG, WAY_PLACE(type, from.ipv6) }
/* @more: what is to be said of a capture, a literal. */
#define WAY_OPTIONS(type, more)							\
	{ 'i', "interface", "IF", "send by this interface", OPT_CALL,		\
	  .right = "there is no such interface", .call = sender_set_device,	\
	  WAY_PLACE(type, from), WAY_ATTR(IFINDEX) },				\
	{ 'I', "from", "IF|ADDR", "send by this interface or from this address",	\
	  OPT_CALL, .right = "there is no such interface, and it is no address",	\
	  .call = sender_set_either, WAY_PLACE(type, from), WAY_ATTR(SOURCE) },	\
	{ 'm', "max-hops", "N", "hops of the path at most, default 30", OPT_NUMBER,	\
	  WAY_PLACE(type, max_hops), 1, 255, "the hops must be 1 to 255" },	\
	{ 'n', "numeric", NULL, "no names of addresses", OPT_FLAG,		\
	  WAY_PLACE(type, numeric) },						\
	{ 'Q', "tos", "TOS", "type of service or traffic class, 0 to 255", OPT_NUMBER,	\
	  WAY_PLACE(type, tos), 0, 255, "the type of service must be 0 to 255",	\
	  WAY_ATTR(TOS) },							\
	{ 'W', "wait", "TIME", "wait no longer for an answer, default 1s", OPT_DURATION,	\
	  WAY_PLACE(type, wait), 10000000, 60000000000,				\
	  "the wait must be 10 ms to 1 minute", WAY_ATTR(TIMEOUT_NS) },		\
	{ 0, "mark", "N", "firewall mark of the probes", OPT_NUMBER,		\
	  WAY_PLACE(type, mark), 0, UINT32_MAX, "the mark must be 0 to 4294967295",	\
	  WAY_ATTR(MARK) },							\
	{ 0, "json", NULL, "JSON Lines instead of text", OPT_FLAG, WAY_PLACE(type, json) },	\
	KEEP_PCAP_OPTION_OF(type, way.keep, more)

#endif
