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

int wish_make(struct wish *w, const struct monitor_config *config, char **words, int n,
	      char **options, int n_options);
int wish_read(struct wish *w, char **words);
int wish_ask(struct nlc *c, const struct wish *w, const char *name);
bool wish_granted(const struct wish *w, const struct monitor *m);
void wish_free(struct wish *w);

#endif
