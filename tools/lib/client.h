/* SPDX-License-Identifier: GPL-2.0 */
/* The way to the module: found, loaded if need be, of the right version. */
#ifndef ICMPCTL_CLIENT_H
#define ICMPCTL_CLIENT_H

#include "lib/netlink.h"
#include "lib/options.h"

int client_open(struct nlc *c, nlc_fn *on_event, void *arg);
int client_find_module(struct nlc *c);
void client_report(const struct nlc_refusal *why, const char *option,
		   const char *needs_right);
void client_report_path(const struct nlc_refusal *why, const char *host, int family);
void client_report_host(const struct nlc_refusal *why, const char *host, int family);

/* lib/module.c */
void module_report_absent(void);
int module_load(void);
bool client_ipv6_off(void);
char *module_explain(char *buf, size_t size, const char *said, int status, bool locked,
		     const char *release);

#endif
