// SPDX-License-Identifier: GPL-2.0
/*
 * Changing the module's monitors to what is wanted, all or nothing.
 *
 * First everything that the module could refuse is tried: whether there is room for all, what
 * each is asked for; what is new is added. Only then monitors are replaced and ended. A bound
 * may be in the way of what is added before the rest is ended: such wait until that was done.
 * If one of them is refused nevertheless, all is taken back, and what was ended is brought back
 * as it was asked for.
 */
#include "monitor_change.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/client.h"
#include "lib/report.h"
#include "lib/units.h"

/* What was ended gives its share of a bound back later: at most so long on a busy host. */
#define PAUSE_NS (20 * NSEC_PER_MSEC)
#define PAUSES_MAX 150

static int by_name(const void *a, const void *b)
{
	const struct monitor *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int by_wish(const void *a, const void *b)
{
	const struct wish *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static struct monitor *find(const struct monitors *m, const char *name)
{
	struct monitor key = { .n = 0 };

	if (strlen(name) >= sizeof(key.name))
		return NULL;
	strcpy(key.name, name);
	return m->n ? bsearch(&key, m->list, m->n, sizeof(key), by_name) : NULL;
}

static bool wished(const struct wishes *all, const char *name)
{
	struct wish key = { .name = name };

	return all->n && bsearch(&key, all->list, all->n, sizeof(key), by_wish);
}

/**
 * change_plan - find out what is to become of each
 * @ch: the result, to be freed with change_free() in any case; does not outlive the others
 * @c: a socket to the module
 * @all: what is wanted; it gets another order
 * @m: the monitors there are; they get another order
 * @rest: what is not wished for ends
 *
 * Return: 0, or -1 and then it was told why not.
 */
int change_plan(struct change *ch, struct nlc *c, struct wishes *all, struct monitors *m,
		bool rest)
{
	*ch = (struct change){ .c = c, .all = all, .m = m, .rest = rest };
	ch->news = calloc(all->n + 1, sizeof(*ch->news));
	ch->olds = calloc(m->n + 1, sizeof(*ch->olds));
	if (!ch->news || !ch->olds) {
		report("not enough memory");
		return -1;
	}
	if (m->n)
		qsort(m->list, m->n, sizeof(*m->list), by_name);
	if (all->n)
		qsort(all->list, all->n, sizeof(*all->list), by_wish);
	for (unsigned int i = 0; rest && i < m->n; i++)
		ch->olds[i].goes = change_ends(ch, i);
	for (unsigned int i = 0; i < all->n; i++) {
		struct wish *w = &all->list[i];
		const struct monitor *is = find(m, w->name);

		if (is)
			wish_keep(w, is);
		ch->news[i].fate = !is ? ADD : wish_granted(w, is) ? KEEP : CHANGE;
		if (ch->news[i].fate == CHANGE)
			ch->olds[is - m->list].goes = true;
	}
	return 0;
}

/**
 * change_ends - is a monitor to end, and none of its name to follow
 * @ch: what is to be changed
 * @i: which of @ch->m
 *
 * Return: true if so.
 */
bool change_ends(const struct change *ch, unsigned int i)
{
	return ch->rest && !wished(ch->all, ch->m->list[i].name);
}

/**
 * change_try - ask the module about all of it, and change nothing
 * @ch: what is to be changed
 *
 * All that is refused is told.
 *
 * Return: 0, or -1.
 */
int change_try(struct change *ch)
{
	int err = change_has_room(ch) ? 0 : -1;

	for (unsigned int i = 0; i < ch->all->n; i++)
		if (ch->news[i].fate != KEEP &&
		    wish_ask(ch->c, &ch->all->list[i], WISH_CHECK | WISH_MAY_WAIT) < 0)
			err = -1;
	return err;
}

static int delete(struct nlc *c, const char *name)
{
	struct nlc_refusal why;

	/* That it is gone already is as well. */
	if (!monitor_delete(c, name, &why) || why.error == ENOENT)
		return 0;
	client_report(&why, name, "ending a monitor");
	return -1;
}

/* Adds what is new and asks about what is to be another; @short_of_room if some have to wait. */
static int first_half(struct change *ch, bool *short_of_room)
{
	int err = change_has_room(ch) ? 0 : -1;

	*short_of_room = false;
	for (unsigned int i = 0; i < ch->all->n; i++) {
		bool new = ch->news[i].fate == ADD, add = new && !err && !*short_of_room;
		int answer;

		if (ch->news[i].fate == KEEP)
			continue;
		answer = wish_ask(ch->c, &ch->all->list[i],
				  WISH_MAY_WAIT | (add ? 0 : WISH_CHECK));
		if (answer < 0)
			err = -1;
		*short_of_room |= answer == WISH_FULL;
		ch->news[i].there = add && !answer;
		ch->news[i].waits = new && !ch->news[i].there;
	}
	return err;
}

/* Starts what there will be room for; then it is told if there is none. */
static int ask_patiently(struct nlc *c, const struct wish *w)
{
	static const struct timespec pause = { .tv_nsec = PAUSE_NS };

	for (int i = 0; i < PAUSES_MAX; i++) {
		int answer = wish_ask(c, w, WISH_MAY_WAIT);

		if (answer != WISH_FULL)
			return answer;
		nanosleep(&pause, NULL);
	}
	return wish_ask(c, w, 0);
}

static int end_old(struct change *ch, unsigned int i)
{
	if (delete(ch->c, ch->m->list[i].name))
		return -1;
	ch->olds[i].gone = true;
	return 0;
}

static int end_rest(struct change *ch)
{
	int err = 0;

	for (unsigned int i = 0; !err && ch->rest && i < ch->m->n; i++)
		if (change_ends(ch, i))
			err = end_old(ch, i);
	return err;
}

/* What there is no room for yet waits: another one, replaced by a smaller one, may make some. */
static int replace(struct change *ch, unsigned int i)
{
	const struct wish *w = &ch->all->list[i];
	int answer;

	if (end_old(ch, find(ch->m, w->name) - ch->m->list))
		return -1;
	answer = wish_ask(ch->c, w, WISH_MAY_WAIT);
	ch->news[i].there = !answer;
	ch->news[i].waits = answer == WISH_FULL;
	return answer < 0 ? -1 : 0;
}

static int second_half(struct change *ch, bool ends_first)
{
	int err = ends_first ? end_rest(ch) : 0;

	for (unsigned int i = 0; !err && i < ch->all->n; i++)
		if (ch->news[i].fate == CHANGE)
			err = replace(ch, i);
	if (!err && !ends_first)
		err = end_rest(ch);
	for (unsigned int i = 0; !err && i < ch->all->n; i++) {
		if (!ch->news[i].waits)
			continue;
		err = ask_patiently(ch->c, &ch->all->list[i]);
		ch->news[i].there = !err;
	}
	return err;
}

/* Brings back what was ended, as it was asked for; 0, or -1 and that was told. */
static int bring_back(struct change *ch, const struct monitor *m)
{
	struct wish w;
	int err = wish_again(&w, m);

	if (!err)
		err = ask_patiently(ch->c, &w);
	if (err)
		report("%s: it was ended and could not be brought back", m->name);
	wish_free(&w);
	return err;
}

static void take_back(struct change *ch)
{
	unsigned int back = 0;

	for (unsigned int i = 0; i < ch->all->n; i++)
		if (ch->news[i].there)
			delete(ch->c, ch->all->list[i].name);
	for (unsigned int i = 0; i < ch->m->n; i++)
		if (ch->olds[i].gone && !bring_back(ch, &ch->m->list[i]))
			back++;
	if (back)
		report("what was changed was taken back: monitors that are as before but begin anew: %u",
		       back);
	else
		report("nothing was changed");
}

/*
 * What may come from a terminal, or from a reader of stderr that has gone, half way: ends the
 * command, or stops it, only when all is done or taken back.
 */
static const int interruptions[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP, SIGTTOU };

/**
 * change_make - make it so
 * @ch: what is to be changed
 *
 * Half way it is not interrupted.
 *
 * Return: 0, or -1 and then it was told why not, and all is as it was.
 */
int change_make(struct change *ch)
{
	sigset_t blocked, before;
	bool short_of_room;
	int err;

	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof(interruptions) / sizeof(interruptions[0]); i++)
		sigaddset(&blocked, interruptions[i]);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	err = first_half(ch, &short_of_room);
	if (!err)
		err = second_half(ch, short_of_room);
	if (err)
		take_back(ch);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return err;
}

/**
 * change_free - give back what it holds
 * @ch: the change
 */
void change_free(struct change *ch)
{
	free(ch->news);
	free(ch->olds);
}
