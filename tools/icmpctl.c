// SPDX-License-Identifier: GPL-2.0
/* icmpctl: which command is meant, and what they have in common. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "lib/report.h"
#include "lib/text.h"
#include "version.h"

const struct command *const commands[] = {
	&command_ping,
	&command_trace,
	&command_pmtu,
	&command_mtr,
	&command_diagnose,
	&command_sweep,
	&command_monitor,
	&command_export,
	&command_calibrate,
	&command_status,
	&command_stats,
	&command_report,
	NULL
};

/**
 * command_options - read the options of a command
 * @c: the command
 * @config: where its options are stored
 * @argc: number of arguments
 * @argv: the arguments, the command's name first
 * @first_operand: gets the place of what follows the options
 *
 * Return: -1 to go on, else the exit status: --help was asked for and given,
 * or an option was wrong and the user was told.
 */
int command_options(const struct command *c, void *config, int argc, char **argv,
		    int *first_operand)
{
	*first_operand = options_parse(c->options, config, argc, argv);
	if (*first_operand == OPTIONS_HELP) {
		help_short(c);
		return STATUS_OK;
	}
	return *first_operand == OPTIONS_WRONG ? STATUS_FAILED : -1;
}

/**
 * command_find - the command of a name
 * @name: the name
 *
 * Return: the command, NULL if there is none.
 */
const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (!strcmp(name, commands[i]->name))
			return commands[i];
	return NULL;
}

static int unknown(const char *name)
{
	for (size_t i = 0; commands[i]; i++) {
		if (text_similar(name, commands[i]->name)) {
			report("%s: no such command; did you mean %s?", name,
			       commands[i]->name);
			return STATUS_FAILED;
		}
	}
	report("%s: no such command; `icmpctl --help` lists them", name);
	return STATUS_FAILED;
}

static int help(int argc, char **argv)
{
	const struct command *c;

	if (argc < 2) {
		help_overview(stdout);
		return STATUS_OK;
	}
	c = command_find(argv[1]);
	if (!c)
		return unknown(argv[1]);
	help_long(c);
	return STATUS_OK;
}

static int dispatch(int argc, char **argv)
{
	const struct command *c;

	if (argc < 2) {
		help_overview(stderr);
		return STATUS_FAILED;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("icmpctl %s\n", ICMPCTL_VERSION);
		return STATUS_OK;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return help(argc - 1, argv + 1);
	/* For the build: it is in no help. */
	if (!strcmp(argv[1], "--generate"))
		return generate(argc - 1, argv + 1);
	if (argv[1][0] == '-') {
		report("%s: no such option; `icmpctl --help` tells the usage", argv[1]);
		return STATUS_FAILED;
	}
	c = command_find(argv[1]);
	if (!c)
		return unknown(argv[1]);
	report_command(c->name);
	return c->run(c, argc - 1, argv + 1);
}

/**
 * command_reader_gone - does nobody read what is printed any more
 *
 * Return: true if standard output is a pipe or a socket whose other end is closed.
 */
bool command_reader_gone(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	return poll(&out, 1, 0) > 0 && out.revents & (POLLERR | POLLHUP);
}

/*
 * A file opened later would get the number of a standard stream that was closed, and what
 * is printed would end in it. Opened the wrong way round: who prints, or reads, fails.
 */
static void hold_closed(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
			_exit(STATUS_FAILED);
}

int main(int argc, char **argv)
{
	int status;

	hold_closed();
	text_locale();
	/* Each line is seen when it is printed, in a pipe as well, and in one piece. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	setvbuf(stderr, NULL, _IOLBF, 0);
	status = dispatch(argc, argv);
	/* A full disk is told; that a reader has gone is known to who it was. */
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	if (!command_reader_gone())
		report("the output could not be written");
	return status > STATUS_FAILED ? status : STATUS_FAILED;
}
