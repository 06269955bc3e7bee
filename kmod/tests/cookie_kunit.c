// SPDX-License-Identifier: GPL-2.0
/*
 * cookie_kunit.c - tests of core/cookie.c
 */
#include <linux/bitops.h>
#include <linux/limits.h>
#include <linux/prandom.h>

#include "../core/cookie.h"
#include "suites.h"

static const siphash_key_t key = { { 0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL } };

struct vector {
	const char *name;
	u64 number;
	u32 target;
	u64 cookie;
};

/* SipHash-2-4 of the number and the target as two little-endian 64-bit words */
static const struct vector vectors[] = {
	{ "first", 0, 0, 0x98a0d3c0ef557701ULL },
	{ "number", 1, 0, 0x8b62d01d7ce96e82ULL },
	{ "target", 0, 1, 0x2fa2d16f0e15bf11ULL },
	{ "both", 0x0706050403020100ULL, 0x0b0a0908, 0x62cdb11958305f2aULL },
	{ "number past 32 bits", 1ULL << 32, 0, 0x6889da4d298e7915ULL },
	{ "greatest", U64_MAX, U32_MAX, 0x682072cdc3a311a4ULL },
};

static void vector_name(const struct vector *vector, char *desc)
{
	strscpy(desc, vector->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(vector, vectors, vector_name);

static void cookie_is_siphash(struct kunit *test)
{
	const struct vector *vector = test->param_value;

	KUNIT_EXPECT_EQ(test, icmpctl_cookie(vector->number, vector->target, &key),
			vector->cookie);
}

static void cookie_can_be_computed_again(struct kunit *test)
{
	struct rnd_state rnd;
	u32 i;

	prandom_seed_state(&rnd, 1);
	for (i = 0; i < 1000; i++) {
		u64 number = (u64)prandom_u32_state(&rnd) << 32 | prandom_u32_state(&rnd);
		u32 target = prandom_u32_state(&rnd);

		KUNIT_ASSERT_EQ(test, icmpctl_cookie(number, target, &key),
				icmpctl_cookie(number, target, &key));
	}
}

/* Whatever single bit is changed, about half of the cookie's bits follow. */
static void cookie_hangs_on_every_bit(struct kunit *test)
{
	const u64 number = 0x123456789ULL;
	const u32 target = 77;
	u64 base = icmpctl_cookie(number, target, &key);
	u32 bit, changed = 0;

	for (bit = 0; bit < 64 + 32 + 128; bit++) {
		siphash_key_t other_key = key;
		u64 other_number = number;
		u32 other_target = target;
		u64 cookie;

		if (bit < 64)
			other_number ^= BIT_ULL(bit);
		else if (bit < 96)
			other_target ^= BIT(bit - 64);
		else
			other_key.key[(bit - 96) / 64] ^= BIT_ULL((bit - 96) % 64);
		cookie = icmpctl_cookie(other_number, other_target, &other_key);
		KUNIT_ASSERT_NE(test, cookie, base);
		changed += hweight64(cookie ^ base);
	}
	KUNIT_EXPECT_GE(test, changed, bit * 30);
	KUNIT_EXPECT_LE(test, changed, bit * 34);
}

/* The checksum of RFC 1071, for a whole number of words. */
static u16 checksum(const u16 *word, u32 words)
{
	u32 sum = 0;

	while (words--)
		sum += *word++;
	sum = (u16)sum + (sum >> 16);
	return ~(sum + (sum >> 16));
}

/* An echo request's identifier, number and cookie; the rest never changes. */
static u16 checksum_of(u16 id, u16 seq, u64 cookie)
{
	u16 words[] = { 0x0800, id, seq, cookie >> 48, cookie >> 32, cookie >> 16, cookie };

	return checksum(words, ARRAY_SIZE(words));
}

static void cookie_steady_keeps_the_checksum(struct kunit *test)
{
	u16 sum = icmpctl_cookie_flow_sum(3, 12345);
	u16 other = icmpctl_cookie_flow_sum(4, 12345);
	u32 number;

	for (number = 0; number < 70000; number++) {
		u64 cookie = icmpctl_cookie(number, 1, &key);
		u16 id = number >> 16 ? 0xffff : 0x1234;
		u64 steady = icmpctl_cookie_steady(cookie, id, number, sum);

		KUNIT_ASSERT_EQ(test, checksum_of(id, number, steady), (u16)~(0x0800 + sum));
		KUNIT_ASSERT_EQ(test, steady >> 16, cookie >> 16);
		KUNIT_ASSERT_NE(test, steady,
				icmpctl_cookie_steady(cookie, id, number, other));
	}
}

static void cookie_flows_are_told_apart(struct kunit *test)
{
	static const u32 bases[] = { 0, 1, 0xfffe, 0xffff, 0x10000, U32_MAX };
	u32 i, flow;

	for (i = 0; i < ARRAY_SIZE(bases); i++) {
		u16 first = icmpctl_cookie_flow_sum(0, bases[i]);

		KUNIT_ASSERT_NE(test, first, (u16)0);
		for (flow = 1; flow < 0xffff; flow++) {
			u16 sum = icmpctl_cookie_flow_sum(flow, bases[i]);

			KUNIT_ASSERT_NE(test, sum, (u16)0);
			KUNIT_ASSERT_NE(test, sum, first);
		}
	}
}

static struct kunit_case cookie_cases[] = {
	KUNIT_CASE_PARAM(cookie_is_siphash, vector_gen_params),
	KUNIT_CASE(cookie_can_be_computed_again),
	KUNIT_CASE(cookie_hangs_on_every_bit),
	KUNIT_CASE(cookie_steady_keeps_the_checksum),
	KUNIT_CASE(cookie_flows_are_told_apart),
	{}
};

struct kunit_suite icmpctl_cookie_suite = {
	.name = "icmpctl_cookie",
	.test_cases = cookie_cases,
};
