/* SPDX-License-Identifier: GPL-2.0 */
/*
 * packet_samples.h - messages to be parsed, written byte by byte
 */
#ifndef _ICMPCTL_TESTS_PACKET_SAMPLES_H
#define _ICMPCTL_TESTS_PACKET_SAMPLES_H

#include <kunit/test.h>
#include <linux/minmax.h>
#include <linux/socket.h>
#include <linux/string.h>

#include "../core/packet.h"

#define ID		0xabcd
#define SEQ		0x1234
#define COOKIE		0x0123456789abcdefULL
#define TTL		3
#define BUF_LEN		512

/* IPv6 next headers */
#define HOPOPTS		0
#define TCP		6
#define UDP		17
#define ROUTING		43
#define FRAGMENT	44
#define ICMP4		1
#define ICMP6		58
#define NONE		59
#define DSTOPTS		60

static const u8 src4[4] = { 10, 0, 0, 1 };
static const u8 dst4[4] = { 192, 0, 2, 7 };
static const u8 gateway4[4] = { 10, 0, 0, 254 };
static const u8 src6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
static const u8 dst6[16] = { 0x20, 0x01, 0x0d, 0xb8, 0xff, [15] = 7 };
static const u8 gateway6[16] = { 0xfe, 0x80, [8] = 2, [15] = 0xfe };

/**
 * struct packet - a message that is being written
 * @len: bytes so far.
 * @quote: where the quoted packet begins.
 * @echo: where the quoted or own ICMP echo header begins.
 * @data: the bytes.
 */
struct packet {
	u32 len;
	u32 quote;
	u32 echo;
	u8 data[BUF_LEN];
};

static inline void put(struct packet *p, const void *data, u32 len)
{
	memcpy(p->data + p->len, data, len);
	p->len += len;
}

static inline void put_zeroes(struct packet *p, u32 len)
{
	memset(p->data + p->len, 0, len);
	p->len += len;
}

static inline void put_num(struct packet *p, u64 value, u32 len)
{
	while (len--)
		p->data[p->len++] = value >> (8 * len);
}

/* A header of an ICMP message: type, code, a checksum nobody looks at, a word. */
static inline void put_icmp(struct packet *p, u8 type, u8 code, u32 word)
{
	put_num(p, type, 1);
	put_num(p, code, 1);
	put_num(p, 0xbeef, 2);
	put_num(p, word, 4);
}

static inline void put_echo(struct packet *p, u8 type)
{
	p->echo = p->len;
	put_icmp(p, type, 0, ID << 16 | SEQ);
	put_num(p, COOKIE, 8);
}

static inline void put_ip4(struct packet *p, u32 ihl)
{
	u32 i;

	p->quote = p->len;
	put_num(p, 0x40 | ihl, 1);
	put_num(p, 0, 1);
	put_num(p, 84, 2);
	put_num(p, 0x7777, 2);
	put_num(p, 0, 2);
	put_num(p, TTL, 1);
	put_num(p, ICMP4, 1);
	put_num(p, 0, 2);
	put(p, src4, 4);
	put(p, dst4, 4);
	for (i = 5; i < ihl; i++)
		put_num(p, 0x01010101, 4);
}

static inline void put_ip6(struct packet *p, u8 next)
{
	p->quote = p->len;
	put_num(p, 0x60000000, 4);
	put_num(p, 64, 2);
	put_num(p, next, 1);
	put_num(p, TTL, 1);
	put(p, src6, 16);
	put(p, dst6, 16);
}

/* @units: bytes of it / 8 - 1, as the header tells. */
static inline void put_ext(struct packet *p, u8 next, u8 units)
{
	put_num(p, next, 1);
	put_num(p, units, 1);
	put_zeroes(p, 6 + units * 8);
}

static inline void put_error4(struct packet *p, u8 type, u8 code, u32 word)
{
	put_icmp(p, type, code, word);
	put_ip4(p, 5);
	put_echo(p, 8);
}

static inline void put_error6(struct packet *p, u8 type, u8 code, u32 word)
{
	put_icmp(p, type, code, word);
	put_ip6(p, ICMP6);
	put_echo(p, 128);
}

static inline void put_redirect6(struct packet *p)
{
	put_icmp(p, 137, 0, 0);
	put(p, gateway6, 16);
	put(p, dst6, 16);
}

/* @units: length of the option in eights of bytes */
static inline void put_redirected(struct packet *p, u8 units)
{
	put_num(p, 4, 1);
	put_num(p, units, 1);
	put_zeroes(p, 6);
}

static inline void put_redirected_quote(struct packet *p)
{
	put_redirected(p, 8);
	put_ip6(p, ICMP6);
	put_echo(p, 128);
}

static inline void reply4(struct packet *p)
{
	put_echo(p, 0);
}

static inline void reply6(struct packet *p)
{
	put_echo(p, 129);
}

static inline void error4(struct packet *p)
{
	put_error4(p, 11, 0, 0);
}

static inline void error4_options(struct packet *p)
{
	put_icmp(p, 3, 1, 0);
	put_ip4(p, 15);
	put_echo(p, 8);
}

static inline void redirect4(struct packet *p)
{
	put_num(p, 0x05010000, 4);
	put(p, gateway4, 4);
	put_ip4(p, 5);
	put_echo(p, 8);
}

static inline void error6(struct packet *p)
{
	put_error6(p, 3, 0, 0);
}

static inline void error6_fragment(struct packet *p)
{
	put_icmp(p, 1, 4, 0);
	put_ip6(p, FRAGMENT);
	put_num(p, 0x3a000001, 4);
	put_num(p, 0x12345678, 4);
	put_echo(p, 128);
}

static inline void error6_hop_by_hop(struct packet *p)
{
	put_icmp(p, 4, 0, 0);
	put_ip6(p, HOPOPTS);
	put_ext(p, ICMP6, 0);
	put_echo(p, 128);
}

static inline void error6_routing(struct packet *p)
{
	put_icmp(p, 3, 0, 0);
	put_ip6(p, ROUTING);
	put_ext(p, ICMP6, 2);
	put_echo(p, 128);
}

static inline void error6_destination(struct packet *p)
{
	put_icmp(p, 1, 0, 0);
	put_ip6(p, DSTOPTS);
	put_ext(p, ICMP6, 3);
	put_echo(p, 128);
}

static inline void error6_all_headers(struct packet *p)
{
	put_icmp(p, 1, 0, 0);
	put_ip6(p, HOPOPTS);
	put_ext(p, DSTOPTS, 0);
	put_ext(p, ROUTING, 1);
	put_ext(p, FRAGMENT, 2);
	put_num(p, 0x3c000000, 4);
	put_num(p, 1, 4);
	put_ext(p, ICMP6, 0);
	put_echo(p, 128);
}

static inline void redirect6(struct packet *p)
{
	put_redirect6(p);
	put_redirected_quote(p);
}

static inline void redirect6_link_layer(struct packet *p)
{
	put_redirect6(p);
	put_num(p, 0x0201020304050607ULL, 8);
	put_redirected_quote(p);
}

static inline void redirect6_longest(struct packet *p)
{
	put_redirect6(p);
	put_num(p, 0x0203, 2);
	put_zeroes(p, 22);
	put_redirected(p, 9);
	put_ip6(p, FRAGMENT);
	put_num(p, 0x3a000001, 4);
	put_num(p, 0x12345678, 4);
	put_echo(p, 128);
}

/* The packet in hand is in the test's priv: too big for the stack. */
static inline int packet_samples_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct packet), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static inline void restart(struct packet *p)
{
	memset(p, 0, sizeof(*p));
}

static inline u8 kind_of(const struct packet *p, int family)
{
	struct icmpctl_msg msg;

	icmpctl_packet_parse(p->data, min(p->len, ICMPCTL_PARSE_LEN), family, &msg);
	return msg.kind;
}

#endif /* _ICMPCTL_TESTS_PACKET_SAMPLES_H */
