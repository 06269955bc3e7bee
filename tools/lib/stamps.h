/* SPDX-License-Identifier: GPL-2.0 */
/* Which time stamps the interfaces of this network namespace can take. */
#ifndef ICMPCTL_STAMPS_H
#define ICMPCTL_STAMPS_H

#include <net/if.h>
#include <stdbool.h>

/**
 * struct stamps - one interface
 * @name: its name
 * @known: it could be asked; else @error says why not
 * @driver_tx: its driver stamps what it sends
 * @hardware_tx: the interface itself does
 * @hardware_rx: the interface itself stamps what it receives
 * @error: errno
 */
struct stamps {
	char name[IF_NAMESIZE];
	bool known, driver_tx, hardware_tx, hardware_rx;
	int error;
};

struct stamps *stamps_list(unsigned int *n);

#endif
