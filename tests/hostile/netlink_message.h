/* SPDX-License-Identifier: GPL-2.0 */
/*
 * netlink_message.h - messages to the module, of every degree of wrongness
 */
#ifndef _HOSTILE_NETLINK_MESSAGE_H
#define _HOSTILE_NETLINK_MESSAGE_H

#include "genl.h"

#define WRITER_IDS	64
#define WRITER_NAMES	8
/* So many commands the specification may have, and one place for all others. */
#define NETLINK_COMMANDS	31

/* What a message is made of. */
struct writer {
	struct chance chance;
	uint16_t family;
	uint32_t ids[WRITER_IDS];	/* of sessions that were started */
	uint32_t n_ids;
	uint32_t sweep;			/* the last of those that is a sweep */
	/* Of the message that is being made: */
	bool monitor;			/* it is about one */
	bool feed;			/* it feeds a sweep */
	uint32_t rare;			/* what need not be there is, once in so many times */
};

/* Why the netlink core answers in place of the module: it has no words, of any family. */
enum core {
	CORE_NOT,			/* it does not */
	CORE_NO_COMMAND,		/* there is none of this number, or not to be asked for so */
	CORE_NO_HEADER,			/* the message ends before the header does */
	CORE_LIES,			/* of its length: it is dropped, or cut somewhere */
	CORE_BUSY,			/* another dump of the socket has not yet ended */
	CORES
};

/* What was made, for who judges the answer. */
struct written {
	enum core core;			/* never BUSY, which is for who sends it to know */
	bool dump;			/* asks for a dump */
	bool sweep;			/* has something of a sweep in it */
	bool kinds;			/* and several kinds of probes */
	bool answered;			/* for who judges */
	uint8_t command;
	uint8_t place;			/* of the command, see netlink_command() */
};

/* A command of the specification. */
struct command_told {
	const char *name;
	bool once, dump;		/* can be asked for so */
};

/* The one in this place; false: there are no more. */
bool netlink_command(uint32_t place, struct command_told *told);

/* One of WRITER_NAMES names for monitors, with its end; returns the bytes, at most 4. */
size_t netlink_name(uint8_t *data, uint32_t i);

/* Puts one with the number @seq behind what is in @m; returns whether another may follow. */
bool netlink_message(struct writer *w, struct message *m, uint32_t seq, struct written *written);

#endif /* _HOSTILE_NETLINK_MESSAGE_H */
