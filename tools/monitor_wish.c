// SPDX-License-Identifier: GPL-2.0
/* A monitor as it is asked for: on the command line, in a file, or once more. */
#include "monitor_wish.h"

#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/client.h"
#include "lib/report.h"

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
 * Return: 0 or -1.
 */
int wish_make(struct wish *w, const struct monitor_config *config, char **words, int n,
	      char **options, int n_options)
{
	*w = (struct wish){ .name = words[0], .config = *config };
	if (monitor_check(config, n - 1))
		return -1;
	w->options = monitor_spell(options, n_options);
	w->targets = calloc(n - 1, sizeof(*w->targets));
	if (!w->targets || !w->options) {
		report("not enough memory for %d hosts", n - 1);
		return -1;
	}
	for (; w->n < (unsigned int)n - 1; w->n++)
		if (target_resolve(&w->targets[w->n], words[1 + w->n],
				   sender_family(&config->ping.from)))
			return -1;
	return ping_check_targets(&config->ping, w->targets, w->n);
}

/**
 * wish_read - make a wish of words: a name, hosts and options in any order
 * @w: the result, to be freed with wish_free() in any case; its words and place stay
 * @words: the words, behind one that stands for the command; NULL behind the last
 *
 * A failure is told on stderr.
 *
 * Return: 0 or -1.
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
		return -1;
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
 * @name: under this name
 *
 * A refusal is told on stderr.
 *
 * Return: 0 or -1.
 */
int wish_ask(struct nlc *c, const struct wish *w, const char *name)
{
	struct session_hop hops[MONITOR_HOPS_MAX];
	unsigned int n_hops = monitor_hops(&w->config, hops);
	uint32_t keep = w->config.keep.value;
	struct session_params params;
	struct nlc_refusal why;
	struct nl_msg *msg;
	int err;

	monitor_params(&w->config, w->targets, w->n, &params);
	msg = monitor_add_msg(c, name, w->options, &params, w->targets, n_hops ? hops : NULL,
			      n_hops ? n_hops : w->n, w->config.keep.given ? &keep : NULL);
	if (msg)
		nlmsg_get(msg);
	err = nlc_call(c, msg, NULL, NULL, &why);
	if (err) {
		report_place(w->place);
		refused(w, msg, &why);
		report_place(NULL);
	}
	if (msg)
		nlmsg_free(msg);
	return err ? -1 : 0;
}

/**
 * wish_granted - is a monitor as it is wanted
 * @w: what is wanted
 * @m: the monitor of that name
 *
 * Return: true if options, hosts and their addresses are the same.
 */
bool wish_granted(const struct wish *w, const struct monitor *m)
{
	unsigned int n = m->flags & ICMPCTL_SESSION_F_PATH ? 1 : m->n;

	if (n != w->n || strcmp(w->options, m->options ? m->options : ""))
		return false;
	for (unsigned int i = 0; i < n; i++) {
		const struct monitor_target *is = &m->targets[i];
		const struct target *want = &w->targets[i];

		if (is->family != want->family || !is->name || strcmp(is->name, want->given) ||
		    memcmp(is->addr, want->addr, is->family == 4 ? 4 : 16) ||
		    (want->scope && is->scope != want->scope))
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
