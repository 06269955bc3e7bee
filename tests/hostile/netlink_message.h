/* SPDX-License-Identifier: GPL-2.0 */
/*
 * netlink_message.h - messages to the module, of every degree of wrongness
 */
#ifndef _HOSTILE_NETLINK_MESSAGE_H
#define _HOSTILE_NETLINK_MESSAGE_H

#include "genl.h"

#define WRITER_IDS	64

/* What a message is made of. */
struct writer {
	struct chance chance;
	uint16_t family;
	uint32_t ids[WRITER_IDS];	/* of sessions that were started */
	uint32_t n_ids;
};

/* What was made, for who judges the answer. */
struct written {
	bool core;			/* not the module's to answer */
	bool dump;			/* asks for a dump */
	uint8_t command;
};

/* Puts one with the number @seq behind what is in @m; returns whether another may follow. */
bool netlink_message(struct writer *w, struct message *m, uint32_t seq, struct written *written);

#endif /* _HOSTILE_NETLINK_MESSAGE_H */
