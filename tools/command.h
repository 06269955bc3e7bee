/* SPDX-License-Identifier: GPL-2.0 */
/* The commands: one descriptor each drives dispatch, usage and --help. */
#ifndef ICMPCTL_COMMAND_H
#define ICMPCTL_COMMAND_H

#include "lib/options.h"

/**
 * struct command - one command
 * @name: how it is called
 * @summary: one line that says what it does
 * @operands: what follows its options, "" for nothing
 * @options: its options
 * @note: last line of its --help, NULL for none
 * @run: does it; argv[0] is the command's name; returns the exit status
 */
struct command {
	const char *name;
	const char *summary;
	const char *operands;
	const struct opt *options;
	const char *note;
	int (*run)(const struct command *self, int argc, char **argv);
};

extern const struct command command_calibrate;
extern const struct command command_ping;
extern const struct command command_status;
extern const struct command command_trace;

int command_options(const struct command *c, void *config, int argc, char **argv,
		    int *first_operand);

#endif
