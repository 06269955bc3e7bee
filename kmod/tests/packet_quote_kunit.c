// SPDX-License-Identifier: GPL-2.0
/*
 * packet_quote_kunit.c - tests of core/packet.c: what is quoted in errors and redirects
 */
#include <linux/minmax.h>

#include "packet_samples.h"
#include "suites.h"

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
	{ "4: TCP", error4, AF_INET, 9, TCP, GOOD },
	{ "4: ICMPv6", error4, AF_INET, 9, ICMP6, BAD },
	{ "4: quotes a reply", error4, AF_INET, 20, 0, BAD },
	{ "4: quotes a solicitation", error4, AF_INET, 20, 10, BAD },
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
	{ "6: TCP", error6, AF_INET6, 6, TCP, GOOD },
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

static struct kunit_case packet_quote_cases[] = {
	KUNIT_CASE_PARAM(parse_damaged_quote, damage_gen_params),
	KUNIT_CASE(parse_quote_shorter_than_a_header),
	KUNIT_CASE_PARAM(parse_redirect_options, options_gen_params),
	KUNIT_CASE_PARAM(parse_extended_error, extended_gen_params),
	KUNIT_CASE(parse_length_told_by_some_types_only),
	{}
};

struct kunit_suite icmpctl_packet_quote_suite = {
	.name = "icmpctl_packet_quote",
	.init = packet_samples_init,
	.test_cases = packet_quote_cases,
};
