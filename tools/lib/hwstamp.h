/* SPDX-License-Identifier: GPL-2.0 */
/* Hardware stamps switched on for a run, and put back whatever becomes of it. */
#ifndef ICMPCTL_HWSTAMP_H
#define ICMPCTL_HWSTAMP_H

#include <stdint.h>
#include <sys/types.h>

/**
 * struct hwstamp - the interfaces that were changed
 * @socket: what they are asked by, -1 before the first
 * @channel: its other end is the guardian's; -1 without one
 * @guardian: the process that puts them back when @channel is closed
 * @told: of how many interfaces it was told
 */
struct hwstamp {
	int socket;
	int channel;
	pid_t guardian;
	unsigned int told;
};

#define HWSTAMP_NONE { .socket = -1, .channel = -1 }

const char *hwstamp_on(struct hwstamp *h, uint32_t ifindex);
int hwstamp_restore(struct hwstamp *h);

#endif
