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

#include "lib/client.h"
#include "lib/grow.h"
#include "lib/now.h"
#include "lib/report.h"
#include "lib/target.h"
#include "lib/units.h"

#define BUF_LEN		65536
/* No line of sense is longer. */
#define LINE_MAX_LEN	4096
/* So many wrong lines are told one by one. */
#define WRONG_TOLD	10
/* After so long with the resolver answers are read, and signals taken. */
#define RESOLVE_NS	(100 * NSEC_PER_MSEC)
/* More than a /16 of somebody else's. */
#define PUBLIC_MAX	65536

/* A name, or an address with its interface. */
static int resolve(struct sweep_source *s, const char *text, struct range *r)
{
	uint64_t since_ns = now_ns(CLOCK_MONOTONIC);
	struct target t;
	int err;

	err = target_resolve(&t, text, sender_family(&s->config->from));
	s->resolving_ns += now_ns(CLOCK_MONOTONIC) - since_ns;
	if (err)
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

/* What @text means: 0, or RANGE_NAME if the user was told that it is no target. */
static int understand(struct sweep_source *s, const char *text, struct range *r, bool *is_name)
{
	const char *why = NULL;
	int result = range_parse(r, text, &why);

	*is_name = result == RANGE_NAME;
	if (*is_name)
		return resolve(s, text, r);
	if (result)
		report("%s: %s", text, why);
	return result ? RANGE_NAME : 0;
}

static int no_memory(void)
{
	report("not enough memory for so many targets");
	return -1;
}

/* Returns 0, RANGE_NAME if the user was told that it is no target, or -1. */
static int take(struct sweep_source *s, const char *text, struct range_list *list)
{
	bool is_name;
	struct range r;

	if (understand(s, text, &r, &is_name))
		return RANGE_NAME;
	if (is_name && remember(s, text, &r))
		return no_memory();
	if (check_public(s, &r))
		return -1;
	return range_list_add(list, &r) ? no_memory() : 0;
}

static int take_operands(struct sweep_source *s, char **operands, int n)
{
	struct range_list all = { .n = 0 };
	int result = 0;

	for (int i = 0; i < n && !result; i++) {
		result = take(s, operands[i], &all);
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
		result = range_list_add_less(&s->given, &all.range[i], &s->config->excluded) ?
			 no_memory() : 0;
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
	/* What is closed now would be another file's by the time it is read. */
	if (s->buf && s->fd >= 0 && fcntl(s->fd, F_GETFD) >= 0)
		return 0;
	report("%s: %s", c->file, strerror(errno));
	return -1;
}

static void wrong_line(struct sweep_source *s)
{
	if (++s->unknown == WRONG_TOLD)
		report("further targets that cannot be asked are not told");
}

static int keep_word(struct sweep_source *s, const char *text)
{
	char **words = grow(s->words, s->n_words, sizeof(*words));

	if (!words)
		return -1;
	s->words = words;
	words[s->n_words] = strdup(text);
	if (!words[s->n_words])
		return -1;
	s->n_words++;
	return 0;
}

/* The words before this one are not needed any more. */
static void drop_words(struct sweep_source *s, uint32_t before)
{
	size_t n = before - s->word;

	if (!n)
		return;
	for (size_t i = 0; i < n; i++)
		free(s->words[i]);
	memmove(s->words, s->words + n, (s->n_words - n) * sizeof(*s->words));
	s->n_words -= n;
	s->word = before;
}

/* One target of a file; as take(). */
static int take_word(struct sweep_source *s, const char *text)
{
	bool is_name;
	struct range r;
	int result;

	report_mute(s->unknown >= WRONG_TOLD);
	result = understand(s, text, &r, &is_name);
	report_mute(false);
	if (result) {
		wrong_line(s);
		return 0;
	}
	if (check_public(s, &r))
		return -1;
	r.origin = s->word + (uint32_t)s->n_words;
	if (keep_word(s, text) || range_list_add_less(&s->ready, &r, &s->config->excluded))
		return no_memory();
	return 0;
}

static int take_line(struct sweep_source *s, char *line)
{
	char *save, *one;
	int err = 0;

	line[strcspn(line, "#")] = '\0';
	for (one = strtok_r(line, " \t\r", &save); one && !err;
	     one = strtok_r(NULL, " \t\r", &save))
		err = take_word(s, one);
	return err;
}

/* Is there as much as one request can have, or was there enough waiting for names? */
static bool enough(const struct sweep_source *s)
{
	return s->ready.n >= SOURCE_CHUNK || s->resolving_ns > RESOLVE_NS;
}

/* Takes the whole lines of the buffer, until there are enough. */
static int take_lines(struct sweep_source *s)
{
	size_t at = 0;

	while (at < s->len && !enough(s)) {
		char *line = s->buf + at, *end = memchr(line, '\n', s->len - at);

		if (!end && s->eof && s->len < BUF_LEN)
			end = s->buf + s->len;
		if (!end)
			break;
		*end = '\0';
		at = end - s->buf + 1;
		if (at > s->len)
			at = s->len;
		if (!s->skipping && strlen(line) <= LINE_MAX_LEN) {
			if (take_line(s, line))
				return -1;
		} else if (!s->skipping) {
			wrong_line(s);
		}
		s->skipping = false;
	}
	memmove(s->buf, s->buf + at, s->len - at);
	s->len -= at;
	if (s->len == BUF_LEN && !enough(s)) {
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
	if (n < 0) {
		report("%s: %s", s->config->file, strerror(errno));
		s->failed = true;
	}
	if (n <= 0)
		s->eof = true;
	else
		s->len += n;
	return true;
}

/* Reads on, as far as one request goes, and without waiting. */
static int read_on(struct sweep_source *s)
{
	struct range_list *ready = &s->ready;

	if (s->at) {
		ready->n -= s->at;
		memmove(ready->range, ready->range + s->at, ready->n * sizeof(*ready->range));
		s->at = 0;
	}
	/* Before what is from a file, and then has words, stands nothing that has none. */
	drop_words(s, ready->n ? ready->range[0].origin : s->word + (uint32_t)s->n_words);
	s->resolving_ns = 0;
	while (s->next < s->given.n && ready->n < SOURCE_CHUNK)
		if (range_list_add(ready, &s->given.range[s->next++]))
			return no_memory();
	while (!enough(s)) {
		if (s->len && take_lines(s))
			return -1;
		if (enough(s) || !read_some(s))
			break;
	}
	return 0;
}

/**
 * source_next - find out what is to be asked next, without waiting for it
 * @s: the source; @s->range, @s->n and @s->done are set, if there was nothing before
 *
 * A request has at most SOURCE_CHUNK ranges, and RANGE_ADDRESSES_MAX addresses in them. The
 * same file makes the same requests, however long names take.
 *
 * Return: 0, or -1 and then it was told why not.
 */
int source_next(struct sweep_source *s)
{
	uint64_t addresses = 0;

	if (s->n || s->done)
		return 0;
	if (s->ready.n - s->at < SOURCE_CHUNK && read_on(s))
		return -1;
	/* There is more to come at once: names are still looked up. */
	if (s->ready.n - s->at < SOURCE_CHUNK && s->resolving_ns > RESOLVE_NS)
		return 0;
	s->range = s->ready.range + s->at;
	while (s->n < SOURCE_CHUNK && s->at + s->n < s->ready.n) {
		addresses += range_count(&s->range[s->n]);
		if (addresses > RANGE_ADDRESSES_MAX)
			break;
		s->n++;
	}
	s->done = s->at + s->n == s->ready.n && s->next == s->given.n && s->eof && !s->len;
	return 0;
}

/**
 * source_handed - what was to be asked next is being asked
 * @s: the source
 */
void source_handed(struct sweep_source *s)
{
	s->at += s->n;
	s->handed += s->n;
	s->n = 0;
}

/**
 * source_refused - the module does not take one of the ranges
 * @s: the source
 * @which: of @s->range
 * @why: the refusal
 *
 * In a file that is one wrong target among others, which are asked without it. What stands on
 * the command line was typed just now.
 *
 * Return: 0 to go on with what is left, or -1.
 */
int source_refused(struct sweep_source *s, size_t which, const struct nlc_refusal *why)
{
	struct range *first = &s->ready.range[s->at + which], *end = first;
	const struct range *all_end = s->ready.range + s->ready.n;
	size_t n;

	if (s->handed + which < s->given.n) {
		client_report(why, NULL, "probing");
		return -1;
	}
	report_mute(s->unknown >= WRONG_TOLD);
	client_report(why, s->words[first->origin - s->word], "probing");
	report_mute(false);
	wrong_line(s);
	/* What was excluded from it has made several ranges of it. */
	while (end < all_end && end->origin == first->origin)
		end++;
	n = end - first;
	memmove(first, end, (char *)all_end - (char *)end);
	s->ready.n -= n;
	s->n = which + n < s->n ? s->n - n : which;
	return 0;
}

/**
 * source_close - give back what the source holds
 * @s: the source
 */
void source_close(struct sweep_source *s)
{
	range_list_free(&s->given);
	range_list_free(&s->ready);
	drop_words(s, s->word + (uint32_t)s->n_words);
	free(s->words);
	free(s->names);
	free(s->buf);
	if (s->fd > STDIN_FILENO)
		close(s->fd);
}
