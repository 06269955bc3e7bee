/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One table says what a command's options are: to getopt, to --help, to the manual
 * page and to the shells.
 */
#ifndef ICMPCTL_OPTIONS_H
#define ICMPCTL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Where in the command's configuration an option is stored, and as what. */
enum opt_type {
	OPT_FLAG,	/* bool */
	OPT_NUMBER,	/* struct opt_value */
	OPT_DURATION,	/* struct opt_value, in ns */
	OPT_STRING,	/* const char * */
	OPT_CALL,	/* opt.call decides */
};

struct opt_value {
	uint64_t value;
	bool given;
};

/**
 * struct opt - one option of a command; a table ends with an empty one
 * @letter: its short name, 0 for none
 * @name: its long name
 * @arg: what its argument is called in --help; NULL for none
 * @help: its line in --help; NULL puts it on the line of the next option
 * @type: see there
 * @offset: its place in the configuration; OPT_CALL: what @call is given
 * @min: OPT_NUMBER, OPT_DURATION: the least value
 * @max: likewise the greatest
 * @right: how a wrong value is answered: what would be right
 * @call: OPT_CALL: takes the value, returns 0, or -1 if it is not right, or 1 if it is
 *	not and that was told; the value of an option without argument is NULL
 * @attr: the netlink attribute that carries it to the module, 0 for none
 * @choices: the values there are, blanks between; NULL if they are no words
 * @rare: --help only names it, so that the others are on a screen
 * @detail: further sentences for the manual page, NULL for none
 *
 * The manual page also tells what would be right. What an argument is called tells
 * the shells what to offer: FILE, IF.
 */
struct opt {
	char letter;
	const char *name;
	const char *arg;
	const char *help;
	enum opt_type type;
	size_t offset;
	uint64_t min, max;
	const char *right;
	int (*call)(void *place, const char *value);
	int attr;
	const char *choices;
	bool rare;
	const char *detail;
};

enum {
	OPTIONS_WRONG = -1,	/* and the user was told what */
	OPTIONS_HELP = -2,	/* --help */
};

int options_parse(const struct opt *table, void *config, int argc, char **argv);
int options_normal(FILE *file, const struct opt *table, int argc, char **argv);
const char *option_text(const struct opt *o);
void options_help(FILE *file, const struct opt *table, bool all);
const struct opt *options_of_attr(const struct opt *table, int attr);

#endif
