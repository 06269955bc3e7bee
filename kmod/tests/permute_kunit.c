// SPDX-License-Identifier: GPL-2.0
/*
 * permute_kunit.c - tests of core/permute.c
 */
#include <linux/bitmap.h>
#include <linux/slab.h>

#include "../core/permute.h"
#include "suites.h"

static const u64 sizes[] = {
	1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 254, 255, 256, 257, 1000,
	1023, 1024, 1025, 4099, 16383, 16384, 65535, 65536, 65537, 100003,
};

static void size_name(const u64 *size, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%llu", *size);
}

KUNIT_ARRAY_PARAM(size, sizes, size_name);

/* Every number below the bound comes, and comes once. */
static void each_once(struct kunit *test)
{
	u64 size = *(const u64 *)test->param_value;
	struct icmpctl_permute permute;
	unsigned long *seen;
	u64 seed, place;

	for (seed = 0; seed < 3; seed++) {
		seen = bitmap_zalloc(size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, seen);
		icmpctl_permute_init(&permute, size, seed * 0x123456789abcdefULL);
		for (place = 0; place < size; place++) {
			u64 number = icmpctl_permute(&permute, place);

			if (number >= size || test_and_set_bit(number, seen))
				KUNIT_FAIL(test, "%llu of place %llu, seed %llu", number, place,
					   seed);
		}
		KUNIT_EXPECT_TRUE(test, bitmap_full(seen, size));
		bitmap_free(seen);
	}
}

/* Of 2^40, none is out of bounds, and places next to each other lead far apart. */
static void large(struct kunit *test)
{
	struct icmpctl_permute permute;
	u64 size = (1ULL << 40) - 87;
	u64 last = 0, near = 0, place;

	icmpctl_permute_init(&permute, size, 42);
	for (place = size - 4096; place < size; place++) {
		u64 number = icmpctl_permute(&permute, place);

		KUNIT_ASSERT_LT(test, number, size);
		near += (number > last ? number - last : last - number) < 1 << 24;
		last = number;
	}
	KUNIT_EXPECT_LT(test, near, 16);
}

/* A /24 out of a /16 is asked all over the time that the /16 takes. */
static void spread(struct kunit *test)
{
	struct icmpctl_permute permute;
	u32 quarter[4] = {};
	u64 place;
	int i;

	icmpctl_permute_init(&permute, 65536, 7);
	for (place = 0; place < 65536; place++)
		if (icmpctl_permute(&permute, place) >> 8 == 99)
			quarter[place >> 14]++;
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_GT(test, quarter[i], 32);
		KUNIT_EXPECT_LT(test, quarter[i], 96);
	}
}

static void seeds_differ(struct kunit *test)
{
	struct icmpctl_permute one, other;
	u64 place, same = 0;

	icmpctl_permute_init(&one, 10000, 1);
	icmpctl_permute_init(&other, 10000, 2);
	for (place = 0; place < 10000; place++)
		same += icmpctl_permute(&one, place) == icmpctl_permute(&other, place);
	KUNIT_EXPECT_LT(test, same, 20);
	icmpctl_permute_init(&other, 10000, 1);
	for (place = 0; place < 10000; place++)
		KUNIT_ASSERT_EQ(test, icmpctl_permute(&one, place),
				icmpctl_permute(&other, place));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(each_once, size_gen_params),
	KUNIT_CASE(large),
	KUNIT_CASE(spread),
	KUNIT_CASE(seeds_differ),
	{}
};

struct kunit_suite icmpctl_permute_suite = {
	.name = "icmpctl-permute",
	.test_cases = cases,
};
