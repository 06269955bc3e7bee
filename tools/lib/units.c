// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers and times as people write and read them. All of it is integer
 * arithmetic: 0.001 is 1000000 ns and not what a double makes of it.
 */
#include "lib/units.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/**
 * units_number - read a whole number, decimal or hexadecimal with 0x
 * @text: all of it must be the number
 * @value: the result
 *
 * Return: 0, -EINVAL if it is no number, -ERANGE if it has more than 64 bits.
 */
int units_number(const char *text, uint64_t *value)
{
	unsigned int base = 10;
	uint64_t sum = 0;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	}
	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		unsigned int digit;

		if (isdigit((unsigned char)*text))
			digit = *text - '0';
		else if (base == 16 && isxdigit((unsigned char)*text))
			digit = tolower((unsigned char)*text) - 'a' + 10;
		else
			return -EINVAL;
		if (__builtin_mul_overflow(sum, base, &sum) ||
		    __builtin_add_overflow(sum, digit, &sum))
			return -ERANGE;
	}
	*value = sum;
	return 0;
}

/**
 * units_bytes - read a size: 4096, 64k, 10M, 1G; k is 1024
 * @text: all of it must be the size
 * @value: the result
 *
 * Return: 0, -EINVAL if it is no size, -ERANGE if it has more than 64 bits.
 */
int units_bytes(const char *text, uint64_t *value)
{
	static const char suffixes[] = "kMGT";
	size_t len = strlen(text);
	char number[32];
	const char *suffix;
	int err;

	if (!len || len >= sizeof(number))
		return -EINVAL;
	strcpy(number, text);
	suffix = strchr(suffixes, number[len - 1] == 'K' ? 'k' : number[len - 1]);
	if (suffix)
		number[len - 1] = '\0';
	err = units_number(number, value);
	if (err || !suffix)
		return err;
	if (__builtin_mul_overflow(*value, 1ULL << 10 * (suffix - suffixes + 1), value))
		return -ERANGE;
	return 0;
}

static const struct {
	const char *name;
	uint64_t ns;
} time_units[] = {
	{ "", NSEC_PER_SEC },
	{ "ns", 1 },
	{ "us", NSEC_PER_USEC },
	{ "\302\265s", NSEC_PER_USEC },		/* micro sign */
	{ "\316\274s", NSEC_PER_USEC },		/* Greek mu */
	{ "ms", NSEC_PER_MSEC },
	{ "s", NSEC_PER_SEC },
	{ "m", 60 * NSEC_PER_SEC },
	{ "min", 60 * NSEC_PER_SEC },
	{ "h", 3600 * NSEC_PER_SEC },
	{ "d", 86400 * NSEC_PER_SEC },
};

static uint64_t time_unit(const char *name)
{
	for (size_t i = 0; i < sizeof(time_units) / sizeof(time_units[0]); i++)
		if (!strcmp(name, time_units[i].name))
			return time_units[i].ns;
	return 0;
}

/* A decimal number taken apart: digit[0..n), the point before digit[point]. */
struct decimal {
	unsigned char digit[64];
	int n;
	int point;
};

/*
 * Reads [digits][.digits][e[+-]digits]. Programs that compute an interval hand
 * over things like 1e-05, so the exponent is understood as well. Returns what
 * follows the number, NULL if there is none.
 */
static const char *decimal_parse(const char *text, struct decimal *d)
{
	bool dot = false, any = false;

	d->n = d->point = 0;
	for (;; text++) {
		if (*text == '.' && !dot) {
			dot = true;
			continue;
		}
		if (!isdigit((unsigned char)*text))
			break;
		any = true;
		/* Leading zeros carry nothing and would fill the array. */
		if (d->n == 0 && *text == '0') {
			d->point -= dot;
			continue;
		}
		if (d->n < (int)sizeof(d->digit))
			d->digit[d->n++] = *text - '0';
		else if (!dot)
			return NULL;
		d->point += !dot;
	}
	if (!any)
		return NULL;
	if (*text == 'e' || *text == 'E') {
		const char *p = text + 1;
		int sign = 1, exponent = 0;

		if (*p == '+' || *p == '-')
			sign = *p++ == '-' ? -1 : 1;
		if (!isdigit((unsigned char)*p))
			return text;
		for (; isdigit((unsigned char)*p); p++)
			if (exponent < 1000)
				exponent = exponent * 10 + (*p - '0');
		d->point += sign * exponent;
		text = p;
	}
	return text;
}

static unsigned int decimal_digit(const struct decimal *d, int i)
{
	return i >= 0 && i < d->n ? d->digit[i] : 0;
}

/**
 * units_duration - read a time: 0.2, 200ms, 10us, 1s, 1m
 * @text: all of it must be the time; a bare number is seconds
 * @ns: the result; what is finer than a nanosecond is cut off
 *
 * Return: 0, -EINVAL if it is no time, -ERANGE if it has more than 64 bits.
 */
int units_duration(const char *text, uint64_t *ns)
{
	uint64_t unit, whole = 0, fraction = 0;
	struct decimal d;

	text = decimal_parse(text, &d);
	if (!text)
		return -EINVAL;
	unit = time_unit(text);
	if (!unit)
		return -EINVAL;
	for (int i = 0; d.n && i < d.point; i++)
		if (__builtin_mul_overflow(whole, 10, &whole) ||
		    __builtin_add_overflow(whole, decimal_digit(&d, i), &whole))
			return -ERANGE;
	if (__builtin_mul_overflow(whole, unit, &whole))
		return -ERANGE;
	/*
	 * From the last digit to the point: cutting off after each division by
	 * ten gives the same as cutting off the exact sum once.
	 */
	for (int i = d.n - 1; d.n && i >= d.point; i--)
		fraction = (fraction + decimal_digit(&d, i) * unit) / 10;
	if (__builtin_add_overflow(whole, fraction, ns))
		return -ERANGE;
	return 0;
}

/**
 * units_ms - milliseconds with all six decimals a nanosecond needs
 * @buf: where to write
 * @ns: the time
 *
 * Return: @buf.
 */
const char *units_ms(char buf[UNITS_LEN], uint64_t ns)
{
	char reversed[UNITS_LEN];
	size_t n = 0, len = 0;

	/* Not by printf(): sweeps print millions of them. */
	do {
		reversed[n++] = '0' + ns % 10;
		ns /= 10;
		if (n == 6)
			reversed[n++] = '.';
	} while (ns || n < 8);
	while (n)
		buf[len++] = reversed[--n];
	buf[len] = '\0';
	return buf;
}

/**
 * units_signed_ms - as units_ms(), for a difference that may be negative
 * @buf: where to write
 * @ns: the difference
 *
 * Return: @buf.
 */
const char *units_signed_ms(char buf[UNITS_LEN], int64_t ns)
{
	if (ns >= 0)
		return units_ms(buf, ns);
	buf[0] = '-';
	snprintf(buf + 1, UNITS_LEN - 1, "%" PRIu64 ".%06" PRIu64,
		 -(uint64_t)ns / NSEC_PER_MSEC, -(uint64_t)ns % NSEC_PER_MSEC);
	return buf;
}

/**
 * units_span - a time in the unit that reads best: "10 us", "1.5 s"
 * @buf: where to write
 * @ns: the time; nothing is rounded
 *
 * Return: @buf.
 */
const char *units_span(char buf[UNITS_LEN], uint64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *name;
	} scale[] = {
		{ NSEC_PER_SEC, "s" },
		{ NSEC_PER_MSEC, "ms" },
		{ NSEC_PER_USEC, "us" },
		{ 1, "ns" },
	};
	int i = 0, len, decimals = 0;

	while (scale[i].ns > 1 && ns < scale[i].ns)
		i++;
	for (uint64_t n = scale[i].ns; n > 1; n /= 10)
		decimals++;
	len = snprintf(buf, UNITS_LEN, "%" PRIu64, ns / scale[i].ns);
	if (ns % scale[i].ns) {
		len += snprintf(buf + len, UNITS_LEN - len, ".%0*" PRIu64,
				decimals, ns % scale[i].ns);
		while (buf[len - 1] == '0')
			len--;
	}
	snprintf(buf + len, UNITS_LEN - len, " %s", scale[i].name);
	return buf;
}
