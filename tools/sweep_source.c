// SPDX-License-Identifier: GPL-2.0
/*
 * Where the addresses of a sweep come from. What stands on the command line is put in
 * order, each address once; a file is read as it is asked for, so that it may be of any
 * length, and never waited for.
 */
#include "sweep_source.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/report.h"
#include "lib/target.h"

#define BUF_LEN		65536
/* No line of sense is longer. */
#define LINE_MAX_LEN	4096
/* So many wrong lines are told one by one. */
#define WRONG_TOLD	10
/* More than a /16 of somebody else's. */
#define PUBLIC_MAX	65536

/* A name, or an address with its interface. */
static int resolve(struct sweep_source *s, const char *text, struct range *r)
{
	struct target t;

	if (target_resolve(&t, text, sender_family(&s->config->from)))
		return RANGE_NAME;
	r->family = t.family;
	memcpy(r->first, t.addr, sizeof(r->first));
	memcpy(r->last, t.addr, sizeof(r->last));
	/* The module is told of one interface, when the sweep begins. */
	if (t.scope && !s->ifindex && !s->begun)
		s->ifindex = t.scope;
	if (t.scope && t.scope != s->ifindex) {
		report("%s: all of a sweep is sent by one interface, which -I gives", text);
		target_free(&t);
		return RANGE_NAME;
	}
	target_free(&t);
	return 0;
}

/* All nodes of a link: ff02::1 (RFC 4291, 2.7.1). */
static int take_all_nodes(struct sweep_source *s, const char *device)
{
	struct range r = { .family = 6, .first = { 0xff, 0x02, [15] = 1 } };
	uint32_t ifindex = if_nametoindex(device);

	memcpy(r.last, r.first, sizeof(r.last));
	if (s->ifindex && s->ifindex != ifindex) {
		report("--all-nodes %s: all of a sweep is sent by one interface", device);
		return -1;
	}
	s->ifindex = ifindex;
	s->total++;
	return range_list_add(&s->given, &r);
}

static int remember(struct sweep_source *s, const char *name, const struct range *r)
{
	struct sweep_name *names = reallocarray(s->names, s->n_names + 1, sizeof(*names));

	if (!names)
		return -1;
	s->names = names;
	names[s->n_names] = (struct sweep_name){ .name = name, .family = r->family };
	memcpy(names[s->n_names++].addr, r->first, sizeof(names->addr));
	return 0;
}

/* Is the user sure? */
static int check_public(struct sweep_source *s, const struct range *r)
{
	if (s->config->yes || !range_is_public(r))
		return 0;
	s->public += range_count(r);
	if (s->public <= PUBLIC_MAX)
		return 0;
	report("these are more than 65,536 public addresses: if they are yours to be asked, add --yes");
	return -1;
}

/* Returns 0, RANGE_NAME if the user was told that it is no target, or -1. */
static int take(struct sweep_source *s, const char *text, bool keep_name,
		struct range_list *list, const struct range_list *excluded)
{
	const char *why = NULL;
	struct range r;
	int result = range_parse(&r, text, &why);

	if (result == RANGE_WRONG) {
		report("%s: %s", text, why);
		return RANGE_NAME;
	}
	if (result == RANGE_NAME) {
		if (resolve(s, text, &r))
			return RANGE_NAME;
		if (keep_name && remember(s, text, &r))
			goto no_memory;
	}
	if (check_public(s, &r))
		return -1;
	if (!range_list_add_less(list, &r, excluded))
		return 0;
no_memory:
	report("not enough memory for so many targets");
	return -1;
}

static int take_operands(struct sweep_source *s, char **operands, int n)
{
	static const struct range_list none;
	struct range_list all = { .n = 0 };
	int result = 0;

	for (int i = 0; i < n && !result; i++) {
		result = take(s, operands[i], true, &all, &none);
		/* What is wrong here was typed just now; a name may come back. */
		if (result == RANGE_NAME) {
			const char *why;
			struct range r;

			s->unknown++;
			result = range_parse(&r, operands[i], &why) == RANGE_WRONG ? -1 : 0;
		}
	}
	range_list_merge(&all);
	for (size_t i = 0; i < all.n && !result; i++)
		result = range_list_add_less(&s->given, &all.range[i], &s->config->excluded);
	for (size_t i = 0; i < s->given.n; i++)
		s->total += range_count(&s->given.range[i]);
	range_list_free(&all);
	return result;
}

/**
 * source_open - find out what is to be asked, and read no more of a file than must be
 * @s: the source, to be closed in any case
 * @c: the options
 * @operands: what the user gave
 * @n: how many
 *
 * Return: 0, or -1 and then it was told why not.
 */
int source_open(struct sweep_source *s, const struct sweep_config *c, char **operands, int n)
{
	*s = (struct sweep_source){ .config = c, .ifindex = c->from.ifindex, .fd = -1 };
	if (take_operands(s, operands, n) ||
	    (c->all_nodes && take_all_nodes(s, c->all_nodes)))
		return -1;
	s->begun = true;
	if (!c->file) {
		s->eof = true;
		return 0;
	}
	s->buf = malloc(BUF_LEN);
	s->fd = strcmp(c->file, "-") ? open(c->file, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (s->buf && s->fd >= 0)
		return 0;
	report("%s: %s", c->file, strerror(errno));
	return -1;
}

static void wrong_line(struct sweep_source *s)
{
	if (++s->unknown == WRONG_TOLD)
		report("further targets that cannot be asked are not told");
}

static int take_line(struct sweep_source *s, char *line, struct range_list *chunk)
{
	char *save, *one;

	line[strcspn(line, "#")] = '\0';
	for (one = strtok_r(line, " \t\r", &save); one; one = strtok_r(NULL, " \t\r", &save)) {
		int result;

		if (s->unknown < WRONG_TOLD) {
			result = take(s, one, false, chunk, &s->config->excluded);
		} else {
			const char *why;
			struct range r;

			/* What would be said is not: only what needs no words is taken. */
			result = range_parse(&r, one, &why) ? RANGE_NAME :
				 take(s, one, false, chunk, &s->config->excluded);
		}
		if (result < 0)
			return -1;
		if (result == RANGE_NAME)
			wrong_line(s);
	}
	return 0;
}

/* Takes the whole lines of the buffer, until the chunk is full. */
static int take_lines(struct sweep_source *s, struct range_list *chunk)
{
	size_t at = 0;

	while (at < s->len && chunk->n < SOURCE_CHUNK) {
		char *line = s->buf + at, *end = memchr(line, '\n', s->len - at);

		if (!end && s->eof && s->len < BUF_LEN)
			end = s->buf + s->len;
		if (!end)
			break;
		*end = '\0';
		s->line++;
		at = end - s->buf + 1;
		if (at > s->len)
			at = s->len;
		if (!s->skipping && strlen(line) <= LINE_MAX_LEN) {
			if (take_line(s, line, chunk))
				return -1;
		} else if (!s->skipping) {
			wrong_line(s);
		}
		s->skipping = false;
	}
	memmove(s->buf, s->buf + at, s->len - at);
	s->len -= at;
	if (s->len == BUF_LEN && chunk->n < SOURCE_CHUNK) {
		/* One line fills the buffer: what is left of it is passed over. */
		if (!s->skipping)
			wrong_line(s);
		s->skipping = true;
		s->len = 0;
	}
	return 0;
}

/* Returns true if there may be more at once. */
static bool read_some(struct sweep_source *s)
{
	struct pollfd pfd = { .fd = s->fd, .events = POLLIN };
	ssize_t n;

	if (s->eof || s->len == BUF_LEN || poll(&pfd, 1, 0) <= 0)
		return false;
	n = read(s->fd, s->buf + s->len, BUF_LEN - s->len);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return false;
	if (n < 0)
		report("%s: %s", s->config->file, strerror(errno));
	if (n <= 0)
		s->eof = true;
	else
		s->len += n;
	return true;
}

/**
 * source_chunk - the next ranges, as many as there are without waiting
 * @s: the source
 * @chunk: gets them; empty before
 *
 * At the end of all, @s->done is set.
 *
 * Return: 0, or -1 and then it was told why not.
 */
int source_chunk(struct sweep_source *s, struct range_list *chunk)
{
	while (s->next < s->given.n && chunk->n < SOURCE_CHUNK)
		if (range_list_add(chunk, &s->given.range[s->next++]))
			return -1;
	while (chunk->n < SOURCE_CHUNK) {
		if (s->len && take_lines(s, chunk))
			return -1;
		if (chunk->n >= SOURCE_CHUNK || !read_some(s))
			break;
	}
	s->done = s->next == s->given.n && s->eof && !s->len;
	return 0;
}

/**
 * source_close - give back what the source holds
 * @s: the source
 */
void source_close(struct sweep_source *s)
{
	range_list_free(&s->given);
	free(s->names);
	free(s->buf);
	if (s->fd > STDIN_FILENO)
		close(s->fd);
}
