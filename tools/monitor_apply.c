// SPDX-License-Identifier: GPL-2.0
/*
 * Making the module's monitors what a file says, or what their names stand for now.
 *
 * All or nothing: first everything that the module could refuse is tried. What is new is
 * added; what is to be another is added under a name for the trial, and taken away again.
 * Only when all of that went well, monitors are replaced and ended, which is not refused.
 */
#include "monitor_apply.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/client.h"
#include "lib/report.h"
#include "lib/units.h"

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

static const struct monitor *find(const struct monitors *m, const char *name)
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

/* What is to become of a wish. */
enum fate { KEEP, ADD, CHANGE };

static enum fate fate(const struct wish *w, const struct monitors *m)
{
	const struct monitor *is = find(m, w->name);

	return !is ? ADD : wish_granted(w, is) ? KEEP : CHANGE;
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

/* Adds what is new and tries what is to be another; how far it came is in @n. */
static int first_half(struct nlc *c, const struct wishes *all, const struct monitors *m,
		      unsigned int *n)
{
	char trial[ICMPCTL_MONITOR_NAME_MAX + 1];

	for (*n = 0; *n < all->n; (*n)++) {
		const struct wish *w = &all->list[*n];

		switch (fate(w, m)) {
		case KEEP:
			break;
		case ADD:
			if (wish_ask(c, w, w->name))
				return -1;
			break;
		case CHANGE:
			snprintf(trial, sizeof(trial), "trial=%d=%u", getpid(), *n);
			if (wish_ask(c, w, trial) || delete(c, trial))
				return -1;
			break;
		}
	}
	return 0;
}

static int replace(struct nlc *c, const struct wish *w)
{
	/* What was ended gives its share of a bound back some milliseconds later. */
	static const struct timespec pause = { .tv_nsec = 200 * NSEC_PER_MSEC };

	if (delete(c, w->name))
		return -1;
	if (!wish_ask(c, w, w->name))
		return 0;
	nanosleep(&pause, NULL);
	return wish_ask(c, w, w->name);
}

/* @rest: what is not wished for ends. */
static int make_it_so(struct nlc *c, const struct wishes *all, const struct monitors *m, bool rest)
{
	unsigned int done;
	int err = 0;

	if (first_half(c, all, m, &done)) {
		while (done--)
			if (fate(&all->list[done], m) == ADD)
				delete(c, all->list[done].name);
		report("nothing was changed");
		return -1;
	}
	for (unsigned int i = 0; i < all->n; i++)
		if (fate(&all->list[i], m) == CHANGE && replace(c, &all->list[i]))
			err = -1;
	for (unsigned int i = 0; rest && i < m->n; i++)
		if (!wished(all, m->list[i].name) && delete(c, m->list[i].name))
			err = -1;
	return err;
}

static void tell(const struct wishes *all, const struct monitors *m, bool rest, bool dry_run)
{
	unsigned int added = 0, changed = 0, ended = 0;

	for (unsigned int i = 0; i < all->n; i++) {
		enum fate f = fate(&all->list[i], m);

		added += f == ADD;
		changed += f == CHANGE;
		if (dry_run && f != KEEP)
			printf("%c %s\n", f == ADD ? '+' : '~', all->list[i].name);
	}
	for (unsigned int i = 0; rest && i < m->n; i++) {
		if (wished(all, m->list[i].name))
			continue;
		ended++;
		if (dry_run)
			printf("- %s\n", m->list[i].name);
	}
	if (rest)
		printf("%u %s, %u %s, %u %s, %u as they were\n", added,
		       dry_run ? "to add" : "added", changed, dry_run ? "to change" : "changed",
		       ended, dry_run ? "to end" : "ended", all->n - added - changed);
	else
		printf("%u %s, %u as they were\n", changed, dry_run ? "to change" : "changed",
		       all->n - added - changed);
}

static int go(struct nlc *c, struct wishes *all, struct monitors *m, bool rest, bool dry_run)
{
	if (m->n)
		qsort(m->list, m->n, sizeof(*m->list), by_name);
	if (all->n)
		qsort(all->list, all->n, sizeof(*all->list), by_wish);
	if (!dry_run && make_it_so(c, all, m, rest))
		return -1;
	tell(all, m, rest, dry_run);
	return 0;
}

static int read_all(struct nlc *c, const char *name, struct monitors *m)
{
	struct nlc_refusal why;

	if (!monitors_read(c, name, 0, m, &why))
		return 0;
	client_report(&why, name, "reading monitors");
	return -1;
}

/**
 * monitor_apply - make the monitors of the namespace those of a file
 * @c: a socket to the module
 * @path: the file, - for standard input
 * @dry_run: only tell what would be done
 *
 * Return: 0, or -1 and then it was told why not.
 */
int monitor_apply(struct nlc *c, const char *path, bool dry_run)
{
	struct monitors m = { .n = 0 };
	struct wishes all;
	int err;

	err = wishes_read(&all, path);
	if (!err)
		err = read_all(c, NULL, &m);
	if (!err)
		err = go(c, &all, &m, true, dry_run);
	monitors_free(&m);
	wishes_free(&all);
	return err;
}

/* A monitor as it was asked for, its hosts looked up anew. */
static int once_more(struct wishes *all, const struct monitor *m)
{
	unsigned int n = m->flags & ICMPCTL_SESSION_F_PATH ? 1 : m->n, have = 0;
	struct wish *w = wishes_more(all);
	const char *wrong;
	char **words, **more;

	words = w ? words_split(m->options ? m->options : "", "add", &wrong) : NULL;
	while (words && words[have])
		have++;
	more = words ? realloc(words, (have + n + 3) * sizeof(*words)) : NULL;
	if (!more) {
		report("not enough memory");
		return -1;
	}
	w->words = more;
	more[have++] = strdup("--");
	more[have++] = strdup(m->name);
	for (unsigned int i = 0; i < n; i++) {
		char addr[ADDRESS_LEN];
		const struct monitor_target *t = &m->targets[i];

		more[have++] = strdup(t->name ? t->name :
				      address_text(addr, t->family, t->addr, t->scope));
	}
	more[have] = NULL;
	return wish_read(w, more);
}

/**
 * monitor_refresh - look the hosts of monitors up again
 * @c: a socket to the module
 * @names: of which monitors
 * @n: how many; 0 for all
 * @dry_run: only tell what would be done
 *
 * A monitor whose hosts have other addresses now begins anew; the others go on.
 *
 * Return: 0, or -1 and then it was told why not.
 */
int monitor_refresh(struct nlc *c, char **names, int n, bool dry_run)
{
	struct wishes all = { .n = 0 };
	struct monitors m = { .n = 0 };
	int err = 0;

	for (int i = 0; !err && i < (n ? n : 1); i++) {
		struct monitors some;

		err = read_all(c, n ? names[i] : NULL, &some);
		for (unsigned int j = 0; !err && j < some.n; j++)
			err = once_more(&all, &some.list[j]);
		monitors_free(&some);
	}
	if (!err)
		err = read_all(c, NULL, &m);
	if (!err)
		err = go(c, &all, &m, false, dry_run);
	monitors_free(&m);
	wishes_free(&all);
	return err;
}
