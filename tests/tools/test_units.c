// SPDX-License-Identifier: GPL-2.0
/* Times and numbers as they are read and written. */
#include <errno.h>
#include <inttypes.h>

#include "check.h"
#include "lib/units.h"

static const struct {
	const char *text;
	int err;
	uint64_t ns;
} durations[] = {
	{ "1", 0, 1000000000 },
	{ "0", 0, 0 },
	{ "0.2", 0, 200000000 },
	{ "0.001", 0, 1000000 },
	{ ".5", 0, 500000000 },
	{ "5.", 0, 5000000000 },
	{ "0.00001", 0, 10000 },
	{ "1e-05", 0, 10000 },
	{ "1.5e3ms", 0, 1500000000 },
	{ "2E+1", 0, 20000000000 },
	{ "1e-30", 0, 0 },
	{ "200ms", 0, 200000000 },
	{ "10us", 0, 10000 },
	{ "10\302\265s", 0, 10000 },
	{ "10\316\274s", 0, 10000 },
	{ "7ns", 0, 7 },
	{ "1.5us", 0, 1500 },
	{ "1m", 0, 60000000000 },
	{ "1.5min", 0, 90000000000 },
	{ "2h", 0, 7200000000000 },
	{ "1d", 0, 86400000000000 },
	{ "0.1m", 0, 6000000000 },
	/* 60e9 / 3, cut off below a nanosecond */
	{ "0.33333333333333333333m", 0, 19999999999 },
	{ "0.3333333333333333", 0, 333333333 },
	{ "0.0000000019", 0, 1 },
	{ "0.99999999999999999999999999999999999999", 0, 999999999 },
	{ "000000000000000000000000000000000000000000000000000000000000000000001", 0,
	  1000000000 },
	{ "18446744073.709551615", 0, UINT64_MAX },
	{ "18446744073.709551616", -ERANGE, 0 },
	{ "18446744074", -ERANGE, 0 },
	{ "1e30", -ERANGE, 0 },
	{ "1e99999999999", -ERANGE, 0 },
	{ "", -EINVAL, 0 },
	{ ".", -EINVAL, 0 },
	{ "s", -EINVAL, 0 },
	{ "-1", -EINVAL, 0 },
	{ "+1", -EINVAL, 0 },
	{ " 1", -EINVAL, 0 },
	{ "1 s", -EINVAL, 0 },
	{ "1x", -EINVAL, 0 },
	{ "1e", -EINVAL, 0 },
	{ "1..2", -EINVAL, 0 },
	{ "0x10", -EINVAL, 0 },
	{ "inf", -EINVAL, 0 },
	{ "nan", -EINVAL, 0 },
	{ "1,5", -EINVAL, 0 },
};

static const struct {
	const char *text;
	int err;
	uint64_t value;
} numbers[] = {
	{ "0", 0, 0 },
	{ "64", 0, 64 },
	{ "0x1F", 0, 31 },
	{ "18446744073709551615", 0, UINT64_MAX },
	{ "18446744073709551616", -ERANGE, 0 },
	{ "0xffffffffffffffff", 0, UINT64_MAX },
	{ "0x10000000000000000", -ERANGE, 0 },
	{ "", -EINVAL, 0 },
	{ "0x", -EINVAL, 0 },
	{ "-1", -EINVAL, 0 },
	{ "1.0", -EINVAL, 0 },
	{ "1k", -EINVAL, 0 },
};

static const struct {
	uint64_t ns;
	const char *ms, *span;
} times[] = {
	{ 0, "0.000000", "0 ns" },
	{ 1, "0.000001", "1 ns" },
	{ 10000, "0.010000", "10 us" },
	{ 16345, "0.016345", "16.345 us" },
	{ 1000000, "1.000000", "1 ms" },
	{ 13015316, "13.015316", "13.015316 ms" },
	{ 1500000000, "1500.000000", "1.5 s" },
	{ 10000000000, "10000.000000", "10 s" },
	{ UINT64_MAX, "18446744073709.551615", "18446744073.709551615 s" },
};

static const struct {
	const char *text;
	int err;
	uint64_t value;
} sizes[] = {
	{ "0", 0, 0 }, { "4096", 0, 4096 }, { "64k", 0, 65536 }, { "64K", 0, 65536 },
	{ "10M", 0, 10485760 }, { "1G", 0, 1073741824 }, { "2T", 0, 2199023255552 },
	{ "", -EINVAL, 0 }, { "k", -EINVAL, 0 }, { "1m", -EINVAL, 0 }, { "1.5M", -EINVAL, 0 },
	{ "-1", -EINVAL, 0 }, { "99999999999T", -ERANGE, 0 },
};

void test_units(void)
{
	char buf[UNITS_LEN];

	for (unsigned int i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
		uint64_t ns = 0;
		int err = units_duration(durations[i].text, &ns);

		check(err == durations[i].err && (err || ns == durations[i].ns),
		      "duration '%s' (%d, %" PRIu64 ")", durations[i].text, err, ns);
	}
	for (unsigned int i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		uint64_t value = 0;
		int err = units_number(numbers[i].text, &value);

		check(err == numbers[i].err && (err || value == numbers[i].value),
		      "number '%s' (%d, %" PRIu64 ")", numbers[i].text, err, value);
	}
	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint64_t value = 0;
		int err = units_bytes(sizes[i].text, &value);

		check(err == sizes[i].err && (err || value == sizes[i].value),
		      "bytes '%s' (%d, %" PRIu64 ")", sizes[i].text, err, value);
	}
	for (unsigned int i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		check_text(units_ms(buf, times[i].ns), times[i].ms,
			   "%" PRIu64 " ns in ms", times[i].ns);
		check_text(units_span(buf, times[i].ns), times[i].span,
			   "%" PRIu64 " ns in its unit", times[i].ns);
	}
	check_text(units_signed_ms(buf, -1234567), "-1.234567", "negative ms");
	check_text(units_signed_ms(buf, INT64_MIN), "-9223372036854.775808", "least ms");
}
