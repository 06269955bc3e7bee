// SPDX-License-Identifier: GPL-2.0
/*
 * packet_port_kunit.c - tests of core/packet_udp.c and core/packet_tcp.c: what names a
 * probe, in what is sent, in what comes back, and in what is quoted
 */
#include <linux/prandom.h>

#include "../core/bytes.h"
#include "packet_samples.h"
#include "suites.h"

#define SOURCE	0xc123
#define PORT	33434
#define KEY	0x1234
#define MSS	1460

static const struct icmpctl_payload payload = { .cookie = COOKIE & ~0xffffULL, .size = 32 };

/* RFC 1071, over a whole number of words; @start: of the pseudo-header. */
static u16 sum_over(const u8 *data, u32 len, u16 start)
{
	u32 i;

	for (i = 0; i + 1 < len; i += 2)
		start = sum_be16(start, get_be16(data + i));
	return start;
}

static void put_udp(struct packet *p, u16 key, u16 pseudo)
{
	u8 *udp = p->data + p->len;
	u32 len = ICMPCTL_UDP_HLEN + payload.size;

	icmpctl_packet_udp_header(udp, SOURCE, PORT, payload.size);
	icmpctl_packet_fill(&payload, udp + ICMPCTL_UDP_HLEN, 0, payload.size);
	icmpctl_packet_udp_seal(udp, sum_over(udp, len, pseudo), key);
	p->len += len;
}

static void put_tcp(struct packet *p, u16 key)
{
	icmpctl_packet_tcp_header(p->data + p->len, SOURCE, PORT, MSS, key, COOKIE);
	p->len += ICMPCTL_TCP_HLEN;
}

/* Whatever the key and the addresses: the checksum is right, and it is the key. */
static void udp_checksum_is_the_key(struct kunit *test)
{
	static const u16 pseudos[] = { 0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff };
	struct packet *p = test->priv;
	u32 key, i;

	for (key = 0; key < ICMPCTL_KEYS; key += 7) {
		for (i = 0; i < ARRAY_SIZE(pseudos); i++) {
			restart(p);
			put_udp(p, key, pseudos[i]);
			KUNIT_ASSERT_EQ(test, get_be16(p->data + 6), 0x8000 | key);
			KUNIT_ASSERT_EQ(test, get_be16(p->data + 6),
					icmpctl_packet_udp_check(key));
			KUNIT_ASSERT_EQ(test, sum_over(p->data, p->len, pseudos[i]), 0xffff);
			KUNIT_ASSERT_EQ(test, get_be64(p->data + 8) >> 16, COOKIE >> 16);
		}
	}
	KUNIT_EXPECT_EQ(test, get_be16(p->data), SOURCE);
	KUNIT_EXPECT_EQ(test, get_be16(p->data + 2), PORT);
	KUNIT_EXPECT_EQ(test, get_be16(p->data + 4), 40);
}

static void tcp_syn_byte_by_byte(struct kunit *test)
{
	struct packet *p = test->priv;
	u8 want[ICMPCTL_TCP_HLEN] = {
		0xc1, 0x23, 0x82, 0x9a, 0, 0, 0, 0, 0, 0, 0, 0, 0x60, 0x02, 0xfa, 0xf0,
		0, 0, 0, 0, 0x02, 0x04, 0x05, 0xb4,
	};

	put_be32(want + 4, (u32)(COOKIE >> 47) << 15 | KEY);
	put_tcp(p, KEY);
	KUNIT_EXPECT_EQ(test, memcmp(p->data, want, sizeof(want)), 0);
}

struct quoted {
	const char *name;
	int family;
	u8 protocol;
	/* bytes quoted behind the IP header */
	u32 len;
	bool cookie;
	u8 kind;
};

static const struct quoted quoteds[] = {
	{ "UDP, 8 bytes", AF_INET, UDP, 8, false, ICMPCTL_MSG_ERROR },
	{ "UDP, 15 bytes", AF_INET, UDP, 15, false, ICMPCTL_MSG_ERROR },
	{ "UDP, with the cookie", AF_INET, UDP, 16, true, ICMPCTL_MSG_ERROR },
	{ "UDP, all", AF_INET, UDP, 40, true, ICMPCTL_MSG_ERROR },
	{ "UDP, 7 bytes", AF_INET, UDP, 7, false, ICMPCTL_MSG_OTHER },
	{ "UDP, nothing", AF_INET, UDP, 0, false, ICMPCTL_MSG_OTHER },
	{ "TCP, 8 bytes", AF_INET, TCP, 8, true, ICMPCTL_MSG_ERROR },
	{ "TCP, all", AF_INET, TCP, 24, true, ICMPCTL_MSG_ERROR },
	{ "TCP, 7 bytes", AF_INET, TCP, 7, false, ICMPCTL_MSG_OTHER },
	{ "IPv6 UDP, 8 bytes", AF_INET6, UDP, 8, false, ICMPCTL_MSG_ERROR },
	{ "IPv6 UDP, all", AF_INET6, UDP, 40, true, ICMPCTL_MSG_ERROR },
	{ "IPv6 UDP, 7 bytes", AF_INET6, UDP, 7, false, ICMPCTL_MSG_OTHER },
	{ "IPv6 TCP, 8 bytes", AF_INET6, TCP, 8, true, ICMPCTL_MSG_ERROR },
	{ "IPv6 TCP, 7 bytes", AF_INET6, TCP, 7, false, ICMPCTL_MSG_OTHER },
};

static void quoted_name(const struct quoted *quoted, char *desc)
{
	strscpy(desc, quoted->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(quoted, quoteds, quoted_name);

static void put_quote(struct packet *p, const struct quoted *quoted, u32 told)
{
	bool v4 = quoted->family == AF_INET;
	u32 start;

	restart(p);
	put_icmp(p, v4 ? 11 : 3, 0, told);
	if (v4)
		put_ip4(p, 5);
	else
		put_ip6(p, quoted->protocol);
	if (v4)
		p->data[p->quote + 9] = quoted->protocol;
	start = p->len;
	if (quoted->protocol == UDP)
		put_udp(p, KEY, 77);
	else
		put_tcp(p, KEY);
	p->len = start + quoted->len;
}

static void quote_names_the_probe(struct kunit *test)
{
	const struct quoted *quoted = test->param_value;
	bool udp = quoted->protocol == UDP;
	struct packet *p = test->priv;
	struct icmpctl_msg msg;

	put_quote(p, quoted, 0);
	icmpctl_packet_parse(p->data, p->len, quoted->family, &msg);
	KUNIT_ASSERT_EQ(test, msg.kind, quoted->kind);
	if (quoted->kind == ICMPCTL_MSG_OTHER)
		return;
	KUNIT_EXPECT_EQ(test, msg.probe, udp ? ICMPCTL_PROBE_UDP : ICMPCTL_PROBE_TCP);
	KUNIT_EXPECT_EQ(test, msg.id, SOURCE);
	KUNIT_EXPECT_EQ(test, msg.port, PORT);
	KUNIT_EXPECT_EQ(test, msg.seq, KEY);
	KUNIT_EXPECT_EQ(test, msg.quoted_ttl, TTL);
	KUNIT_EXPECT_EQ(test, msg.has_cookie, quoted->cookie);
	if (udp && quoted->cookie)
		KUNIT_EXPECT_EQ(test, msg.cookie >> 16, COOKIE >> 16);
	if (!udp)
		KUNIT_EXPECT_EQ(test, msg.cookie, COOKIE >> 47);
}

/* RFC 4884: what stands behind the length told is no cookie. */
static void quote_ends_where_it_is_told(struct kunit *test)
{
	static const struct quoted all = { "", AF_INET, UDP, 40 };
	struct packet *p = test->priv;
	struct icmpctl_msg msg;

	put_quote(p, &all, 7 << 16);
	icmpctl_packet_parse(p->data, p->len, AF_INET, &msg);
	KUNIT_EXPECT_EQ(test, msg.kind, ICMPCTL_MSG_ERROR);
	KUNIT_EXPECT_FALSE(test, msg.has_cookie);
	put_quote(p, &all, 9 << 16);
	icmpctl_packet_parse(p->data, p->len, AF_INET, &msg);
	KUNIT_EXPECT_TRUE(test, msg.has_cookie);
}

/* None of ours has a checksum below 0x8000. */
static void quote_of_another_datagram(struct kunit *test)
{
	static const struct quoted all = { "", AF_INET, UDP, 40 };
	struct packet *p = test->priv;

	put_quote(p, &all, 0);
	p->data[p->quote + 20 + 6] &= 0x7f;
	KUNIT_EXPECT_EQ(test, kind_of(p, AF_INET), ICMPCTL_MSG_OTHER);
}

static void reverse_ports(u8 *data)
{
	put_be16(data, PORT);
	put_be16(data + 2, SOURCE);
}

static void datagram_that_comes_back(struct kunit *test)
{
	struct packet *p = test->priv;
	struct icmpctl_msg msg;
	u32 len;

	put_udp(p, KEY, 1234);
	reverse_ports(p->data);
	for (len = 0; len <= p->len; len++) {
		icmpctl_packet_udp_parse(p->data, len, &msg);
		KUNIT_ASSERT_EQ(test, msg.kind,
				len < 8 ? ICMPCTL_MSG_OTHER : ICMPCTL_MSG_REPLY);
		KUNIT_ASSERT_EQ(test, msg.has_cookie, len >= 16);
	}
	KUNIT_EXPECT_EQ(test, msg.probe, ICMPCTL_PROBE_UDP);
	KUNIT_EXPECT_EQ(test, msg.id, SOURCE);
	KUNIT_EXPECT_EQ(test, msg.port, PORT);
	KUNIT_EXPECT_EQ(test, msg.seq, KEY);
	KUNIT_EXPECT_EQ(test, msg.cookie >> 16, COOKIE >> 16);
	p->data[6] &= 0x7f;
	icmpctl_packet_udp_parse(p->data, p->len, &msg);
	KUNIT_EXPECT_EQ(test, msg.kind, ICMPCTL_MSG_REPLY);
	KUNIT_EXPECT_FALSE(test, msg.has_cookie);
}

static void segment_by_flags(struct kunit *test)
{
	struct packet *p = test->priv;
	struct icmpctl_msg msg;
	u32 flags;

	put_tcp(p, KEY);
	reverse_ports(p->data);
	/* What is acknowledged is the probe's number and one. */
	put_be32(p->data + 8, get_be32(p->data + 4) + 1);
	put_be32(p->data + 4, 0xdeadbeef);
	for (flags = 0; flags < 256; flags++) {
		bool answer = flags & 0x10 && flags & 0x06;

		p->data[13] = flags;
		icmpctl_packet_tcp_parse(p->data, 20, &msg);
		KUNIT_ASSERT_EQ(test, msg.kind,
				answer ? ICMPCTL_MSG_REPLY : ICMPCTL_MSG_OTHER);
		KUNIT_ASSERT_EQ(test, msg.tcp_flags, flags);
		if (!answer)
			continue;
		KUNIT_ASSERT_EQ(test, msg.probe, ICMPCTL_PROBE_TCP);
		KUNIT_ASSERT_EQ(test, msg.id, SOURCE);
		KUNIT_ASSERT_EQ(test, msg.port, PORT);
		KUNIT_ASSERT_EQ(test, msg.seq, KEY);
		KUNIT_ASSERT_EQ(test, msg.cookie, COOKIE >> 47);
	}
	p->data[13] = 0x12;
	icmpctl_packet_tcp_parse(p->data, 19, &msg);
	KUNIT_EXPECT_EQ(test, msg.kind, ICMPCTL_MSG_OTHER);
	put_be32(p->data + 8, 0);
	icmpctl_packet_tcp_parse(p->data, 20, &msg);
	KUNIT_EXPECT_EQ(test, msg.seq, ICMPCTL_KEYS - 1);
	KUNIT_EXPECT_EQ(test, msg.cookie, 0x1ffff);
}

static struct kunit_case packet_port_cases[] = {
	KUNIT_CASE(udp_checksum_is_the_key),
	KUNIT_CASE(tcp_syn_byte_by_byte),
	KUNIT_CASE_PARAM(quote_names_the_probe, quoted_gen_params),
	KUNIT_CASE(quote_ends_where_it_is_told),
	KUNIT_CASE(quote_of_another_datagram),
	KUNIT_CASE(datagram_that_comes_back),
	KUNIT_CASE(segment_by_flags),
	{}
};

struct kunit_suite icmpctl_packet_port_suite = {
	.name = "icmpctl_packet_port",
	.init = packet_samples_init,
	.test_cases = packet_port_cases,
};
