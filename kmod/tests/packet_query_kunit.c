// SPDX-License-Identifier: GPL-2.0
/*
 * packet_query_kunit.c - tests of core/packet_query.c: what is asked, what is answered, what is
 * quoted of timestamp, address mask and extended echo
 */
#include <linux/slab.h>

#include "../core/bytes.h"
#include "packet_samples.h"
#include "suites.h"

static const struct icmpctl_query by_target;

/* RFC 1071, over a whole number of words: 0xffff if the checksum in it is right. */
static u16 sum_over(const u8 *data, u32 len)
{
	u16 sum = 0;
	u32 i;

	for (i = 0; i < len; i += 2)
		sum = sum_be16(sum, get_be16(data + i));
	return sum;
}

static void timestamp_byte_by_byte(struct kunit *test)
{
	u8 want[ICMPCTL_TIMESTAMP_LEN] = { 13, 0, 0, 0, 0xab, 0xcd, 0x12, 0x34 };
	struct packet *p = test->priv;

	/* The high bit, and the first 31 bits of the cookie. */
	put_be32(want + 8, 0x80000000 | 0x01234567 >> 1);
	memset(p->data, 0xff, BUF_LEN);
	icmpctl_packet_timestamp(p->data, ID, SEQ, COOKIE);
	KUNIT_EXPECT_EQ(test, memcmp(p->data, want, sizeof(want)), 0);
	KUNIT_EXPECT_EQ(test, p->data[sizeof(want)], 0xff);
	KUNIT_EXPECT_EQ(test, icmpctl_packet_hlen(ICMPCTL_PROBE_TIMESTAMP, AF_INET, &by_target),
			sizeof(want));
	KUNIT_EXPECT_EQ(test, icmpctl_packet_originate(0), 0x80000000);
	KUNIT_EXPECT_EQ(test, icmpctl_packet_originate(U64_MAX), U32_MAX);
}

static void mask_byte_by_byte(struct kunit *test)
{
	static const u8 want[ICMPCTL_MASK_LEN] = { 17, 0, 0, 0, 0xab, 0xcd, 0x12, 0x34 };
	struct packet *p = test->priv;

	memset(p->data, 0xff, BUF_LEN);
	icmpctl_packet_mask(p->data, ID, SEQ);
	KUNIT_EXPECT_EQ(test, memcmp(p->data, want, sizeof(want)), 0);
	KUNIT_EXPECT_EQ(test, p->data[sizeof(want)], 0xff);
	KUNIT_EXPECT_EQ(test, icmpctl_packet_hlen(ICMPCTL_PROBE_MASK, AF_INET, &by_target),
			sizeof(want));
}

struct asked {
	const char *name;
	int family;
	u8 by;
	const char *ifname;
	u32 index;
	/* what follows the head of the extension */
	u8 object[32];
	u32 len;
};

static const struct asked askeds[] = {
	{ "by the target, IPv4", AF_INET, ICMPCTL_QUERY_BY_TARGET, NULL, 0,
	  { 0, 12, 3, 3, 0, 1, 4, 0, 192, 0, 2, 7 }, 12 },
	{ "by the target, IPv6", AF_INET6, ICMPCTL_QUERY_BY_TARGET, NULL, 0,
	  { 0, 24, 3, 3, 0, 2, 16, 0, 0x20, 0x01, 0x0d, 0xb8, 0xff, [23] = 7 }, 24 },
	{ "by a name", AF_INET, ICMPCTL_QUERY_BY_NAME, "eth0", 0,
	  { 0, 8, 3, 1, 'e', 't', 'h', '0' }, 8 },
	{ "by a name that is filled up", AF_INET6, ICMPCTL_QUERY_BY_NAME, "wlan0", 0,
	  { 0, 12, 3, 1, 'w', 'l', 'a', 'n', '0', 0, 0, 0 }, 12 },
	{ "by an index", AF_INET, ICMPCTL_QUERY_BY_INDEX, NULL, 0x12345678,
	  { 0, 8, 3, 2, 0x12, 0x34, 0x56, 0x78 }, 8 },
	{ "by another address", AF_INET, ICMPCTL_QUERY_BY_ADDRESS, NULL, 0,
	  { 0, 12, 3, 3, 0, 1, 4, 0, 10, 0, 0, 1 }, 12 },
};

static void asked_name(const struct asked *asked, char *desc)
{
	strscpy(desc, asked->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(asked, askeds, asked_name);

static void extended_byte_by_byte(struct kunit *test)
{
	const struct asked *asked = test->param_value;
	bool v4 = asked->family == AF_INET;
	struct icmpctl_query query = {};
	union icmpctl_addr target = {}, source = {};
	struct packet *p = test->priv;
	u32 len = 12 + asked->len;

	memcpy(target.bytes, v4 ? dst4 : dst6, v4 ? 4 : 16);
	memcpy(source.bytes, src4, 4);
	switch (asked->by) {
	case ICMPCTL_QUERY_BY_NAME:
		KUNIT_ASSERT_EQ(test, icmpctl_query_by_name(&query, asked->ifname,
							    strlen(asked->ifname)), 0);
		break;
	case ICMPCTL_QUERY_BY_INDEX:
		icmpctl_query_by_index(&query, asked->index);
		break;
	case ICMPCTL_QUERY_BY_ADDRESS:
		icmpctl_query_by_address(&query, AF_INET, &source);
		break;
	}
	KUNIT_ASSERT_EQ(test, icmpctl_packet_hlen(ICMPCTL_PROBE_EXTENDED, asked->family, &query),
			len);
	memset(p->data, 0xff, BUF_LEN);
	icmpctl_packet_extended(p->data, asked->family, ID, 0x34, &query, &target);
	KUNIT_EXPECT_EQ(test, p->data[0], v4 ? 42 : 160);
	KUNIT_EXPECT_EQ(test, p->data[1], 0);
	KUNIT_EXPECT_EQ(test, get_be16(p->data + 2), 0);
	KUNIT_EXPECT_EQ(test, get_be16(p->data + 4), ID);
	/* The sequence number, and that the interface is one of the host itself. */
	KUNIT_EXPECT_EQ(test, get_be16(p->data + 6), 0x3401);
	KUNIT_EXPECT_EQ(test, get_be16(p->data + 8), 0x2000);
	KUNIT_EXPECT_EQ(test, memcmp(p->data + 12, asked->object, asked->len), 0);
	KUNIT_EXPECT_EQ(test, sum_over(p->data + 8, len - 8), 0xffff);
	KUNIT_EXPECT_EQ(test, p->data[len], 0xff);
}

static void names_of_interfaces(struct kunit *test)
{
	char name[ICMPCTL_QUERY_NAME_MAX + 2];
	struct icmpctl_query query;
	u32 len;

	memset(name, 'x', sizeof(name));
	KUNIT_EXPECT_NE(test, icmpctl_query_by_name(&query, name, 0), 0);
	for (len = 1; len <= ICMPCTL_QUERY_NAME_MAX; len++) {
		KUNIT_ASSERT_EQ(test, icmpctl_query_by_name(&query, name, len), 0);
		KUNIT_ASSERT_EQ(test, query.len, round_up(len, 4));
		KUNIT_ASSERT_LE(test, query.len, ICMPCTL_QUERY_MAX);
		KUNIT_ASSERT_EQ(test, query.data[len - 1], 'x');
		if (len % 4)
			KUNIT_ASSERT_EQ(test, query.data[len], 0);
	}
	KUNIT_EXPECT_NE(test, icmpctl_query_by_name(&query, name, len), 0);
}

struct reply {
	const char *name;
	int family;
	u8 type;
	u8 code;
	/* less is no reply */
	u32 len;
	u8 kind;
	u8 probe;
};

static const struct reply replies[] = {
	{ "timestamp", AF_INET, 14, 0, 20, ICMPCTL_MSG_REPLY, ICMPCTL_PROBE_TIMESTAMP },
	{ "timestamp, a code", AF_INET, 14, 1, 20, ICMPCTL_MSG_OTHER },
	{ "mask", AF_INET, 18, 0, 12, ICMPCTL_MSG_REPLY, ICMPCTL_PROBE_MASK },
	{ "mask, a code", AF_INET, 18, 1, 12, ICMPCTL_MSG_OTHER },
	{ "extended", AF_INET, 43, 0, 8, ICMPCTL_MSG_REPLY, ICMPCTL_PROBE_EXTENDED },
	{ "extended, no interface", AF_INET, 43, 2, 8, ICMPCTL_MSG_REPLY,
	  ICMPCTL_PROBE_EXTENDED },
	{ "extended, IPv6", AF_INET6, 161, 4, 8, ICMPCTL_MSG_REPLY, ICMPCTL_PROBE_EXTENDED },
	{ "a request: timestamp", AF_INET, 13, 0, 20, ICMPCTL_MSG_OTHER },
	{ "a request: mask", AF_INET, 17, 0, 12, ICMPCTL_MSG_OTHER },
	{ "a request: extended", AF_INET, 42, 0, 8, ICMPCTL_MSG_OTHER },
	{ "a request: extended, IPv6", AF_INET6, 160, 0, 8, ICMPCTL_MSG_OTHER },
};

static void reply_name(const struct reply *reply, char *desc)
{
	strscpy(desc, reply->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(reply, replies, reply_name);

/* Each length is a buffer of its own, for KASAN to see a read beyond it. */
static void reply_cut_at_every_length(struct kunit *test)
{
	const struct reply *reply = test->param_value;
	struct packet *p = test->priv;
	struct icmpctl_msg msg;
	u32 len;

	put_icmp(p, reply->type, reply->code, ID << 16 | SEQ);
	put_num(p, 0x80112233, 4);
	put_num(p, 0x01020304, 4);
	put_num(p, 0xa0b0c0d0, 4);
	for (len = 0; len <= p->len; len++) {
		u8 *data = kmemdup(p->data, len, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, data);
		icmpctl_packet_parse(data, len, reply->family, &msg);
		kfree(data);
		KUNIT_ASSERT_EQ(test, msg.kind,
				len < reply->len ? ICMPCTL_MSG_OTHER : reply->kind);
	}
	if (reply->kind == ICMPCTL_MSG_OTHER)
		return;
	KUNIT_EXPECT_EQ(test, msg.probe, reply->probe);
	KUNIT_EXPECT_EQ(test, msg.id, ID);
	switch (reply->probe) {
	case ICMPCTL_PROBE_TIMESTAMP:
		KUNIT_EXPECT_EQ(test, msg.seq, SEQ);
		KUNIT_EXPECT_TRUE(test, msg.has_cookie);
		KUNIT_EXPECT_EQ(test, msg.cookie, 0x80112233);
		KUNIT_EXPECT_EQ(test, msg.info, 0x01020304);
		KUNIT_EXPECT_EQ(test, msg.info2, 0xa0b0c0d0);
		break;
	case ICMPCTL_PROBE_MASK:
		KUNIT_EXPECT_EQ(test, msg.seq, SEQ);
		KUNIT_EXPECT_FALSE(test, msg.has_cookie);
		KUNIT_EXPECT_EQ(test, msg.info, 0x80112233);
		break;
	default:
		KUNIT_EXPECT_EQ(test, msg.seq, SEQ >> 8);
		KUNIT_EXPECT_FALSE(test, msg.has_cookie);
		KUNIT_EXPECT_EQ(test, msg.info, SEQ & 0xff);
	}
}

struct request {
	const char *name;
	int family;
	u8 kind;
	/* so many bytes quoted are enough for the cookie; 0: never */
	u32 cookie_len;
};

static const struct request requests[] = {
	{ "timestamp", AF_INET, ICMPCTL_PROBE_TIMESTAMP, 12 },
	{ "mask", AF_INET, ICMPCTL_PROBE_MASK, 0 },
	{ "extended", AF_INET, ICMPCTL_PROBE_EXTENDED, 0 },
	{ "extended, IPv6", AF_INET6, ICMPCTL_PROBE_EXTENDED, 0 },
};

static void request_name(const struct request *request, char *desc)
{
	strscpy(desc, request->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(request, requests, request_name);

static void put_request(struct packet *p, const struct request *request)
{
	union icmpctl_addr target = {};

	p->echo = p->len;
	switch (request->kind) {
	case ICMPCTL_PROBE_TIMESTAMP:
		icmpctl_packet_timestamp(p->data + p->len, ID, SEQ, COOKIE);
		break;
	case ICMPCTL_PROBE_MASK:
		icmpctl_packet_mask(p->data + p->len, ID, SEQ);
		break;
	default:
		icmpctl_packet_extended(p->data + p->len, request->family, ID, SEQ & 0xff,
					&by_target, &target);
	}
	p->len += icmpctl_packet_hlen(request->kind, request->family, &by_target);
}

static void quote_names_the_request(struct kunit *test)
{
	const struct request *request = test->param_value;
	bool v4 = request->family == AF_INET;
	bool extended = request->kind == ICMPCTL_PROBE_EXTENDED;
	struct packet *p = test->priv;
	struct icmpctl_msg msg;
	u32 len;

	put_icmp(p, v4 ? 3 : 1, 1, 0);
	if (v4)
		put_ip4(p, 5);
	else
		put_ip6(p, ICMP6);
	put_request(p, request);
	for (len = p->echo; len <= p->len; len++) {
		u32 came = len - p->echo;

		icmpctl_packet_parse(p->data, len, request->family, &msg);
		KUNIT_ASSERT_EQ(test, msg.kind,
				came < 8 ? ICMPCTL_MSG_OTHER : ICMPCTL_MSG_ERROR);
		if (came < 8)
			continue;
		KUNIT_ASSERT_EQ(test, msg.probe, request->kind);
		KUNIT_ASSERT_EQ(test, msg.id, ID);
		KUNIT_ASSERT_EQ(test, msg.seq, extended ? SEQ & 0xff : SEQ);
		KUNIT_ASSERT_EQ(test, msg.has_cookie,
				request->cookie_len && came >= request->cookie_len);
		if (msg.has_cookie)
			KUNIT_ASSERT_EQ(test, msg.cookie, icmpctl_packet_originate(COOKIE));
	}
	/* None of ours has a code. */
	p->data[p->echo + 1] = 1;
	KUNIT_EXPECT_EQ(test, kind_of(p, request->family), ICMPCTL_MSG_OTHER);
}

/* Both ways, and nothing else. */
static void types_of_requests(struct kunit *test)
{
	u32 type, found4 = 0, found6 = 0;

	for (type = 0; type < 256; type++) {
		u8 kind = icmpctl_packet_request_kind(type, AF_INET);

		if (kind <= ICMPCTL_PROBE_MAX) {
			KUNIT_EXPECT_EQ(test, icmpctl_packet_request_type(kind, AF_INET), type);
			found4++;
		}
		kind = icmpctl_packet_request_kind(type, AF_INET6);
		if (kind <= ICMPCTL_PROBE_MAX) {
			KUNIT_EXPECT_EQ(test, icmpctl_packet_request_type(kind, AF_INET6), type);
			KUNIT_EXPECT_FALSE(test, icmpctl_packet_is_ipv4_only(kind));
			found6++;
		}
	}
	KUNIT_EXPECT_EQ(test, found4, 4);
	KUNIT_EXPECT_EQ(test, found6, 2);
	KUNIT_EXPECT_EQ(test, icmpctl_packet_request_type(ICMPCTL_PROBE_TCP, AF_INET), 0);
}

static struct kunit_case packet_query_cases[] = {
	KUNIT_CASE(timestamp_byte_by_byte),
	KUNIT_CASE(mask_byte_by_byte),
	KUNIT_CASE_PARAM(extended_byte_by_byte, asked_gen_params),
	KUNIT_CASE(names_of_interfaces),
	KUNIT_CASE_PARAM(reply_cut_at_every_length, reply_gen_params),
	KUNIT_CASE_PARAM(quote_names_the_request, request_gen_params),
	KUNIT_CASE(types_of_requests),
	{}
};

struct kunit_suite icmpctl_packet_query_suite = {
	.name = "icmpctl_packet_query",
	.init = packet_samples_init,
	.test_cases = packet_query_cases,
};
