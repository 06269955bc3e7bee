// SPDX-License-Identifier: GPL-2.0
/*
 * `icmpctl --generate man|bash|zsh|fish`: what the build makes of the descriptors,
 * so that neither manual nor completion can say anything but what --help does.
 * The manual pages are here, the shells in generate_shell.c.
 */
#include "generate.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/report.h"
#include "version.h"

#define WIDTH 78

/* Words of running text, as mdoc wants them: a sentence begins a line, none is long. */
static void prose(const char *text)
{
	size_t column = 0;
	bool sentence = false;

	while (*text) {
		size_t len = strcspn(text, " \n");

		if (!strncmp(text, "\n\n", 2)) {
			printf("\n.Pp");
			column = WIDTH;
			text += 2;
			continue;
		}
		if (!len) {
			text++;
			continue;
		}
		if (column && (sentence || column + 1 + len > WIDTH)) {
			putchar('\n');
			column = 0;
		}
		if (column)
			column += printf(" ");
		/* What would be a macro, and what roff would make something else of. */
		if (!column && (*text == '.' || *text == '\''))
			fputs("\\&", stdout);
		for (size_t i = 0; i < len; i++) {
			if (text[i] == '\\')
				fputs("\\e", stdout);
			else if (text[i] == '-' && (!i || text[i - 1] == '-' ||
						    !isalpha((unsigned char)text[i - 1])))
				fputs("\\-", stdout);
			else
				putchar(text[i]);
			column++;
		}
		sentence = strchr(".?!", text[len - 1]) && len > 1;
		text += len;
	}
	if (column)
		putchar('\n');
}

/* A sentence without its beginning's capital and without its full stop. */
static void sentence(const char *text)
{
	char buf[512];

	snprintf(buf, sizeof(buf), "%s.", text);
	/* A name or an option is written as it is. */
	if (islower((unsigned char)buf[1]) || buf[1] == ' ')
		buf[0] = toupper((unsigned char)buf[0]);
	prose(buf);
}

/* An option's argument or an operand: a name, or names with a bar between. */
static void argument(const char *text, size_t len)
{
	printf("Ar ");
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '|')
			printf(" | Ar ");
		else
			putchar(text[i]);
	}
}

static void option(const struct opt *o)
{
	printf(".It ");
	if (o->letter) {
		printf("Fl %c", o->letter);
		if (o->arg) {
			putchar(' ');
			argument(o->arg, strlen(o->arg));
		}
		printf(" , ");
	}
	printf("Fl Fl %s", o->name);
	if (o->arg) {
		putchar(' ');
		argument(o->arg, strlen(o->arg));
	}
	putchar('\n');
	sentence(option_text(o));
	/* How a wrong value is answered is the rule for right ones. */
	if (o->right && strstr(o->right, "must be"))
		sentence(o->right);
	if (o->detail)
		prose(o->detail);
}

static void operands(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, " "), name = len;
		bool may = *text == '[', more = false;
		const char *p = text;

		if (may) {
			p++;
			name--;
		}
		if (name && p[name - 1] == ']')
			name--;
		if (name > 3 && !strncmp(p + name - 3, "...", 3)) {
			more = true;
			name -= 3;
		}
		printf(".%s", may ? "Op " : "");
		argument(p, name);
		printf("%s\n", more ? " ..." : "");
		text += len + strspn(text + len, " ");
	}
}

static int include(const char *path)
{
	FILE *f = path ? fopen(path, "re") : NULL;
	int c;

	if (!path)
		return 0;
	if (!f) {
		report("%s: it cannot be read", path);
		return -1;
	}
	while ((c = getc(f)) != EOF)
		putchar(c);
	fclose(f);
	return 0;
}

static void heading(const char *page, const char *summary)
{
	printf(".\\\" Made by `icmpctl --generate man'.\n.Dd %s\n.Dt ", ICMPCTL_DATE);
	for (const char *p = page; *p; p++)
		putchar(toupper((unsigned char)*p));
	printf(" 8\n.Os\n.Sh NAME\n.Nm %s\n.Nd %s\n.Sh SYNOPSIS\n", page, summary);
}

static void exits(const struct command_exit *e)
{
	printf(".Sh EXIT STATUS\n.Bl -tag -width Ds -compact\n");
	for (; e->when; e++) {
		printf(".It %d\n", e->status);
		sentence(e->when);
	}
	printf(".El\n");
}

/* Ours goes where the alphabet has it. */
static void see_also(const char *own, const char *more)
{
	bool done = false;

	printf(".Sh SEE ALSO\n.Xr icmpctl-json 5 ,\n.Xr icmpctl 7");
	for (const char *s = more; s && *s;) {
		size_t len = strcspn(s, " ("), all = strcspn(s, " ");

		if (!done && strncmp(s, own, len) > 0) {
			printf(" ,\n.Xr %s 8", own);
			done = true;
		}
		printf(" ,\n.Xr %.*s %.*s", (int)len, s, (int)(all - len - 2), s + len + 1);
		s += all + strspn(s + all, " ");
	}
	if (!done)
		printf(" ,\n.Xr %s 8", own);
	putchar('\n');
}

static int man_command(const struct command *c, const char *path)
{
	char page[64];

	snprintf(page, sizeof(page), "icmpctl-%s", c->name);
	heading(page, c->summary);
	printf(".Nm icmpctl\n.Cm %s\n.Op Ar options\n", c->name);
	operands(c->operands);
	printf(".Sh DESCRIPTION\n");
	if (c->about)
		prose(c->about);
	else
		sentence(c->summary);
	printf(".Pp\nThe options are:\n.Bl -tag -width Ds\n");
	for (const struct opt *o = c->options; o->name; o++)
		option(o);
	printf(".It Fl h , Fl Fl help\nTell the options on a screen.\n.El\n");
	if (c->note) {
		printf(".Pp\n");
		prose(c->note);
	}
	if (include(path))
		return -1;
	exits(help_exits(c));
	if (c->examples)
		printf(".Sh EXAMPLES\n");
	for (const struct command_example *x = c->examples; x && x->line; x++) {
		if (x != c->examples)
			printf(".Pp\n");
		sentence(x->does);
		printf(".Dl # %s\n", x->line);
	}
	see_also("icmpctl", c->see_also);
	return 0;
}

static const struct command *command_behind(const struct command *last)
{
	const struct command *next = NULL;

	for (size_t i = 0; commands[i]; i++)
		if ((!last || strcmp(commands[i]->name, last->name) > 0) &&
		    (!next || strcmp(commands[i]->name, next->name) < 0))
			next = commands[i];
	return next;
}

static int man_overview(const char *path)
{
	heading("icmpctl", "round-trip times measured in the kernel");
	printf(".Nm\n.Ar command\n.Op Ar options\n.Op Ar operand ...\n.Nm\n.Cm help\n"
	       ".Op Ar command\n.Nm\n.Fl Fl version\n");
	printf(".Sh COMMANDS\n.Bl -tag -width calibrate\n");
	for (size_t i = 0; commands[i]; i++) {
		printf(".It Cm %s\n", commands[i]->name);
		sentence(commands[i]->summary);
		printf("See\n.Xr icmpctl-%s 8 .\n", commands[i]->name);
	}
	printf(".It Cm help Op Ar command\nTell what commands there are, or all of one.\n.El\n");
	if (include(path))
		return -1;
	printf(".Sh SEE ALSO\n.Xr icmpctl-json 5 ,\n.Xr icmpctl 7");
	/* In the order of the alphabet, as manuals have it. */
	for (const struct command *last = NULL, *next; (next = command_behind(last)); last = next)
		printf(" ,\n.Xr icmpctl-%s 8", next->name);
	putchar('\n');
	return 0;
}

static int man(int argc, char **argv)
{
	const struct command *c;

	if (argc < 2 || !strcmp(argv[1], "icmpctl"))
		return man_overview(argc > 2 ? argv[2] : NULL);
	c = command_find(argv[1]);
	if (!c) {
		report("%s: no such command", argv[1]);
		return -1;
	}
	return man_command(c, argc > 2 ? argv[2] : NULL);
}

/**
 * generate - print what is made of the descriptors
 * @argc: number of arguments
 * @argv: "--generate", then "commands", or "man" [PAGE [FILE]] with prose from
 *	FILE, or the name of a shell
 *
 * Return: the exit status.
 */
int generate(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "man"))
		return man(argc - 1, argv + 1) ? STATUS_FAILED : STATUS_OK;
	if (!strcmp(what, "commands"))
		for (size_t i = 0; commands[i]; i++)
			printf("%s\n", commands[i]->name);
	else if (!strcmp(what, "bash"))
		generate_bash();
	else if (!strcmp(what, "zsh"))
		generate_zsh();
	else if (!strcmp(what, "fish"))
		generate_fish();
	else
		goto wrong;
	return STATUS_OK;
wrong:
	report("--generate: commands, man, bash, zsh or fish");
	return STATUS_FAILED;
}
