// SPDX-License-Identifier: GPL-2.0
/*
 * What a user may ask of trace, and what that means for the module. The letters
 * are those of traceroute, and so is their meaning; -N counts hops, which are asked
 * at once with all their probes.
 */
#include "trace_options.h"

#include <stdlib.h>
#include <string.h>

#include "lib/flows.h"
#include "lib/report.h"
#include "lib/units.h"

#define FIRST_DEFAULT		1
#define MAX_DEFAULT		30
#define QUERIES_DEFAULT		3
#define WINDOW_DEFAULT		16
#define REPEATS_DEFAULT		3
#define TIMEOUT_DEFAULT_NS	(5 * NSEC_PER_SEC)
#define CONFIDENCE_DEFAULT	95
/*
 * Between probes of a hop that is asked again. Linux gives each host that asks one
 * answer a second, by a clock as coarse as 10 ms, and the network adds its own.
 */
#define SPACING_NS		(1100 * NSEC_PER_MSEC)

#define PACKET_DEFAULT_IPV4	60
#define PACKET_DEFAULT_IPV6	80
#define UDP_PORT_DEFAULT	33434
#define TCP_PORT_DEFAULT	80

static int set_confidence(void *config, const char *value)
{
	struct trace_config *c = config;
	char *end;

	/* Neither signs nor exponents nor what strtod() makes of words. */
	if (!*value || value[strspn(value, "0123456789.")])
		return -1;
	c->confidence = strtod(value, &end);
	return *end || !(c->confidence > 0 && c->confidence <= 100) ? -1 : 0;
}

#define PLACE(member) .offset = offsetof(struct trace_config, member)
#define ATTR(name) .attr = ICMPCTL_SESSION_A_##name

const struct opt trace_options[] = {
	{ '4', "ipv4", NULL, NULL, OPT_FLAG, PLACE(from.ipv4) },
	{ '6', "ipv6", NULL, "only IPv4, only IPv6", OPT_FLAG, PLACE(from.ipv6) },
	{ 'e', "extensions", NULL, "MPLS labels and interfaces that routers tell",
	  OPT_FLAG, PLACE(extensions) },
	{ 'f', "first", "N", "begin with this TTL, default 1", OPT_NUMBER, PLACE(first),
	  1, PATH_HOPS, "the first hop must be 1 to 255" },
	{ 0, "flows", "N", "walk up to N flows: all ways that are balanced over",
	  OPT_NUMBER, PLACE(flows), 1, FLOWS_MAX, "the flows must be 1 to 1024",
	  .detail = "Each flow is one probe a hop, asked again as usual. Of every router the hop "
		    "behind it is asked by so many flows that pass it that a further address "
		    "would not have been missed (see --confidence): the multipath detection "
		    "algorithm. More than N flows are not used; if they do not suffice it is told "
		    "what was reached. Each address is told with its least round-trip time, the "
		    "flows that met it, and from which address of the hop before they came." },
	{ 0, "confidence", "P", "percent, that --flows misses nothing, default 95", OPT_CALL,
	  .right = "the confidence must be more than 0 and at most 100 percent",
	  .call = set_confidence, .rare = true,
	  .detail = "It holds for all addresses and links together, if routers balance evenly, and "
		    "not for hops that say nothing. 100 walks all N flows over every hop." },
	{ 'F', "dont-fragment", NULL, "no router may fragment the probes", OPT_FLAG,
	  PLACE(dont_fragment), ATTR(PMTUDISC), .rare = true },
	{ 'i', "interface", "IF", "send by this interface", OPT_CALL,
	  .right = "there is no such interface", .call = sender_set_device, PLACE(from),
	  ATTR(IFINDEX) },
	{ 'I', "icmp", NULL, "probe with ICMP echo requests, the default", OPT_FLAG,
	  PLACE(icmp) },
	{ 'm', "max-hops", "N", "end with this TTL, default 30", OPT_NUMBER, PLACE(max),
	  1, PATH_HOPS, "the last hop must be 1 to 255" },
	{ 'n', "numeric", NULL, "no names of addresses that answer", OPT_FLAG,
	  PLACE(numeric) },
	{ 'N', "window", "N", "ask so many hops at once, default 16", OPT_NUMBER,
	  PLACE(window), 1, PATH_HOPS, "the window must be 1 to 255 hops" },
	{ 'p', "port", "N", "destination port, default 33434 with -U, 80 with -T", OPT_NUMBER,
	  PLACE(port), 1, 65535, "the port must be 1 to 65535", ATTR(PORT) },
	{ 'q', "queries", "N", "probes of each hop, default 3", OPT_NUMBER, PLACE(queries),
	  1, PATH_QUERIES, "the queries must be 1 to 10 a hop" },
	{ 'r', "repeats", "N", "ask a silent hop again, 1.1 s apart, default 3 times",
	  OPT_NUMBER, PLACE(repeats), 0, 100, "the repeats must be 0 to 100" },
	{ 's', "source", "ADDR", "send from this address", OPT_CALL,
	  .right = "it is no address", .call = sender_set_address, PLACE(from), ATTR(SOURCE) },
	{ 't', "tos", "TOS", "type of service or traffic class, 0 to 255", OPT_NUMBER,
	  PLACE(tos), 0, 255, "the type of service must be 0 to 255", ATTR(TOS), .rare = true },
	{ 'T', "tcp", NULL, "probe with TCP SYNs", OPT_FLAG, PLACE(tcp) },
	{ 'U', "udp", NULL, "probe with UDP datagrams", OPT_FLAG, PLACE(udp), ATTR(KIND) },
	{ 'v', "verbose", NULL, "ways back of another length, loops, private addresses",
	  OPT_FLAG, PLACE(verbose) },
	{ 'w', "wait", "TIME", "wait no longer for an answer, default 5s", OPT_DURATION,
	  PLACE(timeout), ICMPCTL_TIMEOUT_MIN_NS, ICMPCTL_TIMEOUT_MAX_NS,
	  "the wait must be 1 ms to 10 minutes", ATTR(TIMEOUT_NS) },
	{ 0, "json", NULL, "JSON Lines instead of text", OPT_FLAG, PLACE(json) },
	{ 0, "fwmark", "N", NULL, OPT_NUMBER, PLACE(mark),
	  0, UINT32_MAX, "the mark must be 0 to 4294967295", .rare = true },
	{ 0, "mark", "N", "firewall mark of the probes", OPT_NUMBER, PLACE(mark),
	  0, UINT32_MAX, "the mark must be 0 to 4294967295", ATTR(MARK), .rare = true },
	KEEP_LOG_OPTIONS(struct trace_config, true),
	KEEP_PCAP_OPTION(struct trace_config, ""),
	{ 0, "plot", NULL, "draw the RTTs of each hop at the end", OPT_FLAG, PLACE(plot),
	  .rare = true,
	  .detail = "One row a hop, on one logarithmic axis: a dot for each RTT. COLUMNS says how "
		    "wide, where it is no terminal." },
	{ 0 }
};

static void default_to(struct opt_value *v, uint64_t value)
{
	if (!v->given)
		v->value = value;
}

/**
 * trace_kind - what is sent
 * @c: the options
 *
 * Return: an enum icmpctl_probe_kind.
 */
uint32_t trace_kind(const struct trace_config *c)
{
	if (c->udp)
		return ICMPCTL_PROBE_UDP;
	return c->tcp ? ICMPCTL_PROBE_TCP : ICMPCTL_PROBE_ECHO;
}

/* Bytes in front of the payload. */
static unsigned int headers(const struct trace_config *c, int family)
{
	/* TCP: with the maximum segment size. */
	return (family == 4 ? 20 : 40) + (c->tcp ? 24 : 8);
}

/**
 * trace_check - do the options go together
 * @c: the options; those not given get their defaults
 *
 * Return: 0, or -1 and then it was told why not.
 */
int trace_check(struct trace_config *c)
{
	if (c->confidence > 0 && !c->flows.given) {
		report("--confidence: it is that of many flows; it goes with --flows");
		return -1;
	}
	if (c->queries.given && c->flows.given) {
		report("-q: each of the --flows is one probe of each hop");
		return -1;
	}
	if (!(c->confidence > 0))
		c->confidence = CONFIDENCE_DEFAULT;
	default_to(&c->first, FIRST_DEFAULT);
	default_to(&c->max, c->first.value > MAX_DEFAULT ? c->first.value : MAX_DEFAULT);
	default_to(&c->queries, QUERIES_DEFAULT);
	default_to(&c->window, WINDOW_DEFAULT);
	default_to(&c->repeats, REPEATS_DEFAULT);
	default_to(&c->timeout, TIMEOUT_DEFAULT_NS);
	if (c->icmp + c->udp + c->tcp > 1) {
		report("-I, -U and -T exclude each other");
		return -1;
	}
	if (c->plot && c->json) {
		report("--plot is of use with text alone");
		return -1;
	}
	if (keep_check(&c->keep))
		return -1;
	if (c->port.given && !c->udp && !c->tcp) {
		report("-p: an echo request has no port; it goes with -U or -T");
		return -1;
	}
	default_to(&c->port, c->udp ? UDP_PORT_DEFAULT : c->tcp ? TCP_PORT_DEFAULT : 0);
	if (c->first.value > c->max.value) {
		report("-f %u: it is behind the last hop, -m %u",
		       (unsigned int)c->first.value, (unsigned int)c->max.value);
		return -1;
	}
	return sender_check(&c->from, "-s");
}

/**
 * trace_check_target - do the options fit the host
 * @c: the options; they learn how long the packets are
 * @t: the host; it learns its interface if it needs one
 * @bytes: the length of the packets as the user gave it, or NULL
 *
 * Return: 0, or -1 and then it was told why not.
 */
int trace_check_target(struct trace_config *c, struct target *t, const char *bytes)
{
	unsigned int least = headers(c, t->family) + ICMPCTL_COOKIE_LEN;
	unsigned int most = headers(c, t->family) + (t->family == 4 ? ICMPCTL_SIZE_MAX_IPV4 :
								      ICMPCTL_SIZE_MAX_IPV6);
	uint64_t value = t->family == 4 ? PACKET_DEFAULT_IPV4 : PACKET_DEFAULT_IPV6;

	if (c->tcp) {
		value = headers(c, t->family);
		if (bytes) {
			report("%s: a TCP SYN has no payload, its length is %u bytes", bytes,
			       (unsigned int)value);
			return -1;
		}
	}
	if (bytes && (units_number(bytes, &value) || value < least || value > most)) {
		report("%s: the packets must be %u to %u bytes", bytes, least, most);
		return -1;
	}
	c->packet_bytes = value;
	if (target_is_multicast(t)) {
		report("%s: no path leads to a multicast address", t->given);
		return -1;
	}
	return sender_check_target(&c->from, t, "-i");
}

/**
 * trace_rule - how the path is asked
 * @c: the options
 * @rule: the result
 */
void trace_rule(const struct trace_config *c, struct path_rule *rule)
{
	*rule = (struct path_rule){
		.window = c->window.value,
		.repeats = c->repeats.value,
		.spacing_ns = SPACING_NS,
		.wait_ns = c->timeout.value,
	};
}

#define ASK(NAME, member, v) SESSION_ASK(p, ICMPCTL_SESSION_A_##NAME, member, v)

/**
 * trace_params - what to ask of the module in each of the trace's sessions
 * @c: the options
 * @family: of the host
 * @flow_base: so that they all have the same flow
 * @p: the result
 */
void trace_params(const struct trace_config *c, int family, uint32_t flow_base,
		  struct session_params *p)
{
	*p = (struct session_params){ .set = 0 };
	ASK(TIMEOUT_NS, timeout_ns, c->timeout.value);
	ASK(SIZE, size, c->packet_bytes - headers(c, family));
	if (c->udp || c->tcp) {
		ASK(KIND, kind, trace_kind(c));
		ASK(PORT, port, c->port.value);
	}
	/* As traceroute: the path's own MTU is not to be hidden by what is known of it. */
	ASK(PMTUDISC, pmtudisc, c->dont_fragment ? ICMPCTL_PMTUDISC_PROBE :
						   ICMPCTL_PMTUDISC_DONT);
	ASK(FLAGS, flags, ICMPCTL_SESSION_F_EXTENSIONS);
	ASK(FLOW_BASE, flow_base, flow_base);
	if (c->tos.given)
		ASK(TOS, tos, c->tos.value);
	if (c->mark.given)
		ASK(MARK, mark, c->mark.value);
	sender_params(&c->from, family, p);
}
#undef ASK
