// SPDX-License-Identifier: GPL-2.0
/* What the user is told on stderr. */
#include "lib/report.h"

#include <stdarg.h>
#include <stdio.h>

#include "lib/text.h"

static const char *command;

/**
 * report_command - name the command that all sentences to come are of
 * @name: "ping", or NULL for icmpctl itself
 */
void report_command(const char *name)
{
	command = name;
}

static const char *place;

/**
 * report_place - name the place that all sentences to come are about
 * @where: "FILE:LINE", or NULL for none
 */
void report_place(const char *where)
{
	place = where;
}

static bool muted;

/**
 * report_mute - say nothing for a while
 * @mute: until this is false again
 */
void report_mute(bool mute)
{
	muted = mute;
}

/**
 * report_name - the command that sentences are of
 *
 * Return: its name, "" for icmpctl itself.
 */
const char *report_name(void)
{
	return command ? command : "";
}

/**
 * report - say a sentence on stderr
 * @format: the sentence, without a full stop and without a newline; parts of
 *	it may come from anywhere, nothing harmful is printed
 */
void report(const char *format, ...)
{
	char raw[2048], safe[4 * sizeof(raw)];
	va_list args;

	if (muted)
		return;
	va_start(args, format);
	vsnprintf(raw, sizeof(raw), format, args);
	va_end(args);
	/* What was printed before must be seen before. */
	fflush(stdout);
	fprintf(stderr, "icmpctl%s%s: %s%s%s\n", command ? " " : "",
		command ? command : "", place ? place : "", place ? ": " : "", text_safe(safe, sizeof(safe), raw));
}
