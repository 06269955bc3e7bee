/* SPDX-License-Identifier: GPL-2.0 */
/* What probes are sent from: which IP version, an interface, an address of ours. */
#ifndef ICMPCTL_SENDER_H
#define ICMPCTL_SENDER_H

#include "lib/session.h"
#include "lib/target.h"

/**
 * struct sender - what the user wants probes to be sent from
 * @ipv4: -4: only IPv4
 * @ipv6: -6: only IPv6
 * @device: name of the interface that was asked for, NULL for none
 * @ifindex: its number, 0 for the route's
 * @source: source address
 * @family: of @source, 4 or 6; 0 for the route's address
 */
struct sender {
	bool ipv4, ipv6;
	const char *device;
	uint32_t ifindex;
	uint8_t source[16];
	int family;
};

/* Options are OPT_CALL, and their place is the struct sender. */
int sender_set_device(void *sender, const char *name);
int sender_set_address(void *sender, const char *value);
int sender_set_either(void *sender, const char *value);

int sender_check(const struct sender *s, const char *option);
int sender_family(const struct sender *s);
int sender_resolve(const struct sender *s, struct target *t, const char *name);
int sender_check_target(const struct sender *s, struct target *t, const char *option);
void sender_params(const struct sender *s, int family, struct session_params *p);

#endif
