// SPDX-License-Identifier: GPL-2.0
/* By which kind of probe somebody was found in a sweep, and what that said. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "lib/icmp_names.h"
#include "lib/now.h"
#include "lib/units.h"
#include "out.h"
#include "out_sweep.h"

#define TCP_RST		0x04

/* RFC 8335, 3: the last byte of an extended echo reply */
#define EXTENDED_ACTIVE	0x04
#define EXTENDED_IPV4	0x02
#define EXTENDED_IPV6	0x01

/* ICMPv6 has no such message. */
static bool is_ipv4_only(uint32_t kind)
{
	return kind == ICMPCTL_PROBE_TIMESTAMP || kind == ICMPCTL_PROBE_MASK;
}

/**
 * out_sweep_probe - the kind of probe that a try was made with
 * @c: the options
 * @r: a record of the try
 *
 * Return: the kind; an echo request if none was asked for.
 */
const struct session_probe *out_sweep_probe(const struct sweep_config *c,
					    const struct icmpctl_record *r)
{
	static const struct session_probe echo = { .kind = ICMPCTL_PROBE_ECHO };
	unsigned int fit = 0, at;

	for (unsigned int i = 0; i < c->n_probes; i++)
		fit += r->family == 4 || !is_ipv4_only(c->probes[i].kind);
	if (!fit || !r->seq)
		return &echo;
	at = (r->seq - 1) % fit;
	for (unsigned int i = 0; i < c->n_probes; i++)
		if ((r->family == 4 || !is_ipv4_only(c->probes[i].kind)) && !at--)
			return &c->probes[i];
	return &echo;
}

/**
 * out_sweep_is_error - was it an ICMP error that came
 * @r: a record with an answer
 *
 * Return: false if it was what was asked for.
 */
bool out_sweep_is_error(const struct icmpctl_record *r)
{
	if (r->family == 6)
		return r->icmp_type && r->icmp_type < 128;
	switch (r->icmp_type) {
	case 3:
	case 4:
	case 11:
	case 12:
		return true;
	default:
		return false;
	}
}

/**
 * out_sweep_answer - what came, as programs read it
 * @r: a record with an answer
 *
 * Return: reply, datagram, syn-ack, rst, or icmp-error.
 */
const char *out_sweep_answer(const struct icmpctl_record *r)
{
	if (out_sweep_is_error(r))
		return "icmp-error";
	switch (r->kind) {
	case ICMPCTL_PROBE_UDP:
		return "datagram";
	case ICMPCTL_PROBE_TCP:
		return r->tcp_flags & TCP_RST ? "rst" : "syn-ack";
	default:
		return "reply";
	}
}

/**
 * out_sweep_interface - what an extended echo reply says of the interface asked about
 * @r: its record
 *
 * Return: a key word: RFC 8335's codes, and whether the interface is active.
 */
const char *out_sweep_interface(const struct icmpctl_record *r)
{
	static const char *const codes[] = {
		NULL, "malformed-query", "no-such-interface", "no-such-entry", "several-interfaces",
	};

	if (!r->icmp_code)
		return r->info & EXTENDED_ACTIVE ? "active" : "inactive";
	return r->icmp_code < sizeof(codes) / sizeof(codes[0]) ? codes[r->icmp_code] : "unknown";
}

/**
 * out_sweep_clock - the clock of a host that answered a timestamp request
 * @c: the result
 * @run: the run
 * @r: its record
 */
void out_sweep_clock(struct remote_clock *c, const struct sweep_run *run,
		     const struct icmpctl_record *r)
{
	remote_clock_read(c, r, now_distance_ns(run->info.started_unix_ns - run->info.started_ns));
}

static void put_clock(char *buf, size_t size, const struct sweep_run *run,
		      const struct icmpctl_record *r)
{
	struct remote_clock c;
	int64_t ahead;

	out_sweep_clock(&c, run, r);
	if (c.kind != REMOTE_CLOCK_STANDARD) {
		snprintf(buf, size, "timestamp, which is %s",
			 c.kind == REMOTE_CLOCK_NONSTANDARD ? "no time since midnight UT" :
							      "out of range");
		return;
	}
	ahead = c.offset_ns < 0 ? -c.offset_ns : c.offset_ns;
	if (ahead <= c.error_ns)
		snprintf(buf, size, "timestamp, its clock agrees within %.1f ms", c.error_ns / 1e6);
	else
		snprintf(buf, size, "timestamp, its clock is %.1f ms %s, give or take %.1f ms",
			 ahead / 1e6, c.offset_ns < 0 ? "behind" : "ahead", c.error_ns / 1e6);
}

static void put_interface(char *buf, size_t size, const struct icmpctl_record *r)
{
	static const struct {
		const char *key, *text;
	} texts[] = {
		{ "malformed-query", "query not understood" },
		{ "no-such-interface", "no such interface" },
		{ "no-such-entry", "no such table entry" },
		{ "several-interfaces", "several interfaces" },
		{ "unknown", "a code nobody knows" },
	};
	const char *key = out_sweep_interface(r);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(texts[i].key, key))
			continue;
		snprintf(buf, size, "extended echo: %s", texts[i].text);
		return;
	}
	snprintf(buf, size, "extended echo: interface %s%s%s", key,
		 r->info & EXTENDED_IPV4 ? ", IPv4" : "", r->info & EXTENDED_IPV6 ? ", IPv6" : "");
}

static void put_kind(char *buf, size_t size, const struct session_probe *p)
{
	static const char *const names[] = {
		[ICMPCTL_PROBE_ECHO] = "echo",
		[ICMPCTL_PROBE_UDP] = "UDP",
		[ICMPCTL_PROBE_TCP] = "TCP",
		[ICMPCTL_PROBE_TIMESTAMP] = "timestamp",
		[ICMPCTL_PROBE_MASK] = "address mask",
		[ICMPCTL_PROBE_EXTENDED] = "extended echo",
	};

	if (p->port)
		snprintf(buf, size, "%s %u", names[p->kind], p->port);
	else
		snprintf(buf, size, "%s", names[p->kind]);
}

/**
 * out_sweep_by - by which probe, and what the answer said, for people
 * @buf: where to
 * @run: the run
 * @r: a record with an answer, or the error that came instead of one
 *
 * Return: @buf.
 */
const char *out_sweep_by(char buf[OUT_SWEEP_LEN], const struct sweep_run *run,
			 const struct icmpctl_record *r)
{
	const struct session_probe *p = out_sweep_probe(run->config, r);
	char name[ICMP_NAME_LEN], addr[ADDRESS_LEN];
	uint8_t mask[16];
	size_t len;

	put_kind(buf, OUT_SWEEP_LEN, p);
	len = strlen(buf);
	if (!out_sweep_answered(r))
		return buf;
	if (out_sweep_is_error(r)) {
		snprintf(buf + len, OUT_SWEEP_LEN - len, ": %s",
			 icmp_text(name, r->family, r->icmp_type, r->icmp_code, 0));
		return buf;
	}
	switch (r->kind) {
	case ICMPCTL_PROBE_TIMESTAMP:
		put_clock(buf, OUT_SWEEP_LEN, run, r);
		break;
	case ICMPCTL_PROBE_MASK:
		for (int i = 0; i < 4; i++)
			mask[i] = r->info >> (24 - 8 * i);
		snprintf(buf + len, OUT_SWEEP_LEN - len, " %s", address_text(addr, 4, mask, 0));
		break;
	case ICMPCTL_PROBE_EXTENDED:
		put_interface(buf, OUT_SWEEP_LEN, r);
		break;
	case ICMPCTL_PROBE_UDP:
		snprintf(buf + len, OUT_SWEEP_LEN - len, ": a datagram");
		break;
	case ICMPCTL_PROBE_TCP:
		snprintf(buf + len, OUT_SWEEP_LEN - len, ": %s",
			 r->tcp_flags & TCP_RST ? "RST" : "SYN-ACK");
		break;
	}
	return buf;
}
