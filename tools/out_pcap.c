// SPDX-License-Identifier: GPL-2.0
/*
 * An encoder that hands on to another one, and writes probes and answers as a capture: the
 * libpcap format with nanoseconds, raw IP. Nothing is captured, so no right to capture and no
 * filter is needed: the headers are made of what the records tell, with the stamps that the
 * RTTs are made of. What no record tells is cut off (payloads) or zero (IPv4 identification,
 * and checksums that cover what was cut off).
 */
#include <errno.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "lib/report.h"
#include "lib/units.h"
#include "out.h"

#define SNAPLEN		256
#define ICMP_HEADER	8

#define ECHO_REQUEST(family)	((family) == 4 ? 8 : 128)

struct packet {
	uint8_t byte[SNAPLEN];
	size_t n;	/* bytes that are there */
};

static struct out_pcap *pcap_of(const struct out *out)
{
	return out->state;
}

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
	const uint8_t *from, *to;
	uint8_t tos, ttl;
	uint32_t label;
	bool whole;	/* no router may fragment it */
	uint32_t bytes;	/* of the ICMP message */
};

static void put_ip(struct packet *p, const struct header *h)
{
	size_t start = p->n;
	uint16_t check;

	if (h->family == 6) {
		put32(p, 6U << 28 | (uint32_t)h->tos << 20 | (h->label & 0xfffff));
		put16(p, h->bytes);
		put8(p, IPPROTO_ICMPV6);
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
	put8(p, IPPROTO_ICMP);
	put16(p, 0);
	put_bytes(p, h->from, 4);
	put_bytes(p, h->to, 4);
	check = fold(sum16(0, p->byte + start, 20));
	p->byte[start + 10] = check >> 8;
	p->byte[start + 11] = check;
}

/* Where the whole message is there its checksum is known, and else it is 0. */
static void put_check(struct packet *p, size_t start, const struct header *h)
{
	size_t n = p->n - start, len = h->family == 4 ? 4 : 16;
	uint32_t sum = 0;
	uint16_t check;

	if (n != h->bytes)
		return;
	if (h->family == 6)
		sum = sum16(sum16(n + IPPROTO_ICMPV6, h->from, len), h->to, len);
	check = fold(sum16(sum, p->byte + start, n));
	p->byte[start + 2] = check >> 8;
	p->byte[start + 3] = check;
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
	put_check(p, start, h);
}

static struct header probe_header(const struct out *out, const struct icmpctl_record *r)
{
	const struct session_params *s = &out->run->params;

	return (struct header){
		.family = r->family,
		.from = pcap_of(out)->source[r->target],
		.to = out->run->targets[r->target].addr,
		.tos = s->tos,
		.ttl = r->ttl_sent,
		.label = s->flow_label,
		.whole = s->set & SESSION_BIT(ICMPCTL_SESSION_A_PMTUDISC) &&
			 s->pmtudisc != ICMPCTL_PMTUDISC_DONT,
		.bytes = s->size + ICMP_HEADER,
	};
}

static void make_probe(const struct out *out, const struct icmpctl_record *r, struct packet *p)
{
	struct header h = probe_header(out, r);

	put_ip(p, &h);
	put_echo(p, &h, ECHO_REQUEST(r->family), r);
}

static void make_answer(const struct out *out, const struct icmpctl_record *r,
			struct packet *p)
{
	struct header probe = probe_header(out, r);
	struct header h = {
		.family = r->family,
		.from = r->from,
		.to = probe.from,
		.tos = r->tos,
		.ttl = r->ttl,
		.bytes = r->bytes,
	};
	struct packet quoted = { .n = 0 };
	size_t start, n;

	put_ip(p, &h);
	if (r->icmp_type == (r->family == 4 ? 0 : 129)) {
		put_echo(p, &h, r->icmp_type, r);
		return;
	}
	start = p->n;
	put8(p, r->icmp_type);
	put8(p, r->icmp_code);
	put16(p, 0);
	if (r->status == ICMPCTL_STATUS_REDIRECT && r->family == 4)
		put_bytes(p, r->gateway, 4);
	else
		put32(p, r->info);
	/* Of a redirect of IPv6 more is said than a record tells. */
	if (r->status != ICMPCTL_STATUS_REDIRECT || r->family == 4) {
		make_probe(out, r, &quoted);
		n = r->bytes > ICMP_HEADER ? r->bytes - ICMP_HEADER : 0;
		put_bytes(p, quoted.byte, n < quoted.n ? n : quoted.n);
	}
	put_check(p, start, &h);
}

static void fail(struct out_pcap *c)
{
	report("%s: %s; nothing more is captured", c->path, strerror(errno));
	c->failed = true;
	out_pcap_close(c);
}

static void write_packet(struct out_pcap *c, const struct packet *p, uint64_t unix_ns,
			 uint32_t bytes)
{
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

static void record(struct out *out, const struct icmpctl_record *r)
{
	size_t ip = r->family == 4 ? 20 : 40;
	struct out_pcap *c = pcap_of(out);
	struct packet packet = { .n = 0 };
	/* Of what comes later the probe has been written before. */
	bool settled = r->status == ICMPCTL_STATUS_REPLY || r->status == ICMPCTL_STATUS_ERROR ||
		       r->status == ICMPCTL_STATUS_LOST;

	c->shown.ops->record(&c->shown, r);
	if (!c->dumper || r->target >= out->run->n_targets || !out_sent_ns(r) ||
	    (r->family != 4 && r->family != 6))
		return;
	if (settled) {
		make_probe(out, r, &packet);
		write_packet(c, &packet, out_unix_ns(out->run, out_sent_ns(r)),
			     out->run->params.size + ICMP_HEADER + ip);
	}
	if (!c->dumper || !out_has_answer(r))
		return;
	packet = (struct packet){ .n = 0 };
	make_answer(out, r, &packet);
	write_packet(c, &packet, out_unix_ns(out->run, answered_ns(r)), r->bytes + ip);
}

/**
 * out_pcap_open - begin a capture
 * @c: its path is set
 *
 * Return: 0, or -1 and then it was told why.
 */
int out_pcap_open(struct out_pcap *c)
{
	c->format = pcap_open_dead_with_tstamp_precision(DLT_RAW, SNAPLEN,
							 PCAP_TSTAMP_PRECISION_NANO);
	if (!c->format) {
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
 * out_pcap_close - end a capture, if one was begun
 * @c: any state but the one before it was set to zero
 */
void out_pcap_close(struct out_pcap *c)
{
	if (c->dumper)
		pcap_dump_close(c->dumper);
	else if (c->file)
		fclose(c->file);
	if (c->format)
		pcap_close(c->format);
	c->dumper = NULL;
	c->file = NULL;
	c->format = NULL;
}

static int begin(struct out *out)
{
	struct out_pcap *c = pcap_of(out);
	const struct out_run *run = out->run;

	c->source = calloc(run->n_targets, sizeof(*c->source));
	if (!c->source)
		return -ENOMEM;
	for (unsigned int i = 0; i < run->n_targets; i++) {
		if (run->params.source_len)
			memcpy(c->source[i], run->params.source, run->params.source_len);
		else
			target_source(&run->targets[i], run->params.ifindex, c->source[i]);
	}
	return c->shown.ops->open ? c->shown.ops->open(&c->shown) : 0;
}

static void start(struct out *out, unsigned int target)
{
	struct out_pcap *c = pcap_of(out);

	c->shown.ops->start(&c->shown, target);
}

static void summary(struct out *out, unsigned int target, const struct session_stats *s)
{
	struct out_pcap *c = pcap_of(out);

	c->shown.ops->summary(&c->shown, target, s);
}

static void flush(struct out *out)
{
	struct out_pcap *c = pcap_of(out);

	c->shown.ops->flush(&c->shown);
	if (c->dumper && pcap_dump_flush(c->dumper))
		fail(c);
}

static void finish(struct out *out)
{
	struct out_pcap *c = pcap_of(out);

	if (c->shown.ops->close)
		c->shown.ops->close(&c->shown);
	if (c->dumper && pcap_dump_flush(c->dumper))
		fail(c);
}

const struct out_ops out_pcap = {
	.open = begin,
	.start = start,
	.record = record,
	.summary = summary,
	.flush = flush,
	.close = finish,
};
