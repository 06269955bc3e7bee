/* SPDX-License-Identifier: GPL-2.0 */
/*
 * queue.h - a queue that holds packets back, by rtnetlink
 *
 * What waits in it has a socket of the module's for its owner, and is stamped when it
 * leaves: long after its session, or the module, has gone. A queue that delays puts a
 * reference to the socket in place of what is called when a packet is freed, whatever that
 * was; one that lets packets go in bunches leaves it alone.
 */
#ifndef _HOSTILE_QUEUE_H
#define _HOSTILE_QUEUE_H

#include <stdint.h>

/* Have the interface @ifindex of this namespace hold back all it sends; 0 if it will. */
int queue_delay(int ifindex, uint32_t delay_us, uint32_t jitter_us);
/* The same until all that waits may go, @least_us to @most_us later. */
int queue_bunch(int ifindex, uint32_t least_us, uint32_t most_us);
/* So many packets wait there; 0 as well if nobody can say. */
uint32_t queue_length(int ifindex);

#endif /* _HOSTILE_QUEUE_H */
