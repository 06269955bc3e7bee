// SPDX-License-Identifier: GPL-2.0
/*
 * packet_kunit.c - tests of core/packet.c
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/prandom.h>
#include <linux/socket.h>

#include "../core/packet.h"
#include "suites.h"

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

static void put(struct packet *p, const void *data, u32 len)
{
	memcpy(p->data + p->len, data, len);
	p->len += len;
}

static void put_zeroes(struct packet *p, u32 len)
{
	memset(p->data + p->len, 0, len);
	p->len += len;
}

static void put_num(struct packet *p, u64 value, u32 len)
{
	while (len--)
		p->data[p->len++] = value >> (8 * len);
}

/* A header of an ICMP message: type, code, a checksum nobody looks at, a word. */
static void put_icmp(struct packet *p, u8 type, u8 code, u32 word)
{
	put_num(p, type, 1);
	put_num(p, code, 1);
	put_num(p, 0xbeef, 2);
	put_num(p, word, 4);
}

static void put_echo(struct packet *p, u8 type)
{
	p->echo = p->len;
	put_icmp(p, type, 0, ID << 16 | SEQ);
	put_num(p, COOKIE, 8);
}

static void put_ip4(struct packet *p, u32 ihl)
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

static void put_ip6(struct packet *p, u8 next)
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
static void put_ext(struct packet *p, u8 next, u8 units)
{
	put_num(p, next, 1);
	put_num(p, units, 1);
	put_zeroes(p, 6 + units * 8);
}

static void put_error4(struct packet *p, u8 type, u8 code, u32 word)
{
	put_icmp(p, type, code, word);
	put_ip4(p, 5);
	put_echo(p, 8);
}

static void put_error6(struct packet *p, u8 type, u8 code, u32 word)
{
	put_icmp(p, type, code, word);
	put_ip6(p, ICMP6);
	put_echo(p, 128);
}

static void put_redirect6(struct packet *p)
{
	put_icmp(p, 137, 0, 0);
	put(p, gateway6, 16);
	put(p, dst6, 16);
}

/* @units: length of the option in eights of bytes */
static void put_redirected(struct packet *p, u8 units)
{
	put_num(p, 4, 1);
	put_num(p, units, 1);
	put_zeroes(p, 6);
}

static void put_redirected_quote(struct packet *p)
{
	put_redirected(p, 8);
	put_ip6(p, ICMP6);
	put_echo(p, 128);
}

static void reply4(struct packet *p)
{
	put_echo(p, 0);
}

static void reply6(struct packet *p)
{
	put_echo(p, 129);
}

static void error4(struct packet *p)
{
	put_error4(p, 11, 0, 0);
}

static void error4_options(struct packet *p)
{
	put_icmp(p, 3, 1, 0);
	put_ip4(p, 15);
	put_echo(p, 8);
}

static void redirect4(struct packet *p)
{
	put_num(p, 0x05010000, 4);
	put(p, gateway4, 4);
	put_ip4(p, 5);
	put_echo(p, 8);
}

static void error6(struct packet *p)
{
	put_error6(p, 3, 0, 0);
}

static void error6_fragment(struct packet *p)
{
	put_icmp(p, 1, 4, 0);
	put_ip6(p, FRAGMENT);
	put_num(p, 0x3a000001, 4);
	put_num(p, 0x12345678, 4);
	put_echo(p, 128);
}

static void error6_hop_by_hop(struct packet *p)
{
	put_icmp(p, 4, 0, 0);
	put_ip6(p, HOPOPTS);
	put_ext(p, ICMP6, 0);
	put_echo(p, 128);
}

static void error6_routing(struct packet *p)
{
	put_icmp(p, 3, 0, 0);
	put_ip6(p, ROUTING);
	put_ext(p, ICMP6, 2);
	put_echo(p, 128);
}

static void error6_destination(struct packet *p)
{
	put_icmp(p, 1, 0, 0);
	put_ip6(p, DSTOPTS);
	put_ext(p, ICMP6, 3);
	put_echo(p, 128);
}

static void error6_all_headers(struct packet *p)
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

static void redirect6(struct packet *p)
{
	put_redirect6(p);
	put_redirected_quote(p);
}

static void redirect6_link_layer(struct packet *p)
{
	put_redirect6(p);
	put_num(p, 0x0201020304050607ULL, 8);
	put_redirected_quote(p);
}

static void redirect6_longest(struct packet *p)
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

struct message {
	const char *name;
	void (*write)(struct packet *p);
	int family;
	u8 kind;
};

static const struct message messages[] = {
	{ "IPv4 reply", reply4, AF_INET, ICMPCTL_MSG_ECHO_REPLY },
	{ "IPv4 error", error4, AF_INET, ICMPCTL_MSG_ERROR },
	{ "IPv4 error, options", error4_options, AF_INET, ICMPCTL_MSG_ERROR },
	{ "IPv4 redirect", redirect4, AF_INET, ICMPCTL_MSG_REDIRECT },
	{ "IPv6 reply", reply6, AF_INET6, ICMPCTL_MSG_ECHO_REPLY },
	{ "IPv6 error", error6, AF_INET6, ICMPCTL_MSG_ERROR },
	{ "IPv6 error, fragment", error6_fragment, AF_INET6, ICMPCTL_MSG_ERROR },
	{ "IPv6 error, hop-by-hop", error6_hop_by_hop, AF_INET6, ICMPCTL_MSG_ERROR },
	{ "IPv6 error, routing", error6_routing, AF_INET6, ICMPCTL_MSG_ERROR },
	{ "IPv6 error, destination", error6_destination, AF_INET6, ICMPCTL_MSG_ERROR },
	{ "IPv6 error, all headers", error6_all_headers, AF_INET6, ICMPCTL_MSG_ERROR },
	{ "IPv6 redirect", redirect6, AF_INET6, ICMPCTL_MSG_REDIRECT },
	{ "IPv6 redirect, link layer", redirect6_link_layer, AF_INET6, ICMPCTL_MSG_REDIRECT },
	{ "IPv6 redirect, longest", redirect6_longest, AF_INET6, ICMPCTL_MSG_REDIRECT },
};

static void message_name(const struct message *message, char *desc)
{
	strscpy(desc, message->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(message, messages, message_name);

/* The packet in hand is in the test's priv: too big for the stack. */
static int packet_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct packet), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void restart(struct packet *p)
{
	memset(p, 0, sizeof(*p));
}

static u8 kind_of(const struct packet *p, int family)
{
	struct icmpctl_msg msg;

	icmpctl_packet_parse(p->data, min(p->len, ICMPCTL_PARSE_LEN), family, &msg);
	return msg.kind;
}

static void expect_address(struct kunit *test, const union icmpctl_addr *addr, int family,
			   const u8 *v4, const u8 *v6)
{
	union icmpctl_addr want = {};

	memcpy(&want, family == AF_INET ? v4 : v6, family == AF_INET ? 4 : 16);
	KUNIT_EXPECT_TRUE(test, icmpctl_addr_equal(addr, &want));
}

static void expect_message(struct kunit *test, const struct message *message,
			   const struct icmpctl_msg *msg)
{
	static const union icmpctl_addr none;
	int family = message->family;

	KUNIT_EXPECT_EQ(test, msg->id, ID);
	KUNIT_EXPECT_EQ(test, msg->seq, SEQ);
	if (message->kind == ICMPCTL_MSG_REDIRECT)
		expect_address(test, &msg->gateway, family, gateway4, gateway6);
	else
		KUNIT_EXPECT_TRUE(test, icmpctl_addr_equal(&msg->gateway, &none));
	if (message->kind == ICMPCTL_MSG_ECHO_REPLY) {
		KUNIT_EXPECT_EQ(test, msg->quoted_ttl, 0);
		KUNIT_EXPECT_TRUE(test, icmpctl_addr_equal(&msg->quoted_src, &none));
		KUNIT_EXPECT_TRUE(test, icmpctl_addr_equal(&msg->quoted_dst, &none));
		return;
	}
	KUNIT_EXPECT_EQ(test, msg->quoted_ttl, TTL);
	expect_address(test, &msg->quoted_src, family, src4, src6);
	expect_address(test, &msg->quoted_dst, family, dst4, dst6);
}

/*
 * From nothing to all of it. Each length is a buffer of its own, for KASAN to see a
 * read beyond it.
 */
static void parse_cut_at_every_length(struct kunit *test)
{
	const struct message *message = test->param_value;
	struct packet *p = test->priv;
	struct icmpctl_msg msg;
	u32 len;

	message->write(p);
	KUNIT_ASSERT_LE(test, p->len, ICMPCTL_PARSE_LEN);
	for (len = 0; len <= p->len; len++) {
		u8 *data = kmemdup(p->data, len, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, data);
		memset(&msg, 0xff, sizeof(msg));
		icmpctl_packet_parse(data, len, message->family, &msg);
		kfree(data);
		KUNIT_EXPECT_EQ(test, msg.type, len < 2 ? 0 : p->data[0]);
		KUNIT_EXPECT_EQ(test, msg.code, len < 2 ? 0 : p->data[1]);
		if (len < p->echo + 8) {
			KUNIT_EXPECT_EQ(test, msg.kind, ICMPCTL_MSG_OTHER);
			continue;
		}
		KUNIT_EXPECT_EQ(test, msg.kind, message->kind);
		KUNIT_EXPECT_EQ(test, msg.has_cookie, len >= p->echo + 16);
		KUNIT_EXPECT_EQ(test, msg.cookie, len >= p->echo + 16 ? COOKIE : 0);
		expect_message(test, message, &msg);
	}
}

static void parse_is_of_its_family_only(struct kunit *test)
{
	const struct message *message = test->param_value;
	struct packet *p = test->priv;

	message->write(p);
	KUNIT_EXPECT_EQ(test, kind_of(p, message->family == AF_INET ? AF_INET6 : AF_INET),
			ICMPCTL_MSG_OTHER);
}

/* What stands behind the cookie is not looked at. */
static void parse_ignores_what_follows(struct kunit *test)
{
	const struct message *message = test->param_value;
	struct packet *p = test->priv;
	struct icmpctl_msg before, after;

	message->write(p);
	icmpctl_packet_parse(p->data, p->len, message->family, &before);
	memset(p->data + p->len, 0xff, ICMPCTL_PARSE_LEN - p->len);
	icmpctl_packet_parse(p->data, ICMPCTL_PARSE_LEN, message->family, &after);
	KUNIT_EXPECT_EQ(test, memcmp(&before, &after, sizeof(before)), 0);
}

static u8 kind4(u8 type, u8 code)
{
	switch (type) {
	case 0:
		return code ? ICMPCTL_MSG_OTHER : ICMPCTL_MSG_ECHO_REPLY;
	case 3:
	case 4:
	case 11:
	case 12:
		return ICMPCTL_MSG_ERROR;
	case 5:
		return ICMPCTL_MSG_REDIRECT;
	default:
		return ICMPCTL_MSG_OTHER;
	}
}

/* A redirect quotes behind 40 bytes and not here. */
static u8 kind6(u8 type, u8 code)
{
	if (type == 129)
		return code ? ICMPCTL_MSG_OTHER : ICMPCTL_MSG_ECHO_REPLY;
	return type < 128 ? ICMPCTL_MSG_ERROR : ICMPCTL_MSG_OTHER;
}

static void parse_every_type_and_code(struct kunit *test)
{
	struct packet *p = test->priv;
	struct icmpctl_msg msg;
	u32 type, code;

	put_error4(p, 0, 0, 0);
	for (type = 0; type < 256; type++) {
		for (code = 0; code < 256; code++) {
			p->data[0] = type;
			p->data[1] = code;
			icmpctl_packet_parse(p->data, p->len, AF_INET, &msg);
			KUNIT_ASSERT_EQ(test, msg.kind, kind4(type, code));
			KUNIT_ASSERT_EQ(test, msg.type, type);
			KUNIT_ASSERT_EQ(test, msg.code, code);
		}
	}
	restart(p);
	put_error6(p, 0, 0, 0);
	for (type = 0; type < 256; type++) {
		for (code = 0; code < 256; code++) {
			p->data[0] = type;
			p->data[1] = code;
			icmpctl_packet_parse(p->data, p->len, AF_INET6, &msg);
			KUNIT_ASSERT_EQ(test, msg.kind, kind6(type, code));
			KUNIT_ASSERT_EQ(test, msg.type, type);
			KUNIT_ASSERT_EQ(test, msg.code, code);
		}
	}
}

struct info {
	const char *name;
	int family;
	u8 type;
	u8 code;
	u32 word;
	u32 info;
};

static const struct info infos[] = {
	{ "IPv4 next-hop MTU", AF_INET, 3, 4, 0x000005dc, 1500 },
	{ "IPv4 MTU of an old router", AF_INET, 3, 4, 0, 0 },
	{ "IPv4 MTU, unused bytes set", AF_INET, 3, 4, 0xff11ffff, 65535 },
	{ "IPv4 host unreachable", AF_INET, 3, 1, 0xff00ffff, 0 },
	{ "IPv4 source quench", AF_INET, 4, 0, 0xffffffff, 0 },
	{ "IPv4 time exceeded", AF_INET, 11, 0, 0xff00ffff, 0 },
	{ "IPv4 reassembly", AF_INET, 11, 1, 0xff00ffff, 0 },
	{ "IPv4 pointer", AF_INET, 12, 0, 0x14000000, 20 },
	{ "IPv4 greatest pointer", AF_INET, 12, 0, 0xff00ffff, 255 },
	{ "IPv4 redirect has a gateway", AF_INET, 5, 1, 0xffffffff, 0 },
	{ "IPv6 unreachable", AF_INET6, 1, 4, 0x00ffffff, 0 },
	{ "IPv6 MTU", AF_INET6, 2, 0, 1280, 1280 },
	{ "IPv6 greatest MTU", AF_INET6, 2, 0, U32_MAX, U32_MAX },
	{ "IPv6 time exceeded", AF_INET6, 3, 0, 0x00ffffff, 0 },
	{ "IPv6 pointer", AF_INET6, 4, 1, 40, 40 },
	{ "IPv6 greatest pointer", AF_INET6, 4, 2, U32_MAX, U32_MAX },
	{ "IPv6 unknown error", AF_INET6, 100, 0, U32_MAX, 0 },
	{ "IPv6 last error", AF_INET6, 127, 255, U32_MAX, 0 },
};

static void info_name(const struct info *info, char *desc)
{
	strscpy(desc, info->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(info, infos, info_name);

static void parse_info(struct kunit *test)
{
	const struct info *info = test->param_value;
	struct packet *p = test->priv;
	struct icmpctl_msg msg;

	if (info->family == AF_INET)
		put_error4(p, info->type, info->code, info->word);
	else
		put_error6(p, info->type, info->code, info->word);
	icmpctl_packet_parse(p->data, p->len, info->family, &msg);
	KUNIT_EXPECT_NE(test, msg.kind, ICMPCTL_MSG_OTHER);
	KUNIT_EXPECT_EQ(test, msg.info, info->info);
	KUNIT_EXPECT_EQ(test, msg.id, ID);
}

/* One byte of a good error is changed: @at from the start of the quoted packet. */
struct damage {
	const char *name;
	void (*write)(struct packet *p);
	int family;
	u32 at;
	u8 value;
	u8 kind;
};

#define GOOD	ICMPCTL_MSG_ERROR
#define BAD	ICMPCTL_MSG_OTHER

static const struct damage damages[] = {
	{ "4: version 0", error4, AF_INET, 0, 0x05, BAD },
	{ "4: version 6", error4, AF_INET, 0, 0x65, BAD },
	{ "4: version 5", error4, AF_INET, 0, 0x55, BAD },
	{ "4: header length 0", error4, AF_INET, 0, 0x40, BAD },
	{ "4: header length 4", error4, AF_INET, 0, 0x44, BAD },
	{ "4: header length 6", error4, AF_INET, 0, 0x46, BAD },
	{ "4: header length beyond", error4, AF_INET, 0, 0x4f, BAD },
	{ "4: options not counted", error4_options, AF_INET, 0, 0x45, BAD },
	{ "4: service set", error4, AF_INET, 1, 0xff, GOOD },
	{ "4: total length rewritten", error4, AF_INET, 2, 0xff, GOOD },
	{ "4: don't fragment", error4, AF_INET, 6, 0x40, GOOD },
	{ "4: first fragment", error4, AF_INET, 6, 0x20, GOOD },
	{ "4: evil bit", error4, AF_INET, 6, 0x80, GOOD },
	{ "4: later fragment", error4, AF_INET, 7, 0x01, BAD },
	{ "4: much later fragment", error4, AF_INET, 6, 0x10, BAD },
	{ "4: later fragment, more", error4, AF_INET, 6, 0x21, BAD },
	{ "4: TTL 0", error4, AF_INET, 8, 0, GOOD },
	{ "4: UDP", error4, AF_INET, 9, UDP, BAD },
	{ "4: TCP", error4, AF_INET, 9, TCP, BAD },
	{ "4: ICMPv6", error4, AF_INET, 9, ICMP6, BAD },
	{ "4: quotes a reply", error4, AF_INET, 20, 0, BAD },
	{ "4: quotes a timestamp", error4, AF_INET, 20, 13, BAD },
	{ "4: quotes an error", error4, AF_INET, 20, 3, BAD },
	{ "4: quotes an ICMPv6 echo", error4, AF_INET, 20, 128, BAD },
	{ "4: echo with a code", error4, AF_INET, 21, 1, BAD },
	{ "4: checksum rewritten", error4, AF_INET, 22, 1, GOOD },
	{ "6: version 0", error6, AF_INET6, 0, 0x00, BAD },
	{ "6: version 4", error6, AF_INET6, 0, 0x45, BAD },
	{ "6: version 7", error6, AF_INET6, 0, 0x70, BAD },
	{ "6: traffic class", error6, AF_INET6, 0, 0x6f, GOOD },
	{ "6: flow label", error6, AF_INET6, 2, 0xff, GOOD },
	{ "6: length rewritten", error6, AF_INET6, 4, 0xff, GOOD },
	{ "6: hop limit 0", error6, AF_INET6, 7, 0, GOOD },
	{ "6: UDP", error6, AF_INET6, 6, UDP, BAD },
	{ "6: TCP", error6, AF_INET6, 6, TCP, BAD },
	{ "6: ICMPv4", error6, AF_INET6, 6, ICMP4, BAD },
	{ "6: no next header", error6, AF_INET6, 6, NONE, BAD },
	{ "6: authentication header", error6, AF_INET6, 6, 51, BAD },
	{ "6: ICMP taken for an option", error6, AF_INET6, 6, HOPOPTS, BAD },
	{ "6: ICMP taken for a fragment", error6, AF_INET6, 6, FRAGMENT, BAD },
	{ "6: quotes a reply", error6, AF_INET6, 40, 129, BAD },
	{ "6: quotes a solicitation", error6, AF_INET6, 40, 135, BAD },
	{ "6: quotes an error", error6, AF_INET6, 40, 3, BAD },
	{ "6: quotes an ICMPv4 echo", error6, AF_INET6, 40, 8, BAD },
	{ "6: echo with a code", error6, AF_INET6, 41, 1, BAD },
	{ "6: later fragment", error6_fragment, AF_INET6, 43, 0x08, BAD },
	{ "6: much later fragment", error6_fragment, AF_INET6, 42, 0x80, BAD },
	{ "6: fragment, reserved bits", error6_fragment, AF_INET6, 43, 0x07, GOOD },
	{ "6: fragment, reserved byte", error6_fragment, AF_INET6, 41, 0xff, GOOD },
	{ "6: fragment of UDP", error6_fragment, AF_INET6, 40, UDP, BAD },
	{ "6: fragment of a fragment", error6_fragment, AF_INET6, 40, FRAGMENT, BAD },
	{ "6: header one longer", error6_hop_by_hop, AF_INET6, 41, 1, BAD },
	{ "6: header beyond", error6_hop_by_hop, AF_INET6, 41, 2, BAD },
	{ "6: longest header", error6_hop_by_hop, AF_INET6, 41, 255, BAD },
	{ "6: header too short", error6_routing, AF_INET6, 41, 1, BAD },
	{ "6: headers in a row", error6_hop_by_hop, AF_INET6, 40, HOPOPTS, BAD },
	{ "6: routing of a segment", error6_routing, AF_INET6, 43, 5, GOOD },
};

static void damage_name(const struct damage *damage, char *desc)
{
	strscpy(desc, damage->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(damage, damages, damage_name);

static void parse_damaged_quote(struct kunit *test)
{
	const struct damage *damage = test->param_value;
	struct packet *p = test->priv;

	damage->write(p);
	KUNIT_ASSERT_EQ(test, kind_of(p, damage->family), GOOD);
	p->data[p->quote + damage->at] = damage->value;
	KUNIT_EXPECT_EQ(test, kind_of(p, damage->family), damage->kind);
}

/* Taken at its word, its destination 8.0.2.7 would be an echo request. */
static void parse_quote_shorter_than_a_header(struct kunit *test)
{
	struct packet *p = test->priv;

	error4(p);
	p->data[p->quote] = 0x44;
	p->data[p->quote + 16] = 8;
	KUNIT_EXPECT_EQ(test, kind_of(p, AF_INET), ICMPCTL_MSG_OTHER);
}

static void options_none(struct packet *p)
{
}

static void options_link_layer_only(struct packet *p)
{
	put_num(p, 0x0201020304050607ULL, 8);
}

static void options_unknown_first(struct packet *p)
{
	put_num(p, 0xfd01000000000000ULL, 8);
	put_num(p, 0xfe02000000000000ULL, 8);
	put_zeroes(p, 8);
	put_redirected_quote(p);
}

static void options_length_zero(struct packet *p)
{
	put_num(p, 0x0200000000000000ULL, 8);
	put_redirected_quote(p);
}

static void options_redirected_length_zero(struct packet *p)
{
	put_redirected(p, 0);
	put_ip6(p, ICMP6);
	put_echo(p, 128);
}

static void options_longer_than_message(struct packet *p)
{
	put_num(p, 0x02ff000000000000ULL, 8);
	put_redirected_quote(p);
}

static void options_redirected_empty(struct packet *p)
{
	put_redirected(p, 1);
	put_ip6(p, ICMP6);
	put_echo(p, 128);
}

static void options_redirected_ends_in_ip(struct packet *p)
{
	put_redirected(p, 5);
	put_ip6(p, ICMP6);
	put_echo(p, 128);
}

static void options_redirected_ends_before_icmp(struct packet *p)
{
	put_redirected(p, 6);
	put_ip6(p, ICMP6);
	put_echo(p, 128);
}

static void options_redirected_ends_before_cookie(struct packet *p)
{
	put_redirected(p, 7);
	put_ip6(p, ICMP6);
	put_echo(p, 128);
}

static void options_redirected_tells_too_much(struct packet *p)
{
	put_redirected(p, 255);
	put_ip6(p, ICMP6);
	put_echo(p, 128);
}

static void options_redirected_of_udp(struct packet *p)
{
	put_redirected(p, 8);
	put_ip6(p, UDP);
	put_echo(p, 128);
}

static void options_redirected_of_ipv4(struct packet *p)
{
	put_redirected(p, 8);
	put_ip4(p, 5);
	put_echo(p, 8);
	put_zeroes(p, 20);
}

static void options_cut_head(struct packet *p)
{
	put_num(p, 0x0408, 2);
}

static void options_second_does_not_count(struct packet *p)
{
	options_redirected_empty(p);
	put_redirected_quote(p);
}

struct options {
	const char *name;
	void (*write)(struct packet *p);
	u8 kind;
	bool has_cookie;
};

static const struct options optionses[] = {
	{ "none", options_none },
	{ "link layer only", options_link_layer_only },
	{ "unknown first", options_unknown_first, ICMPCTL_MSG_REDIRECT, true },
	{ "length 0", options_length_zero },
	{ "quote of length 0", options_redirected_length_zero },
	{ "longer than the message", options_longer_than_message },
	{ "quotes nothing", options_redirected_empty },
	{ "ends in IPv6", options_redirected_ends_in_ip },
	{ "ends before ICMPv6", options_redirected_ends_before_icmp },
	{ "ends before the cookie", options_redirected_ends_before_cookie,
	  ICMPCTL_MSG_REDIRECT, false },
	{ "tells too much", options_redirected_tells_too_much, ICMPCTL_MSG_REDIRECT, true },
	{ "quotes UDP", options_redirected_of_udp },
	{ "quotes IPv4", options_redirected_of_ipv4 },
	{ "cut head", options_cut_head },
	{ "only the first quote counts", options_second_does_not_count },
};

static void options_name(const struct options *options, char *desc)
{
	strscpy(desc, options->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(options, optionses, options_name);

static void parse_redirect_options(struct kunit *test)
{
	const struct options *options = test->param_value;
	struct packet *p = test->priv;
	struct icmpctl_msg msg;

	put_redirect6(p);
	options->write(p);
	icmpctl_packet_parse(p->data, min(p->len, ICMPCTL_PARSE_LEN), AF_INET6, &msg);
	KUNIT_EXPECT_EQ(test, msg.kind, options->kind);
	if (options->kind)
		KUNIT_EXPECT_EQ(test, msg.has_cookie, options->has_cookie);
}

/* RFC 4884: a quote whose length is told, and what is appended to it */
struct extended {
	const char *name;
	int family;
	u32 word;
	u64 behind_echo;
	bool has_cookie;
};

static const struct extended extendeds[] = {
	{ "4: eight bytes, then objects", AF_INET, 7 << 16, 0x2000dead00080101ULL, false },
	{ "4: padded to 128", AF_INET, 32 << 16, 0, false },
	{ "4: length not told, padded", AF_INET, 0, 0, false },
	{ "4: all of the probe", AF_INET, 9 << 16, COOKIE, true },
	{ "4: all of it, padded", AF_INET, 32 << 16, COOKIE, true },
	{ "4: half of the cookie", AF_INET, 8 << 16, COOKIE, false },
	{ "4: length below a header", AF_INET, 1 << 16, COOKIE, false },
	{ "6: seven eights, then objects", AF_INET6, 6 << 24, 0x2000dead00080101ULL, false },
	{ "6: padded to 128", AF_INET6, 16 << 24, 0, false },
	{ "6: length not told, padded", AF_INET6, 0, 0, false },
	{ "6: all of the probe", AF_INET6, 8 << 24, COOKIE, true },
	{ "6: all of it, padded", AF_INET6, 16 << 24, COOKIE, true },
	{ "6: length below a header", AF_INET6, 1 << 24, COOKIE, false },
};

static void extended_name(const struct extended *extended, char *desc)
{
	strscpy(desc, extended->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(extended, extendeds, extended_name);

static void parse_extended_error(struct kunit *test)
{
	const struct extended *extended = test->param_value;
	static const u8 types4[] = { 3, 11, 12 }, types6[] = { 1, 3 };
	bool v4 = extended->family == AF_INET;
	u32 types = v4 ? ARRAY_SIZE(types4) : ARRAY_SIZE(types6);
	struct packet *p = test->priv;
	struct icmpctl_msg msg;
	u32 i;

	for (i = 0; i < types; i++) {
		restart(p);
		if (v4)
			put_error4(p, types4[i], 0, extended->word);
		else
			put_error6(p, types6[i], 0, extended->word);
		p->len -= 8;
		put_num(p, extended->behind_echo, 8);
		put_zeroes(p, ICMPCTL_PARSE_LEN - p->len);
		icmpctl_packet_parse(p->data, p->len, extended->family, &msg);
		KUNIT_EXPECT_EQ(test, msg.kind, ICMPCTL_MSG_ERROR);
		KUNIT_EXPECT_EQ(test, msg.id, ID);
		KUNIT_EXPECT_EQ(test, msg.seq, SEQ);
		KUNIT_EXPECT_EQ(test, msg.has_cookie, extended->has_cookie);
		KUNIT_EXPECT_EQ(test, msg.cookie, extended->has_cookie ? COOKIE : 0);
	}
}

/* A length is told by some types only: elsewhere the byte means something else. */
static void parse_length_told_by_some_types_only(struct kunit *test)
{
	struct packet *p = test->priv;
	struct icmpctl_msg msg;

	put_error4(p, 5, 1, 0x0a010203);
	icmpctl_packet_parse(p->data, p->len, AF_INET, &msg);
	KUNIT_EXPECT_TRUE(test, msg.has_cookie);
	restart(p);
	put_error6(p, 2, 0, 0x01000500);
	icmpctl_packet_parse(p->data, p->len, AF_INET6, &msg);
	KUNIT_EXPECT_TRUE(test, msg.has_cookie);
}

/* A reply is no quote: a cookie of 0 is what came. */
static void parse_reply_with_a_cookie_of_zero(struct kunit *test)
{
	struct packet *p = test->priv;
	struct icmpctl_msg msg;

	put_icmp(p, 0, 0, ID << 16 | SEQ);
	put_zeroes(p, 8);
	icmpctl_packet_parse(p->data, p->len, AF_INET, &msg);
	KUNIT_EXPECT_EQ(test, msg.kind, ICMPCTL_MSG_ECHO_REPLY);
	KUNIT_EXPECT_TRUE(test, msg.has_cookie);
	KUNIT_EXPECT_EQ(test, msg.cookie, 0ULL);
}

/*
 * Good messages with a few bytes of noise, cut anywhere: what comes out is one of the
 * kinds, the same every time, and of bytes that were there.
 */
static void parse_noise(struct kunit *test)
{
	struct packet *p = test->priv;
	struct icmpctl_msg msg, again;
	struct rnd_state rnd;
	u32 round, i, len;
	u8 *data;

	prandom_seed_state(&rnd, 7);
	for (round = 0; round < 50000; round++) {
		u32 noise = prandom_u32_state(&rnd) % 8;
		const struct message *message;

		message = &messages[prandom_u32_state(&rnd) % ARRAY_SIZE(messages)];
		restart(p);
		message->write(p);
		for (i = 0; i < noise; i++)
			p->data[prandom_u32_state(&rnd) % p->len] = prandom_u32_state(&rnd);
		len = prandom_u32_state(&rnd) % (p->len + 1);
		data = kmemdup(p->data, len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, data);
		icmpctl_packet_parse(data, len, message->family, &msg);
		icmpctl_packet_parse(data, len, message->family, &again);
		kfree(data);
		KUNIT_ASSERT_EQ(test, memcmp(&msg, &again, sizeof(msg)), 0);
		KUNIT_ASSERT_LE(test, msg.kind, ICMPCTL_MSG_REDIRECT);
		if (msg.kind == ICMPCTL_MSG_OTHER)
			continue;
		KUNIT_ASSERT_GE(test, len, 8U);
		if (msg.kind != ICMPCTL_MSG_ECHO_REPLY)
			KUNIT_ASSERT_GE(test, len, message->family == AF_INET ? 36U : 56U);
		if (!msg.has_cookie)
			KUNIT_ASSERT_EQ(test, msg.cookie, 0ULL);
	}
}

struct echo {
	int family;
	u16 id;
	u16 seq;
	u8 bytes[ICMPCTL_ICMP_HLEN];
};

static const struct echo echos[] = {
	{ AF_INET, 0x1234, 0xabcd, { 8, 0, 0, 0, 0x12, 0x34, 0xab, 0xcd } },
	{ AF_INET, 0, 0, { 8 } },
	{ AF_INET, 0xffff, 0xffff, { 8, 0, 0, 0, 0xff, 0xff, 0xff, 0xff } },
	{ AF_INET, 1, 0x100, { 8, 0, 0, 0, 0, 1, 1, 0 } },
	{ AF_INET6, 0x1234, 0xabcd, { 128, 0, 0, 0, 0x12, 0x34, 0xab, 0xcd } },
	{ AF_INET6, 0, 0, { 128 } },
	{ AF_INET6, 0xffff, 0xffff, { 128, 0, 0, 0, 0xff, 0xff, 0xff, 0xff } },
};

static void echo_name(const struct echo *echo, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "IPv%d id %#x seq %#x",
		 echo->family == AF_INET ? 4 : 6, echo->id, echo->seq);
}

KUNIT_ARRAY_PARAM(echo, echos, echo_name);

static void header_is_an_echo_request(struct kunit *test)
{
	const struct echo *echo = test->param_value;
	u8 hdr[ICMPCTL_ICMP_HLEN + 1];

	memset(hdr, 0x5a, sizeof(hdr));
	icmpctl_packet_header(hdr, echo->family, echo->id, echo->seq);
	KUNIT_EXPECT_EQ(test, memcmp(hdr, echo->bytes, ICMPCTL_ICMP_HLEN), 0);
	KUNIT_EXPECT_EQ(test, hdr[ICMPCTL_ICMP_HLEN], 0x5a);
}

#define PATTERN { 0xde, 0xad, 0xbe, 0xef, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 }

static const struct icmpctl_payload payloads[] = {
	{ COOKIE, 0, 0 },
	{ COOKIE, 1, 0 },
	{ COOKIE, 7, 0 },
	{ COOKIE, 7, 3, PATTERN },
	{ COOKIE, 8, 0 },
	{ COOKIE, 8, 16, PATTERN },
	{ COOKIE, 9, 0 },
	{ COOKIE, 9, 1, PATTERN },
	{ COOKIE, 15, 4, PATTERN },
	{ COOKIE, 56, 0 },
	{ COOKIE, 56, 2, PATTERN },
	{ COOKIE, 263, 0 },
	{ COOKIE, 264, 0 },
	{ COOKIE, 265, 0 },
	{ COOKIE, 300, 7, PATTERN },
	{ COOKIE, 300, 13, PATTERN },
	{ COOKIE, 800, 0 },
	{ COOKIE, 800, 1, PATTERN },
	{ COOKIE, 1472, 15, PATTERN },
	{ COOKIE, 1472, 16, PATTERN },
	{ 0, 1472, 0 },
	{ U64_MAX, 1472, 3, PATTERN },
};

static void payload_name(const struct icmpctl_payload *payload, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u bytes, pattern of %u", payload->size,
		 payload->pattern_len);
}

KUNIT_ARRAY_PARAM(payload, payloads, payload_name);

/* Written down anew, one byte at a time */
static u8 byte_of(const struct icmpctl_payload *payload, u32 i)
{
	if (payload->size >= 8 && i < 8)
		return (payload->cookie >> (56 - 8 * i)) & 0xff;
	if (!payload->pattern_len)
		return i % 256;
	return payload->pattern[i % payload->pattern_len];
}

static u8 *whole(struct kunit *test, const struct icmpctl_payload *payload)
{
	u8 *data = kunit_kzalloc(test, payload->size, GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, data);
	for (i = 0; i < payload->size; i++)
		data[i] = byte_of(payload, i);
	return data;
}

static void fill_every_piece(struct kunit *test)
{
	const struct icmpctl_payload *payload = test->param_value;
	u8 *want = whole(test, payload);
	u32 offset, len, step = payload->size / 40 + 1;
	u8 *buf = kunit_kzalloc(test, payload->size + 2, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	for (offset = 0; offset <= payload->size; offset += offset < 20 ? 1 : step) {
		for (len = 0; len <= payload->size - offset; len += len < 20 ? 1 : step) {
			memset(buf, 0x5a, payload->size + 2);
			icmpctl_packet_fill(payload, buf + 1, offset, len);
			KUNIT_ASSERT_EQ(test, memcmp(buf + 1, want + offset, len), 0);
			KUNIT_ASSERT_EQ(test, buf[0], 0x5a);
			KUNIT_ASSERT_EQ(test, buf[1 + len], 0x5a);
		}
	}
	icmpctl_packet_fill(payload, buf, 0, payload->size);
	KUNIT_EXPECT_EQ(test, memcmp(buf, want, payload->size), 0);
}

static void verify_every_piece(struct kunit *test)
{
	const struct icmpctl_payload *payload = test->param_value;
	u8 *data = whole(test, payload);
	u32 offset, len, step = payload->size / 40 + 1;

	for (offset = 0; offset <= payload->size; offset += offset < 20 ? 1 : step) {
		for (len = 0; len <= payload->size - offset; len += len < 20 ? 1 : step)
			KUNIT_ASSERT_EQ(test,
					icmpctl_packet_verify(payload, data + offset,
							      offset, len), len);
		/* Of a buffer of its own, for KASAN to see a read beyond it */
		if (len > payload->size - offset) {
			u8 *tail = kmemdup(data + offset, payload->size - offset, GFP_KERNEL);

			KUNIT_ASSERT_NOT_NULL(test, tail);
			len = icmpctl_packet_verify(payload, tail, offset,
						    payload->size - offset);
			kfree(tail);
			KUNIT_ASSERT_EQ(test, len, payload->size - offset);
		}
	}
}

/* The first wrong byte is told, whichever it is and whatever is wrong behind it. */
static void verify_tells_the_first_wrong_byte(struct kunit *test)
{
	const struct icmpctl_payload *payload = test->param_value;
	u32 period = payload->pattern_len ?: 256;
	u8 *data = whole(test, payload);
	u32 at, i;

	for (at = 0; at < payload->size; at++) {
		data[at] ^= 0x10;
		KUNIT_ASSERT_EQ(test, icmpctl_packet_verify(payload, data, 0, payload->size),
				at);
		/* The same wrong in every period from there on */
		for (i = at + period; i < payload->size; i += period)
			data[i] ^= 0x10;
		KUNIT_ASSERT_EQ(test, icmpctl_packet_verify(payload, data, 0, payload->size),
				at);
		KUNIT_ASSERT_EQ(test,
				icmpctl_packet_verify(payload, data + at, at,
						      payload->size - at), 0U);
		for (i = at; i < payload->size; i += period)
			data[i] ^= 0x10;
	}
}

/* As large as an echo can be, in pieces as a fragmented answer comes in */
static void verify_the_largest(struct kunit *test)
{
	struct icmpctl_payload payload = { COOKIE, 65507, 0, PATTERN };
	struct rnd_state rnd;
	u32 round, offset, part, at;
	u8 *data;

	data = kunit_kzalloc(test, payload.size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, data);
	prandom_seed_state(&rnd, 11);
	for (round = 0; round <= 16; round++) {
		payload.pattern_len = round;
		for (offset = 0; offset < payload.size; offset += part) {
			part = 1 + prandom_u32_state(&rnd) % 3000;
			part = min(part, payload.size - offset);
			icmpctl_packet_fill(&payload, data + offset, offset, part);
		}
		for (offset = 0; offset < payload.size; offset += part) {
			part = 1 + prandom_u32_state(&rnd) % 3000;
			part = min(part, payload.size - offset);
			KUNIT_ASSERT_EQ(test,
					icmpctl_packet_verify(&payload, data + offset,
							      offset, part), part);
		}
		at = prandom_u32_state(&rnd) % payload.size;
		data[at]++;
		KUNIT_ASSERT_EQ(test, icmpctl_packet_verify(&payload, data, 0, payload.size),
				at);
	}
}

/* Of the probe's own bytes an answer is made, and read back. */
static void probe_and_answer_agree(struct kunit *test)
{
	const struct icmpctl_payload *payload = test->param_value;
	struct packet *p = test->priv;
	u32 len = min(payload->size, 64U);
	struct icmpctl_msg msg;

	icmpctl_packet_header(p->data, AF_INET, ID, SEQ);
	icmpctl_packet_fill(payload, p->data + ICMPCTL_ICMP_HLEN, 0, len);
	p->data[0] = 0;
	icmpctl_packet_parse(p->data, ICMPCTL_ICMP_HLEN + len, AF_INET, &msg);
	KUNIT_EXPECT_EQ(test, msg.kind, ICMPCTL_MSG_ECHO_REPLY);
	KUNIT_EXPECT_EQ(test, msg.id, ID);
	KUNIT_EXPECT_EQ(test, msg.seq, SEQ);
	KUNIT_EXPECT_EQ(test, msg.has_cookie, payload->size >= ICMPCTL_COOKIE_LEN);
	if (msg.has_cookie)
		KUNIT_EXPECT_EQ(test, msg.cookie, payload->cookie);
}

static struct kunit_case packet_cases[] = {
	KUNIT_CASE_PARAM(header_is_an_echo_request, echo_gen_params),
	KUNIT_CASE_PARAM(fill_every_piece, payload_gen_params),
	KUNIT_CASE_PARAM(verify_every_piece, payload_gen_params),
	KUNIT_CASE_PARAM(verify_tells_the_first_wrong_byte, payload_gen_params),
	KUNIT_CASE(verify_the_largest),
	KUNIT_CASE_PARAM(probe_and_answer_agree, payload_gen_params),
	KUNIT_CASE_PARAM(parse_cut_at_every_length, message_gen_params),
	KUNIT_CASE_PARAM(parse_is_of_its_family_only, message_gen_params),
	KUNIT_CASE_PARAM(parse_ignores_what_follows, message_gen_params),
	KUNIT_CASE(parse_every_type_and_code),
	KUNIT_CASE_PARAM(parse_info, info_gen_params),
	KUNIT_CASE_PARAM(parse_damaged_quote, damage_gen_params),
	KUNIT_CASE(parse_quote_shorter_than_a_header),
	KUNIT_CASE_PARAM(parse_redirect_options, options_gen_params),
	KUNIT_CASE_PARAM(parse_extended_error, extended_gen_params),
	KUNIT_CASE(parse_length_told_by_some_types_only),
	KUNIT_CASE(parse_reply_with_a_cookie_of_zero),
	KUNIT_CASE(parse_noise),
	{}
};

struct kunit_suite icmpctl_packet_suite = {
	.name = "icmpctl_packet",
	.init = packet_init,
	.test_cases = packet_cases,
};
