// SPDX-License-Identifier: GPL-2.0
/*
 * packet_payload_kunit.c - tests of core/packet.c: what is sent, and whether it came back
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/prandom.h>

#include "packet_samples.h"
#include "suites.h"

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
	KUNIT_EXPECT_EQ(test, msg.kind, ICMPCTL_MSG_REPLY);
	KUNIT_EXPECT_EQ(test, msg.id, ID);
	KUNIT_EXPECT_EQ(test, msg.seq, SEQ);
	KUNIT_EXPECT_EQ(test, msg.has_cookie, payload->size >= ICMPCTL_COOKIE_LEN);
	if (msg.has_cookie)
		KUNIT_EXPECT_EQ(test, msg.cookie, payload->cookie);
}

static struct kunit_case packet_payload_cases[] = {
	KUNIT_CASE_PARAM(header_is_an_echo_request, echo_gen_params),
	KUNIT_CASE_PARAM(fill_every_piece, payload_gen_params),
	KUNIT_CASE_PARAM(verify_every_piece, payload_gen_params),
	KUNIT_CASE_PARAM(verify_tells_the_first_wrong_byte, payload_gen_params),
	KUNIT_CASE(verify_the_largest),
	KUNIT_CASE_PARAM(probe_and_answer_agree, payload_gen_params),
	{}
};

struct kunit_suite icmpctl_packet_payload_suite = {
	.name = "icmpctl_packet_payload",
	.init = packet_samples_init,
	.test_cases = packet_payload_cases,
};
