/* SPDX-License-Identifier: GPL-2.0 */
/* Which time stamps the interfaces of this network namespace can take, and do. */
#ifndef ICMPCTL_STAMPS_H
#define ICMPCTL_STAMPS_H

#include <linux/icmpctl.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * struct stamps - one interface
 * @name: its name
 * @known: it could be asked; else @error says why not
 * @driver_tx: its driver stamps what it sends
 * @hardware_tx: the interface itself can
 * @hardware_rx: the interface itself can stamp what it receives
 * @hardware_rx_all: whatever it is, and not PTP's packets alone
 * @set_known: it told whether its hardware stamps are switched on
 * @tx_on: what it sends is stamped by hardware
 * @rx_on: all that it receives is
 * @clock: number of its clock, /dev/ptpN; -1 without one
 * @error: errno
 */
struct stamps {
	char name[IF_NAMESIZE];
	bool known, driver_tx, hardware_tx, hardware_rx, hardware_rx_all;
	bool set_known, tx_on, rx_on;
	int clock;
	int error;
};

void stamps_ask(struct stamps *s, const char *name);
enum icmpctl_timestamps stamps_best(const struct stamps *s,
				    enum icmpctl_timestamps wanted);
struct stamps *stamps_list(unsigned int *n);

#endif
