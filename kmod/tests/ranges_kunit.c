// SPDX-License-Identifier: GPL-2.0
/*
 * ranges_kunit.c - tests of core/ranges.c
 */
#include <linux/inet.h>
#include <linux/socket.h>

#include "../core/ranges.h"
#include "suites.h"

static u8 parse(struct kunit *test, const char *text, union icmpctl_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (in4_pton(text, -1, addr->bytes, -1, NULL))
		return AF_INET;
	KUNIT_ASSERT_TRUE(test, in6_pton(text, -1, addr->bytes, -1, NULL));
	return AF_INET6;
}

struct span {
	const char *first;
	const char *last;
	u64 count;
};

static const struct span spans[] = {
	{ "10.0.0.1", "10.0.0.1", 1 },
	{ "10.0.0.1", "10.0.0.0", 0 },
	{ "10.0.0.255", "10.0.1.0", 2 },
	{ "10.0.0.1", "10.0.3.254", 1022 },
	{ "10.255.255.255", "11.0.0.0", 2 },
	{ "11.0.0.0", "10.255.255.255", 0 },
	{ "0.0.0.0", "255.255.255.255", 1ULL << 32 },
	{ "2001:db8::", "2001:db8::", 1 },
	{ "2001:db8::ffff", "2001:db8::1:0", 2 },
	{ "2001:db8::", "2001:db8::ff:ffff:ffff", 1ULL << 40 },
	{ "2001:db8::", "2001:db8::100:0:0", 0 },
	{ "2001:db8::1", "2001:db8::100:0:0", 1ULL << 40 },
	{ "2001:db8::", "2001:db9::", 0 },
	{ "2001:db9::", "2001:db8::", 0 },
	{ "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0 },
	{ "ffff::", "::ffff", 0 },
};

static void counted(struct kunit *test)
{
	union icmpctl_addr first, last;
	int i;

	for (i = 0; i < ARRAY_SIZE(spans); i++) {
		u8 family = parse(test, spans[i].first, &first);

		parse(test, spans[i].last, &last);
		KUNIT_EXPECT_EQ_MSG(test, icmpctl_range_count(&first, &last, family),
				    spans[i].count, "%s-%s", spans[i].first, spans[i].last);
	}
}

static void row(struct kunit *test)
{
	static const struct {
		u64 index;
		const char *addr;
	} at[] = {
		{ 0, "10.0.0.254" },
		{ 1, "10.0.0.255" },
		{ 2, "10.0.1.0" },
		{ 3, "192.0.2.7" },
		{ 4, "2001:db8::ffff:fffe" },
		{ 5, "2001:db8::ffff:ffff" },
		{ 6, "2001:db8::1:0:0" },
		{ 4 + (1ULL << 33) - 1, "2001:db8::2:ffff:fffd" },
		{ 4 + (1ULL << 33), "127.255.255.255" },
		{ 5 + (1ULL << 33), "128.0.0.0" },
	};
	struct icmpctl_range range[4];
	struct icmpctl_ranges ranges = { .range = range };
	union icmpctl_addr addr, got;
	int i;

	parse(test, "10.0.0.254", &addr);
	KUNIT_EXPECT_TRUE(test, icmpctl_ranges_add(&ranges, &addr, 3, AF_INET));
	parse(test, "192.0.2.7", &addr);
	KUNIT_EXPECT_TRUE(test, icmpctl_ranges_add(&ranges, &addr, 1, AF_INET));
	parse(test, "2001:db8::ffff:fffe", &addr);
	KUNIT_EXPECT_TRUE(test, icmpctl_ranges_add(&ranges, &addr, 1ULL << 33, AF_INET6));
	parse(test, "127.255.255.255", &addr);
	KUNIT_EXPECT_TRUE(test, icmpctl_ranges_add(&ranges, &addr, 2, AF_INET));
	KUNIT_EXPECT_EQ(test, ranges.total, 6 + (1ULL << 33));
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		u8 family = parse(test, at[i].addr, &addr);

		KUNIT_EXPECT_EQ(test, icmpctl_ranges_at(&ranges, at[i].index, &got), family);
		KUNIT_EXPECT_TRUE_MSG(test, icmpctl_addr_equal(&addr, &got), "%s", at[i].addr);
	}
	KUNIT_EXPECT_FALSE(test, icmpctl_ranges_add(&ranges, &addr, ICMPCTL_RANGE_ADDRESSES_MAX,
						    AF_INET));
	KUNIT_EXPECT_EQ(test, ranges.n, 4);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(counted),
	KUNIT_CASE(row),
	{}
};

struct kunit_suite icmpctl_ranges_suite = {
	.name = "icmpctl-ranges",
	.test_cases = cases,
};
