// SPDX-License-Identifier: GPL-2.0
/*
 * Probes and answers as a capture: the libpcap format with nanoseconds, raw IP. Nothing is
 * captured, so no right to capture and no filter is needed: the headers are made of what the
 * records tell, with the stamps that the RTTs are made of. What no record tells is cut off
 * (payloads) or zero (IPv4 identification, flow labels that were not asked for, the upper
 * bits of TCP sequence numbers, and checksums that cover what was cut off).
 */
#include "out_capture.h"

#include <errno.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "lib/probes.h"
#include "lib/report.h"
#include "lib/units.h"
#include "out.h"

#define SNAPLEN		256
#define ICMP_HEADER	8
#define UDP_HEADER	8
/* With the maximum segment size, the only option of our SYNs. */
#define TCP_HEADER	24
/* As many addresses of ours are remembered, by whom they reach. */
#define SOURCES		1024

#define TCP_SYN		0x02

#define TIMESTAMP_BYTES	20
#define MASK_BYTES	12
/* RFC 8335: the heads of an extension and of its object; of an address in that. */
#define QUERY_HEADER	8
#define QUERY_ADDRESS	4
/* RFC 8335: the interface is one of the host itself. */
#define EXTENDED_LOCAL	1

struct capture_source {
	int family;
	uint32_t scope;
	uint8_t to[16], from[16];
};

struct packet {
	uint8_t byte[SNAPLEN];
	size_t n;	/* bytes that are there */
};

static void put8(struct packet *p, uint8_t value)
{
	p->byte[p->n++] = value;
}

static void put16(struct packet *p, uint16_t value)
{
	put8(p, value >> 8);
	put8(p, value);
}

static void put32(struct packet *p, uint32_t value)
{
	put16(p, value >> 16);
	put16(p, value);
}

static void put_bytes(struct packet *p, const uint8_t *bytes, size_t n)
{
	memcpy(p->byte + p->n, bytes, n);
	p->n += n;
}

static uint32_t sum16(uint32_t sum, const uint8_t *byte, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum += i % 2 ? byte[i] : byte[i] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

struct header {
	int family;
	uint8_t protocol;
	const uint8_t *from, *to;
	uint8_t tos, ttl;
	uint32_t label;
	bool whole;	/* no router may fragment it */
	uint32_t bytes;	/* behind the IP header */
};

static void put_ip(struct packet *p, const struct header *h)
{
	size_t start = p->n;
	uint16_t check;

	if (h->family == 6) {
		put32(p, 6U << 28 | (uint32_t)h->tos << 20 | (h->label & 0xfffff));
		put16(p, h->bytes);
		put8(p, h->protocol);
		put8(p, h->ttl);
		put_bytes(p, h->from, 16);
		put_bytes(p, h->to, 16);
		return;
	}
	put8(p, 0x45);
	put8(p, h->tos);
	put16(p, h->bytes + 20);
	put16(p, 0);
	put16(p, h->whole ? 0x4000 : 0);
	put8(p, h->ttl);
	put8(p, h->protocol);
	put16(p, 0);
	put_bytes(p, h->from, 4);
	put_bytes(p, h->to, 4);
	check = fold(sum16(0, p->byte + start, 20));
	p->byte[start + 10] = check >> 8;
	p->byte[start + 11] = check;
}

/* Where the whole message is there its checksum is known, and else it is 0. */
static void put_check(struct packet *p, size_t start, size_t at, const struct header *h)
{
	size_t n = p->n - start, len = h->family == 4 ? 4 : 16;
	uint32_t sum = 0;
	uint16_t check;

	if (n != h->bytes)
		return;
	/* ICMP of IPv4 has no pseudo header. */
	if (h->protocol != IPPROTO_ICMP)
		sum = sum16(sum16(n + h->protocol, h->from, len), h->to, len);
	check = fold(sum16(sum, p->byte + start, n));
	p->byte[start + at] = check >> 8;
	p->byte[start + at + 1] = check;
}

static void put_echo(struct packet *p, const struct header *h, uint8_t type,
		     const struct icmpctl_record *r)
{
	size_t start = p->n;

	put8(p, type);
	put8(p, 0);
	put16(p, 0);
	put16(p, r->wire_id);
	put16(p, r->wire_seq);
	put_check(p, start, 2, h);
}

/* What is told of a request that is no echo, or of its reply: the mask, and the header. */
static void put_query(struct packet *p, const struct header *h, uint8_t type, uint8_t code,
		      uint32_t info, const struct icmpctl_record *r)
{
	size_t start = p->n;

	put8(p, type);
	put8(p, code);
	put16(p, 0);
	put16(p, r->wire_id);
	if (r->kind == ICMPCTL_PROBE_EXTENDED)
		put16(p, r->wire_seq << 8 | info);
	else
		put16(p, r->wire_seq);
	if (r->kind == ICMPCTL_PROBE_MASK)
		put32(p, info);
	put_check(p, start, 2, h);
}

static bool is_query(const struct icmpctl_record *r)
{
	return r->kind == ICMPCTL_PROBE_TIMESTAMP || r->kind == ICMPCTL_PROBE_MASK ||
	       r->kind == ICMPCTL_PROBE_EXTENDED;
}

static uint8_t request_type(const struct icmpctl_record *r)
{
	switch (r->kind) {
	case ICMPCTL_PROBE_TIMESTAMP:
		return 13;
	case ICMPCTL_PROBE_MASK:
		return 17;
	case ICMPCTL_PROBE_EXTENDED:
		return r->family == 4 ? 42 : 160;
	}
	return r->family == 4 ? 8 : 128;
}

/* The type of the reply to a request, where the answer is one. */
static bool is_reply(const struct icmpctl_record *r)
{
	switch (r->kind) {
	case ICMPCTL_PROBE_UDP:
	case ICMPCTL_PROBE_TCP:
		return false;
	case ICMPCTL_PROBE_ECHO:
		return r->icmp_type == (r->family == 4 ? 0 : 129);
	}
	return r->icmp_type == request_type(r) + 1;
}

/* How long what names the interface is that is asked about. */
static uint32_t query_bytes(const struct session_params *s, const struct icmpctl_record *r)
{
	if (s->query_name)
		return (strlen(s->query_name) + 3) & ~3U;
	if (s->query_index)
		return sizeof(s->query_index);
	return QUERY_ADDRESS + (s->query_len ? s->query_len : r->family == 4 ? 4 : 16);
}

static void put_udp(struct packet *p, const struct header *h, uint16_t from, uint16_t to,
		    uint16_t check)
{
	put16(p, from);
	put16(p, to);
	put16(p, h->bytes);
	put16(p, check);
}

static void put_tcp(struct packet *p, const struct header *h, uint16_t from, uint16_t to,
		    uint32_t seq, uint32_t ack, uint8_t flags)
{
	size_t start = p->n, words = h->bytes / 4;

	put16(p, from);
	put16(p, to);
	put32(p, seq);
	put32(p, ack);
	put8(p, (words > 15 ? 15 : words < 5 ? 5 : words) << 4);
	put8(p, flags);
	put16(p, 0);
	put16(p, 0);
	put16(p, 0);
	/* The options, as no operation: which ones there were is not told. */
	for (size_t i = 20; i < h->bytes && i < 60; i++)
		put8(p, 1);
	put_check(p, start, 16, h);
}

static uint8_t protocol(const struct icmpctl_record *r)
{
	switch (r->kind) {
	case ICMPCTL_PROBE_UDP:
		return IPPROTO_UDP;
	case ICMPCTL_PROBE_TCP:
		return IPPROTO_TCP;
	}
	return r->family == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
}

static uint32_t probe_bytes(const struct capture_probe *probe, const struct icmpctl_record *r)
{
	switch (r->kind) {
	case ICMPCTL_PROBE_UDP:
		return probe->size + UDP_HEADER;
	case ICMPCTL_PROBE_TCP:
		return TCP_HEADER;
	case ICMPCTL_PROBE_TIMESTAMP:
		return TIMESTAMP_BYTES;
	case ICMPCTL_PROBE_MASK:
		return MASK_BYTES;
	case ICMPCTL_PROBE_EXTENDED:
		return ICMP_HEADER + QUERY_HEADER + query_bytes(probe->params, r);
	}
	return probe->size + ICMP_HEADER;
}

static uint16_t port_of(const struct capture_probe *probe)
{
	return probe->port ? probe->port : probe->params->port;
}

/* The address of ours that the probe had: what the user wanted, or the route's. */
static const uint8_t *source_of(struct capture *c, const struct capture_probe *probe,
				const struct icmpctl_record *r)
{
	const struct session_params *s = probe->params;
	struct target t = { .family = r->family };
	struct capture_source *kept;
	uint32_t hash = r->family;

	if (s->source_len == (r->family == 4 ? 4 : 16))
		return s->source;
	if (probe->target)
		t = *probe->target;
	else
		memcpy(t.addr, r->to, sizeof(t.addr));
	if (!t.scope)
		t.scope = probe->scope;
	for (size_t i = 0; i < sizeof(t.addr); i++)
		hash = hash * 31 + (r->family == 6 || i < 4 ? t.addr[i] : 0);
	kept = &c->sources[hash % SOURCES];
	if (kept->family == t.family && kept->scope == t.scope &&
	    !memcmp(kept->to, t.addr, r->family == 4 ? 4 : 16))
		return kept->from;
	*kept = (struct capture_source){ .family = t.family, .scope = t.scope };
	memcpy(kept->to, t.addr, sizeof(kept->to));
	target_source(&t, s->ifindex, kept->from);
	return kept->from;
}

static struct header probe_header(struct capture *c, const struct capture_probe *probe,
				  const struct icmpctl_record *r)
{
	const struct session_params *s = probe->params;

	return (struct header){
		.family = r->family,
		.protocol = protocol(r),
		.from = source_of(c, probe, r),
		.to = probe->target ? probe->target->addr : r->to,
		.tos = s->tos,
		.ttl = r->ttl_sent,
		.label = s->flow_label,
		.whole = s->set & SESSION_BIT(ICMPCTL_SESSION_A_PMTUDISC) &&
			 s->pmtudisc != ICMPCTL_PMTUDISC_DONT,
		.bytes = probe_bytes(probe, r),
	};
}

static void make_probe(struct capture *c, const struct capture_probe *probe,
		       const struct icmpctl_record *r, struct packet *p)
{
	struct header h = probe_header(c, probe, r);

	put_ip(p, &h);
	switch (r->kind) {
	case ICMPCTL_PROBE_UDP:
		put_udp(p, &h, r->wire_id, port_of(probe), r->wire_seq);
		break;
	case ICMPCTL_PROBE_TCP:
		put_tcp(p, &h, r->wire_id, port_of(probe), r->wire_seq, 0, TCP_SYN);
		break;
	case ICMPCTL_PROBE_ECHO:
		put_echo(p, &h, request_type(r), r);
		break;
	default:
		put_query(p, &h, request_type(r), 0,
			  r->kind == ICMPCTL_PROBE_EXTENDED ? EXTENDED_LOCAL : 0, r);
	}
}

/* The four bytes behind an error's checksum. */
static uint32_t error_word(const struct icmpctl_record *r)
{
	/* Of IPv4 the pointer is one byte, and the first of them. */
	return r->family == 4 && r->icmp_type == 12 ? r->info << 24 : r->info;
}

static void put_error(struct capture *c, const struct capture_probe *probe,
		      const struct header *h, const struct icmpctl_record *r, struct packet *p)
{
	struct packet quoted = { .n = 0 };
	size_t start = p->n, n = r->bytes > ICMP_HEADER ? r->bytes - ICMP_HEADER : 0;

	put8(p, r->icmp_type);
	put8(p, r->icmp_code);
	put16(p, 0);
	if (r->status == ICMPCTL_STATUS_REDIRECT && r->family == 4)
		put_bytes(p, r->gateway, 4);
	else
		put32(p, error_word(r));
	/* Of a redirect of IPv6 more is said than a record tells. */
	if (r->status != ICMPCTL_STATUS_REDIRECT || r->family == 4) {
		make_probe(c, probe, r, &quoted);
		put_bytes(p, quoted.byte, n < quoted.n ? n : quoted.n);
	}
	put_check(p, start, 2, h);
}

static void make_answer(struct capture *c, const struct capture_probe *probe,
			const struct icmpctl_record *r, struct packet *p)
{
	struct header sent = probe_header(c, probe, r);
	bool icmp = r->kind == ICMPCTL_PROBE_ECHO || is_query(r) || r->icmp_type;
	struct header h = {
		.family = r->family,
		.protocol = icmp ? (r->family == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6) :
				   sent.protocol,
		.from = r->from,
		.to = sent.from,
		.tos = r->tos,
		.ttl = r->ttl,
		.bytes = r->bytes,
	};

	put_ip(p, &h);
	if (!icmp && r->kind == ICMPCTL_PROBE_UDP)
		put_udp(p, &h, port_of(probe), r->wire_id, 0);
	else if (!icmp)
		put_tcp(p, &h, port_of(probe), r->wire_id, 0, r->wire_seq + 1,
			r->tcp_flags);
	else if (!is_reply(r))
		put_error(c, probe, &h, r, p);
	else if (r->kind == ICMPCTL_PROBE_ECHO)
		put_echo(p, &h, r->icmp_type, r);
	else
		put_query(p, &h, r->icmp_type, r->icmp_code, r->info, r);
}

static void fail(struct capture *c)
{
	report("%s: %s; nothing more is captured", c->path, strerror(errno));
	c->failed = true;
	capture_close(c);
}

static void write_packet(struct capture *c, const struct packet *p, uint64_t ns,
			 uint32_t bytes)
{
	uint64_t unix_ns = c->started_unix_ns + (ns - c->started_ns);
	/* Of a capture with nanoseconds they are what tv_usec counts. */
	struct pcap_pkthdr header = {
		.ts.tv_sec = unix_ns / NSEC_PER_SEC,
		.ts.tv_usec = unix_ns % NSEC_PER_SEC,
		.caplen = p->n < bytes ? p->n : bytes,
		.len = bytes,
	};

	pcap_dump((u_char *)c->dumper, &header, p->byte);
	if (ferror(pcap_dump_file(c->dumper)))
		fail(c);
}

/* When the answer came, by the stamp that the RTT ends at. */
static uint64_t answered_ns(const struct icmpctl_record *r)
{
	if (out_has_rtt(r))
		return out_sent_ns(r) + r->rtt_ns;
	return r->stack_ns ? r->stack_ns : r->hook_ns;
}

/**
 * capture_clock - learn what the module's clock means
 * @c: the capture
 * @info: of a session; of the first one that says so
 */
void capture_clock(struct capture *c, const struct session_info *info)
{
	if (c->started_unix_ns)
		return;
	c->started_ns = info->started_ns;
	c->started_unix_ns = info->started_unix_ns;
}

/**
 * capture_record - write what a record tells
 * @c: the capture; does nothing if there is none, or its clock is not known
 * @probe: what it does not tell
 * @r: the record
 *
 * A probe is written with what became of it: just before its answer, or when it is lost.
 */
void capture_record(struct capture *c, const struct capture_probe *probe,
		    const struct icmpctl_record *r)
{
	size_t ip = r->family == 4 ? 20 : 40;
	struct packet packet = { .n = 0 };
	/* Of what comes later the probe has been written before. */
	bool settled = r->status == ICMPCTL_STATUS_REPLY || r->status == ICMPCTL_STATUS_ERROR ||
		       r->status == ICMPCTL_STATUS_LOST;

	if (!c->dumper || !c->started_unix_ns || !out_sent_ns(r) ||
	    (r->family != 4 && r->family != 6))
		return;
	if (settled) {
		make_probe(c, probe, r, &packet);
		write_packet(c, &packet, out_sent_ns(r), probe_bytes(probe, r) + ip);
	}
	if (!c->dumper || !out_has_answer(r))
		return;
	packet = (struct packet){ .n = 0 };
	make_answer(c, probe, r, &packet);
	write_packet(c, &packet, answered_ns(r), r->bytes + ip);
}

/**
 * capture_flush - all that was written is to be in the file
 * @c: the capture, or none
 */
void capture_flush(struct capture *c)
{
	if (c->dumper && pcap_dump_flush(c->dumper))
		fail(c);
}

/**
 * capture_open - begin a capture
 * @c: its path is set, or there is none
 *
 * Return: 0, or -1 and then it was told why.
 */
int capture_open(struct capture *c)
{
	if (!c->path)
		return 0;
	c->format = pcap_open_dead_with_tstamp_precision(DLT_RAW, SNAPLEN,
							 PCAP_TSTAMP_PRECISION_NANO);
	c->sources = calloc(SOURCES, sizeof(*c->sources));
	if (!c->format || !c->sources) {
		report("not enough memory for a capture");
		return -1;
	}
	/* Opened here: libpcap would take "-" for standard output, and not close it on exec. */
	c->file = fopen(c->path, "we");
	if (!c->file) {
		report("%s: %s", c->path, strerror(errno));
		return -1;
	}
	c->dumper = pcap_dump_fopen(c->format, c->file);
	if (!c->dumper || pcap_dump_flush(c->dumper)) {
		fail(c);
		return -1;
	}
	return 0;
}

/**
 * capture_close - end a capture, if one was begun
 * @c: any state but the one before it was set to zero
 */
void capture_close(struct capture *c)
{
	if (c->dumper && pcap_dump_flush(c->dumper) && !c->failed) {
		fail(c);
		return;
	}
	if (c->dumper)
		pcap_dump_close(c->dumper);
	else if (c->file)
		fclose(c->file);
	if (c->format)
		pcap_close(c->format);
	free(c->sources);
	c->dumper = NULL;
	c->file = NULL;
	c->format = NULL;
	c->sources = NULL;
}

static void on_tapped(void *arg, const struct session_params *params,
		      const struct target *target, uint32_t size, const struct icmpctl_record *r)
{
	const struct capture_probe probe = { .params = params, .target = target, .size = size };

	capture_record(arg, &probe, r);
}

static void on_started(void *arg, const struct session_info *info)
{
	capture_clock(arg, info);
}

/**
 * capture_probes - have all written that sessions tell
 * @c: the capture, or none
 * @probes: the sessions, open
 */
void capture_probes(struct capture *c, struct probes *probes)
{
	if (c->dumper)
		probes->tap = (struct probes_tap){
			.on_record = on_tapped,
			.on_started = on_started,
			.arg = c,
		};
}
