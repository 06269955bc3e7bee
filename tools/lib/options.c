// SPDX-License-Identifier: GPL-2.0
/* One table says what a command's options are: reading it, and what --help prints of it. */
#include "lib/options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "lib/report.h"
#include "lib/text.h"
#include "lib/units.h"

#define OPTIONS_MAX 64
/* getopt's value of a long option is its place in the table, from here on. */
#define LONG_BASE 0x100
#define LONG_HELP (LONG_BASE + OPTIONS_MAX)

static size_t table_length(const struct opt *table)
{
	size_t n = 0;

	while (table[n].name)
		n++;
	return n;
}

/* The two tables that getopt_long() wants; true if they fit. */
static bool getopt_tables(const struct opt *table, char *letters,
			  struct option *names)
{
	size_t n = table_length(table);

	if (n > OPTIONS_MAX)
		return false;
	/* ':' in front: a missing argument is told apart from a wrong option. */
	*letters++ = ':';
	*letters++ = 'h';
	for (size_t i = 0; i < n; i++) {
		names[i] = (struct option){
			.name = table[i].name,
			.has_arg = table[i].arg ? required_argument : no_argument,
			.val = LONG_BASE + i,
		};
		if (!table[i].letter)
			continue;
		*letters++ = table[i].letter;
		if (table[i].arg)
			*letters++ = ':';
	}
	names[n] = (struct option){ .name = "help", .val = LONG_HELP };
	names[n + 1] = (struct option){ .name = NULL };
	*letters = '\0';
	return true;
}

static const struct opt *find(const struct opt *table, int val)
{
	if (val == LONG_HELP)
		return NULL;
	if (val >= LONG_BASE)
		return &table[val - LONG_BASE];
	for (; table->name; table++)
		if (val && table->letter == val)
			return table;
	return NULL;
}

/* The option as it was typed: "-i" or "--interval". */
static const char *spelling(char *buf, size_t size, const struct opt *o, int val)
{
	if (val >= LONG_BASE)
		snprintf(buf, size, "--%s", o->name);
	else
		snprintf(buf, size, "-%c", val);
	return buf;
}

static void say_unknown(const struct opt *table, const char *typed)
{
	const char *command = report_name();

	if (!strncmp(typed, "--", 2)) {
		char name[64];

		snprintf(name, sizeof(name), "%.*s",
			 (int)strcspn(typed + 2, "="), typed + 2);
		for (const struct opt *o = table; o->name; o++) {
			if (text_similar(name, o->name)) {
				report("--%s: no such option; did you mean --%s?",
				       name, o->name);
				return;
			}
		}
		report("--%s: no such option; `icmpctl %s --help` lists them",
		       name, command);
		return;
	}
	report("%.200s: no such option; `icmpctl %s --help` lists them", typed, command);
}

/* Of store(): it is not even a time. */
#define NO_TIME (-2)

static int store(const struct opt *o, void *config, const char *value)
{
	void *place = (char *)config + o->offset;
	struct opt_value v = { .given = true };
	int err;

	switch (o->type) {
	case OPT_FLAG:
		*(bool *)place = true;
		return 0;
	case OPT_STRING:
		*(const char **)place = value;
		return 0;
	case OPT_CALL:
		return o->call(place, value);
	case OPT_NUMBER:
	case OPT_DURATION:
		err = o->type == OPT_NUMBER ? units_number(value, &v.value) :
					      units_duration(value, &v.value);
		if (err == -EINVAL && o->type == OPT_DURATION &&
		    units_duration(value + (*value == '-'), &v.value) == -EINVAL)
			return NO_TIME;
		if (err || v.value < o->min || v.value > o->max)
			return -1;
		*(struct opt_value *)place = v;
		return 0;
	}
	return -1;
}

/**
 * options_parse - read a command's options
 * @table: what there is
 * @config: where to store them
 * @argc: number of arguments, the command's name among them
 * @argv: the arguments; they are sorted so that the operands come last
 *
 * A wrong option is answered on stderr.
 *
 * Return: the place of the first operand, or OPTIONS_WRONG, or OPTIONS_HELP.
 */
int options_parse(const struct opt *table, void *config, int argc, char **argv)
{
	struct option names[OPTIONS_MAX + 2];
	char letters[2 * OPTIONS_MAX + 3], typed[64];
	int val, err;

	if (!getopt_tables(table, letters, names))
		return OPTIONS_WRONG;
	opterr = 0;
	/* 0 and not 1: glibc then starts anew, whatever was parsed before. */
	optind = 0;
	for (;;) {
		const struct opt *o;

		val = getopt_long(argc, argv, letters, names, NULL);
		switch (val) {
		case -1:
			return optind;
		case 'h':
		case LONG_HELP:
			return OPTIONS_HELP;
		case '?':
			o = optopt ? find(table, optopt) : NULL;
			if (optopt >= LONG_BASE) {
				report("--%s takes no value", o ? o->name : "help");
			} else if (optopt) {
				snprintf(typed, sizeof(typed), "-%c", optopt);
				say_unknown(table, typed);
			} else {
				say_unknown(table, argv[optind - 1]);
			}
			return OPTIONS_WRONG;
		case ':':
			o = find(table, optopt);
			report("%s: %s is missing behind it",
			       spelling(typed, sizeof(typed), o, optopt), o->arg);
			return OPTIONS_WRONG;
		}
		o = find(table, val);
		err = store(o, config, optarg);
		if (err < 0)
			report("%s%s%.200s: %s%s", spelling(typed, sizeof(typed), o, val),
			       optarg ? " " : "", optarg ? optarg : "",
			       err == NO_TIME ? "this is no time; " : "", o->right);
		if (err)
			return OPTIONS_WRONG;
	}
}

/* An option by its first name, and its value: times and numbers by what they are. */
static void write_normal(FILE *file, const struct opt *o, const char *value)
{
	const char *text = value ? value : "";
	uint64_t n;
	int err = o->type == OPT_NUMBER ? units_number(text, &n) :
		  o->type == OPT_DURATION ? units_duration(text, &n) : -1;

	fprintf(file, "%s%c", o->name, '\0');
	if (err)
		fprintf(file, "%s%c", text, '\0');
	else
		fprintf(file, "%" PRIu64 "%c", n, '\0');
}

/**
 * options_normal - write options so that those that ask for the same are the same bytes
 * @file: where to
 * @table: what there is
 * @argc: number of arguments, the command's name among them
 * @argv: the arguments; they are sorted
 *
 * In the order of the table, that of those given twice as it is: there the last one holds.
 *
 * Return: 0, or -1 if there is anything that is no option of the table; that is not told.
 */
int options_normal(FILE *file, const struct opt *table, int argc, char **argv)
{
	struct option names[OPTIONS_MAX + 2];
	char letters[2 * OPTIONS_MAX + 3];

	if (!getopt_tables(table, letters, names))
		return -1;
	opterr = 0;
	for (const struct opt *o = table; o->name; o++) {
		int val;

		optind = 0;
		while ((val = getopt_long(argc, argv, letters, names, NULL)) != -1) {
			const struct opt *is = find(table, val);

			if (!is)
				return -1;
			if (is == o)
				write_normal(file, o, optarg);
		}
		if (optind < argc)
			return -1;
	}
	return 0;
}

#define HELP_COLUMN 27
#define HELP_WIDTH 79

/* Under the help: what an option is called of which no more is said here. */
static void name_rare(FILE *file, const struct opt *table)
{
	size_t column = 0;

	for (; table->name; table++) {
		char text[64];
		int len;

		if (!table->rare)
			continue;
		if (table->letter)
			len = snprintf(text, sizeof(text), "-%c --%s", table->letter, table->name);
		else
			len = snprintf(text, sizeof(text), "--%s", table->name);
		if (!column)
			column = fprintf(file, "also:");
		else if (column + 2 + len > HELP_WIDTH)
			column = fprintf(file, ",\n     ") - 2;
		else
			column += fprintf(file, ",");
		column += fprintf(file, " %s", text);
	}
	if (column)
		fputc('\n', file);
}

/**
 * options_help - print what options there are, a line each
 * @file: where to
 * @table: the options
 * @all: tell everything, else what is rare is only named
 */
void options_help(FILE *file, const struct opt *table, bool all)
{
	char left[128];
	size_t len = 0;

	for (const struct opt *o = table; o->name; o++) {
		if (o->rare && !all)
			continue;
		len += snprintf(left + len, sizeof(left) - len, "%s", len ? ", " : "");
		if (o->letter)
			len += snprintf(left + len, sizeof(left) - len, "-%c ", o->letter);
		else if (!len)
			len += snprintf(left + len, sizeof(left) - len, "   ");
		len += snprintf(left + len, sizeof(left) - len, "--%s%s%s", o->name,
				o->arg ? " " : "", o->arg ? o->arg : "");
		if (!o->help)
			continue;
		fprintf(file, "  %-*s%s\n", HELP_COLUMN - 2, left, o->help);
		len = 0;
	}
	if (!all)
		name_rare(file, table);
}

/**
 * option_text - what an option does
 * @o: the option, of a table
 *
 * Return: its help, or that of the line that it shares.
 */
const char *option_text(const struct opt *o)
{
	while (!o->help && o[1].name)
		o++;
	return o->help ? o->help : "";
}

/**
 * options_of_attr - the option behind a netlink attribute
 * @table: the options
 * @attr: the attribute
 *
 * Return: the option, NULL if there is none.
 */
const struct opt *options_of_attr(const struct opt *table, int attr)
{
	for (; table->name; table++)
		if (attr && table->attr == attr)
			return table;
	return NULL;
}
