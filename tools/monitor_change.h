/* SPDX-License-Identifier: GPL-2.0 */
/* Changing the module's monitors to what is wanted, all or nothing. */
#ifndef ICMPCTL_MONITOR_CHANGE_H
#define ICMPCTL_MONITOR_CHANGE_H

#include <stdbool.h>

#include "lib/monitor.h"
#include "lib/netlink.h"
#include "monitor_apply.h"

/* What is to become of a wish. */
enum fate { KEEP, ADD, CHANGE };

/**
 * struct change - what is wanted, and how far it is
 * @c: a socket to the module
 * @all: what is wanted, by name
 * @m: the monitors there were, by name
 * @rest: what is not wished for ends
 * @news: of each wish: what is to become of it, whether it was started, whether it waits for
 *	room
 * @olds: of each monitor: whether it is to go, whether it was ended
 */
struct change {
	struct nlc *c;
	const struct wishes *all;
	const struct monitors *m;
	bool rest;
	struct {
		enum fate fate;
		bool there, waits;
	} *news;
	struct {
		bool goes, gone;
	} *olds;
};

int change_plan(struct change *ch, struct nlc *c, struct wishes *all, struct monitors *m,
		bool rest);
bool change_ends(const struct change *ch, unsigned int i);
int change_try(struct change *ch);
int change_make(struct change *ch);
void change_free(struct change *ch);

/* monitor_room.c */
bool change_has_room(const struct change *ch);

#endif
