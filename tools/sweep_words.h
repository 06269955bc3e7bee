/* SPDX-License-Identifier: GPL-2.0 */
/* The words of a file of targets, without waiting for them. */
#ifndef ICMPCTL_SWEEP_WORDS_H
#define ICMPCTL_SWEEP_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* A word with its end; no name is longer. */
#define WORD_LEN 1100

/**
 * struct words - a file that is read word by word
 * @path: as the user gave it
 * @failed: it could not be read to its end, which was told
 */
struct words {
	const char *path;
	bool failed;
	/* private: */
	int fd;
	char *buf;
	size_t at, len;
	bool begun, eof, comment, rest;
};

/* What there is. */
enum {
	WORDS_NONE,		/* nothing at present, or nothing more: words_ended() */
	WORDS_MORE,		/* something was read: there may be one */
	WORDS_ONE,
	WORDS_WRONG,		/* one that can be no target, as far as it fits */
};

int words_open(struct words *w, const char *path);
int words_next(struct words *w, char word[WORD_LEN]);
void words_wait(const struct words *w);
bool words_ended(const struct words *w);
void words_close(struct words *w);

#endif
