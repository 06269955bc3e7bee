// SPDX-License-Identifier: GPL-2.0
/* A monitor as it is asked for: on the command line, in a file, or once more. */
#include "monitor_wish.h"

#include <errno.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/client.h"
#include "lib/report.h"
#include "monitor_apply.h"

/* What the module would refuse at any time: 0, or WISH_WRONG and that was told in its words. */
static int check_texts(const struct wish *w)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:@+/=";
	size_t len = strlen(w->name);

	if (len > ICMPCTL_MONITOR_NAME_MAX || strspn(w->name, letters) != len ||
	    strchr("-._:@+/=", *w->name)) {
		report("%.200s: a monitor's name must be 1 to %d letters, digits, and any of "
		       "- . _ : @ + / =, the first a letter or a digit", w->name,
		       ICMPCTL_MONITOR_NAME_MAX);
		return WISH_WRONG;
	}
	if (strlen(w->options) > ICMPCTL_MONITOR_OPTIONS_MAX) {
		report("%.200s: the options to be kept must be at most %d bytes long", w->name,
		       ICMPCTL_MONITOR_OPTIONS_MAX);
		return WISH_WRONG;
	}
	return 0;
}

/**
 * wish_make - check what is asked for, and look its hosts up
 * @w: the result, to be freed with wish_free() in any case
 * @config: the options, read
 * @words: name and hosts; they must stay as long as @w
 * @n: how many, two at least
 * @options: the options as they were given
 * @n_options: how many words
 *
 * A failure is told on stderr.
 *
 * Return: 0, -1 or WISH_WRONG.
 */
int wish_make(struct wish *w, const struct monitor_config *config, char **words, int n,
	      char **options, int n_options)
{
	*w = (struct wish){ .name = words[0], .config = *config };
	if (monitor_check(config, n - 1))
		return WISH_WRONG;
	w->options = monitor_spell(options, n_options);
	w->targets = calloc(n - 1, sizeof(*w->targets));
	if (!w->targets || !w->options) {
		report("not enough memory for %d hosts", n - 1);
		return -1;
	}
	if (check_texts(w))
		return WISH_WRONG;
	for (; w->n < (unsigned int)n - 1; w->n++)
		if (target_resolve(&w->targets[w->n], words[1 + w->n],
				   sender_family(&config->ping.from)))
			return -1;
	return ping_check_targets(&config->ping, w->targets, w->n) ? WISH_WRONG : 0;
}

/**
 * wish_read - make a wish of words: a name, hosts and options in any order
 * @w: the result, to be freed with wish_free() in any case; its words and place stay
 * @words: the words, behind one that stands for the command; NULL behind the last
 *
 * A failure is told on stderr.
 *
 * Return: 0, -1 or WISH_WRONG.
 */
int wish_read(struct wish *w, char **words)
{
	struct monitor_config config = { .path = false };
	char *place = w->place, **kept = w->words;
	unsigned int line = w->line;
	int n = 0, first, n_options, err;

	while (words[n])
		n++;
	first = options_parse(monitor_add_options, &config, n, words);
	if (first < 0 || n - first < 2) {
		if (first == OPTIONS_HELP)
			report("--help has no place here");
		else if (first >= 0)
			report("a name and at least one host is needed");
		/* An interface that there is not now may come. */
		return config.ping.from.device && !config.ping.from.ifindex ? -1 : WISH_WRONG;
	}
	n_options = first - 1;
	if (n_options && !strcmp(words[first - 1], "--"))
		n_options--;
	err = wish_make(w, &config, words + first, n - first, words + 1, n_options);
	w->place = place;
	w->line = line;
	w->words = kept;
	return err;
}

/* The option or the host that a refusal is about. */
static void refused(const struct wish *w, const struct nl_msg *msg, const struct nlc_refusal *why)
{
	int target = msg ? session_blamed_target(msg, why->offset) : -1;
	int attr = msg ? session_attr_at(msg, why->offset) : 0;
	const struct opt *o = options_of_attr(monitor_add_options, attr);
	char option[32];

	if (target >= 0) {
		client_report(why, w->targets[target < (int)w->n ? target : 0].given,
			      "monitoring");
	} else if (o) {
		snprintf(option, sizeof(option), o->letter ? "-%.1s" : "--%.20s",
			 o->letter ? &o->letter : o->name);
		client_report(why, option, "monitoring");
	} else {
		client_report(why, w->name, "monitoring");
	}
}

/**
 * wish_ask - have the module start it
 * @c: a socket to the module
 * @w: what is wanted
 * @how: set of WISH_*
 *
 * A refusal is told on stderr.
 *
 * Return: 0, -1, or WISH_FULL if that may wait.
 */
int wish_ask(struct nlc *c, const struct wish *w, unsigned int how)
{
	struct session_hop hops[MONITOR_HOPS_MAX];
	unsigned int n_hops = monitor_hops(&w->config, hops);
	uint32_t keep = w->config.keep.value;
	struct session_params params;
	struct nlc_refusal why;
	struct nl_msg *msg;
	bool wait;
	int err;

	monitor_params(&w->config, w->targets, w->n, &params);
	msg = monitor_add_msg(c, w->name, w->options, &params, w->targets, n_hops ? hops : NULL,
			      n_hops ? n_hops : w->n, w->config.keep.given ? &keep : NULL,
			      how & WISH_CHECK ? ICMPCTL_MONITOR_F_CHECK : 0);
	if (msg)
		nlmsg_get(msg);
	err = nlc_call(c, msg, NULL, NULL, &why);
	wait = err && why.error == ENOSPC && how & WISH_MAY_WAIT;
	if (err && !wait) {
		report_place(w->place);
		refused(w, msg, &why);
		report_place(NULL);
	}
	if (msg)
		nlmsg_free(msg);
	return wait ? WISH_FULL : err ? -1 : 0;
}

/* How a monitor asks, as far as the module tells: its user kept no options with it. */
static void config_told(struct monitor_config *config, const struct monitor *m)
{
	struct ping_config *ping = &config->ping;

#define TOLD(to, from) (to) = (struct opt_value){ .value = (from), .given = true }
	TOLD(ping->interval, m->info.interval_ns);
	TOLD(ping->timeout, m->timeout_ns);
	TOLD(ping->size, m->size);
	TOLD(ping->schedule, m->info.schedule);
	TOLD(config->keep, m->keep);
	if (m->info.schedule == ICMPCTL_SCHEDULE_POISSON)
		TOLD(ping->seed, m->info.seed);
	ping->broadcast = m->flags & ICMPCTL_SESSION_F_BROADCAST;
	config->path = monitor_is_path(m);
	if (config->path)
		TOLD(config->max_hops, m->info.targets);
#undef TOLD
}

/* The options that were kept with a monitor, read; @w holds the words. */
static int config_kept(struct wish *w, const struct monitor *m)
{
	const char *wrong = "not enough memory";
	int n = 0;

	w->options = strdup(m->options);
	w->words = words_split(m->options, "add", &wrong);
	if (!w->options || !w->words) {
		report("%s: the options that were kept with it: %s", m->name,
		       w->words ? "not enough memory" : wrong);
		return -1;
	}
	while (w->words[n])
		n++;
	return options_parse(monitor_add_options, &w->config, n, w->words) < 0 ? -1 : 0;
}

/*
 * The interface that a host of a monitor is asked by, as far as its options do not say that: an
 * interface of the same name may have another index by now.
 */
static uint32_t scope_of(const struct wish *w, const struct monitor_target *is)
{
	bool own = is->name && strchr(is->name, '%');

	return w->config.ping.from.ifindex && !own ? 0 : is->scope;
}

/**
 * wish_again - make a wish of a monitor: as it is, its addresses included
 * @w: the result, to be freed with wish_free() in any case
 * @m: the monitor; it must stay as long as @w
 *
 * A failure is told on stderr.
 *
 * Return: 0 or -1.
 */
int wish_again(struct wish *w, const struct monitor *m)
{
	unsigned int n = monitor_hosts(m);

	*w = (struct wish){ .name = m->name };
	if (!m->options)
		config_told(&w->config, m);
	else if (config_kept(w, m))
		return -1;
	w->targets = calloc(n ? n : 1, sizeof(*w->targets));
	if (!w->targets) {
		report("not enough memory for %u hosts", n);
		return -1;
	}
	for (; w->n < n; w->n++) {
		const struct monitor_target *is = &m->targets[w->n];
		struct target *t = &w->targets[w->n];

		t->given = is->name;
		t->family = is->family;
		t->scope = scope_of(w, is);
		memcpy(t->addr, is->addr, sizeof(t->addr));
	}
	return 0;
}

/**
 * wish_keep - stay with the addresses of a monitor where its hosts still have them
 * @w: what is wanted; its hosts were looked up
 * @m: the monitor of that name
 */
void wish_keep(struct wish *w, const struct monitor *m)
{
	for (unsigned int i = 0; i < w->n && i < m->n; i++) {
		const struct monitor_target *is = &m->targets[i];

		if (is->name && !strcmp(is->name, w->targets[i].given))
			target_keep(&w->targets[i], is->family, is->addr);
	}
}

/**
 * wish_granted - is a monitor as it is wanted
 * @w: what is wanted
 * @m: the monitor of that name
 *
 * Return: true if options, however they are spelt, hosts, their addresses and interfaces are the
 * same.
 */
bool wish_granted(const struct wish *w, const struct monitor *m)
{
	unsigned int n = monitor_hosts(m);

	/* What another program kept nothing with asks as that program wanted. */
	if (n != w->n || !m->options || !monitor_spelt_alike(w->options, m->options))
		return false;
	for (unsigned int i = 0; i < n; i++) {
		const struct monitor_target *is = &m->targets[i];
		const struct target *want = &w->targets[i];
		/* An interface that was made anew has its old name, and another index. */
		uint32_t by = want->scope ? want->scope : w->config.ping.from.ifindex;

		if (is->family != want->family ||
		    (is->name ? strcmp(is->name, want->given) : !want->numeric) ||
		    memcmp(is->addr, want->addr, is->family == 4 ? 4 : 16) ||
		    (by && is->scope != by))
			return false;
	}
	return true;
}

/**
 * wish_free - give back what a wish holds
 * @w: the wish
 */
void wish_free(struct wish *w)
{
	for (unsigned int i = 0; i < w->n; i++)
		target_free(&w->targets[i]);
	for (char **word = w->words; word && *word; word++)
		free(*word);
	free(w->words);
	free(w->targets);
	free(w->options);
	free(w->place);
}
