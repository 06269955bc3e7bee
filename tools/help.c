// SPDX-License-Identifier: GPL-2.0
/* What --help and `icmpctl help` print of a command's descriptor. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "lib/report.h"

#define WIDTH 79

static const struct command_exit usual_exits[] = {
	{ STATUS_OK, "success" },
	{ STATUS_FAILED, "it could not be done, and stderr says why" },
	{ 0 }
};

/**
 * help_exits - the exit statuses of a command
 * @c: the command
 *
 * Return: the list.
 */
const struct command_exit *help_exits(const struct command *c)
{
	return c->exits ? c->exits : usual_exits;
}

/**
 * help_overview - print what commands there are
 * @file: where to
 */
void help_overview(FILE *file)
{
	fputs("usage: icmpctl COMMAND [options] ...\n\n", file);
	for (size_t i = 0; commands[i]; i++)
		fprintf(file, "  %-10s%s\n", commands[i]->name, commands[i]->summary);
	fputs("\n`icmpctl COMMAND --help` tells its options on a screen, `icmpctl help COMMAND`\n"
	      "all of it with examples, and so does `man icmpctl-COMMAND`.\n"
	      "`icmpctl --version` tells this command's release.\n", file);
}

static void usage(const struct command *c)
{
	printf("usage: icmpctl %s [options]%s%s\n", c->name, *c->operands ? " " : "",
	       c->operands);
}

/* Words, wrapped; an empty line stays one. */
static void paragraphs(const char *text, const char *indent)
{
	size_t column = 0;

	while (*text) {
		size_t len = strcspn(text, " \n");

		if (!strncmp(text, "\n\n", 2)) {
			fputs("\n\n", stdout);
			column = 0;
			text += 2;
			continue;
		}
		if (!len) {
			text++;
			continue;
		}
		if (column && column + 1 + len > WIDTH) {
			putchar('\n');
			column = 0;
		}
		column += printf("%s%.*s", column ? " " : indent, (int)len, text);
		text += len;
	}
	putchar('\n');
}

/**
 * help_short - print a command's help, a screen of it
 * @c: the command
 */
void help_short(const struct command *c)
{
	usage(c);
	options_help(stdout, c->options, false);
	if (c->note)
		printf("%s\n", c->note);
	printf("`icmpctl help %s` tells more.\n", c->name);
}

/**
 * help_long - print all that is to be told of a command
 * @c: the command
 */
void help_long(const struct command *c)
{
	const struct command_exit *e = help_exits(c);
	const struct command_example *x = c->examples;

	printf("icmpctl %s: %s\n\n", c->name, c->summary);
	usage(c);
	if (c->about) {
		putchar('\n');
		paragraphs(c->about, "");
	}
	printf("\noptions:\n");
	options_help(stdout, c->options, true);
	if (c->note)
		printf("%s\n", c->note);
	printf("\nexit status:\n");
	for (; e->when; e++)
		printf("  %d  %s\n", e->status, e->when);
	if (x)
		printf("\nexamples:\n");
	for (; x && x->line; x++) {
		printf("  %s\n", x->line);
		paragraphs(x->does, "      ");
	}
	printf("\nsee also: icmpctl(8), icmpctl-%s(8)", c->name);
	for (const char *s = c->see_also; s && *s;) {
		size_t len = strcspn(s, " ");

		printf(", %.*s", (int)len, s);
		s += len + strspn(s + len, " ");
	}
	putchar('\n');
}
