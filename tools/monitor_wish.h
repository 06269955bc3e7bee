/* SPDX-License-Identifier: GPL-2.0 */
/* A monitor as it is asked for: on the command line, in a file, or once more. */
#ifndef ICMPCTL_MONITOR_WISH_H
#define ICMPCTL_MONITOR_WISH_H

#include "lib/monitor.h"
#include "lib/netlink.h"
#include "monitor_options.h"

/**
 * struct wish - a monitor that is wanted
 * @name: its name
 * @config: how it is to ask
 * @options: that as text
 * @targets: its hosts, looked up
 * @n: how many
 * @words: memory of what was read from a file, NULL for none; ends with NULL
 * @place: "FILE:LINE" that it is from, NULL for none
 * @line: that line
 */
struct wish {
	const char *name;
	struct monitor_config config;
	char *options;
	struct target *targets;
	unsigned int n;
	char **words;
	char *place;
	unsigned int line;
};

/* How wish_ask() is to go about it. */
enum {
	WISH_CHECK = 1,		/* only ask whether it would be started, were there none of its name */
	WISH_MAY_WAIT = 2,	/* that there is no room for it now is WISH_FULL, and not told */
};

#define WISH_FULL 1
/* What is asked for is wrong in itself: to ask again later changes nothing. */
#define WISH_WRONG 2

int wish_make(struct wish *w, const struct monitor_config *config, char **words, int n,
	      char **options, int n_options);
int wish_read(struct wish *w, char **words);
int wish_ask(struct nlc *c, const struct wish *w, unsigned int how);
int wish_again(struct wish *w, const struct monitor *m);
void wish_keep(struct wish *w, const struct monitor *m);
bool wish_granted(const struct wish *w, const struct monitor *m);
void wish_free(struct wish *w);

#endif
