// SPDX-License-Identifier: GPL-2.0
/*
 * answer.c - the right answer to a request, byte by byte
 *
 * By hand and not by a library: it is taken to pieces by who asks for it (forgery.c).
 */
#include <linux/if_ether.h>
#include <string.h>

#include "answer.h"

void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static uint32_t sum(const uint8_t *data, uint32_t len, uint32_t start)
{
	uint32_t i;

	for (i = 0; i + 1 < len; i += 2)
		start += data[i] << 8 | data[i + 1];
	if (len & 1)
		start += data[len - 1] << 8;
	return start;
}

static uint16_t fold(uint32_t value)
{
	while (value >> 16)
		value = (value & 0xffff) + (value >> 16);
	return ~value;
}

static uint32_t hlen_of(const struct packet *p, bool ipv6)
{
	return ETH_HLEN + (ipv6 ? 40 : (p->frame[ETH_HLEN] & 15) * 4);
}

void seal_ip(struct packet *p, bool ipv6)
{
	uint8_t *ip = p->frame + ETH_HLEN;
	uint32_t hlen = hlen_of(p, ipv6);

	if (ipv6) {
		put16(ip + 4, p->len - hlen);
		return;
	}
	put16(ip + 2, p->len - ETH_HLEN);
	put16(ip + 10, 0);
	put16(ip + 10, fold(sum(ip, hlen - ETH_HLEN, 0)));
}

/* The sum of what is behind IP, and of the addresses where that is in it. */
static uint32_t sum_of(const struct packet *p, bool ipv6)
{
	uint32_t hlen = hlen_of(p, ipv6), len = p->len - hlen, start = 0;

	if (p->proto != ICMP)
		start = sum(p->frame + ETH_HLEN + (ipv6 ? 8 : 12), ipv6 ? 32 : 8, len + p->proto);
	return sum(p->frame + hlen, len, start);
}

/*
 * A UDP probe is named by its checksum, which two bytes of the cookie make what it is: so whoever
 * has seen it can make another datagram of that name.
 */
static void seal_payload(struct packet *p, bool ipv6)
{
	uint8_t *data = p->frame + hlen_of(p, ipv6);
	uint32_t len = p->len - hlen_of(p, ipv6);
	uint32_t at = p->proto == TCP_PROTO ? 16 : p->proto == UDP_PROTO ? UDP_HLEN + 6 : 2;

	if (len < at + 2)
		return;
	put16(data + at, 0);
	put16(data + at, fold(sum_of(p, ipv6)));
}

void seal(struct packet *p, bool ipv6)
{
	seal_ip(p, ipv6);
	seal_payload(p, ipv6);
}

uint8_t *answer(const struct request *r, struct packet *p, uint8_t proto, uint32_t len)
{
	uint32_t size = r->ipv6 ? 16 : 4, at = ETH_HLEN + (r->ipv6 ? 8 : 12);

	memcpy(p->frame, r->frame + ETH_ALEN, ETH_ALEN);
	memcpy(p->frame + ETH_ALEN, r->frame, ETH_ALEN);
	memcpy(p->frame + 12, r->frame + 12, r->hlen - 12);
	memcpy(p->frame + at, r->frame + at + size, size);
	memcpy(p->frame + at + size, r->frame + at, size);
	p->frame[ETH_HLEN + (r->ipv6 ? 6 : 9)] = proto;
	/* A number of its own, and no DF: as a router would send it. */
	if (!r->ipv6) {
		p->frame[ETH_HLEN + 6] = 0;
		p->frame[ETH_HLEN + 7] = 0;
	}
	p->proto = proto;
	p->len = r->hlen + len;
	return p->frame + r->hlen;
}

static void swap_ports(const struct request *r, uint8_t *data)
{
	memcpy(data, r->frame + r->hlen + 2, 2);
	memcpy(data + 2, r->frame + r->hlen, 2);
}

/* A reset: the port is closed. */
static uint8_t *segment(const struct request *r, struct packet *p)
{
	uint8_t *tcp = answer(r, p, TCP_PROTO, TCP_HLEN + TCP_OPTIONS);

	memset(tcp, 0, TCP_HLEN);
	swap_ports(r, tcp);
	put32(tcp + 8, get32(r->frame + r->hlen + 4) + 1);
	tcp[12] = (TCP_HLEN + TCP_OPTIONS) / 4 << 4;
	tcp[13] = RST_ACK;
	memset(tcp + TCP_HLEN, 1, TCP_OPTIONS);
	return tcp;
}

uint8_t *reply(const struct request *r, struct packet *p)
{
	uint8_t *data;

	if (r->probe == TCP)
		return segment(r, p);
	data = answer(r, p, r->probe == UDP ? UDP_PROTO : r->ipv6 ? ICMP6 : ICMP, r->len - r->hlen);
	memcpy(data, r->frame + r->hlen, r->len - r->hlen);
	if (r->probe == UDP)
		swap_ports(r, data);
	else
		data[0] = r->ipv6 ? 129 : 0;
	return data;
}
