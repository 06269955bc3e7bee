/* SPDX-License-Identifier: GPL-2.0 */
/* Making the module's monitors what a file says, or what their names stand for now. */
#ifndef ICMPCTL_MONITOR_APPLY_H
#define ICMPCTL_MONITOR_APPLY_H

#include <stdbool.h>

#include "lib/netlink.h"
#include "monitor_wish.h"

/**
 * struct wishes - what is wanted of all
 * @list: of each
 * @n: how many there are
 * @left: monitors beside them that are left as they are
 */
struct wishes {
	struct wish *list;
	unsigned int n, left;
};

int monitor_apply(struct nlc *c, const char *path, bool dry_run);
int monitor_apply_read(const char *path);
int monitor_refresh(struct nlc *c, char **names, int n, bool dry_run);

/* monitor_file.c */
int wishes_read(struct wishes *all, const char *path);
struct wish *wishes_more(struct wishes *all);
void wishes_free(struct wishes *all);
char **words_split(const char *text, const char *first, const char **wrong);

#endif
