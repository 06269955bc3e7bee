// SPDX-License-Identifier: GPL-2.0
/* Making the module's monitors what a file says, or what their names stand for now. */
#include "monitor_apply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/client.h"
#include "lib/report.h"
#include "monitor_change.h"

static void tell(const struct change *ch, bool dry_run)
{
	unsigned int added = 0, changed = 0, ended = 0;

	for (unsigned int i = 0; i < ch->all->n; i++) {
		enum fate f = ch->news[i].fate;

		added += f == ADD;
		changed += f == CHANGE;
		if (dry_run && f != KEEP)
			printf("%c %s\n", f == ADD ? '+' : '~', ch->all->list[i].name);
	}
	for (unsigned int i = 0; i < ch->m->n; i++)
		ended += ch->olds[i].goes;
	/* What is replaced goes as well. */
	ended -= changed;
	for (unsigned int i = 0; dry_run && ch->rest && i < ch->m->n; i++)
		if (change_ends(ch, i))
			printf("- %s\n", ch->m->list[i].name);
	if (ch->rest)
		printf("%u %s, %u %s, %u %s, %u as they were\n", added,
		       dry_run ? "to add" : "added", changed, dry_run ? "to change" : "changed",
		       ended, dry_run ? "to end" : "ended", ch->all->n - added - changed);
	else
		printf("%u %s, %u as they were\n", changed, dry_run ? "to change" : "changed",
		       ch->all->n + ch->all->left - added - changed);
}

static int go(struct nlc *c, struct wishes *all, struct monitors *m, bool rest, bool dry_run)
{
	struct change ch;
	int err = change_plan(&ch, c, all, m, rest);

	if (!err)
		err = dry_run ? change_try(&ch) : change_make(&ch);
	if (!err)
		tell(&ch, dry_run);
	change_free(&ch);
	return err;
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
 * Return: 0, or -1 or WISH_WRONG, and then it was told why not.
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

/**
 * monitor_apply_read - look at a file, where there is no module that could be asked about it
 * @path: the file, - for standard input
 *
 * Return: 0, or -1 or WISH_WRONG, and then it was told what is wrong with it.
 */
int monitor_apply_read(const char *path)
{
	struct wishes all;
	int err = wishes_read(&all, path);

	if (!err)
		printf("only the file was looked at, and nothing is wrong with it: monitors in it: %u\n",
		       all.n);
	wishes_free(&all);
	return err;
}

/* A monitor as it was asked for, its hosts looked up anew. */
static int once_more(struct wishes *all, const struct monitor *m)
{
	unsigned int n = monitor_hosts(m), have = 0;
	struct wish *w = wishes_more(all);
	const char *wrong = "not enough memory";
	char **words, **more;

	words = w ? words_split(m->options ? m->options : "", "add", &wrong) : NULL;
	while (words && words[have])
		have++;
	more = words ? realloc(words, (have + n + 3) * sizeof(*words)) : NULL;
	if (!more) {
		report("the options that were kept with it: %s",
		       words ? "not enough memory" : wrong);
		if (w)
			w->words = words;
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

/* All that is of interest: of those named, each once, or of all. */
static int chosen(struct nlc *c, char **names, int n, struct monitors *m)
{
	struct monitors some;
	int err = 0;

	*m = (struct monitors){ .n = 0 };
	if (!n)
		return read_all(c, NULL, m);
	for (int i = 0; i < n; i++) {
		bool again = false;

		for (int j = 0; j < i; j++)
			again |= !strcmp(names[i], names[j]);
		if (again)
			continue;
		if (read_all(c, names[i], &some)) {
			err = -1;
		} else if (monitors_take(m, &some)) {
			report("not enough memory");
			err = -1;
		}
		monitors_free(&some);
	}
	return err;
}

/*
 * Wishes for monitors as they were asked for. How others were asked for only they know. One whose
 * hosts or interface cannot be looked up now is left as it is, and keeps no other from it: -1 then.
 */
static int wishes_again(struct wishes *all, const struct monitors *m, bool named)
{
	int err = 0;

	for (unsigned int i = 0; i < m->n; i++) {
		const struct monitor *is = &m->list[i];
		const unsigned int before = all->n;

		if (!is->options && named)
			report("%s: it is left as it is: who added it did not keep with it how it asks",
			       is->name);
		report_place(is->name);
		if (is->options && once_more(all, is)) {
			report("it is left as it is");
			while (all->n > before)
				wish_free(&all->list[--all->n]);
			err = -1;
		}
		report_place(NULL);
		all->left += all->n == before;
	}
	return err;
}

/**
 * monitor_refresh - look the hosts of monitors up again
 * @c: a socket to the module
 * @names: of which monitors
 * @n: how many; 0 for all
 * @dry_run: only tell what would be done
 *
 * A monitor whose hosts have other addresses now, or whose interface has another index, begins
 * anew; the others go on, and so do those that another program added which keeps no options with
 * them, and those of which something cannot be looked up.
 *
 * Return: 0, or -1 if anything could not be done, and then it was told why not.
 */
int monitor_refresh(struct nlc *c, char **names, int n, bool dry_run)
{
	struct wishes all = { .n = 0 };
	struct monitors m;
	int err = chosen(c, names, n, &m);

	if (err) {
		report("nothing was changed");
	} else {
		err = wishes_again(&all, &m, n);
		err |= go(c, &all, &m, false, dry_run);
	}
	monitors_free(&m);
	wishes_free(&all);
	return err;
}
