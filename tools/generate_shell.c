// SPDX-License-Identifier: GPL-2.0
/*
 * The completions of bash, zsh and fish. Each is a fixed part and a table of what
 * the descriptors say: commands, options, what an option's argument can be.
 */
#include <stdio.h>
#include <string.h>

#include "generate.h"

enum offer {
	OFFER_NOTHING,	/* the option has no argument */
	OFFER_ANY,	/* one that only the user knows */
	OFFER_CHOICES,
	OFFER_FILE,
	OFFER_INTERFACE,
};

static enum offer offer(const struct opt *o)
{
	if (!o->arg)
		return OFFER_NOTHING;
	if (o->choices)
		return OFFER_CHOICES;
	if (!strncmp(o->arg, "FILE", 4))
		return OFFER_FILE;
	if (!strncmp(o->arg, "IF", 2))
		return OFFER_INTERFACE;
	return OFFER_ANY;
}

/* -c|--count, as bash's case wants it. */
static void bash_pattern(const struct opt *o)
{
	if (o->letter)
		printf("-%c|", o->letter);
	printf("--%s", o->name);
}

static void bash_command(const struct command *c)
{
	printf("\t%s)\n\t\tcase $option in\n", c->name);
	for (const struct opt *o = c->options; o->name; o++) {
		static const char *const words[] = {
			[OFFER_ANY] = "return",
			[OFFER_FILE] = "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return",
			[OFFER_INTERFACE] = "words=$(cd /sys/class/net && echo *)",
		};
		enum offer what = offer(o);

		if (what == OFFER_NOTHING)
			continue;
		printf("\t\t");
		bash_pattern(o);
		if (what == OFFER_CHOICES)
			printf(") words='%s' ;;\n", o->choices);
		else
			printf(") %s ;;\n", words[what]);
	}
	printf("\t\t*) words='--help");
	for (const struct opt *o = c->options; o->name; o++) {
		if (o->letter)
			printf(" -%c", o->letter);
		printf(" --%s", o->name);
	}
	printf("'\n");
	if (strstr(c->operands, "HOST"))
		printf("\t\t\t[[ $cur == -* ]] || words=$(compgen -A hostname) ;;\n");
	else if (strstr(c->operands, "FILE"))
		printf("\t\t\t[[ $cur == -* ]] || { compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return; } ;;\n");
	else
		printf("\t\t\t;;\n");
	printf("\t\tesac ;;\n");
}

/**
 * generate_bash - print the completion for bash
 */
void generate_bash(void)
{
	printf("# bash completion of icmpctl; made by `icmpctl --generate bash`\n\n"
	       "_icmpctl()\n{\n"
	       "\tlocal cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]} words=\n\n"
	       "\tCOMPREPLY=()\n"
	       "\t# --name=value is three words to readline\n"
	       "\tif [[ $cur == = ]]; then\n\t\tcur=\n"
	       "\telif [[ $option == = ]]; then\n\t\toption=${COMP_WORDS[COMP_CWORD-2]}\n\tfi\n"
	       "\tcase $((COMP_CWORD > 1)):${COMP_WORDS[1]} in\n"
	       "\t0:*) words='");
	for (size_t i = 0; commands[i]; i++)
		printf("%s ", commands[i]->name);
	printf("help --help --version' ;;\n\t1:help) words='");
	for (size_t i = 0; commands[i]; i++)
		printf("%s%s", i ? " " : "", commands[i]->name);
	printf("' ;;\n\tesac\n\t((COMP_CWORD > 1)) && case ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; commands[i]; i++)
		bash_command(commands[i]);
	printf("\tesac\n\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n}\n"
	       "complete -F _icmpctl icmpctl\n");
}

/* Text between single quotes; @special is what the shell's own format wants escaped. */
static void quoted(const char *text, const char *special)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", stdout);
		else if (strchr(special, *text))
			printf("\\%c", *text);
		else
			putchar(*text);
	}
}

#define ZSH_SPECIAL "[]:\\"

static void zsh_option(const struct opt *o)
{
	printf("\t\t\t");
	if (o->letter)
		printf("'(-%c --%s)'{-%c,--%s}", o->letter, o->name, o->letter, o->name);
	else
		printf("--%s", o->name);
	printf("'[");
	quoted(option_text(o), ZSH_SPECIAL);
	putchar(']');
	if (o->arg) {
		putchar(':');
		quoted(o->arg, ZSH_SPECIAL);
		switch (offer(o)) {
		case OFFER_CHOICES:
			printf(":(%s)", o->choices);
			break;
		case OFFER_FILE:
			printf(":_files");
			break;
		case OFFER_INTERFACE:
			printf(":_net_interfaces");
			break;
		default:
			printf(":");
		}
	}
	printf("' \\\n");
}

/**
 * generate_zsh - print the completion for zsh
 */
void generate_zsh(void)
{
	printf("#compdef icmpctl\n# Made by `icmpctl --generate zsh`.\n\n"
	       "_icmpctl() {\n\tlocal -a commands=(\n");
	for (size_t i = 0; commands[i]; i++) {
		printf("\t\t'%s:", commands[i]->name);
		quoted(commands[i]->summary, ZSH_SPECIAL);
		printf("'\n");
	}
	printf("\t\t'help:tell all of a command'\n\t)\n"
	       "\tif (( CURRENT == 2 )); then\n"
	       "\t\t_describe -t commands command commands\n\t\treturn\n\tfi\n"
	       "\tlocal command=$words[2]\n\tshift words\n\t(( CURRENT-- ))\n\tcase $command in\n"
	       "\thelp) _describe -t commands command commands ;;\n");
	for (size_t i = 0; commands[i]; i++) {
		const struct command *c = commands[i];

		printf("\t%s)\n\t\t_arguments -s -S \\\n", c->name);
		for (const struct opt *o = c->options; o->name; o++)
			zsh_option(o);
		printf("\t\t\t'(-h --help)'{-h,--help}'[tell the options]'");
		if (strstr(c->operands, "HOST"))
			printf(" \\\n\t\t\t'*:host:_hosts'");
		else if (strstr(c->operands, "FILE"))
			printf(" \\\n\t\t\t'*:file:_files'");
		printf(" ;;\n");
	}
	printf("\tesac\n}\n\n_icmpctl \"$@\"\n");
}

static void fish_option(const struct command *c, const struct opt *o)
{
	printf("complete -c icmpctl -n '__fish_seen_subcommand_from %s' -l %s", c->name, o->name);
	if (o->letter)
		printf(" -s %c", o->letter);
	switch (offer(o)) {
	case OFFER_NOTHING:
		break;
	case OFFER_CHOICES:
		printf(" -x -a '%s'", o->choices);
		break;
	case OFFER_FILE:
		printf(" -r -F");
		break;
	case OFFER_INTERFACE:
		printf(" -x -a '(__fish_print_interfaces)'");
		break;
	case OFFER_ANY:
		printf(" -x");
		break;
	}
	printf(" -d '");
	quoted(option_text(o), "\\");
	printf("'\n");
}

/**
 * generate_fish - print the completion for fish
 */
void generate_fish(void)
{
	printf("# Completion of icmpctl; made by `icmpctl --generate fish`.\n"
	       "complete -c icmpctl -f\n"
	       "complete -c icmpctl -n __fish_use_subcommand -l version -d 'tell the release'\n"
	       "complete -c icmpctl -n __fish_use_subcommand -a help -d 'tell all of a command'\n");
	for (size_t i = 0; commands[i]; i++) {
		const struct command *c = commands[i];

		printf("complete -c icmpctl -n __fish_use_subcommand -a %s -d '", c->name);
		quoted(c->summary, "\\");
		printf("'\ncomplete -c icmpctl -n '__fish_seen_subcommand_from help' -a %s\n",
		       c->name);
		for (const struct opt *o = c->options; o->name; o++)
			fish_option(c, o);
		if (strstr(c->operands, "HOST"))
			printf("complete -c icmpctl -n '__fish_seen_subcommand_from %s' -a '(__fish_print_hostnames)'\n",
			       c->name);
		else if (strstr(c->operands, "FILE"))
			printf("complete -c icmpctl -n '__fish_seen_subcommand_from %s' -F\n",
			       c->name);
	}
}
