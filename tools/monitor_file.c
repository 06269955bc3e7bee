// SPDX-License-Identifier: GPL-2.0
/*
 * Files of monitors: a line is a name, hosts and options, as they stand behind
 * `icmpctl monitor add`. What is wrong is told with its line, and all of it.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/grow.h"
#include "lib/report.h"
#include "monitor_apply.h"

/* Copies one word, without its quotes; what is behind it, or NULL and @wrong. */
static const char *one_word(char *word, const char *text, const char **wrong)
{
	char quote = '\0';

	for (; *text && (quote || !isspace((unsigned char)*text)); text++) {
		if (quote && *text == quote)
			quote = '\0';
		else if (!quote && (*text == '"' || *text == '\''))
			quote = *text;
		else if (*text != '\\' || quote == '\'')
			*word++ = *text;
		else if (text[1])
			*word++ = *++text;
		else
			goto goes_on;
	}
	*word = '\0';
	*wrong = "a quote is not closed";
	return quote ? NULL : text;

	/* A shell would go on with the next line. */
goes_on:
	*wrong = "a line ends with a backslash: a monitor is one line";
	return NULL;
}

/**
 * words_split - the words of a line, as a shell has them
 * @text: the line; # at the begin of a word begins a comment
 * @first: stands before them, NULL for nothing
 * @wrong: gets what is wrong with it
 *
 * Return: the words, NULL behind the last, each and all to be freed; NULL if it is wrong.
 */
char **words_split(const char *text, const char *first, const char **wrong)
{
	size_t most = strlen(text) / 2 + 3, n = 0;
	char **words = calloc(most, sizeof(*words));

	*wrong = "not enough memory";
	if (words && first)
		words[n++] = strdup(first);
	while (words) {
		*wrong = "not enough memory";
		while (isspace((unsigned char)*text))
			text++;
		if (!*text || *text == '#')
			return words;
		words[n] = malloc(strlen(text) + 1);
		if (!words[n])
			break;
		text = one_word(words[n++], text, wrong);
		if (!text)
			break;
	}
	while (n)
		free(words[--n]);
	free(words);
	return NULL;
}

/**
 * wishes_more - room for one more
 * @all: the list
 *
 * Return: it, empty; NULL without memory.
 */
struct wish *wishes_more(struct wishes *all)
{
	struct wish *more;

	more = grow(all->list, all->n, sizeof(*more));
	if (!more)
		return NULL;
	all->list = more;
	return &more[all->n++];
}

/* Takes the end off a line, as Unix or Windows has it; how long it is then. */
static size_t without_end(char *line, size_t len)
{
	if (len && line[len - 1] == '\n')
		len--;
	if (line[len] && len && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	return len;
}

/* One line; 0, or -1 or WISH_WRONG, and that was told. */
static int one_line(struct wishes *all, const char *path, unsigned int number, const char *line,
		    size_t len)
{
	const char *wrong;
	char place[4096];
	struct wish *w;
	char **words;

	snprintf(place, sizeof(place), "%s:%u", path, number);
	report_place(place);
	if (strlen(line) != len) {
		report("there is a NUL byte in this line");
		return WISH_WRONG;
	}
	words = words_split(line, "add", &wrong);
	if (words && !words[1]) {
		free(words[0]);
		free(words);
		return 0;
	}
	w = words ? wishes_more(all) : NULL;
	if (!w) {
		report("%s", words ? "not enough memory" : wrong);
		return words ? -1 : WISH_WRONG;
	}
	w->words = words;
	w->place = strdup(place);
	w->line = number;
	return wish_read(w, words);
}

static int by_name_and_line(const void *a, const void *b)
{
	const struct wish *x = a, *y = b;
	/* One that is wrong may have no name. */
	int order = strcmp(x->name ? x->name : "", y->name ? y->name : "");

	return order ? order : x->line < y->line ? -1 : 1;
}

/* Names that are there twice; how many, and that was told. */
static unsigned int twice(struct wishes *all)
{
	unsigned int wrong = 0;

	if (all->n)
		qsort(all->list, all->n, sizeof(*all->list), by_name_and_line);
	for (unsigned int i = 1; i < all->n; i++) {
		const struct wish *w = &all->list[i], *before = w - 1;

		if (!w->name || !before->name || strcmp(w->name, before->name))
			continue;
		report_place(w->place);
		report("%.200s: there is one of this name in line %u", w->name, before->line);
		wrong++;
	}
	return wrong;
}

/**
 * wishes_read - read a file of monitors, and look up all their hosts
 * @all: the result, to be freed with wishes_free() in any case
 * @path: the file, - for standard input
 *
 * All that is wrong is told on stderr.
 *
 * Return: 0, -1, or WISH_WRONG if there is anything that to read it again later cannot mend: a
 * host that cannot be looked up now is not.
 */
int wishes_read(struct wishes *all, const char *path)
{
	bool input = !strcmp(path, "-");
	FILE *file = input ? stdin : fopen(path, "re");
	unsigned int number = 0;
	int err = 0, wrong;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	*all = (struct wishes){ .n = 0 };
	if (!file) {
		report("%.1000s: %s", path, strerror(errno));
		return -1;
	}
	while ((len = getline(&line, &size, file)) > 0) {
		wrong = one_line(all, input ? "standard input" : path, ++number, line,
				 without_end(line, len));
		if (wrong && err != WISH_WRONG)
			err = wrong;
	}
	if (twice(all))
		err = WISH_WRONG;
	report_place(NULL);
	if (ferror(file)) {
		report("%.1000s: %s", path, strerror(errno));
		err = err ? err : -1;
	}
	free(line);
	if (!input)
		fclose(file);
	if (err)
		report("nothing was changed");
	return err;
}

/**
 * wishes_free - give back what there is
 * @all: the list
 */
void wishes_free(struct wishes *all)
{
	for (unsigned int i = 0; i < all->n; i++)
		wish_free(&all->list[i]);
	free(all->list);
	*all = (struct wishes){ .n = 0 };
}
