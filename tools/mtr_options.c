// SPDX-License-Identifier: GPL-2.0
/* What a user may ask of mtr, by its letters, and what that means for the module. */
#include "mtr_options.h"

#include <string.h>

#include "lib/hops.h"
#include "lib/report.h"
#include "lib/units.h"
#include "out_mtr.h"

#define FIRST_DEFAULT		1
#define MAX_DEFAULT		30
#define CYCLES_DEFAULT		10
#define INTERVAL_DEFAULT_NS	NSEC_PER_SEC
/* With so many rounds a second even 255 hops are within what a namespace may send. */
#define INTERVAL_MIN_NS		NSEC_PER_MSEC
/* A probe's answer is counted as long, but see hops_count(). */
#define TIMEOUT_NS		(5 * NSEC_PER_SEC)
/* At short intervals not as long, or all that may be unanswered is spent on it. */
#define ROUNDS_UNANSWERED	500
#define TIMEOUT_MIN_NS		NSEC_PER_SEC

#define PACKET_DEFAULT_IPV4	64
#define PACKET_DEFAULT_IPV6	84
#define HEADERS_IPV4		(20 + 8)
#define HEADERS_IPV6		(40 + 8)

static int set_order(void *config, const char *value)
{
	struct mtr_config *c = config;

	c->order = value;
	return mtr_fields_known(value) ? 0 : -1;
}

#define PLACE(member) .offset = offsetof(struct mtr_config, member)
#define ATTR(name) .attr = ICMPCTL_SESSION_A_##name

const struct opt mtr_options[] = {
	{ '4', "ipv4", NULL, NULL, OPT_FLAG, PLACE(from.ipv4) },
	{ '6', "ipv6", NULL, "only IPv4, only IPv6", OPT_FLAG, PLACE(from.ipv6) },
	{ 'a', "address", "ADDR", "send from this address", OPT_CALL,
	  .right = "it is no address", .call = sender_set_address, PLACE(from), ATTR(SOURCE) },
	{ 'b', "show-ips", NULL, "addresses behind the names", OPT_FLAG, PLACE(both) },
	{ 'c', "report-cycles", "N", "rounds; default 10 in a report, else no end",
	  OPT_NUMBER, PLACE(cycles), 1, 1000000000, "the cycles must be 1 to 1000000000" },
	{ 'e', "mpls", NULL, "MPLS labels and interfaces that routers tell", OPT_FLAG,
	  PLACE(mpls) },
	{ 'f', "first-ttl", "N", "begin with this TTL, default 1", OPT_NUMBER, PLACE(first),
	  1, HOPS_MAX, "the first hop must be 1 to 255" },
	{ 'i', "interval", "TIME", "from one round to the next, default 1s", OPT_DURATION,
	  PLACE(interval), INTERVAL_MIN_NS, ICMPCTL_INTERVAL_MAX_NS,
	  "the interval must be 1 ms to 1 day", ATTR(INTERVAL_NS) },
	{ 'I', "interface", "IF", "send by this interface", OPT_CALL,
	  .right = "there is no such interface", .call = sender_set_device, PLACE(from),
	  ATTR(IFINDEX) },
	{ 'm', "max-ttl", "N", "end with this TTL, default 30", OPT_NUMBER, PLACE(max),
	  1, HOPS_MAX, "the last hop must be 1 to 255" },
	{ 'M', "mark", "N", "firewall mark of the probes", OPT_NUMBER, PLACE(mark),
	  0, UINT32_MAX, "the mark must be 0 to 4294967295", ATTR(MARK), .rare = true },
	{ 'n', "no-dns", NULL, "no names of addresses", OPT_FLAG, PLACE(numeric) },
	{ 'o', "order", "FIELDS", "columns, a letter each, default \"LS NABWV\"",
	  OPT_CALL, .call = set_order,
	  .right = "the fields must be letters of LDRSNBAWVGJMXI59P and spaces, 31 at most",
	  .detail = "L is loss, D lost, R answered, S sent; N newest, B least, A mean, W "
		    "greatest, V standard deviation and G geometric mean of the RTTs; J "
		    "newest, M mean and X greatest difference of two RTTs in a row, I the "
		    "jitter of RFC 3550; 5, 9, P the median, the 90th and the 99th "
		    "percentile. Times are milliseconds." },
	{ 'Q', "tos", "TOS", "type of service or traffic class, 0 to 255", OPT_NUMBER,
	  PLACE(tos), 0, 255, "the type of service must be 0 to 255", ATTR(TOS) },
	{ 'r', "report", NULL, "no live view: a table at the end", OPT_FLAG, PLACE(report) },
	{ 's', "psize", "N", "bytes of a packet, default 64 (IPv6: 84)", OPT_NUMBER,
	  PLACE(packet), HEADERS_IPV4 + ICMPCTL_COOKIE_LEN,
	  HEADERS_IPV6 + ICMPCTL_SIZE_MAX_IPV6, "the packets must be 36 to 65575 bytes",
	  ATTR(SIZE) },
	{ 'w', "report-wide", NULL, "the same, and no name is cut", OPT_FLAG, PLACE(wide) },
	{ 'j', "json", NULL, NULL, OPT_FLAG, PLACE(json) },
	{ 'C', "csv", NULL, "the report as JSON, as CSV", OPT_FLAG, PLACE(csv) },
	KEEP_LOG_OPTIONS(struct mtr_config, true),
	KEEP_PCAP_OPTION(struct mtr_config, ""),
	{ 0 }
};

/**
 * mtr_fields_known - does each letter stand for a field
 * @fields: the letters
 *
 * Return: true if so, and if they are neither none nor too many.
 */
bool mtr_fields_known(const char *fields)
{
	size_t n = strlen(fields);

	for (const char *f = fields; *f; f++)
		if (!mtr_field(*f))
			return false;
	return n && n < MTR_FIELDS_MAX;
}

static void default_to(struct opt_value *v, uint64_t value)
{
	if (!v->given)
		v->value = value;
}

/**
 * mtr_check - do the options go together
 * @c: the options; those not given get their defaults
 *
 * Return: 0, or -1 and then it was told why not.
 */
int mtr_check(struct mtr_config *c)
{
	c->report = c->report || c->wide || c->json || c->csv;
	default_to(&c->first, FIRST_DEFAULT);
	default_to(&c->max, c->first.value > MAX_DEFAULT ? c->first.value : MAX_DEFAULT);
	default_to(&c->cycles, c->report ? CYCLES_DEFAULT : 0);
	default_to(&c->interval, INTERVAL_DEFAULT_NS);
	if (c->json && c->csv) {
		report("--json and --csv exclude each other");
		return -1;
	}
	if (c->first.value > c->max.value) {
		report("-f %u: it is behind the last hop, -m %u",
		       (unsigned int)c->first.value, (unsigned int)c->max.value);
		return -1;
	}
	if (keep_check(&c->keep))
		return -1;
	return sender_check(&c->from, "-a");
}

/**
 * mtr_check_target - do the options fit the host
 * @c: the options; they learn how long the packets are
 * @t: the host; it learns its interface if it needs one
 *
 * Return: 0, or -1 and then it was told why not.
 */
int mtr_check_target(struct mtr_config *c, struct target *t)
{
	unsigned int headers = t->family == 4 ? HEADERS_IPV4 : HEADERS_IPV6;
	unsigned int most = headers + (t->family == 4 ? ICMPCTL_SIZE_MAX_IPV4 :
							ICMPCTL_SIZE_MAX_IPV6);

	default_to(&c->packet, t->family == 4 ? PACKET_DEFAULT_IPV4 : PACKET_DEFAULT_IPV6);
	c->packet_bytes = c->packet.value;
	if (c->packet_bytes < headers + ICMPCTL_COOKIE_LEN || c->packet_bytes > most) {
		report("-s %u: the packets must be %u to %u bytes, since %s is an IPv%d host",
		       c->packet_bytes, headers + ICMPCTL_COOKIE_LEN, most, t->given, t->family);
		return -1;
	}
	if (target_is_multicast(t)) {
		report("%s: no path leads to a multicast address", t->given);
		return -1;
	}
	return sender_check_target(&c->from, t, "-I");
}

static uint64_t timeout_ns(uint64_t interval_ns)
{
	uint64_t ns = ROUNDS_UNANSWERED * interval_ns;

	return ns < TIMEOUT_MIN_NS ? TIMEOUT_MIN_NS : ns > TIMEOUT_NS ? TIMEOUT_NS : ns;
}

#define ASK(NAME, member, v) SESSION_ASK(p, ICMPCTL_SESSION_A_##NAME, member, v)

/**
 * mtr_params - what to ask of the module, but for how many rounds
 * @c: the options
 * @family: of the host
 * @flow_base: so that all sessions have the same flow
 * @p: the result
 */
void mtr_params(const struct mtr_config *c, int family, uint32_t flow_base,
		struct session_params *p)
{
	*p = (struct session_params){ .set = 0 };
	ASK(INTERVAL_NS, interval_ns, c->interval.value);
	ASK(TIMEOUT_NS, timeout_ns, timeout_ns(c->interval.value));
	ASK(SIZE, size, c->packet_bytes - (family == 4 ? HEADERS_IPV4 : HEADERS_IPV6));
	ASK(PMTUDISC, pmtudisc, ICMPCTL_PMTUDISC_DONT);
	ASK(FLAGS, flags, ICMPCTL_SESSION_F_PATH | ICMPCTL_SESSION_F_EXTENSIONS);
	ASK(FLOW_BASE, flow_base, flow_base);
	if (c->tos.given)
		ASK(TOS, tos, c->tos.value);
	if (c->mark.given)
		ASK(MARK, mark, c->mark.value);
	sender_params(&c->from, family, p);
}
#undef ASK
