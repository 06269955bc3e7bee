/* SPDX-License-Identifier: GPL-2.0 */
/* Does a host that does not reply to echo requests answer anything else? */
#ifndef ICMPCTL_KNOCK_H
#define ICMPCTL_KNOCK_H

#include "lib/judge.h"
#include "lib/target.h"

#define KNOCKS 4

/**
 * struct knock - sockets of this process that ask a host
 * @fd: the sockets, -1 for none
 * @heard: the answer
 * @port: and of which port
 */
struct knock {
	int fd[KNOCKS];
	enum fact_knock heard;
	uint16_t port;
};

void knock_start(struct knock *k, const struct target *t, const char *device, uint32_t mark,
		 const uint8_t *source);
bool knock_poll(struct knock *k);
void knock_close(struct knock *k);

#endif
