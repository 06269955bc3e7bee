// SPDX-License-Identifier: GPL-2.0
/*
 * The words of a file of targets: what stands between white space and commas, up to a #, behind
 * which is a comment to the end of the line. Lines may be of any length. A pipe is read as far
 * as it has something, and never waited for.
 */
#include "sweep_words.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/report.h"

#define BUF_LEN 65536

/**
 * words_open - begin with a file
 * @w: the words, to be closed in any case
 * @path: its path, - for standard input
 *
 * Return: 0, or -1 and then it was told why not.
 */
int words_open(struct words *w, const char *path)
{
	*w = (struct words){ .path = path, .fd = -1, .buf = malloc(BUF_LEN) };
	w->fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	/* A standard input that was closed is one to write to: hold_closed(). */
	if (w->buf && w->fd >= 0) {
		if ((fcntl(w->fd, F_GETFL) & O_ACCMODE) != O_WRONLY)
			return 0;
		errno = EBADF;
	}
	report("%s: %s", path, strerror(errno));
	return -1;
}

static bool separates(char c)
{
	return c == '\n' || c == ' ' || c == '\t' || c == '\r' || c == ',';
}

/* Goes to the next word: past comments, and what is left of a word that was too long. */
static void pass_over(struct words *w)
{
	for (; w->at < w->len; w->at++) {
		char c = w->buf[w->at];
		bool ends = separates(c) || c == '#';

		if (w->comment ? c != '\n' : w->rest && !ends)
			continue;
		if (!ends)
			return;
		w->comment = c == '#';
		w->rest = false;
	}
}

static size_t word_end(const struct words *w)
{
	size_t end = w->at;

	while (end < w->len && !separates(w->buf[end]) && w->buf[end] != '#')
		end++;
	return end;
}

/* Takes what there is of a word, as far as it fits. A byte of zero is in no target. */
static int take(struct words *w, size_t n, char word[WORD_LEN])
{
	size_t fits = n < WORD_LEN ? n : WORD_LEN - 1;

	memcpy(word, w->buf + w->at, fits);
	word[fits] = '\0';
	w->at += n;
	return fits < n || strlen(word) < n ? WORDS_WRONG : WORDS_ONE;
}

/* Editors of other systems begin a file so. */
static void pass_byte_order_mark(struct words *w)
{
	if (!w->begun && w->len >= 3 && !memcmp(w->buf, "\xef\xbb\xbf", 3))
		w->at = 3;
	w->begun = true;
}

/* Returns true if something was read, were it the end. */
static bool read_some(struct words *w)
{
	struct pollfd pfd = { .fd = w->fd, .events = POLLIN };
	ssize_t n;

	if (w->eof || poll(&pfd, 1, 0) <= 0)
		return false;
	w->len -= w->at;
	memmove(w->buf, w->buf + w->at, w->len);
	w->at = 0;
	/* What is left is shorter than a word may be: there is room. */
	n = read(w->fd, w->buf + w->len, BUF_LEN - w->len);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return false;
	if (n < 0) {
		report("%s: %s", w->path, strerror(errno));
		w->failed = true;
	}
	if (n <= 0)
		w->eof = true;
	else
		w->len += n;
	pass_byte_order_mark(w);
	return true;
}

/**
 * words_next - the next word, as far as there is one without waiting
 * @w: the words
 * @word: <- of WORDS_ONE: the word; of WORDS_WRONG: its first bytes
 *
 * Return: WORDS_NONE, _MORE (each time the file was read: others may be served), _ONE, or
 * _WRONG.
 */
int words_next(struct words *w, char word[WORD_LEN])
{
	size_t n;

	pass_over(w);
	n = word_end(w) - w->at;
	if (n && (w->at + n < w->len || w->eof))
		return take(w, n, word);
	if (n >= WORD_LEN) {
		w->rest = true;
		return take(w, n, word);
	}
	return read_some(w) ? WORDS_MORE : WORDS_NONE;
}

/**
 * words_wait - wait until there is more to be read, or nothing more will come
 * @w: the words, which had none
 */
void words_wait(const struct words *w)
{
	struct pollfd pfd = { .fd = w->fd, .events = POLLIN };

	if (!w->eof)
		poll(&pfd, 1, -1);
}

/**
 * words_ended - was that all
 * @w: the words
 *
 * Return: true if no word will come any more.
 */
bool words_ended(const struct words *w)
{
	return w->eof && w->at == w->len;
}

/**
 * words_close - give back what it holds
 * @w: the words, or all zero
 */
void words_close(struct words *w)
{
	free(w->buf);
	if (w->fd > STDIN_FILENO)
		close(w->fd);
	w->buf = NULL;
	w->fd = -1;
}
