// SPDX-License-Identifier: GPL-2.0
/*
 * packet_kunit.c - tests of core/packet.c: what a message is
 */
#include <linux/minmax.h>
#include <linux/prandom.h>

#include "packet_samples.h"
#include "suites.h"

struct message {
	const char *name;
	void (*write)(struct packet *p);
	int family;
	u8 kind;
};

static const struct message messages[] = {
	{ "IPv4 reply", reply4, AF_INET, ICMPCTL_MSG_REPLY },
	{ "IPv4 error", error4, AF_INET, ICMPCTL_MSG_ERROR },
	{ "IPv4 error, options", error4_options, AF_INET, ICMPCTL_MSG_ERROR },
	{ "IPv4 redirect", redirect4, AF_INET, ICMPCTL_MSG_REDIRECT },
	{ "IPv6 reply", reply6, AF_INET6, ICMPCTL_MSG_REPLY },
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
	if (message->kind == ICMPCTL_MSG_REPLY) {
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
	case 14:
	case 18:
		return code ? ICMPCTL_MSG_OTHER : ICMPCTL_MSG_REPLY;
	case 3:
	case 4:
	case 11:
	case 12:
		return ICMPCTL_MSG_ERROR;
	case 5:
		return ICMPCTL_MSG_REDIRECT;
	case 43:
		return ICMPCTL_MSG_REPLY;
	default:
		return ICMPCTL_MSG_OTHER;
	}
}

/* A redirect quotes behind 40 bytes and not here. */
static u8 kind6(u8 type, u8 code)
{
	if (type == 129)
		return code ? ICMPCTL_MSG_OTHER : ICMPCTL_MSG_REPLY;
	if (type == 161)
		return ICMPCTL_MSG_REPLY;
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

/* A reply is no quote: a cookie of 0 is what came. */
static void parse_reply_with_a_cookie_of_zero(struct kunit *test)
{
	struct packet *p = test->priv;
	struct icmpctl_msg msg;

	put_icmp(p, 0, 0, ID << 16 | SEQ);
	put_zeroes(p, 8);
	icmpctl_packet_parse(p->data, p->len, AF_INET, &msg);
	KUNIT_EXPECT_EQ(test, msg.kind, ICMPCTL_MSG_REPLY);
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
		if (msg.kind != ICMPCTL_MSG_REPLY)
			KUNIT_ASSERT_GE(test, len, message->family == AF_INET ? 36U : 56U);
		if (!msg.has_cookie)
			KUNIT_ASSERT_EQ(test, msg.cookie, 0ULL);
	}
}

static struct kunit_case packet_cases[] = {
	KUNIT_CASE_PARAM(parse_cut_at_every_length, message_gen_params),
	KUNIT_CASE_PARAM(parse_is_of_its_family_only, message_gen_params),
	KUNIT_CASE_PARAM(parse_ignores_what_follows, message_gen_params),
	KUNIT_CASE(parse_every_type_and_code),
	KUNIT_CASE_PARAM(parse_info, info_gen_params),
	KUNIT_CASE(parse_reply_with_a_cookie_of_zero),
	KUNIT_CASE(parse_noise),
	{}
};

struct kunit_suite icmpctl_packet_suite = {
	.name = "icmpctl_packet",
	.init = packet_samples_init,
	.test_cases = packet_cases,
};
