/* SPDX-License-Identifier: GPL-2.0 */
/* What a user may ask of monitor: ping's way of asking, and what it has of its own. */
#ifndef ICMPCTL_MONITOR_OPTIONS_H
#define ICMPCTL_MONITOR_OPTIONS_H

#include "lib/options.h"
#include "lib/session.h"
#include "lib/target.h"
#include "ping_options.h"

/**
 * struct monitor_config - all options of all its verbs
 * @ping: how it asks
 * @path: every hop on the way
 * @max_hops: with @path: how many at most
 * @keep: so many of the last probes of each target are kept
 * @last: show: so many of them
 * @plot: show: draw them
 * @all: every monitor
 * @json: JSON Lines
 * @dry_run: tell what would be done, and do nothing
 */
struct monitor_config {
	struct ping_config ping;
	bool path;
	struct opt_value max_hops, keep, last;
	bool plot, all, json, dry_run;
};

/* All of them, and those of the verbs. The first two are made of ping's before main(). */
extern struct opt monitor_options[];
extern struct opt monitor_add_options[];
extern const struct opt monitor_read_options[];
extern const struct opt monitor_show_options[];
extern const struct opt monitor_rm_options[];
extern const struct opt monitor_apply_options[];

int monitor_check(const struct monitor_config *c, unsigned int targets);
void monitor_params(const struct monitor_config *c, const struct target *targets, unsigned int n,
		    struct session_params *p);
unsigned int monitor_hops(const struct monitor_config *c, struct session_hop *hops);
char *monitor_spell(char *const *words, int n);
bool monitor_spelt_alike(const char *a, const char *b);

#define MONITOR_HOPS_MAX 64

#endif
