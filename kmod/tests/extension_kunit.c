// SPDX-License-Identifier: GPL-2.0
/*
 * extension_kunit.c - tests of core/extension.c: extensions that are right, and each way
 * to be wrong by its name
 */
#include <linux/prandom.h>

#include "../core/bytes.h"
#include "../core/extension.h"
#include "packet_samples.h"
#include "suites.h"

#define CUT		ICMPCTL_EXTENSION_CUT
#define GOOD		ICMPCTL_EXTENSION_GOOD
#define BAD_VERSION	ICMPCTL_EXTENSION_BAD_VERSION
#define BAD_CHECKSUM	ICMPCTL_EXTENSION_BAD_CHECKSUM
#define BAD_LENGTH	ICMPCTL_EXTENSION_BAD_LENGTH
#define BAD_OBJECT	ICMPCTL_EXTENSION_BAD_OBJECT

#define INDEX		0x08
#define ADDRESS		0x04
#define NAME		0x02
#define MTU		0x01

/* Object by object, as it stands on the wire; the header with its checksum comes before. */
struct sample {
	const char *name;
	u8 state;
	u8 len;
	u8 objects[72];
};

static const struct sample samples[] = {
	{ "no object", GOOD, 0 },
	{ "one label", GOOD, 8, { 0, 8, 1, 1, 0, 1, 1, 1 } },
	{ "two labels", GOOD, 12, { 0, 12, 1, 1, 0, 1, 0, 9, 0, 2, 1, 1 } },
	{ "no label", BAD_OBJECT, 4, { 0, 4, 1, 1 } },
	{ "MPLS of another type", GOOD, 4, { 0, 4, 1, 2 } },
	{ "unknown class", GOOD, 8, { 0, 8, 99, 7, 1, 2, 3, 4 } },
	{ "unknown class, empty", GOOD, 4, { 0, 4, 99, 7 } },
	{ "two objects", GOOD, 12, { 0, 8, 1, 1, 0, 1, 1, 1, 0, 4, 99, 0 } },
	{ "length 0", BAD_LENGTH, 4, { 0, 0, 1, 1 } },
	{ "length 3", BAD_LENGTH, 4, { 0, 3, 1, 1 } },
	{ "length 7", BAD_LENGTH, 8, { 0, 7, 1, 1, 0, 1, 1, 1 } },
	{ "length beyond the end", CUT, 8, { 0, 12, 1, 1, 0, 1, 1, 1 } },
	{ "greatest length", CUT, 8, { 255, 252, 1, 1, 0, 1, 1, 1 } },
	{ "half an object header", CUT, 2, { 0, 8 } },
	{ "half a second header", CUT, 10, { 0, 8, 1, 1, 0, 1, 1, 1, 0, 8 } },
	{ "a wrong second object", BAD_LENGTH, 12, { 0, 8, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1 } },
	{ "interface without parts", GOOD, 4, { 0, 4, 2, 0 } },
	{ "interface, one part too many", BAD_OBJECT, 8, { 0, 8, 2, 0, 0, 0, 0, 1 } },
	{ "index", GOOD, 8, { 0, 8, 2, INDEX, 0, 0, 0, 5 } },
	{ "index missing", BAD_OBJECT, 4, { 0, 4, 2, INDEX } },
	{ "MTU", GOOD, 8, { 0, 8, 2, MTU, 0, 0, 5, 220 } },
	{ "index and MTU, one missing", BAD_OBJECT, 8, { 0, 8, 2, INDEX | MTU, 0, 0, 5, 220 } },
	{ "IPv4 address", GOOD, 12, { 0, 12, 2, ADDRESS, 0, 1, 0, 0, 192, 0, 2, 1 } },
	{ "IPv6 address", GOOD, 24, { 0, 24, 2, ADDRESS, 0, 2, 0, 0, 0x20, 1 } },
	{ "IPv6 address, cut", BAD_OBJECT, 20, { 0, 20, 2, ADDRESS, 0, 2, 0, 0, 0x20, 1 } },
	{ "address of no family", BAD_OBJECT, 12, { 0, 12, 2, ADDRESS, 0, 3 } },
	{ "family alone", BAD_OBJECT, 8, { 0, 8, 2, ADDRESS, 0, 1 } },
	{ "name", GOOD, 12, { 0, 12, 2, NAME, 8, 'e', 't', 'h', '0' } },
	{ "name of length 0", BAD_OBJECT, 8, { 0, 8, 2, NAME } },
	{ "name of length 5", BAD_OBJECT, 12, { 0, 12, 2, NAME, 5, 'e', 't', 'h', '0' } },
	{ "name beyond the object", BAD_OBJECT, 12, { 0, 12, 2, NAME, 12, 'e', 't', 'h', '0' } },
	{ "longest name", GOOD, 68, { 0, 68, 2, NAME, 64, 'x' } },
	{ "name too long", BAD_OBJECT, 72, { 0, 72, 2, NAME, 68, 'x' } },
	{ "all parts", GOOD, 28, { 0, 28, 2, 0x80 | INDEX | ADDRESS | NAME | MTU, 0, 0, 0, 5, 0, 1,
				   0, 0, 192, 0, 2, 1, 8, 'e', 't', 'h', '0', 0, 0, 0, 0, 0,
				   5, 220 } },
	{ "all parts, one byte off", BAD_OBJECT, 24, { 0, 24, 2, INDEX | ADDRESS | NAME | MTU, 0, 0,
						       0, 5, 0, 1, 0, 0, 192, 0, 2, 1, 8, 'e' } },
};

static void sample_name(const struct sample *sample, char *desc)
{
	strscpy(desc, sample->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(sample, samples, sample_name);

static void seal(u8 *data, u32 len)
{
	u16 sum = 0;
	u32 i;

	put_be16(data + 2, 0);
	for (i = 0; i < len; i += 2)
		sum = sum_be16(sum, data[i] << 8 | (i + 1 < len ? data[i + 1] : 0));
	put_be16(data + 2, ~sum);
}

static u32 put_extension(struct packet *p, const struct sample *sample)
{
	u32 start = p->len;

	put_num(p, 0x20000000, 4);
	put(p, sample->objects, sample->len);
	seal(p->data + start, p->len - start);
	return start;
}

/* In a buffer of exactly this size, for KASAN to see a read beyond it. */
static u8 state_of(struct kunit *test, const u8 *data, u32 len, bool told)
{
	u8 *copy = kunit_kmalloc(test, len, GFP_KERNEL);
	u8 state;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, copy);
	memcpy(copy, data, len);
	state = icmpctl_extension_check(copy, len, told);
	kunit_kfree(test, copy);
	return state;
}

static void extension_by_its_name(struct kunit *test)
{
	const struct sample *sample = test->param_value;
	struct packet *p = test->priv;
	u32 i;

	put_extension(p, sample);
	KUNIT_EXPECT_EQ(test, state_of(test, p->data, p->len, true), sample->state);
	/* Where nothing says that it is one, only a right one is. */
	KUNIT_EXPECT_EQ(test, state_of(test, p->data, p->len, false),
			sample->state == GOOD ? GOOD : ICMPCTL_EXTENSION_NONE);
	/* One bit anywhere: the checksum is wrong, or the version before it. */
	for (i = 0; i < p->len * 8; i++) {
		u8 want = i < 8 && BIT(i) & 0xf0 ? BAD_VERSION : BAD_CHECKSUM;

		p->data[i / 8] ^= BIT(i % 8);
		/* A checksum of 0 is none. */
		if (get_be16(p->data + 2))
			KUNIT_ASSERT_EQ(test, state_of(test, p->data, p->len, true), want);
		p->data[i / 8] ^= BIT(i % 8);
	}
	put_be16(p->data + 2, 0);
	KUNIT_EXPECT_EQ(test, state_of(test, p->data, p->len, true), sample->state);
	KUNIT_EXPECT_EQ(test, state_of(test, p->data, p->len, false), ICMPCTL_EXTENSION_NONE);
}

/* Cut after each byte: the checksum is missing some, without one the objects do. */
static void extension_cut_anywhere(struct kunit *test)
{
	static const struct sample label = {
		"", GOOD, 12, { 0, 12, 1, 1, 0, 1, 0, 9, 0, 2, 1, 1 },
	};
	struct packet *p = test->priv;
	u32 len;

	put_extension(p, &label);
	for (len = 0; len < p->len; len++) {
		u8 state = state_of(test, p->data, len, true);

		if (len < 4)
			KUNIT_ASSERT_EQ(test, state, CUT);
		else
			KUNIT_ASSERT_NE(test, state, GOOD);
	}
	put_be16(p->data + 2, 0);
	for (len = 5; len < p->len; len++)
		KUNIT_ASSERT_EQ(test, state_of(test, p->data, len, true), CUT);
}

static void extension_too_long(struct kunit *test)
{
	struct packet *p = test->priv;

	put_num(p, 0x20000000, 4);
	put_num(p, ICMPCTL_EXTENSION_MAX << 16 | 0x6363, 4);
	put_zeroes(p, ICMPCTL_EXTENSION_MAX - 4);
	KUNIT_EXPECT_EQ(test, state_of(test, p->data, p->len, true), GOOD);
	put_zeroes(p, 4);
	KUNIT_EXPECT_EQ(test, state_of(test, p->data, p->len, true), ICMPCTL_EXTENSION_TOO_LONG);
	/* Not even looked at. */
	KUNIT_EXPECT_EQ(test, icmpctl_extension_check(p->data, U32_MAX, true),
			ICMPCTL_EXTENSION_TOO_LONG);
}

struct place {
	const char *name;
	int family;
	u8 type;
	u32 word;
	u32 len;
	u32 offset;
	bool told;
};

static const struct place places[] = {
	{ "4: told", AF_INET, 11, 32 << 16, 200, 136, true },
	{ "4: told, less than it should be", AF_INET, 11, 7 << 16, 200, 36, true },
	{ "4: told, nothing behind", AF_INET, 11, 32 << 16, 136, 0, true },
	{ "4: told, beyond the message", AF_INET, 3, 255 << 16, 100, 1028, true },
	{ "4: not told", AF_INET, 12, 0, 200, 136, false },
	{ "4: not told, no room", AF_INET, 11, 0, 143, 0, false },
	{ "4: not told, room for one", AF_INET, 11, 0, 144, 136, false },
	{ "4: a redirect tells something else", AF_INET, 5, 32 << 16, 200, 0, false },
	{ "4: so does a source quench", AF_INET, 4, 32 << 16, 200, 0, false },
	{ "6: told", AF_INET6, 3, 16 << 24, 200, 136, true },
	{ "6: told, unreachable", AF_INET6, 1, 6 << 24, 200, 56, true },
	{ "6: not told", AF_INET6, 3, 0, 200, 136, false },
	{ "6: too big tells the MTU", AF_INET6, 2, 16 << 24, 200, 0, false },
	{ "6: parameter problem a pointer", AF_INET6, 4, 16 << 24, 200, 0, false },
	{ "4: no message", AF_INET, 11, 32 << 16, 7, 0, false },
};

static void place_name(const struct place *place, char *desc)
{
	strscpy(desc, place->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(place, places, place_name);

static void extension_where_it_is(struct kunit *test)
{
	const struct place *place = test->param_value;
	struct packet *p = test->priv;
	bool told;

	put_icmp(p, place->type, 0, place->word);
	KUNIT_EXPECT_EQ(test, icmpctl_extension_offset(p->data, place->len, place->family, &told),
			place->offset);
	KUNIT_EXPECT_EQ(test, told, place->told);
}

static void extension_of_chance(struct kunit *test)
{
	struct packet *p = test->priv;
	struct rnd_state rnd;
	u32 i, len;

	prandom_seed_state(&rnd, 4884);
	for (i = 0; i < 20000; i++) {
		len = prandom_u32_state(&rnd) % 64;
		prandom_bytes_state(&rnd, p->data, len);
		/* Half of the time as near to a right one as chance comes. */
		if (i % 2 && len >= 8) {
			p->data[0] = 0x20;
			put_be16(p->data + 4, len - 4);
			p->data[6] = 1 + i / 2 % 2;
			seal(p->data, len);
		}
		KUNIT_ASSERT_LE(test, state_of(test, p->data, len, true),
				(u8)ICMPCTL_EXTENSION_TOO_LONG);
	}
}

static struct kunit_case extension_cases[] = {
	KUNIT_CASE_PARAM(extension_by_its_name, sample_gen_params),
	KUNIT_CASE(extension_cut_anywhere),
	KUNIT_CASE(extension_too_long),
	KUNIT_CASE_PARAM(extension_where_it_is, place_gen_params),
	KUNIT_CASE(extension_of_chance),
	{}
};

struct kunit_suite icmpctl_extension_suite = {
	.name = "icmpctl_extension",
	.init = packet_samples_init,
	.test_cases = extension_cases,
};
