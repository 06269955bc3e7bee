/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commands: one descriptor each drives dispatch, --help, `icmpctl help`, the
 * manual page and the completions of the shells. What is told of a command is
 * told here and nowhere else.
 */
#ifndef ICMPCTL_COMMAND_H
#define ICMPCTL_COMMAND_H

#include <stdbool.h>

#include "lib/options.h"

/**
 * struct command_example - a command line worth knowing; a list ends with an empty one
 * @line: the command line
 * @does: what it does, a sentence without its full stop
 */
struct command_example {
	const char *line;
	const char *does;
};

/**
 * struct command_exit - an exit status; a list ends with one whose @when is NULL
 * @status: the status
 * @when: what it means, a sentence without its full stop
 */
struct command_exit {
	int status;
	const char *when;
};

/**
 * struct command - one command
 * @name: how it is called
 * @summary: one line that says what it does
 * @operands: what follows its options, "" for nothing; [X] may be left out, X...
 *	may be repeated; HOST and FILE are completed as such
 * @options: its options
 * @note: last line of its --help, NULL for none
 * @run: does it; argv[0] is the command's name; returns the exit status
 * @about: more of it: sentences, an empty line between paragraphs; NULL for none
 * @examples: NULL for none
 * @exits: NULL for the usual ones
 * @see_also: other manual pages of section 8, by the alphabet: "ethtool(8) tc(8)";
 *	NULL for none but icmpctl's own
 *
 * --help is 23 lines of 80 columns, a screen with the prompt below it: options that are
 * .rare are only named in it. `icmpctl help` and the manual page tell all.
 */
struct command {
	const char *name;
	const char *summary;
	const char *operands;
	const struct opt *options;
	const char *note;
	int (*run)(const struct command *self, int argc, char **argv);
	const char *about;
	const struct command_example *examples;
	const struct command_exit *exits;
	const char *see_also;
};

extern const struct command command_calibrate;
extern const struct command command_diagnose;
extern const struct command command_export;
extern const struct command command_monitor;
extern const struct command command_mtr;
extern const struct command command_ping;
extern const struct command command_pmtu;
extern const struct command command_report;
extern const struct command command_stats;
extern const struct command command_status;
extern const struct command command_sweep;
extern const struct command command_trace;

/* icmpctl.c: all of them, NULL behind the last */
extern const struct command *const commands[];

int command_options(const struct command *c, void *config, int argc, char **argv,
		    int *first_operand);
const struct command *command_find(const char *name);
bool command_reader_gone(void);

/* help.c */
void help_overview(FILE *file);
void help_short(const struct command *c);
void help_long(const struct command *c);
const struct command_exit *help_exits(const struct command *c);

/* generate.c */
int generate(int argc, char **argv);

#endif
